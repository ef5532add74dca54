"""Names are text, whatever they hold: in the terminal, in tables, in figures and pages."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.printing import complain, escaped
from sim.store import tables
from tests.interface.conftest import Answer

NAMES = ["<script>alert(1)</script>", "=1+1", "$x_{", "_hidden", "../up", "a | b", "%s{0}",
         "100 % \\frac{1"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_text_everywhere(
    name: str, narrate: Callable[..., Answer], place: Path
) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    text = (place / "small.yaml").read_text()
    for harmless in ("Broker", "raiders", "raid,", "Aria", "A one"):
        end = "," if harmless.endswith(",") else ""
        text = text.replace(harmless, quoted[:-1] + harmless.rstrip(",")[-1] + "'" + end)
    (place / "hostile.yaml").write_text(text)
    answer = narrate("compare", "hostile.yaml", "-n", "3", "--every", "8", "-o", "out")
    assert answer.code == 0, answer.err
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert "alert(1)</script>" not in page
    assert {file.parent.name for file in place.rglob("*.csv")} == {"out"}
    for table in ("summary.csv", "comparison.csv", "sources.csv"):
        with (place / "out" / table).open(newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    actors = set(tables.read(place / "out", "summary")["actor"])
    assert f"{name}r" in actors
    why = narrate("explain", "hostile.yaml", "--audience", f"{name}r", "-o", "why")
    assert why.code == 0, why.err
    assert f"Why {name}r moved" in why.out


def test_what_moves_a_cursor_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert escaped("a\x1b[2Jb\rc\u202ed\nnext") == "a\\x1b[2Jb\\rc\\u202ed\nnext"
    complain("one\x07\ntwo")
    assert capsys.readouterr().err == "error: one\\x07\nerror: two\n"
