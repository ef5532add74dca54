"""PRIM: peel a box of conditions until most of what lies inside is of interest.

Each step takes off one end of one numeric key (a share ``ALPHA`` of the points inside) or one of
the values of a key of names: the peel with the largest gain in density for each point it loses, so
that a category that holds many points is not preferred for its size ("lenient" objective). The
boxes on the way are the trajectory: purer, and with ever less of what is sought.

Peeling is greedy: where two like boxes lie in opposite corners, no single peel gains, and neither
is seen. Pasting (growing the box again) is left out: what a reader is told is a box with few
restrictions, early on the trajectory. The boxes equal those of EMA workbench, which the tests
hold.

Sources: Friedman & Fisher 1999; Bryant & Lempert 2010; Kwakkel & Jaxa-Rozen 2016 (objective).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Flags = npt.NDArray[np.bool_]
Side = tuple[str, str]  # key; LOW, HIGH or AMONG
Limits = dict[Side, Any]  # a number, or the names that stay in

LOW, HIGH, AMONG = "low", "high", "among"
ALPHA = 0.05  # share of the points that one peel takes off
LEAST_MASS = 0.05  # of all points, below which no box is peeled
TRAJECTORY_COLUMNS = ("step", "n", "interest", "density", "coverage", "mass", "restricted")


@dataclass(frozen=True)
class CountedBox:
    """A box and what it holds of some points; those it was peeled from on the trajectory."""

    limits: Limits
    n: int
    interest: int
    density: float  # share of the box that is of interest
    coverage: float  # share of what is of interest that lies in the box
    mass: float  # share of all points that lie in the box

    @property
    def keys(self) -> tuple[str, ...]:
        """The restricted keys."""
        return tuple(dict.fromkeys(key for key, _ in self.limits))


def inside(limits: Limits, conditions: pd.DataFrame) -> Flags:
    """Which rows meet all limits; a number equal to a limit does."""
    held = np.ones(len(conditions), dtype=bool)
    for side, limit in limits.items():
        held &= _within(side, limit, conditions)
    return held


def peel(conditions: pd.DataFrame, interest: Flags) -> list[CountedBox]:
    """The trajectory, from all rows on; ``interest[row]`` says which rows are sought.

    It ends where the best peel gains nothing or leaves less than ``LEAST_MASS``. Of equal peels
    the one that restricts fewer keys is taken, then the first by columns.
    """
    columns = {str(key): _values(conditions[key]) for key in conditions.columns}
    held = np.ones(len(interest), dtype=bool)
    limits: Limits = {}
    steps = [count_rows(limits, held, interest)]
    while steps[-1].n:
        n, density = steps[-1].n, steps[-1].density
        restricted = set(steps[-1].keys)
        peels = []
        for key, column in columns.items():
            fewer = -len(restricted | {key})
            for side, limit, kept in _peels(key, column, limits, held):
                left = int(kept.sum())
                if left < n:
                    within = int(interest[kept].sum()) / left if left else 0.0
                    peels.append((((within - density) / (n - left), fewer), side, limit, kept))
        best = max(peels, key=itemgetter(0), default=None)  # the first one of equals
        if best is None:
            break
        (gain, _), side, limit, kept = best
        if gain <= 0.0 or kept.sum() < LEAST_MASS * len(interest):
            break
        held, limits = kept, {**limits, side: limit}
        steps.append(count_rows(limits, held, interest))
    return steps


def count_box(limits: Limits, conditions: pd.DataFrame, interest: Flags) -> CountedBox:
    """A box with any limits, counted on these rows."""
    return count_rows(limits, inside(limits, conditions), interest)


def count_rows(limits: Limits, held: Flags, interest: Flags) -> CountedBox:
    """A box with any limits, given which rows it holds."""
    n, hits, sought = int(held.sum()), int(interest[held].sum()), int(interest.sum())
    density, coverage = hits / max(n, 1), hits / max(sought, 1)
    return CountedBox(limits, n, hits, density, coverage, n / max(len(interest), 1))


def quasi_p(limits: Limits, conditions: pd.DataFrame, interest: Flags) -> dict[Side, float]:
    """By restriction: how likely so dense a box is by chance, were the restriction idle.

    One-sided binomial test of the box's count against the density with that restriction alone
    taken away. It takes no account of the search, hence the name. Source: Bryant & Lempert 2010.
    """
    from scipy.special import bdtrc

    if not limits:
        return {}
    met = np.array([_within(side, limit, conditions) for side, limit in limits.items()])
    broken = (~met).sum(axis=0)
    held = broken == 0
    n, hits = int(held.sum()), int(interest[held].sum())
    found = {}
    for i, side in enumerate(limits):
        wider = held | ((broken == 1) & ~met[i])
        found[side] = float(bdtrc(hits - 1, n, interest[wider].mean()))
    return found


def reproduction_shares(
    step: CountedBox, conditions: pd.DataFrame, interest: Flags, *, times: int, seed: int
) -> dict[str, float]:
    """By key: in what share of ``times`` random halves PRIM restricts it again.

    In each half the boxes nearest in coverage and nearest in density to ``step`` are looked at;
    the smaller of the two shares is given. Source: Bryant & Lempert 2010.
    """
    generator = np.random.default_rng(seed)
    counts = {key: [0, 0] for key in step.keys}
    for _ in range(times):
        half = np.sort(generator.choice(len(interest), len(interest) // 2, replace=False))
        nearest = boxes_like(step, peel(conditions.iloc[half], interest[half]))
        for key in counts:
            for which, other in enumerate(nearest):
                counts[key][which] += key in other.keys
    return {key: min(both) / times for key, both in counts.items()}


def boxes_like(step: CountedBox, steps: list[CountedBox]) -> tuple[CountedBox, CountedBox]:
    """The box of a trajectory that is nearest to ``step`` in coverage, and in density.

    Peeling may lose nothing of interest for many steps (without noise all the way), so that they
    have one coverage. Of boxes equally near in the one share that nearest in the other is taken;
    the first would be all points, which restrict nothing. A coverage is only known to one point of
    interest, and boxes nearer than that are equally near.
    """
    sought = steps[0].interest

    def in_coverage(other: CountedBox) -> tuple[float, float]:
        points = abs(other.coverage - step.coverage) * sought
        return max(points, 1.0), abs(other.density - step.density)

    def in_density(other: CountedBox) -> tuple[float, float]:
        return abs(other.density - step.density), abs(other.coverage - step.coverage)

    return min(steps, key=in_coverage), min(steps, key=in_density)


def trajectory(steps: list[CountedBox]) -> pd.DataFrame:
    """The trade-off as a table: ``TRAJECTORY_COLUMNS``."""
    rows = [
        (i, step.n, step.interest, step.density, step.coverage, step.mass, len(step.keys))
        for i, step in enumerate(steps)
    ]
    return pd.DataFrame(rows, columns=list(TRAJECTORY_COLUMNS))


def _within(side: Side, limit: Any, conditions: pd.DataFrame) -> Flags:
    key, end = side
    column = _values(conditions[key])
    if end == AMONG:
        return np.isin(column, list(limit))
    met: Flags = column >= limit if end == LOW else column <= limit
    return met


def _peels(
    key: str, column: npt.NDArray[Any], limits: Limits, held: Flags
) -> Iterator[tuple[Side, Any, Flags]]:
    """Each way to take something off one key: the side, its new limit, the rows that stay."""
    if column.dtype == np.float64:
        ordered = np.sort(column[held])
        cut = _limit_at(ordered, 1.0 - ALPHA)
        yield (key, HIGH), cut, held & (column <= cut)
        cut = _limit_at(ordered, ALPHA)
        yield (key, LOW), cut, held & (column >= cut)
        return
    names = limits.get((key, AMONG)) or tuple(sorted(set(column)))
    for name in names if len(names) > 1 else ():
        yield (key, AMONG), tuple(n for n in names if n != name), held & (column != name)


def _limit_at(ordered: npt.NDArray[Any], share: float) -> float:
    """A limit half-way between neighbours, past equal values: so a peel takes off whole values."""
    place = (len(ordered) - 1) * share
    below, above = math.floor(place), math.ceil(place)
    if share > 0.5:
        while ordered[below] == ordered[above] and below > 0:
            below -= 1
    else:
        while ordered[below] == ordered[above] and above < len(ordered) - 1:
            above += 1
    return float(ordered[below] + ordered[above]) / 2.0


def _values(column: pd.Series) -> npt.NDArray[Any]:
    """Numbers as they are; anything else, true and false too, by its name."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers: npt.NDArray[np.float64] = column.to_numpy(dtype=np.float64)
        return numbers
    return np.array([str(name) for name in column], dtype=object)
