"""Who spoke how much, and through which channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.report.escaping import labels
from sim.report.figures import panels, style
from sim.store.results import MissingInputError, Results
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Who spoke how much"
# channels from the bottom of the stack, with the share of the claimant's colour they are drawn in
CHANNELS = {"teams abroad": 1.0, "statements": 0.62, "replies": 0.3}
SPOKEN = ("PROMOTE", "ATTACK", "DENY")


def draw(results: Results) -> Figure:
    """Return effort delivered a day by each claimant, stacked by channel, and the share of voice.

    Effort counts once for each audience that a message reaches. The share of voice is a
    claimant's part of the effort of both on a day; there is none on a silent day.

    Raises
    ------
    MissingInputError
        Where no claimant says anything in replicate 0 of the arm.
    """
    spoken = _spoken_messages(results)
    arm = style.arm_in_text(results.arm_title)
    subtitle = f"effort delivered at all audiences, in one run of {arm} (replicate 0)"
    figure = style.new_figure(TITLE, subtitle, results)
    axes = panels.stack(figure, (3, 3, 2), right=0.865)
    axes[1].sharey(axes[0])
    days, totals = np.arange(results.steps), []
    names, size = panels.fit_beside(axes[0], labels(results.claimants), 15, 3)
    sides = zip(axes, results.claimants, names, style.CLAIMANT, strict=False)
    for ax, claimant, name, colour in sides:
        efforts = [_daily_effort(spoken, claimant, channel, results.steps) for channel in CHANNELS]
        shades = [style.mix_with_white(colour, share) for share in CHANNELS.values()]
        ax.stackplot(days, efforts, colors=shades, step="mid", linewidth=0)
        panels.write_beside(ax, name, color=colour, fontsize=size, weight="bold")
        ax.set_ylabel("effort a day")
        totals.append(np.sum(efforts, axis=0))
    both = totals[0] + totals[1]
    for total, colour in zip(totals, style.CLAIMANT, strict=True):
        share = np.divide(100 * total, both, out=np.full(len(both), np.nan), where=both > 0)
        axes[2].step(days, share, where="mid", color=colour)
    axes[2].axhline(50, color=style.PALE, linewidth=0.8)
    axes[2].set_ylim(0, 100)
    axes[2].set_ylabel("share of\nvoice (%)")
    panels.finish_stack(figure, axes, results)
    axes[2].set_yticks([0, 50, 100])
    entries = []
    for channel, share in CHANNELS.items():
        shades = [style.mix_with_white(colour, share) for colour in style.CLAIMANT]
        entries.append((tuple(style.patch(shade) for shade in shades), channel))
    style.key(figure, entries)
    return figure


def _spoken_messages(results: Results) -> pd.DataFrame:
    """Return the claimants' messages in one run, with the column `kind`: one of ``CHANNELS``."""
    frame = results.table("messages")
    frame = frame[(frame["arm"] == results.arm) & frame["type"].isin(SPOKEN)]
    frame = frame[frame["sender"].isin(results.claimants)]
    if frame.empty:
        raise MissingInputError("no claimant says anything in messages.parquet")
    frame = frame[frame["run_id"] == frame["run_id"].iloc[0]]
    replies = frame["in_reply_to"].fillna("").astype(str) != ""
    kinds = np.where(replies, "replies", "statements")
    kinds = np.where(frame["channel"] != "statement", "teams abroad", kinds)
    return frame.assign(kind=kinds)


def _daily_effort(spoken: pd.DataFrame, claimant: str, channel: str, steps: int) -> Floats:
    """Return the effort of one claimant by one channel on each of ``steps`` days."""
    chosen = spoken[(spoken["sender"] == claimant) & (spoken["kind"] == channel)]
    daily = chosen.groupby("step")["effort"].sum().reindex(range(steps), fill_value=0.0)
    return np.asarray(daily, dtype=np.float64)


def caption(results: Results) -> str:
    """Return what to see."""
    first, second = results.claimants
    return (
        "Both panels have one scale. Effort counts once per audience that a message reaches, so "
        f"{first} and {second} may differ by their teams abroad, by their dates, and by how many "
        "audiences their narratives are meant for. It says who was heard, not who convinced."
    )
