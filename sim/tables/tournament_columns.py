"""Columns and tables of a tournament, as ``columns`` declares all others."""

from __future__ import annotations

from sim.tables.column_kinds import COUNT, NUMBER, TEXT, Column, Table

SPREAD = ("mean_diff", "mc_low", "mc_high", "sd_diff")
COLUMNS = (
    Column("payoff", TEXT, "", "name of the payoff (below); more is better for its claimant"),
    Column("claimant", TEXT, "", "whose payoff it is"),
    Column(
        "first",
        TEXT,
        "",
        "what the first claimant chose: a strategy, and where budgets were "
        "asked for `x` and the multiple of its own daily effort",
    ),
    Column("second", TEXT, "", "what the second claimant chose"),
    Column(
        "gain",
        NUMBER,
        "of the payoff",
        "mean paired difference to the cell in which both "
        "choose what the scenario has; where that is not played, to the mean over all cells",
    ),
    Column(
        "gain_low", NUMBER, "of the payoff", "lower end of the 95 % Monte Carlo interval of `gain`"
    ),
    Column("gain_high", NUMBER, "of the payoff", "upper end of that interval"),
    Column(
        "against",
        TEXT,
        "",
        "what the rival chose; empty: its choices together, each counted alike",
    ),
    Column(
        "choice",
        TEXT,
        "",
        "what the claimant chose; in replies the best reply, in equilibria what it mixes",
    ),
    Column(
        "instead_of",
        TEXT,
        "",
        "the choice whose payoff is taken off; in replies the "
        "scenario's own, empty where it was not played",
    ),
    Column(
        "beyond_chance",
        TEXT,
        "",
        "`yes` where `mean_diff` is not 0 by more than chance makes "
        "of the largest of all pairs of choices of the claimant against the same choice "
        "(an interval of 95 % for all together, Bonferroni)",
    ),
    Column(
        "rank",
        COUNT,
        "",
        "place of the choice by its mean, 1 the best; equal ones share the better place",
    ),
    Column("rank_share", NUMBER, "0..1", "share of draws in which it has that place"),
    Column(
        "share_first",
        NUMBER,
        "0..1",
        "share of draws in which no choice is better; in "
        "replies of resamples of the draws in which the reply is the best",
    ),
    Column("rank_low", COUNT, "", "5 % quantile of its place over draws"),
    Column("rank_high", COUNT, "", "95 % quantile"),
    Column(
        "same_as", TEXT, "", "the first choice with the same payoffs in every run; empty: none"
    ),
    Column(
        "price",
        NUMBER,
        "of the payoff",
        "what the rival loses by being known to choose "
        "`against`: the value of the game to it less its payoff under the best reply; only "
        "of zero-sum payoffs; `low` to `high` is its 95 % interval over resamples of the "
        "draws",
    ),
    Column(
        "dominated_by",
        TEXT,
        "",
        "the choice, or mixture of choices, that is better whatever the rival chooses",
    ),
    Column(
        "strictly",
        TEXT,
        "",
        "`yes`: better against each of the rival's choices; `no`: never "
        "worse, and better against some",
    ),
    Column(
        "margin",
        NUMBER,
        "of the payoff",
        "its least advantage over the rival's choices; `low` to `high` as in replies",
    ),
    Column(
        "share_resampled",
        NUMBER,
        "0..1",
        "share of resamples of the draws in which the same "
        "choices dominate (no worse anywhere), or the same supports make an equilibrium",
    ),
    Column("method", TEXT, "", "how equilibria were looked for"),
    Column("found", COUNT, "", "different equilibria that the method found, each checked"),
    Column("left_out", TEXT, "", "why the method was not used"),
    Column("equilibria", COUNT, "", "different equilibria found by all methods together"),
    Column(
        "degenerate", TEXT, "", "`yes` where ties leave room for more equilibria than were found"
    ),
    Column("equilibrium", COUNT, "", "number of the equilibrium in its game"),
    Column("methods", TEXT, "", "methods that found it"),
    Column("probability", NUMBER, "0..1", "weight of the choice in the mixture"),
)

TABLES: dict[str, Table] = {
    "payoffs": Table(
        "payoffs.csv",
        "one per kind of uncertainty, payoff, claimant and cell of the matrix of a tournament",
        (
            "uncertainty",
            "payoff",
            "claimant",
            "first",
            "second",
            "n",
            "mean",
            "mc_low",
            "mc_high",
            "sd",
            "q05",
            "median",
            "q95",
            "gain",
            "gain_low",
            "gain_high",
        ),
    ),
    "differences": Table(
        "differences.csv",
        "one per pair of a claimant's choices and choice of the rival: their paired difference",
        (
            "uncertainty",
            "payoff",
            "claimant",
            "against",
            "choice",
            "instead_of",
            "n_pairs",
            *SPREAD,
            "share_positive",
            "share_unchanged",
            "share_negative",
            "beyond_chance",
        ),
    ),
    "standings": Table(
        "standings.csv",
        "one per choice of a claimant and choice of the rival: "
        "its place among the claimant's choices",
        (
            "uncertainty",
            "payoff",
            "claimant",
            "against",
            "choice",
            "n",
            "mean",
            "mc_low",
            "mc_high",
            "rank",
            "rank_share",
            "share_first",
            "rank_low",
            "rank_high",
            "same_as",
        ),
    ),
    "replies": Table(
        "replies.csv",
        "one per choice of the rival: the best reply to it, and what "
        "that brings. The reply of a draw is chosen by the other half of the draws",
        (
            "uncertainty",
            "payoff",
            "claimant",
            "against",
            "choice",
            "share_first",
            "mean",
            "instead_of",
            "n_pairs",
            *SPREAD,
            "share_positive",
            "price",
            "low",
            "high",
        ),
    ),
    "games": Table(
        "games.csv",
        "one per game and method: what was found, and the value of a "
        "zero-sum game to the first claimant",
        (
            "uncertainty",
            "payoff",
            "method",
            "found",
            "left_out",
            "equilibria",
            "degenerate",
            "value",
            "low",
            "high",
        ),
    ),
    "equilibria": Table(
        "equilibria.csv",
        "one per Nash equilibrium of the mean payoffs, claimant "
        "and choice that it mixes; `low` to `high` is the interval of `mean` over "
        "resamples in which the same supports make an equilibrium",
        (
            "uncertainty",
            "payoff",
            "equilibrium",
            "methods",
            "claimant",
            "choice",
            "probability",
            "mean",
            "low",
            "high",
            "share_resampled",
        ),
    ),
    "dominance": Table(
        "dominance.csv",
        "one per choice of a claimant that is dominated",
        (
            "uncertainty",
            "payoff",
            "claimant",
            "choice",
            "dominated_by",
            "strictly",
            "margin",
            "low",
            "high",
            "share_resampled",
        ),
    ),
}
