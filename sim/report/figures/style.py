"""How all figures look: size, type, colours, dates, legend and footer.

Everything that draws or saves a figure runs inside ``drawing``. ``new_figure`` makes the slide,
``key`` its legend; the others are small parts that several figures use. Which panels a figure has
is in ``panels``, marks of events are in ``marks``, files in ``saving``.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.report.escaping import label, labels, plain
from sim.scenario.error_texts import count_of
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

Look = dict[str, Any]  # matplotlib's properties of a text, a line or a shape

SIZE = (12.8, 7.2)  # 16:9, inches
DPI = 150  # 1920 x 1080 pixels
LEFT, RIGHT = 0.035, 0.985  # margins, as shares of the width
EDGE = 4  # pixels of a page that stay free
# of its size, how small a text may become before it is broken into more lines, and after
SHARES, LAST_SHARES = (1.0, 0.92, 0.84), (0.76, 0.68, 0.6, 0.5, 0.42)
MOST_LINES = 4
BEYOND = 1.1  # how long the name of an upright axis may be, as a share of the axis
TWO_LINES, NAME_ROOM = 60, 20  # pixels: a row that has two lines, and left of its name and right
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

TITLE_SIZE = 12.5
TITLES = {"titlesize": TITLE_SIZE, "titleweight": "bold", "titlelocation": "left", "labelsize": 12}
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
        Lines of text; those too long are set smaller, a title in two lines.
    results
        Where the numbers come from, for the footer; without it the slide has none.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from sim.report.figures.slide import Slide

    figure = Slide(figsize=SIZE, dpi=DPI)
    FigureCanvasAgg(figure)
    figure.settle = keep_on_page
    fit(figure.text(LEFT, 0.962, title, va="center", fontsize=19, weight="bold"), 2)
    fit(figure.text(LEFT, 0.918, subtitle, va="center", fontsize=12.5, color=GREY))
    if results is not None:
        note = figure.text(LEFT, 0.017, footer(results), fontsize=8.5, color=GREY, va="center")
        fit(note)
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
        "arms": ", ".join(labels(results.arms[:6], 30)),
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
    return label(title)


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
        One for each row. They are made to fit beside the panel.
    size
        Of the names, points.
    """
    panel = ax.get_window_extent()
    few = panel.height / (len(names) + 1) > TWO_LINES
    room = panel.x0 - NAME_ROOM
    names, size = fit_names(ax.figure, labels(names, 60), size, room, 2 if few else 1)
    ax.set_yticks(places, names, color=INK, fontsize=size)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.set_ylim(places[-1] - 0.7, places[0] + 0.7)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")


def name_ticks(ax: Axes, axis: Any, names: list[str]) -> None:
    """Put names along an axis of a panel at 0, 1, 2 and so on, each in its room."""
    panel, across = ax.get_window_extent(), axis is ax.xaxis
    room = 0.9 * panel.width / max(len(names), 1) if across else panel.x0 - 2 * NAME_ROOM
    fitting, size = fit_names(ax.figure, labels(names), 11.0, room, 2)
    axis.set_ticks(range(len(names)), fitting, fontsize=size)


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


def renderer(figure: Any) -> Any:
    """Return what measures text: the Agg canvas's renderer."""
    return figure.canvas.get_renderer()


def fit(text: Any, lines: int = 1, room: float | None = None) -> None:
    """Make a text smaller, then break it into up to ``lines`` lines, until it fits; never cut it.

    Parameters
    ----------
    room
        How long it may be, pixels; without it, it is to lie on the page.
    """
    words, size = text.get_text(), text.get_fontsize()
    for count in range(1, lines + 1):
        text.set_text(words if count == 1 else break_lines(words, count))
        for share in SHARES if count < lines else (*SHARES, *LAST_SHARES):
            text.set_fontsize(size * share)
            if _fits(text, room):
                return


def _fits(text: Any, room: float | None) -> bool:
    box = text.get_window_extent(renderer(text.figure))
    if room is not None:
        return bool(max(box.width, box.height) <= room)
    wide, high = (inches * DPI for inches in SIZE)
    return bool(min(box.x0, box.y0) >= EDGE and box.x1 <= RIGHT * wide and box.y1 <= high - EDGE)


def break_lines(text: str, count: int) -> str:
    """Return a text in at most ``count`` lines of about one length, if words allow it."""
    for width in range(-(-len(text) // count), len(text) + 1):
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        if len(lines) <= count:
            return "\n".join(lines)
    return text


def fit_names(
    figure: Figure | SubFigure,
    names: list[str],
    size: float,
    room: float,
    lines: int = 1,
    **look: Any,
) -> tuple[list[str], float]:
    """Return names side by side, each at most ``room`` pixels wide, and their size.

    One size serves all. ``look`` are properties of a text that change its width.
    """
    texts = [figure.text(0.0, 0.0, name, fontsize=size, **look) for name in names]
    for text in texts:
        fit(text, lines, room)
        text.remove()
    smallest = min((float(text.get_fontsize()) for text in texts), default=size)
    return [str(text.get_text()) for text in texts], smallest


def keep_on_page(figure: Figure) -> None:
    """Make what sticks out of the page fit it: texts beside panels, and what axes are called."""
    figure.draw_without_rendering()  # says where the names of axes stand
    beside = [text for ax in figure.axes for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label)]
    for text in [*figure.texts, *beside]:
        if text.get_text() and not _fits(text, None):
            fit(text, MOST_LINES)
    for ax in figure.axes:
        room = BEYOND * ax.get_window_extent().height
        if ax.get_ylabel() and not _fits(ax.yaxis.label, room):
            fit(ax.yaxis.label, 2, room)


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
    names = labels(results.title_of(arm) for arm in results.shown)
    looks = zip(names, ARM_STYLES, strict=False)
    return [(stroke(color=colour, linestyle=look), name) for name, look in looks]


def claimant_keys(results: Results) -> list[tuple[Any, str]]:
    """Return legend entries that say which colour is which claimant."""
    looks = zip(labels(results.claimants), CLAIMANT, strict=True)
    return [(stroke(color=colour, linewidth=3), name) for name, colour in looks]


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
