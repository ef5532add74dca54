"""Under which conditions an effect comes, in words and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.estimators.boxes import LEVEL, NOTHING, RESAMPLES, Box, in_words
from sim.report import asked
from sim.report.escaping import plain, readable
from sim.report.figures import discover as figures
from sim.report.figures import style
from sim.report.layout import Section, in_text
from sim.report.numerals import percent
from sim.report.words import CAUTION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.discover import Conditions, Side


def text_of(done: Conditions) -> str:
    """The results for a terminal."""
    return in_text(sections(done))


def sections(done: Conditions) -> list[Section]:
    """A section for each side: how often it comes at all, and the boxes in which it does more."""
    against = f" (against {readable(done.baseline)})" if done.baseline else ""
    lead = [
        f"Looked for in {asked.subject(done.of, done.arm)}{against}, {asked.when(done.of)}: the "
        f"mean over {done.replicates} replicates, on the same draws at each of "
        f"{len(done.points):,} points; {len(done.keys)} keys are swept. Shares are counted on the "
        "half of the points that had no say in finding the conditions."
    ]
    if done.failed:
        lead.append(f"{done.failed:,} runs failed; {done.passed_over} points have no value.")
    found = [Section("Under which conditions", lead)]
    for side, boxes in zip(done.sides, done.found, strict=True):
        found.append(Section(_heading(done, side), [_overall(done, side)], sentences(
            done, side, boxes
        )))  # fmt: skip
    return [*found, Section("Keep in mind", [CAUTION])]


def event(done: Conditions, side: Side) -> str:
    """What is looked for, as a clause."""
    return asked.event(done.of, done.arm, done.scenario, *side)


def sentences(done: Conditions, side: Side, boxes: tuple[Box, ...]) -> tuple[str, ...]:
    """One for each box, or that there is none."""
    held = side.holds(done.points["mean"])
    if held.all() or not held.any():
        return ("There is nothing that it could depend on: all points are alike in this.",)
    if not boxes:
        return (
            f"{NOTHING[0].upper()}{NOTHING[1:]}: no range or combination of the keys holds more "
            f"of it than the rest, at the {percent(LEVEL)} level.",
        )
    return tuple(f"{plain(in_words(box, event(done, side)))} {_again(box)}" for box in boxes)


def _again(box: Box) -> str:
    """How often a search of resampled points restricts the same keys."""
    found = [f"{plain(r.key)} in {round(r.reproduced * RESAMPLES)}" for r in box.restrictions]
    return f"Of {RESAMPLES} searches of resampled points, so many restrict {', '.join(found)}."


def _heading(done: Conditions, side: Side) -> str:
    said = event(done, side)
    return said[0].upper() + said[1:]


def _overall(done: Conditions, side: Side) -> str:
    held = side.holds(done.points["mean"])
    return f"At {int(held.sum()):,} of {len(held):,} points ({percent(float(held.mean()))})."


def pictures(done: Conditions) -> dict[str, Figure]:
    """A picture for each side: its first box, or that there is none."""
    return {
        side.direction: figures.figure(
            done.points[list(done.keys)], done.points["mean"].to_numpy(),
            boxes[0] if boxes else None, event(done, side),
            asked.sides(done.of, done.scenario),
        )
        for side, boxes in zip(done.sides, done.found, strict=True)
    }  # fmt: skip


def write(done: Conditions, folder: Path, facts: dict[str, str]) -> None:
    """Pictures and words into the folder of the study."""
    titles = {side.direction: f"When {event(done, side)}" for side in done.sides}
    with style.drawing():
        asked.write_all(pictures(done), titles, text_of(done), "discover", folder, facts)
