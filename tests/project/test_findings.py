"""The findings keep to the form that CONTRIBUTING gives them; they are run by hand, with a network."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))


def test_list_names_every_finding_once() -> None:
    listed = re.findall(r"^\| \[(\w+)\]\((\w+)\.sh\)", (FOLDER / "README.md").read_text(), re.M)
    assert [name for name, _ in listed] == [name for _, name in listed]
    assert sorted(name for name, _ in listed) == [script.stem for script in SCRIPTS]
    assert len(SCRIPTS) >= 5


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_finding_says_what_was_expected_and_seen_of_which_version(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK), "README runs it by its name"
    heading = text.split("source ")[0]
    assert re.search(r"^# .*\d+\.\d+", heading, re.M)
    assert all(f"# {word}: " in heading for word in ("Expected", "Seen", "Why it matters here"))
    assert "assert " in text
    installed = re.findall(r"^\s*new_environment 1\d (.*)", text, re.M)
    assert installed
    assert all("==" in package for packages in installed for package in packages.split())
    assert not re.search(r"^\s*(import|from) sim\b|narrative.diplomacy", text, re.M)
