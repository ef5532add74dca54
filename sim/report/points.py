"""The paired effect on the weighted whole at each point of a sweep, for figures and words.

Read from comparison.csv. A sweep of very many points has none; its runs say it then. Effects of
one pair of arms, and of single audiences, are in ``effects``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.report.effects import (
    CHANCE,
    WHOLE,
    days_words,
    first_rows,
    is_over_offer,
    last_dates,
    last_day_rows,
    metric_of,
    over_all_answers,
    rows_of,
    rows_shown,
    which_offer,
)
from sim.running.pairing import NEVER, half_width
from sim.running.sweeps.swept import DIVERGED, TIMES
from sim.store.results import MissingInputError, Results

EFFECTS = ("effect.window.lead", "effect.final.lead")  # columns of runs, the first to quote first
SHARES = 10  # of the points, along a key with many values


class OverallEffect(NamedTuple):
    """The effect over all points that have one, together.

    Attributes
    ----------
    mean
        Over points and replicates.
    mc_low, mc_high
        95 % Monte Carlo interval over replicates, each a mean over the points; NaN where there is
        but one.
    replicates
        Number of those that every such point has.
    others
        Replicates that some of these points do not have; they are left out.
    """

    mean: float
    mc_low: float
    mc_high: float
    replicates: int
    others: int


def effects_at_points(results: Results, uncertainty: str = CHANCE) -> pd.DataFrame:
    """Return one row a point: the swept keys, mean_diff, mc_low, mc_high, q05, q95 and n_pairs.

    A point at which no pair has the effect has NaN, and 0 pairs. One at which none has it because
    the arm makes no offer and never differs from the baseline is ``unmoved``: its effect is 0.

    Parameters
    ----------
    uncertainty
        `chance` or `parameters`. Where chance is asked for and was not run alone, the rows are
        those with the parameters drawn too; the column `uncertainty` says which.

    Raises
    ------
    MissingInputError
        Where no table has the effect.
    """
    key = "at points", uncertainty
    if key not in results.cache:
        known = _from_comparison if results.has("comparison") else _from_runs
        results.cache[key] = _at_every_point(results, known(results, uncertainty))
    found: pd.DataFrame = results.cache[key]
    return found


def effects_are_over_offer(results: Results) -> bool:
    """Return whether those effects are means over the offer's days, or else of the last day."""
    if results.has("comparison"):
        return is_over_offer(rows_shown(results, results.arm))
    return _effect_column(results) == EFFECTS[0]


def effect_days(results: Results) -> str:
    """Return of which days those effects are, as ends `numbers are ...`."""
    over_offer, offer = effects_are_over_offer(results), which_offer(results, results.arm)
    times = [key for key in TIMES if key in results.swept]
    if results.has("comparison"):
        dates = last_dates(results, rows_shown(results, results.arm))
    elif times:
        dates = [""] * len(results.table("design")[times].drop_duplicates())
    else:
        dates = last_dates(results, pd.DataFrame())
    return days_words(over_offer, dates, offer)


def overall_effect(results: Results) -> OverallEffect | None:
    """Return the mean over the points, with its interval; None where the runs do not say.

    Points share their draws by replicate (common random numbers), so the mean over the points is
    taken replicate by replicate first, of the replicates that every point has.
    """
    runs = _runs_with_effect(results)
    if runs is None:
        return None
    points = runs["point"].nunique()
    found = runs.groupby("replicate")[_effect_column(results)].agg(["mean", "count"])
    whole = found["count"] == points
    means = found.loc[whole, "mean"].to_numpy()
    if not len(means):
        return None
    mean = float(means.mean())
    se = means.std(ddof=1) / np.sqrt(len(means)) if len(means) > 1 else np.nan
    half = float(half_width(np.array([se]), len(means))[0])
    return OverallEffect(mean, mean - half, mean + half, len(means), int((~whole).sum()))


def trend(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the mean of the effect along one key, over all other keys.

    Parameters
    ----------
    rows
        One row a point, with the key and `mean_diff`.
    name
        The swept key.

    Returns
    -------
    DataFrame
        One row a value of the key, numbers by size and names as given. Of numbers that take more
        than ``SHARES`` values one row for each of as many equal shares of the points, with the
        mean of the key in it. NaN where no point has the effect.
    """
    numbers = holds_numbers(rows[name])
    if not numbers or rows[name].nunique() <= SHARES:
        return rows.groupby(name, sort=numbers)["mean_diff"].mean().reset_index()
    share = np.arange(len(rows)) * SHARES // len(rows)
    ordered = rows.sort_values(name, kind="stable")
    return ordered.groupby(share)[[name, "mean_diff"]].mean()


def holds_numbers(column: pd.Series) -> bool:
    """Whether a swept key takes numbers, and not names or true and false."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _at_every_point(results: Results, found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with those of the points that have no effect."""
    if found.empty or not results.has("design"):
        return found
    design = results.table("design")[["point", *results.swept]]
    if len(found) == len(design):
        return found
    whole = design.merge(found.drop(columns=list(results.swept)), "left", on="point")
    return whole.assign(
        n_pairs=whole["n_pairs"].fillna(0).astype(np.int64),
        unmoved=whole["unmoved"].eq(True),
        uncertainty=found["uncertainty"].iloc[0],
    )


def _from_comparison(results: Results, uncertainty: str) -> pd.DataFrame:
    """Return the rows of the whole at the step shown, as the comparison has them.

    Where it has none at a point for want of an offer, those of the last day say whether the arm
    ever differs there.
    """
    found, last = (
        _whole(over_all_answers(rows), uncertainty)
        for rows in (rows_shown(results, results.arm), last_day_rows(results, results.arm))
    )
    if "point" not in found:
        return found.assign(unmoved=False)
    unmoved = last[(last["first_divergence_step"] == NEVER) & ~last["point"].isin(found["point"])]
    both = [found.assign(unmoved=False), unmoved.assign(unmoved=True)]
    return pd.concat([rows for rows in both if len(rows)] or both).sort_values("point")


def _whole(frame: pd.DataFrame, uncertainty: str) -> pd.DataFrame:
    """Return the rows of the whole, of one kind of uncertainty or, for chance, of what was run."""
    if frame.empty:
        raise MissingInputError("comparison.csv has no such rows")
    if uncertainty == CHANCE:
        return first_rows(frame, metric_of(WHOLE), WHOLE)
    return rows_of(frame, metric_of(WHOLE), WHOLE, "", uncertainty)


def _from_runs(results: Results, uncertainty: str) -> pd.DataFrame:
    """Return the same from the differences of single runs, with Student's interval."""
    runs = _runs_with_effect(results)
    if runs is None:
        raise MissingInputError("neither comparison.csv nor runs.parquet has the effect")
    if (runs["uncertainty"] == uncertainty).any():
        runs = runs[runs["uncertainty"] == uncertainty]
    elif uncertainty != CHANCE:
        return pd.DataFrame()
    kind = str(runs["uncertainty"].iloc[0])
    effects = runs.groupby("point")[_effect_column(results)]
    found = effects.agg(mean_diff="mean", sd="std", n_pairs="count")
    found["unmoved"] = runs.groupby("point")["unmoved"].any()
    found["q05"], found["q95"] = effects.quantile(0.05), effects.quantile(0.95)
    for n in found["n_pairs"].unique().tolist():
        some = found["n_pairs"] == n
        half = half_width((found.loc[some, "sd"] / np.sqrt(n)).to_numpy(), n)
        found.loc[some, "mc_low"] = found.loc[some, "mean_diff"] - half
        found.loc[some, "mc_high"] = found.loc[some, "mean_diff"] + half
    keys = results.table("design").set_index("point")[list(results.swept)]
    return found.join(keys).reset_index().assign(uncertainty=kind)


def _runs_with_effect(results: Results) -> pd.DataFrame | None:
    """Return the runs of the arm that have an effect; None where there is none."""
    if not results.has("runs"):
        return None
    runs, column = results.tables["runs"], _effect_column(results)
    if not column:
        return None
    own = runs[runs["arm"] == results.arm].copy()  # in one piece: it has many columns
    own = own.assign(unmoved=_are_unmoved(own, column))
    own[column] = own[column].mask(own["unmoved"], 0.0)
    found = own[own[column].notna()]
    return None if found.empty else found


def _are_unmoved(runs: pd.DataFrame, column: str) -> pd.Series:
    """Return which runs make no offer and never differ, at points where none does otherwise."""
    if column != EFFECTS[0]:
        return pd.Series(False, index=runs.index)
    lost = runs[DIVERGED].isna()
    still = runs[column].isna() & (runs[DIVERGED] == NEVER)
    return still & (still | lost).groupby(runs["point"]).transform("all")


def _effect_column(results: Results) -> str:
    """Return the column of the runs that has the effect; "" if there is none.

    It is the last day's for an arm without an offer.
    """
    if "effect column" not in results.cache:
        runs = results.tables["runs"]
        own = runs[runs["arm"] == results.arm]
        known = [name for name in EFFECTS if name in own and own[name].notna().any()]
        results.cache["effect column"] = known[0] if known else ""
    return str(results.cache["effect column"])
