"""SIGINT, SIGTERM and SIGHUP as exceptions, so that what a verb was writing can be closed.

An exception reaches the main thread only between two steps of Python, and then waits for other
threads: not while the engine is compiled, nor where a thread that found no memory to begin with is
awaited for ever. So a thread of its own hears of every signal at once, and ends the program where
the exception has not done so in time. What is kept when they come is up to the verbs.
"""

from __future__ import annotations

import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from types import FrameType
from typing import Any, NoReturn

from sim.errors import HungUp, MachineError, Terminated
from sim.running.stopping import cut_off, keeping

MACHINE = MachineError.exit_code
# What is said of a signal, and the exit code
STOPPED = {
    KeyboardInterrupt: ("interrupted", 130),
    Terminated: ("terminated", 143),
    HungUp: ("terminated", 129),
}
SIGNALS: dict[int, type[BaseException]] = {
    signal.SIGINT: KeyboardInterrupt,
    signal.SIGTERM: Terminated,
}
if hasattr(signal, "SIGHUP"):
    SIGNALS[signal.SIGHUP] = HungUp
PATIENCE = 1.5  # seconds from a signal until the program is ended whatever it does
GLANCE = 0.5  # seconds between two looks for threads that could not begin
# The process that gives back what others shared would tell of all that is left at such an end
UNTOLD = "ignore::UserWarning:multiprocessing.resource_tracker"
NO_MEMORY = b"error: out of memory\n"


@contextmanager
def signals_raise() -> Iterator[None]:
    """Let signals unwind the program instead of cutting it off, and end it where that fails.

    A signal that was ignored, as under ``nohup``, stays so. All handlers are left as they were.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set a handler
        return
    watch = _Watch()
    try:
        yield
        watch.wait_for_threads()
    finally:
        watch.close()


class _Watch:
    """Handlers of signals, and the thread that hears of them."""

    def __init__(self) -> None:
        keeping.clear()
        self.threads = set(threading.enumerate())
        self.stopped = self.told = False
        if UNTOLD not in sys.warnoptions:  # Python hands them on to that process
            sys.warnoptions.append(UNTOLD)
        self.handlers = {
            number: signal.signal(number, self._raise)
            for number in SIGNALS
            if signal.getsignal(number) not in (signal.SIG_IGN, None)
        }
        # a thread that finds no memory for its first step can tell only a function written in C
        self.failed: SimpleQueue[Any] = SimpleQueue()
        self.hook, sys.unraisablehook = sys.unraisablehook, self.failed.put
        self.heard, self.bell = socket.socketpair()
        self.bell.setblocking(False)
        self.wakeup = signal.set_wakeup_fd(self.bell.fileno(), warn_on_full_buffer=False)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def wait_for_threads(self) -> None:
        """After a signal, wait for the threads that still work, as long as they may."""
        keeping.clear()
        self.told = True  # by the verb
        if self.stopped:
            for thread in set(threading.enumerate()) - self.threads - {self.thread}:
                if not thread.daemon:
                    thread.join()

    def close(self) -> None:
        """Leave everything as it was."""
        signal.set_wakeup_fd(self.wakeup)
        self.bell.close()
        self.thread.join()
        self.heard.close()
        sys.unraisablehook = self.hook
        self._pass_on_failures()
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _raise(self, number: int, frame: FrameType | None) -> NoReturn:
        self.stopped = True
        raise SIGNALS[number]

    def _listen(self) -> None:
        """Wait for signals, and end the program where one has not done so in time.

        Where it writes what is kept after a stop it has the time it needs, unless a second signal
        comes.
        """
        number, until = 0, math.inf
        while True:
            left = until - time.monotonic()
            self.heard.settimeout(min(GLANCE, left) if left > 0.0 else GLANCE)
            try:
                heard = self.heard.recv(16)
                if not heard:
                    return  # the other end is closed
            except TimeoutError:
                heard = b""
            for one in filter(SIGNALS.get, heard):
                if number:
                    keeping.clear()
                else:
                    until = time.monotonic() + PATIENCE
                number = one
            self._pass_on_failures()
            if time.monotonic() >= until and not keeping.is_set():
                how, code = STOPPED[SIGNALS[number]]
                _end(b"" if self.told else f"error: {how} {cut_off[-1]}\n".encode(), code)

    def _pass_on_failures(self) -> None:
        """End the program where a thread found no memory to begin with: who awaits it hangs."""
        while not self.failed.empty():
            failure = self.failed.get()
            if issubclass(failure.exc_type, MemoryError):
                _end(NO_MEMORY, MACHINE)
            self.hook(failure)


def _end(words: bytes, code: int) -> NoReturn:
    """End the program at once, with as little as can be done."""
    with suppress(OSError):
        os.write(2, words)
    os._exit(code)
