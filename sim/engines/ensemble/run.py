"""Many runs of one world, on any number of threads, with the same bits whatever the number."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engines.ensemble.block import LANES, Block, Lot, RunAnswers, aligned_rows, allocate, block
from sim.engines.ensemble.loop import DECIDE, Sums, Tracks, compiled_chunk
from sim.engines.ensemble.menus import menu_groups
from sim.engines.ensemble.plan import Lanes, Plan, pass_role, plan
from sim.engines.ensemble.plugging import name_plug_in_that_raises, plug_ins
from sim.parameters import Coefficients
from sim.plugins import registry
from sim.world.arrays import Bools, Diplomacy, Floats, Ints, Record, World
from sim.world.layout import layout, sizes
from sim.world.roles import Stage, stages

MOST_AT_ONCE = 256  # runs a thread takes at a time
FULL = Record._fields[:-1]
LEVELS = ("sympathy", "tension", "mediation", "standing", "incidents")
KEPT_READY = 32  # worlds


class Runs(NamedTuple):
    """Many runs of one world: a record with a leading run axis, and which runs are finite.

    In memory the run axis is the last one, so sums over runs go along memory.

    Attributes
    ----------
    record
        [run, ...] of each field that was asked for; the others have no days.
    finite : [run]
        Whether sympathy and tension stayed finite.
    sums
        Over all runs, where an origin was given.
    """

    record: Record
    finite: Bools
    sums: Sums


class Memory(NamedTuple):
    """What one thread works in: the numbers of a block's runs, those of the day, the block.

    Attributes
    ----------
    mine
        The numbers of a block's runs.
    values : [c, r]
        The coefficients of the day.
    block
        The block's state and scratch.
    """

    mine: Lanes
    values: Floats
    block: Block


class ReadyRole(NamedTuple):
    """The days of one role of mediator, laid out for the compiled days.

    Attributes
    ----------
    days
        The days of the role, and the world under it.
    plan
        What the compiled days read of that world.
    plug_ins
        Its plug-ins, compiled, in the order of ``plugging.TYPES``.
    """

    days: Stage
    plan: Plan
    plug_ins: tuple[object, ...]


class Ready(NamedTuple):
    """A world laid out for the compiled days.

    Attributes
    ----------
    world
        The world itself, so that its place in memory is not taken by another.
    roles
        One after the other; the first begins with the run.
    idle
        Memory that no thread works in.
    """

    world: World
    roles: tuple[ReadyRole, ...]
    idle: list[Memory]


_ready: dict[int, Ready] = {}


def ready(world: World) -> Ready:
    """Lay a world out for the compiled days, or find it again where that was done lately."""
    found = _ready.get(id(world))
    if found is None or found.world is not world:
        while len(_ready) >= KEPT_READY:
            _ready.pop(next(iter(_ready)), None)
        laid = Plan(*(_plain(field) for field in plan(world)))
        roles = tuple(
            ReadyRole(days, pass_role(laid, days), plug_ins(days.world)) for days in stages(world)
        )
        found = _ready[id(world)] = Ready(world, roles, [])
    return found


def simulate_many(
    world: World,
    lanes: Lanes,
    seed: int,
    replicates: npt.NDArray[np.uint64],
    held: Diplomacy | None = None,
    fields: tuple[str, ...] = LEVELS,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
    origin: Floats | None = None,
) -> Runs:
    """Run the world once for each replicate.

    Parameters
    ----------
    world
        The scenario as arrays.
    lanes
        The numbers of each run, or of a single one that serves all.
    seed, replicates
        The key of each run's draws.
    held
        Fixes offers and answers: offered[run, t], accepted[run, t, k].
    fields
        The fields of ``Record`` that are kept; the others have no days.
    jobs
        Threads. Results do not depend on how many.
    progress
        Is told how many runs more are done.
    origin : [a, k]
        Where it is given, sums over the runs are kept too, in blocks that are always the same.
    """
    groups = menu_groups(world, lanes, replicates, held)
    parts = [
        _simulate(
            group.world,
            group.lanes,
            seed,
            group.replicates,
            group.held,
            fields,
            jobs,
            progress,
            origin,
        )
        for group in groups
    ]
    return parts[0] if len(parts) == 1 else _join(parts, [group.runs for group in groups])


def _simulate(
    world: World,
    lanes: Lanes,
    seed: int,
    replicates: npt.NDArray[np.uint64],
    held: Diplomacy | None,
    fields: tuple[str, ...],
    jobs: int | None,
    progress: Callable[[int], None] | None,
    origin: Floats | None,
) -> Runs:
    """Run a world once for each replicate; its menus are the same in all runs."""
    runs = len(replicates)
    rows = -(-runs // LANES) * LANES  # the last block is filled up
    answers = no_answers(world, rows, held is not None)
    if held is not None:
        answers.offered[:runs], answers.accepted[:runs] = held
    laid = ready(world).roles[0].plan
    # where no strategy reads the state of a run, places are the same in all of them
    written = fields if laid.choosing else tuple(name for name in fields if name != "places")
    tracks = _tracks(world, rows, written)
    threads = jobs or os.cpu_count() or 1
    chunk = MOST_AT_ONCE
    if origin is None:  # no sum is made whose bits the chunks could change
        chunk = max(LANES, min(chunk, runs // (2 * threads) // LANES * LANES))
    run_chunk = chunk_runner(world, lanes, seed, replicates, answers, tracks)
    sums = _sums(world, origin)

    def work(start: int) -> Sums:
        own = _sums(world, origin)
        run_chunk(start, min(start + chunk, runs), own)
        if progress is not None:
            progress(min(chunk, runs - start))
        return own

    starts = range(0, runs, chunk)
    with ThreadPoolExecutor(threads) as pool:
        for own in map(work, starts) if len(starts) == 1 else pool.map(work, starts):
            for total, part in zip(sums[1:], own[1:], strict=True):
                total += part
    kept = {
        name: np.moveaxis(values, -1, 0)[:runs]
        for name, values in tracks._asdict().items()
        if name != "finite"
    }
    kept["evidence"] = _same_in_all(laid.verified, runs, "evidence" in fields)
    if not laid.choosing:
        kept["places"] = _same_in_all(laid.planned, runs, "places" in fields)
    record = Record(**kept, diplomacy=Diplomacy(answers.offered[:runs], answers.accepted[:runs]))
    return Runs(record, tracks.finite[:runs], sums)


def _same_in_all(values: Any, runs: int, kept: bool) -> Any:
    """values[day, i] as those of every run; without days where they are not kept."""
    days = len(values) if kept else 0
    return np.broadcast_to(values[:days], (runs, days, values.shape[1]))


def _join(parts: list[Runs], runs: list[Ints]) -> Runs:
    """Put the runs of groups back in their places; sums are added group by group."""
    count = sum(map(len, runs))

    def put_back(values: list[Any]) -> Any:
        joined = np.moveaxis(np.empty((*values[0].shape[1:], count), values[0].dtype), -1, 0)
        for some, where in zip(values, runs, strict=True):
            joined[where] = some
        return joined

    kept = {
        name: put_back([getattr(part.record, name) for part in parts])
        for name in FULL
        if name != "evidence"
    }
    evidence = parts[0].record.evidence
    kept["evidence"] = np.broadcast_to(evidence[0], (count, *evidence.shape[1:]))
    diplomacy = zip(*(part.record.diplomacy for part in parts), strict=True)
    record = Record(**kept, diplomacy=Diplomacy(*(put_back(list(one)) for one in diplomacy)))
    each = zip(*(part.sums[1:] for part in parts), strict=True)
    sums = Sums(parts[0].sums.origin, *(sum(values[1:], values[0]) for values in each))
    return Runs(record, put_back([part.finite for part in parts]), sums)


def chunk_runner(
    world: World,
    lanes: Lanes,
    seed: int,
    replicates: npt.NDArray[np.uint64],
    answers: RunAnswers,
    tracks: Tracks,
) -> Callable[..., None]:
    """Return a function that runs the runs ``start`` .. ``stop`` - 1 and fills answers and tracks.

    The function may be given sums to add to, ``days`` as ``loop._days`` takes them, and memory
    to go on in from an earlier day.
    """
    here = ready(world)
    numbers = [_numbers_under(role.days.world, lanes) for role in here.roles]
    seeds = np.full(LANES, seed, dtype=np.uint64)
    words = np.ascontiguousarray(replicates, dtype=np.uint64)

    def run(
        start: int,
        stop: int,
        sums: Sums | None = None,
        days: tuple[int, int, int] = (0, world.steps, DECIDE),
        memory: Memory | None = None,
    ) -> None:
        mine = memory or (here.idle.pop() if here.idle else new_memory(world))
        sums = sums or _sums(world, None)
        # a block goes from role to role in its memory; without a change all blocks go at once
        step = stop - start if len(here.roles) == 1 else LANES
        for first in range(start, stop, step):
            runs = Lot(seeds, words, first, min(first + step, stop))
            for role, own in zip(here.roles, numbers, strict=True):
                if part := _days_of(role.days, days):
                    work = (role.plan, own, *mine, runs, part, answers, tracks, sums)
                    _call(role, work)
        if memory is None:
            here.idle.append(mine)

    return run


def _days_of(stage: Stage, days: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """Those of the days, as ``loop._days`` takes them, that lie in a role; None without any."""
    first, end = max(days[0], stage.first_day), min(days[1], stage.end_day)
    return (first, end, days[2] if end == days[1] else DECIDE) if first < end else None


def _call(role: ReadyRole, arguments: tuple[Any, ...]) -> None:
    """Run the compiled days of one role."""
    call = compiled_chunk(*arguments)
    # uint64 arithmetic wraps on purpose; without JIT numpy would warn
    calm = np.errstate(over="ignore", invalid="ignore", divide="ignore")
    with calm, name_plug_in_that_raises(role.days.world):
        call(*arguments, *role.plug_ins)


def _plain(field: Any) -> Any:
    """Bring an array into the one layout that the kernel is compiled for."""
    return np.require(field, requirements=("C", "W")) if isinstance(field, np.ndarray) else field


def new_memory(world: World) -> Memory:
    """Make memory for one thread."""
    ends = sizes(world.names) | {"r": LANES, "c": len(Coefficients._fields)}
    mine = Lanes(**allocate(Lanes, ends))
    values = aligned_rows(mine.values.shape, mine.values.dtype)
    return Memory(mine, values, block(world.names))


def no_answers(world: World, rows: int, held: bool) -> RunAnswers:
    """Room for the offers and answers of that many runs: none yet."""
    offered = np.zeros((rows, world.steps), dtype=np.bool_)
    return RunAnswers(held, offered, np.zeros((rows, world.steps, 2), dtype=np.bool_))


def _numbers_under(world: World, lanes: Lanes) -> Lanes:
    """The numbers of each run, its coefficients as the mediator's policy changes them."""
    adjusted = registry.part("mediators", world.policy, "adjusted")
    if adjusted is not None:
        columns = [adjusted(Coefficients(*column)) for column in lanes.values.T.tolist()]
        lanes = lanes._replace(values=np.array(columns).T.copy())
    return Lanes(*(_plain(values) for values in lanes))


def _sums(world: World, origin: Floats | None) -> Sums:
    """Make sums of 0; without days where there is no origin."""
    a, days = len(world.names.audiences), 0 if origin is None else world.steps + 1
    start = np.zeros((a, 2)) if origin is None else np.require(origin, np.float64, ("C", "W"))
    return Sums(start, np.zeros((days, a, 2)), np.zeros((days, a, 2)), np.zeros(days))


def _tracks(world: World, rows: int, fields: tuple[str, ...]) -> Tracks:
    """Make tracks of that many runs, not yet set; without days where a field is not asked for."""
    ends = sizes(world.names) | {"T": world.steps + 1, "t": world.steps}
    arrays = {
        name: aligned_rows((*(shape if name in fields else (0, *shape[1:])), rows), dtype)
        for name, (shape, dtype) in layout(Record, ends).items()
        if name in Tracks._fields
    }
    return Tracks(**arrays, finite=np.zeros(rows, dtype=np.bool_))
