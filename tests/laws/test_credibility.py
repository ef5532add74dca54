"""Section 2.6: credibility as Beta counts.  V15 is the same through the whole model."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import amounts, positive, shares, steady

from sim.laws.credibility import credibility, observed


def test_credibility_known_values() -> None:
    # V15: 12 kept and 8 broken, then ten more that held, or ten that did not
    assert credibility(22.0, 8.0) == pytest.approx(0.733333, abs=5e-7)
    assert credibility(12.0, 18.0) == 0.4


def test_observed_known_value() -> None:
    assert observed(12.0, 0.5, 3.0) == 13.5


@given(positive, amounts)
@steady
def test_credibility_is_a_share_and_its_complement(kept, broken) -> None:
    c = credibility(kept, broken)
    assert 0.0 <= c <= 1.0
    assert c + credibility(broken, kept) == pytest.approx(1.0, abs=1e-15)


@given(positive, positive, positive)
@steady
def test_credibility_rises_with_what_held(kept, broken, more) -> None:
    assert credibility(kept + more, broken) >= credibility(kept, broken)
    assert credibility(kept, broken + more) <= credibility(kept, broken)


@given(positive, shares, amounts)
@steady
def test_observed_never_forgets(count, attention, effort) -> None:
    assert observed(count, attention, effort) >= count
    assert observed(count, 0.0, effort) == count
