"""The benchmark: programs side by side, how each grows, and whether they agree.

Every program runs in a process of its own; within a group they take turns, and the least time of
the turns counts, so that what else the machine does matters least. Ratios are between programs of
the same group.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple

import pandas as pd

from sim.benchmark import c_program
from sim.benchmark.task import VARIANTS, differences, make_task
from sim.engines.ensemble.block import LANES
from sim.errors import MachineError

ENGINE, C, NUMPY, MESA = "engine", "c", "numpy", "mesa"
PROGRAMS = {
    ENGINE: "this engine", C: "C", NUMPY: "NumPy", MESA: "Mesa",
}  # fmt: skip
# Largest difference allowed in each part of the product; see task.differences
LIMITS = {"mean": 1e-12, "variance": 1e-10, "tension": 1e-10, "diplomacy": 0.0, "final": 1e-12}
COMPARED_RUNS = {ENGINE: 64, C: 64, NUMPY: 64, MESA: 8}
SIDE_BY_SIDE = "side by side"
Progress = Callable[[str], None]


class Job(NamedTuple):
    """One program at one size. ``growth`` names what the group varies, ``at`` how far."""

    growth: str
    at: int
    program: str
    runs: int
    variant: str = "fixed"
    threads: int = 1
    size: tuple[tuple[str, int], ...] = ()

    def text(self) -> str:
        """The job for the worker."""
        words = {"program": self.program, "variant": self.variant, "runs": self.runs,
                 "threads": self.threads, "size": dict(self.size)}  # fmt: skip
        return json.dumps(words)


@dataclass(frozen=True)
class Benchmark:
    """What was measured."""

    times: pd.DataFrame
    agreement: pd.DataFrame
    machine: dict[str, str]
    notes: list[str] = field(default_factory=list)

    @property
    def all_agree(self) -> bool:
        """Whether all programs gave the same numbers."""
        return bool((self.agreement["difference"] <= self.agreement["limit"]).all())


def benchmark(
    quick: bool = False, repeats: int | None = None, progress: Progress | None = None
) -> Benchmark:
    """Measure every group; ``quick`` takes smaller sizes and fewer turns."""
    told = progress or (lambda what: None)
    notes = []
    programs = list(PROGRAMS)
    if c_program.compiler() is None:
        programs.remove(C)
        notes.append("no C compiler here: the C program was left out")
    rows: list[dict[str, Any]] = []
    for group in _groups(quick):
        jobs = [job for job in group if job.program in programs]
        told(f"{jobs[0].growth} {jobs[0].at:,} ({jobs[0].variant})")
        most = 1 if max(job.runs for job in jobs) > LONG else 3
        rows += time_jobs(jobs, repeats or (2 if quick else 7 if _central(jobs) else most))
    told("the same numbers")
    return Benchmark(pd.DataFrame(rows), agreement(programs), machine(), notes)


LONG = 50_000  # runs from which one turn is long enough to be quiet


def _central(jobs: list[Job]) -> bool:
    return jobs[0].growth in (SIDE_BY_SIDE, "threads")


def _groups(quick: bool) -> Iterator[list[Job]]:
    """Groups of jobs that are timed in turn."""
    few, some, many = (4, 2_000, 2_048) if quick else (40, 2_000, 8_192)
    for variant in VARIANTS:
        yield [
            Job(SIDE_BY_SIDE, 1, ENGINE, many, variant), Job(SIDE_BY_SIDE, 1, C, many, variant),
            Job(SIDE_BY_SIDE, 1, NUMPY, some, variant), Job(SIDE_BY_SIDE, 1, MESA, few, variant),
        ]  # fmt: skip
    for threads in () if quick else (1, 2):
        yield [
            Job("threads", threads, ENGINE, 4 * many, threads=threads),
            Job("threads", threads, C, 4 * many, threads=threads),
            # enough runs that starting two processes is a small part
            Job("threads", threads, MESA, 10 * few, threads=threads),
        ]
    for runs in (1_000, 4_000) if quick else (1_000, 10_000, 100_000, 1_000_000):
        programs = (ENGINE, C, NUMPY) if not quick and runs <= 10_000 else (ENGINE, C)
        yield [Job("runs", runs, program, runs) for program in programs]
    for runs in () if quick else (10, 100):
        yield [Job("runs", runs, MESA, runs)]
    for days in () if quick else (90, 180, 360, 720):
        yield _grown("days", days, days / 90, quick)
    for audiences in (12, 48) if quick else (12, 100, 1_000, 10_000):
        yield _grown("audiences", audiences, audiences / 12, quick)
    for narratives in () if quick else (10, 20, 40, 80):
        yield _grown("narratives", narratives, narratives / 10, quick)


def _grown(what: str, at: int, times: float, quick: bool) -> list[Job]:
    """The same total work at each size, as far as whole blocks of runs allow."""
    base = 512 if quick else 4_096
    size = ((what, at),)
    runs = max(LANES, round(base / times) // LANES * LANES)
    programs = (ENGINE, C) if quick else (ENGINE, C, NUMPY)
    jobs = [Job(what, at, program, runs, size=size) for program in programs]
    if times <= 10 and not quick:
        jobs.append(Job(what, at, MESA, 4, size=size))
    return jobs


def time_jobs(jobs: list[Job], repeats: int) -> list[dict[str, Any]]:
    """Time the jobs in turn, each in its own process; one row each."""
    with ExitStack() as open_processes:
        workers = [open_processes.enter_context(_Worker(job)) for job in jobs]
        turns = [[worker.turn() for worker in workers] for _ in range(repeats)]
        peaks = [worker.peak() for worker in workers]
    rows: list[dict[str, Any]] = []
    for i, job in enumerate(jobs):
        wall = min(turn[i]["wall"] for turn in turns)
        cpu = min(turn[i]["cpu"] for turn in turns)
        rows.append(
            {
                "growth": job.growth, "at": job.at, "variant": job.variant,
                "program": job.program, "runs": job.runs, "threads": job.threads,
                "turns": repeats, "seconds": wall, "runs_per_second": job.runs / wall,
                "microseconds_per_run_and_core": cpu / job.runs * 1e6,
                "peak_mebibytes": peaks[i],
            }
        )  # fmt: skip
    core = {row["program"]: row["microseconds_per_run_and_core"] for row in rows}
    for row in rows:
        row["times_c"] = row["microseconds_per_run_and_core"] / core[C] if C in core else None
    return rows


class _Worker:
    """A worker's process."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "sim.benchmark.worker", job.text()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def __enter__(self) -> _Worker:
        try:
            self._answer()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()

    def turn(self) -> dict[str, float]:
        """Let the program do its work once; its seconds."""
        assert self.process.stdin is not None  # noqa: S101 - it is a pipe
        self.process.stdin.write("\n")
        return self._answer()

    def peak(self) -> float:
        """End the process; its peak memory in MiB."""
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.close()
        found = self._answer()["peak_mebibytes"]
        self.process.wait()
        return found

    def _answer(self) -> dict[str, float]:
        assert self.process.stdout is not None  # noqa: S101
        line = self.process.stdout.readline()
        if not line:
            raise MachineError(f"the {self.job.program} program stopped: {self.job.text()}")
        found: dict[str, float] = json.loads(line)
        return found


def agreement(programs: list[str]) -> pd.DataFrame:
    """How far each program's numbers are from this engine's, part by part."""
    rows = []
    for variant in VARIANTS:
        task = make_task(variant, max(COMPARED_RUNS.values()))
        for name in programs:
            if name == ENGINE:
                continue
            runs = COMPARED_RUNS[name]
            theirs, ours = (
                import_module(f"sim.benchmark.{program}_program").run(task, runs, 1)
                for program in (name, ENGINE)
            )
            for part, difference in differences(theirs, ours).items():
                rows.append(
                    {"variant": variant, "program": name, "runs": runs, "part": part,
                     "difference": difference, "limit": LIMITS[part]}
                )  # fmt: skip
    return pd.DataFrame(rows)


def machine() -> dict[str, str]:
    """What the times were taken on: processor, cores, versions."""
    from importlib.metadata import version

    facts = {"processor": _processor(), "cores": str(os.cpu_count() or 1),
             "system": platform.system(), "python": platform.python_version()}  # fmt: skip
    facts |= {name: version(name) for name in ("numpy", "numba", "mesa")}
    found = c_program.compiler()
    if found is not None:
        asked = [found, "-dumpfullversion"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
        facts["gcc"] = done.stdout.strip() or "unknown"
        facts["flags"] = " ".join(c_program.FLAGS)
    return facts


def _processor() -> str:
    """The processor's model, by the system's own words."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - not a file
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
