"""The places of the strategies of each side, and in how many draws they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import tournament_rows as words
from sim.report.effects import CHANCE, PARAMETERS
from sim.report.escaping import label
from sim.report.figures import style
from sim.report.numerals import percent
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Which strategy is best, and in how many draws"
KEYS = {CHANCE: "chance alone", PARAMETERS: "parameters drawn too"}


def draw(results: Results) -> Figure:
    """Return a panel for each side: places by the mean, and from 5 to 95 % of the draws.

    Raises
    ------
    MissingInputError
        Where the folder is not that of a tournament.
    """
    kinds = words.uncertainties(results)
    figure = style.new_figure(
        TITLE,
        f"by the {words.NAMES[words.MAIN]}, the rival's choices together; lines are the places in "
        "the middle 90 % of draws; at the right, in how many none is better",
        results,
    )
    for k, side in enumerate(words.claimants(results)):
        ax = figure.add_axes((0.185 + 0.495 * k, 0.115, 0.255, 0.68))
        _draw_places(ax, [words.SideRows(results, kind, words.MAIN, side) for kind in kinds], k)
    dots: list[tuple[Any, str]] = [
        (style.stroke(color=style.INK, **_look(place)), KEYS[kind])
        for place, kind in enumerate(kinds)
    ]
    style.key(figure, dots)
    return figure


def _look(place: int) -> style.Look:
    """The mark of a kind of uncertainty, by its place."""
    face = {} if place == 0 else {"markerfacecolor": "white"}
    return {"marker": "o" if place == 0 else "D", "markersize": 8, "linestyle": "-", **face}


def _draw_places(ax: Axes, kinds: list[words.SideRows], k: int) -> None:
    """Draw the places of a side's choices, the best by chance alone at the top."""
    order = [
        str(name)
        for name in kinds[0]
        .rows("standings", against="")
        .sort_values(["rank", "choice"], kind="stable")["choice"]
    ]
    apart = 0.34 / len(kinds)
    size = max(6.0, min(10.5, 13.0 - 0.4 * len(order)))
    for place, one in enumerate(kinds):
        rows = one.rows("standings", against="").set_index("choice")
        for at, name in enumerate(order):
            row = rows.loc[name]
            y = -at - apart * (place - (len(kinds) - 1) / 2.0) * 2.0
            ends = [row["rank_low"], row["rank_high"]]
            ax.plot(ends, [y, y], color=style.CLAIMANT_TINT[k], linewidth=5, zorder=2)
            look = {**_look(place), "linestyle": "", "zorder": 3}
            ax.plot(row["rank"], y, color=style.CLAIMANT[k], **look)
            told = percent(float(row["share_first"]))
            ax.text(len(order) + 0.6, y, told, va="center", fontsize=size, color=style.GREY)
    style.name_rows(
        ax,
        [-at for at in range(len(order))],
        [words.shorten(name) for name in order],
        size=max(8.0, min(12.0, 15.0 - 0.4 * len(order))),
    )
    ax.set_xlim(0.5, len(order) + 0.5)
    ax.set_xticks(range(1, len(order) + 1))
    ax.set_xlabel("place by the mean (1 is best)")
    ax.set_title(label(kinds[0].claimant), pad=8)


def caption(results: Results) -> str:
    """Return what to see."""
    return (
        "At the left the first side, at the right the second. A mark is the place of a strategy "
        "by its mean; the line shows the places that it has in the middle 90 % of single draws. "
        "A strategy whose line is long is best only by the luck of the draw, or by what we do "
        "not know. The number says in how many draws no choice is better."
    )
