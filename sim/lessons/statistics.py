"""Statistics over the runs of a group, the last axis; a run that is not finite makes it nan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.world.arrays import Floats


def _mean(values: Floats) -> Floats:
    mean: Floats = values.mean(axis=-1)
    return mean


def _share_positive(values: Floats) -> Floats:
    share: Floats = np.where(np.isnan(values), np.nan, values > 0.0).mean(axis=-1)
    return share


def _sd(values: Floats) -> Floats:
    n = values.shape[-1]
    apart = values - values.mean(axis=-1, keepdims=True)
    deviation: Floats = np.sqrt((apart * apart).sum(axis=-1) / max(n - 1, 1))
    return deviation


def _low(values: Floats) -> Floats:
    low: Floats = np.quantile(values, 0.05, axis=-1)
    return low


def _high(values: Floats) -> Floats:
    high: Floats = np.quantile(values, 0.95, axis=-1)
    return high


STATISTICS: dict[str, Callable[[Floats], Floats]] = {
    "mean": _mean,
    "share_positive": _share_positive,  # share of runs above 0
    "sd": _sd,
    "low": _low,  # 5 % of runs lie below
    "high": _high,  # 95 % of runs lie below
}
