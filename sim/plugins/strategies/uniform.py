"""Teams spread evenly over the audiences and move on in file order.  Source: baseline strategy."""

from __future__ import annotations

from sim.compiling import law
from sim.plugins.contracts import Ints, TeamView


@law
def uniform(view: TeamView, places: Ints) -> None:
    """Team i of L starts at audience i N / L and moves on every ``dwell`` days in the field."""
    own = 0
    for team in range(len(places)):
        own += view.owner[team] == view.me
    rank = 0
    for team in range(len(places)):
        if view.owner[team] != view.me:
            continue
        places[team] = -1
        if view.in_field[team]:
            moves = (view.day - view.field_since[team]) // view.dwell
            places[team] = (rank * view.audiences // own + moves) % view.audiences
        rank += 1
