"""Designs: how their points are spread, which values are refused, and that files read back."""

from __future__ import annotations

import os
import shutil
from datetime import date
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.store import tables
from sim.studies.designs import factors, from_file
from sim.studies.designs.factors import KINDS, Factor, Levels, Range
from sim.studies.designs.planning import plan_study
from sim.studies.designs.sampling import (
    design_frame,
    design_points,
    design_size,
    morris_levels,
    notes,
)
from tests.interface.conftest import SMALL

CASE = Scenario.from_yaml(SMALL)
UNIT = Range(0.0, 1.0)
seeds = st.integers(0, 2**64 - 1)
# ends that are no binary fractions, far from 0 and on both sides of it
ranges = st.tuples(
    st.sampled_from([-1e9, -2.7, -1.0, 0.0, 0.1, 3.3e-7, 41.0]), st.sampled_from([0.3, 1.0, 7.7])
).map(lambda pair: Range(pair[0], pair[0] + pair[1] * max(1.0, abs(pair[0]))))
whole_ranges = st.tuples(st.integers(-5, 60), st.integers(1, 70)).map(
    lambda pair: Range(pair[0], pair[0] + pair[1], whole=True)
)
lists = st.sampled_from([("a", "b"), ("a", "b", "c"), (True, False), (1, 2, 5, 9, 11)]).map(Levels)
drawn = st.lists(st.one_of(ranges, whole_ranges, lists), min_size=1, max_size=5).map(
    lambda found: {f"key {i}": factor for i, factor in enumerate(found)}
)


def spread(points: pd.DataFrame, key: str) -> tuple[int, int]:
    shares = points[key].value_counts()
    return int(shares.min()), int(shares.max())


# Known values


def test_grid_varies_the_last_key_fastest() -> None:
    points = design_points({"a": Levels((1, 2)), "b": Levels(("x", "y", "z"))}, "grid")
    assert points["point"].tolist() == [0, 1, 2, 3, 4, 5]
    pairs = list(zip(points["a"], points["b"], strict=True))
    assert pairs == list(product((1, 2), ("x", "y", "z")))


def test_zip_takes_lists_side_by_side() -> None:
    points = design_points({"a": Levels((1, 2)), "b": Levels((0.5, 0.25))}, "zip")
    assert points.to_dict("list") == {"point": [0, 1], "a": [1, 2], "b": [0.5, 0.25]}


def test_draws_are_the_same_on_every_machine() -> None:
    """Pinned: the points of a stored design and of one drawn anew must not part.

    The numbers are what the named stream gave when it was written; a change of SciPy, SALib or
    NumPy that moves them would make old and new designs of one seed differ in silence.
    """
    read: dict[str, Factor] = {
        "x": Range(0.0, 0.6), "n": Range(10, 70, whole=True), "w": Levels(("a", "b", "c"))
    }  # fmt: skip
    found = {
        kind: design_points(read, kind, samples, seed=7).drop(columns="point").values.tolist()[:3]
        for kind, samples in {"lhs": 6, "sobol": 8, "morris": 2, "saltelli": 4}.items()
    }
    assert found == PINNED


PINNED: dict[str, list[list[object]]] = {
    "lhs": [[0.303864946067, 49, "c"], [0.482460484777, 55, "a"], [0.121659990409, 13, "a"]],
    "sobol": [[0.547680846043, 53, "c"], [0.0330377463251, 15, "a"], [0.295601111837, 56, "c"]],
    "morris": [[0.0, 21, "c"], [0.0, 54, "c"], [0.0, 54, "a"]],
    "saltelli": [[0.0442785792053, 17, "a"], [0.39361368902, 17, "a"], [0.0442785792053, 36, "a"]],
}


def test_whole_numbers_of_a_sobol_design_have_equal_shares() -> None:
    """64 points on 16 whole numbers: a Sobol column has one point in each 64th, so 4 each."""
    points = design_points({"n": Range(5, 20, whole=True)}, "sobol", 64, 1)
    assert points["n"].value_counts().to_dict() == dict.fromkeys(range(5, 21), 4)


def test_morris_levels_divide_by_every_list() -> None:
    assert morris_levels([UNIT, Levels(("a", "b"))]) == 4
    assert morris_levels([UNIT, Levels(("a", "b", "c"))]) == 12
    with pytest.raises(InputError, match="at least two values"):
        morris_levels([Levels(("a",))])


def test_morris_ranges_are_met_at_four_levels() -> None:
    points = design_points({"x": Range(0.0, 3.0), "n": Range(0, 6, whole=True)}, "morris", 40, 2)
    assert sorted(set(points["x"])) == [0, 1, 2, 3]
    assert sorted(set(points["n"])) == [0, 2, 4, 6]


def test_size_counts_what_would_be_drawn() -> None:
    three: dict[str, Factor] = dict.fromkeys(("a", "b", "c"), UNIT)
    assert [design_size(three, kind, 8) for kind in ("lhs", "sobol", "morris", "saltelli")] == [
        8,
        8,
        32,
        40,
    ]
    for kind in ("lhs", "sobol", "morris", "saltelli"):
        assert len(design_points(three, kind, 8)) == design_size(three, kind, 8)


def test_too_many_points_are_refused_before_they_are_made() -> None:
    many = Levels(tuple(range(10_000)))
    with pytest.raises(InputError, match=r"--param: at most 100000 points .got 1000000000000"):
        design_points({"a": many, "b": many, "c": many}, "grid")
    with pytest.raises(InputError, match=r"--samples: at most 100000 points .got 100001"):
        design_points({"a": UNIT}, "lhs", 100_001)


def test_sobol_says_what_sizes_are_balanced() -> None:
    points = pd.DataFrame({"point": [0, 1], "parity": [0.1, 0.2]})
    assert notes("sobol", 64, points) == notes("lhs", 60, points) == ()
    (note,) = notes("sobol", 60, points)
    assert "60 are not (32 or 64 would be)" in note
    with pytest.raises(InputError, match="power of two"):
        design_points({"a": UNIT}, "saltelli", 6)


# Properties


@given(count=st.integers(1, 70), keys=st.integers(1, 4), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_lhs_has_one_point_in_every_stratum(count: int, keys: int, seed: int) -> None:
    points = design_points({str(i): UNIT for i in range(keys)}, "lhs", count, seed)
    for key in points.columns[1:]:
        strata = np.floor(points[key].to_numpy() * count).astype(int)
        assert sorted(strata.tolist()) == list(range(count))


@given(power=st.integers(0, 7), keys=st.integers(1, 4), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_sobol_is_balanced(power: int, keys: int, seed: int) -> None:
    """One point in each of 2^m strata of a column, and the halves of two columns in quarters."""
    count = 2**power
    points = design_points({str(i): UNIT for i in range(keys)}, "sobol", count, seed)
    for key in points.columns[1:]:
        strata = np.floor(points[key].to_numpy() * count).astype(int)
        assert sorted(strata.tolist()) == list(range(count))
    if keys > 1 and count >= 4:
        halves = points["0"].ge(0.5) * 2 + points["1"].ge(0.5)
        assert halves.value_counts().tolist() == [count // 4] * 4


@given(read=drawn, count=st.integers(1, 40), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_sobol_is_extended_without_moving_a_point(
    read: dict[str, Factor], count: int, seed: int
) -> None:
    small, large = (design_points(read, "sobol", n, seed) for n in (count, 2 * count))
    assert small.values.tolist() == large[:count].values.tolist()


def test_lhs_is_not_extended() -> None:
    small, large = (design_points({"x": UNIT}, "lhs", n, 1) for n in (8, 16))
    assert small["x"].tolist() != large["x"][:8].tolist()


@given(read=drawn, count=st.integers(1, 70), seed=seeds)
@settings(max_examples=80, deadline=None)
def test_shares_of_choices_are_equal(read: dict[str, Factor], count: int, seed: int) -> None:
    even, near = design_points(read, "lhs", count, seed), design_points(read, "sobol", count, seed)
    balanced = count & (count - 1) == 0
    for key, factor in read.items():
        choices = (
            len(factor.values) if isinstance(factor, Levels)
            else int(factor.high - factor.low) + 1 if factor.whole else 0
        )  # fmt: skip
        if 0 < choices <= count:
            low, high = spread(even, key)
            assert even[key].nunique() == choices
            assert high - low <= 1
            if balanced:
                exact = choices & (choices - 1) == 0
                shares = near[key].value_counts()
                assert max(abs(shares - count / choices)) < (1e-9 if exact else 2.0)


@given(read=drawn, trajectories=st.integers(1, 6), seed=seeds)
@settings(max_examples=80, deadline=None)
def test_morris_changes_one_key_at_a_time(
    read: dict[str, Factor], trajectories: int, seed: int
) -> None:
    points = design_points(read, "morris", trajectories, seed).drop(columns="point")
    assert len(points) == trajectories * (len(read) + 1)
    rows = points.values.tolist()
    for start in range(0, len(rows), len(read) + 1):
        changed = [
            [i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
            for one, two in pairwise(rows[start : start + len(read) + 1])
        ]
        assert sorted(changed) == [[i] for i in range(len(read))]


@given(read=drawn, kind=st.sampled_from(["lhs", "sobol", "morris", "saltelli"]), seed=seeds)
@settings(max_examples=80, deadline=None)
def test_drawn_values_lie_in_their_ranges_and_show_twelve_digits(
    read: dict[str, Factor], kind: str, seed: int
) -> None:
    points = design_points(read, kind, 8, seed)
    for key, factor in read.items():
        if isinstance(factor, Levels):
            assert set(points[key]) <= set(factor.values)
            continue
        assert points[key].between(factor.low, factor.high).all()
        for value in points[key]:
            assert value == float(f"{value:.12g}") or value in (factor.low, factor.high)
        if factor.whole:
            assert points[key].dtype == np.int64


def test_seed_kind_and_key_order_decide_the_draws() -> None:
    one = design_points({"x": UNIT, "y": UNIT}, "lhs", 8, 1)
    assert one.equals(design_points({"x": UNIT, "y": UNIT}, "lhs", 8, 1))
    assert not one.equals(design_points({"x": UNIT, "y": UNIT}, "lhs", 8, 2))
    # a seed of two 32-bit words is not the seed of its lower word
    assert not one.equals(design_points({"x": UNIT, "y": UNIT}, "lhs", 8, 1 + 2**32))


# Columns have one type, and files read back


CELLS: dict[str, st.SearchStrategy[object]] = {
    "parity": st.floats(-1e9, 1e9),
    "audiences.Port.capitals": st.integers(-(2**63), 2**63 - 1),
    "switches.noise": st.booleans(),
    "mediator.policy": st.sampled_from(
        ["a, b", "=1+1", "'quoted", 'say "x"', "true", "-", "1e3", "é", "007", "1.0"]
    ),
}


@given(cells=st.fixed_dictionaries({key: st.lists(one, min_size=3, max_size=3)
                                    for key, one in CELLS.items()}))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_written_design_reads_back_bit_for_bit(
    cells: dict[str, list[object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("design")
    points = design_frame({key: cells[key] for key in CELLS})
    assert [str(kind) for kind in points.dtypes[:4]] == ["int64", "float64", "int64", "bool"]
    tables.write(folder, "design", points)
    path = folder / "design.csv"
    accepting = Accepting()
    found, scenarios = from_file.read_design(path, "design.csv", accepting, (), Scenario.from_yaml)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(found, points, check_exact=True)
    assert scenarios == {}
    pd.testing.assert_frame_equal(tables.read(folder, "design"), points, check_exact=True)


class Accepting:
    """Stands for a scenario that takes every value: what is read back is the question here."""

    name, start_date = "any", date(2025, 4, 12)

    def set(self, assignments: object, place: str) -> None:
        """Takes it."""


@pytest.mark.parametrize("kind", KINDS)
def test_design_of_a_sweep_reads_back(kind: str, tmp_path: Path) -> None:
    listed = kind in ("grid", "zip")
    other = tmp_path / "other.yaml"
    shutil.copy(SMALL, other)
    asked = {
        "parity": "0:0.7:3" if listed else "0.1:0.7",
        "mediation_length": "10:70:3" if listed else "10:70",
        "mediator.policy": "none,scripted,quiet",
        "switches.noise": [True, False, True] if kind == "zip" else [True, False],
        "scenario": [str(SMALL)] * 3 if kind == "zip" else [str(SMALL), str(other)],
    }
    first = plan_study(CASE, asked, kind, 7)
    tables.write(tmp_path, "design", first.points)
    again = plan_study(CASE, {}, str(tmp_path / "design.csv"))
    pd.testing.assert_frame_equal(again.points, first.points, check_exact=True)
    assert list(again.scenarios) == list(dict.fromkeys(first.points["scenario"]))


# What is refused


def refusal(asked: dict[str, factors.Given], kind: str = "lhs") -> str:
    with pytest.raises(InputError) as caught:
        plan_study(CASE, asked, kind, arms=("offer", "no_offer"))
    return str(caught.value)


REFUSED = {
    "low end": ({"parity": "-1:0.5"}, "parameters.parity: must lie in 0 to 1 (got -1)"),
    "high end": ({"parity": "0:1.5"}, "parameters.parity: must lie in 0 to 1 (got 1.5)"),
    "wrong way": ({"parity": "0.5:0.1"}, "parity: must be a range low:high with low below high (got 0.5:0.1)"),
    "no width": ({"parity": "0.5:0.5"}, "parity: must be a range low:high with low below high (got 0.5:0.5)"),
    "narrow": ({"parity": "0.5:0.50000001"}, "parity: must be wider: its numbers have 12 digits (got 0.5:0.50000001)"),
    "fraction of a day": ({"mediation_length": "10.5:60"}, "parameters.mediation_length: must be a whole number of days (got 10.5)"),
    "unknown key": ({"parrity": "0:1"}, "parrity: unknown key; did you mean parity?"),
    "unknown scenario": ({"scenario": "kashmir_2052"}, "scenario: kashmir_2052: unknown scenario; did you mean kashmir_2025?"),
    "scenario without the arm": ({"scenario": ["two_sources"]}, "scenario: has no arm offer; its arms: both_speak, silence (got two_sources)"),
    "the baseline": ({"baseline": "offer,no_offer"}, "baseline: is the same at every point; --baseline chooses it"),
    "a title": ({"title": "a,b"}, "title: is for people and changes no run"),
    "a title of an arm": ({"arms.offer.title": "a,b"}, "arms.offer.title: is for people and changes no run"),
    "a leader": ({"delegations.A one.leader": "a,b"}, "delegations.A one.leader: is for people and changes no run"),
    "a name": ({"name": "a,b"}, "name: is a name: draws, tables and folders go by it, so it stays the same"),
    "an audience's name": ({"audiences.Port.name": "a,b"}, "audiences.Port.name: is a name: draws, tables and folders go by it, so it stays the same"),
    "the seed": ({"seed": "1,2"}, "seed: is the same at every point, so that points differ in nothing but their values; --seed sets it, and more replicates give more draws"),
    "the arms": ({"arms": "offer,no_offer"}, "arms: are run at every point, all of them; --arms chooses among them"),
    "the version": ({"schema_version": "1"}, "schema_version: is the version of the file format and changes no run"),
    "equal numbers": ({"parity": "0.1,0.2,0.10"}, "parity: is given twice; its runs would be the same, done and counted twice (got 0.1)"),
    "equal days": ({"claimants.Aria.campaign_start": "2025-05-22,3,2"}, "claimants.Aria.campaign_start: is given twice; its runs would be the same, done and counted twice (got 2)"),
    "equal words": ({"mediator.policy": "none,none"}, "mediator.policy: is given twice; its runs would be the same, done and counted twice (got none)"),
    "a mapping for a number": ({"claims.armed.prior": ["{Broker: 0.1, Port: 0.2, Hill: 0.3}"]}, "claims.armed.prior: must be a single number where it is swept (got {Broker: 0.1, Port: 0.2, Hill: 0.3})"),
    "dates where the start is swept": ({"start_date": ["2025-05-20", "2025-05-21"], "claimants.Aria.campaign_start": ["2025-05-23"]}, "claimants.Aria.campaign_start: must be the number of a day where it is swept: the first day differs from point to point (got 2025-05-23)"),
    "no values": ({"parity": []}, "a sweep needs at least one key with values"),
}  # fmt: skip


def test_equal_points_of_a_zip_are_refused() -> None:
    said = refusal({"parity": "0.1,0.2,0.10", "goodwill": "0,0.05,0.0"}, "zip")
    assert "parity, goodwill: is given twice" in said
    assert said.endswith("(got 0.1, 0.0)")
    unlike = plan_study(CASE, {"parity": "0.1,0.1", "goodwill": "0,0.05"}, "zip")
    assert unlike.points["parity"].tolist() == [0.1, 0.1]


def test_equal_points_that_are_drawn_or_in_a_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("parity,dwell\n0.1,3\n0.2,3\n0.10,3.0\n", encoding="utf-8")
    (told,) = plan_study(CASE, {}, str(path)).notes
    assert told.startswith("1 of the 3 points has the values of an earlier one")
    assert "the first is point 2" in told
    drawn = plan_study(CASE, {"mediator.policy": "none,scripted"}, "lhs", 6)
    assert drawn.notes[0].startswith("4 of the 6 points")


def test_a_type_is_the_keys_not_its_values() -> None:
    """Whatever is asked of a key, in words, in numbers or drawn, its column has one type."""
    asked: dict[str, list[factors.Given]] = {
        "parity": ["0,1", "0:1:3", [1], [np.int64(0), 0.5], ["1.0"]],
        "dwell": ["1,2", [3.0, 4], ["5.0"], [np.float64(7.0)]],
        "switches.noise": ["true,false", "True,FALSE", [np.False_], ["TRUE"]],
        "claimants.Aria.campaign_start": ["2025-05-22,2025-05-24", "2,4", [2.0, 4]],
        "mediator.policy": ["none", ["none", "scripted"]],
        "start_date": [["2025-05-20"], [date(2025, 5, 20)]],
    }
    kinds = {"parity": "f", "dwell": "i", "switches.noise": "b", "mediator.policy": "OUT",
             "claimants.Aria.campaign_start": "i", "start_date": "OUT"}  # fmt: skip
    for key, every in asked.items():
        for values in every:
            column = plan_study(CASE, {key: values}).points[key]
            assert column.dtype.kind in kinds[key], (key, values)
    days = plan_study(CASE, {"claimants.Aria.campaign_start": "2025-05-22,2025-05-24"}).points
    assert days["claimants.Aria.campaign_start"].tolist() == [2, 4]
    drawn = plan_study(CASE, {"parity": "0:1", "dwell": "1:9"}, "lhs", 3).points
    assert [kind.kind for kind in drawn.dtypes] == ["i", "f", "i"]


@pytest.mark.parametrize("name", REFUSED)
def test_factor_is_refused_in_these_words(name: str) -> None:
    asked, expected = REFUSED[name]
    assert f"--param: {expected}" in refusal(asked)  # type: ignore[arg-type]


def test_value_must_suit_every_scenario() -> None:
    asked = {"scenario": "kashmir_2025,kashmir_2019", "audiences.Other Europe.importance": [1]}
    with pytest.raises(InputError, match="Other Europe: in scenario kashmir_2019, unknown item"):
        plan_study(CASE, asked)


def test_scenarios_of_different_pairs_are_not_mixed() -> None:
    """Their numbers would be averaged under the names of one pair."""
    with pytest.raises(InputError) as caught:
        plan_study(CASE, {"scenario": "kashmir_2025,symmetric,two_sources"})
    assert str(caught.value) == (
        "--param: scenario: must have the pair of kashmir_2025, India and Pakistan, in that order "
        "(got North and South in symmetric)\n"
        "--param: scenario: must have the pair of kashmir_2025, India and Pakistan, in that order "
        "(got Red and Blue in two_sources)"
    )


def test_faults_of_all_keys_are_told_together() -> None:
    said = refusal({"parity": "0:1.5", "goodwill": [-1, 0.5], "mediator.policy": "none,quite"})
    assert [line.split(": ")[1] for line in said.split("\n")] == [
        "parameters.parity", "parameters.goodwill", "mediator.policy",
    ]  # fmt: skip


def test_range_without_count_is_refused_in_a_grid() -> None:
    assert refusal({"parity": "0:1"}, "grid") == (
        "--param: parity: a grid or zip needs low:high:count, or values with commas between "
        "(got 0:1)"
    )


def test_whole_number_keys_are_found_by_trying() -> None:
    scenarios = {CASE.name: CASE}
    read = factors.read_factors(
        {"mediation_length": "10:60:3", "claimants.Aria.campaign_start": "1:5", "parity": "0:1"},
        scenarios, sampled=True,
    )  # fmt: skip
    assert read == {
        "mediation_length": Range(10, 60, True),
        "claimants.Aria.campaign_start": Range(1, 5, True),
        "parity": Range(0.0, 1.0),
    }


def test_evenly_spaced_days_are_days() -> None:
    planned = plan_study(CASE, {"claimants.Aria.campaign_start": "1:5:3"})
    assert planned.points["claimants.Aria.campaign_start"].tolist() == [1, 3, 5]


def test_many_numbers_cost_few_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    real = Scenario.set
    monkeypatch.setattr(
        Scenario, "set", lambda self, *a, **k: (tried.append(a), real(self, *a, **k))[1]
    )
    assert len(plan_study(CASE, {"parity": "0:1:5000"}).points) == 5000
    assert 2 <= len(tried) <= 6


def test_numbers_inside_are_found_where_one_sort_is_refused() -> None:
    """Both ends are whole days, the fault between them is none."""
    assert "got 30.5" in refusal({"mediation_length": "10.0,30.5,60.0"}, "grid")


# Files


FILES: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", [": is empty"]),
    "blank lines": (b"\n \n\n", [": is empty"]),
    "header alone": (b"parity\n", [":1: must hold at least one point below its keys"]),
    "point alone": (b"point\n0\n", [":1: must hold at least one key"]),
    "unknown key": (b"parrity\n1\n2\n", [":1: parrity: unknown key; did you mean parity?"]),
    "unknown item": (b"audiences.Prot.importance\n1\n2\n", [":1: audiences.Prot: unknown item; did you mean Port? (got Prot)"]),
    "key twice": (b"parity,parameters.parity\n0,0\n", [":1: parameters.parity: is given twice"]),
    "no key": (b"parity,\n0,0\n", [":1: column 2: has no key in the header"]),
    "formula for a key": (b"=1+1\n0\n", [":1: =1+1: a key must not hold the sign ="]),
    "bad values": (b"parity,goodwill\n0.1,0\n1.3,-1\nnan,1e400\n.inf,0\n012,1_000\n", [
        ":3: parameters.parity: must lie in 0 to 1 (got 1.3)",
        ":3: parameters.goodwill: must be at least 0 (got -1)",
        ":4: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got nan)",
        ":4: parameters.goodwill: must be a finite number such as 2 or 0.5, without quotes (got 1e400)",
        ":5: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got .inf)",
        ":6: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 012)",
        ":6: parameters.goodwill: must be a finite number such as 2 or 0.5, without quotes (got 1_000)",
    ]),
    "ragged, missing and out of order": (b"point,parity,goodwill\n0,0.1\n1,,0.1\n3,0.2,7,7\n4,2,0\n", [
        ":2: must hold as many cells as the header, 3 (got 2)",
        ":3: parameters.parity: is missing",
        ":4: must hold as many cells as the header, 3 (got 4)",
        ":5: point: must be 3: points count 0, 1, ...; or leave the column out (got 4)",
        ":5: parameters.parity: must lie in 0 to 1 (got 2)",
    ]),
    "line inside": (b"parity\n0.1\n\n0.2\n", [":3: must hold as many cells as the header, 1 (got 0)"]),
    "lines in a cell": (b'mediator.policy,parity\n"no\nne",0.1\nnone,7\n', [
        ":2: mediator.policy: must not hold control or invisible characters (got no\\nne)",
        ":4: parameters.parity: must lie in 0 to 1 (got 7)",
    ]),
    "open quote": (b'parity\n"0.1\n0.2\n', [":2: is not valid CSV: unexpected end of data"]),
    "control character": (b"parity\n0.1\x00\n", [":2:4: must not hold control characters (got \\x00)"]),
    "another encoding": (b"parity\n\xe9\n", [":2:1: must be UTF-8 text (got byte 0xe9)"]),
    "scenarios": (b"scenario\nsymmetric\nkashmir_2052\n", [
        ":2: scenario: has no arm offer; its arms: no_mediation, mediation, threshold (got symmetric)",
        ":3: scenario: kashmir_2052: unknown scenario; did you mean kashmir_2025?",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_in_these_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, expected = FILES[name]
    monkeypatch.chdir(tmp_path)
    Path("own.csv").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        plan_study(CASE, {}, "own.csv", arms=("offer",))
    assert str(caught.value).split("\n") == [f"own.csv{line}" for line in expected]


def test_twenty_faults_of_a_file_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("parity\n" + "".join(f"{i}.5\n" for i in range(1, 31)), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        plan_study(CASE, {}, str(path))
    lines = str(caught.value).split("\n")
    assert len(lines) == 21
    assert lines[19].startswith(f"{path}:21: ")
    assert lines[20].startswith("... and ")


def test_file_of_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.CSV"
    path.write_bytes(
        b'\xef\xbb\xbf"parity",  mediator.policy\r\n0.10,"none"\r\n 1 ,scripted\r\n\r\n'
    )
    found = plan_study(CASE, {}, str(path)).points
    assert found.to_dict("list") == {
        "point": [0, 1], "parity": [0.1, 1.0], "mediator.policy": ["none", "scripted"],
    }  # fmt: skip


READ_ALIKE = {
    "commas": b"parity,dwell,switches.noise\n0.5,130,true\n1.25e-1,7,false\n",
    "pandas": b"parity,dwell,switches.noise\n0.5,130.0,True\n0.125,7.0,False\n",
    "semicolons": b"parity;dwell;switches.noise\r\n0,5;130;TRUE\r\n,125;7;FALSE\r\n",
    "semicolons and points": b"parity;dwell;switches.noise\n0.5;130;true\n0.125;7;false\n",
    "tabs": b"parity\tdwell\tswitches.noise\n0.5\t130\tTRUE\n0.125\t7\tFALSE\n",
    "with points": b"point,parity,dwell,switches.noise\n0.0,0.5,130,true\n1.0,0.125,7,false\n",
}


@pytest.mark.parametrize("written", READ_ALIKE)
def test_files_of_pandas_and_spreadsheets_are_read(written: str, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(READ_ALIKE[written])
    found = plan_study(CASE, {}, str(path)).points
    assert found.to_dict("list") == {
        "point": [0, 1], "parity": [0.5, 0.125], "dwell": [130, 7],
        "switches.noise": [True, False],
    }  # fmt: skip


def test_decimal_comma_beside_commas_is_refused_by_the_number_of_cells(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("parity,dwell\n0,5,130\n", encoding="utf-8")
    with pytest.raises(InputError, match="must hold as many cells as the header, 2"):
        plan_study(CASE, {}, str(path))
    path.write_text('parity,dwell\n"0,5",130\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"finite number such as 2 or 0.5.*\(got 0,5\)"):
        plan_study(CASE, {}, str(path))


def test_sizes_of_a_file_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.csv"
    path.write_text("start_date\n" + "".join(f"2025-04-1{i}\n" for i in range(6)), "utf-8")
    for bound, most, said in [
        ("MOST_BYTES", 30, "must not be larger than 30 bytes"),
        ("MOST_POINTS", 5, "must not hold more than 5 points"),
        ("MOST_WORDS", 5, "must not hold more than 5 different words"),
        ("MOST_KEYS", 0, "must not hold more than 0 keys"),
    ]:
        with monkeypatch.context() as bounded:
            bounded.setattr(from_file, bound, most)
            with pytest.raises(InputError, match=said):
                plan_study(CASE, {}, str(path))
    assert len(plan_study(CASE, {}, str(path)).points) == 6


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.csv")
    with pytest.raises(InputError, match="is not a regular file"):
        plan_study(CASE, {}, str(tmp_path / "own.csv"))
