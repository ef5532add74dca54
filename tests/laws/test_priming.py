"""Section 2.6: talk makes an issue salient, denial by a part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import amounts, shares, steady

from sim.laws.priming import primed


def test_primed_known_value() -> None:
    # 1 + .03 (2 + .3 * 4) = 1.096
    assert primed(1.0, 0.03, 2.0, 4.0, 0.3) == pytest.approx(1.096, abs=1e-15)


@given(amounts, amounts, amounts, amounts, shares)
@steady
def test_primed_never_lowers_and_counts_denial_at_most_as_talk(z, chi, said, denied, part) -> None:
    moved = primed(z, chi, said, denied, part)
    assert moved >= z
    assert moved <= primed(z, chi, said, denied, 1.0)
    assert moved >= primed(z, chi, said, 0.0, part)
    assert primed(z, 0.0, said, denied, part) == z
    assert primed(z, chi, 0.0, 0.0, part) == z


@given(amounts, amounts)
@steady
def test_denial_in_full_primes_as_an_attack_does(said, denied) -> None:
    assert primed(0.0, 1.0, said, denied, 1.0) == primed(0.0, 1.0, denied, said, 1.0)
