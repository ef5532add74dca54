"""Why, on the page: what ``narrate explain`` says, in numbers that add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.api import Run
from sim.errors import InputError
from sim.page.catalogue import Catalogue
from sim.page.dispatch import Dispatcher
from sim.page.naming import display_names, name_narratives
from sim.page.protocol import Why
from sim.scenario.entities import NARRATIVE_TYPES
from sim.studies.explain import MESSAGE_VERBS, Explanation, explain
from tests.page.conftest import SMALL, ask_of

ROUNDED = 1e-12  # sums in another order


@pytest.fixture(scope="module")
def told() -> Run:
    found = sim.run(SMALL, "offer", seed=7, replicate=3)
    return replace(found, messages=name_narratives(found.messages, display_names(found.scenario)))


def explained(told: Run, why: Why) -> Explanation:
    return explain(told, why.audience, why.toward, why.first, why.last)


CASES = [{}, {"toward": "Boreas", "audience": "Broker"}, {"first": 10, "last": 10},
         {"audience": "Hill", "toward": "Aria", "first": 5, "last": 20}]  # fmt: skip


@pytest.mark.parametrize("changes", CASES)
def test_numbers_are_those_of_explain_and_add_up(
    answers: Dispatcher, known: Catalogue, told: Run, changes: dict[str, Any]
) -> None:
    why = ask_of(known, "why", **changes)
    header, found = answers.answer(why).header, explained(told, why)
    for name in ("audience", "toward", "first", "last", "start", "end", "change"):
        assert header[name] == getattr(found, name)
    assert header["text"] == found.text(10).split("\n")
    whole = Decimal(header["shown"]["end"]) - Decimal(header["shown"]["start"])
    assert Decimal(header["shown"]["change"]) == whole
    for name in ("causes", "mechanisms"):
        parts = header[name]
        assert sum(part["delta"] for part in parts) == pytest.approx(found.change, abs=ROUNDED)
        assert sum(Decimal(part["shown"]) for part in parts) == whole
    assert sum(part["delta"] for part in header["balance"]) == pytest.approx(
        found.end, abs=ROUNDED
    )
    assert sum(Decimal(part["shown"]) for part in header["balance"]) == Decimal(
        header["shown"]["end"]
    )
    assert [m["id"] for m in header["messages"]] == [s.message_id for s in found.messages[:10]]
    brake = found.held_back_by
    assert (brake is None) == (header["held_back_by"] is None)
    if brake:
        assert header["held_back_by"]["delta"] == brake.delta


def test_messages_say_who_states_what(answers: Dispatcher, known: Catalogue) -> None:
    messages = answers.answer(ask_of(known, "why")).header["messages"]
    assert messages
    for message in messages:
        assert message["text"].startswith(("Aria ", "Boreas ", "A one (Aria) ", "B one (Boreas) "))
    assert any("states: " in message["text"] for message in messages)


def test_other_arm_is_the_other_run(answers: Dispatcher, known: Catalogue) -> None:
    one, other = (answers.answer(ask_of(known, "why", arm=arm)).header["end"] for arm in (0, 1))
    assert one != other
    swapped = ask_of(known, "why", arm=1, arms=["no_offer", "offer"])
    assert answers.answer(swapped).header["end"] == one


@pytest.mark.parametrize(("changes", "words"), [
    ({"audience": "Prot"}, "did you mean Port?"),
    ({"audience": ["Port"]}, "must be the name of an audience"),
    ({"toward": "Aira"}, "did you mean Aria?"),
    ({"toward": None}, "must be the name of a claimant"),
    ({"first": -1}, "first: must be a whole number from 0 to 23"),
    ({"last": 24}, "last: must be a whole number from 0 to 23"),
    ({"first": 9, "last": 8}, "first: must not come after last"),
    ({"arm": "0"}, "arm: must be a whole number"),
])  # fmt: skip
def test_wrong_asks_are_refused(known: Catalogue, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ask_of(known, "why", **changes)


def test_legend_of_the_stage_has_the_words_of_explain() -> None:
    words = ", ".join(f"'{MESSAGE_VERBS[name]}'" for name in NARRATIVE_TYPES)
    text = (Path(sim.__file__).parent / "page" / "static" / "scale.js").read_text("utf-8")
    assert f"TYPES = [{words}];" in text
