"""Knock-outs: drop a part and run on the same draws (docs/model.md, section 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.api import Run, run
from sim.engines.agents import NarrativeModel
from sim.engines.agents.message import Message
from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.world.building import build, setting
from sim.world.draws import draws
from sim.world.knockouts import knock_out, without_team
from tests.engines.comparing import differences, same_bits
from tests.generators import mirrored, scenarios
from tests.model.test_mirror import check_mirror

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
RAID_DAY = 2


def told(*without: str, arm: str = "offer", **more: Any) -> Run:
    return run(SMALL, arm, without=without, **more)


@pytest.fixture(scope="module")
def whole() -> Run:
    return told()


def sent(found: Run, **values: Any) -> pd.DataFrame:
    """Rows of the sides' messages with these values in their columns."""
    rows = found.messages[found.messages["type"].isin(["PROMOTE", "ATTACK", "DENY"])]
    for column, value in values.items():
        rows = rows[rows[column] == value]
    return rows


def states(found: Run, days: int) -> list[np.ndarray[Any, Any]]:
    record = found.record
    return [
        values[: days + 1] for values in (
            record.sympathy, record.salience, record.kept, record.broken, record.credence,
            record.tension, record.mediation,
        )
    ]  # fmt: skip


def check_same_before(whole: Run, cut: Run, day: int) -> None:
    """Nothing differs up to the start of the day, nor the messages of the days before."""
    for one, other in zip(states(whole, day), states(cut, day), strict=True):
        assert (one == other).all()
    before = [found.messages[found.messages["step"] < day] for found in (whole, cut)]
    pd.testing.assert_frame_equal(before[0].reset_index(drop=True),
                                  before[1].reset_index(drop=True))  # fmt: skip


# One message


def test_dropped_message_takes_its_id_and_is_booked_nowhere(whole: Run) -> None:
    name = sent(whole, narrative="victim", step=8)["message_id"].iloc[0]
    cut = told(f"message:{name}")
    assert name in set(whole.ledger["cause_id"])
    assert name not in set(cut.messages["message_id"])
    assert name not in set(cut.ledger["cause_id"])
    left = sent(whole, step=8)
    left = left[left["message_id"] != name]
    columns = ["message_id", "receiver", "narrative", "effort"]
    same = left[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(sent(cut, step=8)[columns].reset_index(drop=True), same)
    check_same_before(whole, cut, 8)
    assert (cut.record.sympathy[9] != whole.record.sympathy[9]).any(axis=1).all()


def test_dropped_attack_gets_no_reply(whole: Run) -> None:
    """River cut is the only attack on its point, so a day without it has no answer on the river."""
    assert len(sent(whole, step=11, type="DENY", issue="river"))
    ids = set(sent(whole, step=10, narrative="river cut")["message_id"])
    cut = told(*(f"message:{name}" for name in ids))
    assert not len(sent(cut, step=11, type="DENY", issue="river"))
    assert not set(cut.messages["in_reply_to"]) & ids
    # the part of the effort that replied goes back to what the menu says
    menu = [sent(found, step=11, narrative="trade", channel="statement") for found in (whole, cut)]
    assert (menu[1]["effort"].to_numpy() > menu[0]["effort"].to_numpy()).all()


def test_message_of_a_team_is_dropped_where_it_speaks_alone(whole: Run) -> None:
    spoken = sent(whole, step=10, channel="A one")
    cut = told(f"message:{spoken['message_id'].iloc[0]}")
    here = whole.world.names.audiences.index("Broker")
    differs = (cut.record.sympathy[11] != whole.record.sympathy[11]).any(axis=1)
    assert differs.tolist() == [a == here for a in range(3)]


# Narratives and events


def test_dropped_narrative_leaves_its_effort_unspent(whole: Run) -> None:
    """What else is said on the day of an effort does not depend on it: the same to the bit."""
    cut = told("narrative:victim")
    assert not len(sent(cut, narrative="victim"))
    start = 3  # of Boreas's campaign
    for name in ("river cut", "no part"):
        one, other = (sent(found, step=start, narrative=name, in_reply_to="")
                      for found in (whole, cut))  # fmt: skip
        assert len(one)
        assert one["effort"].tolist() == other["effort"].tolist()
    aria = [sent(found, sender="Aria", step=start)["effort"].tolist() for found in (whole, cut)]
    assert aria[0] == aria[1]
    check_same_before(whole, cut, start)
    spent = [found.record.effort[start, :, 1] for found in (whole, cut)]
    unspent = sent(whole, step=start, narrative="victim")["effort"].to_numpy()
    assert unspent.min() > 0.0
    assert spent[0] - spent[1] == pytest.approx(unspent, abs=1e-15)


def test_replies_go_on_with_a_dropped_denials_evidence() -> None:
    document = Scenario.from_yaml(SMALL).to_dict()
    for narrative in document["narratives"]:
        if narrative["name"] == "no part":
            narrative["evidence"] = 0.37  # not that of a reply on what nobody denies
    scenario = Scenario.from_dict(document)
    whole, cut = run(scenario, "offer"), run(scenario, "offer", without=["narrative:no part"])
    replies = [found.messages[found.messages["in_reply_to"].str.startswith("d")
                              & (found.messages["narrative"] == "no part")]
               for found in (whole, cut)]  # fmt: skip
    assert len(replies[1]) == len(replies[0]) > 0
    assert set(replies[1]["evidence"]) == {0.37}
    assert not len(sent(cut, narrative="no part", in_reply_to=""))
    # an inquiry still moves what the replies are worth
    n = cut.world.names.narratives.index("no part")
    assert (cut.record.evidence[:, n] == whole.record.evidence[:, n]).all()
    assert cut.record.evidence[-1, n] != 0.37


@pytest.mark.parametrize("narrative", ["raiders", "victim", "no part"])
def test_narrative_is_all_of_its_messages(narrative: str) -> None:
    """Drop its messages one by one, by the ids that the run has by then, and get the same."""
    scenario = Scenario.from_yaml(SMALL, arm="offer")
    unsent: set[str] = set()
    for day in range(scenario.steps):  # ids of a day depend on what was dropped before it
        model = prepared(scenario, frozenset(unsent))
        unsent |= {
            m.id for m in model.messages
            if m.day == day and not m.in_reply_to
            and model.world.names.narratives[m.narrative] == narrative
        }  # fmt: skip
    assert len(unsent) > scenario.steps
    other = prepared(scenario, frozenset(unsent)).record()
    assert same_bits(told(f"narrative:{narrative}").record, other)


def test_dropped_event_is_a_scenario_without_it(whole: Run) -> None:
    document = Scenario.from_yaml(SMALL).to_dict()
    for name in ("raid", "inquiry"):
        events = [event for event in document["events"] if event["name"] != name]
        other = run(Scenario.from_dict(document | {"events": events}), "offer")
        assert same_bits(told(f"event:{name}").record, other.record)
    check_same_before(whole, told("event:raid"), RAID_DAY)
    inquiry = told("event:inquiry")
    assert (inquiry.record.evidence == whole.record.evidence[0]).all()


def test_team_dropped_stays_at_home(whole: Run) -> None:
    world = without_team(whole.world, "A one")
    numbers, drawn = setting(world), draws(world, 7, 0)
    model = NarrativeModel.from_arrays(world, numbers, drawn)
    model.run()
    assert {m.channel for m in model.messages} == {"statement", "B one"}


@pytest.mark.parametrize("word", ["narrative:raiders", "narrative:no part", "event:raid",
                                  "event:inquiry"])  # fmt: skip
def test_both_engines_drop_the_same(word: str) -> None:
    one, other = told(word), told(word, engine="ensemble")
    assert differences(one.record, other.record) == []


def test_what_is_dropped_is_told(whole: Run, tmp_path: Path) -> None:
    cut = told("narrative:victim", "event:raid")
    assert cut.without == ("narrative:victim", "event:raid")
    assert "Without event:raid, on the same draws." in cut.summary()
    assert '"narrative:victim"' in (cut.save(tmp_path / "cut") / "manifest.json").read_text()
    assert whole.without == ()


# Any scenario


def prepared(scenario: Scenario, unsent: frozenset[str] = frozenset()) -> NarrativeModel:
    world = build(scenario)
    drawn = draws(world, scenario.seed, 0)
    model = NarrativeModel.from_arrays(world, setting(world), drawn, unsent=unsent)
    model.run()
    return model


DOCUMENTS = scenarios()


@settings(max_examples=40)
@given(document=DOCUMENTS, place=st.floats(0, 0.999))
def test_dropped_message_changes_only_its_receivers_and_only_from_its_day(
    document: dict[str, Any], place: float
) -> None:
    whole = prepared(Scenario.from_dict(document))
    assume(whole.messages)
    message = whole.messages[int(place * len(whole.messages))]
    cut = prepared(Scenario.from_dict(document), frozenset({message.id}))
    assert [m.id for m in cut.dropped] == [message.id]
    one, other, day = whole.record(), cut.record(), message.day
    for name in ("sympathy", "salience", "kept", "broken", "credence", "tension", "mediation"):
        assert (getattr(one, name)[: day + 1] == getattr(other, name)[: day + 1]).all(), name
    away = [a for a in range(len(whole.audiences)) if a not in message.receivers]
    for name in ("sympathy", "salience", "kept", "broken", "credence"):
        assert (getattr(one, name)[day + 1, away] == getattr(other, name)[day + 1, away]).all()
    lost = one.effort[day] - other.effort[day]
    for a, effort in zip(message.receivers, message.efforts, strict=True):
        assert lost[a, message.sender] == pytest.approx(effort, abs=1e-12)
    assert (lost[:, 1 - message.sender] == 0.0).all()


@settings(max_examples=40)
@given(document=DOCUMENTS, place=st.floats(0, 0.999))
def test_message_that_cannot_persuade_prime_or_be_answered_moves_nobody(
    document: dict[str, Any], place: float
) -> None:
    """Credibility and credence still learn from it, but with no pull of messages nothing moves."""
    off = dict.fromkeys(("persuasion", "priming", "replies", "credence"), False)
    # a parity claim's credence would reach the anchor
    scenario = Scenario.from_dict(document | {"switches": document["switches"] | off})
    whole = prepared(scenario)
    assume(whole.messages)
    message = whole.messages[int(place * len(whole.messages))]
    cut = prepared(scenario, frozenset({message.id}))
    one, other = whole.record(), cut.record()
    for name in ("sympathy", "salience", "tension", "mediation"):
        assert (getattr(one, name) == getattr(other, name)).all(), name


def place_of(message: Message, model: NarrativeModel, sides: tuple[str, ...]) -> Any:
    """Where a message stands whatever the order of the claimants."""
    return (message.day, sides[message.sender], message.channel, message.narrative, message.issue,
            bool(message.in_reply_to))  # fmt: skip


def test_knock_outs_mirror_exactly() -> None:
    document = Scenario.from_yaml(SMALL, arm="offer").to_dict(arms=False)
    scenarios = [Scenario.from_dict(document), Scenario.from_dict(mirrored(document))]
    for word in ("narrative:raiders", "event:raid"):
        cuts = [run(scenario, without=[word]) for scenario in scenarios]
        check_mirror((cuts[0].world, cuts[1].world), (cuts[0].record, cuts[1].record))
    models = [prepared(scenario) for scenario in scenarios]
    ids = [{place_of(m, model, model.world.names.claimants): m.id for m in model.messages}
           for model in models]  # fmt: skip
    # answers, attacks of both sides, a team
    for day, side, channel, narrative in [(5, "Aria", "statement", "raiders"),
                                          (9, "Boreas", "B one", "river cut"),
                                          (10, "Aria", "A one", "one people")]:  # fmt: skip
        n = models[0].world.names.narratives.index(narrative)
        issue = models[0].issue[n]
        cuts = []
        for scenario, known in zip(scenarios, ids, strict=True):
            name = known[day, side, channel, n, issue, False]
            cuts.append(run(scenario, without=[f"message:{name}"]))
        check_mirror((cuts[0].world, cuts[1].world), (cuts[0].record, cuts[1].record))
        assert not same_bits(cuts[0].record, models[0].record())


# Refusals

REFUSED = {
    "no kind": ("raiders", "must be message:..., narrative:... or event:... .got raiders"),
    "a mechanism": ("mechanism:parity", "must be message:..., narrative:... or event:..."),
    "empty": ("", "must be message:..., narrative:... or event:..."),
    "narrative": ("narrative:raider", "unknown narrative; did you mean raiders"),
    "event": ("event:none", "unknown event; known: raid, clash, inquiry"),
    "not an id": ("message:12", "must be the id of a message, such as message:d12-003"),
    "an id in other digits": ("message:d\u0661-001", "must be the id of a message"),
    "a day too late": ("message:d24-001", "must be a message of the days 0 to 23"),
    "the world": ("message:d2-w01", "is what an event or incidents say"),
    "not said": ("message:d8-099", "names no message of this run .got message:d8-099"),
    "a stance": ("message:d0-001", "an answer or a stance, which cannot be dropped: compare arms"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_names_nothing_is_refused(case: str) -> None:
    word, reason = REFUSED[case]
    with pytest.raises(InputError, match=f"^without: .*{reason}"):
        told(word)


def test_offers_and_answers_cannot_be_dropped(whole: Run) -> None:
    for kind in ("OFFER", "ANSWER"):
        rows = whole.messages[whole.messages["type"] == kind]
        with pytest.raises(InputError, match="compare arms"):
            told(f"message:{rows['message_id'].iloc[0]}")


def test_every_word_refused_is_named() -> None:
    with pytest.raises(InputError) as refusal:
        told("narrative:x", "narrative:victim", "event:y", "message:d8-099")
    assert [problem.got for problem in refusal.value.problems] == ["narrative:x", "event:y"]


def test_message_needs_the_agents(whole: Run) -> None:
    name = sent(whole, step=8)["message_id"].iloc[0]
    with pytest.raises(InputError, match="dropped by the Mesa engine only"):
        told(f"message:{name}", engine="ensemble")


def test_word_given_twice_drops_once(whole: Run) -> None:
    left = knock_out(whole.world, ["event:raid", "event:raid"])
    assert left.world.names.events == ("clash", "inquiry")
    assert left.unsent == frozenset()
