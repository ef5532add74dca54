"""Jobs on several threads, their results taken in order, at most a few waiting.

What is merged never depends on the number of threads. A study that is stopped has merged whole
jobs only, from the first on without a gap.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

J = TypeVar("J")
R = TypeVar("R")
Progress = Callable[[int], None]


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Unwinds a job that nobody waits for any more."""


def in_order(
    jobs: Iterable[J],
    work: Callable[[J, Progress], R],
    merge: Callable[[J, R], None],
    threads: int,
    progress: Progress | None = None,
) -> None:
    """Do ``work(job, progress)`` on ``threads`` threads, ``merge(job, result)`` in job order.

    What interrupts the caller (Ctrl-C and the like) ends it as soon as the running jobs next call
    their ``progress``; what was merged stays merged and the interruption goes on up. The caller's
    thread only waits, so that no interruption falls into a merge.
    """
    stop = threading.Event()

    def counted(more: int) -> None:
        if stop.is_set():
            raise Stopped
        if progress is not None:
            progress(more)

    def begin(job: J) -> R:
        counted(0)
        return work(job, counted)

    def drive() -> None:
        waiting: deque[tuple[J, Future[R]]] = deque()

        def finish_first() -> None:
            job, future = waiting.popleft()
            merge(job, future.result())

        with ThreadPoolExecutor(threads) as pool:
            try:
                for job in jobs:
                    waiting.append((job, pool.submit(begin, job)))
                    if len(waiting) > threads:
                        finish_first()
                while waiting:
                    finish_first()
            except Stopped:
                pass
            finally:
                stop.set()

    with ThreadPoolExecutor(1) as driver:
        driven = driver.submit(drive)
        try:
            driven.result()
        finally:
            stop.set()
