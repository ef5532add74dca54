"""From checked values to the frozen records of ``entities``."""

from __future__ import annotations

from typing import Any

from sim.parameters import Parameters, Switches
from sim.scenario import entities
from sim.scenario.keys import FIELD_OF_KEY, HOME, ROOT, SECTIONS
from sim.scenario.problems import Problems

ENTITIES: dict[str, type] = {
    "claimants": entities.Claimant,
    "delegations": entities.Delegation,
    "audiences": entities.Audience,
    "issues": entities.Issue,
    "narratives": entities.Narrative,
    "claims": entities.Claim,
    "events": entities.Event,
}
ALWAYS_ONE = 1.0  # the resting salience of the first issue


def assemble(values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """The fields of a Scenario; a field is left out where its values had problems."""
    parts: dict[str, Any] = {}
    for key, declared in ROOT.keys.items():
        if problems.touches(key) or (declared.required and key not in values):
            continue
        value = values.get(key, declared.default)
        if key in SECTIONS:
            parts[key] = tuple(ENTITIES[key](**_fields(key, item)) for item in value or ())
        elif key == "parameters":
            parts[key] = Parameters(**(value or {}))
        elif key == "switches":
            parts[key] = Switches(**(value or {}))
        elif key == "incidents":
            parts[key] = entities.Incidents(**(value or {}))
        elif key == "update_rule":
            options = value if isinstance(value, dict) else {"name": value}
            parts[key] = entities.UpdateRule(**options)
        elif key == "peers":
            parts[key] = value or {}
        elif key not in ("schema_version", "mediator"):
            parts[key] = value
    if "audiences" in parts and "issues" in parts:
        names = [issue.name for issue in parts["issues"]]
        parts["audiences"] = tuple(_with_rest(a, names) for a in parts["audiences"])
        if parts["audiences"] and not problems.touches("mediator"):
            mediator = dict(values.get("mediator") or {"audience": parts["audiences"][0].name})
            mediator["days"] = tuple(mediator.get("days", ()))
            parts["mediator"] = entities.Mediator(**mediator)
    return parts


def _fields(section: str, item: dict[str, Any]) -> dict[str, Any]:
    fields = {FIELD_OF_KEY.get(key, key): value for key, value in item.items()}
    if "itinerary" in fields:
        fields["itinerary"] = tuple(
            entities.Stop(stop["day"], None if stop["at"] == HOME else stop["at"])
            for stop in fields["itinerary"]
        )
    if section == "narratives" and "audiences" in fields:
        fields["audiences"] = tuple(fields["audiences"])
    if "verification" in fields:
        fields["verification"] = entities.Verification(**fields["verification"])
    return fields


def _with_rest(audience: entities.Audience, issues: list[str]) -> entities.Audience:
    rest = {issue: audience.salience.get(issue, 0.0) for issue in issues}
    rest[issues[0]] = audience.salience.get(issues[0], ALWAYS_ONE)
    object.__setattr__(audience, "salience", rest)  # just made here, nobody else holds it
    return audience
