"""Which parameters an effect depends on: Sobol indices with chance apart, and Morris screening.

Drawn from the frames of ``sim.estimators``, one outcome a figure. Neither the indices nor
their intervals are computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.estimators.sobol import NOT_JUDGED
from sim.report.escaping import label, labels, readable
from sim.report.figures import style
from sim.scenario.error_texts import count_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 16  # parameters that can be read on a slide
FIRST, TOTAL = style.CLAIMANT[0], style.CLAIMANT_TINT[0]
CHANCE = style.PALE
NAMED = 16  # points of the Morris plane that are named
UNNAMED = 0.03  # unless they are this near to 0, as a share of the plane's width
BESIDE = 0.80  # where names stand beside the plane, as a share of the width
NEAR = 30.0  # pixels between two points whose numbers would overlap
DASHED: style.Look = {"color": style.INK, "linestyle": (0, (4, 2)), "linewidth": 1.2}
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
# sign of a parameter's elementary effects, with its colour, marker and words
SIGNS = (
    (1.0, style.MORE, "^", "raises"),
    (-1.0, style.LESS, "v", "lowers"),
    (0.0, style.GREY, "o", "either, or no order"),
)


def indices(found: pd.DataFrame, shares: pd.DataFrame, words: str) -> Figure:
    """Return bars of the Sobol indices of an effect's mean and spread, and chance against both.

    Parameters
    ----------
    found
        One row for each `of` (mean or sd over chance), index (S1 or ST) and parameter, with the
        columns value, low and high: shares of the variance over points.
    shares
        Two rows, of the parameters and of chance: shares of the variance of one run's effect.
    words
        What the title calls the outcome.
    """
    title = f"What {label(words, 120)} depends on"
    subtitle = "share of the variance over points that each parameter makes; whiskers: "
    figure = style.new_figure(title, f"{subtitle}95 % intervals")
    means = found[(found["of"] == "mean") & (found["index"] == "ST")]
    totals = means.set_index("parameter")["value"]
    order = list(totals.sort_values(ascending=False, kind="stable").index[:MOST])
    shape = {"left": 0.19, "right": 0.965, "top": 0.79, "bottom": 0.12, "wspace": 0.16}
    grid = figure.add_gridspec(1, 3, width_ratios=(1.0, 1.0, 0.42), **shape)
    panels = (("mean", "the effect's mean over chance"), ("sd", "its spread over chance"))
    for column, (of, heading) in enumerate(panels):
        ax = figure.add_subplot(grid[column])
        _bars(ax, found[found["of"] == of].set_index(["index", "parameter"]), order)
        ax.set_title(heading, pad=8)
        ax.tick_params(labelleft=column == 0)
    _variance_shares(figure.add_subplot(grid[2]), shares)
    entries = [
        (style.patch(FIRST), "alone (first order, S1)"),
        (style.patch(TOTAL), "with its interactions (total, ST)"),
        (style.patch(CHANCE), "chance"),
    ]
    style.key(figure, entries)
    more = len(totals) - len(order)
    if more > 0:
        text = f"not shown: {count_of(more, 'parameter')} with smaller totals"
        figure.text(style.LEFT, 0.045, text, fontsize=10.5, color=style.GREY)
    return figure


def plane(found: pd.DataFrame, words: str, unit: str = "") -> Figure:
    """Return the Morris plane: mean size of the elementary effects against their spread.

    Parameters
    ----------
    found
        One row for each index (mu_star, sigma, sign, and chance without a parameter) and
        parameter, with the columns value, low and high, in units of the outcome.
    words
        What the title calls the outcome.
    unit
        What the axis says of the outcome's unit.

    Notes
    -----
    The largest points are numbered, their names stand beside: names at the points would overlap.
    """
    table = found.pivot(index="parameter", columns="index", values="value")
    chance = table["chance"].max()
    table = table.drop(index="").sort_values("mu_star", ascending=False, kind="stable")
    high = found[found["index"] == "mu_star"].set_index("parameter")["high"]
    title = f"What moves {label(words, 120)}: screening"
    subtitle = "one dot a parameter, moved over its whole range; right: matters, up: not always "
    figure = style.new_figure(title, f"{subtitle}alike")
    ax = figure.add_axes((0.075, 0.115, 0.70, 0.73))
    entries = []
    for sign, colour, marker, text in SIGNS:
        chosen = table[table["sign"].fillna(0.0) == sign]
        reach = np.maximum(high[chosen.index] - chosen["mu_star"], 0.0)
        look: style.Look = {"linestyle": "", "marker": marker, "color": colour, "zorder": 3}
        ax.errorbar(
            chosen["mu_star"], chosen["sigma"], xerr=reach, markersize=10, elinewidth=1.2, **look
        )
        entries.append((style.stroke(markersize=9, **look), text))
    widest = float(table["sigma"].fillna(0.0).max())
    largest = max(float(high.fillna(0.0).max()), widest * 1.1, 1e-12)
    top = max(widest * 1.2, 0.1 * largest)
    ax.set_xlim(0.0, largest * 1.12)
    ax.set_ylim(-0.02 * largest, top)
    ax.axline((0.0, 0.0), slope=1.0, color=style.HAIR, linewidth=1.2, zorder=1)
    entries.append((style.stroke(color=style.HAIR), "above: spread larger than size"))
    if chance < largest * 1.12:
        ax.axvline(chance, zorder=1, **DASHED)
        entries.append((style.stroke(**DASHED), "sd of one run by chance"))
    unknown = labels(map(readable, table.index[table["mu_star"].isna()]))
    if unknown:
        text = f"{NOT_JUDGED}: {', '.join(unknown)}"
        figure.text(style.LEFT, 0.03, text, fontsize=10.5, color=style.GREY)
    numbered = table[:NAMED][table["mu_star"][:NAMED] > UNNAMED * largest]
    _number(ax, numbered)
    ax.set_xlabel(f"mean size of the change, \u03bc* (95 % interval){unit}")
    ax.set_ylabel("its spread, \u03c3")
    ax.grid()
    style.number_ticks(ax.xaxis, 7)
    style.number_ticks(ax.yaxis, 6)
    style.key(figure, entries)
    return figure


def _number(ax: Axes, table: pd.DataFrame) -> None:
    """Write numbers at the points of a table, and the names with their numbers beside."""
    figure, names = ax.figure, labels(map(readable, table.index), 60)
    names = [f"{number}  {name}" for number, name in enumerate(names, 1)]
    room = (style.RIGHT - BESIDE) * style.SIZE[0] * style.DPI
    names, size = style.fit_names(figure, names, 12.5, room, 2)
    points = zip(names, table["mu_star"], table["sigma"], strict=True)
    taken: list[Any] = []
    for number, (name, star, sigma) in enumerate(points, 1):
        at = ax.transData.transform((star, sigma))
        crowded = any(np.abs(at - other).max() < NEAR for other in taken)
        taken.append(at)
        look = {"ha": "center", "fontsize": 11.5, "weight": "bold"}
        style.note(ax, str(number), (star, sigma), (0, -19 if crowded else 8), **look)
        place = 0.845 - 0.045 * number
        figure.text(BESIDE, place, name, fontsize=size, va="center", linespacing=1.0)


def _bars(ax: Axes, rows: pd.DataFrame, order: list[str]) -> None:
    """Draw the first order and the total index of each parameter, with their intervals."""
    places = -np.arange(len(order), dtype=float)
    whiskers = {"ecolor": style.INK, "capsize": 2.5, "elinewidth": 1.1, "zorder": 3}
    for index, colour, shift in (("ST", TOTAL, -0.19), ("S1", FIRST, 0.19)):
        chosen = rows.loc[index].loc[order]
        value = chosen["value"]
        reach = np.maximum([value - chosen["low"], chosen["high"] - value], 0.0)
        ax.barh(places + shift, value, 0.36, color=colour, zorder=2, xerr=reach, error_kw=whiskers)
    unknown = rows.loc["ST"].loc[order, "value"].isna().to_numpy()
    if unknown.all():
        ax.text(0.5, 0.5, "nothing varies", transform=ax.transAxes, ha="center", color=style.GREY)
    for at in places[unknown & ~unknown.all()]:  # it decides whether there is an outcome
        ax.text(0.01, at, NOT_JUDGED, va="center", fontsize=11, color=style.GREY)
    style.name_rows(ax, places, [readable(name) for name in order], size=11.0)
    ax.set_xlim(-0.04, 1.04)
    ax.set_xticks(QUARTERS, [f"{100 * share:.0f} %" if share else "0" for share in QUARTERS])
    ax.axvline(0.0, color=style.PALE, linewidth=0.8, zorder=1)


def _variance_shares(ax: Axes, shares: pd.DataFrame) -> None:
    """Draw one column: what the parameters do to one run's effect, and what chance does."""
    value, low, high = shares.set_index("part").loc["parameters", ["share", "low", "high"]]
    ax.set_title("one run's effect", pad=8)
    ax.set_xlim(-0.6, 0.6)
    ax.set_ylim(0.0, 1.0)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    if not np.isfinite(value):
        ax.text(0.0, 0.5, "nothing varies", ha="center", color=style.GREY)
        return
    parts = (("parameters", 0.0, value, FIRST, "white"), ("chance", value, 1.0, CHANCE, style.INK))
    for name, bottom, top, colour, ink in parts:
        bar = ax.bar(0.0, top - bottom, bottom=bottom, width=1.0, color=colour)
        if top - bottom > 0.12:  # else the words do not fit
            words = f"{name}\n{100 * (top - bottom):.0f} %"
            ax.bar_label(bar, [words], label_type="center", color=ink, fontsize=11, weight="bold")
    reach = [[value - low], [high - value]]
    ax.errorbar(0.0, value, reach, ecolor=style.INK, capsize=5, elinewidth=1.4, linestyle="")
