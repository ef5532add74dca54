"""Through which channel mediation works: the effect, and what it loses with each channel off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.effects import WHOLE, effects, step_words
from sim.report.escaping import label
from sim.report.figures import style
from sim.report.figures.effect import difference_words, name_audiences
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Which channel carries the effect"
WHOLE_EFFECT = "whole effect"
MEANING = {
    WHOLE_EFFECT: "arm less baseline",
    "parity": "the two are\ntreated alike",
    "goodwill": "thanks for a yes,\npique at a no",
    "impartiality": "the mediator judges\nneither",
    "calming": "tension falls\nfaster",
}


def draw(results: Results) -> Figure:
    """Return columns of bars that share one scale: the whole effect first, then its channels.

    Bars are differences in alignment. A channel's is what the paired effect loses when that
    channel is off, the claimants' answers being held.

    Raises
    ------
    MissingInputError
        Where no channel was knocked out.
    """
    audiences, left_out = style.drawn_audiences(results)
    shown = (WHOLE, *audiences)
    rows = [e for e in effects(results, order="size") if e.channels and e.actor in shown]
    if not rows:
        raise MissingInputError("channels.csv is not in this folder or has no such rows")
    columns = {WHOLE_EFFECT: [effect.main.mean for effect in rows]}
    for name in rows[0].channels:
        columns[name] = [effect.channels[name] for effect in rows]
    subtitle = (
        "alignment: the paired effect, and what it loses when a channel is off, both answers "
        f"held; numbers are {step_words(results)}{left_out}"
    )
    figure = style.new_figure(TITLE, subtitle, results)
    shape = {"left": 0.205, "right": 0.985, "top": 0.80, "bottom": 0.125, "wspace": 0.09}
    axes = figure.subplots(1, len(columns), sharex=True, sharey=True, squeeze=False)[0]
    figure.subplots_adjust(**shape)
    places = name_audiences(axes[0], rows)
    for ax, (name, values) in zip(axes, columns.items(), strict=True):
        whole = name == WHOLE_EFFECT
        bars = ax.barh(places, values, height=0.62, color=style.INK if whole else style.PALE)
        numbers = [style.signed_number(value) for value in values]
        ink = style.INK if whole else style.GREY
        ax.bar_label(bars, numbers, padding=3, fontsize=10, color=ink)
        ax.axvline(0, color=style.INK, linewidth=0.9)
        ax.axhline(-0.7, color=style.HAIR, linewidth=0.9)
        ax.set_title(label(name, 18), pad=34)
        look = {"transform": ax.transAxes, "fontsize": 9.5, "color": style.GREY, "va": "bottom"}
        ax.text(0, 1.012, MEANING.get(name, ""), **look)
        style.number_ticks(ax.xaxis, 3)
        ax.grid(axis="x")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    low, high = axes[0].get_xlim()
    room = 0.7 * (high - low)  # for the numbers at the bars
    axes[0].set_xlim(low - room, high + room)
    figure.text(0.51, 0.055, difference_words(results), ha="center", fontsize=12)
    return figure


def caption(results: Results) -> str:
    """Return what to see."""
    return (
        "The first column is the whole effect; each other column is what the effect loses when "
        "that channel is switched off and both answers are kept. Channels act together, so the "
        "columns need not add up to the whole. Calming works on tension and incidents, which hit "
        "both sides alike, so it hardly shows in alignment."
    )
