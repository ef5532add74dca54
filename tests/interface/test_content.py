"""What studies say of version 1's scenario is what they said at commit cefb67b, bit for bit.

``content/hashes.json`` has the commands and the hashes. They run on the scenario as version 0.1.0
shipped it, what version 2 added switched off. Columns that were added since are left out, and two
tables: the ledger names its causes anew, and sources have the new keys. A change that moves a
number of version 1 on purpose renews the hashes, says so in CHANGELOG, and says why.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cli.main import main
from sim.store import tables
from sim.store.hashing import content_hash, frame_hash, joined_hash
from sim.tables.columns import TABLES

CONTENT = Path(__file__).with_name("content")
KNOWN: dict[str, Any] = json.loads((CONTENT / "hashes.json").read_text(encoding="utf-8"))
# Runs have the same bits on every machine. An analysis of them calls SciPy and SALib, whose
# functions differ by a few units in the last place from one processor or version to another.
NEARLY = 1e-9
WITHOUT = ("ledger", "sources")
STORY = Path(__file__).parents[1] / "model" / "version_1" / "kashmir_2025.yaml"
VERSION_1 = ["--set", "switches.summation=false", "--set", "switches.news=false"]
ADDED = ["share_unchanged", "share_negative"]  # columns that were not there at that commit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what every command wrote."""
    folder = tmp_path_factory.mktemp("content")
    for verb, words in KNOWN["commands"].items():
        options = ["--no-report", "--quiet", "--no-progress", "--out", str(folder / verb)]
        first, _, *others = shlex.split(words)
        assert main([first, str(STORY), *others, *VERSION_1, *options]) == 0
    return folder


def hash_without(folder: Path, columns: list[str], left_out: tuple[str, ...] = WITHOUT) -> str:
    """``content_hash`` of a folder as if it did not have these columns and tables."""
    return joined_hash({
        name: frame_hash(name, tables.read(folder, name).drop(columns=columns, errors="ignore"))
        for name in TABLES
        if name not in left_out and tables.whole_path_of(folder, name).exists()
    })  # fmt: skip


@pytest.mark.parametrize("name", KNOWN["runs"])
def test_tables_of_runs_are_the_same_to_the_bit(place: Path, name: str) -> None:
    assert hash_without(place / name, ADDED) == KNOWN["runs"][name]


def test_hash_without_columns_is_the_content_hash_but_for_them(place: Path) -> None:
    folder = place / "sweep"
    assert hash_without(folder, [], ()) == content_hash(folder)
    assert hash_without(folder, ADDED, ()) != content_hash(folder)


@pytest.mark.parametrize("file", sorted(path.name for path in CONTENT.glob("*.csv")))
def test_analyses_of_runs_are_the_same(place: Path, file: str) -> None:
    name = Path(file).stem
    verb = next(verb for verb in KNOWN["analyses"] if (place / verb / file).exists())
    found, known = tables.read(place / verb, name), tables.read(CONTENT, name)
    assert TABLES[name].file == file
    pd.testing.assert_frame_equal(found, known, check_exact=False, rtol=NEARLY, atol=NEARLY)
