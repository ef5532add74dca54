"""Files written from the code are what the code would write now; ``make generate`` renews them."""

import json
from pathlib import Path

from sim.report import parameter_table
from sim.scenario.schema import json_schema
from sim.tables import columns

ROOT = Path(__file__).parents[2]


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def test_page_of_columns_is_current():
    assert text("docs/columns.md") == columns.markdown()


def test_schema_of_scenarios_is_current():
    assert json.loads(text("scenarios/schema.json")) == json_schema()


def test_tables_of_parameters_are_current():
    page = text("docs/model.md")
    assert page == parameter_table.fill_tables(page)
