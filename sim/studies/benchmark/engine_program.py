"""The ensemble engine of this package, doing the benchmark's work."""

from __future__ import annotations

import numpy as np

from sim.engines.ensemble.run import simulate_many
from sim.studies.benchmark.work import Product, Sums, Work, at_a_time, part_of, replicates
from sim.world.arrays import Record

BLOCK = 2_048  # runs kept in memory at a time


def run(work: Work, runs: int, threads: int = 1) -> Product:
    """Run the first ``runs`` replicates on so many threads."""
    sums, size = Sums(work, runs), at_a_time(work, BLOCK)
    for start in range(0, runs, size):
        words = replicates(runs)[start : start + size]
        done = simulate_many(
            work.world, part_of(work, start, start + len(words)).lanes, work.seed, words,
            fields=("sympathy", "tension"), jobs=threads,
        ).record  # fmt: skip
        if start == 0:
            sums.final[:] = done.sympathy[: len(sums.final), -1]
        _add(sums, done)
    return sums.product()


def _add(sums: Sums, done: Record) -> None:
    """Add the runs of a record to the sums; its sympathy is overwritten, so nothing is copied."""
    apart = done.sympathy
    apart -= sums.origin
    sums.sympathy += apart.sum(axis=0)
    sums.squares += np.einsum("rtak,rtak->tak", apart, apart)
    sums.tension += done.tension.sum(axis=0)
    offered, accepted = done.diplomacy
    sums.diplomacy += [offered.sum(), *accepted.sum(axis=(0, 1))]
