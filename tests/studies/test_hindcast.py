"""A hindcast against synthetic truth: codes of the model's own order, of its start, of neither.

The made-up case turns its order round: at rest an audience likes the first claimant the more the
higher its number, and once events bring the issue ``raids`` up, the less.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import Scenario
from sim.errors import InputError
from sim.report.hindcast import SetOfRanks, verdicts
from sim.running.blocks import CHANCE, PARAMETERS
from sim.studies.asking import request_of
from sim.studies.coded_sets import choose_sets
from sim.studies.hindcast import ask_hindcast, hindcast
from sim.studies.outcomes_file import CodedStance
from sim.tables.columns import TABLES

COUNT = 8
NAMES = tuple(f"City {number}" for number in range(COUNT))
RISING = (-2, -2, -1, 0, 0, 1, 2, 2)
START = "2025-01-01"
DAY = 38  # of the statements: 8 February; long enough for the slowest anchor to turn
RUNS = {"replicates": 6, "samples": 30}


def turning_case(turns: bool = True) -> Scenario:
    """Eight audiences whose order the events turn round; without it nothing moves."""
    levels = np.linspace(-0.8, 0.8, COUNT).round(3).tolist()
    audiences = [
        {
            "name": name,
            "importance": 1,
            "salience": {"background": 1, "raids": 0.02},
            "trust": {"Aria": 0.5, "Boreas": 0.5},
            "judgements": {
                "background": {"Aria": level, "Boreas": -level},
                "raids": {"Aria": -level, "Boreas": level},
            },
        }
        for name, level in zip(NAMES, levels, strict=True)
    ]
    events = [
        {"name": f"raid {day}", "day": day, "salience": {"raids": 60}} for day in (2, 14, 26, 36)
    ]
    return Scenario.from_dict(
        {
            "name": "turning",
            "seed": 5,
            "steps": 40,
            "start_date": START,
            "parameters": {"noise": 0.001 if turns else 0},
            "switches": {"incidents": False},
            "claimants": [{"name": "Aria", "effort": 0}, {"name": "Boreas", "effort": 0}],
            "audiences": audiences,
            "issues": [{"name": "background"}, {"name": "raids"}],
            "events": events if turns else [],
            "baseline": "plain",
            "arms": {"plain": {}, "same": {}},
        }
    )


@pytest.fixture
def write(tmp_path):
    def write_codes(codes):
        file = tmp_path / "said.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["audience", "date", "code", "about", "source"])
            for audience, code in zip(NAMES, codes, strict=False):
                writer.writerow([audience, "2025-02-08", code, "overall", "made up"])
        return file

    return write_codes


def row(found, measure, rival="", uncertainty=PARAMETERS, arm="plain", about="overall", reading=1):
    ranks = found.ranks
    for name, value in {"measure": measure, "rival": rival, "uncertainty": uncertainty, "arm": arm,
                        "about": about, "reading": reading}.items():  # fmt: skip
        ranks = ranks[ranks[name] == value]
    assert len(ranks) == 1
    return ranks.iloc[0]


def test_codes_of_the_models_own_order_give_one_and_it_orders_better(write):
    """Five audiences with five different codes, so that no tie keeps tau-b below 1."""
    falling = write((2, 1, 0, -1, -2))
    found = sim.hindcast(turning_case(), falling, ["plain"], **RUNS)
    for uncertainty in (CHANCE, PARAMETERS):
        assert row(found, "level", uncertainty=uncertainty)["mean"] > 0.8
        assert row(found, "start", uncertainty=uncertainty)["mean"] < -0.8
        assert row(found, "level", "start", uncertainty)["low"] > 0.0
    assert row(found, "level", uncertainty=CHANCE)["mean"] == 1.0
    assert row(found, "level", "start", CHANCE)["mean"] == 2.0
    assert row(found, "level", "better", CHANCE)["share_positive"] == 1.0
    assert row(found, "level", "better")["share_positive"] > 0.8
    said = " ".join(found.summary().split())
    assert "The simulation orders these capitals better than its own starting point." in said
    assert "It passes: in " in said


def test_codes_of_the_start_say_that_it_orders_worse(write):
    found = sim.hindcast(turning_case(), write(RISING), ["plain"], **RUNS)
    assert row(found, "level", "start")["high"] < 0.0
    said = " ".join(found.summary().split())
    assert "The simulation orders these capitals worse than its own starting point." in said
    assert "It fails: in " in said


def test_codes_in_another_order_say_no(write):
    """Half of the pairs are ordered alike: codes that fall, then rise the same way."""
    found = sim.hindcast(turning_case(), write((2, 1, -1, -2, -2, -1, 1, 2)), ["plain"], **RUNS)
    apart = row(found, "level", "start")
    assert apart["low"] < 0.0 < apart["high"]
    assert row(found, "level")["share_at_random"] > 0.05
    said = " ".join(found.summary().split())
    no = "The simulation does not order these capitals better than its own starting point."
    assert no in said


def test_without_any_move_the_level_is_the_start_and_shifts_have_no_order(write):
    """What is equal is neither better nor worse, and a tie is no success."""
    found = sim.hindcast(turning_case(turns=False), write(RISING), ["plain"], **RUNS)
    apart = row(found, "level", "start")
    assert (apart["mean"], apart["low"], apart["high"]) == (0.0, 0.0, 0.0)
    assert (apart["share_positive"], apart["share_unchanged"]) == (0.0, 1.0)
    assert np.isnan(row(found, "shift")["mean"])
    said = " ".join(found.summary().split())
    assert "does not order these capitals better than its own starting point." in said
    assert "It fails: in 0 % of draws" in said


def test_agreement_is_that_of_day_0_at_the_start_and_of_the_named_day(write):
    found = sim.hindcast(turning_case(), write(RISING), at=DAY, **RUNS)
    daily = found.agreement.set_index(["arm", "uncertainty", "measure", "step"])["mean"]
    for arm in ("plain", "same"):
        assert daily[arm, PARAMETERS, "level", 0] == row(found, "start", arm=arm)["mean"]
        for measure in ("level", "shift"):
            mean = row(found, measure, arm=arm)["mean"]
            assert daily[arm, PARAMETERS, measure, DAY] == mean
    assert set(found.agreement["step"]) == set(range(41))
    pd.testing.assert_series_equal(
        daily["plain"].reset_index(drop=True), daily["same"].reset_index(drop=True)
    )


def test_judgements_are_the_plain_mean_over_issues_of_the_same_draw(write):
    """Of each audience the two issues' judgements are opposite: in chance they cancel exactly."""
    found = sim.hindcast(turning_case(), write(RISING), ["plain"], **RUNS)
    rows = found.capitals[found.capitals["measure"] == "judgements"]
    held = rows[rows["uncertainty"] == CHANCE]
    np.testing.assert_allclose(held["mean"], 0.0, atol=1e-15)
    drawn = rows[rows["uncertainty"] == PARAMETERS]
    assert (drawn["q95"] - drawn["q05"]).min() > 0.02
    assert np.isnan(row(found, "judgements", uncertainty=CHANCE)["mean"])


def test_one_capital_left_out(write):
    found = sim.hindcast(turning_case(), write(RISING), ["plain"], **RUNS)
    table = found.leave_one_out
    assert set(table["actor"]) == set(NAMES)
    assert set(table["audiences"]) == {COUNT - 1}
    by_measure = table[table["uncertainty"] == PARAMETERS].pivot(
        index="actor", columns="measure", values="mean"
    )
    apart = by_measure["level"] - by_measure["start"]
    assert f"{apart.min():.2f} to {apart.max():.2f}" in found.summary()


def test_votes_are_compared_where_they_are_known(write):
    scenario = turning_case()
    for number, name in enumerate(NAMES[:5]):
        share = {"Aria": 0.9 - number / 10, "Boreas": 0.5}
        scenario = scenario.set({f"audiences.{name}.vote_nearness.{who}": value
                                 for who, value in share.items()})  # fmt: skip
    found = sim.hindcast(scenario, write((2, 1, 0, -1, -2, 0, 0, 0)), ["plain"], **RUNS)
    votes = row(found, "votes")
    assert (votes["mean"], votes["audiences"]) == (1.0, 5)
    assert row(found, "level", "votes")["audiences"] == 5
    assert row(found, "level")["audiences"] == COUNT
    text = " ".join(found.summary().split())
    assert "better than their votes in the UN" in text
    assert "less that of their votes in the UN, 5 capitals" in text
    none = sim.hindcast(turning_case(), write(RISING), ["plain"], **RUNS)
    assert "UN votes are known of too few of these capitals" in " ".join(none.summary().split())


def test_jobs_and_blocks_change_no_table(write, monkeypatch):
    question = ask_hindcast(turning_case(), write(RISING), (), DAY, 5, 9)
    whole = hindcast(question, "ensemble", request_of("hindcast", "", "ensemble"), jobs=1)
    monkeypatch.setattr("sim.studies.hindcast.block_size", lambda world: 4)
    cut = hindcast(question, "ensemble", whole.request, jobs=2)
    for name, table in whole.frames.items():
        pd.testing.assert_frame_equal(cut.frames[name], table)


def test_folder_has_every_table_and_is_drawn_again_from_itself(write, tmp_path):
    found = sim.hindcast(turning_case(), write(RISING), **RUNS)
    folder = found.save(tmp_path / "kept")
    for name in found.frames:
        assert (folder / TABLES[name].file).exists()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Does the simulation order these capitals as they did?" in page
    assert 'id="figure-hindcast"' in page
    assert "Not drawn, and why" not in page
    from sim.report.words import results_text
    from sim.store.results import read_results

    assert results_text(read_results(folder)) == found.summary()


@pytest.mark.parametrize(
    ("mean", "low", "high", "said"),
    [
        (0.3, 0.1, 0.5, "The simulation orders these capitals better than"),
        (0.3, -0.1, 0.7, "The simulation does not order these capitals better than"),
        (0.0, 0.0, 0.0, "The simulation does not order these capitals better than"),
        (-0.3, -0.7, 0.1, "The simulation does not order these capitals better than"),
        (-0.3, -0.5, -0.1, "The simulation orders these capitals worse than"),
    ],
)
def test_verdict_is_that_of_the_interval_not_of_the_mean(mean, low, high, said):
    row = {"arm": "plain", "measure": "level", "rival": "start", "mean": mean, "low": low,
           "high": high}  # fmt: skip
    one = SetOfRanks("overall", 1, PARAMETERS, pd.DataFrame([row]), {"plain": "plain"})
    assert verdicts(one)[0] == f"{said} its own starting point."


def test_arms_that_differ_are_told_apart():
    rows = [
        {"arm": arm, "measure": "level", "rival": "start", "mean": low, "low": low, "high": 0.9}
        for arm, low in (("plain", 0.2), ("same", -0.2))
    ]
    titles = {"plain": "Plain words", "same": "same"}
    first, second, _ = verdicts(SetOfRanks("overall", 1, PARAMETERS, pd.DataFrame(rows), titles))
    assert first.startswith('In "Plain words" the simulation orders these capitals better than')
    assert second.startswith('In "same" the simulation does not order these capitals better than')


# Which sets are compared


def stance(audience, code, day=0, about="overall", reading=1):
    return CodedStance(audience, day, code, about, reading, "made up")


def sets(*stances):
    return choose_sets(turning_case(), stances, "said.csv")


def test_code_of_an_audience_is_the_mean_over_its_statements():
    rest = [stance(name, 1) for name in NAMES[2:5]]
    (one,), _ = sets(stance(NAMES[0], 2), stance(NAMES[0], -1, day=3), *rest)
    assert one.audiences == (NAMES[0], *NAMES[2:5])
    assert one.codes.tolist() == [0.5, 1.0, 1.0, 1.0]


def test_the_other_reading_takes_the_place_of_its_statement_alone():
    first = [stance(name, code) for name, code in zip(NAMES[:4], (0, 1, 2, -1), strict=True)]
    both, _ = sets(*first, stance(NAMES[1], -2, reading=2))
    assert [one.reading for one in both] == [1, 2]
    assert [one.codes.tolist() for one in both] == [[0, 1, 2, -1], [0, -2, 2, -1]]


def test_issue_needs_four_codes_that_are_not_0():
    overall = [stance(name, code) for name, code in zip(NAMES[:4], (0, 1, 2, -1), strict=True)]
    issue = [stance(name, code, about="raids") for name, code in
             zip(NAMES[:5], (0, 1, 2, -1, 0), strict=True)]  # fmt: skip
    found, left_out = sets(*overall, *issue)
    assert [one.about for one in found] == ["overall"]
    assert left_out == [
        "about raids, reading 1, codes that are not 0: 3; an order needs at least 4"
    ]
    found, _ = sets(*overall, *issue, stance(NAMES[5], 1, about="raids"))
    assert [one.about for one in found] == ["overall", "raids"]


@pytest.mark.parametrize(
    ("codes", "why"), [((0, 1, 2), "coded audiences: 3"), ((1, 1, 1, 1), "all codes are alike")]
)
def test_what_has_no_order_is_refused(codes, why):
    with pytest.raises(InputError, match=why):
        sets(*(stance(name, code) for name, code in zip(NAMES, codes, strict=False)))


def test_an_arm_that_lacks_a_coded_audience_is_refused(write):
    scenario = turning_case()
    document = scenario.to_dict()
    document["arms"]["same"] = {"audiences": [{"name": NAMES[3], "drop": True}]}
    document["peers"] = {}
    smaller = Scenario.from_dict(document)
    with pytest.raises(InputError, match=r"arms\.same: is coded, but not an audience of this arm"):
        sim.hindcast(smaller, write(RISING), **RUNS)
    assert sim.hindcast(smaller, write(RISING), ["plain"], **RUNS).named_arms == ["plain"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"at": 41}, "at: must lie within the run, 2025-01-01 to 2025-02-10"),
        ({"at": "tomorrow"}, "at: must be a day"),
        ({"arms": ["plane"]}, "unknown arm; did you mean plain"),
        ({"arms": ["plain", "plain"]}, "arms: is given twice"),
        ({"samples": -1}, "samples: must be a whole number"),
    ],
)
def test_python_arguments_are_checked(write, options, why):
    with pytest.raises(InputError, match=why):
        sim.hindcast(turning_case(), write(RISING), **options)


def test_outcomes_name_a_file_that_is_there():
    with pytest.raises(InputError, match="there is no such file"):
        sim.hindcast(turning_case(), Path("nowhere.csv"))
