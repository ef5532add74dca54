"""A sweep in plain words: the effect over all points, and along each key."""

from __future__ import annotations

import pandas as pd

from sim.report.effects import CHANCE
from sim.report.escaping import plain, quoted, readable
from sim.report.layout import Section
from sim.report.numerals import in_points, join_words, number, span
from sim.report.points import (
    effect_days,
    effects_are_over_offer,
    effects_at_points,
    holds_numbers,
    overall_effect,
    trend,
)
from sim.running.sweeps.missing import NO_DAYS, NoEffect
from sim.scenario.assignments import setting_text
from sim.scenario.error_texts import count_of
from sim.store.results import MissingInputError, Results


def sweep_sections(results: Results) -> list[Section]:
    """How the whole effect of the first arm moves along each swept key, and that of the others.

    Raises
    ------
    MissingInputError
        Where nothing was swept, or neither the comparison nor the runs have the effect.
    """
    if not results.swept:
        raise MissingInputError("nothing was swept")
    rows = effects_at_points(results)
    if rows.empty:
        raise MissingInputError("no rows of the whole")
    first, second = results.sides
    there = rows[rows["n_pairs"] > 0]
    fewest, most = int(there["n_pairs"].min()), int(there["n_pairs"].max())
    each = count_of(most, "pair") if fewest == most else f"{fewest:,} to {most:,} pairs"
    lead = [
        f"The sweep of {join_words(list(results.swept))} has {count_of(len(rows), 'point')}, "
        f"{each} at each{' that has the effect' if len(there) < len(rows) else ''}. The effect is "
        f"that of {quoted(results.arm_title)} against {quoted(results.baseline_title)} on the "
        "alignment of all audiences, weighted by importance: above 0 is toward "
        f"{first}, below 0 toward "
        f"{second}. Numbers are {effect_days(results)}.",
        *missing_words(results, rows),
        overall_words(results, there),
    ]
    if not results.has("comparison"):
        lead.append(
            "So many points have no tables of their own; runs.parquet has every run. `narrate "
            "discover DIR` looks through them for the conditions under which the effect goes one "
            "way or the other."
        )
    items = [trend_words(trend(rows, name), rows, name) for name in results.swept]
    told = Section("How the effect depends on what was swept", lead, tuple(filter(None, items)))
    others = tuple(other_arm(results.of_arm(name)) for name in results.arms[1:-1])
    return [told, Section("Other arms", [], others)] if others else [told]


def other_arm(results: Results) -> str:
    """The effect of a further arm over all points, with its days, for it may have no offer."""
    name = f"The arm {quoted(results.arm_title)}"
    try:
        rows = effects_at_points(results)
    except MissingInputError:
        rows = pd.DataFrame()
    if rows.empty:
        return f"{name}: No pair has an effect on the whole."
    said = [f"Numbers are {effect_days(results)}.", *missing_words(results, rows)]
    return f"{name}: {' '.join([*said, overall_words(results, rows[rows['n_pairs'] > 0])])}"


def missing_words(results: Results, rows: pd.DataFrame) -> list[str]:
    """At how many points no pair has the effect, or only some; nothing where all have it."""
    said = []
    if unmoved := int(rows["unmoved"].sum()):
        said.append(str(NoEffect(len(rows), unmoved, 0)))
    asked = results.manifest.get("replicates")
    if results.manifest.get("until") or asked is None:
        asked = int(rows["n_pairs"].max())
    never = int((rows["n_pairs"] == 0).sum())
    sometimes = int((rows["n_pairs"] < asked).sum()) - never
    if not never + sometimes:
        return said
    arm, total = plain(results.arm_title), f"of {count_of(len(rows), 'point')}"
    counts = {"no pair has": never, "only some pairs have": sometimes}
    said += [
        f"Under {arm} {which} this effect at {count:,} {total}."
        for which, count in counts.items()
        if count
    ]
    if effects_are_over_offer(results):
        said.append(NO_DAYS)
    said.append(
        "Pairs without it are in none of the numbers here, which say nothing of what decides "
        "whether there is an effect."
    )
    return [" ".join(said)]


def overall_words(results: Results, rows: pd.DataFrame) -> str:
    """The effect over all points, how far it is settled, and at how many it has which sign.

    Parameters
    ----------
    rows
        One row a point that has the effect, as ``points.effects_at_points`` has them. Of a single
        one its pairs are told instead of the spread from point to point.
    """
    found = overall_effect(results)
    mean = float(rows["mean_diff"].mean()) if found is None else found.mean
    said = "The mean effect" if len(rows) == 1 else "The mean effect over all points"
    said += f" is {number(mean)}, {in_points(mean)} of net opinion"
    if found is not None and found.replicates > 1:
        of = (
            f", of the {count_of(found.replicates, 'replicate')} that every point has"
            if found.others
            else ""
        )
        said += f" (Monte Carlo interval of the mean {span(found.mc_low, found.mc_high)}{of})"
    elif found is not None:
        said += " (of one replicate: how far chance would move it is not known)"
    elif results.has("runs"):
        said += (
            " (no replicate is there at every point: how far chance would move it is not known)"
        )
    if len(rows) == 1:
        row = rows.iloc[0]
        held = "parameters held" if row["uncertainty"] == CHANCE else "parameters drawn too"
        spread = span(row["q05"], row["q95"])
        return f"{said}; single pairs spread from {spread} (5 to 95\u00a0%, {held})."
    means = rows["mean_diff"]
    counts = {
        "below 0": int((means < 0).sum()),
        "exactly 0": int((means == 0).sum()),
        "above 0": int((means > 0).sum()),
    }
    where = join_words([f"{what} at {count:,}" for what, count in counts.items() if count])
    said += (
        f"; from point to point it ranges from {span(float(means.min()), float(means.max()))}. "
        f"Of {count_of(len(rows), 'point')} it is {where}"
    )
    clear = [int((rows["mc_high"] < 0).sum()), int((rows["mc_low"] > 0).sum())]
    if rows["mc_low"].notna().any():
        said += f"; its interval lies wholly below 0 at {clear[0]:,}, wholly above at {clear[1]:,}"
    return said + "."


def trend_words(along: pd.DataFrame, rows: pd.DataFrame, name: str) -> str:
    """How the effect goes along one key; nothing of a key with one value.

    Parameters
    ----------
    along
        The mean effect along the key, as ``points.trend`` has it: by size for numbers, and for
        very many of them by tenths of the points.
    rows
        One row a point.
    name
        The key. Numbers have a way to go, names are listed.
    """
    means = along["mean_diff"]
    if len(along) < 2:
        return ""
    others = ", a mean over the others" if len(rows) > len(along) else ""
    if not holds_numbers(along[name]):
        parts = [
            f"{number(mean) if mean == mean else 'not known'} for {readable(setting_text(value))}"
            for value, mean in zip(along[name], means, strict=True)
        ]
        return f"{name}: The effect on alignment is {join_words(parts)}{others}."
    lost = along[name][means.isna()]
    along = along[means.notna()]
    means = along["mean_diff"]
    low, high = (f"{value:.3g}" for value in (rows[name].min(), rows[name].max()))
    if len(lost):
        low, high = (f"{value:.3g}" for value in (along[name].min(), along[name].max()))
    if rows[name].nunique() > len(along) + len(lost):
        others = f", each a mean over a tenth of the points by {name}"
    begin, end = (number(float(means.iloc[place])) for place in (0, -1))
    lowest, highest = number(float(means.min())), number(float(means.max()))
    return (
        f"{name} from {low} to {high}: The effect on alignment goes from {begin} to {end} "
        f"(between {lowest} and {highest} on the way{others})."
        + (
            f" At {join_words([f'{value:.3g}' for value in lost])} none is known."
            if len(lost)
            else ""
        )
    )
