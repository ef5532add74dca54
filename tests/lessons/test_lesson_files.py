"""A lesson's file is read strictly: every problem with its place, all at once."""

import math
import re
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.lessons import reading
from sim.scenario import shipped
from sim.scenario.scenario import Scenario

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
GOOD = """\
lesson_version: 1
name: offers
title: What an offer does
question: What does an offer change?
background: [Two sides and a mediator.]
scenario:
  extends: small
  baseline: no_offer
  arms: {offer: {}, no_offer: {}}
see: {arms: [offer, no_offer], day: 3}
predictions:
- name: how_much
  kind: slider
  prompt: How much?
  unit: points
  low: -1
  high: 1
  step: 0.1
  measure:
    of: alignment
    terms: [{arm: offer, day: 5}, {arm: no_offer, day: 5, weight: -1}]
  told: It is {value}.
- name: path
  kind: curve
  prompt: Draw it.
  unit: points
  low: -1
  high: 1
  step: 0.1
  measure:
    of: alignment
    from: 0
    until: 6
    terms: [{arm: offer}]
  told: So it goes.
- name: which
  kind: choice
  prompt: Which?
  unit: points
  step: 0.1
  options: [{text: less, below: 0}, {text: more, from: 0}]
  measure: {of: tension, terms: [{arm: offer, day: 5}]}
  told: It is {value}.
explanation: [Because.]
leaves_out: [Much.]
statements:
- text: It is so
  measure: {of: offers, terms: [{arm: offer, from: 0, until: 5}]}
  holds: {above: 0}
debrief:
  15: [{minutes: 15, do: Talk.}]
  50: [{minutes: 20, do: Talk.}, {minutes: 30, do: Talk more.}]
sources: [Made up.]
"""


def wrong(tmp_path, old, new, *more):
    """What is said of the good lesson with one text exchanged."""
    text = GOOD
    for before, after in zip((old, *more[::2]), (new, *more[1::2]), strict=True):
        assert before in text
        text = text.replace(before, after, 1)
    with pytest.raises(InputError) as caught:
        reading.read_lesson(written(tmp_path, text))
    return str(caught.value).replace(f"{tmp_path}/", "").splitlines()


def written(tmp_path, text):
    """A lesson's file, beside the scenario that it extends."""
    (tmp_path / "small.yaml").write_text(SMALL.read_text())
    file = tmp_path / "offers.yaml"
    file.write_text(text)
    return file


def test_good_lesson_is_read(tmp_path):
    lesson = reading.read_lesson(written(tmp_path, GOOD))
    assert lesson.scenario.name == "offers"
    assert lesson.scenario.arms == ("offer", "no_offer")
    assert [one.kind for one in lesson.predictions] == ["slider", "curve", "choice"]
    assert lesson.predictions[1].measure.days == (0, 6)
    assert lesson.predictions[0].measure.terms[1].weight == -1.0
    assert lesson.words == "offers.yaml"


@pytest.mark.parametrize("name", shipped.lesson_names())
def test_shipped_lesson_is_read_and_its_file_has_its_name(name):
    lesson = reading.shipped_lesson(name)
    assert lesson.name == name
    assert Scenario.from_yaml(f"lesson.{name}") == lesson.scenario


@pytest.mark.parametrize("name", shipped.lesson_names())
def test_every_answer_of_a_shipped_lesson_says_its_cuts(name):
    for one in reading.shipped_lesson(name).predictions:
        for option in one.options:
            for edge in (option.low, option.below):
                assert math.isinf(edge) or f"{abs(edge):g}" in option.text, option


CASES = [
    ("day: 3}", "day: 3000}", r"offers.yaml:10:37: see.day: must lie within the run.*\(got 3000\)"),
    ("day: 3}", "day: 3, replicate: 200}", r"see.replicate: must .*199.*\(got 200\)"),
    ("arms: [offer, no_offer]", "arms: [offer, no_ofer]", r"10:21: see.arms.1: unknown arm; did you mean no_offer\?"),
    ("arms: [offer, no_offer]", "arms: []", r"see.arms: must hold exactly 2 items \(got 0\)"),
    ("arm: no_offer, day", "arm: nobody, day", r"predictions.how_much.measure.terms.1.arm: unknown arm"),
    ("kind: slider", "kind: slide", r"predictions.how_much.kind: unknown kind of prediction; did you mean slider\?"),
    ("  low: -1\n", "", r"predictions.how_much.low: is missing"),
    ("  high: 1\n", "  high: -2\n", r"predictions.how_much.high: must be more than low"),
    ("{value}.", "{velue}.", r"predictions.how_much.told: unknown number; did you mean value\? \(got {velue}\)"),
    ("from: 0}]\n", "from: 1}]\n", r"predictions.which.options.1.from: must be where"),
    ("options: [{text: less, below: 0}, {text: more, from: 0}]", "options: [{text: all}]", "options: must hold at least 2 items"),
    ("{of: tension,", "{of: tension, toward: North,", "toward: tension is toward nobody"),
    ("{of: tension,", "{of: sympathy, toward: Nroth,", r"toward: unknown claimant"),
    ("{of: tension,", "{of: sympathy,", "toward: is missing"),
    ("{of: tension,", "{", "of: is missing"),
    ("until: 5}", "until: 400}", "until: must lie within the run"),
    ("from: 0, until: 5}", "from: 0, until: 5, day: 2}", "must have either day or from and until"),
    ("from: 0, until: 5}", "from: 4, until: 3}", "until: must not be before from"),
    ("  holds: {above: 0}", "  holds: {}", "holds: must have above, below or both"),
    ("[{arm: offer}]", "[{arm: offer, day: 2}]", "the days of a curve stand in its measure"),
    ("    until: 6\n", "", "until: is missing; a curve needs it"),
    ("{text: less,", "{text: 'less by {from}',", r"predictions.which.options.0.text: unknown edge.*\(got {from}\)"),
    ("{value}.", "{velue.moves}.", r"told: unknown number.*\(got {velue.moves}\)"),
    ("minutes: 20", "minutes: 21", r"debrief.50: must add up to 50 minutes \(got 51\)"),
    ("sources: [Made up.]", "sources: []", "sources: must hold at least 1 item"),
    ("sources:", "source:\nsources:", "source: must be text"),
    ("question:", "quesion:", r"quesion: unknown key; did you mean question\?"),
    ("title:", "title: Twice\ntitle:", "title: is given twice"),
    ("extends: small", "extends: smal", r"7:12: scenario.extends: unknown scenario; did you mean small\?"),
    ("no_offer: {}}", "no_offer: {steps: 3}}", r"scenario.arms.no_offer.steps: is the same in every arm"),
    ("  baseline: no_offer\n", "", "scenario.baseline: is missing"),
    ("lesson_version: 1", "lesson_version: 2", "lesson_version: must be 1"),
    ("lesson_version: 1\n", "", "lesson_version: is missing"),
    ("name: offers", "name: ../offers", "name: may hold only letters"),
    ("- name: path", "- name: how_much", "is the same name as how_much"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CASES)
def test_fault_is_named_with_its_place(tmp_path, old, new, said):
    lines = wrong(tmp_path, old, new)
    assert all(re.match(r"[\w.]+:\d+:\d+: ", line) for line in lines)
    assert any(re.search(said, line) for line in lines), lines


def test_fault_of_an_arm_is_named_at_the_lessons_own_place_and_alone(tmp_path):
    """Days are not read without a scenario: that they are missing would not be true."""
    assert wrong(tmp_path, "{offer: {}", "{offer: {claimants: [{name: Arai}]}") == [
        "offers.yaml:9:17: scenario.arms.offer.claimants: must hold exactly 2 items (got 3)"
    ]


def test_all_faults_are_named_together(tmp_path):
    lines = wrong(
        tmp_path,
        "day: 3}",
        "day: 3000}",
        "kind: slider",
        "kind: slide",
        "no_offer: {}}",
        "no_offer: {steps: 3}}",
    )
    assert len(lines) >= 2
    assert any("scenario.arms" in line for line in lines)
    assert any("kind of prediction" in line for line in lines)


def test_folder_of_lessons_replaces_shipped_ones_of_the_same_name(tmp_path):
    name = shipped.lesson_names()[0]
    text = GOOD.replace("name: offers", f"name: {name}")
    (tmp_path / "mine.yaml").write_text(text.replace("extends: small", "extends: two_sources"))
    found = reading.read_lessons(tmp_path)
    assert set(found) == set(shipped.lesson_names())
    assert found[name].title == "What an offer does"
    assert found[name].words == "mine.yaml"


def test_folder_that_is_not_there_or_empty_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        reading.read_lessons(tmp_path / "nowhere")
    with pytest.raises(InputError, match="must hold 1 to 50 lessons"):
        reading.read_lessons(tmp_path)


def test_scenario_among_lessons_is_no_lesson(tmp_path):
    """What a lesson extends may lie beside it; so may a scenario that none extends."""
    written(tmp_path, GOOD)
    (tmp_path / "aside.yaml").write_text("extends: small\nname: aside\nsteps: 9\n")
    assert list(reading.lessons_of_folder(tmp_path)) == ["offers"]
    assert reading.read_lessons(tmp_path)["offers"].scenario.steps == 24


def test_file_meant_as_a_lesson_is_read_as_one_without_its_version(tmp_path):
    written(tmp_path, GOOD.replace("lesson_version: 1\n", ""))
    with pytest.raises(InputError, match="lesson_version: is missing"):
        reading.lessons_of_folder(tmp_path)


def test_folder_of_scenarios_alone_holds_no_lesson(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL.read_text())
    with pytest.raises(InputError, match=r"must hold 1 to 50 lessons.*\(got 0\)"):
        reading.lessons_of_folder(tmp_path)


def test_lesson_extends_a_scenario_named_with_it(tmp_path):
    """One that lies beside it goes before."""
    (tmp_path / "offers.yaml").write_text(GOOD)
    with pytest.raises(InputError, match=r"scenario\.extends: unknown scenario"):
        reading.read_lesson(tmp_path / "offers.yaml")
    lesson = reading.read_lesson(tmp_path / "offers.yaml", others={"small": SMALL})
    assert lesson.scenario == reading.read_lesson(written(tmp_path, GOOD)).scenario
    own = SMALL.read_text().replace("steps: 24", "steps: 20")
    (tmp_path / "small.yaml").write_text(own)
    lesson = reading.read_lesson(tmp_path / "offers.yaml", others={"small": SMALL})
    assert lesson.scenario.steps == 20


def test_lessons_come_in_their_order_and_those_without_one_last(tmp_path):
    shipped_first = list(reading.read_lessons())
    assert shipped_first[0] == "more_messages"
    assert shipped_first[-1] == "one_run_is_no_result"
    (tmp_path / "mine.yaml").write_text(GOOD.replace("extends: small", "extends: two_sources"))
    assert list(reading.read_lessons(tmp_path)) == [*shipped_first, "offers"]


def test_only_the_arms_that_a_lesson_names_are_its_arms():
    base = Scenario.from_yaml("kashmir_2025")
    lesson = Scenario.from_yaml("lesson.one_run_is_no_result")
    assert lesson.arms == ("mediation", "no_mediation")
    assert set(lesson.arms) < set(base.arms)
    assert lesson.arm("mediation").mediator == base.arm("mediation").mediator


def test_unknown_lesson_is_refused_by_name():
    with pytest.raises(
        InputError, match=r"^lesson.a_visit_fade: unknown lesson; did you mean a_visit_fades\?$"
    ):
        Scenario.from_yaml("lesson.a_visit_fade")
