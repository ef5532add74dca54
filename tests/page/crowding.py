"""How the page fares in a crowd: ``python -m tests.page.crowding``.

A lever in one window, alone and while four others have everything told that takes long; then the
same behind 600 connections that never ask. Prints a line for each figure; 1 where an aim is
missed. Words after the module go to ``narrate serve``. No test asserts these, for they depend on
the machine: run it on a quiet one. No browser is needed: the time is that of the server.
"""

from __future__ import annotations

import itertools
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.page.conftest import Served
from tests.page.measuring import Figure, machine
from tests.page.test_serving import got

SCENARIO = Path(__file__).parents[2] / "scenarios" / "kashmir_2025.yaml"
LEVERS = 60  # changes that are timed, each another value
BUSY = 4  # other windows
HALF_OPEN = 600
OPEN = ExitStack()  # the windows


class Window:
    """A window of the page, as the server sees it, until its program ends."""

    def __init__(self, served: Served) -> None:
        opened = connect(served.socket, origin=served.origin, max_size=None)  # type: ignore[arg-type]
        self.link: ClientConnection = OPEN.enter_context(opened)
        self.about = read_about(served)
        self.numbers = itertools.count(1)

    def ask(self, kind: str, **more: Any) -> float:
        """Ask, and return the seconds until the answer is here."""
        begun = time.perf_counter()
        self.link.send(json.dumps({"n": next(self.numbers), "kind": kind, **more}))
        said = self.link.recv(timeout=600)
        assert isinstance(said, bytes), said
        return time.perf_counter() - begun

    def runs(self, **more: Any) -> dict[str, Any]:
        """What says which two runs are asked about."""
        arms = {"scenario": self.about["served"], "arms": self.about["arms"], "seed": 7}
        return arms | {"replicate": 0, "parameters": {}, "switches": {}, **more}

    def move_lever(self, step: int) -> float:
        """Move a lever, and return the seconds until both timelines are here."""
        lever = {"parity": 0.5 * (step * 37 % 997) / 997}
        return self.ask("timelines", uncertainty="chance", **self.runs(parameters=lever))

    def place(self) -> dict[str, Any]:
        """Where and when a change is explained."""
        return {"audience": self.about["audience"], "toward": "", "first": 0, "last": 9}

    def lesson(self, number: int) -> str:
        """One of the lessons."""
        return str(self.about["lessons"][number % len(self.about["lessons"])])

    def keep_busy(self, first: int, until: threading.Event) -> None:
        """Ask for all that takes long, one after the other, until told to stop."""
        # Each window begins with another kind, so that they meet from the first second on
        for step in itertools.count(first):
            seed = 1000 * first + step
            kind, more = (
                ("debrief", {"lesson": self.lesson(step)}),
                ("story", self.runs(seed=seed, arm=0)),
                ("why", self.runs(seed=seed, arm=1) | self.place()),
                ("files", self.runs(seed=seed, uncertainty="chance")),
            )[step % 4]
            if until.is_set():
                return
            self.ask(kind, **more)


def read_about(served: Served) -> dict[str, Any]:
    """What the page may ask of the scenario that is served."""
    known = json.loads(got(served, "/about.json")[2])
    served_one = known["scenarios"][known["served"]]
    return {
        "served": known["served"],
        "arms": served_one["chosen"],
        "audience": served_one["audiences"][0],
        "lessons": [lesson["name"] for lesson in known["lessons"]],
    }


def percentile95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return 1000.0 * quantiles(times, n=20, method="inclusive")[18]


def measure(served: Served) -> Iterator[Figure]:
    """The figures, each as soon as it is known."""
    mine = Window(served)
    for step in range(5):
        mine.move_lever(1000 + step)
    alone = percentile95([mine.move_lever(step) for step in range(LEVERS)])
    yield Figure(f"lever alone, {LEVERS} changes, 95th percentile", alone, "ms")

    stop = threading.Event()
    others = [
        threading.Thread(target=Window(served).keep_busy, args=(number, stop))
        for number in range(BUSY)
    ]
    for other in others:
        other.start()
    try:
        time.sleep(2.0)
        times = [mine.move_lever(LEVERS + step) for step in range(LEVERS)]
    finally:
        stop.set()
    crowded = percentile95(times)
    what = f"lever while {BUSY} others have everything told"
    yield Figure(f"{what}, 95th percentile", crowded, "ms", 3.0 * alone)
    yield Figure(f"{what}, slowest", 1000.0 * max(times), "ms")
    for other in others:
        other.join()

    with ExitStack() as stack:
        for _ in range(HALF_OPEN):
            bare = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            bare.sendall(b"GET / HTT")
        begun = time.perf_counter()
        Window(served).move_lever(5000)
        name = f"a new window and its first charts behind {HALF_OPEN} half-open connections"
        yield Figure(name, 1000.0 * (time.perf_counter() - begun), "ms", 3.0 * alone + 100.0)


def main() -> int:
    """Serve the main scenario, measure, print; 1 where an aim is missed."""
    words = sys.argv[1:]
    served = Served(SCENARIO, *words)
    missed = 0
    try:
        print(machine())
        for figure in measure(served):
            print(figure, flush=True)
            missed += figure.missed()
    finally:
        OPEN.close()
        served.end()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
