"""The results in plain words: the same sentences for the terminal and for the page.

Wording about the two claimants is the same in kind: exchange them in the file and the sentences
exchange their names, nothing else.
"""

from __future__ import annotations

import math

from sim.report.effects import (
    CHANCE,
    PARAMETERS,
    WHOLE,
    Effect,
    EffectInterval,
    Level,
    SignShares,
    effects,
    is_over_offer,
    metric_of,
    offer_counts,
    over_all_answers,
    pairs_without_effect,
    rows_of,
    rows_shown,
    step_words,
    which_offer,
)
from sim.report.escaping import quoted, readable
from sim.report.hindcast import hindcast_sections
from sim.report.layout import ReportTable, Section, in_text
from sim.report.numerals import (
    FINER,
    OF_OPINION,
    in_points,
    is_zero,
    join_words,
    level_number,
    number,
    percent,
    percents,
    span,
)
from sim.report.run_words import run_sections
from sim.report.sweep_words import sweep_sections
from sim.report.tournament import tournament_sections
from sim.scenario.error_texts import begin_sentence, count_of
from sim.store.results import DAMAGED, MissingInputError, Results

CAUTION = (
    "This is a model, not a forecast, and no verdict on who is right: it says what follows from "
    "its assumptions."
)
ANSWERS = ("neither", "first", "second", "both")


def results_text(results: Results) -> str:
    """Return the results for a terminal, at most 100 columns wide.

    What ``summary()`` of a comparison and of a sweep gives, and what the command line prints.
    """
    return in_text(sections(results))


def sections(results: Results) -> list[Section]:
    """Return what the results say: of a comparison, a sweep, one run told, and so on.

    The first of these that has its tables speaks, and the caution is always last. Nothing is
    raised: the page lists what is missing or damaged.
    """
    found: list[Section] = []
    makers = (
        comparison_sections,
        sweep_sections,
        run_sections,
        hindcast_sections,
        tournament_sections,
    )
    for make in makers:
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
    """Every arm against the baseline: the first in full, the others by their whole effect.

    Returns
    -------
    list of Section
        The effect on the whole and the largest one; how sure they are; each audience, in a table
        and in sentences; the other arms, where there are any.

    Raises
    ------
    MissingInputError
        Of a sweep, and where there is no comparison.
    """
    rows = effects(results)
    arm, baseline = quoted(results.arm_title), quoted(results.baseline_title)
    first, second = results.claimants
    lead = [
        f"Alignment is half of sympathy for {first} less sympathy for {second}: +1 is wholly with "
        f"{first}, -1 wholly with {second}. Both arms of a pair share every draw of chance, so "
        f"their difference is due to the arm ({arm}) alone. Numbers are {step_words(results)}. "
        f"{begin_sentence(OF_OPINION)}."
    ]
    lead += [*later_offer_words(results), *offerless_words(results)]
    lead += [sentence(effect, results) for effect in rows if effect.actor == WHOLE]
    audiences = [effect for effect in rows if effect.actor != WHOLE]
    if audiences:
        largest = max(audiences, key=lambda effect: abs(effect.main.mean))
        if is_zero(largest.main.mean):
            lead.append(f"No audience differs from {baseline}, to {FINER} digits.")
        else:
            lead.append(f"The largest effect is that on {sentence(largest, results)}")
    tables = levels_table(rows, results), spread_table(rows), share_table(rows)
    items = tuple(sentence(effect, results) for effect in audiences)
    sections = [
        Section(f"The arm {arm} against {baseline}", lead),
        Section("How sure, and who answered what", answer_words(results) + pair_words(results)),
        Section("Capital by capital", [], items, (*tables, *channel_table(rows))),
    ]
    others = [text for name in results.arms[1:-1] if (text := other_arm(results, name))]
    if others:
        sections.append(Section("Other arms", [], tuple(others)))
    return sections


def sentence(effect: Effect, results: Results) -> str:
    """One audience, or the whole, in plain words; whole sentences after its name and a colon.

    The mean comes first, with its Monte Carlo interval. Then what chance does to a single pair
    and what the parameters do on top, which are never added up; then the channels, and the levels
    of sympathy behind the alignment. What was not run is left out.
    """
    first, second = results.claimants
    main, arm, baseline = (
        effect.main,
        quoted(results.title_of(effect.arm)),
        quoted(results.baseline_title),
    )
    interval = f"Monte Carlo interval of the mean {span(main.mc_low, main.mc_high)}, "
    said = [
        f"In {arm} alignment with {first} is {change_words(main.mean, first, second, baseline)} "
        f"({interval * (main.pairs > 1)}{count_of(main.pairs, 'pair')})."
    ]
    if main.mc_low < 0.0 < main.mc_high and not is_zero(main.mean):
        said.append("The interval has 0 in it: so many pairs do not settle which way it goes.")
    if effect.chance and effect.chance.pairs > 1:
        spread = span(effect.chance.low, effect.chance.high)
        said.append(f"Chance alone spreads single pairs from {spread} (5 to 95\u00a0%).")
    if effect.parameters and effect.parameters.pairs > 1:
        said.append(unknown_words(effect.parameters))
    if effect.channels:
        named = [f"{name} {number(value)}" for name, value in effect.channels.items()]
        said.append(f"Channels carry parts of the effect: {join_words(named)}.")
    for name, level in zip(results.claimants, effect.sympathies, strict=True):
        said.append(level_words(name, level, results.baseline_title))
    name = "All audiences, weighted by importance" if effect.actor == WHOLE else effect.actor
    return f"{name}: {' '.join(said)}"


def later_offer_words(results: Results) -> list[str]:
    """Which days of later offers are not in the numbers shown; nothing where there is one."""
    if offer_counts(results, results.arm)[1] == 1 or not is_over_offer(
        rows_shown(results, results.arm)
    ):
        return []
    return [
        "What later offers change is in these numbers on those of their days that are also the "
        "first one's. The table of the comparison has every day."
    ]


def offerless_words(results: Results) -> list[str]:
    """In how many pairs no offer is made, so that they are in none of the numbers shown."""
    found = []
    for uncertainty, held in ((CHANCE, "held"), (PARAMETERS, "drawn")):
        without, pairs = pairs_without_effect(results, results.arm, uncertainty)
        if without:
            found.append(f"{without:,} of {pairs:,} with the parameters {held}")
    if not found:
        return []
    return [
        f"Some pairs have no offer in {quoted(results.arm_title)}, so no days on which one acts: "
        f"{join_words(found)}. All numbers here are of the other pairs."
    ]


def change_words(value: float, first: str, second: str, baseline: str) -> str:
    """`lower by 0.040 (about 13 points of net opinion) than in "no mediation", toward Boreas`."""
    if is_zero(value):
        return f"as in {baseline}, to {FINER} digits"
    way, to = ("higher", first) if value > 0 else ("lower", second)
    by = f"{number(abs(value))} ({in_points(value)} of net opinion)"
    return f"{way} by {by} than in {baseline}, toward {to}"


def unknown_words(spread: EffectInterval) -> str:
    """How far the effect ranges over what we do not know, and how often it goes which way."""
    return (
        "Over everything we do not know, single pairs spread from "
        f"{span(spread.low, spread.high)} (5 to 95\u00a0%), and alignment is "
        f"{share_words(spread.shares)} of draws."
    )


def share_words(shares: SignShares) -> str:
    """`lower in 71 %, unchanged in 28 % and higher in 1 %`; what never happens is left out."""
    if math.isnan(shares.unchanged):  # a folder that does not tell equal pairs from lower ones
        named = {"lower or unchanged": 1.0 - shares.higher, "higher": shares.higher}
    else:
        named = shares._asdict()
    found = zip(named, named.values(), percents(list(named.values())), strict=True)
    return join_words([f"{way} in {text}\u00a0%" for way, share, text in found if share > 0.0])


def level_words(name: str, level: Level, baseline: str) -> str:
    """`Sympathy for India is 0.142 against 0.168 in "no mediation", a difference of -0.026 ...`"""
    return (
        f"Sympathy for {name} is {level_number(level.arm)} against "
        f"{level_number(level.baseline)} in {quoted(baseline)}, a difference of "
        f"{number(level.difference)} ({in_points(level.difference)})."
    )


def answer_words(results: Results) -> list[str]:
    """Who accepted, in which share of pairs, and the effect in each case.

    One sentence with the parameters held and one with them drawn, as far as they were run.
    """
    first, second = results.claimants
    named = {
        "neither": "neither accepts",
        "first": f"only {first} accepts",
        "second": f"only {second} accepts",
        "both": "both accept",
    }
    found = []
    headings = {
        CHANCE: "With the parameters held",
        PARAMETERS: f"With the parameters drawn{held_words(results)}",
    }
    for uncertainty, heading in headings.items():
        if pairs_without_effect(results, results.arm, uncertainty)[0]:
            heading += ", where an offer is made"
        if offer_counts(results, results.arm)[1] > 1:
            heading += f", at {which_offer(results, results.arm)}"
        given = answer_shares(results, uncertainty)
        shown = percents([share for share, _ in given.values()])
        parts = [
            f"{named[name]} in {share}\u00a0% of pairs"
            + (f" (effect on the whole {number(effect)})" if effect is not None else "")
            for share, (name, (_, effect)) in zip(shown, given.items(), strict=True)
        ]
        if parts:
            found.append(f"{heading}, {join_words(parts)}.")
    return found


def held_words(results: Results) -> str:
    """Which parameters were held where the others were drawn, or ""."""
    held = results.manifest.get("held")
    return f" ({join_words([readable(str(name)) for name in held])} held)" if held else ""


def answer_shares(results: Results, uncertainty: str) -> dict[str, tuple[float, float | None]]:
    """Share of pairs, and the mean effect on the whole, by who accepted.

    The comparison has both for the days on which the offer acts. Where it acts on none, such as
    an offer on the last day, the runs have the answers, and the effect is None.

    Returns
    -------
    dict
        By those of ``ANSWERS`` that were given, in that order; empty where nobody was asked.
    """
    rows = rows_of(rows_shown(results, results.arm), metric_of(WHOLE), WHOLE, "", uncertainty)
    rows = rows[rows["answers"].isin(ANSWERS)].set_index("answers")
    total = int(rows["n_pairs"].sum())
    if total:
        return {
            name: (int(rows.at[name, "n_pairs"]) / total, float(rows.at[name, "mean_diff"]))
            for name in ANSWERS
            if name in rows.index
        }
    if not results.has("runs"):
        return {}
    runs = results.tables["runs"]
    runs = runs[(runs["arm"] == results.arm) & (runs["uncertainty"] == uncertainty)]
    given = runs["answers"].value_counts(normalize=True)
    return {name: (float(given[name]), None) for name in ANSWERS if name in given}


def pair_words(results: Results) -> list[str]:
    """What pairing is worth, when the arms part, and how many pairs a precision needs.

    All of the effect on the whole with the parameters held; nothing where that was not run.
    """
    shown = over_all_answers(rows_shown(results, results.arm))
    rows = rows_of(shown, metric_of(WHOLE), WHOLE, "", CHANCE)
    if rows.empty:
        return []
    row, found = rows.iloc[0], []
    step = int(row["first_divergence_step"])
    if step >= 0:
        day = results.day(step)
        when = f"{day.isoformat()} (day {step})" if day else f"day {step}"
        found.append(
            f"No pair differs in alignment before {when}; until then the arms are as one."
        )
    else:
        found.append("No pair ever differs in alignment.")
    correlation, factor = float(row["pair_correlation"]), worth(float(row["variance_reduction"]))
    if correlation == correlation and factor == factor:
        found.append(
            f"The two runs of a pair go together (correlation {correlation:.2f}): the pairs "
            f"settle the mean as well as {factor:.3g} times as many unpaired runs would."
        )
    return [*found, *filter(None, [pairs_needed(results)])]


def worth(reduction: float) -> float:
    """How many unpaired runs a paired one is worth; nan where pairing removes all variance.

    ``reduction`` is the share of the variance that pairing removes, below 0 where it adds some.
    """
    return 1.0 / (1.0 - reduction) if reduction < 1.0 else float("nan")


def pairs_needed(results: Results) -> str:
    """How many pairs the asked precision needs; "" where the manifest does not say."""
    needed = results.manifest.get("pairs_needed", {}).get(f"{results.arm} {CHANCE}")
    if needed is None:
        return ""
    return (
        f"An interval of plus or minus {results.manifest['precision']:g} around every capital's "
        f"mean needs {count_of(needed, 'pair')} (chance alone)."
    )


def other_arm(results: Results, arm: str) -> str:
    """The whole effect of a further arm, with its days, for an arm may have no offer; or ""."""
    try:
        rows = effects(results, arm)
    except MissingInputError:
        return ""
    when = step_words(results, arm)
    title = quoted(results.title_of(arm))
    return f"The arm {title}: Numbers are {when}. {sentence(rows[0], results)}" if rows else ""


def levels_table(rows: list[Effect], results: Results) -> ReportTable:
    """Both claimants' levels in both arms, and their difference."""
    arm, baseline = quoted(results.arm_title), quoted(results.baseline_title)
    whats = ("with", "without", "difference")
    head = ("", *(f"{name}: {what}" for name in results.claimants for what in whats))
    body = []
    for effect in rows:
        cells = [place(effect)]
        for own, base, difference in effect.sympathies:
            cells += [level_number(own), level_number(base), number(difference)]
        body.append(tuple(cells))
    return ReportTable(
        f"Sympathy for each side in {arm} (with) and in {baseline} (without)", head, body
    )


def spread_table(rows: list[Effect]) -> ReportTable:
    """The effect on alignment and its three kinds of spread.

    `-` stands for what was not run, and for the spread of a single pair.
    """
    body = []
    for effect in rows:
        main, chance, drawn = effect.main, effect.chance, effect.parameters
        body.append((
            place(effect), number(main.mean),
            span(main.mc_low, main.mc_high) if main.pairs > 1 else "-",
            span(chance.low, chance.high) if chance and chance.pairs > 1 else "-",
            span(drawn.low, drawn.high) if drawn and drawn.pairs > 1 else "-",
        ))  # fmt: skip
    head = ("", "effect", "interval of mean", "chance: 5 to 95 %", "not known: 5 to 95 %")
    return ReportTable("Effect on alignment (arm less baseline)", head, body)


def share_table(rows: list[Effect]) -> ReportTable:
    """In how many pairs alignment is lower, unchanged and higher, of the kinds that were run."""
    kinds = {"chance": [effect.chance for effect in rows]}
    kinds["not known"] = [effect.parameters for effect in rows]
    head, columns = [""], [[place(effect) for effect in rows]]
    for kind, found in kinds.items():
        shares = [one.shares for one in found if one is not None]
        if shares:
            head += [f"{kind}: {way}" for way in SignShares._fields]
            columns += map(list, zip(*map(_share_cells, shares), strict=True))
    caption = (
        "In how many pairs alignment is lower, unchanged (exactly equal) and higher, by chance "
        "and over everything we do not know"
    )
    return ReportTable(caption, tuple(head), list(zip(*columns, strict=True)))


def _share_cells(shares: SignShares) -> list[str]:
    """The three shares as cells; `-` for what an old folder does not tell."""
    if math.isnan(shares.unchanged):
        return ["-", "-", percent(shares.higher)]
    return [f"{text}\u00a0%" for text in percents(shares, "<1", ">99")]


def channel_table(rows: list[Effect]) -> list[ReportTable]:
    """The effect and what it loses with each channel off; no table where that was not run.

    Channels act together, so what they lose need not add up to the effect.
    """
    names = list(rows[0].channels)
    if not names:
        return []
    body = [
        (place(e), number(e.main.mean), *(number(e.channels[name]) for name in names))
        for e in rows
    ]
    caption = "Channels: what the effect on alignment loses when one is off, both answers held"
    return [ReportTable(caption, ("", "whole", *names), body)]


def place(effect: Effect) -> str:
    """The name in a table."""
    return "All, by importance" if effect.actor == WHOLE else effect.actor
