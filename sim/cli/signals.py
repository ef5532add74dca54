"""SIGINT and SIGTERM as exceptions, so that what a verb was writing can be closed.

SIGINT raises :class:`KeyboardInterrupt` already. What is kept when they come is up to the verbs.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from sim.errors import Terminated

# What is said of a signal, and the exit code
STOPPED = {KeyboardInterrupt: ("interrupted", 130), Terminated: ("terminated", 143)}


@contextmanager
def sigterm_raises() -> Iterator[None]:
    """Let SIGTERM unwind the program instead of cutting it off; leave the handler as it was."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set a handler
        return

    def raise_terminated(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, raise_terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
