"""Who listens to whom, by its entries; and worlds of many audiences made from few."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.world.arrays import World
from sim.world.building import build
from sim.world.peers import listeners, peers_from
from tests.networks import matrix, tile_audiences


@pytest.fixture(scope="module")
def world() -> World:
    return build(Scenario.from_yaml("kashmir_2025", arm="mediation"))


def test_rows_are_in_order_and_sum_to_one() -> None:
    peers = peers_from([{2: 3.0, 1: 1.0}, {}, {0: 0.0, 2: 5.0, 1: 5.0}])
    assert peers.start.tolist() == [0, 2, 3, 5]
    assert peers.of.tolist() == [1, 2, 1, 1, 2]  # who listens to nobody listens to itself
    assert peers.weight.tolist() == [0.25, 0.75, 1.0, 0.5, 0.5]
    assert matrix(peers).tolist() == [[0.0, 0.25, 0.75], [0.0, 1.0, 0.0], [0.0, 0.5, 0.5]]


def test_listeners_are_the_columns_without_oneself() -> None:
    peers = peers_from([{2: 3.0, 1: 1.0}, {}, {0: 0.0, 2: 5.0, 1: 5.0}])
    assert listeners(peers) == [[], [0, 2], [0]]


def test_scenario_weights_become_the_rows() -> None:
    scenario = Scenario.from_yaml("kashmir_2025")
    world = build(scenario)
    names = world.names.audiences
    full = matrix(world.peers)
    for a, listener in enumerate(names):
        heard = scenario.peers[listener]
        for b, name in enumerate(names):
            expected = heard.get(name, 0.0) / sum(heard.values())
            assert full[a, b] == pytest.approx(expected, abs=1e-15)


def test_tiled_world_copies_the_audiences_in_turns(world: World) -> None:
    count = len(world.names.audiences)
    many = tile_audiences(world, 3 * count + 1, 2)
    assert many.names.audiences[: count + 1] == (
        *(f"{name} 1" for name in world.names.audiences), f"{world.names.audiences[0]} 2"
    )  # fmt: skip
    assert len(set(many.names.audiences)) == 3 * count + 1
    for name in ("western", "capitals", "resting", "trust", "judgements", "prior"):
        assert (getattr(many, name)[2 * count : 3 * count] == getattr(world, name)).all(), name
    assert (many.reaches[:, count : 2 * count] == world.reaches).all()
    assert many.importance.sum() == pytest.approx(1.0, abs=1e-15)
    assert many.importance[count] == many.importance[0] == many.importance[-1]
    assert (many.stops == world.stops).all()
    assert many.mediator == world.mediator


@pytest.mark.parametrize("heard", [1, 2, 5])
def test_tiled_world_listens_to_neighbours_on_a_ring(world: World, heard: int) -> None:
    full = matrix(tile_audiences(world, 30, heard).peers)
    for a in range(30):
        found = sorted((b - a + 15) % 30 - 15 for b in np.flatnonzero(full[a]).tolist())
        assert found == [step for step in range(-(heard // 2), (heard + 1) // 2 + 1) if step]
    assert np.abs(full.sum(axis=1) - 1.0).max() < 1e-15
    assert (full == matrix(tile_audiences(world, 30, heard, seed=0).peers)).all()
    if heard > 1:
        assert (full != matrix(tile_audiences(world, 30, heard, seed=1).peers)).any()


@pytest.mark.parametrize(
    ("audiences", "heard", "message"),
    [
        (11, 2, r"audiences: must be at least 12 \(got 11\)"),
        (20, 0, r"peers: must lie in 1..19, other audiences than oneself \(got 0\)"),
        (20, 20, r"peers: must lie in 1..19, other audiences than oneself \(got 20\)"),
    ],
)
def test_tiled_world_refuses_what_it_cannot_make(
    world: World, audiences: int, heard: int, message: str
) -> None:
    with pytest.raises(InputError, match=f"^{message}$"):
        tile_audiences(world, audiences, heard)
