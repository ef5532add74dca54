"""Statistics of paired runs: arrays in, arrays out; the first axis is the pair.

Intervals are Monte Carlo intervals of a mean over pairs, not statements about the world: more
pairs make them as narrow as one likes. No p-values, for the same reason.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.world.arrays import Bools, Floats, Ints

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LEVEL = 0.95


class Spread(NamedTuple):
    """Mean, spread and quantiles over runs, for each column."""

    n: int
    mean: Floats
    sd: Floats
    se: Floats
    low: Floats  # Monte Carlo interval of the mean
    high: Floats
    quantiles: Floats  # [quantile, column] at QUANTILES


class Pairs(NamedTuple):
    """An arm against its baseline, pair by pair, for each column."""

    spread: Spread  # of the differences
    baseline: Floats  # mean level
    arm: Floats
    share_positive: Floats
    correlation: Floats  # between the two arms over pairs; nan where one does not vary
    variance_reduction: Floats  # 1 - var(difference) / (var(arm) + var(baseline)); nan likewise


def spread(values: Floats) -> Spread:
    """Describe values[run, column]. One run has no spread: its sd and interval are nan."""
    n = values.shape[0]
    mean = values.mean(axis=0)
    sd = values.std(axis=0, ddof=1) if n > 1 else np.full(values.shape[1:], np.nan)
    se = sd / math.sqrt(n)
    half = half_width(se, n)
    quantiles = np.quantile(values, QUANTILES, axis=0)
    return Spread(n, mean, sd, se, mean - half, mean + half, quantiles)


def half_width(se: Floats, n: int) -> Floats:
    """Half the Monte Carlo interval of a mean over n runs (Student t)."""
    from scipy.special import stdtrit

    quantile = float(stdtrit(n - 1, (1.0 + LEVEL) / 2.0)) if n > 1 else math.nan
    wide: Floats = se * quantile
    return wide


def paired(arm: Floats, baseline: Floats) -> Pairs:
    """Compare arm[pair, column] with baseline[pair, column], which share their draws."""
    difference = arm - baseline
    described = spread(difference)
    spread_arm, spread_base = arm.var(axis=0), baseline.var(axis=0)
    moved = ((arm - arm.mean(axis=0)) * (baseline - baseline.mean(axis=0))).mean(axis=0)
    independent = spread_arm + spread_base
    return Pairs(
        spread=described,
        baseline=baseline.mean(axis=0),
        arm=arm.mean(axis=0),
        share_positive=(difference > 0.0).mean(axis=0),
        correlation=_ratio(moved, np.sqrt(spread_arm * spread_base)),
        variance_reduction=1.0 - _ratio(difference.var(axis=0), independent),
    )


def first_divergence(difference: Floats) -> Ints:
    """First row of difference[pair, t, column] at which any pair differs; -1 for never."""
    differs = (difference != 0.0).any(axis=0)
    first: Ints = np.where(differs.any(axis=0), differs.argmax(axis=0), -1).astype(np.int64)
    return first


def pairs_needed(sd: float, half: float) -> int:
    """Pairs for a Monte Carlo interval of +-half around the mean difference."""
    from scipy.special import ndtri

    return max(2, math.ceil((float(ndtri((1.0 + LEVEL) / 2.0)) * sd / half) ** 2))


def window_mean(values: Floats, first: Ints, last: Ints) -> Floats:
    """Mean of values[run, t, column] over rows first[run] .. last[run]; nan where empty."""
    out = np.full((values.shape[0], *values.shape[2:]), np.nan)
    for run, (start, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        if start <= end:
            out[run] = values[run, start : end + 1].mean(axis=0)
    return out


def usable(*finite: Bools) -> Bools:
    """Pairs of which every run stayed finite."""
    good = finite[0].copy()
    for other in finite[1:]:
        good &= other
    return good


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0.0)
