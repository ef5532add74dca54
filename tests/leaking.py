"""How much memory stays when the same thing is done again and again: ``make leak``.

Programs keep some memory at first (imports, compiled code, caches of a bounded size); hence each
thing is done a few times before it is measured. What a process then still gains is what its user
loses by leaving it open.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import psutil

import sim
from tests.page.conftest import Served
from tests.page.crowding import SCENARIO, Window

MB = 1e6


class Case(NamedTuple):
    """Something done again and again, and what it may keep."""

    call: Callable[[int], object]  # is given its number, from 0
    times: int
    warming: int
    most: float  # MB


def private_memory(pid: int | None = None) -> float:
    """The megabytes that a process and its children alone hold.

    Of this one, after everything free is given back.
    """
    if pid is None:
        gc.collect()
        if sys.platform == "linux":
            ctypes.CDLL(None).malloc_trim(0)
    parent = psutil.Process(pid)
    every = [parent, *parent.children(recursive=True)]
    return sum(float(one.memory_full_info().uss) for one in every) / MB


def growth(case: Case, pid: int | None = None) -> float:
    """The megabytes that a process gains by a case, once warm; this process where ``pid`` is None."""
    for number in range(case.warming):
        case.call(number)
    before = private_memory(pid)
    for number in range(case.warming, case.warming + case.times):
        case.call(number)
    return private_memory(pid) - before


def run_once(number: int) -> object:
    """One run told in full, looked at as a reader does."""
    return sim.run("symmetric", replicate=number).summary()


def compare_once(number: int) -> object:
    """One small comparison, looked at as a reader does."""
    return sim.compare("symmetric", pairs=8, seed=number, jobs=1).summary()


CASES = {
    "sim.run": Case(run_once, 300, 30, 10.0),
    "sim.compare": Case(compare_once, 200, 20, 10.0),
}


def ask_page(window: Window, number: int) -> None:
    """One of mixed asks: of ten, seven move a lever."""
    kinds: list[Callable[[], object]] = [
        lambda: window.ask("story", **window.runs(seed=number, arm=0)),
        lambda: window.ask("files", uncertainty="chance", **window.runs(seed=number)),
        lambda: window.ask("why", **window.place(), **window.runs(seed=number, arm=1)),
        lambda: window.ask("lesson", lesson=window.lesson(number)),
    ]
    if number % 10 < 7:
        window.move_lever(number)
    else:
        kinds[number // 10 % 4]()


def main() -> int:
    """Print what each case keeps; 1 where one keeps too much."""
    over = []

    def tell(name: str, case: Case, pid: int | None = None) -> None:
        gained = growth(case, pid)
        over.append(gained > case.most)
        print(f"{name}: {gained:+.1f} MB after {case.times} times (at most {case.most:g})")

    for name, case in CASES.items():
        tell(name, case)
    served = Served(SCENARIO)
    try:
        asks = partial(ask_page, Window(served))
        tell("narrate serve, asks", Case(asks, 1000, 200, 30.0), served.process.pid)
    finally:
        served.end()
    return int(any(over))


if __name__ == "__main__":
    sys.exit(main())
