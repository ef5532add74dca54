"""Overlays: ``extends``, arms, ``--set``, and where each value is said to come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from tests.scenario.bad_input import GOOD, MEDIATOR, swap, write


def files(folder: Path, **texts: str) -> Path:
    """Write scenario files; the last one's path."""
    for name, text in texts.items():
        write(folder / f"{name}.yaml", text)
    return folder / f"{name}.yaml"


def origin(scenario: Scenario, key: str) -> tuple[object, str, str]:
    """Value, source and place of one key."""
    return next((row.value, row.source, row.where) for row in scenario.sources() if row.key == key)


# -- extends


def test_extending_overlays_by_key_and_by_name(tmp_path: Path) -> None:
    path = files(
        tmp_path,
        base=GOOD,
        mine="""\
extends: base
name: mine
parameters: {goodwill: 0.05}
audiences:
- {name: Port, importance: 9}
- name: Hill
  importance: 1
  trust: {Aria: 0.5, Boreas: 0.5}
  judgements:
    background: {Aria: 0, Boreas: 0}
    raids: {Aria: 0, Boreas: 0}
claims: [{name: armed, prior: 0.9}]
events: [{name: inquiry, drop: true}]
mediator: {days: [1, 2]}
arms:
  offer: {parameters: {parity: 0.9}}
  third: {mediator: {policy: threshold}}
""",
    )
    base, mine = Scenario.from_yaml(tmp_path / "base.yaml"), Scenario.from_yaml(path)
    assert mine.name == "mine"
    assert mine.steps == base.steps
    assert (mine.parameters.parity, mine.parameters.goodwill) == (0.4, 0.05)
    importances = [(audience.name, audience.importance) for audience in mine.audiences]
    assert importances == [("Broker", 4), ("Port", 9), ("Hill", 1)]
    assert mine.audiences[1].trust == base.audiences[1].trust
    assert mine.claims[0].prior == {"Broker": 0.9, "Port": 0.9, "Hill": 0.9}
    assert [event.name for event in mine.events] == ["raid"]
    assert mine.mediator.days == (1, 2)
    assert mine.arms == ("no_offer", "offer", "third")
    # both deltas of the arm apply, the extended file's first
    assert mine.arm("offer").mediator.policy == "scripted"
    assert mine.arm("offer").parameters.parity == 0.9


def test_problems_of_an_extended_file_name_that_file(tmp_path: Path) -> None:
    path = files(
        tmp_path,
        base=swap("share: 4", "share: -4"),
        mine="extends: base\nname: mine\nsteps: 4.5\n",
    )
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(str(path))
    assert [str(problem) for problem in refusal.value.problems] == [
        f"{path}:3:8: steps: must be a whole number such as 12, without quotes (got 4.5)",
        f"{tmp_path}/base.yaml:42:68: narratives.raiders.share: must be at least 0 (got -4)",
    ]


def test_broken_yaml_of_an_extended_file_names_that_file(tmp_path: Path) -> None:
    path = files(tmp_path, base="a: [\n", mine="extends: base\n")
    with pytest.raises(InputError, match=r"base\.yaml:2:1: is not valid YAML"):
        Scenario.from_yaml(path)


@pytest.mark.parametrize(
    ("texts", "circle"),
    [
        ({"a": "extends: a\n"}, "a -> a"),
        ({"b": "extends: a\n", "a": "extends: b\n"}, "a -> b -> a"),
        ({"c": "extends: b\n", "b": "extends: c\n", "a": "extends: b\n"}, "a -> b -> c -> b"),
    ],
)
def test_circles_are_refused(texts: dict[str, str], circle: str, tmp_path: Path) -> None:
    path = files(tmp_path, **texts)
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(path)
    assert f"extends: goes in a circle (got {circle})" in str(refusal.value)


def test_long_chains_are_refused(tmp_path: Path) -> None:
    chain = {f"s{i}": f"extends: s{i - 1}\nname: s{i}\n" for i in range(1, 12)}
    files(tmp_path, s0=GOOD, **chain)
    assert Scenario.from_yaml(tmp_path / "s8.yaml").name == "s8"
    with pytest.raises(InputError, match=r"s1\.yaml:1:10: extends: must not lead through more"):
        Scenario.from_yaml(tmp_path / "s9.yaml")


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    write(outside / "secret.yaml", GOOD)
    write(inside / "real.yaml", GOOD)
    (inside / "leak.yaml").symlink_to(outside / "secret.yaml")
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    (inside / "fine.yaml").symlink_to(inside / "real.yaml")
    for name in ("leak", "loop"):
        with pytest.raises(InputError, match="extends: must not lead out of its folder"):
            Scenario.from_yaml(files(inside, mine=f"extends: {name}\n"))
    assert Scenario.from_yaml(files(inside, mine="extends: fine\n")).name == "small"


def test_shipped_scenarios_can_be_extended_from_anywhere(tmp_path: Path) -> None:
    path = files(tmp_path, mine="extends: two_sources\nname: mine\n")
    assert Scenario.from_yaml(path).claimants == Scenario.from_yaml("two_sources").claimants
    write(tmp_path / "two_sources.yaml", GOOD)  # the folder's own comes first
    assert Scenario.from_yaml(path).claimants[0].name == "Aria"


def test_every_shipped_scenario_is_found_and_valid() -> None:
    assert {"kashmir_2025", "symmetric", "two_sources"} <= set(shipped.names())
    for name in shipped.names():
        assert Scenario.from_yaml(name).name == name


@pytest.mark.parametrize("name", ["../kashmir_2025", "a/b", "a.yaml", "C:x", "a\\b", "", "."])
def test_only_plain_names_are_looked_up_among_the_shipped(name: str) -> None:
    assert not shipped.is_bare(name)


# -- arms


def test_arms_overlay_the_base(tmp_path: Path) -> None:
    text = swap(
        "    mediator: {policy: scripted}\n",
        """\
    mediator: {policy: scripted, escalation: {drop: true}}
    claimants: [{name: Aria, acceptance: always}]
    narratives:
    - {name: talks, drop: true}
    - {name: more talks, sender: Boreas, type: PROMOTE, issue: raids, share: 1, evidence: 0.1}
    delegations: [{name: A one, itinerary: [{day: 3, at: Broker}]}]
    update_rule: {name: bounded_confidence, eps: 0.5}
""",
    )
    base = Scenario.from_yaml(files(tmp_path, case=text))
    arm = base.arm("offer")
    assert base.arm("no_offer") == base.replace().arm("no_offer")
    assert (base.arm_name, arm.arm_name) == ("", "offer")
    assert arm.claimants[0].acceptance == "always"
    assert arm.claimants[0].campaign_start == 4
    assert [n.name for n in arm.narratives] == ["raiders", "trade", "no part", "more talks"]
    assert len(arm.delegations[0].itinerary) == 1
    assert (base.mediator.escalation, arm.mediator.escalation) == ("raids", None)
    assert arm.update_rule.options == {"eps": 0.5}
    assert arm.arm("no_offer") == base.arm("no_offer")
    assert arm.base == base
    # what the arm drops is dropped again when the scenario is written and read
    again = Scenario.from_dict(base.to_dict())
    assert again.arm("offer") == arm
    assert again.to_dict()["arms"]["offer"]["mediator"]["escalation"] == {"drop": True}


LISTED = "mediator: [{audience: Broker, days: [14]}, {audience: Port, from: 20}]"


@pytest.mark.parametrize(
    ("base", "arm"),
    [
        (MEDIATOR, "[{audience: Port}, {audience: Broker, from: 2025-05-02, days: [30]}]"),
        (LISTED, "[{audience: Port, policy: quiet}]"),
        (LISTED, "[{audience: Port}, {audience: Broker, from: 9}, {audience: Port, from: 30}]"),
        (MEDIATOR, "[{audience: Broker, policy: none, days: [14], escalation: raids}]"),
    ],
)
def test_roles_of_an_arm_replace_those_below_and_are_read_back(
    tmp_path: Path, base: str, arm: str
) -> None:
    text = swap("mediator: {policy: scripted}", f"mediator: {arm}", swap(MEDIATOR, base))
    scenario = Scenario.from_yaml(files(tmp_path, case=text))
    roles = scenario.arm("offer").mediator.roles
    assert len(roles) == arm.count("audience")
    assert [role.first_day for role in roles] == sorted({role.first_day for role in roles})
    again = Scenario.from_dict(scenario.to_dict())
    assert again == scenario
    assert again.arm("offer") == scenario.arm("offer")
    again = Scenario.from_yaml(files(tmp_path, case=scenario.to_yaml()))
    assert again.arm("offer") == scenario.arm("offer")
    assert again.sha256() == scenario.sha256()


def test_one_role_in_a_list_is_written_as_a_mapping(tmp_path: Path) -> None:
    text = swap(MEDIATOR, MEDIATOR.replace("{", "[{").replace("}", "}]"))
    text = swap("mediator: {policy: scripted}", "switches: {noise: false}", text)
    alone = Scenario.from_yaml(files(tmp_path, case=swap("mediator: {policy: scripted}",
                                                         "switches: {noise: false}")))  # fmt: skip
    listed = Scenario.from_yaml(files(tmp_path, other=text).with_name("other.yaml"))
    assert listed == alone
    assert listed.to_dict() == alone.to_dict()
    assert "from" not in listed.to_dict()["mediator"]


def test_fewer_days_leave_out_roles_that_never_begin(tmp_path: Path) -> None:
    text = swap(MEDIATOR, LISTED.replace("from: 20", "from: 20, days: [24, 35]"))
    text = swap("mediator: {policy: scripted}", "switches: {noise: false}", text)
    scenario = Scenario.from_yaml(files(tmp_path, case=text))
    assert [role.days for role in scenario.replace(steps=30).mediator.roles] == [(14,), (24,)]
    assert [role.days for role in scenario.replace(steps=20).mediator.roles] == [(14,)]
    assert scenario.replace(steps=20).replace(steps=40) == scenario
    back = scenario.replace(mediator=scenario.mediator.roles)
    assert back == scenario


def test_another_update_rule_brings_no_options_along(tmp_path: Path) -> None:
    text = swap("update_rule: friedkin_johnsen", "update_rule: {name: bounded_confidence, eps: 1}")
    text = swap("mediator: {policy: scripted}", "update_rule: {name: friedkin_johnsen}", text)
    base = Scenario.from_yaml(files(tmp_path, case=text))
    assert base.update_rule.options == {"eps": 1.0}
    assert base.arm("offer").update_rule.options == {}


def test_unknown_arms_are_refused(tmp_path: Path) -> None:
    scenario = Scenario.from_yaml(files(tmp_path, case=GOOD))
    with pytest.raises(InputError, match=r"arms: unknown arm; did you mean offer\? \(got ofer\)"):
        scenario.arm("ofer")


def test_arms_are_bounded(tmp_path: Path) -> None:
    text = GOOD + "".join(f"  arm{i}: {{}}\n" for i in range(30))
    with pytest.raises(InputError, match=r"arms: must hold at most 20 items \(got 32\)"):
        Scenario.from_yaml(files(tmp_path, case=text))


# -- --set


@pytest.mark.parametrize(
    ("assignment", "read"),
    [
        ("parameters.parity=0.5", lambda s: s.parameters.parity == 0.5),
        ("parity=.5", lambda s: s.parameters.parity == 0.5),
        ("parameters.goodwill = 0.1", lambda s: s.parameters.goodwill == 0.1),
        ("switches.noise=false", lambda s: not s.switches.noise),
        ("switches.peers=false", lambda s: not s.switches.peers),
        ("mediator.policy=threshold", lambda s: s.mediator.policy == "threshold"),
        ("audiences.Broker.importance=3", lambda s: s.audiences[0].importance == 3),
        ("claimants.Boreas.audience_cost=.15", lambda s: s.claimants[1].audience_cost == 0.15),
        ("audiences.Port.judgements.raids.Aria=-1",
         lambda s: s.audiences[1].judgements["raids"]["Aria"] == -1),
        ("audiences.Port.salience.raids=2", lambda s: s.audiences[1].salience["raids"] == 2),
        ("claims.armed.prior.Port=1", lambda s: s.claims[0].prior["Port"] == 1),
        ("claims.armed.prior=0", lambda s: s.claims[0].prior == {"Broker": 0, "Port": 0}),
        ("delegations.A one.itinerary.1.at=Broker",
         lambda s: s.delegations[0].itinerary[1].at == "Broker"),
        ("delegations.A one.itinerary=[]", lambda s: s.delegations[0].itinerary == ()),
        ("mediator.days=[2025-04-13, 5]", lambda s: s.mediator.days == (1, 5)),
        ("update_rule={name: bounded_confidence, eps: 1}",
         lambda s: s.update_rule.options == {"eps": 1}),
        ("title=a=b: c", lambda s: s.title == "a=b: c"),
        ('title="a"', lambda s: s.title == "a"),
        ("seed=18446744073709551615", lambda s: s.seed == 2**64 - 1),
        ("events.raid.day=2025-05-21", lambda s: s.events[0].day == 39),
        ("arms.offer.mediator.days=[3]",
         lambda s: (s.mediator.days, s.arm("offer").mediator.days) == ((14,), (3,))),
    ],
)  # fmt: skip
def test_assignments_reach_their_place(assignment: str, read, tmp_path: Path) -> None:
    path = files(tmp_path, case=GOOD)
    assert not read(Scenario.from_yaml(path))
    assert read(Scenario.from_yaml(path, sets=[assignment]))
    assert read(Scenario.from_yaml(path).set([assignment]))


def test_names_with_dots_can_be_assigned_to(tmp_path: Path) -> None:
    path = files(tmp_path, case=GOOD.replace("Port", "St. Port").replace("raids", "raids.v2"))
    scenario = Scenario.from_yaml(
        path, sets=["audiences.St. Port.judgements.raids.v2.Aria=1", "peers.Broker.St. Port=7"]
    )
    assert scenario.audiences[1].judgements["raids.v2"]["Aria"] == 1
    assert scenario.peers["Broker"]["St. Port"] == 7


def test_the_longest_fitting_name_is_meant(tmp_path: Path) -> None:
    path = files(tmp_path, case=GOOD.replace("background", "raids.old"))
    set_one = Scenario.from_yaml(path, sets=["audiences.Port.judgements.raids.old.Aria=1"])
    assert set_one.audiences[1].judgements["raids.old"]["Aria"] == 1
    assert set_one.audiences[1].judgements["raids"]["Aria"] == 0.2


def test_an_assignment_holds_in_every_arm_and_says_so(tmp_path: Path) -> None:
    scenario = Scenario.from_yaml(files(tmp_path, case=GOOD), sets=["mediator.policy=quiet"])
    assert {scenario.arm(arm).mediator.policy for arm in scenario.arms} == {"quiet"}
    assert scenario.notes == ("mediator.policy: the arm's own value is not used, in arm offer",)


def test_a_fault_that_an_assignment_causes_elsewhere_is_blamed_on_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(files(tmp_path, case=GOOD), sets=["steps=20"])
    assert {problem.place for problem in refusal.value.problems} == {"--set"}


def test_a_fault_of_the_file_stays_the_files_beside_an_assignment(tmp_path: Path) -> None:
    path = files(tmp_path, case=swap("share: 4", "share: -4"))
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(str(path), sets=["parity=0.5"])
    assert [problem.place for problem in refusal.value.problems] == [f"{path}:42:68"]


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("parrity=0.1", "parrity: unknown key; did you mean parity?"),
        ("policy=none", "policy: unknown key; did you mean mediator.policy?"),
        ("importanc=2", "importanc: unknown key; did you mean audiences.NAME.importance?"),
        ("nowhere.parrity=0.1", "nowhere.parrity: unknown key; did you mean parity?"),
        ("arms.offer.parity=0.1",
         "arms.offer.parity: unknown key; did you mean arms.offer.parameters.parity?"),
        (".".join("a" * 5000) + "=1", "a.a.a: must not lead deeper than 32 levels (got 5000)"),
        ("peers." + ".".join("a" * 40) + "=1",
         "peers.a.a: must not lead deeper than 32 levels (got 41)"),
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused_with_what_was_meant(
    assignment: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(files(tmp_path, case=GOOD), sets=[assignment])
    assert str(refusal.value) == f"--set: {said}"


def test_what_cannot_be_extended_is_named_alone(tmp_path: Path) -> None:
    """All that it would have brought would only seem to be missing."""
    path = files(tmp_path, case="name: x\nextends: mine.yaml\nclaimantss: 3\n")
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(str(path))
    assert str(refusal.value) == (
        f"{path}:2:10: extends: must be the name without .yaml: mine (got mine.yaml)"
    )


def test_what_an_arm_spoils_in_an_extended_file_is_told_at_the_arm(tmp_path: Path) -> None:
    files(tmp_path, under=GOOD)
    path = files(
        tmp_path, case="extends: under\nname: x\narms:\n  more: {claimants: [{name: Arai}]}\n"
    )
    with pytest.raises(InputError) as refusal:
        Scenario.from_yaml(str(path.parent / "case.yaml"))
    assert str(refusal.value) == (
        f"{path.parent / 'case.yaml'}:4:9: arms.more.claimants: must hold exactly 2 items (got 3)"
    )


# -- where values come from

SOURCED = swap(
    "parameters: {parity: 0.4}",
    "parameters: {source: a table, parity: {value: 0.4, source: a book}, calming: 0.1, reply: .2}",
)


def test_every_value_says_where_it_comes_from(tmp_path: Path) -> None:
    path = files(tmp_path, case=SOURCED)
    base = Scenario.from_yaml(str(path), sets=["reply=0.3"])
    assert origin(base, "parameters.parity") == (0.4, "a book", f"{path}:7:47")
    assert origin(base, "parameters.calming") == (0.1, "a table", f"{path}:7:78")
    assert origin(base, "parameters.reply") == (0.3, "", "--set")
    assert origin(base, "parameters.noise") == (0.005, "judgement", "default")
    assert origin(base, "claims.rebels.prior.Port") == (0.2, "", f"{path}:48:54")
    assert origin(base, "mediator.policy") == ("none", "", f"{path}:54:38")
    arm = base.arm("offer")
    assert origin(arm, "mediator.policy") == ("scripted", "", f"{path}:60:24 (arm offer)")
    assert origin(base.replace(parity=0.9), "parameters.parity") == (0.9, "", "Python")
    assert origin(base.replace(parity=0.9), "parameters.calming")[1] == "a table"


def test_the_nearest_source_counts(tmp_path: Path) -> None:
    text = swap(
        "  importance: 2\n  trust: {Aria: 0.5, Boreas: 0.5}",
        "  source: outer\n  importance: 2\n"
        "  trust: {Aria: 0.5, Boreas: {value: 0.5, source: own}, source: inner}",
    )
    rows = Scenario.from_yaml(files(tmp_path, case=text)).sources()
    sources = {row.key: row.source for row in rows}
    assert sources["audiences.Port.importance"] == "outer"
    assert sources["audiences.Port.judgements.raids.Aria"] == "outer"
    assert sources["audiences.Port.trust.Aria"] == "inner"
    assert sources["audiences.Port.trust.Boreas"] == "own"
    assert sources["audiences.Port.name"] == ""
    assert sources["audiences.Broker.importance"] == ""


def test_an_overlay_does_not_inherit_the_source_of_what_it_replaces(tmp_path: Path) -> None:
    files(tmp_path, base=SOURCED)
    path = files(
        tmp_path, mine="extends: base\nparameters: {parity: 0.6, reply: {value: .1, source: me}}\n"
    )
    mine = Scenario.from_yaml(str(path))
    assert origin(mine, "parameters.parity") == (0.6, "", f"{path}:2:22")
    assert origin(mine, "parameters.reply") == (0.1, "me", f"{path}:2:42")
    assert origin(mine, "parameters.calming")[1:] == ("a table", f"{tmp_path}/base.yaml:7:78")


def test_sources_survive_writing(tmp_path: Path) -> None:
    base = Scenario.from_yaml(files(tmp_path, case=SOURCED))
    again = Scenario.from_yaml(files(tmp_path, again=base.to_yaml()))
    for arm in ("", *base.arms):
        one, other = (s.arm(arm) if arm else s for s in (base, again))
        assert [row[:3] for row in other.sources()] == [
            (row.key, row.value, "" if row.where == "default" else row.source)
            for row in one.sources()
        ]


def test_places_are_relative_as_the_user_gave_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path, base=GOOD, mine="extends: base\nseed: x\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^mine\.yaml:2:7: seed"):
        Scenario.from_yaml("mine.yaml")
    assert origin(Scenario.from_yaml("base.yaml"), "steps")[2] == "base.yaml:5:8"
