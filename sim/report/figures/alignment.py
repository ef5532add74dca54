"""Alignment of each audience over time, in both arms, with what chance and ignorance add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.escaping import label, readable
from sim.report.figures import lines, marks, style
from sim.report.folder import RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Alignment of each capital over time"


def draw(folder: RunFolder) -> Figure:
    """Small multiples, one per audience."""
    found = lines.source(folder, "alignment")
    first, second = (label(name) for name in folder.claimants)
    figure = style.new_figure(
        TITLE, f"half of (sympathy for {first} less sympathy for {second}); {found.words}", folder
    )
    axes = style.subplot_grid(figure, len(folder.audiences), bottom=0.125)
    drawn = {"chance": False, "parameters": False}
    for ax, audience in zip(axes, folder.audiences, strict=True):
        for kind, colour in (
            ("parameters", style.BAND_PARAMETERS),
            ("chance", style.BAND_CHANCE),
        ):
            if found.bands:
                rows = lines.pick(found, folder.arm, audience, "", kind)
                rows = rows[rows["uncertainty"] == kind]
                drawn[kind] |= lines.band(ax, rows, color=colour)
        for arm, look in zip(folder.shown, style.ARM_STYLES, strict=False):
            rows = lines.pick(found, arm, audience, "")
            lines.line(ax, found, rows, color=style.INK, linestyle=look)
        ax.set_title(label(audience), pad=13)
    for ax in axes:
        style.day_axis(ax, folder, sparse=True)
        style.number_ticks(ax.yaxis)
        style.zero_line(ax)
    figure.supylabel(f"alignment, +1 {first} … \u22121 {second}", x=0.012, fontsize=12)
    marks.write_key(figure, marks.mark_by_letter(axes, folder), y=0.052)
    entries, shown = style.arm_keys(folder), style.arm_name(folder, folder.arm)
    if drawn["chance"]:
        text = f"chance alone, 5\u201395 % of runs ({shown})"
        entries.append((style.patch(style.BAND_CHANCE), text))
    if drawn["parameters"]:
        text = f"parameters drawn too, 5\u201395 % ({shown})"
        entries.append((style.patch(style.BAND_PARAMETERS), text))
    style.key(figure, entries)
    return figure


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    compared = (
        f" Where the solid line ({readable(folder.arm)}) leaves the dashed one "
        f"({readable(folder.baseline)}), "
        "the arms differ; before that day they are the same run."
        if len(folder.shown) > 1
        else ""
    )
    return (
        f"Each panel is one audience; up is toward {first}, down toward {second}. Jumps follow "
        f"events (letters), then opinion drifts back.{compared} Bands tell the two kinds of "
        "not-knowing apart: what the draws do, and what the parameters do on top."
    )
