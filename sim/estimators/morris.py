"""Morris screening: which parameters an effect depends on at all, from few points.

Elementary effects of the mean over chance, along trajectories that change one parameter at a
time. How a design is read is in ``design_reading``; shares of the variance are in ``sobol``.

Sources: Morris 1991; Campolongo, Cariboni & Saltelli 2007; SALib.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.estimators import chance
from sim.estimators.design_reading import (
    FEW,
    INDEX_COLUMNS,
    MEAN,
    NAN,
    RESAMPLES,
    DesignPoints,
    find_complete_blocks,
    read_points,
    salib_problem,
)
from sim.world.arrays import Bools, Floats

MORRIS = "morris"
REACH, MOST = 0.1, 16  # a screening keeps what reaches so far, and at most so many


class Screening(NamedTuple):
    """What Morris's analysis found."""

    effects: pd.DataFrame  # INDEX_COLUMNS
    left_out: dict[str, int]  # by outcome: trajectories with a run without a value
    deciding: dict[str, frozenset[str]]  # by outcome: parameters that decide whether there is one


def elementary_effects(
    design: pd.DataFrame,
    outcomes: Mapping[str, Floats],
    *,
    missing: Mapping[str, Bools] = MappingProxyType({}),
    levels: int = 4,
    seed: int = 0,
) -> Screening:
    """Summarize the elementary effects, each per whole range of its parameter.

    Parameters
    ----------
    design
        One column a parameter (``point`` is passed over), the trajectories one after the other.
    outcomes
        By name, ``values[point, replicate]``. Trajectories with a run without a value (NaN) are
        left out, and counted.
    missing
        By outcome, ``[point, replicate]``: runs that went well and have no such number. All that
        is said of a parameter that decides it is NaN.
    levels
        Levels of the design, which fix the step of a parameter.

    Returns
    -------
    Screening
        Its effects are rows of ``INDEX_COLUMNS``:

        - ``mu_star``, the mean size, with a bootstrap interval;
        - ``mu``, the mean with its sign, with Student's interval; both intervals are joined with
          a jackknife over the draws;
        - ``sign``, that of ``mu``: 0 where its interval holds 0, NaN (as is ``mu``) for a
          parameter whose values are words without an order;
        - ``sigma``, the spread, large where an effect is not linear or not additive; no interval;
        - ``chance``, without a parameter: the standard deviation of one run's effect at a point,
          for scale (NaN with one replicate).

    Raises
    ------
    InputError
        Where the design is none of Morris, or the values do not fit it.
    """
    from scipy.stats import t

    read = read_points(design)
    size = len(read.names) + 1
    blocks = read.blocks(size)
    if blocks is None or ((np.diff(blocks, axis=1) != 0.0).sum(axis=2) > 1).any():
        raise InputError(Problem("design", "no Morris design, or not in its order"))
    rows: list[tuple[Any, ...]] = []
    left_out, deciding = {}, {}
    for outcome, values in outcomes.items():
        complete = find_complete_blocks(outcome, read, values, missing.get(outcome), size)
        used, left_out[outcome], deciding[outcome] = complete
        analyse = partial(_analyse, read._replace(points=read.points[used]), levels, seed)
        kept = values[used]
        star, conf, mu, sigma = analyse(kept, RESAMPLES)
        count = len(kept) // size
        reach = t.ppf(0.975, count - 1) * sigma / np.sqrt(count)
        within = NAN
        if kept.shape[1] > 1:
            within = float(np.sqrt(kept.var(axis=1, ddof=1).mean()))
            drawn = chance.half_width_of_draws(analyse, kept, seed)
            conf, reach = np.hypot(conf, drawn[0]), np.hypot(reach, drawn[2])
        for j in (read.names.index(name) for name in read.unordered):
            mu[j] = reach[j] = NAN
        for j in (read.names.index(name) for name in complete.deciding):
            star[j] = conf[j] = mu[j] = reach[j] = sigma[j] = NAN
        low, high = mu - reach, mu + reach
        for j, name in enumerate(read.names):
            sign = 1.0 if low[j] > 0.0 else -1.0 if high[j] < 0.0 else 0.0 * mu[j]
            rows += [
                (outcome, MEAN, name, "mu_star", star[j], star[j] - conf[j], star[j] + conf[j]),
                (outcome, MEAN, name, "mu", mu[j], low[j], high[j]),
                (outcome, MEAN, name, "sigma", sigma[j], NAN, NAN),
                (outcome, MEAN, name, "sign", sign, NAN, NAN),
            ]
        rows.append((outcome, MEAN, "", "chance", within, NAN, NAN))
    return Screening(pd.DataFrame(rows, columns=list(INDEX_COLUMNS)), left_out, deciding)


def influential_parameters(found: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Choose the parameters that a screening keeps, largest first, and those past ``MOST``.

    A parameter is kept where the interval of its ``mu_star`` reaches the share ``REACH`` of the
    largest one.
    """
    stars = found[found["index"] == "mu_star"].sort_values("value", ascending=False, kind="stable")
    largest = float(stars["value"].max())
    matter = stars[(stars["high"] >= REACH * largest) & (stars["high"] > 0.0)]
    names = tuple(str(name) for name in matter["parameter"])
    return names[:MOST], names[MOST:]


def _analyse(
    read: DesignPoints, levels: int, seed: int, values: Floats, resamples: int = FEW
) -> Floats:
    """Rows mu_star, half its interval, mu, sigma; a column for each parameter."""
    from SALib.analyze import morris

    seeds = {"num_levels": levels, "num_resamples": resamples, "seed": int(seed)}
    found = morris.analyze(salib_problem(read.names), read.points, values.mean(axis=1), **seeds)
    keys = ("mu_star", "mu_star_conf", "mu", "sigma")
    return np.array([np.asarray(found[key], dtype=np.float64) for key in keys])
