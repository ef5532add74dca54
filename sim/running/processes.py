"""Other processes of this program: they know its plug-ins, leave signals to it and end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from sim.plugins import registry
from sim.plugins.outside import Outside


def open_processes(most: int | None) -> ProcessPoolExecutor:
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
