"""Where the rows of a sweep are kept: in memory, or in a folder that survives its driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from sim.running.sweeps.sweep_tables import RowsInMemory, SweepRows
from sim.store import parts
from sim.store.part_rows import Parts
from sim.store.parts import Cell, Part
from sim.store.tables import read_columns
from sim.tables.column_kinds import COUNT
from sim.tables.columns import type_of


class _OfParts:
    """What both keeps tell from their parts."""

    def __init__(self, found: Sequence[Part]) -> None:
        self._parts = list(found)

    @property
    def pairs(self) -> int:
        """(point, replicate) pairs that are kept."""
        return sum(cell.stop - cell.first for part in self._parts for cell in part.cells)

    @property
    def most(self) -> int:
        """Replicates that some point may have by now."""
        return max((cell.stop for part in self._parts for cell in part.cells), default=0)

    def missing(self, wanted: Mapping[int, int]) -> list[Cell]:
        """The cells to do so that each point has so many replicates."""
        return parts.missing(wanted, self._parts)


class InMemory(_OfParts):
    """SweepRows held as frames."""

    def __init__(self) -> None:
        super().__init__(())
        self._frames: list[pd.DataFrame] = []
        self._joined: pd.DataFrame | None = None

    def take(self, cells: Sequence[Cell], rows: pd.DataFrame) -> None:
        """Keep the rows of these cells, all or none."""
        self._parts.append(Part(len(self._parts), Path(), tuple(cells)))
        self._frames.append(rows)
        self._joined = None

    def pieces(self) -> Iterator[tuple[Sequence[Cell], pd.DataFrame]]:
        """What was taken, piece by piece."""
        for part, frame in zip(self._parts, self._frames, strict=True):
            yield part.cells, frame

    def rows(self) -> SweepRows:
        """What is kept by now."""
        if self._joined is None:  # joined once, not at each look
            self._joined = pd.concat(self._frames, ignore_index=True)
        return RowsInMemory(self._joined)


class InFolder(_OfParts):
    """SweepRows as the parts of a folder.

    Parameters
    ----------
    sweep
        SHA-256 of what is swept, which every part names.
    found
        The intact parts that are there.
    """

    def __init__(self, folder: Path, sweep: str, found: Sequence[Part]) -> None:
        super().__init__(found)
        self.folder, self._sweep = folder, sweep

    def take(self, cells: Sequence[Cell], rows: pd.DataFrame) -> None:
        """Keep the rows of these cells, all or none."""
        number = max((part.number for part in self._parts), default=-1) + 1
        self._parts.append(parts.write_part(self.folder, number, rows, cells, self._sweep))

    def pieces(self) -> Iterator[tuple[Sequence[Cell], pd.DataFrame]]:
        """What was taken, piece by piece."""
        for part in self._parts:
            yield part.cells, read_columns(part.path)

    def rows(self) -> SweepRows:
        """What is kept by now."""
        return Parts(self._parts)


Keep: TypeAlias = InMemory | InFolder


def all_rows(keep: Keep) -> pd.DataFrame:
    """Every row by point and replicate; within a replicate the arms are in their order."""
    rows = pd.concat(list(keep.rows().pieces()), ignore_index=True)
    order = np.lexsort([rows["replicate"].to_numpy(), rows["point"].to_numpy()])
    rows = rows.iloc[order].reset_index(drop=True)
    counts = [name for name in rows if type_of(str(name)) == COUNT and name != "seed"]
    whole = {name: np.int64 for name in counts if not rows[name].isna().any()}
    return rows.astype(whole)  # as they are read back from a file


def count_failed(keep: Keep) -> int:
    """Return how many runs failed."""
    return sum(int((piece["failed"] != "").sum()) for piece in keep.rows().pieces(["failed"]))
