"""Under which conditions an effect comes: a sweep whose mean effects PRIM looks through.

A point is of interest for its mean effect over the replicates, which have the same draws at every
point: what is looked for is conditions, and what chance does to a single run is averaged out. What
chance is left in a mean blurs the edge of a box, it makes none: the draws do not depend on where a
point lies, and a box is judged on points that had no say in finding it. Runs that failed are left
out of the means; points without any run left are passed over, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.estimators.boxes import FEWEST, Box, discover_boxes
from sim.running.sweeps.keeping import count_failed
from sim.running.sweeps.missing import MissingOutcome, NoEffect, count_missing, count_unmoved
from sim.running.sweeps.swept import Swept
from sim.scenario.error_texts import count_of
from sim.scenario.scenario import Scenario
from sim.store.recorder import Request
from sim.studies.question import FinishedSweep, Question, Work, run_sweep, values_at
from sim.studies.sweep_study import SweepAnswer
from sim.tables.columns import TABLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


@dataclass(frozen=True, eq=False)
class Discovery(SweepAnswer):
    """What ``discover`` found.

    Attributes
    ----------
    design, samples
        How the points were drawn, and how many.
    replicates
        Runs of both arms at every point.
    sides
        What was looked for.
    found
        The boxes of each side, in the order of ``sides``.
    points
        The swept keys, ``mean`` and ``sd`` of the effect over ``n`` replicates.
    keys
        The swept keys.
    boxes, tradeoff
        The tables.
    passed_over
        Points without a value.
    missing
        Where runs that went well have no such outcome; None where all have it.
    unmoved
        Where an effect counts as 0 for want of an offer; None where that is nowhere so.
    """

    table_names = ("boxes", "tradeoff", "points")
    json_tables = ("boxes",)

    design: str
    samples: int
    replicates: int
    sides: tuple[Side, ...]
    found: tuple[tuple[Box, ...], ...]
    points: pd.DataFrame
    keys: tuple[str, ...]
    boxes: pd.DataFrame
    tradeoff: pd.DataFrame
    passed_over: int
    missing: MissingOutcome | None
    unmoved: NoEffect | None

    @property
    def options(self) -> Mapping[str, Any]:
        """How the points were drawn, and what was looked for."""
        sides = [list(side) for side in self.sides]
        return {"design": self.design, "samples": self.samples, "sides": sides}

    @property
    def gaps(self) -> Sequence[MissingOutcome]:
        """Where the outcome is missing."""
        return [self.missing] if self.missing else []

    def summary(self) -> str:
        """Return the results in plain words, as the command line prints them."""
        from sim.report.discover import summary_text

        return summary_text(self)

    def plot(self) -> dict[str, Figure]:
        """Return a matplotlib figure for each side: ``above``, ``below``."""
        from sim.report.discover import draw_pictures
        from sim.report.figures import style
        from sim.report.figures.slide import Slides

        with style.drawing():
            return Slides(draw_pictures(self))

    def draw(self, folder: Path) -> Path:
        """Write pictures and words into the folder of the study."""
        from sim.report.discover import write_report

        return write_report(self, folder)


def default_column(scenario: Scenario, arm: str) -> str:
    """The mediator's own alignment over the days the offer acts, in an arm.

    Where several mediate one after another, that of the first who may offer.
    """
    roles = (scenario.arm(arm) if arm in scenario.arms else scenario).mediator.roles
    offering = (role for role in roles if role.policy != "none")
    return f"effect.window.alignment.{next(offering, roles[0]).audience}"


def with_column(question: Question) -> Question:
    """The question, asked of the default column where it is asked of none."""
    of = question.of or default_column(question.scenario, question.arm)
    return replace(question, of=of)


def answer(
    question: Question,
    options: Mapping[str, Any],
    work: Work,
    request: Request,
    swept: Swept | None = None,
) -> Discovery:
    """Sweep and look.

    Parameters
    ----------
    options
        ``design``, ``samples`` and ``sides``, as :attr:`Discovery.options` has them.
    swept
        ``question.plan(design, samples)``, if it is at hand.
    """
    design, samples = options["design"], options["samples"]
    swept = swept or question.plan(design, samples)
    check_points(swept, "--samples")
    finished = run_sweep(question, SWEEP, swept, work)
    sides = [Side(*side) for side in options["sides"]]
    found = search_sweep(finished, question.of, question.arm, sides, request)
    return replace(found, question=question, design=design, samples=samples)


def check_points(swept: Swept, place: str) -> None:
    """Refuse a sweep too small to be searched."""
    if len(swept.design) < LEAST_POINTS:
        raise InputError(
            f"{place}: conditions are looked for among {LEAST_POINTS} points or more "
            f"(got {len(swept.design)})"
        )


def search_sweep(
    finished: FinishedSweep, of: str, arm: str, sides: Sequence[Side], request: Request
) -> Discovery:
    """Look through the points of a sweep that was done.

    Raises
    ------
    InputError
        Where too few points have a value.
    """
    _, swept, keep, _ = finished
    rows = keep.rows()
    found = values_at(swept, rows, of, arm)
    missing = count_missing(swept, rows, of, arm, found)
    values = found.values
    there = np.isfinite(values)
    n = there.sum(axis=1)
    used = n > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
        squares = (np.where(there, values - mean[:, None], 0.0) ** 2).sum(axis=1)
        sd = np.where(n > 1, np.sqrt(squares / (n - 1)), np.nan)
    points = swept.design.assign(mean=mean, sd=sd, n=n)[used].reset_index(drop=True)
    if len(points) < LEAST_POINTS:
        more = f". {missing}" if missing else ""
        raise InputError(
            f"{of}: a value is there at only {count_of(len(points), 'point')}; {LEAST_POINTS} are "
            f"the least{more}"
        )
    seed = swept.seed % 2**32
    boxes = tuple(
        tuple(discover_boxes(points[swept.keys], side.holds(points["mean"]).to_numpy(), seed=seed))
        for side in sides
    )
    return Discovery(
        request=request,
        question=None,
        scenario=swept.scenario,
        of=of,
        arm=arm,
        baseline=swept.base,
        sweeps=(finished,),
        failed=count_failed(keep),
        design="",
        samples=len(swept.design),
        replicates=values.shape[1],
        sides=tuple(sides),
        found=boxes,
        points=points,
        keys=tuple(swept.keys),
        boxes=box_table(of, sides, boxes),
        tradeoff=trade_off(of, sides, boxes),
        passed_over=int((~used).sum()),
        missing=missing,
        unmoved=count_unmoved(found),
    )


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
