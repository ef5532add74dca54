"""Kendall's tau-b by hand and beside SciPy's, its resamples, and the share at random."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from sim.estimators.rank_agreement import (
    leave_one_out,
    mean_of_known,
    quantiles_of_known,
    resample,
    share_at_random,
    tau_b,
)

CLOSE = 1e-12  # sums of whole numbers over a square root: the last digits alone may differ


def tied(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.integers(-2, 3, shape).astype(float)


def test_tau_b_by_hand():
    """Of six pairs one is tied in the codes; the other five are ordered alike: 5 / sqrt(6 * 5)."""
    x, codes = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 0.0, 1.0, 2.0])
    assert tau_b(x, codes) == pytest.approx(5 / math.sqrt(30), abs=CLOSE)
    assert tau_b(-x, codes) == pytest.approx(-5 / math.sqrt(30), abs=CLOSE)
    # the first two exchanged: tied in the codes, so nothing is lost
    assert tau_b(x[[1, 0, 2, 3]], codes) == tau_b(x, codes)
    # the last two exchanged: four pairs alike, one not
    assert tau_b(x[[0, 1, 3, 2]], codes) == pytest.approx(3 / math.sqrt(30), abs=CLOSE)


def test_same_order_without_ties_is_one_and_no_order_is_not_a_number():
    x = np.array([0.3, -0.1, 0.7, 0.2])
    assert tau_b(x, np.argsort(np.argsort(x)).astype(float)) == 1.0
    assert math.isnan(tau_b(x, np.zeros(4)))
    assert math.isnan(tau_b(np.zeros(4), x))


def test_what_differs_by_rounding_alone_is_tied():
    """Three equal but for the last bit, one above: the three pairs with it are all that count."""
    x, codes = np.array([0.1 + 0.2, 0.3, 0.3, 0.5]), np.array([0.0, 1.0, 2.0, 3.0])
    assert x[0] != x[1]
    assert tau_b(x, codes) == pytest.approx(3 / math.sqrt(3 * 6), abs=CLOSE)
    assert math.isnan(tau_b(1e-15 * codes, codes))


def test_tau_b_is_scipys_with_ties_and_weights():
    generator, met = np.random.default_rng(3), 0
    for _ in range(60):
        x, codes = tied(generator, 9), tied(generator, 9)
        weights = generator.integers(0, 4, 9)
        several = [np.repeat(values, weights) for values in (x, codes)]
        for own, given, counted in ((x, codes, None), (*several, weights)):
            expected = kendalltau(own, given).statistic
            found = tau_b(x, codes, None if counted is None else counted.astype(float))
            assert np.isnan(found) == np.isnan(expected)
            if not np.isnan(expected):
                met += 1
                assert found == pytest.approx(expected, abs=CLOSE)
    assert met > 100


def test_leaving_one_out_is_the_mean_over_runs_of_the_others():
    generator = np.random.default_rng(5)
    x, codes = generator.normal(size=(4, 6)), tied(generator, 6)
    for a, found in enumerate(leave_one_out(x, codes)):
        kept = np.arange(6) != a
        each = [kendalltau(run[kept], codes[kept]).statistic for run in x]
        assert found == pytest.approx(np.mean(each), abs=CLOSE)


def test_resamples_are_paired_and_the_same_whatever_fits_at_a_time(monkeypatch):
    generator = np.random.default_rng(6)
    x, codes = generator.normal(size=(3, 5, 8)), tied(generator, 8)
    x[1] = x[0]
    whole = resample(x, codes, seed=4, count=50)
    assert whole.shape == (3, 50)
    np.testing.assert_array_equal(whole[0], whole[1])
    assert (whole[0] != whole[2]).any()
    assert np.nanstd(whole[0]) > 0.05
    monkeypatch.setattr("sim.estimators.rank_agreement.CELLS", 200)
    np.testing.assert_array_equal(resample(x, codes, seed=4, count=50), whole)


def test_a_resample_is_tau_b_of_objects_and_a_run_drawn_anew():
    """Of one object drawn four times nothing is ordered; of all values one of each is met."""
    x, codes = np.array([[[1.0, 2.0, 3.0]], [[3.0, 2.0, 1.0]]]), np.array([0.0, 1.0, 2.0])
    found = resample(x, codes, seed=1, count=200)
    np.testing.assert_array_equal(found[0], -found[1])
    assert set(np.unique(found[0][~np.isnan(found[0])])) == {1.0}
    # three draws of three all fall on one object in 1 of 9 resamples; 200 of them: sd .022
    assert np.isnan(found[0]).mean() == pytest.approx(1 / 9, abs=0.07)


def test_resamples_draw_runs_too():
    """Half of the runs order one way, half the other; so do about half of the resamples."""
    rising = np.array([1.0, 2.0, 3.0, 4.0])
    x = np.stack([rising, -rising, rising, -rising])[None]
    found = resample(x, rising, seed=1, count=200)[0]
    known = found[~np.isnan(found)]
    assert set(np.unique(known)) == {-1.0, 1.0}
    assert (known > 0.0).mean() == pytest.approx(0.5, abs=0.11)  # three standard errors


def test_share_at_random_of_the_only_best_order():
    """Four different codes in the order of the values: one of 24 orders reaches it."""
    x, codes = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([-2.0, -1.0, 0.0, 2.0])
    best = share_at_random(x, codes, seed=2, count=1999)
    assert best == pytest.approx(1 / 24, abs=0.014)  # three standard errors
    assert share_at_random(-x, codes, seed=2, count=1999) == 1.0
    assert math.isnan(share_at_random(np.zeros((2, 4)), codes, seed=2))


def test_share_at_random_judges_the_mean_over_runs():
    """Runs that order oppositely agree with no order, so every order does as well."""
    x, codes = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]), np.array([0.0, 1.0, 2.0])
    assert share_at_random(x, codes, seed=2, count=99) == 1.0


def test_values_that_are_not_known_are_passed_over():
    values = np.array([np.nan, 1.0, 3.0])
    assert mean_of_known(values) == 2.0
    assert quantiles_of_known(values, 0.0, 1.0) == [1.0, 3.0]
    assert math.isnan(mean_of_known(values[:1]))
    assert np.isnan(quantiles_of_known(values[:1], 0.5)).all()
