"""Under which conditions: boxes found on one half of the points, judged on the other.

A box that was searched for looks better than it is. So the points are split in two by the seed:
PRIM peels one half, and what is told of the box (density, coverage, what happens elsewhere) comes
from the other half, which had no say. A box counts as found if the half kept back holds more of
interest inside than elsewhere at the level ``LEVEL`` (Fisher's exact test, one-sided), and if the
interval of its density lies above the density of all points. Where interest does not depend on
the conditions, at most one search in a hundred finds something.

Which box: from each of the trajectory the restrictions whose quasi-p is above 0.05 are taken away
again, the largest first. Of those with density 0.8 or more then the fewest keys, of these the
highest coverage, and of these the highest density. If none is so dense, the largest coverage less
mass: by how much the box holds more of what is sought than of all points (density x coverage would
nearly always prefer all).

Source: Lavrac, Flach & Zupan 1999 (coverage less mass, "weighted relative accuracy").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.estimators import prim
from sim.estimators.prim import AMONG, HIGH, LOW, CountedBox, Flags, Limits
from sim.scenario.error_texts import begin_sentence

DENSE = 0.8
IDLE = 0.05  # quasi-p above which a restriction is dropped
LEVEL = 0.01
MOST_BOXES = 3
FEWEST = 40  # points that are worth a search
RESAMPLES = 10
NOTHING = "no condition found"


@dataclass(frozen=True)
class Restriction:
    """What a box asks of one key: a range of numbers, open or not, or some of its names."""

    key: str
    low: float | None
    high: float | None
    among: tuple[str, ...]
    quasi_p: float  # the larger, if both ends are restricted
    reproduced: float  # share of resamples in which the key is restricted again


@dataclass(frozen=True)
class Box(CountedBox):
    """Conditions, and what the half of the points that was kept back says of them.

    What is counted leaves out the points in the boxes found before; coverage and mass are shares
    of all points that were kept back.

    Attributes
    ----------
    density_low, density_high
        Wilson's interval of the density, 95 %.
    elsewhere
        Density outside this box and those before it; NaN if nothing is left.
    p
        Fisher's exact test of inside against elsewhere, one-sided.
    trajectory
        ``prim.TRAJECTORY_COLUMNS``, on the half that was searched.
    chosen
        The box counted on that half.
    """

    restrictions: tuple[Restriction, ...]
    density_low: float
    density_high: float
    elsewhere: float
    p: float
    trajectory: pd.DataFrame
    chosen: CountedBox

    def holds(self, conditions: pd.DataFrame) -> Flags:
        """Which rows lie in the box."""
        return prim.inside(self.limits, conditions)


def discover_boxes(
    conditions: pd.DataFrame, interest: Flags, *, seed: int = 0, most_boxes: int = MOST_BOXES
) -> list[Box]:
    """Boxes in which ``interest`` is frequent, one after the other; none is a valid answer.

    ``conditions`` has one row for each point of a design, each point once (else a point could lie
    in both halves); numbers, names or true/false. ``interest[row]`` is true where the outcome is
    what is asked for. Rows with gaps are refused. Each further box is sought outside those before.
    """
    if len(conditions) != len(interest):
        reason = f"needs {len(conditions)} values"
        raise InputError(Problem("interest", reason, str(len(interest))))
    for key in conditions.columns:
        if conditions[key].isna().any():
            raise InputError(Problem(str(key), "has gaps; discovery needs a value at every point"))
    interest = np.asarray(interest, dtype=bool)
    generator = np.random.default_rng(seed)
    searched = np.zeros(len(interest), dtype=bool)
    searched[generator.permutation(len(interest))[: (len(interest) + 1) // 2]] = True
    left = np.ones(len(interest), dtype=bool)
    boxes: list[Box] = []
    while len(boxes) < most_boxes:
        box = _one_box(conditions, interest, searched, left, seed + len(boxes))
        if box is None:
            break
        boxes.append(box)
        left &= ~box.holds(conditions)
    return boxes


def in_words(box: Box, outcome: str = "it happens") -> str:
    """Sentences: the conditions, how often they lead to ``outcome``, how much of it they hold."""
    where = " and ".join(_condition(restriction) for restriction in box.restrictions)
    aside = [f"95 % interval {box.density_low * 100:.0f}\u2013{_percent(box.density_high)}"]
    if not np.isnan(box.elsewhere):
        aside.append(f"{_percent(box.elsewhere)} elsewhere")
    return begin_sentence(
        f"{outcome} where {where}: in {_percent(box.density)} of such futures "
        f"({'; '.join(aside)}). This box holds {_percent(box.coverage)} of all futures in which "
        "it does."
    )


def choose_box(steps: list[CountedBox], dense: float = DENSE) -> int:
    """Which box of a trajectory to tell; 0, all points, where none is better.

    What counts as dense is at least half-way from the density of all points to 1, so that a box
    says something where what is sought is frequent anyway.
    """
    dense = max(dense, (1.0 + steps[0].density) / 2.0)
    enough = [i for i, step in enumerate(steps) if step.density >= dense and step.keys]
    if enough:
        return min(
            enough, key=lambda i: (len(steps[i].keys), -steps[i].coverage, -steps[i].density)
        )
    return max(range(len(steps)), key=lambda i: steps[i].coverage - steps[i].mass)


def _one_box(
    conditions: pd.DataFrame, interest: Flags, searched: Flags, left: Flags, seed: int
) -> Box | None:
    """The next box among the rows that are ``left``, or None if none stands the test."""
    from scipy.stats import hypergeom

    seen = searched & left
    table, sought = conditions[seen], interest[seen]
    if len(table) < FEWEST or sought.all() or not sought.any():
        return None
    steps = prim.peel(table, sought)
    working = [
        prim.count_box(drop_idle_limits(s.limits, table, sought), table, sought) for s in steps
    ]
    step = choose_box(working)
    limits = working[step].limits
    if not limits:
        return None
    judged = ~searched
    held = prim.inside(limits, conditions) & left
    found = prim.count_rows(limits, held[judged], interest[judged])
    n, hits = found.n, found.interest
    if not n:
        return None
    outside = ~held & judged & left
    others, missed = int(outside.sum()), int(interest[outside].sum())
    p = float(hypergeom.sf(hits - 1, n + others, hits + missed, n))
    low, high = wilson(hits, n)
    if p > LEVEL or low <= interest[judged].mean():
        return None
    again = prim.reproduction_shares(working[step], table, sought, times=RESAMPLES, seed=seed)
    return Box(
        **vars(found),
        restrictions=_restrictions(limits, prim.quasi_p(limits, table, sought), again),
        density_low=low,
        density_high=high,
        elsewhere=missed / others if others else float("nan"),
        p=p,
        trajectory=prim.trajectory(steps),
        chosen=working[step],
    )


def drop_idle_limits(limits: Limits, table: pd.DataFrame, sought: Flags) -> Limits:
    """The limits without those that do nothing."""
    while limits:
        p_values = prim.quasi_p(limits, table, sought)
        worst = max(p_values, key=lambda side: p_values[side])
        if p_values[worst] <= IDLE:
            break
        limits = {side: limit for side, limit in limits.items() if side != worst}
    return limits


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share. Source: Wilson 1927."""
    from scipy.stats import binomtest

    interval = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def _restrictions(
    limits: Limits, p_values: dict[prim.Side, float], again: dict[str, float]
) -> tuple[Restriction, ...]:
    found = []
    for key in dict.fromkeys(key for key, _ in limits):  # in the order in which they were peeled
        low, high = limits.get((key, LOW)), limits.get((key, HIGH))
        quasi_p = max(p for (other, _), p in p_values.items() if other == key)
        among = limits.get((key, AMONG), ())
        found.append(Restriction(key, low, high, among, quasi_p, again[key]))
    return tuple(found)


def _condition(restriction: Restriction) -> str:
    key, low, high = restriction.key, restriction.low, restriction.high
    if restriction.among:
        return f"{key} is {' or '.join(restriction.among)}"
    if low is not None and high is not None:
        return f"{key} lies between {low:.3g} and {high:.3g}"
    return f"{key} is above {low:.3g}" if low is not None else f"{key} is below {high:.3g}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
