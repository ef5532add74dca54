"""Runs of either engine, what two of them differ in, and whether one mirrors the other."""

from __future__ import annotations

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, Runs, simulate_many
from sim.scenario.scenario import Scenario
from sim.world.arrays import Diplomacy, Record
from sim.world.building import build, setting

# The engines add the same numbers in different orders: a few units in the last place a day.
TOLERANCE = 1e-12
EXCHANGED = ("sympathy", "kept", "broken", "standing", "incidents", "effort")  # last axis: side
UNCHANGED = ("salience", "credence", "evidence", "tension", "mediation", "attention")


def run_agents(
    scenario: Scenario, seed: int, replicate: int, uncertain: bool = False, ledger: bool = False
) -> Record:
    """The record of one run of the agents."""
    return NarrativeModel(
        scenario, seed=seed, replicate=replicate, uncertain=uncertain, ledger=ledger
    ).run()


def run_compiled(
    scenario: Scenario, seed: int, replicates: list[int], jobs: int | None = 1
) -> Runs:
    """The runs of the compiled engine."""
    world = build(scenario)
    numbers = np.array(replicates, dtype=np.uint64)
    return simulate_many(world, lanes([setting(world)]), seed, numbers, fields=FULL, jobs=jobs)


def record_of_run(record: Record, run: int) -> Record:
    """The record of one of many runs."""
    fields = {name: getattr(record, name)[run] for name in FULL}
    diplomacy = Diplomacy(*(values[run] for values in record.diplomacy))
    return Record(**fields, diplomacy=diplomacy)


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
    pairs = zip((*one[:-1], *one.diplomacy), (*other[:-1], *other.diplomacy), strict=True)
    return all(
        np.shape(a) == np.shape(b) and np.asarray(a).tobytes() == np.asarray(b).tobytes()
        for a, b in pairs
    )


def find_unmirrored(one: Record, other: Record) -> list[str]:
    """What is not exactly exchanged (or unchanged) when the claimants exchange their places."""
    found = [n for n in EXCHANGED if (getattr(one, n) != getattr(other, n)[..., ::-1]).any()]
    found += [n for n in UNCHANGED if (getattr(one, n) != getattr(other, n)).any()]
    if (one.diplomacy.offered != other.diplomacy.offered).any():
        found.append("offers")
    if (one.diplomacy.accepted != other.diplomacy.accepted[:, ::-1]).any():
        found.append("answers")
    return found
