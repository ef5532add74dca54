"""What every program of the benchmark does, and what it hands over.

The work is ``benchmark.yaml`` beside this file, in two variants: ``fixed``, every parameter at its
default, so that exponents are 1, and ``drawn``, where every parameter that is not fixed and every
judgement differs from run to run, so that powers are needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engines.ensemble.plan import Lanes, lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.scenario.scenario import Scenario
from sim.world.arrays import Floats, Ints, World
from sim.world.building import build, setting

SCENARIO = Path(__file__).parent / "benchmark.yaml"
VARIANTS = ("fixed", "drawn")
FINALS = 64  # runs whose last day is handed over one by one
Words = npt.NDArray[np.uint64]


class Product(NamedTuple):
    """What a program hands over; the programs are held to the same numbers in it."""

    runs: int
    mean: Floats  # [t, a, k] of sympathy over the runs
    variance: Floats  # [t, a, k] with divisor runs - 1
    tension: Floats  # [t] mean
    diplomacy: Ints  # offers, acceptances of the first claimant and of the second, in all runs
    final: Floats  # [run, a, k] sympathy after the last day of the first runs


class Work(NamedTuple):
    """One variant of the work, with the numbers of its runs."""

    world: World
    lanes: Lanes
    seed: int


def scenario() -> Scenario:
    """The benchmark's scenario."""
    return Scenario.from_yaml(SCENARIO)


def work(variant: str = "fixed", runs: int = 1) -> Work:
    """The work in this variant; ``runs`` counts the runs whose numbers are drawn."""
    base = scenario()
    world = build(base)
    if variant == "fixed":
        return Work(world, lanes([setting(world)]), base.seed)
    return Work(world, uncertain_lanes(world, base.seed, replicates(runs)), base.seed)


def replicates(runs: int) -> Words:
    """The replicate numbers of the first so many runs."""
    return np.arange(runs, dtype=np.uint64)


def differences(one: Product, other: Product) -> dict[str, float]:
    """The largest difference in each part of two products of the same runs.

    Means and final days absolutely (sympathy lies in [-1, 1]), the rest relative to the part's
    largest number.
    """
    first, second = one._asdict(), other._asdict()
    apart = {}
    for name in Product._fields[1:]:
        size = min(len(first[name]), len(second[name]))
        a, b = np.asarray(first[name])[:size], np.asarray(second[name])[:size]
        largest = float(np.abs(a).max(initial=0.0))
        scale = 1.0 if name in ("mean", "final") or largest == 0.0 else largest
        apart[name] = float(np.abs(a - b).max(initial=0.0)) / scale
    return apart
