"""What the page may be asked for: scenarios, their arms, the levers, as the declarations say."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from typing import Any, NamedTuple

from sim.errors import InputError, Problem
from sim.lessons import reading
from sim.lessons.entities import Lesson
from sim.page.fields import LARGEST_NUMBER, ScenarioLimits
from sim.page.lessons import before_prediction
from sim.page.naming import display_names
from sim.page.places import positions
from sim.page.protocol import RUNS, ArmsAsk, AskLimits
from sim.parameters import OFF, SPECS, Switches
from sim.scenario import shipped
from sim.scenario.scenario import Scenario

# Shown first, the rest on request: what a class changes to see one mechanism each.
FIRST = (
    "parity", "goodwill", "audience_cost", "message_weight", "anchor_pull", "denial_efficacy",
    "denial_priming", "base_incident_rate",
)  # fmt: skip


class Lever(NamedTuple):
    """A parameter that the page may change: its range on the page and the scenario's value."""

    name: str
    low: float
    high: float
    value: float


@dataclass(frozen=True)
class Catalogue:
    """Scenarios by name; ``served`` is the one of the command line.

    ``words`` is how the command line names the served scenario, ``--set`` and the like included.
    The scenarios of the lessons are among the scenarios, as ``lesson.NAME``.
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
        lessons = {lesson_scenario_name(name): found for name, found in self.lessons.items()}
        return {
            "served": self.served,
            "runs": RUNS,
            "version": version("narrative-diplomacy"),
            "scenarios": {
                name: _about(found, self.names[name]) for name, found in self.scenarios.items()
            } | {
                name: _about_taught(found, self.names[name])
                for name, found in lessons.items()
            },
            "lessons": [before_prediction(found, name) for name, found in lessons.items()],
        }  # fmt: skip

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """By scenario, how its arms and narratives are read."""
        return {name: display_names(found) for name, found in self.scenarios.items()}

    @cached_property
    def _arms(self) -> dict[tuple[str, str], Scenario]:
        """Every arm of every scenario, resolved once: that takes longer than a run of it."""
        return {
            (name, arm): found.arm(arm) if arm else found
            for name, found in self.scenarios.items()
            for arm in self.limits.scenarios[name].arms
        }

    def scenario_in_arm(self, scenario: str, arm: str) -> Scenario:
        """A scenario in an arm of it; "" where it has none."""
        return self._arms[scenario, arm]

    def scenario_of_ask(self, ask: ArmsAsk, arm: str) -> Scenario:
        """The scenario of an ask in an arm, as its levers and switches change it.

        Raises
        ------
        InputError
            Where it refuses the values together.
        """
        return self.scenario_in_arm(ask.scenario, arm).replace(
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
        if scenario == self.served:
            return self.words
        lesson = self.lessons.get(scenario.removeprefix(shipped.LESSON))
        is_taught = lesson is not None and scenario.startswith(shipped.LESSON)
        return (lesson.words,) if lesson is not None and is_taught else (scenario,)

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

    ``taught`` are the lessons by name: the shipped ones, where nothing is given.

    Raises
    ------
    InputError
        Where the seed is one that JavaScript would round.
    """
    taught = reading.read_lessons() if taught is None else taught
    for scenario in (served, *(lesson.scenario for lesson in taught.values())):
        if scenario.seed > LARGEST_NUMBER:
            reason = f"must be at most {LARGEST_NUMBER} on the page"
            raise InputError(Problem("seed", reason, str(scenario.seed)))
    scenarios = {served.name: served}
    for name in shipped.names():
        if name not in scenarios:
            scenarios[name] = Scenario.from_yaml(name)
    scenarios |= {lesson_scenario_name(name): lesson.scenario for name, lesson in taught.items()}
    return Catalogue(scenarios, served.name, tuple(words), taught)


def levers(scenario: Scenario) -> list[Lever]:
    """Every parameter that is not fixed, those of ``FIRST`` before the others.

    The range is that of the declaration, widened to the scenario's own value where that lies
    outside.
    """
    names = [name for name, spec in SPECS.items() if not spec.fixed]
    found = []
    for name in sorted(names, key=lambda name: (name not in FIRST, _place(name))):
        value = float(getattr(scenario.parameters, name))
        spec = SPECS[name]
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


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else list(SPECS).index(name)


def _about(scenario: Scenario, names: Mapping[str, str]) -> dict[str, Any]:
    arms = list(scenario.arms) or [""]
    other = next((arm for arm in arms if arm != scenario.baseline), arms[0])
    return {
        "title": scenario.title or scenario.name,
        "name": names[scenario.name],
        "arm_names": [names[arm] for arm in arms],
        "description": scenario.description,
        "arms": arms,
        "chosen": [other, scenario.baseline or other],
        "seed": scenario.seed,
        "steps": scenario.steps,
        "start": scenario.start_date.isoformat(),
        "claimants": [side.name for side in scenario.claimants],
        "audiences": [audience.name for audience in scenario.audiences],
        "mediator": scenario.mediator.audience,
        "positions": _positions(scenario),
        "levers": [_lever(lever) for lever in levers(scenario)],
        "switches": [_switch(name, on) for name, on in scenario.switches._asdict().items()],
    }


def _about_taught(lesson: Lesson, names: Mapping[str, str]) -> dict[str, Any]:
    """A lesson's scenario opens on the arms that the lesson compares."""
    return {**_about(lesson.scenario, names), "chosen": list(lesson.see.arms), "lesson": True}


def _positions(scenario: Scenario) -> dict[str, Any]:
    audiences, homes = positions(
        [audience.name for audience in scenario.audiences],
        [side.name for side in scenario.claimants],
    )
    return {"audiences": audiences, "homes": homes}


def _lever(lever: Lever) -> dict[str, Any]:
    spec = SPECS[lever.name]
    return {
        **lever._asdict(), "first": lever.name in FIRST, "symbol": spec.symbol, "unit": spec.unit,
        "meaning": spec.meaning, "more": spec.more, "source": spec.source,
    }  # fmt: skip


def _switch(name: str, on: bool) -> dict[str, Any]:
    puts = ", ".join(f"{key} {value:g}" for key, value in OFF.get(name, {}).items())
    return {"name": name, "on": on, "off": puts}
