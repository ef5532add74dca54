"""One program in a process of its own: ``python -m sim.benchmark.worker JOB``.

Each line on stdin is a turn: the program does its work once and its times are printed. At the end
of stdin the process prints its peak memory. So programs can take turns, and memory is each one's
own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module


def main(words: list[str]) -> None:
    """Take turns until stdin ends."""
    # not at the top: processes that Mesa starts import this file, and need no compiler
    from sim.benchmark.task import make_task

    job = json.loads(words[0])
    program = import_module(f"sim.benchmark.{job['program']}_program")
    task = make_task(job["variant"], job["runs"], **job["size"])
    program.run(task, min(job["runs"], 16), job["threads"])  # compiles, loads, fills caches
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), _cpu_seconds()
        program.run(task, job["runs"], job["threads"])
        times = {"wall": time.perf_counter() - wall, "cpu": _cpu_seconds() - cpu}
        print(json.dumps(times), flush=True)
    print(json.dumps({"peak_mebibytes": _peak_mebibytes(job["threads"])}), flush=True)


def _cpu_seconds() -> float:
    """Processor time of this process and of those it started and that have ended."""
    mine, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _peak_mebibytes(threads: int) -> float:
    """Largest memory of this process, and of as many children where it started some."""
    mine, largest = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    unit = 2**20 if sys.platform == "darwin" else 2**10
    # the compiler of the C program is a child too, and gone before the work begins
    children = threads * largest if sys.argv[1:] and '"mesa"' in sys.argv[1] else 0
    return float(mine + children) / unit


if __name__ == "__main__":
    main(sys.argv[1:])
