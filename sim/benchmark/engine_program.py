"""The ensemble engine of this package, doing the benchmark's work."""

from __future__ import annotations

from sim.benchmark.work import (
    FINALS,
    Product,
    Sums,
    Work,
    at_a_time,
    part_of,
    replicates,
)
from sim.engines.ensemble.run import simulate_many

BLOCK = 4_096  # runs asked for at a time


def run(work: Work, runs: int, threads: int = 1) -> Product:
    """Run the first ``runs`` replicates on so many threads."""
    sums, size = Sums(work, runs), at_a_time(work, BLOCK)
    words = replicates(runs)
    for start in (0, *range(min(FINALS, size), runs, size)):
        stop = min(start + size, runs) if start else min(FINALS, size, runs)
        done = simulate_many(
            work.world, part_of(work, start, stop).lanes, work.seed, words[start:stop],
            fields=() if start else ("sympathy",), jobs=threads, origin=sums.origin,
        )  # fmt: skip
        if start == 0:
            sums.final[:stop] = done.record.sympathy[:, -1]
        sums.sympathy += done.sums.sympathy
        sums.squares += done.sums.squares
        sums.tension += done.sums.tension
        offered, accepted = done.record.diplomacy
        sums.diplomacy += [offered.sum(), *accepted.sum(axis=(0, 1))]
    return sums.product()
