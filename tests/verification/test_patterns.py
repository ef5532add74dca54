"""Patterns are judged draw by draw, on every scenario; what cannot be asked of one is said."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

from sim.scenario.scenario import Scenario
from sim.verification import crises, patterns
from sim.verification.check import Check
from sim.verification.crises import CRISES, Crisis, missing_part, part_words, pattern_case
from sim.verification.findings import Measured
from sim.verification.pattern_table import PATTERNS
from sim.verification.patterns import check_patterns, unasked_pattern
from sim.verification.rank_pattern import rank_pattern_unasked

DRAWS = 20
OF_VISITS = {"P9", "P10", "P11a", "P11b", "P13"}
UNASKED = {
    "kashmir_2019": {"P6 rival's step left out", "P7", "P10"},
    "kashmir_2025_article": {"P7"},
    "falklands_1982": {one.id for one in PATTERNS} - {"P5", "P9", "P11a", "P11b", "P12", "P13"},
}


def test_blocks_of_draws_change_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    case = pattern_case()
    whole = check_patterns(case, DRAWS, jobs=1)
    monkeypatch.setattr(patterns, "BLOCK", 8)
    told: list[str] = []
    cut = check_patterns(case, DRAWS, jobs=2, progress=told.append)
    assert [found.to_dict() for found in cut] == [found.to_dict() for found in whole]
    assert told == [f"patterns: {done} of 20 draws" for done in (8, 16, 20)]
    assert {found.samples for found in whole} == {DRAWS}
    assert len({found.share for found in whole}) > 3


def test_blocks_of_one_pattern_are_weighed_by_their_draws() -> None:
    """Three draws of which one holds, one draw that holds: a half. Placebo: none of four."""
    blocks = tuple(
        Measured(
            np.array(holds),
            np.zeros(len(holds), dtype=bool),
            {"effect": np.array(effect)},
            lambda mean: f"mean {mean['effect']:g}",
        )
        for holds, effect in (([True, False, False], [1.0, 2.0, 3.0]), ([True], [6.0]))
    )
    found = patterns._pattern("P0", "what", "emerges", blocks)
    assert (found.share, found.placebo, found.samples) == (0.5, 0.0, 4)
    assert found.measure == "mean 3"
    assert found.passes is False


def test_pattern_that_passes_under_its_placebo_says_nothing() -> None:
    def pattern(holds: list[bool], placebo: list[bool]) -> patterns.Pattern:
        measured = Measured(np.array(holds), np.array(placebo), {}, lambda mean: "")
        return patterns._pattern("P0", "what", "emerges", (measured,))

    assert pattern([True] * 3, [True, True, False]).says_nothing
    assert "placebo 0.67 (holds too: says nothing)" in str(
        pattern([True] * 3, [True, True, False])
    )
    assert not pattern([True] * 3, [True, False, False]).says_nothing
    assert not pattern([False] * 3, [True] * 3).says_nothing


def test_equal_draws_are_told_apart_from_those_in_which_a_pattern_fails() -> None:
    """One draw holds, two are exactly equal, one goes the other way."""
    change = np.array([0.1, 0.0, 0.0, -0.1])
    measured = Measured(change > 0.0, None, {}, lambda mean: "", change == 0.0)
    found = patterns._pattern("P0", "what", "emerges", (measured,))
    assert (found.share, found.equal) == (0.25, 0.5)
    assert "share 0.25 (exactly equal in 0.50), placebo none" in str(found)


@pytest.mark.parametrize("name", CRISES)
def test_every_pattern_has_its_row_in_every_crisis(name: str) -> None:
    case = pattern_case(Scenario.from_yaml(name))
    found = {one.id: one for one in check_patterns(case, 2)}
    assert list(found) == [question.id for question in PATTERNS]
    assert set(found) > OF_VISITS
    unasked = {one.id for one in found.values() if one.passes is None}
    assert unasked == UNASKED.get(name, set())
    for one in found.values():
        if one.id in unasked:
            assert (one.share, one.placebo, one.samples) == (None, None, 0)
            assert one.unasked.endswith(".")
        else:
            assert (one.unasked, one.samples) == ("", 2)
            assert "{" not in f"{one}"
    placebos = {one.id for one in found.values() if one.placebo is not None}
    assert {"P9"} <= placebos
    assert not {"P10", "P11a", "P11b", "P12", "P13", "P14"} & placebos


def test_scenario_without_the_events_gets_a_sentence() -> None:
    case = pattern_case(Scenario.from_yaml("symmetric"))
    found = {one.id: one for one in check_patterns(case, 2)}
    assert set(found) == {question.id for question in PATTERNS}
    attack = "Nothing in it is declared to stand for the attack."
    assert {found[id].unasked for id in ("P1", "P6a", "P6b", "P7", "P8")} == {attack}
    said = f"P1   cannot be asked. {attack} [alignment with North rises at every audience"
    assert str(found["P1"]).startswith(said)
    assert found["P5"].unasked == "None of its audiences is Western."
    assert found["P10"].unasked == "Both sides have as many teams."
    assert found["P13"].share is not None
    assert found["P1"].to_dict()["passes"] is None
    assert not found["P1"].says_nothing


def test_reason_of_a_crisis_goes_before_the_general_one() -> None:
    case = pattern_case(Scenario.from_yaml("falklands_1982"))
    assert missing_part(case, ["attack"]).startswith("The attack in it is by Argentina")
    assert missing_part(case, ["strikes"]) == "Nothing in it is declared to stand for the strikes."
    assert missing_part(case, ["offer"]).endswith("the pattern is about one.")


def test_what_a_scenario_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declared, but not there: an event that was dropped, an end that comes too soon."""
    monkeypatch.setitem(CRISES, "symmetric", Crisis(attack="flood", quiet_by=date(2031, 1, 1)))
    scenario = Scenario.from_yaml("symmetric")
    case = pattern_case(scenario)
    assert missing_part(case, ["attack"]) == "It has no 'flood', which stands for the attack."
    assert missing_part(case, ["quiet_by"]) == "It does not run on 1 January."
    last = case.world.names.events[-1]
    case = case._replace(crisis=dataclasses.replace(case.crisis, attack=last))
    assert missing_part(case, ["attack"]) == ""
    early = case.world._replace(steps=int(case.world.event_day[-1]) + crises.WEEK - 1)
    said = "It ends less than 7 days after the attack."
    assert missing_part(case._replace(world=early), ["attack"]) == said
    calm = dataclasses.replace(case.crisis, offer=scenario.baseline)
    offers = case._replace(crisis=calm, mediated_world=case.world._replace(policy="none"))
    said = f"Its arm '{scenario.baseline}' makes no offer on a listed day."
    assert missing_part(offers, ["offer"]) == said


def test_words_of_2025_are_those_of_its_parts() -> None:
    words = part_words(pattern_case())
    assert [words[name] for name in ("first", "second", "mediator", "home")] == [
        "India",
        "Pakistan",
        "Washington",
        "Ottawa",
    ]
    assert words["quiet_by"] == "15 August"
    assert words["own_step"] == "'treaty suspended'"


def test_what_cannot_be_asked_is_counted_apart() -> None:
    measured = Measured(np.array([True]), None, {}, lambda mean: "")
    held = patterns._pattern("P0", "what", "emerges", (measured,))
    lost = dataclasses.replace(held, share=0.0)
    unasked = unasked_pattern("P1", "what", "emerges", "It has none.")
    variant = dataclasses.replace(held, id="P0 without rain")
    done = Check(patterns=[held, lost, variant, unasked, unasked], scenario="port")
    said = (
        "4 patterns asked of port, their variants not counted: 1 pass, 1 fail, 2 cannot be asked"
    )
    assert done.text().splitlines()[0] == said
    assert not done.has_failures


def test_rank_pattern_without_a_file_is_listed() -> None:
    found = rank_pattern_unasked(pattern_case())
    assert (found.id, found.share) == ("P15", None)
    assert found.unasked == "No file of coded stances is given (--outcomes FILE)."
    other = rank_pattern_unasked(pattern_case(Scenario.from_yaml("symmetric")))
    assert other.unasked == "Nothing in it is declared to stand for an arm with an offer."
