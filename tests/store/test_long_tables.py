"""Tables by day: the CSV has what people open, the Parquet file every day; old folders are read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim import compare
from sim.report.writing import write_report
from sim.scenario.scenario import Scenario
from sim.store import tables
from sim.store.hashing import content_hash, frame_hash
from sim.store.results import read_results
from sim.store.verifying import damaged_files
from sim.studies.compare import Comparison

BY_DAY = ("summary", "comparison", "channels")
CASE = Path(__file__).parents[1] / "interface" / "small.yaml"


@pytest.fixture(scope="module")
def study() -> Comparison:
    return compare(Scenario.from_yaml(CASE), pairs=8)


@pytest.fixture(scope="module")
def folder(study: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return study.save(tmp_path_factory.mktemp("long") / "new", report=False)


@pytest.mark.parametrize("name", BY_DAY)
def test_csv_has_the_last_day_and_the_mean_over_the_offer(
    study: Comparison, folder: Path, name: str
) -> None:
    whole, opened = study.frames[name], pd.read_csv(folder / f"{name}.csv", keep_default_na=False)
    steps = study.scenario.steps
    ends = {metric: set(rows["step"]) for metric, rows in opened.groupby("metric")}
    offered = set() if name == "summary" else {-1}
    assert ends["alignment"] == {steps} | offered
    assert ends["incidents"] == {steps - 1} | offered  # of the day that ended
    assert len(opened) == sum(
        whole["step"].isin([-1, steps - (name == "incidents")])[whole["metric"] == name].sum()
        for name in whole["metric"].unique()
    )
    assert 0 < len(opened) < len(whole) / 4


@pytest.mark.parametrize("name", BY_DAY)
def test_parquet_has_every_day_as_it_was_computed(
    study: Comparison, folder: Path, name: str
) -> None:
    whole = study.frames[name]
    pd.testing.assert_frame_equal(
        pd.read_parquet(folder / f"{name}.parquet"), whole, check_exact=True, check_dtype=False
    )
    assert frame_hash(name, tables.read(folder, name)) == frame_hash(name, whole)


def of_earlier_versions(study: Comparison, folder: Path, place: Path) -> Path:
    """The same results as they were written before: every day in the CSV."""
    place.mkdir()
    for path in folder.iterdir():
        if path.stem not in BY_DAY:
            (place / path.name).write_bytes(path.read_bytes())
    for name in BY_DAY:
        tables.write_csv(place / f"{name}.csv", study.frames[name])
    return place


def test_old_folders_say_the_same(study: Comparison, folder: Path, tmp_path: Path) -> None:
    old = of_earlier_versions(study, folder, tmp_path / "old")
    assert content_hash(old) == content_hash(folder)
    for name, frame in read_results(folder).tables.items():
        pd.testing.assert_frame_equal(read_results(old).tables[name], frame, check_exact=True)


def test_page_is_drawn_from_the_long_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.report.figures import saving

    monkeypatch.setattr(saving, "render_bytes", lambda *_: b"<svg></svg>")
    told = write_report(folder).read_text(encoding="utf-8")
    assert 'id="figure-alignment"' in told
    assert 'id="figure-effect"' in told


def test_a_change_in_either_file_is_found(study: Comparison, tmp_path: Path) -> None:
    place = study.save(tmp_path / "changed", report=False)
    assert damaged_files(place) == []
    known = content_hash(place)
    for file in ("comparison.csv", "comparison.parquet"):
        whole = (place / file).read_bytes()
        (place / file).write_bytes(whole[:-1] + b"x")
        assert damaged_files(place) == [f"{file}: is not as it was written"]
        (place / file).write_bytes(whole)
    (place / "comparison.parquet").unlink()
    assert damaged_files(place) == ["comparison.parquet: is missing"]
    assert content_hash(place) != known


def test_points_of_a_sweep_keep_their_own_last_day(tmp_path: Path) -> None:
    """All that a sweep says of its points is opened, though one is shorter than another."""
    rows = [
        {"point": point, "steps": steps, "metric": metric, "step": step, "mean_diff": 0.5}
        for point, steps in ((0, 10), (1, 20))
        for metric, step in (("lead", steps), ("incidents", steps - 1), ("lead", -1))
    ]
    frame = pd.DataFrame(rows)
    assert tables.write(tmp_path, "comparison", frame) == [tmp_path / "comparison.csv"]
    assert len(tables.read(tmp_path, "comparison")) == len(frame)
