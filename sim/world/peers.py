"""Who listens to whom, stored by its entries: ten thousand audiences would not fit a matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.world.arrays import Floats, Peers


def peers_from(heard: Sequence[Mapping[int, float]]) -> Peers:
    """Normalise raw weights[a][b] >= 0; an audience that listens to nobody listens to itself."""
    start, of, weight = [0], [], []
    for a, raw in enumerate(heard):
        others = sorted(b for b, w in raw.items() if w > 0.0)
        of += others or [a]
        weight += normalise(np.array([raw[b] for b in others] or [1.0])).tolist()
        start.append(len(of))
    return Peers(np.array(start, dtype=np.int64), np.array(of, dtype=np.int64), np.array(weight))


def listeners(peers: Peers) -> list[list[int]]:
    """listeners[b]: the audiences that listen to b, in their order; itself is none."""
    found: list[list[int]] = [[] for _ in peers.start[1:]]
    for a in range(len(found)):
        for b in peers.of[peers.start[a] : peers.start[a + 1]].tolist():
            if b != a:
                found[b].append(a)
    return found


def normalise(raw: Floats) -> Floats:
    """Weights that sum to 1, from raw ones that are not all 0."""
    # fsum: the total does not depend on the order
    return raw / math.fsum(raw)
