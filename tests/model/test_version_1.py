"""Version 1 within version 2, to the bit, in both engines: its states are kept as data.

version_1/ has the scenarios as version 0.1.0 shipped them, and what it made of them and of the
first reference case: a digest of every bit of every day, and the last day's sympathies.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.scenario.scenario import Scenario
from sim.verification.statements.versions import digest
from sim.world.arrays import Record
from sim.world.building import build, setting
from tests.engines.comparing import record_of_run

HERE = Path(__file__).parent
STORED: dict[str, dict[str, Any]] = json.loads((HERE / "version_1" / "states.json").read_text())
VALUES = {"crowding": 1.0, "news_half_life": 0.0}
OFF = {"switches": {"summation": False, "news": False}}


def made_now(key: str, changes: dict[str, Any]) -> Record:
    """The run of a stored key: engine, scenario, arm, whether parameters are drawn."""
    engine, name, arm, kind = key.split(", ")
    file, seed = HERE / "version_1" / f"{name}.yaml", 1
    if name == "reference":
        file, seed = HERE / "reference" / "case.yaml", 7
    scenario = Scenario.from_yaml(file, arm=arm).replace(**changes)
    uncertain = kind == "drawn"
    if engine == "agents":
        return NarrativeModel(
            scenario, seed=seed, replicate=int(uncertain), uncertain=uncertain
        ).run()
    world, replicates = build(scenario), np.array([int(uncertain)], dtype=np.uint64)
    drawn = uncertain_lanes(world, seed, replicates) if uncertain else lanes([setting(world)])
    many = simulate_many(world, drawn, seed, replicates, fields=FULL, jobs=1)
    return record_of_run(many.record, 0)


@pytest.mark.parametrize("key", STORED)
def test_version_1_is_nested_to_the_bit(key: str) -> None:
    """By values where they are not drawn; by the switches, which act after the draw, always."""
    for changes in [OFF] if key.endswith("drawn") else [VALUES, OFF]:
        record = made_now(key, changes)
        then = np.array(STORED[key]["last"])
        assert np.abs(record.sympathy[-1].ravel() - then).max() == 0.0, changes
        assert digest(record) == STORED[key]["digest"], changes


@pytest.mark.parametrize("part", [{"crowding": 0.999}, {"news_half_life": 0.1}])
def test_stored_states_notice_what_is_new(part: dict[str, float]) -> None:
    for engine in ("agents", "compiled"):
        key = f"{engine}, kashmir_2025, mediation, chance"
        assert digest(made_now(key, VALUES | part)) != STORED[key]["digest"]
