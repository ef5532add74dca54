"""From checked values to the frozen records of ``entities``.

The kinds of ``keys`` say which record a mapping becomes. What a value may be was decided before,
by ``value_reader``; what must fit together is checked after, by ``checking``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.scenario import entities
from sim.scenario.error_texts import are_of, count_of, show_text
from sim.scenario.keys import FIELD_OF_KEY, HOME, ROOT
from sim.scenario.problems import Problems
from sim.scenario.value_kinds import (
    ByName,
    Kind,
    Listed,
    NamedOptions,
    RecordKind,
    Reference,
    Succession,
)

MOST_FILLED = 8  # audiences and issues that a note lists


def assemble(values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """Build the fields of a ``Scenario`` from its values by key.

    A field is left out where its values had problems, so that no rule is tried on it. Three
    defaults depend on other keys and are filled in here: the resting salience of issues,
    judgements, and the first audience as mediator.
    """
    parts: dict[str, Any] = {}
    for key, declared in ROOT.keys.items():
        if key in ("schema_version", "mediator") or (declared.required and key not in values):
            continue
        if not problems.touches(key):
            parts[key] = _build(declared.kind, values.get(key, declared.default))
    if "audiences" in parts and "issues" in parts:
        names = [issue.name for issue in parts["issues"]]
        for audience in parts["audiences"]:
            _fill_salience(audience, names)
            _fill_judgements(audience, names)
        if parts["audiences"] and not problems.touches("mediator"):
            first = [{"audience": parts["audiences"][0].name}]
            parts["mediator"] = _build(ROOT.keys["mediator"].kind, values.get("mediator") or first)
    return parts


def _build(kind: Kind, value: Any) -> Any:
    """Build what a value of some kind becomes; None stands for a key left out."""
    if isinstance(kind, RecordKind) and kind.entity:
        fields = {
            FIELD_OF_KEY.get(key, key): _build(kind.keys[key].kind, item)
            for key, item in (value or {}).items()
        }
        return kind.entity(**fields)
    if isinstance(kind, Succession):
        first, *later = (_build(kind.first, item) for item in value)
        return replace(first, later=tuple(later))
    if isinstance(kind, Listed):
        return tuple(_build(kind.item, item) for item in value or ())
    if isinstance(kind, NamedOptions):
        return entities.UpdateRule(**(value if isinstance(value, dict) else {"name": value}))
    if isinstance(kind, Reference) and kind.home and value == HOME:
        return None
    if isinstance(kind, ByName) and isinstance(kind.item, Reference):
        return {name: _build(kind.item, item) for name, item in (value or {}).items()}
    return value or {} if isinstance(kind, ByName) else value


def _fill_salience(audience: entities.Audience, issues: list[str]) -> None:
    """Give every issue its resting salience: 1 for the first, 0 for others not written."""
    resting = {issue: audience.salience.get(issue, 0.0) for issue in issues}
    resting[issues[0]] = audience.salience.get(issues[0], 1.0)
    object.__setattr__(audience, "salience", resting)  # just made here, nobody else holds it


def _fill_judgements(audience: entities.Audience, issues: list[str]) -> None:
    """Judge a claimant on every issue that is not written as on the first, the background."""
    background = audience.judgements.get(issues[0], {})
    full = {issue: {**background, **audience.judgements.get(issue, {})} for issue in issues}
    if full != audience.judgements:
        object.__setattr__(audience, "judgements", full)  # as above


def note_filled_judgements(values: dict[str, Any]) -> list[str]:
    """A note on the judgements that a scenario's values leave out, in a list of one or none."""
    issues = [issue["name"] for issue in values["issues"]]
    sides = [side["name"] for side in values["claimants"]]
    filled, count = [], 0
    for audience in values["audiences"]:
        for issue in issues[1:]:
            judged = audience.get("judgements", {}).get(issue, {})
            left = [side for side in sides if side not in judged]
            count += len(left)
            if left:
                of = f" ({left[0]})" if len(left) < len(sides) else ""
                filled.append(f"{show_text(audience['name'])} on {show_text(issue)}{of}")
    if not filled:
        return []
    more = f" and {len(filled) - MOST_FILLED} more" if len(filled) > MOST_FILLED else ""
    verb = are_of(count)
    return [
        f"audiences: {count_of(count, 'judgement')} that {verb} not given {verb} taken from "
        f"{show_text(issues[0])}: {'; '.join(filled[:MOST_FILLED])}{more}"
    ]
