"""What the page may be asked for: scenarios, their arms, the levers, as the declarations say."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from sim.errors import InputError, Problem
from sim.page.protocol import LARGEST_NUMBER, RUNS, Ask, Limits
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
    """

    scenarios: Mapping[str, Scenario]
    served: str
    words: tuple[str, ...]

    @cached_property
    def limits(self) -> dict[str, Limits]:
        """What an ask of each scenario may hold."""
        return {
            name: Limits(
                arms=scenario.arms or ("",),
                parameters={lever.name: (lever.low, lever.high) for lever in levers(scenario)},
                switches=Switches._fields,
            )
            for name, scenario in self.scenarios.items()
        }

    @cached_property
    def about(self) -> dict[str, Any]:
        """All of it as plain values, for the browser."""
        return {
            "served": self.served,
            "runs": RUNS,
            "scenarios": {name: _about(found) for name, found in self.scenarios.items()},
        }

    @cached_property
    def _arms(self) -> dict[tuple[str, str], Scenario]:
        """Every arm of every scenario, resolved once: that takes longer than a run of it."""
        return {
            (name, arm): found.arm(arm) if arm else found
            for name, found in self.scenarios.items()
            for arm in self.limits[name].arms
        }

    def in_arm(self, scenario: str, arm: str) -> Scenario:
        """A scenario in an arm of it; "" where it has none."""
        return self._arms[scenario, arm]

    def command(self, ask: Ask, arm: str) -> str:
        """The command that tells the run of this ask in this arm, with the same numbers."""
        named = self.words if ask.scenario == self.served else (ask.scenario,)
        words = ["narrate", "run", *named]
        words += ["--arm", arm] if arm else []
        words += ["--seed", str(ask.seed), "--replicate", str(ask.replicate)]
        for name, value in ask.parameters:
            # written without an exponent, which --set refuses
            words += ["--set", f"{name}={Decimal(repr(value)):f}"]
        for name, on in ask.switches:
            words += ["--set", f"switches.{name}={'true' if on else 'false'}"]
        return shlex.join(words)


def catalogue(served: Scenario, words: Sequence[str]) -> Catalogue:
    """The scenario of the command line and the shipped ones.

    Raises
    ------
    InputError
        Where the seed is one that JavaScript would round.
    """
    if served.seed > LARGEST_NUMBER:
        reason = f"must be at most {LARGEST_NUMBER} on the page"
        raise InputError(Problem("seed", reason, str(served.seed)))
    scenarios = {served.name: served}
    for name in shipped.names():
        if name not in scenarios:
            scenarios[name] = Scenario.from_yaml(name)
    return Catalogue(scenarios, served.name, tuple(words))


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


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else list(SPECS).index(name)


def _about(scenario: Scenario) -> dict[str, Any]:
    arms = list(scenario.arms) or [""]
    other = next((arm for arm in arms if arm != scenario.baseline), arms[0])
    return {
        "title": scenario.title or scenario.name,
        "description": scenario.description,
        "arms": arms,
        "chosen": [other, scenario.baseline or other],
        "seed": scenario.seed,
        "steps": scenario.steps,
        "start": scenario.start_date.isoformat(),
        "claimants": [side.name for side in scenario.claimants],
        "audiences": [audience.name for audience in scenario.audiences],
        "mediator": scenario.mediator.audience,
        "levers": [_lever(lever) for lever in levers(scenario)],
        "switches": [_switch(name, on) for name, on in scenario.switches._asdict().items()],
    }


def _lever(lever: Lever) -> dict[str, Any]:
    spec = SPECS[lever.name]
    return {
        **lever._asdict(), "first": lever.name in FIRST, "symbol": spec.symbol, "unit": spec.unit,
        "meaning": spec.meaning, "source": spec.source,
    }  # fmt: skip


def _switch(name: str, on: bool) -> dict[str, Any]:
    puts = ", ".join(f"{key} {value:g}" for key, value in OFF.get(name, {}).items())
    return {"name": name, "on": on, "off": puts}
