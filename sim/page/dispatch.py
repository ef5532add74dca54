"""Where each ask is answered, what of it is kept, and what waits for what.

Python runs one thread of a process at a time. So what takes long is answered in processes of its
own: a lever in one window does not wait for what another has told.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

from sim.compiling import cache_is_kept
from sim.errors import MachineError
from sim.page import protocol
from sim.page.answers import Answers
from sim.page.cache import Cache
from sim.page.catalogue import Catalogue
from sim.page.fields import BANDS
from sim.running.processes import end_processes, process_pool

# What answering takes: a tenth of a second, up to a second, many seconds. Each has its own queue
QUICK, TOLD, LONG = "quick", "told", "long"
EFFORT: dict[type[protocol.Ask], str] = {
    protocol.Timelines: QUICK,
    protocol.Guide: QUICK,
    protocol.Files: TOLD,
    protocol.Story: TOLD,
    protocol.Why: TOLD,
    protocol.Knockout: TOLD,
    protocol.Reveal: TOLD,
    protocol.Debrief: LONG,
}
AT_ONCE = {QUICK: 2, TOLD: 1, LONG: 1}
STAND_BACK = {TOLD: 5, LONG: 15}  # how far a process stands back for others: its niceness
KEPT: dict[type[protocol.Ask], int] = {  # answers, of 300 kB, 1 MB, 200 kB and little
    protocol.Timelines: 32,
    protocol.Story: 4,
    protocol.Knockout: 16,
    protocol.Reveal: 32,
    protocol.Debrief: 32,
}


class Dispatcher:
    """Answers asks in order of what they take; the latest few answers are kept.

    An answer depends on its ask alone and is never changed, so windows cannot meet in it.

    Parameters
    ----------
    answers
        What answers in this process.
    apart
        By effort, the processes that answer instead.
    """

    def __init__(self, answers: Answers, apart: Mapping[str, Apart] | None = None) -> None:
        self.answers, self.apart = answers, apart or {}
        self.catalogue = answers.catalogue
        self.kept: dict[type[protocol.Ask], Cache[Any, protocol.Answer]] = {
            kind: Cache(most) for kind, most in KEPT.items()
        }
        self.queues = {
            effort: ThreadPoolExecutor(most, effort) for effort, most in AT_ONCE.items()
        }

    def warm(self) -> None:
        """Answer the first ask of the served scenario with either band.

        That compiles the engine if needed, so that no window waits for it.
        """
        known = self.catalogue
        about = known.about["scenarios"][known.served]
        arms: Any = tuple(about["chosen"])
        for kind in BANDS:
            self.answer(protocol.Timelines(known.served, arms, about["seed"], 0, (), (), kind))

    def expect_asks(self) -> None:
        """Begin the process that tells runs: an open window asks for one soon."""
        if TOLD in self.apart:
            self.queues[TOLD].submit(self.apart[TOLD].begin)

    def effort(self, ask: protocol.Ask) -> str:
        """Return what answering takes: ``quick``, also where the answer is kept, or more."""
        kept = self.kept.get(type(ask))
        return QUICK if kept is not None and kept.holds(ask) else EFFORT[type(ask)]

    async def answer_in_turn(self, ask: protocol.Ask, number: int) -> bytes:
        """Return the answer to an ask of this number, after those before it in its queue.

        Raises
        ------
        InputError
            If the model refuses what was asked.
        MachineError
            If the process dies that would answer.
        """
        run = asyncio.get_running_loop().run_in_executor
        queue = self.queues[self.effort(ask)]
        return await run(queue, lambda: self.answer(ask).to_bytes(number))

    def answer(self, ask: protocol.Ask) -> protocol.Answer:
        """Return the answer without a queue.

        Raises
        ------
        InputError, MachineError
            As ``answer_in_turn``.
        """
        kept = self.kept.get(type(ask))
        return self._compute(ask) if kept is None else kept.get(ask, self._compute)

    def close(self) -> None:
        """End the processes, whatever they compute."""
        for apart in self.apart.values():
            apart.closed = True
            if apart.pool is not None:
                end_processes(apart.pool)

    def _compute(self, ask: protocol.Ask) -> protocol.Answer:
        apart = self.apart.get(EFFORT[type(ask)])
        return self.answers.answer(ask) if apart is None else apart.answer(ask)


def open_apart(catalogue: Catalogue) -> dict[str, Apart]:
    """Return a process for each effort but the quick one.

    There is none where compiled code stays in memory: each would have to compile it anew.
    """
    apart = STAND_BACK if cache_is_kept() else {}
    return {effort: Apart(catalogue, back) for effort, back in apart.items()}


class Apart:
    """A process that answers one ask at a time. It begins with the first, and anew if it died."""

    def __init__(self, catalogue: Catalogue, back: int) -> None:
        self.catalogue, self.back = catalogue, back
        self.pool: ProcessPoolExecutor | None = None
        self.closed = False

    def answer(self, ask: protocol.Ask) -> protocol.Answer:
        """Return the answer to an ask.

        Raises
        ------
        InputError
            If the model refuses what was asked.
        MachineError
            If the process dies of it.
        """
        for _ in range(2):  # it may have died while nothing was asked
            try:
                return self.begin().submit(_answer, ask).result()
            except BrokenExecutor:
                self.pool = None
                if self.closed:
                    break
        raise MachineError(
            "the process that computes this has died twice: it was killed, or memory ran out"
        )

    def begin(self) -> ProcessPoolExecutor:
        """Return the process, begun unless it has."""
        if self.pool is None:
            self.pool = process_pool(1)
            # as work, not to begin with: Python waits until a new process has read all of that
            self.pool.submit(_begin, self.catalogue, self.back)
        return self.pool


# In that process

_own: list[Answers] = []


def _begin(catalogue: Catalogue, back: int) -> None:
    if hasattr(os, "nice"):  # not on Windows
        os.nice(back)
    _own.append(Answers(catalogue))


def _answer(ask: protocol.Ask) -> protocol.Answer:
    return _own[0].answer(ask)
