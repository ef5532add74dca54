"""How one law serves both engines.

A law is a plain Python function on numbers. The agent engine calls it as it stands. The ensemble
engine compiles loops that call it: before they are compiled, ``register_laws`` tells Numba that
each law may be called from compiled code (``numba.extending.register_jitable``), inlined, with
NumPy's error model and without fastmath, so both engines do the same operations in the same order.
Numba is imported only then: a single run never waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_laws: list[Callable[..., object]] = []


def law(function: Callable[P, R]) -> Callable[P, R]:
    """Mark an equation of the model; the function itself is returned unchanged."""
    _laws.append(function)
    return function


def register_laws() -> None:
    """Make every law defined so far callable from compiled code (once each)."""
    from numba.extending import register_jitable

    while _laws:
        register_jitable(forceinline=True, error_model="numpy")(_laws.pop(0))
