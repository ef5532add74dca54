"""A comparison described block by block says what all its runs together do."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.running import blocks
from sim.running.blocks import ANSWERS, PairBlock, answers, block_size, offer_window
from sim.running.executing import Batch, by_ensemble, certain_lanes, switch_off
from sim.scenario.scenario import Scenario
from sim.store.recorder import Request
from sim.studies.compare import Comparison, PairedRuns
from sim.tables import metrics
from sim.world.arrays import Floats, World
from sim.world.building import build

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
PAIRS = 40
METRICS = ("alignment", "tension", "incidents", "accepted", "polarization")
EXACT = 1e-12  # sums in another order


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """The small case, in three blocks."""
    monkeypatch.setattr(blocks, "LARGEST", 16)
    return Scenario.from_yaml(str(SMALL))


def together(scenario: Scenario, kind: str) -> tuple[World, dict[str, Batch]]:
    """All runs of a kind at once, and those of the offer without parity."""
    replicates = np.arange(PAIRS, dtype=np.uint64)
    found = {}
    for arm in ("no_offer", "offer"):
        world = build(scenario.arm(arm))
        numbers = (
            certain_lanes(world) if kind == "chance"
            else uncertain_lanes(world, scenario.seed, replicates)
        )  # fmt: skip
        run = partial(by_ensemble, world, seed=scenario.seed, replicates=replicates)
        found[arm] = run(numbers)
    found["no parity"] = run(switch_off(numbers, "parity"), held=found["offer"].record.diplomacy)
    return world, found


def rows_of(frame: pd.DataFrame, **chosen: Any) -> pd.DataFrame:
    for column, value in chosen.items():
        frame = frame[frame[column] == value]
    return frame


def values(name: str, batch: Batch, world: World) -> Floats:
    """[run, t, column]"""
    found = metrics.values(name, batch.record, world)
    return found.reshape(*found.shape[:2], -1)


@pytest.mark.parametrize("kind", ["chance", "parameters"])
def test_tables_say_what_the_runs_do(small: Scenario, kind: str) -> None:
    done = sim.compare(small, pairs=PAIRS, every=5)
    world, runs = together(small, kind)
    days = sorted({*range(0, small.steps + 1, 5), small.steps})
    for name in METRICS:
        base, arm, cut = (values(name, runs[key], world) for key in runs)
        kept = [day for day in days if day < arm.shape[1]]
        levels = rows_of(done.levels, metric=name, uncertainty=kind, arm="offer")
        effect = rows_of(done.comparison, metric=name, uncertainty=kind, answers="any")
        effect = effect[effect["step"] >= 0]
        for frame, column, expected in (
            (levels, "mean", arm.mean(axis=0)),
            (levels, "sd", arm.std(axis=0, ddof=1)),
            (effect, "mean_diff", (arm - base).mean(axis=0)),
            (effect, "sd_diff", (arm - base).std(axis=0, ddof=1)),
            (effect, "mean_arm", arm.mean(axis=0)),
            (effect, "mean_baseline", base.mean(axis=0)),
            (effect, "share_positive", (arm > base).mean(axis=0)),
            (effect, "share_unchanged", (arm == base).mean(axis=0)),
            (effect, "share_negative", (arm < base).mean(axis=0)),
        ):
            assert len(frame) == expected[kept].size
            np.testing.assert_allclose(frame[column], expected[kept].ravel(), rtol=0, atol=EXACT)
        differs = (arm != base).any(axis=0)
        first = np.where(differs.any(axis=0), differs.argmax(axis=0), -1)
        assert effect["first_divergence_step"].tolist() == first.tolist() * len(kept)
        lost = rows_of(done.channels, metric=name, uncertainty=kind, channel="parity")
        if len(lost):
            found = lost[lost["step"] >= 0]["mean_diff"]
            expected = (arm - cut).mean(axis=0)[kept].ravel()
            np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT)


def test_window_goes_by_the_answers(small: Scenario) -> None:
    done = sim.compare(small, pairs=PAIRS, every=5)
    world, runs = together(small, "parameters")
    who, (first, last) = answers(runs["offer"]), offer_window(runs["offer"], world)
    moved = values("alignment", runs["offer"], world) - values(
        "alignment", runs["no_offer"], world
    )
    means = np.array([moved[run, first[run] : last[run] + 1].mean(axis=0) for run in range(PAIRS)])
    met = 0
    for code, label in enumerate(ANSWERS):
        rows = rows_of(done.comparison, metric="alignment", uncertainty="parameters", step=-1,
                       answers=label)  # fmt: skip
        assert (rows["n_pairs"] == (who == code).sum()).all()
        if len(rows):
            met += 1
            np.testing.assert_allclose(
                rows["mean_diff"], means[who == code].mean(axis=0), rtol=0, atol=EXACT
            )
    assert met >= 2


def test_quantiles_are_near_the_exact_ones(small: Scenario) -> None:
    done = sim.compare(small, pairs=PAIRS, uncertain_pairs=0, channels=False)
    world, runs = together(small, "chance")
    for name in METRICS:
        sample = values(name, runs["offer"], world)
        width = np.ptp(sample, axis=0).ravel() / 127.0
        rows = rows_of(done.levels, metric=name, arm="offer")
        for column, level in (("q05", 0.05), ("median", 0.5), ("q95", 0.95)):
            expected = np.quantile(sample, level, axis=0).ravel()
            assert (np.abs(rows[column] - expected) <= width).all()
            if name in ("incidents", "accepted"):
                assert (rows[column] == expected).all()


def frames_of(done: Comparison) -> list[pd.DataFrame]:
    return [done.levels, done.comparison, done.channels, done.runs]


@pytest.mark.parametrize("jobs", [2, 5])
def test_threads_change_no_bit(small: Scenario, jobs: int) -> None:
    one, other = (sim.compare(small, pairs=PAIRS, every=9, jobs=j) for j in (1, jobs))
    for a, b in zip(frames_of(one), frames_of(other), strict=True):
        pd.testing.assert_frame_equal(a, b, check_exact=True)


def test_agents_give_the_same_tables(small: Scenario) -> None:
    one, other = (
        sim.compare(small, pairs=18, uncertain_pairs=2, every=12, engine=engine)
        for engine in ("ensemble", "mesa")
    )
    for a, b in zip(frames_of(one), frames_of(other), strict=True):
        # correlations divide by spreads that may be as small as the engines' difference
        held = [column for column in a if column not in ("pair_correlation", "variance_reduction")]
        pd.testing.assert_frame_equal(a[held], b[held], rtol=0.0, atol=1e-11)


def test_pair_with_a_lost_run_is_left_out(small: Scenario) -> None:
    """Run 3 of the offer and run 5 of the baseline are lost: each costs its own pair only."""
    study = PairedRuns(small, "no_offer", ["offer"], {"chance": 16})
    lost = {"offer": 3, "no_offer": 5}

    def simulate(world: World, *given: Any, **named: Any) -> Batch:
        batch = by_ensemble(world, *given, jobs=1, **named)
        run, finite = lost[world.names.arm], batch.finite.copy()
        finite[run] = False
        batch.record.sympathy[run, 4:] = np.nan
        return batch._replace(finite=finite, errors={run: "left the finite numbers on day 4"})

    (block,) = study.blocks()
    with np.errstate(invalid="ignore"):
        study.merge(block, study.design.describe(block, simulate, lambda more: None))
    done = study.answer(Request("compare", ()))
    assert (rows_of(done.levels, arm="offer")["n"] == 15).all()
    every = done.comparison[done.comparison["step"] >= 0]
    assert (every["n_pairs"] == 14).all()
    assert np.isfinite(every["mean_diff"]).all()
    assert (done.channels["n_pairs"] == 15).all()
    assert sorted(done.failures["run_id"]) == ["no_offer-chance-5", "offer-chance-3"]
    assert study.failed == 2
    assert len(done.runs) == 32


def test_channels_are_left_out_where_nobody_ever_offers(small: Scenario) -> None:
    quiet = small.set({"arms.offer.mediator.policy": "threshold", "offer_threshold": "1e6"})
    done = sim.compare(quiet, pairs=20, uncertain_pairs=0)
    assert not len(done.channels)
    assert list(done.channels.columns) == list(sim.compare(small, pairs=2).channels.columns)


def test_blocks_cover_the_pairs_once_and_never_mix_kinds(small: Scenario) -> None:
    study = PairedRuns(small, "no_offer", ["offer"], {"chance": 40, "parameters": 16})
    found: list[PairBlock] = list(study.blocks())
    assert [len(block.replicates) for block in found] == [16, 16, 8, 16]
    assert [block.alone for block in found] == [False, False, False, True]
    numbers = [int(i) for block in found[:3] for i in block.replicates]
    assert numbers == list(range(40))


def test_large_scenarios_have_smaller_blocks() -> None:
    world = build(Scenario.from_yaml("kashmir_2025"))
    assert block_size(world) == 256
    assert block_size(world._replace(steps=1500)) < 256
    assert block_size(world._replace(steps=10**6)) == 16
