"""Refuses every offer."""

from __future__ import annotations

from sim.compiling import law


@law
def never(gain: float, precision: float) -> float:
    """Probability 0."""
    return 0.0
