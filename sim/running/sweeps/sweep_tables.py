"""From the rows of a sweep to its tables: summary, comparison, failures.

Rows are read point by point and, where a point has very many, a few columns at a time. They are
put in the order of their replicates first, so how they are kept changes no bit.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from sim.engines.ensemble.statistics import Statistics, described, pair_moments
from sim.running.blocks import ANSWERS, ANY, PARAMETERS
from sim.running.comparison_tables import QUANTILE_NAMES, WINDOW
from sim.running.executing import failure_row
from sim.running.pairing import NEVER, Spread, compare_pairs, spread
from sim.running.sweeps.outcomes import (
    DIVERGED,
    SCENARIO,
    Outcome,
    Swept,
    calendar,
    outcomes,
    text,
)
from sim.tables import frames
from sim.tables.columns import TABLES
from sim.tables.metrics import METRICS
from sim.world.arrays import Bools, Floats, Ints

MOST_POINTS = 1_000  # of a sweep that has a summary and a comparison; of more, runs say it all
ROOM = 2**20  # numbers that one column of each kind may hold together while they are described
_DAY = 0  # group of the rows of the last day; those of the window follow, by answers
_GROUPS = (ANY, ANY, *ANSWERS)
_FIRST_ANSWER = len(_GROUPS) - len(ANSWERS)


class SweepRows(Protocol):
    """The rows of a sweep, wherever they are kept."""

    def of_point(self, point: int, columns: Sequence[str]) -> pd.DataFrame:
        """All rows of one point, always in the same order."""

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """These columns (None: all) of all rows, in pieces of moderate size and no order."""


class RowsInMemory:
    """Rows in memory."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame, self._point = frame, frame["point"].to_numpy()

    def of_point(self, point: int, columns: Sequence[str]) -> pd.DataFrame:
        """All rows of one point."""
        return self._frame.loc[self._point == point, list(columns)]

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """All rows at once."""
        yield self._frame if columns is None else self._frame[list(columns)]


class SweepTables(NamedTuple):
    """What is said of a sweep; every table begins with ``point`` and the swept keys."""

    summary: pd.DataFrame  # levels of each arm on the last day
    comparison: pd.DataFrame  # on the last day, and over the window by answers (step -1)


def describe_points(swept: Swept, rows: SweepRows) -> SweepTables:
    """Describe every point of which there are rows.

    ``first_divergence_step`` is the first day on which any pair of the arm parts.
    """
    levels, effects = _Pieces(), _Pieces()
    for point in swept.design["point"].tolist():
        _describe(swept, rows, point, levels, effects)
    return SweepTables(_table(swept, "summary", levels), _table(swept, "comparison", effects))


def failures(swept: Swept, rows: SweepRows) -> pd.DataFrame:
    """One row a lost run, with the command that repeats it."""
    needed = ["run_id", "point", "arm", "replicate", "failed"]
    lost = [piece[piece["failed"] != ""] for piece in rows.pieces(needed)]
    found = pd.concat([piece for piece in lost if len(piece)] or lost[:1], ignore_index=True)
    place = {arm: position for position, arm in enumerate((swept.base, *swept.arms))}
    order = np.lexsort((found["replicate"], found["arm"].map(place), found["point"]))
    design = swept.design.set_index("point")
    told = []
    for row in found.iloc[order].to_dict("records"):
        at = {key: _plain(design.at[row["point"], key]) for key in swept.keys}
        command = replay(swept, at, row["arm"], row["replicate"])
        kind, _, message = row["failed"].partition(": ")
        told.append(failure_row(row["run_id"], message, command, kind) | {"point": row["point"]})
    if not told:
        return _with_swept_keys(swept, frames.empty("failures"), np.zeros(0, dtype=np.int64))
    frame = pd.DataFrame(told)
    return _with_swept_keys(
        swept, frame[list(TABLES["failures"].columns)], frame["point"].to_numpy()
    )


def replay(swept: Swept, at: dict[str, Any], arm: str, replicate: int) -> str:
    """The command that repeats one run of the sweep alone."""
    words = shlex.split(swept.replay or f"narrate run {shlex.quote(swept.scenario.name)}")
    if SCENARIO in at:  # the scenario is the first argument of the verb
        words[2] = str(at[SCENARIO])
    for key, value in at.items():
        if key != SCENARIO:
            words += ["--set", f"{key}={text(value)}"]
    words += ["--arm", arm] if arm else []
    words += ["--seed", str(swept.seed), "--replicate", str(replicate)]
    words += ["--uncertain"] if swept.kind == PARAMETERS else []
    return shlex.join(words)


class _Pieces:
    """Columns of a table under way."""

    def __init__(self) -> None:
        self._found: dict[str, list[Any]] = {}

    def add(self, rows: int, **columns: Any) -> None:
        """Some rows; a single value stands for all of them."""
        for name, values in columns.items():
            self._found.setdefault(name, []).append(np.broadcast_to(values, rows))

    def columns(self) -> dict[str, Any]:
        """The whole columns: by point, arm, metric, group and outcome."""
        whole = {name: np.concatenate(pieces) for name, pieces in self._found.items()}
        if whole:
            by = ("outcome", "group", "metric", "arm", "place")
            order = np.lexsort([whole[name] for name in by])
            whole = {name: values[order] for name, values in whole.items()}
        return whole


class _ArmRows(NamedTuple):
    """The rows of one arm at a point, by replicate."""

    row: Ints
    good: Bools  # neither the run nor that of the baseline was lost
    finite: Bools
    answers: Ints  # place in ANSWERS; -1 without an offer
    diverged: int


def _describe(
    swept: Swept, rows: SweepRows, point: int, levels: _Pieces, effects: _Pieces
) -> None:
    members = _rows_by_arm(swept, rows.of_point(point, _IDS))
    if not members:
        return
    place = int(np.flatnonzero(swept.design["point"] == point)[0])
    known = list(outcomes(swept))
    count = max(1, ROOM // sum(len(one.row) for one in members.values()))
    for start in range(0, len(known), count):
        chosen = known[start : start + count]
        names = [f"{group}.{o.name}" for group in _READ for o in chosen]
        read = rows.of_point(point, names)
        cube = np.stack([read[name].to_numpy(dtype=np.float64) for name in names])
        del read
        kinds = cube.reshape(len(_READ), len(chosen), -1)
        _levels(swept, place, chosen, kinds[0], members, levels)
        _effects(swept, place, chosen, kinds, members, effects)


_IDS = ["arm", "replicate", "failed", "answers", DIVERGED]
_READ = ("final", "window", "effect.window")


def _rows_by_arm(swept: Swept, ids: pd.DataFrame) -> dict[str, _ArmRows]:
    finite, replicate = (ids["failed"] == "").to_numpy(), ids["replicate"].to_numpy()
    answers = np.full(len(ids), -1)  # codes: a million texts would take more than the numbers
    for code, answer in enumerate(ANSWERS):
        answers[(ids["answers"] == answer).to_numpy()] = code
    diverged = ids[DIVERGED].to_numpy(dtype=np.float64)
    found: dict[str, _ArmRows] = {}
    base_finite = np.zeros(0, dtype=bool)
    for name in (swept.base, *swept.arms):
        row = np.flatnonzero((ids["arm"] == name).to_numpy())
        row = row[np.argsort(replicate[row], kind="stable")]
        if not len(row):
            return {}
        base_finite = finite[row] if name == swept.base else base_finite
        days = diverged[row]
        days = days[days >= 0]  # never, and not known, are not
        first = int(days.min()) if len(days) else NEVER
        found[name] = _ArmRows(row, finite[row] & base_finite, finite[row], answers[row], first)
    return found


def _levels(
    swept: Swept, place: int, chosen: Sequence[Outcome], final: Floats,
    members: dict[str, _ArmRows], levels: _Pieces,
) -> None:  # fmt: skip
    for position, one in enumerate(members.values()):
        values = final[:, one.row[one.finite]]
        there = _is_present(values)
        if there.any():
            found = spread(Statistics(described(values[there], exact=True)))
            levels.add(
                int(there.sum()), place=place, arm=position, group=_DAY, n=found.n,
                mean=found.mean, sd=found.sd, se=found.se, **_codes(swept, chosen, there),
                **_quantiles(found),
            )  # fmt: skip


def _effects(
    swept: Swept, place: int, chosen: Sequence[Outcome], kinds: Floats,
    members: dict[str, _ArmRows], effects: _Pieces,
) -> None:  # fmt: skip
    final, window, effect = kinds
    base = members[swept.base]
    for position, (name, one) in enumerate(members.items()):
        if name == swept.base:
            continue
        mine, theirs = one.row[one.good], base.row[one.good]
        groups = [(_DAY, final[:, mine], final[:, theirs], None)]
        with_it, changed, who = window[:, mine], effect[:, mine], one.answers[one.good]
        acting = ~np.isnan(changed).all(axis=0)
        for group in range(1, len(_GROUPS)):
            some = acting if _GROUPS[group] == ANY else acting & (who == group - _FIRST_ANSWER)
            if some.any():
                arm, difference = with_it[:, some], changed[:, some]
                groups.append((group, arm, arm - difference, difference))
        for group, arm, without, difference in groups:
            there = _is_present(arm) & _is_present(without)
            if not there.any():
                continue
            arm, without = arm[there], without[there]
            apart = arm - without if difference is None else difference[there]
            pairs = compare_pairs(
                Statistics(described(apart, exact=True)), pair_moments(arm, without)
            )
            found = pairs.spread
            effects.add(
                int(there.sum()), place=place, arm=position, group=group, n_pairs=found.n,
                mean_diff=found.mean, sd_diff=found.sd, mc_low=found.low, mc_high=found.high,
                mean_baseline=pairs.baseline, mean_arm=pairs.arm,
                share_positive=pairs.share_positive, pair_correlation=pairs.correlation,
                variance_reduction=pairs.variance_reduction, first_divergence_step=one.diverged,
                **_codes(swept, chosen, there), **_quantiles(found),
            )  # fmt: skip


def _is_present(values: Floats) -> Bools:
    """Which outcomes[outcome, run] there are at this point; each is of all runs or of none."""
    found: Bools = ~np.isnan(values).any(axis=1) & (values.shape[1] > 0)
    return found


def _codes(swept: Swept, chosen: Sequence[Outcome], there: Bools) -> dict[str, Ints]:
    known = outcomes(swept)
    own = [outcome for outcome, is_there in zip(chosen, there, strict=True) if is_there]
    return {
        "outcome": np.array([known[outcome] for outcome in own]),
        "metric": np.array([swept.metrics.index(outcome.metric) for outcome in own]),
    }


def _quantiles(found: Spread) -> dict[str, Floats]:
    return dict(zip(QUANTILE_NAMES, found.quantiles, strict=True))


def _table(swept: Swept, name: str, pieces: _Pieces) -> pd.DataFrame:
    """Text for codes, the declared columns in their order, the point and its keys before them."""
    found = pieces.columns()
    if not found:
        return _with_swept_keys(swept, frames.empty(name), np.zeros(0, dtype=np.int64))
    known = np.array(list(outcomes(swept)), dtype=object)
    group, place = found["group"], found["place"]
    arms = np.array([swept.base, *swept.arms], dtype=object)
    step, day = _days(swept, place, found["metric"], group)
    scenario = swept.scenario.name
    columns = found | {
        "scenario": swept.design[SCENARIO].to_numpy()[place] if SCENARIO in swept.keys
        else np.full(len(place), scenario, dtype=object),
        "arm": arms[found["arm"]],
        "baseline": np.full(len(place), swept.base, dtype=object),
        "uncertainty": np.full(len(place), swept.kind, dtype=object),
        "answers": np.array(_GROUPS, dtype=object)[group],
        "metric": known[found["outcome"], 0],
        "actor": known[found["outcome"], 1],
        "toward": known[found["outcome"], 2],
        "step": step,
        "date": day,
    }  # fmt: skip
    points = swept.design["point"].to_numpy(dtype=np.int64)[place]
    return _with_swept_keys(swept, frames.table(name, columns), points)


def _days(swept: Swept, place: Ints, metric: Ints, group: Ints) -> tuple[Ints, Any]:
    """Step and date of each row: the last day that the metric has, or the window."""
    flow = np.array([METRICS[name].flow for name in swept.metrics], dtype=np.int64)[metric]
    steps, starts = np.zeros(len(place), dtype=np.int64), np.empty(len(place), dtype=object)
    for one in np.unique(place).tolist():
        begin, last = calendar(swept, one)
        steps[place == one], starts[place == one] = last, begin
    step = np.where(group == _DAY, steps - flow, WINDOW)
    known: dict[tuple[date, int], str] = {}
    days = np.empty(len(place), dtype=object)
    for row, (begin, day) in enumerate(zip(starts, step.tolist(), strict=True)):
        if (begin, day) not in known:
            late = "" if day == WINDOW else (begin + timedelta(days=day)).isoformat()
            known[begin, day] = late
        days[row] = known[begin, day]
    return step, days


def _with_swept_keys(swept: Swept, table: pd.DataFrame, points: Ints) -> pd.DataFrame:
    """The table behind the point and the swept keys of its rows."""
    where = pd.Index(swept.design["point"]).get_indexer(points)
    own = swept.design.take(where).reset_index(drop=True)
    rest = table.drop(columns=[key for key in swept.keys if key in table])
    return pd.concat([own, rest.reset_index(drop=True)], axis=1)


def _plain(value: Any) -> Any:
    """A number or truth value of the design as Python's own."""
    return value.item() if isinstance(value, np.generic) else value
