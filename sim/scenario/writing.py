"""Writes a scenario back: as a plain dict, and as YAML that reads to the same scenario.

*Plain* content is what a file would hold: dicts, lists, texts, numbers and flags. Arms are written
as deltas, so that they stay arms when they are read again.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.scenario import value_kinds as kinds
from sim.scenario.keys import FIELD_OF_KEY, HOME, ROOT, SCHEMA_VERSION, SECTIONS
from sim.scenario.merging import DROP
from sim.scenario.nodes import Path
from sim.scenario.scalars import number_text
from sim.scenario.sources import SOURCE, VALUE

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Plain = dict[str, Any]
FOR_PEOPLE = ("title", "description", "iso3", SOURCE)
# the long sections come last, for people who read the file
_ORDER = (*(key for key in ROOT.keys if key not in SECTIONS), *SECTIONS)


def plain(scenario: Scenario) -> Plain:
    """The scenario's own content, every default written out; without arms and baseline."""
    content: Plain = {"schema_version": SCHEMA_VERSION}
    for key in _ORDER:
        if key not in ("schema_version", "baseline"):
            content[key] = plain_value(ROOT.keys[key].kind, getattr(scenario, key))
    return _without_gaps(content)


def plain_value(kind: kinds.Kind, value: Any) -> Any:
    """What a file would hold for a value of some kind: ``assembling`` backwards."""
    if isinstance(kind, kinds.Reference) and kind.home:
        return HOME if value is None else value
    if value is None:
        return None
    if isinstance(kind, kinds.RecordKind):
        fields = {key: getattr(value, FIELD_OF_KEY.get(key, key)) for key in kind.keys}
        return _without_gaps({k: plain_value(kind.keys[k].kind, v) for k, v in fields.items()})
    if isinstance(kind, kinds.Succession):
        roles = value if isinstance(value, list | tuple) else value.roles
        first, *later = [plain_value(kind.later, role) for role in roles]
        if later:
            return [first, *later]
        del first["from"]  # the only one begins with the run
        return first
    if isinstance(kind, kinds.Listed):
        return [plain_value(kind.item, item) for item in value]
    if isinstance(kind, kinds.NamedOptions):
        return {"name": value.name, **value.options} if value.options else value.name
    if isinstance(kind, kinds.StartDate):
        return value.isoformat()
    if isinstance(kind, kinds.Coefficient) and math.isinf(value):
        return number_text(value)  # JSON has no such number
    if isinstance(kind, kinds.ByName) and isinstance(kind.item, kinds.Reference):
        return {k: plain_value(kind.item, item) for k, item in value.items()}
    if isinstance(value, Mapping):
        return {k: plain_value(kind, item) for k, item in value.items()}  # numbers by name
    return value


def _without_gaps(content: Plain) -> Plain:
    """Leave out optional values that are not there, and empty texts."""
    return {key: value for key, value in content.items() if value is not None and value != ""}


def difference(base: Any, other: Any) -> Any:
    """The delta that, merged over the base, gives the other: ``merging.merge`` backwards.

    Parameters
    ----------
    base, other
        Plain content of the same key.
    """
    if isinstance(base, dict) and isinstance(other, dict):
        if base.get("name") != other.get("name") or VALUE in base or VALUE in other:
            return other
        changed = {
            key: difference(base[key], value) if key in base else value
            for key, value in other.items()
            if key not in base or base[key] != value
        }
        return changed | {key: {DROP: True} for key in base if key not in other}
    if isinstance(base, list) and isinstance(other, dict):
        return [other]  # one role for several: a mapping would have to lie over a mapping
    if _has_names(base) and (_has_names(other) or other == []):
        return _item_differences(base, other)
    return other


def _item_differences(base: list[Plain], other: list[Plain]) -> list[Plain]:
    """The delta between two lists of named items: dropped, changed and added ones."""
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
    """The content with sources put back beside the values they belong to.

    Parameters
    ----------
    content
        Plain content.
    sources
        Sources by key path, list items going by name.
    path
        Key path of the content.
    """
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
    text = json.dumps(drop_texts(content), sort_keys=True, separators=(",", ":"))
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

    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=99))
