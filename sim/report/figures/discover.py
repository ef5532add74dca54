"""Under which conditions: the points in the two strongest keys with the box, and its trade-off.

Drawn from a design, the effect at each point and a box of ``sim.estimators.boxes``. Boxes are
neither searched nor judged here.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.estimators.boxes import NOTHING, Box, Restriction, in_words
from sim.estimators.prim import Flags, inside
from sim.report.escaping import label, labels, plain, readable
from sim.report.figures import style
from sim.report.points import holds_numbers
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MANY = 2_000  # points; more are drawn smaller, and as an image: an SVG would be megabytes
SPREAD = 0.56  # names are drawn as strips of this width, so that points do not hide each other
GOLDEN = 0.618033988749895  # the golden ratio: places along a strip without clumps
OUTSIDE = 0.22  # opacity of points that lie outside the box in keys that are not drawn
SIDES = ("^", "v")  # markers of an effect above and below 0


def figure(
    conditions: pd.DataFrame,
    effects: Floats,
    box: Box | None,
    outcome: str,
    sides: tuple[str, str],
) -> Figure:
    """Return the scatter with the box, the box in words, and its trade-off.

    Parameters
    ----------
    conditions
        One row a point of the design; columns are the swept keys.
    effects
        The effect at each point.
    box
        What was found; None where nothing was, which the figure then says.
    outcome
        What is asked for, in words.
    sides
        What an effect above and below 0 moves toward.
    """
    drawn = style.new_figure(f"When {plain(outcome)}", "one dot a point of the design")
    if box is None:
        drawn.text(0.5, 0.5, NOTHING, ha="center", fontsize=19, color=style.GREY)
        return drawn
    shown = sorted(box.restrictions, key=lambda restriction: restriction.quasi_p)[:2]
    keys = [restriction.key for restriction in shown]
    spare = [str(key) for key in conditions if key not in keys]
    keys = [*keys, *spare, *keys][:2]
    unseen = {side: limit for side, limit in box.limits.items() if side[0] not in keys}
    ax = drawn.add_axes((0.085, 0.115, 0.53, 0.725))
    _points(ax, conditions, effects, keys, inside(unseen, conditions))
    _outline(ax, conditions, shown, keys)
    words = textwrap.fill(in_words(box, plain(outcome)).replace(" %", "\u00a0%"), 43)
    drawn.text(0.655, 0.835, words, va="top", fontsize=12.5, linespacing=1.45)
    _trade_off(drawn.add_axes((0.715, 0.115, 0.255, 0.27)), box)
    others = [readable(r.key) for r in box.restrictions if r not in shown]
    style.key(drawn, _entries(sides, bool((effects == 0.0).any()), ", ".join(others)))
    return drawn


def _entries(sides: tuple[str, str], none: bool, others: str) -> list[tuple[Any, str]]:
    """Return the legend's entries; ``others`` are the restricted keys that are not drawn."""
    entries = []
    for colour, marker, side in zip(style.CLAIMANT, SIDES, labels(sides), strict=True):
        dot = style.stroke(color=colour, linestyle="", marker=marker, markersize=7)
        entries.append((dot, f"toward {side}"))
    if none:
        entries.append((style.stroke(color=style.PALE, linestyle="", marker="."), "no effect"))
    entries.append((style.stroke(color=style.INK, linewidth=2.4), "the box"))
    if others:
        dot = style.stroke(color=style.HAIR, linestyle="", marker="o")
        entries.append((dot, f"pale: outside it in {label(others, 60)}"))
    return entries


def _points(
    ax: Axes, conditions: pd.DataFrame, effects: Floats, keys: list[str], full: Flags
) -> None:
    """Draw the points at their two ``keys``; ``full`` are those that no other key keeps out."""
    x, y = (_places(conditions[key]) for key in keys)
    many = len(effects) > MANY
    looks = [
        (effects == 0.0, style.PALE, ".", 14.0),
        (effects > 0.0, style.CLAIMANT[0], SIDES[0], 20.0),
        (effects < 0.0, style.CLAIMANT[1], SIDES[1], 20.0),
    ]
    looks.sort(key=lambda look: -int(look[0].sum()))  # the rare ones on top
    for rank, (chosen, colour, marker, size) in enumerate(looks):
        look: style.Look = {"c": colour, "marker": marker, "linewidths": 0, "zorder": 2}
        look["s"] = size / 3 if many and rank == 0 else size
        for part, alpha in ((chosen & ~full, OUTSIDE), (chosen & full, 0.85)):
            ax.scatter(x[part], y[part], alpha=alpha, rasterized=many, **look)
    for axis, key in zip((ax.xaxis, ax.yaxis), keys, strict=True):
        names = _names(conditions[key])
        axis.set_label_text(label(readable(key), 60))
        if names:
            style.name_ticks(ax, axis, [readable(name) for name in names])
        else:
            style.number_ticks(axis, 6)


def _outline(
    ax: Axes, conditions: pd.DataFrame, shown: list[Restriction], keys: list[str]
) -> None:
    """Draw the box's rectangles: one, or one for each run of neighbouring names."""
    from matplotlib.patches import Rectangle

    by_key = {restriction.key: restriction for restriction in shown}
    across, up = (_spans(by_key.get(key), conditions[key]) for key in keys)
    look: style.Look = {"edgecolor": style.INK, "linewidth": 2.4, "zorder": 4}
    for left, right in across:
        for bottom, top in up:
            size = right - left, top - bottom
            ax.add_patch(Rectangle((left, bottom), *size, fill=False, **look))
    ax.autoscale_view()  # a box may reach beyond the points


def _spans(restriction: Restriction | None, column: pd.Series) -> list[tuple[float, float]]:
    """Return from where to where a key lies in the box; all of it where it is not restricted."""
    names = _names(column)
    if not names:
        low, high = float(column.min()), float(column.max())
        room = 0.015 * (high - low)
        low, high = low - room, high + room
        if restriction is not None:
            low = low if restriction.low is None else restriction.low
            high = high if restriction.high is None else restriction.high
        return [(low, high)]
    among = names if restriction is None else restriction.among
    spans: list[tuple[float, float]] = []
    for i in [i for i, name in enumerate(names) if name in among]:
        joins = spans and spans[-1][1] > i - 1
        spans.append((spans.pop()[0] if joins else i - 0.4, i + 0.4))
    return spans


def _names(column: pd.Series) -> list[str]:
    """Return the names of a column that has names, sorted; none for numbers."""
    return [] if holds_numbers(column) else sorted({str(name) for name in column})


def _places(column: pd.Series) -> Floats:
    """Return the places of points along one axis: numbers, or spread over the strip of a name."""
    names = _names(column)
    if not names:
        return np.asarray(column, dtype=np.float64)
    at = np.array([names.index(str(name)) for name in column], dtype=np.float64)
    return at + SPREAD * ((np.arange(len(at)) * GOLDEN) % 1.0 - 0.5)


def _trade_off(ax: Axes, box: Box) -> None:
    """Draw density against coverage along the search, and of the box on the half kept back."""
    steps = 100 * box.trajectory[["coverage", "density"]]
    look: style.Look = {"color": style.PALE, "markersize": 3.5, "linewidth": 1.2}
    ax.plot(steps["coverage"], steps["density"], marker="o", zorder=2, **look)
    searched = (100 * box.chosen.coverage, 100 * box.chosen.density)
    ax.plot(*searched, marker="s", markersize=8, color=style.GREY, zorder=3)
    reach = [[100 * (box.density - box.density_low)], [100 * (box.density_high - box.density)]]
    look = {"marker": "D", "markersize": 9, "color": style.INK, "capsize": 4, "zorder": 4}
    ax.errorbar(100 * box.coverage, 100 * box.density, yerr=reach, **look)
    ax.set_xlim(-3, 104)
    ax.set_ylim(0, 104)
    ax.set_title("trade-off: \u25a0 searched, \u25c6 other half", pad=8, fontsize=11.5)
    ax.set_xlabel("coverage: of all such futures, % inside", fontsize=10.5)
    ax.set_ylabel("density: % of the box", fontsize=10.5)
    ax.tick_params(labelsize=10)
    ax.grid()
