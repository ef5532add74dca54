"""The level that silence keeps: the Friedkin-Johnsen fixed point s(0).

Source: section 2, initial state; Friedkin & Johnsen 1990.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiling import law

Floats = npt.NDArray[np.float64]


@law
def starting_sympathy(
    pulls: Floats, peer_pull: float, weights: Floats, resting: Floats, judgements: Floats,
    given: Floats,
) -> Floats:
    """s(0)[a, k]: ``given`` where it is not nan, else the rest point of the resting anchors.

    resting[a, q] is salience, judgements[a, q, k] are V. An audience without an anchor pull keeps
    what is given.
    """
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
    start = rest_point(pulls, peer_pull, weights, anchors)
    for a in range(count):
        for k in range(sides):
            if not np.isnan(given[a, k]):
                start[a, k] = given[a, k]
    return start


@law
def rest_point(pulls: Floats, peer_pull: float, weights: Floats, anchors: Floats) -> Floats:
    """Solve (I - (I - Lambda) W') s = Lambda u for every claimant at once.

    pulls[a] are the anchor pulls, weights[a, b] the peers' (rows sum to 1), anchors[a, k] the
    levels u. Elimination without pivoting, in a fixed order and without BLAS, so that the bits do
    not depend on the machine's threads: the matrix is diagonally dominant wherever every pull is
    above 0. A row whose pull is 0 keeps its ``anchors`` entry, which then holds the given start.
    """
    count = len(pulls)
    rows = np.zeros((count, count))
    right = anchors.copy()
    sides = right.shape[1]
    for a in range(count):
        pull = pulls[a]
        if pull == 0.0:
            rows[a, a] = 1.0
            continue
        for b in range(count):
            rows[a, b] = -(1.0 - pull) * peer_pull * weights[a, b]
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
