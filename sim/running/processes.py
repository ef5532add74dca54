"""Other processes of this program: they know its plug-ins, leave signals to it and end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from sim.plugins import registry
from sim.plugins.outside import Outside


@contextmanager
def open_processes(most: int | None) -> Iterator[ProcessPoolExecutor]:
    """Processes that begin with the first work they are given, and end with the block.

    What they still compute then is lost.
    """
    pool = process_pool(most)
    try:
        yield pool
    finally:
        end_processes(pool)


def process_pool(most: int | None) -> ProcessPoolExecutor:
    """Return a pool of processes, which begin with the first work they are given.

    Parameters
    ----------
    most
        Processes; one for each processor where None.
    """
    known = registry.from_outside()
    # a fork of a process with threads (this one has had some) may copy a lock that is held
    spawned = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(most, spawned, _begin, (known,))


def end_processes(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool, whatever they compute.

    Those that are asked to end take a last message from the queue that they share. One that is
    killed or stopped while it holds the lock of that queue lets the others, and whoever asked,
    wait for ever; so none is asked.
    """
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown()


def _begin(plugins: Iterable[Outside]) -> None:
    """Leave interrupts to the parent, end with it, and know the plug-ins that it knows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    registry.adopt(plugins)


def _end_with_the_parent() -> None:
    """A killed parent closes no queue: its children would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
