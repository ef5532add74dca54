"""The made-up case in reference/: every state of every day, as a second implementation has it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.scenario.scenario import Scenario
from sim.tables.metrics import METRICS, values
from sim.world.arrays import Record, World
from sim.world.building import build, setting
from sim.world.draws import draws, stream_counter, uniforms

HERE = Path(__file__).parent / "reference"
ARMS = ("offer", "no_offer", "still", "refused")
SEED, REPLICATE = 7, 0
TOLERANCE = 1e-10  # the two implementations add up in different orders
EXACT = ("incidents", "mediation", "accepted")
EVERYBODY = "all"
WEIGHTED = {"alignment": "lead"}  # this package's name for the weighted mean


@cache
def run(arm: str) -> tuple[World, Record]:
    world = build(Scenario.from_yaml(HERE / "case.yaml").arm(arm))
    chosen, drawn = setting(world), draws(world, SEED, REPLICATE)
    return world, NarrativeModel.from_arrays(world, chosen, drawn).run()


@cache
def columns(arm: str) -> dict[tuple[str, str, str], list[str]]:
    with (HERE / f"states_{arm}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(41))
    names = [name for name in rows[0] if name != "step"]
    return {tuple(name.split("/")): [row[name] for row in rows] for name in names}  # type: ignore[misc]


def obtained(arm: str, metric: str, actor: str, toward: str) -> np.ndarray:
    """What this package has for one column, by day."""
    world, record = run(arm)
    if metric.startswith("accepted_"):
        metric, toward = "accepted", metric.removeprefix("accepted_")
    if metric == "incidents":  # of both sides
        return values(metric, record, world).sum(axis=(1, 2))
    if actor == EVERYBODY:
        if metric == "alignment_shift":
            lead = obtained(arm, "alignment", actor, toward)
            return lead - lead[0]
        metric, actor = WEIGHTED[metric], ""
    found = METRICS[metric]
    a = found.actors(world.names).index(actor)
    k = found.toward(world.names).index(toward)
    return values(metric, record, world)[:, a, k]


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(
    "metric",
    ["sympathy", "salience", "credibility", "credence", "tension", "mediation", "accepted",
     "attention", "incidents", "alignment", "alignment_shift", "regard", "wedge", "polarization"],
)  # fmt: skip
def test_reference_agrees_on_every_day(arm: str, metric: str) -> None:
    chosen = {key: cells for key, cells in columns(arm).items() if key[0].startswith(metric)}
    chosen = {key: cells for key, cells in chosen.items()
              if key[0] == metric or metric == "accepted"}  # fmt: skip
    assert chosen
    tolerance = 0.0 if metric in EXACT else TOLERANCE
    for key, cells in chosen.items():
        expected = np.array([float(cell) for cell in cells if cell])
        found = obtained(arm, *key)
        assert len(expected) == (40 if METRICS[metric].flow else 41) == len(found), key
        worst = np.abs(found - expected).max()
        assert worst <= tolerance, f"{key} on day {np.abs(found - expected).argmax()}: {worst}"


def test_reference_covers_every_column() -> None:
    metrics = {key[0].split("_")[0] if key[0].startswith("accepted") else key[0]
               for arm in ARMS for key in columns(arm)}  # fmt: skip
    known = test_reference_agrees_on_every_day.pytestmark  # type: ignore[attr-defined]
    checked = next(mark.args[1] for mark in known if mark.args[0] == "metric")
    assert metrics == set(checked)


def test_reference_reaches_what_it_is_for() -> None:
    """Both answers, incidents and each stage of mediation occur in some arm."""
    stages = {arm: set(run(arm)[1].mediation.tolist()) for arm in ARMS}
    assert stages["still"] == {0.0, 2.0}
    assert stages["refused"] == {0.0, 1.0}
    assert stages["no_offer"] == {0.0}
    assert run("no_offer")[1].incidents.sum() > 0


@pytest.mark.parametrize("arm", ARMS)
def test_reference_answers_agree(arm: str) -> None:
    world, record = run(arm)
    offers = np.flatnonzero(record.diplomacy.offered).tolist()
    assert offers == ([] if arm == "no_offer" else [14])
    for day in offers:
        after = [
            columns(arm)[f"accepted_{name}", "", ""][day + 1] for name in world.names.claimants
        ]
        assert record.diplomacy.accepted[day].tolist() == [float(cell) == 1.0 for cell in after]


def drawn() -> list[dict[str, str]]:
    with (HERE / "draws.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_draws_agree_to_the_bit() -> None:
    rows = drawn()
    assert {row["stream"] for row in rows} >= {"noise", "incident", "accept", "parameter"}
    for row in rows:
        names, day = row["names"].split("/"), int(row["day"])
        seed, replicate = int(row["seed"]), int(row["replicate"])
        u = uniforms(seed, replicate, day + 1, row["stream"], *names)[day]
        assert float(u) == float(row["u"]), row


def test_words_agree_to_the_bit() -> None:
    """Word ``day`` of the keyed generator; the uniform is its upper 53 bits, centred."""
    for row in drawn():
        low, high = stream_counter(row["stream"], *row["names"].split("/"))
        key = np.array([int(row["seed"]), int(row["replicate"])], dtype=np.uint64)
        counter = np.array([0, 0, low, high], dtype=np.uint64)
        word = int(np.random.Philox(key=key, counter=counter).random_raw(int(row["day"]) + 1)[-1])
        assert word == int(row["word"]), row
        assert float(row["u"]) == ((word >> 11) + 0.5) * 2.0**-53
