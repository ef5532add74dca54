"""The paired effect as rows: one per audience and one for the weighted whole.

Figures, words and the page all read the effect from here. It is the difference in alignment, arm
less baseline, pair by pair under common random numbers, as comparison.csv has it; nothing is
estimated here. The effect at each point of a sweep is in ``points``.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.store.results import OFFER_MEAN, MissingInputError, Results

WHOLE = ""  # the actor of the weighted whole
CHANCE, PARAMETERS = "chance", "parameters"


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
    """One quantity in both arms, and its paired difference."""

    arm: float
    baseline: float
    difference: float


class Effect(NamedTuple):
    """What the arm changes at one audience, or in the weighted whole (actor "").

    Attributes
    ----------
    actor, arm
        The audience and the arm that is compared with the baseline.
    main
        The difference in alignment, to quote first: ``chance`` or else ``parameters``.
    chance
        The same with the parameters held; None if that was not run.
    parameters
        The same with the parameters drawn too; None if that was not run.
    alignment
        Alignment in both arms, from -1 to +1.
    sympathies
        Sympathy for each claimant in both arms, in file order.
    channels
        What the effect loses with each channel of mediation off; empty if that was not run.
    """

    actor: str
    arm: str
    main: EffectInterval
    chance: EffectInterval | None
    parameters: EffectInterval | None
    alignment: Level
    sympathies: tuple[Level, Level]
    channels: dict[str, float]


def metric_of(actor: str) -> str:
    """Return the metric of an effect: the whole's is `lead`, an audience's `alignment`."""
    return "lead" if actor == WHOLE else "alignment"


def step_shown(frame: pd.DataFrame) -> int:
    """Return the step to quote: the mean over the days the offer acts, or else the last."""
    steps = frame["step"]
    return OFFER_MEAN if bool((steps == OFFER_MEAN).any()) else int(steps.max())


def rows_shown(results: Results, arm: str) -> pd.DataFrame:
    """Return the comparison's rows of an arm over all answers, at the step to quote."""
    frame = results.table("comparison")
    frame = frame[(frame["arm"] == arm) & (frame["answers"] == "any")]
    return frame if frame.empty else frame[frame["step"] == step_shown(frame)]


def step_words(results: Results, arm: str = "") -> str:
    """Return which days the quoted numbers are of; ``arm`` is by default the first."""
    frame = results.table("comparison")
    return days_words(results, step_shown(frame[frame["arm"] == (arm or results.arm)]))


def days_words(results: Results, step: int) -> str:
    """Return which days a step stands for: those of the offer, or the last."""
    if step == OFFER_MEAN:
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
    if ("effects", arm) not in results.cache:
        frame = rows_shown(results, arm)
        if frame.empty:
            raise MissingInputError("comparison.csv has no rows over all answers")
        actors = (WHOLE, *results.audiences)
        made = [_effect(results, frame, arm, actor) for actor in actors]
        results.cache["effects", arm] = [effect for effect in made if effect is not None]
    found = list(results.cache["effects", arm])
    if order == "size":
        found[1:] = sorted(found[1:], key=lambda effect: effect.main.mean)
    return found


def _effect(results: Results, frame: pd.DataFrame, arm: str, actor: str) -> Effect | None:
    """Return the effect at one actor, of rows of the comparison; None where these have none."""
    metric = metric_of(actor)
    chance, parameters = (
        _interval(rows_of(frame, metric, actor, "", kind)) for kind in (CHANCE, PARAMETERS)
    )
    main = chance or parameters
    if main is None:
        return None
    alignment = _level(frame, metric, actor, "")
    first, second = (_sympathy(results, frame, arm, actor, one) for one in results.claimants)
    channels = _channels(results, metric, arm, actor)
    return Effect(actor, arm, main, chance, parameters, alignment, (first, second), channels)


def _interval(rows: pd.DataFrame) -> EffectInterval | None:
    """Return the first of the rows; None where there is none."""
    if rows.empty:
        return None
    row = rows.iloc[0]
    numbers = [float(row[name]) for name in ("mean_diff", "mc_low", "mc_high", "q05", "q95")]
    mean, mc_low, mc_high, low, high = numbers
    share = float(row["share_positive"])
    return EffectInterval(mean, mc_low, mc_high, low, high, int(row["n_pairs"]), share)


def _level(frame: pd.DataFrame, metric: str, actor: str, toward: str) -> Level:
    """Return the means over the pairs in both arms, and that of their difference."""
    row = first_rows(frame, metric, actor, toward).iloc[0]
    return Level(float(row["mean_arm"]), float(row["mean_baseline"]), float(row["mean_diff"]))


def _sympathy(results: Results, frame: pd.DataFrame, arm: str, actor: str, claimant: str) -> Level:
    """Return the sympathy for a claimant.

    The whole's is in no table; it is that of the audiences, weighted by their importance in each
    arm, which an arm may change.
    """
    if actor != WHOLE:
        return _level(frame, "sympathy", actor, claimant)
    parts = [_level(frame, "sympathy", audience, claimant) for audience in results.audiences]
    weights, base_weights = map(results.importance_in, (arm, results.baseline))
    own = sum(w * part.arm for w, part in zip(weights.values(), parts, strict=True))
    base = sum(w * part.baseline for w, part in zip(base_weights.values(), parts, strict=True))
    return Level(own, base, own - base)


def _channels(results: Results, metric: str, arm: str, actor: str) -> dict[str, float]:
    """Return what the effect loses with each channel off, in the order of the model page."""
    if not results.has("channels"):
        return {}
    frame = results.tables["channels"]
    frame = frame[frame["arm"] == arm]
    if frame.empty:
        return {}
    rows = first_rows(frame[frame["step"] == step_shown(frame)], metric, actor)
    return dict(zip(map(str, rows["channel"]), map(float, rows["mean_diff"]), strict=True))
