"""Writes a scenario back: as a plain dict, and as YAML that reads to the same scenario."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.scenario.entities import Stop, Verification
from sim.scenario.keys import (
    FIELD_OF_KEY,
    HOME,
    INCIDENTS,
    MEDIATOR,
    SCHEMA_VERSION,
    SECTIONS,
    VERIFICATION,
)
from sim.scenario.merging import DROP
from sim.scenario.nodes import Path
from sim.scenario.sources import SOURCE, VALUE

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Plain = dict[str, Any]
FOR_PEOPLE = ("title", "description", SOURCE)


def plain(scenario: Scenario) -> Plain:
    """The scenario's own content, every default written out; without arms."""
    rule = scenario.update_rule
    content: Plain = {
        "schema_version": SCHEMA_VERSION,
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "seed": scenario.seed,
        "steps": scenario.steps,
        "start_date": scenario.start_date.isoformat(),
        "initial_tension": scenario.initial_tension,
        "parameters": scenario.parameters._asdict(),
        "switches": scenario.switches._asdict(),
        "peers": _value(scenario.peers),
        "incidents": _record(scenario.incidents, INCIDENTS.keys),
        "mediator": _record(scenario.mediator, MEDIATOR.keys),
        "update_rule": {"name": rule.name, **rule.options} if rule.options else rule.name,
    }
    for section, items in SECTIONS.items():
        content[section] = [
            _record(entity, items.record.keys) for entity in getattr(scenario, section)
        ]
    return {key: value for key, value in content.items() if value != ""}


def _record(entity: object, keys: Iterable[str]) -> Plain:
    values = {key: _value(getattr(entity, FIELD_OF_KEY.get(key, key))) for key in keys}
    return {key: value for key, value in values.items() if value is not None and value != ""}


def _value(value: object) -> Any:
    if isinstance(value, Stop):
        return {"day": value.day, "at": HOME if value.at is None else value.at}
    if isinstance(value, Verification):
        return _record(value, VERIFICATION.keys)
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value


def difference(base: Any, other: Any) -> Any:
    """The delta that, merged over the base, gives the other: ``merging.merge`` backwards."""
    if isinstance(base, dict) and isinstance(other, dict):
        if base.get("name") != other.get("name") or VALUE in base or VALUE in other:
            return other
        changed = {
            key: difference(base[key], value) if key in base else value
            for key, value in other.items()
            if key not in base or base[key] != value
        }
        return changed | {key: {DROP: True} for key in base if key not in other}
    if _has_names(base) and (_has_names(other) or other == []):
        return _item_differences(base, other)
    return other


def _item_differences(base: list[Plain], other: list[Plain]) -> list[Plain]:
    before = {item["name"]: item for item in base}
    after = {item["name"] for item in other}
    gone = [{"name": name, DROP: True} for name in before if name not in after]
    changed = []
    for item in other:
        under = before.get(item["name"])
        if under is None:
            changed.append(item)
        elif under != item:
            changed.append({"name": item["name"], **difference(under, item)})
    return gone + changed


def _has_names(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(v, dict) and "name" in v for v in value)


def add_sources(content: Any, sources: Mapping[Path, str], path: Path = ()) -> Any:
    """The content with sources put back beside the values they belong to."""
    if isinstance(content, dict):
        return {key: add_sources(item, sources, (*path, key)) for key, item in content.items()}
    if isinstance(content, list):
        return [add_sources(item, sources, (*path, label)) for label, item in label_items(content)]
    source = sources.get(path)  # of numbers and flags: what is text is no datum
    return {VALUE: content, SOURCE: source} if source else content


def label_items(items: list[Any]) -> list[tuple[str, Any]]:
    """List items with what key paths call them."""
    return [
        (str(item["name"]) if isinstance(item, dict) and "name" in item else str(index), item)
        for index, item in enumerate(items)
    ]


def content_hash(content: Plain) -> str:
    """SHA-256 of what can move a result: no titles, descriptions or sources, keys in any order."""
    text = json.dumps(
        drop_texts(content), sort_keys=True, ensure_ascii=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def drop_texts(value: Any) -> Any:
    """Of plain content what can move a result: without titles, descriptions and sources."""
    if isinstance(value, dict):
        return {
            key: drop_texts(item)
            for key, item in value.items()
            if key not in FOR_PEOPLE or not isinstance(item, str)
        }
    if isinstance(value, list):
        return [drop_texts(item) for item in value]
    return value


def to_yaml(content: Plain) -> str:
    """YAML text; floats are written as ``repr`` does, which reads back to the same bits."""
    import yaml

    text: str = yaml.dump(
        content, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=99
    )
    return text
