"""What the model shows: measures over many runs, and statements over prior draws.

Runs come in groups. A prediction has one group: the scenario's own numbers, replicates 0 to n - 1,
so the runs of the timelines. A statement has a group for each prior draw, in which every parameter
that is not fixed and every judgement is drawn (the same uniforms in all arms); only chance differs
within a group.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.estimators.boxes import wilson
from sim.lessons.entities import RUNS, UNPAIRED, Lesson, Measure, Statement, Term
from sim.lessons.quantities import QUANTITIES
from sim.lessons.statistics import STATISTICS
from sim.running.executing import Batch, Progress, Replicates, by_ensemble, certain_lanes
from sim.running.streaming import run_jobs
from sim.world.arrays import Floats, World
from sim.world.building import build

DRAWS = 300  # prior draws a statement is judged on
PASSES = 2.0 / 3.0
BLOCK = 256  # runs in memory at a time, for each arm and thread


class PredictionResult(NamedTuple):
    """What a prediction is measured against: a number, or a curve with the band of the runs."""

    value: float | Floats
    low: float | Floats | None  # 5 and 95 % of the runs, where the value is their mean
    high: float | Floats | None
    runs: tuple[int, ...]  # by option, how many single runs would give it, where they have values
    numbers: Mapping[str, float]


class StatementSupport(NamedTuple):
    """How far prior draws bear a statement out: the share in which it holds, with its interval."""

    text: str
    share: float
    low: float  # 95 %, Wilson
    high: float
    draws: int

    @property
    def holds(self) -> bool:
        """Whether it holds in two thirds of the draws."""
        return self.share >= PASSES

    def __str__(self) -> str:
        verdict = "passes" if self.holds else "FAILS"
        return (
            f"{verdict:<6} share {self.share:.2f} ({self.low:.2f} to {self.high:.2f}, "
            f"{self.draws} draws): {self.text}"
        )


class Arms:
    """The arms of a lesson as worlds, and runs of them, as far as the measures need them.

    No day depends on a later one, so runs end with the last day that is measured.
    """

    def __init__(self, lesson: Lesson, measures: Sequence[Measure]) -> None:
        self.seed = lesson.scenario.seed
        names = dict.fromkeys(arm for measure in measures for arm in measure.arms)
        terms = [term for measure in measures for term in (*measure.terms, *measure.divided_by)]
        curves = [one.days[1] for one in measures if one.days]
        steps = min(lesson.scenario.steps, max([*(term.last for term in terms), *curves]) + 1)
        self.worlds = {
            name: build(lesson.scenario.arm(name).replace(steps=steps)) for name in names
        }
        fields = [field for term in terms for field in QUANTITIES[term.of].fields]
        self.fields = tuple(dict.fromkeys(["sympathy", "tension", *fields]))

    def run(
        self, lanes: Callable[[World], Lanes], replicates: Replicates, progress: Progress | None
    ) -> dict[str, Batch]:
        """Every arm on the same draws."""
        return {
            name: by_ensemble(world, lanes(world), self.seed, replicates, fields=self.fields,
                              jobs=1, progress=progress)
            for name, world in self.worlds.items()
        }  # fmt: skip

    def value(self, measure: Measure, batches: Mapping[str, Batch], group: int) -> Floats:
        """The measure of each group of so many runs: [group], of a curve [group, day]."""
        rolled = {
            arm: position if measure.draws == UNPAIRED else 0
            for position, arm in enumerate(measure.arms)
        }
        values = self._sum(measure.terms, measure, batches, group, rolled)
        found = STATISTICS[measure.statistic](values)
        if measure.divided_by:
            below = self._sum(measure.divided_by, measure, batches, group, rolled).mean(axis=-1)
            found = np.divide(found, below, out=np.full_like(found, np.nan), where=below != 0.0)
        return np.asarray(measure.scale * found)

    def singles(self, measure: Measure, batches: Mapping[str, Batch]) -> Floats | None:
        """The measure of single runs: [run], of a curve [day, run]; None where it has none."""
        graded = measure.days or all(QUANTITIES[term.of].graded for term in measure.terms)
        if measure.statistic != "mean" or measure.divided_by or not graded:
            return None
        runs = len(next(iter(batches.values())).finite)
        rolled = dict.fromkeys(measure.arms, 0)
        found: Floats = measure.scale * self._sum(measure.terms, measure, batches, runs, rolled)[0]
        return found

    def _sum(
        self, terms: Sequence[Term], measure: Measure, batches: Mapping[str, Batch], group: int,
        rolled: Mapping[str, int],
    ) -> Floats:  # fmt: skip
        """Weighted sum of the terms in every run: [group, run], of a curve [group, day, run].

        Where draws are not paired, an arm takes those of the next run of its group.
        """
        total: Floats | None = None
        for term in terms:
            batch = batches[term.arm]
            values = self._series(term, batch)
            values = values if measure.days else _over_days(term, values)
            values = np.where(batch.finite[(...,) + (None,) * (values.ndim - 1)], values, np.nan)
            grouped = values.reshape(-1, group, *values.shape[1:])
            grouped = np.moveaxis(np.roll(grouped, -rolled[term.arm], axis=1), 1, -1)
            total = term.weight * grouped if total is None else total + term.weight * grouped
        if total is None:
            raise ValueError(terms)  # not reached: a measure that was read has terms
        return np.ascontiguousarray(total)

    def _series(self, term: Term, batch: Batch) -> Floats:
        """series[run, day] of the term's days."""
        world, quantity = self.worlds[term.arm], QUANTITIES[term.of]
        names = world.names
        toward = getattr(names, quantity.toward).index(term.toward) if term.toward else None
        at = names.audiences.index(term.at) if term.at else None
        return quantity.series(batch.record, world, toward, at)[:, term.first : term.last + 1]


def _over_days(term: Term, series: Floats) -> Floats:
    total: Floats = series.sum(axis=1)
    return total if QUANTITIES[term.of].counted else total / series.shape[1]


def prediction_results(lesson: Lesson, runs: int = RUNS) -> dict[str, PredictionResult]:
    """What each prediction of a lesson is measured against, by name, over so many runs."""
    measures = [measure for one in lesson.predictions for measure in one.measures]
    arms = Arms(lesson, measures)
    batches = arms.run(certain_lanes, np.arange(runs, dtype=np.uint64), None)
    found = {}
    for one in lesson.predictions:
        value = arms.value(one.measure, batches, runs)[0]
        singles = arms.singles(one.measure, batches)
        low = high = None
        counts: tuple[int, ...] = ()
        if singles is not None:
            low, high = STATISTICS["low"](singles), STATISTICS["high"](singles)
            counts = tuple(int(option.right(singles).sum()) for option in one.options)
        numbers = {more.name: float(arms.value(more.measure, batches, runs)[0])
                   for more in one.numbers}  # fmt: skip
        found[one.name] = PredictionResult(value, low, high, counts, numbers)
    return found


def statement_support(
    lesson: Lesson,
    draws: int = DRAWS,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[StatementSupport]:
    """How far prior draws bear out each statement of a lesson.

    Parameters
    ----------
    progress
        Told how many runs more are done.
    """
    by_runs: dict[int, list[int]] = {}
    for index, statement in enumerate(lesson.statements):
        by_runs.setdefault(statement.runs, []).append(index)
    holding = [0] * len(lesson.statements)
    for runs, indices in by_runs.items():
        some = [lesson.statements[index] for index in indices]
        for index, count in zip(
            indices, _holding(lesson, some, runs, draws, jobs, progress), strict=True
        ):
            holding[index] = count
    return [
        StatementSupport(statement.text, count / draws, *wilson(count, draws), draws)
        for statement, count in zip(lesson.statements, holding, strict=True)
    ]


def _holding(
    lesson: Lesson, statements: Sequence[Statement], runs: int, draws: int, jobs: int | None,
    progress: Callable[[int], None] | None,
) -> list[int]:  # fmt: skip
    """In how many draws each statement holds; all have so many runs within a draw."""
    arms = Arms(lesson, [measure for one in statements for measure in one.measures])
    step = max(1, BLOCK // runs)
    blocks = (
        np.arange(first, min(first + step, draws), dtype=np.uint64)
        for first in range(0, draws, step)
    )
    counts = [0] * len(statements)

    def work(block: Replicates, progress: Progress) -> list[int]:
        def lanes(world: World) -> Lanes:
            drawn = uncertain_lanes(world, arms.seed, block)
            return Lanes(*(np.repeat(values, runs, axis=-1) for values in drawn))

        within = np.arange(runs, dtype=np.uint64)
        replicates = np.asarray(block[:, None] * np.uint64(runs) + within, np.uint64).ravel()
        batches = arms.run(lanes, replicates, progress)
        return [_count(one, [arms.value(m, batches, runs) for m in one.measures])
                for one in statements]  # fmt: skip

    def merge(block: Replicates, found: list[int]) -> None:
        for index, count in enumerate(found):
            counts[index] += count

    run_jobs(blocks, work, merge, jobs or os.cpu_count() or 1, progress)
    return counts


def _count(statement: Statement, found: Sequence[Floats]) -> int:
    """Draws in which it holds; one that left the finite numbers is none of them."""
    values = found[0] if statement.than is None else found[0] - found[1]
    return int(((values > statement.above) & (values < statement.below)).sum())
