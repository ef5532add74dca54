"""What mediator policies do, by hand: cost_benefit, kydd and leverage (docs/model.md, section 4)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, simulate_many
from sim.parameters import retention
from sim.plugins import registry
from sim.plugins.contracts import MediatorView, MorningView
from sim.running.executing import switch_off
from sim.scenario.scenario import Scenario
from sim.world.arrays import Floats, Record
from sim.world.building import build, setting
from sim.world.draws import draws
from tests.engines.comparing import differences, record_of_run, run_agents, run_compiled

CASE = Path(__file__).parents[1] / "model" / "reference" / "case.yaml"
EAGER = {"offer_threshold": 0.0, "offer_cooldown": 3, "mediation_length": 6}
LIKING = 0.05
OFFERING = [name for name in registry.names("mediators") if name not in ("none", "scripted")]


def scenario(policy: str, acceptance: str = "always", **parameters: Any) -> Scenario:
    document = Scenario.from_yaml(CASE).to_dict(arms=False)
    document["claimants"] = [side | {"acceptance": acceptance} for side in document["claimants"]]
    document["mediator"] |= {"policy": policy, "days": [14]}
    return Scenario.from_dict(document).replace(**parameters)


def both(case: Scenario, seed: int = 3) -> list[Record]:
    return [run_agents(case, seed, 0), record_of_run(run_compiled(case, seed, [0]).record, 0)]


def strained(record: Record) -> Floats:
    """Days with enough tension for the division below, and for tension not to end at its floor."""
    return np.flatnonzero(record.tension[:-1] > 0.1)


def calming_used(case: Scenario, record: Record) -> Floats:
    """mu that equation (6) used on strained days, from tension, events and incidents alone."""
    world, tau, t = build(case), record.tension, strained(record)
    shock = np.array([world.event_tension[world.event_day == day].sum() for day in t])
    shock += case.parameters.incident_tension * record.incidents[t].sum(axis=1)
    return 1.0 - (tau[t + 1] - shock) / (retention(case.parameters.tension_half_life) * tau[t])


def seen(**changes: float) -> MediatorView:
    plain = MediatorView(
        scripted=0.0, tension=2.0, escalation=0.0, since_offer=math.inf, offer_threshold=2.5,
        escalation_worry=0.5, offer_cooldown=14.0, tension_weight=1.0, calming=0.05,
        first_accepts=1.0, second_accepts=1.0,
    )  # fmt: skip
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "offers"),
    [
        ({}, 1.0),  # 1 * 1 * 0.05 * 2 = 0.1 > 0.02
        ({"first_accepts": 0.5, "second_accepts": 0.5}, 1.0),  # 0.025
        ({"first_accepts": 0.4, "second_accepts": 0.4}, 0.0),  # 0.016
        ({"first_accepts": 0.0}, 0.0),
        ({"tension": 0.3}, 0.0),  # 0.015
        ({"tension": 0.3, "tension_weight": 2.0}, 1.0),
        ({"calming": 0.0}, 0.0),
        ({"since_offer": 13.0}, 0.0),
        ({"since_offer": 14.0}, 1.0),
    ],
)
def test_cost_benefit_weighs_likely_calm_against_the_effort(
    changes: dict[str, float], offers: float
) -> None:
    assert registry.load("mediators", "cost_benefit")(seen(**changes)) == offers


@pytest.mark.parametrize("policy", OFFERING)
def test_cool_down_binds_every_policy_but_scripted(policy: str) -> None:
    offer = registry.load("mediators", policy)
    eager = seen(tension=1e3, since_offer=14.0)
    assert offer(eager) == 1.0
    assert offer(eager._replace(since_offer=13.0)) == 0.0


def test_cost_benefit_offers_where_both_would_accept_and_calm_is_worth_it() -> None:
    """With acceptance certain, on the first day with mu tau' > .02 after each cool-down."""
    case = scenario("cost_benefit", **EAGER | {"calming": 0.02})
    for record in both(case):
        worth = 0.02 * record.tension[1:] > 0.02
        expected, free = [], 0
        for day in range(case.steps):
            if day >= free and worth[day]:
                expected.append(day)
                free = day + 6 + 1
        assert np.flatnonzero(record.diplomacy.offered).tolist() == expected
        assert expected
        assert not worth.all()
    for record in both(scenario("cost_benefit", "never", **EAGER)):
        assert not record.diplomacy.offered.any()


def test_cost_benefit_asks_the_claimants_own_rule() -> None:
    """p_1 p_2 of the day before an answer is drawn is that of equation (7)."""
    model = NarrativeModel(scenario("cost_benefit", "logit"), seed=3)
    checked = 0
    while model.running:
        model.step()
        chances = [
            side.chance(model.day - 1, model.tension, model.lead_at_start, model.credence_at_start)
            for side in model.claimants
        ]
        calm = model.values.tension_weight * model.values.calming * model.tension
        if model.offered[model.day - 1]:
            assert chances[0] * chances[1] * calm > 0.02
            checked += 1
    assert checked


@pytest.mark.parametrize(
    ("first", "second", "calming"),
    [(0.0499, -1.0, 0.0), (0.05, 0.0, 0.1), (0.0, 0.05, 0.1), (0.05, 0.3, 0.2)],
)
def test_kydd_calms_by_half_for_each_claimant_it_likes(
    first: float, second: float, calming: float
) -> None:
    view = MorningView(0.2, 0.4, first, second, 1.0)
    assert registry.module("mediators", "kydd").today(view) == (calming, 0.4)


def test_kydd_calms_by_the_mediators_sympathy_of_the_morning() -> None:
    met = set()
    for seed in range(6):
        case = scenario("kydd", **EAGER | {"noise": 0.15, "calming": 0.2})
        for record in both(case, seed):
            liked = (record.sympathy[:-1, build(case).mediator] >= LIKING).sum(axis=1)
            active = record.mediation[:-1] == 2.0
            expected = np.where(active, 0.1 * liked, 0.0)
            days = strained(record)
            found = calming_used(case, record)
            np.testing.assert_allclose(found, expected[days], rtol=0.0, atol=1e-12)
            met |= set(liked[days][active[days]].tolist())
    assert met == {0, 1, 2}


def test_policy_weighs_the_same_calming_in_consent() -> None:
    """Equation (7) with the day's mu: by half for each liked under kydd, doubled by leverage."""
    for policy, factors in (("kydd", (0.0, 0.5, 1.0)), ("leverage", (2.0,))):
        model = NarrativeModel(scenario(policy, noise=0.05), seed=1)
        met = set()
        for _ in range(20):
            liked = sum(s >= LIKING for s in model.mediator.audience.sympathy)
            model.step()
            factor = factors[liked] if policy == "kydd" else 2.0
            side, values = model.claimants[0], model.values
            calm = side.gain(3.0, 0.2, 0.5) - side.gain(0.0, 0.2, 0.5)
            expected = values.tension_weight * factor * model.mediator.usual.calming * 3.0
            if policy == "leverage":
                expected = 2.0 * 0.05 * 3.0  # the parameter's default, doubled
            assert calm == pytest.approx(expected, abs=1e-12)
            met.add(factor)
        assert policy == "leverage" or len(met) > 1


@pytest.mark.parametrize(("branching", "after"), [(0.4, 0.5), (0.76, 0.95), (0.9, 0.95)])
def test_leverage_leaves_more_branching_once_active_mediation_has_ended(
    branching: float, after: float
) -> None:
    model = NarrativeModel(scenario("leverage", **EAGER, branching_ratio=branching), seed=3)
    ended, met = False, set()
    while model.running:
        before = model.mediation
        model.step()
        assert model.values.branching_ratio == pytest.approx(after if ended else branching)
        met.add((ended, before))
        ended = ended or (before == 2.0 and model.mediation < 2.0)
    assert {(False, 2.0), (True, 0.0), (True, 2.0)} <= met  # it stays, under a new mediation too


def test_refused_leverage_changes_nothing_for_later() -> None:
    model = NarrativeModel(scenario("leverage", "never", **EAGER), seed=3)
    model.run()
    assert model.offered.any()
    assert model.values.branching_ratio == 0.4


def test_leverage_calms_twice_as_much_in_both_engines() -> None:
    case = scenario("leverage", **EAGER | {"calming": 0.1})
    for record in both(case):
        found = calming_used(case, record)[record.mediation[strained(record)] == 2.0]
        assert len(found)
        np.testing.assert_allclose(found, 0.2, rtol=0.0, atol=1e-12)
    assert NarrativeModel(scenario("leverage", calming=0.8)).values.calming == 1.0


@pytest.mark.parametrize("policy", ["cost_benefit", "kydd", "leverage"])
def test_policies_agree_where_they_differ_from_threshold(policy: str) -> None:
    """The guard of the comparison of engines: what is compared is the policy's own effect."""
    lively = EAGER | {"noise": 0.05, "base_incident_rate": 0.5, "branching_ratio": 0.7}
    other = 0
    for seed in range(4):
        one, two = both(scenario(policy, **lively), seed)
        assert not differences(one, two)
        plain = run_agents(scenario("threshold", **lively), seed, 0)
        other += not np.array_equal(one.tension, plain.tension)
    assert other


@pytest.mark.parametrize("policy", ["kydd", "leverage"])
def test_no_calming_stays_none_under_every_policy(policy: str) -> None:
    """The channel is off in both engines, answers held: tension fades as it would alone."""
    case = scenario(policy, **EAGER)
    world = build(case)
    whole = record_of_run(run_compiled(case, 3, [0]).record, 0)
    chosen = setting(world)
    held = type(whole.diplomacy)(*(values[None] for values in whole.diplomacy))
    numbers = switch_off(lanes([chosen]), "calming")
    replicates = np.zeros(1, dtype=np.uint64)
    cut = record_of_run(simulate_many(world, numbers, 3, replicates, held, FULL).record, 0)
    calm = chosen._replace(coefficients=chosen.coefficients._replace(calming=0.0))
    model = NarrativeModel.from_arrays(world, calm, draws(world, 3, 0), whole.diplomacy)
    for record in (cut, model.run()):
        assert (record.diplomacy.offered == whole.diplomacy.offered).all()
        np.testing.assert_allclose(calming_used(case, record), 0.0, rtol=0.0, atol=1e-12)
    assert (whole.mediation == 2.0).any()


def test_switched_off_incidents_stay_off_after_leverage() -> None:
    case = scenario("leverage", **EAGER).replace(switches={"incidents": False})
    for record in both(case):
        assert ((record.mediation[:-1] == 2.0) & (record.mediation[1:] == 0.0)).any()
        assert not record.incidents.any()
