"""A sweep: every arm at every point of a design, on the same draws at every point."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import InputError, Problem
from sim.running import sizes
from sim.running.blocks import CHANCE, PARAMETERS
from sim.running.executing import Progress
from sim.running.stopping import raise_stop, stop_softly
from sim.running.sweeps import sweep_folder, sweep_tables
from sim.running.sweeps.driving import Asked, Until, Workers, carry_out, local_workers
from sim.running.sweeps.keeping import InFolder, Keep, all_rows
from sim.running.sweeps.pacing import pairs_of
from sim.running.sweeps.sweep_folder import SweepFolder, hold_new
from sim.running.sweeps.swept import DEFAULT, Swept, check_sweep
from sim.running.sweeps.until import check_metric, until_table
from sim.scenario import arguments
from sim.scenario.error_texts import are_of, count_of
from sim.scenario.scenario import Scenario
from sim.store import manifest
from sim.store.folder import demand_room
from sim.store.recorder import Draw, Recorder, Request
from sim.store.results import Results, read_results
from sim.studies.answer import StudyAnswer
from sim.studies.compare import choose_arms
from sim.studies.designs.planning import StudyPlan
from sim.tables import frames

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Sweep(StudyAnswer):
    """What ``sweep`` returns. Every table begins with ``point`` and the swept keys.

    Attributes
    ----------
    swept
        Everything that decides the numbers.
    keep
        The rows of the runs, in memory or in the parts of ``folder``.
    asked
        How many replicates each point is to have.
    tables
        The tables that follow from the rows, by name; :attr:`runs` is read when asked for.
    folder
        Where the runs are kept; None in memory.
    origin
        Words of a command that reads the scenario from its file, without ``narrate``.
    """

    request: Request
    swept: Swept
    keep: Keep
    asked: Asked
    tables: Mapping[str, pd.DataFrame]
    engine: str
    folder: Path | None = None
    origin: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:  # type: ignore[override] # read-only here
        """What is swept, before a point is set."""
        return self.swept.scenario

    @property
    def baseline(self) -> str:  # type: ignore[override] # read-only here
        """The baseline; "" where the scenario has no arms."""
        return self.swept.base

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms beside the baseline."""
        return self.swept.arms

    @property
    def parameters(self) -> tuple[str, ...]:
        """The swept keys."""
        return tuple(self.swept.keys)

    @property
    def design(self) -> pd.DataFrame:
        """``point`` and one column for each swept key."""
        return self.tables["design"]

    @property
    def comparison(self) -> pd.DataFrame:
        """Effects at each point; empty for very many points."""
        return self.tables["comparison"]

    @property
    def failures(self) -> pd.DataFrame:
        """One row for each run that failed."""
        return self.tables["failures"]

    @property
    def until(self) -> pd.DataFrame | None:
        """Whether each mean is as precise as asked; None where nothing of the kind was asked."""
        return self.tables.get("until")

    @property
    def runs(self) -> pd.DataFrame:
        """One row a run, by point and replicate. It may be large."""
        return all_rows(self.keep)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """``design``, ``runs``, ``summary``, ``comparison``, ``failures``; ``until`` if asked."""
        return {**self.tables, "runs": self.runs}

    @property
    def named_arms(self) -> list[str]:
        """The baseline, then the others."""
        return [self.baseline, *self.arms]

    @property
    def counts(self) -> dict[str, int]:
        """Runs asked for, used and failed."""
        arms, failed = len(self.named_arms), len(self.failures)
        asked = arms * sum(self.asked.all(self.swept, self.keep).values())
        return {"asked": asked, "used": asked - failed, "failed": failed}

    @property
    def early_facts(self) -> Mapping[str, Any]:
        """Replicates and precision, as asked for."""
        return self.asked.words()

    @property
    def facts(self) -> Mapping[str, Any]:
        """The number of points, and the claimants of the scenarios that are swept."""
        found: dict[str, Any] = {"points": len(self.swept.design)}
        if self.swept.scenarios:
            found["claimants"] = [
                [claimant.name for claimant in one.claimants]
                for one in self.swept.scenarios.values()
            ]
        return found

    def results(self) -> Results:
        """Return what the run folder says, or would say."""
        return super().results() if self.folder is None else read_results(self.folder)

    def plot(self) -> Figure:
        """Return a matplotlib figure of the effect against what was swept."""
        from sim.report.figures import sweep as figure
        from sim.report.writing import draw_figure

        return draw_figure(figure, self.results())

    def write_into(self, recorder: Recorder) -> None:
        """Write the tables that follow from the rows."""
        with recorder.timed("write"):
            recorder.write_tables(self.tables)
        self.finish(recorder)

    def save(self, folder: str | Path, report: bool = True) -> Path:
        """Write a run folder, as ``narrate sweep`` does; ``narrate resume`` knows it too."""
        place = sweep_folder.claim(Path(folder))
        self.save_into(place, self.draw if report else None)
        return place

    def save_into(self, place: Path, draw: Draw | None) -> None:
        """Begin the sweep in a claimed folder and write all that is kept into it."""
        held = hold_new(place, self.swept, self.engine, self.asked, self.origin)
        with held as (known, keep):
            for cells, rows in self.keep.pieces():
                keep.take(cells, rows)
            recorder = folder_recorder(known, self.asked, self.request, draw)
            with recorder.closing():
                self.write_into(recorder)


def run_in_folder(
    known: SweepFolder,
    keep: InFolder,
    asked: Asked,
    workers: Workers,
    request: Request,
    draw: Draw | None = None,
    progress: Progress | None = None,
    expect: Progress | None = None,
    runs_end: Callable[[], None] | None = None,
) -> Sweep:
    """Run what is missing of a sweep in its folder, which is held, and write its tables.

    Parameters
    ----------
    asked
        How many replicates each point is to have by now.
    progress, expect
        Are told how many runs more are done, and how many more are to be done.
    runs_end
        Is called when the runs are over and the tables are still to be written.

    Raises
    ------
    MachineError
        Where the disk has no room for the rows.
    KeyboardInterrupt, Terminated
        Where the sweep was stopped; the rows are kept, and the text says how to continue.
    """
    swept, folder = known.swept, known.folder
    arms, points = 1 + len(swept.arms), len(swept.design)
    missing = pairs_of(keep.missing(asked.pilot(points)))
    recorder = folder_recorder(known, asked, request, draw)
    done = keep.pairs * arms
    with recorder.closing(f"{count_of(done, 'run')} {are_of(done)}"):
        demand_room(folder, sizes.sweep_size(swept, missing, draw is not None).disk)
        with recorder.timed("sweep"), stop_softly(lambda: True, folder) as stopped:
            carry_out(swept, asked, keep, workers, progress, expect)
        if runs_end is not None:
            runs_end()
        if stopped:
            wanted, done = arms * asked.replicates * points, arms * keep.pairs
            counts = {"asked": wanted, "used": done, "failed": 0}
            recorder.finish(counts, manifest.INTERRUPTED, points=points)
        else:
            tables = describe_sweep(swept, keep, asked)
            answer = Sweep(request, swept, keep, asked, tables, known.engine, folder, known.origin)
            answer.write_into(recorder)
    done = arms * keep.pairs
    kept = f"{count_of(done, 'run')} {are_of(done)} kept in {folder}"
    raise_stop(stopped, f"{kept}; `narrate resume {folder}` goes on")
    return answer


def folder_recorder(
    known: SweepFolder, asked: Asked, request: Request, draw: Draw | None
) -> Recorder:
    """Return the writer of a sweep's folder, which is held."""
    swept = known.swept
    return Recorder(
        request,
        swept.scenario,
        [swept.base, *swept.arms],
        swept.base,
        folder=known.folder,
        sources=known.sources(),
        facts=asked.words(),
        draw=draw,
    )


def choose_workers(engine: str, jobs: int | None, cluster: str | None) -> Workers:
    """Return threads of this process, or a cluster."""
    if cluster is None:
        return local_workers(engine, jobs)
    try:
        from sim.running.sweeps.distributing import on_cluster
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        raise InputError(
            "--cluster: needs Dask; install this package with its extra cluster: "
            'pip install -e ".[cluster]"'
        ) from error
    return on_cluster(cluster, engine, jobs)


def plan_sweep(
    scenario: Scenario,
    plan: StudyPlan,
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    uncertain: bool = False,
    metrics: Sequence[str] = DEFAULT,
    replay: str = "",
) -> Swept:
    """Return what is swept, every point checked."""
    base, *chosen = choose_sweep_arms(scenario, arms, baseline) or [""]
    swept = Swept(
        scenario=scenario,
        scenarios=plan.scenarios,
        design=plan.points,
        base=base,
        arms=tuple(chosen),
        kind=PARAMETERS if uncertain else CHANCE,
        seed=scenario.seed,
        metrics=tuple(dict.fromkeys(metrics)),
        replay=replay or shlex.join(["narrate", "run", scenario.name]),
    )
    check_sweep(swept)
    return swept


def check_until(swept: Swept, asked: Asked) -> None:
    """Refuse a column that the rows do not have, or a width that nothing reaches."""
    if asked.until is None:
        return
    check_metric(swept, asked.until.column)
    if not asked.until.half > 0.0:
        raise InputError(f"--until: the half-width must be above 0 (got {asked.until.half!r})")


def describe_sweep(swept: Swept, keep: Keep, asked: Asked) -> dict[str, pd.DataFrame]:
    """Return the tables that follow from the rows.

    Summary and comparison are empty for very many points.
    """
    rows = keep.rows()
    found = {"design": swept.design, "failures": sweep_tables.failures(swept, rows)}
    if asked.until is not None:
        found["until"] = until_table(swept, rows, *asked.until, asked.replicates)
    if len(swept.design) > sweep_tables.MOST_POINTS:
        return found | {name: frames.empty(name) for name in ("summary", "comparison")}
    return found | sweep_tables.describe_points(swept, rows)._asdict()


def choose_sweep_arms(
    scenario: Scenario, arms: Sequence[str] | None, baseline: str | None
) -> list[str]:
    """Return the baseline and the arms beside it, checked; none for a scenario without arms.

    As in a comparison, but the baseline alone is allowed: there is then no effect to report.
    """
    if not scenario.arms:
        if arms:
            raise InputError(f"arms: scenario {scenario.name} has no arms")
        return []
    base = baseline or scenario.baseline
    if arms is not None and set(arms) == {base} and base in scenario.arms:
        return [base]
    base, chosen = choose_arms(scenario, arms, baseline)
    return [base, *chosen]


def read_until(given: tuple[str, float] | None) -> Until | None:
    """Return the column and the half-width that are asked for from Python.

    Raises
    ------
    InputError
        Where they are no such pair.
    """
    if given is None:
        return None
    if isinstance(given, str) or len(given) != 2:
        reason = "must be a column and a half-width, such as ('effect.window.lead', 0.001)"
        raise InputError(Problem("until", reason, repr(given)))
    return Until(arguments.word("until", given[0]), arguments.finite_number("until", given[1]))
