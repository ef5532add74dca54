"""Knock-outs on the page: the two runs of the Python interface, and their difference."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.cli.main import main
from sim.errors import InputError
from sim.page.answers import Answers
from sim.page.catalogue import Catalogue
from sim.page.dispatch import Dispatcher
from sim.page.fields import LONGEST_WORD
from sim.store import tables
from tests.page.conftest import SMALL, ask_of

ROUNDED = 1e-12  # sums in another order


@pytest.fixture(scope="module")
def message(answers: Dispatcher, known: Catalogue) -> str:
    """What Boreas's team says of its victims on day 10."""
    story = answers.answer(ask_of(known, "story"))
    for name, (day, phrase, *_) in zip(
        story.header["ids"], story.arrays["message"].tolist(), strict=True
    ):
        said = story.header["phrases"][int(phrase)]
        if day == 10 and said["channel"] == "B one" and said["narrative"] == "Victim":
            return f"message:{name}"
    raise AssertionError("no such message")


@pytest.mark.parametrize("word", ["event:raid", "narrative:no part", "message"])
def test_both_runs_are_those_of_the_python_interface(
    answers: Dispatcher, known: Catalogue, message: str, word: str
) -> None:
    word = message if word == "message" else word
    found = answers.answer(ask_of(known, "knockout", without=word))
    runs = [sim.run(SMALL, "offer", seed=7, replicate=3),
            sim.run(SMALL, "offer", seed=7, replicate=3, without=[word])]  # fmt: skip
    for position, told in enumerate(runs):
        record = told.record
        np.testing.assert_array_equal(found.arrays[f"tension.{position}"], record.tension)
        sympathy = found.arrays[f"sympathy.{position}"]
        np.testing.assert_array_equal(sympathy[:, 1:], record.sympathy)
        lead = told.timeseries.query("metric == 'lead'")["value"].to_numpy()
        shown = found.arrays[f"alignment.{position}"]
        np.testing.assert_allclose(shown[:, 0], lead, rtol=0, atol=ROUNDED)
        np.testing.assert_array_equal(shown[:, 1:], (sympathy[:, 1:, 0] - sympathy[:, 1:, 1]) / 2)
    moved = runs[0].record.sympathy - runs[1].record.sympathy
    np.testing.assert_array_equal(found.arrays["sympathy_difference"][:, 1:], moved)
    np.testing.assert_allclose(
        found.arrays["difference"][:, 1:],
        (moved[..., 0] - moved[..., 1]) / 2,
        rtol=0,
        atol=ROUNDED,
    )
    assert moved.any()
    day = found.header["parted"]
    assert not moved[:day].any()
    assert moved[day].any() or (runs[0].record.tension != runs[1].record.tension)[day]


def test_this_run_is_that_of_the_timelines(answers: Dispatcher, known: Catalogue) -> None:
    """The page shows a knock-out against the lines that it has, of the other engine."""
    lines = answers.answer(ask_of(known))
    found = answers.answer(ask_of(known, "knockout"))
    for name in ("alignment.0", "sympathy.0", "tension.0"):
        np.testing.assert_allclose(found.arrays[name], lines.arrays[name], rtol=0, atol=ROUNDED)


def test_command_that_is_shown_gives_the_run_without(
    answers: Dispatcher, known: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answers.answer(ask_of(known, "knockout", without="narrative:river cut"))
    words = shlex.split(found.header["command"])
    assert words[-2:] == ["--without", "narrative:river cut"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    assert main([*words[1:], "-o", "run", "--no-report", "--quiet"]) == 0
    rows = tables.read(tmp_path / "run", "timeseries").query("metric == 'tension'")
    np.testing.assert_allclose(
        found.arrays["tension.1"], rows["value"].to_numpy(), rtol=0, atol=ROUNDED
    )


def test_what_is_dropped_is_said(answers: Dispatcher, known: Catalogue, message: str) -> None:
    def words(word: str) -> str:
        return str(answers.answer(ask_of(known, "knockout", without=word)).header["text"])

    assert words(message) == (
        '30 May 2025, to Broker: B one (Boreas) states: "Victim" (promotes its case; raids)'
    )
    assert words("event:raid") == 'the event "raid" of 22 May 2025'
    assert words("narrative:victim") == (
        'what Boreas states as "Victim", on every day; replies go on'
    )


def test_what_changes_nothing_never_parts(known: Catalogue) -> None:
    """An event whose only effect is on what nobody here believes or says."""
    off = dict.fromkeys(("persuasion", "priming", "replies", "credence"), False)
    found = Answers(known).answer(
        ask_of(known, "knockout", without="narrative:trade", switches=off)
    )
    assert found.header["parted"] is None
    assert not found.arrays["difference"].any()


@pytest.mark.parametrize(("word", "words"), [
    ("parity", "without: must be message:..., narrative:... or event:..."),
    (3, "without: must be message:..., narrative:... or event:..."),
    (None, "without: must be"),
    ("narrative:" + "x" * LONGEST_WORD, "without: may have 200 characters"),
])  # fmt: skip
def test_wrong_asks_are_refused(known: Catalogue, word: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        ask_of(known, "knockout", without=word)


@pytest.mark.parametrize(("word", "words"), [
    ("narrative:victms", "did you mean victim?"),
    ("event:<script>", "unknown event"),
    ("message:d3-w01", "drop the event"),
    ("message:d8-099", "names no message of this run"),
    ("message:d0-001", "compare arms instead"),
    ("message:" + "9" * 190, "must be the id of a message"),
])  # fmt: skip
def test_words_that_name_nothing_are_refused(
    answers: Dispatcher, known: Catalogue, word: str, words: str
) -> None:
    with pytest.raises(InputError, match=words) as refusal:
        answers.answer(ask_of(known, "knockout", without=word))
    assert len(str(refusal.value)) < 300
