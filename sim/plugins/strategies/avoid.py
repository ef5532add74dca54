"""Teams go where the rival had none yesterday.  Source: baseline strategy."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Floats, SenderView


@law
def avoid(view: SenderView, weights: Floats) -> None:
    """1 where the rival had no team yesterday, else 0."""
    for a in range(len(weights)):
        weights[a] = 1.0 if view.rival_teams[a] == 0.0 else 0.0
