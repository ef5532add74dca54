"""What a claimant may want of a run: payoffs by name, one number for each side.

They are what strategies are judged by. Each is written for the side that it belongs to, so that
more is better for it; where a payoff is zero-sum, what one side gains the other loses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.tables.metrics import METRICS, alignment, equal_mean, weighted_sum
from sim.world.arrays import Floats, Record, World
from sim.world.roles import stages


class Payoff(NamedTuple):
    """A payoff: what it is called, and how its numbers follow from a record.

    Attributes
    ----------
    unit, meaning
        As in docs/columns.md, which is written from here.
    compute
        Its values[..., k] in a record of a world; more is better for claimant k.
    zero_sum
        Whether the two sides' values add up to 0.
    """

    unit: str
    meaning: str
    compute: Callable[[Record, World], Floats]
    zero_sum: bool = False


def _of_both(first: Floats) -> Floats:
    """values[..., k] of what the second claimant wants with the other sign."""
    return np.stack([first, -first], axis=-1)


def _lead(record: Record, world: World) -> Floats:
    """X on the last day, toward each side."""
    return _of_both(METRICS["lead"].compute(record, world)[..., -1, 0, 0])


def _mean_lead(record: Record, world: World) -> Floats:
    """Mean of X over the starts of days 1 to T: day 0 is before anything was said."""
    return _of_both(equal_mean(METRICS["lead"].compute(record, world)[..., 1:, 0, 0]))


def _western_lead(record: Record, world: World) -> Floats:
    """X over Western audiences alone on the last day; 0 where they are none, or weigh nothing."""
    weights = np.where(world.western, world.importance, 0.0)
    total = weights.sum()
    shares = weights / total if total > 0.0 else weights
    return _of_both(weighted_sum(alignment(record.sympathy[..., -1, :, :]), shares))


def _wedge(record: Record, world: World) -> Floats:
    """The metric ``wedge`` of the rival on the last day."""
    lost: Floats = METRICS["wedge"].compute(record, world)[..., -1, 0, ::-1]
    return np.ascontiguousarray(lost)


def _refusal(record: Record, world: World) -> Floats:
    """Change of sympathy at the mediator's, day by day, while a refused offer stands."""
    total = np.zeros_like(record.sympathy[..., 0, 0, :])
    for role in stages(world):
        at = record.sympathy[..., role.world.mediator, :]
        for day in range(role.first_day, role.end_day):
            stands = record.mediation[..., day, None] > 0.0
            refused = stands & (record.standing[..., day, :] == 0.0)
            total = total + np.where(refused, at[..., day + 1, :] - at[..., day, :], 0.0)
    return total


PAYOFFS: dict[str, Payoff] = {
    "lead": Payoff(
        "-1..1", "X on the last day; of the second claimant minus X", _lead, zero_sum=True
    ),
    "mean_lead": Payoff(
        "-1..1",
        "mean of X over the days after the first; of the second claimant with the other sign",
        _mean_lead,
        zero_sum=True,
    ),
    "western_lead": Payoff(
        "-1..1",
        "alignment over Western capitals on the last day, weighted "
        "by importance; of the second claimant with the other sign",
        _western_lead,
        zero_sum=True,
    ),
    "wedge": Payoff(
        "-2..2",
        "mean loss of sympathy for the rival in Western capitals since day 0, on the last day",
        _wedge,
    ),
    "refusal": Payoff(
        "-2..2",
        "change of sympathy for the claimant at the mediator's over the "
        "days on which an offer that it has refused stands: below 0 is what "
        "refusing cost it",
        _refusal,
    ),
}


def payoff_values(name: str, record: Record, world: World) -> Floats:
    """values[..., k] of one payoff, a key of ``PAYOFFS``, in a record of one run or of many."""
    return PAYOFFS[name].compute(record, world)
