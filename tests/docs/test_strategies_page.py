"""The page on strategies names each of them, and its commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.plugins.registry import own_names
from sim.studies.tournament import Tournament
from sim.tables.columns import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^narrate .+$", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("name", own_names("strategies"))
def test_every_strategy_has_its_row(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_every_table_has_its_row() -> None:
    assert all(f"`{TABLES[name].file}`" in PAGE for name in Tournament.table_names)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(re.sub(r" -n \d+", "", command))[1:]
    assert main([*words, "-n", "2", "--no-report", "--quiet"]) == 0
