"""The compiled loop over the days of a block of runs, and what it fills.

Arguments: p the plan of the world; b the block; v its coefficients of the day, whose rows c names;
x its runs' other numbers; lot which runs it holds; first and second the acceptance rules of both
claimants, where they are not the number of a run; weigh_first and weigh_second their strategies.
Index letters: r run of the block; t day; a audience; k claimant; q issue; j claim; i row.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit, typeof, types
from numba.core.errors import NumbaExperimentalFeatureWarning

from sim.compiling import cache_is_kept, kernel, why_not_kept
from sim.engines.ensemble import coefficient_rows as c
from sim.engines.ensemble.block import LANES, Lot
from sim.engines.ensemble.choosing import choose
from sim.engines.ensemble.day import (
    begin,
    consider,
    divide,
    draw_four_days,
    end,
    happen,
    learn,
    notice,
)
from sim.engines.ensemble.diplomacy import decide, wake
from sim.engines.ensemble.listening import listen
from sim.engines.ensemble.news import silence_news, tell_news
from sim.engines.ensemble.plugging import TYPES
from sim.laws.anchor import NONE
from sim.laws.elementary import power
from sim.world.arrays import NOWHERE, Bools, Floats, Ints

# The phases of a day in their order: a test stops after each and looks
NOTICE, LISTEN, CONSIDER, LEARN, END, DECIDE = range(6)


class Tracks(NamedTuple):
    """What is written down of each run: fields of ``Record`` with the run as their last letter.

    Arrays that were not asked for have no days. ``finite[run]`` is whether the run stayed finite.
    """

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
    places: Ints
    finite: Bools


class Sums(NamedTuple):
    """Sums over runs, day by day; arrays without days where they are not asked for.

    Sympathy and its square are taken from ``origin``, so that no digits are lost.

    Attributes
    ----------
    origin : [a, k]
        The level that sympathy is counted from.
    sympathy : [t, a, k]
        Sum of the distances from ``origin``.
    squares : [t, a, k]
        Sum of their squares.
    tension : [t]
        Sum of tension.
    """

    origin: Floats
    sympathy: Floats
    squares: Floats
    tension: Floats


@kernel
def _add_up(b, sums, count, t):  # type: ignore[no-untyped-def]
    """Add the state at the start of day t of a block's first ``count`` runs."""
    for a in range(b.sympathy.shape[0]):
        for k in range(2):
            origin = sums.origin[a, k]
            if count < LANES:
                for r in range(count):
                    apart = b.sympathy[a, k, r] - origin
                    sums.sympathy[t, a, k] += apart
                    sums.squares[t, a, k] += apart * apart
                continue
            # by halves, so that several are added at once
            for r in range(LANES // 2):
                apart = b.sympathy[a, k, r] - origin
                other = b.sympathy[a, k, r + LANES // 2] - origin
                b.yes[r] = apart + other
                b.no[r] = apart * apart + other * other
            for r in range(LANES // 4):
                b.yes[r] += b.yes[r + LANES // 4]
                b.no[r] += b.no[r + LANES // 4]
            total, square = 0.0, 0.0
            for r in range(LANES // 4):
                total += b.yes[r]
                square += b.no[r]
            sums.sympathy[t, a, k] += total
            sums.squares[t, a, k] += square
    for r in range(count):
        sums.tension[t] += b.tension[r]


@kernel
def _write_row(track, first, row):  # type: ignore[no-untyped-def]
    """Copy row[r] to track[run] from run ``first`` on."""
    for r in range(LANES):
        track[first + r] = row[r]


@kernel
def _write_runs(track, t, first, row):  # type: ignore[no-untyped-def]
    """Copy row[r] to track[t, run]; here and below, where the track has such a day."""
    if t < track.shape[0]:
        _write_row(track[t], first, row)


@kernel
def _write_rows(track, t, first, rows):  # type: ignore[no-untyped-def]
    """Copy rows[i, r] to track[t, i, run]."""
    if t < track.shape[0]:
        for i in range(rows.shape[0]):
            _write_row(track[t, i], first, rows[i])


@kernel
def _write_of_audiences(track, t, first, rows):  # type: ignore[no-untyped-def]
    """Copy rows[a, i, r] to track[t, a, i, run]."""
    if t < track.shape[0]:
        for a in range(rows.shape[0]):
            for i in range(rows.shape[1]):
                _write_row(track[t, a, i], first, rows[a, i])


@kernel
def _write_state(b, tracks, first, t):  # type: ignore[no-untyped-def]
    """Write down the state at the start of day t of runs ``first`` .. ``first + LANES - 1``."""
    _write_runs(tracks.tension, t, first, b.tension)
    _write_runs(tracks.mediation, t, first, b.mediation)
    _write_rows(tracks.standing, t, first, b.standing)
    _write_of_audiences(tracks.sympathy, t, first, b.sympathy)
    _write_of_audiences(tracks.kept, t, first, b.kept)
    _write_of_audiences(tracks.broken, t, first, b.broken)
    _write_of_audiences(tracks.salience, t, first, b.salience)
    _write_of_audiences(tracks.credence, t, first, b.credence)


@kernel
def _begin_role(b, v, x):  # type: ignore[no-untyped-def]
    """Set what a role of mediator begins with: its means, and that nothing was offered.  (2.8)"""
    for i in range(v.shape[0]):
        b.plain[i] = True
        for r in range(LANES):
            b.plain[i] = b.plain[i] and x.values[i, r] == 1.0
            v[i, r] = x.values[i, r]  # a policy may change these from day to day
    for r in range(LANES):
        b.draws[0, r] = power(v[c.DRAW, r], v[c.DECISIVENESS, r])
        b.draws[1, r] = power(v[c.CREDENCE_DRAW, r], v[c.DECISIVENESS, r])
    for r in range(LANES):
        b.mediated[r] = NONE
        b.ended[r] = 0.0
        b.mediation[r] = NONE
        b.offer_day[r] = -1.0
        b.noticed[r] = 0.0  # of the issue that the role before minded
        for k in range(2):
            b.standing[k, r] = 0.0
            b.goodwill[k, r] = 0.0
            b.pique[k, r] = 0.0


@kernel
def _start(p, b, v, x):  # type: ignore[no-untyped-def]
    """Set the state that day 0 begins with."""
    for r in range(LANES):
        b.lost[r] = 0.0
        b.tension[r] = p.initial_tension
        for a in range(b.sympathy.shape[0]):
            for k in range(2):
                b.spoken[a, k, r] = 0.0
                b.sympathy[a, k, r] = x.start[a, k, r]
                b.kept[a, k, r] = v[c.CREDIBILITY_PRIOR, r] * x.trust[a, k, r]
                b.broken[a, k, r] = v[c.CREDIBILITY_PRIOR, r] * (1.0 - x.trust[a, k, r])
            for q in range(b.salience.shape[1]):
                b.salience[a, q, r] = x.resting[a, q, r]
            for j in range(b.credence.shape[1]):
                b.credence[a, j, r] = x.credence[a, j, r]
    for team in range(b.place.shape[0]):
        for r in range(LANES):
            b.place[team, r] = NOWHERE
    for a in range(b.claimed.shape[0]):
        for k in range(2):
            for r in range(LANES):
                b.gained[k, a, r] = 0.0
        for j in range(b.claimed.shape[1]):
            b.claimed[a, j] = 0.0
        _judge_at_rest(b, x, a)
        silence_news(b, a)


@kernel
def _judge_at_rest(b, x, a):  # type: ignore[no-untyped-def]
    """Set how each claimant is judged at resting salience.  (2a)"""
    for r in range(LANES):
        b.total[r] = 0.0
        b.at_rest[a, 0, r] = 0.0
        b.at_rest[a, 1, r] = 0.0
        b.rested[a, r] = 0.0
    for q in range(x.resting.shape[1]):
        for r in range(LANES):
            b.total[r] += x.resting[a, q, r]
            b.rested[a, r] += x.resting[a, q, r] if q > 0 else 0.0
    for q in range(x.resting.shape[1]):
        for k in range(2):
            for r in range(LANES):
                share = x.resting[a, q, r] / b.total[r]
                b.at_rest[a, k, r] += share * x.judgements[a, q, k, r]


@partial(kernel, inlined=False)
def _days(  # type: ignore[no-untyped-def]
    p, x, b, v, lot, days, answers, tracks, sums,
    rule, policy, today, first, second, weigh_first, weigh_second,
):  # fmt: skip
    """Run the days from days[0] to before days[1] of one block, the last to the phase days[2]."""
    if days[0] == p.first_day:
        _begin_role(b, v, x)
    if days[0] == 0:
        _start(p, b, v, x)
    for day in range(days[0], days[1]):
        last = DECIDE if day < days[1] - 1 else days[2]
        _write_state(b, tracks, lot.first, day)
        if day < sums.tension.shape[0]:
            _add_up(b, sums, lot.stop - lot.first, day)
        if day % 4 == 0:
            draw_four_days(p, b, lot, day)
        begin(p, v, b)
        if p.changes_daily:
            wake(p, v, b, x, today)
        happen(p, v, b, day)
        tell_news(p, v, b, day)
        if p.choosing:
            choose(p, v, b, x, lot, day, rule, weigh_first, weigh_second)
            _write_rows(tracks.places, day, lot.first, b.place)
        for a in range(b.sympathy.shape[0]):
            if p.choosing:
                divide(p, v, b, a)
            else:
                notice(p, v, b, x, a)
            if last >= LISTEN:
                listen(p, v, b, a, day)
            if last >= CONSIDER:
                consider(p, v, b, x, a, day, rule)
            if last >= LEARN:
                learn(p, v, b, a, day)
        _write_rows(tracks.incidents, day, lot.first, b.hit)
        _write_rows(tracks.attention, day, lot.first, b.attention)
        _write_of_audiences(tracks.effort, day, lot.first, b.heard)
        if last >= END:
            end(p, v, b, day)
        if last >= DECIDE:
            decide(p, v, b, x, lot, day, answers, policy, first, second)
    if days[1] == p.spoken.shape[0] and days[2] == DECIDE:
        _write_state(b, tracks, lot.first, days[1])
        if days[1] < sums.tension.shape[0]:
            _add_up(b, sums, lot.stop - lot.first, days[1])
    for r in range(LANES):
        tracks.finite[lot.first + r] = b.lost[r] == 0.0


@kernel
def _take(lanes, mine, first, last):  # type: ignore[no-untyped-def]
    """Copy the numbers of the runs from ``first`` on, and of run ``last`` in their place."""
    for i in range(lanes.values.shape[0]):
        _take_row(lanes.values[i], mine.values[i], first, last)
    for k in range(2):
        _take_row(lanes.audience_cost[k], mine.audience_cost[k], first, last)
    for a in range(lanes.anchor_pull.shape[0]):
        _take_row(lanes.anchor_pull[a], mine.anchor_pull[a], first, last)
        for q in range(lanes.resting.shape[1]):
            _take_row(lanes.resting[a, q], mine.resting[a, q], first, last)
            for k in range(2):
                _take_row(lanes.judgements[a, q, k], mine.judgements[a, q, k], first, last)
        for k in range(2):
            _take_row(lanes.trust[a, k], mine.trust[a, k], first, last)
            _take_row(lanes.start[a, k], mine.start[a, k], first, last)
        for j in range(lanes.credence.shape[1]):
            _take_row(lanes.credence[a, j], mine.credence[a, j], first, last)


@kernel
def _take_row(source, target, first, last):  # type: ignore[no-untyped-def]
    """Copy one number of each run."""
    if first + LANES - 1 <= last:
        for r in range(LANES):
            target[r] = source[first + r]
    else:
        for r in range(LANES):
            target[r] = source[min(first + r, last)]


def _run_chunk(  # type: ignore[no-untyped-def]
    p,
    numbers,
    x,
    v,
    b,
    runs,
    days,
    answers,
    tracks,
    sums,
    rule,
    policy,
    today,
    first,
    second,
    weigh_first,
    weigh_second,
):
    """Run ``runs``, block after block, in one block's memory."""
    shared = numbers.values.shape[1] == 1  # one set of numbers for all runs
    words = np.empty(LANES, dtype=np.uint64)
    for start in range(runs.first, runs.stop, LANES):
        for r in range(LANES):  # a block that is not full repeats its last run
            words[r] = runs.replicates[min(start + r, runs.stop - 1)]
        if not shared:
            _take(numbers, x, start, runs.stop - 1)
        elif start == runs.first:
            _take(numbers, x, 0, 0)
        lot = Lot(runs.seeds, words, start, min(start + LANES, runs.stop))
        _days(
            p,
            x,
            b,
            v,
            lot,
            days,
            answers,
            tracks,
            sums,
            rule,
            policy,
            today,
            first,
            second,
            weigh_first,
            weigh_second,
        )


_compiled: list[Callable[..., None]] = []


def compiled_chunk(*arguments: object) -> Callable[..., None]:
    """The kernel, compiled for the types of these arguments, which are the same in every call.

    Plug-ins enter as function types of one signature: so one compiled kernel serves them all and
    is found again on disk; an argument that *is* a compiled function would be compiled anew in
    every process.
    """
    if not _compiled:
        signature = types.void(*map(typeof, arguments), *TYPES)
        if not cache_is_kept():
            warnings.warn(why_not_kept(), stacklevel=2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumbaExperimentalFeatureWarning)
            compile_it = njit(signature, cache=cache_is_kept(), nogil=True, error_model="numpy")
            _compiled.append(compile_it(_run_chunk))
    return _compiled[0]
