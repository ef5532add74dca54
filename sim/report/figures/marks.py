"""Event marks: labels in rows above a wide panel, or letters over small ones with a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.escaping import label
from sim.report.figures.style import GREY, HAIR, PALE, date_text
from sim.report.folder import Event, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


def lettered(axes: list[Axes], folder: RunFolder, first_row: int = 99) -> str:
    """Mark groups of events by letters over small panels; returns the key to them."""
    clusters = groups(folder, max(folder.steps * 0.05, 1))
    clusters = sorted(clusters, key=len, reverse=True)[: len(LETTERS)]
    clusters.sort(key=lambda cluster: cluster[0].step)
    keys = []
    for letter, cluster in zip(LETTERS, clusters, strict=False):
        steps = [event.step for event in cluster]
        for position, ax in enumerate(axes):
            for step in dict.fromkeys(steps):
                ax.axvline(step, color=HAIR, linewidth=0.7, zorder=0)
            if position < first_row:
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


def labelled(figure: Figure, axes: list[Axes], folder: RunFolder) -> None:
    """Mark events by name above the first of several stacked panels, in rows that do not touch."""
    for ax in axes:
        for step in {event.step for event in folder.events}:
            ax.axvline(step, color=HAIR, linewidth=0.9, zorder=0)
    top = axes[0]
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined] # of the Agg canvas
    right_edge = top.get_window_extent(renderer).x1
    taken: list[float] = []  # right end of each row, in pixels
    for event in folder.events[:24]:
        text = top.annotate(
            label(event.name, 22), (event.step, 1.0), xycoords=("data", "axes fraction"),
            xytext=(0, 3), textcoords="offset points", ha="left", va="bottom", fontsize=10,
            color=GREY,
        )  # fmt: skip
        box = text.get_window_extent(renderer)
        left = box.x0
        if box.x1 > right_edge:
            text.set_ha("right")
            left = box.x0 - box.width
        row = next((r for r, end in enumerate(taken) if left > end + 12), len(taken))
        if row == len(taken):
            taken.append(0.0)
        taken[row] = left + box.width
        lift = 3 + 13 * row
        text.xyann = (0, lift)
        if row:
            top.annotate(
                "", (event.step, 1.0), xycoords=("data", "axes fraction"), xytext=(0, lift + 2),
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": PALE, "linewidth": 0.6, "shrinkA": 0,
                            "shrinkB": 0},
            )  # fmt: skip
