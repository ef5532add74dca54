"""Progress on stderr, only where a person can see it: of many runs, or of named stages.

What is counted or named is up to the verb; results never depend on whether progress is shown.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

INTERVAL = 0.2  # seconds between two drawings


class Progress:
    """Counts the runs that are done and shows the count with its rate and the time to go.

    Call it with how many more runs are done; any thread may call.

    Parameters
    ----------
    total
        Runs to do, as far as known; :meth:`expect` adds to them.
    wanted
        Whether to show anything; a stream that is no terminal shows nothing anyway.
    stream
        Where to show it: stderr by default.
    """

    def __init__(self, total: int, wanted: bool, stream: TextIO | None = None) -> None:
        self.total, self.done = total, 0
        self.stream = stream or sys.stderr
        self.shown = wanted and self.stream.isatty()
        self._started = time.monotonic()
        self._drawn = 0.0
        self._lock = threading.Lock()

    def expect(self, more: int) -> None:
        """Add runs to those that are to be done."""
        with self._lock:
            self.total += more

    def __call__(self, more: int = 1) -> None:
        """Count ``more`` runs as done, and draw if the last drawing is long enough ago."""
        with self._lock:
            self.done += more
            now = time.monotonic()
            if self.shown and (now - self._drawn >= INTERVAL or self.done >= self.total):
                self._drawn = now
                _draw(self.line(now - self._started), self.stream)

    def line(self, seconds: float) -> str:
        """Return how far it is after so many seconds: count, rate, time to go."""
        rate = self.done / seconds if seconds > 0.0 else 0.0
        left = max(0, self.total - self.done)
        to_go = f", {clock(left / rate)} to go" if rate > 0.0 else ""
        return f"{self.done} of {self.total} runs, {rate:.0f} a second{to_go}"

    def close(self) -> None:
        """Leave the line, so that what follows does not overwrite it."""
        if self.shown and self._drawn:
            self.stream.write("\n")
            self.stream.flush()


@contextmanager
def stages(wanted: bool) -> Iterator[Callable[[str], None] | None]:
    """Give a function that shows on one line which stage begins; None where nobody can see it."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    yield lambda stage: _draw(stage, sys.stderr)
    print(file=sys.stderr)


def _draw(line: str, stream: TextIO) -> None:
    """Draw a line over the last one, and clear what is left of that."""
    stream.write(f"\r{line}\x1b[K")
    stream.flush()


def clock(seconds: float) -> str:
    """Return seconds as ``12 s``, ``3 min`` or ``2 h 05 min``."""
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    minutes = int(seconds / 60.0 + 0.5)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"
