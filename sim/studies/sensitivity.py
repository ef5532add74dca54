"""What an effect depends on: all parameters screened, then Sobol's indices of those that matter.

Screening (Morris) costs one run more than there are parameters for each trajectory, so all can be
moved; indices (Sobol) say how much of the variance each makes, but cost many more points. So a
parameter is left out of the second sweep, and stays at the scenario's value there, where even the
upper end of the interval of its mean elementary effect is below ``REACH`` times the largest one:
its share of the variance is then of the order of ``REACH`` squared, a hundredth of the largest's.
At most ``MOST`` are kept, the largest ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from sim.errors import InputError
from sim.estimators.morris import (
    MORRIS,
    MOST,
    Screening,
    elementary_effects,
    influential_parameters,
)
from sim.estimators.sobol import SOBOL, Indices, sobol_indices
from sim.running.sweeps.keeping import count_failed
from sim.running.sweeps.missing import MissingOutcome, NoEffect, count_missing, count_unmoved
from sim.running.sweeps.swept import Swept
from sim.store.recorder import Request
from sim.studies.designs import factors, sampling
from sim.studies.question import FinishedSweep, Question, Work, run_sweep, values_at
from sim.studies.sweep_study import SweepAnswer
from sim.tables import frames

if TYPE_CHECKING:
    from matplotlib.figure import Figure

A = TypeVar("A", Screening, Indices)
TRAJECTORIES, SAMPLES = 40, 512
LEAST_REPLICATES = 3  # to tell the parameters from chance


@dataclass(frozen=True)
class Sizes:
    """Trajectories of the screening, base points of the indices; 0: not done."""

    trajectories: int = TRAJECTORIES
    samples: int = SAMPLES


@dataclass(frozen=True, eq=False)
class Sensitivity(SweepAnswer):
    """What ``sensitivity`` found.

    Attributes
    ----------
    sizes
        How much was done.
    sensitivity, shares
        The tables.
    kept
        The keys that the indices are of.
    crowded_out
        Keys that matter by the screening, past the most that are kept.
    left_out
        Blocks of each sweep with a run without a value: trajectories of the screening, base points
        of the indices.
    missing
        Of each sweep, where runs that went well have no such outcome.
    unmoved
        Of each sweep, where an effect counts as 0 for want of an offer.
    deciding
        Keys that decide whether there is an outcome. Nothing is said of what else they do.
    """

    table_names = json_tables = ("sensitivity", "shares")

    question: Question
    sizes: Sizes
    sensitivity: pd.DataFrame
    shares: pd.DataFrame
    kept: tuple[str, ...]
    crowded_out: tuple[str, ...]
    left_out: Mapping[str, int]
    missing: Mapping[str, MissingOutcome]
    unmoved: Mapping[str, NoEffect]
    deciding: tuple[str, ...]

    @property
    def options(self) -> Mapping[str, Any]:
        """The sizes."""
        return vars(self.sizes)

    @property
    def gaps(self) -> Sequence[MissingOutcome]:
        """Where an outcome is missing, sweep by sweep."""
        return list(self.missing.values())

    def summary(self) -> str:
        """Return the results in plain words, as the command line prints them."""
        from sim.report.sensitivity import summary_text

        return summary_text(self)

    def plot(self) -> dict[str, Figure]:
        """Return matplotlib figures by name: ``screening``, ``indices``."""
        from sim.report.figures import style
        from sim.report.figures.slide import Slides
        from sim.report.sensitivity import draw_pictures

        with style.drawing():
            return Slides(draw_pictures(self))

    def draw(self, folder: Path) -> Path:
        """Write pictures and words into the folder of the study."""
        from sim.report.sensitivity import write_report

        return write_report(self, folder)


def check(question: Question, sizes: Sizes) -> None:
    """Refuse sizes that nothing can be said from."""
    if not sizes.trajectories and not sizes.samples:
        raise InputError("--samples: neither a screening nor indices are asked for")
    if sizes.samples and question.replicates < LEAST_REPLICATES:
        raise InputError(
            f"--replicates: indices need {LEAST_REPLICATES} or more, to tell the parameters from "
            f"chance (got {question.replicates})"
        )
    for name, count, least in (
        ("trajectories", sizes.trajectories, 2), ("samples", sizes.samples, 2),
    ):  # fmt: skip
        if count and count < least:
            raise InputError(f"--{name}: must be at least {least} (got {count})")
    if sizes.samples & (sizes.samples - 1):
        raise InputError(f"--samples: must be a power of two (got {sizes.samples})")


def first_sweep(question: Question, sizes: Sizes) -> Swept:
    """The sweep that the study begins with."""
    check(question, sizes)
    if sizes.trajectories:
        return question.plan(MORRIS, sizes.trajectories)
    return question.plan(factors.SALTELLI, sizes.samples)


def most_runs(question: Question, sizes: Sizes, swept: Swept) -> int:
    """Runs of the whole study at most; ``swept`` is its first sweep."""
    arms = 1 + len(swept.arms)
    points = len(swept.design)
    if sizes.trajectories and sizes.samples:
        points += sizes.samples * (min(len(question.parameters), MOST) + 2)
    return points * arms * question.replicates


def answer(
    question: Question,
    options: Mapping[str, Any],
    work: Work,
    request: Request,
    first: Swept | None = None,
) -> Sensitivity:
    """Screen, choose, decompose.

    Parameters
    ----------
    options
        The fields of :class:`Sizes`.
    first
        What :func:`first_sweep` gave, if it is at hand.
    """
    sizes = Sizes(**options)
    first = first or first_sweep(question, sizes)
    tables: list[pd.DataFrame] = []
    shares = frames.empty("shares")
    kept, crowded_out = tuple(first.keys), tuple[str, ...]()
    done: list[FinishedSweep] = []
    left_out: dict[str, int] = {}
    missing: dict[str, MissingOutcome] = {}
    unmoved: dict[str, NoEffect] = {}
    deciding = frozenset[str]()

    def analyse(name: str, swept: Swept, estimator: Callable[..., A]) -> A:
        nonlocal deciding
        done.append(run_sweep(question, name, swept, work))
        found, gap, still = _analyse(question, done[-1], estimator)
        left_out[name] = found.left_out[question.of]
        deciding |= found.deciding[question.of]
        missing.update({name: gap} if gap else {})
        unmoved.update({name: still} if still else {})
        return found

    if sizes.trajectories:
        screen = partial(elementary_effects, levels=levels_of(question))
        tables.append(analyse(MORRIS, first, screen).effects)
        kept, crowded_out = influential_parameters(tables[-1])
    if sizes.samples and kept:
        swept = first
        if sizes.trajectories:
            swept = question.plan(factors.SALTELLI, sizes.samples, kept)
        parts = analyse(SOBOL, swept, sobol_indices)
        tables.append(parts.indices)
        shares = parts.shares
    return Sensitivity(
        request=request,
        question=question,
        scenario=question.scenario,
        of=question.of,
        arm=question.arm,
        baseline=question.baseline,
        sweeps=tuple(done),
        failed=sum(count_failed(one.keep) for one in done),
        sizes=sizes,
        sensitivity=pd.concat(tables, ignore_index=True),
        shares=shares,
        kept=kept,
        crowded_out=crowded_out,
        left_out=left_out,
        missing=missing,
        unmoved=unmoved,
        deciding=tuple(key for key in first.keys if key in deciding),
    )


def _analyse(
    question: Question, finished: FinishedSweep, estimator: Callable[..., A]
) -> tuple[A, MissingOutcome | None, NoEffect | None]:
    """Analyse the column asked of, and count where it is missing or counts as 0.

    Raises
    ------
    InputError
        Where too much is missing; it says what the arm has instead.
    """
    swept, rows, of = finished.swept, finished.keep.rows(), question.of
    found = values_at(swept, rows, of, question.arm)
    gap = count_missing(swept, rows, of, question.arm, found)
    given = {of: found.values}, {of: found.missing}
    try:
        parts = estimator(swept.design, given[0], missing=given[1], seed=question.scenario.seed)
    except InputError as error:
        if gap is None:
            raise
        raise InputError(f"{error}. {gap}") from error
    return parts, gap, count_unmoved(found)


def levels_of(question: Question) -> int:
    """Levels of the screening's design; to try all ranges once more would take seconds."""
    lists = {
        key: given for key, given in question.parameters.items()
        if not (isinstance(given, str) and ":" in given)
    }  # fmt: skip
    return sampling.morris_levels(
        list(factors.read_factors(lists, {"": question.scenario}, sampled=True).values())
    )
