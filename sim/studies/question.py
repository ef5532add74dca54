"""A question put to a sweep: how one column of its runs depends on what is swept.

``sensitivity`` and ``discover`` ask it of one arm beside the baseline. Keys go over the ranges
given, and all others stay at the scenario's values; where none is given, every parameter that is
not fixed goes over its plausible range. Besides only chance varies, by the same draws everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.parameters import SPECS
from sim.running.blocks import COMPARISON_METRICS
from sim.running.executing import Progress, choose_engine
from sim.running.pairing import NEVER
from sim.running.sweeps.driving import Asked, carry_out
from sim.running.sweeps.keeping import InMemory, Keep
from sim.running.sweeps.missing import PointValues, refuse_never_there
from sim.running.sweeps.outcomes import GROUPS
from sim.running.sweeps.sweep_folder import hold_same
from sim.running.sweeps.sweep_tables import SweepRows
from sim.running.sweeps.swept import DEFAULT, DIVERGED, Swept, scenarios
from sim.running.sweeps.until import check_metric
from sim.scenario.scenario import Scenario
from sim.studies.designs import planning
from sim.studies.designs.factors import Given, Range
from sim.studies.designs.planning import StudyPlan
from sim.studies.designs.sampling import design_points
from sim.studies.sweep import choose_sweep_arms, choose_workers, plan_sweep

KEPT = ("lead", "alignment")  # metrics that are kept besides the one asked for
WINDOW = "effect.window."


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes
    ----------
    parameters
        Keys and their ranges or values.
    of
        A column of numbers of ``runs``.
    arm, baseline
        "" where the scenario has no arms.
    replicates
        Runs of both arms at every point.
    replay
        The command that runs the scenario once.
    """

    scenario: Scenario
    parameters: Mapping[str, Given]
    of: str
    arm: str
    baseline: str
    replicates: int
    engine: str = "ensemble"
    replay: str = ""

    @property
    def named_arms(self) -> list[str]:
        """The baseline and the arm; once where they are the same; none without arms."""
        return list(dict.fromkeys((self.baseline, self.arm))) if self.arm else []

    def plan(self, kind: str, samples: int, keys: Sequence[str] | None = None) -> Swept:
        """Return the sweep that answers it, over some of the keys or over all, checked.

        Raises
        ------
        InputError
            Where no run of the arm can have the column.
        """
        self.check_column()
        given = {key: self.parameters[key] for key in keys or self.parameters}
        ranges = plausible_ranges()
        if all(given[key] == ranges.get(key) for key in given):
            # what is declared is allowed, and to try the ends of 32 ranges takes two seconds
            read = {key: Range(SPECS[key].low, SPECS[key].high) for key in given}
            plan = StudyPlan(design_points(read, kind, samples, self.scenario.seed), {})
        else:
            plan = planning.plan_study(self.scenario, given, kind, samples, None, self.named_arms)
        swept = self._swept_at(plan)
        refuse_never_there(swept, self.of, self.arm)
        return swept

    def check_column(self) -> None:
        """Refuse a column that the runs do not have."""
        nothing = StudyPlan(pd.DataFrame({"point": [0]}), {})
        check_metric(self._swept_at(nothing), self.of, "--of")

    def _swept_at(self, plan: StudyPlan) -> Swept:
        metric = metric_of(self.of)
        return plan_sweep(
            self.scenario,
            plan,
            [self.arm] if self.arm else None,
            self.baseline or None,
            metrics=(*KEPT, metric) if metric else DEFAULT,
            replay=self.replay,
        )


class FinishedSweep(NamedTuple):
    """A sweep of a study that is done: its name in the study, and what it has."""

    name: str
    swept: Swept
    keep: Keep
    asked: Asked


class Work(NamedTuple):
    """How the sweeps of a question are done; nothing here moves a number.

    Attributes
    ----------
    folder
        Of the study: each sweep has a folder of its own in it. In memory where None.
    progress, expect
        Are told how many runs more are done, and how many more are to be done.
    ended
        Is told of each sweep that is done, while its folder is held.
    """

    folder: Path | None = None
    jobs: int | None = None
    cluster: str | None = None
    progress: Progress | None = None
    expect: Progress | None = None
    ended: Callable[[FinishedSweep], None] | None = None


def ask(
    scenario: Scenario,
    parameters: Mapping[str, Given] | None,
    of: str,
    replicates: int,
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    engine: str = "ensemble",
    replay: str = "",
) -> Question:
    """Return the question, of the first arm beside the baseline where none is named.

    Raises
    ------
    InputError
        Where more than one arm is named beside the baseline.
    """
    base, *others = choose_sweep_arms(scenario, arms, baseline) or [""]
    if arms is not None and len(others) > 1:
        raise InputError(f"--arms: takes one arm beside the baseline (got {', '.join(others)})")
    return Question(
        scenario,
        dict(parameters or plausible_ranges()),
        of,
        others[0] if others else base,
        base,
        replicates,
        engine,
        replay,
    )


def plausible_ranges() -> dict[str, Given]:
    """Return every parameter that is not fixed, and its plausible range."""
    return {name: f"{spec.low!r}:{spec.high!r}" for name, spec in SPECS.items() if not spec.fixed}


def metric_of(column: str) -> str:
    """Return the metric of a column such as ``effect.window.alignment.Washington``, or ""."""
    for group in sorted(GROUPS, key=len, reverse=True):
        if column.startswith(f"{group}."):
            metric = column.removeprefix(f"{group}.").partition(".")[0]
            return metric if metric in COMPARISON_METRICS else ""
    return ""


def run_sweep(question: Question, name: str, swept: Swept, work: Work) -> FinishedSweep:
    """Run what is missing of a sweep, in its folder of that name or in memory."""
    engine = choose_engine(question.engine, scenarios(swept))
    asked = Asked(question.replicates)
    workers = choose_workers(engine, work.jobs, work.cluster)
    if work.folder is None:
        keep = InMemory()
        carry_out(swept, asked, keep, workers, work.progress, work.expect)
        return FinishedSweep(name, swept, keep, asked)
    with hold_same(work.folder / name, swept, engine, asked) as (_, kept):
        asked = Asked(max(asked.replicates, kept.most))  # an extension may have come so far
        carry_out(swept, asked, kept, workers, work.progress, work.expect)
        finished = FinishedSweep(name, swept, kept, asked)
        if work.ended is not None:
            work.ended(finished)
    return finished


def values_at(swept: Swept, rows: SweepRows, of: str, arm: str) -> PointValues:
    """Values of a column in an arm, and where it is missing.

    The mean effect over the days of an offer is not defined in a run without an offer. Where such
    a run never differs from its baseline on any day, no effect on any days is what it has: 0.
    """
    columns = ["point", "arm", "replicate", DIVERGED, of]
    pieces = [piece[piece["arm"] == arm] for piece in rows.pieces(columns)]
    mine = pd.concat(pieces, ignore_index=True)
    values = mine[of].to_numpy(dtype=np.float64).copy()
    unmoved = np.isnan(values) & (mine[DIVERGED] == NEVER).to_numpy(dtype=bool)
    unmoved &= of.startswith(WINDOW)
    values[unmoved] = 0.0
    replicate = mine["replicate"].to_numpy(dtype=np.int64)
    place = pd.Index(swept.design["point"]).get_indexer(mine["point"])
    shape = len(swept.design), int(replicate.max(initial=0)) + 1
    nowhere = np.zeros(shape, dtype=bool)
    found = PointValues(np.full(shape, np.nan), nowhere, nowhere.copy())
    found.values[place, replicate] = values
    found.unmoved[place, replicate] = unmoved
    # of a run that was lost, or whose baseline was, it is not known when it parts
    found.missing[place, replicate] = np.isnan(values) & mine[DIVERGED].notna().to_numpy()
    return found
