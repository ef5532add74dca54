"""The frozen records that a lesson's file becomes.

How they are read is in ``reading``; what they are measured against, in ``measuring``.
"""

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
    """One quantity in one arm, over some days; a sum of weighted terms is measured.

    Attributes
    ----------
    arm
        An arm of the lesson's scenario.
    of
        The quantity, a name in ``QUANTITIES``.
    toward
        A claimant, issue or claim; "" if it is toward nobody in particular.
    at
        An audience; "" for all, weighted by importance.
    first, last
        The days, both included.
    weight
        What it is multiplied by.
    """

    arm: str
    of: str
    toward: str
    at: str
    first: int
    last: int
    weight: float


@dataclass(frozen=True)
class Measure:
    """A number of many runs, or a curve: one number for each of its days.

    Attributes
    ----------
    terms
        They are added up in each run.
    divided_by
        The mean of their sum divides; empty for a measure that is no ratio.
    statistic
        What is taken of the sum over the runs, a name in ``STATISTICS``.
    draws
        ``paired``: the arms share their draws; ``unpaired``: each arm has draws of its own.
    scale
        What the result is multiplied by.
    days
        First and last day of a curve; None for a number.
    """

    terms: tuple[Term, ...]
    divided_by: tuple[Term, ...] = ()
    statistic: str = "mean"
    draws: str = PAIRED
    scale: float = 1.0
    days: tuple[int, int] | None = None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms it needs, in the order of its terms."""
        return tuple(dict.fromkeys(term.arm for term in (*self.terms, *self.divided_by)))


class Option(NamedTuple):
    """One answer to choose: right if the value lies from ``low`` to below ``below``."""

    text: str
    low: float
    below: float

    def right(self, values: float | Floats) -> Bools:
        """Whether the answer is right, for each of the values."""
        return np.logical_and(np.greater_equal(values, self.low), np.less(values, self.below))


class QuotedNumber(NamedTuple):
    """A number besides the value that a prediction's ``told`` may quote, as `{name}`.

    It is rounded to ``step``.
    """

    name: str
    measure: Measure
    step: float


@dataclass(frozen=True)
class Prediction:
    """What the class says before anything is revealed, and what it is measured against.

    Attributes
    ----------
    kind
        ``slider``, ``curve`` or ``choice``.
    unit
        Unit of the value, in words.
    step
        Steps of the slider; the value is told to this as well.
    measure
        What the model shows.
    told
        How that is told; `{value}` and the names of ``numbers`` stand for numbers.
    low, high
        Ends of the axis of a slider or curve.
    options
        The answers of a choice, in the order of their values.
    """

    name: str
    kind: str
    prompt: str
    unit: str
    step: float
    measure: Measure
    told: str
    low: float | None = None
    high: float | None = None
    options: tuple[Option, ...] = ()
    numbers: tuple[QuotedNumber, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All the measures that it needs."""
        return (self.measure, *(number.measure for number in self.numbers))


class Statement(NamedTuple):
    """A claim of the lesson: over prior draws, its measure lies between the two bounds.

    Attributes
    ----------
    above, below
        The bounds, neither included; infinite if there is none.
    runs
        Runs within each draw: one if the measure is of a single run, or of a pair.
    than
        A measure that is taken from the first, to compare the two; None if there is none.
    """

    text: str
    measure: Measure
    above: float
    below: float
    runs: int
    than: Measure | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All the measures that it needs."""
        return (self.measure,) if self.than is None else (self.measure, self.than)


class Activity(NamedTuple):
    """One part of a debrief: so many ``minutes``, and what the class and the lecturer ``do``."""

    minutes: int
    do: str


class See(NamedTuple):
    """What the timelines show when they are opened from the lesson.

    Attributes
    ----------
    arms
        The two that the lesson compares.
    place
        An audience; "" for all.
    quantity
        What is drawn: ``alignment`` or ``sympathy``.
    day, replicate
        The day and the run of the timelines that it opens on.
    """

    arms: tuple[str, str]
    day: int
    place: str = ""
    quantity: str = "alignment"
    replicate: int = 0


@dataclass(frozen=True)
class Lesson:
    """One lesson, checked.

    Attributes
    ----------
    scenario
        With the arms that the lesson names.
    debrief
        A plan for the lecturer by its length in minutes.
    words
        How the command line names the scenario.
    order
        Its place among the lessons; those with the same come in the order of their names.
    """

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
    debrief: dict[int, tuple[Activity, ...]]
    sources: tuple[str, ...]
    words: str
    order: int
