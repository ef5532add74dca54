"""P15 needs a file of coded stances; its share is that of the hindcast's draws."""

from __future__ import annotations

import pytest

import sim
from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.verification.crises import pattern_case
from sim.verification.rank_pattern import ask_rank_pattern, check_rank_pattern

HEADER = "audience,date,code,about,source"
CODES = {"Washington": 1, "London": 0, "Paris": 2, "Africa": -1, "UN New York": -2}
SAMPLES = 12


def write(folder, about="overall"):
    file = folder / "said.csv"
    rows = [f"{name},2025-06-15,{code},{about},made up" for name, code in CODES.items()]
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return file


def test_share_is_that_of_draws_in_which_the_level_beats_both_rivals(tmp_path):
    file = write(tmp_path)
    pattern = check_rank_pattern(ask_rank_pattern(file, SAMPLES, pattern_case()))
    options = {"at": "2025-06-15", "replicates": 1, "samples": SAMPLES}
    ranks = sim.hindcast("kashmir_2025", file, ["mediation"], **options).ranks
    rows = ranks[(ranks["uncertainty"] == "parameters") & (ranks["measure"] == "level")]
    shares = rows.set_index("rival")["share_positive"]
    assert (pattern.id, pattern.placebo, pattern.samples) == ("P15", None, SAMPLES)
    assert pattern.share == shares["better"] <= min(shares["start"], shares["judgements"])
    assert "over 5 audiences" in str(pattern)
    assert pattern.what.startswith("the order of coded stances is nearer to x on 15 June than")


def test_stances_on_an_issue_alone_are_not_enough(tmp_path):
    with pytest.raises(InputError, match="P15 needs at least 4 audiences coded about overall"):
        ask_rank_pattern(write(tmp_path, "terrorism"), SAMPLES, pattern_case())


def test_another_crisis_is_ranked_on_the_day_of_its_last_code(tmp_path):
    """As `narrate hindcast` does; in the arm with an offer, as in 2025."""
    file = tmp_path / "said.csv"
    said = ["Washington,2019-03-02,1", "London,2019-03-21,0", "Ankara,2019-02-28,-2",
            "Moscow,2019-03-01,1"]  # fmt: skip
    rows = [f"{one},overall,made up" for one in said]
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    question = ask_rank_pattern(file, SAMPLES, pattern_case(Scenario.from_yaml("kashmir_2019")))
    assert question.day == 39  # 21 March, the start of the window being 10 February
    assert question.arms == ("mediation",)


def test_stances_are_refused_where_no_arm_with_an_offer_is_declared(tmp_path):
    case = pattern_case(Scenario.from_yaml("symmetric"))
    with pytest.raises(InputError, match="--outcomes: is of no use for P15"):
        ask_rank_pattern(tmp_path / "unread.csv", SAMPLES, case)
