"""A shorter run of the same scenario: what lies past its end does not happen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.scenario.entities import Claimant, Delegation, Event, Mediator, Narrative


def shortened(parts: dict[str, Any], steps: int) -> dict[str, Any]:
    """The fields that change: later events, stops and offers go, later beginnings never come.

    Narratives stay even where their time never comes: their share stays unspent, as in the
    whole run.
    """
    claimants: tuple[Claimant, ...] = parts["claimants"]
    delegations: tuple[Delegation, ...] = parts["delegations"]
    narratives: tuple[Narrative, ...] = parts["narratives"]
    events: tuple[Event, ...] = parts["events"]
    mediator: Mediator = parts["mediator"]
    return {
        "steps": steps,
        "claimants": tuple(
            replace(side, campaign_start=min(side.campaign_start, steps)) for side in claimants
        ),
        "delegations": tuple(
            replace(team, itinerary=tuple(stop for stop in team.itinerary if stop.day < steps))
            for team in delegations
        ),
        "narratives": tuple(
            replace(
                narrative,
                first_day=min(narrative.first_day, steps),
                last_day=None if narrative.last_day is None else min(narrative.last_day, steps),
            )
            for narrative in narratives
        ),
        "events": tuple(event for event in events if event.day < steps),
        "mediator": replace(mediator, days=tuple(d for d in mediator.days if d < steps)),
    }
