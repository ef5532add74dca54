"""Near sources attract, far ones repel.  Source: Sherif & Hovland 1961; Jager & Amblard 2005."""

from __future__ import annotations

from sim.compiling import law

INDIFFERENCE = 1.5  # distance at which a source neither attracts nor repels


@law
def assimilation_contrast(
    sympathy: float, source: float, message: float, options: tuple[float, ...]
) -> float:
    """K = 1 - |p - s| / 1.5: below 0 beyond a distance of 1.5; messages too may repel."""
    return max(-1.0, 1.0 - abs(source - sympathy) / INDIFFERENCE)
