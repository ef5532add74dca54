"""A run told in full on the page: what the Python interface tells, in arrays and words."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.api import Run
from sim.engines.agents import NarrativeModel
from sim.errors import InputError
from sim.page.answers import Answers
from sim.page.catalogue import Catalogue, build_catalogue
from sim.page.naming import display_name, display_names, name_narratives
from sim.page.protocol import Answer
from sim.page.story import AT_HOME, NOT_IN_FIELD, Phrase, StoryAnswers, sentence
from sim.scenario.scenario import Scenario
from tests.interface.test_hostile_names import named
from tests.page.conftest import SMALL, ask_of

ROUNDED = 1e-12  # sums in another order
CHANGED = {"parity": 0.75, "goodwill": 0.011}
SIDES = ("PROMOTE", "ATTACK", "DENY")


@pytest.fixture(scope="module")
def answer(known: Catalogue) -> Answer:
    return Answers(known).answer(
        ask_of(known, "story", parameters=CHANGED, switches={"backlash": False})
    )


@pytest.fixture(scope="module")
def told() -> Run:
    scenario = Scenario.from_yaml(SMALL).replace(parameters=CHANGED, switches={"backlash": False})
    found = sim.run(scenario, "offer", seed=7, replicate=3)
    return replace(found, messages=name_narratives(found.messages, display_names(scenario)))


def spread(answer: Answer) -> pd.DataFrame:
    """The story's messages as rows again, by what the header says of them."""
    header, message = answer.header, answer.arrays["message"]
    rows = []
    ends = [*message[1:, 2].astype(int), len(answer.arrays["row"])]
    for m, (day, phrase, first, reply) in enumerate(message.astype(int).tolist()):
        said = header["phrases"][phrase]
        for place, effort, exposure, *_ in answer.arrays["row"][first : ends[m]].tolist():
            rows.append(
                {
                    "step": day,
                    "message_id": header["ids"][m],
                    "sender": header["claimants"][said["side"]],
                    **{
                        key: said[key]
                        for key in ("channel", "type", "narrative", "issue", "claim")
                    },
                    "receiver": header["places"][int(place)],
                    "effort": effort,
                    "exposure": exposure,
                    "in_reply_to": header["ids"][reply] if reply >= 0 else "",
                }
            )
    return pd.DataFrame(rows)


def test_messages_are_those_of_the_python_interface(answer: Answer, told: Run) -> None:
    found = spread(answer)
    said = told.messages[told.messages["type"].isin(SIDES)].reset_index(drop=True)
    assert set(found["type"]) == set(SIDES)
    assert (found["in_reply_to"] != "").any()
    pd.testing.assert_frame_equal(found, said[list(found.columns)], check_exact=True)


def test_what_messages_moved_is_the_ledger(answer: Answer, told: Run) -> None:
    moved: Counter[tuple[str, str, int]] = Counter()
    for cause_id, actor, toward, delta in told.ledger[told.ledger["cause"] == "message"][
        ["cause_id", "actor", "toward", "delta"]
    ].itertuples(index=False):
        moved[cause_id, actor, told.world.names.claimants.index(toward)] += delta
    found = spread(answer)
    assert len(moved) > 100
    for i, (name, actor) in enumerate(zip(found["message_id"], found["receiver"], strict=True)):
        for k in (0, 1):
            assert answer.arrays["row"][i, 3 + k] == moved.pop((name, actor, k), 0.0)
    assert not moved
    denials = (found["type"] == "DENY").to_numpy()
    assert denials.any()
    assert not answer.arrays["row"][denials, 3:].any()


def test_attention_is_the_records(answer: Answer, told: Run) -> None:
    attention = answer.arrays["attention"]
    np.testing.assert_array_equal(attention[:, 1:], told.record.attention)
    weighted = told.record.attention @ told.world.importance
    np.testing.assert_allclose(attention[:, 0], weighted, rtol=0, atol=ROUNDED)


@pytest.mark.parametrize("strategy", ["scripted", "uniform"])
def test_teams_are_where_the_agents_are(strategy: str) -> None:
    document = Scenario.from_yaml(SMALL).to_dict()
    for side in document["claimants"]:
        side["strategy"] = strategy
    scenario = Scenario.from_dict(document)
    answer = Answers(build_catalogue(scenario, ["small.yaml"])).answer(
        ask_of(build_catalogue(scenario, ["small.yaml"]), "story")
    )
    found = answer.arrays["team_place"]
    assert answer.header["teams"] == [{"name": "A one", "side": 0}, {"name": "B one", "side": 1}]
    model = NarrativeModel(scenario, "offer", seed=7, replicate=3)
    for day in range(scenario.steps):
        model.step()
        places = [float(team.place + 1) for team in model.delegations]
        for shown, place, field in zip(
            found[day], places, model.world.field_days[day], strict=True
        ):
            home = AT_HOME if field else NOT_IN_FIELD
            assert shown == (place if place > 0 else home)
    assert {AT_HOME, NOT_IN_FIELD} & set(found.ravel())
    assert (found > 0).any()


def test_notices_are_sentences(answer: Answer, told: Run) -> None:
    notices = answer.header["notices"]
    rows = told.messages[told.messages["type"].isin(["OFFER", "ANSWER"])]
    assert [one["id"] for one in notices] == list(dict.fromkeys(rows["message_id"]))
    assert notices[0]["text"] == "Broker offers to mediate"
    assert {one["text"] for one in notices[1:3]} <= {
        f"{side} {word} the offer"
        for side in ("Aria", "Boreas")
        for word in ("accepts", "refuses")
    }


def test_stances_are_folded_and_say_what_they_are(answer: Answer, told: Run) -> None:
    found = answer.header["stances"]
    rows = told.messages[told.messages["type"] == "STANCE"].drop_duplicates("message_id")
    assert len({(one["day"], one["text"]) for one in found}) == len(found)
    said = [
        (one["day"], sender, one["text"].partition(" to ")[2].partition(":")[0])
        for one in found
        for sender in one["senders"]
    ]
    kept = [
        (day, sender, text.removeprefix("leans to ").replace("balanced", "neither side"))
        for day, sender, text in zip(rows["step"], rows["sender"], rows["text"], strict=True)
    ]
    assert sorted(said) == sorted(kept)
    texts = {one["text"] for one in found}
    assert "Broker leans to Aria: alignment 0.1 or more toward it" in texts
    assert "Port and Hill lean to neither side: alignment within 0.1 of 0" in texts


def test_sentences_are_the_same_in_kind_for_both_sides() -> None:
    sides = ("Aria", "Boreas")
    for kind in SIDES:
        for claim in ("", "a claim"):
            for narrative in ("", "a line"):
                for channel in ("statement", "a team"):
                    one, other = (
                        sentence(Phrase(side, channel, kind, narrative, "raids", claim), sides)
                        for side in sides
                    )
                    swapped = (
                        one.replace("Aria", "*").replace("Boreas", "Aria").replace("*", "Boreas")
                    )
                    assert swapped == other
                    assert one.startswith("Aria" if channel == "statement" else "a team (Aria)")
    said = sentence(Phrase("Aria", "statement", "PROMOTE", "trade", "raids", ""), sides)
    assert said == 'Aria states: "trade" (promotes its case; raids)'


def test_same_run_asked_for_at_a_time_is_told_once(
    known: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.page import story

    calls, together = [], Barrier(2, timeout=60)
    run = story.run

    def counted(*words: Any, **options: Any) -> Run:
        calls.append(words)
        return run(*words, **options)

    monkeypatch.setattr(story, "run", counted)
    stories, found = StoryAnswers(known), []

    def ask() -> None:
        together.wait()
        found.append(stories.full_run(ask_of(known, "story", seed=11)))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert found[0] is found[1]


def test_arms_named_at_either_place_are_one_run(known: Catalogue) -> None:
    stories = StoryAnswers(known)
    one = stories.full_run(ask_of(known, "story"))
    assert stories.full_run(ask_of(known, "story", arm=1, arms=["no_offer", "offer"])) is one
    assert stories.full_run(ask_of(known, "story", arm=1)) is not one


def test_runs_that_are_kept_are_bounded_and_never_change_a_story(known: Catalogue) -> None:
    from sim.page.story import KEPT_RUNS

    stories = StoryAnswers(known)
    before = stories.answer(ask_of(known, "story")).to_bytes(1)
    for seed in range(KEPT_RUNS + 1):
        stories.answer(ask_of(known, "story", seed=seed))
    assert len(stories._runs) == KEPT_RUNS
    assert stories.answer(ask_of(known, "story")).to_bytes(1) == before


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    text, names = named(SMALL.read_text(encoding="utf-8"), 0)
    (tmp_path / "hostile.yaml").write_text(text, encoding="utf-8")
    hostile = build_catalogue(Scenario.from_yaml(tmp_path / "hostile.yaml"), ["hostile.yaml"])
    answer = Answers(hostile).answer(ask_of(hostile, "story"))
    packed = answer.to_bytes(1)
    header = json.loads(packed[8 : 8 + int.from_bytes(packed[:8], "little")])
    assert header["places"][1:3] == [names["Broker"], names["Port"]]
    read = {word: display_name(names[word], {}) for word in ("raiders", "one people")}
    assert set(read.values()) <= {p["narrative"] for p in header["phrases"]}
    assert any(read["raiders"] in p["text"] for p in header["phrases"])


def test_a_run_that_nobody_speaks_in_has_no_messages() -> None:
    document = Scenario.from_yaml(SMALL).to_dict()
    silent = Scenario.from_dict(document | {"narratives": [], "delegations": []})
    quiet = build_catalogue(silent, ["silent.yaml"])
    answer = Answers(quiet).answer(ask_of(quiet, "story"))
    assert answer.arrays["message"].shape == (0, 4)
    assert answer.arrays["row"].shape == (0, 5)
    assert answer.arrays["team_place"].shape == (silent.steps, 0)
    assert answer.to_bytes(1)


@pytest.mark.parametrize(("changes", "words"), [
    ({"arm": 2}, "arm: must be a whole number from 0 to 1"),
    ({"arm": True}, "arm: must be a whole number"),
    ({"audience": "Port"}, "audience: unknown key"),
])  # fmt: skip
def test_wrong_asks_are_refused(known: Catalogue, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ask_of(known, "story", **changes)
