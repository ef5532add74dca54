"""The mark of the mediator stands at whoever mediates in the arm and on the day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.scenario import Scenario
from tests.interface.test_mediators_named import document
from tests.page.browser import opened, settled
from tests.page.conftest import Served


@pytest.fixture(scope="module")
def window(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of a case whose role of mediator passes from Broker to Port on day 9."""
    place = tmp_path_factory.mktemp("page") / "passed.yaml"
    place.write_text(Scenario.from_dict(document() | {"name": "passed"}).to_yaml())
    page: Any = Served(Path(place))
    words = "view=stage&arm=offer&arm=by_hill&look=light&day=8"
    found = opened(browser, f"{page.address}#{words}", reduced_motion="reduce")
    settled(found)
    yield found
    assert found.errors == []
    found.context.close()
    assert "Traceback" not in page.end()


def marked(window: Any) -> list[str]:
    """The capitals that are said to mediate, and show the mark."""
    seen = window.evaluate(
        "() => [...document.querySelectorAll('#network .node')].filter((node) =>"
        " node.querySelector('path.mediator')?.checkVisibility())"
        ".map((node) => node.getAttribute('aria-label'))"
    )
    said = window.evaluate(
        "() => [...document.querySelectorAll('#network .node')].map((node) =>"
        " node.getAttribute('aria-label')).filter((label) => label.includes(', mediator, '))"
    )
    assert seen == said
    return [label.partition(":")[0] for label in said]


def on(window: Any, day: int) -> None:
    window.locator("#day").fill(str(day))
    settled(window)


def test_stage_marks_the_mediator_of_the_day(window: Any) -> None:
    for day, name in ((0, "Broker"), (8, "Broker"), (9, "Port"), (15, "Port")):
        on(window, day)
        assert marked(window) == [name], day
        said = window.locator("#network").get_attribute("aria-label")
        standing = "mediation active" if day == 15 else "no offer"
        offered = "offered today, Aria accepts, Boreas accepts"
        assert f"{name}: {offered if day == 8 else standing}." in said
    assert "Broker, then Port: no offer" in window.locator("#scale").text_content()


def test_stage_marks_the_mediator_of_the_arm(window: Any) -> None:
    window.locator("#arm").select_option("1")
    settled(window)
    for day in (8, 9):
        on(window, day)
        assert marked(window) == ["Hill"]
    assert "Hill: no offer" in window.locator("#scale").text_content()
    window.locator("#arm").select_option("0")
    settled(window)
    assert marked(window) == ["Port"]


def test_why_opens_on_the_mediator_of_the_arm_and_day(window: Any) -> None:
    address = window.url.partition("#")[0]
    for words, place in (
        ("arm=by_hill&arm=offer&day=8", "3"),
        ("arm=offer&arm=by_hill&day=12", "2"),
    ):
        window.goto(f"{address}#view=why&{words}")
        settled(window)
        assert window.locator("#of-place select, select#place").first.input_value() == place
