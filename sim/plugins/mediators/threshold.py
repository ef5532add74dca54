"""Offers when tension and worry about escalation pass a threshold.  Source: Beardsley 2011."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import MediatorView


@law
def threshold(view: MediatorView) -> float:
    """An offer where tension plus weighted escalation exceeds the threshold, past cool-down."""
    worry = view.tension + view.escalation_worry * view.escalation
    if view.since_offer >= view.offer_cooldown and worry > view.offer_threshold:
        return 1.0
    return 0.0
