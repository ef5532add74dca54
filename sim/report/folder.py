"""What a run folder holds, read once; nothing else is read to draw a report.

A file that is missing, or has not the columns of this version, becomes a note in the report. One
that is there and cannot be read is an error that names it: a report without it would say that
there is no such result.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from sim.errors import RefusedError
from sim.store.folder import machine_error
from sim.store.tables import armed, parquet_columns
from sim.tables.columns import COLUMNS, TEXT, type_of

DESIGN_IDS = frozenset({"point", "point_id", "design_id", "row", "sample", "index"})
FILES = {
    "summary": "summary.csv",
    "comparison": "comparison.csv",
    "channels": "channels.csv",
    "runs": "runs.parquet",
    "series": "timeseries.parquet",
    "messages": "messages.parquet",
    "sources": "sources.csv",
    "failures": "failures.csv",
    "design": "design.csv",
}
_PAIRED = frozenset(
    ["metric", "actor", "toward", "step", "uncertainty", "arm", "baseline", "n_pairs",
     "mean_diff", "mc_low", "mc_high", "q05", "q95"]
)  # fmt: skip
REQUIRED = {  # columns without which a table is no use here
    "summary": frozenset(
        ["arm", "uncertainty", "metric", "actor", "toward", "step", "mean", "q05", "q95"]
    ),
    "comparison": _PAIRED
    | {"answers", "share_positive", "pair_correlation", "variance_reduction",
       "first_divergence_step"},
    "channels": _PAIRED | {"channel"},
    "runs": frozenset(["arm", "uncertainty", "answers"]),
    "series": frozenset(["arm", "step", "actor", "toward", "metric", "value"]),
    "messages": frozenset(
        ["run_id", "arm", "step", "sender", "channel", "type", "effort", "in_reply_to"]
    ),
}  # fmt: skip
# columns that no figure reads and that would take much memory in a table of millions of runs
UNREAD = frozenset(["run_id", "seed", "failed", "offers", "incidents", "peak_tension"])
OUTCOMES = ("final.", "window.", "effect.")  # beginnings of what a sweep keeps of a run ...
READ = frozenset(["effect.window.lead", "effect.final.lead"])  # ... and what is read of it
DAMAGED = (KeyError, ValueError, IndexError, TypeError)  # what a table not as declared leads to
OFFER_MEAN = -1  # the step of rows that are the mean over the days on which the offer acts
LARGEST_YAML = 4 * 2**20
T = TypeVar("T")


class MissingInputError(Exception):
    """A figure or a table cannot be made; the text says what is not in the folder."""


@dataclass(frozen=True)
class Event:
    """Something dated that figures mark."""

    step: int
    name: str
    description: str = ""


@dataclass(frozen=True)
class RunFolder:
    """The tables of a run folder, and the names and dates that they share."""

    path: Path
    manifest: Mapping[str, Any]
    scenario: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    notes: list[str] = field(default_factory=list)
    kept: dict[Any, Any] = field(default_factory=dict)  # what several figures compute alike

    def table(self, name: str) -> pd.DataFrame:
        """A table that has rows, or `MissingInputError`."""
        frame = self.tables.get(name)
        if frame is None or frame.empty:
            raise MissingInputError(
                f"{FILES[name]} is not in this folder, or lacks columns, or has no rows"
            )
        return frame

    def has(self, name: str) -> bool:
        """Whether a table is there and has rows."""
        frame = self.tables.get(name)
        return frame is not None and not frame.empty

    @cached_property
    def swept(self) -> tuple[str, ...]:
        """The swept keys: the design's, or the extra leading columns of the comparison."""
        if self.has("design"):
            return tuple(str(c) for c in self.tables["design"].columns if c not in DESIGN_IDS)
        if "comparison" not in self.tables:
            return ()
        leading = takewhile(lambda c: c != "metric", self.tables["comparison"].columns)
        return tuple(str(c) for c in leading if c not in COLUMNS and c not in DESIGN_IDS)

    @cached_property
    def claimants(self) -> tuple[str, str]:
        """The two claimants, in file order."""
        named = names(self.scenario.get("claimants"))
        if len(named) < 2:
            named = self._values("toward", "sympathy")
        if len(named) < 2:
            raise MissingInputError("the names of the two claimants are not in this folder")
        return named[0], named[1]

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The audiences, in file order."""
        return names(self.scenario.get("audiences")) or self._values("actor", "alignment")

    @cached_property
    def issues(self) -> tuple[str, ...]:
        """The issues, in file order; the first is the background."""
        return names(self.scenario.get("issues")) or self._values("toward", "salience")

    @cached_property
    def importance(self) -> dict[str, float]:
        """Importance of each audience, summing to 1; equal where the scenario does not say."""
        given = {
            str(entry["name"]): number(entry.get("importance"), 1.0)
            for entry in entries(self.scenario.get("audiences"))
        }
        raw = {name: given.get(name, 1.0) for name in self.audiences}
        total = sum(raw.values())
        return {name: weight / total if total > 0 else 0.0 for name, weight in raw.items()}

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The arms, those compared with the baseline first and the baseline last."""
        if self.has("comparison"):
            compared = unique(self.tables["comparison"]["arm"])
            return (*(arm for arm in compared if arm != self.baseline), self.baseline)
        for name in ("series", "summary", "runs"):
            if self.has(name):
                found = unique(self.tables[name]["arm"])
                return tuple(sorted(found, key=lambda arm: arm == self.baseline))
        given = self.manifest.get("arms")
        return tuple(str(arm) for arm in given) if isinstance(given, (list, dict)) else ()

    @cached_property
    def baseline(self) -> str:
        """The arm that the others are compared with; "" if there is none."""
        if self.has("comparison"):
            return str(self.tables["comparison"]["baseline"].iloc[0])
        return str(self.manifest.get("baseline") or bare(self.scenario.get("baseline")) or "")

    @cached_property
    def arm(self) -> str:
        """The arm that figures show beside the baseline."""
        if not self.arms:
            raise MissingInputError("no arm is named in this folder")
        return self.arms[0]

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The arms a figure draws: the first one, and the baseline if it was run too."""
        return (self.arm, *(arm for arm in self.arms[-1:] if arm != self.arm))

    @cached_property
    def start(self) -> date | None:
        """The date of step 0."""
        given = bare(self.scenario.get("start_date"))
        try:
            return date.fromisoformat(str(given)[:10])
        except ValueError:
            return None

    @cached_property
    def steps(self) -> int:
        """The last step."""
        given = bare(self.scenario.get("steps"))
        if isinstance(given, int):
            return given
        return max(
            (int(self.tables[n]["step"].max()) for n in ("series", "summary") if self.has(n)),
            default=0,
        )

    def day(self, step: int) -> date | None:
        """The date of a step."""
        return None if self.start is None else self.start + timedelta(days=int(step))

    def step(self, given: object) -> int | None:
        """The step of a date or day number, as scenario files give them."""
        given = bare(given)
        if isinstance(given, (int, float)) and not isinstance(given, bool):
            return int(given)
        try:
            when = date.fromisoformat(str(given)[:10])
        except ValueError:
            return None
        return None if self.start is None else (when - self.start).days

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Dated events, and the first offer of the arm that is shown, by date."""
        found = []
        for entry in entries(self.scenario.get("events")):
            step = self.step(entry.get("day"))
            if step is not None and 0 <= step <= self.steps:
                found.append(
                    Event(step, str(entry["name"]), str(bare(entry.get("description", ""))))
                )
        if self.offer_step is not None:
            found.append(Event(self.offer_step, "offer", "The mediator makes an offer"))
        return tuple(sorted(found, key=lambda event: event.step))

    @cached_property
    def offer_step(self) -> int | None:
        """The day of the first offer in the run that is told, or the first scripted day."""
        if self.has("messages"):
            offers = self.tables["messages"]
            offers = offers[(offers["type"] == "OFFER") & (offers["arm"] == self.arm)]
            if not offers.empty:
                return int(offers["step"].min())
        mediator = bare(self.scenario.get("mediator"))
        arms = bare(self.scenario.get("arms"))
        change = bare(arms.get(self.arm)) if isinstance(arms, Mapping) and self.arms else None
        merged = {
            **(mediator if isinstance(mediator, Mapping) else {}),
            **(
                change["mediator"]
                if isinstance(change, Mapping) and isinstance(change.get("mediator"), Mapping)
                else {}
            ),
        }
        if bare(merged.get("policy")) != "scripted":
            return None
        listed = bare(merged.get("days")) or []
        steps = [self.step(day) for day in listed] if isinstance(listed, list) else []
        return min((step for step in steps if step is not None), default=None)

    @cached_property
    def peers(self) -> dict[tuple[str, str], float]:
        """Weights of listening, (listener, heard) -> share; each listener's sum to 1."""
        given = bare(self.scenario.get("peers"))
        shares: dict[tuple[str, str], float] = {}
        for listener, row in given.items() if isinstance(given, Mapping) else ():
            row = bare(row)
            heard = {
                str(b): number(weight)
                for b, weight in (row.items() if isinstance(row, Mapping) else ())
                if str(b) in self.importance and str(b) != str(listener)
            }
            total = sum(heard.values())
            if str(listener) in self.importance and total > 0:
                shares.update({(str(listener), b): w / total for b, w in heard.items()})
        return shares

    def _values(self, column: str, metric: str) -> tuple[str, ...]:
        for name in ("comparison", "summary", "series"):
            if self.has(name):
                frame = self.tables[name]
                found = unique(frame.loc[frame["metric"] == metric, column])
                if found:
                    return tuple(value for value in found if value)
        return ()


def read(path: Path) -> RunFolder:
    """Read a run folder.

    Raises
    ------
    RefusedError
        Where a file is damaged.
    MachineError
        Where the machine does not let a file be read.
    """
    notes: list[str] = []
    tables = {}
    for name, file in FILES.items():
        if not (path / file).exists():  # the runs of a sweep are a folder of files
            continue
        value_type = TEXT if name == "sources" else ""
        frame = _intact(path / file, _frame, value_type, name == "runs")
        lacking = sorted(REQUIRED.get(name, frozenset()) - set(frame.columns))
        if lacking:
            notes.append(f"{file} lacks the columns {', '.join(lacking)}.")
        else:
            tables[name] = frame
    manifest = _mapping(path / "manifest.json", json.loads, notes)
    scenario = _mapping(path / "scenario.resolved.yaml", _yaml, notes)
    return RunFolder(path, manifest, scenario, tables, notes)


def _intact(path: Path, read: Callable[..., T], *how: Any) -> T:
    """What is read of a file, or an error that names it."""
    try:
        return read(path, *how)
    except Exception as error:  # whatever a library meets in a damaged file
        if isinstance(error, OSError) and error.errno:  # what Arrow finds damaged has no number
            raise machine_error(path, error) from error
        raise RefusedError(
            f"{path}: is damaged, it cannot be read ({type(error).__name__}); without this "
            "file the report says that it is missing"
        ) from error


def _frame(path: Path, value_type: str = "", sparing: bool = False) -> pd.DataFrame:
    if path.suffix == ".parquet":
        named = parquet_columns(path)
        wanted = [name for name in named if not sparing or _is_read(name)]
        # not even a name such as arm=x of a folder above is a column
        frame = pd.read_parquet(path, columns=wanted, partitioning=None)
    else:
        # names such as "NA" are names: only empty numbers are missing
        header = list(pd.read_csv(path, nrows=0, encoding="utf-8").columns)
        text = {column: str for column in header if _is_text(column, value_type)}
        numbers = {column: [""] for column in header if column not in text}
        frame = pd.read_csv(
            path, dtype=text, keep_default_na=False, na_values=numbers, encoding="utf-8"
        )
        for column in text:
            if bool(frame[column].str.startswith("'").any()):
                frame[column] = frame[column].map(armed)
        frame.columns = pd.Index([str(armed(column)) for column in header])
    for column in frame.columns:
        if _is_text(str(column), value_type):
            frame[column] = frame[column].fillna("").astype(str)
    return frame


def _is_read(column: str) -> bool:
    """Whether a column of the runs is read."""
    return column in READ or not (column in UNREAD or column.startswith(OUTCOMES))


def _is_text(column: str, value_type: str) -> bool:
    # the value column of sources.csv holds numbers, words and lists
    return (column == "value" and value_type == TEXT) or type_of(column) == TEXT


def _mapping(path: Path, parse: Callable[[str], Any], notes: list[str]) -> Mapping[str, Any]:
    if not path.exists():
        notes.append(f"{path.name} is not in this folder.")
        return {}
    return _intact(path, _parsed, parse)


def _parsed(path: Path, parse: Callable[[str], Any]) -> Mapping[str, Any]:
    found = parse(path.read_text(encoding="utf-8"))
    if not isinstance(found, Mapping):
        raise ValueError("is no mapping")
    return found


def _yaml(text: str) -> Any:
    import yaml

    if len(text) > LARGEST_YAML:
        raise ValueError("too long")
    return yaml.safe_load(text)


def bare(value: Any) -> Any:
    """A number of the scenario without its source."""
    while isinstance(value, Mapping) and "value" in value and set(value) <= {"value", "source"}:
        value = value["value"]
    return value


def number(value: Any, otherwise: float = 0.0) -> float:
    """A number of the scenario, or ``otherwise``."""
    value = bare(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return otherwise


def entries(value: Any) -> list[Mapping[str, Any]]:
    """The named entries of a list of the scenario."""
    value = bare(value)
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, Mapping) and "name" in entry]


def names(value: Any) -> tuple[str, ...]:
    """The names of a list of the scenario, in file order."""
    return tuple(str(bare(entry["name"])) for entry in entries(value))


def unique(values: Any) -> list[str]:
    """Different values in order of appearance."""
    return list(dict.fromkeys(str(value) for value in pd.unique(values)))


def found_key(tree: Any, *wanted: str) -> Any:
    """The first value under one of these keys anywhere in a manifest, or None."""
    if isinstance(tree, Mapping):
        for key in wanted:
            if tree.get(key) is not None:
                return tree[key]
        for branch in tree.values():
            found = found_key(branch, *wanted)
            if found is not None:
                return found
    return None
