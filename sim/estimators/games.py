"""Games of two players from estimated payoffs: dominated choices, the value, Nash equilibria.

The equilibria are those of the game that the means make, found by Nashpy after choices that are
the same and choices that are strictly dominated have been set aside, which loses no equilibrium
in kind. Its methods differ in what they miss, so each is reported by itself, and every profile is
checked here: nobody gains by another choice. A degenerate game may have infinitely many; of
those some are found.

Index letters: i choice of the first player, j of the second, o of the other player; b resample.

Source: Lemke and Howson 1964; von Stengel 2007 (enumeration of supports and of vertices); Wellman
2006 (empirical games).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any, NamedTuple

import numpy as np

from sim.world.arrays import Bools, Floats, Ints

ELIMINATION, SUPPORTS = "iterated dominance", "support enumeration"
VERTICES, LEMKE_HOWSON = "vertex enumeration", "Lemke-Howson"
LINEAR = "linear programme"
# Nashpy compares payoffs on a support without a tolerance: the larger it is, the more are missed
MOST_SUPPORTED = 5
MOST_PIVOTS = 100  # of a path, which has some 30 at 8 choices a side
MOST_VERTICES = 12  # choices of both together: of more, vertices take many seconds
TIED = 1e-9  # a gain of this share of the range of payoffs is none
SOLVED = 1e-7  # to which the solver of linear programmes keeps its constraints
SINGULAR = 1e-12


class MatrixGame(NamedTuple):
    """Mean payoffs[i, j] of both players."""

    first: Floats
    second: Floats


class Equilibrium(NamedTuple):
    """A pair of mixed choices from which neither gains by leaving alone.

    Attributes
    ----------
    first : [i]
        Probabilities of the first player's choices.
    second : [j]
        Of the second's.
    methods
        Those that found it.
    """

    first: Floats
    second: Floats
    methods: tuple[str, ...]


class Search(NamedTuple):
    """What one method found: different equilibria, or why it was not used."""

    method: str
    equilibria: int
    left_out: str = ""


class Solution(NamedTuple):
    """Equilibria of a game, what each method found, and whether it has ties that matter.

    Attributes
    ----------
    degenerate
        Whether some equilibrium has more best replies than it mixes, or their number is even:
        there may then be more of them than were found.
    """

    equilibria: tuple[Equilibrium, ...]
    searches: tuple[Search, ...]
    degenerate: bool


class Dominance(NamedTuple):
    """A choice that another, or a mixture of others, beats whatever the other player does.

    Attributes
    ----------
    choice
        The dominated one.
    weights : [i]
        Of the choices that dominate it; a single 1 where it is one choice.
    margin
        The least advantage over the other player's choices; 0: it is only never worse.
    """

    choice: int
    weights: Floats
    margin: float


# Dominated choices


def dominated_choices(own: Floats) -> list[Dominance]:
    """Find what is dominated in own[i, o], a player's payoffs against the other's choices.

    By one choice where there is such a one, else strictly by a mixture.
    """
    scale = _range_of(own)
    found = []
    for choice in range(len(own)):
        apart = own - own[choice]
        least = apart.min(axis=1)
        better = (apart > TIED * scale).any(axis=1)
        some = np.flatnonzero((least >= 0.0) & better)
        if len(some):
            best = int(some[least[some].argmax()])
            found.append(Dominance(choice, np.eye(len(own))[best], float(least[best])))
            continue
        weights, margin = _best_mixture(own, choice)
        if margin > SOLVED * scale:
            found.append(Dominance(choice, weights, margin))
    return found


def margins_of(dominance: Dominance, own: Floats) -> Floats:
    """The least advantage[b] of the same dominating choices in own[b, i, o]."""
    mixed = np.einsum("i,bio->bo", dominance.weights, own)
    margins: Floats = (mixed - own[:, dominance.choice]).min(axis=1)
    return margins


def _best_mixture(own: Floats, choice: int) -> tuple[Floats, float]:
    """Mix the other choices so that the least advantage over one is largest."""
    count, others = own.shape
    if count < 3:  # a mixture of one is no mixture
        return np.zeros(count), -np.inf
    scale = _range_of(own)
    ones = np.ones((others, 1))
    found = _solve(
        objective=np.append(np.zeros(count), -1.0),
        at_most=(np.hstack([-(own - own[choice]).T / scale, ones]), np.zeros(others)),
        sums=np.append(np.ones(count), 0.0),
        bounds=[(0.0, float(i != choice)) for i in range(count)] + [(None, None)],
    )
    weights = np.where(found[:-1] > SOLVED, found[:-1], 0.0)
    weights = weights / weights.sum()
    return weights, float((weights @ own - own[choice]).min())


# The value of a zero-sum game


def game_value(first: Floats) -> float:
    """The value of a zero-sum game, of first[i, j] to the first player."""
    lower, upper = float(first.min(axis=1).max()), float(first.max(axis=0).min())
    if lower == upper:
        return lower
    return float((_best_mix(first.T) @ first).min())


def _best_mix(theirs: Floats) -> Floats:
    """Weights[i] whose least payoff is largest, of the mixer's payoffs[j, i]; j is the rival's."""
    columns, rows = theirs.shape
    scaled = (theirs - theirs.min()) / _range_of(theirs)
    found = _solve(
        objective=np.append(np.zeros(rows), -1.0),
        at_most=(np.hstack([-scaled, np.ones((columns, 1))]), np.zeros(columns)),
        sums=np.append(np.ones(rows), 0.0),
        bounds=[(0.0, 1.0)] * rows + [(None, None)],
    )
    weights = np.maximum(found[:-1], 0.0)
    total: Floats = weights / weights.sum()
    return total


def _solve(
    objective: Floats, at_most: tuple[Floats, Floats], sums: Floats, bounds: list[tuple[Any, Any]]
) -> Floats:
    """Minimise the objective where at_most[0] x <= at_most[1] and ``sums`` x = 1."""
    from scipy.optimize import linprog

    done = linprog(objective, *at_most, sums[None, :], [1.0], bounds)
    if not done.success:
        raise ArithmeticError(f"a linear programme of a game has no answer: {done.message}")
    found: Floats = done.x
    return found


# Equilibria


def solve_game(game: MatrixGame) -> Solution:
    """Find Nash equilibria by each method that the size allows."""
    rows, columns = _reduce(game)
    small = MatrixGame(*(_scale_payoffs(payoffs)[np.ix_(rows, columns)] for payoffs in game))
    found: list[Equilibrium] = []
    searches = []
    zero_sum = np.array_equal(game.second, -game.first)
    for method, why, search in _methods(small, zero_sum):
        own: list[Equilibrium] = []
        for profile in search() if not why else ():
            if (one := _check_profile(small, profile, method)) is not None:
                _add(own, one)
        searches.append(Search(method, len(own), why))
        for one in own:
            _add(found, one)
    if len(found) > 1:
        found.sort(key=lambda one: tuple(-np.concatenate(one[:2])))
    degenerate = len(found) % 2 == 0 or any(_has_ties(small, one) for one in found)
    whole = [
        Equilibrium(
            _spread_out(one.first, rows, len(game.first)),
            _spread_out(one.second, columns, game.first.shape[1]),
            one.methods,
        )
        for one in found
    ]
    return Solution(tuple(whole), tuple(searches), degenerate)


def _methods(
    game: MatrixGame, zero_sum: bool
) -> Iterator[tuple[str, str, Callable[[], Iterator[Any]]]]:
    """Each method, why it is left out or "", and the search."""
    rows, columns = game.first.shape
    if rows == columns == 1:
        yield ELIMINATION, "", lambda: iter([(np.ones(1), np.ones(1))])
        return
    import nashpy

    def quiet(name: str) -> Callable[[], Iterator[Any]]:
        def search() -> Iterator[Any]:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                # it warns of an even number of equilibria and of ties: both are told by us
                warnings.simplefilter("ignore", RuntimeWarning)
                return iter(list(getattr(nashpy.Game(*game), name)()))

        return search

    large = max(rows, columns) > MOST_SUPPORTED
    few = min(rows, columns) < 2
    many = rows + columns > MOST_VERTICES
    yield SUPPORTS, "too many choices" if large else "", quiet("support_enumeration")
    why = "one side has one choice" if few else "too many choices" if many else ""
    yield VERTICES, why, quiet("vertex_enumeration")
    if zero_sum:
        yield LINEAR, "", lambda: iter([(_best_mix(game.first.T), _best_mix(game.second))])
    yield LEMKE_HOWSON, why if few else "", lambda: _follow_paths(game)


def _follow_paths(game: MatrixGame) -> Iterator[tuple[Floats, Floats]]:
    """The ends of Lemke and Howson's paths, one from each choice, on Nashpy's tableaux.

    Nashpy's own loop need not end: its pivots multiply, never divide, so that numbers grow and
    rounding loses labels. A path that is lost has found nothing.
    """
    from nashpy.linalg import create_col_tableau, create_row_tableau

    for label in range(sum(game.first.shape)):
        columns, rows = create_col_tableau(game.first, True), create_row_tableau(game.second, True)
        order = (rows, columns) if label in rows.non_basic_variables else (columns, rows)
        entering = label
        for tableau in islice(cycle(order), MOST_PIVOTS):
            with np.errstate(all="ignore"):
                try:
                    entering = tableau.pivot_and_drop_label(entering)
                except ValueError:  # of a label that rounding has lost: the path has no end
                    break
                basic = columns.non_basic_variables, rows.non_basic_variables
                ends = basic[0] | basic[1] == columns.labels
                profile = (rows.to_strategy(basic[0]), columns.to_strategy(basic[1]))
            if ends:
                yield profile
            if ends or not np.isfinite(tableau._tableau).all():
                break


def _check_profile(game: MatrixGame, profile: Any, method: str) -> Equilibrium | None:
    """The profile as an equilibrium, its dust taken away; None where somebody gains by leaving."""
    first, second = (np.asarray(one, dtype=np.float64) for one in profile)
    if (first.shape, second.shape) != (game.first.shape[:1], game.first.shape[1:]):
        return None
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return None
    first, second = (np.where(one > TIED, one, 0.0) for one in (first, second))
    if not (first.any() and second.any()):
        return None
    first, second = first / first.sum(), second / second.sum()
    own, other = game.first @ second, first @ game.second
    gains = own.max() - first @ own, other.max() - other @ second
    return Equilibrium(first, second, (method,)) if max(gains) <= TIED else None


def _add(found: list[Equilibrium], one: Equilibrium) -> None:
    """Add an equilibrium, or its method to the same one that is there."""
    for place, known in enumerate(found):
        apart = np.abs(np.concatenate(known[:2]) - np.concatenate(one[:2])).max()
        if apart <= 1e-6:  # far above rounding, far below what anyone would tell
            methods = tuple(dict.fromkeys((*known.methods, *one.methods)))
            found[place] = known._replace(methods=methods)
            return
    found.append(one)


def _has_ties(game: MatrixGame, one: Equilibrium) -> bool:
    """Whether a side has more best replies than the other mixes choices."""
    own, other = game.first @ one.second, one.first @ game.second
    replies = [int((gains >= gains.max() - TIED).sum()) for gains in (own, other)]
    mixed = [int((weights > 0.0).sum()) for weights in (one.second, one.first)]
    return replies[0] > mixed[0] or replies[1] > mixed[1]


def _reduce(game: MatrixGame) -> tuple[Ints, Ints]:
    """The choices that are left: of equal ones the first, and none strictly dominated."""
    rows, columns = np.arange(game.first.shape[0]), np.arange(game.first.shape[1])
    whole = np.stack(game)
    rows = rows[np.sort(np.unique(np.hstack([*whole]), axis=0, return_index=True)[1])]
    columns = columns[np.sort(np.unique(np.vstack([*whole]), axis=1, return_index=True)[1])]
    while True:
        kept = MatrixGame(*(payoffs[np.ix_(rows, columns)] for payoffs in game))
        some, others = ~_is_beaten(kept.first), ~_is_beaten(kept.second.T)
        if some.all() and others.all():
            return rows, columns
        rows, columns = rows[some], columns[others]


def _is_beaten(own: Floats) -> Bools:
    """Which choices one other choice beats strictly, in own[i, o]."""
    least = (own[:, None, :] - own[None, :, :]).min(axis=2)  # [better, worse]
    beaten: Bools = (least > TIED * _range_of(own)).any(axis=0)
    return beaten


def resolve_supports(first: Floats, second: Floats, one: Equilibrium) -> tuple[Floats, Bools]:
    """Solve again, in each resample, for the equilibrium that mixes the same choices.

    Parameters
    ----------
    first, second : [b, i, j]
        Payoffs of each resample.
    one
        The equilibrium whose choices are mixed.

    Returns
    -------
    payoffs [b, k], there [b]
        What it pays both, and whether it is an equilibrium; nan where it is none, everywhere
        where the sides do not mix equally many.
    """
    rows, columns = np.flatnonzero(one.first), np.flatnonzero(one.second)
    count = len(first)
    payoffs, there = np.full((count, 2), np.nan), np.zeros(count, dtype=bool)
    if len(rows) != len(columns):
        return payoffs, there
    inner = np.ix_(np.arange(count), rows, columns)
    q, v, good = _make_indifferent(first[inner])
    p, w, fine = _make_indifferent(np.swapaxes(second[inner], 1, 2))
    own = np.einsum("bij,bj->bi", first[:, :, columns], q)
    other = np.einsum("bij,bi->bj", second[:, rows, :], p)
    tied = TIED * max(_range_of(first), _range_of(second))
    there = good & fine & (p >= 0.0).all(axis=1) & (q >= 0.0).all(axis=1)
    there &= (own.max(axis=1) <= v + tied) & (other.max(axis=1) <= w + tied)
    payoffs[there] = np.stack([v, w], axis=1)[there]
    return payoffs, there


def _make_indifferent(own: Floats) -> tuple[Floats, Floats, Bools]:
    """Mix columns so that all rows of own[b, i, o] pay the same: weights, pay, if solvable."""
    count, size, _ = own.shape
    scale = _range_of(own)
    system = np.zeros((count, size + 1, size + 1))
    system[:, :size, :size] = own / scale
    system[:, :size, size], system[:, size, :size] = -1.0, 1.0
    good = np.abs(np.linalg.det(system)) > SINGULAR
    system[~good] = np.eye(size + 1)
    right = np.zeros((count, size + 1, 1))
    right[:, size] = 1.0
    found = np.linalg.solve(system, right)[..., 0]
    return found[:, :size], scale * found[:, size], good


def _range_of(values: Floats) -> float:
    """From the least to the largest value; 1 where all are equal."""
    return float(values.max() - values.min()) or 1.0


def _scale_payoffs(payoffs: Floats) -> Floats:
    """Payoffs from 1 to 2: no equilibrium moves, and Nashpy needs them above 0 and of size 1."""
    scaled: Floats = 1.0 + (payoffs - payoffs.min()) / _range_of(payoffs)
    return scaled


def _spread_out(weights: Floats, places: Ints, count: int) -> Floats:
    """Weights of some choices as weights of all."""
    whole = np.zeros(count)
    whole[places] = weights
    return whole


def resampled_means(values: Floats, seed: int, count: int) -> Floats:
    """Means[b, ...] over the draws, the last axis, of draws drawn anew with replacement.

    All resamples of one number of draws and one seed are the same, so that what is compared
    stays paired. No BLAS, whose bits depend on the machine.
    """
    draws = values.shape[-1]
    weights = np.random.default_rng(seed).multinomial(draws, np.full(draws, 1.0 / draws), count)
    flat = values.reshape(-1, draws)
    means: Floats = np.einsum("cr,br->bc", flat, weights.astype(np.float64)) / draws
    return means.reshape(count, *values.shape[:-1])
