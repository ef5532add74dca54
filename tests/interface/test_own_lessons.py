"""Lessons on a scenario of one's own: the verbs take both, wherever the lessons lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.verification import check
from tests.interface.conftest import Answer
from tests.lessons.test_lesson_files import GOOD

Narrate = Callable[..., Answer]
ARMS = "{offer: {}, no_offer: {}}"


@pytest.fixture
def lessons(place: Path) -> Path:
    """A folder with a lesson on the small case, which lies elsewhere."""
    folder = place / "lessons"
    folder.mkdir()
    (folder / "offers.yaml").write_text(GOOD)
    return folder


def test_validate_takes_a_lesson_with_what_it_extends(narrate: Narrate, lessons: Path) -> None:
    """Whichever is named first."""
    for words in (["small.yaml", "lessons/offers.yaml"], ["lessons/offers.yaml", "small.yaml"]):
        answer = narrate("validate", *words)
        assert answer.out == "".join(f"{word}: ok\n" for word in words), answer.err
    assert narrate("validate", "lesson.a_visit_fades").code == 0


def test_validate_refuses_in_a_lesson_what_the_page_would(narrate: Narrate, lessons: Path) -> None:
    """A fault of the lesson's own keys, a seed that browsers round, a name that is taken."""
    faults = {
        ("question:", "quesion:"): "lessons/offers.yaml:4:1: quesion: unknown key",
        (f"arms: {ARMS}", f"arms: {ARMS}\n  seed: 9007199254740993"): "at most 9007199254740991",
        ("told: It is {value}", "told: It is {valu}"): "predictions.how_much.told: unknown number",
    }
    for (old, new), said in faults.items():
        (lessons / "offers.yaml").write_text(GOOD.replace(old, new, 1))
        answer = narrate("validate", "small.yaml", "lessons/offers.yaml")
        assert (answer.code, answer.out) == (2, "")
        assert said in answer.err
        assert "lessons/offers.yaml" in answer.err
        served = narrate("serve", "small.yaml", "--lessons", "lessons", "--no-open", "--port", "0")
        assert served.code == 2
        assert said.removeprefix("lessons/") in served.err
    (lessons / "offers.yaml").write_text(GOOD)
    (lessons / "twice.yaml").write_text(GOOD)
    answer = narrate("validate", "small.yaml", "lessons/offers.yaml", "lessons/twice.yaml")
    said = [line for line in answer.err.splitlines() if line.startswith("error")]
    assert said == ["error: lessons/twice.yaml: name: another file has it too (got offers)"]


def test_check_asks_the_lessons_of_a_folder(
    narrate: Narrate, lessons: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They alone; every run of the first days has no offer, so their statement holds in none."""
    monkeypatch.setattr(check, "check", lambda **_: check.Check())
    words = "small.yaml", "--lessons", "lessons", "--samples", "3", "--json"
    (found,) = json.loads(narrate("check", *words).out)["lessons"]
    assert found["lesson"] == "offers"
    assert [(one["share"], one["equal"]) for one in found["statements"]] == [(0.0, 1.0)]
    assert narrate("check", "small.yaml", "--lessons", "nowhere").code == 2


def test_run_says_where_the_scenario_of_a_lesson_must_lie(
    narrate: Narrate, lessons: Path, place: Path
) -> None:
    words = "run", "lessons/offers.yaml", "--arm", "offer", "--no-report", "--steps", "3"
    answer = narrate(*words)
    assert answer.code == 2
    assert "small.yaml must lie beside this file" in answer.err
    (lessons / "small.yaml").write_text((place / "small.yaml").read_text())
    assert narrate(*words).code == 0
