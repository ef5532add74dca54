"""The results in plain words: the same sentences for the terminal and for the page.

Wording about the two claimants is the same in kind: exchange them in the file and the sentences
exchange their names, nothing else.
"""

from __future__ import annotations

from pathlib import Path

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
from sim.report.folder import DAMAGED, MissingInputError, RunFolder, found_key, read
from sim.report.layout import ReportTable, Section, in_text
from sim.report.numerals import DIGITS, FINER, join_words, level_number, number, percent, span
from sim.report.run_words import told
from sim.report.sweep_words import swept

CAUTION = (
    "This is a model, not a forecast, and no verdict on who is right: it says what follows from "
    "its assumptions."
)
ANSWERS = ("neither", "first", "second", "both")


def comparison_text(folder: Path) -> str:
    """The results of a run folder for a terminal, at most 100 columns wide."""
    return in_text(sections(read(folder)))


def sections(folder: RunFolder) -> list[Section]:
    """What a folder says: a comparison, a sweep, or one run told."""
    found: list[Section] = []
    for make in (compared, swept, told):
        try:
            found += make(folder)
        except (MissingInputError, *DAMAGED):
            continue  # the page lists what is missing or damaged
        if found:
            break
    if not found:
        found = [Section("Results", ["This folder holds no table that words can be made from."])]
    return [*found, Section("Keep in mind", [CAUTION])]


# A comparison


def compared(folder: RunFolder) -> list[Section]:
    """Every arm against the baseline: the first in full, the others by their whole effect."""
    rows = effects(folder)
    arm, baseline = readable(folder.arm), readable(folder.baseline)
    first, second = folder.claimants
    lead = [
        f"Alignment is half of sympathy for {first} less sympathy for {second}: +1 is wholly with "
        f"{first}, -1 wholly with {second}. Both arms of a pair share every draw of chance, so "
        f"their difference is due to the arm ({arm}) alone. Numbers are the "
        f"{step_words(folder)}."
    ]
    whole = [effect for effect in rows if effect.actor == WHOLE]
    lead += [sentence(effect, folder) for effect in whole]
    largest = max(
        (e for e in rows if e.actor != WHOLE), key=lambda e: abs(mean_of(e)), default=None
    )
    if largest is not None:
        lead.append(f"The largest effect: {sentence(largest, folder)}")
    sections = [
        Section(f"{arm} against {baseline}".capitalize(), lead),
        Section(
            "How sure, and who answered what",
            [*answer_words(folder), *pair_words(folder)],
        ),
        Section(
            "Capital by capital", [],
            tuple(sentence(e, folder) for e in rows if e.actor != WHOLE),
            (levels_table(rows, folder), spread_table(rows), *channel_table(rows)),
        ),
    ]  # fmt: skip
    others = [other_arm(folder, name) for name in folder.arms[1:-1]]
    items = [text for text in others if text]
    if items:
        sections.append(Section("Other arms", [], tuple(items)))
    return sections


def mean_of(effect: Effect) -> float:
    """The effect as a number; 0 where there is none."""
    return effect.main.mean if effect.main else 0.0


def sentence(effect: Effect, folder: RunFolder) -> str:
    """One audience, or the whole, in plain words."""
    first, second = folder.claimants
    place = "All audiences, weighted by importance" if effect.actor == WHOLE else effect.actor
    main, arm = effect.main, readable(effect.arm)
    if main is None:
        return f"{place}: no pairs."
    parts = [
        f"{place}: alignment with {first} {moved(main.mean, first, second)} under {arm} "
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
        level_words(name, level, effect.arm, folder.baseline)
        for name, level in zip(folder.claimants, effect.sympathies, strict=True)
    ]
    known = [words for words in levels if words]
    return text + (f" Sympathy {'; '.join(known)}." if known else "")


def moved(value: float, first: str, second: str) -> str:
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


def answer_words(folder: RunFolder) -> list[str]:
    """Who accepted, in which share of pairs, and the effect in each case."""
    first, second = folder.claimants
    named = {
        "neither": "neither accepts",
        "first": f"only {first} accepts",
        "second": f"only {second} accepts",
        "both": "both accept",
    }
    found = []
    for uncertainty, heading in (
        (CHANCE, "With the parameters held"),
        (PARAMETERS, f"With the parameters drawn{held_words(folder)}"),
    ):
        shares = answer_shares(folder, uncertainty)
        if not shares:
            continue
        parts = [
            f"{named[name]} in {percent(share)} of pairs"
            + (f" (effect on the whole {number(effect)})" if effect is not None else "")
            for name, (share, effect) in shares.items()
        ]
        found.append(f"{heading}, {join_words(parts)}.")
    return found


def held_words(folder: RunFolder) -> str:
    """Which parameters were held where the others were drawn, or ""."""
    held = folder.manifest.get("held")
    return f" ({join_words([readable(str(name)) for name in held])} held)" if held else ""


def answer_shares(folder: RunFolder, uncertainty: str) -> dict[str, tuple[float, float | None]]:
    """Share of pairs, and the mean effect on the whole, by who accepted."""
    frame = folder.table("comparison")
    frame = frame[frame["arm"] == folder.arm]
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
    if not folder.has("runs"):
        return {}
    runs = folder.tables["runs"]
    runs = runs[(runs["arm"] == folder.arm) & (runs["uncertainty"] == uncertainty)]
    given = runs["answers"].value_counts(normalize=True)
    return {name: (float(given[name]), None) for name in ANSWERS if name in given}


def pair_words(folder: RunFolder) -> list[str]:
    """What pairing is worth, when the arms part, and how many pairs a precision needs."""
    frame = folder.table("comparison")
    frame = frame[(frame["arm"] == folder.arm) & (frame["answers"] == "any")]
    frame = frame[frame["step"] == step_shown(frame)]
    rows = rows_of(frame, metric_of(WHOLE), WHOLE, "", CHANCE)
    if rows.empty:
        return []
    row, found = rows.iloc[0], []
    step = row["first_divergence_step"]
    if step == step and step >= 0:
        day = folder.day(int(step))
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
    needed = pairs_needed(folder)
    if needed:
        found.append(needed)
    return found


def worth(reduction: float) -> float:
    """How many unpaired runs a paired one is worth; nan where pairing removes all variance."""
    return 1.0 / (1.0 - reduction) if reduction < 1.0 else float("nan")


def pairs_needed(folder: RunFolder) -> str:
    """How many pairs the asked precision needs, as far as the manifest says."""
    needed = found_key(folder.manifest, "pairs_needed")
    precision = found_key(folder.manifest, "precision")
    if isinstance(needed, dict):
        needed = needed.get(f"{folder.arm} {CHANCE}")
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


def other_arm(folder: RunFolder, arm: str) -> str:
    """The whole effect of a further arm."""
    try:
        rows = effects(folder, arm)
    except MissingInputError:
        return ""
    when = step_words(folder, arm)
    return f"{readable(arm)} ({when}): {sentence(rows[0], folder)}" if rows else ""


def levels_table(rows: list[Effect], folder: RunFolder) -> ReportTable:
    """Both claimants' levels in both arms, and their difference."""
    first, second = folder.claimants
    arm, baseline = readable(folder.arm), readable(folder.baseline)
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
