"""What is taken home gives the numbers of the page again, without the page."""

from __future__ import annotations

import io
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli.main import main
from sim.lessons.entities import RUNS
from sim.page.answers import Answers
from sim.page.catalogue import build_catalogue
from sim.page.dispatch import Dispatcher
from sim.page.protocol import Answer
from sim.store import tables
from tests.page.conftest import SMALL, ask_of

ROUNDED = 1e-12  # the engines add in different orders
CHANGED = {"parity": 0.75, "goodwill": 0.011}
ASKED = {"seed": 11, "parameters": CHANGED, "switches": {"backlash": False}}


@pytest.fixture(scope="module")
def taken(answers: Dispatcher) -> Answer:
    return answers.answer(ask_of(answers.catalogue, "files", **ASKED))


def text_of(answer: Answer, end: str) -> str:
    return next(file["text"] for file in answer.header["files"] if file["name"].endswith(end))


def frame_of(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), keep_default_na=False)


def changed() -> sim.Scenario:
    return sim.Scenario.from_yaml(SMALL).replace(
        parameters=CHANGED, switches={"backlash": False}, seed=11
    )


KEY = ["metric", "actor", "toward", "step"]


def matched(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the first, and those of the second that have their keys."""
    rows = one[KEY].merge(other, on=KEY, how="left", validate="one_to_one")
    return one.reset_index(drop=True), rows


@pytest.mark.parametrize("arm", ["offer", "no_offer"])
def test_scenario_file_and_command_give_the_numbers_of_the_table(
    taken: Answer, arm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = next(file for file in taken.header["files"] if file["name"].endswith(".yaml"))
    Path(file["name"]).write_text(file["text"], encoding="utf-8")
    command = next(
        one["text"] for one in taken.header["commands"] if f"--arm {arm} " in one["text"]
    )
    words = shlex.split(command)
    assert words[:3] == ["narrate", "run", file["name"]]
    assert main([*words[1:], "-o", "run", "--no-report", "--quiet"]) == 0
    levels = frame_of(text_of(taken, "levels.csv")).query("arm == @arm")
    mine, told = matched(levels, tables.read(tmp_path / "run", "timeseries"))
    assert len(mine) == len(levels) > 300
    np.testing.assert_allclose(mine["value"], told["value"], rtol=0, atol=ROUNDED)
    for column in ("scenario", "replicate", "seed", "date"):
        assert (mine[column] == told[column]).all(), column


@pytest.mark.parametrize("uncertainty", ["chance", "parameters"])
def test_comparing_command_gives_bands_of_levels_and_of_the_difference(
    answers: Dispatcher, uncertainty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    taken = answers.answer(ask_of(answers.catalogue, "files", uncertainty=uncertainty, **ASKED))
    assert ("goodwill, parity held" in str(taken.header)) == (uncertainty == "parameters")
    Path("small_from_page.yaml").write_text(text_of(taken, ".yaml"), encoding="utf-8")
    words = shlex.split(taken.header["commands"][-1]["text"])
    assert words[1] == "compare"
    assert main([*words[1:], "-o", "both", "--no-report", "--quiet"]) == 0
    levels = frame_of(text_of(taken, "levels.csv"))
    assert set(levels["uncertainty"]) == {uncertainty}
    levels = levels[levels["metric"].isin(("sympathy", "alignment", "lead", "tension"))]
    summary = tables.read(tmp_path / "both", "summary")
    summary = summary[summary["uncertainty"] == uncertainty]
    for arm, mine in levels.groupby("arm"):
        mine, known = matched(mine, summary[summary["arm"] == arm])
        for column in ("q05", "q95"):
            np.testing.assert_allclose(mine[column], known[column], rtol=0, atol=ROUNDED)
        assert set(known["n"]) == {RUNS}
    apart = frame_of(text_of(taken, "difference.csv")).query("metric == 'alignment'")
    compared = tables.read(tmp_path / "both", "comparison").query("answers == 'any' and step >= 0")
    compared = compared[compared["uncertainty"] == uncertainty]
    assert set(apart["uncertainty"]) == {uncertainty}
    mine, known = matched(apart, compared)
    for column in ("q05", "q95"):
        np.testing.assert_allclose(mine[column], known[column], rtol=0, atol=ROUNDED)
    assert (mine["baseline"] == known["baseline"]).all()


def test_scenario_file_reads_to_what_was_asked(taken: Answer, tmp_path: Path) -> None:
    file = tmp_path / "taken.yaml"
    file.write_text(text_of(taken, ".yaml"), encoding="utf-8")
    again = sim.Scenario.from_yaml(file)
    assert again == changed()
    for arm in again.arms:
        assert again.arm(arm) == changed().arm(arm)


def test_tables_are_those_of_the_python_interface(taken: Answer) -> None:
    told = [
        sim.run(changed(), arm, replicate=3, engine="ensemble").timeseries
        for arm in ("offer", "no_offer")
    ]
    levels = frame_of(text_of(taken, "levels.csv"))
    assert list(levels) == [
        "scenario",
        "arm",
        "uncertainty",
        "replicate",
        "seed",
        "step",
        "date",
        "actor",
        "toward",
        "metric",
        "value",
        "q05",
        "q95",
    ]
    mine, known = matched(levels.query("arm == 'no_offer'"), told[1])
    assert (mine["value"] == known["value"]).all()  # the same engine, the same bits
    apart = frame_of(text_of(taken, "difference.csv"))
    mine, first = matched(apart, told[0])
    _, second = matched(apart, told[1])
    np.testing.assert_allclose(
        mine["value"], first["value"] - second["value"], rtol=0, atol=ROUNDED
    )


def test_names_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "marked.yaml"
    file.write_text(SMALL.read_text("utf-8").replace("Aria", '"=1+1"'), encoding="utf-8")
    known = build_catalogue(sim.Scenario.from_yaml(file), ["marked.yaml"])
    answer = Answers(known).answer(ask_of(known, "files"))
    lines = text_of(answer, "levels.csv")
    assert "'=1+1" in lines
    assert '"=1+1' not in lines.replace("'=1+1", "")
    assert ",=1+1" not in lines


def test_one_arm_twice_is_one_run_and_no_comparison(answers: Dispatcher) -> None:
    twice = ask_of(answers.catalogue, "files", arms=["offer", "offer"])
    commands = answers.answer(twice).header["commands"]
    assert [shlex.split(one["text"])[1] for one in commands] == ["run"]


def test_scenario_of_a_lesson_is_taken_home_too(answers: Dispatcher, tmp_path: Path) -> None:
    about = answers.catalogue.about
    name = about["lessons"][0]["scenario"]
    asked_for = about["scenarios"][name]
    answer = answers.answer(
        ask_of(answers.catalogue, "files", scenario=name, arms=asked_for["chosen"], seed=3)
    )
    file = tmp_path / "lesson.yaml"
    file.write_text(text_of(answer, ".yaml"), encoding="utf-8")
    again = sim.Scenario.from_yaml(file)
    assert again == answers.catalogue.scenarios[name].replace(seed=3)
    assert set(frame_of(text_of(answer, "levels.csv"))["scenario"]) == {again.name}


def test_plugins_of_the_command_line_are_named_in_the_commands(tmp_path: Path) -> None:
    words = [
        "small.yaml",
        "--plugin",
        "mine.py:mine",
        "--set",
        "parity=0.5",
        "--plugin",
        "two.py:two",
    ]
    known = build_catalogue(sim.Scenario.from_yaml(SMALL), words)
    assert known.plugin_words("small") == ["--plugin", "mine.py:mine", "--plugin", "two.py:two"]
    assert known.plugin_words("symmetric") == []
