"""Tension and incidents as one Hawkes process.  Source: equation (6); Hawkes 1971."""

from __future__ import annotations

from sim.compiling import law


@law
def incident_rate(
    base: float, branching: float, retention: float, jump: float, tension: float
) -> float:
    """Incidents expected a day: the base rate and what tension sets off.  (section 2.1)

    Parameters
    ----------
    base
        lambda0, 1/day.
    branching
        n: how many incidents one incident sets off.
    retention
        The part of tension that is left after a day.
    jump
        J: tension that one incident adds.
    tension
        tau, 0 and above.

    Notes
    -----
    The slope ``branching * (1 - retention) / jump`` makes one incident set off ``branching``
    more over all days to come.
    """
    if jump <= 0.0:
        return base
    return base + branching * (1.0 - retention) / jump * tension


@law
def new_tension(
    tension: float, retention: float, calming: float, shock: float, jump: float, incidents: float
) -> float:
    """Tension after a day.  (6)

    Parameters
    ----------
    tension, retention
        tau and the part of it that is left.
    calming
        mu, 1/day; 0 unless mediation is active.
    shock
        Tension that events add.
    jump, incidents
        J, and the number of incidents of the day.

    Returns
    -------
    float
        0 and above.
    """
    moved = retention * (1.0 - calming) * tension + shock + jump * incidents
    return 0.0 if moved <= 0.0 else moved  # what is no number stays none: the run is lost
