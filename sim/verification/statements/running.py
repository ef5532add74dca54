"""From a statement's document to what the model makes of it: one run of the agent engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from sim.tables.metrics import alignment
from sim.world.arrays import Floats, Record, World
from sim.world.building import build, setting
from sim.world.draws import draws


def world_of(document: Mapping[str, Any], arm: str = "") -> World:
    """The arrays of a document, or of one of its arms."""
    scenario = Scenario.from_dict(document)
    return build(scenario.arm(arm) if arm else scenario)


def model_of(
    document: Mapping[str, Any], seed: int = 0, replicate: int = 0, ledger: bool = False
) -> NarrativeModel:
    """The agent engine's model at the start of day 0."""
    return prepare_model(world_of(document), seed, replicate, ledger)


def prepare_model(
    world: World, seed: int = 0, replicate: int = 0, ledger: bool = False
) -> NarrativeModel:
    """The agent engine's model of a world that may have been changed by hand."""
    return NarrativeModel.prepared(
        world, setting(world), draws(world, seed, replicate), ledger=ledger
    )


def simulate(document: Mapping[str, Any], seed: int = 0, replicate: int = 0) -> Record:
    """Run to the end."""
    return model_of(document, seed, replicate).run()


def final_alignment(document: Mapping[str, Any]) -> Floats:
    """x[a] at the end of a run."""
    return alignment(simulate(document).sympathy[-1])


def difference(one: Record, other: Record) -> float:
    """Largest absolute difference of two records, over everything they hold."""
    largest = 0.0
    for name in Record._fields:
        arrays = zip(_arrays(getattr(one, name)), _arrays(getattr(other, name)), strict=True)
        for a, b in arrays:
            if a.shape != b.shape:
                return float("inf")
            if a.size:
                largest = max(largest, float(np.abs(a - b).max()))
    return largest


def _arrays(value: Any) -> list[Floats]:
    parts = list(value) if isinstance(value, tuple) else [value]
    return [np.asarray(part, dtype=np.float64) for part in parts]


def shipped_scenarios() -> dict[str, Scenario]:
    """The scenarios that come with the package, by name."""
    return {name: Scenario.from_yaml(name) for name in shipped.names()}
