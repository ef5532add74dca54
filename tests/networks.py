"""Networks of listeners for tests: one as a matrix, and one of many audiences on a ring."""

from __future__ import annotations

import numpy as np

from sim.errors import InputError, Problem
from sim.world.arrays import Floats, Peers, World
from sim.world.peers import peers_from
from sim.world.tiling import copy_audiences


def matrix(peers: Peers) -> Floats:
    """W[a, b] in full, for pictures and proofs of small networks."""
    count = len(peers.start) - 1
    full = np.zeros((count, count))
    full[np.repeat(np.arange(count), np.diff(peers.start)), peers.of] = peers.weight
    return full


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
