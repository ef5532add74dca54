"""Jobs on several threads, their results taken in order, at most a few waiting.

What is merged never depends on the number of threads. A study that is stopped has merged whole
jobs only, from the first on without a gap.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

J = TypeVar("J")
R = TypeVar("R")
Progress = Callable[[int], None]
MOST_THREADS = 4096  # where their number changes; each is started when it is needed


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Unwinds a job that nobody waits for any more."""


def run_jobs(
    jobs: Iterable[J],
    work: Callable[[J, Progress], R],
    merge: Callable[[J, R], None],
    threads: int | Callable[[], int],
    progress: Progress | None = None,
    *,
    in_order: bool = True,
) -> None:
    """Do ``work(job, progress)`` on ``threads`` threads, ``merge(job, result)`` in job order.

    Without ``in_order`` results are merged as they come, and no job is begun while as many as
    there are threads are begun and not merged: that is all that a kill can cost. ``threads`` may
    be asked before each job, where their number changes.

    What interrupts the caller (Ctrl-C and the like) ends it as soon as the running jobs next call
    their ``progress``; what was merged stays merged and the interruption goes on up. The caller's
    thread only waits, so that no interruption falls into a merge.
    """
    stop = threading.Event()

    def report(more: int) -> None:
        if stop.is_set():
            raise Stopped
        if progress is not None:
            progress(more)

    def begin(job: J) -> R:
        report(0)
        return work(job, report)

    def drive() -> None:
        waiting: dict[Future[R], J] = {}

        def most() -> int:
            now = threads() if callable(threads) else threads
            return now if in_order else now - 1

        def finish_one() -> None:
            future = next(iter(waiting) if in_order else as_completed(waiting))
            merge(waiting.pop(future), future.result())

        with ThreadPoolExecutor(MOST_THREADS if callable(threads) else threads) as pool:
            try:
                for job in jobs:
                    waiting[pool.submit(begin, job)] = job
                    while len(waiting) > most():
                        finish_one()
                while waiting:
                    finish_one()
            except Stopped:
                pass
            finally:
                stop.set()

    with ThreadPoolExecutor(1) as driver:
        try:  # an interruption may come while the thread is being started, too
            driver.submit(drive).result()
        finally:
            stop.set()
