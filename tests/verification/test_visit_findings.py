"""Patterns of visits and denials: what they are, on small tables whose answers are known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.engines.ensemble.plan import places
from sim.verification import findings, visit_findings
from sim.verification.crises import pattern_case
from sim.verification.prior_draws import PriorDraws
from sim.verification.visit_findings import (
    AddedVisit,
    VisitPlaces,
    capitals_covered,
    fielded_teams,
    first_calls,
    free_strategies,
    last_visits,
    visit_places,
    with_visits,
)
from sim.world.arrays import ATTACK, DENY, NOWHERE

HOME = NOWHERE


@pytest.fixture(scope="module")
def world():
    return pattern_case().world


@pytest.fixture(scope="module")
def draws():
    return PriorDraws(pattern_case(), np.arange(3, dtype=np.uint64), lambda done: None)


# Five days of four teams, two of each side, at audiences 0 to 3; a column is a team
STOPS = np.array(
    [
        [HOME, 2, HOME, 3],
        [0, 2, HOME, HOME],
        [0, 1, 0, HOME],
        [3, 0, 0, HOME],
        [HOME, HOME, HOME, HOME],
    ]
)
OWNER = np.array([0, 0, 1, 1])


def test_first_calls_are_the_earliest_of_a_sides_teams():
    called = first_calls(STOPS, OWNER, 5)
    never = np.inf
    np.testing.assert_array_equal(called, [[1, 2, 0, 3, never], [2, never, never, 0, never]])


def small(**changed):
    """Both sides call at 0 and 3, nobody at 4 to 6; 3 counts most, but is two capitals."""
    given = {
        "strategies": ("scripted", "scripted"),
        "stops": STOPS,
        "owner": OWNER,
        "capitals": np.array([1, 1, 1, 2, 1, 1, 4]),
        "importance": np.array([3, 1, 1, 5, 2, 1, 0.5]) / 13.5,
        "parameters": SimpleNamespace(dwell=1.0),
        "steps": 5,
    }
    return SimpleNamespace(**(given | changed))


def test_visits_go_where_both_sides_call_and_where_nobody_does():
    """Of those without a team 5 counts least: 6 counts less, but is four capitals."""
    assert visit_places(small()) == VisitPlaces(quiet=5, contested=0, day=2)
    several = np.array([1, 1, 1, 1, 1, 1, 1])
    assert visit_places(small(capitals=several)) == VisitPlaces(quiet=6, contested=3, day=3)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"strategies": ("scripted", "uniform")}, "Its teams do not follow itineraries."),
        ({"owner": np.zeros(4, dtype=int)}, "Teams of both sides call at no audience"),
        ({"capitals": np.array([1, 1, 1, 2, 2, 2, 4])}, "Teams call at every audience"),
        ({"importance": np.array([1.0, 1, 1, 1, 2, 1, 1]) / 8}, "No audience that is one capital"),
        ({"steps": 3}, "It ends before two visits"),
    ],
)
def test_what_is_in_the_way_of_visits_is_said(changed, reason):
    assert visit_places(small(**changed)).startswith(reason)


def test_added_visits_leave_the_rest_as_it_is(world):
    visits = AddedVisit(1, 3, 40), AddedVisit(0, 5, 43)
    changed = with_visits(world, *visits)
    old = world.stops.shape[1]
    np.testing.assert_array_equal(changed.stops[:, :old], world.stops)
    assert world.parameters.dwell == 3
    for team, visit in enumerate(visits, start=old):
        there = np.flatnonzero(changed.stops[:, team] == visit.audience)
        np.testing.assert_array_equal(there, visit.day + np.arange(3))
        assert (changed.stops[:, team] == NOWHERE).sum() == world.steps - 3
        np.testing.assert_array_equal(changed.field_days[:, team], changed.stops[:, team] >= 0)
        assert (changed.owner[team], changed.bonus[team]) == (visit.side, 1.0)
    assert len(changed.names.delegations) == old + 2


def test_added_visit_acts_from_its_day_on_and_first_where_it_is(draws):
    a, day = 5, 40
    there = draws.run(with_visits(draws.world, AddedVisit(0, a, day))).record.sympathy
    moved = np.abs(there - draws.base_runs.record.sympathy).sum(axis=(0, 3))
    assert (moved[: day + 1] == 0.0).all()
    np.testing.assert_array_equal(np.flatnonzero(moved[day + 1]), [a])


def effects(monkeypatch, answers, places=None):
    """Let visits have these effects: [draw] by the sides and audiences, in the order of days."""
    where = places or VisitPlaces(quiet=5, contested=0, day=40)
    monkeypatch.setattr(visit_findings, "visit_places", lambda world: where)

    def effect(draws, *added, shuffled=False):
        key = (*((visit.side, visit.audience, visit.day) for visit in added),)
        return np.array(answers[(key, shuffled) if shuffled else key])

    monkeypatch.setattr(visit_findings, "_effect", effect)


def test_visit_to_the_quiet_place_is_compared_side_by_side(draws, monkeypatch):
    """Sizes count, not signs. Both cases of draw 0 hold, none of 1, the second side's of 2."""
    answers = {
        ((0, 5, 40),): [0.3, 0.1, 0.1],
        ((1, 5, 40),): [-0.3, -0.1, -0.3],
        ((0, 0, 40),): [0.2, 0.2, 0.2],
        ((1, 0, 40),): [-0.2, -0.2, 0.2],
    }
    answers |= {(key, True): [0.0, 0.0, 0.0] for key in list(answers)}
    effects(monkeypatch, answers)
    found = visit_findings.quiet_place_moves_more(draws)
    np.testing.assert_array_equal(found.holds, [[True, True], [False, False], [False, True]])
    assert not found.placebo.any()
    np.testing.assert_allclose(found.numbers["quiet"], [0.3, 0.1, 0.2])


def test_opposite_visits_cancel_where_less_than_half_is_left(draws, monkeypatch):
    """Alone .2 and .1 on average .15: together .07 is less than half, .075 and -.1 are not."""
    answers = {
        ((0, 5, 40),): [0.2, 0.2, 0.2],
        ((1, 5, 40),): [-0.1, -0.1, -0.1],
        ((0, 5, 40), (1, 5, 40)): [0.07, 0.0751, -0.1],
    }
    effects(monkeypatch, answers)
    found = visit_findings.opposite_visits_cancel(draws)
    np.testing.assert_array_equal(found.holds, [True, False, False])
    np.testing.assert_allclose(found.numbers["alone"], 0.15)


def test_later_visit_counts_more_where_either_side_gains_by_being_second(draws, monkeypatch):
    """The first side is heard better in every draw; that alone decides nothing."""
    answers = {
        ((1, 5, 40), (0, 5, 43)): [0.5, 0.3, 0.4],
        ((0, 5, 40), (1, 5, 43)): [0.3, 0.5, 0.4],
    }
    effects(monkeypatch, answers)
    found = visit_findings.later_visit_counts_more(draws)
    np.testing.assert_array_equal(found.holds, [True, False, False])
    np.testing.assert_array_equal(found.equal, [False, False, True])


def test_audiences_that_a_side_calls_at_are_counted_once():
    """First run: the first side's two teams at 0, 2 and 2, the other's at 0. Second: nobody."""
    places = np.full((2, 3, 3), NOWHERE)
    places[0, :, 0] = 0, 2, NOWHERE
    places[0, 1, 1] = 2
    places[0, :, 2] = 0
    covered = capitals_covered(places, np.array([0, 0, 1]), 4)
    np.testing.assert_array_equal(covered, [[2, 1], [0, 0]])


def test_uniform_round_covers_what_it_can_reach(world):
    """Two teams of the first side, out 3 and 7 days of dwell 3 over 6 audiences: 1 and 3 stops.

    They begin at 0 and 3 (i N / L). The one team of the other, out 4 days: 2 stops from 0.
    """
    field_days = np.zeros((10, 3), dtype=bool)
    field_days[2:5, 0] = field_days[1:8, 1] = field_days[:4, 2] = True
    few = world._replace(
        strategies=("uniform", "uniform"),
        owner=np.array([0, 0, 1]),
        field_days=field_days,
        stops=np.where(field_days, 0, NOWHERE),
        capitals=world.capitals[:6],
        names=world.names._replace(audiences=world.names.audiences[:6]),
    )
    assert fielded_teams(few) == [2, 1]
    np.testing.assert_array_equal(capitals_covered(places(few)[None], few.owner, 6), [[4, 2]])


def test_coverage_is_measured_by_each_strategy_that_chooses(draws):
    found = visit_findings.more_teams_cover_more(draws)
    assert found.holds.shape == (3, len(free_strategies()))
    assert {"uniform", "myopic", "hedge"} <= set(free_strategies())
    assert "scripted" not in free_strategies()
    assert found.placebo is None
    assert found.holds[:, free_strategies().index("uniform")].all()
    means = {name: float(values.mean()) for name, values in found.numbers.items()}
    assert found.measure(means).startswith("India has 8 teams, Pakistan has 2 teams;")
    assert "uniform +" in found.measure(means)


def test_last_visits_are_those_that_leave_early_enough():
    """Teams leave on the days 4, 4, 4 and 1; row 24 is the last one of 24 days."""
    stops = np.full((24, 4), NOWHERE)
    stops[:5] = STOPS
    every = [(0, 3, 4), (1, 0, 4), (2, 0, 4), (3, 3, 1)]
    assert last_visits(SimpleNamespace(stops=stops, steps=24)) == every
    assert last_visits(SimpleNamespace(stops=stops[:23], steps=23)) == every[-1:]


def denial_world(world):
    """Narratives: an attack, a denial of what its sender is accused of, one of the parity claim."""
    return world._replace(
        kind=np.array([ATTACK, DENY, DENY, DENY]),
        claim=np.array([0, 0, 1, NOWHERE]),
        sender=np.array([0, 1, 1, 1]),
        accused=np.array([1, NOWHERE]),
    )


def test_denials_are_those_of_accusations(world):
    assert findings.denials(denial_world(world)) == [1]


def test_denial_backfires_only_if_it_hurts_with_priming_and_helps_without(monkeypatch):
    """Leads of five draws; the sender is the second side, so a fall of the lead is its gain."""
    plain, primed = "plain", "primed"
    leads = {
        (primed, True): [0.3, 0.3, 0.1, 0.2, 0.3],
        (primed, False): [0.2] * 5,
        (plain, True): [0.1, 0.3, 0.1, 0.1, 0.2],
        (plain, False): [0.2] * 5,
    }
    narratives = ("an attack", "no part", "no par", "not so")
    names = SimpleNamespace(narratives=narratives)
    base = SimpleNamespace(
        names=names, kind=[ATTACK, DENY, DENY, DENY], claim=[0, 0, 1, NOWHERE],
        sender=[0, 1, 1, 1], accused=[1, NOWHERE],
    )  # fmt: skip

    class Runs:
        world, true, base_runs = base, primed, (primed, True)

        def run(self, world, numbers):
            return numbers, world is base

        def lead(self, batch):
            return np.array(leads[batch])[:, None] * [1.0, 1.0]

    monkeypatch.setattr(findings, "switch_off", lambda numbers, name: {"priming": plain}[name])
    monkeypatch.setattr(findings, "without_narrative", lambda world, name: name)
    found = findings.denial_backfires(Runs())
    np.testing.assert_array_equal(found.holds[:, 0], [True, False, False, False, False])
    np.testing.assert_array_equal(found.equal[:, 0], [False, False, False, True, True])
    assert found.measure({"hurts": 0.6, "helps": 0.6, "1": 0.2}).endswith("both: 'no part' 0.20")
