"""Equation (5) in increment form."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import shares, steady, sympathies

from sim.laws.sympathy import clipped, message_pull, peer_weight, pull


def test_pull_known_value() -> None:
    # .1 * .5 * (1 - .2) = .04
    assert pull(0.1, 0.5, 1.0, 0.2) == pytest.approx(0.04, abs=1e-15)


def test_weights_known_values() -> None:
    assert message_pull(0.5, 0.04, 0.25) == 0.005
    # (1 - .1)(1 - .2) .05 = .036
    assert peer_weight(0.1, 0.2, 0.05) == pytest.approx(0.036, abs=1e-15)


@given(shares, shares, sympathies, sympathies)
@steady
def test_pull_moves_toward_its_source_and_not_past_it(weight, kernel, source, s) -> None:
    moved = s + pull(weight, kernel, source, s)
    assert min(s, source) - 1e-15 <= moved <= max(s, source) + 1e-15
    assert pull(weight, kernel, s, s) == 0.0
    assert pull(weight, -kernel, source, s) == -pull(weight, kernel, source, s)


@given(shares, shares, shares, shares, shares, shares, *[sympathies] * 3)
@steady
def test_increments_add_up_to_the_convex_form(alpha, kappa, bar, att, plus, split, u, peer, s):
    """s' of (5) as written, alpha u + (1 - alpha)[...], from the increments."""
    for_it = message_pull(att, bar, plus * split)
    against = message_pull(att, bar, plus * (1.0 - split))
    listening = peer_weight(alpha, for_it + against, kappa)
    left = 1.0 - alpha
    moved = s + pull(alpha, 1.0, u, s) + pull(listening, 1.0, peer, s)
    moved += pull(left * for_it, 1.0, 1.0, s) + pull(left * against, 1.0, -1.0, s)
    middle = (1.0 - kappa) * s + kappa * peer
    whole = alpha * u + left * ((1.0 - for_it - against) * middle + for_it - against)
    assert moved == pytest.approx(whole, abs=1e-14)
    assert -1.0 - 1e-14 <= moved <= 1.0 + 1e-14


@pytest.mark.parametrize(("s", "kept"), [(1.01, 1.0), (7.0, 1.0), (0.3, 0.3), (1.0, 1.0)])
def test_clipped_known_values(s: float, kept: float) -> None:
    assert clipped(s) == kept
    assert clipped(-s) == -kept
