"""What newcomers try first: wrong forms of right things, and words about next to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.plugins import registry
from sim.store import tables
from sim.studies.explain import explain
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]


@pytest.fixture
def story(place: Path) -> sim.Scenario:
    return sim.Scenario.from_yaml(place / "small.yaml")


REFUSED = {
    "options of a plug-in": (["--set", "update_rule=friedkin_johnsen", "--set", "update_rule.eps=0.3"],
        "there is nothing inside a single value; write update_rule={name: friedkin_johnsen, OPTION: VALUE}"),
    "index": (["--set", "audiences[0].importance=2"],
        "items go by their names, such as audiences.NAME.importance"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusal_says_what_to_write(narrate: Narrate, case: str) -> None:
    words, said = REFUSED[case]
    answer = narrate("validate", "small.yaml", *words)
    assert answer.code == 2
    assert said in answer.err


def test_drop_that_is_not_true_is_told_so(narrate: Narrate, place: Path) -> None:
    (place / "mine.yaml").write_text(
        "title: Mine\nextends: small\nevents:\n- {name: raid, drop: 'true'}\n", encoding="utf-8"
    )
    answer = narrate("validate", "mine.yaml")
    assert answer.code == 2
    assert "drop: must be true" in answer.err


def test_plugin_that_nothing_uses_is_told(narrate: Narrate, place: Path) -> None:
    made = '"""Accepts a half."""\ndef half(gain, precision):\n    return 0.5\n'
    (place / "half.py").write_text(made, encoding="utf-8")
    words = ["run", "small.yaml", "--arm", "offer", "--no-report", "--plugin", "half.py:half"]
    told = "note: --plugin half.py:half: nothing that is run uses it\n"
    with registry.none_from_outside():
        assert told in narrate(*words).err
    with registry.none_from_outside():
        assert told not in narrate(*words, "--set", "claimants.Aria.acceptance=half").err


def test_column_arm_is_no_key(narrate: Narrate, place: Path) -> None:
    (place / "design.csv").write_text("arm,parity\noffer,0.1\n", encoding="utf-8")
    answer = narrate("sweep", "small.yaml", "--design", "design.csv", "-n", "2")
    assert answer.code == 2
    assert "arm: is no key: arms are run at every point, all of them; --arms chooses" in answer.err


def test_lessons_are_a_folder(narrate: Narrate) -> None:
    answer = narrate("serve", "small.yaml", "--lessons", "small.yaml", "--no-open")
    assert answer.code == 2
    assert "is a file; name its folder" in answer.err


def test_sweep_without_the_usual_column_asks_for_one(narrate: Narrate) -> None:
    words = ["--param", "parity=0:1", "--design", "lhs", "--samples", "4", "-n", "1"]
    done = narrate(
        "sweep", "small.yaml", *words, "--metrics", "tension", "--out", "swept", "--no-report"
    )
    assert done.code == 0, done.err
    answer = narrate("discover", "swept")
    assert answer.code == 2
    assert "--of: is needed: the sweep has no " in answer.err
    assert "did you mean" not in answer.err


@pytest.mark.parametrize("ask", [
    lambda story: sim.evaluate({"scenario": story, "parity": "0.5"}),
    lambda story: sim.compare(story, pairs="4"),
    lambda story: sim.run(story, "offer", seed="5"),
])  # fmt: skip
def test_number_given_as_text_is_shown_as_text(
    story: sim.Scenario, ask: Callable[[sim.Scenario], object]
) -> None:
    with pytest.raises(InputError, match=r"\(got '[0-9.]+'\)"):
        ask(story)


def test_table_in_place_of_a_list_is_refused(story: sim.Scenario) -> None:
    with pytest.raises(
        InputError, match="parity: must be a value, or a list of values, not a table"
    ):
        sim.sweep(story, {"parity": np.ones((2, 2))}, ["offer"])


@pytest.mark.parametrize("day", [
    np.datetime64("2025-03-01"), pd.Timestamp("2025-03-01"), "2025-03-01",
])  # fmt: skip
def test_day_of_another_library_is_a_day(story: sim.Scenario, day: object) -> None:
    assert story.replace(start_date=day).start_date.isoformat() == "2025-03-01"


def test_time_of_the_day_is_no_day(story: sim.Scenario) -> None:
    with pytest.raises(InputError, match="start_date"):
        story.replace(start_date=pd.Timestamp("2025-03-01 12:00"))


def test_sections_are_replaced_as_a_file_has_them(story: sim.Scenario) -> None:
    with pytest.raises(InputError, match=r"audiences.Ash.*is missing"):
        story.replace(audiences=[{"name": "Ash", "importance": 2}])
    events = [{"name": "one", "day": 3, "tension": 0.5}]
    assert [one.name for one in story.replace(events=events).events] == ["one"]
    assert story.replace(events=story.events[:1]).events == story.events[:1]


def test_seed_has_one_type_in_every_table(narrate: Narrate, place: Path) -> None:
    for verb, *words in (["compare", "-n", "2"], ["sweep", "--param", "parity=0.1", "-n", "2"]):
        assert narrate(verb, "small.yaml", *words, "--no-report", "--out", verb).code == 0
        assert tables.read(place / verb, "runs")["seed"].dtype == np.uint64


def test_arms_that_are_equal_have_no_largest_effect(story: sim.Scenario) -> None:
    same = story.set(["arms.offer.mediator.policy=none"])
    text = sim.compare(same, "offer", pairs=3, channels=False, uncertain_pairs=0).summary()
    text = " ".join(text.split())
    assert "The largest effect" not in text
    assert 'No audience differs from "no offer", to 4 digits.' in text


def test_one_pair_has_neither_an_interval_nor_a_spread(story: sim.Scenario) -> None:
    text = sim.compare(story, "offer", pairs=1, channels=False, uncertain_pairs=1).summary()
    assert "(1 pair)" in " ".join(text.split())
    assert "interval of the mean" not in text
    assert "spread" not in text.replace("spreads", "spread").partition("Capital by capital")[0]


def test_interval_with_0_in_it_settles_no_direction(story: sim.Scenario) -> None:
    def said(pairs: int, **more: float) -> str:
        found = sim.compare(
            story.replace(parameters=more), "offer", pairs=pairs, channels=False, uncertain_pairs=0
        )
        return " ".join(found.summary().split())

    unsettled = "The interval has 0 in it: so many pairs do not settle which way it goes."
    for text in (said(4, parity=0.0, goodwill=0.0), said(4)):
        for one in re.findall(
            r"interval of the mean (\S+) to (\S+), 4 pairs\)\.( The interval)?", text
        ):
            low, high = (float(end.replace("\u2212", "-")) for end in one[:2])
            assert bool(one[2]) is (low < 0.0 < high), one
    assert unsettled in said(4, parity=0.0, goodwill=0.0)


def test_change_of_nothing_goes_nowhere(story: sim.Scenario) -> None:
    quiet = story.replace(steps=3, switches={"noise": False, "incidents": False})
    told = explain(sim.run(quiet, "offer"), "Hill", last=0)
    text = told.text()
    assert "toward" not in text.partition("By mechanism")[0].partition("(Alignment")[0]
    assert "+0.0000" not in text.partition("Largest single messages")[2].partition("What holds")[0]
