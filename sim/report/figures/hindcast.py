"""Coded stances against the model, capital by capital, and how far the orders agree by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report import hindcast as words
from sim.report.effects import PARAMETERS
from sim.report.escaping import labels
from sim.report.figures import style
from sim.store.results import Results
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "What capitals did, and where the simulation has them"
NAME_SIZE, NAME_GAP = 8.5, 10.5  # points: letters, and from one name to the next
LETTERS = 90  # of names, side by side in all columns
# Across the column of a code, whose width is 1: points from the lowest to the highest, then names
FIRST, LAST, APART, NAMES_AT = -0.43, -0.13, 0.07, -0.08
MANY_ARMS = 3  # lines that can be told apart; of more, all but the first are drawn alike
RIVAL_LINES = {words.START: (0, (1, 1.5)), words.JUDGEMENTS: (0, (6, 2)), words.VOTES: "-."}
RIVAL_KEYS = {
    words.START: "nothing changes: x(0)",
    words.JUDGEMENTS: "no simulation: mean of judgements",
    words.VOTES: "UN votes",
}


def draw(results: Results) -> Figure:
    """Return the figure of the first coded set and the first arm; agreement is of all arms.

    Raises
    ------
    MissingInputError
        Where the folder is not that of a hindcast.
    """
    main = words.sets_of(results, words.main_uncertainty(results))[0]
    arm = main.arms[0]
    drawn = main.uncertainty == PARAMETERS
    capitals = _rows(results.table("capitals"), main, arm)
    where = f"in {style.arm_in_text(main.titles[arm])} " if arm else ""
    day = style.date_text(results, int(main.rows["step"].iloc[0]))
    of = "prior draws" if drawn else "runs"
    subtitle = (
        f"{main.name}; alignment {where}on {day}, mean of {of}; bars are 5\u201395 % of them"
    )
    verdict = words.verdicts(main)[0].rstrip(".")
    figure = style.new_figure(verdict, subtitle, results)
    left = figure.add_axes((0.07, 0.115, 0.56, 0.675))
    _draw_capitals(figure, left, capitals, results)
    _draw_days(figure.add_axes((0.69, 0.115, 0.295, 0.675)), main, results)
    _draw_key(figure, main)
    return figure


def _rows(table: pd.DataFrame, main: words.SetOfRanks, arm: str) -> pd.DataFrame:
    """The rows of a table about the coded set that is shown, in one arm."""
    chosen = {"about": main.about, "reading": main.reading, "uncertainty": main.uncertainty}
    return words.select(table, arm=arm, **chosen)


def _draw_capitals(figure: Figure, ax: Axes, rows: pd.DataFrame, results: Results) -> None:
    """A point for each capital: its code across, its alignment up, at the start a ring."""
    first, second = labels(results.claimants)
    level = rows[rows["measure"] == words.LEVEL].sort_values("mean")
    start = rows[rows["measure"] == words.START].set_index("actor")["mean"]
    low, high = np.floor(level["code"].min()), np.ceil(level["code"].max())
    ax.set_xlim(low - 0.5, high + 0.5)
    ticks = np.arange(low, high + 1.0)
    for code in ticks[::2]:
        ax.axvspan(code - 0.5, code + 0.5, color=style.mix_with_white(style.HAIR, 0.35), zorder=0)
    ends = [*level["q05"], *level["q95"], *start]
    room = 0.06 * (max(ends) - min(ends) or 1.0)
    ax.set_ylim(min(ends) - room, max(ends) + room)
    for code, column in level.groupby(level["code"].round()):
        for place, (_, one) in enumerate(column.iterrows()):
            x = float(str(code)) + _places(len(column))[place]
            width = 2.6 if len(column) * APART < 1.0 else 1.5
            look: style.Look = {"color": style.BAND_CHANCE, "linewidth": width, "zorder": 2}
            ax.vlines(x, one["q05"], one["q95"], **look)
            ring: style.Look = {"markerfacecolor": "white", "color": style.GREY, "zorder": 3}
            ax.plot(x, start[one["actor"]], marker="o", markersize=5, linestyle="", **ring)
            ax.plot(x, one["mean"], marker="o", markersize=6, color=style.INK, zorder=4)
        _name_points(figure, ax, float(str(code)), column, LETTERS // len(ticks))
    style.zero_line(ax)
    ax.set_xticks(ticks, [style.signed_number(code, 0) for code in ticks])
    ax.set_xlabel(f"coded stance   (← toward {second}      toward {first} →)")
    ax.set_ylabel(f"alignment in the model   (toward {first} ↑)")
    ax.grid(axis="y")


def _name_points(
    figure: Figure, ax: Axes, code: float, column: pd.DataFrame, longest: int
) -> None:
    """Name the points of one code at their right, names apart, each with a thin line to it.

    Names longer than ``longest`` letters are cut.
    """
    x = code + NAMES_AT
    height = ax.get_window_extent(style.renderer(figure)).height / style.DPI * 72.0  # points
    low, high = ax.get_ylim()
    room = (0.5 - NAMES_AT) * ax.get_window_extent(style.renderer(figure)).width
    room /= ax.get_xlim()[1] - ax.get_xlim()[0]
    names, size = style.fit_names(figure, labels(column["actor"], longest), NAME_SIZE, room)
    at = (column["mean"].to_numpy() - low) / (high - low) * height
    apart = zip(keep_apart(at, NAME_GAP, height), names, column["mean"], strict=True)
    for place, (y, name, mean) in enumerate(apart):
        point = code + _places(len(column))[place]
        up = low + y / height * (high - low)
        ax.plot([point, x - 0.02], [mean, up], color=style.PALE, linewidth=0.5, zorder=1)
        ax.text(x, up, name, fontsize=size, va="center", zorder=5)


def _places(count: int) -> Floats:
    """Where the points of a column stand, from the middle of a code."""
    room = min(LAST - FIRST, APART * (count - 1))
    return np.linspace(LAST - room, LAST, count)


def keep_apart(wanted: Floats, gap: float, room: float) -> Floats:
    """Return places from 0 to ``room`` at least ``gap`` apart, near the wanted ones.

    The order is that of ``wanted``, which is sorted. Neighbours that are too near are moved
    together, so that their mean stays where it was (pool adjacent violators).
    """
    blocks: list[list[float]] = []  # sum and count of places less the gaps below them
    for place, value in enumerate(wanted):
        blocks.append([float(value) - gap * place, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    free = np.concatenate([np.full(int(count), total / count) for total, count in blocks])
    most = max(room - gap * (len(wanted) - 1), 0.0)
    places: Floats = np.clip(free, 0.0, most) + gap * np.arange(len(wanted))
    return places


def _draw_days(ax: Axes, main: words.SetOfRanks, results: Results) -> None:
    """Agreement of the level by day in every arm, beside what needs no simulation."""
    table = results.table("agreement")
    table = table[table["measure"] == words.LEVEL]
    arm = main.arms[0]
    for place, name in reversed([*enumerate(main.arms)]):
        rows = _rows(table, main, name)
        if place == 0:
            ax.fill_between(rows["step"], rows["q05"], rows["q95"], color=style.BAND_PARAMETERS)
        ax.plot(rows["step"], rows["mean"], **_arm_look(place, len(main.arms)))
    for rival, line in RIVAL_LINES.items():
        row = main.row(arm, rival)
        if row is not None:
            ax.axhline(row["mean"], color=style.LESS, linestyle=line, linewidth=1.5, zorder=3)
    ax.axvline(float(main.rows["step"].iloc[0]), color=style.PALE, linewidth=0.9, zorder=1)
    style.day_axis(ax, results, sparse=True)
    style.number_ticks(ax.yaxis, 6)
    ax.set_title("agreement by day: Kendall's tau-b", pad=8)
    ax.grid(axis="y")


def _arm_look(place: int, count: int) -> style.Look:
    """The line of an arm, by its place among so many."""
    if place == 0:
        return {"color": style.INK, "zorder": 4}
    several = count > MANY_ARMS
    ink = style.PALE if several else (style.MORE, style.GREY)[place - 1]
    return {"color": ink, "linestyle": (0, (4, 2)), "linewidth": 1.2 if several else 1.8}


def _draw_key(figure: Figure, main: words.SetOfRanks) -> None:
    """What points, rings and lines are."""
    ring: style.Look = {"markerfacecolor": "white", "color": style.GREY, "linestyle": ""}
    entries: list[tuple[Any, str]] = [
        (style.stroke(marker="o", color=style.INK, linestyle=""), "that day"),
        (style.stroke(marker="o", **ring), "at the start"),
    ]
    names = [style.arm_name(main.titles[arm]) if arm else "the scenario" for arm in main.arms]
    if len(names) > MANY_ARMS:
        names = [names[0], "other arms"]
    entries += [
        (style.stroke(**_arm_look(place, len(main.arms))), name)
        for place, name in enumerate(names)
    ]
    for rival, line in RIVAL_LINES.items():
        if main.row(main.arms[0], rival) is not None:
            entries.append((style.stroke(color=style.LESS, linestyle=line), RIVAL_KEYS[rival]))
    style.key(figure, entries)


def caption(results: Results) -> str:
    """Return what to see."""
    return (
        "At the left a point for each capital: the further right, the more what it said or did "
        "was coded toward the first side; the higher, the nearer the model has it to that side. "
        "Were the orders the same, the points would rise from column to column (within one they "
        "stand from the lowest to the highest). The ring is where it began. At the right, "
        "agreement of the two orders by day, with the band of 5 to 95 % in the first arm; the "
        "thin upright line is the named day. A curve that lies no higher than the level lines "
        "says that the simulation adds nothing to the order it began with."
    )
