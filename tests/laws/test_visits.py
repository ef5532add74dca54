"""Where teams go by weights, and what a visit gains: answers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.laws import equilibrium
from sim.laws.equilibrium import network_values
from sim.laws.visits import best_place, push, sampled_place, visit_gain


def test_push_is_the_messages_part_of_the_day() -> None:
    """Shares 1/4 each of weight .1; s = .2 has .8 to go up and 1.2 down; peers would move .1."""
    assert push(1.0, 0.1, 1.0, 1.0, 2.0, 0.8, -1.2, 0.0) == pytest.approx(-0.01, abs=1e-15)
    assert push(1.0, 0.1, 1.0, 1.0, 2.0, 0.8, -1.2, 0.1) == pytest.approx(-0.015, abs=1e-15)
    assert push(0.5, 0.1, 1.0, 0.0, 0.0, 0.8, -1.2, 0.0) == pytest.approx(0.04, abs=1e-15)
    assert push(1.0, 0.1, 0.0, 0.0, 0.0, 0.8, -1.2, 0.1) == 0.0


def test_gain_is_half_of_what_parts_the_two_sides() -> None:
    assert visit_gain(0.5, 0.2, 0.03, -0.01) == pytest.approx(0.008, abs=1e-15)
    assert visit_gain(0.5, 0.2, -0.01, 0.03) == pytest.approx(-0.008, abs=1e-15)
    assert visit_gain(0.5, 0.2, 1e-14, 0.0) == 0.0  # rounding


@pytest.mark.parametrize(
    ("weights", "there", "place"),
    [
        ((1.0, 3.0, 2.0), (0, 0, 0), 1),
        ((1.0, 3.0, 2.0), (0, 1, 0), 2),  # 1, 1.5, 2
        ((1.0, 3.0, 2.0), (0, 2, 1), 0),  # 1, 1, 1: the first
        ((0.0, 0.0, 0.0), (1, 0, 0), 1),  # all equal: 1/2, 1, 1
        ((-1.0, -3.0, 0.0), (1, 1, 0), 2),  # negative ones count as 0, so all are equal
        ((-1.0, 1e-9, 0.0), (0, 5, 0), 1),
        ((1.0, 1.0 + 1e-12, 1.0), (0, 0, 0), 0),  # equal but for rounding
        ((1.0, 1.0 + 1e-8, 1.0), (0, 0, 0), 1),
    ],
)
def test_team_takes_the_largest_weight_for_each_team(
    weights: tuple[float, ...], there: tuple[int, ...], place: int
) -> None:
    assert best_place(np.array(weights), np.array(there, dtype=float)) == place


@pytest.mark.parametrize(
    ("weights", "uniform", "place"),
    [
        ((1.0, 3.0, 0.0, 4.0), 0.12, 0),
        ((1.0, 3.0, 0.0, 4.0), 0.13, 1),
        ((1.0, 3.0, 0.0, 4.0), 0.499, 1),
        ((1.0, 3.0, 0.0, 4.0), 0.5, 3),
        ((1.0, 3.0, 0.0, 4.0), 1.0 - 2.0**-54, 3),
        ((0.0, -1.0, 0.0, 0.0), 0.6, 2),  # none above 0: all equal
        ((-5.0, 1.0, 0.0, 0.0), 0.01, 1),
    ],
)
def test_sampled_place_is_where_summed_weights_pass_the_draw(
    weights: tuple[float, ...], uniform: float, place: int
) -> None:
    assert sampled_place(np.array(weights), uniform) == place


def b_net_values(omega: float = 0.1, pulls: tuple[float, ...] = (0.1, 0.05, 0.2)):
    """V on the B-net: W = [[0, .5, .5], [.5, 0, .5], [1, 0, 0]], kappa .2, v (.5, .3, .2)."""
    peers = (
        np.array([0, 2, 4, 5]),
        np.array([1, 2, 0, 2, 0]),
        np.array([0.5, 0.5, 0.5, 0.5, 1.0]),
    )
    values = np.full(3, np.nan)
    room = np.full((3, 3), np.nan), np.full(3, np.nan)
    importance = np.array([0.5, 0.3, 0.2])
    network_values(np.array(pulls), np.full(3, omega), 0.2, peers, importance, *room, values)
    return values


def test_network_values_are_those_of_the_equilibrium() -> None:
    """V5: shares of effort, and the same from a matrix inverse."""
    values = b_net_values()
    np.testing.assert_allclose(
        values / values.sum(), [0.458611, 0.324534, 0.216855], rtol=0.0, atol=1e-6
    )
    alpha, v = np.array([0.1, 0.05, 0.2]), np.array([0.5, 0.3, 0.2])
    weights = np.array([[0, 0.5, 0.5], [0.5, 0, 0.5], [1.0, 0, 0]])
    m = np.diag(1.0 - alpha) @ (0.9 * (0.8 * np.eye(3) + 0.2 * weights))
    expected = 2.0 * np.linalg.solve((np.eye(3) - m).T, v) * (1.0 - alpha) * 0.1
    np.testing.assert_allclose(values, expected, rtol=1e-13)


def test_both_ways_to_network_values_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = b_net_values()
    monkeypatch.setattr(equilibrium, "ELIMINATED", 2)
    np.testing.assert_allclose(b_net_values(), exact, rtol=1e-12)


def test_network_values_are_0_where_nothing_pulls() -> None:
    assert (b_net_values(omega=0.0, pulls=(0.0, 0.0, 0.0)) == 0.0).all()
