"""The guide to a case of one's own: its files are right, and every command of it runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.scenario.keys import ROOT
from sim.verification import check
from tests.docs.test_pages import commands

GUIDE = Path(__file__).parents[2] / "scenarios" / "README.md"
FEW = {"-n": "2", "--samples": "2"}  # as many do to see that a command is right
PAGE = {"--port": "0"}


def files() -> dict[str, str]:
    """The files that the guide shows, by the names in their first lines."""
    blocks = re.findall(
        r"^```yaml\n# (\S+)\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return dict(blocks)


def words_of(line: str) -> list[str]:
    """The words of a command, with a few runs for many."""
    words = shlex.split(line)[1:]
    return [FEW.get(before, word) for before, word in zip(["", *words], words, strict=False)]


def test_every_command_of_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In their order; what is not about lessons in `check`, and the page itself, have tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check, "check", lambda **_: check.Check())
    monkeypatch.setattr("sim.page.server.serve", lambda *_, **__: None)
    lines = commands(GUIDE)
    assert {line.split()[1] for line in lines} == {
        "init", "validate", "run", "explain", "compare", "sweep", "report", "show", "check", "serve",
    }  # fmt: skip
    for line in lines:
        assert main(words_of(line)) in (0, 1 if "check" in line else 0), (
            line,
            capsys.readouterr(),
        )
        for name, text in files().items() if " init " in line else ():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    said = capsys.readouterr()
    assert "effects.tex" in {file.name for file in tmp_path.iterdir()}
    assert "Harbour" in said.out


def test_table_of_numbers_names_keys_that_exist() -> None:
    table = GUIDE.read_text("utf-8").split("## What each number does")[1].split("\n\n")[0]
    named = {
        word
        for row in table.splitlines()[3:]
        for word in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert len(named) > 12
    known = str(ROOT)
    assert {word for word in named if f"'{word}'" not in known} == set()
