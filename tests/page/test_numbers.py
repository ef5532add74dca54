"""The page shows what the Python interface and the command it names give."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli.main import main
from sim.page.catalogue import Catalogue
from sim.page.protocol import RUNS, Answer, Ask
from sim.page.telling import EVERYBODY, Teller, band
from sim.store import tables
from tests.page.conftest import SMALL, asked

# What is sent is rounded to float32: half a unit in the last place of numbers up to 2
ROUNDED = 2.0**-24
CHANGED = {"parity": 0.75, "goodwill": 0.011}


def ask_of(known: Catalogue, **changes: Any) -> Ask:
    return Ask.parse(asked(**changes), known.limits)


@pytest.fixture(scope="module")
def teller(known: Catalogue) -> Teller:
    return Teller(known)


@pytest.fixture(scope="module")
def answer(teller: Teller, known: Catalogue) -> Answer:
    return teller.tell(ask_of(known, parameters=CHANGED, switches={"backlash": False}))


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    read = sim.Scenario.from_yaml(SMALL)
    return read.replace(parameters=CHANGED, switches={"backlash": False})


def sent(answer: Answer, name: str) -> np.ndarray:
    return np.asarray(answer.arrays[name], dtype=np.float32)


@pytest.mark.parametrize(("position", "arm"), [(0, "offer"), (1, "no_offer")])
def test_this_run_is_the_run_of_the_python_interface(
    answer: Answer, scenario: sim.Scenario, position: int, arm: str
) -> None:
    told = sim.run(scenario, arm, seed=7, replicate=3, engine="ensemble")
    one = told.record
    for name, values in (
        ("tension", one.tension), ("incidents", one.incidents), ("mediation", one.mediation)
    ):  # fmt: skip
        np.testing.assert_array_equal(sent(answer, f"{name}.{position}"), values.astype(np.float32))
    capitals = sent(answer, f"sympathy.{position}")[:, 1:]
    np.testing.assert_array_equal(capitals, one.sympathy.astype(np.float32))
    lead = told.timeseries.query("metric == 'lead'")["value"].to_numpy()
    shown = sent(answer, f"alignment.{position}")[:, 0]
    np.testing.assert_allclose(shown, lead, rtol=0, atol=ROUNDED)
    offers = [one for one in answer.header["happenings"][position] if one["kind"] == "offer"]
    assert [one["day"] for one in offers] == np.flatnonzero(told.record.diplomacy.offered).tolist()


def rows(frame: pd.DataFrame, metric: str, actor: str) -> pd.DataFrame:
    chosen = frame.query("metric == @metric and actor == @actor and step >= 0")
    return chosen.sort_values("step")


def test_bands_and_difference_are_those_of_compare(answer: Answer, scenario: sim.Scenario) -> None:
    study = sim.compare(
        scenario, ["offer"], baseline="no_offer", pairs=RUNS, uncertain_pairs=0, channels=False
    )
    places = answer.header["places"]
    assert places == [EVERYBODY, "Broker", "Port", "Hill"]
    summary = study.frames["summary"]
    for position, arm in enumerate(("offer", "no_offer")):
        levels = summary[summary["arm"] == arm]
        for place, actor in enumerate(places):
            metric, actor = ("alignment", actor) if place else ("lead", "")
            found = rows(levels, metric, actor)
            for end, column in (("low", "q05"), ("high", "q95")):
                shown = sent(answer, f"alignment_{end}.{position}")[:, place]
                np.testing.assert_allclose(shown, found[column], rtol=0, atol=ROUNDED)
    effect = rows(study.comparison, "alignment", "Port")
    for end, column in (("low", "q05"), ("high", "q95")):
        shown = sent(answer, f"difference_{end}")[:, places.index("Port")]
        np.testing.assert_allclose(shown, effect[column], rtol=0, atol=ROUNDED)
    run = study.runs.query("arm == 'offer' and replicate == 3").iloc[0]
    assert answer.header["parted"]["day"] == run["first_divergence_step"]
    assert answer.header["parted"]["text"] == "offer by Broker"


def test_command_that_is_shown_gives_the_same_numbers(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(SMALL, tmp_path)
    for position, command in enumerate(answer.header["commands"]):
        words = shlex.split(command)
        assert words[:3] == ["narrate", "run", "small.yaml"]
        assert main([*words[1:], "-o", f"run{position}", "--no-report", "--quiet"]) == 0
        told = rows(tables.read(tmp_path / f"run{position}", "timeseries"), "alignment", "Hill")
        shown = sent(answer, f"alignment.{position}")[:, answer.header["places"].index("Hill")]
        np.testing.assert_allclose(shown, told["value"], rtol=0, atol=ROUNDED)


@pytest.mark.parametrize("runs", [1, 2, 20, 21, RUNS])
def test_band_is_numpys_quantile(runs: int) -> None:
    values = np.random.default_rng(3).normal(size=(5, 2, runs))
    good = np.ones(runs + 1, dtype=bool)
    good[runs] = False  # left the finite numbers
    found = band(np.concatenate([values, np.full((5, 2, 1), np.nan)], axis=-1), good)
    expected = np.quantile(values, [0.05, 0.95], axis=-1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)  # rounding of numbers near 1


def test_same_arm_twice_never_differs(teller: Teller, known: Catalogue) -> None:
    answer = teller.tell(ask_of(known, arms=["offer", "offer"]))
    assert answer.header["parted"] is None
    assert not np.any(answer.arrays["difference"])


def test_another_run_is_another_line_in_the_same_band(teller: Teller, known: Catalogue) -> None:
    one, other = (teller.tell(ask_of(known, replicate=r)) for r in (3, 4))
    assert np.array_equal(one.arrays["alignment_low.0"], other.arrays["alignment_low.0"])
    assert not np.array_equal(one.arrays["alignment.0"], other.arrays["alignment.0"])


def test_what_is_kept_is_bounded_and_never_changes_an_answer(known: Catalogue) -> None:
    from sim.page.telling import KEPT

    teller = Teller(known, runs=4)
    first = ask_of(known, seed=0)
    before = teller.tell(first).packed(1)
    for seed in range(1, KEPT + 2):
        teller.tell(ask_of(known, seed=seed))
    assert len(teller._kept) == KEPT
    assert teller.tell(first).packed(1) == before


def test_every_scenario_answers_its_first_ask(known: Catalogue) -> None:
    teller = Teller(known, runs=2)
    for name, about in known.about["scenarios"].items():
        ask = {"n": 1, "scenario": name, "arms": about["chosen"], "seed": about["seed"],
               "replicate": 0, "parameters": {}, "switches": {}}  # fmt: skip
        answer = teller.tell(Ask.parse(ask, known.limits))
        assert answer.arrays["sympathy.0"].shape == (about["steps"] + 1, len(about["audiences"]) + 1, 2)
