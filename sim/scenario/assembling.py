"""From checked values to the frozen records of ``entities``.

The kinds of ``keys`` say which record a mapping becomes. What a value may be was decided before,
by ``value_reader``; what must fit together is checked after, by ``checking``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.scenario import entities
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


def assemble(values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """Build the fields of a ``Scenario`` from its values by key.

    A field is left out where its values had problems, so that no rule is tried on it. Two
    defaults depend on other keys and are filled in here: the resting salience of issues, and the
    first audience as mediator.
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
    return value or {} if isinstance(kind, ByName) else value


def _fill_salience(audience: entities.Audience, issues: list[str]) -> None:
    """Give every issue its resting salience: 1 for the first, 0 for others not written."""
    resting = {issue: audience.salience.get(issue, 0.0) for issue in issues}
    resting[issues[0]] = audience.salience.get(issues[0], 1.0)
    object.__setattr__(audience, "salience", resting)  # just made here, nobody else holds it
