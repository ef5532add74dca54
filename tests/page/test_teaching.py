"""Lessons on the page: what the browser gets, and that every number is one that was computed."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from websockets.sync.client import connect

import sim
from sim.errors import InputError
from sim.lessons.entities import CURVE, Measure, Term
from sim.page import lessons as page_lessons
from sim.page.lessons import describe_change, round_to_step
from sim.page.protocol import Debrief, Guide, Reveal, parse_ask
from sim.page.timelines import TimelineAnswers
from sim.scenario import shipped
from tests.page.conftest import Served, ask_of

FADES = "a_visit_fades"


def texts_after(lesson):
    """What may be read only after a prediction."""
    plans = [row.do for plan in lesson.debrief.values() for row in plan]
    claims = [one.text for one in lesson.statements]
    told = [one.told for one in lesson.predictions]
    return [*lesson.explanation, *lesson.leaves_out, *lesson.sources, *plans, *claims, *told]


def test_every_lesson_is_told_before_it_is_asked_without_its_measures_and_explanation(known):
    written = json.dumps(known.about)
    about = json.loads(written)
    assert {one["name"] for one in about["lessons"]} == set(known.lessons)
    for one in about["lessons"]:
        of_scenario = about["scenarios"][one["scenario"]]
        assert of_scenario["lesson"] is True
        assert of_scenario["chosen"] == one["see"]["arms"]
        assert one["lengths"] == [15, 50]
        for text in texts_after(known.lessons[one["name"]]):
            assert json.dumps(text) not in written
        for prediction in one["predictions"]:
            assert not {"measure", "told", "numbers"} & set(prediction)
            assert (prediction["days"] is not None) == (prediction["kind"] == CURVE)
            assert all(set(option) == {"text"} for option in prediction["options"])


def test_reveal_has_a_value_a_band_and_words_for_every_prediction(answers, known):
    answer = answers.answer(Reveal(FADES))
    assert answer.header["kind"] == "lesson"
    by_name = {one["name"]: one for one in answer.header["predictions"]}
    lesson = known.lessons[FADES]
    assert set(by_name) == {one.name for one in lesson.predictions}
    first, last = answer.header["days"]["path"]
    for end in ("", ".low", ".high"):
        assert answer.arrays[f"curve.path{end}"].shape == (last - first + 1,)
    assert (answer.arrays["curve.path.low"] <= answer.arrays["curve.path.high"]).all()
    left = by_name["left"]
    assert left["told"].startswith(f"{left['value']:.0f} %")
    assert "{" not in "".join(one["told"] for one in by_name.values())
    assert answer.header["explanation"] == lesson.explanation
    assert answer.header["leaves_out"] == lesson.leaves_out


def test_lesson_is_answered_by_its_name_alone_and_found_again(answers):
    ask = parse_ask({"n": 1, "kind": "debrief", "lesson": FADES}, answers.catalogue.limits)
    assert answers.answer(ask) is answers.answer(Debrief(FADES))


def test_unknown_lesson_is_refused(answers):
    with pytest.raises(InputError, match=r"lesson: unknown lesson; did you mean a_visit_fades\?"):
        parse_ask({"n": 1, "kind": "lesson", "lesson": "a_visit_fade"}, answers.catalogue.limits)


def test_debrief_gives_every_statement_a_share_within_its_interval(answers, known):
    header = answers.answer(Debrief(FADES)).header
    assert [one["text"] for one in header["statements"]] == [
        one.text for one in known.lessons[FADES].statements
    ]
    for one in header["statements"]:
        assert 0 <= one["low"] <= one["share"] <= one["high"] <= 1
        assert one["holds"] == (one["share"] >= 2 / 3)
    assert header["draws"] >= 200


def test_guide_has_the_plans_and_needs_no_run(answers, known, monkeypatch):
    monkeypatch.setattr(page_lessons, "statement_support", None)
    monkeypatch.setattr(page_lessons, "prediction_results", None)
    lesson = known.lessons[FADES]
    header = answers.answer(Guide(FADES)).header
    assert set(header["plans"]) == {"15", "50"}
    assert header["plans"]["15"] == [one._asdict() for one in lesson.debrief[15]]
    assert (header["explanation"], header["leaves_out"], header["sources"]) == (
        lesson.explanation,
        lesson.leaves_out,
        lesson.sources,
    )


def timelines_of(known):
    """Two arms of a lesson, replicate 3 at seed 7."""
    return ask_of(known, scenario=f"lesson.{FADES}", arms=["every_visit", "without_indias_visit"])


def test_command_of_a_lesson_names_what_the_command_line_reads(known):
    assert known.run_command(timelines_of(known), "every_visit") == (
        f"narrate run lesson.{FADES} --arm every_visit --seed 7 --replicate 3"
    )


@pytest.mark.parametrize(
    ("value", "step", "told"),
    [(0.251, 0.1, "0.3"), (-0.04, 0.1, "0.0"), (33.5173, 1, "34"), (1234.0, 5, "1235"),
     (np.nan, 1, "not a number"), (-2.26, 0.5, "-2.5"), (100 * 0.575, 1, "58"), (1e-9, 0.1, "0.0")],
)  # fmt: skip
def test_value_is_told_to_the_step(value, step, told):
    assert round_to_step(value, step) == told


@pytest.mark.parametrize(
    ("of", "value", "said"),
    [
        ("alignment", 0.62, "toward India by 0.6"),
        ("alignment", -0.58, "toward Pakistan by 0.6"),
        ("alignment", -0.01, "by 0.0"),
        ("sympathy", -1.0, "down by 1.0"),
        ("offered", 1.0, "up by 1.0"),
    ],
)
def test_change_is_told_with_the_direction_of_its_quantity(of, value, said):
    measure = Measure((Term("a", of, "", "", 0, 0, 1.0),))
    assert describe_change(value, 0.1, measure, ["India", "Pakistan"]) == said


def test_run_that_the_command_names_is_the_one_on_the_page(known):
    ask = timelines_of(known)
    shown = TimelineAnswers(known, runs=4).answer(ask).arrays
    for position, arm in enumerate(ask.arms):
        told = sim.run(f"lesson.{FADES}", arm, seed=7, replicate=3)
        x = (told.record.sympathy[:, :, 0] - told.record.sympathy[:, :, 1]) / 2
        # place 0 is the mean; 1e-12: agents and compiled loops add in different orders
        assert shown[f"alignment.{position}"][:, 1:] == pytest.approx(x, abs=1e-12)


def test_faulty_lesson_ends_the_start_of_the_page_with_its_place(tmp_path):
    file = shipped.lessons_folder() / f"{FADES}.yaml"
    (tmp_path / "mine.yaml").write_text(
        file.read_text("utf-8").replace("kind: curve", "kind: curv")
    )
    done = subprocess.run(
        [sys.executable, "-m", "sim", "serve", "--port", "0", "--no-open", "--lessons", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    said = r"error: .*mine.yaml:\d+:9: predictions.path.kind: unknown kind of prediction; did you mean curve\?.*\n"
    assert re.fullmatch(said, done.stderr)


def test_page_that_is_ended_while_it_computes_leaves_no_traceback():
    page = Served()
    with connect(page.socket, origin=page.origin) as window:
        window.send('{"n": 1, "kind": "debrief", "lesson": "one_run_is_no_result"}')
        window.send('{"n": 2, "kind": "debrief", "lesson": "one_run_is_no_result"}')
        window.ping().wait()
        assert "Traceback" not in page.end()
