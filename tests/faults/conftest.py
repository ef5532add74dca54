"""A warm program that the tests of a file start commands in."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.driver import Server

if os.name != "posix":
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()
