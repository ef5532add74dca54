"""Offers as threshold does, but unannounced: an offer alone brings no parity."""

from __future__ import annotations

from sim.compiling import law
from sim.parameters import Coefficients
from sim.plugins.contracts import MediatorView
from sim.plugins.mediators.threshold import threshold


@law
def quiet(view: MediatorView) -> float:
    """An offer where ``threshold`` would make one."""
    return threshold(view)


def adjusted(coefficients: Coefficients) -> Coefficients:
    """The parity of an offer alone is 0, in the anchor and in consent."""
    return coefficients._replace(offer_parity=0.0)
