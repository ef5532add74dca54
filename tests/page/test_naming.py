"""What a scenario spells is read as a name; what is asked, linked and commanded stays spelled."""

from __future__ import annotations

import pytest

from sim.page.catalogue import Catalogue
from sim.page.dispatch import Dispatcher
from sim.page.naming import display_name, display_names
from sim.scenario.scenario import Scenario
from tests.page.conftest import SMALL, ask_of


@pytest.mark.parametrize(
    ("scenario", "spelled", "read"),
    [
        ("kashmir_2025", "no_mediation", "No mediation"),
        ("kashmir_2025", "no_us_role", "No US role"),
        ("kashmir_2025", "no_china_factor", "No China factor"),
        ("kashmir_2025", "india backs militants", "India backs militants"),
        ("kashmir_2025", "reset with washington", "Reset with Washington"),
        ("kashmir_2025", "treaty stays suspended", "Treaty stays suspended"),
        ("lesson.a_visit_fades", "without_indias_visit", "Without India's visit"),
        ("lesson.a_visit_fades", "without_pakistans_visit", "Without Pakistan's visit"),
        ("lesson.denying_can_hurt", "calm_india_is_silent", "Calm India is silent"),
        ("lesson.denying_can_hurt", "calm_pakistan_is_silent", "Calm Pakistan is silent"),
        ("symmetric", "North armed nobody", "North armed nobody"),
    ],
)
def test_names_are_read_with_their_proper_names(
    known: Catalogue, scenario: str, spelled: str, read: str
) -> None:
    assert known.names[scenario][spelled] == read


def test_every_arm_and_narrative_begins_with_a_capital_and_has_no_underscore(
    known: Catalogue,
) -> None:
    for name, scenario in known.scenarios.items():
        names = known.names[name]
        for spelled in (*(scenario.arms or ("",)), *(one.name for one in scenario.narratives)):
            assert names[spelled][0].isupper(), (name, spelled)
            assert "_" not in names[spelled]


@pytest.mark.parametrize("name", ["Las Malvinas son argentinas", "McMahon line_1", "ASEAN way"])
def test_words_of_an_author_who_wrote_capitals_are_never_rewritten(name: str) -> None:
    assert display_name(name, {"argentina": "Argentina", "line": "Line", "way": "Way"}) == name


def test_plural_of_a_name_is_no_possessive() -> None:
    proper = {"falkland": "Falkland", "argentina": "Argentina"}
    assert display_name("falklands_1982", proper) == "Falklands 1982"
    assert display_name("son argentinas", proper) == "Son argentinas"


def test_names_that_would_read_alike_stay_as_they_are_spelled() -> None:
    document = Scenario.from_yaml(SMALL).to_dict()
    document["narratives"][0]["name"] = "one_people"  # beside "one people"
    names = display_names(Scenario.from_dict(document))
    assert (names["one people"], names["one_people"]) == ("one people", "one_people")
    assert names["trade"] == "Trade"


@pytest.mark.parametrize(
    "name", ["_", "<script>", "=1+1", "a | b", "\N{LATIN SMALL LETTER E WITH ACUTE}t\u00e9"]
)
def test_any_name_can_be_read(name: str) -> None:
    assert display_name(name, {}).lower() == name


def test_server_is_asked_and_commands_are_written_as_it_is_spelled(
    answers: Dispatcher, known: Catalogue
) -> None:
    header = answers.answer(ask_of(known)).header
    assert header["arms"] == ("offer", "no_offer")
    assert header["arm_names"] == ["Offer", "No offer"]
    assert "--arm no_offer" in header["commands"][1]
    found = answers.answer(ask_of(known, "knockout", without="narrative:no part")).header
    assert 'states as "No part"' in found["text"]
    assert found["command"].endswith("--without 'narrative:no part'")
    part = {"word": "narrative:no part", "text": "Boreas: No part (denies)"}
    assert part in answers.answer(ask_of(known, "why")).header["parts"]
    commands = answers.answer(ask_of(known, "files")).header["commands"]
    assert commands[1]["what"] == 'This run of "No offer", told in full'
    assert "--arm no_offer" in commands[1]["text"]
