"""A campaign written down: where teams were and what was said, as plans over the same scenario.

Whatever chose it, a strategy or a player, the file that is written here extends the scenario and
is run by its itinerary alone, to the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.scenario.entities import Claimant, DatedPlan
from sim.scenario.keys import PLAN, SCHEMA_VERSION
from sim.scenario.writing import Plain, plain_value

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Places = Sequence[Sequence[int]]  # [day][team]: an audience by its position, below 0 at home
Shares = Sequence[Mapping[str, float]]  # [day]: raw weights of a menu by narrative


def campaign_overlay(
    scenario: Scenario,
    name: str,
    places: Places,
    shares: Mapping[str, Shares] | None = None,
    sides: Sequence[str] | None = None,
) -> Plain:
    """What a file holds that extends the scenario and follows a campaign.

    Parameters
    ----------
    scenario
        What it extends, by its name; its own plans of shares and replies are kept.
    name
        The file's own.
    places
        Where each team of the scenario is, by day.
    shares
        By claimant where its menu was another than the scenario's: raw weights, since those that
        were divided by their sum would not divide to the same bits again.
    sides
        The claimants whose campaign it is; both where None. The other keeps its own.

    Returns
    -------
    dict
        Plain content, for ``writing.to_yaml``.
    """
    given = shares or {}
    chosen = [side for side in scenario.claimants if sides is None or side.name in sides]
    names = [side.name for side in chosen]
    return {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "extends": scenario.name,
        "claimants": [
            {
                "name": side.name,
                "strategy": "scripted",
                "plans": [
                    plain_value(PLAN, plan)
                    for plan in follow_campaign(scenario, side, places, given.get(side.name))
                ],
            }
            for side in chosen
        ],
        "delegations": [
            {"name": team.name, "itinerary": []}
            for team in scenario.delegations
            if team.claimant in names
        ],
    }


def follow_campaign(
    scenario: Scenario, side: Claimant, places: Places, shares: Shares | None = None
) -> list[DatedPlan]:
    """The plans of a claimant whose teams are at those places, from day to day where one moves.

    Parameters are those of ``campaign_overlay``; without ``shares`` those of its plans are kept.
    """
    own = {plan.first_day: plan for plan in side.plans}
    teams = [i for i, team in enumerate(scenario.delegations) if team.claimant == side.name]
    where = dict.fromkeys(teams, -1)
    said = {one.name: one.share for one in scenario.narratives if one.sender == side.name}
    plans = []
    for day in range(scenario.steps):
        moved = {team: int(places[day][team]) for team in teams}
        moved = {team: at for team, at in moved.items() if max(at, -1) != where[team]}
        where |= {team: max(at, -1) for team, at in moved.items()}
        kept = own.get(day, DatedPlan(day))
        new = kept.shares if shares is None else shares[day]
        changed = {one: share for one, share in new.items() if share != said[one]}
        said |= changed
        stops = {
            scenario.delegations[team].name: scenario.audiences[at].name if at >= 0 else None
            for team, at in moved.items()
        }
        if stops or changed or kept.reply is not None:
            plans.append(DatedPlan(day, changed, kept.reply, stops))
    return plans
