"""What every program of the benchmark does, and what it hands over.

The work is ``benchmark.yaml`` beside this file, in two variants: ``fixed``, every parameter at its
default, so that exponents are 1, and ``drawn``, where every parameter that is not fixed and every
judgement differs from run to run, so that powers are needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.benchmark import sizes
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.plan import Lanes, lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.world.arrays import Floats, Ints, World
from sim.world.building import setting

SCENARIO = Path(__file__).parent / "benchmark.yaml"
VARIANTS = ("fixed", "drawn")
POLICIES = ("none", "scripted", "threshold")  # those that all programs know
FINALS = 64  # runs whose last day is handed over one by one
Words = npt.NDArray[np.uint64]


class Output(NamedTuple):
    """What a program hands over; the programs are held to the same numbers in it."""

    runs: int
    mean: Floats  # [t, a, k] of sympathy over the runs
    variance: Floats  # [t, a, k] with divisor runs - 1
    tension: Floats  # [t] mean
    diplomacy: Ints  # offers, acceptances of the first claimant and of the second, in all runs
    final: Floats  # [run, a, k] sympathy after the last day of the first runs


class Task(NamedTuple):
    """The work in one variant and size, with the numbers of its runs."""

    scenario: Scenario
    world: World
    lanes: Lanes
    drawn: bool
    grown: bool  # larger than the scenario says
    seed: int


def scenario() -> Scenario:
    """The benchmark's scenario."""
    return Scenario.from_yaml(SCENARIO)


def make_task(
    variant: str = "fixed", runs: int = 1, days: int = 90, audiences: int = 12,
    narratives: int = 10,
) -> Task:  # fmt: skip
    """The work in this variant and size; ``runs`` counts the runs whose numbers are drawn."""
    base = scenario()
    world = sizes.with_audiences(sizes.with_days(base, days), audiences)
    world = sizes.with_narratives(world, narratives)
    drawn, grown = variant == "drawn", (audiences, narratives) != (12, 10)
    if drawn:
        numbers = uncertain_lanes(world, base.seed, replicates(runs))
    else:
        numbers = lanes([setting(world)])
    return Task(base.replace(steps=days), world, numbers, drawn, grown, base.seed)


def replicates(runs: int) -> Words:
    """The replicate numbers of the first so many runs."""
    return np.arange(runs, dtype=np.uint64)


def at_a_time(task: Task, usual: int) -> int:
    """How many runs to hold at once where ``usual`` are for 12 audiences: memory stays flat."""
    return max(LANES, usual * 12 // len(task.world.names.audiences) // LANES * LANES)


def part_of(task: Task, start: int, stop: int) -> Task:
    """The work of the runs ``start`` .. ``stop`` - 1."""
    if task.lanes.values.shape[1] == 1:
        return task
    rows = (np.ascontiguousarray(values[..., start:stop]) for values in task.lanes)
    return task._replace(lanes=Lanes(*rows))


def refuse_unknown(world: World, program: str) -> None:
    """Refuse a world that only this package's own engines can run."""
    known = (
        world.rule == "friedkin_johnsen" and world.policy in POLICIES
        and set(world.acceptances) == {"logit"}
    )  # fmt: skip
    if not known:
        raise InputError(f"the {program} program does not know this rule, policy or acceptance")


class RunSums:
    """Sums over runs, added to day by day. Sympathy is taken from s(0): no digits are lost."""

    def __init__(self, task: Task, runs: int) -> None:
        days, audiences = task.world.steps + 1, len(task.world.names.audiences)
        self.runs, self.origin = runs, task.lanes.start[:, :, 0]
        self.sympathy = np.zeros((days, audiences, 2))
        self.squares, self.tension = np.zeros_like(self.sympathy), np.zeros(days)
        self.diplomacy = np.zeros(3, dtype=np.int64)
        self.final = np.zeros((min(runs, FINALS), audiences, 2))

    def add_day(self, t: int, start: int, sympathy: Floats, tension: Floats) -> None:
        """Add the start of day t of the runs from ``start`` on: sympathy[k, a, r], tension[r]."""
        for k in (0, 1):
            apart = sympathy[k] - self.origin[:, k, None]
            self.sympathy[t, :, k] += apart.sum(axis=1)
            self.squares[t, :, k] += np.einsum("ar,ar->a", apart, apart)
        self.tension[t] += tension.sum()
        if t == len(self.tension) - 1 and start < len(self.final):
            rows = self.final[start:]
            rows[:] = sympathy.transpose(2, 1, 0)[: len(rows)]

    def add(self, other: RunSums) -> None:
        """Add what other runs add up to."""
        self.sympathy += other.sympathy
        self.squares += other.squares
        self.tension += other.tension
        self.diplomacy += other.diplomacy

    def output(self) -> Output:
        """What the sums say."""
        shift = self.sympathy / self.runs
        return Output(
            runs=self.runs,
            mean=self.origin + shift,
            variance=(self.squares - self.sympathy * shift) / max(self.runs - 1, 1),
            tension=self.tension / self.runs,
            diplomacy=self.diplomacy,
            final=self.final,
        )


def differences(one: Output, other: Output) -> dict[str, float]:
    """The largest difference in each part of two products of the same runs.

    Means and final days absolutely (sympathy lies in [-1, 1]), the rest relative to the part's
    largest number.
    """
    first, second = one._asdict(), other._asdict()
    apart = {}
    for name in Output._fields[1:]:
        size = min(len(first[name]), len(second[name]))
        a, b = np.asarray(first[name])[:size], np.asarray(second[name])[:size]
        largest = float(np.abs(a).max(initial=0.0))
        scale = 1.0 if name in ("mean", "final") or largest == 0.0 else largest
        apart[name] = float(np.abs(a - b).max(initial=0.0)) / scale
    return apart
