"""Event marks: labels in rows above a wide panel, or letters over small ones with a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.escaping import label
from sim.report.figures.style import (
    DPI,
    GREY,
    HAIR,
    PALE,
    RIGHT,
    SIZE,
    date_text,
    renderer,
)
from sim.report.folder import Event, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_STEPS = 5  # names in one staircase
ROW = 12.5  # points between its steps
GAP = 8  # pixels between staircases
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def groups(folder: RunFolder, gap: float) -> list[list[Event]]:
    """Events that lie within ``gap`` days of their neighbour, together."""
    found: list[list[Event]] = []
    for event in folder.events:
        if found and event.step - found[-1][-1].step <= gap:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def mark_by_letter(axes: list[Axes], folder: RunFolder) -> str:
    """Mark groups of events by letters over small panels; returns the key to them."""
    clusters = groups(folder, max(folder.steps * 0.05, 1))
    clusters = sorted(clusters, key=len, reverse=True)[: len(LETTERS)]
    clusters.sort(key=lambda cluster: cluster[0].step)
    keys = []
    for letter, cluster in zip(LETTERS, clusters, strict=False):
        steps = [event.step for event in cluster]
        for ax in axes:
            for step in dict.fromkeys(steps):
                ax.axvline(step, color=HAIR, linewidth=0.7, zorder=0)
            ax.annotate(
                letter, (sum(steps) / len(steps), 1.0), xycoords=("data", "axes fraction"),
                xytext=(0, 1), textcoords="offset points", ha="center", va="bottom",
                fontsize=8.5, color=GREY,
            )  # fmt: skip
        parts, day = [], -1
        for event in cluster:
            when = f"{date_text(folder, event.step)} " if event.step != day else ""
            parts.append(f"{when}{label(event.name, 24)}")
            day = event.step
        keys.append(f"{letter}: {', '.join(parts)}")
    return " · ".join(keys)


def write_key(figure: Figure, text: str, y: float = 0.045) -> None:
    """The key to the letters, in one or two lines above the footer."""
    import textwrap

    lines = textwrap.wrap(text, 155)[:2]
    figure.text(0.035, y, "\n".join(lines), fontsize=9.5, color=GREY, va="center", linespacing=1.3)


def mark_by_name(figure: Figure, axes: list[Axes], folder: RunFolder) -> None:
    """Mark events by name above the first of several stacked panels.

    Neighbours form a staircase, the first on top, so that no leader crosses a name. A staircase
    that would run into the next one stands to the left of its lines instead.
    """
    for ax in axes:
        for step in {event.step for event in folder.events}:
            ax.axvline(step, color=HAIR, linewidth=0.9, zorder=0)
    top = axes[0]
    to_pixels = top.transData
    clusters = [group[:MOST_STEPS] for group in groups(folder, max(folder.steps * 0.05, 1))]
    free_from = 0.0  # pixels that earlier names have taken
    for position, cluster in enumerate(clusters):
        texts = [_name(top, event) for event in cluster]
        widths = [text.get_window_extent(renderer(figure)).width for text in texts]
        at = [float(to_pixels.transform((event.step, 0.0))[0]) for event in cluster]
        right_end = max(x + width for x, width in zip(at, widths, strict=True))
        left_end = min(x - width for x, width in zip(at, widths, strict=True))
        wall = RIGHT * SIZE[0] * DPI
        if position + 1 < len(clusters):
            following = clusters[position + 1][0].step
            wall = float(to_pixels.transform((following, 0.0))[0])
        leftward = right_end + GAP > wall and left_end > free_from + GAP
        if not leftward:
            for x, event, text in zip(at, cluster, texts, strict=True):
                _shorten(figure, text, event, wall - GAP - x)
        free_from = max(at) if leftward else right_end
        for i, (event, text) in enumerate(zip(cluster, texts, strict=True)):
            row = i if leftward else len(cluster) - 1 - i
            _lift(top, event, text, row, leftward)


def _name(ax: Axes, event: Event) -> Any:
    return ax.annotate(
        label(event.name, 22), (event.step, 1.0), xycoords=("data", "axes fraction"),
        xytext=(2, 3), textcoords="offset points", ha="left", va="bottom", fontsize=10,
        color=GREY,
    )  # fmt: skip


def _shorten(figure: Figure, text: Any, event: Event, room: float) -> None:
    """Cut a name until it ends before the next staircase; six letters are left in any case."""
    length = 22
    while text.get_window_extent(renderer(figure)).width > room and length > 6:
        length -= 1
        text.set_text(label(event.name, length))


def _lift(ax: Axes, event: Event, text: Any, row: int, leftward: bool) -> None:
    height = 3 + ROW * row
    text.set_ha("right" if leftward else "left")
    text.xyann = (-2 if leftward else 2, height)
    ax.annotate(
        "", (event.step, 1.0), xycoords=("data", "axes fraction"), xytext=(0, height + 9),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": PALE, "linewidth": 0.7, "shrinkA": 0,
                    "shrinkB": 0},
    )  # fmt: skip
