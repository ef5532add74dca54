"""The Mesa model of this package under Mesa's own ``batch_run``.

The model as ``batch_run`` sees it is in ``recording_model``, which the processes it starts import.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mesa import batch_run

from sim.benchmark.recording_model import RECORD, RecordingModel
from sim.benchmark.task import Output, RunSums, Task, count_answers
from sim.engines.agents import NarrativeModel
from sim.world.building import setting
from sim.world.draws import draws


def run(task: Task, runs: int, threads: int = 2) -> Output:
    """Run the first ``runs`` replicates in so many processes; a larger world in this one."""
    sums = RunSums(task, runs)
    records = _run_one_by_one(task, runs) if task.grown else _run_in_batch(task, runs, threads)
    for number, (sympathy, tension, diplomacy) in enumerate(records):
        sums.add_run(number, sympathy, tension)
        sums.diplomacy += count_answers(diplomacy)
    return sums.output()


def _run_in_batch(task: Task, runs: int, processes: int) -> list[Any]:
    """Return (sympathy, tension, diplomacy) of each run, made by ``batch_run``."""
    numbers = list(range(runs))
    parameters = {
        "spec": [task.scenario],
        "seed": [task.seed],
        "replicate": numbers,
        "uncertain": [task.drawn],
    }
    rows = batch_run(
        RecordingModel, parameters, number_processes=processes, display_progress=False
    )
    # a run may have one row, or one for each audience
    records = {int(row["replicate"]): row[RECORD] for row in rows}
    return [records[number] for number in numbers]


def _run_one_by_one(task: Task, runs: int) -> Iterator[Any]:
    """Yield the same of a world that is no scenario: as arrays, one run after the other."""
    chosen = setting(task.world)
    for replicate in range(runs):
        drawn = draws(task.world, task.seed, replicate)
        record = NarrativeModel.from_arrays(task.world, chosen, drawn).run()
        yield record.sympathy, record.tension, record.diplomacy
