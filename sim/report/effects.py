"""The paired effect as rows: one per audience and one for the weighted whole.

Figures, words and the page all read the effect from here. It is the difference in alignment, arm
less baseline, pair by pair under common random numbers, as comparison.csv has it; nothing is
estimated here. The effect at each point of a sweep is in ``points``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from sim.store.results import OFFER_MEAN, MissingInputError, Results

WHOLE = ""  # the actor of the weighted whole
CHANCE, PARAMETERS = "chance", "parameters"
CHANNELS = ("parity", "goodwill", "impartiality", "calming")


class EffectInterval(NamedTuple):
    """A paired difference: its mean, and how far single pairs spread.

    Attributes
    ----------
    mean, mc_low, mc_high
        Mean over the pairs and its 95 % Monte Carlo interval.
    low, high
        5 % and 95 % quantiles of single pairs.
    pairs
        Number of pairs.
    share_positive
        Share of pairs with a difference above 0.
    """

    mean: float
    mc_low: float
    mc_high: float
    low: float
    high: float
    pairs: int
    share_positive: float


class Level(NamedTuple):
    """One quantity in both arms, and its paired difference; None where it is not known."""

    arm: float | None
    baseline: float | None
    difference: float | None


class Effect(NamedTuple):
    """What the arm changes at one audience, or in the weighted whole (actor "").

    Attributes
    ----------
    actor, arm
        The audience and the arm that is compared with the baseline.
    chance
        The difference in alignment with the parameters held.
    parameters
        The same with the parameters drawn too.
    alignment
        Alignment in both arms, from -1 to +1.
    sympathies
        Sympathy for each claimant in both arms, in file order.
    channels
        What the effect loses with each channel of mediation off; empty if that was not run.
    """

    actor: str
    arm: str
    chance: EffectInterval | None
    parameters: EffectInterval | None
    alignment: Level
    sympathies: tuple[Level, Level]
    channels: dict[str, float]

    @property
    def main(self) -> EffectInterval | None:
        """The interval to quote first."""
        return self.chance or self.parameters


def metric_of(actor: str) -> str:
    """Return the metric of an effect: the whole's is `lead`, an audience's `alignment`."""
    return "lead" if actor == WHOLE else "alignment"


def step_shown(frame: pd.DataFrame) -> int:
    """Return the step to quote: the mean over the days the offer acts, or else the last."""
    steps = frame["step"]
    return OFFER_MEAN if bool((steps == OFFER_MEAN).any()) else int(steps.max())


def step_words(results: Results, arm: str = "") -> str:
    """Return which days the quoted numbers are of; ``arm`` is by default the first."""
    frame = results.table("comparison")
    if step_shown(frame[frame["arm"] == (arm or results.arm)]) == OFFER_MEAN:
        return "mean over the days on which the offer acts"
    day = results.day(results.steps)
    return "on the last day" + (f", {day.isoformat()}" if day else "")


def rows_of(
    frame: pd.DataFrame, metric: str, actor: str, toward: str, uncertainty: str
) -> pd.DataFrame:
    """Return the rows of one quantity, of one kind of uncertainty."""
    return frame[
        (frame["metric"] == metric)
        & (frame["actor"] == actor)
        & (frame["toward"] == toward)
        & (frame["uncertainty"] == uncertainty)
    ]


def first_rows(frame: pd.DataFrame, metric: str, actor: str, toward: str = "") -> pd.DataFrame:
    """Return the rows of one quantity with chance alone, or else with the parameters drawn."""
    rows = rows_of(frame, metric, actor, toward, CHANCE)
    return rows_of(frame, metric, actor, toward, PARAMETERS) if rows.empty else rows


def effects(results: Results, arm: str = "", order: str = "file") -> list[Effect]:
    """Return one effect per audience, after the whole's.

    Parameters
    ----------
    arm
        By default the first.
    order
        Of the audiences: `file`, or `size` of the effect with the lowest first.

    Raises
    ------
    MissingInputError
        Of a sweep, and where comparison.csv has no rows of the arm over all answers.
    """
    if results.swept:
        raise MissingInputError("the comparison is of a sweep, not of one pair of arms")
    arm = arm or results.arm
    known = results.cache.get(("effects", arm))
    if known is None:
        known = results.cache["effects", arm] = _effects(results, arm)
    found = list(known)
    if order == "size":
        found[1:] = sorted(found[1:], key=lambda e: e.main.mean if e.main else 0.0)
    return found


def _effects(results: Results, arm: str) -> list[Effect]:
    """Return the whole's effect and each audience's, in file order."""
    frame = results.table("comparison")
    frame = frame[(frame["arm"] == arm) & (frame["answers"] == "any")]
    if frame.empty:
        raise MissingInputError("comparison.csv has no rows over all answers")
    frame = frame[frame["step"] == step_shown(frame)]
    found = [_effect(results, frame, arm, actor) for actor in (WHOLE, *results.audiences)]
    return [effect for effect in found if effect.main is not None]


def _effect(results: Results, frame: pd.DataFrame, arm: str, actor: str) -> Effect:
    """Return the effect at one actor; ``frame`` are the comparison's rows of the step shown."""
    metric = metric_of(actor)
    chance = _interval(rows_of(frame, metric, actor, "", CHANCE))
    parameters = _interval(rows_of(frame, metric, actor, "", PARAMETERS))
    alignment = _level(results, frame, metric, arm, actor, "")
    first, second = (
        _level(results, frame, "sympathy", arm, actor, claimant) for claimant in results.claimants
    )
    channels = _channels(results, metric, arm, actor)
    return Effect(actor, arm, chance, parameters, alignment, (first, second), channels)


def _interval(rows: pd.DataFrame) -> EffectInterval | None:
    """Return the first of the rows; None where there is none."""
    if rows.empty:
        return None
    row = rows.iloc[0]
    numbers = [float(row[name]) for name in ("mean_diff", "mc_low", "mc_high", "q05", "q95")]
    mean, mc_low, mc_high, low, high = numbers
    share = float(row["share_positive"])
    return EffectInterval(mean, mc_low, mc_high, low, high, int(row["n_pairs"]), share)


def _level(
    results: Results, frame: pd.DataFrame, metric: str, arm: str, actor: str, toward: str
) -> Level:
    """Return means in both arms: of the comparison where it has them, else of the summary.

    The whole's sympathy is in neither; it is that of the audiences, weighted by their importance
    in each arm, which an arm may change.
    """
    if actor == WHOLE and metric == "sympathy":
        parts = [_level(results, frame, metric, arm, name, toward) for name in results.audiences]
        own = _weighted_sum(results.importance_in(arm), [part.arm for part in parts])
        weights = results.importance_in(results.baseline)
        base = _weighted_sum(weights, [part.baseline for part in parts])
        if own is None or base is None:
            return Level(own, base, None)
        return Level(own, base, own - base)
    rows = first_rows(frame, metric, actor, toward)
    difference = None if rows.empty else float(rows["mean_diff"].iloc[0])
    if not rows.empty and {"mean_arm", "mean_baseline"} <= set(rows.columns):
        row = rows.iloc[0]
        return Level(float(row["mean_arm"]), float(row["mean_baseline"]), difference)
    step = int(frame["step"].iloc[0])
    own, base = (_mean(results, metric, x, actor, toward, step) for x in (arm, results.baseline))
    return Level(own, base, difference)


def _weighted_sum(weights: Mapping[str, float], values: list[float | None]) -> float | None:
    """Return the sum of weight times value; None where a value is not known, or none is there."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(weights):
        return None
    return sum(weight * value for weight, value in zip(weights.values(), known, strict=True))


def _mean(
    results: Results, metric: str, arm: str, actor: str, toward: str, step: int
) -> float | None:
    """Return the mean over the runs of one arm, from the summary; None where it is not there."""
    if not results.has("summary"):
        return None
    frame = results.cache.get(("summary", arm, step))
    if frame is None:
        frame = results.tables["summary"]
        frame = frame[(frame["arm"] == arm) & (frame["step"] == step)]
        results.cache["summary", arm, step] = frame
    rows = first_rows(frame, metric, actor, toward)
    return None if rows.empty else float(rows["mean"].iloc[0])


def _channels(results: Results, metric: str, arm: str, actor: str) -> dict[str, float]:
    """Return what the effect loses with each channel off, in the order of the model page."""
    if not results.has("channels"):
        return {}
    frame = results.tables["channels"]
    frame = frame[frame["arm"] == arm]
    if frame.empty:
        return {}
    rows = first_rows(frame[frame["step"] == step_shown(frame)], metric, actor)
    found = dict(zip(map(str, rows["channel"]), map(float, rows["mean_diff"]), strict=True))
    return {name: found[name] for name in dict.fromkeys([*CHANNELS, *found]) if name in found}
