"""The paired effect on the weighted whole at each point of a sweep, for figures and words.

Read from comparison.csv. A sweep of very many points has none; its runs say it then.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.report.effects import CHANCE, PARAMETERS, WHOLE, metric_of, rows_of, step_shown
from sim.report.folder import OFFER_MEAN, MissingInputError, RunFolder
from sim.running.pairing import half_width

EFFECTS = ("effect.window.lead", "effect.final.lead")  # columns of runs, the first to quote first


SHARES = 10


class OverallEffect(NamedTuple):
    """The effect over all points together."""

    mean: float
    mc_low: float  # over replicates, each a mean over the points; nan where there is but one
    mc_high: float
    replicates: int


def effects_at_points(folder: RunFolder, uncertainty: str = CHANCE) -> pd.DataFrame:
    """One row a point: the swept keys, mean_diff, mc_low, mc_high, q05, q95 and n_pairs.

    Of the uncertainty that there is, where it is not the one that is asked for and that is chance.
    """
    key = "at points", uncertainty
    if key not in folder.kept:
        known = _from_comparison if folder.has("comparison") else _from_runs
        folder.kept[key] = known(folder, uncertainty)
    found: pd.DataFrame = folder.kept[key]
    return found


def step_of(folder: RunFolder) -> int:
    """The step of those effects: `OFFER_MEAN`, or the last day."""
    if folder.has("comparison"):
        frame = folder.table("comparison")
        return step_shown(frame[frame["arm"] == folder.arm])
    return OFFER_MEAN if _effect_column(folder) == EFFECTS[0] else folder.steps


def overall_effect(folder: RunFolder) -> OverallEffect | None:
    """The mean over the points, with its interval; None where the runs do not say.

    Points share their draws by replicate, so the mean over the points is taken replicate by
    replicate first; of the replicates that every point has.
    """
    runs = _runs_with_effect(folder)
    if runs is None:
        return None
    points = runs["point"].nunique()
    found = runs.groupby("replicate")[_effect_column(folder)].agg(["mean", "count"])
    means = found.loc[found["count"] == points, "mean"].to_numpy()
    if not len(means):
        return None
    mean = float(means.mean())
    se = means.std(ddof=1) / np.sqrt(len(means)) if len(means) > 1 else np.nan
    half = float(half_width(np.array([se]), len(means))[0])
    return OverallEffect(mean, mean - half, mean + half, len(means))


def trend(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Mean of the effect along one key, over all else: one row a value, by size or as given.

    Of numbers that take many values, one row for each of so many equal shares of the points.
    """
    values = rows[name]
    numbers = holds_numbers(values)
    if not numbers or values.nunique() <= SHARES:
        return rows.groupby(name, sort=numbers)["mean_diff"].mean().reset_index()
    share = np.arange(len(rows)) * SHARES // len(rows)
    ordered = rows.sort_values(name, kind="stable")
    return ordered.groupby(share)[[name, "mean_diff"]].mean()


def holds_numbers(column: pd.Series) -> bool:
    """Whether a swept key takes numbers, and not names or true and false."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _from_comparison(folder: RunFolder, uncertainty: str) -> pd.DataFrame:
    frame = folder.table("comparison")
    frame = frame[(frame["arm"] == folder.arm) & (frame["answers"] == "any")]
    if frame.empty:
        raise MissingInputError("comparison.csv has no such rows")
    frame = frame[frame["step"] == step_shown(frame)]
    rows = rows_of(frame, metric_of(WHOLE), WHOLE, "", uncertainty)
    if rows.empty and uncertainty == CHANCE:
        rows = rows_of(frame, metric_of(WHOLE), WHOLE, "", PARAMETERS)
    return rows


def _from_runs(folder: RunFolder, uncertainty: str) -> pd.DataFrame:
    """The same from the runs; quantiles need a few replicates to be there."""
    runs = _runs_with_effect(folder)
    if runs is None:
        raise MissingInputError("neither comparison.csv nor runs.parquet has the effect")
    if (runs["uncertainty"] == uncertainty).any():
        runs = runs[runs["uncertainty"] == uncertainty]
    elif uncertainty != CHANCE:
        return pd.DataFrame()
    kind = str(runs["uncertainty"].iloc[0])
    effects = runs.groupby("point")[_effect_column(folder)]
    found = effects.agg(mean_diff="mean", sd="std", n_pairs="count")
    found["q05"], found["q95"] = effects.quantile(0.05), effects.quantile(0.95)
    for n in found["n_pairs"].unique().tolist():
        some = found["n_pairs"] == n
        half = half_width((found.loc[some, "sd"] / np.sqrt(n)).to_numpy(), n)
        found.loc[some, "mc_low"] = found.loc[some, "mean_diff"] - half
        found.loc[some, "mc_high"] = found.loc[some, "mean_diff"] + half
    keys = folder.table("design").set_index("point")[list(folder.swept)]
    return found.join(keys).reset_index().assign(uncertainty=kind)


def _runs_with_effect(folder: RunFolder) -> pd.DataFrame | None:
    """The runs of the arm that have an effect."""
    if not folder.has("runs"):
        return None
    runs, column = folder.tables["runs"], _effect_column(folder)
    if not column or not {"point", "replicate"} <= set(runs.columns):
        return None
    found = runs[(runs["arm"] == folder.arm) & runs[column].notna()]
    return None if found.empty else found


def _effect_column(folder: RunFolder) -> str:
    """The column of the runs that has the effect; the last day's for an arm without an offer."""
    if "effect column" not in folder.kept:
        runs = folder.tables["runs"]
        own = runs[runs["arm"] == folder.arm]
        known = [name for name in EFFECTS if name in own and own[name].notna().any()]
        folder.kept["effect column"] = known[0] if known else ""
    return str(folder.kept["effect column"])
