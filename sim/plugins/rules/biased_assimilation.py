"""What supports one's own leaning counts more.  Source: Lord 1979; Dandekar 2013."""

from __future__ import annotations

from sim.compiling import law


@law
def biased_assimilation(
    sympathy: float, source: float, message: float, options: tuple[float, ...]
) -> float:
    """K = 1 + s sign(p), between 0 and 2."""
    if source > 0.0:
        return 1.0 + sympathy
    if source < 0.0:
        return 1.0 - sympathy
    return 1.0
