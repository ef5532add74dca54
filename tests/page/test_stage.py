"""The stage in a real browser: one day of one run as a network and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.page.dispatch import Dispatcher
from sim.page.protocol import Answer
from tests.page.browser import PHONE, opened, settled
from tests.page.conftest import Served, ask_of

ARMS = ["offer", "no_offer"]
DAY = 10  # one team at Broker of each side; an offer was made on day 8
TYPES = {"PROMOTE": "type0", "ATTACK": "type1", "DENY": "type2"}


def told(answers: Dispatcher, kind: str, **more: Any) -> Answer:
    return answers.answer(ask_of(answers.catalogue, kind, arms=ARMS, replicate=0, **more))


@pytest.fixture(scope="module")
def story(answers: Dispatcher) -> Answer:
    return told(answers, "story")


@pytest.fixture(scope="module")
def timelines(answers: Dispatcher) -> Answer:
    return told(answers, "timelines")


@pytest.fixture(scope="module")
def window(browser: Any, served: Served) -> Iterator[Any]:
    """One window for all tests of the small case; each begins with ``at``."""
    found = opened(browser, f"{served.address}#view=stage", reduced_motion="reduce")
    settled(found)
    yield found
    assert found.errors == []
    found.context.close()


def at(window: Any, served: Served, **show: Any) -> Any:
    """Put the window in a state by its link."""
    words = "&".join(
        f"{key}={value}" for key, value in {"view": "stage", "look": "light", **show}.items()
    )
    window.goto(f"{served.address}#{words}")
    settled(window)
    return window


def on(window: Any, day: int) -> None:
    """Scrub to a day, and wait for the log."""
    window.locator("#day").fill(str(day))
    settled(window)


def rows_of(story: Answer, day: int) -> list[int]:
    return np.flatnonzero(story.arrays["message"][:, 0] == day).tolist()


def receivers(story: Answer, m: int) -> np.ndarray[Any, Any]:
    """The rows of a message, one a receiver."""
    first = [*story.arrays["message"][:, 2].astype(int).tolist(), len(story.arrays["row"])]
    return story.arrays["row"][first[m] : first[m + 1]]


def written(number: float, digits: int = 5) -> str:
    """As people read it: a sign, a real minus; exactly nothing is 0."""
    if number == 0:
        return "0"
    text = f"{number:+.{digits}f}"
    return (text[1:] if float(text) == 0 else text).replace("-", "\u2212")


def log_of(window: Any) -> dict[str, list[str]]:
    """What the list says each message moved, by id."""
    found = window.evaluate(
        "() => [...document.querySelectorAll('#said tr[data-message]')].map((row) =>"
        " [row.dataset.message, row.querySelector('button').textContent,"
        " ...[...row.querySelectorAll('td')].map((cell) => cell.textContent)])"
    )
    return {name: rest for name, *rest in found}


def node(window: Any, name: str) -> Any:
    return window.get_by_role("button", name=re.compile(f"^{re.escape(name)}: alignment"))


def test_messages_of_the_day_and_what_they_moved_are_those_of_the_story(
    window: Any, served: Served, story: Answer
) -> None:
    at(window, served, day=DAY)
    expected = {}
    for m in rows_of(story, DAY):
        text = story.header["phrases"][int(story.arrays["message"][m, 1])]["text"]
        moved = story.arrays["everywhere"][m, 1:]
        expected[story.header["ids"][m]] = [text, *map(written, moved)]
    assert log_of(window) == expected
    assert len(expected) > 5
    assert any(cells[1] not in ("0", "0.00000") for cells in expected.values())
    on(window, DAY + 1)
    assert set(log_of(window)) == {story.header["ids"][m] for m in rows_of(story, DAY + 1)}


def test_chosen_capital_comes_first_or_alone(window: Any, served: Served, story: Answer) -> None:
    at(window, served, day=DAY, place=2)
    here, there = {}, []
    for m in rows_of(story, DAY):
        heard = {int(place): moved for place, _, _, *moved in receivers(story, m)}
        if 2 in heard:
            here[story.header["ids"][m]] = [written(number) for number in heard[2]]
        else:
            there.append(story.header["ids"][m])
    assert here
    assert there  # what the teams say elsewhere
    assert {name: cells[1:] for name, cells in log_of(window).items()} == here
    window.get_by_label("only what Port hears").uncheck()
    settled(window)
    assert list(log_of(window)) == [*here, *there]
    window.wait_for_function("() => location.hash.includes('only=false')")


def test_sums_are_those_of_the_rows(story: Answer, answers: Dispatcher) -> None:
    from sim.world.building import build

    importance = build(answers.catalogue.arms["small", "offer"]).importance
    for m in range(len(story.arrays["message"])):
        rows = receivers(story, m)
        weights = importance[rows[:, 0].astype(int) - 1]
        summed = [rows[:, 1].sum(), *(weights @ rows[:, 3:])]
        # three terms of numbers below 1
        np.testing.assert_allclose(story.arrays["everywhere"][m], summed, rtol=0, atol=1e-15)
    flow, row = story.arrays["flow"], story.arrays["row"]
    np.testing.assert_allclose(flow[:, 5:].sum(0), row[:, [1, 3, 4]].sum(0), rtol=1e-12)
    assert len(np.unique(flow[:, :5], axis=0)) == len(flow)
    assert (np.diff(flow[:, 0]) >= 0).all()
    # Hill listens to nobody, Port to Broker three times as much as to Hill
    assert story.arrays["listening"].tolist() == [
        [1, 2, 2 / 3],
        [1, 3, 1 / 3],
        [2, 1, 0.75],
        [2, 3, 0.25],
    ]


def test_lines_of_the_day_are_those_of_the_story(
    window: Any, served: Served, story: Answer
) -> None:
    at(window, served, day=DAY)
    flow = story.arrays["flow"]
    today = flow[flow[:, 0] == DAY]
    seen = "(path) => path.checkVisibility()"
    home = window.evaluate(
        f"() => [...document.querySelectorAll('.flows path')].filter({seen}).length"
    )
    teams = window.evaluate(
        f"() => [...document.querySelectorAll('.team .flow')].filter({seen}).length"
    )
    assert (home, teams) == ((today[:, 2] < 0).sum(), (today[:, 2] >= 0).sum())
    assert teams > 0
    thick = window.evaluate(
        "() => [...document.querySelectorAll('.team.side0 .flow.type1')].map((path) => parseFloat(path.style.strokeWidth))"
    )
    least = window.evaluate(
        "() => [...document.querySelectorAll('.flows .side0.type1')].map((path) => parseFloat(path.style.strokeWidth))"
    )
    assert min(thick) > max(least)  # what a team says to one place is more than a statement to all


def test_colour_and_name_of_a_capital_tell_its_alignment(
    window: Any, served: Served, story: Answer, timelines: Answer
) -> None:
    day = 1  # alignment has both signs
    at(window, served, day=day)
    alignment = timelines.arrays["alignment.0"]
    assert alignment[day, 1:].min() < 0 < alignment[day, 1:].max()
    colours = set()
    for place, name in enumerate(story.header["places"][1:], 1):
        button = node(window, name)
        label = button.get_attribute("aria-label")
        assert f"alignment {written(alignment[day, place], 2)}," in label
        assert f"attention {story.arrays['attention'][day, place]:.2f}" in label
        red, _, blue = window.evaluate(
            """(node) => {
              const ink = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              for (const part of ['.ground', '.capital']) {
                const style = getComputedStyle(node.querySelector(part));
                ink.fillStyle = style.fill;
                ink.globalAlpha = style.fillOpacity;
                ink.fillRect(0, 0, 1, 1);
              }
              return [...ink.getImageData(0, 0, 1, 1).data].slice(0, 3);
            }""",
            button.element_handle(),
        )
        assert (blue > red) == (alignment[day, place] > 0), name
        colours.add((red, blue))
    assert len(colours) == 3


def test_teams_are_where_the_itinerary_has_them(window: Any, served: Served) -> None:
    """A one: Port 6 to 8, Broker 9 to 11, then home. B one: Broker 8 to 13."""
    at(window, served, day=0)
    where = {}
    for day in (5, 6, 8, 9, 11, 12, 14):
        on(window, day)
        words = window.locator("#network").get_attribute("aria-label")
        where[day] = words.split("Teams abroad: ")[1].split(".")[0] if "abroad: " in words else ""
        near = window.evaluate(
            """() => {
              const far = (one, other) => Math.hypot(one.x - other.x, one.bottom - other.y);
              const places = [...document.querySelectorAll('.node .capital, .home rect')];
              const box = (node) => node.getBoundingClientRect();
              return [...document.querySelectorAll('.team > path')].map((team) => team.checkVisibility({ visibilityProperty: true }) &&
                places.map((one) => [far(box(team), box(one)), one.closest('.node')?.dataset.place ?? 'home'])
                  .sort(([one], [other]) => one - other)[0][1]);
            }"""
        )
        for team, name in enumerate(("A one", "B one")):
            place = re.search(f"{name} in (\\w+)", words)
            expected = str(["", "Broker", "Port", "Hill"].index(place[1])) if place else False
            assert near[team] == expected, (day, name)
    assert where == {
        5: "",
        6: "A one in Port",
        8: "A one in Port; B one in Broker",
        9: "A one in Broker; B one in Broker",
        11: "A one in Broker; B one in Broker",
        12: "B one in Broker",
        14: "",
    }
    on(window, 9)
    assert window.locator(".done").inner_text().count("A one (Aria) arrives in Broker") == 1


@pytest.mark.parametrize("day", [2, DAY])  # on day 2 the first begins to speak
def test_step_back_shows_yesterday_exactly(window: Any, served: Served, day: int) -> None:
    at(window, served, day=day - 1, place=1)

    def seen() -> tuple[str, str, str]:
        settled(window)
        return (
            window.locator("#network").inner_html(), window.locator("#log").inner_html(),
            window.locator("#network").get_attribute("aria-label"),
        )  # fmt: skip

    yesterday = seen()
    window.get_by_role("button", name="Step forward one day").click()
    today = seen()
    assert all(now != before for now, before in zip(today, yesterday, strict=True))
    window.get_by_role("button", name="Step back one day").click()
    assert seen() == yesterday


def test_capital_is_chosen_by_keyboard_and_by_click(window: Any, served: Served) -> None:
    at(window, served, day=DAY)
    node(window, "Broker").focus()
    window.keyboard.press("Tab")
    assert "Port: alignment" in window.evaluate(
        "() => document.activeElement.getAttribute('aria-label')"
    )
    window.keyboard.press("Space")
    settled(window)
    assert window.locator("#place").input_value() == "2"
    assert node(window, "Port").get_attribute("aria-pressed") == "true"
    assert (
        window.locator("#play").get_attribute("aria-label") == "Play"
    )  # the space bar did not play
    assert "Port: alignment" in window.evaluate(
        "() => document.activeElement.getAttribute('aria-label')"
    )
    window.keyboard.press("Enter")
    settled(window)
    assert window.locator("#place").input_value() == "0"  # once more: all capitals
    node(window, "Hill").click()
    assert window.locator("#place").input_value() == "3"
    window.keyboard.press("ArrowRight")
    assert int(window.locator("#day").input_value()) == DAY + 1


def test_mediator_shows_what_its_offer_stands_at(
    window: Any, served: Served, timelines: Answer, story: Answer
) -> None:
    states = {0: "no offer", 1: "offer standing", 2: "mediation active"}
    mediation = timelines.arrays["mediation.0"]
    assert len(set(mediation)) > 1
    at(window, served)
    for day in (7, 9):
        on(window, day)
        label = node(window, "Broker").get_attribute("aria-label")
        assert f"mediator, {states[int(mediation[day])]}" in label
        assert window.locator("#network .standing").text_content() == states[int(mediation[day])]
    on(window, 8)  # begins without an offer; what is said on it is what the picture says
    assert (mediation[8], mediation[9]) == (0, 1)
    answers = [
        f"{one['sender']} {one['says']}"
        for one in story.header["notices"]
        if one["day"] == 8 and one["type"] == "ANSWER"
    ]
    assert window.locator("#network .standing tspan").all_text_contents() == [
        "offered today",
        *answers,
    ]
    assert f"mediator, offered today, {', '.join(answers)}" in node(
        window, "Broker"
    ).get_attribute("aria-label")
    assert f"Broker: offered today, {', '.join(answers)}." in window.locator(
        "#network"
    ).get_attribute("aria-label")
    assert window.locator("#network path.mediator").get_attribute("class") == "mediator state1"
    notices = [
        one["text"]
        for one in story.header["notices"]
        if one["day"] == 8 and one["type"] in ("OFFER", "ANSWER")
    ]
    assert len(notices) == 3
    said = window.locator(".done").inner_text()
    assert all(text in said for text in notices)


def test_other_arm_is_told_when_it_is_chosen(
    window: Any, served: Served, answers: Dispatcher
) -> None:
    other = told(answers, "story", arm=1)
    at(window, served, day=DAY)
    at_once = window.evaluate(
        """() => {
          const arm = document.querySelector('#arm');
          arm.value = 1;
          arm.dispatchEvent(new Event('change'));
          return document.querySelector('#said').textContent;
        }"""
    )
    assert at_once.startswith("The run is being told.")  # and nothing of the other arm is left
    settled(window)
    expected = {
        other.header["ids"][m]: [written(number) for number in other.arrays["everywhere"][m, 1:]]
        for m in rows_of(other, DAY)
    }
    assert {name: cells[1:] for name, cells in log_of(window).items()} == expected
    assert "No offer" in window.locator("#log-title").inner_text()


def test_message_opens_what_if_it_had_not_been_said(window: Any, served: Served) -> None:
    at(window, served, day=DAY)
    row = window.locator("#said tr[data-message]").first
    name = row.get_attribute("data-message")
    row.get_by_role("button").click()
    window.wait_for_function(
        "(name) => new URLSearchParams(location.hash.slice(1)).get('knock') === `message:${name}`",
        arg=name,
    )
    assert f"day={DAY}" in window.url


def test_network_is_taken_home_as_it_was_left(window: Any, served: Served) -> None:
    at(window, served, day=DAY)
    where = "() => [...document.querySelectorAll('#network .team')].map((team) => team.getAttribute('transform'))"
    stood = window.evaluate(where)
    window.get_by_role("button", name="Take home").click()
    settled(window)
    assert window.locator("#picture option").all_inner_texts()[0] == "Network"
    with window.expect_download() as saved:
        window.get_by_role("button", name="SVG", exact=True).click()
    text = saved.value.path().read_text("utf-8")
    assert "Circle: alignment as the day begins, " in text  # what its legend says on the page
    assert all(f'transform="{spot}"' in text for spot in stood)


def test_last_day_says_that_the_run_ends(window: Any, served: Served) -> None:
    at(window, served, day=24)
    assert "The run ends here." in window.locator("#said").inner_text()
    assert "attention not known" in node(window, "Port").get_attribute("aria-label")
    assert window.locator("#network .team").filter(visible=True).count() == 0


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_stage_fits_a_projector_without_scrolling(window: Any, served: Served, look: str) -> None:
    at(window, served, look=look, day=DAY)
    size = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert window.evaluate(size) == [1280, 720]
    for part in ("#network", "#log", "#scale", "#day"):
        assert window.locator(part).is_visible()


def test_phone_reads_the_stage_in_one_column(browser: Any, served: Served) -> None:
    phone = opened(browser, f"{served.address}#view=stage&day={DAY}", viewport=PHONE)
    settled(phone)
    assert phone.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    assert (
        phone.locator("#log").bounding_box()["y"] > phone.locator("#network").bounding_box()["y"]
    )
    phone.context.close()


def test_teams_do_not_travel_where_motion_is_unwanted(browser: Any, served: Served) -> None:
    for motion, seconds in (("no-preference", "0.25s, 0.25s"), ("reduce", "0s")):
        calm = opened(browser, f"{served.address}#view=stage&day=8", reduced_motion=motion)
        settled(calm)
        calm.get_by_role("button", name="Step forward one day").click()
        took = (
            "() => getComputedStyle(document.querySelector('#network .team')).transitionDuration"
        )
        assert calm.evaluate(took) == seconds
        calm.locator("#day").fill("20")  # a jump is not a journey
        assert calm.evaluate(took) == "0s"
        calm.context.close()


def test_stage_of_many_capitals_keeps_their_names_apart(browser: Any, served: Served) -> None:
    """Names of neighbours may meet at an edge; none lies on a place or leaves the drawing."""
    window = opened(browser, f"{served.address}#scenario=kashmir_2025_states&view=stage")
    settled(window)
    boxes = window.evaluate("""() => {
      const box = (node) => { const { x, y, width, height } = node.getBoundingClientRect();
                              return [x, y, x + width, y + height]; };
      const nodes = [...document.querySelectorAll('#network .node')];
      return { names: nodes.map((node) => box(node.querySelector('text'))),
               discs: nodes.map((node) => box(node.querySelector('.ground'))),
               whole: box(document.getElementById('network')) }; }""")
    assert len(boxes["names"]) == 49
    left, top, right, bottom = boxes["whole"]
    for x0, y0, x1, y1 in boxes["names"]:
        assert left <= x0 < x1 <= right
        assert top <= y0 < y1 <= bottom
        for a0, b0, a1, b1 in boxes["discs"]:
            assert not (x0 < (a0 + a1) / 2 < x1 and y0 < (b0 + b1) / 2 < y1)
    assert window.errors == []
    window.context.close()
