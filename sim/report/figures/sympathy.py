"""Both claimants' levels of sympathy in each audience over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.figures import lines, panels, style
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Sympathy for each side, capital by capital"


def draw(results: Results) -> Figure:
    """Return small multiples, one per audience: colours for the claimants, line style for arms.

    Sympathy lies between -1 and +1. The bands are those of the lines, in the arm: of chance alone,
    or with the parameters drawn too where only that was run.

    Raises
    ------
    MissingInputError
        Of a sweep, and where no table has sympathy on more than one day.
    """
    found = lines.read_courses(results, "sympathy")
    audiences, left_out = style.drawn_audiences(results)
    subtitle = f"the levels behind the alignment; {found.words}{left_out}"
    figure = style.new_figure(TITLE, subtitle, results)
    axes = panels.subplot_grid(figure, len(audiences))
    for ax, audience in zip(axes, audiences, strict=True):
        for k, claimant in enumerate(results.claimants):
            if found.bands:
                rows = found.pick(results.arm, audience, claimant)
                lines.draw_band(ax, rows, color=style.CLAIMANT_TINT[k], alpha=0.7)
            found.draw_arms(ax, audience, claimant, style.CLAIMANT[k])
    panels.name_panels(figure, axes, audiences)
    panels.finish_grid(figure, axes, results, "sympathy, \u22121 … +1")
    entries = style.claimant_keys(results) + style.arm_keys(results, style.GREY)
    if found.bands:
        tints = tuple(style.patch(tint) for tint in style.CLAIMANT_TINT)
        shown = style.arm_name(results.arm_title)
        entries.append((tints, f"{lines.WORDS[found.main_kind]} ({shown})"))
    style.key(figure, entries)
    return figure


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = results.claimants
    return (
        f"Colour is the side, line style is the arm. An audience can cool toward {first} and "
        f"{second} at once: the alignment shows only the gap between the two lines."
    )
