"""The two engines hold the same after every phase of every day, so that a fault names its phase."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines.agents import NarrativeModel, audience, hearing, model
from sim.engines.agents.claimant import ClaimantAgent
from sim.engines.ensemble.loop import DECIDE
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.parameters import Switches
from sim.scenario.scenario import Scenario
from sim.world.building import build, setting
from tests.engines.cases import (
    PLUG_INS,
    days_of,
    named,
    plugged,
    row,
    shipped_arms,
    shipped_case,
)  # fmt: skip
from tests.engines.comparing import run_compiled
from tests.engines.phases import PHASES, VARIABLES, compiled_phases, first_difference
from tests.generators import Document, scenarios

LARGE = 2**64 - 1
REFERENCE = Path(__file__).parent / "reference" / "case.yaml"
Sized = Callable[[int, int], int]


def difference(
    scenario: Scenario, seed: int, replicates: list[int], uncertain: bool = False
) -> list[str]:
    """What differs after the first phase after which anything does."""
    models = [
        NarrativeModel(scenario, seed=seed, replicate=replicate, uncertain=uncertain)
        for replicate in replicates
    ]
    world = build(scenario)
    numbers = (
        uncertain_lanes(world, seed, np.array(replicates, dtype=np.uint64)) if uncertain
        else lanes([setting(world)])
    )  # fmt: skip
    return first_difference(models, numbers, seed, replicates)


def check(scenario: Scenario, seed: int, replicates: list[int], uncertain: bool = False) -> None:
    found = difference(scenario, seed, replicates, uncertain)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("name", "arm"), shipped_arms())
def test_shipped_scenario_agrees_after_every_phase(name: str, arm: str, sized: Sized) -> None:
    scenario = shipped_case(name, arm)
    scenario = scenario.replace(steps=min(days_of(name, scenario), sized(200, 2)))
    check(scenario, 11, [0, 5])


@pytest.mark.parametrize("arm", ["offer", "no_offer", "still", "refused"])
def test_reference_case_agrees_after_every_phase(arm: str, sized: Sized) -> None:
    scenario = Scenario.from_yaml(REFERENCE, arm=arm)
    check(scenario.replace(steps=sized(scenario.steps, 16)), 7, [0, LARGE])


@pytest.mark.parametrize("last", range(4))
def test_what_each_audience_hears_agrees(last: int, sized: Sized) -> None:
    """Exposures are left of the file's last audience only: so let each be the last."""
    document = Scenario.from_yaml(REFERENCE, arm="offer").to_dict(arms=False)
    audiences = document["audiences"]
    document["audiences"] = audiences[last:] + audiences[:last]
    scenario = Scenario.from_dict(document)
    assert len(audiences) == 4
    check(scenario.replace(steps=sized(scenario.steps, 2)), 7, [0])


@pytest.mark.parametrize("arm", ["mediation", "no_mediation"])
@pytest.mark.parametrize("switch", Switches._fields)
def test_each_switch_off_agrees_after_every_phase(switch: str, arm: str, sized: Sized) -> None:
    scenario = shipped_case("kashmir_2025", arm)
    scenario = scenario.replace(switches={switch: False}, steps=sized(45, 1))
    check(scenario, 1, [2])


@pytest.mark.parametrize("choice", PLUG_INS, ids=named)
def test_each_plug_in_agrees_after_every_phase(choice: Document, sized: Sized) -> None:
    for number in range(sized(6, 1)):
        # some noise large enough to carry sympathy over the ends
        scenario = Scenario.from_dict(plugged(row(80)[number], choice))
        noise = 0.4 if number % 3 == 0 else scenario.parameters.noise
        steps = sized(scenario.steps, 2)
        check(scenario.replace(noise=noise, steps=steps), number, [1])


def test_drawn_parameters_agree_after_every_phase(sized: Sized) -> None:
    scenario = shipped_case("kashmir_2025", "mediation").replace(steps=sized(130, 1))
    check(scenario, 8, [0, 1, LARGE], uncertain=True)


@pytest.mark.slow
@settings(max_examples=50)
@given(document=scenarios(), seed=st.sampled_from([0, 1, LARGE]), uncertain=st.booleans())
def test_made_scenarios_agree_after_every_phase(
    document: Document, seed: int, uncertain: bool
) -> None:
    """Names the phase; whether they agree is asked of more, at the end of each day, elsewhere."""
    check(Scenario.from_dict(document), seed, [3, 4], uncertain)


def slightly_off(function: Callable[..., float]) -> Callable[..., float]:
    return lambda *arguments: function(*arguments) * (1.0 + 1e-9)


FAULTS = {
    "NOTICE: attention": (audience, "attention", slightly_off(audience.attention)),
    "LISTEN: pro": (hearing, "exposure", slightly_off(hearing.exposure)),
    "CONSIDER: next_sympathy": (audience, "message_pull", slightly_off(audience.message_pull)),
    "LEARN: salience": (audience, "primed", slightly_off(audience.primed)),
    "END: tension": (model, "new_tension", slightly_off(model.new_tension)),
    "DECIDE: standing": (ClaimantAgent, "answer", lambda *_: False),
}


@pytest.mark.parametrize("place", FAULTS)
def test_fault_is_named_by_its_phase(
    place: str, monkeypatch: pytest.MonkeyPatch, sized: Sized
) -> None:
    """The agents alone call these functions through these names: the compiled day has its own."""
    scenario = Scenario.from_yaml(REFERENCE, arm="offer").replace(steps=sized(40, 16))
    monkeypatch.setattr(*FAULTS[place])
    found = difference(scenario, 7, [0])
    assert found
    assert all(f"after {place.partition(':')[0]}:" in line for line in found)
    assert any(place in line for line in found), found


def test_every_phase_is_compared() -> None:
    assert {variable.phase for variable in VARIABLES} == set(PHASES)


def test_days_that_stop_at_phases_are_those_of_a_whole_run(sized: Sized) -> None:
    """Going on from morning to morning changes no bit: what is looked at is what runs do."""
    scenario = Scenario.from_yaml(REFERENCE, arm="offer").replace(steps=sized(40, 2))
    world = build(scenario)
    record = run_compiled(scenario, 7, [0, LARGE]).record
    for phase, look in compiled_phases(world, lanes([setting(world)]), 7, [0, LARGE]):
        if phase == DECIDE:
            for name in ("sympathy", "salience", "kept", "broken", "credence", "tension"):
                evening = np.moveaxis(getattr(look.memory.block, name)[..., :2], -1, 0)
                assert (getattr(record, name)[:, look.day + 1] == evening).all(), (look.day, name)
    assert (look.offered[:2] == record.diplomacy.offered).all()
    assert (look.accepted[:2] == record.diplomacy.accepted).all()
