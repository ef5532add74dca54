"""What a lesson can measure: quantities by name, as series of many runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.tables import metrics
from sim.world.arrays import Floats, Record, World


class Quantity(NamedTuple):
    """``series(record, world, toward, at)`` gives [run, t].

    ``toward`` and ``at`` are positions, or None where a term names nothing. ``flow``: of days
    0..T-1, not of states 0..T. ``counted``: summed over a term's days, where others are averaged.
    """

    series: Callable[[Record, World, int | None, int | None], Floats]
    fields: tuple[str, ...]  # of the record
    toward: str = ""  # section whose names ``toward`` has
    needs_toward: bool = False
    placed: bool = False  # whether ``at`` may name an audience
    flow: bool = False
    counted: bool = False
    graded: bool = True  # False: yes or no, so that quantiles of runs say nothing
    ways: tuple[str, str] = ("up", "down")  # what more and less are called; {0}, {1}: claimants


def _over(values: Floats, world: World, at: int | None) -> Floats:
    """values[run, t, a] at one audience, or over all by importance."""
    if at is None:
        return metrics.weighted_sum(values, world.importance)
    here: Floats = values[..., at]
    return here


def _alignment(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return _over(metrics.alignment(record.sympathy), world, at)


def _sympathy(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return _over(record.sympathy[..., toward], world, at)


def _attention(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return _over(record.attention, world, at)


def _salience(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return _over(record.salience[..., toward], world, at)


def _credence(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return _over(record.credence[..., toward], world, at)


def _tension(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return record.tension


def _incidents(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    by_side = record.incidents
    found: Floats = by_side[..., 0] + by_side[..., 1] if toward is None else by_side[..., toward]
    return found


def _offers(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return record.diplomacy.offered.astype(np.float64)


def _any_offer_yet(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    return np.maximum.accumulate(_offers(record, world, toward, at), axis=1)


def _accepts(record: Record, world: World, toward: int | None, at: int | None) -> Floats:
    accepted = record.diplomacy.accepted
    yes = accepted.all(axis=-1) if toward is None else accepted[..., toward]
    return (yes & record.diplomacy.offered).astype(np.float64)


QUANTITIES: dict[str, Quantity] = {
    "alignment": Quantity(
        _alignment, ("sympathy",), placed=True, ways=("toward {0}", "toward {1}")
    ),
    "sympathy": Quantity(_sympathy, ("sympathy",), "claimants", needs_toward=True, placed=True),
    "attention": Quantity(_attention, ("attention",), placed=True, flow=True),
    "salience": Quantity(_salience, ("salience",), "issues", needs_toward=True, placed=True),
    "credence": Quantity(_credence, ("credence",), "claims", needs_toward=True, placed=True),
    "tension": Quantity(_tension, ("tension",)),
    "incidents": Quantity(_incidents, ("incidents",), "claimants", flow=True, counted=True),
    "offers": Quantity(_offers, (), flow=True, counted=True, graded=False),
    # 1 once there has been an offer
    "offered": Quantity(_any_offer_yet, (), flow=True, graded=False),
    "accepts": Quantity(_accepts, (), "claimants", flow=True, counted=True, graded=False),
}
