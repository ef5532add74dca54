"""Odd surroundings: streams that take nothing, settings of libraries, a clock, limits on memory."""

from __future__ import annotations

import errno
import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.cli.streams import SteadyStream
from sim.store.hashing import content_hash
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]
RUN = ("run", "small.yaml", "--no-report", "--every", "9")


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


class Gone(io.StringIO):
    """A pipe that nobody reads any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize(
    ("stream", "shown", "folder"),
    [(None, 4, 0), (Full(), 4, 4), (Gone(), 0, 0)],
    ids=["closed", "full", "unread"],
)
def test_stdout_that_takes_nothing_costs_only_what_is_printed(
    stream: io.StringIO | None, shown: int, folder: int, place: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main([*RUN, "-o", "plain"]) == 0
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["show", "small.yaml"]) == shown
    assert main(["--version"]) == shown
    assert main([*RUN, "-o", "run"]) == folder
    assert main([*RUN, "-o", "json", "--json"]) == shown
    said = capsys.readouterr().err
    assert content_hash(place / "run") == content_hash(place / "plain")
    assert "defect" not in said
    assert ("error: standard output: " in said) == bool(shown)


@pytest.mark.parametrize("stream", [None, Full(), Gone()], ids=["closed", "full", "unread"])
def test_stderr_that_takes_nothing_changes_nothing(
    stream: io.StringIO | None, place: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    answers = []
    for now in (sys.stderr, stream):
        monkeypatch.setattr(sys, "stderr", now)
        codes = [main(words) for words in (["show", "two_sources"], ["show", "nothing"])]
        answers.append((codes, capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert answers[0][0] == [0, 2]


def test_streams_are_put_back(narrate: Narrate) -> None:
    before = sys.stdout, sys.stderr
    narrate("list", "rules")
    assert (sys.stdout, sys.stderr) == before


def test_lost_text_is_not_written_later(tmp_path: Path) -> None:
    """What waits in a buffer would fail again when Python ends, with its own words and code."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no such device here")
    with Path("/dev/full").open("w") as full:
        steady = SteadyStream(full)
        steady.write("text")
        steady.flush()
        assert steady.trouble == "No space left on device"
        full.flush()


@pytest.mark.parametrize(
    ("name", "value"), [("MPLBACKEND", "nonsense"), ("NUMBA_NUM_THREADS", "0")]
)
def test_settings_without_a_part_stop_nothing(
    name: str, value: str, narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libraries read them as they are imported, which in this process was long ago."""
    seen = []
    monkeypatch.setenv(name, value)
    monkeypatch.setattr("sim.cli.list.main", lambda args: seen.append(os.environ.get(name)) or 0)
    assert narrate("list").code == 0
    assert seen == [{"MPLBACKEND": "agg"}.get(name)]


@pytest.mark.parametrize("date", ["abc", "-1", "1.5", "", "9" * 12])
def test_date_of_figures_that_is_none_is_refused(
    date: str, narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
    answer = narrate("list", "rules")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: SOURCE_DATE_EPOCH: must be a whole number of seconds")


def test_clock_that_shows_no_time_is_the_machines_trouble(
    narrate: Narrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_far() -> float:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")

    monkeypatch.setattr(time, "time", too_far)
    answer = narrate("list", "rules")
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("error: the clock of this machine shows no year up to 2262")


def test_exhausted_machine_is_no_defect(narrate: Narrate, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(args: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("sim.cli.list.main", no_thread)
    answer = narrate("list")
    assert (answer.code, answer.err) == (
        4,
        "error: out of memory or threads: can't start new thread\n",
    )


def test_limit_on_memory_that_is_too_tight_is_said_first(
    narrate: Narrate, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later LLVM would abort the process, or a thread that cannot begin be awaited for ever."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1_000_000_000, 1_000_000_000))
    for words in (["compare", "small.yaml", "-j", "2"], ["run", "small.yaml"]):
        answer = narrate(*words)
        assert (answer.code, answer.out) == (4, "")
        assert answer.err.startswith(
            "error: memory: at most 1,000 MB of address space are allowed"
        )
    assert narrate("validate", "small.yaml").code == 0
    assert sorted(path.name for path in place.iterdir()) == ["small.yaml"]
