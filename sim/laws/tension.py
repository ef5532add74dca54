"""Tension and incidents as one Hawkes process.  Source: equation (6); Hawkes 1971."""

from __future__ import annotations

from sim.compiling import law


@law
def incident_rate(
    base: float, branching: float, retention: float, jump: float, tension: float
) -> float:
    """Incidents a day: the base rate and what tension sets off.  (section 2.1)

    The slope ``branching * (1 - retention) / jump`` makes an incident set off ``branching`` more.
    """
    if jump <= 0.0:
        return base
    return base + branching * (1.0 - retention) / jump * tension


@law
def new_tension(
    tension: float, retention: float, calming: float, shock: float, jump: float, incidents: float
) -> float:
    """Tension after a day; ``calming`` is 0 unless mediation is active.  (6)"""
    moved = retention * (1.0 - calming) * tension + shock + jump * incidents
    return moved if moved > 0.0 else 0.0
