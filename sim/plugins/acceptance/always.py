"""Accepts every offer."""

from __future__ import annotations

from sim.compiling import law


@law
def always(gain: float, precision: float) -> float:
    """Probability 1."""
    return 1.0
