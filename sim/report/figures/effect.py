"""The paired effect at each audience: mean, chance, and what we do not know."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from sim.report.effects import PARAMETERS, WHOLE, Effect, SignShares, effects, step_words
from sim.report.escaping import labels
from sim.report.figures import style
from sim.report.numerals import opinion_scale, percents
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "What mediation changes, capital by capital"
WAYS = ("\u2190", "=", "\u2192")  # lower, unchanged and higher, as the axis points
WAYS_AT = (1.19, 1.255, 1.32)  # right ends of their columns, beside the panel


def draw(results: Results) -> Figure:
    """Return a forest plot, the whole on top, the audiences by the size of the effect.

    The effect is the difference in alignment, arm less baseline, pair by pair under common random
    numbers.

    Raises
    ------
    MissingInputError
        Where there is no comparison of one pair of arms.
    """
    audiences, left_out = style.drawn_audiences(results)
    rows = [e for e in effects(results, order="size") if e.actor in (WHOLE, *audiences)]
    arm, baseline = style.arm_in_text(results.arm_title), style.arm_in_text(results.baseline_title)
    subtitle = f"alignment, {arm} less {baseline}, pair by pair; numbers are {step_words(results)}"
    figure = style.new_figure(title(results), subtitle + left_out, results)
    ax = figure.add_axes((0.235, 0.125, 0.555, 0.685))
    places = name_audiences(ax, rows)
    for place, effect in zip(places, rows, strict=True):
        _intervals(ax, effect, place)
    _columns(ax, rows, places)
    ax.set_xlabel(difference_words(results))
    ax.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    ax.axhline(-0.7, color=style.HAIR, linewidth=0.9)
    style.number_ticks(ax.xaxis, 7)
    dot = style.stroke(color=style.INK, marker="o", markersize=7.5, linestyle="")
    bar = style.stroke(color=style.GREY, linewidth=4.5)
    entries = [(dot, "mean and its 95 % Monte Carlo interval (white)")]
    if any(effect.chance for effect in rows):
        entries.append((bar, "chance alone, 5\u201395 % of pairs"))
    if any(effect.parameters for effect in rows):
        words = f"{PARAMETERS} drawn too, 5\u201395 % of draws"
        entries.append((style.patch(style.BAND_CHANCE), words))
    style.key(figure, entries)
    return figure


def title(results: Results) -> str:
    """Mediation is the question the model is for; other arms go by their name."""
    if results.arm == "mediation":
        return TITLE
    return f"What {style.arm_in_text(results.arm_title)} changes, capital by capital"


def difference_words(results: Results) -> str:
    """Return what the axis of a difference in alignment is called, its ways and its unit."""
    first, second = labels(results.claimants)
    ways = f"difference in alignment   (← toward {second}      toward {first} →)"
    return f"{ways}      {opinion_scale()}"


def name_audiences(ax: Axes, rows: list[Effect]) -> list[float]:
    """Name a row for each effect, the whole a little apart; returns the heights of the rows."""
    places = [-i - (0.4 if i else 0.0) for i in range(len(rows))]
    names = ["All, by importance" if e.actor == WHOLE else e.actor for e in rows]
    style.name_rows(ax, places, names)
    ax.get_yticklabels()[0].set_fontweight("bold")
    return places


def _intervals(ax: Axes, effect: Effect, y: float) -> None:
    """Draw the spread over parameters, over chance, the mean's interval, and the mean."""
    if effect.parameters:
        spread = effect.parameters
        ax.hlines(y, spread.low, spread.high, color=style.BAND_CHANCE, linewidth=11, zorder=2)
    if effect.chance:
        spread = effect.chance
        ax.hlines(y, spread.low, spread.high, color=style.GREY, linewidth=4.5, zorder=3)
    low, high, ink = effect.main.mc_low, effect.main.mc_high, style.INK
    ax.hlines(y, low, high, color="white", linewidth=2.2, zorder=4)
    marker = "D" if effect.actor == WHOLE else "o"
    rim: style.Look = {"markeredgecolor": "white", "markeredgewidth": 1.2}
    ax.plot(effect.main.mean, y, marker=marker, markersize=7.5, color=ink, zorder=5, **rim)


def _columns(ax: Axes, rows: list[Effect], places: list[float]) -> None:
    """Write the mean, and in how many draws the effect goes which way, beside the rows."""
    write = partial(ax.text, transform=ax.get_yaxis_transform(), fontsize=12, va="center")
    head = partial(write, fontsize=10.5, color=style.GREY, va="bottom", linespacing=1.15)
    head(1.03, 0.75, "mean")
    drawn = any(effect.parameters for effect in rows)
    if drawn:
        head(1.15, 0.75, "% of those draws\n")
    for x, mark in zip(WAYS_AT, WAYS, strict=True) if drawn else ():
        head(x, 0.75, mark, ha="right", fontsize=12)
    for place, effect in zip(places, rows, strict=True):
        weight = "bold" if effect.actor == WHOLE else "normal"
        write(1.03, place, style.signed_number(effect.main.mean), weight=weight)
        if effect.parameters:
            cells = _share_cells(effect.parameters.shares)
            for x, text in zip(WAYS_AT, cells, strict=True):
                write(x, place, text, color=style.GREY, ha="right")


def _share_cells(shares: SignShares) -> list[str]:
    """The shares of draws that go one way, stay and go the other, in per cent."""
    if math.isnan(shares.unchanged):
        return ["", "", percents([shares.higher, 1.0 - shares.higher], "<1", ">99")[0]]
    return percents(shares, "<1", ">99")


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = results.claimants
    return (
        f"Left of zero the arm moves an audience toward {second}, right of zero toward {first}. "
        "The point is the mean of the pairs; its Monte Carlo interval only says how well the "
        "runs settle that mean. The dark bar is how far single pairs differ by chance, the pale "
        "bar how far they differ over everything we do not know. At the right, in how many of "
        "those draws alignment is lower (\u2190), exactly equal (=) and higher (\u2192)."
    )
