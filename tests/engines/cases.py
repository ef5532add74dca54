"""Scenarios to run both engines on: shipped ones, a fixed row of random ones, each plug-in."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from sim.plugins import registry
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from tests.generators import Document, roles_of, scenarios


@cache
def row(count: int) -> tuple[Document, ...]:
    """The first documents that the generator makes: the same ones in every run."""
    made: list[Document] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(document=scenarios())
    def collect(document: Document) -> None:
        made.append(document)

    collect()
    return tuple(made)


def case(number: int, **parts: Any) -> Scenario:
    """The scenario of that number in the row, with these parts of its document exchanged."""
    return Scenario.from_dict(row(80)[number] | parts)


# Scenarios of many audiences, of which the fullest arm is run; their other arms are as elsewhere
LONG = {"kashmir_2019": "mediation", "kashmir_2025_states": "mediation",
        "falklands_1982": "as_it_was"}  # fmt: skip


@cache
def shipped_case(name: str, arm: str = "") -> Scenario:
    """A shipped scenario, read once: reading the main case takes longer than running it."""
    return Scenario.from_yaml(name, arm=arm)


def days_of(name: str, scenario: Scenario) -> int:
    """How many days of a shipped scenario are run: all, of long ones those of the first moves."""
    return min(scenario.steps, 60) if name in LONG else scenario.steps


@cache
def shipped_arms() -> tuple[tuple[str, str], ...]:
    """Every shipped scenario with each of its arms, and its base; of long ones the fullest arm."""
    return tuple(
        (name, arm)
        for name in shipped.names()
        for arm in ("", *shipped_case(name).arms)
        if arm == LONG.get(name, arm)
    )


RULES = [
    *registry.names("rules"),
    {"name": "bounded_confidence", "eps": 0.2},
    {"name": "bounded_confidence", "eps": 0.9, "renormalise": 1.0},
]
PLUG_INS = [
    *({"update_rule": rule} for rule in RULES),
    *({"strategies": name} for name in registry.names("strategies")),
    *({"policy": name} for name in registry.names("mediators")),
    *({"acceptance": name} for name in registry.names("acceptance")),
]


def plugged(document: Document, choice: Document) -> Document:
    """A document in which both claimants and every mediator use the chosen plug-in."""
    sides = [dict(side) for side in document["claimants"]]
    for side in sides:
        side["strategy"] = choice.get("strategies", side["strategy"])
        side["acceptance"] = choice.get("acceptance", side["acceptance"])
    roles = [
        role | {"policy": choice.get("policy", role["policy"])} for role in roles_of(document)
    ]
    rule = choice.get("update_rule", document["update_rule"])
    return document | {
        "claimants": sides,
        "mediator": roles if isinstance(document["mediator"], list) else roles[0],
        "update_rule": rule,
    }


def named(choice: Document) -> str:
    """A short name of the test's case."""
    ((kind, name),) = choice.items()
    options = name.values() if isinstance(name, dict) else [name]
    return "-".join(map(str, [kind, *options]))
