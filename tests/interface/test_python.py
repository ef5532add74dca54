"""The Python interface."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.tables.columns import TABLES

SMALL = str(Path(__file__).with_name("small.yaml"))


def test_run_takes_a_file_a_path_or_a_scenario() -> None:
    scenario = sim.Scenario.from_yaml(SMALL)
    ends = [sim.run(given, "offer", seed=3).record.sympathy[-1]
            for given in (SMALL, Path(SMALL), scenario)]  # fmt: skip
    assert np.array_equal(ends[0], ends[1])
    assert np.array_equal(ends[0], ends[2])


def test_run_summary_speaks_of_both_claimants_alike() -> None:
    text = sim.run(SMALL, "offer").summary()
    for name in ("Aria", "Boreas"):
        assert f"nearer to {name}" in text
    assert text.count("Aria") == text.count("Boreas")


def test_run_writes_parquet(tmp_path: Path) -> None:
    told = sim.run(SMALL, "offer")
    told.to_parquet(tmp_path / "new" / "folder")
    found = pd.read_parquet(tmp_path / "new" / "folder" / "ledger.parquet")
    assert found.equals(told.ledger)


def test_run_and_study_draw() -> None:
    from matplotlib.figure import Figure

    assert isinstance(sim.run(SMALL, "offer").plot(), Figure)
    study = sim.compare(SMALL, pairs=4, every=6)
    assert isinstance(study.plot(), Figure)
    assert "Aria" in study.summary()


def test_compare_has_its_frames(tmp_path: Path) -> None:
    study = sim.compare(SMALL, pairs=4, every=6)
    assert set(study.comparison.columns) == set(TABLES["comparison"].columns)
    assert study.frames["summary"]["arm"].unique().tolist() == ["no_offer", "offer"]
    study.to_parquet(tmp_path)
    assert pd.read_parquet(tmp_path / "runs.parquet").equals(study.runs)
    with pytest.raises(AttributeError):
        study.comparisons  # noqa: B018 - the access is what is tested


def test_sweep_has_its_frames() -> None:
    study = sim.sweep(SMALL, {"parity": [0.0, 0.5]}, replicates=3)
    assert study.design["parity"].tolist() == [0.0, 0.5]
    assert len(study.runs) == 2 * 2 * 3


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="engine: unknown engine; known: ensemble, mesa"):
        sim.run(SMALL, engine="fast")


def test_evaluate_is_a_plain_function() -> None:
    params = {"scenario": SMALL, "arm": "offer", "parity": np.float64(0.2)}
    found = sim.evaluate(params, seed=5)
    assert set(found) == {
        "lead", "peak_tension", "incidents", "alignment_Broker", "alignment_Port",
        "alignment_Hill",
    }  # fmt: skip
    assert all(type(value) is float for value in found.values())
    assert found != sim.evaluate({**params, "parity": 0.9}, seed=5)
    assert pickle.loads(pickle.dumps(sim.evaluate)) is sim.evaluate  # noqa: S301 - our own


def test_evaluate_loses_no_audience() -> None:
    """Names in other scripts, and names that differ in a sign only, are as many keys."""
    names = ("New York", "New-York", "東京", "서울")
    document = Scenario.from_yaml(SMALL).to_dict(arms=False)
    first = document["audiences"][0]
    document["audiences"] += [{**first, "name": name, "importance": 1} for name in names]
    document["claims"] = [{**claim, "prior": 0.5} for claim in document["claims"]]
    found = sim.evaluate({"scenario": Scenario.from_dict(document)}, 5)
    audiences = [audience["name"] for audience in document["audiences"]]
    assert list(found)[3:] == [f"alignment_{name}" for name in audiences]


@pytest.mark.slow
def test_evaluate_gives_the_same_in_another_process() -> None:
    params = {"scenario": SMALL, "arm": "offer"}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(sim.evaluate, params, 5).result() == sim.evaluate(params, 5)


def test_evaluate_refuses_what_is_no_parameter() -> None:
    with pytest.raises(InputError, match="parrity: unknown parameter; did you mean parity"):
        sim.evaluate({"scenario": SMALL, "parrity": 0.2}, 0)


def test_uncertain_run_is_the_pair_of_the_comparison() -> None:
    """The command that replays a run of ``parameters`` gives that run."""
    study = sim.compare(SMALL, pairs=3, engine="ensemble", every=6)
    rows = study.runs.set_index(["arm", "uncertainty", "replicate"])["lead"]
    for uncertain, kind in ((False, "chance"), (True, "parameters")):
        told = sim.run(SMALL, "offer", replicate=2, uncertain=uncertain)
        lead = told.timeseries.query("metric == 'lead' and step == 24")["value"].iloc[0]
        assert lead == pytest.approx(rows["offer", kind, 2], abs=1e-12)
        assert told.timeseries["run_id"].iloc[0] == f"offer-{kind}-2"


def test_held_parameters_stay_and_the_others_are_drawn_as_ever() -> None:
    held = ("parity", "audience_cost", "anchor_pull", "tension_half_life")
    story = sim.Scenario.from_yaml(SMALL).replace(parameters={"parity": 0.75})
    free, some = (sim.run(story, "offer", replicate=2, uncertain=True, held=names).setting
                  for names in ((), held))  # fmt: skip
    own = sim.run(story, "offer", replicate=2).setting
    for name, value in some.coefficients._asdict().items():
        whose = own if name in ("parity", "tension_retention") else free
        assert value == getattr(whose.coefficients, name), name
    assert some.coefficients.parity == 0.75 != free.coefficients.parity
    assert (some.audience_cost == own.audience_cost).all()
    assert (some.judgements == free.judgements).all()
    assert (some.judgements != own.judgements).any()


def test_run_with_parameters_held_is_the_pair_of_the_comparison() -> None:
    held = ("parity", "anchor_pull")
    study = sim.compare(SMALL, pairs=3, engine="ensemble", every=6, held=held, channels=False)
    rows = study.runs.set_index(["arm", "uncertainty", "replicate"])["lead"]
    told = sim.run(SMALL, "offer", replicate=2, uncertain=True, held=held)
    lead = told.timeseries.query("metric == 'lead' and step == 24")["value"].iloc[0]
    assert lead == pytest.approx(rows["offer", "parameters", 2], abs=1e-12)
    free = sim.run(SMALL, "offer", replicate=2, uncertain=True)
    assert lead != free.timeseries.query("metric == 'lead' and step == 24")["value"].iloc[0]
    assert "(parity and anchor pull held)" in study.summary()


def test_names_that_cannot_be_held_are_refused() -> None:
    with pytest.raises(InputError, match=r"hold: unknown parameter; did you mean parity"):
        sim.compare(SMALL, held=["parrity"])
    with pytest.raises(InputError, match=r"hold: is fixed and never drawn \(got decisiveness\)"):
        sim.run(SMALL, uncertain=True, held=["decisiveness"])
