"""Whatever befalls a sweep's folder, in whatever order: one ``resume`` makes its rows whole.

The driver and the store are the real ones; runs are made up, a few numbers of their point and
replicate, so that a step takes milliseconds. A kill is an exception that nothing catches, raised
where files are written; what a real kill leaves beside that (temporary files) is put there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sim.errors import RefusedError
from sim.running.sweeps import pacing, sweep_folder
from sim.running.sweeps.driving import Asked, carry_out
from sim.running.sweeps.keeping import all_rows
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import lock, manifest, parts
from sim.store.parts import Cell
from sim.studies.designs.planning import plan_study
from sim.studies.sweep import plan_sweep
from tests.faults.driver import SMALL

POINTS, FIRST, MOST = 3, 5, 12  # of replicates
SEEN: Counter[str] = Counter()  # what the examples came to


class Killed(BaseException):
    """The end of the driver."""


def work(swept: Swept, cells: Sequence[Cell], progress: Any) -> pd.DataFrame:
    """Rows that depend on the run alone."""
    runs = [(c.point, r, arm) for c in cells
            for r, arm in product(range(c.first, c.stop), ("no_offer", "offer"))]  # fmt: skip
    points, replicates, arms = (list(column) for column in zip(*runs, strict=True))
    values = [hash((p, r, len(arm))) % 997 / 7.0 for p, r, arm in runs]
    return pd.DataFrame(
        {"point": points, "arm": arms, "replicate": replicates, "final.lead": values}
    )


@contextmanager
def workers() -> Iterator[tuple[Any, int]]:
    yield work, 2


@cache
def what_is_swept() -> Swept:
    scenario = Scenario.from_yaml(SMALL)
    points = plan_study(
        scenario, {"parity": [0.0, 0.2, 0.4]}, "grid", 1, None, ["no_offer", "offer"]
    )
    return plan_sweep(scenario, points)


@cache
def unbroken(replicates: int) -> pd.DataFrame:
    return work(what_is_swept(), [Cell(p, 0, replicates) for p in range(POINTS)], None)


class Sweeps(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.folder, self.moves = self.place / "sweep", 0
        self.asked = FIRST  # replicates that a resume must come to
        self.set_aside: set[str] = set()
        self.backup: list[tuple[str, bytes]] = []
        self.known: sweep_folder.SweepFolder | None = None

    def teardown(self) -> None:
        self.whole_at_last()
        shutil.rmtree(self.place)

    # What a driver does

    @initialize(dies=st.integers(0, 12))
    def start(self, dies: int) -> None:
        self.drive(dies)

    @rule(dies=st.integers(0, 14), size=st.integers(1, 7))
    def resume(self, dies: int, size: int) -> None:
        """Go on; be killed at the call of that number by which files are written (0: at none)."""
        self.drive(dies, size=size)

    @rule(more=st.integers(1, 3), dies=st.integers(0, 14), size=st.integers(1, 7))
    def extend(self, more: int, dies: int, size: int) -> None:
        if self.begun():
            self.drive(dies, min(self.asked + more, MOST), size)
            SEEN["extended"] += 1

    def begun(self) -> bool:
        return sweep_folder.is_sweep(self.folder)

    def drive(self, dies: int = 0, replicates: int = FIRST, size: int = 4) -> None:
        """As the verbs do: claim or read, hold, clear, set aside, carry out, close the manifest."""
        swept = what_is_swept()
        left = [dies]

        def struck(path: Path) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pacing.Pace.__init__, "__defaults__", (size, 1e9))
            patch.setattr(pacing, "MOST", size)
            for module in (folders, parts):
                patch.setattr(module, "to_disk", struck)  # before and after each rename
            try:
                if not self.begun():
                    sweep_folder.claim(self.folder)
                with lock.hold(self.folder):
                    folders.clear_leftovers(self.folder)
                    if self.begun():
                        known = sweep_folder.read_sweep(self.folder)
                    else:
                        known = sweep_folder.begin(self.folder, swept, "ensemble", Asked(FIRST))
                    self.known = known
                    found = known.survey()
                    keep = known.keep(found)
                    asked = known.asked_by_now(keep)
                    assert asked.replicates == self.asked
                    asked = Asked(max(asked.replicates, replicates))
                    self.set_aside |= {path.name for path in parts.set_aside(self.folder, found)}
                    manifest.write_manifest(
                        self.folder, {"status": manifest.RUNNING, **asked.words()}
                    )
                    self.asked = asked.replicates
                    carry_out(swept, asked, keep, workers, None)
                    manifest.write_manifest(
                        self.folder, {"status": manifest.COMPLETE, **asked.words()}
                    )
                    self.demand_whole()
                    SEEN["finished"] += 1
            except Killed:
                said = manifest.read_intact(self.folder).get("replicates", self.asked)
                self.asked = max(self.asked, said)  # the rename may have come before the kill
                SEEN["killed"] += 1
                SEEN["killed between parts"] += 0 < len(self.parts()) < POINTS

    # What befalls the folder

    def parts(self) -> list[Path]:
        return sorted(self.folder.glob("runs.parquet/part-*"))

    def one(self, number: int) -> Path | None:
        found = self.parts()
        return found[number % len(found)] if found else None

    @rule(number=st.integers(0, 20), bit=st.integers(0, 10**6))
    def flip(self, number: int, bit: int) -> None:
        if path := self.one(number):
            data = bytearray(path.read_bytes())
            data[bit // 8 % len(data)] ^= 1 << bit % 8
            path.write_bytes(data)
            SEEN["flipped"] += 1

    @rule(number=st.integers(0, 20), length=st.integers(0, 5000))
    def truncate(self, number: int, length: int) -> None:
        if path := self.one(number):
            path.write_bytes(path.read_bytes()[:length])
            SEEN["truncated"] += 1

    @rule(number=st.integers(0, 20))
    def delete(self, number: int) -> None:
        if path := self.one(number):
            self.backup.append((path.name, path.read_bytes()))
            path.unlink()
            SEEN["deleted"] += 1

    @rule()
    def bring_back(self) -> None:
        """A deleted part from a backup, when its runs have been done again."""
        if self.backup and self.begun():
            self.drive(0, self.asked)
            name, data = self.backup.pop()
            (self.folder / "runs.parquet" / name).write_bytes(data)
            SEEN["brought back"] += 1

    @rule(one=st.integers(0, 20), two=st.integers(0, 20))
    def swap(self, one: int, two: int) -> None:
        first, second = self.one(one), self.one(two)
        if first and second and first != second:
            kept = self.place / "kept"
            first.rename(kept)
            second.rename(first)
            kept.rename(second)
            SEEN["swapped"] += 1

    @rule(number=st.integers(0, 20), to=st.integers(0, 20))
    def rename(self, number: int, to: int) -> None:
        if path := self.one(number):
            path.rename(path.with_name(f"part-{to:06d}{path.name[11:]}"))
            SEEN["renamed"] += 1

    @rule(number=st.integers(0, 20), to=st.integers(0, 20))
    def copy(self, number: int, to: int) -> None:
        if path := self.one(number):
            target = path.with_name(f"part-{to:06d}{path.name[11:]}")
            if not target.exists():
                shutil.copy(path, target)
                SEEN["copied"] += 1

    @rule(
        name=st.sampled_from(
            [".sweep.json.7.tmp", "runs.parquet/.part-000003-0123456789abcdef.parquet.7.tmp"]
        )
    )
    def leave_half_a_file(self, name: str) -> None:
        if (self.folder / name).parent.is_dir():
            (self.folder / name).write_bytes(b"{")
            SEEN["half a file"] += 1

    @rule()
    def move(self) -> None:
        if self.folder.exists():
            self.moves += 1
            target = self.place / f"moved{self.moves}"
            self.folder.rename(target)
            self.folder = target
            SEEN["moved"] += 1

    @rule()
    def look(self) -> None:
        """As ``status`` does; nothing is changed."""
        if self.begun():
            before = {p: p.stat().st_mtime_ns for p in self.folder.rglob("*")}
            sweep_folder.read_sweep(self.folder).survey()
            assert {p: p.stat().st_mtime_ns for p in self.folder.rglob("*")} == before

    @rule()
    def begin_another(self) -> None:
        """A sweep into the same folder is refused."""
        if self.begun():
            with pytest.raises(RefusedError):
                sweep_folder.claim(self.folder)

    # What holds

    @invariant()
    def what_is_held_is_true(self) -> None:
        """Every intact part holds true rows, no run is in two, whatever else lies about."""
        if self.known is None:
            return
        known = self.known._replace(folder=self.folder)
        keep = known.keep(known.survey())
        if not keep.pairs:
            return
        rows = all_rows(keep)
        assert not rows.duplicated(["point", "arm", "replicate"]).any()
        true = rows.merge(unbroken(MOST), how="left", on=["point", "arm", "replicate"])
        assert (true["final.lead_x"] == true["final.lead_y"]).all()

    def demand_whole(self) -> None:
        known = sweep_folder.read_sweep(self.folder)
        found = known.survey()
        assert found.bad == []
        pd.testing.assert_frame_equal(all_rows(known.keep(found)), unbroken(self.asked))
        assert list(self.folder.rglob("*.tmp")) == []

    def whole_at_last(self) -> None:
        self.drive(0, self.asked)
        self.demand_whole()
        for name in self.set_aside:  # what was set aside is kept for ever
            assert (self.folder / "bad" / name).exists()


TestSweeps = Sweeps.TestCase
TestSweeps.settings = settings(max_examples=40, stateful_step_count=16)
TestSweeps.pytestmark = [pytest.mark.slow]


def test_examples_came_to_every_state() -> None:
    """After the test above, in the same process."""
    if not SEEN:
        pytest.skip("the examples ran in another process, or not")
    for what in ("killed", "killed between parts", "finished", "extended", "half a file", "moved"):
        assert SEEN[what] >= 3, (what, SEEN)
    hurt = ("flipped", "truncated", "deleted", "swapped", "renamed", "copied", "brought back")
    assert sum(SEEN[what] for what in hurt) >= 20, SEEN
