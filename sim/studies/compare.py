"""Arms of a scenario on the same draws: what mediation changes, and through what.

For each of two kinds of uncertainty, apart: *chance* (the scenario's parameters, the draws vary)
and *parameters* (each pair also draws every parameter that is neither fixed nor held and every
judgement; the same in all arms). Within a pair the arms share every draw, so they are
bit-identical until the first difference in what they do.

Pairs are run and described in blocks, and the descriptions joined: memory does not grow with the
pairs, but for the table of runs.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.engines.ensemble.statistics import PairMoments, Statistics, joined
from sim.errors import InputError
from sim.running.blocks import (
    CHANCE,
    PARAMETERS,
    BlockResult,
    ComparisonDesign,
    PairBlock,
    RowGroup,
    block_size,
)
from sim.running.comparison_tables import ComparisonTables
from sim.running.executing import Progress, certain_lanes, choose_engine, open_engine
from sim.running.pairing import earlier
from sim.running.streaming import run_jobs
from sim.scenario.holding import check_held
from sim.scenario.scenario import Scenario
from sim.world.arrays import Ints
from sim.world.building import build

PRECISION = 0.001  # half-width of the Monte Carlo interval that "pairs needed" is said for
Keep = Callable[[pd.DataFrame], None]


@dataclass(frozen=True)
class Comparison:
    """What ``compare`` returns: data frames as docs/columns.md describes them."""

    scenario: Scenario
    arms: tuple[str, ...]
    baseline: str
    seed: int
    pairs: dict[str, int]
    summary: pd.DataFrame
    comparison: pd.DataFrame
    channels: pd.DataFrame
    runs: pd.DataFrame
    failures: pd.DataFrame
    pairs_needed: dict[str, int] = field(default_factory=dict)


def compare(
    scenario: Scenario,
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    pairs: int = 200,
    uncertain_pairs: int | None = None,
    seed: int | None = None,
    engine: str = "ensemble",
    channels: bool = True,
    every: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
    replay: str = "",
    held: Sequence[str] = (),
) -> Comparison:
    """Compare arms with the baseline, pair by pair.

    ``pairs`` for chance, ``uncertain_pairs`` for parameters (the same number where None, none at
    0). ``every`` keeps each so-many-th day in the tables, and the last. ``replay`` is the command
    that runs the scenario once, for the list of failures (default: by the scenario's name).
    ``held`` are parameters that stay as they are where the others are drawn.
    """
    check_held(held)
    base, chosen = chosen_arms(scenario, arms, baseline)
    engine = choose_engine(engine, (scenario.arm(name) for name in (base, *chosen)))
    counts = {CHANCE: pairs, PARAMETERS: pairs if uncertain_pairs is None else uncertain_pairs}
    study = Comparing(scenario, base, chosen, counts, seed, channels, every, replay, held=held)
    carry_out([study], engine, jobs, progress)
    return study.result()


def carry_out(
    studies: Iterator[Comparing] | Sequence[Comparing],
    engine: str,
    jobs: int | None = None,
    progress: Progress | None = None,
    ended: Callable[[Comparing], None] | None = None,
) -> None:
    """Run comparisons, one block after the other, on all threads; ``ended`` is told of each.

    What interrupts it leaves every comparison with the pairs that were done.
    """

    def work(job: tuple[Comparing, PairBlock], progress: Progress) -> BlockResult:
        study, block = job
        return study.design.describe(block, simulate, progress)

    def merge(job: tuple[Comparing, PairBlock], found: BlockResult) -> None:
        study, block = job
        study.merge(block, found)
        if ended is not None and study.done == study.asked:
            ended(study)

    with open_engine(engine, jobs) as (simulate, threads):
        blocks = ((study, block) for study in studies for block in study.blocks())
        run_jobs(blocks, work, merge, threads, progress)


class Comparing:
    """A comparison under way: blocks to do, and what those that are done say together.

    ``counts`` says how many pairs of each kind; ``base`` may be "" for a scenario without arms,
    which is then described by itself. ``keep`` takes rows of ``runs`` as they come, in order,
    where they are not to be held for the result.
    """

    def __init__(
        self,
        scenario: Scenario,
        base: str,
        chosen: Sequence[str],
        counts: Mapping[str, int],
        seed: int | None = None,
        channels: bool = True,
        every: int = 1,
        replay: str = "",
        keep: Keep | None = None,
        held: Sequence[str] = (),
    ) -> None:
        self.scenario, self.counts = scenario, dict(counts)
        seed = scenario.seed if seed is None else seed
        worlds = {
            name: build(scenario.arm(name) if name else scenario) for name in (base, *chosen)
        }
        self.design = ComparisonDesign(
            base, worlds, {name: certain_lanes(world) for name, world in worlds.items()}, seed,
            sorted({*range(0, scenario.steps + 1, every), scenario.steps}), channels,
            replay or shlex.join(["narrate", "run", scenario.name]), tuple(held),
        )  # fmt: skip
        self._statistics: dict[RowGroup, Statistics] = {}
        self._moments: dict[RowGroup, PairMoments] = {}
        self._diverged: dict[RowGroup, Ints] = {}
        self._offered: set[tuple[str, str]] = set()
        self._runs: list[pd.DataFrame] = []
        self._failures: list[dict[str, str]] = []
        self._keep = self._runs.append if keep is None else keep
        self.pairs = dict.fromkeys(self.counts, 0)  # done

    @property
    def asked(self) -> int:
        """Pairs to do."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Pairs that are done."""
        return sum(self.pairs.values())

    @property
    def failed(self) -> int:
        """Runs that left the finite numbers."""
        return len(self._failures)

    def blocks(self) -> Iterator[PairBlock]:
        """The pairs to do, in blocks."""
        size = block_size(self.design.worlds[self.design.base])
        for uncertainty, count in self.counts.items():
            for first in range(0, count, size):
                replicates = np.arange(first, min(first + size, count), dtype=np.uint64)
                yield PairBlock(uncertainty, replicates, count <= size)

    def merge(self, block: PairBlock, found: BlockResult) -> None:
        """Take in what the next block says."""
        for rows, part in found.parts.items():
            if rows in self._statistics:
                self._statistics[rows].add(part)
            else:
                self._statistics[rows] = Statistics(part)
        for rows, moments in found.moments.items():
            known = self._moments.get(rows)
            self._moments[rows] = moments if known is None else joined(known, moments)
        for rows, day in found.diverged.items():
            self._diverged[rows] = earlier(self._diverged.get(rows, day), day)
        self._offered |= found.offered
        for frame in found.runs:
            self._keep(frame)
        self._failures += found.failures
        self.pairs[block.uncertainty] += len(block.replicates)
        if self.pairs[block.uncertainty] == self.counts[block.uncertainty]:
            for rows, statistics in self._statistics.items():
                if rows.uncertainty == block.uncertainty:
                    statistics.settle()

    def result(self) -> Comparison:
        """The tables of the pairs that are done."""
        tables = ComparisonTables(self.scenario, self.design, self._diverged)
        known = {
            rows: statistics
            for rows, statistics in self._statistics.items()
            # where nobody ever offers there are no channels of mediation to speak of
            if rows.table != "channels" or (rows.uncertainty, rows.arm) in self._offered
        }
        chosen = tuple(name for name in self.design.worlds if name != self.design.base)
        return Comparison(
            self.scenario, chosen, self.design.base, self.design.seed, self.pairs,
            tables.summary(known), tables.comparison(known, self._moments),
            tables.channels(known), tables.runs(self._runs), tables.failures(self._failures),
            tables.pairs_needed(known, PRECISION),
        )  # fmt: skip


def chosen_arms(
    scenario: Scenario, arms: Sequence[str] | None, baseline: str | None
) -> tuple[str, list[str]]:
    """The baseline and the arms set against it, checked."""
    base = baseline or scenario.baseline
    known = scenario.arms
    if not known:
        raise InputError(f"arms: scenario {scenario.name} has no arms to compare")
    for name in (base, *(arms or ())):
        if name not in known:
            raise InputError(f"arms: no arm {name!r}; there are {', '.join(known)}")
    wanted = list(dict.fromkeys(known if arms is None else arms))
    chosen = [name for name in wanted if name != base]
    if not chosen:
        raise InputError(f"arms: nothing to set against the baseline {base!r}")
    return base, chosen


__all__ = ["CHANCE", "PARAMETERS", "Comparing", "Comparison", "carry_out", "compare"]
