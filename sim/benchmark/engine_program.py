"""The ensemble engine of this package, doing the benchmark's work."""

from __future__ import annotations

from sim.benchmark.task import FINALS, Output, RunSums, Task, count_answers, replicates
from sim.engines.ensemble.run import simulate_many

BLOCK = 4_096  # runs asked for at a time


def run(task: Task, runs: int, threads: int = 1) -> Output:
    """Run the first ``runs`` replicates on so many threads.

    The runs whose last day is handed over come first, on their own, for only they keep states.
    """
    sums, size = RunSums(task, runs), task.at_a_time(BLOCK)
    words, first = replicates(runs), min(FINALS, size)
    for start, stop in [(0, min(first, runs)), *((s, s + size) for s in range(first, runs, size))]:
        some = task.part(start, min(stop, runs))
        arguments = some.world, some.lanes, some.seed, words[start:stop]
        fields = () if start else ("sympathy",)
        done = simulate_many(*arguments, fields=fields, jobs=threads, origin=sums.origin)
        if start == 0:
            sums.final[:stop] = done.record.sympathy[:, -1]
        sums.add(done.sums, count_answers(done.record.diplomacy))
    return sums.output()
