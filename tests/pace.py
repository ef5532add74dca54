"""How long a piece of work takes, as a multiple of a small one timed just before and after.

Processors differ tenfold, and so does one from minute to minute when others are busy on it; a
second is therefore no measure in a test, and what the same processor did at the same time is.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SECOND = 160.0  # of an idle core, in yardsticks
_TRIES = 3  # a thread may be slowed in the middle of the work but not of the yardstick


def slower_than(limit: float, work: Callable[[], object]) -> float | None:
    """The seconds of an idle core that `work` takes in the best of three tries, if over `limit`."""
    seconds = []
    for _ in range(_TRIES):
        before = _yardstick()
        started = time.thread_time()
        work()
        taken = time.thread_time() - started
        seconds.append(taken / max(before, _yardstick()) / SECOND)
        if seconds[-1] < limit:
            return None
    return min(seconds)


def _yardstick() -> float:
    started = time.thread_time()
    sum(len(str(number)) for number in range(100_000))
    return time.thread_time() - started
