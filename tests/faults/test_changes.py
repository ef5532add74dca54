"""What may change between a sweep and its ``resume``, and what may not; and who may work in it."""

from __future__ import annotations

import json
import os
import platform
import select
import shutil
import signal
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from sim.plugins import registry
from sim.running.sweeps import identity
from sim.store.hashing import content_hash
from sim.store.tables import read
from tests.faults.driver import SWEEP, Command, Gate, Server
from tests.faults.test_damage import Sweep, contents, made, sweep

__all__ = ["made", "sweep"]
SCENARIO = "small.yaml"
Patch = pytest.MonkeyPatch


def edit(file: str, was: str, now: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    assert text.count(was) == 1, was
    Path(file).write_text(text.replace(was, now), encoding="utf-8")


def test_changed_number_is_refused_by_name(sweep: Sweep) -> None:
    edit(SCENARIO, "bonus: 1.2", "bonus: 1.3")
    before = contents(sweep.folder)
    said = sweep.resume()
    assert (said.code, said.out) == (3, "")
    assert said.err.splitlines()[1:] == [
        "error: out: the scenario file: scenario.delegations[0].bonus: was 1.2, is 1.3"
    ]
    assert contents(sweep.folder) == before


def test_changed_number_in_the_folder_is_refused_by_name(sweep: Sweep) -> None:
    edit("out/scenario.resolved.yaml", "bonus: 1.2", "bonus: 1.3")
    said = sweep.resume()
    assert said.code == 3
    assert "scenario.resolved.yaml: scenario.delegations[0].bonus: was 1.2, is 1.3" in said.err
    Path("out/scenario.resolved.yaml").unlink()  # as it is said
    sweep.demand_mended(0)


@pytest.mark.parametrize(("was", "now"), [
    ("# A made-up case", "# A case that was made up,"), ("title: A small case", "title: Another"),
    ("source: a guess", "source: a better guess"), ("Made up; every", "Every"),
])  # fmt: skip
def test_changed_words_go_on(was: str, now: str, sweep: Sweep) -> None:
    edit(SCENARIO, was, now)
    sweep.parts[2].unlink()
    sweep.demand_mended(1)


def test_other_code_is_refused(sweep: Sweep, monkeypatch: Patch) -> None:
    was = registry.full_code_version()
    monkeypatch.setattr(registry, "full_code_version", lambda: "0123456789abcdef")
    said = sweep.resume()
    assert said.code == 3
    assert f"code_version: was {was[:20]}" in said.err
    assert said.err.rstrip().endswith("is 0123456789abcdef")


@pytest.mark.parametrize("library", identity.LIBRARIES)
def test_other_library_is_refused(library: str, sweep: Sweep, monkeypatch: Patch) -> None:
    version = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "9.9" if name == library else version(name)
    )
    said = sweep.resume()
    assert said.code == 3
    assert said.err.endswith(f"libraries.{library}: was {version(library)}, is 9.9\n")


def test_other_python_is_refused(sweep: Sweep, monkeypatch: Patch) -> None:
    was = ".".join(platform.python_version_tuple()[:2])
    monkeypatch.setattr(platform, "python_version_tuple", lambda: ("3", "99", "1"))
    said = sweep.resume()
    assert said.code == 3
    assert said.err.endswith(f"libraries.python: was {was}, is 3.99\n")


def test_folder_is_moved_and_its_scenario_is_gone(sweep: Sweep, monkeypatch: Patch) -> None:
    sweep.parts[0].unlink()
    Path("elsewhere").mkdir()
    shutil.move("out", "elsewhere/out")
    Path(SCENARIO).unlink()
    monkeypatch.chdir("elsewhere")
    sweep.folder = Path.cwd() / "out"
    sweep.demand_mended(1)


# Several at once


class Crowd:
    """Commands at work in a folder, which wait at a gate before a sweep's piece."""

    def __init__(self, place: Path, server: Server) -> None:
        self.place, self.server = place, server
        self.gate = Gate(place / "gate")

    def start(self, words: list[str], name: str, events: str = "", piece: int = 999) -> int:
        return self.server.start(Command(
            words, str(self.place), str(self.place / name), events, piece,
            str(self.place / "gate"), at="piece",
        ))  # fmt: skip

    def open(self) -> None:
        """Let one piece begin."""
        self.gate.open()


@pytest.fixture
def crowd(made: Path, tmp_path: Path, server: Server) -> Iterator[Crowd]:
    shutil.copy(made / SCENARIO, tmp_path)
    crowd = Crowd(tmp_path, server)
    yield crowd
    crowd.gate.close()


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["sweep", "resume"])
def test_one_of_fifty_drivers_wins_and_the_others_name_it(
    verb: str, crowd: Crowd, server: Server
) -> None:
    words, out = SWEEP, crowd.place / "out"
    if verb == "resume":
        assert server.run(Command(SWEEP, str(crowd.place), str(crowd.place / "said"))) == 0
        whole = content_hash(out)
        next(out.glob("runs.parquet/part-*")).unlink()
        words = ["resume", "out", "--no-report"]
    at_work = {crowd.start(words, f"said{number}"): number for number in range(50)}
    handles = {os.pidfd_open(process): process for process in at_work}
    waiting = select.poll()
    for handle in handles:
        waiting.register(handle, select.POLLIN)
    while len(handles) > 1:
        for handle, _ in waiting.poll():
            number = at_work.pop(process := handles.pop(handle))
            waiting.unregister(handle)
            os.close(handle)
            assert server.wait(process) == 3
            said = (crowd.place / f"said{number}").read_text()
            winner = json.loads((out / ".holder.json").read_text())["pid"]
            assert said.startswith("error: out: ")
            assert f"in use by process {winner} on {platform.node()} since " in said
    assert list(handles.values()) == [winner]
    crowd.open()
    assert server.wait(winner) == 0
    assert verb == "sweep" or content_hash(out) == whole
    assert not (out / ".holder.json").exists()


def test_status_leaves_a_running_sweep_alone(crowd: Crowd, server: Server) -> None:
    place, out, said = str(crowd.place), crowd.place / "out", str(crowd.place / "said")
    assert server.run(Command(SWEEP, place, said)) == 0
    whole = content_hash(out)
    shutil.rmtree(out)
    events = crowd.place / "events"
    os.mkfifo(events)
    running = crowd.start(SWEEP, "sweeping", str(events), piece=4)
    with events.open("rb", buffering=0) as pipe:
        crowd.open()
        while not (line := pipe.readline()).startswith(b"named runs.parquet"):
            assert line, "it ended before it had kept a piece"
        before = contents(out)
        for more in ([], ["--verify"]):
            assert server.run(Command(["status", "out", *more], place, said)) == 0
            told = Path(said).read_text()
            assert "out: running\n4 of 16 pairs of runs in 1 part," in told
            assert f"driver: process {running} on " in told
        assert contents(out) == before
        for _ in range(3):
            crowd.open()
        pipe.read()
    assert server.wait(running) == 0
    assert content_hash(out) == whole


def test_killed_extension_goes_on_as_far_as_it_was_to_go(crowd: Crowd, server: Server) -> None:
    place, said = str(crowd.place), str(crowd.place / "said")
    assert server.run(Command(SWEEP, place, said)) == 0
    events = crowd.place / "events"
    os.mkfifo(events)
    words = ["resume", "out", "-n", "16", "-j", "1", "--no-report"]
    extending = crowd.start(words, "extending", str(events), piece=4)
    with events.open("rb", buffering=0) as pipe:
        crowd.open()
        while not (line := pipe.readline()).startswith(b"named runs.parquet"):
            assert line, "it ended before it had kept a piece"
        os.kill(extending, signal.SIGKILL)
    assert server.wait(extending) == -signal.SIGKILL
    assert server.run(Command(["resume", "out", "--no-report"], place, said)) == 0
    runs = read(crowd.place / "out", "runs")
    assert runs.groupby(["point", "arm"])["replicate"].nunique().tolist() == [16] * 4


def test_half_written_start_is_no_result(sweep: Sweep) -> None:
    Path("new").mkdir()
    for name in (".sweep.json.7.tmp", "..holder.json.7.tmp", ".lock"):
        Path("new", name).write_bytes(b"{")
    words = [*SWEEP[:-2], "new", "--no-report"]
    assert sweep.call(*words).code == 0
    assert list(Path("new").rglob("*.tmp")) == []
