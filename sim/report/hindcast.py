"""A hindcast in words that can say no: does the simulation order capitals better than its inputs?

Whether it does is read off the 95 % interval of the paired difference, over audiences and draws:
above 0 it does, below 0 it does worse, and otherwise it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from sim.estimators.rank_agreement import RESAMPLES
from sim.report.effects import CHANCE, PARAMETERS
from sim.report.escaping import in_quotes, plain, quoted
from sim.report.layout import ReportTable, Section
from sim.report.numerals import join_words, percent
from sim.scenario.error_texts import begin_sentence
from sim.store.results import Results, unique_texts

OVERALL = "overall"
LEVEL, SHIFT, START, JUDGEMENTS, VOTES = "level", "shift", "start", "judgements", "votes"
BETTER = "better"
RIVALS = {
    START: "its own starting point",
    JUDGEMENTS: "a plain mean of its judgements",
    VOTES: "their votes in the UN",
}
NAMES = {
    LEVEL: "level that day",
    SHIFT: "shift since the start",
    START: "start (nothing changes)",
    JUDGEMENTS: "judgements (no simulation)",
    VOTES: "UN votes",
}
VERDICTS = {
    1: "the simulation orders these capitals better than {}",
    0: "the simulation does not order these capitals better than {}",
    -1: "the simulation orders these capitals worse than {}",
}
ASKED = 2.0 / 3.0  # of the draws, by P15


class SetOfRanks(NamedTuple):
    """The rows of ``ranks`` about one coded set, of one kind of uncertainty."""

    about: str
    reading: int
    uncertainty: str
    rows: pd.DataFrame
    titles: Mapping[str, str]  # of the arms

    @property
    def name(self) -> str:
        """``overall`` or the issue, and the reading where it is the other one."""
        about = OVERALL if self.about == OVERALL else f"about {in_quotes(self.about)}"
        return about if self.reading == 1 else f"{about}, read the other way"

    @property
    def arms(self) -> list[str]:
        """The arms, in their order."""
        return unique_texts(self.rows["arm"])

    @property
    def capitals(self) -> str:
        """How many are compared."""
        return f"{int(self.rows['audiences'].max())} capitals"

    def row(self, arm: str, measure: str, rival: str = "") -> pd.Series | None:
        """The row of a measure, alone or less a rival; None where there is none."""
        found = select(self.rows, arm=arm, measure=measure, rival=rival)
        return None if found.empty else found.iloc[0]


def select(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows whose columns have these values."""
    for column, value in values.items():
        table = table[table[column] == value]
    return table


def sets_of(results: Results, uncertainty: str) -> list[SetOfRanks]:
    """The coded sets, in their order."""
    ranks = select(results.table("ranks"), uncertainty=uncertainty)
    titles = {arm: results.title_of(arm) for arm in unique_texts(ranks["arm"])}
    return [
        SetOfRanks(str(about), int(str(reading)), uncertainty, rows, titles)
        for (about, reading), rows in ranks.groupby(["about", "reading"], sort=False)
    ]


def main_uncertainty(results: Results) -> str:
    """Prior draws where there are any, else chance alone."""
    kinds = unique_texts(results.table("ranks")["uncertainty"])
    return PARAMETERS if PARAMETERS in kinds else CHANCE


def hindcast_sections(results: Results) -> list[Section]:
    """The verdicts, the numbers behind them, and the other sets; nothing without such tables."""
    if not results.has("ranks"):
        return []
    main, *others = sets_of(results, main_uncertainty(results))
    tables = [_agreement_table(main)]
    tables += [table for rival in RIVALS for table in _difference_tables(main, rival, results)]
    found = [
        Section("Does the simulation order these capitals as they did?", _lead(main, results)),
        Section("Agreement, arm by arm", [], (), tuple(tables)),
        Section("How sure", _sureness(main, results)),
    ]
    if others:
        items = tuple(f"{_named(one)}: {' '.join(verdicts(one))}" for one in others)
        found.append(Section("By issue, and in the other reading", [], items))
    return found


def _lead(main: SetOfRanks, results: Results) -> list[str]:
    """The verdicts, after what is compared with what."""
    first, date = results.claimants[0], str(main.rows["date"].iloc[0])
    lead = [
        f"What {main.capitals} said or did is coded from -2 to 2 toward {first}. The order of the "
        f"codes ({main.name}) is compared with that of the model's alignment on {date} by "
        "Kendall's tau-b: 1 is the same order, 0 is none, -1 the reverse.",
        " ".join(verdicts(main)),
    ]
    return [*lead, *_p15_words(main)]


def _named(one: SetOfRanks) -> str:
    """A set, how many it compares, and the two numbers that its first verdict is about."""
    arm = one.arms[0]
    level, start = one.row(arm, LEVEL), one.row(arm, START)
    numbers = ""
    if level is not None and start is not None:
        where = f" in {quoted(one.titles[arm])}" if arm else ""
        day, before = tau_number(level["mean"]), tau_number(start["mean"])
        numbers = f", tau-b {day} that day and {before} at the start{where}"
    return f"{begin_sentence(one.name)} ({one.capitals}{numbers})"


def verdicts(one: SetOfRanks) -> list[str]:
    """A sentence for each rival, or one for each verdict where the arms differ in it."""
    found = []
    for rival, name in RIVALS.items():
        by_verdict: dict[int, list[str]] = {}
        for arm in one.arms:
            row = one.row(arm, LEVEL, rival)
            if row is not None:
                verdict = int(row["low"] > 0.0) - int(row["high"] < 0.0)
                by_verdict.setdefault(verdict, []).append(quoted(one.titles[arm]))
        for verdict, arms in by_verdict.items():
            where = "" if len(by_verdict) == 1 else f"in {join_words(arms)} "
            found.append(begin_sentence(f"{where}{VERDICTS[verdict].format(name)}."))
    if one.row(one.arms[0], LEVEL, VOTES) is None:
        found.append("UN votes are known of too few of these capitals to compare with.")
    return found


def _p15_words(one: SetOfRanks) -> Iterator[str]:
    """In how many draws the level exceeds both rivals, as pattern P15 asks."""
    rows = [(arm, one.row(arm, LEVEL, BETTER)) for arm in one.arms]
    shares = {arm: float(row["share_positive"]) for arm, row in rows if row is not None}
    if one.about != OVERALL or one.uncertainty != PARAMETERS or not shares:
        return
    parts = [
        f"{percent(share)} of draws" + (f" of {quoted(one.titles[arm])}" if arm else "")
        for arm, share in shares.items()
    ]
    passing = sum(share >= ASKED for share in shares.values())
    verdict = "fails" if not passing else "passes" if passing == len(shares) else "passes in some"
    yield (
        "Pattern P15 asks that in two thirds of the prior draws agreement exceeds both that at "
        f"the start and that of the plain mean. It {verdict}: in {join_words(parts)}."
    )


def _sureness(main: SetOfRanks, results: Results) -> list[str]:
    """What the intervals are of, what chance alone does, and what is not compared."""
    drawn = main.uncertainty == PARAMETERS
    found = [
        f"Numbers are means over {int(main.rows['n'].max()):,} "
        f"{'prior draws' if drawn else 'runs'}. Intervals are 95 % of {RESAMPLES:,} resamples "
        f"that draw {main.capitals} and a run anew (bootstrap), the same for both sides of a "
        "difference: few capitals make them wide."
    ]
    certain = sets_of(results, CHANCE)[0] if drawn else None
    row = certain.row(main.arms[0], LEVEL, START) if certain else None
    if row is not None:
        where = f" in {quoted(main.titles[main.arms[0]])}" if main.arms[0] else ""
        found.append(
            f"With the parameters held the difference to the start{where} is "
            f"{tau_number(row['mean'])} (interval {_span(row)})."
        )
    return found + [f"Not compared: {plain(text)}." for text in results.manifest["left_out"]]


def _agreement_table(main: SetOfRanks) -> ReportTable:
    """tau-b of each measure in every arm, and how many random orders agree as well."""
    shown = [name for name in NAMES if main.row(main.arms[0], name) is not None]
    body = []
    for arm in main.arms:
        rows = [main.row(arm, measure) for measure in shown]
        cells = [
            "-" if row is None or row["mean"] != row["mean"]
            else f"{tau_number(row['mean'])} ({100 * row['share_at_random']:.2g} %)"
            for row in rows
        ]  # fmt: skip
        body.append((_arm(main, arm), *cells))
    caption = (
        f"Kendall's tau-b with the codes of {main.capitals}; in brackets the share of random "
        "orders of the codes that agree as well"
    )
    return ReportTable(caption, ("", *(NAMES[name] for name in shown)), body)


def _difference_tables(main: SetOfRanks, rival: str, results: Results) -> Iterator[ReportTable]:
    """The level's agreement less a rival's in every arm; no table where there is none."""
    body, count = [], ""
    for arm in main.arms:
        row = main.row(arm, LEVEL, rival)
        if row is not None:
            count = f"{int(row['audiences'])} capitals"
            higher = percent(row["share_positive"])
            left_out = _one_left_out(main, results, arm, rival)
            body.append((_arm(main, arm), tau_number(row["mean"]), _span(row), higher, left_out))
    if body:
        head = ("", "difference", "interval", "higher in", "any one capital left out")
        caption = f"Agreement that day less that of {RIVALS[rival]}, {count}"
        yield ReportTable(caption, head, body)


def _one_left_out(main: SetOfRanks, results: Results, arm: str, rival: str) -> str:
    """Between what a difference lies when any one capital is left out; `-` if not known."""
    if not results.has("leave_one_out"):
        return "-"
    chosen = {"about": main.about, "reading": main.reading, "uncertainty": main.uncertainty}
    table = select(results.tables["leave_one_out"], arm=arm, **chosen)
    level, other = (
        select(table, measure=measure).set_index("actor")["mean"] for measure in (LEVEL, rival)
    )
    apart = (level - other).dropna()
    return f"{tau_number(apart.min())} to {tau_number(apart.max())}" if len(apart) else "-"


def _arm(one: SetOfRanks, arm: str) -> str:
    return plain(one.titles[arm]) if arm else "the scenario"


def _span(row: pd.Series) -> str:
    return f"{tau_number(row['low'])} to {tau_number(row['high'])}"


def tau_number(value: float) -> str:
    """Return an agreement or a difference of two with two digits; `-` if not known."""
    return "-" if value != value else f"{value:z.2f}"
