"""For sweeps: the level and the paired effect against the swept parameters.

One key is drawn as a line with bands, a full grid of two numbers as heat maps, everything else as
a cloud of points for each key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report.effects import CHANCE, PARAMETERS, which_offer
from sim.report.escaping import label, labels, readable
from sim.report.figures import style
from sim.report.points import effects_are_over_offer, effects_at_points, holds_numbers, trend
from sim.scenario.error_texts import count_of
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "How the effect depends on what was swept"
MOST_PANELS = 6
MARKS = ("o", "_")  # of the arm and the baseline, where names are swept
MOST_MARKS = 2_000  # points that are drawn as shapes; more would make a file of many megabytes
MOST_NUMBERS = 64  # cells of a heat map that are large enough for their numbers
MOST_TICKS = 8  # along an edge of a heat map
CORNERS = {"left": 0.085, "right": 0.965, "top": 0.795, "bottom": 0.125, "wspace": 0.22}


def draw(results: Results) -> Figure:
    """Return a line with bands for one key, heat maps for a grid of two numbers, else clouds.

    Effects are differences in alignment of the weighted whole, arm less baseline.

    Raises
    ------
    MissingInputError
        Where nothing was swept over more than one value, or no table has the effect.
    """
    if not results.swept:
        raise MissingInputError("nothing was swept in this folder")
    rows = effects_at_points(results)
    varied = [name for name in results.swept if name in rows and rows[name].nunique() > 1]
    if not varied:
        raise MissingInputError("nothing that was swept takes more than one value")
    offer = effects_are_over_offer(results)
    acts = f"mean over the days on which {which_offer(results, results.arm)} acts"
    when = acts if offer else "on the last day"
    numbers = all(holds_numbers(rows[name]) for name in varied)
    full = len(rows) == np.prod([rows[name].nunique() for name in varied])
    clouds = len(varied) > 2 or (len(varied) == 2 and not (full and numbers))
    there = int((rows["n_pairs"] > 0).sum())
    much = f" of {count_of(len(rows), 'point')}" if clouds else ""
    if there < len(rows):
        much = f" at {there:,} of {count_of(len(rows), 'point')}, the others have none"
    figure = style.new_figure(
        TITLE, f"all audiences, by importance; effect{much}: {when}", results
    )
    if clouds:
        _clouds(figure, results, rows, varied)
    elif len(varied) == 1:
        _lines(figure, results, rows, varied[0])
    else:
        _maps(figure, results, rows, varied[0], varied[1])
    return figure


def says_levels(results: Results) -> bool:
    """Whether the runs are in the folder and say the level of the lead on the last day."""
    return results.has("runs") and "lead" in results.tables["runs"]


def levels(results: Results, arm: str, by: list[str]) -> pd.DataFrame:
    """Return the level of one arm on the last day at each point, over chance.

    Parameters
    ----------
    by
        The swept keys that tell the points apart.

    Returns
    -------
    DataFrame
        The keys with mean, q05 and q95 of the lead (the weighted whole's alignment), from -1 to
        +1.
    """
    runs = results.tables["runs"]
    runs = runs[runs["arm"] == arm]
    if (runs["uncertainty"] == CHANCE).any():
        runs = runs[runs["uncertainty"] == CHANCE]
    grouped = runs.groupby(by)["lead"]
    low, high = grouped.quantile(0.05), grouped.quantile(0.95)
    return pd.DataFrame({"mean": grouped.mean(), "q05": low, "q95": high}).reset_index()


def _lines(figure: Figure, results: Results, rows: pd.DataFrame, name: str) -> None:
    """Draw the level in both arms, where the runs say it, and the paired effect along one key."""
    numbers = holds_numbers(rows[name])
    rows = rows.sort_values(name) if numbers else rows
    chance = bool((rows["uncertainty"] == CHANCE).all())
    two = says_levels(results)
    shape = CORNERS if two else {**CORNERS, "right": 0.8}
    grid = figure.add_gridspec(1, 2 if two else 1, **shape)
    entries: list[tuple[Any, str]] = []
    if two:
        band = style.BAND_CHANCE if chance else style.BAND_PARAMETERS
        entries = _level_panel(figure.add_subplot(grid[0]), results, rows, name, band)
    ax = figure.add_subplot(grid[-1])
    drawn_too = effects_at_points(results, PARAMETERS)
    bands = [(drawn_too, style.BAND_PARAMETERS, "parameters drawn too")]
    if chance:
        bands.append((rows, style.BAND_CHANCE, "chance alone"))
    for found, colour, words in bands:
        if len(found):
            _band(ax, found.sort_values(name) if numbers else found, rows, name, colour)
            entries.append((style.patch(colour), f"{words}, 5\u201395 %"))
    half = (rows["mc_high"] - rows["mc_low"]) / 2
    look: style.Look = {"color": style.INK, "marker": "o", "linestyle": "-" if numbers else ""}
    ax.errorbar(
        _across(rows, rows, name), rows["mean_diff"], yerr=half, capsize=4, markersize=6, **look
    )
    first, second = labels(results.sides)
    ax.set_title("paired effect: arm less baseline", pad=8)
    ax.set_ylabel(f"difference (↑ toward {first}, ↓ toward {second})")
    _finish(ax, name, rows)
    dot = style.stroke(color=style.INK, marker="o")
    style.key(figure, [*entries, (dot, "mean with 95 % Monte Carlo interval")])


def _level_panel(
    ax: Axes, results: Results, rows: pd.DataFrame, name: str, band: str
) -> list[tuple[Any, str]]:
    """Draw the level in both arms along one key; returns the legend's entries."""
    entries = style.arm_keys(results)
    looks = zip(results.shown, style.ARM_STYLES, MARKS, entries, strict=False)
    for arm, line, mark, (entry, _) in looks:
        # names have no order that a line could follow
        points = {"linestyle": "", "marker": mark, "markersize": 9, "markeredgewidth": 2}
        look = {"linestyle": line} if holds_numbers(rows[name]) else points
        entry.set(**look)
        found = levels(results, arm, [name])
        if arm == results.arm:
            _band(ax, found, rows, name, band)
        ax.plot(_across(found, rows, name), found["mean"].to_numpy(), color=style.INK, **look)
    first, second = labels(results.sides)
    ax.set_title("level in both arms on the last day", pad=8)
    ax.set_ylabel(f"alignment, +1 {first} … \u22121 {second}")
    _finish(ax, name, rows)
    return entries


def _across(found: pd.DataFrame, rows: pd.DataFrame, name: str) -> Any:
    """Where the points of a table stand across: at their number, or at the place of their name."""
    if holds_numbers(rows[name]):
        return found[name].to_numpy()
    return pd.Index(rows[name].unique()).get_indexer(found[name])


def _band(ax: Axes, found: pd.DataFrame, rows: pd.DataFrame, name: str, colour: str) -> None:
    """Draw from the 5 % to the 95 % quantile: a band along numbers, a bar at each name."""
    x, low, high = _across(found, rows, name), found["q05"].to_numpy(), found["q95"].to_numpy()
    if holds_numbers(rows[name]):
        ax.fill_between(x, low, high, color=colour, linewidth=0)
    else:
        ax.use_sticky_edges = False  # a bar is a range here and stands on nothing
        ax.bar(x, high - low, 0.4, low, color=colour, linewidth=0)


def _finish(ax: Axes, name: str, rows: pd.DataFrame) -> None:
    """Give a panel the key's name, ticks at its numbers or names, and a line at zero."""
    ax.set_xlabel(label(readable(name), 60))
    if holds_numbers(rows[name]):
        style.number_ticks(ax.xaxis, 6)
    else:
        names = [readable(str(value)) for value in rows[name].unique()]
        style.name_ticks(ax, ax.xaxis, names)
        ax.set_xlim(-0.6, len(names) - 0.4)
    style.number_ticks(ax.yaxis, 6)
    style.zero_line(ax)
    ax.grid(axis="y")


def _maps(figure: Figure, results: Results, rows: pd.DataFrame, across: str, up: str) -> None:
    """Draw heat maps of the arm's level, where the runs say it, and of the paired effect."""
    panels = {"paired effect: arm less baseline": (rows, "mean_diff")}
    if says_levels(results):
        title = f"level in {style.arm_in_text(results.arm_title)}, last day"
        panels = {title: (levels(results, results.arm, [across, up]), "mean"), **panels}
    shape = {**CORNERS, "left": 0.075, "right": 0.935, "top": 0.83}
    grid = figure.add_gridspec(1, len(panels), **shape)
    axes = [figure.add_subplot(grid[column]) for column in range(len(panels))]
    room = axes[0].get_window_extent().width
    titles, size = style.fit_names(figure, list(panels), style.TITLE_SIZE, room, weight="bold")
    for ax, title, (frame, value) in zip(axes, titles, panels.values(), strict=True):
        _heat(
            figure,
            ax,
            frame.pivot_table(index=up, columns=across, values=value, dropna=False),
            results,
        )
        ax.set_title(title, pad=20, fontsize=size)
        ax.set_xlabel(label(readable(across), 60))
        ax.set_ylabel(label(readable(up), 60))


def _heat(figure: Figure, ax: Axes, table: pd.DataFrame, results: Results) -> None:
    """Draw one heat map with its scale: white is 0, the claimants' colours the largest size."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    values = table.to_numpy(dtype=float)
    largest = float(np.nanmax(np.abs(values))) or 1.0
    ends = (style.CLAIMANT[1], "#ffffff", style.CLAIMANT[0])
    colours = LinearSegmentedColormap.from_list("sides", ends).with_extremes(bad=style.PALE)
    look: style.Look = {"origin": "lower", "aspect": "auto", "interpolation": "nearest"}
    image = ax.imshow(values, cmap=colours, norm=Normalize(-largest, largest), **look)
    for set_ticks, places in ((ax.set_xticks, table.columns), (ax.set_yticks, table.index)):
        every = -(-len(places) // MOST_TICKS)
        at = range(0, len(places), every)
        set_ticks(at, [f"{places[i]:g}" for i in at])
    ax.tick_params(length=0)
    look = {"ha": "center", "va": "center", "fontsize": 10}
    for (i, j), value in np.ndenumerate(values if values.size <= MOST_NUMBERS else []):
        if np.isnan(value):
            ax.text(j, i, "none", color=style.GREY, **look)
            continue
        ink = "white" if abs(value) > 0.88 * largest else style.INK
        ax.text(j, i, style.signed_number(value), color=ink, **look)
    bar = figure.colorbar(image, ax=ax, pad=0.03, fraction=0.05)
    bar.outline.set_visible(False)
    first, second = labels(results.sides, 14)
    bar.ax.set_title(f"+ {first}", fontsize=9.5, loc="center", weight="normal")
    bar.ax.set_xlabel(f"\u2212 {second}", fontsize=9.5)


def _clouds(figure: Figure, results: Results, rows: pd.DataFrame, names: list[str]) -> None:
    """Draw the effect at all points along each key, and its mean over all other keys.

    Of many keys those are drawn over which the mean moves most, in their own order.
    """
    trends = {name: trend(rows, name) for name in names}
    moves = {name: np.ptp(found["mean_diff"].dropna()) for name, found in trends.items()}
    most = sorted(names, key=lambda name: -moves[name])[:MOST_PANELS]
    names = [name for name in names if name in most]
    columns = 2 if len(names) in (2, 4) else 3
    shape = {**CORNERS, "right": 0.975, "top": 0.825, "hspace": 0.4, "wspace": 0.1}
    grid = figure.add_gridspec(-(-len(names) // columns), columns, **shape)
    many = len(rows) > MOST_MARKS
    dots: style.Look = {"color": style.GREY, "marker": "o", "linestyle": ""}
    small: style.Look = (
        {"markersize": 2, "alpha": 0.15} if many else {"markersize": 4, "alpha": 0.5}
    )
    small |= {"markeredgewidth": 0, "rasterized": many}
    shared = None
    for i, name in enumerate(names):
        ax = figure.add_subplot(grid[i // columns, i % columns], sharey=shared)
        shared = shared or ax
        ax.plot(_across(rows, rows, name), rows["mean_diff"].to_numpy(), **dots, **small)
        x, mean = _across(trends[name], rows, name), trends[name]["mean_diff"].to_numpy()
        marks: style.Look = {"linestyle": "", "marker": "_", "markersize": 22}
        ax.plot(x, mean, color=style.INK, **({} if holds_numbers(rows[name]) else marks))
        _finish(ax, name, rows)
        ax.tick_params(labelleft=i % columns == 0)
    first, second = labels(results.sides)
    figure.supylabel(f"paired effect (↑ toward {first}, ↓ toward {second})", x=0.012, fontsize=12)
    entries = [
        (style.stroke(**dots, markersize=4), "one point of the design, mean of its pairs"),
        (style.stroke(color=style.INK), "mean over the points, all other keys varying"),
    ]
    style.key(figure, entries)


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = results.sides
    return (
        f"Above zero (toward {first}'s colour) the arm moves the weighted whole toward {first}, "
        f"below (toward {second}'s colour) toward {second}. A flat line or an even map means that "
        "the result does not hang on this key, on average over the others; a wide cloud around "
        "a flat line hangs on the others, or on chance."
    )
