"""Under which conditions an effect comes, in words and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.estimators.boxes import LEVEL, NOTHING, RESAMPLES, Box, in_words
from sim.report import column_words
from sim.report.escaping import plain
from sim.report.figures import discover as figures
from sim.report.figures import style
from sim.report.layout import Section, in_text
from sim.report.numerals import percent
from sim.report.words import CAUTION
from sim.scenario.error_texts import are_of, begin_sentence, count_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.discover import Discovery, Side


def summary_text(done: Discovery) -> str:
    """The results for a terminal."""
    return in_text(sections(done))


def sections(done: Discovery) -> list[Section]:
    """A section for each side: how often it comes at all, and the boxes in which it does more."""
    lead = [
        f"Looked for in {column_words.asked_of(done)}: the mean over "
        f"{count_of(done.replicates, 'replicate')}, on the same draws at each of "
        f"{count_of(len(done.points), 'point')}; {count_of(len(done.keys), 'key')} "
        f"{are_of(len(done.keys))} swept. Shares are counted on the half of the points that had "
        "no say in finding the conditions."
    ]
    if done.failed:
        lead.append(f"{count_of(done.failed, 'run')} failed.")
    if done.missing:
        lead.append(
            f"{done.missing} What is found is of the points that have it, and says nothing of "
            "what decides whether there is one."
        )
    if done.unmoved:
        lead.append(str(done.unmoved))
    if done.passed_over:
        passed, are = count_of(done.passed_over, "point"), are_of(done.passed_over)
        lead.append(f"{passed} without a value {are} passed over.")
    found = [Section("Under which conditions", lead)]
    for side, boxes in zip(done.sides, done.found, strict=True):
        held = side.holds(done.points["mean"])
        overall = f"It is so at {held.sum():,} of {_points(done)} ({percent(held.mean())})."
        if equal := int((done.points["mean"] == side.threshold).sum()):
            overall += f" At {equal:,} the number is exactly {side.threshold:g}: on neither side."
        heading = begin_sentence(event(done, side))
        found.append(Section(heading, [overall], sentences(done, side, boxes)))
    return [*found, Section("Keep in mind", [CAUTION])]


def event(done: Discovery, side: Side) -> str:
    """What is looked for, as a clause: ``mediation moves Washington toward India``."""
    return column_words.event(done, *side)


def sentences(done: Discovery, side: Side, boxes: tuple[Box, ...]) -> tuple[str, ...]:
    """One for each box, or that there is none.

    A side on which all points lie, or none, has nothing that could tell its points from others:
    that is said apart from a search that found no box.
    """
    held = side.holds(done.points["mean"])
    if held.all() or not held.any():
        alike = f"all {_points(done)} are alike in this"
        return (f"There is nothing that it could depend on: {alike}.",)
    if not boxes:
        return (
            f"{begin_sentence(NOTHING)}: among the {_points(done)} no range or combination of the "
            f"keys holds more of it than the rest, at the {percent(LEVEL)} level.",
        )
    return tuple(f"{plain(in_words(box, event(done, side)))} {_again(box)}" for box in boxes)


def _points(done: Discovery) -> str:
    """``160 points``, or ``80 points with a value``."""
    return count_of(len(done.points), "point") + (" with a value" if done.passed_over else "")


def _again(box: Box) -> str:
    """How often a search of resampled points restricts the same keys: how firm the box is."""
    found = [f"{plain(r.key)} in {round(r.reproduced * RESAMPLES)}" for r in box.restrictions]
    return f"Of {RESAMPLES} searches of resampled points, so many restrict {', '.join(found)}."


def draw_pictures(done: Discovery) -> dict[str, Figure]:
    """A picture for each side: its first box, or that there is none.

    Is called inside ``style.drawing``, as all that draws. Keys are ``above`` and ``below``.
    """
    return {
        side.direction: figures.figure(
            done.points[list(done.keys)], done.points["mean"].to_numpy(),
            boxes[0] if boxes else None, event(done, side),
            column_words.sides(done),
        )
        for side, boxes in zip(done.sides, done.found, strict=True)
    }  # fmt: skip


def write_report(done: Discovery, folder: Path) -> Path:
    """Write pictures and words into the folder of the study; return the file of the words."""
    titles = {side.direction: f"When {event(done, side)}" for side in done.sides}
    with style.drawing():
        return column_words.write_report(
            done, draw_pictures(done), titles, summary_text(done), folder / "discover.md"
        )
