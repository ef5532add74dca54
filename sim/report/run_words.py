"""One run in plain words: where it began and ended, and what became of an offer."""

from __future__ import annotations

import pandas as pd

from sim.report.escaping import quoted
from sim.report.layout import ReportTable, Section
from sim.report.numerals import join_words, level_number, number
from sim.store.results import MissingInputError, Results


def run_sections(results: Results) -> list[Section]:
    """One run: levels at its start and end, of every audience for both sides.

    Raises
    ------
    MissingInputError
        Where the run was not recorded in full.
    """
    frame = results.table("timeseries")
    frame = frame[(frame["arm"] == results.arm) & (frame["metric"] == "sympathy")]
    if frame.empty:
        raise MissingInputError("timeseries.parquet has no sympathy")
    start, end = int(frame["step"].min()), int(frame["step"].max())
    cells = frame[frame["step"].isin([start, end])].groupby(["actor", "toward", "step"])["value"]
    levels = cells.first().to_dict()
    body = []
    for audience in results.audiences:
        row = [audience]
        for claimant in results.claimants:
            begin, last = (levels[audience, claimant, step] for step in (start, end))
            row += [level_number(begin), level_number(last), number(last - begin)]
        body.append(tuple(row))
    whats = ("start", "end", "change")
    head = ("", *(f"{name}: {what}" for name in results.claimants for what in whats))
    days = " to ".join(results.day_text(step) for step in (start, end))
    text = f"This is one run of {quoted(results.arm_title)}, from {days}. {offer_words(results)}"
    table = ReportTable("Sympathy for each side at the start and at the end", head, body)
    return [Section("One run", [text], (), (table,))]


def offer_words(results: Results) -> str:
    """Which offers were made in the run that is told, who accepted each, and its days."""
    if not results.offer_steps:
        return "No offer of mediation was made."
    frame = results.tables["timeseries"]
    frame = frame[(frame["arm"] == results.arm) & (frame["metric"] == "accepted")]
    return " ".join(_one_offer(results, frame, step) for step in results.offer_steps)


def _one_offer(results: Results, accepted: pd.DataFrame, step: int) -> str:
    """Answers show on the day after the offer, unless another mediates by then."""
    after = accepted[accepted["step"] == step + 1].set_index("toward")["value"].to_dict()
    scenario = results.shown_scenario
    if scenario and scenario.mediator.on(step + 1) != scenario.mediator.on(step):
        after = {}
    when = results.day_text(step)
    answers = [
        f"{name} {'accepts' if after[name] > 0.5 else 'refuses'}"
        for name in results.claimants
        if name in after
    ]
    told = f" {join_words(answers)}." if answers else ""
    last = results.last_day_of_offer(step)
    if last is not None:
        until = f"until {results.day_text(last)}" if last > step else "on no day"
        told += f" The offer is in force {until}."
    return f"{results.mediator_on(step)} offered to mediate on {when}.{told}"
