"""A stored run of the main case, so that drift between versions shows in review.

Written anew only on purpose, with the reason in the commit: ``python -m tests.model.baseline``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.scenario.scenario import Scenario
from sim.world.arrays import Record

FILE = Path(__file__).with_name("baseline.json")
ARMS = ("mediation", "no_mediation")
DAYS = (0, 11, 26, 40, 60, 90, 130)
FIELDS = ("sympathy", "salience", "kept", "broken", "credence", "tension", "mediation")
SEED, REPLICATES = 1, (0, 1)


def runs() -> dict[str, Record]:
    """Two replicates of two arms, the second with parameters and judgements drawn."""
    scenario = Scenario.from_yaml("kashmir_2025")
    return {
        f"{arm} {replicate}": NarrativeModel(
            scenario, arm, SEED, replicate, uncertain=replicate == 1
        ).run()
        for arm in ARMS
        for replicate in REPLICATES
    }


def values() -> dict[str, dict[str, list[float]]]:
    """Each state of the chosen days, flattened."""
    return {
        name: {
            field: np.asarray(getattr(record, field))[list(DAYS)].ravel().tolist()
            for field in FIELDS
        }
        for name, record in runs().items()
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=0) + "\n", encoding="utf-8")
