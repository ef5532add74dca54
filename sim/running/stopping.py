"""Stopping a study where it stands: what is done by then is kept, and the signal goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sim.errors import Terminated

# Set while what was done is written after a stop: the one time in which a signal has to wait
keeping = threading.Event()
# Said of a stop that could not wait: it cut the program off
CUT_OFF = "in the middle of its work; what was on the disk by then is kept"
cut_off = [CUT_OFF]


@contextmanager
def stop_softly(
    is_worth_keeping: Callable[[], int], resumed_from: Path | None = None
) -> Iterator[list[BaseException]]:
    """Let SIGINT and SIGTERM end the block, not the study, where something is worth keeping.

    ``resumed_from`` is the folder from which the study goes on, even if it is cut off.

    Yields
    ------
    list
        Empty, or with the signal's exception afterwards, for :func:`raise_stop`.
    """
    stopped: list[BaseException] = []
    if resumed_from is not None:
        cut_off.append(f"{CUT_OFF}; `narrate resume {resumed_from}` goes on")
    try:
        yield stopped
    except (KeyboardInterrupt, Terminated) as stop:
        if not is_worth_keeping():
            raise
        stopped.append(stop)
        keeping.set()
    finally:
        if resumed_from is not None:
            cut_off.pop()


def raise_stop(stopped: Sequence[BaseException], kept: str) -> None:
    """Go on stopping where a block was stopped, and say what is kept."""
    for stop in stopped:
        raise type(stop)(kept)
