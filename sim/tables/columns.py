"""Every column once: its name, type, unit and meaning; every table as a tuple of columns.

``docs/columns.md`` is written from here, and the store reads the types when it writes and reads
tables. Importing this module loads no numerical library.
"""

from __future__ import annotations

from pathlib import Path

from sim.tables import tournament_columns
from sim.tables.column_kinds import COUNT, NUMBER, TEXT, Column, Table
from sim.tables.metric_texts import metric_texts

_ALL = (
    # what a row belongs to
    Column("run_id", TEXT, "", "the run; unique within a folder"),
    Column("point", COUNT, "", "point of a sweep's design; stands before the swept keys"),
    Column("scenario", TEXT, "", "name of the scenario"),
    Column("arm", TEXT, "", "arm of the scenario; empty: the scenario as it stands"),
    Column("baseline", TEXT, "", "the arm that `arm` is compared with"),
    Column("uncertainty", TEXT, "", "`chance`: parameters held, the draws vary; `parameters`: "
            "every parameter that is not fixed and every judgement is drawn too, the same in all "
            "arms"),
    Column("replicate", COUNT, "", "number of the replicate; with the seed it fixes every draw"),
    Column("seed", COUNT, "", "seed of the run"),
    Column("step", COUNT, "day", "day number, 0 is the scenario's first day; in comparison and "
            "channels -1 stands for the mean over the days the first offer acts"),
    Column("date", TEXT, "ISO day", "the day as a date"),
    # long tables
    Column("actor", TEXT, "", "an audience; empty for what belongs to nobody in particular"),
    Column("toward", TEXT, "", "a claimant, issue or claim, or empty; in messages the claimant "
            "the message speaks for or against"),
    Column("metric", TEXT, "", "name of the metric"),
    Column("value", NUMBER, "of the metric", "value of the metric; in sources the number as the "
            "scenario has it"),
    # statistics
    Column("n", COUNT, "runs", "runs in the row"),
    Column("mean", NUMBER, "of the metric", "mean over runs"),
    Column("sd", NUMBER, "of the metric", "standard deviation over runs"),
    Column("se", NUMBER, "of the metric", "standard error of the mean"),
    Column("median", NUMBER, "of the metric", "median; of the paired differences where a row is "
            "a comparison. Quantiles of a sweep are exact; those of `compare` are up to 256 pairs "
            "(fewer in very large scenarios) and for whole numbers, and beyond off by less than "
            "1/127 of the range from the lowest to the highest run"),
    Column("q05", NUMBER, "of the metric", "5 % quantile, as `median`"),
    Column("q25", NUMBER, "of the metric", "25 % quantile, as `median`"),
    Column("q75", NUMBER, "of the metric", "75 % quantile, as `median`"),
    Column("q95", NUMBER, "of the metric", "95 % quantile, as `median`"),
    Column("n_pairs", COUNT, "pairs", "pairs of runs on the same draws"),
    Column("mean_diff", NUMBER, "of the metric", "mean of `arm` less `baseline` over pairs"),
    Column("mc_low", NUMBER, "of the metric", "lower end of the 95 % Monte Carlo interval of "
            "`mean_diff`; it shrinks with the number of pairs"),
    Column("mc_high", NUMBER, "of the metric", "upper end of that interval"),
    Column("sd_diff", NUMBER, "of the metric", "standard deviation of the paired differences"),
    Column("share_positive", NUMBER, "0..1", "share of pairs whose difference is above 0"),
    Column("share_unchanged", NUMBER, "0..1", "share of pairs whose difference is exactly 0: two "
            "runs of a pair are bit-identical until something that is done differs. Missing from "
            "folders of earlier versions"),
    Column("share_negative", NUMBER, "0..1", "share of pairs whose difference is below 0; the "
            "three shares are counts over `n_pairs` and add up to it"),
    Column("pair_correlation", NUMBER, "-1..1", "correlation of the two runs of a pair"),
    Column("variance_reduction", NUMBER, "..1", "share of the variance of an unpaired "
            "difference that pairing removes; below 0 it adds"),
    Column("mean_baseline", NUMBER, "of the metric", "mean of `baseline` over the pairs"),
    Column("mean_arm", NUMBER, "of the metric", "mean of `arm` over the pairs"),
    Column("first_divergence_step", COUNT, "day", "first day on which two paired runs differ; "
            "-1 where they never do"),
    Column("channel", TEXT, "", "in messages: statement, a delegation's name, stance, world or "
            "diplomacy; in channels: the channel of mediation that is off: parity, goodwill "
            "(with pique), impartiality or calming"),
    # runs
    Column("answers", TEXT, "", "who accepted mediation: neither, first, second or both; any: "
            "all pairs together; `no offer` in a run without one"),
    Column("offers", COUNT, "offers", "offers of mediation in the run"),
    Column("incidents", NUMBER, "incidents", "incidents in the run"),
    Column("peak_tension", NUMBER, "tension", "highest tension at the start of a day"),
    Column("lead", NUMBER, "-1..1", "importance-weighted alignment at the end"),
    Column("failed", TEXT, "", "in a sweep: what became of a run that failed; empty otherwise"),
    Column("column", TEXT, "", "column of the runs whose mean --until asks about"),
    Column("half_asked", NUMBER, "of the column", "half-width that was asked for"),
    Column("reached", TEXT, "", "`yes` where the interval is as narrow as asked, `no` where the "
            "most replicates allowed, or runs without a value, left it wider, `no value` where no "
            "run has one"),
    # messages
    Column("message_id", TEXT, "", "day and number within it: `d12-003`; the world's news have "
            "a w: `d12-w01`"),
    Column("sender", TEXT, "", "a claimant, an audience (stances, offers), an event, or "
            "`incidents`"),
    Column("receiver", TEXT, "", "an audience, or a claimant (offers) or audience (answers) "
            "spoken to"),
    Column("type", TEXT, "", "PROMOTE, ATTACK, DENY, STANCE, OFFER, ANSWER; news of the world: "
            "PRO or CON"),
    Column("narrative", TEXT, "", "narrative of the sender's menu; empty for a reply the menu "
            "has no denial for"),
    Column("issue", TEXT, "", "issue the message is on"),
    Column("claim", TEXT, "", "claim it asserts or denies, or whose credence weighs the news"),
    Column("effort", NUMBER, "effort/day", "effort delivered at the receiver"),
    Column("evidence", NUMBER, "0..1", "evidence of the message"),
    Column("exposure", NUMBER, "exposure", "exposure at the receiver before credence, potency "
            "and denial; of the world's news what is heard on the day it happens, of the days "
            "after it the ledger tells"),
    Column("in_reply_to", TEXT, "", "the message it answers"),
    Column("text", TEXT, "", "what a stance or an answer says"),
    # ledger
    Column("cause", TEXT, "", "interests, salience, parity, peer, message, world, goodwill, "
            "pique, noise or clip"),
    Column("cause_id", TEXT, "", "issue (salience), audience (peer), message_id (message), event "
            "or `incidents` (world), `anchor` (clip of the anchor)"),
    Column("delta", NUMBER, "sympathy", "change of sympathy booked to the cause; the rows of an "
            "actor, claimant and day add up to the day's change"),
    Column("before", NUMBER, "sympathy", "running level before the row"),
    Column("after", NUMBER, "sympathy", "running level after the row"),
    # sensitivity, discover
    Column("outcome", TEXT, "", "the column of runs.parquet that was asked for"),
    Column("of", TEXT, "", "in sensitivity: whether the index is of the mean over chance (mean) "
            "or of the standard deviation over chance (sd)"),
    Column("parameter", TEXT, "", "the swept key; empty for what belongs to none"),
    Column("index", TEXT, "", "`mu_star`, `mu`, `sigma`, `sign`: mean size, mean, spread and "
            "sign of the change over the key's whole range (screening); `chance`: standard "
            "deviation of one run's outcome; `S1`, `ST`: share of the variance over points, alone "
            "and with interactions; `unresolved`: share of that variance that is left of chance"),
    Column("low", NUMBER, "", "lower end: of the 95 % interval of an index or share; of a box "
            "(missing: open); in ranks of the 95 % interval of `mean` over audiences and runs, by "
            "a bootstrap that draws both anew"),
    Column("high", NUMBER, "", "upper end, as `low`"),
    Column("part", TEXT, "", "`parameters` or `chance`"),
    Column("variance", NUMBER, "of the outcome, squared", "the part's variance of one run's "
            "outcome; an unbiased estimate, so that it may come out below 0"),
    Column("share", NUMBER, "0..1", "the part's share of the variance of one run's outcome"),
    Column("direction", TEXT, "", "which means are of interest: those above or below "
            "`threshold`"),
    Column("threshold", NUMBER, "of the outcome", "see `direction`"),
    Column("box", COUNT, "", "number of the box on its side; each further one lies outside those "
            "before"),
    Column("among", TEXT, "", "the names that a box holds of a key, with | between; empty for "
            "numbers"),
    Column("quasi_p", NUMBER, "0..1", "how likely so dense a box is by chance were the key not "
            "restricted; takes no account of the search"),
    Column("reproduced", NUMBER, "0..1", "share of resamples in which the key is restricted "
            "again"),
    Column("points", COUNT, "points", "points in the box: in boxes of the half that had no say "
            "in finding it, in tradeoff of the half that was searched"),
    Column("interest", COUNT, "points", "of these, those of interest"),
    Column("density", NUMBER, "0..1", "`interest` as a share of `points`"),
    Column("density_low", NUMBER, "0..1", "lower end of its 95 % interval (Wilson)"),
    Column("density_high", NUMBER, "0..1", "upper end of that interval"),
    Column("coverage", NUMBER, "0..1", "share of all points of interest that lie in the box"),
    Column("mass", NUMBER, "0..1", "share of all points that lie in the box"),
    Column("elsewhere", NUMBER, "0..1", "density outside this box and those before it"),
    Column("p", NUMBER, "0..1", "Fisher's exact test of the box against elsewhere"),
    Column("peel", COUNT, "", "step of the search; 0: all points"),
    Column("restricted", COUNT, "keys", "keys that the box restricts by then"),
    # hindcast
    Column("about", TEXT, "", "what a stance is about: `overall` or an issue"),
    Column("reading", COUNT, "", "1, or 2 for the other way to read statements that can be read "
            "two ways"),
    Column("code", NUMBER, "-2..2", "coded stance toward the first claimant; in capitals the mean "
            "over an audience's statements"),
    Column("measure", TEXT, "", "`level`: alignment x on the day; `shift`: x less x(0); `start`: "
            "x(0); `judgements`: mean over issues of half the difference of the two judgements; "
            "`votes`: nearness of UN votes to the first claimant's less that to the second's"),
    Column("rival", TEXT, "", "another measure, whose number is taken off in the same run; "
            "`better`: the better one of start and judgements; empty: none"),
    Column("audiences", COUNT, "audiences", "audiences that are compared"),
    Column("share_at_random", NUMBER, "0..1", "share of random orders of the codes (the order as "
            "it is among them) whose mean agreement is at least as high: a permutation test"),
    *tournament_columns.COLUMNS,
    # failures, sources
    Column("stage", TEXT, "", "where the run failed"),
    Column("error_type", TEXT, "", "kind of error"),
    Column("message", TEXT, "", "what it said"),
    Column("replay_command", TEXT, "", "command that repeats the run alone"),
    Column("key", TEXT, "", "path of the value in the scenario"),
    Column("source", TEXT, "", "where the number comes from: a row of seeds/, a citation, or "
            "`judgement`"),
    Column("where", TEXT, "", "the file and line, option or default that set the value"),
)  # fmt: skip

COLUMNS: dict[str, Column] = {column.name: column for column in _ALL}

_IDS = ("run_id", "scenario", "arm", "replicate", "seed", "step", "date")
_SPREAD = ("mean_diff", "mc_low", "mc_high", "sd_diff")

TABLES: dict[str, Table] = {
    "summary": Table("summary.csv", "one per arm, metric, actor, toward, step", (
        "scenario", "arm", "uncertainty", "metric", "actor", "toward", "step", "date", "n",
        "mean", "sd", "se", "median", "q05", "q25", "q75", "q95"), by_day=True),
    "comparison": Table("comparison.csv", "one per metric, actor, toward, step, answers", (
        "metric", "actor", "toward", "step", "date", "uncertainty", "answers", "baseline", "arm",
        "mean_baseline", "mean_arm", "n_pairs", *_SPREAD, "q05", "q25", "median", "q75", "q95",
        "share_positive", "share_unchanged", "share_negative", "pair_correlation",
        "variance_reduction", "first_divergence_step"), by_day=True),
    "channels": Table("channels.csv", "one per channel of mediation, metric, actor, toward, step: "
                      "what the effect loses when the channel is off, both answers held", (
        "channel", "arm", "baseline", "uncertainty", "metric", "actor", "toward", "step", "date",
        "n_pairs", *_SPREAD, "q05", "q25", "median", "q75", "q95"), by_day=True),
    "runs": Table("runs.parquet", "one per run", (
        "run_id", "scenario", "arm", "uncertainty", "replicate", "seed", "answers", "offers",
        "incidents", "peak_tension", "first_divergence_step", "lead")),
    "timeseries": Table("timeseries.parquet", "one per run told in full, step, metric, actor, "
                        "toward", (*_IDS, "actor", "toward", "metric", "value")),
    "messages": Table("messages.parquet", "one per message and receiver of those runs", (
        "run_id", "arm", "step", "date", "message_id", "sender", "channel", "receiver", "type",
        "toward", "narrative", "issue", "claim", "effort", "evidence", "exposure", "in_reply_to",
        "text")),
    "ledger": Table("ledger.parquet", "one per booked change of sympathy in those runs", (
        "run_id", "arm", "step", "date", "actor", "toward", "cause", "cause_id", "delta",
        "before", "after")),
    "design": Table("design.csv", "one per point of a sweep, with the swept keys", ("point",)),
    "until": Table("until.csv", "one per point of a sweep with --until, and arm: the interval by "
                   "Stein's rule, from the spread of the pilot", (
        "arm", "column", "n", "mean", "mc_low", "mc_high", "half_asked", "reached")),
    "sensitivity": Table("sensitivity.csv", "one per parameter and index", (
        "outcome", "of", "parameter", "index", "value", "low", "high")),
    "shares": Table("shares.csv", "one per part of the variance of one run's outcome", (
        "outcome", "part", "variance", "share", "low", "high")),
    "boxes": Table("boxes.csv", "one per box found and key that it restricts; none where no "
                   "condition was found", (
        "outcome", "direction", "threshold", "box", "key", "low", "high", "among", "quasi_p",
        "reproduced", "points", "interest", "density", "density_low", "density_high", "coverage",
        "mass", "elsewhere", "p")),
    "tradeoff": Table("tradeoff.csv", "one per box on the way to each box found", (
        "outcome", "direction", "threshold", "box", "peel", "points", "interest", "density",
        "coverage", "mass", "restricted")),
    "points": Table("points.csv", "one per point of a design, with the swept keys: what was "
                    "looked through", ("point", "mean", "sd", "n")),
    "outcomes": Table("outcomes.csv", "one per coded statement that a hindcast compares with", (
        "actor", "step", "date", "about", "reading", "code", "source")),
    "agreement": Table("agreement.csv", "one per coded set (about, reading), arm, measure and "
                       "day: Kendall's tau-b with the codes over runs", (
        "about", "reading", "arm", "uncertainty", "measure", "step", "date", "audiences", "n",
        "mean", "q05", "median", "q95")),
    "ranks": Table("ranks.csv", "one per coded set, arm, measure and rival: on the named day "
                   "Kendall's tau-b over runs, or how far it exceeds the rival's", (
        "about", "reading", "arm", "uncertainty", "measure", "rival", "step", "date",
        "audiences", "n", "mean", "low", "high", "q05", "median", "q95", "share_positive",
        "share_unchanged", "share_at_random")),
    "leave_one_out": Table("leave_one_out.csv", "one per coded set, arm, measure and audience: "
                           "mean tau-b on the named day without that audience", (
        "about", "reading", "arm", "uncertainty", "measure", "actor", "step", "date",
        "audiences", "mean")),
    "capitals": Table("capitals.csv", "one per coded set, arm, measure and coded audience: its "
                      "code, and the measure on the named day", (
        "about", "reading", "arm", "uncertainty", "measure", "actor", "code", "step", "date",
        "n", "mean", "q05", "q95")),
    **tournament_columns.TABLES,
    "failures": Table("failures.csv", "one per failed run", (
        "run_id", "stage", "error_type", "message", "replay_command")),
    "sources": Table("sources.csv", "one per number of the scenario", (
        "key", "value", "source", "where")),
}  # fmt: skip


ROWS = Table("runs.parquet", "one per run of a sweep, baselines included; a folder of files that "
             "are read as one table", (
    "run_id", "point", "scenario", "arm", "uncertainty", "replicate", "seed", "failed", "answers",
    "offers", "incidents", "peak_tension", "first_divergence_step", "lead"))  # fmt: skip
OF_ROWS = """\
The swept keys stand before `failed`. After `lead` comes what came out, for each metric, actor and
toward (which are left out where empty; `--metrics` chooses the metrics):

| column | meaning |
|---|---|
| `final.<metric>[.<actor>][.<toward>]` | on the last day: `final.lead`, `final.alignment.Paris` |
| `window.…` | mean over the days on which the arm's first offer acts; missing without one |
| `effect.final.…` | `final.…` less that of the baseline's run of the same replicate |
| `effect.window.…` | `window.…` less the baseline's mean over the same days |
| `payoff.<payoff>.<claimant>` | in the sweeps of a tournament: the payoff of the run |

Effects are missing in rows of the baseline. A run that failed has its ids and `failed` alone, and
where it was a baseline the arms of its replicate have no effects. A metric or audience that a
point does not have is missing there. `summary.csv` and `comparison.csv` of a sweep are computed
from these rows and hold the last day and step -1; of more than 1,000 points they are empty.
"""


PAYOFFS_SAID = """\
What strategies are judged by in a tournament, one number a run and claimant. More is better for
the claimant; of the first three what one side gains the other loses (zero-sum)."""


def type_of(name: str) -> str:
    """The type of a column, or "" for one that is not declared (a swept parameter)."""
    return COLUMNS[name].type if name in COLUMNS else ""


def markdown() -> str:
    """The text of ``docs/columns.md``."""
    lines = [
        "# Tables and columns",
        "",
        "Written by `python -m sim.tables.columns` from `sim/tables/columns.py`; do not edit.",
        "",
        "Long tables, snake_case, ids first. A count is a whole number; a number may be missing.",
        "Text cells of the CSV files that a spreadsheet would take for a formula begin with an",
        "apostrophe. In a sweep every table begins with `point` and one column per swept key.",
        "",
        "A table with two files has in the CSV the rows that people open: of the last day that a",
        "metric has, and of step -1. The Parquet file has every day, those rows included. It is",
        "there only where there are more days, so not in a sweep. Folders of earlier versions",
        "have every day in the CSV, and are read as before.",
        "",
        "## Tables",
        "",
    ]
    for table in TABLES.values():
        columns = ", ".join(f"`{name}`" for name in table.columns)
        files = f"**`{table.file}`**" + (f", **`{table.long_file}`**" if table.by_day else "")
        lines += [f"{files}: {table.row}.", "", columns, ""]
    columns = ", ".join(f"`{name}`" for name in ROWS.columns)
    said = f"**`{ROWS.file}`**: {ROWS.row}."
    lines += ["## Rows of a sweep", "", said, "", columns, "", OF_ROWS]
    lines += ["## Columns", "", "| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in COLUMNS.values()]
    lines += ["", "## Metrics", "", "| metric | unit | meaning |", "|---|---|---|"]
    lines += [f"| `{name}` | {unit} | {meaning} |" for name, unit, meaning in metric_texts()]
    lines += [
        "",
        "## Payoffs",
        "",
        PAYOFFS_SAID,
        "",
        "| payoff | unit | meaning |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {unit} | {meaning} |" for name, unit, meaning in metric_texts("PAYOFFS")
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    (Path(__file__).parents[2] / "docs" / "columns.md").write_text(markdown(), encoding="utf-8")
