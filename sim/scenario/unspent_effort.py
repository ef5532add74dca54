"""Effort that a claimant's menu leaves unspent: when, how much, and at whom.

Shares are divided by their sum over the whole menu, whatever dates and audiences narratives have.
So where one of them is not told, its share of the effort is spent on nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.entities import Claimant, Narrative
from sim.scenario.error_texts import show_text
from sim.scenario.plans import menu_shares

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

LEAST = 0.005  # less is not told: it would read as 0 %
MOST_PERIODS = 3  # told of a claimant


class Unspent(NamedTuple):
    """Days on which the same narratives are told, and what of the effort they leave.

    Attributes
    ----------
    first, last
        The days, both included.
    shares
        By audience, 0 to 1.
    """

    first: int
    last: int
    shares: dict[str, float]

    @property
    def everywhere(self) -> float:
        """What is unspent at every audience."""
        return min(self.shares.values())


def unspent_effort(scenario: Scenario, side: Claimant) -> list[Unspent]:
    """What a claimant's menu leaves of its effort from the day its statements begin, in order."""
    menu = [one for one in scenario.narratives if one.sender == side.name]
    planned = menu_shares(side, menu)
    ends = [scenario.steps if one.last_day is None else one.last_day + 1 for one in menu]
    start, steps = side.campaign_start, scenario.steps
    cuts = {start, steps, *ends, *(one.first_day for one in menu), *(day for day, _ in planned)}
    names = [one.name for one in scenario.audiences]
    found = []
    for first, after in pairwise(sorted(cut for cut in cuts if menu and start <= cut <= steps)):
        told = [one for one, end in zip(menu, ends, strict=True) if one.first_day <= first < end]
        shares = next(raw for day, raw in reversed(planned) if day <= first)
        found.append(Unspent(first, after - 1, _left(told, shares, names)))
    return found


def _left(
    told: Sequence[Narrative], shares: Mapping[str, float], audiences: Sequence[str]
) -> dict[str, float]:
    """The part of the effort that no narrative told takes, by audience."""
    total = fsum(shares.values())
    heard = {
        name: [shares[one.name] for one in told if one.audiences is None or name in one.audiences]
        for name in audiences
    }
    return {name: max(0.0, 1.0 - fsum(parts) / total) for name, parts in heard.items()}


def unspent_notes(scenario: Scenario) -> list[str]:
    """A note for each claimant that leaves effort unspent, in this arm."""
    notes = []
    for side in scenario.claimants:
        found = unspent_effort(scenario, side)
        parts = [*_periods(found, scenario), *_places(found)]
        if parts:
            notes.append(
                f"claimants.{side.name}: leaves effort unspent, since shares are of its whole "
                f"menu, told or not: {'; '.join(parts)}"
            )
    return notes


def _periods(found: Sequence[Unspent], scenario: Scenario) -> Iterator[str]:
    """The periods in which most is left at every audience, in order."""
    joined: list[tuple[int, int, float]] = []
    for one in found:
        if joined and abs(joined[-1][2] - one.everywhere) < LEAST:
            joined[-1] = (joined[-1][0], one.last, joined[-1][2])
        else:
            joined.append((one.first, one.last, one.everywhere))
    told = [one for one in joined if one[2] >= LEAST]
    most = sorted(told, key=lambda one: (one[0] - one[1] - 1) * one[2])[:MOST_PERIODS]
    for first, last, share in sorted(most):
        start, end = (scenario.start_date + timedelta(days=day) for day in (first, last))
        yield (
            f"{100 * share:.0f} % from {start} to {end}"
            if first < last
            else (f"{100 * share:.0f} % on {start}")
        )
    if len(told) > MOST_PERIODS:
        yield "less on other days"


def _places(found: Sequence[Unspent]) -> Iterator[str]:
    """What is left besides at some audiences, on the mean of all days."""
    days = sum(one.last - one.first + 1 for one in found)
    more = {
        name: fsum((u.shares[name] - u.everywhere) * (u.last - u.first + 1) for u in found) / days
        for name in (found[0].shares if found else ())
    }
    told = sorted((part, name) for name, part in more.items() if part >= LEAST)
    if told:
        low, high = 100 * told[0][0], 100 * told[-1][0]
        some = f"{low:.0f} % more" if high - low < 1 else f"{low:.0f} to {high:.0f} % more"
        most = f", most at {show_text(told[-1][1])}" if len(told) > 1 else ""
        only = show_text(told[0][1]) if len(told) == 1 else f"{len(told)} of {len(more)} audiences"
        yield f"on the mean day {some} at {only}{most}"
