"""The benchmark: programs side by side, how each grows, and whether they agree.

Every program runs in a process of its own (``worker``); within a group they take turns, and the
least time of the turns counts, so that what else the machine does matters least. Ratios are
between programs of the same group. What the numbers should be is in ``targets``.
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
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.benchmark import c_program
from sim.benchmark.programs import ENGINE, MESA, NUMPY, PROGRAMS, C, load_program
from sim.benchmark.task import VARIANTS, differences, make_task
from sim.engines.ensemble.block import LANES
from sim.errors import MachineError

# Largest difference allowed in each part of the output; see task.differences
LIMITS = {"mean": 1e-12, "variance": 1e-10, "tension": 1e-10, "diplomacy": 0.0, "final": 1e-12}
COMPARED_RUNS = {ENGINE: 64, C: 64, NUMPY: 64, MESA: 8}
SIDE_BY_SIDE = "side by side"
COST = "microseconds_per_run_and_core"
LONG = 50_000  # runs from which one turn is long enough to be quiet
Progress = Callable[[str], None]


class Job(NamedTuple):
    """One program at one size.

    Attributes
    ----------
    growth
        What the group varies: side by side, threads, runs, days, audiences, narratives.
    at
        How far.
    program
        One of ``programs.PROGRAMS``.
    runs
        How many runs.
    variant
        ``fixed`` or ``drawn``.
    threads
        Threads, or Mesa's processes.
    size
        Days, audiences or narratives other than the benchmark's own, as pairs.
    """

    growth: str
    at: int
    program: str
    runs: int
    variant: str = "fixed"
    threads: int = 1
    size: tuple[tuple[str, int], ...] = ()

    def text(self) -> str:
        """Return the job for the worker, as JSON."""
        words = {name: getattr(self, name) for name in ("program", "variant", "runs", "threads")}
        return json.dumps({**words, "size": dict(self.size)})


@dataclass(frozen=True)
class Benchmark:
    """What was measured.

    Attributes
    ----------
    times
        One row a job: what it was, seconds of its best turn, cost a run and core in microseconds,
        peak memory in MiB, and its cost over that of C in the same group.
    agreement
        One row for each part of each program's output: its difference from the engine's, and the
        limit.
    machine
        What the times were taken on.
    notes
        What was left out, and why.
    """

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
    """Measure every group and compare the programs' numbers.

    Parameters
    ----------
    quick
        Whether to take smaller sizes and fewer turns: two minutes rather than twenty.
    repeats
        Turns of each program; by size if there is no number.
    progress
        Called with what begins, in a few words.
    """
    notes, programs = [], list(PROGRAMS)
    if c_program.compiler() is None:
        programs.remove(C)
        notes.append("no C compiler here: the C program was left out")
    rows: list[dict[str, Any]] = []
    for group in _groups(quick):
        jobs = [job for job in group if job.program in programs]
        if progress is not None:
            progress(f"{jobs[0].growth} {jobs[0].at:,} ({jobs[0].variant})")
        rows += time_jobs(jobs, repeats or _turns(jobs, quick))
    if progress is not None:
        progress("the same numbers")
    return Benchmark(pd.DataFrame(rows), agreement(programs), machine(), notes)


def _turns(jobs: list[Job], quick: bool) -> int:
    """Return how often a group takes turns: most where programs stand side by side."""
    if quick:
        return 2
    if jobs[0].growth in (SIDE_BY_SIDE, "threads"):
        return 7
    return 1 if max(job.runs for job in jobs) > LONG else 3


def _groups(quick: bool) -> Iterator[list[Job]]:
    """Yield groups of jobs that are timed in turn."""
    few, some, many = (4, 2_000, 2_048) if quick else (40, 2_000, 8_192)
    for variant in VARIANTS:
        sizes = {ENGINE: many, C: many, NUMPY: some, MESA: few}
        yield [Job(SIDE_BY_SIDE, 1, program, runs, variant) for program, runs in sizes.items()]
    for threads in () if quick else (1, 2):
        # enough runs of Mesa that starting two processes is a small part
        sizes = {ENGINE: 4 * many, C: 4 * many, MESA: 10 * few}
        yield [Job("threads", threads, *job, threads=threads) for job in sizes.items()]
    for runs in (1_000, 4_000) if quick else (1_000, 10_000, 100_000, 1_000_000):
        programs = (ENGINE, C, NUMPY) if not quick and runs <= 10_000 else (ENGINE, C)
        yield [Job("runs", runs, program, runs) for program in programs]
    if not quick:
        yield from ([Job("runs", runs, MESA, runs)] for runs in (10, 100))
        yield from (_grown("days", days, days / 90, quick) for days in (90, 180, 360, 720))
    for audiences in (12, 48) if quick else (12, 100, 1_000, 10_000):
        yield _grown("audiences", audiences, audiences / 12, quick)
    for narratives in () if quick else (10, 20, 40, 80):
        yield _grown("narratives", narratives, narratives / 10, quick)


def _grown(what: str, at: int, times: float, quick: bool) -> list[Job]:
    """Return a group with the same total work at each size, as far as whole blocks of runs allow.

    Parameters
    ----------
    what, at
        What is larger and how large.
    times
        How many times the benchmark's own size that is.
    quick
        Whether to leave out NumPy and Mesa.
    """
    base = 512 if quick else 4_096
    runs = max(LANES, round(base / times) // LANES * LANES)
    runs_of = dict.fromkeys((ENGINE, C) if quick else (ENGINE, C, NUMPY), runs)
    if times <= 10 and not quick:
        runs_of[MESA] = 4
    return [Job(what, at, *job, size=((what, at),)) for job in runs_of.items()]


def time_jobs(jobs: list[Job], repeats: int) -> list[dict[str, Any]]:
    """Time jobs in turn, each in its own process.

    Parameters
    ----------
    jobs
        The jobs of one group.
    repeats
        Turns of each.

    Returns
    -------
    list of dict
        One row a job, as in ``Benchmark.times``.

    Raises
    ------
    MachineError
        A program stopped.
    """
    with ExitStack() as open_processes:
        workers = []
        for job in jobs:
            workers.append(_Worker(job))
            open_processes.callback(workers[-1].end)
            workers[-1].answer()  # that it is ready; only then does the next one start
        turns = [[worker.turn() for worker in workers] for _ in range(repeats)]
        peaks = [worker.peak() for worker in workers]
    rows: list[dict[str, Any]] = []
    for job, peak, *mine in zip(jobs, peaks, *turns, strict=True):
        wall, cpu = (min(turn[clock] for turn in mine) for clock in ("wall", "cpu"))
        columns = ("growth", "at", "variant", "program", "runs", "threads")
        row = {name: getattr(job, name) for name in columns}
        row |= {"turns": repeats, "seconds": wall, "runs_per_second": job.runs / wall}
        rows.append({**row, COST: cpu / job.runs * 1e6, "peak_mebibytes": peak})
    core = {row["program"]: row[COST] for row in rows}
    for row in rows:
        row["times_c"] = row[COST] / core[C] if C in core else None
    return rows


class _Worker:
    """The process of a job, from here."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.process: Any = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "sim.benchmark.worker", job.text()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def turn(self) -> dict[str, float]:
        """Let the program do its work once; return its seconds, ``wall`` and ``cpu``."""
        self.process.stdin.write("\n")
        return self.answer()

    def peak(self) -> float:
        """End the process; return its peak memory in MiB."""
        self.process.stdin.close()
        found = self.answer()["peak_mebibytes"]
        self.process.wait()
        return found

    def answer(self) -> dict[str, float]:
        """Return the worker's next line."""
        line = self.process.stdout.readline()
        if not line:
            raise MachineError(f"the {self.job.program} program stopped: {self.job.text()}")
        found: dict[str, float] = json.loads(line)
        return found


def agreement(programs: list[str]) -> pd.DataFrame:
    """Return how far each program's numbers are from this engine's, a row for each part.

    Columns are variant, program, runs, part, difference (see ``task.differences``) and limit.
    """
    rows = []
    for variant in VARIANTS:
        task = make_task(variant, max(COMPARED_RUNS.values()))
        for name in programs:
            if name == ENGINE:
                continue
            runs = COMPARED_RUNS[name]
            theirs, ours = (load_program(program)(task, runs, 1) for program in (name, ENGINE))
            for part, difference in differences(theirs, ours).items():
                key = {"variant": variant, "program": name, "runs": runs, "part": part}
                rows.append({**key, "difference": difference, "limit": LIMITS[part]})
    return pd.DataFrame(rows)


def machine() -> dict[str, str]:
    """Return what the times were taken on: processor, cores, versions, the C compiler's flags."""
    facts = {
        "processor": _processor(),
        "cores": str(os.cpu_count() or 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }
    facts |= {name: version(name) for name in ("numpy", "numba", "mesa")}
    found = c_program.compiler()
    if found is not None:
        asked = [found, "-dumpfullversion"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
        facts["gcc"] = done.stdout.strip() or "unknown"
        facts["flags"] = " ".join(c_program.FLAGS)
    return facts


def _processor() -> str:
    """Return the processor's model, by the system's own words."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
