"""One block of pairs: run in every arm, measured, described column by column.

A block is a fixed number of replicates, whatever the threads or the engine, so that statistics
joined in block order never depend on either.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.statistics import (
    PairMoments,
    Part,
    described,
    pair_moments,
    window_means,
)
from sim.running.executing import (
    Batch,
    Progress,
    Replicates,
    Simulate,
    failure_row,
    sampled_lanes,
    switch_off,
)
from sim.running.pairing import NEVER, first_divergence
from sim.tables import metrics
from sim.world.arrays import Bools, Diplomacy, Floats, Ints, World

CHANCE, PARAMETERS = "chance", "parameters"
ANY = "any"
ANSWERS = ("neither", "first", "second", "both")
COMPARISON_METRICS = (
    "alignment", "sympathy", "regard", "lead", "alignment_shift", "tension", "incidents",
    "mediation", "accepted", "polarization", "wedge",
)  # fmt: skip
CHANNEL_METRICS = ("alignment", "sympathy", "lead", "tension", "incidents")
WHOLE_NUMBER_METRICS = (
    "incidents",
    "mediation",
    "accepted",
)  # metrics that are whole numbers on each day
# Channels of mediation, each with the coefficients that are 0 when it is off (section 6)
CHANNELS = {
    "parity": ("parity",),
    "goodwill": ("goodwill",),
    "impartiality": ("impartiality",),
    "calming": ("calming",),
}
LARGEST, FEWEST, MEMORY = 256, 16, 2**27  # runs of a block; bytes its metrics may take


class PairBlock(NamedTuple):
    """Some replicates of one kind of uncertainty; ``alone`` where there are no others."""

    uncertainty: str
    replicates: Replicates
    alone: bool


class RowGroup(NamedTuple):
    """Which rows of which table: each kept day, or the window by answers where that is given."""

    table: str
    uncertainty: str
    arm: str
    metric: str
    answers: str = ""
    channel: str = ""


class MetricColumns(NamedTuple):
    """One metric as columns: values[t, column, run] and their keys."""

    name: str
    values: Floats
    keys: list[tuple[str, str]]  # actor, toward


@dataclass
class BlockResult:
    """What one block says."""

    parts: dict[RowGroup, Part] = field(default_factory=dict)
    moments: dict[RowGroup, PairMoments] = field(default_factory=dict)
    diverged: dict[RowGroup, Ints] = field(default_factory=dict)
    runs: list[pd.DataFrame] = field(default_factory=list)
    failures: list[dict[str, str]] = field(default_factory=list)
    offered: set[tuple[str, str]] = field(default_factory=set)  # uncertainty, arm


@dataclass(frozen=True)
class ComparisonDesign:
    """What is compared with what, and which days are kept."""

    base: str
    worlds: dict[str, World]  # of the baseline and every arm
    certain: dict[str, Lanes]  # each one's own numbers
    seed: int
    days: list[int]
    channels: bool
    replay: str  # command that runs the scenario once
    held: tuple[str, ...] = ()  # parameters that are not drawn

    def describe(self, block: PairBlock, simulate: Simulate, progress: Progress) -> BlockResult:
        """Run and describe the baseline and the arms of one block."""
        found = BlockResult()
        exact, kind = block.alone, block.uncertainty

        def run(name: str, numbers: Lanes, held: Diplomacy | None = None) -> Batch:
            return simulate(
                self.worlds[name], numbers, self.seed, block.replicates, held, progress=progress
            )

        base = run(self.base, self._numbers(self.base, block))
        without_it = metric_columns(base, self.worlds[self.base])
        self._levels(found, block, self.base, base, base, without_it)
        for name, world in self.worlds.items():
            if name == self.base:
                continue
            numbers = self._numbers(name, block)
            batch = run(name, numbers)
            with_it = metric_columns(batch, world)
            self._levels(found, block, name, batch, base, with_it)
            window = offer_window(batch, world)
            self._effects(found, block, name, with_it, without_it, window,
                          batch.finite & base.finite, answers(batch))  # fmt: skip
            if batch.record.diplomacy.offered.any():
                found.offered.add((kind, name))
            if not (self.channels and world.policy != "none"):
                continue
            whole = [column for column in with_it if column.name in CHANNEL_METRICS]
            for channel, off in CHANNELS.items():
                cut = run(name, switch_off(numbers, *off), batch.record.diplomacy)
                lost = [
                    column._replace(values=column.values - less.values)
                    for column, less in zip(
                        whole, metric_columns(cut, world, CHANNEL_METRICS), strict=True
                    )
                ]
                good = batch.finite & cut.finite
                for column in lost:
                    rows = RowGroup("channels", kind, name, column.name, "", channel)
                    self._days(found, rows, column, good, exact)
                    means, some = _window_means(column, window, good)
                    if some.any():
                        found.parts[rows._replace(answers=ANY)] = described(
                            means[:, some], exact=exact
                        )
        return found

    def _numbers(self, name: str, block: PairBlock) -> Lanes:
        if block.uncertainty == CHANCE:
            return self.certain[name]
        return sampled_lanes(self.worlds[name], self.seed, block.replicates, self.held)

    def _days(
        self, found: BlockResult, rows: RowGroup, column: MetricColumns, good: Bools, exact: bool
    ) -> None:
        if good.any():
            values = self._select_days(column.values, good)
            found.parts[rows] = described(values, column.name in WHOLE_NUMBER_METRICS, exact)

    def _levels(
        self, found: BlockResult, block: PairBlock, name: str, batch: Batch, base: Batch,
        levels: list[MetricColumns],
    ) -> None:  # fmt: skip
        """Parts of ``summary``, rows of ``runs`` and ``failures`` for one arm."""
        for column in levels:
            rows = RowGroup("summary", block.uncertainty, name, column.name)
            self._days(found, rows, column, batch.finite, block.alone)
        lead = next(column for column in levels if column.name == "lead").values[-1, 0]
        found.runs.append(_runs_table(self.worlds[name], self.seed, block, batch, base, lead))
        found.failures += self._failures(name, block, batch)

    def _effects(
        self, found: BlockResult, block: PairBlock, name: str, with_it: list[MetricColumns],
        without_it: list[MetricColumns], window: tuple[Ints, Ints], good: Bools, who: Ints,
    ) -> None:  # fmt: skip
        """Parts of ``comparison``: every kept day for all pairs; the window also by answers."""
        if not good.any():
            return
        for arm, base in zip(with_it, without_it, strict=True):
            rows = RowGroup("comparison", block.uncertainty, name, arm.name)
            found.diverged[rows] = first_divergence(
                _select_runs(arm.values, good), _select_runs(base.values, good)
            )
            days, base_days = (self._select_days(one.values, good) for one in (arm, base))
            whole = arm.name in WHOLE_NUMBER_METRICS
            self._pairs(found, rows, days, base_days, whole, block.alone)
            means, some = _window_means(arm, window, good)
            base_means, _ = _window_means(base, window, good)
            for label, member in _group_by_answers(who, some):
                self._pairs(found, rows._replace(answers=label), means[:, member],
                            base_means[:, member], False, block.alone)  # fmt: skip

    def _pairs(
        self,
        found: BlockResult,
        rows: RowGroup,
        arm: Floats,
        base: Floats,
        whole: bool,
        exact: bool,
    ) -> None:
        found.parts[rows] = described(arm - base, whole, exact)
        found.moments[rows] = pair_moments(arm, base)

    def _select_days(self, values: Floats, good: Bools) -> Floats:
        """values[t, column, run] of the kept days and good runs, [day and column, run]."""
        rows = len(values)
        days = [day for day in self.days if day < rows]
        kept = _select_runs(values if len(days) == rows else values[days], good)
        return kept.reshape(-1, kept.shape[-1])

    def _failures(self, name: str, block: PairBlock, batch: Batch) -> Iterator[dict[str, str]]:
        arm = ["--arm", name] if name else []
        flags = ["--uncertain"] if block.uncertainty == PARAMETERS else []
        flags += ["--hold", ",".join(self.held)] if flags and self.held else []
        for run, message in sorted(batch.errors.items()):
            replicate = str(block.replicates[run])
            words = [*arm, "--seed", str(self.seed), "--replicate", replicate, *flags]
            yield failure_row(
                f"{self.worlds[name].names.arm}-{block.uncertainty}-{replicate}", message,
                f"{self.replay} {shlex.join(words)}",
            )  # fmt: skip


def block_size(world: World) -> int:
    """Replicates of a block: fewer where the metrics of one would take much memory."""
    count = sum(len(keys_of(name, world)) for name in COMPARISON_METRICS) * (world.steps + 1)
    return max(FEWEST, min(LARGEST, MEMORY // (8 * count) // FEWEST * FEWEST))


def keys_of(name: str, world: World) -> list[tuple[str, str]]:
    """(actor, toward) of each column of a metric."""
    metric = metrics.METRICS[name]
    return [
        (actor, toward)
        for actor in metric.actors(world.names)
        for toward in metric.toward(world.names)
    ]


def metric_columns(
    batch: Batch, world: World, names: Sequence[str] = COMPARISON_METRICS
) -> list[MetricColumns]:
    """The metrics of a batch, flattened to columns."""
    found = []
    for name in names:
        values = np.moveaxis(metrics.values(name, batch.record, world), 0, -1)
        keys = keys_of(name, world)
        flat = np.ascontiguousarray(values).reshape(len(values), len(keys), values.shape[-1])
        found.append(MetricColumns(name, flat, keys))
    return found


def answers(batch: Batch) -> Ints:
    """Who accepted the first offer of each run: 0 neither .. 3 both (ANSWERS); -1 no offer."""
    offered, accepted = batch.record.diplomacy
    made, first = offered.any(axis=1), offered.argmax(axis=1)
    at = accepted[np.arange(len(first)), first]
    both: Ints = np.where(made, at[:, 0] + 2 * at[:, 1], -1).astype(np.int64)
    return both


def offer_window(batch: Batch, world: World) -> tuple[Ints, Ints]:
    """Rows on which the first offer of each run has acted: t + 2 .. t + 1 + its length."""
    offered = batch.record.diplomacy.offered
    first = np.where(offered.any(axis=1), offered.argmax(axis=1), world.steps)
    length = int(world.parameters.mediation_length)
    return first + 2, np.minimum(first + 1 + length, world.steps)


def _window_means(
    column: MetricColumns, window: tuple[Ints, Ints], good: Bools
) -> tuple[Floats, Bools]:
    """Means over each run's window, [column, run], and which good runs have one."""
    first, last = window
    ends = np.minimum(last, len(column.values) - 1)
    return window_means(column.values, first, ends), good & (first <= ends)


def _select_runs(values: Floats, good: Bools) -> Floats:
    """The good runs (last axis); no copy where all are."""
    return values if good.all() else values[..., good]


def _group_by_answers(who: Ints, member: Bools) -> list[tuple[str, Bools]]:
    groups = [(ANY, member)]
    groups += [(label, member & (who == code)) for code, label in enumerate(ANSWERS)]
    return [(label, chosen) for label, chosen in groups if chosen.any()]


def _runs_table(
    world: World, seed: int, block: PairBlock, batch: Batch, base: Batch, lead: Floats
) -> pd.DataFrame:
    numbers = block.replicates.tolist()
    return pd.DataFrame(
        {
            "run_id": [f"{world.names.arm}-{block.uncertainty}-{number}" for number in numbers],
            "scenario": world.names.scenario,
            "arm": world.names.arm,
            "uncertainty": block.uncertainty,
            "replicate": block.replicates.astype(np.int64),
            "seed": seed,
            **run_facts(batch, base),
            "lead": lead,
        }
    )


def run_facts(batch: Batch, base: Batch) -> dict[str, npt.NDArray[Any]]:
    """What is said of each run as a whole, and when it parted from the run of ``base``."""
    record = batch.record
    with np.errstate(invalid="ignore"):
        differs = (record.sympathy != base.record.sympathy).any(axis=(2, 3))
        differs |= record.tension != base.record.tension
    return {
        "answers": np.array([*ANSWERS, "no offer"], dtype=object)[answers(batch)],
        "offers": record.diplomacy.offered.sum(axis=1),
        "incidents": record.incidents.sum(axis=(1, 2)),
        "peak_tension": record.tension.max(axis=1),
        "first_divergence_step": np.where(differs.any(axis=1), differs.argmax(axis=1), NEVER),
    }
