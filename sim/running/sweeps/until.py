"""How many replicates make a Monte Carlo interval as narrow as asked: Stein's rule in two stages.

A pilot of n0 replicates at each point gives a standard deviation s0, and that alone the number
of replicates: N = max(n0, ceil((t s0 / half)^2)), t the quantile of Student's t with n0 - 1
degrees of freedom. The mean of all N plus or minus t s0 / sqrt(N) then covers the true mean as
often as asked where values are normal: s0 is independent of the pilot's mean, and nothing that
comes after the pilot has a say in N. To look again after each batch and stop when the interval
seems narrow would stop where the spread happens to look small, and cover less often. As N follows
from the pilot's rows, it is the same however a sweep was broken and resumed.

Values that are skewed are covered less often: with a pilot of 64, lognormal ones of a skewness of
3.7 in 91 to 93 % instead of 95 %, an event in 2 % of the runs in 73 %, for many a pilot sees none
(tests/running/test_until.py).

Source: Stein 1945, Annals of Mathematical Statistics 16, 243-258.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.running.pairing import LEVEL
from sim.running.sweeps.outcomes import GROUPS
from sim.running.sweeps.sweep_tables import SweepRows
from sim.running.sweeps.swept import Swept, outcomes
from sim.scenario.error_texts import unknown
from sim.world.arrays import Bools, Floats, Ints

PILOT = 64  # replicates of the first stage
NO_VALUE = "no value"  # in ``reached``: there is no mean that an interval could be of


class Needed(NamedTuple):
    """What the pilot says, point by point."""

    replicates: Ints  # to run in all, the pilot's among them
    sd: Floats  # of the pilot's values; nan where fewer than two replicates have one
    values: Ints  # replicates of the pilot that have a value
    capped: Bools  # more would be needed than the cap allows


class MeanInterval(NamedTuple):
    """The mean at each point and how far it may be off."""

    mean: Floats  # nan where no replicate has a value
    half: Floats  # nan where the pilot gives no spread
    n: Ints  # replicates with a value
    reached: Bools  # the interval is as narrow as asked


def run_columns(swept: Swept) -> list[str]:
    """The columns of numbers that the sweep's runs have."""
    found = [f"{group}.{outcome.name}" for group in GROUPS for outcome in outcomes(swept)]
    return [*found, *swept.payoff_columns]


def check_metric(swept: Swept, metric: str, place: str = "--until") -> None:
    """Refuse a metric that is no column of numbers of the sweep's runs.

    Raises
    ------
    InputError
        Naming what comes near it.
    """
    known = run_columns(swept)
    if metric not in known:
        raise InputError(f"{place}: {unknown('metric of runs', metric, known)}")
    if metric.startswith("effect.") and not swept.arms:
        raise InputError(f"{place}: {metric}: there is no arm to compare with a baseline")


def values_of(swept: Swept, rows: SweepRows, metric: str, replicates: int) -> dict[str, Floats]:
    """values[point, replicate] of a metric by arm, of the first replicates; nan where none.

    Points are in the design's order. Effects have no baseline.
    """
    arms = swept.arms if metric.startswith("effect.") else (swept.base, *swept.arms)
    points = pd.Index(swept.design["point"])
    found = {arm: np.full((len(points), replicates), np.nan) for arm in arms}
    for piece in rows.pieces(["point", "arm", "replicate", metric]):
        early = piece[piece["replicate"] < replicates]
        for arm, own in found.items():
            mine = early[early["arm"] == arm]
            place = points.get_indexer(mine["point"])
            own[place, mine["replicate"].to_numpy()] = mine[metric].to_numpy(dtype=np.float64)
    return found


def replicates_needed(pilot: Floats, half: float, cap: int) -> Needed:
    """Replicates for an interval of +-``half`` around the mean at each point.

    ``pilot``[point, replicate] has the metric of the first replicates, nan where there is no
    value (a lost run, a window without an offer). Such runs do not count; as many more are asked
    for as makes up for the pilot's share of them. A point whose pilot has fewer than two values
    gets no more than the pilot and is not ``capped``: nothing is known from which a number would
    follow. Where the pilot has no spread at all it is enough: either the metric does not depend
    on chance there, or what makes it vary is rarer than the pilot could see (64 runs miss an event
    of a chance of 4.6 % in one case of twenty), and an interval of width 0 says no more than that.
    """
    runs = pilot.shape[1]
    values, sd = _spread(pilot)
    wanted = (_quantiles(values) * sd / half) ** 2
    # the share without a value is taken along; the pilot's own number is never gone below
    wanted = wanted * (runs / np.maximum(values, 1))
    asked = np.where(np.isnan(wanted), runs, np.maximum(runs, np.ceil(wanted)))
    most = max(cap, runs)
    return Needed(np.minimum(asked, most).astype(np.int64), sd, values, np.asarray(asked > most))


def mean_interval(needed: Needed, values: Floats, half: float) -> MeanInterval:
    """The interval after the second stage: values[point, replicate], nan where there is none.

    Its width comes from the pilot's spread and the number of all values, as the rule asks. More
    replicates than the rule wants (another arm may need them) are as good; only values of the
    second stage must not decide how many there are.
    """
    n = np.isfinite(values).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(values, axis=1) / n
        wide = _quantiles(needed.values) * needed.sd / np.sqrt(n)
    return MeanInterval(mean, wide, n, np.asarray(wide <= half))


def until_table(swept: Swept, rows: SweepRows, metric: str, half: float, cap: int) -> pd.DataFrame:
    """One row a point and arm: the interval of the metric's mean, and whether it is as asked."""
    pilots = values_of(swept, rows, metric, min(PILOT, cap))
    needed = {arm: replicates_needed(pilot, half, cap) for arm, pilot in pilots.items()}
    # a point has as many replicates as the arm that needs most
    most = int(max(one.replicates.max() for one in needed.values()))
    pieces = []
    for arm, values in values_of(swept, rows, metric, most).items():
        found = mean_interval(needed[arm], values, half)
        piece = swept.design.copy()
        piece["arm"], piece["column"], piece["n"] = arm, metric, found.n
        piece["mean"] = found.mean
        piece["mc_low"], piece["mc_high"] = found.mean - found.half, found.mean + found.half
        piece["half_asked"] = half
        piece["reached"] = np.where(found.n == 0, NO_VALUE, np.where(found.reached, "yes", "no"))
        pieces.append(piece)
    table = pd.concat(pieces, ignore_index=True)
    return table.sort_values("point", kind="stable", ignore_index=True)


def _spread(pilot: Floats) -> tuple[Ints, Floats]:
    """Number and standard deviation of the values at each point; exactly 0 where all are equal."""
    masked = np.where(np.isfinite(pilot), pilot, np.nan)
    values = np.isfinite(pilot).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(masked, axis=1) / values
        sd = np.sqrt(np.nansum((masked - mean[:, None]) ** 2, axis=1) / (values - 1))
    low, high = np.fmin.reduce(masked, axis=1), np.fmax.reduce(masked, axis=1)
    sd = np.where(low == high, 0.0, sd)
    return values, np.where(values > 1, sd, np.nan)


def _quantiles(values: Ints) -> Floats:
    """Two-sided quantiles of Student's t with one degree of freedom less than the values."""
    from scipy.special import stdtrit

    freedom = np.maximum(values - 1, 1)
    found: Floats = np.where(values > 1, stdtrit(freedom, (1.0 + LEVEL) / 2.0), np.nan)
    return found
