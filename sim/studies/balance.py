"""The standing balance: what holds an audience where it is.

Under ``friedkin_johnsen`` tomorrow's sympathy is a weighted sum of today's and of the day's
sources. So each cause's share of it obeys the same recursion: it mixes with the peers' shares,
fades with every pull, and takes in what the cause adds that day. The shares of a day add up to the
sympathy itself (to 1e-12), the start included. ``explain`` puts the causes into words.

Index letters: c cause, a audience, k claimant, q issue, t day.

Source: section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.laws.equilibrium import starting_sympathy
from sim.laws.sympathy import peer_weight
from sim.world.arrays import Bools, Floats, Ints, Record, Setting, World

RULE = "friedkin_johnsen"
INTERESTS, GIVEN = "interests", "given at the start"
BY_MESSAGES = ("message", "world", "goodwill", "pique")  # they pull toward +1 or -1

Cause = tuple[str, str]
Grouping = Callable[[str, str], Cause]


class Balance(NamedTuple):
    """Shares at the start of one day: ``shares[c, a, k]`` for each of ``causes``."""

    causes: tuple[Cause, ...]
    shares: Floats


class _LedgerRows(NamedTuple):
    """The ledger as arrays, sorted by day."""

    step: Ints
    a: Ints
    k: Ints
    by_message: Bools
    by_peer: Bools
    cause: Ints  # -1 for what is not a cause of its own
    delta: Floats

    def between(self, first: int, end: int) -> _LedgerRows:
        """Some of the rows."""
        return _LedgerRows._make(column[first:end] for column in self)


def standing_balance(
    record: Record,
    world: World,
    setting: Setting,
    ledger: pd.DataFrame,
    step: int,
    grouping: Grouping | None = None,
) -> Balance:
    """What holds every audience where it is at the start of day ``step``.

    Parameters
    ----------
    ledger
        All that moved sympathy in the run; rows of ``step`` and after have no share.
    grouping
        Maps a row's (cause, cause_id) to the cause it is counted under; each its own where None.

    Raises
    ------
    InputError
        Where the update rule is another than ``RULE``.
    IndexError
        Where the run has no such day.
    """
    booked = ledger[ledger["step"] < step]  # what comes after has no share
    for day, balance in enumerate(balances(record, world, setting, booked, grouping)):
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
    """Yield the balance at the start of every day 0..T; parameters as :func:`standing_balance`."""
    if world.rule != RULE:
        reason = f"the standing balance is defined for {RULE} only"
        raise InputError(Problem("update_rule", reason, world.rule))
    issues = tuple((INTERESTS, name) for name in world.names.issues)
    causes, booked = _read_ledger(ledger, world, grouping, (*issues, (GIVEN, "")))
    run = _Run(record, world, setting)
    shares = run.starting_shares(len(causes))
    yield Balance(causes, shares)
    bounds = np.searchsorted(booked.step, np.arange(world.steps + 1))
    for day in range(world.steps):
        rows = booked.between(int(bounds[day]), int(bounds[day + 1]))
        shares = run.next_shares(shares, day, rows)
        yield Balance(causes, shares)


def _read_ledger(
    ledger: pd.DataFrame, world: World, grouping: Grouping | None, known: tuple[Cause, ...]
) -> tuple[tuple[Cause, ...], _LedgerRows]:
    """Read the ledger as arrays; the causes are those ``known`` and then the ledger's own."""
    if not ledger["step"].is_monotonic_increasing:
        ledger = ledger.sort_values("step", kind="stable")
    kind, kinds = pd.factorize(ledger["cause"])
    cause_id, ids = pd.factorize(ledger["cause_id"])
    # thousands of rows share a few causes: each is looked up once, in order of appearance
    pair, pairs = pd.factorize(kind * len(ids) + cause_id)
    index = {cause: c for c, cause in enumerate(known)}
    cause_of = np.full(len(pairs), -1, dtype=np.int64)
    words, names = kinds.tolist(), ids.tolist()
    for i, each in enumerate(pairs.tolist()):
        found: Cause = words[each // len(names)], names[each % len(names)]
        if found[0] in (INTERESTS, "peer"):
            continue  # interests are known, by issue; a peer hands on its own shares
        cause_of[i] = index.setdefault(grouping(*found) if grouping else found, len(index))
    return tuple(index), _LedgerRows(
        ledger["step"].to_numpy(dtype=np.int64),
        pd.Index(world.names.audiences).get_indexer(ledger["actor"]),
        pd.Index(world.names.claimants).get_indexer(ledger["toward"]),
        kinds.isin(BY_MESSAGES)[kind],
        (kinds == "peer")[kind],
        cause_of[pair],
        ledger["delta"].to_numpy(dtype=np.float64),
    )


class _Run(NamedTuple):
    """One run, and the recursion that shares of sympathy obey in it."""

    record: Record
    world: World
    setting: Setting

    def starting_shares(self, causes: int) -> Floats:
        """Shares of s(0): the rest point is linear in the interests, so each issue has its own."""
        world, judgements = self.world, self.setting.judgements
        issues, nothing = len(world.names.issues), np.zeros_like(judgements)
        unmoved = np.where(np.isnan(world.given_start), world.given_start, 0.0)
        shares = np.zeros((causes, len(world.names.audiences), 2))
        for q in range(issues):
            only = nothing.copy()
            only[:, q] = judgements[:, q]
            shares[q] = self._rest_point(only, unmoved)
        # an audience that never moves holds others where it was put
        shares[issues] = self._rest_point(nothing, world.given_start)
        return shares

    def _rest_point(self, judgements: Floats, given: Floats) -> Floats:
        pulls, kappa = self.setting.anchor_pull, self.setting.coefficients.peer_pull
        own = (self.setting.resting, judgements, given)
        values: Floats = starting_sympathy(pulls, kappa, self.world.peers, *own)
        return values

    def next_shares(self, shares: Floats, day: int, rows: _LedgerRows) -> Floats:
        """shares[c, a, k] a day later; ``rows`` are the ledger's of the day.  (5)"""
        sympathy, setting = self.record.sympathy[day], self.setting
        pulls = setting.anchor_pull
        inflow = np.zeros_like(shares)
        resting = setting.resting / setting.resting.sum(axis=1, keepdims=True)
        for q in range(resting.shape[1]):
            inflow[q] = (pulls * resting[:, q])[:, None] * setting.judgements[:, q, :]
        s = sympathy[rows.a, rows.k]
        up = rows.by_message & (rows.delta > 0.0) & (s < 1.0)
        down = rows.by_message & (rows.delta < 0.0) & (s > -1.0)
        weight = np.zeros(len(s))
        weight[up] = rows.delta[up] / (1.0 - s[up])
        weight[down] = rows.delta[down] / (1.0 + s[down])
        kept = rows.cause >= 0
        added = np.where(~rows.by_message & kept, rows.delta, weight)
        # add.at goes in row order, so the sums are the same on every machine
        np.add.at(inflow, (rows.cause[kept], rows.a[kept], rows.k[kept]), added[kept])
        messages: Floats = np.zeros_like(sympathy)
        np.add.at(messages, (rows.a, rows.k), np.abs(weight))
        mixed: Floats = shares * (1.0 - pulls[:, None] - messages) + inflow
        scale = self._peer_scale(day, messages, rows)
        start, of, weights = self.world.peers
        count = np.diff(start)
        # no BLAS: the order of the sums is fixed. The first peers of all, then the second, ...
        for nth in range(count.max(initial=0)):
            a = np.flatnonzero(count > nth)
            i = start[a] + nth
            mixed[:, a] += scale[a] * weights[i][:, None] * (shares[:, of[i]] - shares[:, a])
        return mixed

    def _peer_scale(self, day: int, messages: Floats, rows: _LedgerRows) -> Floats:
        """scale[a, k]: what the peers' weights W are multiplied by.  (5)

        At the very bound, where messages toward it move nothing, their weight cannot be read from
        the ledger; there the peers, who all pull the same way, tell it.
        """
        sympathy, kappa = self.record.sympathy[day], self.setting.coefficients.peer_pull
        moved: Floats = np.zeros_like(sympathy)
        by_peer = rows.by_peer
        np.add.at(moved, (rows.a[by_peer], rows.k[by_peer]), rows.delta[by_peer])
        scale: Floats = np.zeros_like(sympathy)
        start, of, weight = self.world.peers
        for a, pull in enumerate(self.setting.anchor_pull):
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
