"""One block of pairs: run in every arm, measured, described column by column.

A block is a fixed number of replicates, whatever the threads or the engine, so that statistics
joined in block order never depend on either. Which blocks there are and how their descriptions
are joined is in ``sim.studies.compare``; what pairs of arms are described by is in ``pairing``.

Array axes: t day, run (or pair), column (a metric's actor and toward, flattened).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.engines.ensemble import statistics
from sim.engines.ensemble.plan import Lanes
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
from sim.world.roles import may_offer

CHANCE, PARAMETERS = "chance", "parameters"
ANY = "any"
ANSWERS = ("neither", "first", "second", "both")
OPINION_METRICS = ("alignment", "sympathy", "regard", "lead", "alignment_shift")
CRISIS_METRICS = ("tension", "incidents", "mediation", "accepted")
COMPARISON_METRICS = (*OPINION_METRICS, *CRISIS_METRICS, "polarization", "wedge")
CHANNEL_METRICS = ("alignment", "sympathy", "lead", "tension", "incidents")
WHOLE_NUMBER_METRICS = ("incidents", "mediation", "accepted")  # on each day
# Channels of mediation, each off where the coefficient of its name is 0 (section 6)
CHANNELS = ("parity", "goodwill", "impartiality", "calming")
LARGEST, FEWEST, MEMORY = 256, 16, 2**27  # runs of a block; bytes its metrics may take


class PairBlock(NamedTuple):
    """Some replicates of one kind of uncertainty, run in every arm.

    Attributes
    ----------
    uncertainty
        ``CHANCE``: the parameters are the scenario's; ``PARAMETERS``: each replicate has its own.
    replicates
        Their numbers, which key all draws.
    alone
        Whether there are no others of the kind; quantiles are exact then.
    """

    uncertainty: str
    replicates: Replicates
    alone: bool


class RowGroup(NamedTuple):
    """Which rows of which table: a metric of an arm, in one kind of uncertainty.

    With ``answers`` they are means over the window, of the pairs with these answers; without,
    one row for each kept day. ``channel`` is that of a row of ``channels``.
    """

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


class ArmRuns(NamedTuple):
    """The runs of a block in one arm, and what is measured of them."""

    name: str
    world: World
    batch: Batch
    columns: list[MetricColumns]


@dataclass
class BlockResult:
    """What one block says.

    Attributes
    ----------
    parts, moments
        Descriptions of levels or differences, and second moments of arm and baseline, by rows.
    diverged
        The first row at which some pair differs, [column]; ``pairing.NEVER`` where none does.
    runs, failures
        Rows of the two tables.
    offered
        Uncertainty and arm where the mediator made an offer in some run.
    """

    parts: dict[RowGroup, statistics.BlockSummary] = field(default_factory=dict)
    moments: dict[RowGroup, statistics.PairMoments] = field(default_factory=dict)
    diverged: dict[RowGroup, Ints] = field(default_factory=dict)
    runs: list[pd.DataFrame] = field(default_factory=list)
    failures: list[dict[str, str]] = field(default_factory=list)
    offered: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class ComparisonDesign:
    """What is compared with what, and which days are kept.

    Attributes
    ----------
    base
        Name of the baseline.
    worlds, certain
        World and own numbers of the baseline and of every arm, by name.
    days
        Days that are kept, of 0..T.
    channels
        Whether each arm with mediation is also run with one channel off at a time.
    replay
        Command that runs the scenario once.
    held
        Parameters that stay as they are where the others are drawn.
    """

    base: str
    worlds: dict[str, World]
    certain: dict[str, Lanes]
    seed: int
    days: list[int]
    channels: bool
    replay: str
    held: tuple[str, ...] = ()

    def describe(self, block: PairBlock, simulate: Simulate, progress: Progress) -> BlockResult:
        """Run and describe the baseline and the arms of one block.

        The answers of a run with a channel off are held at those of the arm: a channel is what
        the offer does, not who accepts it.
        """
        describer = _BlockDescriber(self, block)

        def run(name: str, numbers: Lanes, held: Diplomacy | None = None) -> ArmRuns:
            measured = COMPARISON_METRICS if held is None else CHANNEL_METRICS
            world = self.worlds[name]
            batch = simulate(world, numbers, self.seed, block.replicates, held, progress=progress)
            return ArmRuns(name, world, batch, metric_columns(batch, world, measured))

        base = run(self.base, self._numbers(self.base, block))
        describer.add_levels(base, base)
        for name, world in self.worlds.items():
            if name == self.base:
                continue
            numbers = self._numbers(name, block)
            arm = run(name, numbers)
            describer.add_levels(arm, base)
            describer.add_effects(arm, base)
            if not (self.channels and may_offer(world)):
                continue
            for channel in CHANNELS:
                answered = arm.batch.record.diplomacy
                cut = run(name, switch_off(numbers, channel), answered)
                describer.add_channel(channel, arm, cut)
        return describer.result

    def _numbers(self, name: str, block: PairBlock) -> Lanes:
        """An arm's own numbers, or each replicate's where they are drawn."""
        if block.uncertainty == CHANCE:
            return self.certain[name]
        return sampled_lanes(self.worlds[name], self.seed, block.replicates, self.held)


class _BlockDescriber:
    """Collects what a block says, arm after arm."""

    def __init__(self, design: ComparisonDesign, block: PairBlock) -> None:
        self.design, self.block, self.result = design, block, BlockResult()

    def add_levels(self, arm: ArmRuns, base: ArmRuns) -> None:
        """Parts of ``summary``, rows of ``runs`` and ``failures`` for one arm."""
        for column in arm.columns:
            self._add_days(self._rows("summary", arm, column), column, arm.batch.finite)
        self.result.runs.append(self._runs_table(arm, base))
        self.result.failures += self._failures(arm)

    def add_effects(self, arm: ArmRuns, base: ArmRuns) -> None:
        """Parts of ``comparison``: every kept day for all pairs; the window also by answers."""
        if arm.batch.record.diplomacy.offered.any():
            self.result.offered.add((self.block.uncertainty, arm.name))
        good = arm.batch.finite & base.batch.finite
        if not good.any():
            return
        who, window = answers(arm.batch), offer_window(arm.batch, arm.world)
        for own, theirs in zip(arm.columns, base.columns, strict=True):
            rows = self._rows("comparison", arm, own)
            both = [_select_runs(one.values, good) for one in (own, theirs)]
            self.result.diverged[rows] = first_divergence(*both)
            days, base_days = (self._select_days(one.values, good) for one in (own, theirs))
            self._add_pairs(rows, days, base_days, own.name in WHOLE_NUMBER_METRICS)
            means, some = _window_means(own, window, good)
            base_means, _ = _window_means(theirs, window, good)
            groups = {label: some & (who == code) for code, label in enumerate(ANSWERS)}
            for label, member in ({ANY: some} | groups).items():
                if member.any():
                    group = rows._replace(answers=label)
                    self._add_pairs(group, means[:, member], base_means[:, member], False)

    def add_channel(self, channel: str, arm: ArmRuns, cut: ArmRuns) -> None:
        """Parts of ``channels``: what the arm loses where the channel is ``cut``."""
        good, window = arm.batch.finite & cut.batch.finite, offer_window(arm.batch, arm.world)
        whole = [column for column in arm.columns if column.name in CHANNEL_METRICS]
        for column, less in zip(whole, cut.columns, strict=True):
            lost = column._replace(values=column.values - less.values)
            rows = self._rows("channels", arm, column)._replace(channel=channel)
            self._add_days(rows, lost, good)
            means, some = _window_means(lost, window, good)
            if some.any():
                part = statistics.describe_block(means[:, some], exact=self.block.alone)
                self.result.parts[rows._replace(answers=ANY)] = part

    def _rows(self, table: str, arm: ArmRuns, column: MetricColumns) -> RowGroup:
        return RowGroup(table, self.block.uncertainty, arm.name, column.name)

    def _add_days(self, rows: RowGroup, column: MetricColumns, good: Bools) -> None:
        """Describe a metric on each kept day."""
        if good.any():
            values = self._select_days(column.values, good)
            whole = column.name in WHOLE_NUMBER_METRICS
            self.result.parts[rows] = statistics.describe_block(values, whole, self.block.alone)

    def _add_pairs(self, rows: RowGroup, arm: Floats, base: Floats, whole: bool) -> None:
        """Describe the differences and the second moments of arm and baseline, [column, pair]."""
        exact = self.block.alone
        self.result.parts[rows] = statistics.describe_block(arm - base, whole, exact)
        self.result.moments[rows] = statistics.pair_moments(arm, base)

    def _select_days(self, values: Floats, good: Bools) -> Floats:
        """values[t, column, run] of the kept days and good runs, [day and column, run]."""
        rows = len(values)
        days = [day for day in self.design.days if day < rows]
        kept = _select_runs(values if len(days) == rows else values[days], good)
        return kept.reshape(-1, kept.shape[-1])

    def _failures(self, arm: ArmRuns) -> Iterator[dict[str, str]]:
        """One row for each run that left the finite numbers, with the command that repeats it."""
        design, kind = self.design, self.block.uncertainty
        words = ["--arm", arm.name] if arm.name else []
        flags = ["--uncertain"] if kind == PARAMETERS else []
        flags += ["--hold", ",".join(design.held)] if flags and design.held else []
        for run, message in sorted(arm.batch.errors.items()):
            replicate = str(self.block.replicates[run])
            key = ["--seed", str(design.seed), "--replicate", replicate]
            command = f"{design.replay} {shlex.join([*words, *key, *flags])}"
            yield failure_row(f"{arm.world.names.arm}-{kind}-{replicate}", message, command)

    def _runs_table(self, arm: ArmRuns, base: ArmRuns) -> pd.DataFrame:
        """One row a run of the arm."""
        names, kind, numbers = arm.world.names, self.block.uncertainty, self.block.replicates
        lead = next(column for column in arm.columns if column.name == "lead")
        return pd.DataFrame(
            {
                "run_id": [f"{names.arm}-{kind}-{number}" for number in numbers.tolist()],
                "scenario": names.scenario,
                "arm": names.arm,
                "uncertainty": kind,
                "replicate": numbers.astype(np.int64),
                "seed": np.uint64(self.design.seed),
                **run_facts(arm.batch, base.batch),
                "lead": lead.values[-1, 0],
            }
        )


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
    """First and last row, [run] each, on which the first offer of a run has acted.

    An offer of day t acts from day t + 1 on, so rows t + 2 .. t + 1 + its length show it; the
    last lies within the run, and is that of the day on which the role of mediator passes on.
    Without an offer the first row is past the last.
    """
    offered = batch.record.diplomacy.offered
    first = np.where(offered.any(axis=1), offered.argmax(axis=1), world.steps)
    length = int(world.parameters.mediation_length)
    ends = np.array([*(role.first_day for role in world.later_roles), world.steps])
    lapses = ends[np.minimum(np.searchsorted(ends, first, side="right"), len(ends) - 1)]
    return first + 2, np.minimum(first + 1 + length, lapses)


def _window_means(
    column: MetricColumns, window: tuple[Ints, Ints], good: Bools
) -> tuple[Floats, Bools]:
    """Means over each run's window, [column, run], and which good runs have one."""
    first, last = window
    ends = np.minimum(last, len(column.values) - 1)
    return statistics.window_means(column.values, first, ends), good & (first <= ends)


def _select_runs(values: Floats, good: Bools) -> Floats:
    """The good runs (last axis); no copy where all are."""
    return values if good.all() else values[..., good]


def run_facts(batch: Batch, base: Batch) -> dict[str, npt.NDArray[Any]]:
    """Facts of each run as a whole, [run] each, and when it parted from the run of ``base``.

    Keys: ``answers`` (``ANSWERS`` or "no offer", to the first offer), ``offers``, ``incidents``
    (of both sides), ``peak_tension``, ``first_divergence_step`` (``NEVER`` where it never parts).
    """
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
