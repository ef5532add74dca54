"""Section 2.6: credence follows what is asserted and denied, and inquiries."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import shares, steady

from sim.laws.credence import moved_credence, verified


def test_moved_credence_known_value() -> None:
    # .4 + .05 * .8 * (.5 * .6 - .25 * .4) = .4 + .04 * .2 = .408
    assert moved_credence(0.4, 0.05, 0.8, 0.5, 0.25) == pytest.approx(0.408, abs=1e-15)


@given(shares, shares, shares, shares, shares)
@steady
def test_moved_credence_stays_a_credence(b, rate, attention, said, split) -> None:
    asserted, denied = said * split, said * (1.0 - split)  # contest shares sum to at most 1
    moved = moved_credence(b, rate, attention, asserted, denied)
    assert -1e-15 <= moved <= 1.0 + 1e-15


@given(shares, shares, shares, shares, shares)
@steady
def test_moved_credence_rises_with_assertion_and_falls_with_denial(b, rate, att, s, r) -> None:
    moved = moved_credence(b, rate, att, s, r)
    assert moved_credence(b, rate, att, 1.0, r) >= moved - 1e-15
    assert moved_credence(b, rate, att, s, 1.0) <= moved + 1e-15


@given(shares, shares, shares, shares)
@steady
def test_moved_credence_does_not_move_without_rate_attention_or_talk(b, rate, att, s) -> None:
    assert moved_credence(b, 0.0, att, s, s) == b
    assert moved_credence(b, rate, 0.0, s, s) == b
    assert moved_credence(b, rate, att, 0.0, 0.0) == b


@given(shares, shares, shares)
@steady
def test_denied_belief_mirrors_asserted_disbelief(b, s, r) -> None:
    """Credence in a claim and in its opposite (1 - b, roles exchanged) move alike."""
    moved = moved_credence(b, 0.3, 0.7, s, r)
    opposite = moved_credence(1.0 - b, 0.3, 0.7, r, s)
    assert moved + opposite == pytest.approx(1.0, abs=1e-15)


@given(shares, shares, shares)
@steady
def test_verified_lies_between_value_and_finding(value, finding, weight) -> None:
    moved = verified(value, finding, weight)
    assert min(value, finding) - 1e-15 <= moved <= max(value, finding) + 1e-15
    assert verified(value, finding, 0.0) == value
    assert verified(value, finding, 1.0) == pytest.approx(finding, abs=1e-15)


def test_verified_known_value() -> None:
    assert verified(0.5, 0.9, 0.25) == pytest.approx(0.6, abs=1e-15)
