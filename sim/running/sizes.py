"""How large a study becomes: rows, bytes on the disk and in memory, seconds after its runs.

``--dry-run`` says it, the check of room refuses what will not fit before anything is begun, and
progress tells what is still to come; all three count here. The constants are means over shipped
scenarios and wide ones, measured by ``python -m tests.sizes``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.engines.ensemble.statistics import BINS, MOST_SMALL
from sim.running import blocks
from sim.running.sweeps.outcomes import bytes_of
from sim.running.sweeps.sweep_tables import MOST_POINTS
from sim.running.sweeps.swept import Swept, outcomes
from sim.tables.metrics import METRICS
from sim.world.arrays import ATTACK, NOWHERE, PROMOTE, World
from sim.world.roles import may_offer

MOST_TOLD = 2**21  # rows of one run that a comparison tells in full
# Bytes of a row on the disk: in Parquet every day, in CSV the days that people open
LONG = {"summary": 40.0, "comparison": 72.0, "channels": 43.0}
OPENED = {"summary": 240.0, "comparison": 340.0, "channels": 250.0}
TOLD = {"timeseries": 5.5, "messages": 7.0, "ledger": 26.0}
RUN, SOURCES, PICTURES = 21.0, 0.15e6, 5e6  # bytes of a row of runs; of inputs; of a report
# Bytes of memory: the program; blocks under way; a row of a told run; a row of tables
PROGRAM, BLOCK, HEARD, HELD = 0.3e9, 2.5, 420.0, 330.0
REPORT = 0.6e6  # bytes of the report of a sweep
# Seconds of one processor: a row of a table described, written and hashed; a row told; pictures
DESCRIBE, TELL, DRAW, DRAW_ROW = 12e-6, 11e-6, 7.0, 18e-6
DESCRIBED, DRAW_SWEEP = 0.5e-6, 3.5  # an outcome of a run of a sweep; the pictures of one


class StudySize(NamedTuple):
    """What a study takes.

    Attributes
    ----------
    disk, memory
        Bytes, the memory at its highest.
    after
        Seconds from the last run to the end: tables, told runs, pictures.
    """

    disk: float
    memory: float
    after: float


def comparison_size(
    worlds: Mapping[str, World],
    counts: Mapping[str, int],
    every: int = 1,
    channels: bool = True,
    report: bool = True,
) -> StudySize:
    """Return what a comparison takes.

    Parameters
    ----------
    worlds
        Of the baseline, first, and of the arms.
    counts
        Pairs by kind of uncertainty.
    every, channels, report
        As ``sim.compare`` and ``save`` have them.
    """
    base, *arms = worlds.values()
    kinds = sum(count > 0 for count in counts.values())
    days = len({*range(0, base.steps + 1, every), base.steps})
    keys = sum(len(blocks.keys_of(name, base)) for name in blocks.COMPARISON_METRICS)
    cut_keys = sum(len(blocks.keys_of(name, base)) for name in blocks.CHANNEL_METRICS)
    cuts = len(blocks.CHANNELS) * sum(map(may_offer, arms)) * channels
    series = {"summary": len(worlds) * keys, "comparison": len(arms) * keys,
              "channels": cuts * cut_keys}  # fmt: skip
    groups = {"summary": 1, "comparison": 1 + len(blocks.ANSWERS), "channels": 2}
    opened = {name: kinds * count * groups[name] for name, count in series.items()}
    rows = {name: opened[name] + kinds * count * days for name, count in series.items()}
    told = [told_rows(world, every) for world in worlds.values()]
    disk = SOURCES + RUN * len(worlds) * sum(counts.values())
    disk += sum(OPENED[name] * opened[name] + LONG[name] * rows[name] for name in rows)
    disk += sum(TOLD[name] * count for one in told for name, count in one.items())
    total = sum(rows.values())
    columns = days * sum(series.values())
    # a single block has no counts; those of one kind are given up before the next kind is run
    most = max(counts.values(), default=0)
    small = 2 if most <= MOST_SMALL else 4
    counted = columns * (BINS * small + 80) if most > blocks.block_size(base) else columns * 120
    under_way = BLOCK * (os.cpu_count() or 1) * blocks.MEMORY
    heard = HEARD * max(sum(one.values()) for one in told)
    # a sum: what is given up between the runs, the telling and the pictures is not given back
    memory = PROGRAM + HELD * total + counted + min(under_way, 1e9) + heard
    after = DESCRIBE * total + TELL * sum(sum(one.values()) for one in told)
    if report:
        disk += PICTURES
        after += DRAW + DRAW_ROW * total
    return StudySize(disk, memory, after)


def run_size(world: World, told: Sequence[str], every: int = 1, report: bool = True) -> StudySize:
    """Return what one run takes; ``told`` are the tables that it has beside its metrics."""
    known = run_rows(world)
    rows = {"timeseries": known["timeseries"] // every} | {name: known[name] for name in told}
    disk = SOURCES + sum(TOLD[name] * count for name, count in rows.items()) + REPORT * report
    total = sum(rows.values())
    return StudySize(disk, PROGRAM + HEARD * total, TELL * total + DRAW_SWEEP * report)


def sweep_size(swept: Swept, pairs: int, report: bool = True) -> StudySize:
    """Return what ``pairs`` more (point, replicate) pairs of a sweep take, and its tables."""
    arms, count, points = len(swept.arms), len(outcomes(swept)), len(swept.design)
    runs = pairs * (1 + arms)
    disk, after = SOURCES + bytes_of(swept, pairs), DESCRIBED * runs * count
    if points <= MOST_POINTS:
        levels = points * (1 + arms) * count
        effects = points * arms * count * (2 + len(blocks.ANSWERS))  # last day, offer, by answers
        disk += OPENED["summary"] * levels + OPENED["comparison"] * effects
        after += DESCRIBE * (levels + effects)
    disk += REPORT * report
    return StudySize(disk, PROGRAM + 0.3e9, after + DRAW_SWEEP * report)


def hindcast_size(days: int, report: bool = True) -> StudySize:
    """Return what a hindcast takes; ``days`` are those of all its arms and coded sets."""
    rows = 2 * days  # of agreement; the other tables are short
    disk = SOURCES + OPENED["summary"] * rows + REPORT * report
    return StudySize(disk, PROGRAM + HELD * rows + 0.3e9, DESCRIBE * rows + DRAW_SWEEP * report)


def told_rows(world: World, every: int = 1) -> dict[str, int]:
    """Return about how many rows a run told in full has in each table.

    Beyond ``MOST_TOLD`` a comparison tells the metrics alone.
    """
    rows = run_rows(world)
    series = {"timeseries": rows["timeseries"] // every}
    return rows | series if is_told(world) else series


def is_told(world: World) -> bool:
    """Whether a comparison tells a run of this world in full."""
    return sum(run_rows(world).values()) <= MOST_TOLD


def run_rows(world: World) -> dict[str, int]:
    """Return about how many rows the tables of one run have.

    A message has a row for each audience that hears it, and is booked once where it promotes and
    twice where it attacks. Attacks are answered the day after, point by point.
    """
    audiences, steps, issues = len(world.names.audiences), world.steps, len(world.names.issues)
    speaking = world.spoken & (np.arange(steps)[:, None] >= world.campaign_start[world.sender])
    heard = speaking.sum(axis=0) * world.reaches.sum(axis=1)  # of each narrative, all days
    for team, owner in enumerate(world.owner.tolist()):
        if world.strategies[owner] == "scripted":
            there = world.stops[:, team]
            days = np.flatnonzero(there != NOWHERE)
            talks = (speaking[days] & world.reaches[:, there[days]].T).sum(axis=0)
        else:  # where it goes is known when it has gone: take the mean audience
            days = np.flatnonzero(world.field_days[:, team])
            talks = speaking[days].sum(axis=0) * world.reaches.mean(axis=1)
        heard = heard + talks * (world.sender == owner)
    attacks = np.flatnonzero((world.kind == ATTACK) & speaking.any(axis=0))
    points = {(world.sender[n], world.issue[n], world.claim[n]) for n in attacks.tolist()}
    replies = len(points) * steps * audiences
    booked = heard[world.kind == PROMOTE].sum() + 2 * heard[world.kind == ATTACK].sum()
    fixed = 2 * steps * (audiences * (issues + 3) + len(world.peers.of))
    series = sum(len(blocks.keys_of(name, world)) for name in METRICS)
    return {
        "timeseries": series * (steps + 1),
        "messages": int(heard.sum()) + replies,
        "ledger": int(booked) + fixed,
    }
