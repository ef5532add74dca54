"""Sweeps killed at random instants lose nothing, double nothing and leave nobody behind."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.kills import DRIVER, GROUP, WORKER, Kills, trials

COUNT = 30
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


def test_killed_sweep_is_the_same_after_one_resume(tmp_path: Path) -> None:
    kills = Kills(tmp_path)
    for trial in trials(COUNT, seed=5):
        kills.trial(trial)
    kills.close()
    seen = kills.seen
    # instants that are worth something: most within the sweep, some inside a write
    assert seen["between runs"] > COUNT / 3, seen
    assert seen["between writing a part and its name"] > 0, seen
    assert seen["before it was begun"] > 0, seen
    assert seen["runs done again"] > 0, seen
    assert seen["after the end"] < COUNT / 4, seen
    for who in (
        "ensemble, group",
        "ensemble, driver",
        f"mesa, {GROUP}",
        f"mesa, {DRIVER}",
        f"mesa, {WORKER}",
    ):
        assert seen[who] > 0, who
