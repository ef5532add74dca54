"""Many audiences made from few, for measurements of size; no scenario is that large."""

from __future__ import annotations

import numpy as np

from sim.world.arrays import Peers, World
from sim.world.peers import normalise

# Arrays of a world whose first letter is a, but for the importance, which sums to 1
OF_AUDIENCES = (
    *("western", "capitals", "resting", "trust", "judgements"),
    *("own_pull", "given_start", "prior"),
)


def copy_audiences(world: World, audiences: int, peers: Peers) -> World:
    """Copies of the world's audiences, in turns, up to that many, who listen as ``peers`` says.

    The first copy of an audience is named "Name 1", the next "Name 2"; mediator and itineraries
    stay with the first copies. Narratives and events reach the copies of those they reach.
    """
    count = len(world.names.audiences)
    copies = np.arange(audiences) % count
    names = tuple(f"{world.names.audiences[a % count]} {a // count + 1}" for a in range(audiences))
    return world._replace(
        names=world.names._replace(audiences=names),
        **{field: getattr(world, field)[copies] for field in OF_AUDIENCES},
        importance=normalise(world.importance[copies]),
        peers=peers,
        reaches=np.ascontiguousarray(world.reaches[:, copies]),
        event_reaches=np.ascontiguousarray(world.event_reaches[:, copies]),
    )
