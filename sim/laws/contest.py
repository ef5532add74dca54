"""The contest for attention.  Source: equation (4); Tullock 1980, with a draw (Jia 2012)."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.exposure import power


@law
def contest_share(mine: float, other: float, draw: float, decisiveness: float) -> float:
    """Tullock share of ``mine`` against ``other`` with a draw, in [0, 1]; 0 where all are 0.  (4)"""
    own = power(mine, decisiveness)
    total = own + power(other, decisiveness) + power(draw, decisiveness)
    # power(0, r) is 0 for r > 0; decisiveness 0 is outside its validity
    if total <= 0.0:
        return 0.0
    return own / total
