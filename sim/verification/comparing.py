"""Runs of either engine, what two of them differ in, and whether one mirrors the other.

Nothing here judges: the exam of plug-ins (``exam``) and the tests of the engines do.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, Runs, simulate_many
from sim.scenario.scenario import Scenario
from sim.world.arrays import Diplomacy, Floats, Record
from sim.world.building import build, setting

# The engines add the same numbers in different orders: a few units in the last place a day.
TOLERANCE = 1e-12
WHOLE = ("incidents", "mediation", "standing")  # in which no difference is allowed
EXCHANGED = ("sympathy", "kept", "broken", "standing", "incidents", "effort")  # last axis: side
UNCHANGED = ("salience", "credence", "evidence", "tension", "mediation", "attention")


def run_agents(
    scenario: Scenario, seed: int, replicate: int, uncertain: bool = False, ledger: bool = False
) -> Record:
    """Return the record of one run of the agent engine.

    Parameters
    ----------
    scenario
        What is run.
    seed, replicate
        Which of the named draws the run uses.
    uncertain
        Whether parameters and judgements are drawn too.
    ledger
        Whether the model writes down what moved each sympathy; no number depends on it.
    """
    return NarrativeModel(
        scenario, seed=seed, replicate=replicate, uncertain=uncertain, ledger=ledger
    ).run()


def run_compiled(
    scenario: Scenario, seed: int, replicates: list[int], jobs: int | None = 1
) -> Runs:
    """Return the runs of the compiled engine, on ``jobs`` threads (None: all)."""
    world = build(scenario)
    numbers = np.array(replicates, dtype=np.uint64)
    return simulate_many(world, lanes([setting(world)]), seed, numbers, fields=FULL, jobs=jobs)


def record_of_run(record: Record, run: int) -> Record:
    """Return the record of one of many runs: without the leading run axis."""
    fields = {name: getattr(record, name)[run] for name in FULL}
    diplomacy = Diplomacy(*(values[run] for values in record.diplomacy))
    return Record(**fields, diplomacy=diplomacy)


def differences(one: Record, other: Record, tolerance: float = TOLERANCE) -> list[str]:
    """Say where two records of one run differ: the first place in each array.

    Parameters
    ----------
    one, other
        The records.
    tolerance
        Largest absolute difference allowed. Offers, answers, incidents and what stands of an offer
        must not differ at all.
    """
    found = []
    for name in FULL:
        a, b = getattr(one, name), getattr(other, name)
        if a.shape != b.shape:
            found.append(f"{name}: {a.shape} and {b.shape}")
            continue
        allowed = 0.0 if name in WHOLE else tolerance
        apart = np.abs(a - b)
        if a.size and not apart.max() <= allowed:
            where = tuple(int(i) for i in np.argwhere(~(apart <= allowed))[0])
            found.append(f"{name}{list(where)}: {a[where]!r} and {b[where]!r}")
    for name, a, b in zip(one.diplomacy._fields, one.diplomacy, other.diplomacy, strict=True):
        if not (a == b).all():
            found.append(f"{name} on days {np.argwhere(a != b)[:, 0].tolist()}")
    return found


def _pair_arrays(one: Record, other: Record) -> list[tuple[Floats, Floats]]:
    """Return everything that two records hold, array by array, as numbers."""
    pairs = zip((*one[:-1], *one.diplomacy), (*other[:-1], *other.diplomacy), strict=True)
    return [(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)) for a, b in pairs]


def largest_difference(one: Record, other: Record) -> float:
    """Return the largest absolute difference over everything two records hold.

    Offers and answers count as 0 and 1. Records of different shapes differ by infinity.
    """
    pairs = _pair_arrays(one, other)
    if any(a.shape != b.shape for a, b in pairs):
        return math.inf
    return max(float(np.abs(a - b).max(initial=0.0)) for a, b in pairs)


def same_bits(one: Record, other: Record) -> bool:
    """Whether two records are equal bit for bit."""
    return all(
        a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in _pair_arrays(one, other)
    )


def find_unmirrored(one: Record, other: Record) -> list[str]:
    """Name what is not as it should be when the claimants exchange their places.

    Arrays with an entry by claimant must be exactly exchanged, all others exactly unchanged.
    """
    found = [n for n in EXCHANGED if (getattr(one, n) != getattr(other, n)[..., ::-1]).any()]
    found += [n for n in UNCHANGED if (getattr(one, n) != getattr(other, n)).any()]
    if (one.diplomacy.offered != other.diplomacy.offered).any():
        found.append("offers")
    if (one.diplomacy.accepted != other.diplomacy.accepted[:, ::-1]).any():
        found.append("answers")
    return found
