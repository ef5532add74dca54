"""Teams follow the rival's of yesterday.  Source: tit for tat, Axelrod 1984."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Floats, SenderView


@law
def mirror(view: SenderView, weights: Floats) -> None:
    """How many teams of the rival were there yesterday."""
    for a in range(len(weights)):
        weights[a] = view.rival_teams[a]
