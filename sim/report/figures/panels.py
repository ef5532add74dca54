"""Panels over time: small multiples for audiences or issues, and stacks of wide ones.

The axes are made here, and after the figure has drawn into them get their dates, ticks, event
marks and common labels. Lines and bands are in ``lines``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.report.escaping import labels
from sim.report.figures import marks, style
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ((1, 1), (2, 4), (3, 9), (4, 16))  # columns, and the most panels that they are used for
MANY_COLUMNS = 6
APART = 12  # points between a panel and words beside it


def subplot_grid(figure: Figure, count: int, *, bottom: float = 0.125) -> list[Axes]:
    """Return ``count`` small panels that share both axes; labels only at the edge of the grid."""
    columns = next((c for c, most in COLUMNS if count <= most), MANY_COLUMNS)
    shape = {"left": 0.07, "right": style.RIGHT, "top": 0.795, "hspace": 0.38, "wspace": 0.1}
    grid = figure.add_gridspec(-(-count // columns), columns, bottom=bottom, **shape)
    axes: list[Axes] = []
    for i in range(count):
        shared = axes[0] if axes else None
        ax = figure.add_subplot(grid[i // columns, i % columns], sharex=shared, sharey=shared)
        ax.tick_params(length=3, color=style.PALE)
        ax.tick_params(labelleft=i % columns == 0, labelbottom=i + columns >= count)
        axes.append(ax)
    return axes


def name_panels(figure: Figure, axes: list[Axes], names: Sequence[str]) -> None:
    """Write a name above each small panel, all in one size."""
    room = axes[0].get_window_extent().width
    fitting, size = style.fit_names(
        figure, labels(names), style.TITLE_SIZE, room, 2, weight="bold"
    )
    for ax, name in zip(axes, fitting, strict=True):
        ax.set_title(name, pad=13, fontsize=size)


def finish_grid(
    figure: Figure, axes: list[Axes], results: Results, quantity: str, *, sparse: bool = True
) -> None:
    """Give small panels their dates, ticks, zero lines, letters for events, and one y label.

    Parameters
    ----------
    quantity
        What is on the y axes, with its range or unit.
    sparse
        Whether the panels are too narrow for dates with days.
    """
    for ax in axes:
        style.day_axis(ax, results, sparse=sparse)
        style.number_ticks(ax.yaxis)
        style.zero_line(ax)
    figure.supylabel(quantity, x=0.012, fontsize=12)
    marks.mark_by_letter(axes, results)
    marks.write_key(figure, results)


def stack(figure: Figure, heights: tuple[float, ...], right: float) -> list[Axes]:
    """Return wide panels over one time axis, of these relative heights, the first on top.

    ``right`` is where they end, as a share of the width; beside them is room for words.
    """
    shape = {"left": 0.085, "top": 0.74, "bottom": 0.105, "hspace": 0.26}
    grid = figure.add_gridspec(len(heights), 1, right=right, height_ratios=heights, **shape)
    axes = [figure.add_subplot(grid[i]) for i in range(len(heights))]
    for ax in axes[1:]:
        ax.sharex(axes[0])
    return axes


def finish_stack(figure: Figure, axes: list[Axes], results: Results) -> None:
    """Give wide panels their dates, ticks and the names of events."""
    for ax in axes:
        style.day_axis(ax, results)
        ax.tick_params(labelbottom=ax is axes[-1])
        ax.yaxis.set_label_coords(-0.05, 0.5)
        style.number_ticks(ax.yaxis, 4)
    axes[-1].set_xlabel(style.year_text(results))
    marks.mark_by_name(figure, axes, results)


def fit_beside(ax: Axes, names: list[str], size: float, lines: int) -> tuple[list[str], float]:
    """Return bold names that fit to the right of a panel, in up to so many lines, and their size.

    Both sides' are of one size: they weigh the same.
    """
    room = style.RIGHT * style.SIZE[0] * style.DPI - ax.get_window_extent().x1
    room -= APART / 72 * style.DPI
    return style.fit_names(ax.figure, names, size, room, lines, weight="bold")


def write_beside(
    ax: Axes, text: str, height: float = 0.5, coords: Any = "axes fraction", **look: Any
) -> None:
    """Write to the right of a panel, at a height of it."""
    style.note(ax, text, (1.0, height), (APART, 0), coords, va="center", **look)
