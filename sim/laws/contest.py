"""The contest for attention.  Source: equation (4); Tullock 1980, with a draw (Jia 2012)."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import power


@law
def contest_share(mine: float, other: float, draw: float, decisiveness: float) -> float:
    """Tullock share of ``mine`` against ``other`` and a draw.  (4)

    Parameters
    ----------
    mine, other, draw
        Exposures, 0 and above.
    decisiveness
        r, above 0: how far the larger exposure takes more than its part.

    Returns
    -------
    float
        0 to 1; 0 where all three are 0.
    """
    own = power(mine, decisiveness)
    return own * share_unit(own, power(other, decisiveness), power(draw, decisiveness))


@law
def share_unit(first: float, second: float, draw: float) -> float:
    """The share of one unit of exposure, all three being to the power of the decisiveness.  (4)

    Parameters
    ----------
    first, second, draw
        Exposures to the power of the decisiveness.

    Returns
    -------
    float
        The share that an exposure of 1 has; 0 where all three are 0.
    """
    total = first + second + draw
    return 1.0 / total if total > 0.0 else 0.0
