"""Under which conditions: the points in the two strongest keys with the box, and its trade-off.

Drawn from a design, the effect at each point and a box of ``sim.estimators.boxes``.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimators.boxes import NOTHING, Box, Restriction, in_words
from sim.estimators.prim import inside
from sim.report.escaping import label, plain, readable
from sim.report.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MANY = 2_000  # points; more are drawn smaller, and as an image: an SVG would be megabytes
SPREAD = 0.56  # names are drawn as strips of this width, so that points do not hide each other


def figure(
    conditions: pd.DataFrame,
    effects: npt.NDArray[np.float64],
    box: Box | None,
    outcome: str,
    sides: tuple[str, str],
) -> Figure:
    """The scatter with the box; ``sides`` are what an effect above and below 0 moves toward."""
    drawn = style.new_figure(f"When {plain(outcome)}", "one dot a point of the design")
    if box is None:
        drawn.text(0.5, 0.5, NOTHING, ha="center", fontsize=19, color=style.GREY)
        return drawn
    shown = sorted(box.restrictions, key=lambda restriction: restriction.quasi_p)[:2]
    ax = drawn.add_axes((0.085, 0.115, 0.53, 0.725))
    keys = [restriction.key for restriction in shown]
    spare = [str(key) for key in conditions if key not in (*keys, "point")]
    if len(keys) == 1 and spare:
        keys.append(spare[0])
    unseen = {side: limit for side, limit in box.limits.items() if side[0] not in keys}
    _points(ax, conditions, effects, keys, inside(unseen, conditions))
    _outline(ax, conditions, shown, keys)
    said = in_words(box, plain(outcome)).replace(" %", "\u00a0%")
    words = textwrap.fill(said, 45)
    drawn.text(0.655, 0.835, words, va="top", fontsize=12.5, linespacing=1.45)
    _trade_off(drawn.add_axes((0.715, 0.115, 0.255, 0.27)), box)
    from matplotlib.lines import Line2D

    entries = [
        (Line2D([], [], color=colour, linestyle="", marker=marker, markersize=7),
         f"toward {label(side, 18)}")
        for colour, marker, side in zip(style.CLAIMANT, ("^", "v"), sides, strict=True)
    ]  # fmt: skip
    if (effects == 0.0).any():
        entries.append((Line2D([], [], color=style.PALE, linestyle="", marker="."), "no effect"))
    entries.append((Line2D([], [], color=style.INK, linewidth=2.4), "the box"))
    if len(box.restrictions) > 2:
        others = ", ".join(readable(r.key) for r in box.restrictions if r not in shown)
        entries.append((Line2D([], [], color=style.HAIR, linestyle="", marker="o"),
                        f"pale: outside it in {label(others, 30)}"))  # fmt: skip
    style.key(drawn, entries)
    return drawn


def _points(
    ax: Axes,
    conditions: pd.DataFrame,
    effects: npt.NDArray[np.float64],
    keys: list[str],
    full: npt.NDArray[np.bool_],
) -> None:
    x, y = (_places(conditions[key]) for key in (keys * 2)[:2])
    many = len(effects) > MANY
    looks: list[tuple[npt.NDArray[np.bool_], str, str, float]] = [
        (effects == 0.0, style.PALE, ".", 14),
        (effects > 0.0, style.CLAIMANT[0], "^", 20),
        (effects < 0.0, style.CLAIMANT[1], "v", 20),
    ]
    looks.sort(key=lambda look: -int(look[0].sum()))  # the rare ones on top
    for rank, (chosen, colour, marker, size) in enumerate(looks):
        if many and rank == 0:
            size /= 3
        for part, alpha in ((chosen & ~full, 0.22), (chosen & full, 0.85)):
            ax.scatter(x[part], y[part], c=colour, marker=marker, s=size, alpha=alpha,
                       linewidths=0, zorder=2, rasterized=many)  # fmt: skip
    for axis, key in zip((ax.xaxis, ax.yaxis), (keys * 2)[:2], strict=True):
        names = _names(conditions[key])
        axis.set_label_text(label(readable(key), 40))
        if names:
            axis.set_ticks(range(len(names)), [label(readable(name), 16) for name in names])
        else:
            style.number_ticks(axis, 6)


def _outline(
    ax: Axes, conditions: pd.DataFrame, shown: list[Restriction], keys: list[str]
) -> None:
    """The box's rectangles: one, or one for each run of neighbouring names."""
    from matplotlib.patches import Rectangle

    by_key = {restriction.key: restriction for restriction in shown}
    spans = [_spans(by_key.get(key), conditions[key]) for key in (keys * 2)[:2]]
    for left, right in spans[0]:
        for bottom, top in spans[1]:
            ax.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False,
                                   edgecolor=style.INK, linewidth=2.4, zorder=4))  # fmt: skip


def _spans(restriction: Restriction | None, column: pd.Series) -> list[tuple[float, float]]:
    """From where to where a key lies in the box."""
    names = _names(column)
    if not names:
        low, high = float(column.min()), float(column.max())
        room = 0.015 * (high - low)
        if restriction is not None:
            given = restriction.low, restriction.high
            return [(given[0] if given[0] is not None else low - room,
                     given[1] if given[1] is not None else high + room)]  # fmt: skip
        return [(low - room, high + room)]
    held = names if restriction is None else restriction.among
    spans: list[tuple[float, float]] = []
    for i, name in enumerate(names):
        if name not in held:
            continue
        if spans and spans[-1][1] > i - 1:
            spans[-1] = (spans[-1][0], i + 0.4)
        else:
            spans.append((i - 0.4, i + 0.4))
    return spans


def _names(column: pd.Series) -> list[str]:
    """The names of a column that has names, sorted; empty for numbers."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return []
    return sorted({str(name) for name in column})


def _places(column: pd.Series) -> npt.NDArray[np.float64]:
    names = _names(column)
    if not names:
        numbers: npt.NDArray[np.float64] = column.to_numpy(dtype=np.float64)
        return numbers
    at = np.array([names.index(str(name)) for name in column], dtype=np.float64)
    even = (np.arange(len(at)) * 0.618033988749895) % 1.0 - 0.5  # the golden ratio: no clumps
    return at + SPREAD * even


def _trade_off(ax: Axes, box: Box) -> None:
    steps = box.trajectory
    ax.plot(steps["coverage"] * 100, steps["density"] * 100, color=style.PALE, marker="o",
            markersize=3.5, linewidth=1.2, zorder=2)  # fmt: skip
    ax.plot([box.chosen.coverage * 100], [box.chosen.density * 100], marker="s", markersize=8,
            color=style.GREY, zorder=3)  # fmt: skip
    reach = [[(box.density - box.density_low) * 100], [(box.density_high - box.density) * 100]]
    ax.errorbar([box.coverage * 100], [box.density * 100], yerr=reach, marker="D", markersize=9,
                color=style.INK, capsize=4, zorder=4)  # fmt: skip
    ax.set_xlim(-3, 104)
    ax.set_ylim(0, 104)
    ax.set_title("trade-off on the half searched; \u25c6 told", pad=8, fontsize=11.5)
    ax.set_xlabel("coverage: of all such futures, % inside", fontsize=10.5)
    ax.set_ylabel("density: % of the box", fontsize=10.5)
    ax.tick_params(labelsize=10)
    ax.grid(color=style.HAIR, linewidth=0.6)
