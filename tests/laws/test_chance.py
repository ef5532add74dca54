"""Section 5 and 3: inversion of the normal and Poisson laws, and the two-piece triangle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_values import steady
from scipy import stats
from scipy.special import ndtri

from sim.laws.chance import (
    central_normal,
    is_central,
    poisson_count,
    standard_normal,
    two_piece_triangular,
)

# where the approximation changes its piece: |u - 1/2| = .425, and sqrt(-log u) = 5
SEAMS = [0.075, 0.925, math.exp(-25.0)]
open_unit = st.floats(2.0**-54, 1.0 - 2.0**-53, exclude_min=False)


@pytest.mark.parametrize(
    "u",
    [0.5, 0.975, 0.025, 1e-3, 2.0**-54, 1.0 - 2.0**-53, 1e-20, 1e-100, 1e-300]
    + [np.nextafter(seam, end) for seam in SEAMS for end in (0.0, 1.0)]
    + SEAMS,
)
def test_standard_normal_against_scipy(u: float) -> None:
    assert standard_normal(float(u)) == pytest.approx(float(ndtri(u)), rel=1e-14, abs=1e-300)


def test_standard_normal_against_scipy_on_a_grid() -> None:
    u = np.concatenate([np.linspace(0.0, 1.0, 20001)[1:-1], np.logspace(-300, -1, 3000)])
    found = np.array([standard_normal(float(x)) for x in u])
    expected = stats.norm.ppf(u)
    middle = u == 0.5
    assert (found[middle] == 0.0).all()
    assert np.abs(found[~middle] / expected[~middle] - 1.0).max() < 1e-14


@given(open_unit)
@steady
def test_central_normal_is_the_same_law_in_its_middle(u: float) -> None:
    if is_central(u):
        assert central_normal(u) == standard_normal(u)
    assert is_central(u) == (abs(u - 0.5) <= 0.425)


@given(open_unit)
@steady
def test_standard_normal_is_odd_about_one_half(u: float) -> None:
    if 1.0 - (1.0 - u) == u:  # both are exact floats
        assert standard_normal(1.0 - u) == -standard_normal(u)


@given(open_unit, open_unit)
@steady
def test_standard_normal_rises(u: float, w: float) -> None:
    low, high = sorted((u, w))
    assert standard_normal(low) <= standard_normal(high) + 1e-14 * abs(standard_normal(high))


def test_poisson_count_known_values() -> None:
    # mean 1: F(0) = .3679, F(1) = .7358, F(2) = .9197
    at = {0.36: 0, 0.37: 1, 0.73: 1, 0.74: 2, 0.91: 2, 0.92: 3}
    assert {u: poisson_count(u, 1.0) for u in at} == at
    assert poisson_count(0.999999, 0.0) == 0.0


@given(open_unit, st.floats(0.0, 200.0, allow_subnormal=False))
@steady
def test_poisson_count_is_the_least_n_that_reaches_u(u: float, mean: float) -> None:
    n = poisson_count(u, mean)
    assert n == int(n)
    expected = stats.poisson.ppf(u, mean) if mean > 0.0 else 0.0
    if n != expected:  # u lies on a step of F, within rounding of the sum
        edge = stats.poisson.cdf(min(n, expected), mean)
        assert abs(n - expected) == 1.0 or u > 1.0 - 1e-13
        assert edge == pytest.approx(u, abs=1e-13)


def test_poisson_count_against_scipy_on_a_grid() -> None:
    for mean in (0.005, 0.05, 0.3, 1.0, 5.0, 40.0):
        u = (np.arange(2000) + 0.37) / 2000
        found = [poisson_count(float(x), mean) for x in u]
        assert found == stats.poisson.ppf(u, mean).tolist()


@given(open_unit, open_unit, st.floats(0.0, 50.0, allow_subnormal=False))
@steady
def test_poisson_count_rises_with_u(u: float, w: float, mean: float) -> None:
    low, high = sorted((u, w))
    assert poisson_count(low, mean) <= poisson_count(high, mean)


def test_poisson_count_ends_at_the_last_uniform() -> None:
    """The sum of probabilities may round to just below u; the search still ends."""
    for mean in (1e-12, 0.1, 3.0, 50.0, 300.0):
        assert poisson_count(1.0 - 2.0**-54, mean) < mean + 40.0 * math.sqrt(mean) + 200.0


def test_two_piece_triangular_known_values() -> None:
    # below: 0 + 1 sqrt(2/8) = .5; above: 4 - 3 sqrt(2/8) = 2.5
    assert two_piece_triangular(0.125, 0.0, 1.0, 4.0) == 0.5
    assert two_piece_triangular(0.875, 0.0, 1.0, 4.0) == 2.5
    assert two_piece_triangular(0.0, 0.0, 1.0, 4.0) == 0.0
    assert two_piece_triangular(0.5, 0.0, 1.0, 4.0) == 1.0
    assert two_piece_triangular(1.0, 0.0, 1.0, 4.0) == 4.0


corners = st.tuples(*[st.floats(-10.0, 10.0, allow_subnormal=False)] * 3).map(sorted)


@given(corners, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@steady
def test_two_piece_triangular_rises_within_its_ends(abc, u: float, w: float) -> None:
    low, median, high = abc
    one, other = (two_piece_triangular(x, low, median, high) for x in sorted((u, w)))
    assert low - 1e-14 <= one <= other + 1e-14 <= high + 2e-14


@given(corners)
@steady
def test_two_piece_triangular_has_its_median_in_the_middle(abc) -> None:
    low, median, high = abc
    just_below = float(np.nextafter(0.5, 0.0))
    for u in (just_below, 0.5):
        assert two_piece_triangular(u, low, median, high) == pytest.approx(median, abs=1e-13)
