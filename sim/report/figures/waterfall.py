"""What moved a number from its start to its end, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.escaping import label, plain
from sim.report.figures import saving, style

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
    """
    with style.drawing():
        saving.save(figure(rows, start, end, title), path, plain(title), {})


def figure(rows: list[tuple[str, float]], start: float, end: float, title: str) -> Figure:
    """The same as a figure."""
    bars = bars_to_draw(rows, end - start)
    drawn = style.new_figure(plain(title), "what raised and what lowered it, from start to end")
    ax = drawn.add_axes((0.285, 0.11, 0.66, 0.765))
    low, high = min(start, end), max(start, end)
    level, y = start, -1.0
    _level(ax, 0.0, start)
    for _, delta in bars:
        colour = style.MORE if delta >= 0 else style.LESS
        ax.barh(y, delta, left=level, height=0.62, color=colour, zorder=3)
        ax.plot([level, level], [y + 1.0, y - 0.31], color=style.PALE, linewidth=0.9, zorder=2)
        level += delta
        low, high = min(low, level), max(high, level)
        y -= 1.0
    ax.plot([level, level], [y + 1.0, y], color=style.PALE, linewidth=0.9, zorder=2)
    _level(ax, y, end)
    room = (high - low or 0.1) * 0.16
    ax.set_xlim(low - room, high + room)
    ax.set_ylim(y - 0.7, 0.7)
    _numbers(ax, bars, start)
    places = [0.0, *(-1.0 - i for i in range(len(bars))), y]
    texts = ["start", *(label(name, 32) for name, _ in bars), "end"]
    ax.set_yticks(places, texts, color=style.INK, fontsize=12)
    for at in (0, -1):
        ax.get_yticklabels()[at].set_fontweight("bold")
    ax.tick_params(axis="y", length=0, pad=6)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=style.HAIR, linewidth=0.6)
    ax.set_xlabel("level, \u22121 … +1")
    style.number_ticks(ax.xaxis, 7)
    return drawn


def bars_to_draw(rows: list[tuple[str, float]], change: float) -> list[tuple[str, float]]:
    """The rows to draw: in order, the smallest put together, the remainder added."""
    kept = set(sorted(range(len(rows)), key=lambda i: -abs(rows[i][1]))[:MOST])
    if len(rows) == MOST + 1:  # one row alone is not "others"
        kept = set(range(len(rows)))
    bars = [row for i, row in enumerate(rows) if i in kept]
    others = [value for i, (_, value) in enumerate(rows) if i not in kept]
    if others:
        bars.append((f"{len(others)} smaller ones", sum(others)))
    remainder = change - sum(value for _, value in rows)
    if abs(remainder) > CLOSED:
        bars.append(("not in these rows", remainder))
    return bars


def _level(ax: Axes, y: float, value: float) -> None:
    ax.plot([value], [y], marker="D", markersize=9, color=style.INK, zorder=4)
    ax.annotate(style.signed_number(value), (value, y), xytext=(10, 0),
                textcoords="offset points", va="center", fontsize=12, weight="bold")  # fmt: skip


def _numbers(ax: Axes, bars: list[tuple[str, float]], start: float) -> None:
    level = start
    for i, (_, delta) in enumerate(bars):
        level += delta
        right = delta >= 0
        ax.annotate(style.signed_number(delta), (level, -1.0 - i),
                    xytext=(5 if right else -5, 0), textcoords="offset points",
                    ha="left" if right else "right", va="center", fontsize=11,
                    color=style.MORE if right else style.LESS)  # fmt: skip
