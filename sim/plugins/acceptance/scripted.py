"""Gives the answers that the scenario dates; any other offer is answered as by `logit`."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.acceptance.logit import logit


@law
def scripted(gain: float, precision: float) -> float:
    """Probability of accepting an offer on a day for which the scenario has no answer."""
    return logit(gain, precision)
