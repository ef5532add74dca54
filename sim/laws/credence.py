"""Credence in contested claims.  Source: section 2.6; Tullock shares of assertion and denial."""

from __future__ import annotations

from sim.compiling import law


@law
def moved_credence(
    credence: float, rate: float, attention: float, asserted: float, denied: float
) -> float:
    """Credence after the day's talk; ``asserted`` and ``denied`` are contest shares."""
    return credence + rate * attention * (asserted * (1.0 - credence) - denied * credence)


@law
def verified(value: float, finding: float, weight: float) -> float:
    """A credence or an evidence after an inquiry's finding of this weight."""
    return value + weight * (finding - value)
