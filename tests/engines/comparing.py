"""Runs of either engine, and what two of them differ in."""

from __future__ import annotations

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, Runs, simulate_many
from sim.scenario.scenario import Scenario
from sim.world.arrays import Record
from sim.world.building import build, setting

# The engines add the same numbers in different orders: a few units in the last place a day.
TOLERANCE = 1e-12


def told(scenario: Scenario, seed: int, replicate: int, **more: bool) -> Record:
    """The record of one run of the agents."""
    return NarrativeModel(scenario, seed=seed, replicate=replicate, **more).run()


def counted(scenario: Scenario, seed: int, replicates: list[int], jobs: int | None = 1) -> Runs:
    """The runs of the compiled engine."""
    world = build(scenario)
    numbers = np.array(replicates, dtype=np.uint64)
    return simulate_many(world, lanes([setting(world)]), seed, numbers, fields=FULL, jobs=jobs)


def one_of(record: Record, run: int) -> Record:
    """The record of one of many runs."""
    diplomacy = type(record.diplomacy)(*(values[run] for values in record.diplomacy))
    return Record(*(values[run] for values in record[:-1]), diplomacy)


def differences(one: Record, other: Record, tolerance: float = TOLERANCE) -> list[str]:
    """Where two records differ by more than the tolerance; offers, answers, incidents: at all."""
    found = []
    for name in FULL:
        a, b = getattr(one, name), getattr(other, name)
        if a.shape != b.shape:
            found.append(f"{name}: {a.shape} and {b.shape}")
            continue
        allowed = 0.0 if name in ("incidents", "mediation", "standing") else tolerance
        apart = np.abs(a - b)
        if a.size and not apart.max() <= allowed:
            where = tuple(int(i) for i in np.argwhere(~(apart <= allowed))[0])
            found.append(f"{name}{list(where)}: {a[where]!r} and {b[where]!r}")
    for name, a, b in zip(one.diplomacy._fields, one.diplomacy, other.diplomacy, strict=True):
        if not (a == b).all():
            found.append(f"{name} on days {np.argwhere(a != b)[:, 0].tolist()}")
    return found


def same_bits(one: Record, other: Record) -> bool:
    """Whether two records are equal bit for bit."""
    flat = [*zip(one[:-1], other[:-1], strict=True)]
    flat += [*zip(one.diplomacy, other.diplomacy, strict=True)]
    return all(a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in flat)
