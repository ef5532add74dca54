"""Games with known answers: values, equilibria, dominated choices, and what resamples make of them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.estimators import games
from sim.estimators.games import MatrixGame

ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
PENNIES = np.array([[1.0, -1.0], [-1.0, 1.0]])
DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]])  # the second choice is better whatever the other does
MEETING = np.array([[2.0, 0.0], [0.0, 1.0]])  # both want to meet: two pure equilibria, one mixed
METHODS = {games.SUPPORTS, games.VERTICES, games.LEMKE_HOWSON, games.LINEAR}


def test_even_game_has_the_value_0_and_mixes_alike() -> None:
    solved = games.solve_game(MatrixGame(ROCK_PAPER_SCISSORS, -ROCK_PAPER_SCISSORS))
    (found,) = solved.equilibria
    assert found.first == pytest.approx([1 / 3] * 3)
    assert found.second == pytest.approx([1 / 3] * 3)
    assert set(found.methods) == METHODS
    assert not solved.degenerate
    assert games.game_value(ROCK_PAPER_SCISSORS) == pytest.approx(0.0, abs=1e-9)


def test_value_of_a_game_by_hand() -> None:
    """(p, 1 - p) makes the rival indifferent: 4 p = 1 p + 3 (1 - p), p = 1/2, value 2."""
    payoffs = np.array([[4.0, 1.0], [0.0, 3.0]])
    assert games.game_value(payoffs) == pytest.approx(2.0)
    assert games.game_value(1e-4 * payoffs - 7.0) == pytest.approx(2e-4 - 7.0, abs=1e-12)
    saddle = np.array([[3.0, 2.0], [1.0, 0.0]])
    assert games.game_value(saddle) == 2.0


def test_dominated_choice_leaves_the_dilemma() -> None:
    solved = games.solve_game(MatrixGame(DILEMMA, DILEMMA.T))
    (found,) = solved.equilibria
    assert found.first.tolist() == found.second.tolist() == [0.0, 1.0]
    assert [search.method for search in solved.searches] == [games.ELIMINATION]
    (worse,) = games.dominated_choices(DILEMMA)
    assert (worse.choice, worse.weights.tolist(), worse.margin) == (0, [0.0, 1.0], 1.0)


def test_every_method_is_told_by_itself() -> None:
    """Three equilibria; Lemke and Howson's paths reach the pure ones alone. No value, no programme."""
    solved = games.solve_game(MatrixGame(MEETING, MEETING))
    assert {search.method: search.equilibria for search in solved.searches} == {
        games.SUPPORTS: 3,
        games.VERTICES: 3,
        games.LEMKE_HOWSON: 2,
    }
    mixed = next(one for one in solved.equilibria if (one.first > 0.0).all())
    assert mixed.first == pytest.approx([1 / 3, 2 / 3])
    assert games.LEMKE_HOWSON not in mixed.methods
    assert not solved.degenerate


def test_ties_are_called_degenerate() -> None:
    tied = np.array([[1.0, 1.0], [1.0, 0.0]])
    assert games.solve_game(MatrixGame(tied, tied)).degenerate


def test_mixture_dominates_where_no_choice_does() -> None:
    """Half of the first and half of the second bring 2 against everything, the third 1."""
    own = np.array([[4.0, 0.0], [0.0, 4.0], [1.0, 1.0]])
    (worse,) = games.dominated_choices(own)
    assert worse.choice == 2
    assert worse.weights == pytest.approx([0.5, 0.5, 0.0])
    assert worse.margin == pytest.approx(1.0)
    worse_still = np.stack([own, own - [[0.0], [0.0], [0.5]]])
    assert games.margins_of(worse, worse_still) == pytest.approx([1.0, 1.5])


def test_never_worse_is_not_strictly_dominated() -> None:
    weak, _ = games.dominated_choices(np.array([[1.0, 0.0], [1.0, 1.0], [0.5, 0.0]]))
    assert (weak.choice, weak.margin) == (0, 0.0)
    assert games.dominated_choices(np.zeros((3, 3))) == []


def test_equal_choices_are_one() -> None:
    """Copies would make a continuum of equilibria; the first of them stands for all."""
    double = np.repeat(PENNIES, 2, axis=0)
    (found,) = games.solve_game(MatrixGame(double, -double)).equilibria
    assert found.first == pytest.approx([0.5, 0.0, 0.5, 0.0])


@pytest.mark.parametrize("size", [3, 6, 8, 16])
def test_small_payoffs_of_many_choices_are_solved(size: int) -> None:
    """Of the size that leads differ by; every profile told is one that nobody gains by leaving."""
    draw = np.random.default_rng(size)
    first = 0.2 + 1e-4 * draw.normal(size=(size, size))
    solved = games.solve_game(MatrixGame(first, -first))
    assert solved.equilibria
    for one in solved.equilibria:
        pays = one.first @ first @ one.second
        assert (first @ one.second).max() <= pays + 1e-12
        assert (one.first @ first).min() >= pays - 1e-12
        assert pays == pytest.approx(games.game_value(first), abs=1e-10)
    left_out = {search.method for search in solved.searches if search.left_out}
    assert left_out == {
        3: set(),
        6: {games.SUPPORTS},
        8: {games.SUPPORTS, games.VERTICES},
        16: {games.SUPPORTS, games.VERTICES},
    }[size] or games.ELIMINATION in {search.method for search in solved.searches}


def test_supports_are_solved_again_in_each_resample() -> None:
    (found,) = games.solve_game(MatrixGame(PENNIES, -PENNIES)).equilibria
    saddle = np.array([[3.0, 2.0], [1.0, 0.0]])
    tilted = np.array([[2.0, -1.0], [-1.0, 1.0]])  # value 1/5
    first = np.stack([PENNIES, tilted, saddle])
    pays, there = games.resolve_supports(first, -first, found)
    assert there.tolist() == [True, True, False]
    assert pays[:2] == pytest.approx(np.array([[0.0, 0.0], [0.2, -0.2]]))
    assert np.isnan(pays[2]).all()


def test_resamples_are_paired_and_centred() -> None:
    values = np.random.default_rng(1).normal(size=(2, 3, 50))
    values[1] = values[0] + 1.0
    drawn = games.resampled_means(values, 5, 400)
    assert drawn.shape == (400, 2, 3)
    assert drawn[:, 1] - drawn[:, 0] == pytest.approx(np.ones((400, 3)))
    error = values.std(axis=-1) / np.sqrt(50)
    assert (np.abs(drawn.mean(axis=0) - values.mean(axis=-1)) < 5 * error / np.sqrt(400)).all()
    assert (drawn == games.resampled_means(values, 5, 400)).all()
