"""Sizes of the model's effects beside published ones: measured in pairs, and said to be off."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.report.numerals import in_points
from sim.scenario.scenario import Scenario
from sim.tables.metrics import opinion_points
from sim.verification import magnitudes
from sim.verification.crises import pattern_case
from sim.verification.magnitudes import Magnitude, measure_magnitudes


def test_a_point_of_net_opinion_is_that_of_formula_f2():
    """F2 adds 0.30 opinion/100 to a judgement, so one point is 0.003."""
    assert opinion_points(0.30 / 100) == pytest.approx(1.0, abs=1e-12)
    assert in_points(-0.0072) == "about 2.4 points"
    assert in_points(0.04) == "about 13 points"
    assert in_points(0.0001) == "less than 0.1 points"


def test_what_lies_outside_the_published_range_is_off():
    one = Magnitude("a visit", 2.0, "points", 0.7, 1.9, "0.7 to 1.9", "a study")
    assert one.is_off
    assert str(one).startswith("OFF")
    assert one.to_dict()["off"] is True
    within = Magnitude("a visit", 1.9, "points", 0.7, 1.9, "0.7 to 1.9", "a study")
    assert not within.is_off
    assert str(within).startswith("fits")


def test_half_time_counts_from_the_largest():
    effect = np.array([0.0, 1.0, 4.0, 3.0, 2.5, 2.0, 1.0])
    assert magnitudes._half_time(effect) == 3.0
    assert magnitudes._half_time(np.array([0.0, 1.0, 2.0])) == float("inf")


def test_visits_of_both_sides_and_the_attack_are_measured(monkeypatch):
    monkeypatch.setattr(magnitudes, "RUNS", 4)
    told: list[str] = []
    found = measure_magnitudes(pattern_case(), told.append)
    assert told == ["magnitudes"]
    gains = {one.what.split(" to a capital")[0] for one in found if one.unit == magnitudes.POINTS}
    assert gains == {"a visit of India", "a visit of Pakistan"}
    assert [one for one in found if "attack" in one.what]
    assert all(np.isfinite(one.value) for one in found)


def test_what_a_scenario_lacks_is_not_measured_but_listed(monkeypatch):
    """Teams of two_sources never travel, and nothing in it stands for the attack."""
    monkeypatch.setattr(magnitudes, "RUNS", 2)
    found = measure_magnitudes(pattern_case(Scenario.from_yaml("two_sources")))
    assert len(found) == 5
    assert {(one.value, one.is_off) for one in found} == {(None, None)}
    assert found[0].unmeasured == "No team of Red calls at a capital that is an audience."
    said = "cannot be measured. Nothing in it is declared to stand for the attack. [until half of"
    assert str(found[-1]).startswith(said)


def test_a_visit_is_read_on_its_best_day():
    """On day 1 the first side gains .006 (2 points) and the second loses .003 (1 point)."""
    names = SimpleNamespace(
        delegations=["A one"], audiences=["Port"], claimants=["Aria", "Boreas"]
    )
    world = SimpleNamespace(names=names, owner=np.array([0]))
    effect = np.array([[[0.003, -0.009]], [[0.006, -0.003]], [[0.001, 0.0]]])
    visit = magnitudes._measure_visit(world, 0, 0, effect)
    assert visit.name == "A one at Port"
    assert (visit.gain, visit.loss) == pytest.approx((2.0, 1.0), abs=1e-12)
    other = magnitudes.Visit("A two at Port", 0, 4.0, 8.0)
    gives, takes = magnitudes._compare_visits(world, 0, [visit, other])
    assert gives.value == pytest.approx(3.0, abs=1e-12)
    assert "most: A two at Port, 4.0" in gives.what
    assert takes.value == pytest.approx(1.5, abs=1e-12)
    assert takes.is_off
