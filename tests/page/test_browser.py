"""The page in a real browser: what a lecturer does, end to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sim.page.catalogue import Catalogue
from sim.page.protocol import Answer, Ask
from sim.page.telling import Teller
from tests.page import browser as browsing
from tests.page.browser import opened, painted, shown
from tests.page.conftest import SMALL, Served, asked

pytest.importorskip("playwright", reason="Playwright is not installed (see CONTRIBUTING)")
if browsing.chromium() is None:
    pytest.skip("Chromium is not installed (see CONTRIBUTING)", allow_module_level=True)

DAY = 14


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.started() as found:
        yield found


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    window = opened(browser, served.address)
    yield window
    assert window.errors == []
    window.context.close()


@pytest.fixture(scope="module")
def teller(known: Catalogue) -> Teller:
    return Teller(known)


def told(teller: Teller, **changes: Any) -> Answer:
    ask = {"arms": ["offer", "no_offer"], "replicate": 0, **changes}
    return teller.tell(Ask.parse(asked(**ask), teller.catalogue.limits))


def levels(page: Any, capital: str) -> list[str]:
    """The numbers of one capital in the table, as they are read."""
    row = page.locator(".capitals tbody tr", has=page.get_by_role("button", name=capital, exact=True))
    return [text.replace("\u2212", "-") for text in row.locator("td.n").all_inner_texts()]


def expected(answer: Answer, capital: str, day: int) -> list[str]:
    place = answer.header["places"].index(capital)
    numbers = [f"{answer.arrays[f'sympathy.{arm}'][day, place, k]:+.2f}" for arm in (0, 1) for k in (0, 1)]
    numbers.append(f"{answer.arrays['difference'][day, place]:+.3f}")
    return [text[1:] if float(text) == 0 else text for text in numbers]


def day_of(page: Any) -> int:
    return int(page.locator("#day").input_value())


def line_at(page: Any) -> str:
    return str(page.locator("#charts .day").get_attribute("transform"))


def moved(page: Any, name: str, key: str = "ArrowRight", times: int = 1) -> None:
    """Move a lever by the keyboard and wait for the charts."""
    before = shown(page)
    page.get_by_label(name, exact=True).focus()
    for _ in range(times):
        page.keyboard.press(key)
    painted(page, before)
    page.wait_for_load_state()


def test_scrubbing_moves_both_arms_and_all_values(page: Any, teller: Teller) -> None:
    answer = told(teller)
    before = line_at(page)
    page.locator("#day").fill(str(DAY))
    assert line_at(page) != before
    assert page.locator("#charts .day").count() == 1  # one line through both arms
    for capital in answer.header["places"]:
        assert levels(page, capital) == expected(answer, capital, DAY)
    assert f"day {DAY}" in page.locator("#date").inner_text()


def test_steps_and_keys_move_by_days(page: Any) -> None:
    page.locator("#day").fill(str(DAY))
    page.get_by_role("button", name="Step back one day").click()
    assert day_of(page) == DAY - 1
    page.get_by_role("button", name="Step forward one day").click()
    assert day_of(page) == DAY
    page.locator("#title").click()
    for key, day in (("ArrowLeft", DAY - 1), ("ArrowRight", DAY), ("Home", 0), ("ArrowLeft", 0),
                     ("End", 24), ("ArrowRight", 24)):  # fmt: skip
        page.keyboard.press(key)
        assert day_of(page) == day, key


def test_space_plays_to_the_end_and_pauses(page: Any) -> None:
    page.locator("#day").fill("22")
    page.locator("#title").click()
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="Pause").count() == 1
    page.wait_for_function("() => document.querySelector('#day').value === '24'")
    page.wait_for_selector("#play[aria-label=Play]")


def test_lever_repaints_with_the_numbers_of_python_and_undo_brings_them_back(
    page: Any, teller: Teller
) -> None:
    page.locator("#day").fill(str(DAY))
    before = levels(page, "Hill")
    assert page.locator("#undo").is_disabled()
    moved(page, "parity", "End")
    assert levels(page, "Hill") == expected(told(teller, parameters={"parity": 1.0}), "Hill", DAY)
    assert levels(page, "Hill") != before
    number = shown(page)
    page.locator("#undo").click()
    painted(page, number)
    assert levels(page, "Hill") == before
    assert page.locator("#undo").is_disabled()


def test_switch_arm_and_chance_are_asked_for(page: Any, teller: Teller) -> None:
    page.locator("#day").fill(str(DAY))
    steps = [
        ({"replicate": 1}, lambda: page.locator("#another").click()),
        ({"switches": {"noise": False}}, lambda: page.get_by_label("noise", exact=False).last.uncheck()),
        ({"arms": ["no_offer", "no_offer"]}, lambda: page.get_by_role("combobox", name="Above").select_option("no_offer")),
    ]
    page.get_by_text("Mechanisms on and off").click()
    asked_for: dict[str, Any] = {}
    for changes, act in steps:
        before = shown(page)
        act()
        painted(page, before)
        asked_for |= changes
        assert levels(page, "Broker") == expected(told(teller, **asked_for), "Broker", DAY)
    assert page.get_by_text("the two runs never differ").count() == 1
    before = shown(page)
    page.locator("#reset").click()
    painted(page, before)
    assert levels(page, "Broker") == expected(told(teller), "Broker", DAY)


def test_link_restores_exactly_this_state(page: Any, browser: Any) -> None:
    moved(page, "parity", times=3)
    page.locator("#day").fill(str(DAY))
    page.get_by_role("button", name="Port", exact=True).click()
    page.locator("#quantity").select_option("sympathy")
    page.locator("#look").select_option("dark")
    page.wait_for_function("() => location.hash.includes('look=dark')")
    address = page.url
    other = opened(browser, address)
    other.wait_for_function("() => location.hash.length > 0")
    for window in (page, other):
        assert window.evaluate("document.documentElement.dataset.look") == "dark"
        assert day_of(window) == DAY
    assert other.locator("#levels").inner_html() == page.locator("#levels").inner_html()
    assert other.locator("#charts").inner_html() == page.locator("#charts").inner_html()
    assert other.locator("#levers output").all_inner_texts() == page.locator("#levers output").all_inner_texts()
    assert other.errors == []
    other.context.close()


def test_link_that_asks_too_much_is_refused_in_words_and_reset_helps(browser: Any, served: Served) -> None:
    window = browser.new_context(viewport=browsing.SIZE).new_page()
    window.goto(f"{served.address}#scenario=small&set.parity=7&seed=-1&day=9999")
    status = window.locator("#status")
    status.wait_for(state="visible")
    assert "parity: must lie in 0 to 1" in status.inner_text()
    window.locator("#reset").click()
    painted(window, 0)
    assert not status.is_visible()
    window.context.close()


def test_first_day_of_difference_is_marked_and_named(page: Any, teller: Teller) -> None:
    parted = told(teller).header["parted"]
    assert parted["day"] > 0
    name = page.locator("#charts text.parted").text_content()
    assert "first differ on" in name
    assert parted["text"] in name
    assert page.locator("#charts path.parted").count() == 1


def test_nothing_is_asked_of_another_host(browser: Any, served: Served) -> None:
    context = browser.new_context()
    window = context.new_page()
    asked_for: list[str] = []
    session = context.new_cdp_session(window)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda event: asked_for.append(event["request"]["url"]))
    session.on("Network.webSocketCreated", lambda event: asked_for.append(event["url"]))
    window.goto(served.address)
    painted(window, 0)
    window.locator("#look").select_option("projector")
    assert len(asked_for) > 10
    assert any(url.startswith("ws:") for url in asked_for)
    assert {urlsplit(url).netloc for url in asked_for} == {f"127.0.0.1:{served.port}"}
    context.close()


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_main_view_fits_a_projector_without_scrolling(browser: Any, served: Served, look: str) -> None:
    window = opened(browser, f"{served.address}#look={look}")
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert window.evaluate(size) == [1280, 720]
    for part in ("#charts", "#day", "#title", ".badge"):
        assert window.locator(part).is_visible()
    window.context.close()


def test_phone_reads_it_without_scrolling_sideways(browser: Any, served: Served) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    window = context.new_page()
    window.goto(served.address)
    painted(window, 0)
    assert window.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_names_are_text_and_never_markup(browser: Any, tmp_path: Path) -> None:
    text = SMALL.read_text("utf-8").replace("Port", '"<b>Port"').replace("Aria", '"=1+1"')
    file = tmp_path / "marked.yaml"
    file.write_text(text, encoding="utf-8")
    page = Served(file)
    try:
        window = opened(browser, page.address)
        assert window.get_by_role("button", name="<b>Port", exact=True).count() == 1
        assert window.get_by_text("=1+1").count() > 0
        assert window.locator("#levels b").count() == 0
        assert window.errors == []
        window.context.close()
    finally:
        page.end()
