"""One program in a process of its own: ``python -m sim.benchmark.worker JOB``.

Each line on stdin is a turn: the program does its work once and its times are printed. At the end
of stdin the process prints its peak memory. So programs can take turns, and memory is each one's
own. The other end of the pipes is ``study``.
"""

from __future__ import annotations

import json
import resource
import sys
import time


def main(words: list[str]) -> None:
    """Take turns until stdin ends; ``words`` are the job as JSON (``study.Job.text``)."""
    # not at the top: processes that Mesa starts import this file, and need no compiler
    from sim.benchmark.programs import load_program
    from sim.benchmark.task import make_task

    job = json.loads(words[0])
    run = load_program(job["program"])
    task = make_task(job["variant"], job["runs"], **job["size"])
    run(task, min(job["runs"], 16), job["threads"])  # compiles, loads, fills caches
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), _cpu_seconds()
        run(task, job["runs"], job["threads"])
        times = {"wall": time.perf_counter() - wall, "cpu": _cpu_seconds() - cpu}
        print(json.dumps(times), flush=True)
    # the compiler of the C program is a child too, and gone before the work begins
    children = job["threads"] if job["program"] == "mesa" else 0
    print(json.dumps({"peak_mebibytes": _peak_mebibytes(children)}), flush=True)


def _cpu_seconds() -> float:
    """Return processor time of this process and of those it started and that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak_mebibytes(children: int) -> float:
    """Return the largest memory of this process, and of so many children like the largest."""
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(mine + children * largest) / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(sys.argv[1:])
