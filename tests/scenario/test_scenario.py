"""The Scenario class: frozen, written back to the same thing, replaced quickly and checked."""

from __future__ import annotations

import copy
import json
import math
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.errors import InputError
from sim.parameters import SPECS, Parameters, Switches
from sim.scenario import entities, shipped
from sim.scenario.scenario import Scenario
from sim.world.building import build
from tests.generators import scenarios
from tests.pace import slower_than
from tests.scenario.bad_input import GOOD, swap, write

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
AWKWARD = ("no", "12", "~", "null", "1e3", "2025-04-12", "a: b", "# x", "- x", "=1+1", "$x_{",
           "<script>", "'", '"', "a\\b", "é", "\U0001d4b3", "[", "{a}", "true", "&a", "*a", "!x", "%",
           "@")  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Scenario:
    write(tmp_path / "small.yaml", GOOD)
    return Scenario.from_yaml(tmp_path / "small.yaml")


@pytest.mark.parametrize("written", [".inf", ".INF", '".inf"'])
def test_choice_precision_may_be_infinite_and_no_other_parameter(
    written: str, tmp_path: Path
) -> None:
    """It survives writing as YAML and as JSON, from Python and by ``--set``."""
    file = tmp_path / "endless.yaml"
    file.write_text(GOOD.replace("{parity: 0.4}", f"{{parity: 0.4, choice_precision: {written}}}"))
    scenario = Scenario.from_yaml(file)
    assert scenario.parameters.choice_precision == math.inf
    again = json.loads(json.dumps(scenario.to_dict(), allow_nan=False))
    assert Scenario.from_dict(again).parameters == scenario.parameters
    (tmp_path / "again.yaml").write_text(scenario.to_yaml())
    assert Scenario.from_yaml(tmp_path / "again.yaml") == scenario
    assert scenario.replace(choice_precision=math.inf).sha256() == scenario.sha256()
    for wrong in ({"choice_precision": -math.inf}, {"parity_weight": math.inf}):
        with pytest.raises(InputError, match="must be a finite number"):
            scenario.replace(**wrong)


def test_stance_lies_between_refusing_and_asking(small: Scenario) -> None:
    whole = small.to_dict()
    assert [side["stance"] for side in whole["claimants"]] == [0.0, 0.0]
    whole["claimants"][0]["stance"] = -1.5
    with pytest.raises(InputError, match=r"stance: must lie in -1 to 1 \(got -1.5\)"):
        Scenario.from_dict(whole)


def test_events_audiences_are_names_and_at_least_one(small: Scenario) -> None:
    whole = small.to_dict()
    near = small.audiences[0].name
    whole["events"][0]["audiences"] = [near]
    world = build(Scenario.from_dict(whole))
    assert world.event_reaches[0].tolist() == [a == near for a in world.names.audiences]
    for listed, said in (([], "at least 1 item"), (["Nowhere"], "unknown audience")):
        whole["events"][0]["audiences"] = listed
        with pytest.raises(InputError, match=said):
            Scenario.from_dict(whole)


def with_arms(scenario: Scenario) -> list[Scenario]:
    return [scenario, *(scenario.arm(name) for name in scenario.arms)]


def assert_same(one: Scenario, other: Scenario) -> None:
    for first, second in zip(with_arms(one), with_arms(other), strict=True):
        assert first == second
        assert first.sha256() == second.sha256()


# -- written and read again


@SOME
@given(scenarios())
def test_dict_and_yaml_read_back_to_the_same(tmp_path: Path, document: dict[str, Any]) -> None:
    scenario = Scenario.from_dict(document)
    assert_same(Scenario.from_dict(scenario.to_dict()), scenario)
    assert_same(Scenario.from_dict(scenario.to_dict(sources=True)), scenario)
    write(tmp_path / "again.yaml", scenario.to_yaml())
    assert_same(Scenario.from_yaml(tmp_path / "again.yaml"), scenario)
    for arm in with_arms(scenario):
        alone = Scenario.from_dict(arm.to_dict(arms=False))
        assert alone == replace(arm, arm_name="", arms=(), baseline="")


@pytest.mark.parametrize(  # the longest take long and hold nothing that the others do not
    "name",
    [name for name in shipped.names() if name not in ("kashmir_2025_states", "falklands_1982")],
)
def test_shipped_scenarios_survive_a_round_trip(name: str, tmp_path: Path) -> None:
    scenario = Scenario.from_yaml(name)
    (tmp_path / "again.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
    again = Scenario.from_yaml(tmp_path / "again.yaml")
    assert_same(again, scenario)
    assert again.to_yaml() == scenario.to_yaml()


def test_numbers_read_back_to_the_same_bits(small: Scenario, tmp_path: Path) -> None:
    values = [0.1 + 0.2, 1e-7, 1e-300, 5e-324, 1 / 3, 123456789.12345679, 1e9, 0.0, 1e-5]
    for value in values:
        changed = small.set({"audiences.Port.importance": repr(value)})
        write(tmp_path / "again.yaml", changed.to_yaml())
        assert Scenario.from_yaml(tmp_path / "again.yaml").audiences[1].importance == value


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_and_texts_survive(name: str, tmp_path: Path) -> None:
    document = Scenario.from_dict(_document()).to_dict()
    document["claims"][0] |= {"name": name, "description": f"{name}\n\t{name}"}
    document["narratives"] = []
    document["events"] = []
    document["title"] = f"x {name}"
    scenario = Scenario.from_dict(document)
    assert scenario.claims[0].name == name
    write(tmp_path / "again.yaml", scenario.to_yaml())
    assert_same(Scenario.from_yaml(tmp_path / "again.yaml"), scenario)


def _document() -> dict[str, Any]:
    return {
        "name": "plain",
        "steps": 10,
        "start_date": date(2025, 4, 12),
        "claimants": ({"name": "A"}, {"name": "B"}),
        "issues": [{"name": "one"}, {"name": "two"}],
        "audiences": [
            {
                "name": "X",
                "importance": np.float64(1.5),
                "capitals": np.int64(2),
                "western": np.bool_(True),
                "trust": {"A": 1, "B": 0.5},
                "judgements": {"one": {"A": 0, "B": 0}, "two": {"A": 0, "B": -1}},
            }
        ],
        "claims": [{"name": "c", "accused": "A", "issue": "two", "prior": 0.5}],
    }


def test_a_minimal_document_has_every_default() -> None:
    scenario = Scenario.from_dict(_document())
    assert scenario.parameters == Parameters()
    assert scenario.switches == Switches()
    assert scenario.mediator == entities.Mediator("X")
    assert scenario.incidents == entities.Incidents()
    assert scenario.update_rule == entities.UpdateRule()
    assert scenario.audiences[0].salience == {"one": 1.0, "two": 0.0}
    assert scenario.audiences[0].western
    assert (scenario.arms, scenario.baseline, scenario.seed) == ((), "", 0)
    build(scenario)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": 10.5}, "steps: must be a whole number"),
        ({"steps": True}, "steps: must be a whole number"),
        ({"steps": "10"}, 'steps: must be a whole number such as 12, without quotes (got "10")'),
        ({"parameters": {"parity": float("nan")}}, "parameters.parity: must be a finite number"),
        ({"parameters": {"parity": float("inf")}}, "parameters.parity: must be a finite number"),
        ({"parameters": {"parity": True}}, "parameters.parity: must be a finite number"),
        ({"parameters": {"parity": None}}, "parameters.parity: must be a finite number"),
        ({"parameters": {"parity": "0.5"}}, "parameters.parity: must be a finite number"),
        ({"parameters": {1: 2}}, "parameters: a key must be a single word or text (got 1)"),
        ({"parameters": object}, "parameters: must be a number, text, date, list or mapping"),
        ({"seed": 10**400}, "seed: must be a whole number"),
        ({"extends": "../x"}, "extends: must be the plain name"),
        ({"extends": "nowhere"}, "extends: unknown scenario"),
    ],
)
def test_python_values_are_read_as_strictly(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as refusal:
        Scenario.from_dict(_document() | change)
    assert str(refusal.value).startswith(words)


def test_a_dict_within_itself_is_refused() -> None:
    document = _document()
    document["parameters"] = document
    with pytest.raises(InputError, match="nested deeper"):
        Scenario.from_dict(document)


# -- frozen, pickled, hashed


def test_scenarios_are_frozen_and_pickle(small: Scenario) -> None:
    with pytest.raises(FrozenInstanceError):
        small.steps = 3  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(small))  # noqa: S301 - what this test made itself
    assert_same(again, small)


def test_hash_ignores_what_is_for_people(tmp_path: Path) -> None:
    text = GOOD + "# a comment\n"
    text = swap("title: A small case", "title: Other\ndescription: many words", text)
    text = swap("- {name: raids}", "- {name: raids, description: more words}", text)
    text = swap("{parity: 0.4}", "{parity: {value: 4e-1, source: a book}}", text)
    text = swap("day: 2025-05-05", "day: 23", text)
    write(tmp_path / "one.yaml", GOOD)
    write(tmp_path / "other.yaml", text)
    one, other = (Scenario.from_yaml(tmp_path / f"{n}.yaml") for n in ("one", "other"))
    assert one.sha256() == other.sha256()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("parity: 0.4", "parity: 0.41"), ("seed: 0", "seed: 1"), ("steps: 40", "steps: 41"),
        ("name: small", "name: smaller"), ("2025-04-12\n", "2025-04-13\n"),
        ("{noise: true}", "{noise: false}"), ("day: 27", "day: 28"),
        ("policy: scripted", "policy: quiet"), ("baseline: no_offer", "baseline: offer"),
        ("- {name: background}\n- {name: raids}", "- {name: raids}\n- {name: background}"),
    ],
)  # fmt: skip
def test_hash_sees_what_can_move_a_result(old: str, new: str, tmp_path: Path) -> None:
    text = swap("{background: 1.0, raids: 0.05}", "{}")
    text = swap("salience: {raids: 1.5}, ", "", text)
    text = swap(", salience: {raids: 0.3}", "", text)
    write(tmp_path / "one.yaml", text)
    write(tmp_path / "other.yaml", swap(old, new, text))
    one, other = (Scenario.from_yaml(tmp_path / f"{n}.yaml") for n in ("one", "other"))
    assert one.sha256() != other.sha256()


def test_hash_is_another_in_each_arm(small: Scenario) -> None:
    assert len({scenario.sha256() for scenario in with_arms(small)}) == 3


# -- replaced


def test_replacing_is_fast(small: Scenario) -> None:
    def replace() -> None:
        for number in range(200):
            small.replace(parameters={"parity": number / 200})

    assert not slower_than(0.4, replace)  # 0.2 ms each


def test_replaced_values_hold_in_the_arms_and_in_what_is_written(small: Scenario) -> None:
    changed = small.replace(parity=0.9, noise=False, seed=7, name="other", title="t")
    for scenario in with_arms(changed):
        assert scenario.parameters.parity == 0.9
        assert scenario.parameters.noise == 0.005  # noise=False is the switch
        assert not scenario.switches.noise
        assert (scenario.seed, scenario.name, scenario.title) == (7, "other", "t")
    assert changed.arm("offer").mediator.policy == "scripted"
    assert_same(Scenario.from_dict(changed.to_dict()), changed)
    assert small.parameters.parity == 0.4


def test_ways_to_replace_parameters_agree(small: Scenario) -> None:
    whole = small.replace(parameters=small.parameters._replace(parity=0.9))
    assert whole == small.replace(parity=0.9) == small.replace(parameters={"parity": 0.9})
    assert small.replace(noise=0.01).parameters.noise == 0.01
    assert small.replace(switches=small.switches._replace(peers=False)).switches.peers is False


def test_replacing_one_parameter_leaves_the_arms_others_alone(tmp_path: Path) -> None:
    text = swap("    mediator: {policy: scripted}", "    parameters: {goodwill: 0.07, parity: 1}")
    write(tmp_path / "small.yaml", text)
    small = Scenario.from_yaml(tmp_path / "small.yaml")
    changed = small.replace(parameters=small.parameters._replace(parity=0.5))
    assert changed.arm("offer").parameters.goodwill == 0.07
    assert changed.arm("offer").parameters.parity == 0.5


def test_fewer_steps_cut_a_scenario_short(small: Scenario) -> None:
    short = small.replace(steps=14)
    assert [event.name for event in short.events] == ["raid"]
    assert short.delegations[0].itinerary == ()
    assert short.mediator.days == ()
    assert len(short.narratives) == 4  # shares stay those of the whole menu
    assert short.narratives[3].first_day == 12
    assert small.replace(steps=5).narratives[3].first_day == 5
    assert {scenario.steps for scenario in with_arms(short)} == {14}
    assert_same(Scenario.from_dict(short.to_dict()), short)
    build(short)
    assert short.replace(steps=40) == small
    assert short.replace(seed=1).replace(steps=41) == small.replace(seed=1, steps=41)


@SOME
@given(scenarios())
def test_a_cut_scenario_is_valid(document: dict[str, Any]) -> None:
    scenario = Scenario.from_dict(document)
    for steps in (1, 2, scenario.steps - 1):
        short = scenario.replace(steps=steps)
        assert_same(Scenario.from_dict(short.to_dict()), short)


def test_records_can_be_replaced_and_are_checked(small: Scenario) -> None:
    audience = replace(small.audiences[0], importance=7)
    changed = small.replace(audiences=(audience, small.audiences[1]))
    assert changed.arm("offer").audiences[0].importance == 7.0
    with pytest.raises(InputError, match=r"audiences\.Broker\.importance: must be at least 0"):
        small.replace(audiences=(replace(audience, importance=-1.0), small.audiences[1]))
    with pytest.raises(InputError, match="unknown audience"):
        small.replace(audiences=small.audiences[:1])


def test_records_and_what_a_file_has_may_stand_together(small: Scenario) -> None:
    """Each is read as itself; what is neither is refused in words."""
    first, second = small.claimants
    plain = small.to_dict(arms=False)["claimants"]
    assert small.replace(claimants=[first, plain[1]]).claimants == (first, second)
    for wrong in ([small, small], first, [first, small.audiences[0]]):
        with pytest.raises(InputError, match=r"^claimants[.\d]*: must be a number, text, date"):
            small.replace(claimants=wrong)
    for key in ("mediator", "incidents", "update_rule", "title", "parameters"):
        with pytest.raises(InputError, match=f"^{key}: must be a"):
            small.replace(**{key: first})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parity": 2}, "parameters.parity: must lie in 0 to 1 (got 2)"),
        ({"parity": float("nan")}, "parameters.parity: must be a finite number"),
        ({"parameters": {"parrity": 1}}, "parameters.parrity: unknown key; did you mean parity?"),
        ({"parrity": 1}, "parrity: unknown key; did you mean parity?"),
        ({"attention": 1}, "switches.attention: must be true or false (got 1)"),
        ({"steps": 0}, "steps: must lie in 1 to 36500 (got 0)"),
        ({"seed": -1}, "seed: must lie in 0 to"),
        ({"baseline": "x"}, "baseline: unknown arm"),
        ({"anchor_pull": 0}, "audiences.Broker.initial_sympathy: is missing"),
        ({"arms": ()}, "arms: unknown key"),
        ({"layers": None}, "layers: unknown key"),
    ],
)
def test_replacing_refuses_as_a_file_would(
    change: dict[str, Any], words: str, small: Scenario
) -> None:
    with pytest.raises(InputError) as refusal:
        small.replace(**change)
    assert str(refusal.value).startswith(words)


def test_set_after_replace_keeps_both(small: Scenario) -> None:
    changed = small.replace(seed=5).set(["parity=0.6"])
    assert (changed.seed, changed.parameters.parity) == (5, 0.6)
    assert changed.arm("offer").set(["parity=0.7"]).arm_name == "offer"


def test_notes_name_parameters_outside_their_usual_range(small: Scenario) -> None:
    changed = small.replace(anchor_pull=0.5)
    note = "parameters.anchor_pull: 0.5 lies outside its usual range 0.03 to 0.12"
    assert changed.notes == (note,)
    assert small.set({"anchor_pull": "0.5"}).notes == (note,)
    in_arm = small.set({"arms.offer.parameters.anchor_pull": "0.5"})
    assert in_arm.notes == (f"{note}, in arm offer",)
    assert SPECS["anchor_pull"].hard_high == 1  # so it is a note, not a refusal


def test_notes_say_what_a_peer_of_itself_and_an_unheard_narrative_do(small: Scenario) -> None:
    """By the weights 3 and 1, a quarter of what it hears is its own view."""
    document = small.to_dict()
    heard = next(name for name, one in document["peers"].items() if one)
    other = next(iter(document["peers"][heard]))
    document["peers"][heard] = {heard: 1, other: 3}
    told = document["narratives"][0]
    told["audiences"] = []
    changed = Scenario.from_dict(document)
    assert changed.notes == (
        f"peers.{heard}.{heard}: {heard} is its own peer with 0.25 of the weight; by that share "
        "its peers move it less",
        f"narratives.{told['name']}.audiences: is empty, so that nobody hears this narrative; its "
        f"share of {told['sender']}'s effort is not spent",
    )
    assert small.notes == ()


def test_reading_leaves_the_given_dict_alone() -> None:
    document = _document()
    before = copy.deepcopy(document)
    Scenario.from_dict(document).to_dict()["parameters"]["parity"] = 9
    assert document == before


def test_every_field_is_written() -> None:
    """A field that ``to_dict`` forgot would be lost in every run folder."""
    content = Scenario.from_dict(_document()).replace(title="t", description="d").to_dict()
    not_content = {"layers", "replaced", "notes", "arm_name", "arms", "baseline"}
    assert {item.name for item in fields(Scenario)} - not_content <= set(content)
