"""What every program of the benchmark does, and what it hands over.

The work is ``benchmark.yaml`` beside this file, in two variants: ``fixed``, every parameter at its
default, so that exponents are 1, and ``drawn``, where every parameter that is not fixed and every
judgement differs from run to run, so that powers are needed. ``sizes`` makes the work larger.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.benchmark import sizes
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.loop import Sums
from sim.engines.ensemble.plan import Lanes, lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.world.arrays import Diplomacy, Floats, Ints, World
from sim.world.building import setting
from sim.world.teams import choosing

SCENARIO = Path(__file__).parent / "benchmark.yaml"
VARIANTS = ("fixed", "drawn")
POLICIES = ("none", "scripted", "threshold")  # those that all programs know
FINALS = 64  # runs whose last day is handed over one by one
Words = npt.NDArray[np.uint64]


class Output(NamedTuple):
    """What a program hands over; the programs are held to the same numbers in it.

    Attributes
    ----------
    runs
        How many runs it sums up.
    mean
        Mean of sympathy over the runs, [t, a, k].
    variance
        Its variance, [t, a, k], with divisor runs - 1.
    tension
        Mean tension, [t].
    diplomacy
        Offers, acceptances of the first claimant and of the second, counted over all runs.
    final
        Sympathy after the last day of the first 64 runs, [run, a, k].
    """

    runs: int
    mean: Floats
    variance: Floats
    tension: Floats
    diplomacy: Ints
    final: Floats


class Task(NamedTuple):
    """The work in one variant and size, with the numbers of its runs.

    Attributes
    ----------
    scenario
        The benchmark's scenario, with this task's days.
    world
        Its arrays, with this task's audiences and narratives.
    lanes
        The numbers that may differ from run to run.
    drawn
        Whether parameters and judgements are drawn by run.
    grown
        Whether the world is larger than any scenario says.
    seed
        Seed of the named draws.
    """

    scenario: Scenario
    world: World
    lanes: Lanes
    drawn: bool
    grown: bool
    seed: int

    def at_a_time(self, usual: int) -> int:
        """Return how many runs to hold at once where ``usual`` are for 12 audiences.

        Memory stays flat as audiences grow; it is a whole number of the engine's blocks.
        """
        return max(LANES, usual * 12 // len(self.world.names.audiences) // LANES * LANES)

    def part(self, start: int, stop: int) -> Task:
        """Return the work of the runs ``start`` .. ``stop`` - 1."""
        if self.lanes.values.shape[1] == 1:
            return self
        rows = (np.ascontiguousarray(values[..., start:stop]) for values in self.lanes)
        return self._replace(lanes=Lanes(*rows))


def scenario() -> Scenario:
    """Return the benchmark's scenario."""
    return Scenario.from_yaml(SCENARIO)


def make_task(
    variant: str = "fixed",
    runs: int = 1,
    days: int = 90,
    audiences: int = 12,
    narratives: int = 10,
) -> Task:
    """Return the work in one variant and size.

    Parameters
    ----------
    variant
        ``fixed`` or ``drawn``.
    runs
        Runs whose numbers are drawn; a fixed task has none to draw.
    days, audiences, narratives
        Its size; the defaults are the scenario's own.

    Raises
    ------
    InputError
        The benchmark has no work of that size.
    """
    base = scenario()
    world = sizes.with_audiences(sizes.with_days(base, days), audiences)
    world = sizes.with_narratives(world, narratives)
    drawn, grown = variant == "drawn", (audiences, narratives) != (12, 10)
    numbers = lanes([setting(world)])
    if drawn:
        numbers = uncertain_lanes(world, base.seed, replicates(runs))
    return Task(base.replace(steps=days), world, numbers, drawn, grown, base.seed)


def replicates(runs: int) -> Words:
    """Return the replicate numbers of the first so many runs."""
    return np.arange(runs, dtype=np.uint64)


def refuse_unknown(world: World, program: str) -> None:
    """Refuse a world that only this package's own engines can run.

    Raises
    ------
    InputError
        Its rule, policy or acceptance is none that every program of the benchmark knows, or the
        role of mediator passes on, which none but this package's engines know.
    """
    logit = set(world.acceptances) == {"logit"} and bool(world.event_reaches.all())
    if world.rule != "friedkin_johnsen" or world.policy not in POLICIES or not logit:
        raise InputError(f"the {program} program does not know this rule, policy or acceptance")
    if choosing(world).any():
        raise InputError(f"the {program} program does not know teams that go by the day's state")
    if world.later_roles:
        raise InputError(f"the {program} program does not know a mediator that passes on its role")


def count_answers(diplomacy: Diplomacy) -> Ints:
    """Return the number of offers and of each claimant's acceptances, of one run or of many."""
    accepted = diplomacy.accepted.reshape(-1, 2).sum(axis=0)
    return np.array([diplomacy.offered.sum(), *accepted], dtype=np.int64)


class RunSums:
    """Sums over runs. Sympathy is taken from s(0), ``origin``[a, k]: no digits are lost.

    Parameters
    ----------
    task
        What is run.
    runs
        How many runs will be added up.
    """

    def __init__(self, task: Task, runs: int) -> None:
        days, audiences = task.world.steps + 1, len(task.world.names.audiences)
        self.runs, self.origin = runs, task.lanes.start[:, :, 0]
        self.sympathy = np.zeros((days, audiences, 2))
        self.squares, self.tension = np.zeros_like(self.sympathy), np.zeros(days)
        self.diplomacy = np.zeros(3, dtype=np.int64)
        self.final = np.zeros((min(runs, FINALS), audiences, 2))

    def add_day(self, t: int, start: int, sympathy: Floats, tension: Floats) -> None:
        """Add the start of a day of some runs.

        Parameters
        ----------
        t
            The day, 0 to T.
        start
            The first of the runs.
        sympathy, tension
            Their states, [k, a, r] and [r].
        """
        for k in (0, 1):
            apart = sympathy[k] - self.origin[:, k, None]
            self.sympathy[t, :, k] += apart.sum(axis=1)
            self.squares[t, :, k] += np.einsum("ar,ar->a", apart, apart)
        self.tension[t] += tension.sum()
        if t == len(self.tension) - 1 and start < len(self.final):
            rows = self.final[start:]
            rows[:] = sympathy.transpose(2, 1, 0)[: len(rows)]

    def add_run(self, run: int, sympathy: Floats, tension: Floats) -> None:
        """Add one whole run: its states [t, a, k] and [t]."""
        apart = sympathy - self.origin
        self.sympathy += apart
        self.squares += np.square(apart)
        self.tension += tension
        if run < len(self.final):
            self.final[run] = sympathy[-1]

    def add(self, part: RunSums | Sums, diplomacy: Ints) -> None:
        """Add what other runs add up to, and what :func:`count_answers` says of them."""
        self.sympathy += part.sympathy
        self.squares += part.squares
        self.tension += part.tension
        self.diplomacy += diplomacy

    def output(self) -> Output:
        """Return what the sums say."""
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
    """Return the largest difference in each part of two outputs of the same runs.

    Means and final days are compared absolutely (sympathy lies in [-1, 1]), the rest relative to
    the part's largest number.
    """
    largest = {}
    for name, first, second in zip(Output._fields[1:], one[1:], other[1:], strict=True):
        size = min(len(first), len(second))
        a, b = np.asarray(first)[:size], np.asarray(second)[:size]
        scale = 1.0 if name in ("mean", "final") else float(np.abs(a).max(initial=0.0)) or 1.0
        largest[name] = float(np.abs(a - b).max(initial=0.0)) / scale
    return largest
