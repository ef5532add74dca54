"""V9: exchange the claimants' positions in the file, and nothing but the sign changes.

Names travel with their data, so draws stay with whom they belong to. Exactly: max error 0.0.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings

from sim.cli.main import main
from sim.engines.agents import NarrativeModel
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from sim.tables.metrics import values
from sim.world.arrays import Record, World
from sim.world.building import build
from tests.conftest import JIT
from tests.engines.cases import LONG, case, row, shipped_arms, shipped_case
from tests.engines.comparing import record_of_run, run_agents, run_compiled
from tests.generators import Document, mirrored, scenarios

NEGATED = ("alignment", "alignment_shift", "lead")
UNCHANGED = (
    "tension", "mediation", "salience", "attention", "credence", "regard", "polarization",
)  # fmt: skip
EXCHANGED = ("sympathy", "credibility", "incidents", "accepted", "share_of_voice", "wedge")


def check_mirror(worlds: tuple[World, World], records: tuple[Record, Record]) -> None:
    def both(name: str) -> tuple[Any, Any]:
        return tuple(values(name, r, w) for r, w in zip(records, worlds, strict=True))

    for name in NEGATED:
        one, other = both(name)
        assert (one == -other).all(), name
    for name in UNCHANGED:
        one, other = both(name)
        assert (one == other).all(), name
    for name in EXCHANGED:
        one, other = both(name)
        assert (one == other[..., ::-1]).all(), name
    one, other = records
    assert (one.diplomacy.offered == other.diplomacy.offered).all()
    assert (one.diplomacy.accepted == other.diplomacy.accepted[:, ::-1]).all()
    assert (one.evidence == other.evidence).all()
    assert (one.effort == other.effort[..., ::-1]).all()


def check(one: Scenario, other: Scenario, seed: int) -> None:
    assert other.claimants == one.claimants[::-1]
    worlds = build(one), build(other)
    check_mirror(worlds, (run_agents(one, seed, 2), run_agents(other, seed, 2)))
    counts = [
        record_of_run(run_compiled(scenario, seed, [2]).record, 0) for scenario in (one, other)
    ]
    check_mirror(worlds, (counts[0], counts[1]))


@pytest.mark.parametrize(("name", "arm"), shipped_arms())
def test_shipped_scenario_mirrors_exactly(name: str, arm: str) -> None:
    scenario = shipped_case(name, arm)
    scenario = scenario.replace(steps=min(scenario.steps, 130 if JIT else 30))
    other = Scenario.from_dict(mirrored(scenario.to_dict(arms=False)))
    check(scenario, other, 3)


@pytest.mark.slow
@settings(max_examples=60 if JIT else 25)
@given(document=scenarios())
def test_made_scenarios_mirror_exactly(document: Document) -> None:
    check(Scenario.from_dict(document), Scenario.from_dict(mirrored(document)), 1)


def test_drawn_parameters_and_judgements_mirror_exactly() -> None:
    for number in range(30):
        one, other = case(number), Scenario.from_dict(mirrored(row(80)[number]))
        records = run_agents(one, 5, 1, uncertain=True), run_agents(other, 5, 1, uncertain=True)
        check_mirror((build(one), build(other)), records)


def test_what_is_said_mirrors_too() -> None:
    """The same messages in another order: by sender's name, receivers and efforts equal."""
    replies = 0
    for number in range(40):
        said = []
        for document in (row(80)[number], mirrored(row(80)[number])):
            model = NarrativeModel(Scenario.from_dict(document), seed=1)
            model.run()
            names = model.world.names
            said.append(
                sorted(
                    (message.day, names.claimants[message.sender], message.channel, message.kind,
                     message.narrative, message.issue, message.claim, message.evidence,
                     tuple(message.receivers), tuple(message.efforts))
                    for message in model.messages
                )
            )  # fmt: skip
            replies += sum(bool(message.in_reply_to) for message in model.messages)
        assert said[0] == said[1]
    assert replies > 50


def test_mirrored_cases_are_not_symmetric_already() -> None:
    """A case that equals its mirror image would show nothing."""
    uneven = 0
    for number in range(20):
        record = run_agents(case(number), 1, 2)
        uneven += (record.sympathy[..., 0] != record.sympathy[..., 1]).any()
    assert uneven >= 15


def run_file(folder: Path, name: str, document: Document) -> pd.DataFrame:
    """Write a scenario file, run it through the command line in-process, read its timeseries."""
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    out = folder / name
    words = ["run", str(file), "--seed", "5", "--quiet", "--no-report", "--no-ledger"]
    assert main([*words, "--out", str(out)]) == 0
    table = pd.read_parquet(
        out / "timeseries.parquet", columns=["metric", "actor", "step", "value"]
    )
    alignment = table[table["metric"].astype(str) == "alignment"]
    return alignment.astype({"actor": str}).set_index(["actor", "step"])["value"].sort_index()


def check_files(folder: Path, document: Document) -> None:
    one = run_file(folder, "one", document)
    other = run_file(folder, "other", mirrored(document))
    assert one.index.equals(other.index)
    assert len(one) > 0
    assert (one == -other).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in shipped.names() if name not in LONG])
def test_shipped_file_mirrors_exactly_through_the_command_line(name: str, tmp_path: Path) -> None:
    """With mediation, where it has such an arm; all arms above."""
    scenario = shipped_case(name)
    arm = "mediation" if "mediation" in scenario.arms else ""
    check_files(tmp_path, shipped_case(name, arm).to_dict(arms=False))


@pytest.mark.slow
@settings(max_examples=10 if JIT else 5)  # of more without files, above
@given(document=scenarios())
def test_made_files_mirror_exactly_through_the_command_line(
    tmp_path_factory: pytest.TempPathFactory, document: Document
) -> None:
    check_files(tmp_path_factory.mktemp("mirror"), document)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mesa", "ensemble"])
def test_two_files_mirror_exactly_through_the_command_line(tmp_path: Path, engine: str) -> None:
    document = shipped_case("kashmir_2025", "mediation").to_dict(arms=False)
    tables = []
    for name, content in (("one", document), ("other", mirrored(document))):
        file = tmp_path / f"{name}.yaml"
        file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        command = [sys.executable, "-m", "sim", "run", str(file), "--steps", "60", "--seed", "5"]
        command += ["--engine", engine, "--quiet", "--no-report", "--out", str(tmp_path / name)]
        subprocess.run(command, check=True, cwd=tmp_path, capture_output=True)
        table = pd.read_parquet(tmp_path / name / "timeseries.parquet")
        keys = [table[column].astype(str) for column in ("metric", "actor", "toward")]
        table.index = pd.MultiIndex.from_arrays([table["step"], *keys])
        tables.append(table["value"].sort_index())
    one, other = tables
    assert one.index.equals(other.index)
    metric = one.index.get_level_values("metric")
    negated = metric.isin(NEGATED)
    assert set(NEGATED) <= set(metric)
    assert {"tension", "incidents", "mediation"} <= set(metric)
    assert (one[negated] == -other[negated]).all()
    assert (one[~negated] == other[~negated]).all()
    assert one[negated].abs().max() > 0.1
