"""What the model shows for a lesson: its measures, over many runs.

Runs come in groups, and a statistic is taken over the runs of a group. A prediction has one group:
the scenario's own numbers, replicates 0 to n - 1, so the runs of the timelines. A statement has a
group for each prior draw (``statements``). How one quantity follows from a record is in
``quantities``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.lessons.entities import PAIRED, RUNS, UNPAIRED, Lesson, Measure, Term
from sim.lessons.quantities import QUANTITIES
from sim.lessons.statistics import STATISTICS
from sim.running.executing import Batch, Progress, Replicates, by_ensemble, certain_lanes
from sim.world.arrays import Floats, World
from sim.world.building import build


class PredictionResult(NamedTuple):
    """What a prediction is measured against: a number, or a curve with the band of the runs.

    Attributes
    ----------
    value
        A number; of a curve ``value[day]``.
    low, high
        5 and 95 % of the single runs, if ``value`` is their mean; else None.
    runs
        For each option, how many single runs would give it; empty if runs have no value.
    numbers
        The quoted numbers by name.
    """

    value: float | Floats
    low: float | Floats | None
    high: float | Floats | None
    runs: tuple[int, ...]
    numbers: Mapping[str, float]


class Arms:
    """The arms of a lesson as worlds, and runs of them, as far as the measures need them.

    No day depends on a later one, so runs end with the last day that is measured.
    """

    def __init__(self, lesson: Lesson, measures: Sequence[Measure]) -> None:
        scenario = lesson.scenario
        self.seed = scenario.seed
        names = dict.fromkeys(arm for measure in measures for arm in measure.arms)
        terms = [term for measure in measures for term in (*measure.terms, *measure.divided_by)]
        curves = [one.days[1] for one in measures if one.days]
        steps = min(scenario.steps, max([*(term.last for term in terms), *curves]) + 1)
        self.worlds = {name: build(scenario.arm(name).replace(steps=steps)) for name in names}
        fields = [field for term in terms for field in QUANTITIES[term.of].fields]
        self.fields = tuple(dict.fromkeys(["sympathy", "tension", *fields]))

    def run(
        self, lanes: Callable[[World], Lanes], replicates: Replicates, progress: Progress | None
    ) -> dict[str, Batch]:
        """Run every arm on the same draws; ``lanes`` gives the numbers of each run."""
        simulate = partial(by_ensemble, fields=self.fields, jobs=1, progress=progress)
        return {
            name: simulate(world, lanes(world), self.seed, replicates)
            for name, world in self.worlds.items()
        }

    def value(self, measure: Measure, batches: Mapping[str, Batch], group: int) -> Floats:
        """The measure of each group of so many runs: [group], of a curve [group, day].

        A group with a run that left the finite numbers has nan, and so has a ratio to 0.
        """
        values = self._sum(measure.terms, measure, batches, group)
        found = STATISTICS[measure.statistic](values)
        if measure.divided_by:
            below = self._sum(measure.divided_by, measure, batches, group).mean(axis=-1)
            found = np.divide(found, below, out=np.full_like(found, np.nan), where=below != 0.0)
        return np.asarray(measure.scale * found)

    def singles(self, measure: Measure, batches: Mapping[str, Batch]) -> Floats | None:
        """The measure of single runs: [run], of a curve [day, run]; None if it has none.

        It has none if it is another statistic than the mean, a ratio, or of yes and no.
        """
        graded = measure.days or all(QUANTITIES[term.of].graded for term in measure.terms)
        if measure.statistic != "mean" or measure.divided_by or not graded:
            return None
        runs = len(next(iter(batches.values())).finite)
        paired = replace(measure, draws=PAIRED)
        found: Floats = measure.scale * self._sum(measure.terms, paired, batches, runs)[0]
        return found

    def _sum(
        self, terms: Sequence[Term], measure: Measure, batches: Mapping[str, Batch], group: int
    ) -> Floats:
        """Weighted sum of the terms in every run: [group, run], of a curve [group, day, run].

        If draws are not paired, an arm takes those of a later run of its group.
        """
        total = np.zeros(())
        for term in terms:
            batch, world, quantity = batches[term.arm], self.worlds[term.arm], QUANTITIES[term.of]
            section = getattr(world.names, quantity.toward) if term.toward else ()
            toward = section.index(term.toward) if term.toward else None
            at = world.names.audiences.index(term.at) if term.at else None
            values = quantity.series(batch.record, world, toward, at)
            values = values[:, term.first : term.last + 1]
            if not measure.days:
                over_days = np.sum if quantity.counted else np.mean
                values = over_days(values, axis=1)
            values = np.where(batch.finite[(...,) + (None,) * (values.ndim - 1)], values, np.nan)
            grouped = values.reshape(-1, group, *values.shape[1:])
            later = measure.arms.index(term.arm) if measure.draws == UNPAIRED else 0
            grouped = np.moveaxis(np.roll(grouped, -later, axis=1), 1, -1)
            total = total + term.weight * grouped
        return np.ascontiguousarray(total)


def prediction_results(lesson: Lesson, runs: int = RUNS) -> dict[str, PredictionResult]:
    """What each prediction of a lesson is measured against, by name, over so many runs."""
    measures = [measure for one in lesson.predictions for measure in one.measures]
    arms = Arms(lesson, measures)
    batches = arms.run(certain_lanes, np.arange(runs, dtype=np.uint64), None)
    found = {}
    for one in lesson.predictions:
        singles = arms.singles(one.measure, batches)
        low = high = None
        counts: tuple[int, ...] = ()
        if singles is not None:
            low, high = STATISTICS["low"](singles), STATISTICS["high"](singles)
            counts = tuple(int(option.right(singles).sum()) for option in one.options)
        value = arms.value(one.measure, batches, runs)[0]
        numbers = {
            more.name: float(arms.value(more.measure, batches, runs)[0]) for more in one.numbers
        }
        found[one.name] = PredictionResult(value, low, high, counts, numbers)
    return found
