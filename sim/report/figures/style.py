"""How all figures look: size, type, colours, dates, legend and footer.

Everything that draws or saves a figure runs inside ``drawing``. ``new_figure`` makes the slide,
``key`` its legend; the others are small parts that several figures use. Which panels a figure has
is in ``panels``, marks of events are in ``marks``, files in ``saving``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.report.escaping import label, plain
from sim.scenario.error_texts import count_of
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Look = dict[str, Any]  # matplotlib's properties of a text, a line or a shape

SIZE = (12.8, 7.2)  # 16:9, inches
DPI = 150  # 1920 x 1080 pixels
LEFT, RIGHT = 0.035, 0.985  # margins, as shares of the width
MOST_DRAWN = 24  # audiences that a slide has room for; tables have all

# The claimants' colours go by position in the file; both have the same lightness (OKLab 0.55 and
# 0.56) and the same contrast on white (4.9:1), and stay apart with any colour blindness.
CLAIMANT = ("#2473bd", "#b3570f")
CLAIMANT_TINT = ("#a9c9e8", "#e8bfa0")
INK, GREY, PALE, HAIR = "#1c1c1c", "#5c5c5c", "#9a9a9a", "#d9d9d9"
MORE, LESS = "#1b7f5c", "#a03c86"  # up and down where no claimant is meant
BAND_PARAMETERS, BAND_CHANCE = "#e4e4e4", "#bcbcbc"
ARM_STYLES: tuple[Any, ...] = ("-", (0, (4, 2)))  # the arm, the baseline
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG = 45  # days; a longer time axis is marked by months

TITLES = {"titlesize": 12.5, "titleweight": "bold", "titlelocation": "left", "labelsize": 12}
# on top of matplotlib's own defaults, by its groups of settings
SETTINGS: dict[Any, Look] = {
    "font": {"size": 12, "sans-serif": ["DejaVu Sans"]},  # ships with matplotlib: same everywhere
    "axes": {"labelcolor": INK, "edgecolor": PALE, "axisbelow": True, **TITLES},
    "axes.spines": {"top": False, "right": False},
    "axes.formatter": {"useoffset": False},
    "grid": {"color": HAIR, "linewidth": 0.6},
    "xtick": {"color": GREY, "labelsize": 11},
    "ytick": {"color": GREY, "labelsize": 11},
    "legend": {"frameon": False, "loc": "upper left", "borderaxespad": 0.0, "borderpad": 0.0},
    "lines": {"linewidth": 1.8},
    "errorbar": {"capsize": 3.0},
    "text": {"color": INK, "parse_math": False},  # a name with `$` is a name
    "svg": {"hashsalt": "narrative-diplomacy"},
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with these settings on top of matplotlib's own, whatever the user has set.

    Notes
    -----
    A name may hold a character that the font does not have; it is drawn as a box, and matplotlib's
    warnings of it are silenced. On leaving, the settings from before hold again.
    """
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support")
        mpl.rcdefaults()
        for group, settings in SETTINGS.items():
            mpl.rc(group, **settings)
        yield


def new_figure(title: str, subtitle: str, results: Results | None = None) -> Figure:
    """Return an empty slide with a title, one line on how to read it, and a footer.

    Parameters
    ----------
    title, subtitle
        Lines of text; those too long are set smaller.
    results
        Where the numbers come from, for the footer; without it the slide has none.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from sim.report.figures.slide import Slide

    figure = Slide(figsize=SIZE, dpi=DPI)
    FigureCanvasAgg(figure)
    fit(figure, figure.text(LEFT, 0.962, title, va="center", fontsize=19, weight="bold"))
    fit(figure, figure.text(LEFT, 0.918, subtitle, va="center", fontsize=12.5, color=GREY))
    if results is not None:
        note = figure.text(LEFT, 0.017, footer(results), fontsize=8.5, color=GREY, va="center")
        fit(figure, note, 5.0)
    return figure


def drawn_audiences(results: Results, most: int = MOST_DRAWN) -> tuple[tuple[str, ...], str]:
    """Return the audiences that a slide draws, in file order, and words where some are left out.

    Where there are more than ``most``, those that count most are drawn, the earlier on ties.
    """
    every = results.audiences
    if len(every) <= most:
        return every, ""
    kept = set(sorted(every, key=lambda name: -results.importance[name])[:most])
    words = f"; the {most} of {len(every)} audiences that count most"
    return tuple(name for name in every if name in kept), words


def footer(results: Results) -> str:
    """Return the provenance in one line; the model is no forecast, and every slide says so."""
    parts = [f"{name} {value}" for name, value in provenance(results).items()]
    return " · ".join([*parts, "a model, not a forecast"])


def provenance(results: Results) -> dict[str, str]:
    """Return scenario, arms, seed, number of pairs, version and commit, as far as known.

    A commit whose tree had uncommitted changes says so.
    """
    manifest = results.manifest
    seed, git = manifest.get("seed"), manifest.get("git") or {}
    pairs = pairs_used(results)
    name = manifest.get("scenario") or "?"
    version = (manifest.get("versions") or {}).get("narrative-diplomacy")
    commit = git.get("commit")
    dirty = " with changes" if commit and git.get("dirty") else ""
    facts = {
        "scenario": label(name, 40),
        "arms": ", ".join(label(arm, 30) for arm in results.arms[:6]),
        "seed": "" if seed is None else plain(seed),
        "n": count_of(pairs, "pair") if pairs else "",
        "version": plain(version or ""),
        "commit": plain(commit or "")[:10] + dirty,
    }
    return {name: fact for name, fact in facts.items() if fact}


def pairs_used(results: Results) -> int:
    """Return the number of pairs behind the comparison with chance alone; 0 without one."""
    if not results.has("comparison"):
        return 0
    frame = results.tables["comparison"]
    chance = frame[(frame["uncertainty"] == "chance") & (frame["answers"] == "any")]
    counts = chance if not chance.empty else frame
    return int(counts["n_pairs"].max())


def arm_name(title: str) -> str:
    """Return an arm's title as a legend says it."""
    return label(title, 30)


def arm_in_text(title: str) -> str:
    """Return an arm's title as a title or a sentence says it: in quotation marks."""
    return f'"{arm_name(title)}"'


# Axes


def day_axis(ax: Axes, results: Results, *, sparse: bool = False) -> None:
    """Put dates on the x axis, which counts days from 0 to ``results.steps``.

    Ticks are at the first of each month; of a run of at most ``LONG`` days, or without dates, at
    equal distances. A ``sparse`` axis is a narrow one: fewer ticks, and months without their day.
    """
    steps = results.steps
    ax.set_xlim(0, max(steps, 1))
    months = results.start is not None and steps > LONG
    if months:
        days = [(step, results.day(step)) for step in range(int(steps * 0.97) + 1)]
        ticks = [step for step, day in days if day and day.day == 1]
    elif results.start is not None:
        apart = max(1, round(steps / (3 if sparse else 6)))
        ticks = list(range(0, max(int(steps * 0.97), 1), apart))
    else:
        ticks = list(range(0, steps + 1, max(1, round(steps / (4 if sparse else 8)))))
    ticks = ticks[:: max(1, -(-len(ticks) // (5 if sparse else 14)))]
    texts = [date_text(results, step) for step in ticks]
    if months and sparse:
        texts = [text.removeprefix("1 ") for text in texts]
    ax.set_xticks(ticks, texts)


def date_text(results: Results, step: float) -> str:
    """Return a step as people say it: `11 May`, or `day 29` where there are no dates."""
    day = results.day(round(step))
    if day is None:
        return f"day {round(step)}"
    return f"{day.day} {MONTHS[day.month - 1]}"


def year_text(results: Results) -> str:
    """Return what the date axis is called: `date, 2025`, or `day of the run` without dates."""
    if results.start is None:
        return "day of the run"
    first, last = results.start.year, (results.day(results.steps) or results.start).year
    return f"date, {first}" if first == last else f"date, {first}\u2013{last}"


def zero_line(ax: Axes) -> None:
    """Draw a line at zero, where zero is in view."""
    low, high = ax.get_ylim()
    if low < 0 < high:
        ax.axhline(0, color=PALE, linewidth=0.8, zorder=1)


def number_ticks(axis: Any, bins: int = 5) -> None:
    """Set at most ``bins`` + 1 round ticks."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]))


def name_rows(ax: Axes, places: Any, names: list[str], *, size: float = 12.0) -> None:
    """Put names at the rows of a chart of horizontal bars, in place of a y axis.

    Parameters
    ----------
    places
        Heights of the rows, downward: the first is the highest.
    names
        One for each row, already shortened.
    size
        Of the names, points.
    """
    ax.set_yticks(places, names, color=INK, fontsize=size)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.set_ylim(places[-1] - 0.7, places[0] + 0.7)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")


def note(ax: Axes, text: str, at: Any, offset: Any, coords: Any = "data", **look: Any) -> Any:
    """Write text at an offset from a place of a panel; returns it.

    Parameters
    ----------
    at
        The place, in ``coords``: matplotlib's name of a system of coordinates, or two of them.
    offset
        To the right and up, points.
    look
        Properties of the text.
    """
    place = {"xycoords": coords, "xytext": offset, "textcoords": "offset points"}
    return ax.annotate(text, at, **place, **look)


# Text that fits


def renderer(figure: Figure) -> Any:
    """Return what measures text: the Agg canvas's renderer."""
    return figure.canvas.get_renderer()  # type: ignore[attr-defined] # of the Agg canvas


def fit(figure: Figure, text: Any, smallest: float = 9.0) -> None:
    """Make a line of text smaller until it ends before the right margin.

    ``smallest`` is the size, in points, below which it is left as it is.
    """
    while (
        text.get_window_extent(renderer(figure)).x1 > RIGHT * SIZE[0] * DPI
        and text.get_fontsize() > smallest
    ):
        text.set_fontsize(text.get_fontsize() - 0.5)


# The legend


def key(figure: Figure, entries: list[tuple[Any, str]], *, y: float = 0.893) -> None:
    """Draw the legend: a strip under the subtitle, outside the data.

    Parameters
    ----------
    entries
        Handles with their texts; a tuple of handles is drawn side by side.
    y
        Its upper edge, as a share of the height.

    Notes
    -----
    Long names make it smaller, then two rows.
    """
    from matplotlib.legend_handler import HandlerTuple

    widest = (RIGHT - LEFT) * SIZE[0] * DPI
    count = max(len(entries), 1)
    handles, texts = [handle for handle, _ in entries], [text for _, text in entries]
    side_by_side = {tuple: HandlerTuple(ndivide=None, pad=0.0)}
    spaces = {"handlelength": 2.2, "columnspacing": 1.5, "handletextpad": 0.6}
    look: Look = {"bbox_to_anchor": (LEFT, y), "handler_map": side_by_side, **spaces}
    for size, columns in ((12, count), (11, count), (10, count), (10, -(-count // 2)), (8, 2)):
        legend = figure.legend(handles, texts, ncols=columns, fontsize=size, **look)
        if legend.get_window_extent(renderer(figure)).width <= widest:
            return
        figure.legends.remove(legend)
    figure.legends.append(legend)


def stroke(**look: Any) -> Any:
    """Return a legend entry's line or marker; ``look`` are matplotlib's properties of a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **look)


def patch(colour: str) -> Any:
    """Return a legend entry's block of colour."""
    from matplotlib.patches import Patch

    return Patch(facecolor=colour, edgecolor="none")


def arm_keys(results: Results, colour: str = INK) -> list[tuple[Any, str]]:
    """Return legend entries that say which line style is which arm."""
    looks = zip(results.shown, ARM_STYLES, strict=False)
    return [
        (stroke(color=colour, linestyle=look), arm_name(results.title_of(arm)))
        for arm, look in looks
    ]


def claimant_keys(results: Results) -> list[tuple[Any, str]]:
    """Return legend entries that say which colour is which claimant."""
    looks = zip(results.claimants, CLAIMANT, strict=True)
    return [(stroke(color=colour, linewidth=3), label(name)) for name, colour in looks]


# Numbers and colours


def signed_number(value: float, digits: int = 3) -> str:
    """Return a difference with its sign; 0 where it rounds to nothing."""
    if abs(value) < 0.5 * 10.0**-digits:
        return "0"
    return f"{value:+.{digits}f}".replace("-", "\u2212")


def mix_with_white(colour: str, share: float) -> str:
    """Return a colour `#rrggbb` of which a ``share`` from 0 to 1 is left, the rest white."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + share * (part - 255)):02x}" for part in parts)
