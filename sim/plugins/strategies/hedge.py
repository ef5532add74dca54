"""Teams draw their place, likelier where visits have gained.  Source: Freund & Schapire 1997."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import exp
from sim.plugins.contracts import Floats, SenderView

READS = ("gained",)
SAMPLED = True
RATE = 50.0  # per unit of alignment


@law
def hedge(view: SenderView, weights: Floats) -> None:
    """The exponential of 50 times the gains since day 0, as part of the largest."""
    most = view.gained[0]
    for a in range(len(weights)):
        most = max(most, view.gained[a])
    for a in range(len(weights)):
        weights[a] = exp(RATE * (view.gained[a] - most))
