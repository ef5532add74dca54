"""For the benchmark: how each program's time and memory grow, on logarithmic axes.

The numbers are those of :mod:`sim.benchmark.study`; its report saves the figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sim.report.escaping import plain
from sim.report.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "How four programs of the same model grow"
LOOKS = {  # colour, marker (told apart without colour too), name in the key
    "mesa": (style.MORE, "s", "Mesa model"),
    "numpy": (style.LESS, "^", "batched NumPy"),
    "engine": (style.CLAIMANT[0], "o", "this engine"),
    "c": (style.CLAIMANT[1], "D", "C"),
}
PANELS = (
    ("runs", "seconds", "runs", "seconds in all"),
    ("audiences", "microseconds_per_run_and_core", "audiences", "microseconds a run and core"),
    ("days", "microseconds_per_run_and_core", "days", "microseconds a run and core"),
    ("runs", "peak_mebibytes", "runs", "peak memory, MiB"),
    ("narratives", "microseconds_per_run_and_core", "narratives", "microseconds a run and core"),
    ("threads", "runs_per_second", "threads (Mesa: processes)", "runs a second"),
)


def draw(times: pd.DataFrame, machine: Mapping[str, str]) -> Figure:
    """Draw six panels: seconds and memory by runs, time by audiences, days, narratives, threads.

    Parameters
    ----------
    times
        Rows of the benchmark, as in times.csv; panels without rows are left out.
    machine
        What the times were taken on, for the note below.
    """
    work = "12 audiences, 2 claimants, 10 narratives, 8 teams, 90 days, but for what varies"
    figure = style.new_figure(TITLE, f"{work}; both axes logarithmic; least of several turns")
    shown = [panel for panel in PANELS if (times["growth"] == panel[0]).any()]
    columns = 3 if len(shown) > 2 else max(len(shown), 1)
    rows = -(-len(shown) // columns)
    margins = {"left": 0.055, "right": style.RIGHT, "top": 0.80, "bottom": 0.115}
    grid = figure.add_gridspec(rows, columns, wspace=0.24, hspace=0.42, **margins)
    for i, panel in enumerate(shown):
        _panel(figure.add_subplot(grid[i // columns, i % columns]), times, *panel)
    seen = set(times["program"][times["growth"].isin([panel[0] for panel in shown])])
    lines = [
        (style.stroke(color=colour, marker=marker, markersize=6), words)
        for name, (colour, marker, words) in LOOKS.items()
        if name in seen
    ]
    style.key(figure, lines, y=0.885)
    facts = ("processor", "cores", "python", "numpy", "numba", "mesa", "gcc")
    note = " · ".join(f"{name} {plain(machine[name])}" for name in facts if name in machine)
    text = figure.text(style.LEFT, 0.017, note, fontsize=8.5, color=style.GREY, va="center")
    style.fit(text)
    return figure


def _panel(
    ax: Axes, times: pd.DataFrame, growth: str, column: str, along: str, title: str
) -> None:
    """Draw one column of the rows that vary in ``growth``, a line for each program."""
    rows = times[(times["growth"] == growth) & (times["variant"] == "fixed")]
    for name, (colour, marker, _) in LOOKS.items():
        mine = rows[rows["program"] == name].sort_values("at")
        ax.plot(mine["at"], mine[column], color=colour, marker=marker, markersize=5.5)
    from matplotlib.ticker import FuncFormatter, LogLocator

    ax.set_xscale("log")
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    if high / low < 100.0:  # two powers of ten at least, so that a flat line looks flat
        middle = (low * high) ** 0.5
        ax.set_ylim(middle / 10.0, middle * 10.0)
    ax.set_title(title)
    ax.set_xlabel(along)
    ax.grid(visible=True, which="major", color=style.HAIR, linewidth=0.6)
    ax.tick_params(which="both", length=3, color=style.PALE)
    ax.minorticks_off()
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(numticks=8))
        axis.set_major_formatter(FuncFormatter(short))
    sizes = sorted(set(rows["at"]))
    if max(sizes) / min(sizes) < 100:
        ax.set_xticks(sizes, [f"{size:,}" for size in sizes])


def short(value: float, _: object = None) -> str:
    """Write a power of ten in few characters: 0.1, 100, 10k, 1M."""
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{letter}"
    return f"{value:g}"
