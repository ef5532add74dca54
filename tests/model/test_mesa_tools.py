"""NarrativeModel works with Mesa's own tools, without a warning, on each supported Mesa."""

from __future__ import annotations

import gc
import inspect
import weakref
from functools import cache
from typing import Any

import mesa
import numpy as np
import pytest

import sim
from sim.engines.agents import NarrativeModel
from sim.engines.agents.audience import AudienceAgent
from sim.engines.agents.claimant import ClaimantAgent, DelegationAgent
from sim.engines.agents.mediator import MediatorAgent
from sim.engines.agents.model import MESA
from sim.errors import InputError
from sim.parameters import SPECS, Switches
from sim.scenario.scenario import Scenario
from sim.world.building import build
from tests.engines.cases import shipped_case
from tests.engines.comparing import same_bits

DAYS = 20


@cache
def short() -> Scenario:
    return shipped_case("symmetric", "mediation").replace(steps=DAYS)


def batch(parameters: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return mesa.batch_run(
        NarrativeModel,
        {"spec": [short()], **parameters},
        number_processes=1,
        display_progress=False,
        **more,
    )


def repeated(times: int) -> dict[str, Any]:
    """How each line of Mesa is asked for the same run again without a seed."""
    known = "rng" in inspect.signature(mesa.batch_run).parameters
    return {"rng": [None] * times} if known else {"iterations": times}


def check_rows(rows: list[dict[str, Any]], days: list[int]) -> None:
    """Every row has the numbers of ``sim.run`` with the seed that it tells."""
    runs: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        runs.setdefault(row["RunId"], []).append(row)
    for found in runs.values():
        first = found[0]
        given = {name: first[name] for name in ("arm", "seed", "replicate") if name in first}
        scenario = short().replace(parity=first["parity"]) if "parity" in first else short()
        record = sim.run(scenario, **given).record
        importance = build(scenario).importance
        regard = record.sympathy.mean(axis=-1) @ importance
        lead = (record.sympathy[..., 0] - record.sympathy[..., 1]) / 2.0 @ importance
        assert [row["Step"] for row in found] == days
        for row, t in zip(found, days, strict=True):
            assert row["tension"] == record.tension[t]
            assert row["mediation"] == record.mediation[t]
            assert row["alignment"] == pytest.approx(lead[t], abs=1e-15)
            assert row["regard"] == pytest.approx(regard[t], abs=1e-15)


def test_batch_run_gives_the_numbers_of_single_runs() -> None:
    swept = {"parity": [0.1, 0.5], "replicate": [0, 3]}
    rows = batch({"seed": [7], **swept}, data_collection_period=1)
    assert {(row["parity"], row["replicate"], row["seed"]) for row in rows} == {
        (parity, replicate, 7) for parity in swept["parity"] for replicate in swept["replicate"]
    }
    check_rows(rows, list(range(DAYS + 1)))


def test_batch_run_without_a_seed_draws_one_for_each_run_and_tells_it() -> None:
    rows = batch({}, **repeated(4))
    assert len({row["seed"] for row in rows}) == len({row["regard"] for row in rows}) == 4
    check_rows(rows, [DAYS])


@pytest.mark.parametrize("name", ["seed", "rng"])
def test_batch_run_takes_seeds_of_ones_own(name: str) -> None:
    rows = batch({name: [1, 2, 3]} if name == "seed" or MESA < (3, 5) else {}, **(
        {"rng": [1, 2, 3]} if name == "rng" and MESA >= (3, 5) else {}
    ))  # fmt: skip
    assert [row["seed"] for row in rows] == [1, 2, 3]
    check_rows(rows, [DAYS])


def test_batch_run_stops_at_the_last_day_it_is_given() -> None:
    rows = batch({"seed": [7]}, data_collection_period=1, max_steps=DAYS)
    check_rows(rows, list(range(DAYS + 1)))
    check_rows(batch({"seed": [7]}, max_steps=5), [5])


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


def test_model_without_a_seed_draws_its_own() -> None:
    one, other = NarrativeModel(short()), NarrativeModel(short(), seed=None)
    assert one.seed != other.seed
    assert same_bits(one.run(), sim.run(short(), seed=one.seed).record)
    assert not same_bits(one.record(), other.run())


@pytest.mark.parametrize("name", ["seed", "rng"])
def test_seed_and_rng_are_the_seed_of_a_run(name: str) -> None:
    model = NarrativeModel(short(), **{name: 2**64 - 1})
    assert model.seed == 2**64 - 1
    assert same_bits(model.run(), sim.run(short(), seed=2**64 - 1).record)


def test_generators_and_lists_give_a_seed() -> None:
    for made in (lambda: np.random.default_rng(3), lambda: [3, 4], lambda: (3, 5)):
        assert NarrativeModel(short(), rng=made()).seed == NarrativeModel(short(), rng=made()).seed
    generator = np.random.default_rng(3)
    assert (
        NarrativeModel(short(), rng=generator).seed != NarrativeModel(short(), rng=generator).seed
    )


@pytest.mark.parametrize(
    "given", [{"seed": -1}, {"seed": 3.7}, {"rng": 2**64}, {"rng": True}, {"rng": 1, "seed": 1}]
)
def test_seed_that_is_none_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="seed"):
        NarrativeModel(short(), **given)


def test_agent_cannot_leave() -> None:
    model = NarrativeModel(short(), seed=1)
    for agent in list(model.agents):
        with pytest.raises(TypeError, match="cannot leave a run: leave it out of the scenario"):
            agent.remove()
    assert same_bits(model.run(), sim.run(short(), seed=1).record)


def test_agents_are_numbered_from_one_in_each_model() -> None:
    for _ in range(2):
        model = NarrativeModel(short())
        assert [agent.unique_id for agent in model.agents] == [*range(1, len(model.agents) + 1)]


def test_model_that_nobody_holds_is_let_go() -> None:
    kept = [weakref.ref(NarrativeModel(short())) for _ in range(3)]
    gc.collect()
    assert [ref() for ref in kept] == [None] * 3


def test_seed_may_be_a_numpy_number() -> None:
    one = NarrativeModel(short(), seed=np.int64(5)).run()
    assert same_bits(one, NarrativeModel(short(), seed=5).run())


def test_data_collector_has_a_row_for_each_day() -> None:
    model = NarrativeModel(short(), seed=0)
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
    model = NarrativeModel(short(), seed=0)
    record = model.run()
    frame = model.audience_collector.get_agenttype_vars_dataframe(AudienceAgent)
    assert len(frame) == (DAYS + 1) * len(model.audiences)
    assert set(frame["name"]) == set(model.world.names.audiences)
    x = (record.sympathy[..., 0] - record.sympathy[..., 1]) / 2.0
    by_day = frame["alignment"].to_numpy().reshape(DAYS + 1, -1)
    assert (by_day == x).all()


def test_agents_are_registered_by_type() -> None:
    model = NarrativeModel(short(), seed=0)
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
    model = NarrativeModel(short(), seed=0)
    for day in range(DAYS):
        assert (model.running, model.steps, model.day) == (True, day, day)
        model.step()
    assert (model.running, model.day) == (False, DAYS)


def test_step_beyond_the_end_changes_nothing() -> None:
    model = NarrativeModel(short(), seed=0, ledger=True)
    record = model.run()
    said, booked = len(model.messages), len(model.ledger)
    for _ in range(3):
        model.step()
    assert same_bits(record, model.record())
    assert (model.day, model.running) == (DAYS, False)
    assert (len(model.messages), len(model.ledger)) == (said, booked)
    assert len(model.datacollector.get_model_vars_dataframe()) == DAYS + 1


def test_run_model_runs_to_the_end() -> None:
    model = NarrativeModel(short(), seed=0)
    model.run_model()
    assert same_bits(model.record(), NarrativeModel(short(), seed=0).run())


def test_record_so_far_is_the_start_of_the_whole() -> None:
    model = NarrativeModel(short(), seed=0)
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
    assert "kwargs" in {parameter.name for parameter in parameters}  # asked by Mesa 3.3's page
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
    model = NarrativeModel(short(), seed=0)
    model.random.random()
    model.rng.random()
    state = model.rng.bit_generator.state
    assert same_bits(model.run(), NarrativeModel(short(), seed=0).run())
    assert model.rng.bit_generator.state == state


def test_two_models_side_by_side_do_not_meet() -> None:
    one, other = NarrativeModel(short(), seed=0), NarrativeModel(short(), seed=0, parity=0.9)
    while one.running:
        one.step()
        other.step()
    assert same_bits(one.record(), NarrativeModel(short(), seed=0).run())
