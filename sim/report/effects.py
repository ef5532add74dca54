"""The paired effect as rows: one per audience and one for the weighted whole.

Figures, words and the page all read the effect from here. It is the difference in alignment, arm
less baseline, pair by pair under common random numbers, as comparison.csv has it; nothing is
estimated here. The effect at each point of a sweep is in ``points``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from sim.store.results import OFFER_MEAN, MissingInputError, Results, unique_texts

WHOLE = ""  # the actor of the weighted whole
CHANCE, PARAMETERS = "chance", "parameters"
Row = Mapping[Any, Any]
Quantities = dict[tuple[str, ...], Row]
Channels = dict[tuple[str, ...], dict[str, float]]


class SignShares(NamedTuple):
    """In which shares of the pairs something is lower, unchanged (exactly equal) and higher.

    Where a folder is of a version that did not count equal pairs apart, the first two are NaN.
    """

    lower: float
    unchanged: float
    higher: float


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
    shares
        Of pairs by the sign of the difference.
    """

    mean: float
    mc_low: float
    mc_high: float
    low: float
    high: float
    pairs: int
    shares: SignShares


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


def rows_shown(results: Results, arm: str, table: str = "comparison") -> pd.DataFrame:
    """Return the rows of an arm at the step to quote.

    That is the mean over the days on which the offer acts, or else the last day.
    """
    rows = _rows_at(results, arm, table, over_offer=True)
    return rows if len(rows) else last_day_rows(results, arm, table)


def last_day_rows(results: Results, arm: str, table: str = "comparison") -> pd.DataFrame:
    """Return the rows of an arm on the last day; points of a sweep may each have their own."""
    return _rows_at(results, arm, table, over_offer=False)


def _rows_at(results: Results, arm: str, table: str, over_offer: bool) -> pd.DataFrame:
    """Long tables are cut to these steps once, since texts are compared slowly."""
    key = "step", table, over_offer
    if key not in results.cache:
        frame = results.table(table)
        steps = frame["step"]
        last = steps.groupby(frame["point"]).transform("max") if "point" in frame else steps.max()
        results.cache[key] = frame[steps == (OFFER_MEAN if over_offer else last)]
    at_step: pd.DataFrame = results.cache[key]
    return at_step[at_step["arm"] == arm]


def over_all_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are of every pair, whoever accepted."""
    return rows[rows["answers"] == "any"]


def pairs_without_effect(results: Results, arm: str, uncertainty: str) -> tuple[int, int]:
    """Return how many pairs have no effect at the step shown, and how many pairs there are.

    Where no offer is made there are no days on which one acts; the last day has every pair.
    """
    found = []
    last = results.table("comparison")
    for rows in (rows_shown(results, arm), last[last["arm"] == arm]):
        own = rows_of(over_all_answers(rows), metric_of(WHOLE), WHOLE, "", uncertainty)
        found.append(int(own["n_pairs"].max()) if len(own) else 0)
    return found[1] - found[0], found[1]


def step_words(results: Results, arm: str = "") -> str:
    """Return what the quoted numbers are, of which days; ``arm`` is by default the first."""
    arm = arm or results.arm
    rows = rows_shown(results, arm)
    return days_words(is_over_offer(rows), last_dates(results, rows), which_offer(results, arm))


def which_offer(results: Results, arm: str) -> str:
    """Return whose days means over an offer's days are of: `the first of 2 offers`."""
    fewest, most = offer_counts(results, arm)
    if most == 1:
        return "the offer"
    return f"the first of {'up to ' * (fewest < most)}{most} offers"


def offer_counts(results: Results, arm: str) -> tuple[int, int]:
    """Return the fewest and the most offers of the runs of an arm that have one; 1 if unknown."""
    if ("offers", arm) not in results.cache:
        runs, counts = results.tables.get("runs"), [1]
        if runs is not None and "offers" in runs:
            made = runs.loc[(runs["arm"] == arm) & (runs["offers"] > 0), "offers"]
            counts = [int(n) for n in made.unique()] or [1]
        results.cache["offers", arm] = min(counts), max(counts)
    found: tuple[int, int] = results.cache["offers", arm]
    return found


def is_over_offer(rows: pd.DataFrame) -> bool:
    """Return whether rows that are shown are means over the days of the offer."""
    return bool(rows["step"].iloc[0] == OFFER_MEAN)


def last_dates(results: Results, rows: pd.DataFrame) -> list[str]:
    """Return the different dates of rows of the last day."""
    if "date" in rows:
        return unique_texts(rows["date"])
    day = results.day(results.steps)
    return [day.isoformat()] if day else []


def days_words(over_offer: bool, dates: Sequence[str], offer: str) -> str:
    """Return what numbers are, as ends `numbers are ...`; ``dates`` are those of the last day."""
    if over_offer:
        return f"means over the days on which {offer} acts"
    if len(dates) > 1:
        return "those of the last day of each point"
    return ", ".join(["those of the last day", *filter(None, dates)])


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
        rows = over_all_answers(rows_shown(results, arm))
        if rows.empty:
            raise MissingInputError("comparison.csv has no rows over all answers")
        known, channels = _by_quantity(rows), _channels(results, arm)
        actors = (WHOLE, *results.audiences)
        made = [_effect(results, known, channels, arm, actor) for actor in actors]
        results.cache["effects", arm] = [effect for effect in made if effect is not None]
    found = list(results.cache["effects", arm])
    if order == "size":
        found[1:] = sorted(found[1:], key=lambda effect: effect.main.mean)
    return found


def _by_quantity(rows: pd.DataFrame) -> Quantities:
    """Return the rows by metric, actor, toward and kind of uncertainty; the first of each."""
    found: Quantities = {}
    for row in rows.to_dict("records"):
        key = row["metric"], row["actor"], row["toward"], row["uncertainty"]
        found.setdefault(key, row)
    return found


def _effect(
    results: Results, known: Quantities, channels: Channels, arm: str, actor: str
) -> Effect | None:
    """Return the effect at one actor; None where there are no rows of it."""
    metric = metric_of(actor)
    chance, parameters = (
        _interval(known.get((metric, actor, "", kind))) for kind in (CHANCE, PARAMETERS)
    )
    main = chance or parameters
    if main is None:
        return None
    alignment = _level(known, metric, actor, "")
    first, second = (_sympathy(results, known, arm, actor, one) for one in results.claimants)
    lost = channels.get((metric, actor, CHANCE)) or channels.get((metric, actor, PARAMETERS), {})
    return Effect(actor, arm, main, chance, parameters, alignment, (first, second), lost)


def _interval(row: Row | None) -> EffectInterval | None:
    """Return a row as an interval; None where there is none."""
    if row is None:
        return None
    numbers = [float(row[name]) for name in ("mean_diff", "mc_low", "mc_high", "q05", "q95")]
    mean, mc_low, mc_high, low, high = numbers
    ways = ("share_negative", "share_unchanged", "share_positive")
    shares = SignShares(*(float(row.get(name, math.nan)) for name in ways))
    return EffectInterval(mean, mc_low, mc_high, low, high, int(row["n_pairs"]), shares)


def _level(known: Quantities, metric: str, actor: str, toward: str) -> Level:
    """Return the means over the pairs in both arms, and that of their difference."""
    key = metric, actor, toward
    row = known.get((*key, CHANCE)) or known[(*key, PARAMETERS)]
    return Level(float(row["mean_arm"]), float(row["mean_baseline"]), float(row["mean_diff"]))


def _sympathy(results: Results, known: Quantities, arm: str, actor: str, claimant: str) -> Level:
    """Return the sympathy for a claimant.

    The whole's is in no table; it is that of the audiences, weighted by their importance in each
    arm, which an arm may change.
    """
    if actor != WHOLE:
        return _level(known, "sympathy", actor, claimant)
    parts = [_level(known, "sympathy", audience, claimant) for audience in results.audiences]
    weights, base_weights = map(results.importance_in, (arm, results.baseline))
    own = sum(w * part.arm for w, part in zip(weights.values(), parts, strict=True))
    base = sum(w * part.baseline for w, part in zip(base_weights.values(), parts, strict=True))
    return Level(own, base, own - base)


def _channels(results: Results, arm: str) -> Channels:
    """Return what effects lose with each channel off, in the order of the model page."""
    found: Channels = {}
    if results.has("channels"):
        for row in rows_shown(results, arm, "channels").to_dict("records"):
            key = row["metric"], row["actor"], row["uncertainty"]
            if row["toward"] == "":
                found.setdefault(key, {})[str(row["channel"])] = float(row["mean_diff"])
    return found
