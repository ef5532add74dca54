"""The generators of tests/generators.py: what they draw is valid, and much happens in it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.scenario.scenario import Scenario
from tests.generators import ACCEPTANCES, POLICIES, RULES, TYPES, mirrored, roles_of, scenarios

MANY = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,  # the shares below are of this sample
    suppress_health_check=list(HealthCheck),
)


@MANY
@given(scenarios())
def test_drawn_documents_are_valid(document: dict[str, Any]) -> None:
    scenario = Scenario.from_dict(document)
    assert len(scenario.claimants) == 2
    for arm in scenario.arms:
        scenario.arm(arm)


@MANY
@given(scenarios())
def test_mirrored_documents_differ_in_positions_alone(document: dict[str, Any]) -> None:
    one, other = Scenario.from_dict(document), Scenario.from_dict(mirrored(document))
    assert other.claimants == one.claimants[::-1]
    assert other.replace(claimants=one.claimants) == one
    assert mirrored(mirrored(document)) == document


class Enough(Exception):  # noqa: N818 - nothing is wrong
    """Everything that is looked for has been seen."""


def test_drawn_documents_reach_the_interesting_cases() -> None:
    seen: Counter[str] = Counter()
    expected = {
        *(f"policy {name}" for name in POLICIES),
        *(f"acceptance {name}" for name in ACCEPTANCES),
        *(f"type {name}" for name in TYPES),
        *(f"rule {name}" for name in RULES),
        "strategy scripted",
        "strategy uniform",
        "parity claim",
        "verification",
        "asserts",
        "initial sympathy",
        "anchor pull 0",
        "an itinerary",
        "listed audiences",
        "dates",
        "one issue",
        "4 issues",
        "5 audiences",
        "draw 0",
        "arms",
        "3 roles",
        "attack and denial",
        "planned share",
        "planned reply",
        "planned stop",
    }

    # at most so many that the rarest feature is there whatever version of Hypothesis draws
    @settings(MANY, max_examples=1500, phases=[Phase.generate])
    @given(scenarios())
    def look(document: dict[str, Any]) -> None:
        seen.update(_features(document))
        if expected <= set(seen):
            raise Enough

    with suppress(Enough):
        look()
    # "no narratives" is too rare to be sure of: tests/engines has a case of its own for it
    assert {feature for feature in expected if not seen[feature]} == set()


def _features(document: dict[str, Any]) -> set[str]:
    narratives, rule = document["narratives"], document["update_rule"]
    found = {f"policy {role['policy']}" for role in roles_of(document)}
    for side in document["claimants"]:
        found |= {f"acceptance {side['acceptance']}", f"strategy {side['strategy']}"}
    found |= {f"type {narrative['type']}" for narrative in narratives}
    plans = [plan for side in document["claimants"] for plan in side.get("plans", [])]
    found |= {f"planned {key.removesuffix('s')}" for plan in plans for key in plan if plan[key]}
    tests = {
        f"rule {rule if isinstance(rule, str) else rule['name']}": True,
        "parity claim": any(claim.get("parity") for claim in document["claims"]),
        "verification": any("verification" in event for event in document["events"]),
        "asserts": any(event.get("asserts") for event in document["events"]),
        "initial sympathy": any("initial_sympathy" in a for a in document["audiences"]),
        "anchor pull 0": document["parameters"]["anchor_pull"] == 0,
        "an itinerary": any(len(team["itinerary"]) > 1 for team in document["delegations"]),
        "listed audiences": any("audiences" in narrative for narrative in narratives),
        "dates": any("from" in narrative for narrative in narratives),
        "one issue": len(document["issues"]) == 1,
        "4 issues": len(document["issues"]) == 4,
        "5 audiences": len(document["audiences"]) == 5,
        "draw 0": document["parameters"]["draw"] == 0,
        "arms": "arms" in document,
        "3 roles": len(roles_of(document)) == 3,
        "attack and denial": {"ATTACK", "DENY"} <= {n["type"] for n in narratives},
    }
    return found | {name for name, holds in tests.items() if holds}


def test_much_happens_in_drawn_scenarios() -> None:
    """Incidents, offers, active mediation and replies each occur in a good part of the runs."""
    from sim.engines.agents import NarrativeModel

    happened: Counter[str] = Counter()

    @settings(MANY, max_examples=120)  # the first have few roles
    @given(scenarios(), st.integers(0, 2**32))
    def run(document: dict[str, Any], seed: int) -> None:
        scenario = Scenario.from_dict(document)
        model = NarrativeModel(scenario, seed=seed)
        record = model.run()
        happened.update(
            {
                "runs": 1,
                "incidents": int(record.incidents.sum() > 0),
                "offered": int((record.mediation == 1).any()),
                "active": int((record.mediation == 2).any()),
                "offered later": int(any(one.offer_day >= 0 for one in model.mediators[1:])),
                "replies": int(any(message.in_reply_to for message in model.messages)),
                "sympathy moves": int((record.sympathy[0] != record.sympathy[-1]).any()),
                "credence moves": int((record.credence[0] != record.credence[-1]).any()),
            }
        )

    run()
    shares = {name: happened[name] / happened["runs"] for name in happened}
    assert shares["incidents"] > 0.5
    assert shares["offered"] > 0.2
    assert shares["active"] > 0.1
    assert happened["offered later"] > 1  # which come first differs from process to process
    assert shares["replies"] > 0.1
    assert shares["sympathy moves"] > 0.8
    assert shares["credence moves"] > 0.3
