"""What a sweep is: everything that decides its numbers, and which points share a world.

Points that differ only in parameters that are plain numbers share one world and run side by side,
each run with its own numbers: a world takes some 300 times as long to build as a run to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.parameters import SPECS, WHOLE_NUMBERS, invalid
from sim.running.blocks import COMPARISON_METRICS, CRISIS_METRICS, keys_of
from sim.scenario.assignments import full_path, setting_text
from sim.scenario.error_texts import show_text
from sim.scenario.idle_parameters import idle_everywhere, idle_notes
from sim.scenario.scenario import Scenario
from sim.world.arrays import Floats, Ints, World
from sim.world.building import build

DEFAULT = ("lead", "alignment", "sympathy", *CRISIS_METRICS, "polarization", "wedge")
IDS = ("run_id", "point", "scenario", "arm", "uncertainty", "replicate", "seed")
DIVERGED = "first_divergence_step"
FACTS = ("offers", "incidents", "peak_tension", DIVERGED, "lead")
SCENARIO = "scenario"
PLACE = "--param"
TIMES = (SCENARIO, "start_date", "steps")  # keys that move the calendar
# An anchor_pull of 0 asks for starts that others do not need, so it is checked with its scenario
_UNSHARED = {"anchor_pull": 0.0}
_KEPT_READY = 32  # worlds, as many as the engine keeps laid out
_KEPT_READ = 128  # scenarios of settings: one takes some 50 ms to read, and is looked at often


@dataclass(frozen=True, eq=False)
class Swept:
    """Everything that decides the numbers of a sweep.

    Attributes
    ----------
    scenario
        What is swept, before a point is set.
    scenarios
        By the values of the design's column ``scenario``, where it has one.
    design
        ``point`` and one column per swept key.
    base
        The baseline; "" where the scenario has no arms.
    arms
        The others.
    kind
        ``chance``, or ``parameters``: all that is not fixed is drawn around each point's values.
    metrics
        Those kept, of ``blocks.COMPARISON_METRICS``.
    replay
        The command that runs the scenario once.
    payoffs
        Those kept of each run, of ``payoffs.PAYOFFS``.
    """

    scenario: Scenario
    scenarios: Mapping[str, Scenario]
    design: pd.DataFrame
    base: str
    arms: tuple[str, ...]
    kind: str
    seed: int
    metrics: tuple[str, ...] = DEFAULT
    replay: str = ""
    payoffs: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """The swept keys, in their order."""
        return [str(key) for key in self.design.columns if key != "point"]

    @property
    def payoff_columns(self) -> dict[str, tuple[str, str]]:
        """Columns of rows that hold payoffs: the payoff and the claimant of each."""
        names = [side.name for side in self.scenario.claimants]
        return {payoff_column(one, name): (one, name) for one in self.payoffs for name in names}


def payoff_column(payoff: str, claimant: str) -> str:
    """The column of rows with a claimant's payoff."""
    return f"payoff.{payoff}.{claimant}"


class Outcome(NamedTuple):
    """One number of a run: a metric, whose, and toward whom or what."""

    metric: str
    actor: str
    toward: str

    @property
    def name(self) -> str:
        """As in ``final.NAME``: the parts that apply, with dots between."""
        return ".".join(part for part in self if part)


class Sharing(NamedTuple):
    """Which points share a world."""

    numbers: dict[str, Floats]  # by parameter, its value at each point of the design
    settings: list[dict[str, str]]  # what is set otherwise, each once; may choose the scenario
    setting: Ints  # number of each point's


def check_sweep(swept: Swept) -> None:
    """Check every point before the first one runs, in every arm.

    Raises
    ------
    InputError
        In the words of a scenario file.
    """
    clash = [key for key in swept.keys if key in (*IDS[:2], *IDS[3:], "failed", *FACTS)]
    if clash:
        raise InputError(f"{PLACE}: {show_text(clash[0])}: is a column of every table of a sweep")
    unknown = [name for name in swept.metrics if name not in COMPARISON_METRICS]
    if unknown:
        raise InputError(
            f"metrics: must be of {', '.join(COMPARISON_METRICS)} (got {show_text(unknown[0])})"
        )
    sharing = find_sharing(swept)
    for name, values in sharing.numbers.items():
        for value in dict.fromkeys(values.tolist()):
            if invalid(name, value):
                swept.scenario.set({name: repr(value)}, place=PLACE)  # refuses it in its own words
    for scenario in scenarios(swept):
        scenario.plugins()
    outcomes(swept)


def notes_on_keys(swept: Swept) -> list[str]:
    """Which swept keys take the place of an arm's own value, and which change nothing.

    Where all parameters are swept, nobody meant the idle ones among them.
    """
    paths = [full_path(key) for key in swept.keys if key != SCENARIO]
    every = swept.scenarios.values() or (swept.scenario,)
    arms = [arm for arm in (swept.base, *swept.arms) if arm]
    found = [note for one in every for arm in arms for note in one.overridden_notes(paths, arm)]
    names = [path.removeprefix("parameters.") for path in paths if path.startswith("parameters.")]
    if not all(name in names for name, spec in SPECS.items() if not spec.fixed):
        found += idle_notes(idle_everywhere(scenarios(swept), names))
    return list(dict.fromkeys(found))


def scenarios(swept: Swept, *arms: str) -> Iterator[Scenario]:
    """Every different scenario of the sweep in these arms, or in all where none is named.

    Shared numbers are not set in them.
    """
    for number in range(len(find_sharing(swept).settings)):
        for arm in arms or (swept.base, *swept.arms):
            yield _scenario(swept, number, arm)


@lru_cache(maxsize=8)
def find_sharing(swept: Swept) -> Sharing:
    """Tell the parameters that may differ from run to run from what decides the world."""
    design = swept.design
    numbers: dict[str, Floats] = {}
    texts: dict[str, list[str]] = {}
    for key in swept.keys:
        name = full_path(key).removeprefix("parameters.")
        values = design[key]
        if _is_shared(swept, name, values):
            numbers[name] = values.to_numpy(dtype=np.float64)
        else:
            texts[key] = [setting_text(value) for value in values.tolist()]
    found: dict[tuple[str, ...], int] = {}
    every = zip(*texts.values(), strict=True) if texts else [()] * len(design)
    setting = np.array([found.setdefault(row, len(found)) for row in every], dtype=np.int64)
    return Sharing(numbers, [dict(zip(texts, row, strict=True)) for row in found], setting)


def _is_shared(swept: Swept, name: str, values: pd.Series[Any]) -> bool:
    if name not in SPECS or name in WHOLE_NUMBERS:  # whole numbers of days are read off the world
        return False
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return False
    if name in _UNSHARED and bool((values == _UNSHARED[name]).any()):
        return False
    # what Scenario.replace put in holds against what a point sets
    known = (swept.scenario, *swept.scenarios.values())
    return all(name not in scenario.replaced.get("parameters", {}) for scenario in known)


def calendar(swept: Swept, place: int) -> tuple[date, int]:
    """The first date and the number of days at a point, given as its row of the design."""
    sharing = find_sharing(swept)
    setting = sharing.settings[sharing.setting[place]]
    return _calendar(swept, _times(setting))


def day_range(swept: Swept) -> tuple[int, int]:
    """The fewest and the most days that runs of the sweep have."""
    every = {_times(setting) for setting in find_sharing(swept).settings}
    days = [_calendar(swept, times)[1] for times in every]
    return min(days), max(days)


def _times(setting: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What of a setting moves the calendar."""
    return tuple((key, setting[key]) for key in TIMES if key in setting)


@lru_cache
def _calendar(swept: Swept, times: tuple[tuple[str, str], ...]) -> tuple[date, int]:
    scenario = _scenario_at(swept, dict(times))
    return scenario.start_date, scenario.steps


_read: dict[tuple[int, tuple[tuple[str, str], ...], str], tuple[Scenario, Scenario]] = {}


def _scenario(swept: Swept, number: int, arm: str) -> Scenario:
    """The scenario of a setting in an arm; sweeps of one scenario share those read lately."""
    setting = find_sharing(swept).settings[number]
    base = swept.scenarios[setting[SCENARIO]] if SCENARIO in setting else swept.scenario
    key = (id(base), tuple(setting.items()), arm)
    known = _read.get(key)
    if known is None or known[0] is not base:
        while len(_read) >= _KEPT_READ:
            _read.pop(next(iter(_read)), None)
        scenario = _scenario_at(swept, setting)
        # the base too, so that its place in memory is not taken by another
        known = _read[key] = base, scenario.arm(arm) if arm else scenario
    return known[1]


def _scenario_at(swept: Swept, setting: Mapping[str, str]) -> Scenario:
    scenario = swept.scenarios[setting[SCENARIO]] if SCENARIO in setting else swept.scenario
    others = {key: value for key, value in setting.items() if key != SCENARIO}
    return scenario.set(others, place=PLACE) if others else scenario


@lru_cache(maxsize=_KEPT_READY)
def world_of(swept: Swept, number: int, arm: str) -> World:
    """The world of a setting in an arm, without the numbers that points share it with."""
    return build(_scenario(swept, number, arm))


@lru_cache(maxsize=8)
def outcomes(swept: Swept) -> dict[Outcome, int]:
    """Every outcome with its place among the columns: those of all scenarios together."""
    firsts: dict[str, int] = {}
    for number, setting in enumerate(find_sharing(swept).settings):
        firsts.setdefault(setting.get(SCENARIO, ""), number)
    arms = (swept.base, *swept.arms)
    worlds = [world_of(swept, number, arm) for number in firsts.values() for arm in arms]
    found: dict[Outcome, None] = {}
    for name in swept.metrics:
        for world in worlds:
            found |= dict.fromkeys(Outcome(name, *key) for key in keys_of(name, world))
    taken: dict[str, Outcome] = {}
    for outcome in found:
        if taken.setdefault(outcome.name, outcome) != outcome:
            raise InputError(f"metrics: two outcomes would be called {show_text(outcome.name)}")
    return {outcome: place for place, outcome in enumerate(found)}
