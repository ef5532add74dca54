"""Where teams go by weights, and what a visit would gain.

Weights are computed from sympathy and salience, which the two engines hold to some 1e-12 alike.
So that rounding parts them nowhere, weights within ``TIE`` of each other are equal, and the first
is taken; a gain below ``NOTHING`` is none.

Source: section 4, sender strategies; equations (4) and (5) for the gain of a visit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiling import law
from sim.laws.contest import share_unit
from sim.laws.sympathy import message_pull

Floats = npt.NDArray[np.float64]

VISIT = 0.1  # effort of the visit that a gain is worked out for, before it is spread over capitals
TIE = 1.0 + 1e-9
NOTHING = 1e-13  # of alignment


@law
def push(
    attention: float,
    weight: float,
    pro: float,
    con: float,
    draw: float,
    upward: float,
    downward: float,
    listening: float,
) -> float:
    """What a day's messages do to sympathy, the anchor left aside.  (4), (5)

    Parameters
    ----------
    attention
        A, 0 to 1.
    weight
        omega_bar, 1/day.
    pro, con, draw
        Exposures for and against and the draw, to the power of the decisiveness.
    upward, downward
        The way to +1 and to -1, each times K of the update rule.
    listening
        What peers would move if no message were heard.
    """
    unit = share_unit(pro, con, draw)
    toward = message_pull(attention, weight, pro * unit)
    away = message_pull(attention, weight, con * unit)
    return toward * upward + away * downward - (toward + away) * listening


@law
def visit_gain(importance: float, anchor_pull: float, own: float, rival: float) -> float:
    """What a visit adds to the visitor's lead, weighted by importance.  (5)

    Parameters
    ----------
    importance
        v of the audience; all of them sum to 1.
    anchor_pull
        alpha, 1/day.
    own, rival
        What the visit changes in ``push`` toward the visitor and toward its rival.
    """
    gain = importance * (1.0 - anchor_pull) * ((own - rival) / 2.0)
    return 0.0 if abs(gain) < NOTHING else gain


@law
def best_place(weights: Floats, there: Floats) -> int:
    """The audience with the largest weight by own teams, the first on ties.

    Parameters
    ----------
    weights : [a]
        Negative ones count as 0; where none is above 0, all are equal.
    there : [a]
        Own teams that stay there today or were placed there.
    """
    some = False
    for a in range(len(weights)):
        some = some or weights[a] > 0.0
    best, most = 0, -1.0
    for a in range(len(weights)):
        weight = max(weights[a], 0.0) if some else 1.0
        per_team = weight / (there[a] + 1.0)
        if most < 0.0 or per_team > most * TIE:
            best, most = a, per_team
    return best


@law
def sampled_place(weights: Floats, uniform: float) -> int:
    """The audience at which the summed weights pass a uniform, in file order.

    Parameters
    ----------
    weights : [a]
        As in ``best_place``.
    uniform
        In (0, 1).
    """
    total = 0.0
    for a in range(len(weights)):
        total += max(weights[a], 0.0)
    target = uniform * (total if total > 0.0 else float(len(weights)))
    passed, last = 0.0, 0
    for a in range(len(weights)):
        weight = max(weights[a], 0.0) if total > 0.0 else 1.0
        if weight > 0.0:
            last = a
        passed += weight
        if passed > target:
            return a
    return last
