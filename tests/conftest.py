"""What all tests share: the repository's root on the path, and sizes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that ``tests.`` can be imported

# A job in the background ignores interrupts, and so would every program that tests start and stop
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

JIT = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
# The same examples in every run, whatever the machine's speed.
settings.register_profile(
    "same", derandomize=True, deadline=None, print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("same")


# Folders and files whose tests run nothing compiled, or little; those of the first are long enough
# for the engine to be compiled meanwhile
PLAIN = (
    "scenario", "data_sources", "docs", "estimators", "laws", "mutants", "report", "tables", "world",
    "test_arguments", "test_designs", "test_lesson_files", "test_lock", "test_outcomes_file", "test_parts",
    "test_refusals",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of plain Python last, more than half of all.

    Of two workers the second begins in the middle. So the first alone compiles the engine, half a
    minute's work, and the second finds it on disk instead of compiling it at the same time.
    """

    def place(item: pytest.Item) -> int:
        names = {item.path.parent.name, item.path.stem}
        return min((PLAIN.index(name) for name in names.intersection(PLAIN)), default=-1)

    items.sort(key=place)


@pytest.fixture(scope="session")
def sized() -> Callable[[int, int], int]:
    """A number of cases: the first where loops are compiled, the second where they are not."""

    def choose(compiled: int, plain: int) -> int:
        return compiled if JIT else plain

    return choose
