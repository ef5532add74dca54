"""The rows of a sweep read back from its parts: a point, or everything, and only some columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sim.store.parts import Part
from sim.store.tables import read_columns

POINT = "point"
READY = 4  # of the tables read last; points that follow one another share parts
MOST_READY = 2**22  # cells of a table that is worth keeping


class Parts:
    """Rows in intact parts; in the order of the parts' numbers."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = sorted(parts)
        self._of_point: dict[int, list[Part]] = {}
        for part in self._parts:
            for point in dict.fromkeys(cell.point for cell in part.cells):
                self._of_point.setdefault(point, []).append(part)
        self._ready: dict[tuple[Part, tuple[str, ...]], pd.DataFrame] = {}

    def of_point(self, point: int, columns: Sequence[str]) -> pd.DataFrame:
        """All rows of one point, always in the same order; none is a table without rows."""
        found = [self._read(part, columns) for part in self._of_point.get(point, ())]
        if not found:
            return pd.DataFrame({name: np.empty(0, dtype=object) for name in columns})
        mine = [table.loc[table[POINT].to_numpy() == point, list(columns)] for table in found]
        return pd.concat(mine, ignore_index=True) if len(mine) > 1 else mine[0]

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """These columns (None: all) of all rows, part by part."""
        for part in self._parts:
            yield read_columns(part.path, columns)

    def _read(self, part: Part, columns: Sequence[str]) -> pd.DataFrame:
        key = (part, tuple(columns))
        if key not in self._ready:
            table = read_columns(part.path, list(dict.fromkeys([POINT, *columns])))
            if table.size > MOST_READY:
                return table
            while len(self._ready) >= READY:
                self._ready.pop(next(iter(self._ready)))
            self._ready[key] = table
        return self._ready[key]
