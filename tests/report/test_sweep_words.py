"""What sweeps and studies say in words is what their tables have, at every point and in every arm.

The arm ``offer`` makes an offer and never differs without one; ``louder`` differs and never makes
one, so that its effects are those of the last day.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.report import column_words, numerals, words
from sim.report.points import effects_at_points
from sim.report.words import results_text
from sim.running.sweeps import sweep_tables
from sim.store.results import Results, common_sides
from tests.interface.conftest import SMALL, Answer, narrate, place

__all__ = ["narrate", "place"]  # fixtures

TEXT = SMALL.read_text(encoding="utf-8")
LOUDER = "  louder:\n    parameters: {attack_potency: 0.5}\n"
OWN = "mediator.policy: the arm's own value is not used, in arm offer"
POLICY = "arms.offer.mediator.policy"
AS_ZERO = (
    "no offer is made and the arm never differs from its baseline: there the effect counts as 0."
)


def written(folder: Path, text: str, name: str = "case") -> sim.Scenario:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return sim.Scenario.from_yaml(path)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    return written(tmp_path_factory.mktemp("words"), TEXT + LOUDER)


def swept(kind: str, scenario: Any, asked: dict[str, Any], **more: Any) -> Results:
    """A sweep told from its tables, or as one of too many points for them from its runs alone."""
    with pytest.MonkeyPatch.context() as patch:
        if kind == "runs":
            patch.setattr(sweep_tables, "MOST_POINTS", 0)
        return sim.sweep(
            scenario, asked, **{"replicates": 2, "metrics": ("lead",), **more}
        ).results()


def told(results: Results) -> str:
    return " ".join(results_text(results).split())


@pytest.mark.parametrize("kind", ["tables", "runs"])
@pytest.mark.parametrize(
    "asked", [{"steps": range(20, 25, 4)}, {"start_date": ["2025-05-20", "2025-06-01"]}]
)
def test_last_day_is_each_points_own(kind: str, asked: dict[str, Any], case: sim.Scenario) -> None:
    found = swept(kind, case, asked, arms=["louder"])
    rows = effects_at_points(found)
    assert rows["n_pairs"].tolist() == [2, 2]
    assert rows["mean_diff"].abs().gt(0.0).all()
    text = told(found)
    assert "2 points, 2 pairs at each. " in text
    assert "Numbers are those of the last day of each point." in text
    assert "none is known" not in text
    assert "no pair has this effect" not in text
    mean, low, high = rows["mean_diff"].mean(), rows["mean_diff"].min(), rows["mean_diff"].max()
    assert f"The mean effect over all points is {numerals.number(mean)}, about " in text
    assert f"from point to point it ranges from {numerals.span(low, high)}." in text


def test_last_day_that_all_points_share_is_theirs_and_not_the_scenarios(
    case: sim.Scenario,
) -> None:
    found = swept("tables", case, {"steps": [20], "backlash": [0.1, 0.2]}, arms=["louder"])
    assert "those of the last day, 2025-06-09." in told(found)  # 20 days after 20 May
    found = swept("tables", case, {"backlash": [0.1, 0.2]}, arms=["louder"])
    assert "those of the last day, 2025-06-13." in told(found)
    found = swept("runs", case, {"steps": [20], "backlash": [0.1, 0.2]}, arms=["louder"])
    assert "Numbers are those of the last day." in told(found)


def test_dry_run_says_the_days_of_the_points(narrate: Callable[..., Answer]) -> None:
    asked = ("sweep", "small.yaml", "-n", "1", "--dry-run", "--param")
    assert "4 runs of 20 to 24 days at 2 points" in narrate(*asked, "steps=20,24").out
    assert "2 runs of 20 days at 1 point (" in narrate(*asked, "steps=20").out


STUDIES: dict[str, Callable[[sim.Scenario, dict[str, Any]], object]] = {
    "sweep": lambda case, asked: sim.sweep(case, asked, arms=["offer"], replicates=1),
    "sensitivity": lambda case, asked: sim.sensitivity(
        case, asked, arms=["offer"], of="final.lead", trajectories=2, samples=0, replicates=1
    ),
    "discover": lambda case, asked: sim.discover(
        case, asked, arms=["offer"], of="final.lead", samples=80, replicates=1
    ),
}


@pytest.mark.parametrize("study", STUDIES)
def test_swept_key_that_takes_the_place_of_an_arms_own_value_is_told_once(
    study: str, case: sim.Scenario
) -> None:
    asked = {"mediator.policy": ["none", "scripted"], "parity": [0.1, 0.2]}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        STUDIES[study](case, asked)
    assert [str(one.message) for one in caught] == [OWN]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        STUDIES[study](case, {POLICY: ["none", "scripted"], "parity": [0.1, 0.2]})
    assert not caught


@pytest.mark.parametrize("verb", ["sweep", "sensitivity", "discover"])
def test_command_line_tells_it_once_too(verb: str, narrate: Callable[..., Answer]) -> None:
    of = () if verb == "sweep" else ("--of", "final.lead")
    asked = ("--param", "mediator.policy=none,scripted", "--param", "parity=0.1,0.2", *of)
    for more in ((), ("--set", "mediator.policy=none")):
        answer = narrate(verb, "small.yaml", *asked, *more, "--dry-run")
        assert answer.code == 0
        assert answer.err.count(OWN) == 1


@pytest.mark.parametrize("kind", ["tables", "runs"])
def test_every_arm_of_a_sweep_is_told(kind: str, case: sim.Scenario) -> None:
    asked = {"backlash": [0.1, 0.6]}
    first, others, _ = words.sections(swept(kind, case, asked))
    assert '"offer" against "no offer"' in first.paragraphs[0]
    assert others.heading == "Other arms"
    (said,) = others.items
    alone = words.sections(swept(kind, case, asked, arms=["louder"]))[0]
    assert said.startswith('The arm "louder": Numbers are those of the last day, 2025-06-13.')
    assert said.endswith(next(one for one in alone.paragraphs if one.startswith("The mean")))
    assert "Other arms" not in told(swept(kind, case, asked, arms=["louder"]))


def test_sides_are_those_of_the_scenarios_that_are_swept(tmp_path: Path) -> None:
    """An older sweep may have scenarios of different pairs; today they are refused."""
    text = TEXT.replace("Aria", "North").replace("Boreas", "South")
    written(tmp_path, text.replace("name: small", "name: other", 1), "other")
    written(tmp_path, TEXT.replace("name: small", "name: alike", 1), "alike")
    assert common_sides([("Aria", "Boreas"), ("North", "South")])[0] == "the first side"
    alike = {"scenario": [str(SMALL), str(tmp_path / "alike.yaml")]}
    assert "above 0 is toward Aria, below 0 toward Boreas" in told(swept("tables", SMALL, alike))
    one = {"scenario": [str(tmp_path / "other.yaml")]}
    assert "above 0 is toward North, below 0 toward South" in told(swept("tables", SMALL, one))
    written(tmp_path, text.replace("name: small", "name: more", 1), "more")
    one["scenario"].append(str(tmp_path / "more.yaml"))
    done = sim.sensitivity(SMALL, {**one, "parity": [0.1, 0.2]}, of="effect.final.lead",
                           trajectories=2, samples=0, replicates=1)  # fmt: skip
    assert column_words.sides(done) == ("North", "South")
    assert "way, and in points of net opinion:" in " ".join(done.summary().split())


@pytest.mark.parametrize("kind", ["tables", "runs"])
def test_sweep_counts_no_effect_as_0_and_says_so(kind: str) -> None:
    found = swept(kind, SMALL, {POLICY: ["none", "scripted"]})
    rows = effects_at_points(found)
    assert rows["unmoved"].tolist() == [True, False]
    assert rows["n_pairs"].tolist() == [2, 2]
    assert rows["mean_diff"].iloc[0] == 0.0 != rows["mean_diff"].iloc[1]
    text = told(found)
    assert f"In 1 of 2 points {AS_ZERO}" in text
    assert "The effect on alignment is 0 for none and" in text
    assert "not known" not in text
    mean = numerals.number(rows["mean_diff"].mean())
    assert f"The mean effect over all points is {mean}, about " in text
    assert AS_ZERO not in told(swept(kind, SMALL, {"parity": [0.1]}))


def test_studies_say_where_no_effect_counts_as_0() -> None:
    asked = {POLICY: ["none", "scripted"], "parity": "0:1"}
    of = "effect.window.lead"
    done = sim.sensitivity(SMALL, asked, of=of, trajectories=0, samples=8, replicates=3)
    assert f"In 16 of 32 points {AS_ZERO}" in " ".join(done.summary().split())
    assert not done.missing
    found = sim.discover(SMALL, asked, of=of, samples=80, replicates=1)
    assert f"In 40 of 80 points {AS_ZERO}" in " ".join(found.summary().split())
    final = sim.discover(SMALL, asked, of="effect.final.lead", samples=80, replicates=1)
    assert AS_ZERO not in " ".join(final.summary().split())
    # an index past what a share can be is cut, and that is told
    table = done.sensitivity.assign(value=0.5)
    assert "shown cut" not in replace(done, sensitivity=table).summary()
    total = (table["of"] == "mean") & (table["index"] == "ST")
    table.loc[total & (table["parameter"] == "parity"), "value"] = 1.572
    text = " ".join(replace(done, sensitivity=table).summary().split())
    assert "The estimate of parity (157 %) is past what a share can be and shown cut" in text
    assert text.count("more --samples are needed") == 1
    table.loc[total, "value"] = -0.02
    text = " ".join(replace(done, sensitivity=table).summary().split())
    assert f"The estimates of {POLICY} (-2 %) and parity (-2 %) are past what a share" in text
    table.loc[total, "value"] = -0.004  # shown as 0, as it would be uncut
    assert "shown cut" not in replace(done, sensitivity=table).summary()


def test_counts_have_the_right_number_of_their_noun() -> None:
    done = sim.sensitivity(SMALL, {"parity": [0.1, 0.2]}, of="final.lead", trajectories=2,
                           samples=0, replicates=1)  # fmt: skip
    text = " ".join(done.summary().split())
    assert "which of 1 parameter it depends on" in text
    assert " 1 replicate at each point" in text
    found = sim.discover(SMALL, {"parity": "0:1"}, of="final.lead", samples=80, replicates=1)
    text = " ".join(found.summary().split())
    assert (
        "the mean over 1 replicate, on the same draws at each of 80 points; 1 key is swept" in text
    )


def test_shares_of_answers_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    done = sim.compare(SMALL, pairs=2, uncertain_pairs=0, channels=False).results()
    given = {"neither": (0.125, 0.0), "first": (0.625, 0.0), "both": (0.25, 0.0)}
    monkeypatch.setattr(words, "answer_shares", lambda _, kind: given if kind == "chance" else {})
    (said,) = words.answer_words(done)
    assert "neither accepts in 13\u00a0% of pairs" in said
    assert "only Aria accepts in 62\u00a0% of pairs" in said
    assert "both accept in 25\u00a0% of pairs" in said
