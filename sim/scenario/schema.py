"""The JSON Schema of scenario files, for editors; derived from ``keys``.

It describes single files. What joins several keys, and names that must resolve, only the program
itself can check.
"""

from __future__ import annotations

from typing import Any

from sim.parameters import POSITIVE, SPECS, WHOLE_NUMBERS
from sim.scenario import value_kinds
from sim.scenario.keys import ARMS, EXTENDS, FIXED_IN_ARMS, MOST_ARMS, ROOT
from sim.scenario.merging import DROP
from sim.scenario.scalars import LONGEST_NAME, SLUG
from sim.scenario.sources import LONGEST_SOURCE, SOURCE, VALUE

Schema = dict[str, Any]
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
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
    extends = {"extends": _key_schema(EXTENDS, delta=True)}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenario of narrative-diplomacy",
        "description": "Generated from sim/scenario/keys.py; do not edit.",
        "definitions": {**definitions, "arms": _arms()},
        "type": "object",
        "if": {"required": ["extends"]},
        "then": _file(extends, delta=True),
        "else": _file({}, delta=False),
    }


def _definition(name: str, *, delta: bool) -> str:
    return f"{name}_delta" if delta else name


def _references(*, delta: bool) -> Schema:
    return {
        name: {"$ref": f"#/definitions/{_definition(name, delta=delta)}"} for name in ROOT.keys
    }


def _arms() -> Schema:
    """Deltas by arm, without what is the same in all of them."""
    keys = {k: v for k, v in _references(delta=True).items() if k not in FIXED_IN_ARMS}
    arm = {
        "type": "object",
        "properties": {**keys, DROP: {"const": True}, SOURCE: _SOURCE},
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "description": ARMS.meaning,
        "propertyNames": {"pattern": f"^{SLUG.pattern}$"},
        "maxProperties": MOST_ARMS,
        "additionalProperties": arm,
    }


def _file(more: Schema, *, delta: bool) -> Schema:
    properties = {**_references(delta=delta), **more, "arms": {"$ref": "#/definitions/arms"}}
    schema = {"properties": {**properties, SOURCE: _SOURCE}, "additionalProperties": False}
    needed = [] if delta else [name for name, key in ROOT.keys.items() if key.required]
    return schema | ({"required": needed} if needed else {})


def _key_schema(key: value_kinds.Key, *, delta: bool) -> Schema:
    unit = f" ({key.unit})" if key.unit else ""
    described: Schema = {**_schema(key.kind, delta=delta), "description": key.meaning + unit}
    if isinstance(key.default, bool | int | float | str) and key.default != "":
        described["default"] = key.default
    return described


def _schema(kind: value_kinds.Kind, *, delta: bool) -> Schema:
    if isinstance(kind, value_kinds.RecordKind):
        return _record(kind, delta=delta)
    if isinstance(kind, value_kinds.Items):
        item = _record(kind.record, delta=delta, needed=("name",))
        return {"type": "array", "items": item, "maxItems": kind.most}
    if isinstance(kind, value_kinds.Listed):
        # plain lists replace as a whole, so what stands in them is complete
        item = _schema(kind.item, delta=False)
        return {"type": "array", "items": item, "maxItems": kind.most}
    if isinstance(kind, value_kinds.ByName):
        return _by_name(_schema(kind.item, delta=delta), delta=delta)
    if isinstance(kind, value_kinds.NumberByName):
        one = _schema(kind.item, delta=delta)
        return {"anyOf": [*one["anyOf"], _by_name(one, delta=delta)]}
    if isinstance(kind, value_kinds.NamedOptions):
        name = _schema(kind.name, delta=delta)
        options = {
            "type": "object",
            "properties": {"name": name, SOURCE: _SOURCE},
            "required": ["name"],
            "additionalProperties": _schema(value_kinds.Number(), delta=delta),
        }
        return {"anyOf": [name, options]}
    return _single(kind)


def _single(kind: value_kinds.Kind) -> Schema:
    if isinstance(kind, value_kinds.Number):
        return _with_source({"type": "number", "minimum": kind.low, "maximum": kind.high})
    if isinstance(kind, value_kinds.Whole):
        return _with_source({"type": "integer", "minimum": kind.low, "maximum": kind.high})
    if isinstance(kind, value_kinds.Coefficient):
        return _with_source(_coefficient(kind.parameter))
    if isinstance(kind, value_kinds.Flag):
        return _with_source({"type": "boolean"})
    if isinstance(kind, value_kinds.Day):
        return _with_source({"type": ["integer", "string"], "minimum": 0, "pattern": _DATE})
    if isinstance(kind, value_kinds.StartDate):
        return {"type": "string", "pattern": _DATE}
    if isinstance(kind, value_kinds.Choice):
        return {"enum": list(kind.options())}
    if isinstance(kind, value_kinds.Slug):
        return {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": LONGEST_NAME}
    longest = kind.longest if isinstance(kind, value_kinds.Text) else LONGEST_NAME
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _record(kind: value_kinds.RecordKind, *, delta: bool, needed: tuple[str, ...] = ()) -> Schema:
    properties = {name: _key_schema(key, delta=delta) for name, key in kind.keys.items()}
    if delta:
        properties[DROP] = {"const": True, "description": "remove this from what is overlaid"}
        required = [name for name in needed if name in kind.keys]
    else:
        required = [name for name, key in kind.keys.items() if key.required]
    schema = {
        "type": "object",
        "properties": {**properties, SOURCE: _SOURCE},
        "additionalProperties": False,
    }
    return schema | ({"required": required} if required else {})


def _by_name(item: Schema, *, delta: bool) -> Schema:
    dropped: Schema = {"type": "object", "properties": {DROP: {"const": True}}}
    return {
        "type": "object",
        "properties": {SOURCE: _SOURCE},
        "additionalProperties": {"anyOf": [item, dropped]} if delta else item,
    }


def _with_source(single: Schema) -> Schema:
    return {
        "anyOf": [
            single,
            {
                "type": "object",
                "properties": {VALUE: single, SOURCE: _SOURCE},
                "required": [VALUE],
                "additionalProperties": False,
            },
        ]
    }


def _coefficient(name: str) -> Schema:
    spec = SPECS[name]
    schema: Schema = {"type": "integer" if name in WHOLE_NUMBERS else "number"}
    schema["exclusiveMinimum" if name in POSITIVE else "minimum"] = spec.hard_low
    if spec.hard_high != value_kinds.NO_BOUND:
        schema["exclusiveMaximum" if spec.below else "maximum"] = spec.hard_high
    return schema
