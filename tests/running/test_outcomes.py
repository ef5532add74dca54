"""Rows of a sweep: each is what its run alone gives, in whatever company it was run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.api import run
from sim.errors import InputError
from sim.parameters import SPECS, WHOLE_NUMBERS
from sim.running import blocks, executing
from sim.running.executing import Batch, Simulate, by_ensemble
from sim.running.sweeps.outcomes import GROUPS, simulate_cells
from sim.running.sweeps.swept import DEFAULT, FACTS, Swept, check_sweep, find_sharing
from sim.scenario.assignments import setting_text
from sim.scenario.scenario import Scenario
from sim.store.parts import Cell
from sim.tables import metrics

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
ROUNDING = 1e-12  # the engines add in different orders
DESIGN = pd.DataFrame(
    {
        "point": range(5),
        "parity": [0.1, 0.4, 0.4, 0.9, 0.0],
        "anchor_pull": [0.03, 0.05, 0.12, 0.07, 0.07],
        "salience_half_life": [4, 10, 10, 25, 7],
        "parameters.audience_cost": [0.0, 0.05, 0.1, 0.0, 0.05],
        "switches.noise": [True, True, False, True, True],
    }
)
KEYS = list(DESIGN.columns[1:])


CELLS = [Cell(0, 0, 3), Cell(3, 2, 4), Cell(1, 0, 21), Cell(2, 5, 6), Cell(4, 0, 2), Cell(0, 7, 9)]


@pytest.fixture
def small() -> Scenario:
    return Scenario.from_yaml(str(SMALL)).set({"audiences.Port.anchor_pull": "0.06"})


def swept(scenario: Scenario, design: pd.DataFrame = DESIGN, **changes: Any) -> Swept:
    arms = {"base": "no_offer", "arms": ("offer",)}
    given = {"scenarios": {}, "kind": "chance", "seed": 11, **arms, **changes}
    return Swept(scenario, design=design, **given)


def told(study: Swept, cells: list[Cell], simulate: Simulate | None = None) -> pd.DataFrame:
    return simulate_cells(study, cells, simulate or partial(by_ensemble, jobs=1))


def by_agents() -> Simulate:
    """The agents' engine in this process."""
    return executing.one_thread_engine("mesa")


def named(key: tuple[str, ...]) -> str:
    return ".".join(part for part in key if part)


def expected(scenario: Scenario, row: Any, **options: Any) -> Iterator[tuple[str, float]]:
    """What the columns of levels must be for one row."""
    placed = scenario.set({key: setting_text(row[key]) for key in options.pop("keys", KEYS)})
    options = {"engine": "ensemble", "uncertain": row["uncertainty"] == "parameters"} | options
    told = run(placed, row["arm"], row["seed"], row["replicate"], **options)
    offered = told.record.diplomacy.offered
    length = int(told.world.parameters.mediation_length)
    yield "offers", offered.sum()
    yield "incidents", told.record.incidents.sum()
    yield "peak_tension", told.record.tension.max()
    for name in DEFAULT:
        cube = metrics.values(name, told.record, told.world)
        for i, key in enumerate(blocks.keys_of(name, told.world)):
            series = cube.reshape(len(cube), -1)[:, i]
            label = named((name, *key))
            yield f"final.{label}", series[-1]
            if name == "lead":
                yield "lead", series[-1]
            if not offered.any():
                yield f"window.{label}", np.nan
                continue
            first = int(offered.argmax())
            acting = series[first + 2 : min(first + 1 + length, told.world.steps) + 1].tolist()
            # added day by day: `sum` of floats compensates since Python 3.12
            yield f"window.{label}", reduce(add, acting, 0.0) / len(acting)


@pytest.mark.parametrize("kind", ["chance", "parameters"])
def test_company_and_order_move_no_bit(
    small: Scenario, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = swept(small, kind=kind)
    together = told(study, CELLS)
    assert together["lead"].nunique() > 30
    apart = pd.concat([told(study, [cell]) for cell in CELLS], ignore_index=True)
    pd.testing.assert_frame_equal(together, apart, check_exact=True)
    monkeypatch.setattr(blocks, "LARGEST", 16)
    turned = told(study, CELLS[::-1])
    sorted_by = ["point", "arm", "replicate"]
    pd.testing.assert_frame_equal(
        turned.sort_values(sorted_by, ignore_index=True),
        together.sort_values(sorted_by, ignore_index=True), check_exact=True,
    )  # fmt: skip
    ones = [Cell(cell.point, r, r + 1) for cell in CELLS for r in range(cell.first, cell.stop)]
    singly = pd.concat([told(study, [cell]) for cell in ones], ignore_index=True)
    pd.testing.assert_frame_equal(
        singly.sort_values(sorted_by, ignore_index=True),
        together.sort_values(sorted_by, ignore_index=True), check_exact=True,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["chance", "parameters"])
def test_a_row_is_what_the_run_alone_gives(small: Scenario, kind: str) -> None:
    found = told(swept(small, kind=kind), [Cell(point, 2, 4) for point in range(5)])
    for row in found.to_dict("records"):
        for name, value in expected(small, row):
            assert row[name] == value or (np.isnan(row[name]) and np.isnan(value)), name


def test_a_row_of_the_main_scenario_is_what_its_run_gives() -> None:
    scenario = Scenario.from_yaml("kashmir_2025")
    design = pd.DataFrame({"point": [0, 1], "parity": [0.1, 0.5], "peer_pull": [0.0, 0.05]})
    study = swept(scenario, design, base="no_mediation", arms=("mediation",))
    for row in told(study, [Cell(0, 0, 1), Cell(1, 3, 5)]).to_dict("records"):
        for name, value in expected(scenario, row, keys=["parity", "peer_pull"]):
            assert row[name] == value or (np.isnan(row[name]) and np.isnan(value)), name


def test_agents_give_the_same_rows(small: Scenario) -> None:
    study, cells = swept(small), [Cell(0, 0, 2), Cell(3, 1, 2)]
    compiled, agents = told(study, cells), told(study, cells, by_agents())
    pd.testing.assert_frame_equal(compiled, agents, rtol=ROUNDING, atol=ROUNDING)
    for row in agents.to_dict("records"):
        for name, value in expected(small, row, engine="mesa", ledger=False):
            assert row[name] == value or (np.isnan(row[name]) and np.isnan(value)), name


@pytest.mark.parametrize("kind", ["chance", "parameters"])
def test_every_parameter_may_differ_from_run_to_run(small: Scenario, kind: str) -> None:
    names = [name for name in SPECS if name not in WHOLE_NUMBERS]
    design: dict[str, Any] = {"point": range(4)}
    for position, name in enumerate(names):
        spec = SPECS[name]
        share = 0.1 + 0.8 * ((np.arange(4) * (position + 2) * 0.37) % 1.0)
        width = spec.high - spec.low or spec.low / 2
        design[name] = spec.low + share * width
    study = swept(small, pd.DataFrame(design), kind=kind)
    assert len(find_sharing(study).settings) == 1
    for row in told(study, [Cell(point, 0, 1) for point in range(4)]).to_dict("records"):
        for name, value in expected(small, row, keys=names):
            assert row[name] == value or (np.isnan(row[name]) and np.isnan(value)), name


def test_what_cannot_be_shared_is_set(small: Scenario) -> None:
    length = pd.DataFrame({"point": [0, 1], "mediation_length": [5, 9]})
    none = pd.DataFrame({"point": [0, 1], "anchor_pull": [0.0, 0.1]})
    with pytest.raises(InputError, match="nothing else fixes the start"):
        check_sweep(swept(small, none))
    given = small.set(
        {f"audiences.{name}.initial_sympathy": "{Aria: 0.2, Boreas: 0.1}"
         for name in ("Broker", "Port", "Hill")}
    )  # fmt: skip
    for scenario, design in ((small, length), (given, none)):
        study = swept(scenario, design)
        assert len(find_sharing(study).settings) == 2
        for row in told(study, [Cell(0, 0, 1), Cell(1, 0, 1)]).to_dict("records"):
            for name, value in expected(scenario, row, keys=[str(design.columns[1])]):
                assert row[name] == value or (np.isnan(row[name]) and np.isnan(value)), name


def test_what_was_replaced_holds_against_what_is_swept(small: Scenario) -> None:
    design = pd.DataFrame({"point": [0, 1], "parity": [0.1, 0.9]})
    scenario = small.replace(parity=0.5)
    for row in told(swept(scenario, design), [Cell(0, 0, 1), Cell(1, 0, 1)]).to_dict("records"):
        assert row["lead"] == dict(expected(scenario, row, keys=["parity"]))["lead"]


def test_effects_are_paired(small: Scenario) -> None:
    found = told(swept(small), CELLS).set_index(["point", "replicate"])
    base, arm = (found[found["arm"] == name] for name in ("no_offer", "offer"))
    assert base.filter(like="effect.").isna().all(axis=None)
    assert base.filter(like="window.").isna().all(axis=None)
    for column in (name for name in found if name.startswith("final.")):
        np.testing.assert_array_equal(arm[f"effect.{column}"], arm[column] - base[column])
    assert arm["effect.window.lead"].notna().all()
    assert (arm["effect.window.lead"] != 0).any()
    assert (base["first_divergence_step"] == -1).all()
    assert (arm["first_divergence_step"] > 0).any()


def test_columns_are_the_same_for_every_part(small: Scenario) -> None:
    design = DESIGN.assign(**{"update_rule.name": "friedkin_johnsen"}).drop(columns="parity")
    study = swept(small, design)
    one, other = told(study, [Cell(0, 0, 1)]), told(study, [Cell(2, 3, 5), Cell(1, 0, 2)])
    assert list(one.columns) == list(other.columns)
    assert list(one.dtypes) == list(other.dtypes)
    keys = [*KEYS[1:], "update_rule.name"]
    ids = ["run_id", "point", "scenario", "arm", "uncertainty", "replicate", "seed"]
    head = [*ids, *keys, "failed", "answers", *FACTS]
    assert list(one.columns[: len(head)]) == head
    tail = list(one.columns[len(head) :])
    assert tail[: len(tail) // 4][:4] == [
        "final.lead",
        "final.alignment.Broker",
        "final.alignment.Port",
        "final.alignment.Hill",
    ]
    assert tail == [f"{group}.{name.partition('.')[2]}" for group in GROUPS
                    for name in tail[: len(tail) // 4]]  # fmt: skip
    assert (one[[*FACTS, *tail]].dtypes == np.float64).all()
    assert one["run_id"].tolist() == ["p0-no_offer-chance-0", "p0-offer-chance-0"]


def test_scenario_may_be_swept(small: Scenario) -> None:
    two = Scenario.from_yaml("two_sources")
    design = pd.DataFrame({"point": [0, 1, 2], "scenario": ["a", "b", "a"], "parity": [0.1] * 3})
    plain = small.arm("offer")
    study = swept(plain, design, scenarios={"a": plain, "b": two}, base="", arms=())
    found = told(study, [Cell(point, 0, 2) for point in range(3)])
    assert found["scenario"].tolist() == ["a", "a", "b", "b", "a", "a"]
    mine, other = found.iloc[0], found.iloc[2]
    assert np.isfinite(mine["final.alignment.Broker"])
    assert np.isnan(other["final.alignment.Broker"])
    audience = two.audiences[0].name
    assert np.isnan(mine[f"final.alignment.{audience}"])
    assert np.isfinite(other[f"final.alignment.{audience}"])
    for row in found.to_dict("records"):
        scenario = study.scenarios[row["scenario"]]
        assert row["lead"] == dict(expected(scenario, row | {"arm": ""}, keys=["parity"]))["lead"]


def losing(*replicates: int, arm: str) -> Simulate:
    """An engine that loses these replicates of an arm."""

    def simulate(world: Any, numbers: Any, seed: int, wanted: Any, **options: Any) -> Batch:
        batch = by_ensemble(world, numbers, seed, wanted, jobs=1, **options)
        if world.names.arm != arm:
            return batch
        lost = np.flatnonzero(np.isin(wanted, replicates)).tolist()
        finite = batch.finite.copy()
        finite[lost] = False
        return batch._replace(finite=finite, errors=dict.fromkeys(lost, executing.lost(5, world)))

    return simulate


@pytest.mark.parametrize("arm", ["no_offer", "offer"])
def test_a_lost_run_has_its_ids_alone(small: Scenario, arm: str) -> None:
    study, cells = swept(small), [Cell(0, 0, 4)]
    whole, found = told(study, cells), told(study, cells, losing(1, 3, arm=arm))
    lost = (found["arm"] == arm) & found["replicate"].isin([1, 3])
    assert (
        found["failed"] == np.where(lost, "NonFiniteError: left the finite numbers on day 5", "")
    ).all()
    numbers = [name for name in found if name in FACTS or name.startswith(GROUPS)]
    assert found.loc[lost, numbers].isna().all(axis=None)
    assert (found.loc[lost, "answers"] == "").all()
    others = ~found["replicate"].isin([1, 3])
    pd.testing.assert_frame_equal(found[others], whole[others], check_exact=True)
    partners = found["replicate"].isin([1, 3]) & ~lost
    effects = [name for name in numbers if name.startswith("effect.")]
    assert found.loc[partners, effects].isna().all(axis=None)
    levels = [name for name in numbers if name.startswith(("final.", "window."))]
    pd.testing.assert_frame_equal(
        found.loc[partners, levels], whole.loc[partners, levels], check_exact=True
    )
    if arm == "no_offer":  # nobody knows when an arm parted from a run that was lost
        assert found.loc[partners, "first_divergence_step"].isna().all()


def test_bad_sweeps_are_refused(small: Scenario) -> None:
    high = pd.DataFrame({"point": [0, 1], "parity": [0.5, 1.3]})
    with pytest.raises(InputError, match=r"parity: must lie in 0 to 1"):
        check_sweep(swept(small, high))
    with pytest.raises(InputError, match="seed: is a column"):
        check_sweep(swept(small, pd.DataFrame({"point": [0], "seed": [3]})))
    with pytest.raises(InputError, match="metrics: must be of"):
        check_sweep(swept(small, metrics=("lead", "salience")))
    check_sweep(swept(small))
