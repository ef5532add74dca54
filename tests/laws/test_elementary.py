"""Logarithm, exponential and power against the library's, and where they must be exact."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_values import amounts, steady
from numba import njit

from sim.compiling import register_laws
from sim.laws.elementary import exp, log, power

register_laws()
exponents = st.floats(0.1, 3.0)
magnitudes = st.floats(5e-324, 1e308)
SPECIAL = [0.0, -0.0, -1.0, 5e-324, 2.2250738585072014e-308, 1.0, 1e308, math.inf, math.nan]


@njit(error_model="numpy")
def compiled_log(x):  # type: ignore[no-untyped-def]
    return log(x)


@njit(error_model="numpy")
def compiled_exp(x):  # type: ignore[no-untyped-def]
    return exp(x)


@njit(error_model="numpy")
def compiled_power(x, y):  # type: ignore[no-untyped-def]
    return power(x, y)


def same(x: float, y: float) -> bool:
    return x == y or (math.isnan(x) and math.isnan(y))


@given(magnitudes)
@steady
def test_log_is_within_a_unit_in_the_last_place(x: float) -> None:
    assert log(x) == pytest.approx(math.log(x), rel=2.3e-16, abs=0.0)
    assert compiled_log(x) == log(x)


def test_log_at_special_values() -> None:
    assert log(1.0) == 0.0
    assert log(0.0) == -math.inf
    assert log(math.inf) == math.inf
    assert math.isnan(log(-1.0))
    assert math.isnan(log(math.nan))
    assert all(same(compiled_log(x), log(x)) for x in SPECIAL)


@given(st.floats(-708.0, 709.0))
@steady
def test_exp_is_within_a_unit_in_the_last_place(x: float) -> None:
    assert exp(x) == pytest.approx(math.exp(x), rel=2.3e-16, abs=0.0)
    assert compiled_exp(x) == exp(x)


def test_exp_at_special_values() -> None:
    assert exp(0.0) == 1.0
    assert exp(-709.0) == 0.0
    assert exp(709.1) == math.inf
    assert exp(-math.inf) == 0.0
    assert exp(709.0) == pytest.approx(math.exp(709.0), rel=2.3e-16)
    assert math.isnan(exp(math.nan))
    assert all(same(compiled_exp(x), exp(x)) for x in [*SPECIAL, -708.0, -1e308, 709.78, 710.0])


def test_power_is_exact_at_one_and_zero() -> None:
    assert power(0.1, 1.0) == 0.1
    assert power(0.1, 0.0) == 1.0
    assert power(0.0, 0.0) == 1.0
    assert power(0.0, 0.5) == 0.0
    assert power(9.0, 0.5) == pytest.approx(3.0, rel=1e-15)
    assert power(16.0, 1.25) == pytest.approx(32.0, rel=1e-15)
    assert power(1e200, 2.0) == math.inf
    assert power(math.inf, 0.5) == math.inf
    assert math.isnan(power(math.nan, 0.5))


@given(amounts, exponents)
@steady
def test_power_is_that_of_the_library(x: float, r: float) -> None:
    assert power(x, r) == pytest.approx(x**r, rel=4e-15)
    assert compiled_power(x, r) == power(x, r)


@given(amounts, amounts, exponents)
@steady
def test_power_rises_with_its_base(x: float, y: float, r: float) -> None:
    low, high = sorted((x, y))
    assert 0.0 <= power(low, r) <= power(high, r) * (1.0 + 4e-15)


def test_powers_of_many_have_the_bits_of_powers_of_one() -> None:
    bases, raised = np.linspace(0.0, 7.0, 173), np.linspace(0.0, 2.0, 173)

    @njit(error_model="numpy")
    def many(x, y, out):  # type: ignore[no-untyped-def]
        for i in range(x.size):
            out[i] = power(x[i], y[i])

    found = np.empty(173)
    many(bases, raised, found)
    assert found.tolist() == [power(x, y) for x, y in zip(bases, raised, strict=True)]
