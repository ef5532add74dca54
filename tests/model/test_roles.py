"""The role of mediator may pass from one audience to another.  (docs/model.md, section 2.8)"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engines.agents import NarrativeModel
from sim.engines.agents.mediator import MediatorAgent
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, LANES, Runs, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.running.blocks import offer_window
from sim.running.executing import Batch
from sim.scenario.scenario import Scenario
from sim.world.arrays import Diplomacy, Record
from sim.world.building import build, setting
from sim.world.draws import draws
from sim.world.knockouts import knock_out
from tests.engines.comparing import differences, record_of_run, run_agents, run_compiled, same_bits

CASE = Path(__file__).parent / "reference" / "case.yaml"
BROKER, PORT = 0, 1
# The first role's offer of day 6 would act to day 26; the second's of day 14 acts to day 34.
ROLES = [
    {"audience": "Broker", "policy": "scripted", "days": [6]},
    {"audience": "Port", "policy": "scripted", "days": [14], "from": 10},
]


def case(mediator: Any, acceptance: str = "always", **parameters: Any) -> Scenario:
    document = Scenario.from_yaml(CASE).to_dict(arms=False)
    for side in document["claimants"]:
        side["acceptance"] = acceptance
    document["mediator"] = mediator
    changed: dict[str, Any] = {"mediation_length": 20, "peers": False} | parameters
    return Scenario.from_dict(document).replace(**changed)


def both(scenario: Scenario, seed: int = 3) -> list[Record]:
    compiled = record_of_run(run_compiled(scenario, seed, [0]).record, 0)
    return [run_agents(scenario, seed, 0), compiled]


def moved(one: Record, other: Record, audience: int) -> list[int]:
    """The days whose state has the sympathy of an audience apart."""
    apart = (one.sympathy != other.sympathy).any(axis=-1)
    return np.flatnonzero(apart[:, audience]).tolist()


@pytest.mark.parametrize(("acceptance", "stage"), [("always", 2.0), ("never", 1.0)])
def test_offer_lapses_on_the_day_the_next_role_begins(acceptance: str, stage: float) -> None:
    expected = [0.0] * 7 + [stage] * 3 + [0.0] * 5 + [stage] * 20 + [0.0] * 6
    for record in both(case(ROLES, acceptance)):
        assert np.flatnonzero(record.diplomacy.offered).tolist() == [6, 14]
        assert record.mediation.tolist() == expected
        assert (record.standing > 0.0).all(axis=1).tolist() == [m == 2.0 for m in expected]


def test_offer_of_the_day_before_never_acts() -> None:
    late = [ROLES[0] | {"days": [9]}, ROLES[1] | {"days": []}]
    for record in both(case(late)):
        assert np.flatnonzero(record.diplomacy.offered).tolist() == [9]
        assert not record.mediation.any()
        assert not record.standing.any()


@pytest.mark.parametrize(
    ("lever", "off"),
    [
        ({"goodwill": 0.1}, {"goodwill": 0.0}),
        ({"parity": 0.5, "parity_spillover": 0.0}, {"parity": 0.0}),
        ({"impartiality": 0.5}, {"impartiality": 0.0}),
    ],
    ids=["goodwill", "parity", "impartiality"],
)
def test_what_a_mediator_alone_does_is_done_where_the_role_is(
    lever: dict[str, float], off: dict[str, float]
) -> None:
    """Nobody listens to others here, so what moves at one capital stays there.

    Its days are those with M above 0, and move the state of the next.
    """
    pairs = zip(both(case(ROLES, **lever)), both(case(ROLES, **{**lever, **off})), strict=True)
    for one, other in pairs:
        assert moved(one, other, BROKER)[0] == 8
        assert moved(one, other, PORT)[0] == 16
        elsewhere = one.sympathy[:, PORT + 1 :] == other.sympathy[:, PORT + 1 :]
        assert elsewhere.all()
        gap = abs(one.sympathy - other.sympathy)[:, BROKER].sum(axis=-1)
        assert (np.diff(gap[7:11]) > 0.0).all()
        assert (np.diff(gap[10:16]) < 0.0).all()  # fades from the day the role has passed


def test_goodwill_is_booked_to_whoever_mediates() -> None:
    scenario = case(ROLES)
    model = NarrativeModel(scenario, seed=3, ledger=True)
    model.run()
    assert model.ledger is not None
    names = build(scenario).names.audiences
    booked = {(names[row.a], row.step) for row in model.ledger if row.cause == "goodwill"}
    assert booked == {("Broker", t) for t in range(7, 10)} | {("Port", t) for t in range(15, 35)}


def test_policy_of_the_day_has_its_own_means() -> None:
    """A quiet offer brings no parity even where it is refused; a scripted one does."""
    quiet = [{"audience": "Broker", "policy": "quiet"}, ROLES[1]]
    eager = {"offer_threshold": 0.0, "base_incident_rate": 1.0, "offer_cooldown": 50}
    for one, other in zip(
        both(case(quiet, "never", offer_parity=0.9, **eager)),
        both(case(quiet, "never", offer_parity=0.1, **eager)),
        strict=True,
    ):
        assert (one.mediation[:10] == 1.0).any()
        assert {day for a in range(4) for day in moved(one, other, a)} == set(range(16, 41))


def test_cool_down_is_a_role_s_own() -> None:
    """The first waits 30 days after an offer; the next one has offered nothing yet."""
    waiting = [
        {"audience": "Broker", "policy": "threshold"},
        {"audience": "Broker", "policy": "threshold", "from": 9},
    ]
    eager = {"offer_threshold": 0.0, "base_incident_rate": 1.0, "offer_cooldown": 30}
    for record in both(case(waiting, "never", **eager)):
        first, second, *_ = np.flatnonzero(record.diplomacy.offered).tolist()
        assert first < 9 <= second < first + 30


def test_escalation_is_watched_where_the_role_is() -> None:
    """Raids are salient at Port alone; only its own role that minds them is worried."""
    document = case(ROLES).to_dict(arms=False)
    document["audiences"] = [
        place | {"salience": place["salience"] | {"raids": 0.05}}
        for place in document["audiences"]
    ]
    raid = {"name": "raid", "day": 4, "salience": {"raids": 9.0}, "audiences": ["Port"]}
    document["events"], document["narratives"], document["claims"] = [raid], [], []
    worried = {"policy": "threshold", "escalation": "raids"}
    document["mediator"] = [
        {"audience": "Broker", **worried},
        {"audience": "Port", "policy": "threshold", "escalation": "river", "from": 6},
        {"audience": "Port", **worried, "from": 8},
    ]
    calm = {"incidents": False, "initial_tension": 0.0}
    scenario = Scenario.from_dict(document).replace(**calm, escalation_worry=1.0)
    for record in both(scenario):
        assert np.flatnonzero(record.diplomacy.offered)[0] == 8


def test_role_that_minds_no_issue_is_not_worried_by_the_one_before_it() -> None:
    """The first role minds the background, of salience 1: never above its rest."""
    minds = {"audience": "Broker", "policy": "threshold", "escalation": "background"}
    calm = {"incidents": False, "initial_tension": 0.0, "offer_threshold": 0.5}
    document = case([minds, {"audience": "Broker", "policy": "threshold", "from": 3}])
    scenario = Scenario.from_dict(document.to_dict(arms=False) | {"events": []})
    for record in both(scenario.replace(**calm, escalation_worry=1.0)):
        assert not record.diplomacy.offered.any()


MANY = 2 * LANES + 3
ONE = {"audience": "Broker", "policy": "scripted", "days": [14], "escalation": "raids"}


def many(mediator: Any, **options: Any) -> Runs:
    """Runs of drawn numbers, three blocks of them."""
    world = build(case(mediator, "logit", peers=True))
    replicates = np.arange(MANY, dtype=np.uint64)
    numbers = uncertain_lanes(world, 5, replicates)
    return simulate_many(world, numbers, 5, replicates, fields=FULL, **options)


def check_same_runs(one: Runs, other: Runs) -> None:
    assert same_bits(one.record, other.record)
    assert (one.finite == other.finite).all()
    for mine, theirs in zip(one.sums, other.sums, strict=True):
        assert (mine == theirs).all()


SILENT = {"audience": "Port"}
SAME = {
    "one in a list": [ONE],
    "begun with the run": [ONE | {"from": 0}],
    "after one that never offers": [SILENT, ONE | {"from": 5}],
    "before one that never offers": [ONE, SILENT | {"from": 37}],
    "between two": [SILENT, ONE | {"from": 12}, SILENT | {"from": 36}],
}


@pytest.mark.parametrize("roles", SAME.values(), ids=SAME)
def test_role_in_a_list_is_the_same_to_the_bit(roles: list[Any]) -> None:
    """Its offer of day 14 acts to day 34, so that nothing is cut off."""
    for acceptance in ("always", "never", "logit"):
        alone, listed = case(ONE, acceptance), case(roles, acceptance)
        assert same_bits(run_agents(alone, 3, 0), run_agents(listed, 3, 0))
    origin = np.zeros((4, 2))
    check_same_runs(many(ONE, origin=origin), many(roles, origin=origin))


def test_threads_and_company_change_no_bit() -> None:
    check_same_runs(many(ROLES, jobs=1), many(ROLES, jobs=2))
    world = build(case(ROLES, "logit", peers=True))
    last = np.array([MANY - 1], dtype=np.uint64)
    alone = simulate_many(world, uncertain_lanes(world, 5, last), 5, last, fields=FULL)
    whole = many(ROLES).record
    assert same_bits(record_of_run(alone.record, 0), record_of_run(whole, MANY - 1))


def test_held_answers_count_whoever_mediates() -> None:
    scenario = case([ROLES[0], ROLES[1] | {"policy": "none", "days": []}])
    world = build(scenario)
    offered = np.isin(np.arange(world.steps), [3, 12, 20])
    held = Diplomacy(offered, np.repeat(offered[:, None], 2, axis=1))
    chosen = setting(world)
    record = NarrativeModel.from_arrays(world, chosen, draws(world, 3, 0), held).run()
    several = Diplomacy(offered[None], held.accepted[None])
    word = np.zeros(1, dtype=np.uint64)
    runs = simulate_many(world, lanes([chosen]), 3, word, several, FULL)
    assert not differences(record, record_of_run(runs.record, 0))
    assert np.flatnonzero(record.mediation == 2.0).tolist() == [*range(4, 10), *range(13, 41)]


@pytest.mark.parametrize("dropped", ["narrative:raids", "event:truce"])
def test_knocked_out_world_keeps_its_roles(dropped: str) -> None:
    world = build(case(ROLES))
    left = knock_out(world, [dropped]).world
    chosen = setting(world)
    record = NarrativeModel.from_arrays(left, chosen, draws(world, 3, 0)).run()
    runs = simulate_many(left, lanes([chosen]), 3, np.zeros(1, dtype=np.uint64), fields=FULL)
    assert not differences(record, record_of_run(runs.record, 0))
    assert record.mediation[[9, 10, 15]].tolist() == [2.0, 0.0, 2.0]


def test_messages_name_the_mediator_of_the_day() -> None:
    model = NarrativeModel(case(ROLES), seed=3)
    model.run()
    offers = [(one.day, one.sender) for one in model.notices if one.type == "OFFER"]
    answers = [(one.day, one.receivers) for one in model.notices if one.type == "ANSWER"]
    assert offers == [(6, "Broker"), (14, "Port")]
    assert answers == [(6, ("Broker",))] * 2 + [(14, ("Port",))] * 2
    assert [a.name for a in model.agents_by_type[MediatorAgent]] == ["Broker", "Port"]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (ROLES, (8, 10)),  # acts on the days 7 to 9, which move the rows 8 to 10
        ([ROLES[0] | {"days": []}, ROLES[1]], (16, 35)),
        ([ROLES[0] | {"days": [9]}, ROLES[1]], (11, 10)),  # acts on no day
        (ROLES[0], (8, 27)),
        ([ROLES[0] | {"days": []}, ROLES[1] | {"days": []}], (42, 40)),
    ],
)
def test_days_of_an_offer_end_with_its_role(roles: Any, expected: tuple[int, int]) -> None:
    world = build(case(roles))
    runs = simulate_many(world, lanes([setting(world)]), 3, np.zeros(1, dtype=np.uint64))
    first, last = offer_window(Batch(runs.record, runs.finite, {}), world)
    assert (first[0], last[0]) == expected


def test_switch_silences_every_role() -> None:
    for record in both(case(ROLES, mediation=False)):
        assert not record.diplomacy.offered.any()
