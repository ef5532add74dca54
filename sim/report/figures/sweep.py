"""For sweeps: the level and the paired effect against the swept parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report.effects import CHANCE, PARAMETERS
from sim.report.escaping import label, readable
from sim.report.figures import style
from sim.report.folder import OFFER_MEAN, MissingInputError, RunFolder
from sim.report.points import effects_at_points, step_of, trend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "How the effect depends on what was swept"
MOST_PANELS = 6
MARKS = ("o", "_")  # of the arm and the baseline, where names are swept
MOST_MARKS = 2_000  # points that are drawn as shapes; more would make a file of many megabytes


def draw(folder: RunFolder) -> Figure:
    """A line with bands for one key, heat maps for a grid of two numbers, else clouds."""
    if not folder.swept:
        raise MissingInputError("nothing was swept in this folder")
    rows = effects_at_points(folder)
    varied = [name for name in folder.swept if name in rows and rows[name].nunique() > 1]
    if not varied:
        raise MissingInputError("nothing that was swept takes more than one value")
    when = (
        "mean over the days on which the offer acts"
        if step_of(folder) == OFFER_MEAN
        else "on the last day"
    )
    numbers = all(_is_number(rows[name]) for name in varied)
    grid = len(varied) == 2 and len(rows) == rows[varied[0]].nunique() * rows[varied[1]].nunique()
    clouds = len(varied) > 2 or (len(varied) == 2 and not (grid and numbers))
    much = f" of {len(rows):,} points" if clouds else ""
    figure = style.new_figure(TITLE, f"all audiences, by importance; effect{much}: {when}", folder)
    if len(varied) == 1:
        _lines(figure, folder, rows, varied[0])
    elif clouds:
        _clouds(figure, folder, rows, varied)
    else:
        _maps(figure, folder, rows, varied[0], varied[1])
    return figure


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def levels(folder: RunFolder, arm: str, by: list[str]) -> pd.DataFrame | None:
    """Final lead of one arm at each point: mean, 5 % and 95 %; None where it is not known."""
    if not folder.has("runs"):
        return None
    runs = folder.tables["runs"]
    value = next((name for name in ("final_lead", "lead") if name in runs), "")
    if not value or any(name not in runs for name in by):
        return None
    runs = runs[runs["arm"] == arm]
    if (runs["uncertainty"] == CHANCE).any():
        runs = runs[runs["uncertainty"] == CHANCE]
    if runs.empty:
        return None
    grouped = runs.groupby(by)[value]
    found = pd.DataFrame(
        {"mean": grouped.mean(), "q05": grouped.quantile(0.05), "q95": grouped.quantile(0.95)}
    )
    return found.reset_index()


def _lines(figure: Figure, folder: RunFolder, rows: pd.DataFrame, name: str) -> None:
    shown = [(arm, levels(folder, arm, [name])) for arm in folder.shown]
    both = any(found is not None for _, found in shown)
    grid = figure.add_gridspec(
        1, 2 if both else 1, left=0.085, right=0.965 if both else 0.8, top=0.795, bottom=0.125,
        wspace=0.22,
    )  # fmt: skip
    first, second = (label(claimant, 18) for claimant in folder.claimants)
    numbers = _is_number(rows[name])
    rows = rows.sort_values(name) if numbers else rows
    chance = bool((rows["uncertainty"] == CHANCE).all())
    entries = []
    if both:
        ax = figure.add_subplot(grid[0])
        for (arm, found), look, mark in zip(shown, style.ARM_STYLES, MARKS, strict=False):
            if found is None:
                continue
            x = _across(found, rows, name)
            if arm == folder.arm:
                colour = style.BAND_CHANCE if chance else style.BAND_PARAMETERS
                _band(ax, x, found, colour, numbers)
            # names have no order that a line could follow
            ax.plot(x, found["mean"].to_numpy(), color=style.INK, markersize=9,
                    marker="" if numbers else mark, linestyle=look if numbers else "")  # fmt: skip
        ax.set_title("level in both arms on the last day", pad=8)
        ax.set_ylabel(f"alignment, +1 {first} … \u22121 {second}")
        _finish(ax, name, rows)
        entries += style.arm_keys(folder)
        if not numbers:
            for (line, _), mark in zip(entries, MARKS, strict=False):
                line.set(linestyle="", marker=mark, markersize=9)
    ax = figure.add_subplot(grid[-1])
    bands = [
        (effects_at_points(folder, PARAMETERS), style.BAND_PARAMETERS, "parameters drawn too")
    ]
    if chance:
        bands.append((rows, style.BAND_CHANCE, "chance alone"))
    for found, colour, words in bands:
        if len(found):
            found = found.sort_values(name) if numbers else found
            _band(ax, _across(found, rows, name), found, colour, numbers)
            entries.append((style.patch(colour), f"{words}, 5\u201395 %"))
    x = _across(rows, rows, name)
    half = (rows["mc_high"].to_numpy() - rows["mc_low"].to_numpy()) / 2
    ax.errorbar(x, rows["mean_diff"].to_numpy(), yerr=half, color=style.INK, marker="o",
                markersize=6, capsize=4,
                linestyle="-" if numbers else "")  # fmt: skip
    ax.set_title("paired effect: arm less baseline", pad=8)
    ax.set_ylabel(f"difference (↑ toward {first}, ↓ toward {second})")
    _finish(ax, name, rows)
    from matplotlib.lines import Line2D

    entries.append(
        (Line2D([], [], color=style.INK, marker="o"), "mean with 95 % Monte Carlo interval")
    )
    style.key(figure, entries)


def _across(found: pd.DataFrame, rows: pd.DataFrame, name: str) -> Any:
    """Where the points of a table stand across: at their number, or at the place of their name."""
    if _is_number(rows[name]):
        return found[name].to_numpy()
    return pd.Index(rows[name].unique()).get_indexer(found[name])


def _band(ax: Axes, x: Any, found: pd.DataFrame, colour: str, numbers: bool) -> None:
    low, high = found["q05"].to_numpy(), found["q95"].to_numpy()
    if numbers:
        ax.fill_between(x, low, high, color=colour, linewidth=0)
    else:
        ax.use_sticky_edges = False  # a bar is a range here and stands on nothing
        ax.bar(x, high - low, 0.4, low, color=colour, linewidth=0)


def _finish(ax: Axes, name: str, rows: pd.DataFrame) -> None:
    ax.set_xlabel(label(readable(name), 40))
    if _is_number(rows[name]):
        style.number_ticks(ax.xaxis, 6)
    else:
        words = list(rows[name].unique())
        words = [label(readable(str(word)), 24 if len(words) < 4 else 14) for word in words]
        ax.set_xticks(range(len(words)), words)
        ax.set_xlim(-0.6, len(words) - 0.4)
    style.number_ticks(ax.yaxis, 6)
    style.zero_line(ax)
    ax.grid(axis="y", color=style.HAIR, linewidth=0.6)


def _maps(figure: Figure, folder: RunFolder, rows: pd.DataFrame, across: str, up: str) -> None:
    found = levels(folder, folder.arm, [across, up])
    panels: list[tuple[str, pd.DataFrame, str]] = []
    if found is not None:
        panels.append(
            (f"level under {style.arm_name(folder, folder.arm)}, last day", found, "mean")
        )
    panels.append(("paired effect: arm less baseline", rows, "mean_diff"))
    grid = figure.add_gridspec(
        1, len(panels), left=0.075, right=0.935, top=0.83, bottom=0.125, wspace=0.22
    )
    for column, (title, frame, value) in enumerate(panels):
        ax = figure.add_subplot(grid[column])
        table = frame.pivot_table(index=up, columns=across, values=value)
        _heat(figure, ax, table, folder)
        ax.set_title(title, pad=8)
        ax.set_xlabel(label(readable(across), 40))
        ax.set_ylabel(label(readable(up), 40))


def _heat(figure: Figure, ax: Axes, table: pd.DataFrame, folder: RunFolder) -> None:
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    values = table.to_numpy(dtype=float)
    largest = float(np.nanmax(np.abs(values))) or 1.0
    ends = (style.CLAIMANT[1], "#ffffff", style.CLAIMANT[0])
    colours = LinearSegmentedColormap.from_list("sides", ends)
    image = ax.imshow(values, origin="lower", aspect="auto", cmap=colours,
                      norm=Normalize(-largest, largest), interpolation="nearest")  # fmt: skip
    ax.set_xticks(*_few(list(table.columns)))
    ax.set_yticks(*_few(list(table.index)))
    ax.tick_params(length=0)
    if values.size <= 64:
        for (i, j), value in np.ndenumerate(values):
            dark = abs(value) > 0.88 * largest
            ax.text(j, i, style.signed_number(value), ha="center", va="center",
                    fontsize=10, color="white" if dark else style.INK)  # fmt: skip
    bar = figure.colorbar(image, ax=ax, pad=0.03, fraction=0.05)
    bar.outline.set_visible(False)
    first, second = (label(claimant, 14) for claimant in folder.claimants)
    bar.ax.set_title(f"+ {first}", fontsize=9.5, loc="center", weight="normal")
    bar.ax.set_xlabel(f"\u2212 {second}", fontsize=9.5)


def _few(values: list[Any]) -> tuple[list[int], list[str]]:
    every = -(-len(values) // 8)
    at = list(range(0, len(values), every))
    return at, [f"{values[i]:g}" for i in at]


def _clouds(figure: Figure, folder: RunFolder, rows: pd.DataFrame, names: list[str]) -> None:
    trends = {name: trend(rows, name) for name in names}
    # of many keys those over which the mean moves most, in their own order
    moves = {name: np.ptp(found["mean_diff"].to_numpy()) for name, found in trends.items()}
    most = sorted(names, key=lambda name: -moves[name])[:MOST_PANELS]
    names = [name for name in names if name in most]
    columns = 2 if len(names) in (2, 4) else 3
    grid = figure.add_gridspec(
        -(-len(names) // columns), columns, left=0.085, right=0.975, top=0.825, bottom=0.125,
        hspace=0.4, wspace=0.1,
    )  # fmt: skip
    axes: list[Axes] = []
    first, second = (label(claimant, 18) for claimant in folder.claimants)
    many = len(rows) > MOST_MARKS
    for i, name in enumerate(names):
        ax = figure.add_subplot(grid[i // columns, i % columns], sharey=axes[0] if axes else None)
        ax.plot(_across(rows, rows, name), rows["mean_diff"].to_numpy(), linestyle="", marker="o",
                markersize=2 if many else 4, color=style.GREY, markeredgewidth=0,
                alpha=0.15 if many else 0.5, rasterized=many)  # fmt: skip
        ax.plot(_across(trends[name], rows, name), trends[name]["mean_diff"].to_numpy(),
                color=style.INK, marker="_" if not _is_number(rows[name]) else "",
                markersize=22, linestyle="-" if _is_number(rows[name]) else "")  # fmt: skip
        _finish(ax, name, rows)
        ax.tick_params(labelleft=i % columns == 0)
        axes.append(ax)
    figure.supylabel(f"paired effect (↑ toward {first}, ↓ toward {second})", x=0.012, fontsize=12)
    from matplotlib.lines import Line2D

    dot = Line2D([], [], color=style.GREY, marker="o", linestyle="", markersize=4)
    style.key(figure, [
        (dot, "one point of the design, mean of its pairs"),
        (Line2D([], [], color=style.INK), "mean over the points, all other keys varying"),
    ])  # fmt: skip


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    return (
        f"Above zero (toward {first}'s colour) the arm moves the weighted whole toward {first}, "
        f"below (toward {second}'s colour) toward {second}. A flat line or an even map means that "
        "the result does not hang on this key, on average over the others; a wide cloud around "
        "a flat line hangs on the others, or on chance."
    )
