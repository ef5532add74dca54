"""The agents and the compiled loops compute the same day: one law, two engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, LANES, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.laws.anchor import ACTIVE, OFFERED
from sim.parameters import Switches
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from sim.world.arrays import ATTACK, DENY, Diplomacy
from sim.world.building import build, setting, uncertain_setting
from sim.world.draws import draws
from tests.conftest import JIT
from tests.engines.cases import (
    PLUG_INS,
    case,
    days_of,
    named,
    plugged,
    row,
    shipped_arms,
    shipped_case,
)  # fmt: skip
from tests.engines.comparing import differences, record_of_run, run_agents, run_compiled, same_bits
from tests.generators import Document, scenarios

LARGE = 2**64 - 1
Sized = Callable[[int, int], int]


@pytest.mark.parametrize(("name", "arm"), shipped_arms())
def test_shipped_scenario_is_the_same_in_both_engines(name: str, arm: str, sized: Sized) -> None:
    scenario = shipped_case(name, arm)
    scenario = scenario.replace(steps=sized(days_of(name, scenario), min(scenario.steps, 40)))
    replicates = [0, 5, LARGE]
    runs = run_compiled(scenario, 11, replicates)
    for run, replicate in enumerate(replicates):
        found = differences(run_agents(scenario, 11, replicate), record_of_run(runs.record, run))
        assert not found, found


REFERENCE = Path(__file__).parent / "reference" / "case.yaml"


@pytest.mark.parametrize("arm", ["offer", "no_offer", "still", "refused"])
def test_reference_case_is_the_same_in_both_engines(arm: str) -> None:
    """It has replies, teams, an inquiry, the parity claim and every answer."""
    scenario = Scenario.from_yaml(REFERENCE, arm=arm)
    found = differences(
        run_agents(scenario, 7, 0), record_of_run(run_compiled(scenario, 7, [0]).record, 0)
    )
    assert not found, found


@pytest.mark.parametrize("arm", ["mediation", "no_mediation"])
@pytest.mark.parametrize("switch", Switches._fields)
def test_each_switch_off_is_the_same_in_both_engines(switch: str, arm: str) -> None:
    scenario = shipped_case("kashmir_2025", arm)
    scenario = scenario.replace(switches={switch: False}, steps=45)
    found = differences(
        run_agents(scenario, 1, 2), record_of_run(run_compiled(scenario, 1, [2]).record, 0)
    )
    assert not found, found


@pytest.mark.parametrize("choice", PLUG_INS, ids=named)
def test_each_plug_in_is_the_same_in_both_engines(choice: Document) -> None:
    offers = 0
    for number in range(12):
        # some noise large enough to carry sympathy over the ends
        scenario = Scenario.from_dict(plugged(row(80)[number], choice))
        scenario = scenario.replace(noise=0.4 if number % 3 == 0 else scenario.parameters.noise)
        record = run_agents(scenario, number, 1)
        found = differences(record, record_of_run(run_compiled(scenario, number, [1]).record, 0))
        assert not found, (number, found)
        offers += record.diplomacy.offered.sum()
    assert choice.get("policy") == "none" or offers  # the plug-in is met where offers happen


def test_silence_without_claims_is_the_same_in_both_engines() -> None:
    for number in range(4):
        scenario = case(number, narratives=[], claims=[], events=[])
        found = differences(
            run_agents(scenario, 1, 1), record_of_run(run_compiled(scenario, 1, [1]).record, 0)
        )
        assert not found, (number, found)


@pytest.mark.slow
@settings(max_examples=120 if JIT else 40)
@given(document=scenarios(), seed=st.sampled_from([0, 1, LARGE]))
def test_made_scenarios_are_the_same_in_both_engines(document: Document, seed: int) -> None:
    scenario = Scenario.from_dict(document)
    found = differences(
        run_agents(scenario, seed, 3), record_of_run(run_compiled(scenario, seed, [3]).record, 0)
    )
    assert not found, found


@pytest.mark.slow
@settings(max_examples=40 if JIT else 8)
@given(document=scenarios())
def test_drawn_parameters_are_the_same_in_both_engines(document: Document) -> None:
    scenario = Scenario.from_dict(document)
    world, replicates = build(scenario), np.array([0, 7, LARGE], dtype=np.uint64)
    drawn = uncertain_lanes(world, 5, replicates)
    runs = simulate_many(world, drawn, 5, replicates, fields=FULL)
    for run, replicate in enumerate(replicates.tolist()):
        found = differences(
            run_agents(scenario, 5, replicate, uncertain=True), record_of_run(runs.record, run)
        )
        assert not found, (replicate, found)


def test_drawn_parameters_of_the_case_are_the_same_in_both_engines(sized: Sized) -> None:
    scenario = shipped_case("kashmir_2025", "mediation")
    scenario = scenario.replace(steps=sized(130, 30))
    world, replicates = build(scenario), np.arange(4, dtype=np.uint64)
    runs = simulate_many(world, uncertain_lanes(world, 8, replicates), 8, replicates, fields=FULL)
    levels = set()
    for run in range(4):
        record = run_agents(scenario, 8, run, uncertain=True)
        levels.add(record.sympathy[0, 0, 0])
        found = differences(record, record_of_run(runs.record, run))
        assert not found, (run, found)
    assert len(levels) == 4


@pytest.mark.slow
@settings(max_examples=40 if JIT else 8)
@given(document=scenarios(), days=st.sets(st.integers(0, 27)), seed=st.integers(0, 9))
def test_held_diplomacy_is_the_same_in_both_engines(
    document: Document, days: set[int], seed: int
) -> None:
    world = build(Scenario.from_dict(document))
    chosen, numbers = setting(world), np.random.default_rng(seed)
    offered = np.isin(np.arange(world.steps), list(days))
    answers = numbers.random((world.steps, 2)) < 0.6
    held = Diplomacy(offered, answers & offered[:, None])
    record = NarrativeModel.from_arrays(world, chosen, draws(world, 2, 4), held).run()
    many = Diplomacy(held.offered[None], held.accepted[None])
    replicates = np.array([4], dtype=np.uint64)
    runs = simulate_many(world, lanes([chosen]), 2, replicates, many, FULL)
    found = differences(record, record_of_run(runs.record, 0))
    assert not found, found
    assert (record.diplomacy.offered == offered).all()


def test_holding_what_happened_changes_nothing() -> None:
    checked = 0
    for scenario in map(case, range(40)):
        record = run_agents(scenario, 3, 0)
        if not record.diplomacy.offered.any():
            continue
        checked += 1
        world = build(scenario)
        drawn = draws(world, 3, 0)
        again = NarrativeModel.from_arrays(world, setting(world), drawn, record.diplomacy).run()
        assert same_bits(record, again)
    assert checked >= 10


@pytest.mark.parametrize("runs", [1, LANES - 1, LANES, LANES + 1, 2 * LANES + 1])
def test_number_of_runs_and_threads_changes_no_bit(runs: int, sized: Sized) -> None:
    scenario = shipped_case("kashmir_2025", "mediation").replace(steps=sized(60, 12))
    alone = [record_of_run(run_compiled(scenario, 9, [i]).record, 0) for i in (0, runs - 1)]
    for jobs in (1, 2, 8):
        many = run_compiled(scenario, 9, list(range(runs)), jobs).record
        assert many.sympathy.shape[0] == runs
        assert same_bits(alone[0], record_of_run(many, 0))
        assert same_bits(alone[1], record_of_run(many, runs - 1))


def test_threads_leave_every_drawn_run_alone(sized: Sized) -> None:
    world = build(case(0))
    replicates = np.arange(sized(100, 33), dtype=np.uint64)
    drawn = uncertain_lanes(world, 1, replicates)
    first = simulate_many(world, drawn, 1, replicates, fields=FULL, jobs=1).record
    for jobs in (2, 8):
        again = simulate_many(world, drawn, 1, replicates, fields=FULL, jobs=jobs).record
        assert same_bits(first, again)


def test_runs_depend_on_their_replicate_not_on_their_place() -> None:
    scenario = case(1)
    numbers = [4, LARGE, 0, 4]
    record = run_compiled(scenario, 0, numbers).record
    assert same_bits(record_of_run(record, 0), record_of_run(record, 3))
    for run, number in enumerate(numbers):
        assert same_bits(
            record_of_run(record, run),
            record_of_run(run_compiled(scenario, 0, [number]).record, 0),
        )


def test_run_that_overflows_costs_only_itself() -> None:
    scenario = shipped_case("symmetric", "mediation")
    scenario = scenario.replace(steps=45, broadcast_reach=1.0, salience_half_life=1000.0)
    world = build(scenario)
    wild = build(scenario.replace(priming=1e308))
    numbers = np.arange(5, dtype=np.uint64)
    tame = setting(world)
    mixed = lanes([tame, tame, setting(wild), tame, tame])
    runs = simulate_many(world, mixed, 6, numbers, fields=FULL)
    alone = simulate_many(world, lanes([tame]), 6, numbers, fields=FULL)
    assert runs.finite.tolist() == [True, True, False, True, True]
    assert alone.finite.all()
    for run in (0, 1, 3, 4):
        assert same_bits(record_of_run(runs.record, run), record_of_run(alone.record, run))
    lost = NarrativeModel(scenario.replace(priming=1e308), seed=6, replicate=2).run()
    assert not np.isfinite(lost.sympathy[-1]).all()


def test_uncertain_setting_of_one_run_is_that_of_many() -> None:
    world = build(shipped_case("kashmir_2025", "mediation_unequal_costs"))
    replicates = np.array([0, 3, LARGE], dtype=np.uint64)
    many = uncertain_lanes(world, 2, replicates)
    for run, replicate in enumerate(replicates.tolist()):
        one = lanes([uncertain_setting(world, 2, replicate)])
        for name, a, b in zip(one._fields, one, many, strict=True):
            assert (a[..., 0] == b[..., run]).all(), name


def test_uncertain_setting_with_own_pulls_is_that_of_many() -> None:
    """An audience's own pull moves with the parameter, and a claimant's own cost does not."""
    document = shipped_case("symmetric").to_dict(arms=False)
    document["audiences"][1]["anchor_pull"] = 0.1
    document["claimants"][0]["audience_cost"] = 0.07
    world = build(Scenario.from_dict(document))
    many = uncertain_lanes(world, 2, np.arange(3, dtype=np.uint64))
    for run in range(3):
        one = uncertain_setting(world, 2, run)
        drawn = one.anchor_pull[0] / world.parameters.anchor_pull
        np.testing.assert_allclose(one.anchor_pull[1], 0.1 * drawn, rtol=0.0, atol=1e-15)
        assert drawn != 1.0
        assert one.audience_cost[0] == 0.07 != one.audience_cost[1]
        assert (many.anchor_pull[:, run] == one.anchor_pull).all()
        assert (many.audience_cost[:, run] == one.audience_cost).all()


def test_first_own_denial_answers_in_both_engines() -> None:
    """Of two on the same claim the first in file order, whatever its dates."""
    document = shipped_case("symmetric", "no_mediation").to_dict(arms=False)
    first = next(n for n in document["narratives"] if n["name"] == "North armed nobody")
    late = first | {"name": "North swears", "evidence": 0.9}
    document["narratives"].append(late)
    first["from"] = 80
    scenario = Scenario.from_dict(document).replace(steps=20)
    model = NarrativeModel(scenario, seed=1)
    record = model.run()
    answers = [m for m in model.messages if m.in_reply_to and m.sender == 0]
    assert answers
    assert {answer.evidence for answer in answers} == {first["evidence"]}
    found = differences(record, record_of_run(run_compiled(scenario, 1, [0]).record, 0))
    assert not found, found


def documents() -> Iterator[Document]:
    """Up to 600; making them takes longer than running them."""
    seen = 0
    for count in (80, 200, 600):
        yield from row(count)[seen:]
        seen = len(row(count))


def test_made_scenarios_reach_the_interesting_cases() -> None:
    """Without these the agreement above would say little.

    Hypothesis takes constants from whatever modules are loaded, so which documents come first, and
    how soon the rarest case, is not the same in every process: more are drawn where needed.
    """
    met: Counter[str] = Counter()
    common = ("refused", "active", "lapsed", "reply")
    for document in documents():
        if met and min(met.values()) >= 1 and min(met[name] for name in common) >= 8:
            break
        model = NarrativeModel(Scenario.from_dict(document), seed=1)
        record = model.run()
        world = model.world
        met["refused"] += (record.mediation == OFFERED).any()
        met["active"] += (record.mediation == ACTIVE).any()
        lapsed = (record.mediation[:-1] > 0.0) & (record.mediation[1:] == 0.0)
        met["lapsed"] += lapsed.any()
        met["repeated offer"] += record.diplomacy.offered.sum() > 1
        met["incidents"] += record.incidents.any()
        met["two incidents a day"] += record.incidents.sum(axis=1).max() > 1.0
        met["clipped"] += (np.abs(record.sympathy[1:]) == 1.0).any()
        met["attack"] += any(message.kind == ATTACK for message in model.messages)
        met["reply"] += any(message.in_reply_to for message in model.messages)
        met["denial"] += any(
            message.kind == DENY and not message.in_reply_to for message in model.messages
        )
        met["team"] += any(message.channel != "statement" for message in model.messages)
        met["verification"] += (record.evidence[0] != record.evidence[-1]).any()
        met["credence"] += (record.credence[0] != record.credence[-1]).any()
        met["parity claim"] += world.parity_claim >= 0
        met["no claims"] += not world.names.claims
        met["one issue"] += len(world.names.issues) == 1
        met["tension floor"] += ((record.tension[1:] == 0.0) & (record.tension[:-1] > 0.0)).any()
        met["no draw"] += world.parameters.draw == 0.0
    assert min(met.values()) >= 1, met
    assert min(met[name] for name in common) >= 8, met


def test_every_shipped_scenario_is_compared() -> None:
    assert {name for name, _ in shipped_arms()} == set(shipped.names())
