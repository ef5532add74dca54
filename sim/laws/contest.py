"""The contest for attention.  Source: equation (4); Tullock 1980, with a draw (Jia 2012)."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.exposure import power


@law
def contest_share(mine: float, other: float, draw: float, decisiveness: float) -> float:
    """Tullock share of ``mine`` against ``other`` and a draw, in 0..1; 0 where all are 0.  (4)"""
    return share_of(
        power(mine, decisiveness), power(other, decisiveness), power(draw, decisiveness)
    )


@law
def share_of(own: float, other: float, draw: float) -> float:
    """The share when all three are already to the power of the decisiveness.  (4)"""
    total = own + other + draw
    return own / total if total > 0.0 else 0.0
