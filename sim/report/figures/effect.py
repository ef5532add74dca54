"""The paired effect at each audience: mean, chance, and what we do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.effects import PARAMETERS, WHOLE, Effect, effects, step_words
from sim.report.escaping import label
from sim.report.figures import style
from sim.report.folder import RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "What mediation changes, capital by capital"


def draw(folder: RunFolder) -> Figure:
    """A forest plot, the whole on top, the audiences by the size of the effect."""
    rows = effects(folder, order="size")
    arm, baseline = style.arm_name(folder, folder.arm), style.arm_name(folder, folder.baseline)
    figure = style.new_figure(
        title(folder), f"alignment, {arm} less {baseline}, pair by pair; {step_words(folder)}",
        folder,
    )  # fmt: skip
    ax = figure.add_axes((0.235, 0.125, 0.555, 0.685))
    for position, effect in enumerate(rows):
        _one(ax, effect, -position - (0.4 if position else 0.0))
    _labels(ax, rows)
    first, second = (label(name) for name in folder.claimants)
    ax.set_xlabel(f"difference in alignment   (← toward {second}      toward {first} →)")
    ax.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    ax.axhline(-0.7, color=style.HAIR, linewidth=0.9)
    style.number_ticks(ax.xaxis, 7)
    ax.grid(axis="x", color=style.HAIR, linewidth=0.6)
    ax.spines["left"].set_visible(False)
    _key(figure, rows)
    return figure


def title(folder: RunFolder) -> str:
    """Mediation is the question the model is for; other arms go by their name."""
    if folder.arm == "mediation":
        return TITLE
    return f"What {style.arm_name(folder, folder.arm)} changes, capital by capital"


def _one(ax: Axes, effect: Effect, y: float) -> None:
    if effect.parameters:
        low, high = effect.parameters.low, effect.parameters.high
        ax.plot([low, high], [y, y], color=style.BAND_CHANCE, linewidth=11,
                solid_capstyle="butt", zorder=2)  # fmt: skip
    if effect.chance:
        low, high = effect.chance.low, effect.chance.high
        ax.plot([low, high], [y, y], color=style.GREY, linewidth=4.5, solid_capstyle="butt",
                zorder=3)  # fmt: skip
    main = effect.main
    if main:
        ax.plot([main.mc_low, main.mc_high], [y, y], color="white", linewidth=2.2, zorder=4,
                solid_capstyle="butt")  # fmt: skip
        marker = "D" if effect.actor == WHOLE else "o"
        ax.plot([main.mean], [y], marker=marker, markersize=7.5, color=style.INK,
                markeredgecolor="white", markeredgewidth=1.2, zorder=5)  # fmt: skip


def _labels(ax: Axes, rows: list[Effect]) -> None:
    places = [-i - (0.4 if i else 0.0) for i in range(len(rows))]
    texts = ["All, by importance" if e.actor == WHOLE else label(e.actor, 26) for e in rows]
    ax.set_yticks(places, texts, color=style.INK, fontsize=12)
    ax.tick_params(axis="y", length=0, pad=6)
    if texts:
        ax.get_yticklabels()[0].set_fontweight("bold")
    ax.set_ylim(places[-1] - 0.7, 0.7)
    over = ax.get_yaxis_transform()
    ax.text(1.03, 0.75, "mean", transform=over, fontsize=10.5, color=style.GREY, va="bottom")
    if any(e.parameters for e in rows):
        ax.text(1.16, 0.75, "lower in, with\nparameters drawn", transform=over, fontsize=10.5,
                color=style.GREY, va="bottom", linespacing=1.15)  # fmt: skip
    for place, effect in zip(places, rows, strict=True):
        if effect.main:
            weight = "bold" if effect.actor == WHOLE else "normal"
            ax.text(1.03, place, style.signed_number(effect.main.mean), transform=over,
                    fontsize=12, va="center", weight=weight)  # fmt: skip
        if effect.parameters:
            share = 1.0 - effect.parameters.share_positive
            ax.text(1.16, place, f"{100 * share:.0f} % of draws", transform=over, fontsize=12,
                    va="center", color=style.GREY)  # fmt: skip


def _key(figure: Figure, rows: list[Effect]) -> None:
    from matplotlib.lines import Line2D

    entries = [
        (Line2D([], [], color=style.INK, marker="o", markersize=7.5, linestyle=""),
         "mean and its 95 % Monte Carlo interval (white)")
    ]  # fmt: skip
    if any(e.chance for e in rows):
        entries.append((Line2D([], [], color=style.GREY, linewidth=4.5),
                        "chance alone, 5\u201395 % of pairs"))  # fmt: skip
    if any(e.parameters for e in rows):
        entries.append((style.patch(style.BAND_CHANCE),
                        f"{PARAMETERS} drawn too, 5\u201395 % of pairs"))  # fmt: skip
    style.key(figure, entries)


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    return (
        f"Left of zero the arm moves an audience toward {second}, right of zero toward {first}. "
        "The point is the mean of the pairs; its Monte Carlo interval only says how well the "
        "runs settle that mean. The dark bar is how far single pairs differ by chance, the pale "
        "bar how far they differ over everything we do not know."
    )
