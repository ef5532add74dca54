"""Offers when the calm that both are likely to accept is worth the effort.  Source: Greig 2005."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.consent import value_of_calm
from sim.plugins.contracts import MediatorView

FORESEES = True
EFFORT = 0.02  # what an offer costs the mediator, in the claimants' utility


@law
def cost_benefit(view: MediatorView) -> float:
    """An offer where p_1 p_2 w_tau mu tau' exceeds 0.02, past cool-down."""
    calm = value_of_calm(view.tension_weight, view.calming, view.tension)
    if (
        view.since_offer >= view.offer_cooldown
        and view.first_accepts * view.second_accepts * calm > EFFORT
    ):
        return 1.0
    return 0.0
