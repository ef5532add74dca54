"""How present each issue is to the audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.escaping import label
from sim.report.figures import lines, marks, style
from sim.report.folder import MissingInputError, RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "What the capitals have on their mind"
AUDIENCE_BAND = "#d9e6df"


def draw(folder: RunFolder) -> Figure:
    """One panel per issue: the weighted mean, and the range over the audiences."""
    found = lines.source(folder, "salience")
    issues = folder.issues[1:]  # the first is the background, 1 by definition
    if not issues:
        raise MissingInputError("the scenario has one issue only")
    figure = style.new_figure(
        TITLE, f"salience of each issue, the background being 1; {found.words}", folder
    )
    axes = style.subplot_grid(figure, len(issues), bottom=0.165, wspace=0.07)
    column = "mean" if found.bands else "value"
    for ax, issue in zip(axes, issues, strict=True):
        for arm, look in zip(folder.shown, style.ARM_STYLES, strict=False):
            curves = {}
            for audience in folder.audiences:
                rows = lines.pick(found, arm, audience, issue)
                if not rows.empty:
                    curves[audience] = rows[column].to_numpy()
                    steps = rows["step"].to_numpy()
            if not curves:
                continue
            stack = np.vstack(list(curves.values()))
            weights = np.array([folder.importance[a] for a in curves])
            if arm == folder.arm:
                ax.fill_between(steps, stack.min(axis=0), stack.max(axis=0), linewidth=0,
                                color=AUDIENCE_BAND)  # fmt: skip
            ax.plot(steps, weights @ stack / weights.sum(), color=style.INK, linestyle=look)
            if arm == folder.arm:
                highest = list(curves)[int(stack.mean(axis=1).argmax())]
                text = f"highest on average: {label(highest, 24)}"
                ax.text(0.985, 0.93, text, ha="right", va="top", transform=ax.transAxes,
                        fontsize=10.5, color=style.GREY)  # fmt: skip
        ax.set_title(label(issue, 40), pad=13)
    for ax in axes:
        ax.set_ylim(bottom=0)
        style.day_axis(ax, folder, sparse=len(issues) > 4)
        style.number_ticks(ax.yaxis)
    figure.supylabel("salience (background = 1)", x=0.012, fontsize=12)
    figure.text(0.53, 0.088, style.year_text(folder), ha="center", fontsize=12)
    marks.write_key(figure, marks.mark_by_letter(axes, folder), y=0.052)
    entries = style.arm_keys(folder)
    shown = style.arm_name(folder, folder.arm)
    entries.append(
        (
            style.patch(AUDIENCE_BAND),
            f"lowest to highest audience ({shown}); lines: mean by importance",
        )
    )
    style.key(figure, entries)
    return figure


def caption(folder: RunFolder) -> str:
    """What to see."""
    return (
        "An issue jumps with events that touch it and fades with its half-life; messages keep it "
        "alive (priming). What is on an audience's mind decides by which judgement it measures "
        "both sides that day. The band is the range over audiences, not an uncertainty."
    )
