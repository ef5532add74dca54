"""Teams follow the itinerary of the scenario."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Ints, TeamView


@law
def scripted(view: TeamView, places: Ints) -> None:
    """Each own team stands where its itinerary says."""
    for team in range(len(places)):
        if view.owner[team] == view.me:
            places[team] = view.stops[team]
