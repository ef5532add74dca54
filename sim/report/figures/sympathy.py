"""Both claimants' levels of sympathy in each audience over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.escaping import label
from sim.report.figures import lines, marks, style
from sim.report.folder import RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Sympathy for each side, capital by capital"


def draw(folder: RunFolder) -> Figure:
    """Small multiples, one per audience, two colours for the claimants, line style for arms."""
    found = lines.source(folder, "sympathy")
    figure = style.new_figure(TITLE, f"the levels behind the alignment; {found.words}", folder)
    axes = style.subplot_grid(figure, len(folder.audiences), bottom=0.125)
    banded = False
    for ax, audience in zip(axes, folder.audiences, strict=True):
        for k, claimant in enumerate(folder.claimants):
            if found.bands:
                rows = lines.pick(found, folder.arm, audience, claimant)
                banded |= lines.band(ax, rows, color=style.CLAIMANT_TINT[k], alpha=0.7)
            for arm, look in zip(folder.shown, style.ARM_STYLES, strict=False):
                rows = lines.pick(found, arm, audience, claimant)
                lines.line(ax, found, rows, color=style.CLAIMANT[k], linestyle=look)
        ax.set_title(label(audience), pad=13)
    for ax in axes:
        style.day_axis(ax, folder, sparse=True)
        style.number_ticks(ax.yaxis)
        style.zero_line(ax)
    figure.supylabel("sympathy, \u22121 … +1", x=0.012, fontsize=12)
    marks.write_key(figure, marks.mark_by_letter(axes, folder), y=0.052)
    entries = style.claimant_keys(folder) + style.arm_keys(folder, style.GREY)
    if banded:
        tints = tuple(style.patch(tint) for tint in style.CLAIMANT_TINT)
        shown = style.arm_name(folder, folder.arm)
        entries.append((tints, f"chance alone, 5\u201395 % of runs ({shown})"))
    style.key(figure, entries)
    return figure


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    return (
        f"Colour is the side, line style is the arm. An audience can cool toward {first} and "
        f"{second} at once: the alignment shows only the gap between the two lines."
    )
