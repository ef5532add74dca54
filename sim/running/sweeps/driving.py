"""The driver of a sweep: what is missing is cut into pieces, run, and kept piece by piece.

Only the thread that drives commits a piece. Whatever ends it (a signal, a full disk, a kill), the
pieces kept are whole, and what is missing is known from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import NarrateError
from sim.running.executing import Progress, open_engine
from sim.running.streaming import Stopped, run_jobs
from sim.running.sweeps.keeping import Keep
from sim.running.sweeps.outcomes import failed_rows, simulate_cells
from sim.running.sweeps.pacing import Pace, pairs_of, pieces
from sim.running.sweeps.swept import Swept
from sim.running.sweeps.until import PILOT, replicates_needed, values_of
from sim.store.parts import Cell

Work = Callable[[Swept, Sequence[Cell], Progress], pd.DataFrame]
# Work, and how many pieces of it should be under way; a function where that changes
Workers = Callable[[], AbstractContextManager[tuple[Work, int | Callable[[], int]]]]


class Until(NamedTuple):
    """Replicates until the Monte Carlo interval of a column's mean is within +-half."""

    column: str
    half: float


@dataclass(frozen=True)
class Asked:
    """How many replicates each point is to have; with ``until``, at most."""

    replicates: int
    until: Until | None = None

    def words(self) -> dict[str, object]:
        """As the manifest has it."""
        until = None if self.until is None else self.until._asdict()
        return {"replicates": self.replicates, "until": until}

    def pilot(self, points: int) -> dict[int, int]:
        """Replicates of each point that are wanted whatever they show."""
        count = self.replicates if self.until is None else min(PILOT, self.replicates)
        return dict.fromkeys(range(points), count)

    def all(self, swept: Swept, keep: Keep) -> dict[int, int]:
        """Replicates of each point, once the pilot is kept."""
        wanted = self.pilot(len(swept.design))
        if self.until is None or self.replicates <= PILOT:
            return wanted
        pilots = values_of(swept, keep.rows(), self.until.column, PILOT)
        needed = [
            replicates_needed(pilot, self.until.half, self.replicates).replicates
            for pilot in pilots.values()
        ]  # of each arm
        most = np.max(needed, axis=0)
        return dict(zip(wanted, most.tolist(), strict=True))


def local_workers(engine: str, jobs: int | None) -> Workers:
    """Threads of this process (agents: its processes)."""

    @contextmanager
    def workers() -> Iterator[tuple[Work, int | Callable[[], int]]]:
        with open_engine(engine, jobs) as (simulate, threads):

            def work(swept: Swept, cells: Sequence[Cell], progress: Progress) -> pd.DataFrame:
                return simulate_cells(swept, cells, simulate, progress)

            yield work, threads

    return workers


def carry_out(
    swept: Swept,
    asked: Asked,
    keep: Keep,
    workers: Workers,
    progress: Progress | None = None,
    begun: Progress | None = None,
) -> None:
    """Run what is missing and keep it.

    ``begun`` is told how many runs are to be done, at each stage how many more.
    """
    for cells in _missing_cells(swept, asked, keep):
        if cells:
            if begun is not None:
                begun((1 + len(swept.arms)) * pairs_of(cells))
            _run_cells(swept, cells, keep, workers, progress)


def is_done(swept: Swept, asked: Asked, keep: Keep) -> bool:
    """Whether nothing is missing."""
    return not any(_missing_cells(swept, asked, keep))


def _missing_cells(swept: Swept, asked: Asked, keep: Keep) -> Iterator[list[Cell]]:
    """The cells to run, stage by stage: what the second needs is known once the pilot is kept."""
    yield keep.missing(asked.pilot(len(swept.design)))
    if asked.until is not None:
        yield keep.missing(asked.all(swept, keep))


def _run_cells(
    swept: Swept, cells: Sequence[Cell], keep: Keep, workers: Workers, progress: Progress | None
) -> None:
    """Run the cells in pieces, on all workers; keep each piece as it ends."""
    pace = Pace()
    with workers() as (work, count):

        def run(piece: list[Cell], progress: Progress) -> pd.DataFrame:
            started = time.monotonic()
            found = run_despite_failures(work, swept, piece, progress)
            pace.learn_from(pairs_of(piece), time.monotonic() - started)
            return found

        run_jobs(pieces(cells, pace), run, keep.take, count, progress, in_order=False)


def run_despite_failures(
    work: Work, swept: Swept, cells: Sequence[Cell], progress: Progress
) -> pd.DataFrame:
    """The rows of the cells, whatever a run does: one that raises costs only itself.

    Where a piece fails its halves are run, until the run is found that makes it fail.
    """
    found = _attempt(work, swept, cells, progress)
    if not isinstance(found, Exception):
        return found
    if pairs_of(cells) == 1:
        return _run_pair(work, swept, cells[0], progress)
    both = [run_despite_failures(work, swept, half, progress) for half in halves(cells)]
    return pd.concat(both, ignore_index=True)


def _attempt(
    work: Work, swept: Swept, cells: Sequence[Cell], progress: Progress
) -> pd.DataFrame | Exception:
    """The rows of the cells, or what one of their runs raised."""
    try:
        return work(swept, cells, progress)
    except (NarrateError, MemoryError, Stopped):
        raise  # not of one run
    except Exception as error:
        return error


def halves(cells: Sequence[Cell]) -> tuple[list[Cell], list[Cell]]:
    """The cells in two parts of as many pairs, the first of one less where they are odd."""
    first: list[Cell] = []
    room = pairs_of(cells) // 2
    for place, cell in enumerate(cells):
        if cell.stop - cell.first > room:
            middle = cell.first + room
            begun = [cell._replace(stop=middle)] if room else []
            return first + begun, [cell._replace(first=middle), *cells[place + 1 :]]
        first.append(cell)
        room -= cell.stop - cell.first
    raise AssertionError("more than half of the pairs lie somewhere")


def _run_pair(work: Work, swept: Swept, cell: Cell, progress: Progress) -> pd.DataFrame:
    """Each run of a pair by itself; an arm whose baseline failed has levels, but no effect."""
    base = _attempt(work, replace(swept, arms=()), [cell], progress)
    found: list[pd.DataFrame] = []
    for arm in (swept.base, *swept.arms):
        if arm == swept.base:
            answer = base
        else:
            own = {"base": arm, "arms": ()} if isinstance(base, Exception) else {"arms": (arm,)}
            answer = _attempt(work, replace(swept, **own), [cell], progress)
        if isinstance(answer, Exception):
            answer = failed_rows(swept, cell, arm, answer)
        found.append(answer[answer["arm"] == arm])
    return pd.concat(found, ignore_index=True)
