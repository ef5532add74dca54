"""Which parameters an effect depends on: Sobol indices with chance apart, and Morris screening.

Drawn from the frames of ``sim.estimators.morris`` and ``sim.estimators.sobol``, one outcome a
figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.report.escaping import label, readable
from sim.report.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 16  # parameters that can be read on a slide
FIRST, TOTAL = style.CLAIMANT[0], style.CLAIMANT_TINT[0]
CHANCE = style.PALE
NAMED = 16  # points of the Morris plane that are named
UNNAMED = 0.03  # unless they are this near to 0


def indices(found: pd.DataFrame, shares: pd.DataFrame, outcome: str, words: str = "") -> Figure:
    """Bars of S1 and ST for the mean and the spread of an effect; parameters against chance.

    ``words`` are what the title calls the outcome.
    """
    rows = found[found["outcome"] == outcome]
    figure = style.new_figure(
        f"What {label(words or readable(outcome), 50)} depends on",
        "share of the variance over points that each parameter makes; whiskers: 95 % intervals",
    )
    totals = rows[(rows["of"] == "mean") & (rows["index"] == "ST")].set_index("parameter")["value"]
    order = list(totals.sort_values(ascending=False, kind="stable").index[:MOST])
    grid = figure.add_gridspec(1, 3, left=0.19, right=0.965, top=0.79, bottom=0.12, wspace=0.16,
                               width_ratios=(1.0, 1.0, 0.42))  # fmt: skip
    panels = (("mean", "the effect's mean over chance"), ("sd", "its spread over chance"))
    for column, (of, title) in enumerate(panels):
        ax = figure.add_subplot(grid[column])
        _bars(ax, rows[rows["of"] == of].set_index(["index", "parameter"]), order)
        ax.set_title(title, pad=8)
        ax.tick_params(labelleft=column == 0)
    _variance_shares(figure.add_subplot(grid[2]), shares[shares["outcome"] == outcome])
    style.key(figure, [
        (style.patch(FIRST), "alone (first order, S1)"),
        (style.patch(TOTAL), "with its interactions (total, ST)"),
        (style.patch(CHANCE), "chance"),
    ])  # fmt: skip
    more = len(totals) - len(order)
    if more > 0:
        figure.text(style.LEFT, 0.045, f"{more} parameters with smaller totals are not shown",
                    fontsize=10.5, color=style.GREY)  # fmt: skip
    return figure


def plane(found: pd.DataFrame, outcome: str, words: str = "") -> Figure:
    """The Morris plane: mean size of the elementary effects against their spread."""
    rows = found[found["outcome"] == outcome]
    table = rows.pivot(index="parameter", columns="index", values="value")
    chance = float(table["chance"].dropna().iloc[0]) if table["chance"].notna().any() else np.nan
    table = table.drop(index="").sort_values("mu_star", ascending=False, kind="stable")
    stars = rows[rows["index"] == "mu_star"].set_index("parameter")
    figure = style.new_figure(
        f"What moves {label(words or readable(outcome), 50)}: screening",
        "one dot a parameter, moved over its whole range; right: matters, up: not always alike",
    )
    ax = figure.add_axes((0.075, 0.115, 0.70, 0.73))
    looks = ((1.0, style.MORE, "^", "raises"), (-1.0, style.LESS, "v", "lowers"),
             (0.0, style.GREY, "o", "either, or no order"))  # fmt: skip
    from matplotlib.lines import Line2D

    for sign, colour, marker, _ in looks:
        chosen = table[table["sign"].fillna(0.0) == sign]
        star = chosen["mu_star"]
        reach = np.maximum(stars.loc[star.index, "high"] - star, 0.0)
        ax.errorbar(star, chosen["sigma"], xerr=reach, linestyle="", marker=marker, markersize=10,
                    color=colour, ecolor=colour, elinewidth=1.2, capsize=3, zorder=3)  # fmt: skip
    largest = max(float(stars["high"].max()), float(table["sigma"].max()) * 1.1, 1e-12)
    ax.set_xlim(0.0, largest * 1.12)
    ax.set_ylim(-0.02 * largest, max(float(table["sigma"].max()) * 1.2, 0.1 * largest))
    top = ax.get_ylim()[1]
    ax.plot([0.0, min(largest * 1.12, top)], [0.0, min(largest * 1.12, top)],
            color=style.HAIR, linewidth=1.2, zorder=1)  # fmt: skip
    named = table.index[:NAMED][table["mu_star"][:NAMED] > UNNAMED * largest]
    _name(figure, ax, [str(name) for name in named], table)
    entries = [(Line2D([], [], color=colour, linestyle="", marker=marker, markersize=9), text)
               for _, colour, marker, text in looks]  # fmt: skip
    entries.append((Line2D([], [], color=style.HAIR), "above: spread larger than size"))
    if np.isfinite(chance) and chance < largest * 1.12:
        ax.axvline(chance, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
        entries.append((Line2D([], [], color=style.INK, linestyle=(0, (4, 2)), linewidth=1.2),
                        "sd of one run by chance"))  # fmt: skip
    ax.set_xlabel("mean size of the change, \u03bc* (95 % interval)")
    ax.set_ylabel("its spread, \u03c3")
    ax.grid(color=style.HAIR, linewidth=0.6)
    style.number_ticks(ax.xaxis, 7)
    style.number_ticks(ax.yaxis, 6)
    style.key(figure, entries)
    return figure


def _name(figure: Figure, ax: Axes, names: list[str], table: pd.DataFrame) -> None:
    """Numbers at the largest points, the names beside: names at the points would overlap."""
    for number, name in enumerate(names, 1):
        at = (table["mu_star"][name], table["sigma"][name])
        ax.annotate(str(number), at, xytext=(0, 8), textcoords="offset points", ha="center",
                    fontsize=11.5, weight="bold")  # fmt: skip
        figure.text(0.80, 0.845 - 0.045 * number, f"{number}  {label(readable(name), 24)}",
                    fontsize=12.5)  # fmt: skip


def _bars(ax: Axes, rows: pd.DataFrame, order: list[str]) -> None:
    places = -np.arange(len(order), dtype=float)
    for index, colour, shift in (("ST", TOTAL, -0.19), ("S1", FIRST, 0.19)):
        chosen = rows.loc[index].loc[order]
        values = chosen["value"].to_numpy()
        ax.barh(places + shift, np.nan_to_num(values), height=0.36, color=colour, zorder=2)
        low = np.nan_to_num(values - chosen["low"].to_numpy())
        high = np.nan_to_num(chosen["high"].to_numpy() - values)
        ax.errorbar(np.nan_to_num(values), places + shift, xerr=np.maximum([low, high], 0.0),
                    linestyle="", ecolor=style.INK, elinewidth=1.1, capsize=2.5,
                    zorder=3)  # fmt: skip
    if rows["value"].isna().all():
        ax.text(0.5, 0.5, "nothing varies", transform=ax.transAxes, ha="center", color=style.GREY)
    ax.set_yticks(places, [label(readable(name), 24) for name in order], color=style.INK)
    ax.set_ylim(-len(order) + 0.4, 0.6)
    ax.set_xlim(-0.04, 1.04)
    ax.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.tick_params(axis="y", length=0, pad=6)
    ax.spines["left"].set_visible(False)
    ax.axvline(0.0, color=style.PALE, linewidth=0.8, zorder=1)
    ax.grid(axis="x", color=style.HAIR, linewidth=0.6)


def _variance_shares(ax: Axes, shares: pd.DataFrame) -> None:
    """One column: what the parameters do to one run's effect, and what chance does."""
    parts = shares.set_index("part")
    value, low, high = parts.loc["parameters", ["share", "low", "high"]]
    ax.set_title("one run's effect", pad=8)
    ax.set_xlim(-0.6, 0.6)
    ax.set_ylim(0.0, 1.0)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    if not np.isfinite(value):
        ax.text(0.0, 0.5, "nothing varies", ha="center", color=style.GREY)
        return
    ax.bar(0.0, value, width=1.0, color=FIRST)
    ax.bar(0.0, 1.0 - value, bottom=value, width=1.0, color=CHANCE)
    ax.errorbar(0.0, value, yerr=[[value - low], [high - value]], ecolor=style.INK, capsize=5,
                elinewidth=1.4, linestyle="")  # fmt: skip
    for share, middle, name in ((value, value / 2, "parameters"),
                                (1.0 - value, (1.0 + value) / 2, "chance")):  # fmt: skip
        if share > 0.12:  # else the words do not fit
            ink = "white" if name == "parameters" else style.INK
            ax.text(0.0, middle, f"{name}\n{share * 100:.0f} %", ha="center", va="center",
                    color=ink, fontsize=11, weight="bold")  # fmt: skip
