"""MarkedEvent marks: labels in rows above a wide panel, or letters over small ones with a key.

Events are those of the scenario and the offers, each on one day; events that lie close
together are marked as a group.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from sim.report.escaping import label, labels
from sim.report.figures import style
from sim.store.results import MarkedEvent, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEAR = 0.05  # share of all days within which neighbours are one group
MOST_STEPS = 5  # names in one staircase
ROW = 12.5  # points between its steps
GAP = 8  # pixels between staircases
LONGEST, SHORTEST = 22, 6  # letters of a name
# What a key may be: lines, letters of a line, points, letters of a name
MOST_LINES = 3
KEYS = (
    (2, 155, 9.5, 40),
    (2, 155, 9.5, 24),
    *((MOST_LINES, 190, 8.0, n) for n in (24, 16, 10, 6)),
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PANEL_TOP = ("data", "axes fraction")  # a day, and a share of the panel's height
LEADER = {"arrowstyle": "-", "color": style.PALE, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0}


def groups(results: Results) -> list[list[MarkedEvent]]:
    """Return the events by date, those that lie near their neighbours together."""
    near = max(results.steps * NEAR, 1)
    found: list[list[MarkedEvent]] = []
    for event in results.events:
        if found and event.step - found[-1][-1].step <= near:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def letters(results: Results) -> list[tuple[str, list[MarkedEvent]]]:
    """Return groups of events by date, each with its letter.

    Of more groups than there are letters the largest have one.
    """
    clusters = sorted(groups(results), key=len, reverse=True)[: len(LETTERS)]
    clusters.sort(key=lambda cluster: cluster[0].step)
    return list(zip(LETTERS, clusters, strict=False))


def mark_by_letter(axes: list[Axes], results: Results) -> None:
    """Mark groups of events by their letters over small panels."""
    look: style.Look = {"ha": "center", "va": "bottom", "fontsize": 8.5, "color": style.GREY}
    for letter, cluster in letters(results):
        steps = [event.step for event in cluster]
        for ax in axes:
            for step in dict.fromkeys(steps):
                ax.axvline(step, color=style.HAIR, linewidth=0.7, zorder=0)
            style.note(ax, letter, (sum(steps) / len(steps), 1.0), (0, 1), PANEL_TOP, **look)


def key_text(results: Results, longest: int) -> str:
    """Return the key to the letters, in the order of time, each with dates and names.

    Such as `A: 16 Apr raid, clash`: events of one day share their date. Names have at most
    ``longest`` letters.
    """
    marked = letters(results)
    names = iter(labels([event.name for _, cluster in marked for event in cluster], longest))
    keys = []
    for letter, cluster in marked:
        parts, day = [], -1
        for event in cluster:
            when = f"{style.date_text(results, event.step)} " if event.step != day else ""
            parts.append(f"{when}{next(names)}")
            day = event.step
        keys.append(f"{letter}: {', '.join(parts)}")
    return " · ".join(keys)


def write_key(figure: Figure, results: Results) -> None:
    """Write the key to the letters above the footer: smaller, then shorter, until all is there."""
    for most, width, size, longest in KEYS:  # noqa: B007 # the last of them is used
        lines = textwrap.wrap(key_text(results, longest), width)
        if len(lines) <= most:
            break
    look: style.Look = {"fontsize": size, "color": style.GREY, "va": "center", "linespacing": 1.25}
    figure.text(style.LEFT, 0.052 if most < MOST_LINES else 0.06, "\n".join(lines[:most]), **look)


def mark_by_name(figure: Figure, axes: list[Axes], results: Results) -> None:
    """Mark events by name above the first of several stacked panels.

    Neighbours form a staircase, the first on top, so that no leader crosses a name. A staircase
    that would run into the next one stands to the left of its lines instead.
    """
    for ax in axes:
        for step in {event.step for event in results.events}:
            ax.axvline(step, color=style.HAIR, linewidth=0.9, zorder=0)
    top = axes[0]

    def pixel(event: MarkedEvent) -> float:
        return float(top.transData.transform((event.step, 0.0))[0])

    names = dict(
        zip(results.events, labels([e.name for e in results.events], LONGEST), strict=True)
    )
    clusters = [group[:MOST_STEPS] for group in groups(results)]
    walls = [pixel(following[0]) for following in clusters[1:]]
    free_from = 0.0  # pixels that earlier names have taken
    for cluster, wall in zip(
        clusters, [*walls, style.RIGHT * style.SIZE[0] * style.DPI], strict=True
    ):
        texts = [_name(top, event, names[event]) for event in cluster]
        widths = [_width(figure, text) for text in texts]
        at = [pixel(event) for event in cluster]
        right_end = max(x + width for x, width in zip(at, widths, strict=True))
        left_end = min(x - width for x, width in zip(at, widths, strict=True))
        leftward = right_end + GAP > wall and left_end > free_from + GAP
        free_from = max(at) if leftward else right_end
        for i, (x, event, text) in enumerate(zip(at, cluster, texts, strict=True)):
            if not leftward:
                _shorten(figure, text, wall - GAP - x)
            _lift(top, event, text, i if leftward else len(cluster) - 1 - i, leftward)


def _name(ax: Axes, event: MarkedEvent, name: str) -> Any:
    """Write an event's name where its day meets the top of the panel."""
    look: style.Look = {"ha": "left", "va": "bottom", "fontsize": 10, "color": style.GREY}
    return style.note(ax, name, (event.step, 1.0), (2, 3), PANEL_TOP, **look)


def _width(figure: Figure, text: Any) -> float:
    """Return the width of a text, pixels."""
    return float(text.get_window_extent(style.renderer(figure)).width)


def _shorten(figure: Figure, text: Any, room: float) -> None:
    """Cut a name until it ends before the next staircase; six letters are left in any case."""
    name, length = text.get_text(), LONGEST
    while _width(figure, text) > room and length > SHORTEST:
        length -= 1
        text.set_text(label(name, length))


def _lift(ax: Axes, event: MarkedEvent, text: Any, row: int, leftward: bool) -> None:
    """Raise a name to its step of the staircase, counted from 0, and draw the leader to it."""
    height = 3 + ROW * row
    text.set_ha("right" if leftward else "left")
    text.xyann = (-2 if leftward else 2, height)
    style.note(ax, "", (event.step, 1.0), (0, height + 9), PANEL_TOP, arrowprops=LEADER)
