"""Equation (7): what accepting is worth, and the odds of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_values import ROUNDING, amounts, shares, signed, steady, sympathies

from sim.laws.consent import (
    acceptance_gain,
    committed_cost,
    cost_of_evenness,
    logistic,
    value_of_calm,
)


@given(amounts, sympathies)
@steady
def test_public_word_makes_accepting_dearer_or_cheaper(cost, stance) -> None:
    """None: the cost itself, to the bit; a refusal on principle doubles it, asking takes it away."""
    assert committed_cost(cost, 0.0) == cost
    assert committed_cost(cost, -1.0) == 2.0 * cost
    assert committed_cost(cost, 1.0) == 0.0
    assert committed_cost(cost, stance) == pytest.approx(cost - stance * cost, abs=ROUNDING)


def test_gain_known_value() -> None:
    # V14, first claimant: .05 * 1.2 - .3 * .5 * .2 + .1 * .3 - .15 = -.09
    calm = value_of_calm(1.0, 0.05, 1.2)
    evenness = cost_of_evenness(1.0, 1.0, 0.3, 1.0, 0.5, 0.2)
    assert acceptance_gain(calm, evenness, 0.1, 0.3, 0.15) == pytest.approx(-0.09, abs=1e-15)
    # its rival gains by being treated alike: .06 + .03 + .03 = .12
    evenness = cost_of_evenness(-1.0, 1.0, 0.3, 1.0, 0.5, 0.2)
    assert acceptance_gain(calm, evenness, 0.1, 0.3, 0.0) == pytest.approx(0.12, abs=1e-15)


def test_each_factor_counts_once() -> None:
    assert value_of_calm(2.0, 3.0, 5.0) == 30.0
    assert cost_of_evenness(1.0, 2.0, 3.0, 5.0, 0.5, 7.0) == 105.0
    assert acceptance_gain(100.0, 20.0, 3.0, 5.0, 7.0) == 88.0


@given(amounts, shares, shares, shares, sympathies)
@steady
def test_evenness_costs_one_what_it_gives_the_other(weight, parity, credence, theta, lead) -> None:
    first = cost_of_evenness(1.0, weight, parity, credence, theta, lead)
    assert cost_of_evenness(-1.0, weight, parity, credence, theta, lead) == -first
    assert math.copysign(1.0, first) == math.copysign(1.0, lead) or first == 0.0


@given(signed, signed, shares, shares, amounts, st.floats(0.01, 10.0))
@steady
def test_gain_rises_with_calm_and_goodwill_and_falls_with_costs(c, e, g, v, d, more) -> None:
    gain = acceptance_gain(c, e, g, v, d)
    assert acceptance_gain(c + more, e, g, v, d) == pytest.approx(gain + more, abs=ROUNDING)
    assert acceptance_gain(c, e + more, g, v, d) == pytest.approx(gain - more, abs=ROUNDING)
    assert acceptance_gain(c, e, g + more, v, d) == pytest.approx(gain + more * v, abs=ROUNDING)
    assert acceptance_gain(c, e, g, v, d + more) == pytest.approx(gain - more, abs=ROUNDING)


def test_logistic_known_values() -> None:
    assert logistic(0.0) == 0.5
    assert logistic(math.log(3.0)) == pytest.approx(0.75, rel=1e-15)
    assert logistic(-1.8) == pytest.approx(0.1419, abs=5e-5)  # V14


@given(st.floats(-1e6, 1e6))
@steady
def test_logistic_is_a_probability_and_symmetric(x: float) -> None:
    p = logistic(x)
    assert 0.0 <= p <= 1.0
    assert p + logistic(-x) == pytest.approx(1.0, abs=1e-15)


@given(st.floats(-700.0, 700.0), st.floats(-700.0, 700.0))
@steady
def test_logistic_rises(x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert logistic(low) <= logistic(high)


@given(st.floats(-30.0, 30.0))
@steady
def test_logistic_log_odds_give_x_back(x: float) -> None:
    p, q = logistic(x), logistic(-x)
    assert math.log(p / q) == pytest.approx(x, abs=1e-13)
