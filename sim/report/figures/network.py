"""Who listens to whom, and where each audience leans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.report.effects import effects, step_words
from sim.report.escaping import labels
from sim.report.figures import lines, style
from sim.store.results import MissingInputError, Results

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
MIDDLE, RING = (9.6, 5.0), (6.4, 3.1)  # of the circle for other audiences: centre, half axes
SIDES = {-1: "right", 0: "center", 1: "left"}  # where a label stands beside a disc of the circle
STRONG = 0.12  # share of a listener's attention from which an edge is drawn
MOST_DISCS = 16  # as many have room on the circle
FEWEST = 2  # each listener's strongest edges are drawn in any case
EDGE: style.Look = {
    "arrowstyle": "-|>,head_length=5,head_width=2.6",
    "connectionstyle": "arc3,rad=0.10",
    "mutation_scale": 1.6,
    "color": "#c9c9c9",
    "alpha": 0.75,
    "zorder": 2,
}
HALO = {"facecolor": "white", "edgecolor": "none", "alpha": 0.78, "pad": 0.8}


def draw(results: Results) -> Figure:
    """Return discs and arrows: arrows are shares of listening, size is importance, colour lean.

    Levels are alignment under the arm, from -1 to +1, with the paired effect in brackets where
    there is one.

    Raises
    ------
    MissingInputError
        Where neither a comparison nor a course over time has the alignment.
    """
    levels, changes, when = _levels(results)
    audiences, left_out = style.drawn_audiences(results, MOST_DISCS)
    first, second = labels(results.claimants)
    subtitle = f"alignment in {style.arm_in_text(results.arm_title)}; {when}{left_out}"
    figure = style.new_figure(TITLE, subtitle, results)
    ax = figure.add_axes((0.02, 0.055, 0.96, 0.80))
    ax.set_axis_off()
    ax.set_xlim(0, 19.2)
    ax.set_ylim(0.1, 9.1)
    ax.set_aspect("equal", adjustable="box")
    largest = max((abs(x) for x in levels.values()), default=0.1) or 0.1
    on_map = all(audience in PLACES for audience in audiences)
    discs = {}
    ax.apply_aspect()  # before texts are measured
    names = dict(zip(audiences, labels(audiences), strict=True))
    for audience, (x, y) in positions(audiences).items():
        radius = 0.26 + 1.15 * math.sqrt(results.importance[audience] / math.pi)
        discs[audience] = _disc(ax, x, y, radius, leaning(levels.get(audience, 0.0), largest))
        text = style.signed_number(levels[audience], 2) if audience in levels else ""
        if audience in changes:
            text += f" ({style.signed_number(changes[audience])})"
        side = 0 if on_map else round((x - MIDDLE[0]) / RING[0] / 1.4)  # else they would overlap
        at = x + side * (radius + 0.15), y + 0.36 if side else y - radius - 0.1
        look: style.Look = {"ha": SIDES[side], "va": "top", "zorder": 6, "bbox": HALO}
        named = ax.text(*at, names[audience], fontsize=12, weight="bold", **look)
        style.fit(named, 3)
        below = at[1] - 0.4 * (1 + named.get_text().count("\n"))
        ax.text(at[0], below, text, fontsize=11, color=style.GREY, **look)
    _edges(ax, results, discs)
    edge = style.stroke(color=EDGE["color"], linewidth=3)
    entries = [
        (_sample(largest, largest), f"leans to {first} (+{largest:.2f})"),
        (_sample(0.0, largest), "balanced"),
        (_sample(-largest, largest), f"leans to {second} (\u2212{largest:.2f})"),
        (edge, "from who is heard to who listens; size: importance"),
    ]
    style.key(figure, entries)
    return figure


def _levels(results: Results) -> tuple[dict[str, float], dict[str, float], str]:
    """Return each audience's alignment, its change by the arm where known, and of which days."""
    try:
        rows = [effect for effect in effects(results) if effect.actor]
    except MissingInputError:
        found = lines.read_courses(results, "alignment")
        courses = {name: found.pick(results.arm, name, "") for name in results.audiences}
        levels = {
            name: float(rows["mean"].iloc[-1]) for name, rows in courses.items() if len(rows)
        }
        return levels, {}, f"on the last day, {found.words}"
    shown = {effect.actor: effect.alignment.arm for effect in rows}
    changes = {effect.actor: effect.main.mean for effect in rows}
    return shown, changes, f"numbers are {step_words(results)}; in brackets the change by the arm"


def positions(audiences: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Return map-like places where all names are known, else a circle in file order."""
    if all(audience in PLACES for audience in audiences):
        return {audience: PLACES[audience] for audience in audiences}
    found = {}
    for i, audience in enumerate(audiences):
        turn = math.pi / 2 - 2 * math.pi * i / len(audiences)
        found[audience] = (
            MIDDLE[0] + RING[0] * math.cos(turn),
            MIDDLE[1] + RING[1] * math.sin(turn),
        )
    return found


def leaning(x: float, largest: float) -> str:
    """Return the colour of an alignment: white at 0, the claimants' colours at ``largest``."""
    share = min(abs(x) / largest, 1.0) * 0.95
    return style.mix_with_white(style.CLAIMANT[int(x < 0)], share)


def _edges(ax: Axes, results: Results, discs: dict[str, Any]) -> None:
    """Draw an arrow from who is heard to who listens, the thicker the larger the share."""
    from matplotlib.patches import FancyArrowPatch

    by_listener: dict[str, list[tuple[float, str]]] = {}
    for (listener, heard), share in results.peers.items():
        if listener in discs and heard in discs:
            by_listener.setdefault(listener, []).append((share, heard))
    for listener, row in by_listener.items():
        strongest = sorted(row, key=lambda pair: -pair[0])
        for rank, (share, heard) in enumerate(strongest):
            if share >= STRONG or rank < FEWEST:
                one, other = discs[heard], discs[listener]
                ends = {"patchA": one, "patchB": other, "linewidth": 0.4 + 9.0 * share}
                ax.add_patch(FancyArrowPatch(one.center, other.center, **ends, **EDGE))


def _disc(ax: Axes, x: float, y: float, radius: float, colour: str) -> Any:
    """Draw one audience; returns the disc, at whose rim arrows end."""
    from matplotlib.patches import Circle

    look = {"facecolor": colour, "edgecolor": style.INK, "linewidth": 1.2, "zorder": 5}
    return ax.add_patch(Circle((x, y), radius, **look))


def _sample(x: float, largest: float) -> Any:
    """Return a legend entry's disc of an alignment."""
    look = {"markerfacecolor": leaning(x, largest), "markeredgecolor": style.INK}
    return style.stroke(linestyle="", marker="o", markersize=12, **look)


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = results.claimants
    audiences, _ = style.drawn_audiences(results, MOST_DISCS)
    places = "Places are roughly those of a map, without borders."
    if not all(audience in PLACES for audience in audiences):
        places = "They stand in a circle, in the order of the scenario."
    return (
        f"Each disc is an audience: the larger, the more it counts in the weighted whole; the "
        f"more {first}'s or {second}'s colour, the further it leans. Arrows carry opinion from "
        f"who is heard to who listens; thick ones carry more. Weak ties are not drawn. {places}"
    )
