"""Columns are declared once, and the page that describes them is current."""

from __future__ import annotations

from pathlib import Path

from sim.tables.columns import COLUMNS, TABLES, markdown, metric_texts
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
    used = {column for table in TABLES.values() for column in table.columns}
    assert used == set(COLUMNS)


def test_metric_texts_are_those_of_the_metrics() -> None:
    expected = [(name, m.unit, m.meaning) for name, m in METRICS.items()]
    assert metric_texts() == expected
