"""Statistics over the runs of a group, the last axis; a run that is not finite makes it nan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.world.arrays import Bools, Floats


def _share(values: Floats, which: Bools) -> Floats:
    """Share of the runs that are ``which``."""
    return np.asarray(np.where(np.isnan(values), np.nan, which).mean(axis=-1))


STATISTICS: dict[str, Callable[[Floats], Floats]] = {
    "mean": lambda values: values.mean(axis=-1),
    "share_positive": lambda values: _share(values, values > 0.0),
    "share_unchanged": lambda values: _share(values, values == 0.0),
    "share_negative": lambda values: _share(values, values < 0.0),
    # of the sample; 0 for one run
    "sd": lambda values: np.std(values, axis=-1, ddof=min(1, values.shape[-1] - 1)),
    "low": lambda values: np.quantile(values, 0.05, axis=-1),  # 5 % of runs lie below
    "high": lambda values: np.quantile(values, 0.95, axis=-1),  # 95 % of runs lie below
}
