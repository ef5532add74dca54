"""Worlds of thousands of audiences: the same day in both engines, at a cost of their entries."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes, plan
from sim.engines.ensemble.run import FULL, simulate_many
from sim.engines.ensemble.uncertainty import lanes_for, uncertain_lanes
from sim.laws.equilibrium import ELIMINATED
from sim.running.executing import by_ensemble, lost
from sim.scenario.scenario import Scenario
from sim.verification.statements.documents import without_activity
from sim.world.arrays import World
from sim.world.building import build, setting, uncertain_setting
from sim.world.draws import draws
from tests.engines.comparing import differences, record_of_run
from tests.networks import tile_audiences

Sized = Callable[[int, int], int]
PEERS = 20


def many(audiences: int, steps: int) -> World:
    """The main case, its audiences repeated on a ring."""
    scenario = Scenario.from_yaml("kashmir_2025", arm="mediation").replace(steps=steps)
    return tile_audiences(build(scenario), audiences, PEERS)


def test_many_audiences_are_the_same_in_both_engines(sized: Sized) -> None:
    world = many(sized(2000, 100), sized(15, 11))  # the attack is on day 10
    chosen = setting(world)
    told = NarrativeModel.from_arrays(world, chosen, draws(world, 5, 3)).run()
    counted = simulate_many(
        world, lanes([chosen]), 5, np.array([3], dtype=np.uint64), fields=FULL
    ).record
    found = differences(told, record_of_run(counted, 0))
    assert not found, found
    first = len(build(Scenario.from_yaml("kashmir_2025")).names.audiences)
    assert (told.sympathy[-1, first:] != told.sympathy[0, first:]).any()
    # copies of one audience have other peers and other noise
    assert len(np.unique(told.sympathy[-1, ::first, 0])) == len(told.sympathy[-1, ::first, 0])


def test_drawn_start_of_many_audiences_is_that_of_one_run() -> None:
    world, replicates = many(100, 1), np.array([0, 7], dtype=np.uint64)
    drawn = uncertain_lanes(world, 2, replicates)
    for run, replicate in enumerate(replicates.tolist()):
        assert (uncertain_setting(world, 2, replicate).start == drawn.start[..., run]).all()


def test_ten_thousand_audiences_rest_in_silence(sized: Sized) -> None:
    """V8 where the start is found by iteration: 1/anchor_pull is 14 days."""
    document = without_activity(Scenario.from_yaml("kashmir_2025").to_dict(arms=False))
    base = build(Scenario.from_dict({**document, "steps": sized(60, 31)}))
    world = tile_audiences(base, sized(10_000, 66), PEERS)
    usual = world.parameters
    pulls = usual._replace(  # the default's and the strongest peers that are drawn
        peer_pull=np.array([usual.peer_pull, 0.1]), anchor_pull=np.array([usual.anchor_pull, 0.03])
    )
    numbers = lanes_for(world, pulls, np.stack([world.judgements] * 2, axis=-1))
    replicates = np.arange(2, dtype=np.uint64)
    runs = simulate_many(world, numbers, 0, replicates, fields=("sympathy",)).record
    for s in runs.sympathy:
        assert np.abs(s - s[0]).max() < 1e-14
        assert s[0].std() > 0.01


def test_start_that_is_not_found_is_a_lost_run_never_a_wrong_one() -> None:
    """Anchors that hold a billionth of what peers do: no number of sweeps would be enough."""
    base = build(Scenario.from_yaml("symmetric").replace(steps=2))
    world = tile_audiences(base, ELIMINATED + 1, 1)
    pulls = world.parameters._replace(
        peer_pull=np.array([0.01, 1.0]), anchor_pull=np.array([0.07, 1e-9])
    )
    numbers = lanes_for(world, pulls, np.stack([world.judgements] * 2, axis=-1))
    batch = by_ensemble(world, numbers, 0, np.arange(2, dtype=np.uint64))
    assert batch.finite.tolist() == [True, False]
    assert batch.errors == {1: lost(0, world)}


def test_nothing_is_stored_for_each_pair_of_audiences() -> None:
    """Not even one byte: building, laying out and starting 10,000 audiences of 20 peers."""
    audiences = 10_000
    base = build(Scenario.from_yaml("kashmir_2025", arm="mediation").replace(steps=2))
    given = base._replace(given_start=np.zeros_like(base.given_start))
    tracemalloc.start()
    world = tile_audiences(given, audiences, PEERS)
    plan(world)
    lanes([setting(world)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(world.peers.of) == audiences * PEERS
    assert peak < audiences**2
