"""Sobol's indices under chance: which share of an effect's variance each parameter makes.

First order (S1) and total order (ST), of the mean over chance and of the standard deviation over
chance, with chance's own share apart (``chance``). How a design is read is in
``design_reading``; the cheaper screening is in ``morris``.

Sources: Sobol 1993; Saltelli et al. 2010; SALib.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.estimators import chance
from sim.estimators.design_reading import (
    FEW,
    INDEX_COLUMNS,
    MEAN,
    NAN,
    RESAMPLES,
    SD,
    UNKNOWN,
    DesignPoints,
    find_complete_blocks,
    read_points,
    salib_problem,
)
from sim.world.arrays import Bools, Floats

SOBOL = "sobol"
LITTLE = 0.02  # share of the variance over points that is little
MATTERS, LITTLE_MATTERS, UNDECIDED = "matters", "matters little", "undecided"
NOT_JUDGED = "not judged"
EVEN = 1e-12  # a spread below this part of the largest value is rounding


class Indices(NamedTuple):
    """What Sobol's analysis found."""

    indices: pd.DataFrame  # INDEX_COLUMNS; S1 and ST by parameter, "unresolved" without one
    shares: pd.DataFrame  # chance.SHARE_COLUMNS
    left_out: dict[str, int]  # by outcome: base points with a run without a value
    deciding: dict[str, frozenset[str]]  # by outcome: parameters that decide whether there is one


def sobol_indices(
    design: pd.DataFrame,
    outcomes: Mapping[str, Floats],
    *,
    missing: Mapping[str, Bools] = MappingProxyType({}),
    seed: int = 0,
) -> Indices:
    """Estimate S1 and ST of the mean over chance and of its spread.

    Parameters
    ----------
    design
        One column a parameter (``point`` is passed over), in the order of SALib's sampler
        ``sobol``. What it has for the second order is not used.
    outcomes
        By name, ``values[point, replicate]`` of three replicates or more. Base points with a
        run without a value (NaN) are left out, and counted.
    missing
        By outcome, ``[point, replicate]``: runs that went well and have no such number.

    Raises
    ------
    InputError
        Where the design is none of Sobol, or the values do not fit it.

    Notes
    -----
    An interval [l, h] joins SALib's bootstrap of the base points with a jackknife over the draws.
    Point means still hold some chance, the share q of their variance (row ``unresolved``): an
    index of them is expected at (1 - q) times the index sought plus q times that of what is left
    of chance, which lies in 0..1. So [(l - q) / (1 - q), h / (1 - q)] is given, cut to 0..1 but
    never past ``value``, the plain estimate. Where nothing varies the indices are NaN, and so are
    those of a parameter that decides whether there is a number.
    """
    read = read_points(design)
    size = _block_size(read)
    place = np.arange(len(read.points)) % size
    needed = (place <= len(read.names)) | (place == size - 1)  # the rest is for the second order
    rows: list[tuple[Any, ...]] = []
    shares = []
    left_out, deciding = {}, {}
    for outcome, values in outcomes.items():
        if values.ndim != 2 or values.shape[1] < 3:
            reason = "needs three replicates or more, to tell the parameters from chance"
            raise InputError(Problem(outcome, reason))
        complete = find_complete_blocks(outcome, read, values, missing.get(outcome), size)
        used, left_out[outcome], deciding[outcome] = complete
        kept = values[used & needed]
        at = place[used & needed]
        base = (at == 0) | (at == size - 1)  # the points that are sampled independently
        shares.append(chance.shares(outcome, kept[base], np.arange(base.sum()) // 2, seed))
        for of, pseudo in ((MEAN, kept), (SD, chance.spread_by_replicate(kept))):
            left = chance.unresolved_share(pseudo[base])
            rows += [
                (outcome, of, *(row if row[0] not in complete.deciding else (*row[:2], *UNKNOWN)))
                for row in _index_rows(read, kept, of, left, seed)
            ]
    table = pd.DataFrame(rows, columns=list(INDEX_COLUMNS))
    return Indices(table, pd.concat(shares, ignore_index=True), left_out, deciding)


def verdicts(found: pd.DataFrame, of: str = MEAN) -> pd.DataFrame:
    """Judge each parameter by its total share, the largest first.

    A parameter *matters* where the whole interval of its total share (ST) lies above ``LITTLE``,
    *matters little* where it lies below, and is *undecided* otherwise; *not judged* without a
    share. Columns: parameter, value, low, high, verdict.
    """
    rows = found[(found["of"] == of) & (found["index"] == "ST")]
    rows = rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    verdict = [
        NOT_JUDGED
        if np.isnan(share)
        else MATTERS
        if low > LITTLE
        else LITTLE_MATTERS
        if high < LITTLE
        else UNDECIDED
        for share, low, high in zip(rows["value"], rows["low"], rows["high"], strict=True)
    ]
    return rows[["parameter", "value", "low", "high"]].assign(verdict=verdict)


def _block_size(read: DesignPoints) -> int:
    """Size of a block of a Sobol design.

    A block is A, then A with B's value of each parameter in turn, in a design with second order
    then B with A's values, and B in the end.
    """
    count = len(read.names)
    own = np.eye(count, dtype=bool)[None]
    for size in (count + 2, 2 * count + 2):
        blocks = read.blocks(size)
        if blocks is None:
            continue
        first, last = blocks[:, :1], blocks[:, -1:]
        expected = np.where(own, last, first)
        if size > count + 2:
            expected = np.hstack([expected, np.where(own, first, last)])
        if np.array_equal(blocks[:, 1:-1], expected):
            return size
    raise InputError(Problem("design", "no Sobol design, or not in its order"))


def _index_rows(
    read: DesignPoints, values: Floats, of: str, left: float, seed: int
) -> list[tuple[str, str, float, float, float]]:
    """Rows (parameter, index, value, low, high) of one function of the parameters."""
    analyse = partial(_analyse, read, of, seed)
    found = analyse(values, RESAMPLES)
    half = np.hypot(found[1::2], chance.half_width_of_draws(analyse, values, seed)[::2])
    rows = []
    for j, name in enumerate(read.names):
        for index, value, reach in zip(("S1", "ST"), found[::2, j], half[:, j], strict=True):
            low, high = min(value, 0.0), max(value, 1.0)
            if left < 1.0:  # else chance is all there is
                low = max((value - reach - left) / (1.0 - left), low)
                high = min((value + reach) / (1.0 - left), high)
            if np.isnan(reach):
                low, high = NAN, NAN
            rows.append((name, index, float(value), float(low), float(high)))
    return [*rows, ("", "unresolved", left if np.isfinite(found).all() else NAN, NAN, NAN)]


def _analyse(
    read: DesignPoints, of: str, seed: int, values: Floats, resamples: int = FEW
) -> Floats:
    """Rows S1, half its interval, ST, half its interval; NaN where nothing varies."""
    from SALib.analyze import sobol

    statistic = values.mean(axis=1) if of == MEAN else chance.spread(values)
    keys = ("S1", "S1_conf", "ST", "ST_conf")
    if np.ptp(statistic) <= EVEN * np.abs(values).max():
        return np.full((len(keys), len(read.names)), NAN)
    # a seed of 0 would mean: whatever the process has drawn so far
    seeds = {"num_resamples": resamples, "seed": int(seed) + 1}
    found = sobol.analyze(salib_problem(read.names), statistic, calc_second_order=False, **seeds)
    return np.array([found[key] for key in keys])
