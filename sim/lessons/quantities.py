"""What a lesson can measure: quantities by name, as series of many runs.

Index letters: run, t day, a audience; ``toward`` is a claimant, issue or claim, the last axis.
Sums over days and runs are taken in ``measuring``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from sim.tables import metrics
from sim.world.arrays import Floats, Record, World


class Quantity(NamedTuple):
    """A quantity of the model and how it is asked for.

    Attributes
    ----------
    values
        From a record to ``values[run, t]``, with an axis a after them if it is ``placed`` and an
        axis for ``toward`` after that if there is such a section.
    fields
        The fields of the record that it needs, besides those that every run keeps.
    toward
        The section whose names ``toward`` has; "" if it is toward nobody.
    over_all
        What is taken over the last axis if a term names no ``toward``; None if it must name one.
    placed
        Whether ``at`` may name an audience; without one, all count by importance.
    flow
        Whether it is of days 0..T-1, not of states 0..T.
    counted
        Whether it is summed over a term's days; others are averaged.
    graded
        False for yes or no, so that quantiles of runs say nothing.
    ways
        What more and less of it are called; {0} and {1} stand for the claimants.
    """

    values: Callable[[Record], Floats]
    fields: tuple[str, ...] = ()
    toward: str = ""
    over_all: Callable[[Floats], Floats] | None = None
    placed: bool = False
    flow: bool = False
    counted: bool = False
    graded: bool = True
    ways: tuple[str, str] = ("up", "down")

    def series(self, record: Record, world: World, toward: int | None, at: int | None) -> Floats:
        """series[run, t]; ``toward`` and ``at`` are positions, or None if a term names nothing."""
        values = self.values(record)
        if toward is not None:
            values = values[..., toward]
        elif self.over_all is not None:
            values = self.over_all(values)
        if not self.placed:
            return values
        return metrics.weighted_sum(values, world.importance) if at is None else values[..., at]


def _level(name: str, **options: Any) -> Quantity:
    """A quantity that is a field of the record as it stands."""
    return Quantity(attrgetter(name), (name,), **options)


def _offers(record: Record) -> Floats:
    return record.diplomacy.offered.astype(np.float64)


def _any_offer_yet(record: Record) -> Floats:
    """1 from the first offer on."""
    return np.maximum.accumulate(_offers(record), axis=1)


def _accepts(record: Record) -> Floats:
    """accepts[run, t, claimant]: 1 on a day on which it accepts an offer."""
    diplomacy = record.diplomacy
    return (diplomacy.accepted & diplomacy.offered[..., None]).astype(np.float64)


_YES_OR_NO: dict[str, Any] = {"flow": True, "graded": False}
QUANTITIES: dict[str, Quantity] = {
    "alignment": Quantity(
        lambda record: metrics.alignment(record.sympathy),
        ("sympathy",),
        placed=True,
        ways=("toward {0}", "toward {1}"),
    ),
    "sympathy": _level("sympathy", toward="claimants", placed=True),
    "attention": _level("attention", placed=True, flow=True),
    "salience": _level("salience", toward="issues", placed=True),
    "credence": _level("credence", toward="claims", placed=True),
    "tension": _level("tension"),
    "incidents": _level(
        "incidents", toward="claimants", over_all=partial(np.sum, axis=-1), flow=True, counted=True
    ),
    "offers": Quantity(_offers, counted=True, **_YES_OR_NO),
    "offered": Quantity(_any_offer_yet, **_YES_OR_NO),
    # by both, if it is toward nobody in particular
    "accepts": Quantity(
        _accepts, (), "claimants", partial(np.min, axis=-1), counted=True, **_YES_OR_NO
    ),
}
