"""Tables of a sweep say what its rows say, however the rows are kept."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import compare
from sim.running.executing import by_ensemble
from sim.running.sweeps import sweep_tables
from sim.running.sweeps.outcomes import simulate_cells
from sim.running.sweeps.sweep_tables import RowsInMemory, describe_points, failures
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.store.part_rows import Parts
from sim.store.parts import Cell, survey, write_part

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
RUNS = 40
ROUNDING = 1e-12
SWEEP = "0" * 64


@pytest.fixture(scope="module")
def study() -> Swept:
    scenario = Scenario.from_yaml(str(SMALL))
    design = pd.DataFrame({"point": [0, 1], "parity": [0.1, 0.6], "switches.noise": [True, False]})
    return Swept(scenario, {}, design, "no_offer", ("offer",), "chance", scenario.seed)


@pytest.fixture(scope="module")
def found(study: Swept) -> pd.DataFrame:
    return told(study, Cell(0, 0, RUNS), Cell(1, 0, RUNS))


def told(study: Swept, *cells: Cell) -> pd.DataFrame:
    def simulate(*given: Any, **options: Any) -> Any:
        return by_ensemble(*given, jobs=1, **options)

    return simulate_cells(study, cells, simulate)


def test_tables_are_those_of_a_comparison_at_each_point(study: Swept, found: pd.DataFrame) -> None:
    tables = describe_points(study, RowsInMemory(found))
    steps = study.scenario.steps
    for row in study.design.to_dict("records"):
        noise = str(row["switches.noise"]).lower()
        scenario = study.scenario.set({"parity": str(row["parity"]), "switches.noise": noise})
        whole = compare(scenario, pairs=RUNS, uncertain_pairs=0, every=1, channels=False)
        for name in ("summary", "comparison"):
            mine, other = getattr(tables, name), whole.frames[name]
            mine = mine[mine["point"] == row["point"]]
            assert list(mine.columns) == [*study.design.columns, *other.columns]
            assert (mine["parity"] == row["parity"]).all()
            last = np.where(other["metric"] == "incidents", steps - 1, steps)
            other = other[other["step"].isin([-1]) | (other["step"] == last)]
            other = other[other["metric"].isin(study.metrics)]
            keys = ["arm", "metric", "actor", "toward", "step"]
            keys += ["answers"] if name == "comparison" else []
            mine = mine[other.columns].sort_values(keys, ignore_index=True)
            other = other.sort_values(keys, ignore_index=True)
            drop = ["first_divergence_step"] if name == "comparison" else []
            pd.testing.assert_frame_equal(
                mine.drop(columns=drop), other.drop(columns=drop), rtol=ROUNDING, atol=ROUNDING
            )
    apart = found.loc[(found["arm"] == "offer") & (found["point"] == 0), "first_divergence_step"]
    first = tables.comparison.query("point == 0")["first_divergence_step"]
    assert set(first) == {int(apart[apart >= 0].min())}


def test_order_of_rows_moves_no_bit(
    study: Swept, found: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = describe_points(study, RowsInMemory(found))
    cells = [Cell(1, 25, RUNS), Cell(0, 0, 7), Cell(1, 0, 25), Cell(0, 7, RUNS)]
    for number, some in enumerate((cells[:2], cells[2:3], cells[3:])):
        write_part(tmp_path, number, told(study, *some), some, SWEEP)
    for ready in (sweep_tables.ROOM, 3 * RUNS):  # three outcomes at a time
        monkeypatch.setattr(sweep_tables, "ROOM", ready)
        kept = Parts(survey(tmp_path, SWEEP).parts)
        for mine, other in zip(describe_points(study, kept), expected, strict=True):
            pd.testing.assert_frame_equal(mine, other, check_exact=True)


def with_losses(found: pd.DataFrame) -> pd.DataFrame:
    gone = (found["point"] == 1) & (
        (found["arm"] == "offer") & found["replicate"].isin([3, 12])
        | (found["arm"] == "no_offer") & (found["replicate"] == 20)
    )
    apart = (found["point"] == 1) & (found["arm"] == "offer") & (found["replicate"] == 20)
    found = found.copy()
    found.loc[gone, "failed"] = "NonFiniteError: left the finite numbers on day 4"
    numbers = list(found.columns[found.columns.get_loc("offers") :])
    found.loc[gone, numbers] = np.nan
    found.loc[apart, [name for name in numbers if name.startswith("effect.")]] = np.nan
    return found


def test_lost_runs_are_listed_with_the_command_that_repeats_them(
    study: Swept, found: pd.DataFrame
) -> None:
    assert failures(study, RowsInMemory(found)).empty
    assert list(failures(study, RowsInMemory(found)).columns)[:4] == [
        *study.design.columns,
        "run_id",
    ]
    told = failures(study, RowsInMemory(with_losses(found)))
    assert told["run_id"].tolist() == [
        "p1-no_offer-chance-20",
        "p1-offer-chance-3",
        "p1-offer-chance-12",
    ]
    assert told["parity"].tolist() == [0.6] * 3
    assert shlex.split(told["replay_command"][1]) == [
        "narrate", "run", "small", "--set", "parity=0.6", "--set", "switches.noise=false",
        "--arm", "offer", "--seed", "7", "--replicate", "3",
    ]  # fmt: skip
    assert told["message"].tolist() == ["left the finite numbers on day 4"] * 3


def test_lost_runs_are_left_out(study: Swept, found: pd.DataFrame) -> None:
    tables = describe_points(study, RowsInMemory(with_losses(found)))
    levels = tables.summary.query("point == 1 and metric == 'lead'").set_index("arm")
    assert levels["n"].to_dict() == {"no_offer": RUNS - 1, "offer": RUNS - 2}
    effect = tables.comparison.query("point == 1 and metric == 'lead' and answers == 'any'")
    assert effect["n_pairs"].tolist() == [RUNS - 3, RUNS - 3]
    kept = (
        ~found["replicate"].isin([3, 12, 20]) & (found["point"] == 1) & (found["arm"] == "offer")
    )
    expected = found.loc[kept, ["effect.final.lead", "effect.window.lead"]].mean()
    np.testing.assert_allclose(effect["mean_diff"], expected, rtol=ROUNDING)


def test_nothing_to_describe_is_empty_tables(study: Swept, found: pd.DataFrame) -> None:
    tables = describe_points(study, RowsInMemory(found.iloc[:0]))
    assert all(len(table) == 0 for table in tables)
    assert list(tables.summary.columns)[:3] == list(study.design.columns)


def test_one_arm_alone_has_levels_and_no_comparison(study: Swept) -> None:
    scenario = study.scenario.arm("offer")
    alone = Swept(scenario, {}, study.design, "", (), "chance", 7)
    tables = describe_points(alone, RowsInMemory(told(alone, Cell(0, 0, 3))))
    assert tables.comparison.empty
    assert set(tables.summary["arm"]) == {""}
    assert set(tables.summary["n"]) == {3}
