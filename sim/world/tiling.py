"""Many audiences made from few, for tests and measurements of size; no scenario is that large."""

from __future__ import annotations

import numpy as np

from sim.errors import InputError, Problem
from sim.world.arrays import Peers, World
from sim.world.peers import normalise, peers_from

# Arrays of a world whose first letter is a, but for the importance, which sums to 1
OF_AUDIENCES = (
    *("western", "capitals", "resting", "trust", "judgements"),
    *("own_pull", "given_start", "prior"),
)


def tile_audiences(world: World, audiences: int, peers: int, seed: int = 0) -> World:
    """A world of that many audiences: copies of the world's own, in turns, on a ring.

    Each listens to its ``peers`` nearest neighbours on the ring, half of them on either side, with
    raw weights drawn from 0.5 to 1.5 by ``seed``. The first copy of an audience is named "Name 1",
    the next "Name 2"; mediator and itineraries stay with the first copies. Narratives reach the
    copies of those they reach. Raises InputError where a copy is missing or peers are too many.
    """
    count = len(world.names.audiences)
    if audiences < count:
        raise InputError(Problem("audiences", f"must be at least {count}", str(audiences)))
    if not 1 <= peers < audiences:
        reason = f"must lie in 1..{audiences - 1}, other audiences than oneself"
        raise InputError(Problem("peers", reason, str(peers)))
    steps = [*range(-(peers // 2), 0), *range(1, peers - peers // 2 + 1)]
    raw = np.random.default_rng(seed).uniform(0.5, 1.5, (audiences, peers)).tolist()
    ring = [
        {(a + step) % audiences: w for step, w in zip(steps, raw[a], strict=True)}
        for a in range(audiences)
    ]
    return copy_audiences(world, audiences, peers_from(ring))


def copy_audiences(world: World, audiences: int, peers: Peers) -> World:
    """Copies of the world's audiences, in turns, up to that many, who listen as ``peers`` says."""
    count = len(world.names.audiences)
    copies = np.arange(audiences) % count
    names = tuple(f"{world.names.audiences[a % count]} {a // count + 1}" for a in range(audiences))
    return world._replace(
        names=world.names._replace(audiences=names),
        **{field: getattr(world, field)[copies] for field in OF_AUDIENCES},
        importance=normalise(world.importance[copies]),
        peers=peers,
        reaches=np.ascontiguousarray(world.reaches[:, copies]),
    )
