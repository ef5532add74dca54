"""Equation (6): tension and incidents as one Hawkes process."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_values import ROUNDING, amounts, positive, shares, signed, steady

from sim.laws.tension import incident_rate, new_tension


def test_incident_rate_known_value() -> None:
    # slope .4 (1 - .9)/.2 = .2: .05 + .2 * 3 = .65
    assert incident_rate(0.05, 0.4, 0.9, 0.2, 3.0) == pytest.approx(0.65, abs=1e-15)
    assert incident_rate(0.05, 0.4, 0.9, 0.0, 3.0) == 0.05


def test_new_tension_known_value() -> None:
    # .9 * .95 * 2 - .5 + .3 * 2 = 1.81
    assert new_tension(2.0, 0.9, 0.05, -0.5, 0.3, 2.0) == pytest.approx(1.81, abs=1e-15)
    assert new_tension(2.0, 0.9, 0.0, -5.0, 0.3, 2.0) == 0.0


@given(amounts, shares, shares, positive, amounts)
@steady
def test_incident_rate_rises_with_tension_from_its_base(base, n, kept, jump, tension) -> None:
    rate = incident_rate(base, n, kept, jump, tension)
    assert rate >= base
    assert incident_rate(base, n, kept, jump, tension + 1.0) >= rate
    assert incident_rate(base, n, kept, jump, 0.0) == base
    assert incident_rate(base, 0.0, kept, jump, tension) == base


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("n", [0.0, 0.4, 0.9])
def test_an_incident_sets_off_n_more(n: float, kept: float) -> None:
    """Its tension J decays by rho; the extra rates sum to beta J/(1 - rho) = n."""
    tension, total = 0.3, 0.0
    for _ in range(5000):
        total += incident_rate(0.05, n, kept, 0.3, tension) - 0.05
        tension = new_tension(tension, kept, 0.0, 0.0, 0.3, 0.0)
    assert total == pytest.approx(n, abs=1e-10)


@given(amounts, shares, shares, signed, amounts, amounts)
@steady
def test_new_tension_is_never_negative_and_calming_never_raises_it(t, rho, mu, d, j, n) -> None:
    moved = new_tension(t, rho, mu, d, j, n)
    assert moved >= 0.0
    assert moved <= new_tension(t, rho, 0.0, d, j, n) + ROUNDING
    assert moved <= new_tension(t, rho, mu, d + 1.0, j, n)
    assert moved <= new_tension(t, rho, mu, d, j, n + 1.0)
    assert new_tension(t, rho, 1.0, 0.0, 0.0, n) == 0.0
