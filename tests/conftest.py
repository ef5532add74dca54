"""What all tests share: the repository's root on the path, and sizes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that ``tests.`` can be imported

JIT = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
# The same examples in every run, whatever the machine's speed.
settings.register_profile("same", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("same")


@pytest.fixture(scope="session")
def sized() -> Callable[[int, int], int]:
    """A number of cases: the first where loops are compiled, the second where they are not."""

    def choose(compiled: int, plain: int) -> int:
        return compiled if JIT else plain

    return choose
