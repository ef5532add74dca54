"""The recipes of docs/clusters.md for several sweeps, on sweeps over unlike designs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyarrow import parquet

from sim import sweep
from sim.scenario.scenario import Scenario
from sim.store import tables
from tests.interface.conftest import SMALL

PAGE = Path(__file__).parents[2] / "docs" / "clusters.md"
FIRST, OTHER_KEYS = (
    block
    for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    if "read_parquet" in block
)
# The same keys with values of unlike looks: whole, fractions, and one value alone
DESIGNS: dict[str, dict[str, Any]] = {
    "a": {"denial_efficacy": "0:1:2", "arms.offer.mediator.policy": "none", "audiences.Port.importance": [1]},
    "b": {"denial_efficacy": "0:1:3", "arms.offer.mediator.policy": ["none", "scripted"],
          "audiences.Port.importance": [0.5]},
    "c": {"denial_efficacy": [0.25], "arms.offer.mediator.policy": "none", "audiences.Port.importance": [1, 2]},
}  # fmt: skip
OTHERS: dict[str, dict[str, Any]] = {
    "d": {"claimants.Aria.campaign_start": ["2025-05-22", 4], "switches.noise": "True,FALSE"},
    "e": {"claimants.Aria.campaign_start": "1:5:3", "audiences.Port.capitals": ["2", "3.0"]},
}
TYPES = {
    "denial_efficacy": "double", "arms.offer.mediator.policy": "string", "audiences.Port.importance": "double",
    "claimants.Aria.campaign_start": "int64", "switches.noise": "bool",
    "audiences.Port.capitals": "int64",
}  # fmt: skip


def swept(place: Path, designs: dict[str, dict[str, Any]]) -> dict[str, pd.DataFrame]:
    found = {}
    for name, design in designs.items():
        folder = place / "sweeps" / name
        found[name] = sweep(
            Scenario.from_yaml(SMALL), design, ["offer"], folder=folder, replicates=2,
            metrics=("lead",), report=False,
        ).runs  # fmt: skip
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("together")
    swept(folder, DESIGNS)
    return folder


def read(place: Path, monkeypatch: pytest.MonkeyPatch, *blocks: str) -> dict[str, pd.DataFrame]:
    """What each reader finds, by the words of the page."""
    monkeypatch.chdir(place)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own page
    lazy, rows = names["lazy"].collect(), names["rows"]
    return {
        "pandas": names["runs"],
        "polars": pd.DataFrame(lazy.to_dict(as_series=False)),
        "duckdb": pd.DataFrame(rows.fetchall(), columns=rows.columns),
    }


def test_sweeps_over_the_same_keys_are_one_table(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, found in read(place, monkeypatch, FIRST).items():
        assert len(found) == 2 * 2 * (2 + 3 * 2 + 2), name
        means = found.groupby("denial_efficacy")["replicate"].count().to_dict()
        assert means == {0.0: 12, 0.25: 8, 0.5: 8, 1.0: 12}, name
        assert sorted(set(found["arms.offer.mediator.policy"])) == ["none", "scripted"], name


def test_a_key_has_the_type_of_its_declaration_in_every_file(place: Path) -> None:
    for design in DESIGNS:
        folder = place / "sweeps" / design
        for part in sorted((folder / "runs.parquet").glob("*.parquet")):
            schema = parquet.read_schema(part)
            assert {key: str(schema.field(key).type) for key in DESIGNS[design]} == {
                key: TYPES[key] for key in DESIGNS[design]
            }
        for table in ("design", "summary", "comparison"):
            for frame in (tables.read(folder, table), pd.read_csv(tables.path_of(folder, table))):
                assert str(frame["denial_efficacy"].dtype) == "float64", (design, table)
                assert str(frame["audiences.Port.importance"].dtype) == "float64"
        text = tables.path_of(folder, "design").read_text("utf-8").splitlines()[1]
        assert re.fullmatch(r'0,(0\.0|0\.25),"none",(1\.0|0\.5)', text)


def test_sweeps_over_other_keys_are_one_table_with_gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = swept(tmp_path, {"a": DESIGNS["a"], **OTHERS})
    assert kept["d"]["claimants.Aria.campaign_start"].unique().tolist() == [2, 4]
    assert {str(kept[name]["claimants.Aria.campaign_start"].dtype) for name in "de"} == {"int64"}
    assert str(kept["d"]["switches.noise"].dtype) == "bool"
    assert kept["e"]["audiences.Port.capitals"].unique().tolist() == [2, 3]
    for part in tmp_path.glob("sweeps/*/runs.parquet/*.parquet"):
        schema = parquet.read_schema(part)
        for key in set(TYPES) & set(schema.names):
            assert str(schema.field(key).type) == TYPES[key], (part, key)
    for name, found in read(tmp_path, monkeypatch, FIRST, OTHER_KEYS).items():
        assert found["denial_efficacy"].notna().sum() == 8, name
        days = found["claimants.Aria.campaign_start"].dropna()
        assert days.map(int).value_counts().to_dict() == {1: 8, 2: 8, 3: 8, 4: 8, 5: 8}, name
        assert found["switches.noise"].dropna().map(bool).value_counts().to_dict() == {
            True: 8, False: 8,
        }, name  # fmt: skip
