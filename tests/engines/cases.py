"""Scenarios to run both engines on: the shipped ones, and a fixed row of random ones."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from tests.generators import Document, scenarios


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


def shipped_arms() -> list[tuple[str, str]]:
    """Every shipped scenario with each of its arms, and its base."""
    return [
        (name, arm) for name in shipped.names() for arm in ("", *Scenario.from_yaml(name).arms)
    ]
