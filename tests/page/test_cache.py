"""What is kept of answers: the latest few, each computed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sim.page.cache import Cache


def test_latest_few_are_kept() -> None:
    asked: list[int] = []
    kept: Cache[int, int] = Cache(2)

    def compute(key: int) -> int:
        asked.append(key)
        return 10 * key

    assert [kept.get(key, compute) for key in (1, 2, 1, 3, 1, 2)] == [10, 20, 10, 30, 10, 20]
    assert asked == [1, 2, 3, 2]
    assert len(kept) == 2


def test_two_threads_compute_it_once() -> None:
    kept: Cache[str, int] = Cache(1)
    both, asked = Barrier(2), []

    def compute(key: str) -> int:
        asked.append(key)
        return 7

    def ask() -> int:
        both.wait()
        return kept.get("x", compute)

    with ThreadPoolExecutor(2) as pool:
        assert [found.result() for found in (pool.submit(ask), pool.submit(ask))] == [7, 7]
    assert asked == ["x"]


def test_what_fails_is_tried_again() -> None:
    kept: Cache[str, int] = Cache(2)

    def fail(key: str) -> int:
        raise ValueError(key)

    for _ in range(2):
        with pytest.raises(ValueError, match="x"):
            kept.get("x", fail)
    assert kept.get("x", len) == 1
