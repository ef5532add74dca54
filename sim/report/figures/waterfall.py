"""What moved a number from its start to its end, step by step.

The rows are the caller's: causes with what they added. Where they come from is not known here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.escaping import plain
from sim.report.figures import saving, style
from sim.report.numerals import opinion_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 14  # bars that can be read on a slide
CLOSED = 1e-9


def waterfall(
    rows: list[tuple[str, float]], start: float, end: float, title: str, path: Path
) -> None:
    """Draw the changes ``rows`` between two levels and save by the ending of ``path``.

    Beyond 14 rows the smallest are put together. What the rows leave open between start and end
    is a bar of its own, so that the picture always closes.

    Parameters
    ----------
    rows
        Names with what each added to the level, in the order to draw.
    start, end
        Levels, from -1 to +1.
    title
        Of the figure; shown as text, whatever it holds.
    path
        Ends in `.svg` or `.png`.
    """
    with style.drawing():
        saving.save(figure(rows, start, end, title), path, plain(title), {})


def figure(rows: list[tuple[str, float]], start: float, end: float, title: str) -> Figure:
    """Return the same as a figure."""
    bars = bars_to_draw(rows, end - start)
    drawn = style.new_figure(plain(title), "what raised and what lowered it, from start to end")
    ax = drawn.add_axes((0.285, 0.11, 0.66, 0.765))
    names = ["start", *(name for name, _ in bars), "end"]
    style.name_rows(ax, [-float(i) for i in range(len(names))], names)
    levels = [start]
    _level(ax, 0, start)
    for i, (_, delta) in enumerate(bars, 1):
        levels.append(levels[-1] + delta)
        colour = style.MORE if delta >= 0 else style.LESS
        bar = ax.barh(-i, delta, left=levels[-2], height=0.62, color=colour, zorder=3)
        number = [style.signed_number(delta)]
        ax.bar_label(bar, number, padding=5, fontsize=11, color=colour)
        ax.vlines(levels[-2], -i - 0.31, 1 - i, color=style.PALE, linewidth=0.9, zorder=2)
    last = len(bars) + 1
    ax.vlines(levels[-1], -last, 1 - last, color=style.PALE, linewidth=0.9, zorder=2)
    _level(ax, -last, end)
    low, high = min(*levels, end), max(*levels, end)
    room = (high - low or 0.1) * 0.16
    ax.set_xlim(low - room, high + room)
    for at in (0, -1):
        ax.get_yticklabels()[at].set_fontweight("bold")
    ax.set_xlabel(f"level, \u22121 … +1      {opinion_scale()}")
    style.number_ticks(ax.xaxis, 7)
    return drawn


def bars_to_draw(rows: list[tuple[str, float]], change: float) -> list[tuple[str, float]]:
    """Return the rows in order, the smallest put together, and the remainder of the ``change``.

    Parameters
    ----------
    rows
        Names with what each added.
    change
        Of the level from start to end. What the rows leave open of it, beyond rounding, becomes a
        bar of its own.
    """
    most = MOST + 1 if len(rows) == MOST + 1 else MOST  # one row alone is not "others"
    largest = set(sorted(range(len(rows)), key=lambda i: -abs(rows[i][1]))[:most])
    bars = [row for i, row in enumerate(rows) if i in largest]
    others = [value for i, (_, value) in enumerate(rows) if i not in largest]
    if others:
        bars.append((f"{len(others)} smaller ones", sum(others)))
    remainder = change - sum(value for _, value in rows)
    if abs(remainder) > CLOSED:
        bars.append(("not in these rows", remainder))
    return bars


def _level(ax: Axes, y: float, value: float) -> None:
    """Draw the level at the start or the end, with its number."""
    ax.plot([value], [y], marker="D", markersize=9, color=style.INK, zorder=4)
    number = style.signed_number(value)
    style.note(ax, number, (value, y), (10, 0), va="center", fontsize=12, weight="bold")
