"""The ensemble engine of this package, doing the benchmark's work."""

from __future__ import annotations

from sim.benchmark.task import (
    FINALS,
    Output,
    RunSums,
    Task,
    at_a_time,
    part_of,
    replicates,
)
from sim.engines.ensemble.run import simulate_many

BLOCK = 4_096  # runs asked for at a time


def run(task: Task, runs: int, threads: int = 1) -> Output:
    """Run the first ``runs`` replicates on so many threads."""
    sums, size = RunSums(task, runs), at_a_time(task, BLOCK)
    words = replicates(runs)
    for start in (0, *range(min(FINALS, size), runs, size)):
        stop = min(start + size, runs) if start else min(FINALS, size, runs)
        done = simulate_many(
            task.world, part_of(task, start, stop).lanes, task.seed, words[start:stop],
            fields=() if start else ("sympathy",), jobs=threads, origin=sums.origin,
        )  # fmt: skip
        if start == 0:
            sums.final[:stop] = done.record.sympathy[:, -1]
        sums.sympathy += done.sums.sympathy
        sums.squares += done.sums.squares
        sums.tension += done.sums.tension
        offered, accepted = done.record.diplomacy
        sums.diplomacy += [offered.sum(), *accepted.sum(axis=(0, 1))]
    return sums.output()
