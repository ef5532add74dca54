"""Teams go where effort is worth most in equilibrium.  Source: statement V5; Friedman 1958."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Floats, SenderView

READS = ("network_values",)


@law
def network_proportional(view: SenderView, weights: Floats) -> None:
    """V of the audience, with today's attention, by the capitals of a tour."""
    for a in range(len(weights)):
        weights[a] = view.network_values[a] / view.capitals[a]
