"""Tension, incidents, and how far mediation got."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.escaping import labels, quoted
from sim.report.figures import lines, panels, style
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Tension, incidents and mediation"
WEEK = 7  # days
APART = 26.0  # % of the lowest panel's height between two names beside it


def draw(results: Results) -> Figure:
    """Return three panels over one time axis.

    Tension is a number from 0 up, the same for all audiences. Incidents are those of the last 7
    days. Acceptance is the share of runs in which a claimant has accepted the standing offer.

    Raises
    ------
    MissingInputError
        Of a sweep, and where no table has tension on more than one day.
    """
    found = lines.read_courses(results, "tension")
    figure = style.new_figure(
        TITLE, f"all audiences live through the same; {found.words}", results
    )
    axes = panels.stack(figure, (3, 2, 2), right=0.80)
    kinds = found.draw_bands(axes[0], "")
    found.draw_arms(axes[0], "", "")
    axes[0].set_ylim(bottom=0)
    axes[0].set_ylabel("tension")
    _incidents(axes[1], results)
    _mediation(axes[2], results)
    panels.finish_stack(figure, axes, results)
    style.key(figure, style.arm_keys(results) + lines.band_keys(results, kinds))
    return figure


def _incidents(ax: Axes, results: Results) -> None:
    """Draw incidents of both sides together, as a moving sum over a week."""
    ax.set_ylabel("incidents\nper week")
    try:
        found = lines.read_courses(results, "incidents")
    except MissingInputError:
        return
    for arm, look in zip(results.shown, style.ARM_STYLES, strict=False):
        daily = np.zeros(results.steps + 1)
        for claimant in results.claimants:
            rows = found.pick(arm, "", claimant)
            daily[rows["step"].to_numpy().astype(int)] += rows["mean"].to_numpy()
        weekly = np.convolve(daily, np.ones(WEEK))[: results.steps]
        ax.plot(np.arange(results.steps), weekly, color=style.INK, linestyle=look)
    ax.set_ylim(bottom=0)
    words = "both sides together,\nsum of the last 7 days;\nwho is hit is a fair draw"
    panels.write_beside(ax, words, fontsize=10.5, color=style.GREY)


def _mediation(ax: Axes, results: Results) -> None:
    """Draw who has accepted the standing offer, as a share of runs."""
    found = lines.read_courses(results, "accepted")
    shares: list[tuple[float, str, str]] = []
    names, line_styles = labels(results.claimants), ("-", (0, (6, 1.5)))
    for claimant, name, colour, line in zip(
        results.claimants, names, style.CLAIMANT, line_styles, strict=True
    ):
        rows = found.pick(results.arm, "", claimant)
        share = 100 * rows["mean"].to_numpy()
        ax.step(rows["step"], share, where="post", color=colour, linewidth=2.2, linestyle=line)
        most = float(share.max(initial=0.0))
        shares.append((most, f"{name} accepts: {most:.0f} %", colour))
    ax.set_ylim(-4, 108)
    ax.set_ylabel("has accepted\n(% of runs)" if results.has("summary") else "has accepted\n(%)")
    shares.sort()
    heights = [share for share, _, _ in shares]
    for i in range(1, len(heights)):  # at their heights, but never on each other
        heights[i] = max(heights[i], heights[i - 1] + APART)
    too_high = max(0.0, max(heights, default=0.0) - 100)
    texts, size = panels.fit_beside(ax, [text for _, text, _ in shares], 11.5, 2)
    for text, (*_, colour), height in zip(texts, shares, heights, strict=True):
        look: style.Look = {"color": colour, "fontsize": size, "weight": "bold"}
        panels.write_beside(ax, text, height - too_high, ("axes fraction", "data"), **look)


def caption(results: Results) -> str:
    """Return what to see."""
    arm = quoted(results.arm_title)
    return (
        "Events lift tension, which then fades; each incident adds to it and makes the next more "
        "likely. Active mediation makes it fade faster. The lowest panel says in which share of "
        f"runs of {arm} each side has accepted the standing offer; mediation is active only where "
        "both have."
    )
