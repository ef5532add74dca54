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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.engines.ensemble.statistics import PairMoments, Statistics, join_moments
from sim.errors import InputError, Problem
from sim.running import sizes
from sim.running.blocks import BlockResult, ComparisonDesign, PairBlock, RowGroup, block_size
from sim.running.comparison_tables import ComparisonTables
from sim.running.executing import Progress, certain_lanes, open_engine
from sim.running.pairing import earlier
from sim.running.sizes import StudySize
from sim.running.streaming import run_jobs
from sim.scenario.error_texts import REPEATED, show_text, unknown
from sim.scenario.scenario import Scenario
from sim.store import manifest, memory
from sim.store.recorder import Recorder, Request
from sim.studies.answer import StudyAnswer
from sim.studies.run import write_told
from sim.tables import frames
from sim.world.arrays import Ints
from sim.world.building import build

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRECISION = 0.001  # half-width of the Monte Carlo interval that "pairs needed" is said for
ADVICE = "fewer days (--every), fewer arms (--arms) or --no-channels need less"
Keep = Callable[[pd.DataFrame], None]


@dataclass(frozen=True, eq=False)
class Comparison(StudyAnswer):
    """What ``compare`` returns.

    Attributes
    ----------
    arms
        The arms set against the baseline.
    pairs, pairs_asked
        Pairs done and asked for, by kind of uncertainty: ``chance`` and ``parameters``.
    levels
        Levels of each arm; the table ``summary``.
    comparison, channels, failures
        The other tables, as docs/columns.md describes them.
    run_blocks
        RowGroup of ``runs``, block by block as they came; none where they went to a file.
    pairs_needed
        Pairs for an interval of +-``PRECISION`` around every audience's mean effect on alignment,
        by arm and kind of uncertainty.
    every
        The tables keep each so-many-th day.
    held
        Parameters that stayed as they are where the others were drawn.
    told
        Arms whose replicate 0 a folder tells in full.
    """

    request: Request
    scenario: Scenario
    arms: tuple[str, ...]
    baseline: str
    pairs: dict[str, int]
    pairs_asked: dict[str, int]
    levels: pd.DataFrame
    comparison: pd.DataFrame
    channels: pd.DataFrame
    run_blocks: tuple[pd.DataFrame, ...]
    failures: pd.DataFrame
    pairs_needed: dict[str, int]
    every: int = 1
    held: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def seed(self) -> int:
        """The seed of all draws."""
        return self.scenario.seed

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run, arm by arm."""
        return sort_runs(self.run_blocks, self.named_arms)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """``summary``, ``comparison``, ``channels``, ``runs`` and ``failures``."""
        return {**self._written, "runs": self.runs}

    @property
    def _written(self) -> dict[str, pd.DataFrame]:
        """The tables that are written at the end; the runs come piece by piece."""
        return {
            "summary": self.levels,
            "comparison": self.comparison,
            "channels": self.channels,
            "failures": self.failures,
        }

    @property
    def named_arms(self) -> list[str]:
        """The baseline, then the arms set against it."""
        return [self.baseline, *self.arms]

    @property
    def counts(self) -> dict[str, int]:
        """Runs asked for, used and failed, those of channels not counted."""
        arms, failed = len(self.named_arms), len(self.failures)
        asked, done = sum(self.pairs_asked.values()), sum(self.pairs.values())
        return {"asked": arms * asked, "used": arms * done - failed, "failed": failed}

    @property
    def early_facts(self) -> dict[str, Any]:
        """Which parameters are held."""
        return {"held": list(self.held)}

    @property
    def facts(self) -> dict[str, Any]:
        """The pairs done, how many a precision needs, and whose replicate 0 is told in full."""
        return {
            "pairs": self.pairs,
            "pairs_needed": self.pairs_needed,
            "precision": PRECISION,
            "told_in_full": list(self.told),
        }

    @property
    def is_whole(self) -> bool:
        """Whether every pair asked for is done."""
        return self.pairs == self.pairs_asked

    def plot(self) -> Figure:
        """Return a matplotlib figure of the effect, audience by audience."""
        from sim.report.figures import effect
        from sim.report.writing import draw_figure

        return draw_figure(effect, self.results())

    def write_into(self, recorder: Recorder) -> None:
        """Write the tables; of a whole comparison also replicate 0 of each arm, told in full."""
        if self.run_blocks:
            with recorder.growing_table("runs") as keep:
                for block in self.run_blocks:
                    keep(block)
        with recorder.timed("write"):
            recorder.write_tables(self._written)
            if self.is_whole:
                write_told(recorder, self.scenario, self.named_arms, self.told, self.every)
        self.finish(recorder, "" if self.is_whole else manifest.INTERRUPTED)


def run_comparisons(
    studies: Iterable[PairedRuns],
    engine: str,
    jobs: int | None = None,
    progress: Progress | None = None,
    ended: Callable[[PairedRuns], None] | None = None,
) -> None:
    """Run comparisons, one block after the other, on all threads.

    What interrupts it leaves every comparison with the pairs that were done.

    Parameters
    ----------
    ended
        Is called with each comparison that is whole.
    """

    def describe(job: tuple[PairedRuns, PairBlock], progress: Progress) -> BlockResult:
        study, block = job
        return study.design.describe(block, simulate, progress)

    def merge(job: tuple[PairedRuns, PairBlock], found: BlockResult) -> None:
        study, block = job
        study.merge(block, found)
        if ended is not None and study.done == study.asked:
            ended(study)

    with open_engine(engine, jobs) as (simulate, threads):
        blocks = ((study, block) for study in studies for block in study.blocks())
        run_jobs(blocks, describe, merge, threads, progress)


class PairedRuns:
    """A comparison under way: blocks to do, and what those that are done say together.

    Parameters
    ----------
    base, chosen
        The baseline and the arms set against it. The baseline may be "" for a scenario without
        arms, which is then described by itself.
    counts
        Pairs to do, by kind of uncertainty.
    channels
        Whether the channels of mediation are taken apart.

    Attributes
    ----------
    keep
        Takes rows of ``runs`` as they come, in order; another may be set where they are not to be
        held in memory.

    Raises
    ------
    MachineError
        Where the tables would not fit into memory.
    """

    keep: Keep

    def __init__(
        self,
        scenario: Scenario,
        base: str,
        chosen: Sequence[str],
        counts: Mapping[str, int],
        channels: bool = True,
        every: int = 1,
        replay: str = "",
        held: Sequence[str] = (),
    ) -> None:
        self.scenario, self.counts, self.every = scenario, dict(counts), every
        worlds = {
            name: build(scenario.arm(name) if name else scenario) for name in (base, *chosen)
        }
        self.design = ComparisonDesign(
            base,
            worlds,
            {name: certain_lanes(world) for name, world in worlds.items()},
            scenario.seed,
            sorted({*range(0, scenario.steps + 1, every), scenario.steps}),
            channels,
            replay or shlex.join(["narrate", "run", scenario.name]),
            tuple(held),
        )
        memory.demand_memory(self.size().memory, ADVICE)
        self._statistics: dict[RowGroup, Statistics] = {}
        self._moments: dict[RowGroup, PairMoments] = {}
        self._diverged: dict[RowGroup, Ints] = {}
        self._offered: set[tuple[str, str]] = set()
        self._runs: list[pd.DataFrame] = []
        self._failures: list[dict[str, str]] = []
        self.keep = self._runs.append
        self.pairs = dict.fromkeys(self.counts, 0)  # done

    def size(self, report: bool = True) -> StudySize:
        """Return what the comparison takes, with its report or without."""
        worlds, channels = self.design.worlds, self.design.channels
        return sizes.comparison_size(worlds, self.counts, self.every, channels, report)

    @property
    def told(self) -> tuple[str, ...]:
        """The arms whose replicate 0 is told in full: its rows are bounded."""
        return tuple(name for name, world in self.design.worlds.items() if sizes.is_told(world))

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
            self._moments[rows] = moments if known is None else join_moments(known, moments)
        for rows, day in found.diverged.items():
            self._diverged[rows] = earlier(self._diverged.get(rows, day), day)
        self._offered |= found.offered
        for frame in found.runs:
            self.keep(frame)
        self._failures += found.failures
        self.pairs[block.uncertainty] += len(block.replicates)
        if self.pairs[block.uncertainty] == self.counts[block.uncertainty]:
            for rows, statistics in self._statistics.items():
                if rows.uncertainty == block.uncertainty:
                    statistics.settle()

    def answer(self, request: Request) -> Comparison:
        """Return the tables of the pairs that are done."""
        tables = ComparisonTables(self.scenario, self.design, self._diverged)
        known = {
            rows: statistics
            for rows, statistics in self._statistics.items()
            # where nobody ever offers there are no channels of mediation to speak of
            if rows.table != "channels" or (rows.uncertainty, rows.arm) in self._offered
        }
        return Comparison(
            request=request,
            scenario=self.scenario,
            arms=tuple(name for name in self.design.worlds if name != self.design.base),
            baseline=self.design.base,
            pairs=self.pairs,
            pairs_asked=self.counts,
            levels=tables.summary(known),
            comparison=tables.comparison(known, self._moments),
            channels=tables.channels(known),
            run_blocks=tuple(self._runs),
            failures=tables.failures(self._failures),
            pairs_needed=tables.pairs_needed(known, PRECISION),
            every=self.every,
            held=self.design.held,
            told=self.told,
        )


def choose_arms(
    scenario: Scenario, arms: Sequence[str] | None, baseline: str | None
) -> tuple[str, list[str]]:
    """Return the baseline and the arms set against it, checked.

    Raises
    ------
    InputError
        Where an arm is unknown, or there is nothing to compare.
    """
    base = baseline or scenario.baseline
    known = scenario.arms
    if not known:
        raise InputError(f"arms: scenario {scenario.name} has no arms to compare")
    for name in (base, *(arms or ())):
        if name not in known:
            raise InputError(Problem("arms", unknown("arm", name, known), show_text(name)))
    refuse_repeated_arms(arms or ())
    chosen = [name for name in (known if arms is None else arms) if name != base]
    if not chosen:
        raise InputError(f"arms: nothing to set against the baseline {base!r}")
    return base, chosen


def refuse_repeated_arms(arms: Sequence[str]) -> None:
    """Refuse names of arms of which one is given twice."""
    twice = [name for name, count in Counter(arms).items() if count > 1]
    if twice:
        raise InputError(Problem("arms", REPEATED, show_text(twice[0])))


def sort_runs(blocks: Sequence[pd.DataFrame], arms: Sequence[str]) -> pd.DataFrame:
    """Return rows of runs arm by arm, in each by kind of uncertainty, then as they came."""
    if not blocks:
        return frames.empty("runs")
    table = pd.concat(blocks, ignore_index=True)
    order = {name: place for place, name in enumerate(arms)}
    kinds = {name: place for place, name in enumerate(table["uncertainty"].unique())}
    keys = [table["arm"].map(order).to_numpy(), table["uncertainty"].map(kinds).to_numpy()]
    return table.iloc[np.lexsort(keys)].reset_index(drop=True)
