"""The made-up cases in reference/: every state of every day, as a second implementation has it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, simulate_many
from sim.laws.consent import logistic
from sim.scenario.scenario import Scenario
from sim.tables.metrics import METRICS, values
from sim.world.arrays import NOWHERE, Record, World
from sim.world.building import build, setting
from sim.world.draws import drawn_parameters, draws, stream_counter, uniforms
from tests.engines.comparing import record_of_run

HERE = Path(__file__).parent / "reference"
TOLERANCE = 1e-10  # the two implementations add up in different orders
EXACT = ("incidents", "mediation", "accepted")
EVERYBODY = "all"
WEIGHTED = {"alignment": "lead"}  # this package's name for the weighted mean
ENGINES = ("agents", "compiled")


class Case(NamedTuple):
    """A case as it is run: its folder, what is changed in it, seed and replicate, its offers."""

    folder: Path
    changes: dict[str, Any]
    seed: int
    replicate: int
    offers: dict[str, list[int]]  # days, by arm


FIRST = HERE, 7, 0, {"offer": [14], "no_offer": [], "still": [14], "refused": [14]}
SECOND = HERE / "version_2", 11, 8, {
    "offer": [16], "no_offer": [], "still": [16], "refused": [16], "kydd": [11],
}  # fmt: skip
CASES = {
    "version 1 by values": Case(FIRST[0], {"crowding": 1.0, "news_half_life": 0.0}, *FIRST[1:]),
    "version 1 by switches": Case(
        FIRST[0], {"switches": {"summation": False, "news": False}}, *FIRST[1:]
    ),
    "version 2": Case(SECOND[0], {}, *SECOND[1:]),
}
ARMS = [(name, arm) for name, case in CASES.items() for arm in case.offers]


@cache
def world_of(name: str, arm: str) -> World:
    case = CASES[name]
    scenario = Scenario.from_yaml(case.folder / "case.yaml", arm=arm)
    return build(scenario.replace(**case.changes))


def model_of(name: str, arm: str) -> NarrativeModel:
    world, case = world_of(name, arm), CASES[name]
    drawn = draws(world, case.seed, case.replicate)
    return NarrativeModel.from_arrays(world, setting(world), drawn)


@cache
def run(name: str, arm: str, engine: str) -> Record:
    if engine == "agents":
        return model_of(name, arm).run()
    world, case = world_of(name, arm), CASES[name]
    replicates = np.array([case.replicate], dtype=np.uint64)
    many = simulate_many(world, lanes([setting(world)]), case.seed, replicates, fields=FULL)
    return record_of_run(many.record, 0)


@cache
def columns(name: str, arm: str) -> dict[tuple[str, str, str], list[str]]:
    with (CASES[name].folder / f"states_{arm}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(world_of(name, arm).steps + 1))
    names = [column for column in rows[0] if column != "step"]
    return {tuple(column.split("/")): [row[column] for row in rows] for column in names}  # type: ignore[misc]


def obtained(world: World, record: Record, metric: str, actor: str, toward: str) -> np.ndarray:
    """What this package has for one column, by day."""
    if metric.startswith("accepted_"):
        metric, toward = "accepted", metric.removeprefix("accepted_")
    if metric == "incidents":  # of both sides
        return values(metric, record, world).sum(axis=(1, 2))
    if actor == EVERYBODY:
        if metric == "alignment_shift":
            lead = obtained(world, record, "alignment", actor, toward)
            return lead - lead[0]
        metric, actor = WEIGHTED[metric], ""
    found = METRICS[metric]
    a = found.actors(world.names).index(actor)
    k = found.toward(world.names).index(toward)
    return values(metric, record, world)[:, a, k]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_reference_agrees_on_every_day(name: str, arm: str, engine: str) -> None:
    world, record = world_of(name, arm), run(name, arm, engine)
    compared = set()
    for key, cells in columns(name, arm).items():
        metric = key[0].partition("_")[0] if key[0].startswith("accepted_") else key[0]
        if metric not in METRICS:
            assert metric in OF_THE_DAY
            continue
        expected = np.array([float(cell) for cell in cells if cell])
        found = obtained(world, record, *key)
        assert len(expected) == world.steps + (not METRICS[metric].flow) == len(found), key
        worst = np.abs(found - expected).max()
        tolerance = 0.0 if metric in EXACT else TOLERANCE
        assert worst <= tolerance, f"{key} on day {np.abs(found - expected).argmax()}: {worst}"
        compared.add(metric)
    assert compared == set(METRICS) - {"share_of_voice", "lead"}


OF_THE_DAY = ("anchor", "news_pro", "news_con", "news_asserts", "acceptance_odds")


def used(model: NarrativeModel) -> Iterator[dict[tuple[str, str, str], float]]:
    """What each day uses and no metric has, by column."""
    names, world = model.world.names, model.world
    while model.running:
        tomorrow: dict[tuple[str, str, str], float] = {}
        model.step()
        for audience in model.audiences:
            for k, side in enumerate(names.claimants):
                tomorrow["anchor", audience.name, side] = audience.anchors[k]
        for k, side in enumerate(names.claimants):
            tomorrow["news_pro", "", side] = sum(item.pro[k] for item in model.news)
            for j, claim in [(NOWHERE, ""), *enumerate(names.claims)]:
                heard = [item for item in model.news
                         if (item.claim if item.accused == k else NOWHERE) == j]  # fmt: skip
                tomorrow["news_con", claim, side] = sum(item.con[k] for item in heard)
            lead, even = model.lead_at_start, model.credence_at_start
            gain = model.claimants[k].gain(model.tension, lead, even)
            odds = logistic(model.values.choice_precision * gain)
            tomorrow["acceptance_odds", "", side] = odds
        parity = names.claims[world.parity_claim]
        tomorrow["news_asserts", parity, ""] = sum(item.asserts for item in model.news)
        yield tomorrow


@pytest.mark.parametrize(("name", "arm"), [one for one in ARMS if one[0] == "version 2"])
def test_anchors_news_and_odds_agree_on_every_day(name: str, arm: str) -> None:
    days = list(used(model_of(name, arm)))
    told = {key: cells for key, cells in columns(name, arm).items() if key[0] in OF_THE_DAY}
    assert {key[0] for key in told} == set(OF_THE_DAY) - (
        set() if CASES[name].offers[arm] else {"acceptance_odds"}
    )
    for key, cells in told.items():
        for day, cell in enumerate(cells):
            if cell:
                assert abs(days[day][key] - float(cell)) <= TOLERANCE, (key, day)


def test_reference_reaches_what_it_is_for() -> None:
    """Both answers, incidents and each stage of mediation occur in some arm."""
    for name in CASES:
        stages = {arm: set(run(name, arm, "agents").mediation.tolist())
                  for arm in CASES[name].offers}  # fmt: skip
        assert stages["still"] == {0.0, 2.0}
        assert stages["refused"] == {0.0, 1.0}
        assert stages["no_offer"] == {0.0}
        assert run(name, "no_offer", "agents").incidents.sum() > 0


def test_second_case_reaches_what_is_new() -> None:
    """Salience below its rest, an anchor cut at either end, a claim heard of for days."""
    model = model_of("version 2", "offer")
    below, cut = False, set()
    for day in used(model):
        below |= any(z < 0.0 for audience in model.audiences for z in audience.excess)
        cut |= {u for key, u in day.items() if key[0] == "anchor" and abs(u) == 1.0}
    assert below
    assert cut == {-1.0, 1.0}
    assert max(len(audience.news) for audience in model.audiences) >= 5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_reference_answers_agree(name: str, arm: str, engine: str) -> None:
    world, record = world_of(name, arm), run(name, arm, engine)
    assert np.flatnonzero(record.diplomacy.offered).tolist() == CASES[name].offers[arm]
    for day in CASES[name].offers[arm]:
        after = [columns(name, arm)[f"accepted_{side}", "", ""][day + 1]
                 for side in world.names.claimants]  # fmt: skip
        assert record.diplomacy.accepted[day].tolist() == [float(cell) == 1.0 for cell in after]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DRAWN = [row for folder in (FIRST[0], SECOND[0]) for row in rows_of(folder / "draws.csv")]


def test_draws_agree_to_the_bit() -> None:
    assert {row["stream"] for row in DRAWN} >= {"noise", "incident", "accept", "parameter"}
    for row in DRAWN:
        names, day = row["names"].split("/"), int(row["day"])
        seed, replicate = int(row["seed"]), int(row["replicate"])
        u = uniforms(seed, replicate, day + 1, row["stream"], *names)[day]
        assert float(u) == float(row["u"]), row


def test_words_agree_to_the_bit() -> None:
    """Word ``day`` of the keyed generator; the uniform is its upper 53 bits, centred."""
    for row in DRAWN:
        low, high = stream_counter(row["stream"], *row["names"].split("/"))
        key = np.array([int(row["seed"]), int(row["replicate"])], dtype=np.uint64)
        counter = np.array([0, 0, low, high], dtype=np.uint64)
        word = int(np.random.Philox(key=key, counter=counter).random_raw(int(row["day"]) + 1)[-1])
        assert word == int(row["word"]), row
        assert float(row["u"]) == ((word >> 11) + 0.5) * 2.0**-53


def test_prior_draws_agree() -> None:
    """Their median is the case's own value; one draw serves both claimants' cost."""
    world = world_of("version 2", "offer")
    for row in rows_of(SECOND[0] / "prior_draws.csv"):
        drawn = drawn_parameters(world, int(row["seed"]), int(row["replicate"]))
        found = getattr(drawn, row["parameter"])
        assert abs(found - float(row["value"])) <= TOLERANCE, row
