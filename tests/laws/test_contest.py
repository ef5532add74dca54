"""Equation (4): Tullock shares with a draw."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from law_values import amounts, positive, steady

from sim.laws.contest import contest_share, share_unit
from sim.laws.elementary import power

exponents = st.floats(0.1, 3.0)


def test_contest_share_known_values() -> None:
    assert contest_share(2.0, 1.0, 1.0, 1.0) == 0.5
    assert contest_share(3.0, 1.0, 0.0, 2.0) == pytest.approx(0.9, rel=1e-15)
    # r = 2: 4/(4 + 1 + 9)
    assert contest_share(2.0, 1.0, 3.0, 2.0) == pytest.approx(4 / 14, rel=1e-15)


@given(exponents)
@steady
def test_contest_share_is_zero_where_nothing_is_said_and_no_draw(r: float) -> None:
    assert contest_share(0.0, 0.0, 0.0, r) == 0.0


@given(amounts, amounts, amounts, exponents)
@steady
def test_contest_shares_and_the_draw_fill_the_whole(mine, other, draw, r) -> None:
    assume(mine + other + draw > 1e-3)
    shares = [
        contest_share(mine, other, draw, r),
        contest_share(other, mine, draw, r),
        contest_share(draw, mine, other, r),
    ]
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert sum(shares) == pytest.approx(1.0, abs=1e-14)


@given(amounts, amounts, amounts, exponents)
@steady
def test_powers_times_the_unit_are_the_contest_shares(mine, other, draw, r) -> None:
    own, rival = power(mine, r), power(other, r)
    unit = share_unit(own, rival, power(draw, r))
    assert own * unit == contest_share(mine, other, draw, r)
    assert rival * unit == contest_share(other, mine, draw, r)
    assert share_unit(0.0, 0.0, 0.0) == 0.0


@given(positive, amounts, amounts, exponents, st.floats(1.01, 3.0))
@steady
def test_contest_share_rises_with_mine_and_falls_with_the_rest(mine, other, draw, r, more) -> None:
    share = contest_share(mine, other, draw, r)
    assert contest_share(mine * more, other, draw, r) >= share
    assert contest_share(mine, other * more, draw, r) <= share
    assert contest_share(mine, other, draw * more, r) <= share


@given(positive, positive, amounts, exponents)
@steady
def test_contest_share_does_not_know_units(mine, other, draw, r) -> None:
    assert contest_share(4.0 * mine, 4.0 * other, 4.0 * draw, r) == pytest.approx(
        contest_share(mine, other, draw, r), rel=1e-13
    )


@given(positive, exponents)
@steady
def test_contest_share_alone_takes_all(mine: float, r: float) -> None:
    assert 1.0 - 2.0**-53 <= contest_share(mine, 0.0, 0.0, r) <= 1.0
