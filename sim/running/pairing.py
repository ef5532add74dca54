"""Statistics of paired runs: what is said of means, spreads and pairs, and under which columns.

Arms of a pair have common random numbers, so a difference of two runs of a pair varies less than
one of independent runs. Intervals are Monte Carlo intervals of a mean over pairs, not statements
about the world: more pairs make them as narrow as one likes. No p-values, for the same reason.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.statistics import QUANTILES, PairMoments, Statistics
from sim.world.arrays import Floats, Ints

LEVEL = 0.95
NEVER = -1
QUANTILE_NAMES = [f"q{round(100 * q):02d}" if q != 0.5 else "median" for q in QUANTILES]


class Spread(NamedTuple):
    """Mean, spread and quantiles over runs, for each column."""

    n: int
    mean: Floats
    sd: Floats
    se: Floats
    low: Floats  # Monte Carlo interval of the mean
    high: Floats
    quantiles: Floats  # [quantile, column] at statistics.QUANTILES

    def level_columns(self) -> dict[str, Any]:
        """The columns of a table of levels."""
        return {"n": self.n, "mean": self.mean, "sd": self.sd, "se": self.se} | self._by_name()

    def difference_columns(self) -> dict[str, Any]:
        """The columns of a table of paired differences."""
        own = {"n_pairs": self.n, "mean_diff": self.mean, "sd_diff": self.sd}
        return own | {"mc_low": self.low, "mc_high": self.high} | self._by_name()

    def _by_name(self) -> dict[str, Floats]:
        return dict(zip(QUANTILE_NAMES, self.quantiles, strict=True))


class Pairs(NamedTuple):
    """An arm against its baseline, pair by pair, for each column."""

    spread: Spread  # of the differences
    baseline: Floats  # mean level
    arm: Floats
    negative: Ints  # pairs whose difference is below 0 ...
    positive: Ints  # ... and above; all others are unchanged: exactly equal
    correlation: Floats  # between the two arms over pairs; nan where one does not vary
    variance_reduction: Floats  # 1 - var(difference) / (var(arm) + var(baseline)); nan likewise

    def columns(self) -> dict[str, Any]:
        """The columns of a table of arms against their baseline."""
        return self.spread.difference_columns() | {
            "mean_baseline": self.baseline,
            "mean_arm": self.arm,
            "share_positive": self.positive / self.spread.n,
            "share_unchanged": (self.spread.n - self.negative - self.positive) / self.spread.n,
            "share_negative": self.negative / self.spread.n,
            "pair_correlation": self.correlation,
            "variance_reduction": self.variance_reduction,
        }


def spread(found: Statistics) -> Spread:
    """Describe columns of runs. One run has no spread: its sd and interval are nan."""
    n, mean = found.n, found.mean
    sd = np.sqrt(found.squares / (n - 1)) if n > 1 else np.full(mean.shape, np.nan)
    se = sd / math.sqrt(n)
    half = half_width(se, n)
    return Spread(n, mean, sd, se, mean - half, mean + half, found.quantiles())


def half_width(se: Floats, n: int) -> Floats:
    """Half the Monte Carlo interval of a mean over n runs (Student t); nan for one run."""
    from scipy.special import stdtrit

    quantile = float(stdtrit(n - 1, (1.0 + LEVEL) / 2.0)) if n > 1 else math.nan
    wide: Floats = se * quantile
    return wide


def compare_pairs(difference: Statistics, moments: PairMoments) -> Pairs:
    """Compare an arm with its baseline by their differences and second moments over pairs."""
    independent = moments.arm_squares + moments.baseline_squares
    together = np.sqrt(moments.arm_squares) * np.sqrt(moments.baseline_squares)
    return Pairs(
        spread=spread(difference),
        baseline=moments.baseline,
        arm=moments.arm,
        negative=difference.negative,
        positive=difference.positive,
        correlation=_ratio(moments.products, together),
        variance_reduction=1.0 - _ratio(difference.squares, independent),
    )


def first_divergence(arm: Floats, baseline: Floats) -> Ints:
    """First row of arm[t, column, pair] at which any pair differs; NEVER where none does."""
    differs = (arm != baseline).any(axis=-1)
    return np.where(differs.any(axis=0), differs.argmax(axis=0), NEVER).astype(np.int64)


def earlier(one: Ints, other: Ints) -> Ints:
    """The earlier of two rows, either of which may be NEVER."""
    first = np.where(one == NEVER, other, np.minimum(one, other))
    return np.where(other == NEVER, one, first)


def pairs_needed(sd: float, half: float) -> int:
    """Pairs for a Monte Carlo interval of +-half around the mean difference."""
    from scipy.special import ndtri

    return max(2, math.ceil((float(ndtri((1.0 + LEVEL) / 2.0)) * sd / half) ** 2))


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0.0)
