"""The ensemble engine of this package, doing the benchmark's work."""

from __future__ import annotations

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.run import simulate_many
from sim.studies.benchmark.work import FINALS, Product, Work, replicates

BLOCK = 2_000  # runs kept in memory at a time


def run(work: Work, runs: int, threads: int = 1) -> Product:
    """Run the first ``runs`` replicates on so many threads."""
    origin = work.lanes.start[:, :, 0]
    total = np.zeros((work.world.steps + 1, *origin.shape))
    squares, tension = np.zeros_like(total), np.zeros(len(total))
    diplomacy, final = np.zeros(3, dtype=np.int64), np.zeros((min(runs, FINALS), *origin.shape))
    for start in range(0, runs, BLOCK):
        words = replicates(runs)[start : start + BLOCK]
        done = simulate_many(
            work.world, _part(work.lanes, start, start + len(words)), work.seed, words,
            fields=("sympathy", "tension"), jobs=threads,
        ).record  # fmt: skip
        apart = done.sympathy - origin
        total += apart.sum(axis=0)
        squares += np.square(apart).sum(axis=0)
        tension += done.tension.sum(axis=0)
        offered, accepted = done.diplomacy
        diplomacy += [offered.sum(), *accepted.sum(axis=(0, 1))]
        if start == 0:
            final[:] = done.sympathy[:FINALS, -1]
    shift = total / runs
    return Product(
        runs=runs,
        mean=origin + shift,
        variance=(squares - total * shift) / max(runs - 1, 1),
        tension=tension / runs,
        diplomacy=diplomacy,
        final=final,
    )


def _part(lanes: Lanes, start: int, stop: int) -> Lanes:
    if lanes.values.shape[1] == 1:
        return lanes
    return Lanes(*(np.ascontiguousarray(values[..., start:stop]) for values in lanes))
