"""Every source counts in full, however far.  Source: Friedkin & Johnsen 1990."""

from __future__ import annotations

from sim.compiling import law

CONSTANT = True  # K is 1 everywhere, so engines need not ask


@law
def friedkin_johnsen(
    sympathy: float, source: float, message: float, options: tuple[float, ...]
) -> float:
    """K = 1."""
    return 1.0
