"""Parts of a sweep: whole or absent, and any damage is found and costs only itself."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import MachineError, RefusedError
from sim.store import parts
from sim.store.parts import (
    FOLDER,
    Cell,
    Part,
    held_by_parts,
    missing,
    set_aside,
    survey,
    write_part,
)
from sim.store.tables import alike_parquet, parquet_says
from tests.store.rows import SWEEP, cells_of, rows

NUMBERS = range(5)
WANTED = {cell.point: cell.stop for number in NUMBERS for cell in cells_of(number)}
LEFT = [Cell(number + 100, 0, 2) for number in NUMBERS]  # wanted, and never written


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for number in NUMBERS:
        write_part(folder, number, rows(cells_of(number)), cells_of(number), SWEEP)
    return folder


@pytest.fixture
def sweep(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "sweep")
    return tmp_path / "sweep"


def part(sweep: Path, number: int) -> Path:
    return next((sweep / FOLDER).glob(f"part-{number:06d}-*"))


def demand_lost(sweep: Path, lost: set[int], bad: int) -> None:
    """The parts of these numbers are lost, ``bad`` files are bad, all else is as it was."""
    found = survey(sweep, SWEEP)
    assert [p.number for p in found.parts] == [n for n in NUMBERS if n not in lost]
    assert len(found.bad) == bad
    again = [cell for number in lost for cell in cells_of(number)]
    asked = missing(WANTED, found.parts)
    assert runs(asked) == runs([*again, *LEFT])


def runs(cells: list[Cell]) -> list[tuple[int, int]]:
    return sorted((c.point, replicate) for c in cells for replicate in range(c.first, c.stop))


# What is written


def test_parts_are_found_as_they_were_written(sweep: Path) -> None:
    written = [Part(n, part(sweep, n), tuple(cells_of(n))) for n in NUMBERS]
    assert survey(sweep, SWEEP) == (written, [])
    assert missing(WANTED, written) == LEFT


def test_sweep_without_parts_has_none(tmp_path: Path) -> None:
    assert survey(tmp_path, SWEEP) == ([], [])
    assert set_aside(tmp_path, survey(tmp_path, SWEEP)) == []
    assert os.listdir(tmp_path) == []


def test_same_rows_make_the_same_file(sweep: Path, tmp_path: Path) -> None:
    again = write_part(tmp_path, 2, rows(cells_of(2)), cells_of(2), SWEEP)
    assert again.path.name == part(sweep, 2).name
    assert again.path.read_bytes() == part(sweep, 2).read_bytes()


@pytest.mark.parametrize("cells", [
    [], [Cell(0, 0, 2)], [Cell(0, 0, 4)], [Cell(1, 0, 3)], [Cell(0, 1, 4)],
    [Cell(0, 0, 3), Cell(0, 2, 3)], [Cell(0, 0, 2), Cell(1, 0, 1)], [Cell(0, 0, 3), Cell(1, 0, 1)],
])  # fmt: skip
def test_cells_that_are_not_those_of_the_rows_are_a_mistake(
    cells: list[Cell], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="rows of a part"):
        write_part(tmp_path, 0, rows([Cell(0, 0, 3)]), cells, SWEEP)
    assert os.listdir(tmp_path) == []


def test_rows_that_lack_one_arm_of_one_run_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="as many rows"):
        write_part(tmp_path, 0, rows([Cell(0, 0, 3)]).iloc[1:], [Cell(0, 0, 3)], SWEEP)


def test_numbers_past_six_digits_are_parts_too(tmp_path: Path) -> None:
    written = write_part(tmp_path, 1_234_567, rows([Cell(0, 0, 1)]), [Cell(0, 0, 1)], SWEEP)
    assert survey(tmp_path, SWEEP) == ([written], [])


# Damage


def test_every_flipped_bit_is_found(sweep: Path) -> None:
    """Sixty of them; ``tests/faults/test_damage.py`` flips 300 and has them run again."""
    draw = np.random.default_rng(5)
    for _ in range(60):
        number = int(draw.integers(len(NUMBERS)))
        path = part(sweep, number)
        intact = path.read_bytes()
        at, bit = int(draw.integers(len(intact))), int(draw.integers(8))
        path.write_bytes(intact[:at] + bytes([intact[at] ^ 1 << bit]) + intact[at + 1 :])
        demand_lost(sweep, {number}, bad=1)
        path.write_bytes(intact)
    demand_lost(sweep, set(), bad=0)


def test_every_other_length_is_found(sweep: Path) -> None:
    path = part(sweep, 1)
    intact = path.read_bytes()
    lengths = {0, 1, 4, 8, *range(9, len(intact), 97), len(intact) - 8, len(intact) - 1}
    for changed in [
        *(intact[:length] for length in lengths),
        intact + b"\0",
        intact + intact[:99],
        intact * 2,
    ]:
        path.write_bytes(changed)
        demand_lost(sweep, {1}, bad=1)


def test_names_exchanged_are_found(sweep: Path) -> None:
    one, two = part(sweep, 1), part(sweep, 2)
    one.rename(sweep / "kept")
    two.rename(one)
    (sweep / "kept").rename(two)
    demand_lost(sweep, {1, 2}, bad=2)


@pytest.mark.parametrize("named", [
    lambda name: name.replace("000001", "000009"),
    lambda name: name.replace("part-000001", "part-0000001"),
    lambda name: name.replace("part-000001", "part-1"),
    lambda name: name[:12] + "0" * 16 + ".parquet",
    lambda name: name.upper(),
    lambda name: name + ".bak",
    lambda name: "part-\n.parquet",
    lambda name: "part-٠٠٠٠٠١" + name[11:],
])  # fmt: skip
def test_another_name_is_found(named: Callable[[str], str], sweep: Path) -> None:
    path = part(sweep, 1)
    path.rename(path.with_name(named(path.name)))
    demand_lost(sweep, {1}, bad=1)


def test_copy_under_another_number_is_found(sweep: Path) -> None:
    path = part(sweep, 1)
    shutil.copy(path, path.with_name(path.name.replace("000001", "000000")))
    demand_lost(sweep, set(), bad=1)


def test_part_of_another_sweep_is_found(sweep: Path) -> None:
    write_part(sweep, 9, rows([Cell(50, 0, 1)]), [Cell(50, 0, 1)], "6" * 64)
    demand_lost(sweep, set(), bad=1)
    assert "another sweep" in survey(sweep, SWEEP).bad[0][1]


def test_file_with_its_own_hash_that_is_no_table_is_bad(sweep: Path) -> None:
    data = b"PAR1" + bytes(99) + b"PAR1"
    named(sweep, 9, data)
    demand_lost(sweep, set(), bad=1)
    assert survey(sweep, SWEEP).bad[0][1] == "is not a Parquet file"


def named(sweep: Path, number: int, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    (sweep / FOLDER / f"part-{number:06d}-{digest[:16]}.parquet").write_bytes(data)


@pytest.mark.parametrize("cells", [
    "", "[]", "{}", "null", "[[50, 0]]", "[[50, 0, 2, 3]]", "[50]", "[[50, 2, 0]]", "[[50, 1, 1]]",
    "[[-1, 0, 2]]", "[[50, -1, 1]]", '[["50", 0, 2]]', "[[50, 0, 2.0]]", "[[50, false, 2]]", "[[NaN, 0, 2]]",
    "[" * 33 + "]" * 33, "\0", "[[50, 0, 3]]", "[[50, 0, 2], [50, 0, 3]]",
])  # fmt: skip
def test_part_that_says_nothing_true_about_its_runs_is_bad(cells: str, sweep: Path) -> None:
    described = {b"part": b"9", b"sweep": SWEEP.encode()}
    held = rows([Cell(50, 0, 2)])
    if cells:
        described[b"cells"] = cells.encode()
    named(sweep, 9, bytes(alike_parquet(FOLDER, held, described)))
    demand_lost(sweep, set(), bad=1)
    assert " runs it " in survey(sweep, SWEEP).bad[0][1]


def test_part_without_rows_is_bad(sweep: Path) -> None:
    described = {b"part": b"9", b"sweep": SWEEP.encode(), b"cells": b"[[50, 0, 2]]"}
    named(sweep, 9, bytes(alike_parquet(FOLDER, rows([Cell(50, 0, 2)]).iloc[:0], described)))
    demand_lost(sweep, set(), bad=1)


def test_disk_that_fails_inside_a_table_is_not_taken_for_damage() -> None:
    class Failing(io.BytesIO):
        def read(self, *how: Any) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        parquet_says(Failing(b"PAR1" * 9))


@pytest.mark.parametrize(
    "cells", [[Cell(3, 2, 5)], [Cell(60, 0, 1), Cell(104, 3, 4)], [Cell(0, 0, 3)]]
)
def test_part_that_holds_runs_of_a_lower_one_is_bad(cells: list[Cell], sweep: Path) -> None:
    write_part(sweep, 9, rows(cells), cells, SWEEP)
    demand_lost(sweep, set(), bad=1)
    assert "in part" in survey(sweep, SWEEP).bad[0][1]


def test_links_folders_and_pipes_are_bad_and_not_followed(sweep: Path) -> None:
    path = part(sweep, 1)
    moved = path.rename(sweep / path.name)
    path.symlink_to(moved)
    path.with_name("part-000007-0123456789abcdef.parquet").mkdir()
    os.mkfifo(path.with_name("part-000008-0123456789abcdef.parquet"))
    path.with_name("part-000009-0123456789abcdef.parquet").symlink_to("nowhere")
    demand_lost(sweep, {1}, bad=4)
    set_aside(sweep, survey(sweep, SWEEP))
    demand_lost(sweep, {1}, bad=0)
    assert moved.is_file()


def test_folder_of_parts_that_is_a_link_is_refused(sweep: Path) -> None:
    (sweep / FOLDER).rename(sweep / "elsewhere")
    (sweep / FOLDER).symlink_to("elsewhere")
    with pytest.raises(RefusedError, match="is not a folder"):
        survey(sweep, SWEEP)


def test_part_that_vanishes_while_it_is_read_is_not_an_error(
    sweep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, opened = part(sweep, 1), parts.open_regular

    def open_late(path: Path) -> object:
        if path == gone:
            gone.unlink()
        return opened(path)

    monkeypatch.setattr(parts, "open_regular", open_late)
    demand_lost(sweep, {1}, bad=0)


def test_part_that_cannot_be_read_is_the_machines_trouble(
    sweep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_disk(path: Path) -> object:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(parts, "open_regular", no_disk)
    with pytest.raises(MachineError, match=r"part-000000-.*Input/output error"):
        survey(sweep, SWEEP)


def test_survey_changes_nothing(sweep: Path) -> None:
    part(sweep, 1).write_bytes(b"")
    (sweep / FOLDER / ".part-000007-x.parquet.1.tmp").write_bytes(b"half")
    before = {path: path.stat() for path in sorted(sweep.rglob("*"))}
    survey(sweep, SWEEP)
    after = {path: path.stat() for path in sorted(sweep.rglob("*"))}
    assert {p: (s.st_ino, s.st_mtime_ns, s.st_size) for p, s in after.items()} == {
        p: (s.st_ino, s.st_mtime_ns, s.st_size) for p, s in before.items()
    }


# Setting aside


def test_bad_parts_are_set_aside_and_kept_for_ever(sweep: Path) -> None:
    path = part(sweep, 1)
    moved = []
    for content in (b"one", b"two", b"three"):
        path.write_bytes(content)
        moved += set_aside(sweep, survey(sweep, SWEEP))
        demand_lost(sweep, {1}, bad=0)
    assert [to.name for to in moved] == [f"{path.name}{more}.bad" for more in ("", ".2", ".3")]
    assert [to.read_bytes() for to in moved] == [b"one", b"two", b"three"]
    assert {to.parent for to in moved} == {sweep / "bad"}


def test_leftover_temporary_files_are_no_parts_and_are_removed(sweep: Path) -> None:
    leftover = sweep / FOLDER / ".part-000007-0123456789abcdef.parquet.123.tmp"
    leftover.write_bytes(part(sweep, 1).read_bytes()[:99])
    other = sweep / FOLDER / ".DS_Store"
    other.write_bytes(b"")
    demand_lost(sweep, set(), bad=0)
    assert set_aside(sweep, survey(sweep, SWEEP)) == []
    assert not leftover.exists()
    assert other.exists()


def test_long_names_can_be_set_aside(sweep: Path) -> None:
    (sweep / FOLDER / ("é" * 127)).write_bytes(b"")
    assert len(set_aside(sweep, survey(sweep, SWEEP))) == 1
    demand_lost(sweep, set(), bad=0)


def test_both_folders_are_on_the_disk_after_setting_aside(
    sweep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part(sweep, 1).write_bytes(b"")
    synced, fsync = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_ino), fsync(handle))
    )
    set_aside(sweep, survey(sweep, SWEEP))
    assert synced == [path.stat().st_ino for path in (sweep, sweep / "bad", sweep / FOLDER)]


# Faults while writing


class Faults:
    """Counts the calls by which files reach the disk, and makes the one of a number fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls, self.fails_at, self.error = 0, 0, OSError()
        for name in ("fsync", "replace", "rename", "mkdir"):
            monkeypatch.setattr(os, name, self.faulty(getattr(os, name)))
        monkeypatch.setattr(Path, "write_bytes", lambda path, data: self.halves(path, data))

    def faulty(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self.fails_at:
                raise self.error
            return call(*given, **named)

        return called

    def halves(self, path: Path, data: bytes) -> None:
        with path.open("wb") as opened:
            opened.write(data[: len(data) // 2])
            opened.flush()
            self.faulty(opened.write)(data[len(data) // 2 :])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("fails_at", range(1, 7))  # mkdir, fsync, write, fsync, rename, fsync
def test_fault_at_any_call_leaves_a_whole_part_or_none(
    fails_at: int, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = Faults(monkeypatch)
    faults.fails_at, faults.error = fails_at, OSError(number, os.strerror(number))
    cells = cells_of(0)
    with pytest.raises(MachineError, match=rf"{FOLDER}.*{os.strerror(number)}"):
        write_part(tmp_path, 0, rows(cells), cells, SWEEP)
    assert faults.calls == fails_at
    files = list((tmp_path / FOLDER).iterdir()) if fails_at > 1 else []
    found = survey(tmp_path, SWEEP)
    assert ([one.path for one in found.parts], found.bad) == (files, [])
    assert len(files) == (fails_at == 6)  # the last call comes after the name
    written = write_part(tmp_path, 0, rows(cells), cells, SWEEP)
    assert survey(tmp_path, SWEEP) == ([written], [])


def test_six_calls_write_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = Faults(monkeypatch)
    write_part(tmp_path, 0, rows(cells_of(0)), cells_of(0), SWEEP)
    assert faults.calls == 6  # as many as fail in the test above


# What is still to run

written_cells = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(1, 5)), max_size=8
).map(lambda found: [Cell(point, first, first + size) for point, first, size in found])
wishes = st.dictionaries(st.integers(0, 4), st.integers(0, 16), max_size=5)


@given(written_cells, wishes, st.integers(0, 9))
def test_missing_is_the_complement_of_what_is_held(
    cells: list[Cell], wanted: dict[int, int], more: int
) -> None:
    parts = [Part(number, Path(), (cell,)) for number, cell in enumerate(cells)]
    extended = {point: replicates + more for point, replicates in wanted.items()}
    for wish in (wanted, extended):
        left = missing(wish, parts)
        asked = {(point, replicate) for point, count in wish.items() for replicate in range(count)}
        assert runs(left) == sorted(asked - set(runs(cells)))
        assert all(cell.first < cell.stop for cell in left)
        assert len(left) <= len(wish) + len(cells)  # as few cells as there are gaps
    done = [*parts, *(Part(99, Path(), (cell,)) for cell in missing(extended, parts))]
    assert missing(extended, done) == []
    assert missing(wanted, done) == []


@given(written_cells)
def test_held_ranges_are_sorted_and_apart(cells: list[Cell]) -> None:
    held = held_by_parts([Part(0, Path(), tuple(cells))])
    assert sorted({run for point, ranges in held.items() for first, stop in ranges
                   for run in runs([Cell(point, first, stop)])}) == sorted(set(runs(cells)))  # fmt: skip
    for ranges in held.values():
        assert all(one[1] < two[0] for one, two in pairwise(ranges))
