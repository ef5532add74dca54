"""A run has the same bits alone and among others, on any thread, in a chunk of any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.engines.ensemble import run
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.coefficient_rows import CREDIBILITY_EXPONENT, DECISIVENESS, RESONANCE
from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.run import FULL, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.scenario.scenario import Scenario
from sim.world.arrays import Record, World
from sim.world.building import build
from tests.engines.comparing import record_of_run, same_bits

REFERENCE = Path(__file__).parents[1] / "model" / "reference" / "case.yaml"
EXPONENTS = [DECISIVENESS, RESONANCE, CREDIBILITY_EXPONENT]
PLAIN_RUNS = [0, 5, 40, 70]  # every exponent is 1: alone such a run has no power to compute
Sized = Callable[[int, int], int]


@pytest.fixture(scope="module")
def world(sized: Sized) -> World:
    """The reference case: teams, replies, incidents, and an offer on day 14."""
    return build(Scenario.from_yaml(REFERENCE, arm="offer").replace(steps=sized(40, 6)))


def drawn(world: World, runs: int) -> Lanes:
    """Drawn numbers, and exponents that differ from run to run: 1 in some, in others not."""
    numbers = uncertain_lanes(world, 3, np.arange(runs, dtype=np.uint64))
    for row, exponent in enumerate(EXPONENTS):
        numbers.values[exponent] = 0.6 + 0.1 * row + 0.001 * np.arange(runs)
    numbers.values[np.ix_(EXPONENTS, [r for r in PLAIN_RUNS if r < runs])] = 1.0
    return numbers


def record(
    world: World,
    numbers: Lanes,
    first: int,
    count: int,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Record:
    """Runs first .. first + count - 1 of many."""
    some = Lanes(*(values[..., first : first + count] for values in numbers))
    replicates = np.arange(first, first + count, dtype=np.uint64)
    return simulate_many(world, some, 3, replicates, None, FULL, jobs, progress).record


def test_run_among_others_is_the_run_alone(world: World, sized: Sized) -> None:
    runs = sized(100, 41)
    numbers = drawn(world, runs)
    together = record(world, numbers, 0, runs)
    for number in sorted({0, 1, 4, 5, 6, LANES - 1, LANES, 40, min(70, runs - 1), runs - 1}):
        alone = record(world, numbers, number, 1)
        assert same_bits(record_of_run(together, number), record_of_run(alone, 0)), number
    assert len(set(together.sympathy[:, -1, 0, 0].tolist())) == runs


@pytest.mark.parametrize("most", [32, 64, 256])
@pytest.mark.parametrize("runs", [1, 7, 33, 100, 600])
def test_threads_and_chunks_change_no_bit(
    runs: int, most: int, world: World, sized: Sized, monkeypatch: pytest.MonkeyPatch
) -> None:
    if runs > sized(600, 33):
        pytest.skip("long in plain Python")
    numbers = drawn(world, runs)
    first = record(world, numbers, 0, runs)
    monkeypatch.setattr(run, "MOST_AT_ONCE", most)
    for jobs in (1, 2, 8):
        chunks: list[int] = []
        again = record(world, numbers, 0, runs, jobs, chunks.append)
        assert same_bits(first, again), jobs
        assert sum(chunks) == runs
        if (runs, jobs) == (600, 1):
            assert max(chunks) == max(LANES, most)  # so that there are chunks of each size


def test_threads_change_no_bit_of_sums(world: World, sized: Sized) -> None:
    """Sums over runs are made in chunks of one size, and added in their order."""
    runs = sized(600, 41)  # the last block is not full
    numbers = drawn(world, runs)
    replicates = np.arange(runs, dtype=np.uint64)
    origin = np.full((len(world.names.audiences), 2), 0.1)
    alone, *others = (
        simulate_many(world, numbers, 3, replicates, jobs=jobs, origin=origin).sums
        for jobs in (1, 2, 8)
    )
    for sums in others:
        for one, other in zip(alone, sums, strict=True):
            assert one.tobytes() == other.tobytes()
    record = simulate_many(world, numbers, 3, replicates).record
    # 600 numbers below 2, added in another order
    np.testing.assert_allclose(
        alone.sympathy, (record.sympathy - 0.1).sum(axis=0), rtol=0.0, atol=1e-11
    )
