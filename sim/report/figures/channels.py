"""Through which channel mediation works: the effect, and what it loses with each channel off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.effects import WHOLE, effects, step_words
from sim.report.escaping import label
from sim.report.figures import style
from sim.report.folder import MissingInputError, RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Which channel carries the effect"
MEANING = {
    "parity": "the two are\ntreated alike",
    "goodwill": "thanks for a yes,\npique at a no",
    "impartiality": "the mediator judges\nneither",
    "calming": "tension falls\nfaster",
}


def draw(folder: RunFolder) -> Figure:
    """Columns of bars that share one scale: the whole effect first, then its channels."""
    rows = [effect for effect in effects(folder, order="size") if effect.channels]
    if not rows:
        raise MissingInputError("channels.csv is not in this folder or has no such rows")
    names = list(rows[0].channels)
    figure = style.new_figure(
        TITLE,
        "alignment: the paired effect, and what it loses when a channel is off, both answers "
        f"held; {step_words(folder)}",
        folder,
    )
    grid = figure.add_gridspec(
        1, 1 + len(names), left=0.205, right=0.985, top=0.80, bottom=0.125, wspace=0.09
    )
    places = [-i - (0.4 if i else 0.0) for i in range(len(rows))]
    first_ax = None
    for column, name in enumerate(["", *names]):
        ax = figure.add_subplot(grid[0, column], sharex=first_ax, sharey=first_ax)
        first_ax = first_ax or ax
        values = [
            effect.channels.get(name, 0.0) if name else (effect.main.mean if effect.main else 0.0)
            for effect in rows
        ]
        colour = style.PALE if name else style.INK
        ax.barh(places, values, height=0.62, color=colour)
        ax.axvline(0, color=style.INK, linewidth=0.9)
        ax.axhline(-0.7, color=style.HAIR, linewidth=0.9)
        ax.set_title(label(name, 18) if name else "whole effect", pad=34)
        ax.text(0, 1.012, MEANING.get(name, "arm less baseline" if not name else ""),
                transform=ax.transAxes, fontsize=9.5, color=style.GREY, va="bottom")  # fmt: skip
        style.number_ticks(ax.xaxis, 3)
        ax.grid(axis="x", color=style.HAIR, linewidth=0.6)
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0, labelleft=column == 0, labelcolor=style.INK, pad=6)
    assert first_ax is not None  # noqa: S101 - the loop ran: there is always the whole effect
    texts = ["All, by importance" if e.actor == WHOLE else label(e.actor, 24) for e in rows]
    first_ax.set_yticks(places, texts, fontsize=12)
    first_ax.get_yticklabels()[0].set_fontweight("bold")
    low, high = first_ax.get_xlim()
    first_ax.set_xlim(low - 0.5 * (high - low), high + 0.5 * (high - low))
    first_ax.set_ylim(places[-1] - 0.7, 0.7)
    _values(figure, places)
    first, second = (label(name) for name in folder.claimants)
    sides = f"(← toward {second}      toward {first} →)"
    figure.text(0.595, 0.055, f"difference in alignment   {sides}", ha="center", fontsize=12)
    return figure


def _values(figure: Figure, places: list[float]) -> None:
    for column, ax in enumerate(figure.axes):
        for bars in ax.containers:
            for place, bar in zip(places, bars, strict=True):
                value = float(bar.get_width())
                ax.annotate(
                    style.signed_number(value), (value, place),
                    xytext=(-3 if value < 0 else 3, 0), textcoords="offset points",
                    ha="right" if value < 0 else "left", va="center", fontsize=10,
                    color=style.GREY if column else style.INK,
                )  # fmt: skip


def caption(folder: RunFolder) -> str:
    """What to see."""
    return (
        "The first column is the whole effect; each other column is what the effect loses when "
        "that channel is switched off and both answers are kept. Channels act together, so the "
        "columns need not add up to the whole. Calming works on tension and incidents, which hit "
        "both sides alike, so it hardly shows in alignment."
    )
