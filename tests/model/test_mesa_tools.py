"""NarrativeModel works with Mesa's own tools, without a warning, on each supported Mesa."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import mesa
import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.agents.audience import AudienceAgent
from sim.engines.agents.claimant import ClaimantAgent, DelegationAgent
from sim.engines.agents.mediator import MediatorAgent
from sim.errors import InputError
from sim.parameters import SPECS, Switches
from sim.scenario.scenario import Scenario
from tests.engines.cases import shipped_case
from tests.engines.comparing import same_bits

DAYS = 20


@cache
def short() -> Scenario:
    return shipped_case("symmetric", "mediation").replace(steps=DAYS)


def batch(**more: Any) -> list[dict[str, Any]]:
    parameters = {"spec": [short()], "parity": [0.1, 0.5], **more.pop("parameters", {})}
    return mesa.batch_run(
        NarrativeModel, parameters, number_processes=1, display_progress=False, **more
    )


def test_batch_run_takes_parameters_by_name() -> None:
    rows = batch()
    assert {row["parity"] for row in rows} == {0.1, 0.5}
    assert {row["RunId"] for row in rows} == {0, 1}
    assert {"tension", "mediation", "alignment", "regard"} <= set(rows[0])


def test_batch_run_gives_the_numbers_of_single_runs() -> None:
    rows = batch(data_collection_period=1, parameters={"replicate": [0, 3]})
    for parity in (0.1, 0.5):
        for replicate in (0, 3):
            # Mesa 3.5 gives batch_run's seed, None, on; 3.3 leaves the default of 0
            seed = rows[0].get("seed", 0)
            model = NarrativeModel(short(), seed=seed, replicate=replicate, parity=parity)
            expected = model.run().tension
            found = {
                int(row["Step"]): row["tension"]
                for row in rows
                if (row["parity"], row["replicate"]) == (parity, replicate)
            }
            assert set(range(DAYS)) <= set(found)
            assert all(found[t] == expected[t] for t in found)


def test_batch_run_sweeps_switches_and_arms() -> None:
    arms = ["mediation", "no_mediation"]
    rows = mesa.batch_run(
        NarrativeModel,
        {"spec": "symmetric", "arm": arms, "steps": DAYS, "noise": [0.0, 0.01]},
        number_processes=1,
        display_progress=False,
    )
    assert {(row["arm"], row["noise"]) for row in rows} == {
        (arm, noise) for arm in arms for noise in (0.0, 0.01)
    }


def test_seed_of_none_is_the_scenarios_own() -> None:
    scenario = short()
    one = NarrativeModel(scenario, seed=None).run()
    assert same_bits(one, NarrativeModel(scenario, seed=scenario.seed).run())
    assert not same_bits(one, NarrativeModel(scenario, seed=scenario.seed + 1).run())


def test_seed_may_be_a_numpy_number() -> None:
    one = NarrativeModel(short(), seed=np.int64(5)).run()
    assert same_bits(one, NarrativeModel(short(), seed=5).run())


def test_data_collector_has_a_row_for_each_day() -> None:
    model = NarrativeModel(short())
    record = model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == DAYS + 1
    assert (frame["tension"].to_numpy() == record.tension).all()
    assert (frame["mediation"].to_numpy() == record.mediation).all()
    x = (record.sympathy[..., 0] - record.sympathy[..., 1]) / 2.0
    np.testing.assert_allclose(frame["alignment"], x @ model.world.importance, atol=1e-15)
    np.testing.assert_allclose(
        frame["regard"], record.sympathy.mean(axis=-1) @ model.world.importance, atol=1e-15
    )


def test_data_collector_has_a_row_for_each_audience() -> None:
    model = NarrativeModel(short())
    record = model.run()
    frame = model.datacollector.get_agenttype_vars_dataframe(AudienceAgent)
    assert len(frame) == (DAYS + 1) * len(model.audiences)
    assert set(frame["name"]) == set(model.world.names.audiences)
    x = (record.sympathy[..., 0] - record.sympathy[..., 1]) / 2.0
    by_day = frame["alignment"].to_numpy().reshape(DAYS + 1, -1)
    assert (by_day == x).all()


def test_agents_are_registered_by_type() -> None:
    model = NarrativeModel(short())
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    names = model.world.names
    assert counts == {
        AudienceAgent: len(names.audiences),
        ClaimantAgent: 2,
        DelegationAgent: len(names.delegations),
        MediatorAgent: 1,
    }
    assert [agent.name for agent in model.agents_by_type[ClaimantAgent]] == list(names.claimants)
    assert len(model.agents) == sum(counts.values())


def test_steps_and_running_follow_the_days() -> None:
    model = NarrativeModel(short())
    for day in range(DAYS):
        assert (model.running, model.steps, model.day) == (True, day, day)
        model.step()
    assert (model.running, model.steps, model.day) == (False, DAYS, DAYS)


def test_step_beyond_the_end_changes_nothing() -> None:
    model = NarrativeModel(short(), ledger=True)
    record = model.run()
    said, booked = len(model.messages), len(model.ledger.entries)
    for _ in range(3):
        model.step()
    assert same_bits(record, model.record())
    assert (model.day, model.running) == (DAYS, False)
    assert (len(model.messages), len(model.ledger.entries)) == (said, booked)
    assert len(model.datacollector.get_model_vars_dataframe()) == DAYS + 1


def test_run_model_runs_to_the_end() -> None:
    model = NarrativeModel(short())
    model.run_model()
    assert same_bits(model.record(), NarrativeModel(short()).run())


def test_record_so_far_is_the_start_of_the_whole() -> None:
    model = NarrativeModel(short())
    for _ in range(7):
        model.step()
    early = model.record()
    assert early.sympathy.shape[0] == 8
    assert early.attention.shape[0] == 7
    assert (early.sympathy == model.run().sympathy[:8]).all()


def test_model_is_made_from_keywords_alone() -> None:
    """What a page with sliders needs: every argument by name, and a default for each."""
    parameters = inspect.signature(NarrativeModel).parameters.values()
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        assert parameter.default is not parameter.empty
    model = NarrativeModel(**{"spec": "symmetric", "arm": "threshold", "seed": 3, "parity": 0.2})
    assert model.world.parameters.parity == 0.2
    assert model.world.policy == "threshold"
    again = type(model)(**{"spec": "symmetric", "arm": "threshold", "seed": 3, "parity": 0.9})
    assert again.world.parameters.parity == 0.9
    assert again.steps == 0


def test_default_model_is_the_shipped_case() -> None:
    assert NarrativeModel().world.names.scenario == "kashmir_2025"


@pytest.mark.parametrize("name", [name for name in SPECS if not SPECS[name].fixed])
def test_each_slider_reaches_the_model(name: str) -> None:
    for value in (SPECS[name].low, SPECS[name].high):
        model = NarrativeModel(shipped_case("symmetric"), **{name: value})
        assert getattr(model.world.parameters, name) == value
        model.step()


@pytest.mark.parametrize("name", Switches._fields)
def test_each_switch_reaches_the_model(name: str) -> None:
    model = NarrativeModel(shipped_case("symmetric"), switches={name: False})
    assert getattr(model.world.switches, name) is False
    model.step()


def test_unknown_keyword_is_refused() -> None:
    with pytest.raises(InputError, match="parrity"):
        NarrativeModel("symmetric", parrity=0.1)


def test_own_generators_of_mesa_are_not_used() -> None:
    model = NarrativeModel(short())
    model.random.random()
    model.rng.random()
    state = model.rng.bit_generator.state
    assert same_bits(model.run(), NarrativeModel(short()).run())
    assert model.rng.bit_generator.state == state


def test_two_models_side_by_side_do_not_meet() -> None:
    one, other = NarrativeModel(short()), NarrativeModel(short(), parity=0.9)
    while one.running:
        one.step()
        other.step()
    assert same_bits(one.record(), NarrativeModel(short()).run())
