"""How far prior draws bear out what the lessons state.

A statement is judged on many prior draws: in each, every parameter that is not fixed and every
judgement is drawn (the same uniforms in all arms). Within a draw only chance differs. How a
measure follows from runs is in ``measuring``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.estimators.boxes import wilson
from sim.lessons.entities import Lesson, Statement
from sim.lessons.measuring import Arms
from sim.running.executing import Progress, Replicates
from sim.running.streaming import run_jobs
from sim.scenario.error_texts import count_of
from sim.world.arrays import Bools, World

DRAWS = 300  # prior draws a statement is judged on
PASSES = 2.0 / 3.0
BLOCK = 256  # runs in memory at a time, for each arm and thread


class StatementSupport(NamedTuple):
    """The share of prior draws in which a statement holds.

    Attributes
    ----------
    text
        The statement.
    share
        Share of the draws, 0 to 1.
    low, high
        Its 95 % interval (Wilson).
    draws
        How many draws.
    equal
        Share of the draws in which the measure lies exactly on a bound, such as no difference at
        all: the statement does not hold in them, nor does its opposite.
    without
        Share of the draws in which the measure has no value: a ratio to 0, or runs that left the
        finite numbers. Where these draws could turn the verdict there is none.
    """

    text: str
    share: float
    low: float
    high: float
    draws: int
    equal: float = 0.0
    without: float = 0.0

    @property
    def holds(self) -> bool | None:
        """Whether it holds in two thirds of the draws; None where that cannot be told."""
        if self.share < PASSES <= self.share + self.without:
            return None
        return self.share >= PASSES

    def __str__(self) -> str:
        verdict = {True: "passes", False: "FAILS", None: "unsure"}[self.holds]
        equal = f", exactly equal in {self.equal:.2f}" if self.equal else ""
        without = f", without a value in {self.without:.2f}" if self.without else ""
        return (
            f"{verdict:<6} share {self.share:.2f} ({self.low:.2f} to {self.high:.2f}, "
            f"{count_of(self.draws, 'draw')}{equal}{without}): {self.text}"
        )


class LessonSupport(NamedTuple):
    """How far the statements of one lesson are borne out, for ``narrate check``."""

    lesson: str
    statements: list[StatementSupport]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "lesson": self.lesson,
            "statements": [{**one._asdict(), "holds": one.holds} for one in self.statements],
        }

    def __str__(self) -> str:
        return "\n".join(f"{self.lesson} {one}" for one in self.statements)


def check_lessons(
    lessons: Mapping[str, Lesson],
    draws: int = DRAWS,
    progress: Callable[[str], None] | None = None,
) -> list[LessonSupport]:
    """Check the statements of every lesson; ``progress`` is told which lesson begins."""
    found = []
    for name, lesson in lessons.items():
        if progress is not None:
            progress(f"lesson {name}")
        found.append(LessonSupport(name, statement_support(lesson, draws)))
    return found


def statement_support(
    lesson: Lesson, draws: int = DRAWS, jobs: int | None = None
) -> list[StatementSupport]:
    """Judge each statement of a lesson on prior draws.

    Parameters
    ----------
    draws
        How many; the draws are numbered from 0, so more draws contain fewer.
    jobs
        Threads; None takes one for each processor. The result does not depend on it.
    """
    counts: dict[Statement, list[int]] = {}
    for runs in {one.runs for one in lesson.statements}:
        some = [one for one in lesson.statements if one.runs == runs]
        found = _sort_draws(lesson, some, runs, draws, jobs or os.cpu_count() or 1)
        counts |= dict(zip(some, found.sum(axis=-1).T.tolist(), strict=True))
    support = []
    for one in lesson.statements:
        held, equal, without = counts[one]
        interval = wilson(held, draws)
        shares = equal / draws, without / draws
        support.append(StatementSupport(one.text, held / draws, *interval, draws, *shares))
    return support


def _sort_draws(
    lesson: Lesson, statements: Sequence[Statement], runs: int, draws: int, jobs: int
) -> Bools:
    """found[which, statement, draw]: whether it holds, lies on a bound, has no value.

    Each statement has ``runs`` runs within a draw.
    """
    arms = Arms(lesson, [measure for one in statements for measure in one.measures])
    step = max(1, BLOCK // runs)
    numbers = np.arange(draws, dtype=np.uint64)
    blocks = (numbers[first : first + step] for first in range(0, draws, step))
    blocks_found: list[Bools] = []

    def work(block: Replicates, progress: Progress) -> Bools:
        def lanes(world: World) -> Lanes:
            drawn = uncertain_lanes(world, arms.seed, block)
            return Lanes(*(np.repeat(values, runs, axis=-1) for values in drawn))

        within = np.arange(runs, dtype=np.uint64)
        replicates = np.asarray(block[:, None] * np.uint64(runs) + within, np.uint64).ravel()
        batches = arms.run(lanes, replicates, progress)
        found = []
        for one in statements:
            values = arms.value(one.measure, batches, runs)
            if one.than is not None:
                values = values - arms.value(one.than, batches, runs)
            holds = (values > one.above) & (values < one.below)
            equal = (values == one.above) | (values == one.below)
            found.append([holds, equal, np.isnan(values)])
        return np.array(found).swapaxes(0, 1)

    run_jobs(blocks, work, lambda block, found: blocks_found.append(found), jobs, None)
    return np.concatenate(blocks_found, axis=-1)
