"""Damage to a finished sweep: named by ``status``, mended by ``resume``, and only that."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.cli.main import main
from sim.running.sweeps import driving, pacing
from sim.store import manifest
from sim.store.hashing import content_hash
from sim.store.verifying import damaged_files
from tests.faults.driver import SMALL

PIECE, PARTS = 4, 30
SWEEP = ["sweep", "small.yaml", "--param", "parity=0,0.2,0.4", "-n", "40", "-j", "1", "-o", "out",
         "--no-report", "--quiet"]  # fmt: skip
DERIVED = ("design.csv", "summary.csv", "comparison.csv", "failures.csv", "sources.csv",
           "scenario.resolved.yaml")  # fmt: skip
MANIFEST, IDENTITY = "manifest.json", "sweep.json"
Change = Callable[[Path], None]


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Sweep:
    """A copy of a finished sweep, and what ``resume`` does with it."""

    def __init__(self, folder: Path, hash: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.hash, self._capsys = folder, hash, capsys
        self.pairs_run = 0

    @property
    def parts(self) -> list[Path]:
        return sorted(self.folder.glob("runs.parquet/part-*"))

    def call(self, *words: str) -> Said:
        self._capsys.readouterr()
        return Said(main(words), *self._capsys.readouterr())

    def resume(self) -> Said:
        return self.call("resume", "out", "--no-report", "-j", "1")

    def verified(self) -> Said:
        return self.call("status", "out", "--verify")

    def demand_mended(self, parts: int) -> None:
        """So many parts were run again and no more, and the sweep says what it said."""
        self.pairs_run = 0
        said = self.resume()
        assert said.code == 0, said
        assert self.pairs_run == parts * PIECE
        assert content_hash(self.folder) == self.hash
        assert self.verified().code == 0
        assert len(self.parts) == PARTS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made")
    shutil.copy(SMALL, place / "small.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        cut(patch)
        assert main(SWEEP) == 0
    return place


def cut(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pacing, "MOST", PIECE)
    patch.setattr(pacing.Pace.__init__, "__defaults__", (PIECE, 1e9))


@pytest.fixture
def sweep(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Sweep:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    cut(monkeypatch)
    found = Sweep(tmp_path / "out", content_hash(made / "out"), capsys)
    simulate_cells = driving.simulate_cells

    def counted(swept: Any, cells: Any, *more: Any) -> Any:
        found.pairs_run += pacing.pairs_of(cells)
        return simulate_cells(swept, cells, *more)

    monkeypatch.setattr(driving, "simulate_cells", counted)
    return found


def flip(path: Path, draw: np.random.Generator) -> None:
    """Turn one bit of a file round."""
    data = bytearray(path.read_bytes())
    data[int(draw.integers(len(data)))] ^= 1 << int(draw.integers(8))
    path.write_bytes(data)


# Parts


@pytest.mark.slow
def test_three_hundred_flipped_bits_are_found_and_run_again(sweep: Sweep) -> None:
    """One in each of 25 parts, twelve times; the other five are left as they are."""
    draw = np.random.default_rng(11)
    for count in range(1, 13):
        struck = [sweep.parts[i] for i in draw.choice(PARTS, 25, replace=False)]
        for path in struck:
            flip(path, draw)
        spared = {path: path.stat().st_mtime_ns for path in sweep.parts if path not in struck}
        sweep.demand_mended(25)
        assert {path: path.stat().st_mtime_ns for path in spared} == spared
        bad = [path.name for path in sweep.folder.glob("bad/*.bad")]
        assert len(bad) == 25 * count
        assert {path.name for path in struck} <= {
            re.sub(r"(\.\d+)?\.bad$", "", name) for name in bad
        }


def rename(path: Path) -> None:
    path.rename(path.with_name(path.name.replace("part-0", "part-7")))


def swap(path: Path) -> None:
    other = next(p for p in sorted(path.parent.glob("part-*")) if p != path)
    kept = path.parent / ".kept"
    path.rename(kept)
    other.rename(path)
    kept.rename(other)


@pytest.mark.parametrize(
    ("change", "parts", "bad"),  # parts run again; files that are set aside
    [
        (lambda path: os.truncate(path, path.stat().st_size // 2), 1, 1),
        (lambda path: os.truncate(path, 0), 1, 1),
        (Path.unlink, 1, 0),
        (rename, 1, 1),
        (swap, 2, 2),
        (lambda path: shutil.copy(path, path.with_name("part-000099-" + path.name[12:])), 0, 1),
    ],
    ids=["half", "empty", "gone", "renamed", "swapped", "doubled"],
)
def test_part_that_is_not_as_it_was_written_is_run_again(
    change: Change, parts: int, bad: int, sweep: Sweep
) -> None:
    change(sweep.parts[4])
    said = sweep.verified()
    assert (said.code, said.out.count("damaged: part-")) == (1, bad)
    assert ("not all runs are there" in said.out) == (parts > 0)
    sweep.demand_mended(parts)
    assert len(list(sweep.folder.glob("bad/*"))) == bad


# Everything else


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("change", [half, Path.unlink], ids=["half", "gone"])
def test_what_follows_from_the_rest_is_written_anew(change: Change, sweep: Sweep) -> None:
    before = {name: (sweep.folder / name).read_bytes() for name in DERIVED}
    for name in DERIVED:
        change(sweep.folder / name)
    said = sweep.verified()
    assert said.code == 1
    for name in DERIVED:
        assert f"damaged: {name}: is " in said.out
    sweep.demand_mended(0)
    assert {name: (sweep.folder / name).read_bytes() for name in DERIVED} == before


@pytest.mark.parametrize("change", [half, Path.unlink], ids=["half", "gone"])
def test_lost_manifest_is_written_anew(change: Change, sweep: Sweep) -> None:
    change(sweep.folder / MANIFEST)
    half(sweep.folder / "summary.csv")  # which nobody can tell any more
    said = sweep.verified()
    assert (said.code, said.out.count("damaged: ")) == (1, 1)
    assert f"damaged: {MANIFEST}: is missing or damaged" in said.out
    sweep.demand_mended(0)


def test_any_flipped_bit_of_the_manifest_is_found(sweep: Sweep) -> None:
    path, draw = sweep.folder / MANIFEST, np.random.default_rng(3)
    intact = path.read_bytes()
    for _ in range(200):
        flip(path, draw)
        assert damaged_files(sweep.folder), path.read_bytes()
        path.write_bytes(intact)
    assert damaged_files(sweep.folder) == []


@pytest.mark.parametrize("change", [half, Path.unlink], ids=["half", "gone"])
def test_nothing_goes_on_without_knowing_what_was_swept(change: Change, sweep: Sweep) -> None:
    change(sweep.folder / IDENTITY)
    before = contents(sweep.folder)
    for words in (["resume", "out"], SWEEP):
        said = sweep.call(*words)
        assert said.code == 3, said
    assert re.match(rf"error: out/{IDENTITY}: is (damaged|missing)", sweep.resume().err)
    assert sweep.verified().code == 1
    assert f"damaged: out/{IDENTITY}: is " in sweep.verified().out
    assert contents(sweep.folder) == before


def test_extension_is_known_when_its_driver_and_the_manifest_are_lost(sweep: Sweep) -> None:
    assert sweep.call("resume", "out", "-n", "56", "--no-report", "-j", "1").code == 0
    whole = content_hash(sweep.folder)
    # as a kill leaves it: the manifest of the start, some parts, old tables
    for lost in ("kept", "gone"):
        manifest.write_manifest(sweep.folder, {"status": manifest.RUNNING, "replicates": 56})
        for part in sweep.parts[-3:-1]:
            part.unlink()
        if lost == "gone":
            (sweep.folder / MANIFEST).unlink()
        assert sweep.resume().code == 0
        assert content_hash(sweep.folder) == whole


def test_finished_sweep_is_left_alone(sweep: Sweep) -> None:
    before = contents(sweep.folder)
    said = sweep.resume()
    assert (said.code, said.out) == (0, "out: the sweep is whole; nothing to do\n")
    assert sweep.verified().code == 0
    assert contents(sweep.folder) == before


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time and bytes, but who holds the folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (".lock", ".door")
    }
