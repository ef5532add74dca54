"""The declaration of keys, and what is derived from it: JSON Schema, template, entities."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.parameters import SPECS, Switches
from sim.scenario import entities, shipped
from sim.scenario.keys import FIELD_OF_KEY, INCIDENTS, MEDIATOR, ROOT, SECTIONS, VERIFICATION
from sim.scenario.scenario import Scenario
from sim.scenario.schema import json_schema
from sim.scenario.template import template
from sim.scenario.value_kinds import RecordKind
from tests.scenario.bad_input import CASES, GOOD, write

jsonschema = pytest.importorskip("jsonschema")
SCHEMA_FILE = Path(__file__).parents[2] / "scenarios" / "schema.json"


class _Plain(yaml.SafeLoader):
    """As editors read YAML: dates stay text."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith("timestamp")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _load(text: str) -> Any:
    return yaml.load(text, Loader=_Plain)  # noqa: S506 - a safe loader


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft7Validator.check_schema(json_schema())
    return jsonschema.Draft7Validator(json_schema())


def test_schema_file_is_current() -> None:
    """Write it anew with: narrate show --schema > scenarios/schema.json."""
    assert json.loads(SCHEMA_FILE.read_text()) == json.loads(json.dumps(json_schema()))


def test_schema_accepts_what_the_program_accepts(validator: Any) -> None:
    texts = [GOOD, template(), *(path.read_text() for path in shipped.folder().glob("*.yaml"))]
    texts.append("extends: symmetric\nname: mine\nevents: [{name: x, drop: true}]\n")
    for text in texts:
        assert [error.message for error in validator.iter_errors(_load(text))] == []


@pytest.mark.parametrize(
    "case_id",
    [
        "unknown key",
        "unknown parameter",
        "a missing key",
        "number: true",
        "parameter above its limit",
        "parameter at an open limit",
        "half-life of nothing",
        "steps in quotes",
        "negative share",
        "flag as a number",
        "unknown message type",
        "scenario name as a path",
        "text too long",
        "arm with another seed",
        "arm with an unknown key",
        "day in quotes",
    ],
)
def test_schema_refuses_what_one_key_shows(case_id: str, validator: Any) -> None:
    text = next(case.text for case in CASES if case.id == case_id)
    assert list(validator.iter_errors(_load(text)))


def test_template_is_valid_and_names_every_key(tmp_path: Path) -> None:
    write(tmp_path / "mine.yaml", template())
    scenario = Scenario.from_yaml(tmp_path / "mine.yaml")
    assert scenario.notes == ()
    assert scenario.arms == ("no_offer", "offer")
    records = [ROOT, *(items.item for items in SECTIONS.values())]
    records += [key.kind for key in ROOT.keys.values() if isinstance(key.kind, RecordKind)]
    records.append(MEDIATOR)
    for record in records:
        for name, key in record.keys.items():
            assert f"{name}:" in template()
            assert key.meaning in template()


def test_every_field_of_an_entity_has_a_key() -> None:
    kinds = [*(items.item for items in SECTIONS.values()), INCIDENTS, MEDIATOR, VERIFICATION]
    records: dict[Any, RecordKind] = {kind.entity: kind for kind in kinds}
    assert {entities.Claimant, entities.Event, entities.Verification} < set(records)
    for entity, record in records.items():
        names = {FIELD_OF_KEY.get(key, key) for key in record.keys}
        assert names == {item.name for item in fields(entity)} - {"later"}, entity
    assert set(_record("parameters").keys) == set(SPECS)
    assert set(_record("switches").keys) == set(Switches._fields)


def _record(name: str) -> RecordKind:
    kind = ROOT.keys[name].kind
    assert isinstance(kind, RecordKind)
    return kind
