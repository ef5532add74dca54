"""The small case, and a way to call the command line in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli.main import main

SMALL = Path(__file__).with_name("small.yaml")


class Answer(NamedTuple):
    """What a call of the command line left."""

    code: int
    out: str
    err: str


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the small case."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(SMALL, tmp_path / "small.yaml")
    return tmp_path


@pytest.fixture
def narrate(place: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Call the command line."""

    def call(*words: str) -> Answer:
        code = main(words)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call
