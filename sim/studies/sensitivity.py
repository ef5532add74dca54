"""What an effect depends on: all parameters screened, then Sobol's indices of those that matter.

Screening (Morris) costs one run more than there are parameters for each trajectory, so all can be
moved; indices (Sobol) say how much of the variance each makes, but cost many more points. So a
parameter is left out of the second sweep, and stays at the scenario's value there, where even the
upper end of the interval of its mean elementary effect is below ``REACH`` times the largest one:
its share of the variance is then of the order of ``REACH`` squared, a hundredth of the largest's.
At most ``MOST`` are kept, the largest ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.errors import InputError
from sim.estimators.morris import MOST, elementary_effects, influential_parameters
from sim.estimators.sobol import sobol_indices
from sim.running.sweeps.keeping import Keep
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.studies.designs import factors, sampling
from sim.studies.question import Question, Work, carried_out, values_at
from sim.tables import frames

TRAJECTORIES, SAMPLES = 40, 512
LEAST_REPLICATES = 3  # to tell the parameters from chance
MORRIS, SOBOL = "morris", "sobol"


@dataclass(frozen=True)
class Sizes:
    """Trajectories of the screening, base points of the indices; 0: not done."""

    trajectories: int = TRAJECTORIES
    samples: int = SAMPLES


@dataclass(frozen=True)
class Dependence:
    """What ``sensitivity`` found. ``kept`` are the keys that the indices are of."""

    question: Question
    sizes: Sizes
    scenario: Scenario
    of: str
    arm: str
    baseline: str
    sensitivity: pd.DataFrame
    shares: pd.DataFrame
    kept: tuple[str, ...]
    crowded_out: tuple[str, ...]  # of those that matter, past ``MOST``
    runs_done: int
    failed: int
    left_out: int  # base points with a failed run


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
        return question.swept(MORRIS, sizes.trajectories)
    return question.swept(factors.SALTELLI, sizes.samples)


def most_runs(question: Question, sizes: Sizes, swept: Swept) -> int:
    """Runs of the whole study at most; ``swept`` is its first sweep."""
    arms = 1 + len(swept.arms)
    points = len(swept.design)
    if sizes.trajectories and sizes.samples:
        points += sizes.samples * (min(len(question.parameters), MOST) + 2)
    return points * arms * question.replicates


def depend(question: Question, sizes: Sizes, work: Work, first: Swept | None = None) -> Dependence:
    """Screen, choose, decompose; ``first`` is what :func:`first_sweep` gave, if it is at hand."""
    first = first or first_sweep(question, sizes)
    seed = question.scenario.seed
    tables: list[pd.DataFrame] = []
    shares = frames.empty("shares")
    kept, crowded_out = tuple(first.keys), tuple[str, ...]()
    done: list[tuple[Swept, Keep]] = []
    left_out = 0
    if sizes.trajectories:
        keep = carried_out(question, MORRIS, first, work)
        done.append((first, keep))
        values = values_at(first, keep.rows(), question.of, question.arm)
        levels = levels_of(question)
        found = elementary_effects(first.design, {question.of: values}, levels=levels, seed=seed)
        tables.append(found)
        kept, crowded_out = influential_parameters(found)
    if sizes.samples and kept:
        swept = first
        if sizes.trajectories:
            swept = question.swept(factors.SALTELLI, sizes.samples, kept)
        keep = carried_out(question, SOBOL, swept, work)
        done.append((swept, keep))
        values = values_at(swept, keep.rows(), question.of, question.arm)
        parts = sobol_indices(swept.design, {question.of: values}, seed=seed)
        tables.append(parts.indices)
        shares, left_out = parts.shares, parts.left_out[question.of]
    runs = sum(keep.pairs * (1 + len(swept.arms)) for swept, keep in done)
    failed = sum(_failed(keep) for _, keep in done)
    return Dependence(
        question, sizes, question.scenario, question.of, question.arm, question.baseline,
        pd.concat(tables, ignore_index=True), shares, kept, crowded_out, runs, failed, left_out,
    )  # fmt: skip


def levels_of(question: Question) -> int:
    """Levels of the screening's design; to try all ranges once more would take seconds."""
    lists = {
        key: given for key, given in question.parameters.items()
        if not (isinstance(given, str) and ":" in given)
    }  # fmt: skip
    return sampling.morris_levels(
        list(factors.read_factors(lists, {"": question.scenario}, sampled=True).values())
    )


def _failed(keep: Keep) -> int:
    return sum(int((piece["failed"] != "").sum()) for piece in keep.rows().pieces(["failed"]))
