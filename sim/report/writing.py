"""Write a report: the figures as files, then one page that holds them all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import InputError
from sim.report import page_file
from sim.report.escaping import plain
from sim.report.figures import FigureModule, figures_of, saving, style
from sim.store.folder import machine_error, write_text
from sim.store.results import DAMAGED, MissingInputError, Results, read_results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPORT = "report.html"
FOLDER = "figures"
ENDINGS = (".svg", ".png")
LARGEST = 450_000  # bytes of an SVG in the page; beyond, its PNG is shown, to keep the page light


class Drawn(NamedTuple):
    """A figure that was drawn: for the page."""

    name: str
    title: str
    caption: str
    image: bytes
    mime: str


def write_report(folder: Path) -> Path:
    """Draw all figures that the folder has the inputs for, and write `report.html`.

    Reads nothing but the folder, so an old one can be drawn again. What is missing is said in
    the report.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    InputError
        Where there is no such folder.
    RefusedError
        Where a file in it is damaged.
    MachineError
        Where the machine does not let it be read or written.
    """
    if not folder.is_dir():
        raise InputError(f"{plain(folder)}: is not a folder")
    results = read_results(folder)
    drawn, left_out = draw_figures(results, make_figure_folder(folder))
    path = folder / REPORT
    write_text(path, page_file.page(results, drawn, left_out))
    return path


def draw_figure(figure: FigureModule, results: Results) -> Figure:
    """Draw one figure of ``sim.report.figures``, with the look that all have."""
    with style.drawing():
        drawn: Figure = figure.draw(results)
    return drawn


def make_figure_folder(folder: Path) -> Path:
    """Make the folder of a run folder's figures, where it is not there yet."""
    place = folder / FOLDER
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise machine_error(place, error) from error
    return place


def draw_figures(results: Results, place: Path) -> tuple[list[Drawn], list[tuple[str, str]]]:
    """Draw and save every figure; also return the title of each left out, and why."""
    drawn: list[Drawn] = []
    left_out: list[tuple[str, str]] = []
    facts = style.provenance(results)
    for name, module in figures_of(results).items():
        with style.drawing():
            try:
                figure = module.draw(results)
            except MissingInputError as reason:
                if name != "sweep" or results.swept:  # most folders are no sweep: nothing to say
                    left_out.append((module.TITLE, str(reason)))
                continue
            except DAMAGED as error:
                kind = type(error).__name__
                left_out.append((module.TITLE, f"the tables are not as declared ({kind})"))
                continue
            svg, png = (
                saving.save(figure, place / f"{name}{ending}", module.TITLE, facts)
                for ending in ENDINGS
            )
        image, mime = (svg, "image/svg+xml") if len(svg) <= LARGEST else (png, "image/png")
        drawn.append(Drawn(name, module.TITLE, module.caption(results), image, mime))
    return drawn, left_out
