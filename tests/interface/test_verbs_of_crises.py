"""Every verb that takes a scenario takes each shipped crisis, and shows what each number rests on."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sim import Scenario
from tests.interface.conftest import Answer

SCENARIOS = ("kashmir_2025", "kashmir_2025_states", "kashmir_2019")
# Verbs of many points are asked of 30 capitals alone: of 49 each takes half a minute, of the
# first scenario README's lines ask them
MANY = {"sweep", "sensitivity", "discover"}
LATEST = "falklands_1982"  # of another pair: it has arms of its own, and others are moved most
OF_LATEST = {
    "mediation": "as_it_was",
    "mediation,no_mediation": "as_it_was,no_mediation",
    "40": "20",  # its first offer comes on day 14, and it has 51 audiences
}
OUT = ("-o", "out", "--no-report", "--steps", "40")  # the offers come on days 18 and 29
ARMS = ("--arms", "mediation,no_mediation")
FEW = (*OUT, *ARMS, "-n")
KEYS = ("--param", "parity=0:0.6", "--param", "goodwill=0:0.1")
COMPARE = (*FEW, "2", "--uncertain-pairs", "2", "--every", "20", "--channels")
# What each verb is asked besides the scenario, and what it says of its answer
ASKED = {
    "validate": ((), "ok"),
    "run": ((*OUT, "--arm", "mediation", "--no-ledger"), "all, by importance"),
    "explain": ((*OUT, "--audience", "Ottawa"), "Why Ottawa moved"),
    "compare": (COMPARE, "The largest effect is that on Washington"),
    "sweep": ((*FEW, "2", "--param", "parity=0:0.6:2"), "parity from 0 to 0.6"),
    "sensitivity": ((*FEW, "3", *KEYS, "--trajectories", "2", "--samples", "2"), "Screening"),
    "discover": ((*FEW, "1", *KEYS, "--samples", "80", "--beyond", "0.01"), "net opinion"),
    "tournament": (
        (*OUT, "-n", "2", "--strategies", "scripted,uniform"),
        "Which strategy is good against which?",
    ),
    "hindcast": ((*FEW, "2", "--outcomes", "said.csv", "--samples", "2"), "Agreement, arm by arm"),
}


@cache
def shipped(name: str) -> Scenario:
    return Scenario.from_yaml(name)


@pytest.mark.parametrize(
    ("verb", "scenario"),
    [
        *((v, one) for one in SCENARIOS for v in ASKED if one == "kashmir_2019" or v not in MANY),
        *((v, LATEST) for v in ASKED),
    ],
)
def test_verb_takes_each_shipped_crisis(
    narrate: Callable[..., Answer], place: Path, verb: str, scenario: str
) -> None:
    names = [one.name for one in shipped(scenario).audiences]
    if verb == "hindcast":
        head, *rows = narrate(verb, "--template", scenario).out.splitlines()
        assert [row.split(",")[0] for row in rows] == names
        day = shipped(scenario).start_date.isoformat()
        coded = [f"{name},{day},{i % 3},overall,a speech" for i, name in enumerate(names)]
        (place / "said.csv").write_text("\n".join([head, *coded]), encoding="utf-8")
    words, said = ASKED[verb]
    if scenario == LATEST:
        words = tuple(OF_LATEST.get(word, word) for word in words)
        said = said.removesuffix("Washington")
    answer = narrate(verb, scenario, *words)
    assert (answer.code, said in answer.out) == (0, True), answer.err
    if verb in ("run", "compare"):
        assert all(f"\n{name} " in answer.out for name in names)
    if verb == "sweep":
        assert narrate("status", "out", "--verify").code == 0
        assert narrate("resume", "out", "--replicates", "3", "--no-report").code == 0
    if verb == "compare" and scenario == "kashmir_2025_states":
        assert narrate("report", "out").code == 0


@pytest.mark.parametrize("scenario", [*SCENARIOS, LATEST])
def test_each_number_shown_names_its_source(narrate: Callable[..., Answer], scenario: str) -> None:
    found = json.loads(narrate("show", scenario, "--json").out)["sources"]
    numbers = [row for row in found if isinstance(row["value"], float | int)]
    assert len(numbers) > 600
    unsaid = [row["key"] for row in numbers if not row["source"] and row["where"] != "default"]
    assert unsaid == ["schema_version"]
