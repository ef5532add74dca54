"""The compiled draws are numpy's Philox words, and those of ``world.draws``."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from sim.engines.ensemble.philox import day_uniform, four_words, uniforms_of_day_0
from sim.engines.ensemble.uncertainty import drawn_judgements, drawn_parameters, uncertain_lanes
from sim.scenario.scenario import Scenario
from sim.world import draws as one_by_one
from sim.world.building import build, uncertain_setting
from sim.world.draws import stream_counter, uniforms

LARGE = 2**64 - 1
KEYS = [(0, 0), (1, 2), (LARGE, 0), (0, LARGE), (LARGE, LARGE), (LARGE - 1, 2**63), (2**32, 7)]
COUNTERS = [(0, 0), (LARGE, LARGE), (2**63, 1), stream_counter("noise", "Hub", "North")]


@njit
def words_of(seed, replicate, block, low, high):  # type: ignore[no-untyped-def]
    return four_words(seed, replicate, block, low, high)


@pytest.mark.parametrize(("seed", "replicate"), KEYS)
@pytest.mark.parametrize(("low", "high"), COUNTERS)
def test_words_are_those_of_numpy(seed: int, replicate: int, low: int, high: int) -> None:
    generator = np.random.Philox(
        key=np.array([seed, replicate], dtype=np.uint64),
        counter=np.array([0, 0, low, high], dtype=np.uint64),
    )
    expected = generator.random_raw(40).reshape(10, 4)
    key = [np.uint64(word) for word in (seed, replicate)]
    counter = [np.uint64(word) for word in (low, high)]
    with np.errstate(over="ignore"):  # the words wrap on purpose; without JIT numpy would warn
        found = [[int(w) for w in words_of(*key, block, *counter)] for block in range(10)]
    assert found == expected.tolist()


@pytest.mark.parametrize(("seed", "replicate"), KEYS)
def test_uniforms_are_those_of_the_agents(seed: int, replicate: int) -> None:
    low, high = (np.uint64(word) for word in stream_counter("accept", "Südland"))
    key = [np.uint64(word) for word in (seed, replicate)]
    with np.errstate(over="ignore"):
        found = [day_uniform(*key, day, low, high) for day in range(11)]
    assert found == uniforms(seed, replicate, 11, "accept", "Südland").tolist()


def test_many_replicates_draw_what_each_draws_alone() -> None:
    replicates = np.array([0, 5, LARGE], dtype=np.uint64)
    counters = np.array([stream_counter("parameter", n) for n in ("reply", "draw")], np.uint64)
    with np.errstate(over="ignore"):
        found = uniforms_of_day_0(np.uint64(LARGE), replicates, counters)
    for run, replicate in enumerate(replicates.tolist()):
        for i, name in enumerate(("reply", "draw")):
            assert found[i, run] == uniforms(LARGE, replicate, 1, "parameter", name)[0]


@pytest.mark.parametrize("seed", [0, 3, LARGE])
def test_parameters_and_judgements_of_many_are_those_of_one(seed: int) -> None:
    world = build(Scenario.from_yaml("kashmir_2025").replace(parity=0.45, priming=0.3))
    replicates = np.array([0, 1, LARGE - 1, LARGE], dtype=np.uint64)
    parameters = drawn_parameters(world, seed, replicates)
    judgements = drawn_judgements(world, seed, replicates)
    for run, replicate in enumerate(replicates.tolist()):
        alone = one_by_one.drawn_parameters(world, seed, replicate)
        own = [value[run] if np.ndim(value) else value for value in parameters]
        assert own == list(alone)
        expected = one_by_one.drawn_judgements(world, seed, replicate)
        assert (judgements[..., run] == expected).all()


@pytest.mark.parametrize("switch", [None, "noise", "peers", "credence", "incidents"])
def test_numbers_of_many_are_those_of_one(switch: str | None) -> None:
    """Lane by lane and bit for bit, with own costs and pulls and with each kind of switch off."""
    scenario = Scenario.from_yaml("kashmir_2025").replace(salience_half_life=9.0)
    if switch:
        scenario = scenario.replace(switches={switch: False})
    world = build(scenario)
    own_pull = world.own_pull.copy()
    own_pull[1] = 0.03
    world = world._replace(own_pull=own_pull, own_cost=np.array([np.nan, 0.2]))
    replicates = np.array([0, 7, LARGE], dtype=np.uint64)
    found = uncertain_lanes(world, 3, replicates)
    for run, replicate in enumerate(replicates.tolist()):
        alone = uncertain_setting(world, 3, replicate)
        for field, values in zip(alone._fields, found, strict=True):
            expected = np.asarray(getattr(alone, field))
            assert np.ascontiguousarray(values[..., run]).tobytes() == expected.tobytes(), field
