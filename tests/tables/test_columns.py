"""Columns are declared once, and the page that describes them is current."""

from __future__ import annotations

from pathlib import Path

from sim import sweep
from sim.running.sweeps.outcomes import GROUPS
from sim.scenario.scenario import Scenario
from sim.tables.columns import COLUMNS, OF_ROWS, ROWS, TABLES, markdown
from sim.tables.metric_texts import metric_texts
from sim.tables.metrics import METRICS

ROOT = Path(__file__).parents[2]


def test_columns_page_is_current() -> None:
    page = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert page == markdown(), "write it anew: python -m sim.tables.columns"


def test_every_table_names_declared_columns_once() -> None:
    for table in TABLES.values():
        assert set(table.columns) <= set(COLUMNS)
        assert len(set(table.columns)) == len(table.columns)


def test_every_declared_column_is_in_a_table() -> None:
    used = {column for table in (*TABLES.values(), ROWS) for column in table.columns}
    assert used == set(COLUMNS)


def test_rows_of_a_sweep_are_as_described() -> None:
    story = Scenario.from_yaml("two_sources")
    rows = sweep(story, {"message_weight": [0.03]}, replicates=1, metrics=("lead",)).runs
    outcomes = [f"{group}.lead" for group in GROUPS]
    before = ROWS.columns.index("failed")
    expected = [*ROWS.columns[:before], "message_weight", *ROWS.columns[before:], *outcomes]
    assert list(rows.columns) == expected
    assert all(f"`{group}." in OF_ROWS for group in GROUPS)


def test_metric_texts_are_those_of_the_metrics() -> None:
    expected = [(name, m.unit, m.meaning) for name, m in METRICS.items()]
    assert metric_texts() == expected
