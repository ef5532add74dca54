"""How present each issue is to the audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.escaping import label
from sim.report.figures import lines, panels, style
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "What the capitals have on their mind"
AUDIENCE_BAND = "#d9e6df"


def draw(results: Results) -> Figure:
    """Return one panel per issue: the mean by importance, and the range over the audiences.

    Salience is relative to that of the background, the first issue, which is 1 and not drawn.

    Raises
    ------
    MissingInputError
        Of a sweep, of a scenario with the background alone, and where no table has salience on
        more than one day.
    """
    found = lines.read_courses(results, "salience")
    issues = results.issues[1:]
    if not issues:
        raise MissingInputError("the scenario has one issue only")
    subtitle = f"salience of each issue, the background being 1; {found.words}"
    figure = style.new_figure(TITLE, subtitle, results)
    axes = panels.subplot_grid(figure, len(issues), bottom=0.165)
    for ax, issue in zip(axes, issues, strict=True):
        for arm, look in zip(results.shown, style.ARM_STYLES, strict=False):
            _issue_in_arm(ax, found, arm, issue, look)
    panels.name_panels(figure, axes, issues)
    axes[0].set_ylim(bottom=0)
    quantity = "salience (background = 1)"
    panels.finish_grid(figure, axes, results, quantity, sparse=len(issues) > 4)
    figure.text(0.53, 0.1, style.year_text(results), ha="center", fontsize=12)
    shown = style.arm_name(results.arm_title)
    words = f"lowest to highest audience ({shown}); lines: mean by importance"
    style.key(figure, [*style.arm_keys(results), (style.patch(AUDIENCE_BAND), words)])
    return figure


def _issue_in_arm(ax: Axes, found: lines.Courses, arm: str, issue: str, look: object) -> None:
    """Draw the mean over audiences by importance; of the first arm also the range over them."""
    results = found.results
    rows = {audience: found.pick(arm, audience, issue) for audience in results.audiences}
    rows = {audience: some for audience, some in rows.items() if not some.empty}
    if not rows:
        return
    steps = next(iter(rows.values()))["step"].to_numpy()
    stack = np.vstack([some["mean"].to_numpy() for some in rows.values()])
    weights = np.array([results.importance[audience] for audience in rows])
    if arm == results.arm:
        low, high = stack.min(axis=0), stack.max(axis=0)
        ax.fill_between(steps, low, high, linewidth=0, color=AUDIENCE_BAND)
        highest = list(rows)[int(stack.mean(axis=1).argmax())]
        text = f"highest on average: {label(highest)}"
        corner: style.Look = {"ha": "right", "va": "top", "transform": ax.transAxes}
        named = ax.text(0.985, 0.93, text, fontsize=10.5, color=style.GREY, **corner)
        style.fit(named, 2, 0.9 * ax.get_window_extent().width)
    ax.plot(steps, weights @ stack / weights.sum(), color=style.INK, linestyle=look)


def caption(results: Results) -> str:
    """Return what to see."""
    return (
        "An issue jumps with events that touch it and fades with its half-life; messages keep it "
        "alive (priming). What is on an audience's mind decides by which judgement it measures "
        "both sides that day. The band is the range over audiences, not an uncertainty."
    )
