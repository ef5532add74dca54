"""One run in plain words: where it began and ended, and what became of an offer."""

from __future__ import annotations

from sim.report.escaping import readable
from sim.report.folder import MissingInputError, RunFolder
from sim.report.layout import ReportTable, Section
from sim.report.numerals import join_words, level_number, number


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
    table = ReportTable("Sympathy for each side at the start and at the end", head, body)
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
        f": {join_words(answers)}." if answers else "."
    )
