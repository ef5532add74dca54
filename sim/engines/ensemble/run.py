"""The compiled loop over days and blocks of runs, and what it fills.

``simulate_many`` is the public face: any number of runs of one world, on any number of threads,
with the same bits whatever the number.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit, typeof, types
from numba.core.errors import NumbaExperimentalFeatureWarning

from sim.compiling import kernel
from sim.engines.ensemble.block import (
    CREDENCE_DRAW,
    CREDIBILITY_PRIOR,
    DECISIVENESS,
    DRAW,
    LANES,
    Block,
    aligned,
    block,
)
from sim.engines.ensemble.day import (
    begin,
    consider,
    draw_four_days,
    end,
    happen,
    learn,
    notice,
)
from sim.engines.ensemble.diplomacy import decide, wake
from sim.engines.ensemble.listening import listen
from sim.engines.ensemble.plan import Lanes, Plan, plan
from sim.engines.ensemble.plugging import TYPES, plug_ins
from sim.laws.elementary import power
from sim.parameters import Coefficients
from sim.plugins import finding
from sim.world.arrays import Bools, Diplomacy, Floats, Record, World

MOST_AT_ONCE = 256  # runs a thread takes at a time
FULL = Record._fields[:-1]
LEVELS = ("sympathy", "tension", "mediation", "standing", "incidents")


class Tracks(NamedTuple):
    """What is written down of each run: arrays [t, ..., run]; those not asked for have no days."""

    sympathy: Floats
    salience: Floats
    kept: Floats
    broken: Floats
    credence: Floats
    tension: Floats
    mediation: Floats
    standing: Floats
    attention: Floats
    incidents: Floats
    effort: Floats
    finite: Bools  # [run]


@kernel
def _write_state(b, tracks, first, t):  # type: ignore[no-untyped-def]
    """Write down the state at the start of day t of runs ``first`` .. ``first + LANES - 1``."""
    for r in range(LANES):
        if t < tracks.tension.shape[0]:
            tracks.tension[t, first + r] = b.tension[r]
        if t < tracks.mediation.shape[0]:
            tracks.mediation[t, first + r] = b.mediation[r]
    if t < tracks.standing.shape[0]:
        for k in range(2):
            for r in range(LANES):
                tracks.standing[t, k, first + r] = b.standing[k, r]
    for a in range(b.sympathy.shape[0]):
        for k in range(2):
            if t < tracks.sympathy.shape[0]:
                for r in range(LANES):
                    tracks.sympathy[t, a, k, first + r] = b.sympathy[a, k, r]
            if t < tracks.kept.shape[0]:
                for r in range(LANES):
                    tracks.kept[t, a, k, first + r] = b.kept[a, k, r]
            if t < tracks.broken.shape[0]:
                for r in range(LANES):
                    tracks.broken[t, a, k, first + r] = b.broken[a, k, r]
        if t < tracks.salience.shape[0]:
            for q in range(b.salience.shape[1]):
                for r in range(LANES):
                    tracks.salience[t, a, q, first + r] = b.salience[a, q, r]
        if t < tracks.credence.shape[0]:
            for j in range(b.credence.shape[1]):
                for r in range(LANES):
                    tracks.credence[t, a, j, first + r] = b.credence[a, j, r]


@kernel
def _write_flows(b, tracks, first, t):  # type: ignore[no-untyped-def]
    """Write down what was used in day t."""
    if t < tracks.incidents.shape[0]:
        for k in range(2):
            for r in range(LANES):
                tracks.incidents[t, k, first + r] = b.hit[k, r]
    for a in range(b.sympathy.shape[0]):
        if t < tracks.attention.shape[0]:
            for r in range(LANES):
                tracks.attention[t, a, first + r] = b.attention[a, r]
        if t < tracks.effort.shape[0]:
            for k in range(2):
                for r in range(LANES):
                    tracks.effort[t, a, k, first + r] = b.heard[a, k, r]


@kernel
def _start(p, b, v, x):  # type: ignore[no-untyped-def]
    for i in range(v.shape[0]):
        b.plain[i] = True
        for r in range(LANES):
            b.plain[i] = b.plain[i] and x.values[i, r] == 1.0
        for r in range(LANES):
            v[i, r] = x.values[i, r]  # a policy may change these from day to day
    for r in range(LANES):
        b.draws[0, r] = power(v[DRAW, r], v[DECISIVENESS, r])
        b.draws[1, r] = power(v[CREDENCE_DRAW, r], v[DECISIVENESS, r])
    for r in range(LANES):
        b.lost[r] = 0.0
        b.mediated[r] = 0.0
        b.ended[r] = 0.0
        b.tension[r] = p.initial_tension
        b.mediation[r] = 0.0
        b.offer_day[r] = -1.0
        for k in range(2):
            b.standing[k, r] = 0.0
            b.goodwill[k, r] = 0.0
            b.pique[k, r] = 0.0
        for a in range(b.sympathy.shape[0]):
            for k in range(2):
                b.sympathy[a, k, r] = x.start[a, k, r]
                b.kept[a, k, r] = v[CREDIBILITY_PRIOR, r] * x.trust[a, k, r]
                b.broken[a, k, r] = v[CREDIBILITY_PRIOR, r] * (
                    1.0 - x.trust[a, k, r]
                )
            for q in range(b.salience.shape[1]):
                b.salience[a, q, r] = x.resting[a, q, r]
            for j in range(b.credence.shape[1]):
                b.credence[a, j, r] = x.credence[a, j, r]
    for a in range(b.sympathy.shape[0]):
        for k in range(2):
            for r in range(LANES):
                b.spoken[a, k, r] = 0.0
        for j in range(b.claimed.shape[1]):
            b.claimed[a, j] = 0.0


@partial(kernel, inlined=False)
def _days(  # type: ignore[no-untyped-def]
    p, x, b, v, seeds, replicates, first, held, offered, accepted, tracks, rule, policy, today,
    first_answer, second_answer,
):  # fmt: skip
    """All days of one block."""
    _start(p, b, v, x)
    for day in range(p.spoken.shape[0]):
        _write_state(b, tracks, first, day)
        if day % 4 == 0:
            draw_four_days(p, b, day, seeds, replicates)
        begin(p, v, b)
        if p.changes_daily:
            wake(p, v, b, x, today)
        happen(p, v, b, day)
        for a in range(b.sympathy.shape[0]):
            notice(p, v, b, x, a)
            listen(p, v, b, a, day)
            consider(p, v, b, x, a, day, rule)
            learn(p, v, b, a, day)
        _write_flows(b, tracks, first, day)
        end(p, v, b, day)
        decide(
            p, v, b, x, day, seeds, replicates, first, policy, first_answer, second_answer,
            held, offered, accepted,
        )  # fmt: skip
    _write_state(b, tracks, first, p.spoken.shape[0])
    for r in range(LANES):
        tracks.finite[first + r] = b.lost[r] == 0.0


@kernel
def _take(lanes, mine, run, r):  # type: ignore[no-untyped-def]
    """Copy the numbers of one run into its lane."""
    for i in range(lanes.values.shape[0]):
        mine.values[i, r] = lanes.values[i, run]
    for k in range(2):
        mine.audience_cost[k, r] = lanes.audience_cost[k, run]
    for a in range(lanes.anchor_pull.shape[0]):
        mine.anchor_pull[a, r] = lanes.anchor_pull[a, run]
        for q in range(lanes.resting.shape[1]):
            mine.resting[a, q, r] = lanes.resting[a, q, run]
            for k in range(2):
                mine.judgements[a, q, k, r] = lanes.judgements[a, q, k, run]
        for k in range(2):
            mine.trust[a, k, r] = lanes.trust[a, k, run]
            mine.start[a, k, r] = lanes.start[a, k, run]
        for j in range(lanes.credence.shape[1]):
            mine.credence[a, j, r] = lanes.credence[a, j, run]


def _run_chunk(  # type: ignore[no-untyped-def]
    p, lanes, mine, values, b, seed, replicates, start, stop, held, offered, accepted, tracks,
    rule, policy, today, first_answer, second_answer,
):  # fmt: skip
    """Run the runs ``start`` .. ``stop`` - 1, block after block, in one block's memory."""
    last = lanes.values.shape[1] - 1  # 0: one set of numbers for all runs
    seeds = np.full(LANES, seed)
    words = np.empty(LANES, dtype=np.uint64)
    for first in range(start, stop, LANES):
        for r in range(LANES):  # a block that is not full repeats its last run
            run = min(first + r, stop - 1)
            words[r] = replicates[run]
            if last > 0 or first == start:
                _take(lanes, mine, min(run, last), r)
        _days(
            p, mine, b, values, seeds, words, first, held, offered, accepted, tracks, rule,
            policy, today, first_answer, second_answer,
        )  # fmt: skip


@cache
def _compiled_chunk(arrays: tuple[object, ...]) -> Callable[..., None]:
    """The kernel for these argument types; plug-ins enter as function types of one signature.

    With the plug-ins' types declared, one compiled kernel serves them all and is found again on
    disk; an argument that *is* a compiled function would be compiled anew in every process.
    """
    signature = types.void(*arrays, *TYPES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NumbaExperimentalFeatureWarning)
        compiled: Callable[..., None] = njit(
            signature, cache=True, nogil=True, error_model="numpy"
        )(_run_chunk)
    return compiled


class Runs(NamedTuple):
    """Many runs of one world: a record with a leading run axis, and which runs are finite."""

    record: Record
    finite: Bools  # [run]


def simulate_many(
    world: World,
    lanes: Lanes,
    seed: int,
    replicates: npt.NDArray[np.uint64],
    held: Diplomacy | None = None,
    fields: tuple[str, ...] = LEVELS,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Runs:
    """Run the world once for each replicate.

    lanes holds the numbers of each run, or of a single one that serves all. ``held`` fixes offers
    and answers (offered[run, t], accepted[run, t, k]). ``fields`` says which states are kept.
    Results do not depend on ``jobs`` (threads).
    """
    runs = len(replicates)
    rows = -(-runs // LANES) * LANES  # the last block is filled up
    lanes = lanes._replace(values=_adjusted(world, lanes.values))
    p = plan(world)
    words = np.ascontiguousarray(replicates, dtype=np.uint64)
    offered = np.zeros((rows, world.steps), dtype=np.bool_)
    accepted = np.zeros((rows, world.steps, 2), dtype=np.bool_)
    if held is not None:
        offered[:runs], accepted[:runs] = held.offered, held.accepted
    tracks = _tracks(world, rows, fields)
    calls = plug_ins(world)
    threads = jobs or os.cpu_count() or 1
    chunk = max(LANES, min(MOST_AT_ONCE, runs // (2 * threads) // LANES * LANES))

    def arguments(start: int) -> tuple[object, ...]:
        return (
            p, lanes, _numbers(world), aligned((len(Coefficients._fields), LANES)),
            _memory(world), np.uint64(seed), words, start, min(start + chunk, runs),
            held is not None, offered, accepted, tracks,
        )  # fmt: skip

    run_chunk = _compiled_chunk(tuple(typeof(value) for value in arguments(0)))

    def work(start: int) -> None:
        # uint64 arithmetic wraps on purpose; without JIT numpy would warn
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            run_chunk(*arguments(start), *calls)
        if progress is not None:
            progress(min(chunk, runs - start))

    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(work, start) for start in range(0, runs, chunk)]:
            future.result()
    kept = {
        name: np.moveaxis(values, -1, 0)[:runs]
        for name, values in tracks._asdict().items() if name != "finite"
    }  # fmt: skip
    days = len(p.verified) if "evidence" in fields else 0
    kept["evidence"] = np.broadcast_to(p.verified[:days], (runs, days, p.verified.shape[1]))
    record = Record(**kept, diplomacy=Diplomacy(offered[:runs], accepted[:runs]))
    return Runs(record, tracks.finite[:runs])


def _adjusted(world: World, values: Floats) -> Floats:
    """The coefficients of each run as the mediator's policy changes them."""
    adjusted = finding.part("mediators", world.policy, "adjusted")
    if adjusted is None:
        return values
    columns = [adjusted(Coefficients(*column)) for column in values.T.tolist()]
    return np.array(columns).T.copy()


def _memory(world: World) -> Block:
    names = world.names
    return block(len(names.audiences), len(names.issues), len(names.claims), len(names.narratives))


def _numbers(world: World) -> Lanes:
    """Memory for the numbers of one block's runs."""
    names = world.names
    a, q, j = len(names.audiences), len(names.issues), len(names.claims)
    shapes: dict[str, tuple[int, ...]] = {
        "values": (len(Coefficients._fields),), "audience_cost": (2,), "anchor_pull": (a,),
        "resting": (a, q), "trust": (a, 2), "judgements": (a, q, 2), "credence": (a, j),
        "start": (a, 2),
    }  # fmt: skip
    return Lanes(**{name: aligned((*shape, LANES)) for name, shape in shapes.items()})


def _tracks(world: World, rows: int, fields: tuple[str, ...]) -> Tracks:
    names, days = world.names, world.steps
    a, q, j = len(names.audiences), len(names.issues), len(names.claims)
    shapes: dict[str, tuple[int, ...]] = {
        "sympathy": (days + 1, a, 2), "salience": (days + 1, a, q), "kept": (days + 1, a, 2),
        "broken": (days + 1, a, 2), "credence": (days + 1, a, j), "tension": (days + 1,),
        "mediation": (days + 1,), "standing": (days + 1, 2), "attention": (days, a),
        "incidents": (days, 2), "effort": (days, a, 2),
    }  # fmt: skip
    arrays = {
        name: aligned((*(shape if name in fields else (0, *shape[1:])), rows))
        for name, shape in shapes.items()
    }
    return Tracks(**arrays, finite=np.zeros(rows, dtype=np.bool_))


__all__ = ["FULL", "LEVELS", "Plan", "Runs", "simulate_many"]
