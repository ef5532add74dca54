"""What claimants' plans come to: the menu, the part for replies and each team's stops, by day.

A plan changes what it names, from its day on (``entities.DatedPlan``). Everything that asks what a
claimant does on a day asks here, so that a plan which repeats the file changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.scenario.entities import Claimant, DatedPlan, Delegation, Narrative, Stop


def menu_shares(
    side: Claimant, narratives: Iterable[Narrative]
) -> list[tuple[int, dict[str, float]]]:
    """The raw weights of a claimant's menu by narrative, with the day from which they hold.

    The first are the narratives' own, from day 0; then those of each plan that has some.
    """
    shares = {one.name: one.share for one in narratives if one.sender == side.name}
    found = [(0, shares)]
    for plan in side.plans:
        if plan.shares:
            shares = {**shares, **plan.shares}
            found.append((plan.first_day, shares))
    return found


def planned_replies(side: Claimant) -> list[tuple[int, float]]:
    """The part of a claimant's statements that answers attacks, with the day it holds from.

    Before the first the parameter ``reply`` holds.
    """
    return [(one.first_day, one.reply) for one in side.plans if one.reply is not None]


def tour(team: Delegation, claimants: Iterable[Claimant]) -> tuple[Stop, ...]:
    """The stops of a team in order of days: its itinerary's, and those of its claimant's plans.

    Where both have a stop on one day the plan's counts.
    """
    stops = {stop.day: stop for stop in team.itinerary}
    for side in claimants:
        for plan in side.plans if side.name == team.claimant else ():
            if team.name in plan.stops:
                stops[plan.first_day] = Stop(plan.first_day, plan.stops[team.name])
    return tuple(stops[day] for day in sorted(stops))


def plan_text(plan: DatedPlan) -> str:
    """What a plan changes, in words: shares, the part for replies, where teams go."""
    shares = ", ".join(f"{name} {share:g}" for name, share in plan.shares.items())
    stops = [
        f"{team} goes home" if place is None else f"{team} to {place}"
        for team, place in plan.stops.items()
    ]
    parts = [
        f"shares {shares}" if shares else "",
        "" if plan.reply is None else f"{100 * plan.reply:g} % of statements to replies",
        *stops,
    ]
    return "; ".join(part for part in parts if part) or "nothing changes"
