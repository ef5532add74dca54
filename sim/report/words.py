"""The results in plain words: the same sentences for the terminal and for the page.

Wording about the two claimants is the same in kind: exchange them in the file and the sentences
exchange their names, nothing else.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.report.effects import (
    CHANCE,
    PARAMETERS,
    WHOLE,
    Effect,
    Interval,
    Level,
    effects,
    metric_of,
    rows_of,
    step_shown,
    step_words,
)
from sim.report.escaping import marked_up, plain, readable
from sim.report.folder import (
    DAMAGED,
    OFFER_MEAN,
    MissingInputError,
    RunFolder,
    found_key,
    read,
)
from sim.report.points import at_points, overall, step_of, trend

WIDTH = 100
DIGITS = 3
FINER = 4  # digits where a difference is smaller than half a hundredth
CAUTION = (
    "This is a model, not a forecast, and no verdict on who is right: it says what follows from "
    "its assumptions."
)
ANSWERS = ("neither", "first", "second", "both")


class Table(NamedTuple):
    """A small table: its caption, the head, the rows; the first column is names."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Section(NamedTuple):
    """A heading with paragraphs, list items and tables."""

    heading: str
    paragraphs: list[str]
    items: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def comparison_text(folder: Path) -> str:
    """The results of a run folder for a terminal, at most 100 columns wide."""
    return in_text(sections(read(folder)))


def comparison_html(folder: Path) -> str:
    """The same as HTML, from `<h2>` down."""
    return in_html(sections(read(folder)))


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


def unknown_words(spread: Interval, mean: float) -> str:
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
        (PARAMETERS, "With the parameters drawn"),
    ):
        shares = answer_shares(folder, uncertainty)
        if not shares:
            continue
        parts = [
            f"{named[name]} in {percent(share)} of pairs"
            + (f" (effect on the whole {number(effect)})" if effect is not None else "")
            for name, (share, effect) in shares.items()
        ]
        found.append(f"{heading}, {joined(parts)}.")
    return found


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


def levels_table(rows: list[Effect], folder: RunFolder) -> Table:
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
    return Table(f"Sympathy for each side with {arm} and without ({baseline})", head, body)


def spread_table(rows: list[Effect]) -> Table:
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
    return Table("Effect on alignment (arm less baseline)", head, body)


def channel_table(rows: list[Effect]) -> list[Table]:
    """The effect and what it loses with each channel off."""
    names = list(rows[0].channels) if rows else []
    if not names:
        return []
    body = [
        (place(e), number(mean_of(e)), *(number(e.channels.get(name)) for name in names))
        for e in rows
    ]
    caption = "Channels: what the effect on alignment loses when one is off, both answers held"
    return [Table(caption, ("", "whole", *names), body)]


# A sweep, one run


def swept(folder: RunFolder) -> list[Section]:
    """How the whole effect moves along each swept key."""
    if not folder.swept:
        raise MissingInputError("nothing was swept")
    rows = at_points(folder)
    if rows.empty:
        raise MissingInputError("no rows of the whole")
    first, second = folder.claimants
    when = "mean over the days on which the offer acts"
    if step_of(folder) != OFFER_MEAN:
        day = folder.day(folder.steps)
        when = "on the last day" + (f", {day.isoformat()}" if day else "")
    fewest, most = int(rows["n_pairs"].min()), int(rows["n_pairs"].max())
    each = counted(most, "pair") if fewest == most else f"{fewest:,} to {most:,} pairs"
    lead = [
        f"{counted(len(rows), 'point')} of {', '.join(folder.swept)}, {each} at each. Effect of "
        f"{readable(folder.arm)} against {readable(folder.baseline)} on all audiences, weighted "
        f"by importance: above 0 is toward {first}, below 0 toward {second}; {when}.",
        overall_words(folder, rows),
    ]
    if not folder.has("comparison"):
        lead.append(
            "So many points have no tables of their own; runs.parquet has every run. `narrate "
            "discover DIR` looks through them for the conditions under which the effect goes one "
            "way or the other."
        )
    items = [trend_words(trend(rows, name), rows, name) for name in folder.swept]
    return [Section("How the effect depends on what was swept", lead, tuple(filter(None, items)))]


def overall_words(folder: RunFolder, rows: pd.DataFrame) -> str:
    """The effect over all points, how far it is settled, and at how many it has which sign."""
    found = overall(folder)
    mean = float(rows["mean_diff"].mean()) if found is None else found.mean
    said = "The mean effect" if len(rows) == 1 else "The mean effect over all points"
    said += f" is {number(mean)}"
    if found is not None and found.replicates > 1:
        said += f" (Monte Carlo interval of the mean {span(found.mc_low, found.mc_high)})"
    elif found is not None:
        said += " (of one replicate: how far chance would move it is not known)"
    if len(rows) == 1:
        row = rows.iloc[0]
        held = "parameters held" if row["uncertainty"] == CHANCE else "parameters drawn too"
        spread = span(row["q05"], row["q95"])
        return f"{said}; single pairs spread from {spread} (5 to 95\u00a0%, {held})."
    means = rows["mean_diff"]
    below = int((means < 0).sum())
    said += (
        f"; from point to point it ranges from {span(float(means.min()), float(means.max()))}. "
        f"It is below 0 at {below:,} of {len(rows):,} points"
    )
    clear = [int((rows["mc_high"] < 0).sum()), int((rows["mc_low"] > 0).sum())]
    if rows["mc_low"].notna().any():
        said += (
            f"; its interval lies wholly below 0 at {clear[0]:,}, wholly above at {clear[1]:,}"
        )
    return said + "."


def trend_words(along: pd.DataFrame, rows: pd.DataFrame, name: str) -> str:
    """How the effect goes along one key; nothing of a key with one value."""
    means = along["mean_diff"]
    if len(along) < 2:
        return ""
    others = ", mean over the others" if len(rows) > len(along) else ""
    if not pd.api.types.is_numeric_dtype(along[name]) or along[name].dtype == bool:
        parts = [f"{value} {number(mean)}" for value, mean in zip(along[name], means, strict=True)]
        return f"{name}: the effect on alignment is {joined(parts)}{others}."
    low, high = (f"{value:.3g}" for value in (rows[name].min(), rows[name].max()))
    if rows[name].nunique() > len(along):
        others = f", each a mean over a tenth of the points by {name}"
    begin, end = (number(float(means.iloc[place])) for place in (0, -1))
    lowest, highest = number(float(means.min())), number(float(means.max()))
    return (
        f"{name} from {low} to {high}: the effect on alignment goes from {begin} to {end} "
        f"(between {lowest} and {highest} on the way{others})."
    )


def told(folder: RunFolder) -> list[Section]:
    """One run: levels at its start and end."""
    frame = folder.table("series")
    frame = frame[(frame["arm"] == folder.arm) & (frame["metric"] == "sympathy")]
    if frame.empty:
        raise MissingInputError("timeseries.parquet has no sympathy")
    start, end = int(frame["step"].min()), int(frame["step"].max())
    cells = frame[frame["step"].isin([start, end])].groupby(["actor", "toward", "step"])["value"]
    levels = cells.first().to_dict()
    first, second = folder.claimants
    body = []
    for audience in folder.audiences:
        row = [audience]
        for claimant in (first, second):
            begin, last = (levels.get((audience, claimant, step)) for step in (start, end))
            change = None if begin is None or last is None else last - begin
            row += [level_number(begin), level_number(last), number(change)]
        body.append(tuple(row))
    head = ("", *(f"{name}: {what}" for name in (first, second) for what in ("start", "end",
            "change")))  # fmt: skip
    days = " to ".join(
        day.isoformat() if (day := folder.day(step)) else f"day {step}" for step in (start, end)
    )
    text = f"One run of {readable(folder.arm)}, {days}. {offer_words(folder)}".strip()
    table = Table("Sympathy for each side at the start and at the end", head, body)
    return [Section("One run", [text], (), (table,))]


def offer_words(folder: RunFolder) -> str:
    """Whether an offer was made in the run that is told, and who accepted it."""
    step = folder.offer_step
    if step is None or not folder.has("series"):
        return "No offer of mediation was made."
    frame = folder.tables["series"]
    frame = frame[(frame["arm"] == folder.arm) & (frame["metric"] == "accepted")]
    after = frame[frame["step"] == step + 1].set_index("toward")["value"].to_dict()
    day = folder.day(step)
    when = day.isoformat() if day else f"day {step}"
    answers = [
        f"{name} {'accepts' if after[name] > 0.5 else 'refuses'}"
        for name in folder.claimants
        if name in after
    ]
    return f"An offer of mediation was made on {when}" + (
        f": {joined(answers)}." if answers else "."
    )


# Small things


def place(effect: Effect) -> str:
    """The name in a table."""
    return "All, by importance" if effect.actor == WHOLE else effect.actor


def number(value: float | None) -> str:
    """A difference: three digits, four where it is small."""
    if value is None or value != value:
        return "-"
    if abs(value) < 0.5 * 10.0**-FINER:
        return "0"
    digits = DIGITS if abs(value) >= 0.00995 else FINER
    return f"{value:.{digits}f}"


def level_number(value: float | None) -> str:
    """A level of sympathy."""
    return "-" if value is None else f"{value:.{DIGITS}f}"


def span(low: float, high: float) -> str:
    """Two ends."""
    return f"{number(low)} to {number(high)}"


def counted(count: int, noun: str) -> str:
    """`1 point`, `20 points`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def percent(share: float) -> str:
    """A share, never rounded to certainty."""
    if 0.0 < share < 0.005:
        return "under 1\u00a0%"
    if 0.995 <= share < 1.0:
        return "over 99\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


def joined(parts: list[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


# Two ways to show them


def in_text(found: list[Section]) -> str:
    """For a terminal."""
    lines: list[str] = []
    for section in found:
        lines += [plain(section.heading), "-" * min(len(plain(section.heading)), WIDTH)]
        for paragraph in section.paragraphs:
            lines += [*textwrap.wrap(plain(paragraph), WIDTH), ""]
        if not section.tables:  # with a table, the items only repeat it
            for item in section.items:
                lines += textwrap.wrap(
                    plain(item), WIDTH, initial_indent="- ", subsequent_indent="  "
                )
        for table in section.tables:
            lines += [*textwrap.wrap(plain(table.caption), WIDTH), *columns(table), ""]
        if lines[-1]:
            lines.append("")
    # a terminal may not have the no-break space that the page needs
    return "\n".join(lines).rstrip().replace("\u00a0", " ") + "\n"


def columns(table: Table) -> list[str]:
    """A table in columns, names cut and heads broken so that it fits."""
    rows = [tuple(plain(cell) for cell in row) for row in table.rows]
    heads = [
        _broken(plain(cell), max((len(row[i]) for row in rows), default=0))
        for i, cell in enumerate(table.head)
    ]
    depth = max(len(head) for head in heads)
    heads = [[""] * (depth - len(head)) + head for head in heads]
    widths = [
        max(len(cell) for cell in [*heads[i], *(row[i] for row in rows)])
        for i in range(len(table.head))
    ]
    widths[0] = max(12, min(widths[0], WIDTH - sum(widths[1:]) - 2 * (len(widths) - 1)))

    def line(cells: tuple[str, ...]) -> str:
        name = cells[0] if len(cells[0]) <= widths[0] else cells[0][: widths[0] - 1] + "…"
        rest = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return "  ".join([name.ljust(widths[0]), *rest]).rstrip()

    top = [line(tuple(head[i] for head in heads)) for i in range(depth)]
    return [*top, *(line(row) for row in rows)]


def _broken(head: str, width: int) -> list[str]:
    """A column's head in lines as wide as its cells or its longest word, `who: what` as two."""
    lines: list[str] = []
    longest = max((len(word) for word in head.replace(":", "").split()), default=1)
    for part in head.split(": "):
        lines += textwrap.wrap(part, min(max(width, longest), 18))[:3]
    return lines or [""]


def in_html(found: list[Section], number_class: str = "n") -> str:
    """For the page; minus signs become typographic in tables."""
    parts = []
    for section in found:
        parts.append(f"<h2>{marked_up(section.heading)}</h2>")
        parts += [f"<p>{marked_up(paragraph)}</p>" for paragraph in section.paragraphs]
        parts += [html_table(table, number_class) for table in section.tables]
        if section.items:
            listed = "".join(f"<li>{emphasised(item)}</li>" for item in section.items)
            inner = f"<ul>{listed}</ul>"
            if section.tables:  # the same as in the tables, for those who prefer sentences
                inner = f"<details><summary>The same in sentences</summary>{inner}</details>"
            parts.append(inner)
    return "\n".join(parts)


def emphasised(item: str) -> str:
    """A list item with what stands before its first colon in bold."""
    head, colon, rest = item.partition(": ")
    return f"<strong>{marked_up(head)}</strong>: {marked_up(rest)}" if colon else marked_up(item)


def minus_signs(cell: str) -> str:
    """A cell of numbers with typographic minus signs; other text as it is."""
    return re.sub(r"^-(?=\d)|(?<= to )-(?=\d)", "\u2212", cell)


def html_table(table: Table, number_class: str = "n") -> str:
    """A table with a caption and headed rows, that scrolls by itself where it is too wide."""
    empty = (
        "<td></td>" if not table.head[0] else f'<th scope="col">{marked_up(table.head[0])}</th>'
    )
    head = empty + "".join(
        f'<th scope="col" class="{number_class}">{marked_up(cell)}</th>' for cell in table.head[1:]
    )
    body = "".join(
        f'<tr><th scope="row">{marked_up(row[0])}</th>'
        + "".join(
            f'<td class="{number_class}">{minus_signs(marked_up(cell))}</td>' for cell in row[1:]
        )
        + "</tr>"
        for row in table.rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{marked_up(table.caption)}">'
        f"<table><caption>{marked_up(table.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
