"""What Morris screening and Sobol's indices share: a design read back, and its complete blocks.

Both read a design in the order of SALib's samplers and effects ``values[point, replicate]`` on
common random numbers. An index is that of the *mean over chance* or of the *standard deviation
over chance* as a function of the parameters. The standard deviation is taken rather than its
square, which few large values rule, and rather than its logarithm, which has no value where the
arm never acts and the effect is 0 in every run.

The estimators themselves are in ``morris`` and ``sobol``; designs are made in
``sim.studies.designs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.errors import InputError, Problem
from sim.world.arrays import Floats

INDEX_COLUMNS = ("outcome", "of", "parameter", "index", "value", "low", "high")
MEAN, SD = "mean", "sd"  # over chance: what an index is of
RESAMPLES = 1000  # of SALib's bootstrap
FEW = 2  # resamples where SALib's own interval is not asked for
NAN = float("nan")


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


def find_complete_blocks(
    outcome: str, values: Floats, points: int, size: int
) -> tuple[npt.NDArray[np.bool_], int]:
    """Find which points lie in blocks without a failed run, and how many blocks do not.

    Parameters
    ----------
    values
        ``[point, replicate]``, NaN where a run failed.
    size
        Points of a block: a trajectory of Morris, a base point of Sobol with its neighbours.

    Raises
    ------
    InputError
        Where the values have another shape, or fewer than two blocks are complete.
    """
    if values.ndim != 2 or len(values) != points or values.shape[1] == 0:
        reason = f"needs values[point, replicate] for {points} points"
        raise InputError(Problem(outcome, reason, str(values.shape)))
    whole = np.isfinite(values).all(axis=1).reshape(-1, size).all(axis=1)
    if whole.sum() < 2:
        reason = "fewer than two blocks of the design have no failed run"
        raise InputError(Problem(outcome, reason))
    return np.repeat(whole, size), int((~whole).sum())
