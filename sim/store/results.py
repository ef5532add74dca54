"""What a run folder says: its tables, its manifest, the scenario and world of each arm.

:func:`read_results` is the one reader of run folders. A study in memory makes the same
:class:`Results` from its frames, so that words and figures do not need a folder.

A file that is missing, or lacks columns of this version, becomes a note. A file that is there
and cannot be read is an error that names it: a report without it would say that there is no such
result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from sim.errors import InputError, RefusedError
from sim.files import read_regular
from sim.scenario.scenario import Scenario
from sim.scenario.swept_keys import SCENARIO
from sim.store import manifest, memory, tables
from sim.store.folder import RESOLVED, machine_error, read_json
from sim.tables.column_kinds import TEXT
from sim.tables.columns import COLUMNS, TABLES
from sim.world.arrays import World
from sim.world.building import build
from sim.world.peers import normalise

DESIGN_IDS = frozenset({"point", "point_id", "design_id", "row", "sample", "index"})
# Tables that no words or figures of a run folder are made from
UNREAD_TABLES = frozenset(
    ["ledger", "until", "sensitivity", "shares", "boxes", "tradeoff", "points", "outcomes"]
)
READ_TABLES = tuple(name for name in TABLES if name not in UNREAD_TABLES)
_PAIRED = frozenset(
    ["metric", "actor", "toward", "step", "uncertainty", "arm", "baseline", "n_pairs",
     "mean_diff", "mc_low", "mc_high", "q05", "q95"]
)  # fmt: skip
REQUIRED = {  # columns without which a table is of no use here
    "summary": frozenset(
        ["arm", "uncertainty", "metric", "actor", "toward", "step", "mean", "q05", "q95"]
    ),
    "comparison": _PAIRED
    | {"answers", "mean_arm", "mean_baseline", "share_positive", "pair_correlation",
       "variance_reduction", "first_divergence_step"},
    "channels": _PAIRED | {"channel"},
    "runs": frozenset(["arm", "uncertainty", "answers"]),
    "timeseries": frozenset(["arm", "step", "actor", "toward", "metric", "value"]),
    "messages": frozenset(
        ["run_id", "arm", "step", "sender", "channel", "type", "effort", "in_reply_to"]
    ),
}  # fmt: skip
# Columns of runs.parquet that no figure reads; they take much memory in millions of runs.
UNREAD = frozenset(["run_id", "seed", "failed", "incidents", "peak_tension"])
OUTCOMES = ("final.", "window.", "effect.", "payoff.")  # beginnings of what a sweep keeps ...
RUN_HELD = 250.0  # bytes that a row of runs takes while it is read
READ = frozenset(["effect.window.lead", "effect.final.lead"])  # ... and what is read of it
DAMAGED = (KeyError, ValueError, IndexError, TypeError)  # what a table not as declared leads to
OFFER_MEAN = -1  # the step of rows that are the mean over the days on which the offer acts
T = TypeVar("T")


class MissingInputError(Exception):
    """A figure or a table cannot be made. The text says what is not in the results."""


class MarkedEvent(NamedTuple):
    """Something dated that figures mark, with the shown arms in which it happens."""

    step: int
    name: str
    description: str = ""


@dataclass(frozen=True)
class Results:
    """The tables of a study, and the names and dates that they share.

    Attributes
    ----------
    tables
        Frames by their names in ``sim.tables.columns.TABLES``.
    manifest
        How the study was made; empty where that is not known.
    scenario
        The base scenario; None where the folder has none that this version reads. Names then
        come from the tables.
    notes
        What is missing, in sentences.
    cache
        What several figures compute alike, by a key of their choice.
    """

    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    scenario: Scenario | None
    notes: list[str] = field(default_factory=list)
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table that has rows; raise :class:`MissingInputError` where there is none."""
        if not self.has(name):
            file = TABLES[name].file
            reason = "is not in this folder, or lacks columns, or has no rows"
            raise MissingInputError(f"{file} {reason}")
        return self.tables[name]

    def has(self, name: str) -> bool:
        """Whether a table is there and has rows."""
        frame = self.tables.get(name)
        return frame is not None and not frame.empty

    # What was asked

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
    def arms(self) -> tuple[str, ...]:
        """The arms: those compared with the baseline first, the baseline last."""
        if self.has("comparison"):
            compared = unique_texts(self.tables["comparison"]["arm"])
            return (*(arm for arm in compared if arm != self.baseline), self.baseline)
        for name in ("timeseries", "summary", "runs"):
            if self.has(name):
                found = unique_texts(self.tables[name]["arm"])
                return tuple(sorted(found, key=lambda arm: arm == self.baseline))
        given = self.manifest.get("arms")
        return tuple(str(arm) for arm in given) if isinstance(given, (list, dict)) else ()

    @cached_property
    def baseline(self) -> str:
        """The arm that the others are compared with; "" if there is none."""
        if self.has("comparison"):
            return str(self.tables["comparison"]["baseline"].iloc[0])
        given = self.scenario.baseline if self.scenario else ""
        return str(self.manifest.get("baseline") or given)

    @cached_property
    def arm(self) -> str:
        """The arm that figures show beside the baseline."""
        if not self.arms:
            raise MissingInputError("no arm is named in this folder")
        return self.arms[0]

    @cached_property
    def arm_title(self) -> str:
        """How readers know that arm."""
        return self.title_of(self.arm)

    @cached_property
    def baseline_title(self) -> str:
        """How readers know the baseline."""
        return self.title_of(self.baseline)

    def title_of(self, arm: str) -> str:
        """How readers know an arm: by its own title, or by its words."""
        if (known := self.scenario) is None:
            return arm.replace("_", " ")
        return self._remember(("title", arm), lambda: known.arm_title(arm))

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The arms a figure draws: the first one, and the baseline if it was run too."""
        return (self.arm, *(arm for arm in self.arms[-1:] if arm != self.arm))

    def of_arm(self, arm: str) -> Results:
        """The same results, with this arm alone beside the baseline."""
        kept = [arm, self.baseline]
        found = {
            name: frame[frame["arm"].isin(kept)] if "arm" in frame else frame
            for name, frame in self.tables.items()
        }
        return Results(found, {**self.manifest, "arms": kept}, self.scenario, self.notes)

    # The scenario and world of an arm

    def scenario_of(self, arm: str) -> Scenario | None:
        """The scenario in an arm; the base where the arm is none of its own; None without one."""
        if self.scenario is None or arm not in self.scenario.arms:
            return self.scenario
        base = self.scenario
        return self._remember(("scenario", arm), lambda: base.arm(arm))

    def world_of(self, arm: str) -> World | None:
        """The world of an arm, as the engines see it; None without a scenario."""
        scenario = self.scenario_of(arm)
        if scenario is None:
            return None
        return self._remember(("world", arm), lambda: build(scenario))

    def _remember(self, key: Any, make: Callable[[], T]) -> T:
        if key not in self.cache:
            self.cache[key] = make()
        found: T = self.cache[key]
        return found

    @cached_property
    def shown_scenario(self) -> Scenario | None:
        """The scenario of the arm that is shown, or the base where no arm is named."""
        return self.scenario_of(self.arms[0]) if self.arms else self.scenario

    @cached_property
    def claimants(self) -> tuple[str, str]:
        """The two claimants, in file order."""
        named = self._names("claimants") or self._column_values("toward", "sympathy")
        if len(named) < 2:
            raise MissingInputError("the names of the two claimants are not in this folder")
        return named[0], named[1]

    @cached_property
    def sides(self) -> tuple[str, str]:
        """The two claimants as they are named where numbers of all points are told.

        Where ``scenario`` is swept they are those of what it chooses between.
        """
        if SCENARIO not in self.swept:
            return self.claimants
        return common_sides(self.manifest.get("claimants", ()))

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The audiences, in file order."""
        return self._names("audiences") or self._column_values("actor", "alignment")

    @cached_property
    def issues(self) -> tuple[str, ...]:
        """The issues, in file order; the first is the background."""
        return self._names("issues") or self._column_values("toward", "salience")

    def _names(self, section: str) -> tuple[str, ...]:
        scenario = self.shown_scenario
        return tuple(item.name for item in getattr(scenario, section)) if scenario else ()

    def _column_values(self, column: str, metric: str) -> tuple[str, ...]:
        for name in ("comparison", "summary", "timeseries"):
            if self.has(name):
                frame = self.tables[name]
                found = unique_texts(frame.loc[frame["metric"] == metric, column])
                if found:
                    return tuple(value for value in found if value)
        return ()

    @cached_property
    def importance(self) -> dict[str, float]:
        """Importance of each audience in the arm that is shown, summing to 1."""
        return self.importance_in(self.arms[0] if self.arms else "")

    def importance_in(self, arm: str) -> dict[str, float]:
        """Importance of each audience in an arm, summing to 1; equal without a scenario."""
        scenario = self.scenario_of(arm)
        names, raw = self.audiences, [1.0] * max(len(self.audiences), 1)
        if scenario is not None:
            names = tuple(audience.name for audience in scenario.audiences)
            raw = [float(audience.importance) for audience in scenario.audiences]
        return dict(zip(names, normalise(np.array(raw)).tolist(), strict=False))

    @cached_property
    def peers(self) -> dict[tuple[str, str], float]:
        """Shares of listening in the arm that is shown, (listener, heard) -> share.

        The shares of a listener sum to 1. Who listens to nobody is not there.
        """
        world = self.world_of(self.arms[0] if self.arms else "")
        if world is None:
            return {}
        names, peers = world.names.audiences, world.peers
        return {
            (names[a], names[b]): weight
            for a in range(len(names))
            for b, weight in zip(
                peers.of[peers.start[a] : peers.start[a + 1]].tolist(),
                peers.weight[peers.start[a] : peers.start[a + 1]].tolist(),
                strict=True,
            )
            if a != b
        }

    # Days

    @cached_property
    def start(self) -> date | None:
        """The date of step 0."""
        return self.shown_scenario.start_date if self.shown_scenario else None

    @cached_property
    def steps(self) -> int:
        """The last step."""
        if self.shown_scenario:
            return self.shown_scenario.steps
        there = [name for name in ("timeseries", "summary") if self.has(name)]
        return max((int(self.tables[name]["step"].max()) for name in there), default=0)

    def day(self, step: int) -> date | None:
        """The date of a step."""
        return None if self.start is None else self.start + timedelta(days=int(step))

    def day_text(self, step: int) -> str:
        """The date of a step as ISO text, or ``day 12`` where there are no dates."""
        return found.isoformat() if (found := self.day(step)) else f"day {step}"

    @cached_property
    def events(self) -> tuple[MarkedEvent, ...]:
        """Dated events of the arms that are shown, and each offer, by date.

        An event that only one of two shown arms has says so in its name.
        """
        found: dict[tuple[int, str], tuple[MarkedEvent, list[str]]] = {}
        arms = self.shown if self.arms else ("",)
        for arm in arms:
            scenario = self.scenario_of(arm)
            for event in scenario.events if scenario else ():
                if 0 <= event.day <= self.steps:
                    marked = MarkedEvent(event.day, event.name, event.description)
                    found.setdefault((event.day, event.name), (marked, []))[1].append(arm)
        events = []
        for marked, having in found.values():
            own = "" if len(having) == len(arms) else f" ({having[0].replace('_', ' ')} only)"
            events.append(marked._replace(name=marked.name + own))
        count = len(self.offer_steps)
        for i, step in enumerate(self.offer_steps, 1):
            name = "offer" if count == 1 else f"offer {i} of {count}"
            events.append(MarkedEvent(step, name, f"{self.mediator_on(step)} offers to mediate"))
        return tuple(sorted(events, key=lambda event: event.step))

    @cached_property
    def offer_steps(self) -> tuple[int, ...]:
        """The days of the offers in the run that is told, or the first scripted day."""
        if self.has("messages"):
            offers = self.tables["messages"]
            offers = offers[(offers["type"] == "OFFER") & (offers["arm"] == self.arm)]
            if not offers.empty:
                return tuple(sorted(set(offers["step"].tolist())))
        known = self.shown_scenario
        roles = known.mediator.roles if known and known.switches.mediation else ()
        days = [day for one in roles if one.policy == "scripted" for day in one.days]
        return tuple(sorted(days)[:1])

    def last_day_of_offer(self, step: int) -> int | None:
        """The last day on which an offer of a day acts; None without a scenario."""
        known = self.shown_scenario
        if known is None:
            return None
        length = int(known.parameters.mediation_length)
        last = known.mediator.last_day_of_offer(step, length, self.offer_steps)
        return min(last, known.steps - 1)

    def mediator_on(self, step: int) -> str:
        """Who mediates on a day in the arm that is shown."""
        known = self.shown_scenario
        return known.mediator.on(step).audience if known else "The mediator"


def read_results(folder: Path) -> Results:
    """Read a run folder.

    Raises
    ------
    RefusedError
        Where a file is damaged.
    MachineError
        Where the machine does not let a file be read, or has no memory for it.
    """
    notes: list[str] = []
    found = {}
    known = _read_manifest(folder / manifest.FILE, notes)
    _demand_memory_for_rows(folder, known)
    for name in READ_TABLES:
        path = tables.whole_path_of(folder, name)
        if not path.exists():
            continue
        frame = _read_or_refuse(path, partial(_read_table, name=name))
        lacking = sorted(REQUIRED.get(name, frozenset()) - set(frame.columns))
        if lacking:
            notes.append(f"{path.name} lacks the columns {', '.join(lacking)}.")
        else:
            found[name] = frame
    return Results(found, known, _read_scenario(folder / RESOLVED, known, notes), notes)


def _demand_memory_for_rows(folder: Path, known: Mapping[str, Any]) -> None:
    """Refuse to read a sweep with more rows than fit into memory."""
    counts, place = known.get("counts"), tables.path_of(folder, "runs")
    if isinstance(counts, Mapping) and place.is_dir():
        rows = sum(int(counts.get(name) or 0) for name in ("used", "failed"))
        advice = f"read {place} piece by piece (docs/clusters.md)"
        memory.demand_memory(RUN_HELD * rows, advice)


def _read_or_refuse(path: Path, read: Callable[[Path], T]) -> T:
    """What is read of a file, or an error that names the file."""
    try:
        return read(path)
    except Exception as error:  # whatever a library meets in a damaged file
        if isinstance(error, OSError) and error.errno:  # what Arrow finds damaged has no number
            raise machine_error(path, error) from error
        raise RefusedError(
            f"{path}: is damaged, it cannot be read ({type(error).__name__}); without this "
            "file the report says that it is missing"
        ) from error


def _read_table(path: Path, name: str) -> pd.DataFrame:
    """A table; of runs only the columns that are read. Text that is missing is empty text."""
    columns: Sequence[str] | None = None
    if name == "runs":
        columns = [c for c in tables.parquet_columns(path) if _is_read(c)]
    frame = tables.read(path.parent, name, columns)
    for column in frame.columns:
        if tables.kind_of(path.name, str(column)) == TEXT:
            frame[column] = frame[column].fillna("").astype(str)
    return frame


def _is_read(column: str) -> bool:
    """Whether a column of the runs is read."""
    return column in READ or not (column in UNREAD or column.startswith(OUTCOMES))


def _read_manifest(path: Path, notes: list[str]) -> Mapping[str, Any]:
    if not path.exists():
        notes.append(f"{path.name} is not in this folder.")
        return {}
    return _read_or_refuse(path, _json_mapping)


def _json_mapping(path: Path) -> Mapping[str, Any]:
    found = read_json(read_regular(path))
    if not isinstance(found, Mapping):
        raise TypeError("is no mapping")
    return found


def _read_scenario(path: Path, known: Mapping[str, Any], notes: list[str]) -> Scenario | None:
    """The scenario; a note where it is missing, or was written by another version.

    The manifest tells a file of another version, which is as it was written, from a damaged one.
    """
    if not path.exists():
        notes.append(f"{path.name} is not in this folder.")
        return None
    try:
        return Scenario.from_yaml(path)
    except InputError as error:
        first = str(error).partition("\n")[0]
        if known.get("files", {}).get(path.name) != manifest.sha256_of(path):
            raise RefusedError(f"{path}: is damaged, it cannot be read ({first})") from error
        notes.append(f"{path.name} is not a scenario that this version reads: {first}.")
        return None


def common_sides(claimants: Iterable[Sequence[str]]) -> tuple[str, str]:
    """The names of the two claimants, or what stands for them in a sweep of several pairs."""
    different = {(str(first), str(second)) for first, second in claimants}
    return different.pop() if len(different) == 1 else ("the first side", "the second side")


def unique_texts(values: Any) -> list[str]:
    """Return different values in order of appearance, as text."""
    return list(dict.fromkeys(str(value) for value in pd.unique(values)))
