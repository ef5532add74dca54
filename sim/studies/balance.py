"""The standing balance: what holds an audience where it is.

Under ``friedkin_johnsen`` tomorrow's sympathy is a weighted sum of today's and of the day's
sources. So each cause's share of it obeys the same recursion: it mixes with the peers' shares,
fades with every pull, and takes in what the cause adds that day. The shares of a day add up to the
sympathy itself (to 1e-12), the start included.

Source: section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import InputError, Problem
from sim.laws.equilibrium import starting_sympathy
from sim.laws.salience import relaxed_salience
from sim.laws.sympathy import peer_weight
from sim.world.arrays import Floats, Record, Setting, World

RULE = "friedkin_johnsen"
INTERESTS, GIVEN = "interests", "given at the start"
BY_MESSAGES = ("message", "world", "goodwill", "pique")  # they pull toward +1 or -1

Cause = tuple[str, str]
Grouping = Callable[[str, str], Cause]


class Balance(NamedTuple):
    """Shares at the start of one day: ``shares[c, a, k]`` for each of ``causes``."""

    causes: tuple[Cause, ...]
    shares: Floats


class _Booked(NamedTuple):
    """The ledger as arrays, sorted by day."""

    step: npt.NDArray[np.int64]
    a: npt.NDArray[np.int64]
    k: npt.NDArray[np.int64]
    kind: npt.NDArray[Any]
    cause: npt.NDArray[np.int64]
    delta: Floats

    def between(self, first: int, end: int) -> _Booked:
        """Some of the rows."""
        return _Booked._make(column[first:end] for column in self)


def standing_balance(
    record: Record,
    world: World,
    setting: Setting,
    ledger: pd.DataFrame,
    step: int,
    grouping: Grouping | None = None,
) -> Balance:
    """What holds every audience where it is at the start of day ``step``.

    ``grouping`` maps a row's (cause, cause_id) to the cause it is counted under.
    """
    for day, balance in enumerate(balances(record, world, setting, ledger, grouping)):
        if day == step:
            return balance
    raise IndexError(step)


def balances(
    record: Record,
    world: World,
    setting: Setting,
    ledger: pd.DataFrame,
    grouping: Grouping | None = None,
) -> Iterator[Balance]:
    """The balance at the start of every day 0..T."""
    if world.rule != RULE:
        reason = f"the standing balance is defined for {RULE} only"
        raise InputError(Problem("update_rule", reason, world.rule))
    issues = tuple((INTERESTS, name) for name in world.names.issues)
    causes, booked = _booked(ledger, world, grouping, (*issues, (GIVEN, "")))
    shares = _start(world, setting, len(causes))
    yield Balance(causes, shares)
    bounds = np.searchsorted(booked.step, np.arange(world.steps + 1))
    for day in range(world.steps):
        rows = booked.between(int(bounds[day]), int(bounds[day + 1]))
        shares = _next(shares, day, rows, record, world, setting)
        yield Balance(causes, shares)


def _booked(
    ledger: pd.DataFrame, world: World, grouping: Grouping | None, known: tuple[Cause, ...]
) -> tuple[tuple[Cause, ...], _Booked]:
    ledger = ledger.sort_values("step", kind="stable")
    kinds = ledger["cause"].to_numpy(dtype=object)
    ids = ledger["cause_id"].to_numpy(dtype=object)
    index = {cause: c for c, cause in enumerate(known)}
    rows = np.full(len(ledger), -1, dtype=np.int64)
    for i, (kind, cause_id) in enumerate(zip(kinds, ids, strict=True)):
        if kind in ("anchor", "peer"):
            continue  # an interest is known already; a peer hands on its own shares
        cause = grouping(kind, cause_id) if grouping else (kind, cause_id)
        rows[i] = index.setdefault(cause, len(index))
    place = {name: a for a, name in enumerate(world.names.audiences)}
    side = {name: k for k, name in enumerate(world.names.claimants)}
    return tuple(index), _Booked(
        ledger["step"].to_numpy(dtype=np.int64),
        ledger["actor"].map(place).to_numpy(dtype=np.int64),
        ledger["toward"].map(side).to_numpy(dtype=np.int64),
        kinds,
        rows,
        ledger["delta"].to_numpy(dtype=np.float64),
    )


def _start(world: World, setting: Setting, causes: int) -> Floats:
    """Shares of s(0): the rest point is linear in the interests, so each issue has its own."""
    issues, nothing = len(world.names.issues), np.zeros_like(setting.judgements)
    given = ~np.isnan(world.given_start)
    unmoved = np.where(given, 0.0, world.given_start)
    shares = np.zeros((causes, len(world.names.audiences), 2))
    for q in range(issues):
        only = nothing.copy()
        only[:, q] = setting.judgements[:, q]
        shares[q] = _rest(world, setting, only, unmoved)
    # an audience that never moves holds others where it was put
    shares[issues] = _rest(world, setting, nothing, world.given_start)
    return shares


def _rest(world: World, setting: Setting, judgements: Floats, given: Floats) -> Floats:
    values: Floats = starting_sympathy(
        setting.anchor_pull, setting.coefficients.peer_pull, world.peers, setting.resting,
        judgements, given,
    )  # fmt: skip
    return values


def _next(
    shares: Floats, day: int, rows: _Booked, record: Record, world: World, setting: Setting
) -> Floats:
    sympathy = record.sympathy[day]
    pulls = setting.anchor_pull
    inflow = np.zeros_like(shares)
    divided = divided_attention(day, record, world, setting)
    for q in range(divided.shape[1]):
        inflow[q] = (pulls * divided[:, q])[:, None] * setting.judgements[:, q, :]
    s = sympathy[rows.a, rows.k]
    by_message = np.isin(rows.kind, BY_MESSAGES)
    up = by_message & (rows.delta > 0.0) & (s < 1.0)
    down = by_message & (rows.delta < 0.0) & (s > -1.0)
    other = ~by_message & (rows.cause >= 0)
    weight = np.zeros(len(s))
    weight[up] = rows.delta[up] / (1.0 - s[up])
    weight[down] = rows.delta[down] / (1.0 + s[down])
    added = np.where(other, rows.delta, weight)
    kept = rows.cause >= 0
    # add.at goes in row order, so the sums are the same on every machine
    np.add.at(inflow, (rows.cause[kept], rows.a[kept], rows.k[kept]), added[kept])
    messages: Floats = np.zeros_like(sympathy)
    np.add.at(messages, (rows.a, rows.k), np.abs(weight))
    scale = _peer_scale(messages, rows, record, day, world, setting)
    return _mixed(shares, inflow, pulls, messages, scale, world)


def _peer_scale(
    messages: Floats, rows: _Booked, record: Record, day: int, world: World, setting: Setting
) -> Floats:
    """scale[a, k]: what the peers' weights W are multiplied by.  (5)

    At the very bound, where messages toward it move nothing, their weight cannot be read from the
    ledger; there the peers, who all pull the same way, tell it.
    """
    sympathy, kappa = record.sympathy[day], setting.coefficients.peer_pull
    moved: Floats = np.zeros_like(sympathy)
    by_peer = rows.kind == "peer"
    np.add.at(moved, (rows.a[by_peer], rows.k[by_peer]), rows.delta[by_peer])
    scale: Floats = np.zeros_like(sympathy)
    start, of, weight = world.peers
    for a, pull in enumerate(setting.anchor_pull):
        for k in range(2):
            left = 1.0 - pull
            omegas = messages[a, k] / left if left > 0.0 else 0.0
            scale[a, k] = peer_weight(float(pull), float(omegas), kappa)
            if abs(sympathy[a, k]) == 1.0:
                distance = 0.0
                for i in range(start[a], start[a + 1]):
                    distance += weight[i] * (sympathy[of[i], k] - sympathy[a, k])
                scale[a, k] = moved[a, k] / distance if distance != 0.0 else 0.0
    return scale


def _mixed(
    shares: Floats, inflow: Floats, pulls: Floats, messages: Floats, scale: Floats, world: World
) -> Floats:
    mixed: Floats = shares * (1.0 - pulls[:, None] - messages) + inflow
    start, of, weight = world.peers
    for a in range(shares.shape[1]):
        for i in range(start[a], start[a + 1]):  # no BLAS: the order of the sums is fixed
            mixed[:, a] += scale[a] * weight[i] * (shares[:, of[i]] - shares[:, a])
    return mixed


def divided_attention(day: int, record: Record, world: World, setting: Setting) -> Floats:
    """pi[a, q] used in a day: the start-of-day salience faded and shocked as (1) says."""
    values = setting.coefficients
    shocks = np.zeros(len(world.names.issues))
    for i in np.flatnonzero(world.event_day == day).tolist():
        shocks = shocks + world.event_salience[i]
    count = float(record.incidents[day, 0] + record.incidents[day, 1])
    if count > 0.0:
        shocks = shocks + count * world.incident_salience
    used = record.salience[day].copy()
    for a in range(used.shape[0]):
        for q in range(1, used.shape[1]):
            used[a, q] = relaxed_salience(
                float(used[a, q]), float(setting.resting[a, q]), values.salience_retention,
                float(shocks[q]),
            )  # fmt: skip
    total = used[:, 0].copy()
    for q in range(1, used.shape[1]):
        total += used[:, q]
    shared: Floats = used / total[:, None]
    return shared
