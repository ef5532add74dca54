"""The page shows what the Python interface and the command it names give."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli.main import main
from sim.engines.ensemble.plan import Plan, plan
from sim.lessons.entities import RUNS
from sim.page.catalogue import Catalogue, levers
from sim.page.protocol import Answer, BandAsk
from sim.page.timelines import EVERYBODY, Arm, TimelineAnswers, band
from sim.store import tables
from sim.world.building import build
from tests.page.conftest import SMALL, ask_of

ROUNDED = 1e-12  # sums in another order
CHANGED = {"parity": 0.75, "goodwill": 0.011}


@pytest.fixture(scope="module")
def timelines(known: Catalogue) -> TimelineAnswers:
    return TimelineAnswers(known)


@pytest.fixture(scope="module")
def answer(timelines: TimelineAnswers, known: Catalogue) -> Answer:
    return timelines.answer(ask_of(known, parameters=CHANGED, switches={"backlash": False}))


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    read = sim.Scenario.from_yaml(SMALL)
    return read.replace(parameters=CHANGED, switches={"backlash": False})


def sent(answer: Answer, name: str) -> np.ndarray:
    return np.asarray(answer.arrays[name])


@pytest.mark.parametrize(("position", "arm"), [(0, "offer"), (1, "no_offer")])
def test_this_run_is_the_run_of_the_python_interface(
    answer: Answer, scenario: sim.Scenario, position: int, arm: str
) -> None:
    told = sim.run(scenario, arm, seed=7, replicate=3, engine="ensemble")
    one = told.record
    for name, values in (
        ("tension", one.tension),
        ("incidents", one.incidents),
        ("mediation", one.mediation),
    ):
        np.testing.assert_array_equal(sent(answer, f"{name}.{position}"), values)
    capitals = sent(answer, f"sympathy.{position}")[:, 1:]
    np.testing.assert_array_equal(capitals, one.sympathy)
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


@pytest.fixture(scope="module")
def drawn(timelines: TimelineAnswers, known: Catalogue) -> Answer:
    """The same ask as ``answer``, with bands of what we do not know."""
    return timelines.answer(
        ask_of(known, parameters=CHANGED, switches={"backlash": False}, uncertainty="parameters")
    )


def test_bands_of_what_we_do_not_know_are_those_of_compare_with_moved_levers_held(
    drawn: Answer, scenario: sim.Scenario
) -> None:
    study = sim.compare(
        scenario,
        ["offer"],
        baseline="no_offer",
        pairs=1,
        uncertain_pairs=RUNS,
        channels=False,
        held=sorted(CHANGED),
    )
    assert (drawn.header["uncertainty"], list(drawn.header["held"])) == (
        "parameters",
        sorted(CHANGED),
    )
    assert drawn.header["runs"] == [RUNS, RUNS]
    levels = study.frames["summary"].query("uncertainty == 'parameters'")
    for position, arm in enumerate(("offer", "no_offer")):
        of_arm = levels[levels["arm"] == arm]
        for metric, actor, place in (
            ("alignment", "Hill", 3),
            ("lead", "", 0),
            ("tension", "", ...),
        ):
            found = rows(of_arm, metric, actor)
            name = metric if metric == "tension" else "alignment"
            for end, column in (("low", "q05"), ("high", "q95")):
                shown = sent(drawn, f"{name}_{end}.{position}")
                shown = shown if place is ... else shown[:, place]
                np.testing.assert_allclose(shown, found[column], rtol=0, atol=ROUNDED)
        for side, toward in enumerate(("Aria", "Boreas")):
            found = rows(of_arm[of_arm["toward"] == toward], "sympathy", "Port")
            shown = sent(drawn, f"sympathy_low.{position}")[:, 2, side]
            np.testing.assert_allclose(shown, found["q05"], rtol=0, atol=ROUNDED)
    effect = study.comparison.query("uncertainty == 'parameters' and answers == 'any'")
    for place, (metric, actor) in enumerate((("lead", ""), ("alignment", "Broker"))):
        found = rows(effect, metric, actor)
        for end, column in (("low", "q05"), ("high", "q95")):
            shown = sent(drawn, f"difference_{end}")[:, place]
            np.testing.assert_allclose(shown, found[column], rtol=0, atol=ROUNDED)


def test_line_is_the_same_run_whatever_the_band_is_of(answer: Answer, drawn: Answer) -> None:
    for name, values in answer.arrays.items():
        same = np.array_equal(values, drawn.arrays[name])
        assert same != ("_low" in name or "_high" in name), name
    for key in ("happenings", "parted", "commands", "arms"):
        assert answer.header[key] == drawn.header[key]


def test_lever_that_was_moved_is_not_drawn(timelines: TimelineAnswers, known: Catalogue) -> None:
    def width(**levers: float) -> float:
        found = timelines.answer(ask_of(known, parameters=levers, uncertainty="parameters"))
        return float(np.ptp([found.arrays[f"tension_{end}.1"][-1] for end in ("low", "high")]))

    own = known.scenarios["small"].parameters.tension_half_life
    assert width(tension_half_life=own) < width()


def test_band_without_any_finite_run_is_refused(
    timelines: TimelineAnswers, known: Catalogue
) -> None:
    from sim.errors import InputError

    lost = timelines._run(ask_of(known), "offer")[0]
    lost.batch.finite[:] = False

    class Lost(TimelineAnswers):
        def _run(self, ask: BandAsk, name: str) -> tuple[Arm, Arm]:
            return lost, lost

    with pytest.raises(InputError, match="move a lever back"):
        Lost(known).answer(ask_of(known, uncertainty="parameters"))


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


def test_same_arm_twice_never_differs(timelines: TimelineAnswers, known: Catalogue) -> None:
    answer = timelines.answer(ask_of(known, arms=["offer", "offer"]))
    assert answer.header["parted"] is None
    assert not np.any(answer.arrays["difference"])


def test_another_run_is_another_line_in_the_same_band(
    timelines: TimelineAnswers, known: Catalogue
) -> None:
    one, other = (timelines.answer(ask_of(known, replicate=r)) for r in (3, 4))
    assert np.array_equal(one.arrays["alignment_low.0"], other.arrays["alignment_low.0"])
    assert not np.array_equal(one.arrays["alignment.0"], other.arrays["alignment.0"])


def test_what_was_asked_before_changes_no_number(known: Catalogue) -> None:
    asked_before = TimelineAnswers(known, runs=4)
    asked_before.answer(ask_of(known, parameters={"parity": 0.2, "anchor_pull": 0.04}))
    for changes in (
        {"parameters": CHANGED},
        {"parameters": {"anchor_pull": 0.1}},
        {"parameters": CHANGED, "switches": {"mediation": False, "noise": False}},
    ):
        ask = ask_of(known, **changes)
        assert asked_before.answer(ask).to_bytes(1) == TimelineAnswers(known, runs=4).answer(
            ask
        ).to_bytes(1)


def test_no_lever_moves_what_the_days_are_laid_out_by(known: Catalogue) -> None:
    name = "kashmir_2025"
    scenario = known.scenarios[name]
    laid = plan(build(scenario))
    for lever in levers(scenario):
        other = lever.low if lever.value > lever.low else lever.high
        moved = plan(build(scenario.replace(parameters={lever.name: other})))
        for field, one, two in zip(Plan._fields, laid, moved, strict=True):
            assert np.array_equal(one, two, equal_nan=True), (lever.name, field)


def test_every_scenario_answers_its_first_ask(known: Catalogue) -> None:
    timelines = TimelineAnswers(known, runs=2)
    for name, about in known.about["scenarios"].items():
        answer = timelines.answer(
            ask_of(known, scenario=name, arms=about["chosen"], seed=about["seed"], replicate=0)
        )
        assert answer.arrays["sympathy.0"].shape == (
            about["steps"] + 1,
            len(about["audiences"]) + 1,
            2,
        )
