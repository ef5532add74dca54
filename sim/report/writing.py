"""Write a report: the figures as files, then one page that holds them all."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.report import figures
from sim.report.escaping import plain
from sim.report.folder import DAMAGED, MissingInputError, RunFolder, read
from sim.store.folder import machine_error, write_text

REPORT = "report.html"
FIGURES = "figures"
ENDINGS = (".svg", ".png")
LARGEST = 450_000  # bytes of an SVG in the page; beyond, its PNG is shown, to keep the page light


class Drawn(NamedTuple):
    """A figure that was drawn: for the page."""

    name: str
    title: str
    caption: str
    image: bytes
    mime: str


def write(folder: Path) -> Path:
    """Draw all figures that the folder has the inputs for, and write `report.html`.

    Reads nothing but the folder, so an old one can be drawn again. What is missing is said in
    the report.
    """
    from sim.report import page_file

    if not folder.is_dir():
        raise InputError(f"{plain(folder)}: is not a folder")
    run = read(folder)
    drawn, left_out = draw_all(run, folder / FIGURES)
    path = folder / REPORT
    write_text(path, page_file.page(run, drawn, left_out))
    return path


def draw_all(run: RunFolder, into: Path) -> tuple[list[Drawn], list[tuple[str, str]]]:
    """Draw and save every figure; also returns what was left out, and why."""
    from sim.report.figures import saving, style

    try:
        into.mkdir(exist_ok=True)
    except OSError as error:
        raise machine_error(into, error) from error
    drawn: list[Drawn] = []
    left_out: list[tuple[str, str]] = []
    facts = style.provenance(run)
    for name in figures.NAMES:
        module = import_module(f"sim.report.figures.{name}")
        with style.drawing():
            try:
                figure = module.draw(run)
            except MissingInputError as reason:
                if name != "sweep" or run.swept:  # most folders are no sweep: nothing to say
                    left_out.append((module.TITLE, str(reason)))
                continue
            except DAMAGED as error:
                kind = type(error).__name__
                left_out.append((module.TITLE, f"the tables are not as declared ({kind})"))
                continue
            svg, png = (
                saving.save(figure, into / f"{name}{ending}", module.TITLE, facts)
                for ending in ENDINGS
            )
        image, mime = (svg, "image/svg+xml") if len(svg) <= LARGEST else (png, "image/png")
        drawn.append(Drawn(name, module.TITLE, module.caption(run), image, mime))
    return drawn, left_out
