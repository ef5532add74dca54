"""Section 2.1: an event is heard of over days, and in all as much as it is large."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import ROUNDING, amounts, shares, steady

from sim.laws.news import heard_again, heard_at_once
from sim.parameters import retention


def test_known_values() -> None:
    # a half-life of two days: rho = .7071; half a day: .25
    assert heard_at_once(1.0, retention(2.0)) == pytest.approx(0.292893, abs=5e-7)
    assert heard_at_once(1.0, retention(0.5)) == pytest.approx(0.75, abs=1e-15)
    assert heard_again(0.4, retention(2.0)) == pytest.approx(0.4 * 0.5**0.5, abs=1e-15)


@given(amounts)
@steady
def test_without_a_half_life_all_is_heard_at_once(size) -> None:
    assert retention(0.0) == 0.0
    assert heard_at_once(size, 0.0) == size
    assert heard_again(size, 0.0) == 0.0


@given(amounts, shares)
@steady
def test_all_days_add_up_to_the_size(size, part) -> None:
    """The first n days leave rho^n of it."""
    rho = 0.9 * part
    heard, told = heard_at_once(size, rho), 0.0
    for _ in range(5):
        told += heard
        heard = heard_again(heard, rho)
    assert told == pytest.approx(size * (1.0 - rho**5), abs=ROUNDING)
