"""Does the simulation order capitals as what they said does, better than simpler orders do?

Coded stances of audiences (``outcomes_file``) are compared with the model's alignment by
Kendall's tau-b, on each day and on a named one, in each arm: over *chance* (the scenario's
parameters, the draws vary) and over *parameters* (prior draws, as in ``narrate check``). Beside it
stand what needs no simulation (``rank_tables``), and the paired differences, whose intervals are
of a bootstrap that draws audiences and runs anew. Nothing here is fitted to the codes.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.running import sizes
from sim.running.blocks import CHANCE, PARAMETERS, block_size
from sim.running.executing import (
    Progress,
    Replicates,
    certain_lanes,
    failure_row,
    open_engine,
    sampled_lanes,
)
from sim.running.sizes import StudySize
from sim.running.streaming import run_jobs
from sim.scenario import arguments
from sim.scenario.error_texts import show_text
from sim.scenario.scenario import Scenario
from sim.store import manifest
from sim.store.recorder import Request
from sim.studies import rank_tables
from sim.studies.answer import StudyAnswer
from sim.studies.coded_sets import CodedSet, choose_sets
from sim.studies.compare import refuse_repeated_arms
from sim.studies.outcomes_file import CodedStance, read_outcomes
from sim.studies.rank_tables import Row, RunMeasures, SetRuns
from sim.tables import frames
from sim.world.building import build

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPLICATES, SAMPLES = 200, 500
Rows = Callable[[SetRuns], list[Row]]


@dataclass(frozen=True)
class HindcastQuestion:
    """What is compared with what.

    Attributes
    ----------
    scenario
        Arms included.
    arms
        Those that are run; "" alone for a scenario without arms.
    stances
        The rows of the file.
    sets, left_out
        What can be compared, and a sentence for each part that cannot.
    day
        The named day, a row of the states 0 to ``steps``.
    counts
        Runs of each arm by kind of uncertainty.
    file
        Name and SHA-256 of the file.
    replay
        The command that runs the scenario once.
    """

    scenario: Scenario
    arms: tuple[str, ...]
    stances: tuple[CodedStance, ...]
    sets: tuple[CodedSet, ...]
    left_out: tuple[str, ...]
    day: int
    counts: Mapping[str, int]
    file: Mapping[str, str]
    replay: str = ""

    def arm(self, name: str) -> Scenario:
        """The scenario of one of the arms."""
        return self.scenario.arm(name) if name else self.scenario

    @property
    def facts(self) -> dict[str, Any]:
        """The file of the stances, the named day, and what cannot be compared."""
        return {"outcomes": dict(self.file), "day": self.day, "left_out": list(self.left_out)}

    @property
    def runs(self) -> int:
        """Runs to do."""
        return len(self.arms) * sum(self.counts.values())

    def size(self, report: bool = True) -> StudySize:
        """Return what the answer takes."""
        days = len(self.arms) * len(self.sets) * (self.scenario.steps + 1)
        return sizes.hindcast_size(days * sum(count > 0 for count in self.counts.values()), report)


def ask_hindcast(
    scenario: Scenario,
    outcomes: str | Path,
    arms: Sequence[str],
    day: int | None = None,
    replicates: int = REPLICATES,
    samples: int = SAMPLES,
    replay: str = "",
) -> HindcastQuestion:
    """Read the file of coded stances and say what is compared.

    Parameters
    ----------
    arms
        Arms of the scenario, checked; none for all.
    day
        The named day; that of the last coded statement where None.
    replicates, samples
        Runs of each arm at the scenario's parameters, and with drawn ones; not both 0.

    Raises
    ------
    InputError
        Where the file or a number is refused, or an arm lacks an audience that is coded.
    """
    counts = {
        CHANCE: arguments.whole_number("replicates", replicates),
        PARAMETERS: arguments.whole_number("samples", samples, 0),
    }
    file = Path(outcomes)
    refuse_repeated_arms(arms)
    stances = read_outcomes(file, scenario)
    sets, left_out = choose_sets(scenario, stances, str(outcomes))
    chosen = tuple(arms) or scenario.arms or ("",)
    coded = dict.fromkeys(one.audience for one in stances)
    for name in filter(None, chosen):
        there = {audience.name for audience in scenario.arm(name).audiences}
        for audience in coded:
            if audience not in there:
                reason = "is coded, but not an audience of this arm"
                raise InputError(Problem(f"arms.{name}", reason, show_text(audience)))
    return HindcastQuestion(
        scenario,
        chosen,
        stances,
        tuple(sets),
        tuple(left_out),
        max(one.day for one in stances) if day is None else day,
        counts,
        {file.name: manifest.sha256_of(file)},
        replay or shlex.join(["narrate", "run", scenario.name]),
    )


@dataclass(frozen=True, eq=False)
class Hindcast(StudyAnswer):
    """What ``hindcast`` found.

    Attributes
    ----------
    question
        What was compared with what.
    agreement, ranks, leave_one_out, capitals, failures
        The tables, as docs/columns.md describes them.
    """

    request: Request
    question: HindcastQuestion
    agreement: pd.DataFrame
    ranks: pd.DataFrame
    leave_one_out: pd.DataFrame
    capitals: pd.DataFrame
    failures: pd.DataFrame
    baseline: str = ""

    @property
    def scenario(self) -> Scenario:  # type: ignore[override] # an attribute of the question
        """What was run, arms included."""
        return self.question.scenario

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """The coded stances, audiences by their names."""
        rows = [
            {"actor": one.audience, "step": one.day, **one._asdict()}
            for one in self.question.stances
        ]
        return _table("outcomes", rows, self.scenario)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """``ranks``, ``agreement``, ``leave_one_out``, ``capitals``, ``outcomes`` and more."""
        names = ("ranks", "agreement", "leave_one_out", "capitals", "outcomes", "failures")
        return {name: getattr(self, name) for name in names}

    @property
    def named_arms(self) -> Sequence[str]:
        """The arms that were run; none of a scenario without arms."""
        return [name for name in self.question.arms if name]

    @property
    def counts(self) -> dict[str, int]:
        """Runs asked for, used and failed."""
        asked, failed = self.question.runs, len(self.failures)
        return {"asked": asked, "used": asked - failed, "failed": failed}

    @property
    def early_facts(self) -> Mapping[str, Any]:
        """The file of the stances, the named day, and what cannot be compared."""
        return self.question.facts

    def plot(self) -> Figure:
        """Return a matplotlib figure of codes against the model, and of agreement by day."""
        from sim.report.figures import hindcast
        from sim.report.writing import draw_figure

        return draw_figure(hindcast, self.results())


class _Job(NamedTuple):
    """Some runs of one arm."""

    arm: str
    uncertainty: str
    replicates: Replicates


def hindcast(
    question: HindcastQuestion,
    engine: str,
    request: Request,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Hindcast:
    """Run every arm and compare."""
    seed = question.scenario.seed
    worlds = {name: build(question.arm(name)) for name in question.arms}
    certain = {name: certain_lanes(world) for name, world in worlds.items()}
    found: dict[tuple[str, str], list[RunMeasures]] = defaultdict(list)
    failures: list[Row] = []

    def measure(job: _Job, progress: Progress) -> tuple[RunMeasures, list[Row]]:
        world, numbers = worlds[job.arm], certain[job.arm]
        if job.uncertainty == PARAMETERS:
            numbers = sampled_lanes(world, seed, job.replicates)
        batch = simulate(world, numbers, seed, job.replicates, progress=progress)
        lost = [_failure(question, job, run, why) for run, why in sorted(batch.errors.items())]
        said = rank_tables.measure_runs(batch, numbers, world, question.sets, question.day)
        return said, lost

    def merge(job: _Job, said: tuple[RunMeasures, list[Row]]) -> None:
        found[job.arm, job.uncertainty].append(said[0])
        failures.extend(said[1])

    with open_engine(engine, jobs) as (simulate, threads):
        size = block_size(worlds[question.arms[0]])
        run_jobs(_jobs(question, size), measure, merge, threads, progress)
    return _answer(question, found, failures, request)


def _jobs(question: HindcastQuestion, size: int) -> Iterator[_Job]:
    """The runs to do, in blocks."""
    for arm in question.arms:
        for uncertainty, count in question.counts.items():
            for first in range(0, count, size):
                numbers = np.arange(first, min(first + size, count), dtype=np.uint64)
                yield _Job(arm, uncertainty, numbers)


def _failure(question: HindcastQuestion, job: _Job, run: int, why: str) -> Row:
    """The row of a run that left the finite numbers, with the command that repeats it."""
    replicate = str(job.replicates[run])
    words = ["--seed", str(question.scenario.seed), "--replicate", replicate]
    words += ["--arm", job.arm] if job.arm else []
    words += ["--uncertain"] if job.uncertainty == PARAMETERS else []
    name = job.arm or question.scenario.name
    run_id = f"{name}-{job.uncertainty}-{replicate}"
    return dict(failure_row(run_id, why, f"{question.replay} {shlex.join(words)}"))


def _answer(
    question: HindcastQuestion,
    found: Mapping[tuple[str, str], list[RunMeasures]],
    failures: list[Row],
    request: Request,
) -> Hindcast:
    """The tables of the runs that were made."""
    scenario, day = question.scenario, question.day
    seed = scenario.seed % 2**32
    makers: dict[str, Rows] = {
        "agreement": rank_tables.agreement_rows,
        "ranks": lambda runs: rank_tables.rank_rows(runs, seed),
        "leave_one_out": rank_tables.left_out_rows,
        "capitals": rank_tables.capital_rows,
    }
    rows: dict[str, list[Row]] = {name: [] for name in makers}
    for (arm, uncertainty), parts in found.items():
        joined = rank_tables.join_measures(parts)
        for runs in rank_tables.set_runs(question.arm(arm), question.sets, joined):
            ids = {"arm": arm, "uncertainty": uncertainty, "step": day}
            ids |= {"about": runs.coded.about, "reading": runs.coded.reading}
            ids |= {"audiences": len(runs.coded.codes)}
            for name, make in makers.items():
                rows[name] += [ids | row for row in make(runs)]
    tables = {name: _table(name, some, scenario) for name, some in rows.items()}
    tables["failures"] = _table("failures", failures, scenario)
    return Hindcast(request=request, question=question, **tables)


def _table(name: str, rows: list[Row], scenario: Scenario) -> pd.DataFrame:
    """A declared table of rows, with the dates of their steps."""
    if not rows:
        return frames.empty(name)
    columns = {column: [row[column] for row in rows] for column in rows[0]}
    if "step" in columns:
        columns["date"] = frames.dates(scenario.start_date, columns["step"])
    return frames.table(name, columns)
