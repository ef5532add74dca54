"""The equations of the model, one place each: small pure functions on numbers.

Numbers in, a number out; no names, no dates, no draws, no tables. Both engines call these
functions (``sim/compiling.py``). Equation numbers are those of docs/model.md. For the same bits
everywhere: ``math`` functions on single numbers, guarded divisions, sums in index order, and
never a sum that mixes the two claimants in an order that depends on their position.
"""
