"""Signals, closed pipes and defects: exit codes, and what is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main as command
from sim.cli.progress import Progress, clock
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_signal_closes_the_folder_and_says_what_is_kept(
    number: signal.Signals, code: int, word: str, place: Path
) -> None:
    words = ["run", "kashmir_2025", "--set", "steps=130", "-o", "out", "--every", "1"]
    slow = """
import sys, time
import sim.api
from sim.cli.main import main
def run(*given, **options):
    print("running", flush=True)
    time.sleep(60)
sim.api.run = run
sys.exit(main(sys.argv[1:]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", slow, *words], cwd=place, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert err.splitlines()[-1] == (
        f"error: {word}; the scenario, but no results, are kept in out"
    )
    found = json.loads((place / "out" / "manifest.json").read_text())
    assert found["status"] == "interrupted"


def test_closed_pipe_is_silent(place: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "show", "kashmir_2025"], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 0


def test_failed_run_says_so_in_its_folder(
    narrate: Narrate, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim import api

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(api, "run", broken)
    answer = narrate("run", "small.yaml", "-o", "out")
    assert answer == (4, "", "error: /somewhere: No space left on device\n")
    assert json.loads((place / "out" / "manifest.json").read_text())["status"] == "failed"


def test_defect_is_one_line_unless_asked(
    narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.cli import list as verb

    def broken(_: object) -> int:
        raise KeyError("x\x1b")

    monkeypatch.setattr(verb, "main", broken)
    answer = narrate("list")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: a defect in the program: KeyError: 'x\\x1b'")
    monkeypatch.setenv("NARRATE_TRACEBACK", "1")
    with pytest.raises(KeyError):
        narrate("list")


def test_signal_handler_is_put_back(narrate: Narrate) -> None:
    before = signal.getsignal(signal.SIGTERM)
    narrate("list", "rules")
    assert signal.getsignal(signal.SIGTERM) is before


def test_verbs_have_a_first_line_of_help() -> None:
    for verb in command.VERBS:
        assert command._first_line(verb).endswith("."), verb


class Screen:
    """A terminal that remembers."""

    def __init__(self, terminal: bool) -> None:
        self.terminal, self.text = terminal, ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def test_progress_shows_rate_and_time_to_go_on_a_terminal_only() -> None:
    shown, piped, unwanted = Screen(True), Screen(False), Screen(True)
    for screen, wanted in ((shown, True), (piped, True), (unwanted, False)):
        progress = Progress(10, wanted, screen)  # type: ignore[arg-type]
        progress(4)
        time.sleep(0.01)
        progress(6)
        progress.close()
    assert "10 of 10 runs, " in shown.text
    assert " a second, 0 s to go" in shown.text
    assert piped.text == unwanted.text == ""


def test_progress_line() -> None:
    progress = Progress(100, False)
    progress(25)
    assert progress.line(10.0) == "25 of 100 runs, 2 a second, 30 s to go"


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.4, "3 s"), (125, "2 min"), (7500, "2 h 05 min")]
)
def test_clock(seconds: float, words: str) -> None:
    assert clock(seconds) == words
