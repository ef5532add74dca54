"""Who listens to whom, and where each audience leans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.effects import Effect, effects, step_words
from sim.report.escaping import label
from sim.report.figures import lines, style
from sim.report.folder import MissingInputError, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Who listens to whom, and where they lean"
# Roughly as on a map, Europe stretched; no borders.
PLACES = {
    "Washington": (2.2, 4.6),
    "Ottawa": (2.9, 7.9),
    "UN New York": (5.7, 6.6),
    "Latin America": (4.6, 1.5),
    "London": (8.3, 8.2),
    "Paris": (8.6, 4.9),
    "Brussels": (10.9, 6.5),
    "Berlin": (13.0, 8.2),
    "Other Europe": (15.4, 6.4),
    "Africa": (9.9, 1.7),
    "Gulf and Middle East": (13.3, 3.7),
    "East and Southeast Asia": (17.2, 3.2),
}
STRONG = 0.12  # share of a listener's attention from which an edge is drawn
FEWEST = 2  # each listener's strongest edges are drawn in any case


def draw(folder: RunFolder) -> Figure:
    """Edges are shares of listening, size is importance, colour is alignment."""
    levels, changes, when = _levels(folder)
    first, second = (label(name, 18) for name in folder.claimants)
    figure = style.new_figure(
        TITLE, f"alignment under {style.arm_name(folder, folder.arm)}, {when}", folder
    )
    ax = figure.add_axes((0.02, 0.055, 0.96, 0.80))
    ax.set_axis_off()
    places = positions(folder.audiences)
    largest = max((abs(x) for x in levels.values()), default=0.1) or 0.1
    ax.set_xlim(0, 19.2)
    ax.set_ylim(0.1, 9.1)
    ax.set_aspect("equal", adjustable="box")
    _edges(ax, folder, places)
    for audience in folder.audiences:
        x, y = places[audience]
        radius = 0.26 + 1.15 * math.sqrt(folder.importance[audience] / math.pi)
        _node(ax, x, y, radius, leaning(levels.get(audience, 0.0), largest))
        text = style.signed_number(levels[audience], 2) if audience in levels else ""
        if audience in changes:
            text += f" ({style.signed_number(changes[audience])})"
        ax.text(x, y - radius - 0.1, label(audience, 24), ha="center", va="top", fontsize=12,
                weight="bold", zorder=6, bbox=_halo())  # fmt: skip
        ax.text(x, y - radius - 0.5, text, ha="center", va="top", fontsize=11, color=style.GREY,
                zorder=6, bbox=_halo())  # fmt: skip
    _key(figure, first, second, largest)
    return figure


def _levels(folder: RunFolder) -> tuple[dict[str, float], dict[str, float], str]:
    try:
        rows: list[Effect] = effects(folder)
    except MissingInputError:
        rows = []
    shown = {e.actor: e.alignment.arm for e in rows if e.actor and e.alignment.arm is not None}
    if shown:
        changes = {e.actor: e.main.mean for e in rows if e.actor and e.main}
        return shown, changes, f"{step_words(folder)}; in brackets the change by the arm"
    found = lines.source(folder, "alignment")
    column = "mean" if found.bands else "value"
    levels = {}
    for audience in folder.audiences:
        one = lines.pick(found, folder.arm, audience, "")
        if not one.empty:
            levels[audience] = float(one[column].iloc[-1])
    return levels, {}, f"on the last day; {found.words}"


def positions(audiences: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Map-like places where all names are known, else a circle in file order."""
    if all(audience in PLACES for audience in audiences):
        return {audience: PLACES[audience] for audience in audiences}
    count = max(len(audiences), 1)
    turns = [math.pi / 2 - 2 * math.pi * i / count for i in range(count)]
    return {
        audience: (9.6 + 6.4 * math.cos(turn), 5.0 + 3.1 * math.sin(turn))
        for audience, turn in zip(audiences, turns, strict=False)
    }


def leaning(x: float, largest: float) -> str:
    """White in the middle, the claimants' colours at the ends, equally strong."""
    from sim.report.figures.voice import mix_with_white

    return mix_with_white(style.CLAIMANT[int(x < 0)], min(abs(x) / largest, 1.0) * 0.95)


def _edges(ax: Axes, folder: RunFolder, places: dict[str, tuple[float, float]]) -> None:
    from matplotlib.patches import FancyArrowPatch

    by_listener: dict[str, list[tuple[float, str]]] = {}
    for (listener, heard), share in folder.peers.items():
        by_listener.setdefault(listener, []).append((share, heard))
    for listener, row in by_listener.items():
        strongest = sorted(row, key=lambda pair: -pair[0])
        for rank, (share, heard) in enumerate(strongest):
            if share < STRONG and rank >= FEWEST:
                continue
            ax.add_patch(FancyArrowPatch(
                places[heard], places[listener], connectionstyle="arc3,rad=0.10",
                arrowstyle="-|>,head_length=5,head_width=2.6", shrinkA=16, shrinkB=22,
                linewidth=0.4 + 9.0 * share, color="#c9c9c9", alpha=0.75, zorder=2,
                mutation_scale=1.6,
            ))  # fmt: skip


def _node(ax: Axes, x: float, y: float, radius: float, colour: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(
        Circle((x, y), radius, facecolor=colour, edgecolor=style.INK, linewidth=1.2, zorder=5)
    )


def _halo() -> dict[str, object]:
    return {"facecolor": "white", "edgecolor": "none", "alpha": 0.78, "pad": 0.8}


def _key(figure: Figure, first: str, second: str, largest: float) -> None:
    from matplotlib.lines import Line2D

    def dot(x: float) -> Line2D:
        return Line2D([], [], linestyle="", marker="o", markersize=12,
                      markerfacecolor=leaning(x, largest), markeredgecolor=style.INK)  # fmt: skip

    edge = Line2D([], [], color="#c9c9c9", linewidth=3)
    style.key(figure, [
        (dot(largest), f"leans to {first} (+{largest:.2f})"),
        (dot(0.0), "balanced"),
        (dot(-largest), f"leans to {second} (\u2212{largest:.2f})"),
        (edge, "from who is heard to who listens; size: importance"),
    ])  # fmt: skip


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    return (
        f"Each disc is an audience: the larger, the more it counts in the weighted whole; the "
        f"more {first}'s or {second}'s colour, the further it leans. Arrows carry opinion from "
        "who is heard to who listens; thick ones carry more. Weak ties are not drawn. Places are "
        "roughly those of a map, without borders."
    )
