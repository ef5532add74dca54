"""What the page may be asked for: scenarios, their arms, the levers, as the declarations say.

Nothing is computed here: no run is made, and no ask is read.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from typing import Any, NamedTuple

from sim.errors import InputError, Problem
from sim.lessons.entities import RUNS, Lesson
from sim.lessons.reading import read_lessons
from sim.page.fields import LARGEST_NUMBER, AskLimits, ScenarioLimits
from sim.page.lessons import before_prediction
from sim.page.naming import display_names
from sim.page.places import positions
from sim.page.protocol import ArmsAsk, pick
from sim.parameters import OFF, SPECS, Switches
from sim.running.executing import engine_for
from sim.scenario import shipped
from sim.scenario.idle_parameters import SWITCHED, idle_everywhere
from sim.scenario.scenario import Scenario
from sim.tables.metrics import OPINION_POINT

# Shown first, the rest on request: what a class changes to see one mechanism each.
FIRST = (
    "parity",
    "goodwill",
    "audience_cost",
    "message_weight",
    "anchor_pull",
    "denial_efficacy",
    "denial_priming",
    "base_incident_rate",
)


class Lever(NamedTuple):
    """A parameter that the page may change: its range on the page and the scenario's value."""

    name: str
    low: float
    high: float
    value: float


@dataclass(frozen=True)
class Catalogue:
    """All that the page may be asked for.

    Parameters
    ----------
    scenarios
        By name; the scenarios of the lessons are among them, as ``lesson.NAME``.
    served
        The name of the scenario of the command line.
    words
        How the command line names that scenario, ``--set`` and the like included.
    lessons
        By name.
    """

    scenarios: Mapping[str, Scenario]
    served: str
    words: tuple[str, ...]
    lessons: Mapping[str, Lesson] = field(default_factory=dict)

    @cached_property
    def limits(self) -> AskLimits:
        """What asks may name."""
        limits = {name: _limits(found) for name, found in self.scenarios.items()}
        return AskLimits(limits, tuple(self.lessons))

    @cached_property
    def about(self) -> dict[str, Any]:
        """All of it as plain values, for the browser."""
        taught = {lesson_scenario_name(name): lesson for name, lesson in self.lessons.items()}
        scenarios = {
            name: _about(one, self.names[name], self._idle_levers(name))
            | {"mediators": [_mediators(self.arms[name, arm]) for arm in _limits(one).arms]}
            for name, one in self.scenarios.items()
        }
        for name, lesson in taught.items():  # opens on the arms that the lesson compares
            scenarios[name] |= {"chosen": list(lesson.see.arms), "lesson": True}
        return {
            "served": self.served,
            "runs": RUNS,
            "version": version("narrative-diplomacy"),
            "scenarios": scenarios,
            "lessons": [before_prediction(lesson, name) for name, lesson in taught.items()],
        }

    def _idle_levers(self, name: str) -> dict[str, str]:
        """The levers that change nothing in any arm, whatever is switched on, and why."""
        arms = (self.arms[name, arm] for arm in self.limits.scenarios[name].arms)
        return idle_everywhere(arms, SPECS, switches=False)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """By scenario, how its arms and narratives are displayed."""
        return {name: display_names(found) for name, found in self.scenarios.items()}

    @cached_property
    def arms(self) -> dict[tuple[str, str], Scenario]:
        """Every arm of every scenario, resolved once: that takes longer than a run of it.

        An arm is "" if its scenario has none.
        """
        return {
            (name, arm): found.arm(arm) if arm else found
            for name, found in self.scenarios.items()
            for arm in self.limits.scenarios[name].arms
        }

    def scenario_of_ask(self, ask: ArmsAsk, arm: str) -> Scenario:
        """The scenario of an ask in an arm, as its levers and switches change it.

        Raises
        ------
        InputError
            If it refuses the values together.
        """
        return self.arms[ask.scenario, arm].replace(
            parameters=dict(ask.parameters), switches=dict(ask.switches)
        )

    def run_command(self, ask: ArmsAsk, arm: str) -> str:
        """The command that tells the run of this ask in this arm, with the same numbers."""
        words = ["narrate", "run", *self._scenario_words(ask.scenario)]
        words += ["--arm", arm] if arm else []
        words += ["--seed", str(ask.seed), "--replicate", str(ask.replicate)]
        for name, value in ask.parameters:
            # written without an exponent, which --set refuses
            words += ["--set", f"{name}={Decimal(repr(value)):f}"]
        for name, on in ask.switches:
            words += ["--set", f"switches.{name}={'true' if on else 'false'}"]
        return shlex.join(words)

    def _scenario_words(self, scenario: str) -> tuple[str, ...]:
        """How a command names a scenario."""
        if scenario == self.served:
            return self.words
        by_lesson = {lesson_scenario_name(name): one.words for name, one in self.lessons.items()}
        return (by_lesson.get(scenario, scenario),)

    def plugin_words(self, scenario: str) -> list[str]:
        """The plug-ins that a command on this scenario has to name."""
        words = self.words if scenario == self.served else ()
        return [word for pair in pairwise(words) if pair[0] == "--plugin" for word in pair]


def lesson_scenario_name(lesson: str) -> str:
    """What the scenario of a lesson is called on the page; no other has a dot in its name."""
    return f"{shipped.LESSON}{lesson}"


def build_catalogue(
    served: Scenario, words: Sequence[str], taught: Mapping[str, Lesson] | None = None
) -> Catalogue:
    """The scenario of the command line, the shipped ones, and those of lessons.

    Parameters
    ----------
    served
        The scenario of the command line; it replaces a shipped one of the same name.
    words
        How the command line names it.
    taught
        The lessons by name; None takes the shipped ones.

    Raises
    ------
    InputError
        If a seed is one that JavaScript would round.
    """
    taught = read_lessons() if taught is None else taught
    demand_small_seed(served)
    for lesson in taught.values():
        demand_small_seed(lesson.scenario, lesson.words)
    scenarios = {served.name: served}
    for name in shipped.names():
        if name not in scenarios:
            scenarios[name] = Scenario.from_yaml(name)
    scenarios |= {lesson_scenario_name(name): lesson.scenario for name, lesson in taught.items()}
    return Catalogue(scenarios, served.name, tuple(words), taught)


def demand_small_seed(scenario: Scenario, place: str = "") -> None:
    """Refuse a seed that JavaScript would round.

    Raises
    ------
    InputError
        Where it is too large.
    """
    if scenario.seed > LARGEST_NUMBER:
        reason = f"must be at most {LARGEST_NUMBER} on the page"
        raise InputError(Problem("seed", reason, str(scenario.seed), place))


def demand_compiled(scenarios: Iterable[Scenario]) -> None:
    """Refuse plug-ins that cannot be compiled: a class would wait too long for the answers.

    Raises
    ------
    InputError
        Where a scenario uses one in any of its arms.
    """
    arms = [one.arm(name) if name else one for one in scenarios for name in one.arms or ("",)]
    _, why = engine_for("ensemble", arms)
    if why:
        raise InputError(f"--plugin: {why.split(';')[0]}; the page runs compiled plug-ins only")


def levers(scenario: Scenario) -> list[Lever]:
    """Every parameter that is not fixed, those of ``FIRST`` before the others.

    The range is that of the declaration, widened to the scenario's own value if that lies outside.
    """
    others = [name for name, spec in SPECS.items() if not spec.fixed and name not in FIRST]
    found = []
    for name in (*FIRST, *others):
        value, spec = float(getattr(scenario.parameters, name)), SPECS[name]
        found.append(Lever(name, min(spec.low, value), max(spec.high, value), value))
    return found


def _limits(scenario: Scenario) -> ScenarioLimits:
    return ScenarioLimits(
        arms=scenario.arms or ("",),
        parameters={lever.name: (lever.low, lever.high) for lever in levers(scenario)},
        switches=Switches._fields,
        audiences=tuple(audience.name for audience in scenario.audiences),
        claimants=tuple(side.name for side in scenario.claimants),
        steps=scenario.steps,
    )


def _about(
    scenario: Scenario, names: Mapping[str, str], idle: Mapping[str, str]
) -> dict[str, Any]:
    """One scenario as plain values; ``chosen`` are the arms that are compared at first."""
    limits = _limits(scenario)
    arms = limits.arms
    other = next((arm for arm in arms if arm != scenario.baseline), arms[0])
    audiences, homes = positions(limits.audiences, limits.claimants)
    return {
        **pick(scenario, "description", "seed", "steps"),
        **pick(limits, "arms", "claimants", "audiences"),
        "title": scenario.title or scenario.name,
        "name": names[scenario.name],
        "arm_names": [names[arm] for arm in arms],
        "chosen": [other, scenario.baseline or other],
        "start": scenario.start_date.isoformat(),
        "opinion_point": OPINION_POINT,
        "positions": {"audiences": audiences, "homes": homes},
        "levers": [_lever(lever, idle) for lever in levers(scenario)],
        "switches": [_switch(name, on) for name, on in scenario.switches._asdict().items()],
    }


def _mediators(scenario: Scenario) -> list[tuple[int, str]]:
    """From which day on who mediates in an arm."""
    return [(role.first_day, role.audience) for role in scenario.mediator.roles]


def _lever(lever: Lever, idle: Mapping[str, str]) -> dict[str, Any]:
    """One lever as plain values.

    ``idle`` says why it changes nothing in any arm, ``needs`` without which switches it does not.
    """
    declared = pick(SPECS[lever.name], "symbol", "unit", "meaning", "more", "source")
    needs = [switch for switch, names in SWITCHED.items() if lever.name in names]
    own = {"first": lever.name in FIRST, "needs": needs, "idle": idle.get(lever.name, "")}
    return {**lever._asdict(), **own, **declared}


def _switch(name: str, on: bool) -> dict[str, Any]:
    puts = ", ".join(f"{key} {value:g}" for key, value in OFF.get(name, {}).items())
    return {"name": name, "on": on, "off": puts}
