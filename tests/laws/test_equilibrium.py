"""The level that silence keeps, against numpy's solver and against the day's own equation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_values import shares, steady

from sim.laws.equilibrium import rest_point, starting_sympathy
from sim.laws.sympathy import peer_weight, pull

Case = tuple[np.ndarray, float, np.ndarray, np.ndarray]


@st.composite
def networks(draw: st.DrawFn, lowest_pull: float = 0.01) -> Case:
    """Pulls, peer pull, row-normalised weights and anchors of 1-6 audiences."""
    count = draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = rng.uniform(0.0, 1.0, (count, count)) * (rng.uniform(size=(count, count)) < 0.7)
    weights[weights.sum(axis=1) == 0.0, 0] = 1.0
    weights /= weights.sum(axis=1, keepdims=True)
    pulls = rng.uniform(lowest_pull, 1.0, count)
    return pulls, draw(shares), weights, rng.uniform(-1.0, 1.0, (count, 2))


def test_rest_point_known_value() -> None:
    # V2, in alignment: first claimant's anchors x, second's -x
    pulls = np.array([0.1, 0.05, 0.2])
    weights = np.array([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]])
    x = np.array([0.4, 0.0, -0.2])
    found = rest_point(pulls, 0.2, weights, np.stack([x, -x], axis=1))
    expected = np.array([0.138122, 0.034991, -0.049724])
    assert np.abs(found - np.stack([expected, -expected], axis=1)).max() < 5e-7


@given(networks())
@steady
def test_rest_point_against_numpy(case: Case) -> None:
    pulls, kappa, weights, anchors = case
    identity = np.eye(len(pulls))
    mixing = (1.0 - kappa) * identity + kappa * weights
    matrix = identity - (1.0 - pulls)[:, None] * mixing
    expected = np.linalg.solve(matrix, pulls[:, None] * anchors)
    assert np.abs(rest_point(pulls, kappa, weights, anchors) - expected).max() < 1e-11


@given(networks())
@steady
def test_rest_point_stays_put_under_a_silent_day(case: Case) -> None:
    pulls, kappa, weights, anchors = case
    s = rest_point(pulls, kappa, weights, anchors)
    for a in range(len(pulls)):
        for k in (0, 1):
            moved = pull(pulls[a], 1.0, anchors[a, k], s[a, k])
            for b in range(len(pulls)):
                weight = peer_weight(pulls[a], 0.0, kappa) * weights[a, b]
                moved += pull(weight, 1.0, s[b, k], s[a, k])
            assert moved == pytest.approx(0.0, abs=1e-14)


@given(networks())
@steady
def test_rest_point_lies_in_the_hull_of_anchors(case: Case) -> None:
    pulls, kappa, weights, anchors = case
    s = rest_point(pulls, kappa, weights, anchors)
    assert (s <= anchors.max(axis=0) + 1e-12).all()
    assert (s >= anchors.min(axis=0) - 1e-12).all()
    alone = rest_point(pulls, 0.0, weights, anchors)
    assert np.abs(alone - anchors).max() < 1e-12


@given(networks())
@steady
def test_rest_point_exchanges_claimants_to_the_bit_and_changes_no_input(case: Case) -> None:
    pulls, kappa, weights, anchors = case
    before = [part.copy() for part in (pulls, weights, anchors)]
    s = rest_point(pulls, kappa, weights, anchors)
    turned = rest_point(pulls, kappa, weights, anchors[:, ::-1].copy())
    assert (turned == s[:, ::-1]).all()
    for part, kept in zip((pulls, weights, anchors), before, strict=True):
        assert (part == kept).all()


@given(networks(), st.integers(0, 5))
@steady
def test_rest_point_keeps_a_row_without_pull(case: Case, which: int) -> None:
    """It stays where it is given, and the others settle around it."""
    pulls, kappa, weights, anchors = case
    held = which % len(pulls)
    pulls[held] = 0.0
    s = rest_point(pulls, kappa, weights, anchors)
    assert (s[held] == anchors[held]).all()
    fixed = pulls.copy()
    fixed[held] = 1.0  # as if wholly anchored there
    assert np.abs(rest_point(fixed, kappa, weights, anchors) - s).max() < 1e-12


def test_starting_sympathy_known_values() -> None:
    # one audience alone: u = (1 * .4 + .5 * -.2 + .5 * .6)/2 = .3, and 0 for the rival
    resting = np.array([[1.0, 0.5, 0.5]])
    judgements = np.array([[[0.4, 0.0], [-0.2, 0.3], [0.6, -0.3]]])
    nothing = np.full((1, 2), np.nan)
    alone = np.array([[1.0]])
    found = starting_sympathy(np.array([0.07]), 0.01, alone, resting, judgements, nothing)
    assert np.abs(found - [[0.3, 0.0]]).max() < 1e-15
    given_it = np.array([[0.9, -0.9]])
    for pull_here in (0.07, 0.0):
        kept = starting_sympathy(np.array([pull_here]), 0.01, alone, resting, judgements, given_it)
        assert (kept == given_it).all()


def test_starting_sympathy_settles_others_around_one_without_pull() -> None:
    """A held at .8 without a pull; B, pulled to 0 by .5 and to A by .5 * .4: s = .2 * .8/.7."""
    weights = np.array([[1.0, 0.0], [1.0, 0.0]])
    found = starting_sympathy(
        np.array([0.0, 0.5]), 0.4, weights, np.ones((2, 1)), np.zeros((2, 1, 2)),
        np.array([[0.8, -0.8], [np.nan, np.nan]]),
    )  # fmt: skip
    assert found[1] == pytest.approx([0.16 / 0.7, -0.16 / 0.7], abs=1e-15)
    assert found[0].tolist() == [0.8, -0.8]
