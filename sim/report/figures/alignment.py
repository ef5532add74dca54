"""Alignment of each audience over time, in both arms, with what chance and ignorance add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.escaping import labels, plain
from sim.report.figures import lines, panels, style
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Alignment of each capital over time"


def draw(results: Results) -> Figure:
    """Return small multiples, one per audience.

    Alignment is half of (sympathy for the first claimant less sympathy for the second), from -1
    to +1. Bands are of the arm, not of the baseline.

    Raises
    ------
    MissingInputError
        Of a sweep, and where no table has alignment on more than one day.
    """
    found = lines.read_courses(results, "alignment")
    first, second = labels(results.claimants)
    audiences, left_out = style.drawn_audiences(results)
    subtitle = f"half of (sympathy for {first} less sympathy for {second}); {found.words}"
    figure = style.new_figure(TITLE, subtitle + left_out, results)
    axes = panels.subplot_grid(figure, len(audiences))
    kinds: set[str] = set()
    for ax, audience in zip(axes, audiences, strict=True):
        kinds |= found.draw_bands(ax, audience)
        found.draw_arms(ax, audience, "")
    panels.name_panels(figure, axes, audiences)
    panels.finish_grid(figure, axes, results, f"alignment, +1 {first} … \u22121 {second}")
    style.key(figure, style.arm_keys(results) + lines.band_keys(results, kinds))
    return figure


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = results.claimants
    compared = (
        f" Where the solid line ({plain(results.arm_title)}) leaves the dashed one "
        f"({plain(results.baseline_title)}), "
        "the arms differ; before that day they are the same run."
        if len(results.shown) > 1
        else ""
    )
    return (
        f"Each panel is one audience; up is toward {first}, down toward {second}. Jumps follow "
        f"events (letters), then opinion drifts back.{compared} Bands tell the two kinds of "
        "not-knowing apart: what the draws do, and what the parameters do on top."
    )
