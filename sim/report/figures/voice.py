"""Who spoke how much, and through which channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.report.escaping import label
from sim.report.figures import marks, style
from sim.report.folder import MissingInputError, RunFolder
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Who spoke how much"
CHANNELS = ("teams abroad", "statements", "replies")
SHADES = (1.0, 0.62, 0.3)  # share of the claimant's colour, mixed with white
SPOKEN = ("PROMOTE", "ATTACK", "DENY")


def draw(folder: RunFolder) -> Figure:
    """Effort delivered a day by each claimant, stacked by channel, and the share of voice."""
    spoken = _spoken(folder)
    figure = style.new_figure(
        TITLE,
        f"effort delivered at all audiences, in one run of {style.arm_name(folder, folder.arm)} "
        "(replicate 0)",
        folder,
    )
    grid = figure.add_gridspec(
        3, 1, left=0.075, right=0.865, top=0.765, bottom=0.105, hspace=0.24,
        height_ratios=(3, 3, 2),
    )  # fmt: skip
    first = figure.add_subplot(grid[0])
    axes = [first, figure.add_subplot(grid[1], sharex=first, sharey=first)]
    totals = []
    for k, claimant in enumerate(folder.claimants):
        ax = axes[k]
        layers = [_daily(spoken, claimant, channel, folder.steps) for channel in CHANNELS]
        colours = [mix_with_white(style.CLAIMANT[k], shade) for shade in SHADES]
        ax.stackplot(np.arange(folder.steps), layers, colors=colours, step="mid", linewidth=0)
        ax.annotate(label(claimant, 16), (1.0, 0.5), xycoords="axes fraction", xytext=(12, 0),
                    textcoords="offset points", color=style.CLAIMANT[k], fontsize=15,
                    weight="bold", va="center")  # fmt: skip
        ax.set_ylabel("effort a day")
        totals.append(np.sum(layers, axis=0))
    axes.append(figure.add_subplot(grid[2], sharex=first))
    both = totals[0] + totals[1]
    for k, total in enumerate(totals):
        share = np.divide(100 * total, both, out=np.full(len(both), np.nan), where=both > 0)
        axes[2].step(np.arange(len(both)), share, where="mid", color=style.CLAIMANT[k])
    axes[2].axhline(50, color=style.PALE, linewidth=0.8)
    axes[2].set_ylim(0, 100)
    axes[2].set_ylabel("share of\nvoice (%)")
    axes[2].set_xlabel(style.year_text(folder))
    for ax in axes:
        style.day_axis(ax, folder)
        ax.tick_params(labelbottom=ax is axes[-1])
        ax.yaxis.set_label_coords(-0.045, 0.5)
        style.number_ticks(ax.yaxis, 4)
    axes[2].set_yticks([0, 50, 100])
    marks.mark_by_name(figure, axes, folder)
    style.key(figure, [
        (tuple(style.patch(mix_with_white(c, shade)) for c in style.CLAIMANT), channel)
        for channel, shade in zip(CHANNELS, SHADES, strict=True)
    ])  # fmt: skip
    return figure


def mix_with_white(colour: str, share: float) -> str:
    """A colour mixed with white."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + share * (part - 255)):02x}" for part in parts)


def _spoken(folder: RunFolder) -> pd.DataFrame:
    frame = folder.table("messages")
    frame = frame[(frame["arm"] == folder.arm) & frame["type"].isin(SPOKEN)]
    frame = frame[frame["sender"].isin(folder.claimants)]
    if frame.empty:
        raise MissingInputError("no claimant says anything in messages.parquet")
    frame = frame[frame["run_id"] == frame["run_id"].iloc[0]]
    replies = frame["in_reply_to"].fillna("").astype(str) != ""
    teams = frame["channel"] != "statement"
    kinds = np.select([teams, replies], [CHANNELS[0], CHANNELS[2]], CHANNELS[1])
    found: pd.DataFrame = frame.assign(kind=kinds)
    return found


def _daily(spoken: pd.DataFrame, claimant: str, channel: str, steps: int) -> Floats:
    chosen = spoken[(spoken["sender"] == claimant) & (spoken["kind"] == channel)]
    daily = np.zeros(steps)
    summed = chosen.groupby("step")["effort"].sum()
    at = summed.index.to_numpy().astype(int)
    inside = (at >= 0) & (at < steps)
    daily[at[inside]] = summed.to_numpy()[inside]
    return daily


def caption(folder: RunFolder) -> str:
    """What to see."""
    first, second = folder.claimants
    return (
        f"Both panels have one scale. {first} and {second} differ by their teams abroad, by their "
        "dates, and by how many audiences their narratives are meant for: effort counts once per "
        "audience that a message reaches. So the figure says who was heard, not who convinced."
    )
