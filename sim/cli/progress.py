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

from sim.scenario.error_texts import count_of

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
    usual
        Runs a second on the machine on which ``after`` was measured.
    after
        Seconds that tables and figures take there, when the runs are over.
    stream
        Where to show it: stderr by default.
    """

    def __init__(
        self,
        total: int,
        wanted: bool,
        usual: float = 0.0,
        after: float = 0.0,
        stream: TextIO | None = None,
    ) -> None:
        self.total, self.done = total, 0
        self._usual, self._after = usual, after
        self.stream = stream or sys.stderr
        self.shown = wanted and self.stream.isatty()
        self._began: tuple[float, int] | None = None  # when some runs were done, and how many
        self._rate = 0.0
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
                _draw(self.line(now), self.stream)

    def line(self, now: float) -> str:
        """Return how far it is at this time: count, rate, time to go.

        The rate is that since the first runs were done: what comes before, such as compiling,
        says nothing of those to come.
        """
        if self._began is None and self.done:
            self._began = now, self.done
        began, first = self._began or (now, 0)
        told = f"{self.done:,} of {count_of(self.total, 'run')}"
        if now <= began or self.done == first:
            return told
        self._rate = (self.done - first) / (now - began)
        left = max(0, self.total - self.done) / self._rate
        told += f", {self._rate:.0f} a second, {clock(left + self.rest())} to go"
        return told + (
            f", {clock(self.rest())} of them for tables and figures" * bool(self._after)
        )

    def rest(self) -> float:
        """Return the seconds that tables and figures take on this machine, as busy as it is."""
        slower = self._usual / self._rate if self._usual and self._rate else 1.0
        return self._after * min(max(slower, 0.5), 4.0)

    def close(self) -> None:
        """Leave the line when the runs are over, and say what is still to come."""
        if self.shown and self._drawn:
            self.stream.write("\n")
            if self._after:
                self.stream.write(f"tables and figures, about {clock(self.rest())}\n")
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
