"""What is told is made of whole sentences, in every arm that is shipped and in every lesson."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import yaml

import sim
from sim.lessons.reading import shipped_lesson
from sim.page.lessons import reveal
from sim.report import column_words, words
from sim.report.figures import FIGURES, effect
from sim.report.hindcast import tau_number
from sim.report.layout import Section
from sim.report.numerals import level_number
from sim.report.page_file import question
from sim.report.sweep_words import overall_words
from sim.running.blocks import COMPARISON_METRICS
from sim.running.sweeps.outcomes import GROUPS
from sim.running.sweeps.swept import Swept, outcomes
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from sim.store.results import Results
from sim.studies.designs.planning import StudyPlan
from sim.studies.sweep import plan_sweep

LESSONS = shipped.lesson_names()
SCENARIOS = [*shipped.names(), *(f"{shipped.LESSON}{name}" for name in LESSONS)]
NAME = re.compile(r'"[^"]*"')
PREPOSITIONS = "against|at|between|by|for|from|in|into|of|on|over|to|toward|under|with|without"
TWO_PREPOSITIONS = re.compile(rf"\b({PREPOSITIONS}) ({PREPOSITIONS})\b", re.IGNORECASE)
DOUBLED = re.compile(r"\b([a-z]+) \1\b", re.IGNORECASE)
ONE_OF_MANY = re.compile(r"(?<![\d.,:+-])\b1 (?!is\b|was\b|has\b)[a-z]+s\b")
NO_WORDS = re.compile(r"[{}]|\b(nan|inf|None|True|False)\b|  |\bthe (the|on|in|a|an)\b| [,.;:]")


def check_phrase(text: str) -> None:
    """No doubled word, no two prepositions in a row, nothing that a program left over."""
    text = NAME.sub('"NAME"', text.replace("\u00a0", " "))
    for fault in (TWO_PREPOSITIONS, DOUBLED, ONE_OF_MANY, NO_WORDS):
        assert not fault.search(text), (fault.search(text), text)


def check_sentences(text: str) -> None:
    """Moreover each sentence begins with a capital or a number, and the last one ends."""
    check_phrase(text)
    text = NAME.sub('"NAME"', text)
    assert re.search(r"[.?!)]$", text), text
    for one in re.split(r"(?<=[.?!]) ", text):
        assert re.match(r"\W*(\d|[A-Z])", one), (one, text)  # or it begins with a number


def check_section(section: Section) -> None:
    check_phrase(section.heading)
    for paragraph in section.paragraphs:
        check_sentences(paragraph)
    for item in section.items:
        head, colon, rest = item.partition(": ")
        check_sentences(rest if colon else head)
        check_phrase(head)
    for table in section.tables:
        check_phrase(table.caption)


@pytest.mark.parametrize(
    "text",
    ["Numbers are the on the last day.", "It is unchanged under without parity.", "It is is.",
     "It has 1 points.", "lower case.", "No stop", "The mean is nan.", "A {name}."],
)  # fmt: skip
def test_what_is_no_sentence_is_noticed(text: str) -> None:
    with pytest.raises(AssertionError):
        check_sentences(text)


@pytest.mark.parametrize("name", SCENARIOS)
def test_comparisons_of_every_arm_are_told_in_sentences(name: str) -> None:
    """Each arm is the first once: the first of a comparison is told in full."""
    done = sim.compare(name, pairs=2, uncertain_pairs=2, every=1000).results()
    table = done.tables["comparison"]
    for arm in done.arms[:-1]:
        first = table["arm"] == arm
        frames = {**done.tables, "comparison": pd.concat([table[first], table[~first]])}
        results = Results(frames, done.manifest, done.scenario)
        assert results.arm == arm
        for section in words.sections(results):
            check_section(section)
        check_sentences(question(results))
        check_phrase(effect.title(results))
        for figure in FIGURES.values():
            check_phrase(figure.TITLE)
            check_sentences(figure.caption(results))


@pytest.mark.parametrize("name", SCENARIOS)
def test_runs_of_every_arm_are_told_in_sentences(name: str) -> None:
    for arm in ("", *Scenario.from_yaml(name).arms):
        run = sim.run(name, arm, engine="ensemble")
        for section in words.sections(run.results()):
            check_section(section)
        lines = run.summary().splitlines()
        for line in (lines[1], *lines[-2:]):
            check_sentences(line)


@pytest.mark.parametrize("name", LESSONS)
def test_reveals_of_every_lesson_are_told_in_sentences(name: str) -> None:
    predictions = reveal(shipped_lesson(name)).header["predictions"]
    assert predictions
    for one in predictions:
        check_sentences(one["told"])


def test_sweep_is_told_in_sentences() -> None:
    small = Path(__file__).parents[1] / "interface" / "small.yaml"
    one = sim.sweep(small, {"parity": [0.0]}, replicates=1, metrics=("lead",)).results()
    for section in words.sections(one):
        check_section(section)
    designs: tuple[dict[str, Any], ...] = (
        {"parity": [0.0, 0.3]},
        {"parity": [0.0], "calming": [0.0]},
        {"switches.parity": [True, False], "arms.offer.mediator.policy": ["none", "scripted"]},
        {"steps": [20, 24]},
    )
    for design in designs:
        done = sim.sweep(small, design, replicates=2, metrics=("lead",))
        for section in words.sections(done.results()):
            check_section(section)


def test_points_without_an_effect_are_on_neither_side() -> None:
    rows = pd.DataFrame(
        {"mean_diff": [-0.1, 0.0, 0.0, 0.2], "mc_low": float("nan"), "mc_high": 0.0}
    )
    said = overall_words(Results({}, {}, None), rows)
    assert "Of 4 points it is below 0 at 1, exactly 0 at 2 and above 0 at 1." in said
    check_sentences(said)


def column_asked(swept: Swept, column: str) -> Any:
    """What the words of a study need of it."""
    scenario, arm = swept.scenario, swept.arms[0]
    sweeps = [SimpleNamespace(swept=swept)]
    return SimpleNamespace(
        of=column, arm=arm, baseline=swept.base, scenario=scenario, sweeps=sweeps
    )


@pytest.fixture
def dotted() -> Swept:
    """A sweep whose names hold dots."""
    small = Path(__file__).parents[1] / "interface" / "small.yaml"
    text = small.read_text().replace("Port", "St. Petersburg").replace("Aria", "A.R.I.A")
    plan = StudyPlan(pd.DataFrame({"point": [0]}), {})
    scenario = Scenario.from_dict(yaml.safe_load(text))
    return plan_sweep(scenario, plan, ["offer"], None, metrics=COMPARISON_METRICS)


def test_every_column_of_a_sweep_is_named_whole(dotted: Swept) -> None:
    found = outcomes(dotted)
    assert {outcome.metric for outcome in found} == set(column_words.NAMES)
    for group in GROUPS:
        for outcome in found:
            asked = column_asked(dotted, f"{group}.{outcome.name}")
            parts = column_words.parts(asked)
            assert parts.outcome == outcome
            assert parts.is_effect == group.startswith("effect.")
            subject = column_words.subject(asked)
            for name in filter(None, outcome[1:]):
                assert name in subject
            check_phrase(subject)
            check_phrase(column_words.asked_of(asked))
            for side in (("above", 0.0), ("below", 0.01), ("above", -0.01)):
                check_phrase(column_words.event(asked, *side))


def test_event_of_a_name_with_a_dot_is_told_whole(dotted: Swept) -> None:
    asked = column_asked(dotted, "effect.window.alignment.St. Petersburg")
    assert column_words.event(asked, "above", 0.0) == (
        'the arm "offer" moves St. Petersburg toward A.R.I.A'
    )
    assert column_words.event(asked, "below", -0.012) == (
        'the arm "offer" moves St. Petersburg toward Boreas by more than 0.012 '
        "(about 4.0 points of net opinion)"
    )
    tension = column_asked(dotted, "effect.final.tension")
    assert column_words.event(tension, "above", 0.5).endswith("raises tension by more than 0.5")
    asked = column_asked(dotted, "final.sympathy.St. Petersburg.A.R.I.A")
    assert column_words.subject(asked) == ('St. Petersburg\'s sympathy for A.R.I.A in "offer"')


def test_number_that_rounds_to_nothing_has_no_sign() -> None:
    assert level_number(-0.0004) == "0.000"
    assert tau_number(-0.004) == "0.00"
