"""Which parameters an effect depends on: Morris screening, and Sobol indices under chance.

Both read a design in the order of SALib's samplers (``morris``; ``sobol``, with second order or
without) and the effects ``values[point, replicate]`` on common random numbers. An index is that
of the *mean over chance* or of the *standard deviation over chance* as a function of the
parameters. The standard deviation rather than its square, which few large values rule, and rather
than its logarithm, which has no value where the arm never acts and the effect is 0 in every run.

Sources: Morris 1991; Campolongo, Cariboni & Saltelli 2007; Saltelli et al. 2010; SALib.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import InputError, Problem
from sim.estimators import chance

Floats = npt.NDArray[np.float64]

INDEX_COLUMNS = ("outcome", "of", "parameter", "index", "value", "low", "high")
MEAN, SD = "mean", "sd"
RESAMPLES = 1000
FEW = 2  # where SALib's own interval is not asked for
REACH, MOST = 0.1, 16  # a screening keeps what reaches so far, and at most so many
LITTLE = 0.02  # share of the variance over points that is little
MATTERS, LITTLE_MATTERS, UNDECIDED = "matters", "matters little", "undecided"
EVEN = 1e-12  # a spread below this part of the largest value is rounding


_NAN = float("nan")


class Indices(NamedTuple):
    """What Sobol's analysis found."""

    indices: pd.DataFrame  # INDEX_COLUMNS; S1 and ST by parameter, "unresolved" without one
    shares: pd.DataFrame  # chance.SHARE_COLUMNS
    left_out: dict[str, int]  # by outcome: base points with a failed run


def screened(
    design: pd.DataFrame, outcomes: Mapping[str, Floats], *, levels: int = 4, seed: int = 0
) -> pd.DataFrame:
    """Morris: elementary effects of the mean over chance, each per whole range of its parameter.

    ``design`` has one column a parameter (``point`` is passed over), its trajectories one after
    the other. Rows of the result (``INDEX_COLUMNS``):

    - ``mu_star``, the mean size, with a bootstrap interval;
    - ``mu``, the mean with its sign, with Student's interval; both intervals are joined with a
      jackknife over the draws;
    - ``sign``, that of ``mu``: 0 where its interval holds 0, NaN (as is ``mu``) for a parameter
      whose values are names without an order;
    - ``sigma``, the spread, large where an effect is not linear or not additive; no interval;
    - ``chance``, without a parameter: the standard deviation of one run's effect at a point, for
      scale (NaN with one replicate).

    Trajectories with a failed run (NaN) are left out.
    """
    from scipy.stats import t

    names, points, unordered = _coded(design)
    size = len(names) + 1
    blocks = _blocks(points, size)
    if blocks is None or ((np.diff(blocks, axis=1) != 0.0).sum(axis=2) > 1).any():
        raise InputError(Problem("design", "no Morris design, or not in its order"))
    rows: list[tuple[Any, ...]] = []
    for outcome, values in outcomes.items():
        used, _ = _complete(outcome, values, len(points), size)
        analyse = partial(_effects, points[used], names, levels, seed)
        kept = values[used]
        star, conf, mu, sigma = analyse(kept, RESAMPLES)
        count = len(kept) // size
        reach = t.ppf(0.975, count - 1) * sigma / np.sqrt(count)
        within = _NAN
        if kept.shape[1] > 1:
            within = float(np.sqrt(kept.var(axis=1, ddof=1).mean()))
            drawn = chance.half_width_of_draws(analyse, kept, seed)
            conf, reach = np.hypot(conf, drawn[0]), np.hypot(reach, drawn[2])
        for j in (names.index(name) for name in unordered):
            mu[j] = reach[j] = _NAN
        low, high = mu - reach, mu + reach
        for j, name in enumerate(names):
            sign = 1.0 if low[j] > 0.0 else -1.0 if high[j] < 0.0 else 0.0 * mu[j]
            for index, value, interval in (
                ("mu_star", star[j], (star[j] - conf[j], star[j] + conf[j])),
                ("mu", mu[j], (low[j], high[j])),
                ("sigma", sigma[j], (_NAN, _NAN)),
                ("sign", sign, (_NAN, _NAN)),
            ):
                rows.append((outcome, MEAN, name, index, value, *interval))
        rows.append((outcome, MEAN, "", "chance", within, _NAN, _NAN))
    return pd.DataFrame(rows, columns=list(INDEX_COLUMNS))


def _effects(
    points: Floats, names: list[str], levels: int, seed: int, values: Floats, resamples: int = FEW
) -> Floats:
    """Rows mu_star, half its interval, mu, sigma; a column for each parameter."""
    from SALib.analyze import morris

    found = morris.analyze(
        _problem(names), points, values.mean(axis=1), num_levels=levels, seed=int(seed),
        num_resamples=resamples,
    )  # fmt: skip
    keys = ("mu_star", "mu_star_conf", "mu", "sigma")
    return np.array([np.asarray(found[key], dtype=np.float64) for key in keys])


def decomposed(design: pd.DataFrame, outcomes: Mapping[str, Floats], *, seed: int = 0) -> Indices:
    """Sobol: first (S1) and total (ST) order, of the mean over chance and of its spread.

    ``design`` has one column a parameter (``point`` is passed over); what it has for the second
    order is not used. At least three replicates. An interval [l, h] joins SALib's bootstrap of the
    base points with a jackknife over the draws. Point means still hold some chance, the share q
    of their variance (row ``unresolved``): an index of them is expected at (1 - q) times the
    index sought plus q times that of what is left of chance, which lies in 0..1. So
    [(l - q) / (1 - q), h / (1 - q)] is given, cut to 0..1 but never past ``value``, the plain
    estimate. Where nothing varies the indices are NaN. Base points with a failed run (NaN) are
    left out, and counted.
    """
    names, points, _ = _coded(design)
    size = _cross_sampled(points)
    place = np.arange(len(points)) % size
    needed = (place <= len(names)) | (place == size - 1)  # the rest is for the second order
    rows: list[tuple[Any, ...]] = []
    shares = []
    left_out = {}
    for outcome, values in outcomes.items():
        if values.ndim != 2 or values.shape[1] < 3:
            reason = "needs three replicates or more, to tell the parameters from chance"
            raise InputError(Problem(outcome, reason))
        used, left_out[outcome] = _complete(outcome, values, len(points), size)
        kept = values[used & needed]
        at = place[used & needed]
        base = (at == 0) | (at == size - 1)  # the points that are drawn independently
        shares.append(chance.shares(outcome, kept[base], np.arange(base.sum()) // 2, seed))
        for of, pseudo in ((MEAN, kept), (SD, chance.spread_by_replicate(kept))):
            left = chance.unresolved(pseudo[base])
            rows += [(outcome, of, *row) for row in _indices(names, kept, of, left, seed)]
    return Indices(
        pd.DataFrame(rows, columns=list(INDEX_COLUMNS)),
        pd.concat(shares, ignore_index=True),
        left_out,
    )


def _indices(
    names: list[str], values: Floats, of: str, left: float, seed: int
) -> list[tuple[str, str, float, float, float]]:
    """Rows (parameter, index, value, low, high) of one function of the parameters."""
    analyse = partial(_orders, names, of, seed)
    found = analyse(values, RESAMPLES)
    half = np.hypot(found[1::2], chance.half_width_of_draws(analyse, values, seed)[::2])
    rows = []
    for j, name in enumerate(names):
        for index, value, reach in zip(("S1", "ST"), found[::2, j], half[:, j], strict=True):
            low, high = min(value, 0.0), max(value, 1.0)
            if left < 1.0:  # else chance is all there is
                low = max((value - reach - left) / (1.0 - left), low)
                high = min((value + reach) / (1.0 - left), high)
            if np.isnan(reach):
                low, high = _NAN, _NAN
            rows.append((name, index, float(value), float(low), float(high)))
    return [*rows, ("", "unresolved", left if np.isfinite(found).all() else _NAN, _NAN, _NAN)]


def _orders(names: list[str], of: str, seed: int, values: Floats, resamples: int = FEW) -> Floats:
    """Rows S1, half its interval, ST, half its interval; NaN where nothing varies."""
    from SALib.analyze import sobol

    statistic = values.mean(axis=1) if of == MEAN else chance.spread(values)
    keys = ("S1", "S1_conf", "ST", "ST_conf")
    if np.ptp(statistic) <= EVEN * np.abs(values).max():
        return np.full((len(keys), len(names)), _NAN)
    found = sobol.analyze(
        _problem(names), statistic, calc_second_order=False, num_resamples=resamples,
        seed=int(seed) + 1,  # a seed of 0 would mean: whatever the process has drawn so far
    )  # fmt: skip
    return np.array([found[key] for key in keys])


def _problem(names: list[str]) -> dict[str, Any]:
    """What SALib asks for; it analyses by order alone and looks at no bound."""
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _coded(design: pd.DataFrame) -> tuple[list[str], Floats, set[str]]:
    """Parameters, ``points[point, parameter]``, and which parameters are names, numbered here."""
    design = design.drop(columns="point", errors="ignore")
    if design.shape[1] == 0:
        raise InputError(Problem("design", "has no parameter"))
    names: set[str] = set()
    columns = []
    for key, column in design.items():
        if column.isna().any():
            raise InputError(Problem(str(key), "has gaps; every point needs a value"))
        if not pd.api.types.is_numeric_dtype(column):
            names.add(str(key))
            column = pd.Series(np.unique(column.astype(str), return_inverse=True)[1])
        columns.append(column.to_numpy(dtype=np.float64))
    return [str(key) for key in design.columns], np.column_stack(columns), names


def _blocks(points: Floats, size: int) -> Floats | None:
    """``points[block, place, parameter]``, where there are two whole blocks or more."""
    if len(points) % size or len(points) < 2 * size:
        return None
    return points.reshape(-1, size, points.shape[1])


def _cross_sampled(points: Floats) -> int:
    """Size of a block of a Sobol design: A, then A with B's value of each parameter in turn, in a
    design with second order then B with A's values, and B in the end.
    """
    count = int(points.shape[1])
    own = np.eye(count, dtype=bool)[None]
    for size in (count + 2, 2 * count + 2):
        blocks = _blocks(points, size)
        if blocks is None:
            continue
        first, last = blocks[:, :1], blocks[:, -1:]
        expected = np.where(own, last, first)
        if size > count + 2:
            expected = np.hstack([expected, np.where(own, first, last)])
        if np.array_equal(blocks[:, 1:-1], expected):
            return size
    raise InputError(Problem("design", "no Sobol design, or not in its order"))


def _complete(
    outcome: str, values: Floats, points: int, size: int
) -> tuple[npt.NDArray[np.bool_], int]:
    """Which points lie in blocks without a failed run, and how many blocks do not."""
    if values.ndim != 2 or len(values) != points or values.shape[1] == 0:
        reason = f"needs values[point, replicate] for {points} points"
        raise InputError(Problem(outcome, reason, str(values.shape)))
    whole = np.isfinite(values).all(axis=1).reshape(-1, size).all(axis=1)
    if whole.sum() < 2:
        reason = "fewer than two blocks of the design have no failed run"
        raise InputError(Problem(outcome, reason))
    return np.repeat(whole, size), int((~whole).sum())


def those_that_matter(found: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parameters that a screening keeps, largest first, and those past ``MOST``."""
    stars = found[found["index"] == "mu_star"].sort_values("value", ascending=False, kind="stable")
    largest = float(stars["value"].max())
    matter = stars[(stars["high"] >= REACH * largest) & (stars["high"] > 0.0)]
    names = tuple(str(name) for name in matter["parameter"])
    return names[:MOST], names[MOST:]


def verdicts(found: pd.DataFrame, of: str = MEAN) -> pd.DataFrame:
    """Total shares, the largest first: parameter, value, low, high, verdict.

    A parameter *matters* where the whole interval of its total share (ST) lies above ``LITTLE``,
    *matters little* where it lies below, and is *undecided* otherwise.
    """
    rows = found[(found["of"] == of) & (found["index"] == "ST")]
    rows = rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    verdict = [
        MATTERS if low > LITTLE else LITTLE_MATTERS if high < LITTLE else UNDECIDED
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    return rows[["parameter", "value", "low", "high"]].assign(verdict=verdict)
