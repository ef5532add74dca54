"""Bounded reading: what is accepted, where things stand, and that every limit holds in time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario import reading, scalars
from sim.scenario.nodes import Listing, Mapping, Mark, Scalar
from sim.scenario.scenario import Scenario
from tests.pace import slower_than
from tests.scenario.bad_input import GOOD, write

SCENARIO_FOLDER = Path(reading.__file__).parent


def test_places_count_lines_and_columns_from_one() -> None:
    tree = reading.read_text("a: 1\nb:\n  - {c: x}\n", "f")
    assert tree.entries["a"].node.mark == Mark("f", 1, 4)
    listing = tree.get("b")
    assert isinstance(listing, Listing)
    item = listing.items[0]
    assert isinstance(item, Mapping)
    assert item.entries["c"].key == Mark("f", 3, 6)
    assert item.get("c") == Scalar("x", Mark("f", 3, 9))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0), ("0.5", 0.5), (".5", 0.5), ("1e-3", 0.001), ("-2", -2.0), ("+2", 2.0),
        ("0", 0.0), ("1.", 1.0), ("2E3", 2000.0), ("-0.0", 0.0), ("1e300", 1e300), ("0e9", 0.0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_a_person_writes_them(text: str, value: float) -> None:
    number = scalars.number(Scalar(text))
    assert number == value
    assert str(number) == str(value)  # no minus on a zero


@pytest.mark.parametrize(
    "text",
    ["", ".", "-", "e5", "1e", "012", "1_000", "1:30", "0x10", "0o7", "1e400", "nan", ".nan",
     "inf", ".inf", "-.inf", "1,5", " 1", "1 ", "1\n", "٣", "1e5.5", "--1", "True", "1j",
     "9" * 401],
)  # fmt: skip
def test_nothing_else_is_a_number(text: str) -> None:
    assert scalars.number(Scalar(text)) is None
    assert scalars.number(Scalar("1", quoted=True)) is None


@pytest.mark.parametrize("text", ["1.0", "1e3", "007", "", "1_0", "2.", "٣"])
def test_whole_numbers_have_no_point(text: str) -> None:
    assert scalars.whole(Scalar(text)) is None


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    write(tmp_path / "plain.yaml", GOOD)
    (tmp_path / "marked.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    marked = Scenario.from_yaml(tmp_path / "marked.yaml")
    assert marked == Scenario.from_yaml(tmp_path / "plain.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000, "{" * 100_000, "[{" * 50_000, "- " * 100_000, "? " * 100_000,
        "a: " * 100_000, "[" + "1," * 500_000 + "]", "#" * 1_000_000, "\n" * 1_000_000,
        "a: " + "b " * 500_000, "a:\n" + " b\n" * 340_000, "a: |\n" + " b\n" * 340_000,
        '"' + "a\n" * 500_000 + '"', "&" + "a" * 1_000_000 + " b", "!" + "a" * 1_000_000 + " b",
        "---\n" * 260_000, "%TAG !a! x\n" * 90_000,
        "".join(f"%TAG !{i}! x\n" for i in range(30_000)),
        "&a [" * 100_000, "*a " * 300_000, "a: &a b\n" * 100_000, "<<: *a\n" * 100_000,
        "".join(f"k{i}: 1\n" for i in range(40_000)), "k: 1\n" * 200_000, "a" * 1_000_000,
        '"' + "\\n" * 500_000 + '"', "'" + "''" * 500_000 + "'", "'" + "x y\n" * 49_000 + "'",
        '"' + "a\n" * 90_000 + '"', "a:\n" + " b\n" * 90_000, "a: |\n" + " b\n" * 90_000,
        "a: " + "b " * 90_000, "\n" * 90_000, "a: >\n" + " b\n\n" * 45_000,
    ],
    ids=range(34),
)  # fmt: skip
def test_hostile_text_is_refused_in_time(text: str, tmp_path: Path) -> None:
    write(tmp_path / "hostile.yaml", text)

    def refuse() -> None:
        with pytest.raises(InputError):
            Scenario.from_yaml(tmp_path / "hostile.yaml")

    assert not slower_than(2, refuse)  # the worst takes 0.5 s


def test_limits_are_not_met_by_one_less() -> None:
    deep = "a: " + "[" * (reading.MOST_DEPTH - 1) + "]" * (reading.MOST_DEPTH - 1)
    reading.read_text(deep, "f")
    with pytest.raises(InputError, match="nested deeper"):
        reading.read_text(deep.replace("[]", "[[]]"), "f")
    wide = "a: [" + "1," * (reading.MOST_NODES - 3) + "]"
    reading.read_text(wide, "f")
    with pytest.raises(InputError, match="more than 20000"):
        reading.read_text(wide.replace("a: [", "a: [1, "), "f")


def test_words_are_bounded() -> None:
    """Without this limit a megabyte of short words would take the parser seconds."""
    text = "a: " + "b " * (reading.MOST_WORDS - 2) + "b"  # as many gaps as words after the key
    reading.read_text(text, "f")
    with pytest.raises(InputError, match="f: must not hold more than 100000 words"):
        reading.read_text(text + " b b", "f")
    with pytest.raises(InputError, match="f: must not hold more than 100000 words"):
        reading.read_text("\n" * (reading.MOST_WORDS + 1), "f")


def test_reading_stops_at_the_size_limit(tmp_path: Path) -> None:
    """A file without end, as /dev/zero would be, is not read to its end."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # sparse
    with pytest.raises(InputError, match="must not be larger"):
        Scenario.from_yaml(path)


def test_yaml_is_imported_in_one_place_and_never_loads() -> None:
    """No construction from YAML anywhere: the loader's events are all that is used."""
    for path in SCENARIO_FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text())
        imports = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert ("yaml" in imports) == (path.stem in ("reading", "writing")), path.name
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"load", "safe_load", "full_load", "unsafe_load", "compose", "get_data"}
        calls = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not calls & {"eval", "exec", "compile", "pickle", "__import__"}
        assert "numpy" not in imports
