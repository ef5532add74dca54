"""Tension, incidents, and how far mediation got."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.report.escaping import label, readable
from sim.report.figures import lines, marks, style
from sim.report.folder import MissingInputError, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Tension, incidents and mediation"
WEEK = 7


def draw(folder: RunFolder) -> Figure:
    """Three panels over one time axis."""
    found = lines.source(folder, "tension")
    figure = style.new_figure(TITLE, f"all audiences live through the same; {found.words}", folder)
    grid = figure.add_gridspec(
        3, 1, left=0.085, right=0.80, top=0.735, bottom=0.105, hspace=0.28, height_ratios=(3, 2, 2)
    )
    first = figure.add_subplot(grid[0])
    axes = [first, *(figure.add_subplot(grid[i], sharex=first) for i in (1, 2))]
    drawn = _tension(axes[0], folder, found)
    _incidents(axes[1], folder)
    _mediation(axes[2], folder)
    for ax in axes:
        style.day_axis(ax, folder)
        ax.tick_params(labelbottom=ax is axes[-1])
        ax.yaxis.set_label_coords(-0.055, 0.5)
        style.number_ticks(ax.yaxis, 3)
    axes[-1].set_xlabel(style.year_text(folder))
    marks.mark_by_name(figure, axes, folder)
    entries = style.arm_keys(folder)
    shown = style.arm_name(folder, folder.arm)
    if drawn["chance"]:
        entries.append((style.patch(style.BAND_CHANCE), f"chance alone, 5\u201395 % ({shown})"))
    if drawn["parameters"]:
        text = f"parameters drawn too, 5\u201395 % ({shown})"
        entries.append((style.patch(style.BAND_PARAMETERS), text))
    style.key(figure, entries)
    return figure


def _tension(ax: Axes, folder: RunFolder, found: lines.Source) -> dict[str, bool]:
    drawn = {"parameters": False, "chance": False}
    if found.bands:
        for kind, colour in (
            ("parameters", style.BAND_PARAMETERS),
            ("chance", style.BAND_CHANCE),
        ):
            rows = lines.pick(found, folder.arm, "", "", kind)
            drawn[kind] = lines.band(ax, rows[rows["uncertainty"] == kind], color=colour)
    for arm, look in zip(folder.shown, style.ARM_STYLES, strict=False):
        rows = lines.pick(found, arm, "", "")
        lines.line(ax, found, rows, color=style.INK, linestyle=look)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("tension")
    return drawn


def _incidents(ax: Axes, folder: RunFolder) -> None:
    """Incidents of both sides together, as a moving sum over a week."""
    ax.set_ylabel("incidents\nper week")
    try:
        found = lines.source(folder, "incidents")
    except MissingInputError:
        return
    for arm, look in zip(folder.shown, style.ARM_STYLES, strict=False):
        daily = np.zeros(folder.steps + 1)
        for claimant in folder.claimants:
            rows = lines.pick(found, arm, "", claimant)
            at = rows["step"].to_numpy().astype(int)
            daily[at] += rows["mean" if found.bands else "value"].to_numpy()
        weekly = np.convolve(daily, np.ones(WEEK))[: len(daily)]
        ax.plot(np.arange(folder.steps), weekly[: folder.steps], color=style.INK, linestyle=look)
    ax.set_ylim(bottom=0)
    ax.annotate(
        "both sides together,\nsum of the last 7 days;\nwho is hit is a fair draw", (1.0, 0.5),
        xycoords="axes fraction", xytext=(12, 0), textcoords="offset points", fontsize=10.5,
        color=style.GREY, va="center",
    )  # fmt: skip


def _mediation(ax: Axes, folder: RunFolder) -> None:
    """Who has accepted the standing offer, as a share of runs, and whether mediation is active."""
    ends: list[tuple[float, str, str]] = []
    for k, claimant in enumerate(folder.claimants):
        found, rows = _acceptance(folder, claimant)
        if found is not None and not rows.empty:
            column = "mean" if found.bands else "value"
            y = 100 * rows[column].to_numpy()
            ax.step(rows["step"].to_numpy(), y, where="post", color=style.CLAIMANT[k],
                    linewidth=2.2, linestyle="-" if k == 0 else (0, (6, 1.5)))  # fmt: skip
            ends.append(
                (float(y.max(initial=0.0)), f"{label(claimant, 18)} accepts", style.CLAIMANT[k])
            )
    ax.set_ylim(-4, 108)
    ax.set_ylabel("has accepted\n(% of runs)" if folder.has("summary") else "has accepted\n(%)")
    _beside(ax, ends)


def _acceptance(folder: RunFolder, claimant: str) -> tuple[lines.Source | None, pd.DataFrame]:
    for metric, toward in (("accepted", claimant), (f"accepted_{claimant}", "")):
        try:
            found = lines.source(folder, metric)
        except MissingInputError:
            continue
        return found, lines.pick(found, folder.arm, "", toward)
    return None, lines.NO_ROWS


def _beside(ax: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Labels to the right of the panel, at their heights but never on each other."""
    placed = sorted(ends)
    heights = [height for height, _, _ in placed]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + 26)
    shift = max(0.0, heights[-1] - 100) if heights else 0.0
    for (share, text, colour), height in zip(placed, heights, strict=True):
        ax.annotate(
            f"{text}: {share:.0f} %", (1.0, height - shift), xycoords=("axes fraction", "data"),
            xytext=(12, 0), textcoords="offset points", color=colour, fontsize=11.5, va="center",
            weight="bold",
        )  # fmt: skip


def caption(folder: RunFolder) -> str:
    """What to see."""
    arm = readable(folder.arm)
    return (
        "Events lift tension, which then fades; each incident adds to it and makes the next more "
        "likely. Active mediation makes it fade faster. The lowest panel says in which share of "
        f"runs of {arm} each side has accepted the standing offer; mediation is active only where "
        "both have."
    )
