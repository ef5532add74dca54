"""A source counts less the less likely it seems from where one stands.  Source: Martins 2009."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import exp


@law
def gaussian_bayes(
    sympathy: float, source: float, message: float, options: tuple[float, ...]
) -> float:
    """K = exp(-(p - s)^2 / 2), between exp(-2) and 1."""
    distance = source - sympathy
    return exp(-distance * distance / 2.0)
