"""A sweep: every arm at every point of a design, on the same draws at every point."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sim.errors import InputError
from sim.running.blocks import CHANCE, PARAMETERS
from sim.running.executing import choose_engine
from sim.running.sweeps import sweep_tables
from sim.running.sweeps.driving import Asked, Until, Workers, carry_out, local_workers
from sim.running.sweeps.keeping import InMemory, Keep, all_rows
from sim.running.sweeps.sweep_folder import opened
from sim.running.sweeps.swept import DEFAULT, Swept, check_sweep, scenarios
from sim.running.sweeps.until import check_metric, until_table
from sim.scenario.scenario import Scenario
from sim.studies.compare import chosen_arms
from sim.studies.designs import planning
from sim.studies.designs.factors import SAMPLES, Given
from sim.studies.designs.planning import StudyPlan
from sim.tables import frames


@dataclass(frozen=True)
class Sweep:
    """What ``sweep`` returns. Every table has ``point`` and the swept keys as leading columns.

    ``runs`` is read when asked for: it may be large.
    """

    scenario: Scenario
    parameters: tuple[str, ...]
    arms: tuple[str, ...]
    baseline: str
    seed: int
    keep: Keep
    asked: Asked
    tables: Mapping[str, pd.DataFrame]  # those that the rows say, by name

    @property
    def runs(self) -> pd.DataFrame:
        """One row a run, by point and replicate."""
        return all_rows(self.keep)


def sweep(
    scenario: Scenario,
    parameters: Mapping[str, Given],
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    replicates: int = 100,
    design: str = "grid",
    uncertain: bool = False,
    seed: int | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
    replay: str = "",
    samples: int = SAMPLES,
    until: tuple[str, float] | None = None,
    metrics: Sequence[str] = DEFAULT,
    cluster: str | None = None,
    folder: Path | None = None,
    ended: Callable[[Sweep], None] | None = None,
) -> Sweep:
    """Run every arm at every point of the design, ``replicates`` times.

    Parameters
    ----------
    parameters
        Maps a key of the scenario (``parity``, ``switches.noise``, ``mediator.policy``,
        ``claimants.India.effort``, ``scenario`` ...) to its values: a list, or a text as
        ``--param`` takes it (``0:0.6`` is a range, for sampled designs).
    design
        ``grid``, ``zip``, ``lhs``, ``sobol``, ``morris`` or the path of a CSV file;
        ``samples`` says how large a sampled one is.
    uncertain
        Also draw every parameter (around the point's own value) and judgement.
    until
        A column of ``runs`` and a half-width: as many replicates at each point, ``replicates``
        at most, as the 95 % Monte Carlo interval of its mean needs to be that narrow.
    metrics
        Those that ``runs`` keeps.
    cluster
        ``local`` or the address of a Dask scheduler; threads here where None.
    folder
        Where the rows are kept as they come, so that nothing is lost: begun if it is new or
        empty, gone on with if it holds this very sweep. In memory where None.
    ended
        Told of the result while the folder is still held.

    Raises
    ------
    RefusedError
        Where the folder holds something else, or another driver is at work in it.

    Notes
    -----
    All points and arms share their draws by replicate, so differences between points are paired
    too. Tables hold the last day and, for arms with an offer, the mean over the days it acts
    (step -1).
    """
    wanted = arms_of(scenario, arms, baseline)
    plan = planning.plan_study(scenario, parameters, design, samples, seed, wanted)
    swept = planned(scenario, plan, arms, baseline, uncertain, seed, metrics, replay)
    engine = choose_engine(engine, scenarios(swept))
    asked = Asked(replicates, None if until is None else Until(*until))
    check_until(swept, asked)
    workers = workers_of(engine, jobs, cluster)
    if folder is None:
        keep = InMemory()
        carry_out(swept, asked, keep, workers, progress)
        return result(swept, keep, asked)
    with opened(folder, swept, engine, asked) as kept:
        asked = replace(asked, replicates=max(asked.replicates, kept.most))
        carry_out(swept, asked, kept, workers, progress)
        done = result(swept, kept, asked)
        if ended is not None:
            ended(done)
        return done


def workers_of(engine: str, jobs: int | None, cluster: str | None) -> Workers:
    """Threads of this process, or a cluster."""
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


def planned(
    scenario: Scenario,
    plan: StudyPlan,
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    uncertain: bool = False,
    seed: int | None = None,
    metrics: Sequence[str] = DEFAULT,
    replay: str = "",
) -> Swept:
    """What is swept, every point checked."""
    base, *chosen = arms_of(scenario, arms, baseline) or [""]
    swept = Swept(
        scenario, plan.scenarios, plan.points, base, tuple(chosen),
        PARAMETERS if uncertain else CHANCE, scenario.seed if seed is None else seed,
        tuple(dict.fromkeys(metrics)), replay or shlex.join(["narrate", "run", scenario.name]),
    )  # fmt: skip
    check_sweep(swept)
    return swept


def check_until(swept: Swept, asked: Asked) -> None:
    """Refuse a column that the rows do not have, or a width that nothing reaches."""
    if asked.until is None:
        return
    check_metric(swept, asked.until.column)
    if not asked.until.half > 0.0:
        raise InputError(f"--until: the half-width must be above 0 (got {asked.until.half!r})")


def result(swept: Swept, keep: Keep, asked: Asked) -> Sweep:
    """The tables of what is kept, and all rows."""
    return Sweep(
        swept.scenario, tuple(swept.keys), swept.arms, swept.base, swept.seed,
        keep=keep, asked=asked, tables=tables_of(swept, keep, asked),
    )  # fmt: skip


def tables_of(swept: Swept, keep: Keep, asked: Asked) -> dict[str, pd.DataFrame]:
    """The tables that the rows say; summary and comparison are empty for very many points."""
    rows = keep.rows()
    found = {"design": swept.design, "failures": sweep_tables.failures(swept, rows)}
    if asked.until is not None:
        found["until"] = until_table(swept, rows, *asked.until, asked.replicates)
    if len(swept.design) > sweep_tables.MOST_POINTS:
        return found | {name: frames.empty(name) for name in ("summary", "comparison")}
    return found | sweep_tables.describe_points(swept, rows)._asdict()


def arms_of(scenario: Scenario, arms: Sequence[str] | None, baseline: str | None) -> list[str]:
    """The baseline and the arms beside it, checked; none for a scenario without arms.

    As in a comparison, but the baseline alone is allowed: there is then no effect to report.
    """
    if not scenario.arms:
        if arms:
            raise InputError(f"arms: scenario {scenario.name} has no arms")
        return []
    base = baseline or scenario.baseline
    if arms is not None and set(arms) == {base} and base in scenario.arms:
        return [base]
    base, chosen = chosen_arms(scenario, arms, baseline)
    return [base, *chosen]
