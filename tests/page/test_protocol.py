"""Asks are read strictly: whatever comes, an answer or a plain sentence goes back."""

from __future__ import annotations

import json
from typing import Any

import anyio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.lessons.entities import RUNS
from sim.page.answers import Answers
from sim.page.catalogue import Catalogue, levers
from sim.page.dispatch import Dispatcher
from sim.page.fields import LARGEST_NUMBER
from sim.page.protocol import LARGEST_ASK, Answer, Ask, Timelines, parse_ask, read_object
from sim.page.server import Windows
from tests.page.conftest import as_text, asked

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=12,
)


class Instant(Answers):
    """Answers at once, so that reading is what is tested."""

    def answer(self, ask: Ask) -> Answer:
        return Answer({"kind": type(ask).__name__}, {"x": np.zeros(2)})


def answered(known: Catalogue, text: str | None, answers: type[Answers] = Instant) -> bytes | str:
    async def talk() -> bytes | str:
        return await Windows(Dispatcher(answers(known))).answer_text(text)

    return anyio.run(talk)


def refused(known: Catalogue, content: Any) -> str:
    text = content if isinstance(content, str) else as_text(content)
    found = answered(known, text)
    assert isinstance(found, str), found
    error = json.loads(found)
    assert error.keys() == {"n", "error"}
    return str(error["error"])


def check(known: Catalogue, text: str | None) -> None:
    """An answer, or a refusal in plain words that is not said to be our own fault."""
    found = answered(known, text)
    if isinstance(found, bytes):
        assert parse_ask(read_object(text or ""), known.limits)
        return
    error = json.loads(found)["error"]
    assert error
    assert "defect" not in error
    assert "Traceback" not in error
    assert len(error) < 4000


@given(text=st.none() | st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_is_answered(known: Catalogue, text: str | None) -> None:
    check(known, text)


@given(content=ANYTHING)
@settings(max_examples=60)
def test_any_json_is_answered(known: Catalogue, content: Any) -> None:
    check(known, json.dumps(content))


ASKS = (
    asked(), asked(uncertainty="parameters"), asked(kind="files"), asked(kind="story", arm=1),
    asked(kind="why", arm=0, audience="Port", toward="Aria", first=0, last=23),
    asked(kind="knockout", arm=0, without="event:raid"),
)  # fmt: skip


@pytest.mark.parametrize("ask", ASKS, ids=range(len(ASKS)))
def test_asks_of_runs_are_accepted(known: Catalogue, ask: dict[str, Any]) -> None:
    assert isinstance(answered(known, json.dumps(ask)), bytes)


@given(data=st.data(), ask=st.sampled_from(ASKS), value=ANYTHING)
@settings(max_examples=200)
def test_any_value_of_any_key_is_answered(
    known: Catalogue, data: st.DataObject, ask: dict[str, Any], value: Any
) -> None:
    key = data.draw(st.sampled_from(sorted(ask)))
    check(known, json.dumps(ask | {key: value}))


@given(data=st.data())
@settings(max_examples=60)
def test_values_within_their_ranges_are_accepted(known: Catalogue, data: st.DataObject) -> None:
    scenario = known.scenarios["small"]
    chosen = data.draw(st.lists(st.sampled_from(levers(scenario)), unique=True))
    values = {one.name: data.draw(st.floats(one.low, one.high)) for one in chosen}
    ask = parse_ask(asked(parameters=values), known.limits)
    assert isinstance(ask, Timelines)
    assert dict(ask.parameters) == values
    scenario.replace(parameters=values)  # each alone is valid; the model takes them together


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "one JSON object"),
        ('{"n":' * 33 + "1" + "}" * 33, "one JSON object"),
        ("[]", "one JSON object"),
        ('{"n": 1, "n": 1}', "one JSON object"),
        (as_text(asked()).replace('"seed": 7', '"seed": NaN'), "finite"),
        (" " * (LARGEST_ASK + 1), f"{LARGEST_ASK} characters"),
        ({}, "n: must be a whole number"),
        (asked(n=True), "n: must be a whole number"),
        (asked(n=-1), "n: must be a whole number"),
        (asked(kind="timeline"), "did you mean timelines?"),
        (asked(kind=["timelines"]), "must be the name of a kind of ask"),
        (asked(more=1), "more: unknown key"),
        ({key: value for key, value in asked().items() if key != "seed"}, "seed: is missing"),
        (asked(scenario="../small"), "unknown scenario"),
        (asked(scenario=3), "must be the name of a scenario"),
        (asked(arms=["offer"]), "arms: must be a list of two arms"),
        (asked(arms=["offer", "offr"]), "did you mean offer?"),
        (asked(arms=["offer", ["offer"]]), "must be the name of an arm"),
        (asked(seed="7"), "seed: must be a whole number"),
        (asked(seed=7.0), "seed: must be a whole number"),
        (asked(seed=LARGEST_NUMBER + 1), "seed: must be a whole number"),
        (asked(replicate=RUNS), f"replicate: must be a whole number from 0 to {RUNS - 1}"),
        (asked(parameters=[]), "must be an object"),
        (asked(parameters={"parity": 1.01}), "parameters.parity: must lie in 0 to 1"),
        (asked(parameters={"parity": "0.5"}), "parameters.parity: must be a number"),
        (asked(parameters={"parity": True}), "parameters.parity: must be a number"),
        (as_text(asked(parameters={"parity": 5})).replace("5", "1e400"), "parity: must lie"),
        (asked(parameters={"parity": 10**400}), "a very large number"),
        (asked(parameters={"draw": 0.2}), "unknown lever"),
        (asked(uncertainty="params"), "uncertainty: must be chance or parameters"),
        (asked(uncertainty=["chance"]), "uncertainty: must be chance or parameters"),
        (asked(kind="files", uncertainty=None), "uncertainty: must be chance or parameters"),
        (asked(kind="story", arm=0, uncertainty="chance"), "uncertainty: unknown key"),
        (asked(switches={"noise": 0}), "switches.noise: must be true or false"),
        (asked(switches={"nose": False}), "did you mean noise?"),
    ],
)
def test_what_is_wrong_is_said(known: Catalogue, content: Any, words: str) -> None:
    assert words in refused(known, content)


def test_good_ask_is_answered_with_its_number(known: Catalogue) -> None:
    found = answered(known, as_text(asked(n=41)))
    assert isinstance(found, bytes)
    size = int.from_bytes(found[:8], "little")
    header = json.loads(found[8 : 8 + size])
    assert (header["n"], header["arrays"]) == (41, [["x", [2]]])
    assert size % 8 == 0
    assert len(found) == 8 + size + 16


def test_defect_is_told_without_its_words(
    known: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Answers):
        def answer(self, ask: Ask) -> Answer:
            raise RuntimeError("where it stands")

    found = json.loads(answered(known, as_text(asked(n=5)), Broken))
    assert found == {"n": 5, "error": "the run failed, by a defect in the program"}
    assert "where it stands" in caplog.text


def test_seed_that_a_browser_would_round_is_refused(known: Catalogue) -> None:
    from sim.page.catalogue import build_catalogue

    with pytest.raises(InputError, match="seed"):
        build_catalogue(known.scenarios["small"].replace(seed=LARGEST_NUMBER + 1), ["small"])
