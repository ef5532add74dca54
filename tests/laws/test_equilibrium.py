"""The level that silence keeps, against numpy's solver and against the day's own equation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_values import shares, steady

from sim.laws.equilibrium import (
    ELIMINATED,
    rest_by_elimination,
    rest_by_iteration,
    rest_point,
    starting_sympathy,
)
from sim.laws.sympathy import peer_weight, pull
from sim.world.arrays import Peers
from sim.world.peers import peers_from
from tests.networks import matrix

Case = tuple[np.ndarray, float, Peers, np.ndarray]
Solver = Callable[[np.ndarray, float, Peers, np.ndarray], np.ndarray]
# both ways of solving hold to everything that is asked of a rest point
either = pytest.mark.parametrize("rest_point", [rest_by_elimination, rest_by_iteration])


def rows(weights: list[list[float]]) -> Peers:
    """The sparse rows of a small matrix."""
    return peers_from([dict(enumerate(row)) for row in weights])


@st.composite
def networks(draw: st.DrawFn, lowest_pull: float = 0.01) -> Case:
    """Pulls, peer pull, peers and anchors of 1-6 audiences."""
    count = draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = rng.uniform(0.0, 1.0, (count, count)) * (rng.uniform(size=(count, count)) < 0.7)
    weights[weights.sum(axis=1) == 0.0, 0] = 1.0
    pulls = rng.uniform(lowest_pull, 1.0, count)
    return pulls, draw(shares), rows(weights.tolist()), rng.uniform(-1.0, 1.0, (count, 2))


@either
def test_rest_point_known_value(rest_point: Solver) -> None:
    # V2, in alignment: first claimant's anchors x, second's -x
    pulls = np.array([0.1, 0.05, 0.2])
    peers = rows([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]])
    x = np.array([0.4, 0.0, -0.2])
    found = rest_point(pulls, 0.2, peers, np.stack([x, -x], axis=1))
    expected = np.array([0.138122, 0.034991, -0.049724])
    assert np.abs(found - np.stack([expected, -expected], axis=1)).max() < 5e-7


@either
@given(case=networks())
@steady
def test_rest_point_against_numpy(rest_point: Solver, case: Case) -> None:
    pulls, kappa, peers, anchors = case
    identity = np.eye(len(pulls))
    mixing = (1.0 - kappa) * identity + kappa * matrix(peers)
    left = identity - (1.0 - pulls)[:, None] * mixing
    expected = np.linalg.solve(left, pulls[:, None] * anchors)
    assert np.abs(rest_point(pulls, kappa, peers, anchors) - expected).max() < 1e-11


@either
@given(case=networks())
@steady
def test_rest_point_stays_put_under_a_silent_day(rest_point: Solver, case: Case) -> None:
    pulls, kappa, peers, anchors = case
    s, weights = rest_point(pulls, kappa, peers, anchors), matrix(peers)
    for a in range(len(pulls)):
        for k in (0, 1):
            moved = pull(pulls[a], 1.0, anchors[a, k], s[a, k])
            for b in range(len(pulls)):
                weight = peer_weight(pulls[a], 0.0, kappa) * weights[a, b]
                moved += pull(weight, 1.0, s[b, k], s[a, k])
            assert moved == pytest.approx(0.0, abs=1e-14)


@either
@given(case=networks())
@steady
def test_rest_point_lies_in_the_hull_of_anchors(rest_point: Solver, case: Case) -> None:
    pulls, kappa, peers, anchors = case
    s = rest_point(pulls, kappa, peers, anchors)
    assert (s <= anchors.max(axis=0) + 1e-12).all()
    assert (s >= anchors.min(axis=0) - 1e-12).all()
    alone = rest_point(pulls, 0.0, peers, anchors)
    assert np.abs(alone - anchors).max() < 1e-12


@either
@given(case=networks())
@steady
def test_rest_point_exchanges_claimants_to_the_bit_and_changes_no_input(
    rest_point: Solver, case: Case
) -> None:
    pulls, kappa, peers, anchors = case
    before = [part.copy() for part in (pulls, *peers, anchors)]
    s = rest_point(pulls, kappa, peers, anchors)
    turned = rest_point(pulls, kappa, peers, anchors[:, ::-1].copy())
    assert (turned == s[:, ::-1]).all()
    assert (rest_point(pulls, kappa, peers, -anchors) == -s).all()
    alone = rest_point(pulls, kappa, peers, anchors[:, :1].copy())
    assert (alone[:, 0] == s[:, 0]).all()  # whatever is felt toward the rival
    for part, kept in zip((pulls, *peers, anchors), before, strict=True):
        assert (part == kept).all()


@either
@given(case=networks(), which=st.integers(0, 5))
@steady
def test_rest_point_keeps_a_row_without_pull(rest_point: Solver, case: Case, which: int) -> None:
    """It stays where it is given, and the others settle around it."""
    pulls, kappa, peers, anchors = case
    held = which % len(pulls)
    pulls[held] = 0.0
    s = rest_point(pulls, kappa, peers, anchors)
    assert (s[held] == anchors[held]).all()
    fixed = pulls.copy()
    fixed[held] = 1.0  # as if wholly anchored there
    assert np.abs(rest_point(fixed, kappa, peers, anchors) - s).max() < 1e-12


def scattered(count: int, heard: int, seed: int) -> Case:
    """Audiences that each listen to others anywhere; one of them never moves."""
    rng = np.random.default_rng(seed)
    peers = peers_from([
        {int(b): float(rng.uniform(0.1, 1.0)) for b in rng.choice(count, heard, replace=False)}
        for _ in range(count)
    ])  # fmt: skip
    pulls = rng.uniform(0.03, 0.3, count)
    pulls[seed % count] = 0.0
    return pulls, float(rng.uniform()), peers, rng.uniform(-1.0, 1.0, (count, 2))


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_to_the_rest_point_agree(seed: int) -> None:
    # iteration stops within 2^-52 c/(1 - c) < 1e-14 of the end, c < 0.97
    case = scattered(40, 1 + 3 * seed, seed)
    assert np.abs(rest_by_elimination(*case) - rest_by_iteration(*case)).max() < 1e-13


def test_large_networks_are_iterated_and_small_ones_eliminated() -> None:
    small, large = scattered(ELIMINATED, 3, 1), scattered(ELIMINATED + 1, 3, 1)
    for case, chosen, other in (
        (small, rest_by_elimination, rest_by_iteration),
        (large, rest_by_iteration, rest_by_elimination),
    ):
        assert (rest_point(*case) == chosen(*case)).all()
        assert (rest_point(*case) != other(*case)).any()  # or the choice would not show


@pytest.mark.parametrize("pull_here", [0.004, 1e-9])
def test_iteration_reaches_the_rest_point_or_says_nan(pull_here: float) -> None:
    """All weight on peers: at 0.004 the sweeps suffice, a far weaker pull is not passed over."""
    peers = rows([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    case = np.full(3, pull_here), 1.0, peers, np.array([[0.9, 0.0], [-0.3, 0.0], [0.2, 0.0]])
    found = rest_by_iteration(*case)
    if pull_here == 0.004:
        # what rounding leaves of a move, over 1 - c = 0.004
        assert np.abs(found - rest_by_elimination(*case)).max() < 1e-13
    else:
        assert np.isnan(found[:, 0]).all()
    assert (found[:, 1] == 0.0).all()  # the other claimant is not drawn in


def test_starting_sympathy_known_values() -> None:
    # one audience alone: u = (1 * .4 + .5 * -.2 + .5 * .6)/2 = .3, and 0 for the rival
    resting = np.array([[1.0, 0.5, 0.5]])
    judgements = np.array([[[0.4, 0.0], [-0.2, 0.3], [0.6, -0.3]]])
    nothing = np.full((1, 2), np.nan)
    alone = rows([[1.0]])
    found = starting_sympathy(np.array([0.07]), 0.01, alone, resting, judgements, nothing)
    assert np.abs(found - [[0.3, 0.0]]).max() < 1e-15
    given_it = np.array([[0.9, -0.9]])
    for pull_here in (0.07, 0.0):
        kept = starting_sympathy(np.array([pull_here]), 0.01, alone, resting, judgements, given_it)
        assert (kept == given_it).all()


def test_starting_sympathy_settles_others_around_one_without_pull() -> None:
    """A held at .8 without a pull; B, pulled to 0 by .5 and to A by .5 * .4: s = .2 * .8/.7."""
    peers = rows([[1.0, 0.0], [1.0, 0.0]])
    found = starting_sympathy(
        np.array([0.0, 0.5]), 0.4, peers, np.ones((2, 1)), np.zeros((2, 1, 2)),
        np.array([[0.8, -0.8], [np.nan, np.nan]]),
    )  # fmt: skip
    assert found[1] == pytest.approx([0.16 / 0.7, -0.16 / 0.7], abs=1e-15)
    assert found[0].tolist() == [0.8, -0.8]
