"""What an effect depends on, in words and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.estimators.design_reading import MEAN, SD
from sim.estimators.morris import MORRIS, MOST, REACH
from sim.estimators.sobol import LITTLE, MATTERS, SOBOL, UNDECIDED, verdicts
from sim.report import column_words
from sim.report.escaping import plain
from sim.report.figures import sensitivity as figures
from sim.report.figures import style
from sim.report.layout import ReportTable, Section, in_text
from sim.report.numerals import join_words, opinion_scale, percent
from sim.report.words import CAUTION
from sim.scenario.error_texts import are_of, count_of
from sim.tables.metrics import opinion_points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.sensitivity import Sensitivity

SCREENING, INDICES = "screening", "indices"
TITLES = {SCREENING: "What moves it: screening", INDICES: "What it depends on"}


def summary_text(done: Sensitivity) -> str:
    """The results for a terminal."""
    return in_text(sections(done))


def sections(done: Sensitivity) -> list[Section]:
    """How much is chance, which parameters matter, what is undecided.

    The screening and the indices have sections of their own, as far as they were done: the
    screening moves all parameters, the indices are of those that it kept.
    """
    lead = [
        f"Asked of {column_words.asked_of(done)}: which of "
        f"{count_of(len(done.question.parameters), 'parameter')} it depends on, each over its "
        f"range. {count_of(done.runs_done, 'run')}, "
        f"{count_of(done.question.replicates, 'replicate')} at each point, on the same draws."
    ]
    if done.failed:
        lead.append(f"{count_of(done.failed, 'run')} failed.")
    if done.deciding:
        lead.append(
            f"Whether there is such a number at all may hang on {_names(done.deciding)}. "
            f"{'It is' if len(done.deciding) == 1 else 'They are'} not judged, and what follows "
            "is of the points that have a number."
        )
    found = [Section(f"What {column_words.subject(done)} depends on", lead)]
    if done.sizes.trajectories:
        found.append(_screening(done))
    if len(done.shares):
        found += [_chance(done), _indices(done, MEAN), _indices(done, SD)]
    return [*found, Section("Keep in mind", [CAUTION])]


def _screening(done: Sensitivity) -> Section:
    """What moves the mean most, and what was left out of the indices for which reason."""
    rows = done.sensitivity[done.sensitivity["index"] == "mu_star"]
    table = done.sensitivity.pivot_table(
        index="parameter", columns="index", values="value", sort=False
    )
    rows = rows.sort_values("value", ascending=False, kind="stable")
    told = {*done.kept, *done.crowded_out, *done.deciding}
    out = [str(name) for name in rows["parameter"] if name not in told]
    said = [
        f"Moved over its whole range, {_names(done.kept[:3])} "
        f"{'changes' if len(done.kept) == 1 else 'change'} the mean most."
        if done.kept else "No parameter that is judged changes the mean at all." if done.deciding
        else "No parameter changes the mean at all.",
        *_left_out(done, MORRIS, count_of(done.sizes.trajectories, "trajectory", "trajectories")),
    ]  # fmt: skip
    if out:
        said.append(
            f"Left out, for even the upper end of the interval is below {REACH:g} of the largest "
            f"change: {', '.join(map(plain, out))}."
        )
    if done.crowded_out:
        said.append(
            f"They matter by the same rule, but more than {MOST} are too many: "
            f"{', '.join(map(plain, done.crowded_out))}."
        )
    shown = rows[rows["parameter"].isin(done.kept)]
    of_opinion = column_words.is_of_opinion(done)
    cells = [
        (plain(row.parameter), _n(row.value), f"{_n(max(row.low, 0.0))} to {_n(row.high)}",
         _direction(table["sign"].get(row.parameter, 0.0)) if "sign" in table else "",
         *([f"about {opinion_points(row.value):.1f}"] if of_opinion else []))
        for row in shown.itertuples()
    ]  # fmt: skip
    last = ", and in points of net opinion" if of_opinion else ""
    caption = (
        f"Mean size of the change over the parameter's range, 95 % interval, which way{last}:"
    )
    head = ("parameter", "change", "interval", "way", *(["points"] if of_opinion else []))
    return Section("Screening", said, (), (
        (ReportTable(caption, head, cells),) if cells else ()
    ))  # fmt: skip


def _chance(done: Sensitivity) -> Section:
    """Which share of the variance of one run is chance, and which the parameters make."""
    share = done.shares.set_index("part").loc["chance"]
    said = "Nothing varies: there is nothing to share out."
    if share["share"] == share["share"]:
        said = (
            "Of the variance of one run's number over all ranges"
            f"{', where there is one,' if done.deciding else ''} "
            f"{percent(share['share'])} is chance (95 % interval {percent(share['low'])} to "
            f"{percent(share['high'])}); the rest is what {_these(done.kept)} to its "
            "mean. The others stay at the scenario's values."
        )
    left_out = _left_out(done, SOBOL, count_of(done.sizes.samples, "base point"))
    cut = _cut_words({"chance": float(share["share"])})
    return Section("How much is chance", [*left_out, said, *cut])


def _indices(done: Sensitivity, of: str) -> Section:
    """What the mean or the spread over chance depends on: ``of`` is ``MEAN`` or ``SD``.

    A parameter is named only where its whole interval says so.
    """
    heading = "What the mean depends on" if of == MEAN else "What the spread depends on"
    found = verdicts(done.sensitivity, of)
    judged = ~found["parameter"].isin(done.deciding)
    if judged.any() and found["value"][judged].isna().all():
        return Section(heading, ["Nothing varies from point to point."])
    named = {
        verdict: [plain(name) for name in found["parameter"][found["verdict"] == verdict]]
        for verdict in (MATTERS, UNDECIDED)
    }
    what = "mean over chance" if of == MEAN else "standard deviation over chance"
    said = f"The {what} depends on {join_words(named[MATTERS])}" if named[MATTERS] else (
        f"Of no parameter is it sure that the {what} depends on it")  # fmt: skip
    said += f" (whole interval of the total share above {percent(LITTLE)})."
    if named[UNDECIDED]:
        said += f" Undecided: {', '.join(named[UNDECIDED])}; more --samples may decide."
    cells = [
        (plain(row.parameter), _share(row.value),
         f"{_share(row.low)} to {_share(row.high)}" if row.low == row.low else "-", row.verdict)
        for row in found.itertuples()
    ]  # fmt: skip
    caption = (
        "Total share (ST) of the variance over points; interactions count for each, so the shares "
        "may add up to more than 100 %:"
    )
    table = ReportTable(caption, ("parameter", "share", "interval", "verdict"), cells)
    cut = _cut_words(dict(zip(found["parameter"], found["value"], strict=True)))
    return Section(heading, [said, *cut], (), (table,))


def _left_out(done: Sensitivity, sweep: str, blocks: str) -> list[str]:
    """Where a sweep has no such number, and how many of its blocks are left out."""
    known = done.missing.get(sweep), done.unmoved.get(sweep)
    said = [str(one) for one in known if one]
    if done.left_out[sweep]:
        said.append(f"Left out for a run without a value: {done.left_out[sweep]:,} of {blocks}.")
    return said


def _these(keys: Sequence[str]) -> str:
    """What ends in what parameters do: ``these 2 parameters do``."""
    return "this parameter does" if len(keys) == 1 else f"these {len(keys)} parameters do"


def _names(keys: Sequence[str]) -> str:
    return join_words([plain(key) for key in keys])


def _cut_words(values: Mapping[str, float]) -> list[str]:
    """Which estimates lie past 100 % or below 0 and are shown cut; nothing where none does."""
    cut = {name: round(100.0 * value) for name, value in values.items() if value == value}
    past = [f"{plain(name)} ({value} %)" for name, value in cut.items() if not 0 <= value <= 100]
    if not past:
        return []
    what = "estimate" if len(past) == 1 else "estimates"
    return [
        f"The {what} of {join_words(past)} {are_of(len(past))} past what a share can be and shown "
        "cut to 0 to 100 %: more --samples are needed."
    ]


def _direction(sign: float) -> str:
    """Which way a parameter moves the mean; NaN is the sign of names, which have no order."""
    return "raises" if sign > 0.0 else "lowers" if sign < 0.0 else "not clear"


def _share(value: float) -> str:
    """A share in per cent; estimates and their intervals may lie a little outside 0 to 1."""
    return percent(min(max(value, 0.0), 1.0)) if value == value else "-"


def _n(value: float) -> str:
    return f"{value:.2g}"


def draw_pictures(done: Sensitivity) -> dict[str, Figure]:
    """The Morris plane and the indices, as far as they were asked for.

    Is called inside ``style.drawing``, as all that draws. Keys are those of ``TITLES``.
    """
    words = column_words.subject(done)
    found = {}
    rows = done.sensitivity
    sobol = rows["index"].isin(["S1", "ST", "unresolved"])
    if done.sizes.trajectories:
        unit = f"      {opinion_scale()}" if column_words.is_of_opinion(done) else ""
        found[SCREENING] = figures.plane(rows[~sobol], words, unit)
    if len(done.shares):
        found[INDICES] = figures.indices(rows[sobol], done.shares, words)
    return found


def write_report(done: Sensitivity, folder: Path) -> Path:
    """Write pictures and words into the folder of the study; return the file of the words."""
    with style.drawing():
        return column_words.write_report(
            done, draw_pictures(done), TITLES, summary_text(done), folder / "sensitivity.md"
        )
