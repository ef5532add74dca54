"""A parameter that changes nothing is told, with the reason; what is told does change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.parameters import SPECS, Switches, invalid
from sim.plugins import registry
from sim.running.executing import by_ensemble, certain_lanes
from sim.scenario.idle_parameters import ASKED_BY_POLICY, CAUSES, idle_parameters
from sim.scenario.scenario import Scenario
from sim.world.building import build

SMALL = Scenario.from_yaml(Path(__file__).parents[1] / "interface" / "small.yaml")
RUNS = 64


def changed(base: Scenario, **content: object) -> Scenario:
    """The scenario, one arm alone, with whole sections of its file exchanged."""
    return Scenario.from_dict({**base.to_dict(arms=False), **content})


def cases() -> Iterator[tuple[str, Scenario]]:
    """Scenarios by the parameter of which they are to have a reason; all reasons together."""
    offer = SMALL.arm("offer")
    content = offer.to_dict(arms=False)
    audiences = [{**one, "anchor_pull": 0.07} for one in content["audiences"]]
    sides = content["claimants"]
    yield "anchor_pull", changed(offer, audiences=audiences)
    yield "calming", changed(offer, mediator={"audience": "Broker", "policy": "none"})
    yield "calming", changed(offer, mediator={"audience": "Broker", "policy": "scripted"})
    yield (
        "audience_cost",
        changed(offer, claimants=[{**one, "audience_cost": 0.1} for one in sides]),
    )
    yield "audience_cost", changed(offer, claimants=[{**one, "stance": 1} for one in sides])
    for policy in ASKED_BY_POLICY:
        yield "", changed(offer, mediator={**content["mediator"], "policy": policy})
    yield (
        "tension_weight",
        changed(offer, claimants=[{**one, "acceptance": "never"} for one in sides]),
    )
    for first, later in (
        ({"policy": "none"}, {"policy": "scripted"}),
        ({"policy": "quiet"}, {"policy": "scripted"}),
        ({"policy": "scripted"}, {"policy": "threshold", "escalation": "raids"}),
    ):
        later = {"audience": "Port", "from": 8, **later}
        later |= {"days": [14]} if later["policy"] == "scripted" else {}
        yield "", changed(offer, mediator=[{"audience": "Broker", **first}, later])
    days = [{"day": day, "accepts": True} for day in content["mediator"]["days"]]
    known = {"acceptance": "scripted", "answers": days}
    dated = [{**one, **known} for one in sides]
    yield "parity_weight", changed(offer, claimants=dated)
    again = {"audience": "Port", "from": 18, "policy": "scripted", "days": [20]}
    yield "", changed(offer, claimants=dated, mediator=[content["mediator"], again])
    yield "peer_pull", changed(offer, peers={"Broker": {"Broker": 1}})
    own_case = [one for one in content["narratives"] if one["type"] != "ATTACK"]
    yield "backlash", changed(offer, narratives=own_case)
    promoted = [one for one in own_case if one["type"] == "PROMOTE"]
    yield "denial_priming", changed(offer, narratives=promoted)
    yield "credibility_exponent", changed(offer, narratives=[])
    yield "team_effort", changed(offer, delegations=[])
    free = [{**one, "strategy": "uniform"} for one in sides]
    yield "", changed(offer, claimants=free)
    yield "broadcast_reach", changed(offer, claimants=[{**one, "effort": 0} for one in sides])
    yield "news_half_life", changed(offer, events=[], incidents={})
    plain = [one for one in promoted if "claim" not in one]
    yield "credence_rate", changed(offer, narratives=plain, claims=[], events=[])
    yield "crowding", Scenario.from_yaml("two_sources")
    for switch in Switches._fields:
        yield "", offer.replace(switches={switch: False})


CASES = list(cases())


def differs(scenario: Scenario, name: str) -> bool:
    """Whether any run differs where the parameter has its least or largest value.

    What no run says is less than rounding: a sum may be made of other parts.
    """
    spec, records = SPECS[name], []
    ends = (spec.low, spec.high, 1.0, 2.0) if spec.low == spec.high else (spec.low, spec.high)
    for value in [end for end in ends if not invalid(name, end)]:
        world = build(scenario.replace(parameters={name: value}))
        batch = by_ensemble(world, certain_lanes(world), 3, np.arange(RUNS, dtype=np.uint64))
        records.append([*batch.record[:-1], *batch.record.diplomacy])
    return any(
        not np.allclose(first, other, rtol=0.0, atol=1e-12)
        for record in records[1:]
        for first, other in zip(records[0], record, strict=True)
    )


@pytest.mark.parametrize(("name", "scenario"), CASES, ids=range(len(CASES)))
def test_idle_parameter_changes_no_run(name: str, scenario: Scenario) -> None:
    idle = idle_parameters(scenario)
    assert not name or name in idle
    assert [one for one in idle if differs(scenario, one)] == []


def test_every_reason_is_met() -> None:
    """The guard of the test above."""
    met = {cause for cause in CAUSES for _, scenario in CASES if cause.holds(scenario)}
    assert met == set(CAUSES)


def test_what_is_not_told_does_change_runs() -> None:
    """With teams that roam, a policy and rules that weigh; fixed numbers aside."""
    raid = {"name": "more", "day": 5, "tension": 3, "salience": {"raids": 1}}
    offer = SMALL.arm("offer")
    content = offer.to_dict(arms=False)
    weighed = {**content["mediator"], "policy": "threshold", "escalation": "raids"}
    sides = [{**one, "strategy": "uniform", "campaign_start": 0} for one in content["claimants"]]
    events = [*content["events"], raid]
    doubtful = {"parameters": {**content["parameters"], "choice_precision": 2}}
    scenario = changed(
        offer, mediator=weighed, claimants=sides, events=events, steps=60, **doubtful
    )
    assert idle_parameters(scenario) == {}
    free = [name for name, spec in SPECS.items() if not spec.fixed]
    assert [name for name in free if not differs(scenario, name)] == []


def test_every_shipped_policy_says_what_it_asks() -> None:
    assert set(ASKED_BY_POLICY) == set(registry.names("mediators"))


def test_idle_parameter_is_noted_where_it_is_set() -> None:
    """Alone, and only where no arm is moved by it."""
    costs = [f"claimants.{side.name}.audience_cost=0.1" for side in SMALL.claimants]
    owned = SMALL.set(costs)
    assert owned.notes == SMALL.notes
    assert owned.set(["audience_cost=0.1"]).notes[-1] == (
        "parameters.audience_cost: changes nothing here: nobody ever offers to mediate; in other "
        "arms both claimants have an audience_cost of their own, or a stance of 1"
    )
    assert SMALL.set(["audience_cost=0.1"]).notes == SMALL.notes
    assert "changes nothing here" in owned.replace(audience_cost=0.1).notes[-1]
    off = SMALL.set(["switches.noise=false", "noise=0.01"])
    assert off.notes[-1] == "parameters.noise: changes nothing here: the switch noise is off"
    none = SMALL.set(["calming=0.1"]).arm("no_offer")
    assert none.idle_notes() == [
        "parameters.calming: changes nothing here: nobody ever offers to mediate"
    ]
