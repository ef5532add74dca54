"""Equation (2): what messages are worth where they land."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_values import ROUNDING, amounts, positive, shares, steady

from sim.laws.exposure import (
    backfired,
    believed,
    exposure,
    fit,
    fit_scale,
    statement_effort,
    talk_effort,
    undenied,
)


def test_fit_known_values() -> None:
    # three contested issues with salience .6 of 1.2 in all: 3 * .6/1.2 = 1.5
    scale = fit_scale(1.2, 3.0)
    assert scale == pytest.approx(2.5, rel=1e-15)
    assert fit(0.6, scale, 1.0) == pytest.approx(1.5, rel=1e-15)
    assert fit(0.6, scale, 2.0) == pytest.approx(2.25, rel=1e-15)
    assert fit(0.6, scale, 0.0) == 1.0
    assert fit(0.0625, fit_scale(0.25, 2.0), 1.0) == 0.5
    assert fit(0.0, fit_scale(0.0, 3.0), 1.0) == 1.0  # no contested issue is salient


@given(st.lists(positive, min_size=1, max_size=6))
@steady
def test_fit_averages_to_one_over_contested_issues(salience) -> None:
    count = float(len(salience))
    scale = fit_scale(sum(salience), count)
    assert sum(fit(z, scale, 1.0) for z in salience) / count == pytest.approx(1.0, abs=ROUNDING)
    assert [fit(1.0, fit_scale(count, count), r) for r in (0.5, 1.0, 2.0)] == [1.0, 1.0, 1.0]


def test_exposure_and_efforts_count_each_factor_once() -> None:
    assert exposure(2.0, 3.0, 5.0, 7.0, 11.0) == 2310.0
    assert statement_effort(2.0, 3.0, 5.0, 7.0) == 210.0
    assert talk_effort(6.0, 3.0, 5.0) == 10.0  # shared out over the node's capitals


@given(amounts, shares, shares)
@steady
def test_accusation_lands_on_the_accused_or_on_its_sender(x, credence, backlash) -> None:
    hit, back = believed(x, credence), backfired(x, credence, backlash)
    assert hit >= 0.0
    assert back >= 0.0
    assert hit + backfired(x, credence, 1.0) == pytest.approx(x, abs=ROUNDING)
    assert back <= backfired(x, credence, 1.0)
    assert backfired(x, 1.0, backlash) == 0.0
    assert believed(x, 1.0) == x


def test_accusation_known_value() -> None:
    assert believed(2.0, 0.75) == 1.5
    assert backfired(2.0, 0.75, 0.5) == 0.25


def test_undenied_known_value() -> None:
    # 1 - .5 * 3/(3 + 1) = .625
    assert undenied(1.0, 3.0, 0.5) == 0.625
    assert undenied(0.0625, 0.1875, 0.5) == 0.625
    assert undenied(0.0, 0.0, 0.5) == 1.0


@given(positive, amounts, shares, st.floats(1.01, 3.0))
@steady
def test_undenied_is_a_share_that_falls_with_denial(attacks, denials, efficacy, more) -> None:
    left = undenied(attacks, denials, efficacy)
    assert 0.0 <= left <= 1.0
    assert undenied(attacks, denials * more, efficacy) <= left
    assert undenied(attacks, denials, 1.0) <= left
    assert undenied(attacks, 0.0, efficacy) == 1.0
    assert undenied(attacks, denials, 0.0) == 1.0


@given(positive, positive, shares, st.floats(1.01, 3.0))
@steady
def test_more_attack_never_hurts_less_whatever_the_denial(attacks, denials, delta, more) -> None:
    """C (1 - delta D/(D + C)) rises with C."""
    once = attacks * undenied(attacks, denials, delta)
    again = attacks * more * undenied(attacks * more, denials, delta)
    assert again >= once
