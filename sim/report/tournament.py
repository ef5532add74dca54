"""A tournament in words that can say no: is any strategy better than another by more than chance?

Whether one is, is read off the paired differences, with an interval widened for the number of
comparisons. What is said is said of the model.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.report.escaping import plain, quoted
from sim.report.hindcast import select
from sim.report.layout import WIDTH, ReportTable, Section
from sim.report.numerals import in_points, join_words, number, percent, span
from sim.report.tournament_rows import (
    LONGEST,
    MAIN,
    NAMES,
    UNCERTAINTIES,
    YES,
    SideRows,
    claimants,
    fine,
    fine_span,
    shorten,
    thousandths,
    uncertainties,
)
from sim.scenario.error_texts import begin_sentence, count_of
from sim.store.results import Results, unique_texts

OTHERS = (
    "Wedge is how much sympathy Western capitals lose for the rival; the cost of refusing how "
    "sympathy at the mediator's changes while an offer that a side has refused stands. What one "
    "side gains in these two the other need not lose. A star marks a best choice that is better "
    "than no other by more than chance."
)
MOST_COLUMNS = 8  # of a matrix that a terminal has room for ...
MOST_WITH_INTERVALS = 5  # ... and with intervals


def tournament_sections(results: Results) -> list[Section]:
    """Orders, replies to history, equilibria, dominated choices, the other payoffs.

    Nothing without such tables.
    """
    if not results.has("standings"):
        return []
    kinds, sides = uncertainties(results), claimants(results)
    main = [SideRows(results, kind, MAIN, side) for side in sides for kind in kinds]
    found = [
        Section("Which strategy is good against which?", [*_lead(results), *_orders(main)]),
        Section("The order of the strategies", [], (), tuple(map(_standing_table, main))),
    ]
    matrix = tuple(_matrix_table(one) for one in main if one.claimant == sides[0])
    found.append(Section("The matrix", [_matrix_words(results, matrix)], (), matrix))
    found.append(Section("The best reply to what was done", [*_replies(main)]))
    found.append(Section("What follows for two that know the matrix", [*_games(results, kinds)]))
    found.append(Section("By other payoffs", [OTHERS], (), (_payoff_table(results, kinds),)))
    return [*found, Section("How sure", _sureness(results))]


def _lead(results: Results) -> list[str]:
    first, second = claimants(results)
    cells = results.table("payoffs")
    count = len(cells["first"].unique()), len(cells["second"].unique())
    mirror = results.manifest.get("mirror")
    data = ""
    if mirror:
        data = f" Both sides have the data of {plain(first)}."
    arm = results.arms[0] if results.arms and results.arms[0] else ""
    where = f" in {quoted(results.title_of(arm))}" if arm else ""
    return [
        f"{count_of(count[0], 'choice')} of {plain(first)} met {count_of(count[1], 'choice')} of "
        f"{plain(second)}{where}, on the same {int(cells['n'].max()):,} draws in every cell.{data}"
        f" What follows is the model's answer, not the world's. Numbers are of the {NAMES[MAIN]}, "
        "alignment over all audiences weighted by importance, each side's with its own sign: "
        "more is better for it. Means over a rival's choices count each alike."
    ]


def _orders(main: list[SideRows]) -> Iterator[str]:
    """Who is best, kind by kind, or that none is."""
    for one in main:
        yield f"{plain(one.claimant)}, {UNCERTAINTIES[one.uncertainty]}: {_order(one)}"


def _order(one: SideRows) -> str:
    rows = one.standings
    names = [str(name) for name in rows["choice"]]
    best = rows.iloc[0]
    if len(names) == 1:
        return "its choices are the same in every run, or it has one alone."
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
    if not any(one.apart(*pair) for pair in pairs):
        return "no strategy is better than another by more than chance."
    ties = [name for name in names[1:] if not one.apart(names[0], name)]
    shown = f"{plain(names[0])} is best ({number(best['mean'])})"
    if ties:
        told = join_words([plain(name) for name in ties])
        shown = (
            f"{plain(names[0])} has the highest mean ({number(best['mean'])}), but is not better "
            f"than {told} by more than chance"
        )
    worst = rows.iloc[-1]
    gap = float(best["mean"] - worst["mean"])
    return (
        f"{shown}; in {percent(best['share_first'])} of draws no choice is better. From the best "
        f"to the worst ({plain(worst['choice'])}) it is {fine(gap)}, {in_points(gap)} of net "
        "opinion."
    )


def _standing_table(one: SideRows) -> ReportTable:
    """The order of a side's choices, and in how many draws it holds."""
    rows = one.rows("standings", against="").sort_values("rank", kind="stable")
    body = [
        (
            shorten(str(row["choice"])),
            number(row["mean"]),
            _behind(one, str(rows["choice"].iloc[0]), str(row["choice"])),
            str(row["rank"]),
            percent(row["rank_share"]),
            percent(row["share_first"]),
            f"{row['rank_low']} to {row['rank_high']}",
        )
        for _, row in rows.iterrows()
    ]
    caption = (
        f"{plain(one.claimant)}'s choices against all of {plain(one.rival)}'s, "
        f"{UNCERTAINTIES[one.uncertainty]}: mean {NAMES[one.payoff]}, the paired difference to "
        "the best with its Monte Carlo interval, the place, and how often it holds"
    )
    head = ("", "mean", "behind the best", "place", "holds in", "none better in", "middle 90 %")
    return ReportTable(caption, head, body)


def _behind(one: SideRows, best: str, choice: str) -> str:
    """A choice's mean less that of the best, with its interval; `-` of the best itself."""
    if choice == best:
        return "-"
    for sign, pair in ((1.0, (choice, best)), (-1.0, (best, choice))):
        found = one.rows("differences", against="", choice=pair[0], instead_of=pair[1])
        if len(found):
            row = found.iloc[0]
            low, high = sorted((sign * row["mc_low"], sign * row["mc_high"]))
            return f"{fine(sign * row['mean_diff'])} ({fine_span(low, high)})"
    return "-"


def _matrix_table(one: SideRows) -> ReportTable:
    """What each cell brings the first side beside the scenario's own, with half an interval."""
    cells = one.rows("payoffs")
    columns = unique_texts(cells["second"])[:MOST_COLUMNS]
    body = []
    for name, row in cells.groupby("first", sort=False):
        by_column = row.set_index("second")
        texts = [
            thousandths(*by_column.loc[at, ["gain", "gain_low", "gain_high"]]) for at in columns
        ]
        if len(columns) > MOST_WITH_INTERVALS:
            texts = [text.partition(" ")[0] for text in texts]
        body.append((shorten(str(name)), *texts))
    caption = (
        f"{begin_sentence(NAMES[one.payoff])} of {plain(one.claimant)} (rows) against "
        f"{plain(one.rival)} (columns), {UNCERTAINTIES[one.uncertainty]}, in thousandths"
    )
    names = [shorten(name) for name in columns]
    cells = [max(map(len, column)) for column in zip(*(row[1:] for row in body), strict=True)]
    widths = [max(len(name), cell) + 2 for name, cell in zip(names, cells, strict=True)]
    if LONGEST + sum(widths) > WIDTH:
        names = [str(at) for at in range(1, len(columns) + 1)]
        told = [f"{at} {name}" for at, name in zip(names, columns, strict=True)]
        caption += f"; columns: {join_words(told)}"
    return ReportTable(caption, ("", *names), body)


def _matrix_words(results: Results, tables: tuple[ReportTable, ...]) -> str:
    columns = len(unique_texts(results.table("payoffs")["second"]))
    cut = (
        f" The first {MOST_COLUMNS} of {columns} columns are shown;"
        if tables and (columns > MOST_COLUMNS)
        else ""
    )
    every = " payoffs.csv has all, and those of each" if cut else " payoffs.csv has that of each"
    return (
        "A cell is the mean paired difference to what both do in the scenario, on the same draws "
        "(where that is not played, to the mean of all cells). Of few columns half the 95 % Monte "
        f"Carlo interval follows. A thousandth is {in_points(0.001)} of net opinion.{cut}{every} "
        "payoff and side, differences.csv each pair of choices."
    )


def _replies(main: list[SideRows]) -> Iterator[str]:
    """What each side could have gained against what its rival does in the scenario."""
    for one in main:
        rows = one.rows("replies")
        theirs = one._replace(claimant=one.rival).rows("replies")
        own = next((name for name in unique_texts(theirs["instead_of"]) if name), "")
        known = rows[(rows["against"] == own) & (rows["instead_of"] != "")]
        if known.empty:
            continue
        row = known.iloc[0]
        yield f"{plain(one.claimant)}, {UNCERTAINTIES[one.uncertainty]}: {_reply(one, row)}"


def _reply(one: SideRows, row: pd.Series) -> str:
    against = f"what {plain(one.rival)} does in the scenario ({plain(row['against'])})"
    if row["choice"] == row["instead_of"]:
        return (
            f"against {against} no choice has a higher mean than its own "
            f"({plain(row['instead_of'])})."
        )
    gain = f"{fine(row['mean_diff'])} (interval {fine_span(row['mc_low'], row['mc_high'])})"
    held = percent(row["share_first"])
    if row["mc_low"] <= 0.0 <= row["mc_high"]:
        return (
            f"against {against} {plain(row['choice'])} has the highest mean, but what it gains "
            f"over {plain(row['instead_of'])} is not beyond chance: {gain}."
        )
    way = "gains" if row["mean_diff"] > 0.0 else "loses"
    return (
        f"against {against} the best reply is {plain(row['choice'])}. It {way} {gain} over "
        f"{plain(row['instead_of'])}, {in_points(row['mean_diff'])} of net opinion, and is better "
        f"in {percent(row['share_positive'])} of draws; it is the best reply in {held} of "
        "resamples."
    )


def _games(results: Results, kinds: list[str]) -> Iterator[str]:
    """Dominated choices, the value, equilibria and the price of being known, kind by kind."""
    for kind in kinds:
        about = begin_sentence(UNCERTAINTIES[kind])
        yield " ".join([f"{about}.", *_of_game(results, kind)])


def _of_game(results: Results, kind: str) -> Iterator[str]:
    game = select(results.table("games"), uncertainty=kind, payoff=MAIN)
    first, second = claimants(results)
    for side in (first, second):
        yield _dominance_words(SideRows(results, kind, MAIN, side))
    row = game.iloc[0]
    yield (
        f"The value of the game to {plain(first)} is {number(row['value'])} (interval "
        f"{span(row['low'], row['high'])})."
    )
    if row["equilibria"] == 0:
        yield "No Nash equilibrium was found."
    elif results.has("equilibria"):
        yield _equilibria(results, kind, int(row["equilibria"]))
    yield _methods(game)
    for side in (first, second):
        yield _known(SideRows(results, kind, MAIN, side))


def _dominance_words(one: SideRows) -> str:
    who = plain(one.claimant)
    if not one.results.has("dominance"):
        return f"No choice of {who} is dominated."
    rows = one.rows("dominance", strictly=YES)
    if rows.empty:
        return f"No choice of {who} is strictly dominated."
    told = []
    for name, group in rows.groupby("dominated_by", sort=False):
        beaten = join_words([plain(choice) for choice in group["choice"]])
        least = percent(float(group["share_resampled"].min()))
        each = f"at least {least} of resamples each" if len(group) > 1 else f"{least} of resamples"
        told.append(f"{plain(name)} beats {beaten} (in {each})")
    return f"Of {who}'s choices, whatever the rival does, {join_words(told)}."


def _equilibria(results: Results, kind: str, count: int) -> str:
    """The equilibria that were found, none of them as the one."""
    rows = select(results.table("equilibria"), uncertainty=kind, payoff=MAIN)
    told = []
    for _, one in rows.groupby("equilibrium", sort=True):
        parts = [
            f"{plain(side)} {_mixture(part)}" for side, part in one.groupby("claimant", sort=False)
        ]
        held = percent(float(one["share_resampled"].iloc[0]))
        told.append(f"{', '.join(parts)} (an equilibrium in {held} of resamples)")
    shown = told[:3]
    more = f"; equilibria.csv has {len(told) - 3} more" if len(told) > 3 else ""
    were = "One Nash equilibrium was" if count == 1 else f"{count} Nash equilibria were"
    return f"{were} found: {'; '.join(shown)}{more}."


def _mixture(part: pd.DataFrame) -> str:
    if len(part) == 1:
        return f"chooses {plain(part['choice'].iloc[0])}"
    texts = [
        f"{plain(row['choice'])} with {percent(row['probability'])}" for _, row in part.iterrows()
    ]
    return f"mixes {join_words(texts)}"


def _methods(game: pd.DataFrame) -> str:
    """How many each method found, and whether there may be more."""
    told = [
        f"{row['method']} was not used ({row['left_out']})"
        if row["left_out"]
        else f"{row['method']} found {row['found']}"
        for _, row in game.iterrows()
    ]
    said = begin_sentence(f"{join_words(told)}.")
    if game["degenerate"].iloc[0] == YES:
        said += " The game is degenerate: ties leave room for more equilibria than were found."
    return said


def _known(one: SideRows) -> str:
    """The price to a side of being known, for the dearest and the cheapest of its choices."""
    rows = one._replace(claimant=one.rival).rows("replies").sort_values("price", kind="stable")
    low, high = rows.iloc[0], rows.iloc[-1]
    who = plain(one.claimant)
    if fine(float(high["price"])) == "0":
        return f"To be known costs {who} nothing, whatever it chooses."
    return (
        f"To be known to choose {plain(high['against'])} costs {who} most against the value: "
        f"{fine(high['price'])} (interval {fine_span(high['low'], high['high'])}); least "
        f"{plain(low['against'])}, {fine(low['price'])}."
    )


def _payoff_table(results: Results, kinds: list[str]) -> ReportTable:
    """The best choice of each side by every payoff."""
    body = []
    for payoff in unique_texts(results.table("standings")["payoff"]):
        for claimant in claimants(results):
            sides = (SideRows(results, kind, payoff, claimant) for kind in kinds)
            name = f"{NAMES.get(payoff, payoff)}, {shorten(claimant)}"
            body.append((begin_sentence(name), *map(_best_cell, sides)))
    head = ("", *(UNCERTAINTIES[kind] for kind in kinds))
    caption = "The best choice against the rival's together, and in how many draws none is better"
    return ReportTable(caption, head, body)


def _best_cell(one: SideRows) -> str:
    """The best choice; or that all are the same, or none better by more than chance."""
    rows = one.standings
    if len(rows) == 1:
        return "all the same in every run"
    best = rows.iloc[0]
    name = shorten(str(best["choice"]))
    shown = f"{name}, {percent(best['share_first'])}"
    tied = not any(one.apart(str(best["choice"]), str(name)) for name in rows["choice"][1:])
    return f"{shown} *" if tied else shown


def _sureness(results: Results) -> list[str]:
    """What intervals and shares are of, what was left out, which choices are the same."""
    left_out = results.manifest.get("draws_left_out") or {}
    found = [
        "Intervals are 95 % Monte Carlo intervals of means over the draws: more draws make them "
        'narrower, and they say nothing about the world. "By more than chance" compares a pair '
        "of choices on the same draws, with an interval widened for the number of pairs. Shares "
        "of draws say how often an order holds in single runs. Resamples draw the draws anew "
        f"(bootstrap, seed {results.manifest.get('seed')}). Equilibria are those of the mean "
        "payoffs, and of the strategies that were played alone."
    ]
    for kind, count in left_out.items():
        found.append(
            f"Left out {UNCERTAINTIES[kind]}: {count_of(count, 'draw')} in which some run failed."
        )
    same = results.table("standings")
    same = same[(same["same_as"] != "") & (same["against"] == "") & (same["payoff"] == MAIN)]
    pairs = dict.fromkeys(zip(same["claimant"], same["choice"], same["same_as"], strict=True))
    told = [f"{plain(one)} and {plain(other)} of {plain(side)}" for side, one, other in pairs]
    if told:
        found.append(f"The same in every run: {join_words(told)}.")
    return found
