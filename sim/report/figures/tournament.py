"""The matrix of a tournament: what each cell brings the first side beside the scenario's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report import tournament_rows as words
from sim.report.effects import CHANCE, PARAMETERS
from sim.report.escaping import label
from sim.report.figures import style
from sim.report.hindcast import select
from sim.report.numerals import in_points
from sim.store.results import Results, unique_texts
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "What each pair of strategies brings"
PANELS = {CHANCE: "chance alone", PARAMETERS: "parameters drawn too"}
MOST_INTERVALS, MOST_NUMBERS = 10, 18  # rows or columns of cells that have room for them


def draw(results: Results) -> Figure:
    """Return a heat map for each kind of uncertainty, with numbers, intervals and best replies.

    Raises
    ------
    MissingInputError
        Where the folder is not that of a tournament.
    """
    first, second = words.claimants(results)
    kinds = words.uncertainties(results)
    cells = select(results.table("payoffs"), payoff=words.MAIN, claimant=first)
    most = max(cells["first"].nunique(), cells["second"].nunique())
    told = " \u00b1 half the 95 % Monte Carlo interval" if most <= MOST_INTERVALS else ""
    figure = style.new_figure(
        f"{TITLE}: {label(first, 20)}'s {words.NAMES[words.MAIN]}",
        f"in thousandths, beside the scenario's own pair ({_frame_words(results)}); mean of "
        f"{int(cells['n'].max()):,} paired draws{told}",
        results,
    )
    reach = float(cells["gain"].abs().max()) or 1.0
    width = 0.385 if len(kinds) > 1 else 0.62
    for place, kind in enumerate(kinds):
        ax = figure.add_axes((0.18 + 0.42 * place, 0.19, width, 0.59))
        _draw_matrix(ax, results, kind, reach, with_names=place == 0)
        if len(kinds) > 1:
            ax.set_title(PANELS[kind], pad=8)
    sides = f"rows: {label(first)} chooses; columns: {label(second)} chooses"
    figure.text(0.985, 0.045, sides, ha="right", va="center", fontsize=12)
    _draw_key(figure, first, second)
    return figure


def _frame_words(results: Results) -> str:
    """Where the scenario's own pair is, or what stands for it."""
    return "framed" if _own_cell(results) else "here the mean of all cells"


def _own_cell(results: Results) -> tuple[str, str] | None:
    """What both choose in the scenario; None where that is not played."""
    replies = results.table("replies")
    own = [
        name
        for side in words.claimants(results)
        for name in unique_texts(replies["instead_of"][replies["claimant"] == side])
        if name
    ]
    return (own[0], own[1]) if len(own) == 2 else None


def _draw_matrix(ax: Axes, results: Results, kind: str, reach: float, with_names: bool) -> None:
    """Draw the cells of one kind of uncertainty, the rows downward in the order of the matrix."""
    first = words.claimants(results)[0]
    cells = words.SideRows(results, kind, words.MAIN, first).rows("payoffs")
    rows, columns = unique_texts(cells["first"]), unique_texts(cells["second"])
    shape = len(rows), len(columns)
    gain, low, high = (
        cells[name].to_numpy(dtype=np.float64).reshape(shape)
        for name in ("gain", "gain_low", "gain_high")
    )
    ax.imshow(_colours(gain / reach), aspect="auto")
    most = max(shape)
    size = max(6.0, 12.5 - 0.55 * most)
    for i, j in np.ndindex(shape):
        if most <= MOST_NUMBERS:
            told = words.thousandths(gain[i, j], low[i, j], high[i, j], signed=True)
            lines = told.replace("-", "\u2212").split(" ")[: 1 + (most <= MOST_INTERVALS)]
            ax.text(
                j,
                i + 0.06,
                "\n".join(lines),
                ha="center",
                va="center",
                fontsize=size,
                linespacing=1.3,
            )
    for i, j in zip(gain.argmax(axis=0), range(shape[1]), strict=True):
        ax.plot(j - 0.4, i - 0.36, marker="o", markersize=6.5, color=style.INK)
    for i, j in zip(range(shape[0]), gain.argmin(axis=1), strict=True):
        square: style.Look = {"markerfacecolor": "white", "color": style.INK}
        ax.plot(j + 0.4, i - 0.36, marker="s", markersize=6, **square)
    _frame_own(ax, results, rows, columns)
    names = [words.shorten(name) for name in rows] if with_names else []
    look: style.Look = {"fontsize": max(7.0, min(11.0, 15.0 - 0.5 * most))}
    ax.set_yticks(range(len(rows)) if with_names else [], names, **look)
    turned: style.Look = {"rotation": 28, "ha": "right"} if len(columns) > 3 else {}
    shown = [words.shorten(name) for name in columns]
    ax.set_xticks(range(len(columns)), shown, **look, **turned)
    ax.tick_params(length=0, labelcolor=style.INK)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _colours(share: Floats) -> Floats:
    """Colours[i, j, 3] of shares from -1 to 1: toward the second's and the first's colour."""
    ends = [
        np.array([int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)])
        for colour in (style.CLAIMANT[1], style.CLAIMANT[0])
    ]
    strength = 0.6 * np.abs(share)[..., None]  # of the full colour black numbers are hard to read
    end = np.where(share[..., None] < 0.0, ends[0], ends[1])
    return 1.0 - strength * (1.0 - end)


def _frame_own(ax: Axes, results: Results, rows: list[str], columns: list[str]) -> None:
    """Frame the cell in which both choose what the scenario has."""
    from matplotlib.patches import Rectangle

    own = _own_cell(results)
    if own:
        corner = columns.index(own[1]) - 0.5, rows.index(own[0]) - 0.5
        ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=style.INK, linewidth=2.4))


def _draw_key(figure: Figure, first: str, second: str) -> None:
    dot: style.Look = {"color": style.INK, "linestyle": ""}
    entries: list[tuple[Any, str]] = [
        (style.patch(style.CLAIMANT[0]), f"better for {label(first, 18)}"),
        (style.patch(style.CLAIMANT[1]), f"better for {label(second, 18)}"),
        (style.stroke(marker="o", **dot), f"best reply of {label(first, 18)}"),
        (
            style.stroke(marker="s", markerfacecolor="white", **dot),
            f"best reply of {label(second, 18)}",
        ),
    ]
    style.key(figure, entries)


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = words.claimants(results)
    return (
        f"A row is what {first} chooses, a column what {second} chooses. Each cell has the mean "
        "paired difference to the framed cell, in which both do what the scenario has, on the "
        f"same draws, in thousandths: one is {in_points(0.001)} of net opinion. A dot marks the "
        "best row of a column, a square the best column of a row; a "
        "cell with both is an equilibrium of the means in which nobody mixes. Colours are as "
        "strong in both panels, so that the right one shows what parameters add."
    )
