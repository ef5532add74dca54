"""Many runs of one world, by either engine, with what failed set apart."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from sim.engines.ensemble.plan import Lanes, lanes
from sim.engines.ensemble.plugging import plug_ins_from_outside, why_not_compiled
from sim.engines.ensemble.run import LEVELS, simulate_many
from sim.engines.ensemble.uncertainty import drawn_judgements, drawn_parameters, lanes_for
from sim.errors import NON_FINITE, InputError, MachineError
from sim.parameters import Coefficients
from sim.plugins import registry
from sim.running.plugin_contracts import demand_contracts
from sim.running.processes import open_processes
from sim.scenario.held_parameters import hold_parameters
from sim.scenario.scenario import Scenario
from sim.world.arrays import Bools, Diplomacy, Record, Setting, World, finite_days
from sim.world.building import setting
from sim.world.draws import draws

ENGINES = ("ensemble", "mesa")
CHUNK = 4  # runs of agents that a process takes at a time
SLOWER = 700  # how many times longer agents take for a run of kashmir_2025 on one processor
Replicates = npt.NDArray[np.uint64]
Progress = Callable[[int], None]


class Batch(NamedTuple):
    """Runs of one world: a record with a leading run axis and what went wrong."""

    record: Record
    finite: Bools  # [run]
    errors: dict[int, str]  # run -> what happened


class Simulate(Protocol):
    """Runs every replicate of a world; a run that leaves the finite numbers costs only itself."""

    def __call__(
        self,
        world: World,
        numbers: Lanes,
        seed: int,
        replicates: Replicates,
        held: Diplomacy | None = None,
        *,
        progress: Progress | None = None,
    ) -> Batch:
        """``held`` fixes offers and answers; ``progress`` is told how many more are done."""


def engine_for(engine: str, scenarios: Iterable[Scenario]) -> tuple[str, str]:
    """The engine that can run all the scenarios, and why it is not the one asked for, or "".

    Where a plug-in from outside cannot be compiled, agents run every arm: pairs share their bits
    only within one engine.

    Raises
    ------
    InputError
        Where a plug-in from outside breaks its contract.
    """
    scenarios = list(scenarios)
    demand_contracts(scenarios)
    if engine != "ensemble":
        return engine, ""
    reasons = {
        (plugin.kind, plugin.name): f"{plugin.spec} cannot be compiled ({reason})"
        for plugin in registry.from_outside()
        if (reason := why_not_compiled(plugin.kind, plugin.name))
    }
    if reasons:
        for scenario in scenarios:
            for used in scenario.plugins():
                if used in reasons:
                    cost = f"the Mesa engine runs everything, about {SLOWER} times slower"
                    return "mesa", f"{reasons[used]}; {cost}"
    return engine, ""


def choose_engine(engine: str, scenarios: Iterable[Scenario]) -> str:
    """The engine that can run all the scenarios, with a warning where it is not that asked for."""
    engine, why = engine_for(engine, scenarios)
    if why:
        warnings.warn(why, stacklevel=3)
    return engine


def certain_lanes(world: World) -> Lanes:
    """The scenario's own numbers, one set for all runs."""
    return lanes([setting(world)])


def sampled_lanes(
    world: World, seed: int, replicates: Replicates, held: Sequence[str] = ()
) -> Lanes:
    """What we do not know: each run's own parameters and judgements.

    The parameters that are ``held`` stay as the world has them; all others are drawn as they are
    where none is held.
    """
    chosen = hold_parameters(held, world.parameters, drawn_parameters(world, seed, replicates))
    return lanes_for(world, chosen, drawn_judgements(world, seed, replicates))


def switch_off(numbers: Lanes, *coefficients: str) -> Lanes:
    """The same runs with these coefficients 0: one channel of mediation off."""
    values = numbers.values.copy()
    for name in coefficients:
        values[Coefficients._fields.index(name)] = 0.0
    return numbers._replace(values=values)


@contextmanager
def open_engine(engine: str, jobs: int | None) -> Iterator[tuple[Simulate, int]]:
    """An engine, and how many threads should call it at a time.

    The compiled engine runs on the thread that calls it; agents run in ``jobs`` processes that
    two threads keep busy.
    """
    if engine == "ensemble":
        yield one_thread_engine(engine), jobs or os.cpu_count() or 1
    elif engine == "mesa":
        with open_processes(jobs) as pool:
            yield partial(_by_agents, partial(pool.map, chunksize=CHUNK)), 2
    else:
        raise InputError(f"--engine: must be one of {', '.join(ENGINES)} (got {engine})")


def one_thread_engine(engine: str) -> Simulate:
    """An engine on the thread that calls it, without other processes."""
    return partial(by_ensemble, jobs=1) if engine == "ensemble" else partial(_by_agents, map)


def by_ensemble(
    world: World,
    numbers: Lanes,
    seed: int,
    replicates: Replicates,
    held: Diplomacy | None = None,
    *,
    fields: tuple[str, ...] = LEVELS,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Run every replicate by the compiled engine, on ``jobs`` threads (None: all)."""
    done = simulate_many(world, numbers, seed, replicates, held, fields, jobs, progress)
    return _batch(world, done.record, done.finite)


def _by_agents(
    each: Callable[..., Iterable[Record]],
    world: World,
    numbers: Lanes,
    seed: int,
    replicates: Replicates,
    held: Diplomacy | None = None,
    *,
    progress: Progress | None = None,
) -> Batch:
    tasks = []
    for i, replicate in enumerate(replicates.tolist()):
        own = None if held is None else Diplomacy(held.offered[i], held.accepted[i])
        tasks.append((world, _lane_setting(numbers, i), seed, int(replicate), own))
    records: list[Record] = []
    try:
        for record in each(_run_agents, tasks):
            records.append(record)
            if progress is not None:
                progress(1)
    except BrokenExecutor as error:  # no run's fault that could be told
        raise MachineError(
            "a process that ran agents has died: it was killed, or memory ran out"
        ) from error
    stacked = _stack_records(records)
    return _batch(world, stacked, np.asarray(np.isfinite(stacked.sympathy).all(axis=(1, 2, 3))))


def _batch(world: World, record: Record, finite: Bools) -> Batch:
    """Set apart the runs that left the finite numbers, with the day on which they did.

    ``finite`` says it of sympathy; memory is laid out run last, as statistics over runs read it.
    """
    finite = finite & np.isfinite(record.tension).all(axis=1)
    runs = np.flatnonzero(~finite)
    days = finite_days(
        record._replace(sympathy=record.sympathy[runs], tension=record.tension[runs])
    ).argmin(axis=1)
    errors = {run: lost(day, world) for run, day in zip(runs.tolist(), days.tolist(), strict=True)}
    laid: dict[str, Any] = {
        name: _run_last(getattr(record, name)) for name in Record._fields if name != "diplomacy"
    }
    return Batch(Record(**laid, diplomacy=record.diplomacy), finite, errors)


def _run_last(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same array[run, ...] with the runs side by side in memory."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(values, 0, -1)), -1, 0)


def failure_row(
    run_id: str, message: str, replay_command: str, error_type: str = NON_FINITE
) -> dict[str, str]:
    """One row of failures.csv; without a type, for a run that left the finite numbers."""
    return {
        "run_id": run_id,
        "stage": "simulate",
        "error_type": error_type,
        "message": message,
        "replay_command": replay_command,
    }


def lost(day: int, world: World) -> str:
    """What is said of a run that is no longer finite on this day.

    The plug-ins from outside that ran in it are named: most often one of them is the cause.
    """
    said = f"left the finite numbers on day {day}"
    suspects = [one.spec for one in plug_ins_from_outside(world)]
    return f"{said}, with {' and '.join(suspects)}" if suspects else said


def _run_agents(task: tuple[World, Setting, int, int, Diplomacy | None]) -> Record:
    from sim.engines.agents import NarrativeModel

    world, chosen, seed, replicate, held = task
    return NarrativeModel.from_arrays(world, chosen, draws(world, seed, replicate), held).run()


def _lane_setting(numbers: Lanes, run: int) -> Setting:
    at = [array[..., run if array.shape[-1] > 1 else 0] for array in numbers]
    return Setting(Coefficients(*at[0].tolist()), *at[1:])


def _stack_records(records: Sequence[Record]) -> Record:
    """One record with a leading run axis."""
    *fields, held = zip(*records, strict=True)
    answers = Diplomacy(*(np.stack(each) for each in zip(*held, strict=True)))
    return Record._make([*map(np.stack, fields), answers])
