"""An arm's own title is how readers know it, in words, pictures and on the page; files keep its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import sim
from sim.page.catalogue import build_catalogue
from sim.scenario.scenario import Scenario
from sim.store.results import read_results
from tests.interface.conftest import SMALL, Answer

OFFER, NONE = "The broker's offer of 12 April_1", "Nobody offers"


@pytest.fixture(scope="module")
def titled() -> Scenario:
    document = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    document["arms"]["offer"]["title"] = OFFER
    document["arms"]["no_offer"] = {"title": NONE}
    return Scenario.from_dict(document)


def test_title_of_an_arm_is_its_own(titled: Scenario) -> None:
    assert titled.arm_title("offer") == OFFER
    assert titled.arm("offer").arm_title("no_offer") == NONE
    assert titled.title != OFFER
    assert Scenario.from_yaml(SMALL).arm_title("no_offer") == "no offer"
    assert Scenario.from_yaml(SMALL).own_title("no_offer") == ""
    assert Scenario.from_yaml("kashmir_2025").arm_title("no_us_role") == "no us role"


def test_title_moves_no_number(titled: Scenario) -> None:
    plain = Scenario.from_yaml(SMALL)
    assert titled.arm("offer").sha256() == plain.arm("offer").sha256()


def test_titles_survive_the_way_through_a_file(titled: Scenario, tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(titled.to_yaml(), encoding="utf-8")
    again = Scenario.from_yaml(tmp_path / "again.yaml")
    assert [again.arm_title(arm) for arm in again.arms] == [
        titled.arm_title(arm) for arm in titled.arms
    ]


def test_words_and_pictures_name_arms_by_their_titles(titled: Scenario) -> None:
    done = sim.compare(titled, ["offer"], pairs=2, uncertain_pairs=0, jobs=1)
    said = done.summary()
    assert f'"{OFFER}" against "{NONE}"' in said.replace("\n", " ")
    assert '"offer"' not in said
    assert "no offer" not in said
    drawn = [text.get_text() for text in done.plot().findobj(lambda one: hasattr(one, "get_text"))]
    assert any(NONE in text for text in drawn)
    assert set(done.comparison["arm"]) == {"offer"}


def test_page_shows_titles_as_they_are(titled: Scenario) -> None:
    known = build_catalogue(titled, ["small.yaml"], {})
    names = known.names[titled.name]
    assert (names["offer"], names["no_offer"]) == (OFFER, NONE)
    assert known.about["scenarios"][titled.name]["title"] == titled.title


def test_folder_tells_titles_again(
    titled: Scenario, narrate: Callable[..., Answer], place: Path
) -> None:
    (place / "titled.yaml").write_text(titled.to_yaml(), encoding="utf-8")
    words = ("compare", "titled.yaml", "--arms", "offer", "-n", "2", "-o", "out", "--no-report")
    assert OFFER in narrate(*words).out.replace("\n", " ")
    results = read_results(place / "out")
    assert (results.arm, results.arm_title, results.baseline_title) == ("offer", OFFER, NONE)
