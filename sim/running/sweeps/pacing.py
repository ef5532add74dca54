"""Cells of a sweep cut into pieces of about a second: what a kill can cost.

The clock decides only where to cut, never a number: a run has the same bits in any company.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.store.parts import Cell

SECONDS = 1.0  # of one thread, for a piece
FIRST, MOST = 64, 16_384  # pairs of a piece
STEP = 4.0  # the most by which a piece may be larger than the last one


class Pace:
    """How many pairs a piece should have, learned from those done; threads may share it."""

    def __init__(self, size: int = FIRST, seconds: float = SECONDS) -> None:
        self.size, self._seconds = size, seconds

    def learn_from(self, pairs: int, seconds: float) -> None:
        """Learn that a piece of so many pairs took so long."""
        fitting = pairs * self._seconds / max(seconds, 1e-6)
        # the first piece may include a compilation: a slow one does not cut the next too far
        self.size = int(min(max(fitting, self.size / STEP, 1.0), STEP * self.size, MOST))


def pieces(cells: Iterable[Cell], pace: Pace) -> Iterator[list[Cell]]:
    """The cells in their order, cut into pieces of the size that the pace asks for just then."""
    piece: list[Cell] = []
    room = pace.size
    for cell in cells:
        first = cell.first
        while first < cell.stop:
            stop = min(cell.stop, first + room)
            piece.append(Cell(cell.point, first, stop))
            room -= stop - first
            first = stop
            if room <= 0:
                yield piece
                piece, room = [], max(1, pace.size)
    if piece:
        yield piece


def pairs_of(cells: Iterable[Cell]) -> int:
    """How many (point, replicate) pairs the cells have."""
    return sum(cell.stop - cell.first for cell in cells)
