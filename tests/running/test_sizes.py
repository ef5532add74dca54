"""What is said of a study before it begins, beside what it then takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engines.ensemble.statistics import MOST_SMALL, Statistics, describe_block
from sim.errors import MachineError
from sim.running import sizes
from sim.running.sweeps.sweep_tables import MOST_POINTS
from sim.scenario.scenario import Scenario
from sim.store import memory
from sim.store.results import read_results
from sim.studies.compare import PairedRuns
from sim.studies.sweep import Sweep
from sim.world.building import build

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
ROOM = 0.30  # what a forecast of the disk may be off by


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "arm"), [("kashmir_2025", "mediation"), ("symmetric", ""), (str(SMALL), "offer")]
)
def test_rows_of_a_told_run_are_known_before(name: str, arm: str) -> None:
    scenario = Scenario.from_yaml(name)
    told = sim.run(scenario, arm=arm)
    known = sizes.run_rows(build(scenario.arm(arm) if arm else scenario))
    for table, frame in told.frames.items():
        if len(frame) > 1000:  # a few rows more or less are no matter of room
            assert known[table] == pytest.approx(len(frame), rel=ROOM), table


def test_disk_of_a_comparison_is_known_before(tmp_path: Path) -> None:
    scenario = Scenario.from_yaml("kashmir_2025")
    pairs = {"chance": 20, "parameters": 20}
    known = PairedRuns(scenario, "no_mediation", ["mediation"], pairs).size(report=False)
    study = sim.compare(scenario, arms=["mediation"], pairs=20)
    assert bytes_in(study.save(tmp_path / "out", report=False)) == pytest.approx(
        known.disk, rel=ROOM
    )
    frames = study.frames
    held = sum(len(frames[name]) for name in ("summary", "comparison", "channels"))
    assert known.after == pytest.approx(
        sizes.DESCRIBE * held + sizes.TELL * 2 * (66e3 + 19e3 + 33e3), rel=ROOM
    )


def test_disk_of_a_sweep_is_known_before(tmp_path: Path) -> None:
    """Of many points the tables take more than the rows."""
    points = {"parity": "0:0.6:60"}
    study = sim.sweep("kashmir_2025", points, ["mediation"], replicates=2)
    assert isinstance(study, Sweep)
    known = sizes.sweep_size(study.swept, 120, report=False)
    assert bytes_in(study.save(tmp_path / "out", report=False)) == pytest.approx(
        known.disk, rel=ROOM
    )
    assert len(study.design) < MOST_POINTS


def test_too_long_a_run_has_its_metrics_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = sim.compare(str(SMALL), pairs=4)
    whole = study.save(tmp_path / "whole", report=False)
    monkeypatch.setattr(sizes, "MOST_TOLD", 10)
    bounded = sim.compare(str(SMALL), pairs=4).save(tmp_path / "bounded", report=False)
    for folder, told in ((whole, ["no_offer", "offer"]), (bounded, [])):
        assert json.loads((folder / "manifest.json").read_text())["told_in_full"] == told
        assert (len(pd.read_parquet(folder / "messages.parquet")) > 0) == bool(told)
        assert (len(pd.read_parquet(folder / "ledger.parquet")) > 0) == bool(told)
    series = [pd.read_parquet(folder / "timeseries.parquet") for folder in (whole, bounded)]
    pd.testing.assert_frame_equal(*series, rtol=0.0, atol=1e-12)  # as far as both engines agree


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with very little memory free."""
    monkeypatch.setattr(memory, "free_memory", lambda: 1e6)


@pytest.mark.usefixtures("crowded")
def test_what_will_not_fit_into_memory_is_refused_before_it_begins(tmp_path: Path) -> None:
    from sim.cli.main import main

    asks: list[Callable[[], object]] = [
        lambda: sim.compare(str(SMALL), pairs=4),
        lambda: sim.run(str(SMALL), arm="offer"),
    ]
    for ask in asks:
        with pytest.raises(MachineError, match=r"memory: about \d+ MB are needed, and 1 MB are"):
            ask()
    out = tmp_path / "out"
    for words in (["compare", str(SMALL)], ["run", str(SMALL), "--arm", "offer"]):
        assert main([*words, "--out", str(out), "--quiet"]) == 4
    assert not out.exists()


@pytest.mark.usefixtures("crowded")
def test_report_of_more_rows_than_fit_is_refused_before_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "runs.parquet").mkdir()
    known = {"counts": {"asked": 10**9, "used": 10**9 - 5, "failed": 5}}
    (tmp_path / "manifest.json").write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(MachineError, match="about 250,000 MB are needed"):
        read_results(tmp_path)


def test_counts_of_very_many_runs_do_not_run_over() -> None:
    block = describe_block(np.zeros((1, 256)))  # all in one bin
    found = Statistics(block)
    while found.n <= MOST_SMALL + 1000:
        found.add(block)
    assert found._counts.sum() == found.n
