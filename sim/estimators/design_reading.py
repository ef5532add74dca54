"""What Morris screening and Sobol's indices share: a design read back, and its complete blocks.

Both read a design in the order of SALib's samplers and effects ``values[point, replicate]`` on
common random numbers. An index is that of the *mean over chance* or of the *standard deviation
over chance* as a function of the parameters. The standard deviation is taken rather than its
square, which few large values rule, and rather than its logarithm, which has no value where the
arm never acts and the effect is 0 in every run.

Where a run has no such number (no offer, so no days on which one acts) its block is left out. A
parameter that decides whether there is one is then the same throughout the blocks that are left,
and would pass for one without effect: it is found here, and has no index.

The estimators themselves are in ``morris`` and ``sobol``; designs are made in
``sim.studies.designs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.world.arrays import Bools, Floats

INDEX_COLUMNS = ("outcome", "of", "parameter", "index", "value", "low", "high")
MEAN, SD = "mean", "sd"  # over chance: what an index is of
RESAMPLES = 1000  # of SALib's bootstrap
FEW = 2  # resamples where SALib's own interval is not asked for
NAN = float("nan")
UNKNOWN = (NAN, NAN, NAN)  # value, low, high


class DesignPoints(NamedTuple):
    """A design as numbers."""

    names: list[str]  # of the parameters
    points: Floats  # [point, parameter]
    unordered: set[str]  # parameters whose values are words, numbered here

    def blocks(self, size: int) -> Floats | None:
        """``[block, place, parameter]``; None unless there are two whole blocks or more."""
        if len(self.points) % size or len(self.points) < 2 * size:
            return None
        return self.points.reshape(-1, size, len(self.names))


def salib_problem(names: Sequence[str]) -> dict[str, Any]:
    """What SALib asks for of parameters from 0 to 1; where it analyses it looks at no bound."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def read_points(design: pd.DataFrame) -> DesignPoints:
    """Read a design of one column a parameter; a column ``point`` is passed over.

    Raises
    ------
    InputError
        Where there is no parameter, or a point has no value of one.
    """
    design = design.drop(columns="point", errors="ignore")
    if design.shape[1] == 0:
        raise InputError(Problem("design", "has no parameter"))
    unordered: set[str] = set()
    columns = []
    for key, column in design.items():
        if column.isna().any():
            raise InputError(Problem(str(key), "has gaps; every point needs a value"))
        if not pd.api.types.is_numeric_dtype(column):
            unordered.add(str(key))
            column = pd.Series(np.unique(column.astype(str), return_inverse=True)[1])
        columns.append(column.to_numpy(dtype=np.float64))
    return DesignPoints([str(key) for key in design.columns], np.column_stack(columns), unordered)


class CompleteBlocks(NamedTuple):
    """The blocks of a design in which every run has a value."""

    used: Bools  # [point] lies in such a block
    left_out: int  # other blocks
    deciding: frozenset[str]  # parameters that decide whether there is a value


def find_complete_blocks(
    outcome: str, read: DesignPoints, values: Floats, missing: Bools | None, size: int
) -> CompleteBlocks:
    """Find which points lie in blocks where every run has a value.

    Parameters
    ----------
    values
        ``[point, replicate]``, NaN where a run failed or has no such number.
    missing
        ``[point, replicate]``, where a run went well and has no such number; None: nowhere.
    size
        Points of a block: a trajectory of Morris, a base point of Sobol with its neighbours.

    Raises
    ------
    InputError
        Where the values have another shape, or fewer than two blocks are complete.
    """
    points = len(read.points)
    if values.ndim != 2 or len(values) != points or values.shape[1] == 0:
        reason = f"needs values[point, replicate] for {points} points"
        raise InputError(Problem(outcome, reason, str(values.shape)))
    deciding = frozenset[str]()
    if missing is not None and missing.any():
        deciding = _find_deciding(read, np.isfinite(values), missing, size)
    whole = np.isfinite(values).all(axis=1).reshape(-1, size).all(axis=1)
    if whole.sum() < 2:
        reason = "fewer than two blocks of the design have a value in every run"
        if deciding:
            reason += f", for {' and '.join(sorted(deciding))} decides whether there is one"
        raise InputError(Problem(outcome, reason))
    if missing is not None and missing.any() and not deciding:
        deciding = frozenset(read.names)  # no single step shows which it is
    return CompleteBlocks(np.repeat(whole, size), int((~whole).sum()), deciding)


def _find_deciding(read: DesignPoints, there: Bools, missing: Bools, size: int) -> frozenset[str]:
    """Parameters that add or take away a run's value where they alone differ within a block."""
    blocks = read.points.reshape(-1, size, len(read.names))
    there, missing = (each.reshape(-1, size, each.shape[1]) for each in (there, missing))
    found = np.zeros(len(read.names), dtype=bool)
    for one, other in combinations(range(size), 2):
        differ = blocks[:, one] != blocks[:, other]
        changed = there[:, one] & missing[:, other] | missing[:, one] & there[:, other]
        found |= differ[changed.any(axis=1) & (differ.sum(axis=1) == 1)].any(axis=0)
    return frozenset(np.array(read.names)[found].tolist())
