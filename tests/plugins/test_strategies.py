"""Sender strategies of weights at values known by hand (docs/model.md, section 4)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.plugins import registry
from sim.plugins.contracts import SenderView
from sim.scenario.scenario import Scenario
from sim.world.building import build
from sim.world.teams import attacked_issues, focus_attacks, moving_days
from tests.engines.cases import row, shipped_case

VIEW = SenderView(
    day=4,
    importance=np.array([0.5, 0.3, 0.2]),
    capitals=np.array([1.0, 1.0, 4.0]),
    attention=np.array([0.2, 0.3, 0.4]),
    own_sympathy=np.array([0.1, 0.0, -0.1]),
    rival_sympathy=np.array([-0.1, 0.0, 0.1]),
    own_teams=np.array([1.0, 0.0, 0.0]),
    rival_teams=np.array([0.0, 2.0, 1.0]),
    gains=np.array([3e-4, -1e-4, 2e-4]),
    gained=np.array([0.01, 0.03, -0.01]),
    network_values=np.array([0.4, 0.3, 0.2]),
)
HEDGED = np.exp(50.0 * (VIEW.gained - 0.03))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("network_proportional", [0.4, 0.3, 0.05]),
        ("myopic", [3e-4, -1e-4, 2e-4]),
        ("mirror", [0.0, 2.0, 1.0]),
        ("avoid", [1.0, 0.0, 0.0]),
        ("wedge", [0.5, 0.3, 0.2]),
        ("hedge", HEDGED),
    ],
)
def test_weights_are_those_of_the_formula(name: str, expected: list[float]) -> None:
    weights = np.full(3, np.nan)
    registry.load("strategies", name)(VIEW, weights)
    np.testing.assert_allclose(weights, expected, rtol=1e-14)


def test_free_team_moves_when_its_dwell_is_over() -> None:
    """In the field on the days 2 to 9 with a dwell of 3: it chooses on 2, 5 and 8."""
    document = row(80)[0] | {"steps": 12, "events": [], "mediator": {"audience": "Broker"}}
    document["claimants"] = [
        {"name": "Aria", "strategy": "avoid"}, {"name": "Boreas", "strategy": "scripted"}
    ]  # fmt: skip
    itinerary = [{"day": 2, "at": "Port"}, {"day": 4, "at": "home"}, {"day": 6, "at": "Broker"},
                 {"day": 10, "at": "home"}]  # fmt: skip
    document["delegations"] = [
        {"name": f"of {side}", "claimant": side, "itinerary": itinerary}
        for side in ("Aria", "Boreas")
    ]
    document["parameters"] = document["parameters"] | {"dwell": 3}
    document = {key: value for key, value in document.items() if key not in ("arms", "baseline")}
    document["narratives"] = []
    moves = moving_days(build(Scenario.from_dict(document)))
    assert np.flatnonzero(moves[:, 0]).tolist() == [2, 5, 8]
    assert not moves[:, 1].any()


def test_wedge_attacks_where_the_rival_is_judged_worst() -> None:
    """The whole share of attacks goes there, in proportion to the own shares; the rest stays."""
    scenario = shipped_case("kashmir_2025", "mediation")
    world = build(scenario)._replace(strategies=("wedge", "scripted"))
    issues = attacked_issues(world, world.judgements)
    assert issues is not None
    attacks = (world.kind == 1) & (world.sender == 0)
    judged = np.einsum("a,aq->q", world.importance, world.judgements[:, :, 1])
    among = np.unique(world.issue[attacks])
    assert issues[0] == among[judged[among].argmin()]
    assert issues[1] == -1
    share = focus_attacks(world, issues).share
    kept = attacks & (world.issue == issues[0])
    np.testing.assert_allclose(
        share[:, kept].sum(axis=1), world.share[:, attacks].sum(axis=1), rtol=1e-15
    )
    assert not share[:, attacks & ~kept].any()
    assert (share[:, ~attacks] == world.share[:, ~attacks]).all()


def test_focus_keeps_the_proportions_on_the_issue() -> None:
    """.2 and .1 of .6 in all become .4 and .2; two without any get half each."""
    world = build(shipped_case("symmetric", "no_mediation"))
    kind, issue = np.array([1, 1, 1, 0, 1]), np.array([1, 1, 2, 1, 3])
    share = np.array([[0.2, 0.1, 0.3, 0.4, 0.0], [0.0, 0.0, 0.6, 0.4, 0.0]])
    small = world._replace(kind=kind, issue=issue, share=share, sender=np.zeros(5, dtype=int))
    np.testing.assert_allclose(
        focus_attacks(small, (1, -1)).share, [[0.4, 0.2, 0, 0.4, 0], [0.3, 0.3, 0, 0.4, 0]]
    )
    np.testing.assert_allclose(focus_attacks(small, (3, -1)).share[:, 4], 0.6)
    assert (focus_attacks(small, (-1, 1)).share == share).all()


def test_first_issue_is_attacked_on_ties() -> None:
    choose = registry.part("strategies", "wedge", "attacked_issue")
    assert choose is not None
    judged = np.array([-0.9, -0.2, -0.2, 0.1])
    assert choose(judged, np.array([False, True, True, True])) == 1
    assert choose(judged, np.array([False, False, False, True])) == 3
    assert choose(judged, np.zeros(4, dtype=bool)) == -1
