"""The rows of a sweep, kept as parts: small Parquet files that say themselves what they hold.

The folder ``runs.parquet`` is an ordinary dataset. A part's name has its number and the first
digits of its own SHA-256, its metadata the sweep it belongs to and the cells (points and
replicates) it holds. So what is done is read from the parts alone; no record beside them could
disagree.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import RefusedError
from sim.files import open_regular
from sim.store.folder import machine_error, read_json, to_disk, whole_file
from sim.store.tables import alike_parquet, parquet_says

FOLDER = "runs.parquet"
BAD = "bad"
HASH_DIGITS = 16
LONGEST_NAME = 200  # bytes of the name of what is set aside: a disk takes 255
_NAME = re.compile(r"part-([0-9]{6,})-([0-9a-f]{16})\.parquet")
_LEFTOVER = re.compile(r"\.part-.*\.tmp")


class Cell(NamedTuple):
    """Replicates ``first`` to ``stop - 1`` of one point of the design, in every arm."""

    point: int
    first: int
    stop: int


class Part(NamedTuple):
    """One intact file of rows."""

    number: int
    path: Path
    cells: tuple[Cell, ...]


class Survey(NamedTuple):
    """What a look at every file found."""

    parts: list[Part]  # intact, by number
    bad: list[tuple[Path, str]]  # what is damaged, and why, in words


class _DamagedError(Exception):
    """Why a file is not an intact part, in words."""


# Writing


def write_part(
    folder: Path, number: int, rows: pd.DataFrame, cells: Sequence[Cell], sweep: str
) -> Part:
    """Add a part to the sweep in ``folder``; when this returns it is on the disk, whole.

    ``rows`` has as many rows for each replicate of ``cells`` (one an arm) and none besides;
    ``sweep`` is the SHA-256 of the sweep's identity. Columns must have the same types of frame in
    all parts; a missing number is null in the file. Raises MachineError where the disk does not
    take it.
    """
    _demand_the_rows(rows, cells)
    described = {b"part": str(number).encode(), b"sweep": sweep.encode(),
                 b"cells": json.dumps([list(cell) for cell in cells]).encode()}  # fmt: skip
    data = alike_parquet(FOLDER, rows, described)
    place = _place(folder, FOLDER)
    _made(place)
    path = place / _name(number, hashlib.sha256(data).hexdigest())
    with whole_file(path) as temporary:
        temporary.write_bytes(data)
    return Part(number, path, tuple(Cell(*map(int, cell)) for cell in cells))


def _name(number: int, digest: str) -> str:
    return f"part-{number:06d}-{digest[:HASH_DIGITS]}.parquet"


def _demand_the_rows(rows: pd.DataFrame, cells: Sequence[Cell]) -> None:
    points, firsts, stops = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    sizes = stops - firsts
    nth = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    most = max(stops, default=0)  # more than any replicate: point and replicate become one number
    promised = np.repeat(points * most + firsts, sizes) + nth
    replicates = rows["replicate"].to_numpy(np.int64)
    held, counts = np.unique(rows["point"].to_numpy(np.int64) * most + replicates,
                             return_counts=True)  # fmt: skip
    if len(cells) == 0 or not np.array_equal(np.sort(promised), held) or replicates.max() >= most:
        raise ValueError("the rows of a part are those of its cells, each cell once")
    if counts.min() != counts.max():
        raise ValueError("every replicate of a part has as many rows as the others")


# Reading


def survey(folder: Path, sweep: str) -> Survey:
    """Verify every file of the sweep in ``folder``; nothing is changed, locked or waited for.

    What vanishes meanwhile was set aside by a driver and is not mentioned. Files whose names begin
    with a dot are not parts. Raises MachineError where a file cannot be read.
    """
    paths = _listed(_place(folder, FOLDER))
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing leaves Python's lock alone
        seen = list(pool.map(partial(_seen, sweep=sweep), paths))
    found = [part for part in seen if isinstance(part, Part)]
    bad = [(path, why) for path, why in zip(paths, seen, strict=True) if isinstance(why, str)]
    parts: list[Part] = []
    held = _Held()
    for part in sorted(found):
        other = held.number_of_overlap(part)
        if other is None:
            held.add(part)
            parts.append(part)
        else:
            bad.append((part.path, f"its runs are in part {other} already"))
    return Survey(parts, sorted(bad))


def _listed(place: Path) -> list[Path]:
    try:
        return sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise machine_error(place, error) from error


def _seen(path: Path, sweep: str) -> Part | str | None:
    """The part, what is wrong with it, or None where it is gone."""
    try:
        return _verified(path, sweep)
    except FileNotFoundError:
        return None
    except _DamagedError as why:
        return str(why)
    except OSError as error:
        raise machine_error(path, error) from error


def _verified(path: Path, sweep: str) -> Part:
    if path.is_symlink():
        raise _DamagedError("is a symbolic link, not a part")
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise _DamagedError("is not named as a part")
    if path.exists() and not path.is_file():
        raise _DamagedError("is not a file")
    number = int(named[1])
    with open_regular(path) as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if _name(number, digest) != path.name:
            raise _DamagedError(f"its content is not what its name says (SHA-256 {digest[:16]})")
        opened.seek(0)
        try:
            described, rows = parquet_says(opened)
        except ValueError as error:
            raise _DamagedError("is not a Parquet file") from error
    if described.get(b"part") != str(number).encode():
        raise _DamagedError("its number is not the one in its name")
    if described.get(b"sweep") != sweep.encode():
        raise _DamagedError("belongs to another sweep")
    cells = _cells(described.get(b"cells", b""))
    if rows == 0 or rows % sum(cell.stop - cell.first for cell in cells):
        raise _DamagedError("has not the rows of the runs it says it holds")
    return Part(number, path, cells)


def _cells(text: bytes) -> tuple[Cell, ...]:
    try:
        cells = tuple(Cell(*entry) for entry in read_json(text))
    except (ValueError, TypeError):
        cells = ()
    if not cells or not all(map(_is_cell, cells)):
        raise _DamagedError("does not say which runs it holds")
    return cells


def _is_cell(cell: Cell) -> bool:
    whole = all(type(value) is int for value in cell)
    return whole and cell.point >= 0 and 0 <= cell.first < cell.stop


class _Held:
    """Which part holds which replicates; ranges of a point do not overlap."""

    def __init__(self) -> None:
        self._ranges: dict[int, list[tuple[int, int, int]]] = {}

    def number_of_overlap(self, part: Part) -> int | None:
        for point, first, stop in part.cells:
            ranges = self._ranges.get(point, [])
            at = bisect_left(ranges, (first,))
            for other in ranges[max(at - 1, 0) : at + 1]:
                if other[0] < stop and first < other[1]:
                    return other[2]
        return None

    def add(self, part: Part) -> None:
        for point, first, stop in part.cells:
            ranges = self._ranges.setdefault(point, [])
            ranges.insert(bisect_left(ranges, (first,)), (first, stop, part.number))


# What is damaged


def set_aside(folder: Path, survey: Survey) -> list[Path]:
    """Move what is bad to ``bad/NAME.bad``, remove leftover temporary files; say what moved where.

    Only for the driver that holds the folder. Nothing in ``bad`` is ever overwritten.
    """
    place, away = _place(folder, FOLDER), _place(folder, BAD)
    moved: list[Path] = []
    if survey.bad:
        _made(away)
    for path, _ in survey.bad:
        target = _free(away, path.name)
        try:
            path.rename(target)
        except FileNotFoundError:  # it is gone, which is all that is asked
            continue
        except OSError as error:
            raise machine_error(path, error) from error
        moved.append(target)
    try:
        if moved:
            to_disk(away)
        leftovers = list(_leftovers(place))
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
        if moved or leftovers:
            to_disk(place)
    except OSError as error:
        raise machine_error(Path(error.filename or place), error) from error
    return moved


def _leftovers(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (path for path in place.iterdir() if _LEFTOVER.fullmatch(path.name))


def _free(away: Path, name: str) -> Path:
    name = os.fsdecode(os.fsencode(name)[:LONGEST_NAME])
    target, count = away / f"{name}.bad", 1
    while os.path.lexists(target):
        count += 1
        target = away / f"{name}.{count}.bad"
    return target


def _place(folder: Path, name: str) -> Path:
    """A folder of ours in the sweep's; a link would let files elsewhere be moved."""
    place = folder / name
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise RefusedError(f"{place}: is not a folder of a sweep")
    return place


def _made(place: Path) -> None:
    try:
        if not place.is_dir():
            place.mkdir(exist_ok=True)
            to_disk(place.parent)
    except OSError as error:
        raise machine_error(place, error) from error


# What is done and what is not


def held_by_parts(parts: Iterable[Part]) -> dict[int, list[tuple[int, int]]]:
    """Ranges ``(first, stop)`` of replicates by point, sorted and merged."""
    by_point: dict[int, list[tuple[int, int]]] = {}
    for part in parts:
        for point, first, stop in part.cells:
            by_point.setdefault(point, []).append((first, stop))
    return {point: _merged(ranges) for point, ranges in sorted(by_point.items())}


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, stop in sorted(ranges):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((first, stop))
    return merged


def missing(wanted: Mapping[int, int], parts: Iterable[Part]) -> list[Cell]:
    """The cells that are still to run, in the order of ``wanted`` (replicates by point)."""
    held = held_by_parts(parts)
    left: list[Cell] = []
    for point, replicates in wanted.items():
        begin = 0
        for first, stop in (*held.get(point, ()), (replicates, replicates)):
            if begin < min(first, replicates):
                left.append(Cell(point, begin, min(first, replicates)))
            begin = max(begin, stop)
    return left
