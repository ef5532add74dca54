"""Jobs on threads: results in order, few at a time, and whole when stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from sim.running.streaming import run_jobs


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_results_are_merged_in_order_whichever_ends_first(threads: int) -> None:
    merged: list[tuple[int, int]] = []
    later = threading.Event()

    def work(job: int, progress: Callable[[int], None]) -> int:
        if job == 0 and threads > 1:
            assert later.wait(30)  # the first job ends after the second
        if job == 1:
            later.set()
        progress(1)
        return job * job

    told: list[int] = []
    run_jobs(range(20), work, lambda job, found: merged.append((job, found)), threads, told.append)
    assert merged == [(job, job * job) for job in range(20)]
    assert sum(told) == 20


def test_few_jobs_are_under_way_at_a_time() -> None:
    begun: list[int] = []
    ahead: list[int] = []

    def jobs() -> Iterator[int]:
        for job in range(50):
            begun.append(job)
            yield job

    def merge(job: int, found: int) -> None:
        ahead.append(len(begun) - job)

    run_jobs(jobs(), lambda job, progress: job, merge, 3)
    assert max(ahead) == 4


def test_more_jobs_are_begun_where_more_threads_come() -> None:
    """Three jobs wait for each other, so all three must run at once; at first there is one thread."""
    threads, together = 1, threading.Barrier(3)

    def work(job: int, progress: Callable[[int], None]) -> int:
        if job > 0:
            together.wait(30)
        return job

    def merge(job: int, found: int) -> None:
        nonlocal threads
        threads = 3

    run_jobs(range(4), work, merge, lambda: threads, in_order=False)
    assert threads == 3


def test_error_of_a_job_comes_up_and_ends_the_others() -> None:
    merged: list[int] = []

    def work(job: int, progress: Callable[[int], None]) -> int:
        if job == 3:
            raise LookupError("job 3")
        return job

    with pytest.raises(LookupError, match="job 3"):
        run_jobs(range(1000), work, lambda job, found: merged.append(job), 2)
    assert merged == [0, 1, 2]


def test_interruption_keeps_a_whole_beginning_and_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is interrupted while jobs run: no job after a missing one is merged."""
    merged: list[int] = []
    third_begun = threading.Event()
    reached = threading.Event()

    class Interrupted(BaseException):
        pass

    class Waiting:
        """What the caller waits for, with a signal that comes when jobs 3 and 4 are under way."""

        def __init__(self, driven: object) -> None:
            pass

        def result(self) -> None:
            assert reached.wait(30)
            raise Interrupted

    from sim.running import streaming

    class Pool(streaming.ThreadPoolExecutor):
        def submit(self, function, /, *given, **named):  # type: ignore[no-untyped-def]
            done = super().submit(function, *given, **named)
            return Waiting(done) if function.__name__ == "drive" else done

    monkeypatch.setattr(streaming, "ThreadPoolExecutor", Pool)

    def work(job: int, progress: Callable[[int], None]) -> int:
        if job == 3:
            third_begun.set()
        if job == 4:
            assert third_begun.wait(30)  # or the signal may end job 3 before it has begun
            reached.set()
            for _ in range(3000):  # as long as it takes until the caller has asked to stop
                threading.Event().wait(0.01)
                progress(1)
        return job

    with pytest.raises(Interrupted):
        run_jobs(range(100), work, lambda job, found: merged.append(job), 2)
    assert merged == [0, 1, 2, 3]


def test_interruption_while_the_driver_is_started_stops_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sim.running import streaming

    begun = threading.Event()
    done: list[int] = []

    class Interrupted(BaseException):
        pass

    class Pool(streaming.ThreadPoolExecutor):
        def submit(self, function, /, *given, **named):  # type: ignore[no-untyped-def]
            found = super().submit(function, *given, **named)
            if function.__name__ == "drive":
                assert begun.wait(30)
                raise Interrupted
            return found

    monkeypatch.setattr(streaming, "ThreadPoolExecutor", Pool)

    def work(job: int, progress: Callable[[int], None]) -> None:
        begun.set()
        for _ in range(2000):  # as long as it takes until it is asked to stop
            threading.Event().wait(0.01)
            progress(1)
        done.append(job)

    with pytest.raises(Interrupted):
        run_jobs(range(2), work, lambda job, found: None, 1)
    assert done == []
