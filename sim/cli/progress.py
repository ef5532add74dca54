"""Progress with rate and time to go, on stderr, only where a person can see it."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

INTERVAL = 0.2  # seconds between two drawings


class Progress:
    """Counts what is done; call it with how many more. Any thread may call."""

    def __init__(self, total: int, wanted: bool, stream: TextIO | None = None) -> None:
        self.total, self.done = total, 0
        self.stream = stream or sys.stderr
        self.shown = wanted and self.stream.isatty()
        self._started = time.monotonic()
        self._drawn = 0.0
        self._lock = threading.Lock()

    def expect(self, more: int) -> None:
        """There is so much more to do than was known."""
        with self._lock:
            self.total += more

    def __call__(self, more: int = 1) -> None:
        """Count ``more`` as done and draw, not too often."""
        with self._lock:
            self.done += more
            now = time.monotonic()
            if self.shown and (now - self._drawn >= INTERVAL or self.done >= self.total):
                self._drawn = now
                self.stream.write(f"\r{self.line(now - self._started)}\x1b[K")
                self.stream.flush()

    def line(self, seconds: float) -> str:
        """How far it is: count, rate, time to go."""
        rate = self.done / seconds if seconds > 0.0 else 0.0
        left = max(0, self.total - self.done)
        to_go = f", {clock(left / rate)} to go" if rate > 0.0 else ""
        return f"{self.done} of {self.total} runs, {rate:.0f} a second{to_go}"

    def close(self) -> None:
        """Leave the line."""
        if self.shown and self._drawn:
            self.stream.write("\n")
            self.stream.flush()


def clock(seconds: float) -> str:
    """Seconds as ``12 s``, ``3 min`` or ``2 h 05 min``."""
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    minutes = int(seconds / 60.0 + 0.5)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"
