"""Everything that docs/extending.md shows is written down, run, and does what the page says."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
FILE = re.compile(r"`(\w+\.(?:py|yaml))`[^`]*$")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)


def blocks() -> list[tuple[str, str, str]]:
    """(language, text, name of the file that the words just before it name, or "")."""
    found, end = [], 0
    for match in BLOCK.finditer(PAGE):
        named = FILE.search(PAGE[end : match.start()])
        found.append((match[1], match[2], named[1] if named else ""))
        end = match.end()
    return found


def run_python(words: list[str], folder: Path) -> None:
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_every_block_of_the_page_runs_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    did: dict[str, Callable[[str], None]] = {
        "python": lambda text: run_python(["-c", text], tmp_path)
    }
    met = []
    for language, text, file in blocks():
        if file:
            assert language in ("python", "yaml")
            (tmp_path / file).write_text(text, encoding="utf-8")
        elif language == "sh":
            for line in text.splitlines():
                words = shlex.split(line)
                if words[0] == "narrate":
                    assert main(words[1:]) == 0, capsys.readouterr().err
                    met.append(words[1])
                else:
                    assert words[:3] == ["python", "-m", "pytest"]
                    run_python(["-m", "pytest", "-p", "no:cacheprovider", *words[3:]], tmp_path)
                    met.append("pytest")
        else:
            did[language](text)
            met.append(language)
    assert met == ["validate", "list", "run", "compare", "tournament", "run", "python", "pytest"]
    said = capsys.readouterr()
    assert "together.py:together: ok\ncautious.py:cautious: ok\n" in said.out
    assert "cautious  Accepts a half of the offers" in said.out
    assert "warning" not in said.err
    for manifest in tmp_path.glob("results/*/*/manifest.json"):
        document = json.loads(manifest.read_text(encoding="utf-8"))
        assert [row["sha256"] for row in document["plugins"]]


def test_strategy_of_the_tournament_takes_fewer_than_fifteen_lines() -> None:
    text = next(text for _, text, file in blocks() if file == "together.py")
    assert len(text.splitlines()) < 15


def test_files_of_the_page_are_those_it_names() -> None:
    named = [file for _, _, file in blocks() if file]
    assert named == ["together.py", "cautious.py", "travelling_together.yaml", "test_together.py"]
