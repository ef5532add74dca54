"""The model's order of audiences beside the order of their codes: measures, rivals, tables.

Measures of one run, for each audience: its alignment x on the named day (``level``), x less x(0)
(``shift``), x(0), as if nothing changed (``start``), the equal-weight mean over issues of half the
difference of its two judgements, as if nothing were simulated (``judgements``), and how much
closer its UN votes are to those of the first claimant (``votes``). The rival ``better`` is the
better one of ``start`` and ``judgements`` in the same draw: P15 asks that the level exceeds both.

Index letters: m measure; r run; a audience; t day; b resample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.estimators.rank_agreement import (
    leave_one_out,
    mean_of_known,
    quantiles_of_known,
    resample,
    share_at_random,
    tau_b,
)
from sim.running.executing import Batch
from sim.scenario.scenario import Scenario
from sim.studies.coded_sets import FEWEST, CodedSet
from sim.tables import metrics
from sim.world.arrays import Floats, World

LEVEL, SHIFT, START, JUDGEMENTS, VOTES = "level", "shift", "start", "judgements", "votes"
SIMULATED, GIVEN = (LEVEL, SHIFT), (START, JUDGEMENTS)
BETTER = "better"
Row = dict[str, Any]


class RunMeasures(NamedTuple):
    """What some runs of an arm say, [a] over all audiences of the scenario.

    Attributes
    ----------
    values : [r, a] each
        ``level``, ``shift``, ``start`` and ``judgements``.
    taus : [t, r] each
        By measure, ``level`` or ``shift``, and by the place of the coded set.
    """

    values: dict[str, Floats]
    taus: dict[tuple[str, int], Floats]


def measure_runs(
    batch: Batch, numbers: Lanes, world: World, sets: Sequence[CodedSet], day: int
) -> RunMeasures:
    """Measure the runs of a batch that stayed finite."""
    x = metrics.alignment(batch.record.sympathy)[batch.finite]
    judged = (numbers.judgements[:, :, 0] - numbers.judgements[:, :, 1]).mean(axis=1).T / 2.0
    judged = np.broadcast_to(judged, (len(batch.finite), judged.shape[1]))[batch.finite]
    values = {LEVEL: x[:, day], SHIFT: x[:, day] - x[:, 0], START: x[:, 0], JUDGEMENTS: judged}
    taus = {}
    for number, coded in enumerate(sets):
        own = x[:, :, [world.names.audiences.index(name) for name in coded.audiences]]
        moved = own - own[:, :1]
        for measure, daily in ((LEVEL, own), (SHIFT, moved)):
            # a day at a time: the pairs of all days at once may be gigabytes
            by_day = [tau_b(daily[:, t], coded.codes) for t in range(daily.shape[1])]
            taus[measure, number] = np.stack(by_day)
    return RunMeasures({name: np.ascontiguousarray(one) for name, one in values.items()}, taus)


def join_measures(parts: Sequence[RunMeasures]) -> RunMeasures:
    """Join what blocks of runs say, in their order."""
    values = {
        name: np.concatenate([one.values[name] for one in parts]) for name in parts[0].values
    }
    taus = {key: np.concatenate([one.taus[key] for one in parts], axis=1) for key in parts[0].taus}
    return RunMeasures(values, taus)


class SetRuns(NamedTuple):
    """The runs of one arm and kind of uncertainty before one coded set.

    Attributes
    ----------
    coded
        The set.
    values : [r, a] each
        Measures of the coded audiences.
    votes : [a]
        Closeness of UN votes to the first claimant; nan where it is not known.
    taus : [t, r] each
        By measure.
    """

    coded: CodedSet
    values: dict[str, Floats]
    votes: Floats
    taus: dict[str, Floats]


def set_runs(scenario: Scenario, sets: Sequence[CodedSet], found: RunMeasures) -> list[SetRuns]:
    """What runs of an arm say of each coded set; ``scenario`` is that of the arm."""
    names = [one.name for one in scenario.audiences]
    first, second = (side.name for side in scenario.claimants)
    near = {one.name: one.vote_nearness for one in scenario.audiences if one.vote_nearness}
    closer = {name: to[first] - to[second] for name, to in near.items()}
    runs = []
    for number, coded in enumerate(sets):
        at = [names.index(name) for name in coded.audiences]
        values = {name: one[:, at] for name, one in found.values.items()}
        votes = np.array([closer.get(name, np.nan) for name in coded.audiences])
        taus = {measure: found.taus[measure, number] for measure in SIMULATED}
        runs.append(SetRuns(coded, values, votes, taus))
    return runs


def agreement_rows(runs: SetRuns) -> list[Row]:
    """tau-b day by day, of level and shift."""
    return [
        {"measure": measure, "step": step, **_spread(taus)}
        for measure, by_day in runs.taus.items()
        for step, taus in enumerate(by_day)
    ]


def rank_rows(runs: SetRuns, seed: int) -> list[Row]:
    """tau-b of each measure on the named day, and of each simulated one less each rival."""
    codes = runs.coded.codes
    rows = _alone_and_less(runs.values, codes, seed)
    known = ~np.isnan(runs.votes)
    if known.sum() < FEWEST or len(set(codes[known].tolist())) < 2:
        return rows
    shape = len(runs.values[LEVEL]), int(known.sum())
    part = {name: runs.values[name][:, known] for name in SIMULATED}
    part[VOTES] = np.broadcast_to(runs.votes[known], shape)
    with_votes = _alone_and_less(part, codes[known], seed)
    return rows + [row for row in with_votes if VOTES in (row["measure"], row["rival"])]


def _alone_and_less(values: Mapping[str, Floats], codes: Floats, seed: int) -> list[Row]:
    """Rows of measures alone, then of level and shift less each of the others, as pairs."""
    taus = {name: tau_b(one, codes) for name, one in values.items()}
    again = dict(zip(values, resample(np.stack([*values.values()]), codes, seed), strict=True))
    rows = [
        {
            **_row(name, "", taus[name], again[name], len(codes)),
            "share_at_random": share_at_random(values[name], codes, seed),
        }
        for name in values
    ]
    rivals = [name for name in values if name not in SIMULATED]
    if set(GIVEN) <= set(rivals):
        for found in (taus, again):
            found[BETTER] = np.fmax(found[START], found[JUDGEMENTS])
        rivals.append(BETTER)
    for name in SIMULATED:
        for rival in rivals:
            apart, resampled = taus[name] - taus[rival], again[name] - again[rival]
            rows.append(_row(name, rival, apart, resampled, len(codes)))
    return rows


def _row(measure: str, rival: str, values: Floats, again: Floats, audiences: int) -> Row:
    """One row: the spread over runs, and the interval over audiences and runs."""
    low, high = quantiles_of_known(again, 0.025, 0.975)
    known = values[~np.isnan(values)]
    shares = [float((known > 0.0).mean()), float((known == 0.0).mean())] if known.size else []
    positive, equal = shares or [np.nan, np.nan]
    return {
        "measure": measure, "rival": rival, "audiences": audiences, **_spread(values),
        "low": low, "high": high, "share_positive": positive, "share_unchanged": equal,
        "share_at_random": np.nan,
    }  # fmt: skip


def left_out_rows(runs: SetRuns) -> list[Row]:
    """tau-b of each measure on the named day without each audience in turn."""
    names, codes = runs.coded.audiences, runs.coded.codes
    return [
        {"measure": measure, "actor": name, "audiences": len(names) - 1, "mean": tau}
        for measure, values in runs.values.items()
        for name, tau in zip(names, leave_one_out(values, codes).tolist(), strict=True)
    ]


def capital_rows(runs: SetRuns) -> list[Row]:
    """Each audience's code beside its measures on the named day."""
    everything = {**runs.values, VOTES: runs.votes[None, :]}
    return [
        {"measure": measure, "actor": name, "code": code, **_spread(values[:, a])}
        for measure, values in everything.items()
        for a, (name, code) in enumerate(
            zip(runs.coded.audiences, runs.coded.codes.tolist(), strict=True)
        )
        if not np.isnan(values[:, a]).all()
    ]


def _spread(values: Floats) -> Row:
    """Mean and quantiles over the runs that have a value, and how many these are."""
    q05, median, q95 = quantiles_of_known(values, 0.05, 0.5, 0.95)
    count = int((~np.isnan(values)).sum())
    return {"n": count, "mean": mean_of_known(values), "q05": q05, "median": median, "q95": q95}
