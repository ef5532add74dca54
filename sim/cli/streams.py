"""stdout and stderr whose trouble is remembered, not raised: a study does not end for its telling.

A stream may be closed (``>&-``), its disk full, its reader gone, its terminal hung up.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

CLOSED = "is closed"


class SteadyStream:
    """A text stream that goes on where it cannot be written to.

    Attributes
    ----------
    trouble
        Why something that was written is lost, in words; empty if nothing is, or if who read it
        had enough.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream, self.trouble = stream, ""

    def write(self, text: str) -> int:
        """Write, or lose, the text."""
        if self.stream is None:
            self.trouble = CLOSED if text else self.trouble
            return len(text)
        try:
            self.stream.write(text)
        except (OSError, ValueError) as error:
            self._lose(self.stream, error)
        return len(text)

    def flush(self) -> None:
        """Write what waits to be written."""
        if self.stream is None:
            return
        try:
            self.stream.flush()
        except (OSError, ValueError) as error:
            self._lose(self.stream, error)

    def isatty(self) -> bool:
        """Whether a person may be looking."""
        return self.stream is not None and not self.stream.closed and self.stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _lose(self, stream: TextIO, error: OSError | ValueError) -> None:
        """Let what follows go nowhere, or Python complains when it flushes at exit."""
        if isinstance(error, ValueError):
            self.trouble = CLOSED
        elif not isinstance(error, BrokenPipeError):
            self.trouble = str(error.strerror)
        self.stream = None if isinstance(error, ValueError) else stream
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


@contextmanager
def steady_streams() -> Iterator[SteadyStream]:
    """Make stdout and stderr steady, and give stdout.

    What the locale cannot encode is escaped on both. A closed descriptor is opened on the null
    device, so that no results file gets the number of a standard stream, to which libraries write.
    """
    _occupy_closed_descriptors()
    before = sys.stdout, sys.stderr
    for stream in before:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    out, err = SteadyStream(sys.stdout), SteadyStream(sys.stderr)
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
    try:
        yield out
        out.flush()
        err.flush()
    finally:
        sys.stdout, sys.stderr = before


def _occupy_closed_descriptors() -> None:
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(handle, True)
    os.close(handle)
