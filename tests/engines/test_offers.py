"""When an offer is made, how long it acts, and what a quiet one does (docs/model.md, 2.8 and 4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.scenario.scenario import Scenario
from sim.world.arrays import Record
from tests.engines.comparing import record_of_run, run_agents, run_compiled, same_bits

CASE = Path(__file__).parents[1] / "model" / "reference" / "case.yaml"


def both(acceptance: str, policy: str, **parameters: Any) -> list[Record]:
    """The reference case by either engine, with one acceptance rule for both claimants."""
    document = Scenario.from_yaml(CASE).to_dict(arms=False)
    document["claimants"] = [side | {"acceptance": acceptance} for side in document["claimants"]]
    document["mediator"] |= {"policy": policy, "days": [14]}
    scenario = Scenario.from_dict(document).replace(**parameters)
    return [run_agents(scenario, 3, 0), record_of_run(run_compiled(scenario, 3, [0]).record, 0)]


def days(record: Record) -> list[int]:
    return [int(day) for day in np.flatnonzero(record.diplomacy.offered)]


@pytest.mark.parametrize(("acceptance", "stage"), [("always", 2.0), ("never", 1.0)])
@pytest.mark.parametrize("length", [1, 5])
def test_offer_acts_on_the_days_after_it_for_its_length(
    acceptance: str, stage: float, length: int
) -> None:
    for record in both(acceptance, "scripted", mediation_length=length):
        assert days(record) == [14]
        expected = [stage if 14 < day <= 14 + length else 0.0 for day in range(41)]
        assert record.mediation.tolist() == expected


def test_nothing_is_offered_while_mediation_is_active() -> None:
    """With every day worrying enough: again on the first day without it."""
    eager = {"offer_threshold": 0.0, "offer_cooldown": 1, "mediation_length": 5}
    for record in both("always", "threshold", base_incident_rate=1.0, **eager):
        assert not record.diplomacy.offered[record.mediation[:-1] == 2.0].any()
        assert len(days(record)) >= 4
        assert set(np.diff(days(record))) == {6}


def test_refused_offer_is_repeated_after_the_cool_down() -> None:
    eager = {"offer_threshold": 0.0, "offer_cooldown": 4, "mediation_length": 9}
    for record in both("never", "threshold", base_incident_rate=1.0, **eager):
        assert len(days(record)) >= 4
        assert set(np.diff(days(record))) == {4}
        assert (record.mediation[days(record)[0] + 1 :] == 1.0).all()  # replaced, not lapsed


def test_quiet_offer_is_a_threshold_offer_without_parity() -> None:
    eager = {"offer_threshold": 0.0, "offer_cooldown": 4, "mediation_length": 9}
    quiet = both("never", "quiet", **eager)
    silent = both("never", "threshold", **eager, offer_parity=0.0)
    loud = both("never", "threshold", **eager)
    for one, other, third in zip(quiet, silent, loud, strict=True):
        assert days(one)
        assert same_bits(one, other)
        assert not same_bits(one, third)


def test_refused_offer_leaves_tension_and_incidents_alone() -> None:
    """V22: tension and incidents of refused offers are those of no offer; alignment is not."""
    for one, other in zip(both("never", "scripted"), both("never", "none"), strict=True):
        assert (one.tension == other.tension).all()
        assert (one.incidents == other.incidents).all()
        assert (one.sympathy[:15] == other.sympathy[:15]).all()
        assert (one.sympathy[16] != other.sympathy[16]).any()
