"""Many runs of one world, by either engine, with what failed set apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engines.ensemble.plan import Lanes, lanes
from sim.engines.ensemble.run import LEVELS, simulate_many
from sim.errors import InputError, NonFiniteError
from sim.parameters import Coefficients
from sim.world.arrays import Bools, Diplomacy, Record, Setting, World, finite_days
from sim.world.building import setting
from sim.world.draws import draws

ENGINES = ("ensemble", "mesa")
Replicates = npt.NDArray[np.uint64]
Progress = Callable[[int], None]


class Batch(NamedTuple):
    """Runs of one world: a record with a leading run axis and what went wrong."""

    record: Record
    finite: Bools  # [run]
    errors: dict[int, str]  # run -> what happened


def certain_lanes(world: World) -> Lanes:
    """The scenario's own numbers, one set for all runs."""
    return lanes([setting(world)])


def without(numbers: Lanes, *coefficients: str) -> Lanes:
    """The same runs with these coefficients 0: one channel of mediation off."""
    values = numbers.values.copy()
    for name in coefficients:
        values[Coefficients._fields.index(name)] = 0.0
    return numbers._replace(values=values)


def simulate(
    engine: str,
    world: World,
    numbers: Lanes,
    seed: int,
    replicates: Replicates,
    held: Diplomacy | None = None,
    fields: tuple[str, ...] = LEVELS,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Run every replicate; a run that leaves the finite numbers costs only itself."""
    if engine == "ensemble":
        done = simulate_many(world, numbers, seed, replicates, held, fields, jobs, progress)
        return _batch(done.record)
    if engine == "mesa":
        return _by_agents(world, numbers, seed, replicates, held, jobs, progress)
    raise InputError(f"--engine: must be one of {', '.join(ENGINES)} (got {engine})")


def _by_agents(
    world: World,
    numbers: Lanes,
    seed: int,
    replicates: Replicates,
    held: Diplomacy | None,
    jobs: int | None,
    progress: Progress | None,
) -> Batch:
    count = len(replicates)
    tasks = [
        (
            world, _one(numbers, i), seed, int(replicates[i]),
            None if held is None else Diplomacy(held.offered[i], held.accepted[i]),
        )
        for i in range(count)
    ]  # fmt: skip
    records: list[Record] = []
    with ProcessPoolExecutor(jobs) as pool:
        for record in pool.map(_agents_run, tasks, chunksize=4):
            records.append(record)
            if progress is not None:
                progress(1)
    stacked = _stacked(records)
    return _batch(stacked)


def _batch(record: Record) -> Batch:
    """Set apart the runs that left the finite numbers, with the day on which they did."""
    days = finite_days(record)
    finite = np.asarray(days.all(axis=1))
    errors = {
        int(run): lost(int(days[run].argmin())) for run in np.flatnonzero(~finite)
    }
    return Batch(record, finite, errors)


def failure(run_id: str, message: str, replay_command: str) -> dict[str, str]:
    """One row of failures.csv, for a run that left the finite numbers."""
    return {
        "run_id": run_id,
        "stage": "simulate",
        "error_type": NonFiniteError.__name__,
        "message": message,
        "replay_command": replay_command,
    }


def lost(day: int) -> str:
    """What is said of a run that is no longer finite on this day."""
    return f"left the finite numbers on day {day}"


def _agents_run(task: tuple[World, Setting, int, int, Diplomacy | None]) -> Record:
    from sim.engines.agents import NarrativeModel

    world, chosen, seed, replicate, held = task
    return NarrativeModel.prepared(world, chosen, draws(world, seed, replicate), held).run()


def _one(numbers: Lanes, run: int) -> Setting:
    at = [array[..., run if array.shape[-1] > 1 else 0] for array in numbers]
    return Setting(Coefficients(*at[0].tolist()), *at[1:])


def _stacked(records: Sequence[Record]) -> Record:
    fields = {
        name: np.stack([getattr(record, name) for record in records])
        for name in Record._fields
        if name != "diplomacy"
    }
    held = Diplomacy(
        np.stack([record.diplomacy.offered for record in records]),
        np.stack([record.diplomacy.accepted for record in records]),
    )
    return Record(**fields, diplomacy=held)
