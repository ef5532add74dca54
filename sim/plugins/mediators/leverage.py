"""Offers as threshold does; calms twice as much, and leaves strife behind. Source: Beardsley 2011.

With no active mediation left to hold them, incidents set off a quarter more of their kind.
"""

from __future__ import annotations

from sim.compiling import law
from sim.parameters import Coefficients
from sim.plugins.contracts import MediatorView, MorningView
from sim.plugins.mediators.threshold import threshold

STRONGER = 2.0
AFTERMATH = 1.25
MOST_BRANCHING = 0.95  # below 1: a run of incidents still ends


@law
def leverage(view: MediatorView) -> float:
    """An offer where ``threshold`` would make one."""
    return threshold(view)


def adjusted(coefficients: Coefficients) -> Coefficients:
    """Twice the calming, at most all of tension."""
    return coefficients._replace(calming=min(1.0, STRONGER * coefficients.calming))


@law
def today(view: MorningView) -> tuple[float, float]:
    """The branching ratio times 1.25, at most 0.95, once an active mediation has ended."""
    branching = view.branching_ratio
    if view.ended > 0.0:
        branching = min(MOST_BRANCHING, AFTERMATH * branching)
    return view.calming, branching
