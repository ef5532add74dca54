"""The frozen records that a lesson's file becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.scenario.scenario import Scenario
from sim.world.arrays import Bools, Floats

SLIDER, CURVE, CHOICE = KINDS = ("slider", "curve", "choice")
PAIRED, UNPAIRED = DRAWS = ("paired", "unpaired")
LENGTHS = (15, 50)  # minutes of a debrief
RUNS = 200  # of a prediction, and of the timelines


class Term(NamedTuple):
    """One quantity in one arm, over some days; a sum of weighted terms is measured."""

    arm: str
    of: str
    toward: str  # "" where it is toward nobody in particular
    at: str  # an audience, or "" for all by importance
    first: int  # the days, both included
    last: int
    weight: float


@dataclass(frozen=True)
class Measure:
    """A number of many runs, or a curve: one number for each of its days.

    ``scale`` times the ``statistic`` over runs of the sum of ``terms``; divided by the mean of the
    sum of ``divided_by``, where there is any. ``days`` are those of a curve.
    """

    terms: tuple[Term, ...]
    divided_by: tuple[Term, ...] = ()
    statistic: str = "mean"
    draws: str = PAIRED  # unpaired: each arm has draws of its own
    scale: float = 1.0
    days: tuple[int, int] | None = None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms it needs, in the order of its terms."""
        return tuple(dict.fromkeys(term.arm for term in (*self.terms, *self.divided_by)))


class Option(NamedTuple):
    """One answer to choose: right where the value lies from ``low`` to below ``below``."""

    text: str
    low: float
    below: float

    def right(self, values: float | Floats) -> Bools:
        """Whether it is right, for each of the values."""
        return np.logical_and(np.greater_equal(values, self.low), np.less(values, self.below))


class QuotedNumber(NamedTuple):
    """A number that a prediction's ``told`` may name."""

    name: str
    measure: Measure
    step: float


@dataclass(frozen=True)
class Prediction:
    """What the class says before anything is revealed, and what it is measured against."""

    name: str
    kind: str
    prompt: str
    unit: str
    step: float  # of the slider, and to which the value is told
    measure: Measure
    told: str
    low: float | None = None  # the axis of a slider or curve
    high: float | None = None
    options: tuple[Option, ...] = ()
    numbers: tuple[QuotedNumber, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All that it needs."""
        return (self.measure, *(number.measure for number in self.numbers))


class Statement(NamedTuple):
    """A claim of the lesson: over prior draws, its measure lies between the two bounds.

    ``than`` is taken from the measure, where there is one. ``runs`` are made within each draw: one
    where the measure is of a single run (or pair).
    """

    text: str
    measure: Measure
    above: float
    below: float
    runs: int
    than: Measure | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All that it needs."""
        return (self.measure,) if self.than is None else (self.measure, self.than)


class Activity(NamedTuple):
    """Some minutes of a debrief."""

    minutes: int
    do: str


class See(NamedTuple):
    """What the timelines show when they are opened from the lesson."""

    arms: tuple[str, str]
    place: str  # an audience, or "" for all
    quantity: str
    day: int
    replicate: int = 0  # of the runs of the timelines


@dataclass(frozen=True)
class Lesson:
    """One lesson, checked."""

    name: str
    title: str
    question: str
    background: tuple[str, ...]
    scenario: Scenario = field(repr=False)
    see: See
    predictions: tuple[Prediction, ...]
    explanation: tuple[str, ...]
    leaves_out: tuple[str, ...]
    statements: tuple[Statement, ...]
    debrief: dict[int, tuple[Activity, ...]]  # by minutes in all
    sources: tuple[str, ...]
    words: str  # how the command line names its scenario
    order: int
