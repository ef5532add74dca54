"""Where the stage draws each place."""

from __future__ import annotations

import itertools
import math

from sim.page.places import KNOWN_PLACES, positions
from sim.scenario import shipped
from sim.scenario.scenario import Scenario

HOMES = ("India", "Pakistan")


def test_every_place_of_every_shipped_scenario_has_room_of_its_own() -> None:
    for name in shipped.names():
        scenario = Scenario.from_yaml(name)
        audiences = [audience.name for audience in scenario.audiences]
        found, homes = positions(audiences, [side.name for side in scenario.claimants])
        assert len(found) == len(audiences)
        room = 15 if len(audiences) <= 12 else 8  # the page draws many places smaller
        for one, other in itertools.combinations([*found, *homes], 2):
            assert math.dist(one, other) > room, name
        assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in [*found, *homes])


def test_unknown_audiences_stand_evenly_on_a_ring() -> None:
    found, homes = positions(["Ash", "Birch", "Cedar", "Dale"], ["Red", "Blue"])
    assert found == [(50, 0), (96, 50), (50, 100), (4, 50)]
    assert [x - 50 for x, _ in homes] == [-17, 17]  # neither nearer to the audiences


def test_unknown_audience_among_known_ones_keeps_off_them() -> None:
    names = ["Washington", "Atlantis", "Paris", "Lemuria"]
    found, homes = positions(names, HOMES)
    assert (found[0], found[2]) == (KNOWN_PLACES["Washington"], KNOWN_PLACES["Paris"])
    assert homes == [KNOWN_PLACES[name] for name in HOMES]
    for one, other in itertools.combinations([*found, *homes], 2):
        assert math.dist(one, other) > 20


def test_homes_are_drawn_together_where_one_is_not_known() -> None:
    _, homes = positions(["Washington"], ["India", "Utopia"])
    assert homes[0][1] == homes[1][1]
