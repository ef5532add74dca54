"""Whoever names the mediator names that of the arm and of the day."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim
from sim.cli.compare import CHANNELS, runs_to_do
from sim.page.answers import Answers
from sim.page.catalogue import build_catalogue
from sim.page.dispatch import Dispatcher
from sim.report.run_words import offer_words
from sim.report.words import results_text
from sim.running.sizes import comparison_size
from sim.running.sweeps.missing import _may_offer
from sim.scenario.scenario import Scenario
from sim.store.results import read_results
from sim.studies.discover import default_column
from sim.verification.crises import CRISES, Crisis, missing_part, part_words, pattern_case
from sim.world.building import build
from tests.page.conftest import ask_of

SMALL = Path(__file__).with_name("small.yaml")
# An offer of Broker's on day 8, of Port's on day 14; nobody refuses
ARMS = {
    "no_offer": {},
    "offer": {"mediator": [
        {"audience": "Broker", "policy": "scripted", "days": [8]},
        {"audience": "Port", "policy": "scripted", "days": [14], "from": 9},
    ]},
    "by_hill": {"mediator": {"audience": "Hill", "policy": "scripted", "days": [8]}},
    "late": {"mediator": [
        {"audience": "Broker"}, {"audience": "Hill", "policy": "scripted", "days": [14], "from": 9},
    ]},
}  # fmt: skip


def document() -> dict[str, Any]:
    content = yaml.safe_load(SMALL.read_text())
    for side in content["claimants"]:
        side["acceptance"] = "always"
    return {**content, "arms": ARMS}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.from_dict(document())


@pytest.fixture(scope="module")
def page(scenario: Scenario) -> Dispatcher:
    return Dispatcher(Answers(build_catalogue(scenario, ["small.yaml"])))


def test_run_says_who_offered(scenario: Scenario) -> None:
    said = sim.run(scenario, arm="offer").summary()
    answers = "(Aria accepted, Boreas accepted)"
    # Broker's lapses as the role passes on; Port's outlasts the run
    assert f"Broker offered to mediate on 2025-05-28 {answers}, in force on no day." in said
    assert f"Port offered to mediate on 2025-06-03 {answers}, in force until 2025-06-12." in said
    silent = scenario.replace(mediation=False)
    assert "Broker and Port did not offer to mediate." in sim.run(silent, arm="offer").summary()
    assert "Hill offered to mediate" in sim.run(scenario, arm="by_hill").summary()


def test_messages_are_sent_by_whoever_mediates(scenario: Scenario) -> None:
    rows = sim.run(scenario, arm="offer").messages
    offers = rows[rows["type"] == "OFFER"]
    assert offers[["step", "sender"]].drop_duplicates().to_numpy().tolist() == [
        [8, "Broker"],
        [14, "Port"],
    ]


def test_report_of_a_run_says_who_offered(scenario: Scenario, tmp_path: Path) -> None:
    """The role passes on the day after Broker's offer, so that no row shows its answers."""
    sim.run(scenario, arm="offer").save(tmp_path / "offer")
    results = read_results(tmp_path / "offer")
    assert offer_words(results) == (
        "Broker offered to mediate on 2025-05-28. The offer is in force on no day. "
        "Port offered to mediate on 2025-06-03. Aria accepts and Boreas accepts. "
        "The offer is in force until 2025-06-12."
    )
    offers = [
        (one.step, one.name, one.description) for one in results.events if "offer" in one.name
    ]
    assert offers == [
        (8, "offer 1 of 2", "Broker offers to mediate"),
        (14, "offer 2 of 2", "Port offers to mediate"),
    ]
    sim.run(scenario, arm="late").save(tmp_path / "late")
    said = offer_words(read_results(tmp_path / "late"))
    assert said == (
        "Hill offered to mediate on 2025-06-03. Aria accepts and Boreas accepts. "
        "The offer is in force until 2025-06-12."
    )


def test_timelines_and_story_name_the_mediator_of_the_day(page: Dispatcher) -> None:
    ask = ask_of(page.catalogue, "timelines", arms=["offer", "by_hill"])
    found = page.answer(ask).header
    offers = [
        [(one["day"], one["name"]) for one in arm if one["kind"] == "offer"]
        for arm in found["happenings"]
    ]
    assert offers == [[(8, "Broker"), (14, "Port")], [(8, "Hill")]]
    told = page.answer(ask_of(page.catalogue, "story", arms=["offer", "by_hill"])).header
    senders = [one["sender"] for one in told["notices"] if one["type"] == "OFFER"]
    assert senders == ["Broker", "Port"]


def test_page_knows_who_mediates_in_each_arm(page: Dispatcher) -> None:
    about = page.catalogue.about["scenarios"]["small"]
    assert dict(zip(about["arms"], about["mediators"], strict=True)) == {
        "no_offer": [(0, "Broker")],
        "offer": [(0, "Broker"), (9, "Port")],
        "by_hill": [(0, "Hill")],
        "late": [(0, "Broker"), (9, "Hill")],
    }


def test_discover_looks_at_the_mediator_of_the_arm(scenario: Scenario) -> None:
    """The first that may offer, where there are several."""
    columns = {arm: default_column(scenario, arm) for arm in scenario.arms}
    assert {arm: column.rpartition(".")[2] for arm, column in columns.items()} == {
        "no_offer": "Broker", "offer": "Broker", "by_hill": "Hill", "late": "Hill",
    }  # fmt: skip


def test_numbers_of_several_offers_are_told_as_the_firsts(tmp_path: Path) -> None:
    """Of offers on days 4 and 14 that act for 5 days, the rows of step -1 are of days 6 to 10."""
    content = document()
    content["parameters"] = {**content["parameters"], "mediation_length": 5}
    role = {"audience": "Broker", "policy": "scripted"}
    content["arms"] = {
        "no_offer": {},
        "twice": {"mediator": {**role, "days": [4, 14]}},
        "once": {"mediator": {**role, "days": [4]}},
    }
    found = sim.compare(Scenario.from_dict(content), pairs=2, uncertain_pairs=0)
    lead = found.comparison.query("metric == 'lead' and answers == 'any'")
    for arm, said in (("twice", "the first of 2 offers"), ("once", "the offer")):
        rows = lead[lead["arm"] == arm].set_index("step")["mean_diff"]
        assert rows[-1] == pytest.approx(rows.loc[6:10].mean(), abs=1e-15)
        told = results_text(found.results().of_arm(arm)).replace("\n", " ")
        assert f"means over the days on which {said} acts" in told
        assert ("What later offers change" in told) == (arm == "twice")
        assert ("held, at the first of 2 offers, " in told) == (arm == "twice")
    first, second = (lead[lead["arm"] == arm].set_index("step") for arm in ("twice", "once"))
    assert first.loc[:15].drop(columns="arm").equals(second.loc[:15].drop(columns="arm"))
    assert first["mean_diff"][20] != second["mean_diff"][20]


def test_later_role_may_offer(scenario: Scenario) -> None:
    assert [arm for arm in scenario.arms if _may_offer(scenario.arm(arm))] == [
        "offer", "by_hill", "late",
    ]  # fmt: skip
    assert not _may_offer(scenario.arm("late").replace(mediation=False))
    asked = Namespace(channels=True, baseline="", replicates=10, uncertain_pairs=0)
    assert runs_to_do(asked, scenario, ["late"]) == 10 * (2 + CHANNELS)


def test_comparison_counts_channels_of_later_offers(scenario: Scenario) -> None:
    worlds = {name: build(scenario.arm(name)) for name in ("no_offer", "late")}
    silent = worlds | {"late": build(scenario.arm("late").replace(mediation=False))}
    counts = {"chance": 20}
    assert comparison_size(worlds, counts).memory > comparison_size(silent, counts).memory


def test_patterns_are_about_one_mediator(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CRISES, "small", Crisis(offer="late"))
    case = pattern_case(scenario)
    assert "makes no offer on a listed day" in missing_part(case, ["offer"])
    monkeypatch.setitem(CRISES, "small", Crisis(offer="offer"))
    assert "has several mediators" in missing_part(pattern_case(scenario), ["offer"])
    monkeypatch.setitem(CRISES, "small", Crisis(offer="by_hill"))
    case = pattern_case(scenario)
    assert missing_part(case, ["offer"]) == ""
    assert part_words(case)["mediator"] == "Hill"


def test_offer_is_in_force_until_the_next_one_or_the_next_role(scenario: Scenario) -> None:
    role = scenario.arm("offer").mediator
    assert [role.last_day_of_offer(2, 5, offers) for offers in ([], [2, 4], [2, 7])] == [7, 4, 7]
    assert [role.last_day_of_offer(day, 5, [day]) for day in (2, 6, 8, 9)] == [7, 8, 8, 14]
