"""For sweeps: the level and the paired effect against the swept parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report.effects import CHANCE, PARAMETERS, WHOLE, metric_of, step_shown
from sim.report.escaping import label, readable
from sim.report.figures import style
from sim.report.folder import OFFER_MEAN, MissingInputError, RunFolder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "How the effect depends on what was swept"
MOST_PANELS = 6


def draw(folder: RunFolder) -> Figure:
    """A line with bands for one parameter, heat maps for a grid of two, else clouds of points."""
    if not folder.swept:
        raise MissingInputError("nothing was swept in this folder")
    rows = paired(folder, WHOLE)
    varied = [name for name in folder.swept if name in rows and rows[name].nunique() > 1]
    varied = [name for name in varied if pd.api.types.is_numeric_dtype(rows[name])]
    if not varied:
        raise MissingInputError("no swept parameter takes more than one number")
    when = (
        "mean over the days on which the offer acts"
        if step_shown(rows) == OFFER_MEAN
        else "on the last day"
    )
    figure = style.new_figure(TITLE, f"all audiences, by importance; effect: {when}", folder)
    grid = len(varied) == 2 and len(rows) == rows[varied[0]].nunique() * rows[varied[1]].nunique()
    if len(varied) == 1:
        _lines(figure, folder, rows, varied[0])
    elif grid:
        _maps(figure, folder, rows, varied[0], varied[1])
    else:
        _clouds(figure, folder, rows, varied[:MOST_PANELS])
    return figure


def paired(folder: RunFolder, actor: str, uncertainty: str = CHANCE) -> pd.DataFrame:
    """The paired effect at each point of the design."""
    frame = folder.table("comparison")
    frame = frame[
        (frame["metric"] == metric_of(actor)) & (frame["actor"] == actor)
        & (frame["answers"] == "any") & (frame["arm"] == folder.arm)
    ]  # fmt: skip
    if frame.empty:
        raise MissingInputError("comparison.csv has no such rows")
    frame = frame[frame["step"] == step_shown(frame)]
    kinds = list(frame["uncertainty"].unique())
    if uncertainty not in kinds and uncertainty == CHANCE:
        uncertainty = kinds[0]
    return frame[frame["uncertainty"] == uncertainty]


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
    entries = []
    if both:
        ax = figure.add_subplot(grid[0])
        for (arm, found), look in zip(shown, style.ARM_STYLES, strict=False):
            if found is None:
                continue
            x = found[name].to_numpy()
            if arm == folder.arm:
                ax.fill_between(x, found["q05"].to_numpy(), found["q95"].to_numpy(),
                                color=style.BAND_CHANCE, linewidth=0)  # fmt: skip
            ax.plot(x, found["mean"].to_numpy(), color=style.INK, linestyle=look)
        ax.set_title("level in both arms on the last day", pad=8)
        ax.set_ylabel(f"alignment, +1 {first} … \u22121 {second}")
        _finish(ax, name)
        entries += style.arm_keys(folder)
    ax = figure.add_subplot(grid[-1])
    rows = rows.sort_values(name)
    x = rows[name].to_numpy()
    unknown = paired(folder, WHOLE, PARAMETERS).sort_values(name)
    if len(unknown):
        at, low, high = (unknown[column].to_numpy() for column in (name, "q05", "q95"))
        ax.fill_between(at, low, high, color=style.BAND_PARAMETERS, linewidth=0)
    ax.fill_between(x, rows["q05"].to_numpy(), rows["q95"].to_numpy(), color=style.BAND_CHANCE,
                    linewidth=0)  # fmt: skip
    half = (rows["mc_high"].to_numpy() - rows["mc_low"].to_numpy()) / 2
    ax.errorbar(x, rows["mean_diff"].to_numpy(), yerr=half, color=style.INK, marker="o",
                markersize=6, capsize=4)  # fmt: skip
    ax.set_title("paired effect: arm less baseline", pad=8)
    ax.set_ylabel(f"difference (↑ toward {first}, ↓ toward {second})")
    _finish(ax, name)
    entries.append((style.patch(style.BAND_CHANCE), "chance alone, 5\u201395 %"))
    if len(unknown):
        entries.append((style.patch(style.BAND_PARAMETERS), "parameters drawn too, 5\u201395 %"))
    from matplotlib.lines import Line2D

    entries.append(
        (Line2D([], [], color=style.INK, marker="o"), "mean with 95 % Monte Carlo interval")
    )
    style.key(figure, entries)


def _finish(ax: Axes, name: str) -> None:
    ax.set_xlabel(label(readable(name), 40))
    style.number_ticks(ax.xaxis, 6)
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
            ax.text(j, i, style.signed(value), ha="center", va="center",
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
    columns = min(len(names), 3)
    grid = figure.add_gridspec(
        -(-len(names) // columns), columns, left=0.085, right=0.975, top=0.86, bottom=0.125,
        hspace=0.4, wspace=0.1,
    )  # fmt: skip
    axes: list[Axes] = []
    first, second = (label(claimant, 18) for claimant in folder.claimants)
    for i, name in enumerate(names):
        ax = figure.add_subplot(grid[i // columns, i % columns], sharey=axes[0] if axes else None)
        ax.plot(rows[name].to_numpy(), rows["mean_diff"].to_numpy(), linestyle="", marker="o",
                markersize=4, color=style.INK, alpha=0.6)  # fmt: skip
        _finish(ax, name)
        ax.tick_params(labelleft=i % columns == 0)
        axes.append(ax)
    figure.supylabel(f"paired effect (↑ toward {first}, ↓ toward {second})", x=0.012, fontsize=12)


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    return (
        f"Above zero (toward {first}'s colour) the arm moves the weighted whole toward {first}, "
        f"below (toward {second}'s colour) toward {second}. A flat line or an even map means that "
        "the result does not hang on this parameter."
    )
