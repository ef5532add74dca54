"""Explanations add up, and speak of both claimants in the same words."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import sim
from sim.api import Run
from sim.errors import InputError
from sim.studies.balance import balances
from sim.studies.explain import Explanation, explain, round_to_sum

SMALL = Path(__file__).with_name("small.yaml")


def document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(SMALL.read_text())
    return found


@pytest.fixture(scope="module")
def told() -> Run:
    return sim.run(SMALL, "offer")


def why(run: Run, audience: str = "Broker", **choice: Any) -> Explanation:
    return explain(
        run,
        audience, **choice,
    )  # fmt: skip


@pytest.mark.parametrize("toward", ["", "Aria", "Boreas"])
@pytest.mark.parametrize("span", [(0, 23), (5, 5), (6, 14)])
def test_causes_and_mechanisms_add_up_to_the_change(
    told: Run, toward: str, span: tuple[int, int]
) -> None:
    found = why(told, toward=toward, first=span[0], last=span[1])
    for parts in (found.causes, found.mechanisms, found.rows(3)):
        total = math.fsum(part[1] for part in parts)
        assert total == pytest.approx(found.change, abs=1e-12)
    assert len(found.rows(3)) == 4


def test_change_is_that_of_the_record(told: Run) -> None:
    found = why(told, first=6, last=14)
    x = (told.record.sympathy[:, 0, 0] - told.record.sympathy[:, 0, 1]) / 2
    assert found.change == pytest.approx(x[15] - x[6], abs=1e-15)


def test_sentence_says_of_a_mechanism_what_its_table_says(told: Run) -> None:
    """Rounded so that the table adds up, not each number alone."""
    rounded_otherwise = 0
    for audience in ("Broker", "Port", "Hill"):
        for last in range(23):
            found = why(told, audience, last=last)
            lines = found.text().splitlines()
            table = lines[lines.index("By mechanism") + 1 : lines.index("Largest causes") - 1]
            shown = dict(reversed(line.split(maxsplit=1)) for line in table)
            for line in lines:
                if match := re.fullmatch(r"What .* most: (.*) \((.*)\)\.", line):
                    assert shown[match[1]] == match[2]
            rounded_otherwise += any(
                shown[part.label] != f"{part.delta:+.4f}" for part in found.mechanisms
            )
    assert rounded_otherwise > 0


@pytest.mark.parametrize("top", [1, 3, 8, 100])
def test_numbers_shown_add_up_digit_by_digit(told: Run, top: int) -> None:
    for audience in ("Broker", "Port", "Hill"):
        for span in ((0, 23), (6, 14), (9, 9)):
            text = why(told, audience, first=span[0], last=span[1]).text(top)
            shown = re.search(r"went from (\S+) to (\S+): (\S+) \(", text)
            start, end, change = (units(number) for number in shown.groups())
            assert start + change == end
            for heading, total in (("By mechanism", change), ("Largest causes", change),
                                   ("What holds it there now", end)):  # fmt: skip
                block = text[text.index(heading) :].split("\n\n")[0].split("\n")[1:]
                numbers = [units(line.split()[0]) for line in block]
                assert sum(numbers[:-1]) == numbers[-1] == total


def units(shown: str) -> int:
    return round(float(shown) * 10_000)


def test_rounding_gives_the_remainder_to_the_largest() -> None:
    parts = [0.00004, 0.00004, 0.00004, -0.00002]
    assert round_to_sum(0.0, 0.0001, parts)[2] == ["+0.0001", "+0.0000", "+0.0000", "+0.0000"]


def test_single_messages_are_those_of_the_ledger(told: Run) -> None:
    found = why(told, toward="Aria", first=6, last=14)
    rows = told.ledger.query(
        "actor == 'Broker' and toward == 'Aria' and cause == 'message' and 6 <= step <= 14"
    )
    sums = rows.groupby("cause_id")["delta"].sum()
    assert len(found.messages) == len(sums) > 20
    assert found.messages[0].delta == pytest.approx(sums[sums.abs().idxmax()], abs=1e-15)
    talks = [message for message in found.messages if message.channel == "A one"]
    assert talks


def test_what_moved_most_works_the_way_of_the_change(told: Run) -> None:
    found = why(told, first=6, last=14)
    assert found.moved_by is not None
    along = [part for part in found.mechanisms if part.delta * found.change > 0]
    assert found.moved_by == max(along, key=lambda part: abs(part.delta))
    lines = found.text().split("\n")
    place = next(i for i, line in enumerate(lines) if line.startswith("What moved it most: "))
    assert found.moved_by.label in lines[place]
    assert lines[place + 1].startswith("What held it back most: ")


def test_types_of_messages_are_said_as_words(told: Run) -> None:
    text = why(told, first=0, last=14).text(50)
    assert re.search(r"(?m): accuses \"|: promotes \"", text)
    assert not re.search("PROMOTE|ATTACK|DENY", text)


def test_brake_works_against_the_change(told: Run) -> None:
    found = why(told, first=6, last=14)
    assert found.held_back_by is not None
    assert found.held_back_by.delta * found.change < 0
    against = [part.delta for part in found.mechanisms if part.delta * found.change < 0]
    assert abs(found.held_back_by.delta) == max(abs(delta) for delta in against)


def test_exchanging_the_claimants_exchanges_their_names_only(told: Run) -> None:
    swapped = document()
    swapped["claimants"].reverse()
    other = sim.run(sim.Scenario.from_dict(swapped), "offer")
    one, two = (why(run, toward="Aria", first=6, last=14).text() for run in (told, other))
    assert one == two
    mirrored = why(other, first=6, last=14)
    assert mirrored.change == pytest.approx(-why(told, first=6, last=14).change, abs=1e-15)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"audience": "Prot"}, "--audience: unknown audience; did you mean Port?"),
        ({"audience": "Port", "toward": "Ari"}, "--toward: unknown claimant; did you mean Aria?"),
        ({"audience": "Port", "first": 9, "last": 8}, "days must lie within 0 to 23"),
        ({"audience": "Port", "last": 24}, "days must lie within 0 to 23"),
    ],
)
def test_unknown_questions_are_refused(told: Run, choice: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        why(told, **choice)


# The standing balance


def variants() -> dict[str, dict[str, Any]]:
    plain = document()
    given, stubborn, loud = document(), document(), document()
    given["audiences"][1]["initial_sympathy"] = {"Aria": 0.9, "Boreas": -0.9}
    stubborn["audiences"][0] |= {
        "anchor_pull": 0.0, "initial_sympathy": {"Aria": 0.5, "Boreas": 0.2}
    }  # fmt: skip
    stubborn["audiences"][2]["anchor_pull"] = 1.0
    loud["parameters"] |= {"noise": 0.9, "peer_pull": 0.3}
    return {"plain": plain, "given start": given, "no pull": stubborn, "at the bounds": loud}


@pytest.mark.parametrize("name", list(variants()))
def test_standing_balance_is_the_sympathy_itself(name: str) -> None:
    run = sim.run(sim.Scenario.from_dict(variants()[name]), "offer")
    at_bound = np.abs(run.record.sympathy) == 1.0
    assert at_bound.any() == (name == "at the bounds")
    for day, balance in enumerate(balances(run.record, run.world, run.setting, run.ledger)):
        total = balance.shares.sum(axis=0)
        assert np.abs(total - run.record.sympathy[day]).max() < 1e-12, day


def test_silence_is_held_by_interests_alone() -> None:
    quiet = document() | {"narratives": [], "events": [], "arms": {}, "claims": []}
    quiet["switches"] = {"noise": False, "incidents": False}
    del quiet["baseline"], quiet["incidents"]
    run = sim.run(sim.Scenario.from_dict(quiet))
    *_, last = balances(run.record, run.world, run.setting, run.ledger)
    held = {cause for cause, share in zip(last.causes, last.shares, strict=True)
            if np.abs(share).max() > 1e-15}  # fmt: skip
    assert {kind for kind, _ in held} == {"interests"}


def test_other_rules_have_no_standing_balance() -> None:
    scenario = sim.Scenario.from_dict(document() | {"update_rule": "bounded_confidence"})
    run = sim.run(scenario, "offer")
    found = why(run)
    assert found.balance == ()
    assert "friedkin_johnsen only" in found.text()
    with pytest.raises(InputError, match="friedkin_johnsen only"):
        next(balances(run.record, run.world, run.setting, run.ledger))
