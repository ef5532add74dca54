"""Equations (2a), what is salient changes the anchor, and (3), parity keeps a part of the gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import ROUNDING, shares, steady, sympathies

from sim.laws.anchor import anchor, bounded_anchor, evened, gap_kept, parity_stage


def test_anchor_known_value() -> None:
    # averaged .415, at rest .43/1.2, .4 of all salience above its rest: V24
    for crowding, u in ((1.0, 0.415), (0.5, 0.4866666666666667), (0.0, 0.5583333333333333)):
        assert anchor(0.415, 0.43 / 1.2, 0.4, crowding) == pytest.approx(u, abs=1e-15)


@given(sympathies, sympathies, shares)
@steady
def test_anchor_is_the_average_where_all_is_crowded_out(averaged, at_rest, excess) -> None:
    """To the bit, also where rounding carried the average past an end."""
    assert anchor(averaged, at_rest, excess, 1.0) == averaged
    assert bounded_anchor(1.0 + 2e-16, 1.0) == 1.0 + 2e-16


@given(sympathies, sympathies, sympathies, shares, shares)
@steady
def test_anchor_falls_by_what_crowding_displaces(at_rest, judged, averaged, excess, c) -> None:
    gap = anchor(averaged, at_rest, excess, 0.0) - anchor(averaged, at_rest, excess, c)
    assert gap == pytest.approx(c * at_rest * excess, abs=ROUNDING)
    assert -1.0 <= bounded_anchor(anchor(averaged, at_rest, excess, 0.5), 0.5) <= 1.0


@pytest.mark.parametrize(("mediation", "stage"), [(0.0, 0.0), (1.0, 0.4), (2.0, 1.0)])
def test_parity_stage_is_zero_theta_one(mediation: float, stage: float) -> None:
    assert parity_stage(mediation, 0.4) == stage


def test_gap_kept_known_value() -> None:
    # h .3, phi .5, m 1, b .8: 1 - .12 = .88; iota .1: 1 - .08 = .92; .88 * .92 = .8096
    assert gap_kept(0.3, 0.5, 1.0, 0.8, 0.1) == pytest.approx(0.8096, abs=1e-15)


@given(shares, shares, shares, shares, shares)
@steady
def test_gap_kept_is_a_share_and_falls_with_every_cause(h, phi, m, b, iota) -> None:
    kept = gap_kept(h, phi, m, b, iota)
    assert 0.0 <= kept <= 1.0
    for more in ((1.0, phi, m, b, iota), (h, 1.0, m, b, iota), (h, phi, 1.0, b, iota),
                 (h, phi, m, 1.0, iota), (h, phi, m, b, 1.0)):  # fmt: skip
        assert gap_kept(*more) <= kept + 1e-15


@given(shares, shares, shares, shares)
@steady
def test_gap_kept_is_whole_without_parity_stage_or_credence(h, phi, b, iota) -> None:
    assert gap_kept(h, phi, 0.0, b, 0.0) == 1.0
    assert gap_kept(h, phi, 1.0, 0.0, iota) == 1.0
    assert gap_kept(0.0, phi, 1.0, b, 0.0) == 1.0


@given(sympathies, sympathies, shares)
@steady
def test_evened_keeps_the_mean_and_scales_the_gap(one, other, kept) -> None:
    mean = (one + other) / 2.0
    u, w = evened(one, mean, kept), evened(other, mean, kept)
    assert (u + w) / 2.0 == pytest.approx(mean, abs=ROUNDING)
    assert u - w == pytest.approx(kept * (one - other), abs=ROUNDING)
    assert evened(one, mean, 1.0) == pytest.approx(one, abs=1e-15)
    assert evened(one, mean, 0.0) == mean
