"""Stopping a study where it stands: what is done by then is kept, and the signal goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sim.errors import Terminated

# Set while what was done is written after a stop: the one time in which a signal has to wait
keeping = threading.Event()


@contextmanager
def stop_softly(is_worth_keeping: Callable[[], int]) -> Iterator[list[BaseException]]:
    """Let SIGINT and SIGTERM end the block, not the study, where something is worth keeping.

    Yields
    ------
    list
        Empty, or with the signal's exception afterwards, for :func:`raise_stop`.
    """
    stopped: list[BaseException] = []
    try:
        yield stopped
    except (KeyboardInterrupt, Terminated) as stop:
        if not is_worth_keeping():
            raise
        stopped.append(stop)
        keeping.set()


def raise_stop(stopped: Sequence[BaseException], kept: str) -> None:
    """Go on stopping where a block was stopped, and say what is kept."""
    for stop in stopped:
        raise type(stop)(kept)
