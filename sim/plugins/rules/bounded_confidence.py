"""Anchor and peers count within a distance; messages always. Source: Hegselmann & Krause 2002.

With no anchor, no messages, peer pull 1, equal weights and ``renormalise`` 1 this is
Hegselmann-Krause. ``eps`` is the bound of confidence in units of sympathy.
"""

from __future__ import annotations

from sim.compiling import law

OPTIONS = {"eps": 0.5}


@law
def bounded_confidence(
    sympathy: float, source: float, message: float, options: tuple[float, ...]
) -> float:
    """K = 1 for messages and where |p - s| <= eps, else 0."""
    if message > 0.0 or abs(source - sympathy) <= options[1]:
        return 1.0
    return 0.0
