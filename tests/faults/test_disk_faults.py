"""A disk that fails at any call, is full or read-only: exit 4, nothing half written, and it goes on.

strace makes the calls fail: the N-th of a kind, of the thread that is looked at. The thread that
drives writes the parts, the main thread everything else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.running.sweeps import sweep_folder
from sim.store import manifest
from sim.store.hashing import content_hash
from tests.faults.driver import SMALL, SWEEP, Command, Gate, Server

CALLS = (
    "openat",
    "write",
    "pwrite64",
    "mkdir",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
)
IN_OUT = re.compile(r"[\"/]out[/>\"]")  # a call that has to do with the folder
PIECE = 4  # pairs: four parts
SAMPLE = int(os.environ.get("NARRATE_FAULTS", "24"))  # of the faults; 0 is all of them

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="strace and mount are Linux's"),
]
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount"
)


class Fault(NamedTuple):
    thread: str  # start: the main one; driver: the one that writes parts
    call: str
    nth: int
    what: str  # the call as strace tells it


class Disk:
    """A folder to sweep in, and what an unbroken sweep leaves there."""

    def __init__(self, place: Path, server: Server) -> None:
        self.place, self.server, self.out = place, server, place / "out"
        shutil.copy(SMALL, place / "small.yaml")
        os.mkfifo(place / "events")
        self.gate = Gate(place / "gate")
        assert self.narrate(*SWEEP) == 0, self.said()
        self.hash = content_hash(self.out)
        self.files = {p.name: p.read_bytes() for p in self.out.glob("*.csv")}
        shutil.rmtree(self.out)

    def narrate(self, *words: str) -> int:
        return self.server.run(
            Command(words, str(self.place), str(self.place / "said"), piece=PIECE)
        )

    def said(self) -> str:
        return (self.place / "said").read_text()

    def traced(self, thread: str, *options: str) -> tuple[int, list[str]]:
        """Exit code of a sweep one of whose threads is looked at, and the calls it made."""
        events, gate, log = (str(self.place / name) for name in ("events", "gate", "log"))
        said = str(self.place / "said")
        command = Command(SWEEP, str(self.place), said, piece=PIECE, gate=gate, at=thread)
        if thread == "driver":
            command = command._replace(events=events)
        process = number = self.server.start(command)
        seen = None
        if thread == "driver":
            seen = Path(events).open("rb", buffering=0)  # noqa: SIM115 - until the sweep has ended
            while not (line := seen.readline()).startswith(b"driver"):
                assert line, self.said()
            number = int(line.split()[1])
        strace = subprocess.Popen(
            ["strace", "-y", "-s", "0", "-o", log, "-e", "trace=" + ",".join(CALLS), *options, "-p", str(number)],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert strace.stderr is not None
        attached = strace.stderr.readline()
        assert "attached" in attached, f"strace may not look at a process: {attached}"
        self.gate.open()
        if seen is not None:
            seen.read()
            seen.close()
        code = self.server.wait(process)
        strace.communicate(timeout=300)
        return code, Path(log).read_text().splitlines()

    def demand_nothing_half_written(self) -> None:
        """What has a final name is whole: the parts, the identity, the manifest, each table."""
        if sweep_folder.is_sweep(self.out):
            known = sweep_folder.read_sweep(self.out)
            assert known.survey().bad == []
        if (self.out / manifest.FILE).exists():
            assert manifest.read_intact(self.out)
        for path in self.out.glob("*.csv"):
            assert path.read_bytes() == self.files[path.name]

    def demand_it_goes_on(self) -> None:
        again = ["resume", "out", "--no-report"] if sweep_folder.is_sweep(self.out) else SWEEP
        assert self.narrate(*again) == 0, self.said()
        assert content_hash(self.out) == self.hash
        assert list(self.out.rglob("*.tmp")) == []


@pytest.fixture(scope="module")
def disk(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    disk = Disk(tmp_path_factory.mktemp("disk"), server)
    yield disk
    disk.gate.close()


def faults(disk: Disk) -> Iterator[Fault]:
    """Every call by which a sweep makes its folder; not those that read it to say what came out."""
    for thread in ("start", "driver"):
        shutil.rmtree(disk.out, ignore_errors=True)
        code, calls = disk.traced(thread)
        assert code == 0, disk.said()
        counts: Counter[str] = Counter()
        last = max(number for number, line in enumerate(calls) if line.startswith("fsync"))
        for line in calls[: last + 1]:
            call = line.split("(")[0]
            counts[call] += 1
            if IN_OUT.search(line) and " = -1 " not in line:
                yield Fault(thread, call, counts[call], line)


def test_any_failing_call_is_told_and_the_sweep_goes_on(disk: Disk) -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install strace"
    every = list(faults(disk))
    kinds = Counter((fault.thread, fault.call) for fault in every)
    for thread in ("start", "driver"):
        for call, least in (("openat", 12), ("write", 4), ("fsync", 8), ("rename", 4)):
            assert kinds[thread, call] >= least, kinds
    step = max(1, len(every) // SAMPLE) if SAMPLE else 1
    sample, struck = every[::step], 0
    for number, fault in enumerate(sample):
        error, words = (("EIO", "Input/output error"), ("ENOSPC", "No space left on device"))[
            number % 2
        ]
        shutil.rmtree(disk.out, ignore_errors=True)
        code, calls = disk.traced(
            fault.thread, "-e", f"inject={fault.call}:error={error}:when={fault.nth}"
        )
        hit = [line for line in calls if "(INJECTED)" in line]
        assert len(hit) == 1, (fault, calls)
        disk.demand_nothing_half_written()
        if IN_OUT.search(hit[0]):
            said = disk.said()
            assert code == 4, (fault, hit, said)
            assert re.search(rf"^error: \S*\bout\b.*: {words}$", said, re.MULTILINE), (
                fault,
                hit,
                said,
            )
            struck += 1
        disk.demand_it_goes_on()
    # what else is opened (modules looked for and the like) is not always as much
    assert struck > 0.7 * len(sample)


# Disks that are full, too small, or read-only


@pytest.fixture
def small_disk(disk: Disk) -> Iterator[Path]:
    """The folder of the sweep on a disk of its own."""
    shutil.rmtree(disk.out, ignore_errors=True)
    disk.out.mkdir()
    mounted(disk.out, "size=64k")
    yield disk.out
    subprocess.run(["umount", str(disk.out)], check=True)


def mounted(place: Path, options: str) -> None:
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"this machine lets nobody mount: {done.stderr}"


@needs_root
def test_full_disk_stops_a_sweep_that_goes_on_when_there_is_room(
    disk: Disk, small_disk: Path
) -> None:
    """Room is taken away page by page, so that it is full at every stage once."""
    stages = set()
    for kilobytes in range(8, 400, 28):
        remount(small_disk, f"size={kilobytes}k")
        code = disk.server.run(
            Command(SWEEP, str(disk.place), str(disk.place / "said"), piece=PIECE, roomy=True)
        )
        disk.demand_nothing_half_written()
        stages.add(
            (
                code,
                len(list(small_disk.glob("runs.parquet/part-*"))),
                sweep_folder.is_sweep(small_disk),
            )
        )
        if code == 0:
            break
        assert (code, disk.said().splitlines()[-1].split(": ")[-1]) == (
            4,
            "No space left on device",
        )
        assert re.search(r"^error: out\b", disk.said(), re.MULTILINE), disk.said()
        remount(small_disk, "size=10m")
        disk.demand_it_goes_on()
        emptied(small_disk)
    assert code == 0
    assert len(stages) > 4, stages
    assert content_hash(small_disk) == disk.hash


def remount(place: Path, options: str) -> None:
    mounted(place, f"remount,{options}")


def emptied(place: Path) -> None:
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@needs_root
def test_sweep_that_cannot_fit_is_refused_before_its_first_run(
    disk: Disk, small_disk: Path
) -> None:
    remount(small_disk, "size=200k")
    words = ["100000" if word == "8" else word for word in SWEEP]
    assert disk.narrate(*words) == 4
    assert re.match(
        r"error: out: the results need about \d+ MB, and \d MB are free\n$", disk.said()
    )
    assert not (small_disk / "runs.parquet").exists()
    assert manifest.read_manifest(small_disk)["status"] == manifest.FAILED


@needs_root
def test_folder_that_may_only_be_read_is_named(disk: Disk, small_disk: Path) -> None:
    remount(small_disk, "size=10m")
    assert disk.narrate(*SWEEP) == 0
    next(small_disk.glob("runs.parquet/part-*")).unlink()
    remount(small_disk, "ro")
    before = {path: path.stat().st_mtime_ns for path in small_disk.rglob("*")}
    assert disk.narrate("resume", "out") == 4
    assert re.match(r"error: \S*out\S*: Read-only file system\n$", disk.said())
    assert disk.narrate("status", "out", "--verify") == 1  # a part is gone
    assert {path: path.stat().st_mtime_ns for path in small_disk.rglob("*")} == before
    remount(small_disk, "rw")
    disk.demand_it_goes_on()


@needs_root
def test_empty_folder_that_may_only_be_read_is_named(disk: Disk, small_disk: Path) -> None:
    remount(small_disk, "ro")
    assert disk.narrate(*SWEEP) == 4
    assert re.match(r"error: \S*out\S*: Read-only file system\n$", disk.said())
    assert list(small_disk.iterdir()) == []
