"""Names are text, whatever they hold: in the terminal, in tables, in figures and pages."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.printing import complain, escape
from sim.store import tables
from tests.interface.conftest import Answer

NAMES = ["<script>alert(1)</script>", "=1+1", "$x_{", "_hidden", "../up", "a | b", "%s{0}",
         "100 % \\frac{1", "@sum", "'quoted"]  # fmt: skip
# words of the small case that are names of nothing but one thing
PLACES = ("Broker", "Port", "Aria", "Boreas", "raiders", "one people", "raid,", "A one", "armed",
          "river cut")  # fmt: skip


def named(text: str, turn: int) -> tuple[str, dict[str, str]]:
    """The small case with every place under a hostile name, another one each turn."""
    names = {}
    for position, place in enumerate(PLACES):
        name = f"{NAMES[(position + turn) % len(NAMES)]} {position}"
        quoted = "'" + name.replace("'", "''") + "'"
        text = text.replace(place, quoted + ("," if place.endswith(",") else ""))
        names[place] = name
    return text, names


@pytest.mark.parametrize("turn", [0, 5])
def test_hostile_names_are_text_everywhere(
    turn: int, narrate: Callable[..., Answer], place: Path
) -> None:
    text, names = named((place / "small.yaml").read_text(), turn)
    (place / "hostile.yaml").write_text(text)
    words = ["compare", "hostile.yaml", "-n", "3", "--every", "8", "-o", "out"]
    answer = narrate(*words)
    assert answer.code == 0, answer.err
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert "alert(1)</script>" not in page
    assert "alert(1)" in page  # the guard: the name is there, as text
    assert {file.parent.name for file in place.rglob("*.csv")} == {"out"}
    for table in ("summary.csv", "comparison.csv", "sources.csv"):
        with (place / "out" / table).open(newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert {names["Broker"], names["Port"]} <= set(tables.read(place / "out", "summary")["actor"])
    said = tables.read(place / "out", "messages")
    assert {names["raiders"], names["one people"]} <= set(said["narrative"])
    why = narrate("explain", "hostile.yaml", "--audience", names["Broker"], "-o", "why")
    assert why.code == 0, why.err
    assert f"Why {names['Broker']} moved" in why.out


def test_what_moves_a_cursor_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert escape("a\x1b[2Jb\rc\u202ed\nnext") == "a\\x1b[2Jb\\rc\\u202ed\nnext"
    complain("one\x07\ntwo")
    assert capsys.readouterr().err == "error: one\\x07\nerror: two\n"
