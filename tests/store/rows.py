"""Rows as a sweep makes them, small, the same for the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from sim.store.parts import Cell

SWEEP = "5" * 64
ARMS = ("none", "offer")


def rows(cells: Sequence[Cell]) -> pd.DataFrame:
    """One row a run, two arms; a number that depends on the run alone, text, and missing numbers."""
    runs = [(c.point, r, arm) for c in cells for r, arm in product(range(c.first, c.stop), ARMS)]
    points, replicates, arms = map(list, zip(*runs, strict=True))
    values = [
        np.random.default_rng([p, r]).standard_normal()
        for p, r in zip(points, replicates, strict=True)
    ]
    return pd.DataFrame({
        "run_id": [f"p{p}-{a}-chance-{r}" for p, r, a in runs], "point": points, "scenario": "case",
        "arm": arms, "replicate": replicates, "seed": np.full(len(runs), 2**64 - 1, dtype="uint64"),
        "strength": np.array(points) * 0.1, "failed": "", "final.lead": values,
        "effect.final.lead": np.where([a == "offer" for a in arms], values, np.nan),
    })  # fmt: skip


def cells_of(number: int) -> list[Cell]:
    """What part ``number`` of the made-up sweep holds: no two parts share a run."""
    return [Cell(number, 0, 3), Cell(number + 100, 2, 4)]
