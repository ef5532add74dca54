"""Signals, closed pipes and defects: exit codes, and what is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main as command
from sim.cli import signals
from sim.cli.progress import Progress, clock
from sim.errors import Terminated
from sim.running import stopping
from sim.running.plugin_contracts import GAINS
from sim.store import tables
from sim.store.hashing import content_hash
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]
ROOT = Path(__file__).parents[2]


def send_while_running(
    number: signal.Signals, script: str, words: list[str] | tuple[str, ...], place: Path
) -> tuple[int, str, str]:
    """Exit code, output and complaints of a script that gets a signal once it says ``running``."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words], cwd=place, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "running\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=300)  # the scripts would sleep for 600
    finally:
        process.kill()
    return process.returncode, out, err


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGHUP, 129, "terminated"),
    ],
)
def test_signal_closes_the_folder_and_says_what_is_kept(
    number: signal.Signals, code: int, word: str, place: Path
) -> None:
    words = ["run", "kashmir_2025", "--set", "steps=130", "-o", "out", "--every", "1"]
    slow = """
import signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup may have started the tests
import sim.studies.run
from sim.cli import signals
signals.PATIENCE = 600  # a busy machine may take long to close the folder
from sim.cli.main import main
def run(*given, **options):
    print("running", flush=True)
    time.sleep(600)
sim.studies.run.run = run
sys.exit(main(sys.argv[1:]))
"""
    returned, out, err = send_while_running(number, slow, words, place)
    assert (returned, out) == (code, "")
    assert err.splitlines()[-1] == (
        f"error: {word}; the scenario, but no results, are kept in out"
    )
    found = json.loads((place / "out" / "manifest.json").read_text())
    assert found["status"] == "interrupted"


def test_plugin_that_never_returns_in_compiled_days_ends_with_the_program(place: Path) -> None:
    """The main thread waits inside compiled code, where no exception reaches it."""
    (place / "made.py").write_text(
        '"""Never returns where no question looks."""\ndef cautious(gain, precision):\n'
        f"    while gain not in {GAINS}:\n        precision = -precision\n    return 0.5\n",
        encoding="utf-8",
    )
    script = """
import sys
from sim.engines.ensemble import run
from sim.cli.main import main
find = run.compiled_chunk
def found(*arguments):
    call = find(*arguments)
    print("running", flush=True)
    return call
run.compiled_chunk = found
sys.exit(main(sys.argv[1:]))
"""
    words = ["run", "small.yaml", "--arm", "offer", "--engine", "ensemble", "-o", "out",
             "--set", "claimants.Aria.acceptance=cautious", "--plugin", "made.py:cautious"]  # fmt: skip
    returned, out, err = send_while_running(signal.SIGTERM, script, words, place)
    assert (returned, out) == (143, "")
    assert err.splitlines()[-1].startswith("error: terminated")


# What is kept is the matter here, not how soon: a busy machine may take its time to unwind
SLOW = """
import sys, time
from sim.cli import signals
from sim.cli.main import main
signals.PATIENCE = 600
from sim.running import blocks, executing
blocks.LARGEST = 16
whole, calls = executing.by_ensemble, []
def slow(*given, **options):
    done = whole(*given, **options)
    calls.append(1)
    if len(calls) > {fast}:
        if len(calls) == {fast} + 1:
            print("running", flush=True)
        for _ in range(60_000):
            time.sleep(0.01)
            options["progress"](0)
    return done
executing.by_ensemble = slow
sys.exit(main(sys.argv[1:]))
"""


def stopped(place: Path, number: signal.Signals, fast: int, *words: str) -> tuple[int, str, str]:
    """Exit code, output, last line of complaint of a verb stopped after so many fast calls."""
    script = SLOW.format(fast=fast)
    returned, out, err = send_while_running(number, script, [*words, "--jobs", "1"], place)
    return returned, out, err.splitlines()[-1]


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_stopped_comparison_keeps_the_pairs_that_are_done(
    number: signal.Signals, code: int, word: str, place: Path, narrate: Narrate
) -> None:
    """Two blocks of six simulations are done when the signal comes in the third."""
    words = ["compare", "small.yaml", "-n", "48", "--uncertain-pairs", "0", "--every", "6"]
    answer = stopped(place, number, 2 * 6 + 3, *words, "-o", "out")
    assert answer == (code, "", f"error: {word}; 32 of 48 pairs are in out")
    found = json.loads((place / "out" / "manifest.json").read_text())
    assert found["status"] == "interrupted"
    assert found["counts"] == {"asked": 96, "used": 64, "failed": 0}
    assert found["pairs"] == {"chance": 32, "parameters": 0}
    assert found["content_sha256"] == content_hash(place / "out")
    # the pairs that are kept are those of a comparison of so many
    whole = ["compare", "small.yaml", "-n", "32", *words[4:], "-o", "whole"]
    assert narrate(*whole, "--quiet", "--no-report").code == 0
    one, two = (tables.read(place / folder, "comparison") for folder in ("out", "whole"))
    for column in ("n_pairs", "mean_diff", "sd_diff", "first_divergence_step"):
        np.testing.assert_allclose(one[column], two[column], rtol=0.0, atol=1e-14)
    keys = ["arm", "replicate"]
    one, two = (
        tables.read(place / folder, "runs").sort_values(keys, ignore_index=True)
        for folder in ("out", "whole")
    )
    assert one.equals(two)
    assert narrate("report", "out", "--quiet").code == 0


def test_comparison_stopped_before_the_first_block_keeps_the_scenario(place: Path) -> None:
    words = ("compare", "small.yaml", "-n", "48", "-o", "out")
    assert stopped(place, signal.SIGINT, 3, *words) == (
        130, "", "error: interrupted; the scenario, but no results, are kept in out"
    )  # fmt: skip
    assert json.loads((place / "out" / "manifest.json").read_text())["status"] == "interrupted"
    assert sorted(file.name for file in (place / "out").iterdir()) == [
        "manifest.json", "scenario.resolved.yaml", "sources.csv"
    ]  # fmt: skip


def test_stopped_sweep_keeps_the_pieces_that_are_done(place: Path) -> None:
    """The first piece, 64 pairs in four blocks of two arms, is done when the signal comes."""
    words = ("sweep", "small.yaml", "--param", "parity=0,0.2,0.4", "-n", "64", "-o", "out")
    code, out, said = stopped(place, signal.SIGINT, 8, *words)
    assert (code, out) == (130, "")
    assert said == "error: interrupted; 128 runs are kept in out; `narrate resume out` goes on"
    found = json.loads((place / "out" / "manifest.json").read_text())
    assert (found["status"], found["points"]) == ("interrupted", 3)
    assert found["counts"] == {"asked": 384, "used": 128, "failed": 0}
    runs = tables.read(place / "out", "runs")
    assert (len(runs), set(runs["point"])) == (128, {0})


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
    assert process.wait(timeout=300) == 0


def test_failed_run_says_so_in_its_folder(
    narrate: Narrate, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.studies import run as study

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(study, "run", broken)
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
        assert command._import_verb(verb).__name__ == f"sim.cli.{verb}"


STUCK = """
import sys, time
from sim.cli.main import main
from sim.running import executing
def stuck(*given, **options):  # as where the engine is compiled: nothing is asked in between
    print("running", flush=True)
    time.sleep(600)
executing.by_ensemble = stuck
sys.exit(main(sys.argv[1:]))
"""


def test_signal_ends_what_cannot_be_unwound(place: Path) -> None:
    """Threads are awaited at three places: by the study, at the end of main, at that of Python."""
    words = ["sweep", "small.yaml", "--param", "parity=0,0.2", "-n", "4", "-o", "out", "--quiet"]
    returned, _, err = send_while_running(signal.SIGTERM, STUCK, words, place)
    assert returned == 143
    assert err.startswith("error: terminated in the middle of its work")
    assert err.endswith("; `narrate resume out` goes on\n")


def test_second_signal_does_not_wait_for_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    done = threading.Event()

    def end(words: bytes, code: int) -> None:
        ended.append(code)
        done.set()

    monkeypatch.setattr(signals, "_end", end)
    monkeypatch.setattr(signals, "PATIENCE", 0.01)
    with signals.signals_raise():
        with pytest.raises(Terminated):
            signal.raise_signal(signal.SIGTERM)
        stopping.keeping.set()
        assert not done.wait(0.2)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert done.wait(60)
    assert set(ended) == {130}


def test_thread_without_memory_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a thread never says that it began, and who started it would wait for ever."""
    ended: list[tuple[bytes, int]] = []
    monkeypatch.setattr(signals, "_end", lambda *how: ended.append(how))
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Broken:
        def __init__(self, error: type[Exception]) -> None:
            self.error = error

        def __del__(self) -> None:
            raise self.error

    with signals.signals_raise():
        Broken(MemoryError)
        Broken(KeyError)
    assert ended == [(signals.NO_MEMORY, 4)]
    assert [one.exc_type for one in told] == [MemoryError, KeyError]  # type: ignore[attr-defined]


def test_ignored_signal_stays_ignored() -> None:
    """As nohup asks."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.signals_raise():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not before
    finally:
        signal.signal(signal.SIGHUP, before)


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
        progress = Progress(10, wanted, 8.0, 5.0, screen)  # type: ignore[arg-type]
        progress(4)
        time.sleep(0.01)
        progress(6)
        progress.close()
    assert "10 of 10 runs, " in shown.text
    assert " a second, " in shown.text
    assert "tables and figures, about " in shown.text.splitlines()[-1]
    assert piped.text == unwanted.text == ""


def test_progress_does_not_count_what_came_before_the_first_runs() -> None:
    """Half a minute of compiling says nothing of the rate."""
    progress = Progress(1000, False)
    progress(20)
    assert progress.line(30.0) == "20 of 1,000 runs"
    progress(100)
    assert progress.line(40.0) == "120 of 1,000 runs, 10 a second, 88 s to go"


def test_progress_tells_of_tables_and_figures_at_the_pace_of_the_machine() -> None:
    """On a machine that does half as many runs a second they take twice as long."""
    progress = Progress(1000, False, usual=20.0, after=15.0)
    progress(20)
    progress.line(30.0)
    progress(100)
    told = "120 of 1,000 runs, 10 a second, 2 min to go, 30 s of them for tables and figures"
    assert progress.line(40.0) == told


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.4, "3 s"), (125, "2 min"), (7500, "2 h 05 min")]
)
def test_clock(seconds: float, words: str) -> None:
    assert clock(seconds) == words
