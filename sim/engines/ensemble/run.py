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
    block,
)
from sim.engines.ensemble.day import (
    begin,
    consider,
    draw_four_days,
    end,
    happen,
    learn,
    listen,
    notice,
)
from sim.engines.ensemble.diplomacy import decide, wake
from sim.engines.ensemble.plan import Lanes, Plan, plan
from sim.engines.ensemble.plugging import TYPES, plug_ins
from sim.laws.exposure import power
from sim.parameters import Coefficients
from sim.plugins import finding
from sim.world.arrays import Bools, Diplomacy, Floats, Record, World

CHUNK = 4 * LANES  # runs a thread takes at a time
FULL = Record._fields[:-1]
LEVELS = ("sympathy", "tension", "mediation", "standing", "incidents")


class Tracks(NamedTuple):
    """What is written down of each run: arrays [run, t, ...]; those not asked for have no days."""

    sympathy: Floats
    salience: Floats
    kept: Floats
    broken: Floats
    credence: Floats
    evidence: Floats
    tension: Floats
    mediation: Floats
    standing: Floats
    attention: Floats
    incidents: Floats
    effort: Floats


@kernel
def _write_state(b, tracks, first, count, t):  # type: ignore[no-untyped-def]
    audiences = b.sympathy.shape[0]
    for i in range(count):
        run = first + i
        if t < tracks.tension.shape[1]:
            tracks.tension[run, t] = b.tension[i]
        if t < tracks.mediation.shape[1]:
            tracks.mediation[run, t] = b.mediation[i]
        if t < tracks.evidence.shape[1]:
            for n in range(b.verified.shape[0]):
                tracks.evidence[run, t, n] = b.verified[n, i]
        for k in range(2):
            if t < tracks.standing.shape[1]:
                tracks.standing[run, t, k] = b.standing[k, i]
        for a in range(audiences):
            for k in range(2):
                if t < tracks.sympathy.shape[1]:
                    tracks.sympathy[run, t, a, k] = b.sympathy[a, k, i]
                if t < tracks.kept.shape[1]:
                    tracks.kept[run, t, a, k] = b.kept[a, k, i]
                if t < tracks.broken.shape[1]:
                    tracks.broken[run, t, a, k] = b.broken[a, k, i]
            if t < tracks.salience.shape[1]:
                for q in range(b.salience.shape[1]):
                    tracks.salience[run, t, a, q] = b.salience[a, q, i]
            if t < tracks.credence.shape[1]:
                for j in range(b.credence.shape[1]):
                    tracks.credence[run, t, a, j] = b.credence[a, j, i]


@kernel
def _write_flows(b, tracks, first, count, t):  # type: ignore[no-untyped-def]
    for i in range(count):
        run = first + i
        for k in range(2):
            if t < tracks.incidents.shape[1]:
                tracks.incidents[run, t, k] = b.hit[k, i]
        for a in range(b.sympathy.shape[0]):
            if t < tracks.attention.shape[1]:
                tracks.attention[run, t, a] = b.attention[a, i]
            for k in range(2):
                if t < tracks.effort.shape[1]:
                    tracks.effort[run, t, a, k] = b.heard[a, k, i]


@kernel
def _start(p, b, v, x):  # type: ignore[no-untyped-def]
    for i in range(v.shape[0]):
        b.plain[i] = True
        for r in range(LANES):
            b.plain[i] = b.plain[i] and v[i, r] == 1.0
    for r in range(LANES):
        b.draws[0, r] = power(v[DRAW, r], v[DECISIVENESS, r])
        b.draws[1, r] = power(v[CREDENCE_DRAW, r], v[DECISIVENESS, r])
    for r in range(LANES):
        b.tension[r] = p.initial_tension
        b.mediation[r] = 0.0
        b.offer_day[r] = -1.0
        for k in range(2):
            b.standing[k, r] = 0.0
            b.goodwill[k, r] = 0.0
            b.pique[k, r] = 0.0
        for n in range(p.evidence.shape[0]):
            b.verified[n, r] = p.evidence[n]
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
                b.attacks[a, j, r] = 0.0


@partial(kernel, inlined=False)
def _days(  # type: ignore[no-untyped-def]
    p, x, b, v, memory, seeds, replicates, first, count, held, offered, accepted, tracks, rule,
    policy, today, first_answer, second_answer,
):  # fmt: skip
    """All days of one block."""
    _start(p, b, v, x)
    for day in range(p.spoken.shape[0]):
        _write_state(b, tracks, first, count, day)
        if day % 4 == 0:
            draw_four_days(p, b, day, seeds, replicates)
        begin(p, v, b)
        if p.changes_daily:
            wake(p, v, b, x, memory, today)
        happen(p, v, b, day)
        for a in range(b.sympathy.shape[0]):
            notice(p, v, b, x, a)
            listen(p, v, b, a, day)
            consider(p, v, b, x, a, day, rule)
            learn(p, v, b, a, day)
        _write_flows(b, tracks, first, count, day)
        end(p, v, b, day)
        decide(
            p, v, b, x, day, seeds, replicates, policy, first_answer, second_answer,
            held, offered, accepted,
        )  # fmt: skip
    _write_state(b, tracks, first, count, p.spoken.shape[0])


def _run_chunk(  # type: ignore[no-untyped-def]
    p, lanes, b, seed, replicates, start, stop, held, offered, accepted, tracks, rule, policy,
    today, first_answer, second_answer,
):  # fmt: skip
    """Run the runs ``start`` .. ``stop`` - 1, block after block, in one block's memory."""
    shared = lanes.values.shape[1] == 1  # one set of numbers for all runs
    seeds = np.full(LANES, seed)
    for first in range(start, stop, LANES):
        count = min(LANES, stop - first)
        members = np.empty(LANES, dtype=np.int64)
        for r in range(LANES):  # a block that is not full repeats its last run
            members[r] = first + min(r, count - 1)
        chosen = np.zeros(LANES, dtype=np.int64) if shared else members
        mine = Lanes(
            lanes.values[:, chosen], lanes.audience_cost[:, chosen], lanes.anchor_pull[:, chosen],
            lanes.resting[:, :, chosen], lanes.trust[:, :, chosen],
            lanes.judgements[:, :, :, chosen], lanes.credence[:, :, chosen],
            lanes.start[:, :, chosen],
        )  # fmt: skip
        offers, accepts = offered[members], accepted[members]
        _days(  # a policy may change the numbers from day to day: a copy of them
            p, mine, b, mine.values.copy(), np.zeros((2, LANES)), seeds, replicates[members],
            first, count, held, offers, accepts, tracks, rule, policy, today, first_answer,
            second_answer,
        )  # fmt: skip
        for r in range(count):
            offered[first + r] = offers[r]
            accepted[first + r] = accepts[r]


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
    lanes = lanes._replace(values=_adjusted(world, lanes.values))
    p = plan(world)
    words = np.ascontiguousarray(replicates, dtype=np.uint64)
    offered = np.zeros((runs, world.steps), dtype=np.bool_)
    accepted = np.zeros((runs, world.steps, 2), dtype=np.bool_)
    if held is not None:
        offered[:], accepted[:] = held.offered, held.accepted
    tracks = _tracks(world, runs, fields)
    calls = plug_ins(world)

    def arguments(start: int) -> tuple[object, ...]:
        return (
            p, lanes, _memory(world), np.uint64(seed), words, start, min(start + CHUNK, runs),
            held is not None, offered, accepted, tracks,
        )  # fmt: skip

    run_chunk = _compiled_chunk(tuple(typeof(value) for value in arguments(0)))

    def work(start: int) -> None:
        # uint64 arithmetic wraps on purpose; without JIT numpy would warn
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            run_chunk(*arguments(start), *calls)
        if progress is not None:
            progress(min(CHUNK, runs - start))

    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        for future in [pool.submit(work, start) for start in range(0, runs, CHUNK)]:
            future.result()
    record = Record(**tracks._asdict(), diplomacy=Diplomacy(offered, accepted))
    ends = record.sympathy if record.sympathy.shape[1] else record.tension
    finite = np.isfinite(ends.reshape(runs, -1)).all(axis=1)
    return Runs(record, np.asarray(finite))


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


def _tracks(world: World, runs: int, fields: tuple[str, ...]) -> Tracks:
    names, days = world.names, world.steps
    a, q, j, n = (
        len(names.audiences), len(names.issues), len(names.claims), len(names.narratives),
    )  # fmt: skip
    shapes: dict[str, tuple[int, tuple[int, ...]]] = {
        "sympathy": (days + 1, (a, 2)), "salience": (days + 1, (a, q)), "kept": (days + 1, (a, 2)),
        "broken": (days + 1, (a, 2)), "credence": (days + 1, (a, j)), "evidence": (days + 1, (n,)),
        "tension": (days + 1, ()), "mediation": (days + 1, ()), "standing": (days + 1, (2,)),
        "attention": (days, (a,)), "incidents": (days, (2,)), "effort": (days, (a, 2)),
    }  # fmt: skip
    return Tracks(
        **{
            name: np.zeros((runs, rows if name in fields else 0, *rest))
            for name, (rows, rest) in shapes.items()
        }
    )


__all__ = ["FULL", "LEVELS", "Plan", "Runs", "simulate_many"]
