"""How much of the variance of one run's effect is the parameters' doing, and how much is chance.

Values ``y[i, r]``: point ``i`` of a design, replicate ``r``; every point has the same replicates
(common random numbers). With points and draws independent of each other, each effect splits into

    y[i, r] = mean + a[i] + b[r] + c[i, r]

``a`` is what the parameters do on average over chance, ``b`` what a draw does alike at all points,
``c`` what it does at some points more than at others. Then

1. a point's mean over R replicates is mean + a[i] + mean_r b + mean_r c[i]: the middle term is the
   same at all points, so the variance over points of these means is expected at
   var a + (var c) / R, whatever var b;
2. the variance over replicates within a point is expected at var b + var c, averaged over points;
3. so var a is (1) less the *interaction* mean square / R (expected at var c), not less (2) / R as
   for independent draws: that would take off (var b) / R too much.

Total variance of one run's effect: var a (parameters) + (2) (chance).

Source: analysis of variance of a two-way layout with random rows and columns and one value a cell
(Searle, Casella & McCulloch 1992, ch. 4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.world.arrays import Floats

GROUPS = 40  # of the jackknife: a standard error known to about 1 in 9
SHARE_COLUMNS = ("outcome", "part", "variance", "share", "low", "high")


class Components(NamedTuple):
    """Unbiased estimates, so that one near 0 may come out below it."""

    parameters: float  # var a
    chance: float  # var b + var c
    interacting: float  # var c


def components(values: Floats) -> Components:
    """The variances of ``values[point, replicate]``; two of each are the least."""
    points, replicates = values.shape
    by_point = values.mean(axis=1)
    by_draw = values.mean(axis=0)
    rest = values - by_point[:, None] - by_draw[None, :] + values.mean()
    interacting = float((rest**2).sum()) / ((points - 1) * (replicates - 1))
    chance = float(values.var(axis=1, ddof=1).mean())
    parameters = float(by_point.var(ddof=1)) - interacting / replicates
    return Components(parameters, chance, interacting)


def shares(outcome: str, values: Floats, blocks: npt.NDArray[np.int64], seed: int) -> pd.DataFrame:
    """Two rows, ``parameters`` and ``chance``: variance, and share of the total with its interval.

    ``values[point, replicate]``; points with the same number in ``blocks[point]`` belong together
    and are left out together. The 95 % interval is a jackknife over groups of blocks plus one over
    groups of replicates: the draws are a sample too, and all points share them. Columns:
    ``SHARE_COLUMNS``. No variance at all: shares are not defined, and NaN.
    """
    found = components(values)
    share = _share(found)
    generator = np.random.default_rng(seed)
    among = _groups(blocks, generator)
    drawn = _groups(np.arange(values.shape[1]), generator)
    without = [_share(components(values[among != group])) for group in np.unique(among)]
    redrawn = [_share(components(values[:, drawn != group])) for group in np.unique(drawn)]
    half = float(np.hypot(_half_width(without), _half_width(redrawn)))
    rows = []
    for part, variance, value in (
        ("parameters", found.parameters, share),
        ("chance", found.chance, 1.0 - share),
    ):
        low, high = np.clip([value - half, value + half], 0.0, 1.0)  # nan stays
        rows.append((outcome, part, variance, value, low, high))
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


def unresolved_share(pseudo_values: Floats) -> float:
    """Share of the variance over points of a statistic that its replicates have not averaged out.

    ``pseudo_values[point, replicate]``: their mean over replicates is the statistic of the point
    (for a mean, the values themselves; otherwise jackknife pseudo-values). 0 with no variance.
    """
    across = float(pseudo_values.mean(axis=1).var(ddof=1))
    if across == 0.0:
        return 0.0
    left = components(pseudo_values).interacting / pseudo_values.shape[1]
    return float(min(left / across, 1.0))


def spread(values: Floats) -> Floats:
    """The standard deviation over replicates at each point of ``values[point, replicate]``."""
    sds: Floats = values.std(axis=1, ddof=1)
    return sds


def spread_by_replicate(values: Floats) -> Floats:
    """Jackknife pseudo-values of ``spread``, of the shape of ``values``: three replicates or more.

    R times the whole less (R - 1) times that without the replicate.
    """
    count = values.shape[1]
    squares = (values - values.mean(axis=1, keepdims=True)) ** 2
    total = squares.sum(axis=1, keepdims=True)
    fewer = np.maximum(total - squares * count / (count - 1), 0.0) / (count - 2)
    pseudo: Floats = count * np.sqrt(total / (count - 1)) - (count - 1) * np.sqrt(fewer)
    return pseudo


def half_width_of_draws(estimate: Callable[[Floats], Floats], values: Floats, seed: int) -> Floats:
    """Half of the 95 % interval of ``estimate(values)`` that is due to which draws were made.

    A jackknife over groups of replicates. All points share the draws, so that comparing points
    (a bootstrap of them, say) cannot show this part.
    """
    drawn = _groups(np.arange(values.shape[1]), np.random.default_rng(seed))
    return _half_width([estimate(values[:, drawn != group]) for group in np.unique(drawn)])


def _share(found: Components) -> float:
    """The parameters' part of the total, held to 0..1; NaN where nothing varies."""
    parameters = max(found.parameters, 0.0)
    total = parameters + found.chance
    return parameters / total if total > 0.0 else float("nan")


def _groups(members: npt.NDArray[Any], generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """A group for each member, at random: neighbours in a Sobol sequence are not alike."""
    unique, place = np.unique(members, return_inverse=True)
    group = np.arange(len(unique)) % min(len(unique), GROUPS)
    return generator.permutation(group)[place]


def _half_width(estimates: Sequence[float] | Sequence[Floats]) -> Floats:
    """Half of the 95 % interval, from estimates that each leave out one group."""
    from scipy.stats import t

    count = len(estimates)
    error = np.sqrt((count - 1) * np.var(np.asarray(estimates), axis=0))
    half: Floats = t.ppf(0.975, count - 1) * error
    return half
