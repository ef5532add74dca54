"""Bounded reading: what is accepted, where things stand, and that every limit holds in time."""

from __future__ import annotations

import ast
from io import StringIO
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


@pytest.mark.parametrize("text", ["1.5", "1e3", "007", "", "1_0", "2.", "٣", "1.00000000001"])
def test_whole_numbers_have_no_fraction(text: str) -> None:
    assert scalars.whole(Scalar(text)) is None


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    write(tmp_path / "plain.yaml", GOOD)
    (tmp_path / "marked.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    marked = Scenario.from_yaml(tmp_path / "marked.yaml")
    assert marked == Scenario.from_yaml(tmp_path / "plain.yaml")


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters the YAML parser was given, piece by piece."""
    pieces: list[int] = []

    class Counted(StringIO):
        def read(self, size: int | None = -1) -> str:
            piece = super().read(size)
            pieces.append(len(piece))
            return piece

    monkeypatch.setattr(reading, "StringIO", Counted)
    return pieces


PIECE = 4096  # characters that the parser asks for at a time
TAIL = "1," * 10 * PIECE  # what would follow, itself harmless


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#" * (reading.MOST_BYTES + 1), "must not be larger"),
        ("\n" * (reading.MOST_WORDS + 1), "words"),
        ("b " * (reading.MOST_WORDS + 1), "words"),
        (r'a: "\U00110000"', "an impossible number"),
        (r'a: "\UFFFFFFFF"', "an impossible number"),
        ("%YAML 1." + "1" * 20, "an impossible number"),
        ("a: \x00", "control characters"),
    ],
)  # fmt: skip
def test_text_past_a_limit_is_not_handed_on(
    text: str, said: str, handed_on: list[int], tmp_path: Path
) -> None:
    write(tmp_path / "past.yaml", text)
    with pytest.raises(InputError, match=said):
        Scenario.from_yaml(tmp_path / "past.yaml")
    assert handed_on == []


@pytest.mark.parametrize(
    "start",
    [
        "[" * 33, "{a: " * 33, "- " * 33, "[{a: " * 17, "- a: " * 17,
        "".join(" " * level + "a:\n" for level in range(33)),
        "? [", "{a: {[", "a: &b [", "a: !b [", "a: *b", "--- a\n--- [",
        "a: [" + "1," * reading.MOST_NODES,
    ],
)  # fmt: skip
def test_text_after_a_refusal_is_not_handed_on(
    start: str, handed_on: list[int], tmp_path: Path
) -> None:
    write(tmp_path / "past.yaml", start + TAIL)
    with pytest.raises(InputError):
        Scenario.from_yaml(tmp_path / "past.yaml")
    assert 0 < sum(handed_on) <= len(start) + 2 * PIECE < len(start + TAIL)


@pytest.mark.parametrize(
    "text",
    [
        "a: [" + "1," * (reading.MOST_NODES - 3) + "]",
        "a:\n" + " b\n" * (reading.MOST_WORDS // 2 - 2),
        "a: |\n" + " b\n" * (reading.MOST_WORDS // 2 - 2),
        'a: "' + "b\n" * (reading.MOST_WORDS - 2) + '"',
    ],
    ids=["nodes", "plain words", "block of words", "quoted words"],
)
def test_as_much_as_may_be_is_read_in_time(text: str) -> None:
    assert not slower_than(3, lambda: reading.read_text(text, "f"))  # the worst takes 1.7 s


def test_limits_are_not_met_by_one_less() -> None:
    deep = "a: " + "[" * (reading.MOST_DEPTH - 1) + "]" * (reading.MOST_DEPTH - 1)
    reading.read_text(deep, "f")
    with pytest.raises(InputError, match="nested deeper"):
        reading.read_text(deep.replace("[]", "[[]]"), "f")
    wide = "a: [" + "1," * (reading.MOST_NODES - 3) + "]"
    reading.read_text(wide, "f")
    with pytest.raises(InputError, match=f"more than {reading.MOST_NODES}"):
        reading.read_text(wide.replace("a: [", "a: [1, "), "f")


def test_words_are_bounded() -> None:
    """Without this limit a megabyte of short words would take the parser seconds."""
    text = "a: " + "b " * (reading.MOST_WORDS - 2) + "b"  # as many gaps as words after the key
    reading.read_text(text, "f")
    with pytest.raises(
        InputError, match=r"f: must not hold more than 200000 words .got 20000[12]"
    ):
        reading.read_text(text + " b b", "f")
    with pytest.raises(
        InputError, match=r"f: must not hold more than 200000 words .got 20000[12]"
    ):
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
