"""Teams that go by the state of the run: both engines alike, mirrored, and told as they went."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes, places
from sim.engines.ensemble.run import FULL, LANES, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.plugins import registry
from sim.scenario import shipped
from sim.scenario.campaigns import campaign_overlay
from sim.scenario.scenario import Scenario
from sim.scenario.writing import to_yaml
from sim.world.arrays import NOWHERE, World
from sim.world.building import build, setting
from sim.world.draws import draws, uniforms
from sim.world.knockouts import knock_out
from sim.world.teams import choosing
from tests.conftest import JIT
from tests.engines.cases import LONG, row, shipped_case
from tests.engines.comparing import differences, record_of_run, run_agents, run_compiled, same_bits
from tests.generators import Document, mirrored
from tests.model.test_mirror import check_mirror

NAMES = registry.own_names("strategies")
BY_STATE = tuple(name for name in NAMES if registry.weighs(name))
PAIRS = list(product(NAMES, NAMES))


def playing(document: Document, first: str, second: str) -> Document:
    """The document with these strategies of its two claimants."""
    names = [side["name"] for side in document["claimants"]]
    chosen = dict(zip(sorted(names), (first, second), strict=True))
    sides = [side | {"strategy": chosen[side["name"]]} for side in document["claimants"]]
    return document | {"claimants": sides}


def check(document: Document, seed: int) -> int:
    """Both engines alike, and mirrored; return how many places of teams were compared."""
    pair = [Scenario.from_dict(one) for one in (document, mirrored(document))]
    records = []
    for scenario in pair:
        agents = run_agents(scenario, seed, 3)
        compiled = record_of_run(run_compiled(scenario, seed, [3]).record, 0)
        assert not differences(agents, compiled)
        assert (agents.places == compiled.places).all()
        records.append((agents, compiled))
    worlds = build(pair[0]), build(pair[1])
    for one, other in zip(*records, strict=True):
        check_mirror(worlds, (one, other))
        assert (one.places == other.places).all()
    return int((records[0][0].places != NOWHERE).sum())


def test_made_scenarios_are_the_same_in_both_engines_and_mirrored() -> None:
    """A hundred, each with the next pair of strategies."""
    placed = 0
    for number in range(100 if JIT else 20):
        first, second = PAIRS[number * 13 % len(PAIRS)]
        placed += check(playing(row(200)[number], first, second), number)
    assert placed > 1000 if JIT else placed > 100


@pytest.mark.parametrize("name", shipped.names())
def test_shipped_scenarios_are_the_same_in_both_engines_and_mirrored(name: str) -> None:
    scenario = shipped_case(name, LONG.get(name, ""))
    short = scenario.replace(steps=min(scenario.steps, (30 if name in LONG else 60) if JIT else 8))
    document = short.to_dict(arms=False)
    pairs = [("myopic", "network_proportional"), ("hedge", "mirror"), ("wedge", "avoid")]
    for first, second in pairs[: 2 if name in LONG else 3]:
        check(playing(document, first, second), 2)


def case_world(first: str, second: str) -> World:
    """Judgements are close to each other, so that draws decide which is the worst."""
    world = build(shipped_case("kashmir_2025", "mediation"))
    return world._replace(strategies=(first, second), judgements=world.judgements * 0.05)


@pytest.mark.parametrize(("first", "second"), [("hedge", "wedge"), ("myopic", "wedge")])
def test_drawn_parameters_are_the_same_in_both_engines(first: str, second: str) -> None:
    """Menus differ from draw to draw, and runs come back in their places."""
    world, count = case_world(first, second), 8 if JIT else 3
    replicates = np.arange(count, dtype=np.uint64)
    numbers = uncertain_lanes(world, 5, replicates)
    runs = simulate_many(world, numbers, 5, replicates, fields=FULL)
    menus = set()
    for run in range(count):
        own = type(numbers)(*(values[..., run : run + 1] for values in numbers))
        model = NarrativeModel.from_arrays(world, _setting(own), draws(world, 5, run))
        record = model.run()
        menus.add(model.world.share.tobytes())
        assert not differences(record, record_of_run(runs.record, run))
    assert len(menus) > 1


def _setting(own):  # type: ignore[no-untyped-def]
    from sim.parameters import Coefficients
    from sim.world.arrays import Setting

    values = {name: getattr(own, name)[..., 0] for name in own._fields if name != "values"}
    return Setting(Coefficients(*own.values[:, 0].tolist()), **values)


def test_groups_of_menus_change_no_bit(sized: Callable[[int, int], int]) -> None:
    world, count = case_world("wedge", "wedge"), sized(LANES + 9, 5)
    replicates = np.arange(count, dtype=np.uint64)
    numbers = uncertain_lanes(world, 1, replicates)
    origin = setting(world).start
    many = simulate_many(world, numbers, 1, replicates, fields=FULL, origin=origin)
    for run in (0, 1, count - 1):
        own = type(numbers)(*(np.ascontiguousarray(v[..., run : run + 1]) for v in numbers))
        alone = simulate_many(world, own, 1, replicates[run : run + 1], fields=FULL)
        assert same_bits(record_of_run(many.record, run), record_of_run(alone.record, 0))
    total = (many.record.sympathy - origin).sum(axis=0)
    np.testing.assert_allclose(many.sums.sympathy, total, rtol=0.0, atol=1e-11)
    assert many.finite.all()


def quiet_case(**changed: float) -> Scenario:
    """Nobody speaks but teams; no noise, and no incidents."""
    document = shipped_case("kashmir_2025", "no_mediation").to_dict(arms=False)
    for side in document["claimants"]:
        side["campaign_start"] = document["steps"]
    document["delegations"] = []
    scenario = Scenario.from_dict(document)
    return scenario.replace(steps=30, noise=0.0, base_incident_rate=0.0, **changed)


@pytest.mark.parametrize("decisiveness", [1.0, 1.5])
@pytest.mark.parametrize("rule", ["friedkin_johnsen", "biased_assimilation"])
@pytest.mark.parametrize("k", [0, 1])
def test_gain_is_what_a_small_visit_does(k: int, rule: str, decisiveness: float) -> None:
    """X(t + 1) with a visit of effort .1 less X(t + 1) without one, the state of day t the same.

    The visit is the day's only message, after what events have done up to then.
    """
    scenario = quiet_case(decisiveness=decisiveness, team_effort=0.1)
    day, names = 12, scenario.to_dict()["claimants"]
    without = build(scenario)._replace(rule=rule)
    chosen, drawn = setting(without), draws(without, 0, 0)
    for a in (0, 3, len(without.importance) - 1):
        stops = np.full((without.steps, 1), NOWHERE)
        stops[day] = a
        visited = without._replace(
            names=without.names._replace(delegations=("visit",)),
            owner=np.array([k]),
            bonus=np.array([1.0]),
            stops=stops,
            field_days=stops != NOWHERE,
        )
        lead = []
        for world in (without, visited):
            model = NarrativeModel.from_arrays(world, chosen, drawn)
            for _ in range(day + 1):
                model.step()
            lead.append(model.alignment)
        watched = NarrativeModel.from_arrays(
            visited._replace(strategies=("myopic", "myopic")), chosen, drawn
        )
        for _ in range(day + 1):
            watched.step()
        sign = 1.0 if k == 0 else -1.0
        gain = watched.planners[k].gains[a]
        assert gain == pytest.approx(sign * (lead[1] - lead[0]), abs=1e-13)
        assert abs(gain) > 1e-7
    assert len(names) == 2


def test_hedge_draws_are_named_by_team_and_day() -> None:
    world = case_world("hedge", "scripted")
    drawn = draws(world, 4, 2).hedge
    for team, name in enumerate(world.names.delegations):
        assert (drawn[:, team] == uniforms(4, 2, world.steps, "hedge", name)).all()
    assert draws(case_world("myopic", "scripted"), 4, 2).hedge.shape == (world.steps, 0)


@pytest.mark.parametrize("name", BY_STATE)
def test_runs_depend_on_their_replicate_not_on_their_company(name: str) -> None:
    world = build(shipped_case("kashmir_2025", "mediation"))._replace(strategies=(name, name))
    numbers, one = lanes([setting(world)]), np.array([5], dtype=np.uint64)
    many = np.arange(LANES + 3, dtype=np.uint64)
    alone = simulate_many(world, numbers, 3, one, fields=FULL).record
    among = simulate_many(world, numbers, 3, many, fields=FULL, jobs=2).record
    assert same_bits(record_of_run(alone, 0), record_of_run(among, 5))


def test_places_of_itineraries_are_those_of_every_run() -> None:
    for number in range(6):
        scenario = Scenario.from_dict(playing(row(80)[number], "scripted", "uniform"))
        record = run_compiled(scenario, 1, [0, 1]).record
        assert (record.places == places(build(scenario))).all()


def test_places_beforehand_are_refused_where_the_state_decides() -> None:
    with pytest.raises(ValueError, match="record"):
        places(case_world("scripted", "myopic"))
    assert choosing(case_world("scripted", "myopic")).tolist() == [False, True]


def test_campaign_of_a_strategy_runs_again_by_its_plan(tmp_path: Path) -> None:
    """What myopic did, written down as stops, gives the same numbers by itinerary alone."""
    scenario = shipped_case("kashmir_2025")
    played = Scenario.from_dict(playing(scenario.to_dict(), "myopic", "myopic"))
    record = record_of_run(run_compiled(played, 1, [2]).record, 0)
    overlay = campaign_overlay(scenario, "played", record.places.tolist())
    (tmp_path / "played.yaml").write_text(to_yaml(overlay), encoding="utf-8")
    again = Scenario.from_yaml(tmp_path / "played.yaml")
    assert {side.strategy for side in again.claimants} == {"scripted"}
    assert same_bits(record_of_run(run_compiled(again, 1, [2]).record, 0), record)
    assert not differences(run_agents(again, 1, 2), record)


def test_dropped_attack_leaves_its_effort_unspent_under_wedge() -> None:
    """The menu is chosen with it: no other attack gets what it had."""
    document = playing(
        shipped_case("kashmir_2025", "no_mediation").to_dict(arms=False), "wedge", "wedge"
    )
    world = build(Scenario.from_dict(document).replace(steps=20))
    chosen, drawn = setting(world), draws(world, 0, 0)
    whole = NarrativeModel.from_arrays(world, chosen, drawn)
    attack = int(np.flatnonzero((whole.world.share[0] > 0.0) & (world.kind == 1))[0])
    name = world.names.narratives[attack]
    cut = NarrativeModel.from_arrays(knock_out(world, [f"narrative:{name}"]).world, chosen, drawn)
    assert (cut.world.share == whole.world.share).all()
    whole.run()
    cut.run()
    said = {message.narrative for message in cut.messages if not message.in_reply_to}
    assert attack not in said
    assert attack in {message.narrative for message in whole.messages}
