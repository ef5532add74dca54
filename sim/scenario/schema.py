"""The JSON Schema of scenario files, for editors; derived from ``keys``.

It describes single files: what each key may hold. What joins several keys, and names that must
resolve, only the program itself can check (``checking``, ``value_reader``). Most definitions come
twice: for a whole scenario, and as a *delta*, which is what an arm or a file that extends another
may hold. In a delta nothing but a list item's name is required, and anything may be dropped.
"""

from __future__ import annotations

from typing import Any

from sim.parameters import POSITIVE, SPECS, WHOLE_NUMBERS
from sim.scenario import value_kinds as kinds
from sim.scenario.keys import ARMS, EXTENDS, FIXED_IN_ARMS, GAME, JUDGEMENTS, MOST_ARMS, ROOT
from sim.scenario.merging import DROP
from sim.scenario.scalars import COUNTRY_CODE, LONGEST_NAME, SLUG
from sim.scenario.sources import LONGEST_SOURCE, SOURCE, VALUE

Schema = dict[str, Any]
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TABLE = r"^[^/\\]+\.(csv|tsv|txt)$"
_SLUG = f"^{SLUG.pattern}$"
_SOURCE: Schema = {
    "type": "string",
    "maxLength": LONGEST_SOURCE,
    "description": "where the numbers in this mapping come from",
}


def json_schema() -> Schema:
    """The JSON Schema (draft 7) of a scenario file, alone or extending another."""
    definitions = {
        _definition(name, delta=delta): _key_schema(key, delta=delta)
        for delta in (False, True)
        for name, key in ROOT.keys.items()
    }
    own = {
        "judgements": _key_schema(JUDGEMENTS, delta=True),
        "game": _key_schema(GAME, delta=False),
    }
    extends = {"extends": _key_schema(EXTENDS, delta=True)}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenario of narrative-diplomacy",
        "description": "Generated from sim/scenario/keys.py; do not edit.",
        "definitions": {**definitions, "arms": _arms()},
        "type": "object",
        "if": {"required": ["extends"]},
        "then": _file(extends | own, delta=True),
        "else": _file(own, delta=False),
    }


def _definition(name: str, *, delta: bool) -> str:
    return f"{name}_delta" if delta else name


def _references(*, delta: bool) -> Schema:
    """Point from each key of a scenario to its definition."""
    return {
        name: {"$ref": f"#/definitions/{_definition(name, delta=delta)}"} for name in ROOT.keys
    }


def _closed_keys(properties: Schema, required: list[str] | None = None) -> Schema:
    """Describe a mapping that has these keys, may have a source, and no other key."""
    needed = {"required": required} if required else {}
    properties = {**properties, SOURCE: _SOURCE}
    return {"properties": properties, **needed, "additionalProperties": False}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    return {"type": "object", **_closed_keys(properties, required)}


def _arms() -> Schema:
    """Describe deltas by arm, without the keys that are the same in all of them."""
    keys = {k: v for k, v in _references(delta=True).items() if k not in FIXED_IN_ARMS}
    return {
        "type": "object",
        "description": ARMS.meaning,
        "propertyNames": {"pattern": _SLUG},
        "maxProperties": MOST_ARMS,
        "additionalProperties": _object({**keys, DROP: {"const": True}}),
    }


def _file(more: Schema, *, delta: bool) -> Schema:
    """Describe the keys of a file; its type stands in the schema's root."""
    properties = {**_references(delta=delta), **more, "arms": {"$ref": "#/definitions/arms"}}
    return _closed_keys(properties, [] if delta else _required_keys(ROOT))


def _required_keys(kind: kinds.RecordKind) -> list[str]:
    return [name for name, key in kind.keys.items() if key.required]


def _key_schema(key: kinds.Key, *, delta: bool) -> Schema:
    """Describe one key: its kind, meaning, unit and default."""
    unit = f" ({key.unit})" if key.unit else ""
    described: Schema = {**_schema(key.kind, delta=delta), "description": key.meaning + unit}
    if isinstance(key.default, bool | int | float | str) and key.default != "":
        described["default"] = key.default
    return described


def _schema(kind: kinds.Kind, *, delta: bool) -> Schema:
    """Describe a value of some kind."""
    if isinstance(kind, kinds.RecordKind):
        return _record(kind, delta=delta)
    if isinstance(kind, kinds.Items):
        item = _record(kind.item, delta=delta, needed=("name",))
        return {"type": "array", "items": item, "maxItems": kind.most}
    if isinstance(kind, kinds.Listed):
        # plain lists replace as a whole, so what stands in them is complete
        item = _schema(kind.item, delta=False)
        return {"type": "array", "items": item, "maxItems": kind.most}
    if isinstance(kind, kinds.Succession):
        one = _record(kind.first, delta=delta)
        first, later = (_record(record, delta=False) for record in (kind.first, kind.later))
        several = {"type": "array", "items": [first], "additionalItems": later, "minItems": 1,
                   "maxItems": kind.most}  # fmt: skip
        return {"anyOf": [one, several]}
    if isinstance(kind, kinds.ByName):
        named = _by_name(_schema(kind.item, delta=delta), delta=delta)
        return {"anyOf": [named, {"type": "string", "pattern": _TABLE}]} if kind.table else named
    if isinstance(kind, kinds.NumberByName):
        one = _schema(kind.item, delta=delta)
        return {"anyOf": [*one["anyOf"], _by_name(one, delta=delta)]}
    if isinstance(kind, kinds.NamedOptions):
        name = _schema(kind.name, delta=delta)
        number = _schema(kinds.Number(), delta=delta)
        options = _object({"name": name}, ["name"]) | {"additionalProperties": number}
        return {"anyOf": [name, options]}
    return _single(kind)


def _single(kind: kinds.Kind) -> Schema:
    """Describe a single value; numbers, flags and days may carry a source."""
    if isinstance(kind, kinds.Number | kinds.Whole):
        word = "number" if isinstance(kind, kinds.Number) else "integer"
        return _with_source({"type": word, "minimum": kind.low, "maximum": kind.high})
    if isinstance(kind, kinds.Coefficient):
        return _with_source(_coefficient(kind.parameter))
    if isinstance(kind, kinds.Flag):
        return _with_source({"type": "boolean"})
    if isinstance(kind, kinds.Day):
        return _with_source({"type": ["integer", "string"], "minimum": 0, "pattern": _DATE})
    if isinstance(kind, kinds.StartDate):
        return {"type": "string", "pattern": _DATE}
    if isinstance(kind, kinds.Choice):
        return {"enum": list(kind.options())}
    if isinstance(kind, kinds.Slug):
        return {"type": "string", "pattern": _SLUG, "maxLength": LONGEST_NAME}
    if isinstance(kind, kinds.CountryCode):
        return {"type": "string", "pattern": f"^{COUNTRY_CODE.pattern}$"}
    longest = kind.longest if isinstance(kind, kinds.Text) else LONGEST_NAME
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _record(kind: kinds.RecordKind, *, delta: bool, needed: tuple[str, ...] = ()) -> Schema:
    """Describe a mapping with declared keys; of a delta only the ``needed`` ones are required."""
    properties = {name: _key_schema(key, delta=delta) for name, key in kind.keys.items()}
    if not delta:
        return _object(properties, _required_keys(kind))
    properties[DROP] = {"const": True, "description": "remove this from what is overlaid"}
    return _object(properties, [name for name in needed if name in kind.keys])


def _by_name(item: Schema, *, delta: bool) -> Schema:
    """Describe a mapping whose keys are names, which only the program knows."""
    dropped: Schema = {"type": "object", "properties": {DROP: {"const": True}}}
    item = {"anyOf": [item, dropped]} if delta else item
    return {"type": "object", "properties": {SOURCE: _SOURCE}, "additionalProperties": item}


def _with_source(single: Schema) -> Schema:
    """Describe a value that is written plainly or as ``{value: ..., source: text}``."""
    return {"anyOf": [single, _object({VALUE: single}, [VALUE])]}


def _coefficient(name: str) -> Schema:
    """Describe a parameter by its hard limits, some of which are open."""
    spec = SPECS[name]
    schema: Schema = {"type": "integer" if name in WHOLE_NUMBERS else "number"}
    schema["exclusiveMinimum" if name in POSITIVE else "minimum"] = spec.hard_low
    if spec.hard_high != kinds.NO_BOUND:
        schema["exclusiveMaximum" if spec.below else "maximum"] = spec.hard_high
    return schema
