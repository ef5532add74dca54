"""Offers as threshold does, but a mediator that likes a side calms less.  Source: Kydd 2003."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import MediatorView, MorningView
from sim.plugins.mediators.threshold import threshold

LIKING = 0.05  # the mediator's sympathy from which a claimant's rival doubts its word


@law
def kydd(view: MediatorView) -> float:
    """An offer where ``threshold`` would make one."""
    return threshold(view)


@law
def today(view: MorningView) -> tuple[float, float]:
    """Calming is halved for each claimant that the mediator likes as the day begins."""
    calming = view.calming
    if view.first_sympathy >= LIKING:
        calming /= 2.0
    if view.second_sympathy >= LIKING:
        calming /= 2.0
    return calming, view.branching_ratio
