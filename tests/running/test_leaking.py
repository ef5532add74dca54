"""Memory that stays is seen, and repeated work leaves none; ``make leak`` does it hundreds of times."""

from __future__ import annotations

import pytest

import sim
from tests.leaking import Case, growth

MIB = 1 << 20


def test_growth_sees_what_is_kept() -> None:
    kept: list[bytearray] = []
    case = Case(lambda number: kept.append(bytearray(b"x" * MIB)), times=30, warming=3, most=0.0)
    assert 25.0 < growth(case) < 45.0


@pytest.mark.slow
def test_runs_told_in_full_leave_nothing() -> None:
    """One that stayed would be 2 MB; what libraries keep at first comes in over some thirty runs."""

    month = sim.Scenario.from_yaml("symmetric").replace(steps=30)

    def run_month(number: int) -> object:
        return sim.run(month, replicate=number).summary()

    assert growth(Case(run_month, times=20, warming=30, most=10.0)) < 10.0
