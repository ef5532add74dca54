"""Tables of a sweep, from its rows: summary, comparison, failures.

Rows are read point by point and, where a point has very many, a few columns at a time. They are
put in the order of their replicates first, so how they are kept changes no bit.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from sim.engines.ensemble.statistics import Statistics, describe_block, pair_moments
from sim.running.blocks import ANSWERS, ANY, PARAMETERS
from sim.running.comparison_tables import WINDOW
from sim.running.executing import failure_row
from sim.running.pairing import NEVER, compare_pairs, spread
from sim.running.sweeps.swept import DIVERGED, SCENARIO, Outcome, Swept, calendar, outcomes
from sim.scenario.assignments import setting_text
from sim.tables import frames
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
    if not len(found):
        return _with_swept_keys(swept, frames.empty("failures"), np.zeros(0, dtype=np.int64))
    place = {arm: position for position, arm in enumerate((swept.base, *swept.arms))}
    order = np.lexsort((found["replicate"], found["arm"].map(place), found["point"]))
    found = found.iloc[order]
    design = swept.design.set_index("point")
    table = []
    for row in found.to_dict("records"):
        at = {key: design.at[row["point"], key] for key in swept.keys}
        command = replay(swept, at, row["arm"], row["replicate"])
        kind, _, message = row["failed"].partition(": ")
        table.append(failure_row(row["run_id"], message, command, kind))
    return _with_swept_keys(swept, pd.DataFrame(table), found["point"].to_numpy())


def replay(swept: Swept, at: dict[str, Any], arm: str, replicate: int) -> str:
    """The command that repeats one run of the sweep alone; "" where its scenarios have no file."""
    if swept.scenarios and not swept.replay:
        return ""
    words = shlex.split(swept.replay or f"narrate run {shlex.quote(swept.scenario.name)}")
    if SCENARIO in at:  # the scenario is the first argument of the verb
        words[2] = str(at[SCENARIO])
    for key, value in at.items():
        if key != SCENARIO:
            words += ["--set", f"{key}={setting_text(value)}"]
    words += ["--arm", arm] if arm else []
    words += ["--seed", str(swept.seed), "--replicate", str(replicate)]
    words += ["--uncertain"] if swept.kind == PARAMETERS else []
    return shlex.join(words)


class _Pieces:
    """Columns of a table under way."""

    def __init__(self) -> None:
        self._found: dict[str, list[Any]] = {}

    def add(self, **columns: Any) -> None:
        """Some rows, one for each ``outcome``; a single value stands for all of them."""
        for name, values in columns.items():
            whole = np.broadcast_to(values, len(columns["outcome"]))
            self._found.setdefault(name, []).append(whole)

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


class _Chunk(NamedTuple):
    """Some outcomes of all rows of one point, as [outcome, row]."""

    swept: Swept
    place: int  # of the point in the design
    outcomes: Sequence[Outcome]
    by_arm: dict[str, _ArmRows]
    final: Floats
    window: Floats
    effect: Floats  # of the window

    def codes(self, position: int, there: Bools) -> dict[str, Any]:
        """What the rows of an arm are about: numbers that stand for texts."""
        known, metrics = outcomes(self.swept), self.swept.metrics
        own = [one for one, is_there in zip(self.outcomes, there, strict=True) if is_there]
        return {
            "place": self.place,
            "arm": position,
            "outcome": np.array([known[outcome] for outcome in own]),
            "metric": np.array([metrics.index(outcome.metric) for outcome in own]),
        }


_IDS = ["arm", "replicate", "failed", "answers", DIVERGED]
_READ = ("final", "window", "effect.window")


def _describe(
    swept: Swept, rows: SweepRows, point: int, levels: _Pieces, effects: _Pieces
) -> None:
    """Describe one point, some outcomes at a time."""
    by_arm = _rows_by_arm(swept, rows.of_point(point, _IDS))
    if not by_arm:
        return
    place = int(np.flatnonzero(swept.design["point"] == point)[0])
    known = list(outcomes(swept))
    count = max(1, ROOM // sum(len(one.row) for one in by_arm.values()))
    for start in range(0, len(known), count):
        chosen = known[start : start + count]
        names = [f"{group}.{outcome.name}" for group in _READ for outcome in chosen]
        table = rows.of_point(point, names)
        cube = np.stack([table[name].to_numpy(dtype=np.float64) for name in names])
        del table
        kinds = cube.reshape(len(_READ), len(chosen), -1)
        chunk = _Chunk(swept, place, chosen, by_arm, *kinds)
        _add_levels(chunk, levels)
        _add_effects(chunk, effects)


def _rows_by_arm(swept: Swept, ids: pd.DataFrame) -> dict[str, _ArmRows]:
    """Rows of each arm, the baseline first; none where an arm has no rows."""
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


def _add_levels(chunk: _Chunk, levels: _Pieces) -> None:
    """Levels of each arm on the last day."""
    for position, one in enumerate(chunk.by_arm.values()):
        values = chunk.final[:, one.row[one.finite]]
        there = _is_present(values)
        if there.any():
            found = spread(Statistics(describe_block(values[there], exact=True)))
            levels.add(group=_DAY, **chunk.codes(position, there), **found.level_columns())


def _add_effects(chunk: _Chunk, effects: _Pieces) -> None:
    """Each arm against the baseline, on the last day and over the window."""
    for position, (name, one) in enumerate(chunk.by_arm.items()):
        if name == chunk.swept.base:
            continue
        for group, arm, without, difference in _groups(chunk, one):
            there = _is_present(arm) & _is_present(without)
            if not there.any():
                continue
            apart = Statistics(describe_block(difference[there], exact=True))
            pairs = compare_pairs(apart, pair_moments(arm[there], without[there]))
            columns = chunk.codes(position, there) | pairs.columns()
            effects.add(group=group, first_divergence_step=one.diverged, **columns)


def _groups(chunk: _Chunk, one: _ArmRows) -> Iterator[tuple[int, Floats, Floats, Floats]]:
    """Group, arm, baseline and difference, each [outcome, pair], of the pairs in each group."""
    mine, theirs = one.row[one.good], chunk.by_arm[chunk.swept.base].row[one.good]
    arm, without = chunk.final[:, mine], chunk.final[:, theirs]
    yield _DAY, arm, without, arm - without
    arm, difference, who = chunk.window[:, mine], chunk.effect[:, mine], one.answers[one.good]
    acting = ~np.isnan(difference).all(axis=0)
    for group in range(1, len(_GROUPS)):
        some = acting if _GROUPS[group] == ANY else acting & (who == group - _FIRST_ANSWER)
        if some.any():
            yield group, arm[:, some], arm[:, some] - difference[:, some], difference[:, some]


def _is_present(values: Floats) -> Bools:
    """Which outcomes[outcome, run] there are at this point; each is of all runs or of none."""
    found: Bools = ~np.isnan(values).any(axis=1) & (values.shape[1] > 0)
    return found


def _table(swept: Swept, name: str, pieces: _Pieces) -> pd.DataFrame:
    """Text for codes, the declared columns in their order, the point and its keys before them."""
    found = pieces.columns()
    if not found:
        return _with_swept_keys(swept, frames.empty(name), np.zeros(0, dtype=np.int64))
    group, place = found["group"], found["place"]
    step, day = _days(swept, place, found["metric"], group)
    scenarios = swept.design[SCENARIO].to_numpy()[place] if SCENARIO in swept.keys else None
    about = np.array(list(outcomes(swept)), dtype=object)[found["outcome"]].T
    found |= dict(zip(Outcome._fields, about, strict=True)) | {
        "scenario": swept.scenario.name if scenarios is None else scenarios,
        "arm": np.array([swept.base, *swept.arms], dtype=object)[found["arm"]],
        "baseline": swept.base,
        "uncertainty": swept.kind,
        "answers": np.array(_GROUPS, dtype=object)[group],
        "step": step,
        "date": day,
    }
    points = swept.design["point"].to_numpy(dtype=np.int64)[place]
    return _with_swept_keys(swept, frames.table(name, found), points)


def _days(swept: Swept, place: Ints, metric: Ints, group: Ints) -> tuple[Ints, list[str]]:
    """Step and date of each row: the last day that the metric has, or the window."""
    calendars = {one: calendar(swept, one) for one in np.unique(place).tolist()}
    rows = [calendars[one] for one in place.tolist()]
    flow = np.array([METRICS[name].flow for name in swept.metrics], dtype=np.int64)[metric]
    last = np.array([steps for _, steps in rows], dtype=np.int64)
    step = np.where(group == _DAY, last - flow, WINDOW)
    return step, [
        "" if day == WINDOW else (start + timedelta(days=day)).isoformat()
        for (start, _), day in zip(rows, step.tolist(), strict=True)
    ]


def _with_swept_keys(swept: Swept, table: pd.DataFrame, points: Ints) -> pd.DataFrame:
    """The table behind the point and the swept keys of its rows."""
    where = pd.Index(swept.design["point"]).get_indexer(points)
    own = swept.design.take(where).reset_index(drop=True)
    rest = table.drop(columns=[key for key in swept.keys if key in table])
    return pd.concat([own, rest.reset_index(drop=True)], axis=1)
