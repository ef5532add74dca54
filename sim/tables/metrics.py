"""Every metric by name: what it is, its unit, and how it follows from a record.

A record may be of one run (``sympathy[t, a, k]``) or of many (``sympathy[run, t, a, k]``): the
functions count axes from the end. Each returns values[..., t, actor, toward], where an actor or a
``toward`` that does not apply has length 1.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from sim.world.arrays import Floats, Names, Record, World

ALL = ""  # the actor of what belongs to nobody in particular
# Sympathy for one point of net opinion (favourable less unfavourable, in per cent): formula F2 of
# seeds/formulas.md, made for judgements of the background; elsewhere it is rough
OPINION_POINT = 0.003


class Metric(NamedTuple):
    """A metric: what it is called, and how its numbers follow from a record.

    Attributes
    ----------
    unit, meaning
        As in docs/columns.md, which is written from here.
    compute
        Its values[..., t, actor, toward] in a record of a world.
    actors, toward
        The names along its last two axes, from those of a world.
    flow
        Whether it is of what was used in day t (rows 0 to T - 1), else of the state day t began
        with.
    """

    unit: str
    meaning: str
    compute: Callable[[Record, World], Floats]
    actors: Callable[[Names], tuple[str, ...]]
    toward: Callable[[Names], tuple[str, ...]]
    flow: bool = False


_audiences, _claimants = attrgetter("audiences"), attrgetter("claimants")
_issues, _claims = attrgetter("issues"), attrgetter("claims")


def _nobody(names: Names) -> tuple[str, ...]:
    """The actor, or toward, of what belongs to nobody in particular."""
    return (ALL,)


def alignment(sympathy: Floats) -> Floats:
    """x[..., a] = half the difference of sympathy toward the first and the second claimant."""
    difference: Floats = sympathy[..., 0] - sympathy[..., 1]
    return difference / 2.0


def opinion_points(difference: float) -> float:
    """A difference in sympathy, or in alignment, as points of net opinion."""
    return float(difference) / OPINION_POINT


def weighted_sum(values: Floats, weights: Floats) -> Floats:
    """Sum over audiences, the last axis, in their order (no BLAS: the same bits everywhere)."""
    total = np.zeros_like(values[..., 0])  # laid out in memory as the values are
    for a in range(values.shape[-1]):
        total = total + weights[a] * values[..., a]
    return total


def _regard(record: Record, world: World) -> Floats:
    """Mean of an audience's sympathies toward the two claimants."""
    return ((record.sympathy[..., 0] + record.sympathy[..., 1]) / 2.0)[..., None]


def _lead(record: Record, world: World) -> Floats:
    """X: alignment over all audiences, weighted by their importance."""
    return weighted_sum(alignment(record.sympathy), world.importance)[..., None, None]


def _shift(record: Record, world: World) -> Floats:
    """Alignment less its value at the start of day 0."""
    x = alignment(record.sympathy)
    return (x - x[..., :1, :])[..., None]


def _voice(record: Record, world: World) -> Floats:
    """Each claimant's share of all effort delivered that day, over audiences; 0 in silence."""
    by_side = weighted_sum(np.swapaxes(record.effort, -1, -2), np.ones(len(world.importance)))
    total = by_side[..., :1] + by_side[..., 1:]
    shares = np.divide(by_side, total, out=np.zeros_like(by_side), where=total > 0.0)
    return shares[..., None, :]


def equal_mean(values: Floats) -> Floats:
    """Mean over the last axis, with the same bits however the array is laid out in memory.

    NumPy's own sums in another order where runs lie side by side, and again where there is one.
    """
    mean: Floats = weighted_sum(values, np.ones(values.shape[-1])) / values.shape[-1]
    return mean


def _polarization(record: Record, world: World) -> Floats:
    """Standard deviation of alignment over audiences, each counted alike."""
    x = alignment(record.sympathy)
    apart = x - equal_mean(x)[..., None]
    deviation: Floats = np.sqrt(equal_mean(apart * apart))
    return deviation[..., None, None]


def _wedge(record: Record, world: World) -> Floats:
    """Mean loss of sympathy since day 0 over Western audiences; 0 where there are none."""
    west = record.sympathy[..., world.western, :]
    if west.shape[-2] == 0:
        return np.zeros((*west.shape[:-2], 1, 2))
    lost = equal_mean(np.swapaxes(west[..., :1, :, :] - west, -1, -2))
    return lost[..., None, :]


METRICS: dict[str, Metric] = {
    "sympathy": Metric("-1..1", "sympathy of an audience toward a claimant",
                       lambda r, w: r.sympathy, _audiences, _claimants),
    "alignment": Metric("-1..1", "half the difference of an audience's two sympathies",
                        lambda r, w: alignment(r.sympathy)[..., None], _audiences, _nobody),
    "lead": Metric("-1..1", "X: alignment over all audiences, weighted by importance",
                   _lead, _nobody, _nobody),
    "regard": Metric("-1..1", "mean of an audience's two sympathies",
                     _regard, _audiences, _nobody),
    "alignment_shift": Metric("-2..2", "alignment less its value on day 0",
                              _shift, _audiences, _nobody),
    "salience": Metric("salience", "how present an issue is to an audience (background = 1)",
                       lambda r, w: r.salience, _audiences, _issues),
    "attention": Metric("0..1", "share of an audience's attention the conflict has",
                        lambda r, w: r.attention[..., None], _audiences, _nobody, True),
    "credibility": Metric("0..1", "how far an audience takes a claimant at its word",
                          lambda r, w: r.kept / (r.kept + r.broken), _audiences, _claimants),
    "credence": Metric("0..1", "how far an audience believes a claim",
                       lambda r, w: r.credence, _audiences, _claims),
    "tension": Metric("tension", "tension between the two claimants",
                      lambda r, w: r.tension[..., None, None], _nobody, _nobody),
    "incidents": Metric("incidents/day", "incidents of the day, by the side that says it was hit",
                        lambda r, w: r.incidents[..., None, :], _nobody, _claimants, True),
    "mediation": Metric("0, 1, 2", "none; offered but not accepted by both; active",
                        lambda r, w: r.mediation[..., None, None], _nobody, _nobody),
    "accepted": Metric("0 or 1", "whether a claimant has accepted the standing offer",
                       lambda r, w: r.standing[..., None, :], _nobody, _claimants),
    "share_of_voice": Metric("0..1", "a claimant's share of all effort delivered that day",
                             _voice, _nobody, _claimants, True),
    "polarization": Metric("0..1", "standard deviation of alignment over audiences",
                           _polarization, _nobody, _nobody),
    "wedge": Metric("-2..2",
                    "mean loss of sympathy for a claimant in Western capitals since day 0",
                    _wedge, _nobody, _claimants),
}  # fmt: skip


def values(name: str, record: Record, world: World) -> Floats:
    """values[..., t, actor, toward] of one metric.

    Parameters
    ----------
    name
        A key of ``METRICS``.
    record
        Of one run, or of many with the run as first axis.
    world
        The world that was run: its names, importances and Western audiences.
    """
    return METRICS[name].compute(record, world)
