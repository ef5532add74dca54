"""Dated plans of claimants: shares, the part for replies and stops of teams from a day on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import places
from sim.errors import InputError
from sim.scenario.campaigns import campaign_overlay
from sim.scenario.plans import menu_shares
from sim.scenario.scenario import Scenario
from sim.scenario.writing import to_yaml
from sim.studies.explain import explain
from sim.world.arrays import NOWHERE, Record
from sim.world.building import build
from sim.world.knockouts import without_narrative
from tests.engines.comparing import differences, record_of_run, run_agents, run_compiled, same_bits

SMALL = Scenario.from_yaml(Path(__file__).parents[1] / "interface" / "small.yaml")
TOLERANCE = 1e-12


def planned(plans: list[dict[str, Any]], base: Scenario = SMALL, side: int = 0) -> Scenario:
    document = base.to_dict(arms=False)
    document["claimants"][side]["plans"] = plans
    return Scenario.from_dict(document)


def compiled(scenario: Scenario) -> Record:
    return record_of_run(run_compiled(scenario, 3, [0]).record, 0)


def told(scenario: Scenario) -> NarrativeModel:
    model = NarrativeModel(scenario, seed=3)
    model.run()
    return model


def spent(scenario: Scenario, name: str) -> dict[int, float]:
    """What statements of a narrative, replies aside, deliver at the first audience, by day."""
    model = told(scenario)
    n = model.world.names.narratives.index(name)
    return {
        message.day: message.efforts[0]
        for message in model.messages
        if message.narrative == n and message.channel == "statement" and not message.in_reply_to
    }


def test_share_is_handed_over_on_its_day() -> None:
    """Aria's menu is 4, 3, 2, 1; from day 10 on its attack's 4 go to the next: 0, 7, 2, 1."""
    scenario = planned([{"from": 10, "shares": {"raiders": 0, "one people": 7}}])
    scenario = scenario.replace(replies=False)
    reach = scenario.parameters.broadcast_reach * scenario.claimants[0].effort
    start = scenario.claimants[0].campaign_start
    assert spent(scenario, "one people") == pytest.approx(
        {day: reach * (0.3 if day < 10 else 0.7) for day in range(start, 24)}, abs=TOLERANCE
    )
    assert set(spent(scenario, "raiders")) == set(range(start, 10))
    assert spent(scenario, "trade") == pytest.approx(
        {day: reach * 0.2 for day in range(start, 24)}, abs=TOLERANCE
    )


@pytest.mark.parametrize(
    "run", [lambda s: run_agents(s, 3, 0), compiled], ids=["mesa", "compiled"]
)
def test_two_versions_of_one_argument_hand_over_without_losing_effort(run: Any) -> None:
    """April's and May's: dated narratives leave half unspent, planned shares nothing."""
    april = {"name": "april", "sender": "Aria", "type": "PROMOTE", "issue": "river", "share": 1,
             "evidence": 0.5, "until": 9}  # fmt: skip
    may = april | {"name": "may", "share": 0, "from": 10, "until": 23}
    document = SMALL.to_dict(arms=False)
    others = [one for one in document["narratives"] if one["sender"] == "Boreas"]
    base = Scenario.from_dict(document | {"narratives": [april, may, *others], "delegations": []})
    base = base.replace(replies=False)
    start = base.claimants[0].campaign_start
    whole = base.parameters.broadcast_reach * base.claimants[0].effort
    scenario = planned([{"from": 10, "shares": {"april": 0, "may": 1}}], base)
    assert run(scenario).effort[start:, :, 0] == pytest.approx(
        np.full((24 - start, 3), whole), abs=TOLERANCE
    )
    dated = base.to_dict(arms=False)
    dated["narratives"][1]["share"] = 1
    assert run(Scenario.from_dict(dated)).effort[start:, :, 0] == pytest.approx(
        np.full((24 - start, 3), whole / 2), abs=TOLERANCE
    )


def test_reply_is_the_claimant_s_own_from_its_day_on() -> None:
    """Where it was attacked the day before, the menu keeps the rest of the plan's part."""
    base = SMALL.replace(delegations=[])
    scenario = planned([{"from": 12, "reply": 0.8}], base, side=1)
    model = told(scenario)
    whole = scenario.parameters.broadcast_reach * scenario.claimants[1].effort
    replies = {
        day: sum(m.efforts[0] for m in model.messages
                 if m.day == day and m.sender == 1 and m.in_reply_to)
        for day in range(24)
    }  # fmt: skip
    first = scenario.claimants[0].campaign_start + 1
    assert max(first, scenario.claimants[1].campaign_start) < 12
    for day in range(first + 1, 24):
        part = scenario.parameters.reply if day < 12 else 0.8
        assert replies[day] == pytest.approx(whole * part, abs=TOLERANCE)
    assert [m for m in model.messages if m.sender == 0 and m.in_reply_to and m.day > 12]
    masked = scenario.replace(replies=False)
    assert same_bits(compiled(masked), compiled(base.replace(replies=False)))


def test_later_stop_counts_of_plan_or_itinerary() -> None:
    """Aria's team: Port from 6, Broker from 9, home from 12 by its itinerary."""
    stops = [(3, "Hill"), (9, "Hill"), (10, "Port"), (15, "Broker")]
    scenario = planned([{"from": day, "stops": {"A one": at}} for day, at in stops])
    world = build(scenario)
    broker, port, hill = range(3)
    assert [one.name for one in scenario.audiences] == ["Broker", "Port", "Hill"]
    expected = [NOWHERE] * 3 + [hill] * 3 + [port] * 3 + [hill] + [port] * 2 + [NOWHERE] * 3
    assert world.stops[:, 0].tolist() == expected + [broker] * 9
    assert np.flatnonzero(world.field_days[:, 0]).tolist() == list(range(3, 24))
    there = told(scenario)
    says = {m.day: m.receivers for m in there.messages if m.channel == "A one"}
    assert says == {day: [at] for day, at in enumerate(world.stops[:, 0].tolist()) if at >= 0}
    home = build(
        planned([{"from": 8, "stops": {"A one": "home"}}, {"from": 9, "stops": {"A one": "home"}}])
    )
    assert home.stops[:, 0].tolist() == [NOWHERE] * 6 + [port] * 2 + [NOWHERE] * 16


MIXED = [
    {"from": 0, "shares": {"trade": 0.3}},
    {"from": 7, "reply": 0.9, "stops": {"A one": "Hill"}},
    {"from": 11, "shares": {"raiders": 0.5, "no par": 3}, "reply": 0.0},
    {"from": 14, "reply": 0.4, "stops": {"A one": "home"}},
]


def test_engines_agree_on_plans() -> None:
    scenario = planned(
        [{"from": 5, "shares": {"victim": 9}, "reply": 0.3}], planned(MIXED), side=1
    )
    assert differences(run_agents(scenario, 3, 0), compiled(scenario)) == []
    assert not same_bits(compiled(scenario), compiled(SMALL))


def test_plan_that_repeats_the_file_changes_no_bit() -> None:
    menu = {one.name: one.share for one in SMALL.narratives if one.sender == "Aria"}
    same = {"shares": menu, "reply": SMALL.parameters.reply}
    scenario = planned([
        {"from": 0, **same}, {"from": 9, **same, "stops": {"A one": "Broker"}}, {"from": 13},
    ])  # fmt: skip
    assert same_bits(compiled(scenario), compiled(SMALL))
    assert same_bits(run_agents(scenario, 3, 0), run_agents(SMALL, 3, 0))


def test_dropped_narrative_is_silent_under_every_plan() -> None:
    world = without_narrative(build(planned(MIXED)), "trade")
    n = world.names.narratives.index("trade")
    assert not world.spoken[:, n].any()
    others = [m for m in range(len(world.names.narratives)) if m != n]
    assert (world.spoken[:, others] == build(planned(MIXED)).spoken[:, others]).all()
    assert (world.share == build(planned(MIXED)).share).all()  # nobody speaks more


def test_plans_are_cut_short_with_the_run() -> None:
    assert [plan.first_day for plan in planned(MIXED).replace(steps=11).claimants[0].plans] == [
        0,
        7,
    ]


def test_plans_are_set_swept_and_overlaid_as_every_key() -> None:
    base = planned(MIXED)
    one = base.set(["claimants.Aria.plans.1.reply=0.2", "claimants.Aria.plans.0.shares.trade=7"])
    assert one.claimants[0].plans[1].reply == 0.2
    assert one.claimants[0].plans[0].shares == {"trade": 7.0}
    document = base.to_dict(arms=False)
    sourced = {"value": 0.3, "source": "a guess"}
    document |= {"baseline": "as_it_is", "arms": {
        "as_it_is": {},
        "other": {"claimants": [{"name": "Aria", "plans": [{"from": 2, "reply": sourced}]}]},
    }}  # fmt: skip
    arm = Scenario.from_dict(document).arm("other")
    assert [plan.reply for plan in arm.claimants[0].plans] == [0.3]
    origins = {one.key: one.source for one in arm.sources()}
    assert origins["claimants.Aria.plans.0.reply"] == "a guess"
    assert Scenario.from_dict(arm.to_dict(arms=False)).claimants == arm.claimants
    assert Scenario.from_dict(base.to_dict()).claimants == base.claimants


@pytest.mark.parametrize(
    ("plans", "reason"),
    [
        ([{"shares": {"trade": 1}}], r"plans\.0\.from: is missing"),
        ([{"from": 3, "share": {}}], r"did you mean shares\?"),
        ([{"from": 24}], r"plans\.0\.from: .*23"),
        ([{"from": 3, "reply": 1.5}], r"plans\.0\.reply: must lie in 0 to 1"),
        ([{"from": 3, "shares": {"trade": -1}}], r"plans\.0\.shares\.trade: "),
        ([{"from": 3, "shares": {"trad": 1}}], r"plans\.0\.shares\.trad: .*did you mean trade\?"),
        ([{"from": 3, "shares": {"victim": 1}}], r"shares\.victim: must be a narrative of Aria"),
        ([{"from": 3, "stops": {"B one": "Port"}}], r"stops\.B one: must be a team of Aria"),
        ([{"from": 3, "stops": {"A one": "Prt"}}], r"stops\.A one: .*did you mean Port\?"),
        ([{"from": 3}, {"from": 3}], r"plans\.1\.from: must come after the plan before it"),
        (
            [{"from": 1, "shares": {"raiders": 0, "one people": 0}},
             {"from": 2, "shares": {"trade": 0, "no par": 0}}],
            r"plans\.1\.shares: shares of Aria",
        ),
    ],
)  # fmt: skip
def test_refused_plans_say_where_and_why(plans: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        planned(plans)


def test_explain_says_what_was_planned_when() -> None:
    from sim.api import run

    done = run(planned(MIXED), engine="mesa", seed=3)
    text = explain(done, "Hill", first=8, last=12).text()
    assert (
        "\n\nPlanned from 31 May 2025 by Aria: shares raiders 0.5, no par 3; 0 % of statements to "
        "replies.\nPlanned from 27 May 2025 by Aria: 90 % of statements to replies; A one to Hill.\n\n"
    ) in text
    rows = [line for line in text.split("\n") if line.startswith("  ")]
    rows = rows[: rows.index(next(line for line in rows if "May 2025, " in line))]
    assert rows
    assert all(re.fullmatch(r" {2}(\S+) {2}(.*)", line) for line in rows)  # as the page reads them
    assert "trade 0.3" not in text
    assert "goes home" not in text
    plain = run(SMALL, engine="mesa", seed=3)
    assert "Planned" not in explain(plain, "Hill", first=8, last=12).text()


@pytest.mark.parametrize("name", ["small", "kashmir_2025"])
def test_campaign_of_any_strategy_is_run_again_from_its_file(tmp_path: Path, name: str) -> None:
    """One side goes round, the other by itinerary and plans; the file has both as plans."""
    base = (
        SMALL if name == "small" else Scenario.from_yaml(name, arm="mediation").replace(steps=60)
    )
    uniform = base.to_dict(arms=False)
    uniform["claimants"][0]["strategy"] = "uniform"
    uniform["name"] = "round"
    menu = [one.name for one in base.narratives if one.sender == base.claimants[1].name]
    teams = [one.name for one in base.delegations if one.claimant == base.claimants[1].name]
    at = base.audiences[0].name
    uniform["claimants"][1]["plans"] = [
        {"from": 9, "shares": {menu[0]: 0.7, menu[-1]: 0.3}, "reply": 0.6},
        {"from": 12, "stops": {teams[0]: at}},
    ]
    scenario = Scenario.from_dict(uniform)
    (tmp_path / "round.yaml").write_text(scenario.to_yaml())
    where = places(build(scenario))
    weights = [{menu[0]: 0.1 + day, menu[-1]: 0.7} for day in range(scenario.steps)]
    for shares in (None, {base.claimants[1].name: weights}):
        text = to_yaml(campaign_overlay(scenario, "again", where.tolist(), shares))
        (tmp_path / "again.yaml").write_text(text)
        again = Scenario.from_yaml(tmp_path / "again.yaml")
        assert {side.strategy for side in again.claimants} == {"scripted"}
        assert (places(build(again)) == where).all()
        if shares is None:
            assert same_bits(compiled(again), compiled(scenario))
        else:
            raw = dict(menu_shares(again.claimants[1], again.narratives))
            assert raw[8][menu[0]] == 8.1
            assert not same_bits(compiled(again), compiled(scenario))
    alone = campaign_overlay(scenario, "again", where.tolist(), sides=[base.claimants[0].name])
    (tmp_path / "again.yaml").write_text(to_yaml(alone))
    again = Scenario.from_yaml(tmp_path / "again.yaml")
    assert again.claimants[1] == scenario.claimants[1]
    assert same_bits(compiled(again), compiled(scenario))
