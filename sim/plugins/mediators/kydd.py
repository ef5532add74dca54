"""Offers as threshold does; only a side that the mediator likes believes it.  Source: Kydd 2003.

What a mediator says of the other side's resolve is believed by the side it favours: any other
would suspect that it is only told to give in.
"""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import MediatorView, MorningView
from sim.plugins.mediators.threshold import threshold

LIKING = 0.05  # the mediator's sympathy from which a claimant believes it


@law
def kydd(view: MediatorView) -> float:
    """An offer where ``threshold`` would make one."""
    return threshold(view)


@law
def today(view: MorningView) -> tuple[float, float]:
    """Half the calming for each claimant that the mediator likes as the day begins."""
    calming = 0.0
    if view.first_sympathy >= LIKING:
        calming += view.calming / 2.0
    if view.second_sympathy >= LIKING:
        calming += view.calming / 2.0
    return calming, view.branching_ratio
