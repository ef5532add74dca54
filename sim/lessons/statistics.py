"""Statistics over the runs of a group, the last axis; a run that is not finite makes it nan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.world.arrays import Floats


def _share_positive(values: Floats) -> Floats:
    """The share of runs above 0."""
    share: Floats = np.where(np.isnan(values), np.nan, values > 0.0).mean(axis=-1)
    return share


def _sd(values: Floats) -> Floats:
    """The standard deviation of the sample; 0 for one run."""
    n = values.shape[-1]
    apart = values - values.mean(axis=-1, keepdims=True)
    deviation: Floats = np.sqrt((apart * apart).sum(axis=-1) / max(n - 1, 1))
    return deviation


STATISTICS: dict[str, Callable[[Floats], Floats]] = {
    "mean": lambda values: values.mean(axis=-1),
    "share_positive": _share_positive,
    "sd": _sd,
    "low": lambda values: np.quantile(values, 0.05, axis=-1),  # 5 % of runs lie below
    "high": lambda values: np.quantile(values, 0.95, axis=-1),  # 95 % of runs lie below
}
