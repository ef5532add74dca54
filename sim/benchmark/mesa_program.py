"""The Mesa model of this package under Mesa's own ``batch_run``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from mesa import batch_run

from sim.benchmark.recording_model import RECORD, RecordingModel
from sim.benchmark.task import Output, RunSums, Task
from sim.engines.agents import NarrativeModel
from sim.world.building import setting
from sim.world.draws import draws


def run(task: Task, runs: int, threads: int = 2) -> Output:
    """Run the first ``runs`` replicates in so many processes; a larger world in this one."""
    sums = RunSums(task, runs)
    stories = _one_by_one(task, runs) if task.grown else _in_batch(task, runs, threads)
    for run, (sympathy, tension, (offered, accepted)) in enumerate(stories):
        apart = sympathy - sums.origin
        sums.sympathy += apart
        sums.squares += np.square(apart)
        sums.tension += tension
        sums.diplomacy += [offered.sum(), *accepted.sum(axis=0)]
        if run < len(sums.final):
            sums.final[run] = sympathy[-1]
    return sums.output()


def _in_batch(task: Task, runs: int, processes: int) -> list[Any]:
    parameters = {
        "spec": [task.scenario], "replicate": list(range(runs)), "uncertain": [task.drawn],
    }  # fmt: skip
    rows = batch_run(
        RecordingModel, parameters, number_processes=processes, display_progress=False
    )
    # a run may have one row, or one for each audience
    stories = {int(row["replicate"]): row[RECORD] for row in rows}
    return [stories[replicate] for replicate in range(runs)]


def _one_by_one(task: Task, runs: int) -> Iterator[Any]:
    """The runs of a world that is no scenario: as arrays, one after the other."""
    chosen = setting(task.world)
    for replicate in range(runs):
        drawn = draws(task.world, task.seed, replicate)
        record = NarrativeModel.from_arrays(task.world, chosen, drawn).run()
        yield record.sympathy, record.tension, record.diplomacy
