#!/usr/bin/env bash
# Nashpy 0.0.43: support_enumeration finds no equilibrium of ordinary games, and warns that they are degenerate.
#
# Expected: a game with one equilibrium, in which each side mixes two choices, is what enumeration of supports is
#   for. Its warning ("an even number of equilibria ... the game is degenerate") is taken to be about the game.
# Seen: in the zero-sum game [[3, 6, -9], [6, -1, 0], [2, -4, 9]] it finds none and warns, although rows 1 and 3 at 13/28
#   and 15/28 against columns 2 and 3 at 9/14 and 5/14 are an equilibrium, shown below with whole numbers.
#   vertex_enumeration finds it. Payoffs of a mix are compared without a tolerance, so rounding decides: of 40
#   games of random whole numbers -9 to 9, it finds nothing in 10 (3 x 3) and in 25 (4 x 4).
# Why it matters here: mean payoffs of strategies make just such games; "no equilibrium, degenerate" would be said
#   of a tournament that has exactly one.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 nashpy==0.0.43 numpy==2.3.5 scipy==1.16.3 networkx==3.6.1
run_python <<'PYTHON'
import warnings
from fractions import Fraction

import nashpy
import numpy as np

payoffs = [[3, 6, -9], [6, -1, 0], [2, -4, 9]]
rows, columns = [Fraction(13, 28), 0, Fraction(15, 28)], [0, Fraction(9, 14), Fraction(5, 14)]
gains = [sum(a * q for a, q in zip(row, columns)) for row in payoffs]
losses = [sum(p * row[j] for p, row in zip(rows, payoffs)) for j in range(3)]
print("what each row gains:  ", *gains, " what each column loses:", *losses)
# rows 1 and 3 and columns 2 and 3 are equally good, the others strictly worse: not degenerate
assert gains[0] == gains[2] == Fraction(9, 14) > gains[1]
assert losses[1] == losses[2] == Fraction(9, 14) < losses[0]

game = nashpy.Game(np.array(payoffs, dtype=float))
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    by_support = list(game.support_enumeration())
print("support_enumeration:", by_support, "warned:", "degenerate" in str(warned[0].message))
by_vertex = [tuple((np.abs(s) + 0.0).round(6).tolist() for s in pair) for pair in game.vertex_enumeration()]
print("vertex_enumeration: ", by_vertex)
assert by_support == [] and "degenerate" in str(warned[0].message)
assert by_vertex == [([0.464286, 0.0, 0.535714], [0.0, 0.642857, 0.357143])]

warnings.simplefilter("ignore")
for size, none in ((3, 10), (4, 25)):
    games = (np.random.default_rng(s).integers(-9, 10, (size, size)) for s in range(40))
    found = sum(not list(nashpy.Game(one.astype(float)).support_enumeration()) for one in games)
    print(f"{size} x {size}: nothing found in {found} of 40")
    assert found == none
PYTHON
