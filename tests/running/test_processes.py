"""Processes of this program end with what they were begun for, whatever state they are in."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from sim.running.processes import end_processes, open_processes, process_pool


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing stops processes here")
def test_stopped_processes_are_not_waited_for() -> None:
    """One that is killed while it holds the lock of the pool's queue leaves the others so."""
    pool = process_pool(2)
    assert list(pool.map(abs, range(-4, 0))) == [4, 3, 2, 1]
    processes = list(pool._processes.values())
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    ending = threading.Thread(target=end_processes, args=(pool,), daemon=True)
    ending.start()
    ending.join(60)
    waits = ending.is_alive()
    for process in processes:
        process.kill()
    assert not waits
    assert [process.exitcode for process in processes] == [-signal.SIGKILL] * len(processes)


def test_processes_end_with_the_block() -> None:
    with open_processes(1) as pool:
        assert list(pool.map(abs, [-1])) == [1]
        (process,) = pool._processes.values()
    assert process.exitcode == -signal.SIGKILL
