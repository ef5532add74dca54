"""The results in plain words: the same sentences for the terminal and for the page.

Wording about the two claimants is the same in kind: exchange them in the file and the sentences
exchange their names, nothing else.
"""

from __future__ import annotations

from sim.report.effects import (
    CHANCE,
    PARAMETERS,
    WHOLE,
    Effect,
    EffectInterval,
    Level,
    effects,
    metric_of,
    rows_of,
    step_shown,
    step_words,
)
from sim.report.escaping import readable
from sim.report.layout import ReportTable, Section, in_text
from sim.report.numerals import DIGITS, FINER, join_words, level_number, number, percent, span
from sim.report.run_words import run_sections
from sim.report.sweep_words import sweep_sections
from sim.store.results import DAMAGED, MissingInputError, Results

CAUTION = (
    "This is a model, not a forecast, and no verdict on who is right: it says what follows from "
    "its assumptions."
)
ANSWERS = ("neither", "first", "second", "both")


def results_text(results: Results) -> str:
    """Return the results for a terminal, at most 100 columns wide."""
    return in_text(sections(results))


def sections(results: Results) -> list[Section]:
    """Return what the results say: of a comparison, a sweep, or one run told."""
    found: list[Section] = []
    for make in (comparison_sections, sweep_sections, run_sections):
        try:
            found += make(results)
        except (MissingInputError, *DAMAGED):
            continue  # the page lists what is missing or damaged
        if found:
            break
    if not found:
        found = [Section("Results", ["This folder holds no table that words can be made from."])]
    return [*found, Section("Keep in mind", [CAUTION])]


# A comparison


def comparison_sections(results: Results) -> list[Section]:
    """Every arm against the baseline: the first in full, the others by their whole effect."""
    rows = effects(results)
    arm, baseline = readable(results.arm), readable(results.baseline)
    first, second = results.claimants
    lead = [
        f"Alignment is half of sympathy for {first} less sympathy for {second}: +1 is wholly with "
        f"{first}, -1 wholly with {second}. Both arms of a pair share every draw of chance, so "
        f"their difference is due to the arm ({arm}) alone. Numbers are the "
        f"{step_words(results)}."
    ]
    whole = [effect for effect in rows if effect.actor == WHOLE]
    lead += [sentence(effect, results) for effect in whole]
    largest = max(
        (e for e in rows if e.actor != WHOLE), key=lambda e: abs(mean_of(e)), default=None
    )
    if largest is not None:
        lead.append(f"The largest effect: {sentence(largest, results)}")
    sections = [
        Section(f"{arm} against {baseline}".capitalize(), lead),
        Section(
            "How sure, and who answered what",
            [*answer_words(results), *pair_words(results)],
        ),
        Section(
            "Capital by capital", [],
            tuple(sentence(e, results) for e in rows if e.actor != WHOLE),
            (levels_table(rows, results), spread_table(rows), *channel_table(rows)),
        ),
    ]  # fmt: skip
    others = [other_arm(results, name) for name in results.arms[1:-1]]
    items = [text for text in others if text]
    if items:
        sections.append(Section("Other arms", [], tuple(items)))
    return sections


def mean_of(effect: Effect) -> float:
    """The effect as a number; 0 where there is none."""
    return effect.main.mean if effect.main else 0.0


def sentence(effect: Effect, results: Results) -> str:
    """One audience, or the whole, in plain words."""
    first, second = results.claimants
    place = "All audiences, weighted by importance" if effect.actor == WHOLE else effect.actor
    main, arm = effect.main, readable(effect.arm)
    if main is None:
        return f"{place}: no pairs."
    parts = [
        f"{place}: alignment with {first} {change_words(main.mean, first, second)} under {arm} "
        f"(Monte Carlo interval of the mean {number(main.mc_low)} to {number(main.mc_high)}, "
        f"{main.pairs:,} pairs)"
    ]
    if effect.chance:
        low, high = number(effect.chance.low), number(effect.chance.high)
        parts.append(f"chance alone spreads single pairs from {low} to {high} (5 to 95\u00a0%)")
    if effect.parameters:
        parts.append(unknown_words(effect.parameters, main.mean))
    if effect.channels:
        named = ", ".join(f"{name} {number(value)}" for name, value in effect.channels.items())
        parts.append(f"of it {named}")
    text = "; ".join(parts) + "."
    levels = [
        level_words(name, level, effect.arm, results.baseline)
        for name, level in zip(results.claimants, effect.sympathies, strict=True)
    ]
    known = [words for words in levels if words]
    return text + (f" Sympathy {'; '.join(known)}." if known else "")


def change_words(value: float, first: str, second: str) -> str:
    """`lower by 0.040, toward Pakistan`."""
    if abs(value) < 0.5 * 10.0**-FINER:
        return "unchanged"
    way, to = ("higher", first) if value > 0 else ("lower", second)
    return f"{way} by {number(abs(value))}, toward {to},"


def unknown_words(spread: EffectInterval, mean: float) -> str:
    """How far the effect ranges over what we do not know, and how often it has the same sign."""
    share = spread.share_positive if mean > 0 else 1.0 - spread.share_positive
    way = "higher" if mean > 0 else "lower"
    return (
        f"over everything we do not know, from {number(spread.low)} to {number(spread.high)} "
        f"(5 to 95\u00a0%), {way} in {percent(share)} of draws"
    )


def level_words(name: str, level: Level, arm: str, baseline: str) -> str:
    """`for India 0.142 against 0.168 under no mediation, difference -0.026`."""
    if level.arm is None or level.baseline is None:
        return (
            "" if level.difference is None else f"for {name} differs by {number(level.difference)}"
        )
    gap = level.difference if level.difference is not None else level.arm - level.baseline
    return (
        f"for {name} {level.arm:.{DIGITS}f} against {level.baseline:.{DIGITS}f} under "
        f"{readable(baseline)}, difference {number(gap)}"
    )


def answer_words(results: Results) -> list[str]:
    """Who accepted, in which share of pairs, and the effect in each case."""
    first, second = results.claimants
    named = {
        "neither": "neither accepts",
        "first": f"only {first} accepts",
        "second": f"only {second} accepts",
        "both": "both accept",
    }
    found = []
    for uncertainty, heading in (
        (CHANCE, "With the parameters held"),
        (PARAMETERS, f"With the parameters drawn{held_words(results)}"),
    ):
        shares = answer_shares(results, uncertainty)
        if not shares:
            continue
        parts = [
            f"{named[name]} in {percent(share)} of pairs"
            + (f" (effect on the whole {number(effect)})" if effect is not None else "")
            for name, (share, effect) in shares.items()
        ]
        found.append(f"{heading}, {join_words(parts)}.")
    return found


def held_words(results: Results) -> str:
    """Which parameters were held where the others were drawn, or ""."""
    held = results.manifest.get("held")
    return f" ({join_words([readable(str(name)) for name in held])} held)" if held else ""


def answer_shares(results: Results, uncertainty: str) -> dict[str, tuple[float, float | None]]:
    """Share of pairs, and the mean effect on the whole, by who accepted."""
    frame = results.table("comparison")
    frame = frame[frame["arm"] == results.arm]
    frame = frame[frame["step"] == step_shown(frame)]
    rows = rows_of(frame, metric_of(WHOLE), WHOLE, "", uncertainty)
    counts = {
        name: rows[rows["answers"] == name] for name in ANSWERS if (rows["answers"] == name).any()
    }
    total = sum(int(part["n_pairs"].iloc[0]) for part in counts.values())
    if total:
        return {
            name: (int(part["n_pairs"].iloc[0]) / total, float(part["mean_diff"].iloc[0]))
            for name, part in counts.items()
        }
    if not results.has("runs"):
        return {}
    runs = results.tables["runs"]
    runs = runs[(runs["arm"] == results.arm) & (runs["uncertainty"] == uncertainty)]
    given = runs["answers"].value_counts(normalize=True)
    return {name: (float(given[name]), None) for name in ANSWERS if name in given}


def pair_words(results: Results) -> list[str]:
    """What pairing is worth, when the arms part, and how many pairs a precision needs."""
    frame = results.table("comparison")
    frame = frame[(frame["arm"] == results.arm) & (frame["answers"] == "any")]
    frame = frame[frame["step"] == step_shown(frame)]
    rows = rows_of(frame, metric_of(WHOLE), WHOLE, "", CHANCE)
    if rows.empty:
        return []
    row, found = rows.iloc[0], []
    step = row["first_divergence_step"]
    if step == step and step >= 0:
        day = results.day(int(step))
        when = f"{day.isoformat()} (day {int(step)})" if day else f"day {int(step)}"
        found.append(
            f"No pair differs in alignment before {when}; until then the arms are as one."
        )
    elif step == step:
        found.append("No pair ever differs in alignment.")
    correlation, factor = float(row["pair_correlation"]), worth(float(row["variance_reduction"]))
    if correlation == correlation and factor == factor:
        found.append(
            f"The two runs of a pair go together (correlation {correlation:.2f}): the pairs "
            f"settle the mean as well as {factor:.3g} times as many unpaired runs would."
        )
    needed = pairs_needed(results)
    if needed:
        found.append(needed)
    return found


def worth(reduction: float) -> float:
    """How many unpaired runs a paired one is worth; nan where pairing removes all variance."""
    return 1.0 / (1.0 - reduction) if reduction < 1.0 else float("nan")


def pairs_needed(results: Results) -> str:
    """How many pairs the asked precision needs, as far as the manifest says."""
    needed = results.manifest.get("pairs_needed")
    precision = results.manifest.get("precision")
    if isinstance(needed, dict):
        needed = needed.get(f"{results.arm} {CHANCE}")
    if not isinstance(needed, (int, float)) or isinstance(needed, bool):
        return ""
    asked = (
        f"of plus or minus {precision:g}"
        if isinstance(precision, (int, float))
        else "of the asked precision"
    )
    return (
        f"An interval {asked} around every capital's mean needs {int(needed):,} pairs (chance "
        "alone)."
    )


def other_arm(results: Results, arm: str) -> str:
    """The whole effect of a further arm."""
    try:
        rows = effects(results, arm)
    except MissingInputError:
        return ""
    when = step_words(results, arm)
    return f"{readable(arm)} ({when}): {sentence(rows[0], results)}" if rows else ""


def levels_table(rows: list[Effect], results: Results) -> ReportTable:
    """Both claimants' levels in both arms, and their difference."""
    first, second = results.claimants
    arm, baseline = readable(results.arm), readable(results.baseline)
    head = ("", *(f"{name}: {what}" for name in (first, second) for what in ("with", "without",
            "difference")))  # fmt: skip
    body = []
    for effect in rows:
        cells = [place(effect)]
        for level in effect.sympathies:
            cells += [
                level_number(level.arm), level_number(level.baseline), number(level.difference)
            ]  # fmt: skip
        body.append(tuple(cells))
    return ReportTable(f"Sympathy for each side with {arm} and without ({baseline})", head, body)


def spread_table(rows: list[Effect]) -> ReportTable:
    """The effect on alignment and its three kinds of spread."""
    body = []
    for effect in rows:
        main, chance, drawn = effect.main, effect.chance, effect.parameters
        body.append((
            place(effect), number(main.mean if main else None),
            span(main.mc_low, main.mc_high) if main else "-",
            span(chance.low, chance.high) if chance else "-",
            span(drawn.low, drawn.high) if drawn else "-",
            percent(1.0 - drawn.share_positive) if drawn else "-",
        ))  # fmt: skip
    head = ("", "effect", "interval of mean", "chance: 5 to 95 %", "not known: 5 to 95 %",
            "lower in")  # fmt: skip
    return ReportTable("Effect on alignment (arm less baseline)", head, body)


def channel_table(rows: list[Effect]) -> list[ReportTable]:
    """The effect and what it loses with each channel off."""
    names = list(rows[0].channels) if rows else []
    if not names:
        return []
    body = [
        (place(e), number(mean_of(e)), *(number(e.channels.get(name)) for name in names))
        for e in rows
    ]
    caption = "Channels: what the effect on alignment loses when one is off, both answers held"
    return [ReportTable(caption, ("", "whole", *names), body)]


def place(effect: Effect) -> str:
    """The name in a table."""
    return "All, by importance" if effect.actor == WHOLE else effect.actor
