"""How all figures look: size, type, colours, dates, footer."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sim.report.escaping import label, plain, readable
from sim.report.folder import RunFolder, found_key

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (12.8, 7.2)  # 16:9, inches
DPI = 150  # 1920 x 1080 pixels
LEFT, RIGHT = 0.035, 0.985  # margins, as shares of the width

# The claimants' colours go by position in the file; both have the same lightness (OKLab 0.55 and
# 0.56) and the same contrast on white (4.9:1), and stay apart with any colour blindness.
CLAIMANT = ("#2473bd", "#b3570f")
CLAIMANT_TINT = ("#a9c9e8", "#e8bfa0")
INK, GREY, PALE, HAIR = "#1c1c1c", "#5c5c5c", "#9a9a9a", "#d9d9d9"
MORE, LESS = "#1b7f5c", "#a03c86"  # up and down where no claimant is meant
BAND_PARAMETERS, BAND_CHANCE = "#e4e4e4", "#bcbcbc"
ARM_STYLES: tuple[Any, ...] = ("-", (0, (4, 2)))  # the arm, the baseline
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

RC: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # ships with matplotlib: the same everywhere
    "font.size": 12,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 12,
    "axes.labelcolor": INK,
    "axes.edgecolor": PALE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.frameon": False,
    "legend.fontsize": 12,
    "lines.linewidth": 1.8,
    "text.color": INK,
    "text.parse_math": False,  # a name with `$` is a name
    "text.usetex": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "narrative-diplomacy",
    "path.simplify": True,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-5, 6),
}


@contextmanager
def drawing() -> Iterator[None]:
    """Everything that draws or saves runs inside: our settings on top of matplotlib's own.

    A name may hold a character that the font does not have; it is drawn as a box.
    """
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support")
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        yield


def new_figure(title: str, subtitle: str, folder: RunFolder | None = None) -> Figure:
    """A slide: title, one line on how to read it, and where the numbers come from."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=DPI)
    FigureCanvasAgg(figure)
    looks: tuple[tuple[float, str, Any], ...] = (
        (0.962, title, {"fontsize": 19, "weight": "bold"}),
        (0.918, subtitle, {"fontsize": 12.5, "color": GREY}),
    )
    for height, text, look in looks:
        fit(figure, figure.text(LEFT, height, text, va="center", **look))
    if folder is not None:
        note = figure.text(LEFT, 0.017, footer(folder), fontsize=8.5, color=GREY, va="center")
        fit(figure, note, 5.0)
    return figure


def footer(folder: RunFolder) -> str:
    """Provenance in one line; the model is no forecast, and every slide says so."""
    parts = [f"{name} {value}" for name, value in provenance(folder).items()]
    return " · ".join([*parts, "a model, not a forecast"])


def provenance(folder: RunFolder) -> dict[str, str]:
    """Scenario, arms, seed, number of runs, version and commit, as far as they are known."""
    manifest = folder.manifest
    facts: dict[str, str] = {"scenario": label(manifest.get("scenario") or "?", 40)}
    if folder.arms:
        facts["arms"] = ", ".join(label(arm, 30) for arm in folder.arms[:6])
    if manifest.get("seed") is not None:
        facts["seed"] = plain(manifest["seed"])
    pairs = pairs_used(folder)
    if pairs:
        facts["n"] = f"{pairs:,} pairs"
    version = found_key(manifest.get("versions"), "narrative-diplomacy", "narrative_diplomacy")
    if version:
        facts["version"] = plain(version)
    git = manifest.get("git")
    commit = found_key(git, "commit") if isinstance(git, Mapping) else None
    if commit:
        dirty = " with changes" if found_key(git, "dirty") else ""
        facts["commit"] = plain(commit)[:10] + dirty
    return facts


def pairs_used(folder: RunFolder) -> int:
    """Number of pairs behind the comparison with chance alone; 0 without one."""
    if not folder.has("comparison"):
        return 0
    frame = folder.tables["comparison"]
    chance = frame[(frame["uncertainty"] == "chance") & (frame["answers"] == "any")]
    counts = chance if not chance.empty else frame
    return int(counts["n_pairs"].max())


def arm_name(folder: RunFolder, arm: str) -> str:
    """An arm as a legend says it."""
    return label(readable(arm), 30)


def subplot_grid(
    figure: Figure, count: int, *, bottom: float = 0.085, wspace: float = 0.10
) -> list[Axes]:
    """Small multiples that share both axes; labels only at the edge of the grid."""
    columns = next((c for c, most in ((1, 1), (2, 4), (3, 9), (4, 16)) if count <= most), 6)
    rows = -(-count // columns)
    grid = figure.add_gridspec(
        rows, columns, left=0.07, right=0.985, top=0.795, bottom=bottom, wspace=wspace, hspace=0.38
    )
    axes: list[Axes] = []
    for i in range(count):
        shared = axes[0] if axes else None
        ax = figure.add_subplot(grid[i // columns, i % columns], sharex=shared, sharey=shared)
        ax.tick_params(
            labelleft=i % columns == 0, labelbottom=i + columns >= count, length=3, color=PALE
        )
        axes.append(ax)
    return axes


def day_axis(ax: Axes, folder: RunFolder, *, sparse: bool = False) -> None:
    """Dates on the x axis (drawn in steps): the first of each month, or days if short."""
    steps = folder.steps
    ax.set_xlim(0, max(steps, 1))
    ticks, texts = [], []
    if folder.start is None:
        every = max(1, round(steps / (4 if sparse else 8)))
        ticks = list(range(0, steps + 1, every))
        texts = [f"day {step}" for step in ticks]
    elif steps > 45:
        for step in range(steps + 1):
            day = folder.start + timedelta(days=step)
            if day.day == 1 and step <= steps * 0.97:
                ticks.append(step)
                texts.append(f"1 {MONTHS[day.month - 1]}" if not sparse else MONTHS[day.month - 1])
    else:
        every = max(1, round(steps / (3 if sparse else 6)))
        for step in range(0, max(int(steps * 0.97), 1), every):
            day = folder.start + timedelta(days=step)
            ticks.append(step)
            texts.append(f"{day.day} {MONTHS[day.month - 1]}")
    limit = 5 if sparse else 14
    if len(ticks) > limit:
        every = -(-len(ticks) // limit)
        ticks, texts = ticks[::every], texts[::every]
    ax.set_xticks(ticks, texts)


def date_text(folder: RunFolder, step: float) -> str:
    """A step as people say it: `11 May`, or `day 29` where there are no dates."""
    day = folder.day(round(step))
    if day is None:
        return f"day {round(step)}"
    return f"{day.day} {MONTHS[day.month - 1]}"


def year_text(folder: RunFolder) -> str:
    """What the date axis is called."""
    if folder.start is None:
        return "day of the run"
    first, last = folder.start.year, (folder.day(folder.steps) or folder.start).year
    return f"date, {first}" if first == last else f"date, {first}\u2013{last}"


def zero_line(ax: Axes) -> None:
    """A line at zero, where zero is in view."""
    low, high = ax.get_ylim()
    if low < 0 < high:
        ax.axhline(0, color=PALE, linewidth=0.8, zorder=1)


def number_ticks(axis: Any, bins: int = 5) -> None:
    """A few round ticks."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]))


def key(figure: Figure, entries: list[tuple[Any, str]], *, y: float = 0.893) -> None:
    """The legend: a strip under the subtitle, outside the data; handles may be pairs.

    Long names make it smaller, then two rows.
    """
    from matplotlib.legend_handler import HandlerTuple

    widest = (RIGHT - LEFT) * SIZE[0] * DPI
    count = max(len(entries), 1)
    for size, columns in ((12, count), (11, count), (10, count), (10, -(-count // 2)), (8, 2)):
        legend = figure.legend(
            [handle for handle, _ in entries], [text for _, text in entries], loc="upper left",
            bbox_to_anchor=(LEFT, y), ncols=columns, handlelength=2.2, columnspacing=1.5,
            handletextpad=0.6, borderaxespad=0.0, borderpad=0.0, fontsize=size,
            handler_map={tuple: HandlerTuple(ndivide=None, pad=0.0)},
        )  # fmt: skip
        if legend.get_window_extent(renderer(figure)).width <= widest:
            return
        figure.legends.remove(legend)
    figure.legends.append(legend)


def renderer(figure: Figure) -> Any:
    """What measures text: the Agg canvas's."""
    return figure.canvas.get_renderer()  # type: ignore[attr-defined] # of the Agg canvas


def fit(figure: Figure, text: Any, smallest: float = 9.0) -> None:
    """Make a line of text smaller until it ends before the right margin."""
    while (
        text.get_window_extent(renderer(figure)).x1 > RIGHT * SIZE[0] * DPI
        and text.get_fontsize() > smallest
    ):
        text.set_fontsize(text.get_fontsize() - 0.5)


def arm_keys(folder: RunFolder, colour: str = INK) -> list[tuple[Any, str]]:
    """Legend entries that say which line style is which arm."""
    from matplotlib.lines import Line2D

    return [
        (Line2D([], [], color=colour, linestyle=look), arm_name(folder, arm))
        for arm, look in zip(folder.shown, ARM_STYLES, strict=False)
    ]


def claimant_keys(folder: RunFolder) -> list[tuple[Any, str]]:
    """Legend entries that say which colour is which claimant."""
    from matplotlib.lines import Line2D

    return [
        (Line2D([], [], color=colour, linewidth=3), label(name))
        for name, colour in zip(folder.claimants, CLAIMANT, strict=True)
    ]


def patch(colour: str) -> Any:
    """A legend entry's block of colour."""
    from matplotlib.patches import Patch

    return Patch(facecolor=colour, edgecolor="none")


def signed_number(value: float, digits: int = 3) -> str:
    """A difference with its sign; 0 where it rounds to nothing."""
    if abs(value) < 0.5 * 10.0**-digits:
        return "0"
    return f"{value:+.{digits}f}".replace("-", "\u2212")
