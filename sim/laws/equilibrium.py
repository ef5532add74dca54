"""The level that silence keeps: the Friedkin-Johnsen fixed point s(0).

Source: section 2, initial state; Friedkin & Johnsen 1990.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiling import law

Floats = npt.NDArray[np.float64]
Rows = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]

ELIMINATED = 64  # audiences up to which elimination is fast; its cost grows with their cube
SWEEPS = 10_000  # enough for any peers at any pull of 0.004 and more: 0.996^10,000 < 2^-52
STILL = 2.0**-52  # a move that rounding alone can make
UNPULLED = 1e-12  # what is left of a pivot where neither anchor nor messages pull, by rounding
ROUNDING = 1e-14  # ... where it adds up over thousands of peers in one row


@law
def starting_sympathy(
    pulls: Floats,
    peer_pull: float,
    peers: Rows,
    resting: Floats,
    judgements: Floats,
    given: Floats,
) -> Floats:
    """Sympathy s(0)[a, k]: what is given, else the rest point of the resting anchors.

    Parameters
    ----------
    pulls : [a]
        Anchor pulls.
    peer_pull
        kappa, 1/day.
    peers
        Sparse rows, as in ``rest_point``.
    resting : [a, q]
        Resting salience.
    judgements : [a, q, k]
        V, -1 to 1.
    given : [a, k]
        nan where nothing is given. An audience without an anchor pull keeps what is given
        while the others come to rest.

    Returns
    -------
    [a, k]
        -1 to 1.
    """
    if not np.isnan(given).any():
        return given.copy()
    count, issues, sides = judgements.shape
    anchors = np.zeros((count, sides))
    for a in range(count):
        total = 0.0
        for q in range(issues):
            total += resting[a, q]
        for k in range(sides):
            for q in range(issues):
                anchors[a, k] += resting[a, q] / total * judgements[a, q, k]
            if pulls[a] == 0.0 and not np.isnan(given[a, k]):
                anchors[a, k] = given[a, k]
    start = rest_point(pulls, peer_pull, peers, anchors)
    for a in range(count):
        for k in range(sides):
            if not np.isnan(given[a, k]):
                start[a, k] = given[a, k]
    return start


@law
def rest_point(pulls: Floats, peer_pull: float, peers: Rows, anchors: Floats) -> Floats:
    """Solve (I - (I - Lambda) W') s = Lambda u for each claimant on its own.

    pulls[a] are the anchor pulls, anchors[a, k] the levels u. peers are the sparse rows of W as
    (start[a + 1], of[s], weight[s]): audience a listens to of[s] with weight[s] for s from
    start[a] to start[a + 1] - 1; the weights of a row sum to 1. A row whose pull is 0 keeps its
    ``anchors`` entry, which then holds the given start.

    Both ways of solving go in a fixed order and without BLAS, so that the bits do not depend on
    the machine's threads, and take a claimant exchanged or turned to its opposite to the bit.
    Elimination is exact whatever the pulls, but fills the matrix; iteration costs the same for
    each stored entry, however many audiences there are.
    """
    if len(pulls) <= ELIMINATED:
        return rest_by_elimination(pulls, peer_pull, peers, anchors)
    return rest_by_iteration(pulls, peer_pull, peers, anchors)


@law
def rest_by_elimination(pulls: Floats, peer_pull: float, peers: Rows, anchors: Floats) -> Floats:
    """Gauss: no pivoting, for the matrix is diagonally dominant wherever a pull is above 0."""
    start, of, weight = peers
    count = len(pulls)
    rows = np.zeros((count, count))
    right = anchors.copy()
    sides = right.shape[1]
    for a in range(count):
        pull = pulls[a]
        if pull == 0.0:
            rows[a, a] = 1.0
            continue
        for i in range(start[a], start[a + 1]):
            rows[a, of[i]] = -(1.0 - pull) * peer_pull * weight[i]
        rows[a, a] += 1.0 - (1.0 - pull) * (1.0 - peer_pull)
        for k in range(sides):
            right[a, k] *= pull
    for pivot in range(count):
        for a in range(pivot + 1, count):
            factor = rows[a, pivot] / rows[pivot, pivot]
            if factor != 0.0:
                for b in range(pivot + 1, count):
                    rows[a, b] -= factor * rows[pivot, b]
                for k in range(sides):
                    right[a, k] -= factor * right[pivot, k]
    for a in range(count - 1, -1, -1):
        for k in range(sides):
            value = right[a, k]
            for b in range(a + 1, count):
                value -= rows[a, b] * right[b, k]
            right[a, k] = value / rows[a, a]
    return right


@law
def rest_by_iteration(pulls: Floats, peer_pull: float, peers: Rows, anchors: Floats) -> Floats:
    """Gauss and Seidel: each audience in turn goes where its own pulls balance, until none moves.

    A sweep leaves at most the part c of the distance, c the largest of listening/(listening +
    pull) with listening = (1 - pull) peer_pull; the default parameters need some 15 sweeps. Moves
    are worked out from the differences that a silent day would see, so that what is left moves no
    audience by more than rounding. Where SWEEPS do not get there (pulls a thousand times weaker
    than the peers'), the level is nan: the run is then listed as lost, never quietly wrong.
    """
    start, of, weight = peers
    count = len(pulls)
    level = anchors.copy()
    held = pulls.copy()  # what pulls each audience back from a step aside
    for a in range(count):
        for i in range(start[a], start[a + 1]):
            if of[i] != a:
                held[a] += (1.0 - pulls[a]) * peer_pull * weight[i]
    for k in range(level.shape[1]):
        largest = 0.0
        for _ in range(SWEEPS):
            largest = 0.0
            for a in range(count):
                if pulls[a] == 0.0:
                    continue
                s = level[a, k]
                listening = (1.0 - pulls[a]) * peer_pull
                pulled = pulls[a] * (anchors[a, k] - s)
                for i in range(start[a], start[a + 1]):
                    pulled += listening * weight[i] * (level[of[i], k] - s)
                level[a, k] = s + pulled / held[a]
                largest = max(largest, abs(level[a, k] - s))
            if largest <= STILL:
                break
        if largest > ROUNDING:
            for a in range(count):
                level[a, k] = np.nan
    return level


@law
def network_values(
    pulls: Floats,
    omegas: Floats,
    peer_pull: float,
    peers: Rows,
    importance: Floats,
    rows: Floats,
    held: Floats,
    values: Floats,
) -> None:
    """Fill in V = 2 [(I - M)^-T v] (1 - alpha) omega: what effort at an audience is worth.

    M = (I - Lambda)(1 - omega) W'. Half attack and half own case, attention fixed and no draw, the
    efforts of both sides are in equilibrium in proportion to V (network-Friedman).

    Parameters
    ----------
    pulls : [a]
        Anchor pulls, 1/day.
    omegas : [a]
        omega of both sides together, 1/day.
    peer_pull
        kappa, 1/day.
    peers
        Sparse rows, as in ``rest_point``.
    importance : [a]
        v; its sum is 1.
    rows : [e, e]
        Room to work in: e audiences, or ``ELIMINATED`` where there are more.
    held : [a]
        Room to work in.
    values : [a]
        Is filled in, 0 and above.

    Notes
    -----
    Up to ``ELIMINATED`` audiences Gauss without pivoting (the columns are diagonally dominant),
    else the sum of the powers of M. Audiences that nothing pulls, neither anchor nor messages,
    have the value 0.
    """
    if len(pulls) <= ELIMINATED:
        _values_by_elimination(pulls, omegas, peer_pull, peers, importance, rows, values)
    else:
        _values_by_powers(pulls, omegas, peer_pull, peers, importance, held, values)
    for a in range(len(pulls)):
        values[a] = 2.0 * values[a] * (1.0 - pulls[a]) * omegas[a]


@law
def _values_by_elimination(
    pulls: Floats,
    omegas: Floats,
    peer_pull: float,
    peers: Rows,
    importance: Floats,
    rows: Floats,
    values: Floats,
) -> None:
    """Solve (I - M)^T y = v."""
    start, of, weight = peers
    count = len(pulls)
    for a in range(count):
        values[a] = importance[a]
        for b in range(count):
            rows[a, b] = 0.0
    for a in range(count):
        kept = (1.0 - pulls[a]) * (1.0 - omegas[a])
        for i in range(start[a], start[a + 1]):
            rows[of[i], a] -= kept * peer_pull * weight[i]
        rows[a, a] += 1.0 - kept * (1.0 - peer_pull)
    for pivot in range(count):
        if rows[pivot, pivot] <= UNPULLED:
            continue
        for a in range(pivot + 1, count):
            factor = rows[a, pivot] / rows[pivot, pivot]
            if factor != 0.0:
                for b in range(pivot + 1, count):
                    rows[a, b] -= factor * rows[pivot, b]
                values[a] -= factor * values[pivot]
    for a in range(count - 1, -1, -1):
        value = values[a]
        for b in range(a + 1, count):
            value -= rows[a, b] * values[b]
        values[a] = value / rows[a, a] if rows[a, a] > UNPULLED else 0.0


@law
def _values_by_powers(
    pulls: Floats,
    omegas: Floats,
    peer_pull: float,
    peers: Rows,
    importance: Floats,
    held: Floats,
    values: Floats,
) -> None:
    """Sum M^T to all powers, times v, until nothing is added.

    In place, each audience handing on what it holds: what it has handed on counts as its value.
    """
    start, of, weight = peers
    for a in range(len(pulls)):
        held[a], values[a] = importance[a], 0.0
    for _ in range(SWEEPS):
        left = 0.0
        for a in range(len(pulls)):
            passed = held[a]
            held[a] = 0.0
            values[a] += passed
            kept = (1.0 - pulls[a]) * (1.0 - omegas[a]) * passed
            held[a] += kept * (1.0 - peer_pull)
            for i in range(start[a], start[a + 1]):
                held[of[i]] += kept * peer_pull * weight[i]
        for a in range(len(pulls)):
            left = max(left, held[a])
        if left <= STILL:
            break
