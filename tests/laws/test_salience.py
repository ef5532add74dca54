"""Equation (1): salience relaxes to rest, attention is what the background leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import ROUNDING, amounts, shares, signed, steady

from sim.laws.salience import attention, relaxed_salience


def test_relaxed_salience_known_values() -> None:
    # .2 + .5 (1 - .2) + .3 = .9
    assert relaxed_salience(1.0, 0.2, 0.5, 0.3) == pytest.approx(0.9, abs=1e-15)
    assert relaxed_salience(0.2, 0.2, 0.5, 0.0) == 0.2
    assert relaxed_salience(0.2, 0.2, 0.5, -3.0) == 0.0


@given(amounts, amounts, shares)
@steady
def test_relaxed_salience_lies_between_itself_and_rest(z, rest, kept) -> None:
    moved = relaxed_salience(z, rest, kept, 0.0)
    assert min(z, rest) - ROUNDING <= moved <= max(z, rest) + ROUNDING
    assert relaxed_salience(z, rest, 0.0, 0.0) == rest
    assert relaxed_salience(z, rest, 1.0, 0.0) == pytest.approx(z, abs=ROUNDING)


@given(amounts, amounts, shares, signed, signed)
@steady
def test_relaxed_salience_rises_with_its_shock_and_is_never_negative(z, rest, kept, d, e) -> None:
    low, high = sorted((d, e))
    one, other = (relaxed_salience(z, rest, kept, shock) for shock in (low, high))
    assert 0.0 <= one <= other
    if one > 0.0:
        assert other - one == pytest.approx(high - low, abs=ROUNDING)


def test_attention_known_values() -> None:
    assert attention(0.25, 1.0) == 0.75
    assert attention(0.25, 0.0) == 1.0


@given(shares, shares)
@steady
def test_attention_is_a_share_that_falls_with_the_background(one, other) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= attention(high, 1.0) <= attention(low, 1.0) <= 1.0
    assert attention(one, 0.0) == 1.0
