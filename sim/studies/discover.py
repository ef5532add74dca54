"""Under which conditions an effect comes: a sweep whose mean effects PRIM looks through.

A point is of interest for its mean effect over the replicates, which have the same draws at every
point: what is looked for is conditions, and what chance does to a single run is averaged out. What
chance is left in a mean blurs the edge of a box, it makes none: the draws do not depend on where a
point lies, and a box is judged on points that had no say in finding it. Runs that failed are left
out of the means; points without any run left are passed over, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.estimators.boxes import FEWEST, Box, discover_boxes
from sim.running.sweeps.keeping import Keep
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.studies.question import Question, Work, carried_out, values_at
from sim.tables.columns import TABLES

SWEEP = "sweep"
ABOVE, BELOW = "above", "below"
LEAST_POINTS = 2 * FEWEST  # half of them are searched


class Side(NamedTuple):
    """Effects on one side of a number."""

    direction: str  # above or below
    threshold: float

    def holds(self, effects: pd.Series) -> pd.Series:
        """Which effects lie there."""
        return effects > self.threshold if self.direction == ABOVE else effects < self.threshold


@dataclass(frozen=True)
class Conditions:
    """What ``discover`` found; ``found`` has the boxes of each side, in the order of ``sides``.

    ``points`` has the swept keys, ``mean`` and ``sd`` of the effect over ``n`` replicates.
    """

    scenario: Scenario
    of: str
    arm: str
    baseline: str
    replicates: int
    sides: tuple[Side, ...]
    found: tuple[tuple[Box, ...], ...]
    points: pd.DataFrame
    keys: tuple[str, ...]
    boxes: pd.DataFrame
    tradeoff: pd.DataFrame
    runs_done: int
    failed: int
    passed_over: int  # points without a value


def default_column(scenario: Scenario) -> str:
    """The mediator's own alignment over the days the offer acts."""
    return f"effect.window.alignment.{scenario.mediator.audience}"


def search(question: Question, kind: str, samples: int, sides: Sequence[Side], work: Work,
           swept: Swept | None = None) -> Conditions:  # fmt: skip
    """Sweep and look; ``swept`` is ``question.swept(kind, samples)``, if it is at hand."""
    swept = swept or question.swept(kind, samples)
    check_points(swept, "--samples")
    keep = carried_out(question, SWEEP, swept, work)
    return look(swept, keep, question.of, question.arm, sides)


def check_points(swept: Swept, place: str) -> None:
    """Refuse a sweep too small to be searched."""
    if len(swept.design) < LEAST_POINTS:
        raise InputError(
            f"{place}: conditions are looked for among {LEAST_POINTS} points or more "
            f"(got {len(swept.design)})"
        )


def look(swept: Swept, keep: Keep, of: str, arm: str, sides: Sequence[Side]) -> Conditions:
    """Look through the points of a sweep that was done."""
    values = values_at(swept, keep.rows(), of, arm)
    there = np.isfinite(values)
    n = there.sum(axis=1)
    used = n > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
        squares = (np.where(there, values - mean[:, None], 0.0) ** 2).sum(axis=1)
        sd = np.where(n > 1, np.sqrt(squares / (n - 1)), np.nan)
    points = swept.design.assign(mean=mean, sd=sd, n=n)[used].reset_index(drop=True)
    if len(points) < LEAST_POINTS:
        raise InputError(
            f"{of}: only {len(points)} points have a value; {LEAST_POINTS} are the least"
        )
    conditions = points[swept.keys]
    found = tuple(
        tuple(discover_boxes(
            conditions, side.holds(points["mean"]).to_numpy(), seed=swept.seed % 2**32
        ))
        for side in sides
    )  # fmt: skip
    failed = sum(int((piece["failed"] != "").sum()) for piece in keep.rows().pieces(["failed"]))
    return Conditions(
        swept.scenario, of, arm, swept.base, values.shape[1], tuple(sides), found, points,
        tuple(swept.keys), box_table(of, sides, found), trade_off(of, sides, found),
        keep.pairs * (1 + len(swept.arms)), failed, int((~used).sum()),
    )  # fmt: skip


def box_table(of: str, sides: Sequence[Side], found: Sequence[Sequence[Box]]) -> pd.DataFrame:
    """One row for each key that a box restricts; no row where no condition was found."""
    rows = [
        (of, *side, number, r.key, r.low, r.high, " | ".join(r.among), r.quasi_p, r.reproduced,
         box.n, box.interest, box.density, box.density_low, box.density_high, box.coverage,
         box.mass, box.elsewhere, box.p)
        for side, boxes in zip(sides, found, strict=True)
        for number, box in enumerate(boxes, 1) for r in box.restrictions
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(TABLES["boxes"].columns))
    return table.astype({"low": float, "high": float})


def trade_off(of: str, sides: Sequence[Side], found: Sequence[Sequence[Box]]) -> pd.DataFrame:
    """Every box on the way to each box told, on the half of the points that was searched."""
    steps = [
        box.trajectory.rename(columns={"step": "peel", "n": "points"}).assign(
            outcome=of, direction=side.direction, threshold=side.threshold, box=number
        )
        for side, boxes in zip(sides, found, strict=True) for number, box in enumerate(boxes, 1)
    ]  # fmt: skip
    if not steps:
        return pd.DataFrame(columns=list(TABLES["tradeoff"].columns))
    return pd.concat(steps, ignore_index=True)[list(TABLES["tradeoff"].columns)]
