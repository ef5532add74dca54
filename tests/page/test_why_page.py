"""Why a capital moved, and what a message did, in a real browser: the numbers of Python."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest

import sim
from sim.api import Run
from sim.page.naming import display_names, name_narratives
from sim.report.numerals import in_points
from sim.studies.explain import Explanation, explain, round_to_sum
from tests.page.browser import PHONE, SIZE, copied, opened, painted, settled, shown
from tests.page.conftest import SMALL, Served

ROUNDED = 1e-12  # sums in another order
DAY, CAPITAL, REPLICATE = 14, "Port", 3
PLACES = ["", "Broker", "Port", "Hill"]  # in the page's order; "" is all capitals
HERE = f"#view=why&day={DAY}&place=2&span=start&replicate={REPLICATE}"
LATEST = """
async (name) => {
  const { latest } = await import('/knockout.js');
  const { shape, values } = latest.answer.arrays[name];
  return [shape, [...values]];
}"""


@cache
def told(arm: str = "offer", without: str = "") -> Run:
    found = sim.run(SMALL, arm, 7, REPLICATE, without=(without,) if without else ())
    return replace(found, messages=name_narratives(found.messages, display_names(found.scenario)))


def explained(toward: str = "", first: int = 0, last: int = DAY) -> Explanation:
    run = told()
    return explain(run, CAPITAL, toward, first, last)


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    window = opened(browser, served.address + HERE)
    settled(window)
    yield window
    assert window.errors == []
    window.context.close()


def plain(texts: list[str]) -> list[str]:
    return [text.replace("\u2212", "-") for text in texts]


def bars(page: Any) -> list[str]:
    """The numbers of the waterfall: before, the causes, after."""
    return plain(page.locator("#waterfall text.delta").all_text_contents())


def expected(found: Explanation, parts: list[float]) -> list[str]:
    start, end, shown = round_to_sum(found.start, found.end, parts)
    return [start, *shown, end]


def sent(page: Any, name: str) -> np.ndarray:
    shape, values = page.evaluate(LATEST, name)
    return np.array(values).reshape(shape)


def check_knockout(page: Any, word: str, arm: str = "offer") -> np.ndarray:
    """The numbers on the page are those of two runs of the Python interface; the difference."""
    both = [told(arm).record.sympathy, told(arm, word).record.sympathy]
    for position, sympathy in enumerate(both):
        np.testing.assert_allclose(
            sent(page, f"sympathy.{position}")[:, 1:], sympathy, rtol=0, atol=ROUNDED
        )
    lines = [(sympathy[..., 0] - sympathy[..., 1]) / 2.0 for sympathy in both]
    difference = sent(page, "difference")
    np.testing.assert_allclose(difference[:, 1:], lines[0] - lines[1], rtol=0, atol=ROUNDED)
    assert (sent(page, "peak") == np.abs(difference).argmax(axis=0)).all()
    return difference


@pytest.mark.parametrize(("span", "first"), [("day", DAY), ("week", DAY - 6), ("start", 0)])
def test_waterfall_shows_the_digits_of_explain_which_add_up(
    page: Any, span: str, first: int
) -> None:
    page.locator("#why-span").select_option(span)
    settled(page)
    found = explained(first=first)
    assert bars(page) == expected(found, [part.delta for part in found.mechanisms])
    start, *steps, end = (Decimal(text) for text in bars(page))
    assert start + sum(steps) == end
    up = page.locator("#waterfall .bar.side0").count()
    assert up == sum(part.delta > 0 for part in found.mechanisms)
    assert page.locator("#waterfall .bar").count() == len(found.mechanisms)


def test_causes_in_detail_and_one_claimant(page: Any) -> None:
    page.locator("#why-by").select_option("cause")
    page.locator("#why-toward").select_option("Boreas")
    settled(page)
    found = explained("Boreas")
    rows = found.rows(10)
    assert bars(page) == expected(found, [delta for _, delta in rows])
    labels = page.locator("#waterfall text.cause title").all_text_contents()
    assert labels == ["before", *(label for label, _ in rows), "after"]


def test_words_are_those_of_explain(page: Any) -> None:
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )
    said = " ".join(plain(page.locator("#why-words").all_inner_texts())[0].split())
    block = explained().text(10).split("\n\n")
    for part in block:
        if not part.startswith("Largest single"):
            for line in part.split("\n"):
                assert " ".join(line.split()) in said, line
    assert "A message that denies books 0" in said


def test_message_is_left_out_and_put_back(page: Any) -> None:
    assert page.locator("#knock").is_hidden()
    button = page.locator("#why-messages button").first
    word = button.get_attribute("data-word")
    button.focus()
    page.keyboard.press("Enter")
    settled(page)
    difference = check_knockout(page, word)
    place, peak = 2, int(np.abs(difference[:, 2]).argmax())
    here = difference[DAY, place]
    assert here != 0
    side = "Aria" if here < 0 else "Boreas"
    sentence = page.locator("#without").inner_text()
    assert (
        f"Without it, {CAPITAL} would be {abs(here):.4f} nearer to {side} "
        f"({in_points(here)} of net opinion) on 3 Jun, and at most " in sentence
    )
    most = difference[peak, place]
    assert f"{abs(most):.4f} nearer to" in sentence
    assert f" ({in_points(most)}) on " in sentence
    assert page.locator("#comparison .line").count() == 3
    chosen = page.locator("#why-messages [aria-pressed=true]")
    assert chosen.get_attribute("data-word") == word
    assert page.evaluate("document.activeElement.dataset.word") == word  # the focus stays
    page.locator("#place").select_option(label="Hill")
    settled(page)
    assert "Without it, Hill would be" in page.locator("#without").inner_text()
    page.wait_for_function("() => location.hash.includes('knock=message')")
    page.locator("#put-back").click()
    assert page.locator("#knock").is_hidden()
    assert page.locator("#comparison").is_hidden()
    page.wait_for_function("() => !location.hash.includes('knock=message')")


@pytest.mark.parametrize("word", ["narrative:no part", "event:clash"])
def test_denial_and_event_are_left_out_by_name(page: Any, word: str) -> None:
    page.locator("#why-part").select_option(word)
    settled(page)
    assert np.abs(check_knockout(page, word)).max() > 1e-6  # a denial books 0 but does something
    name = {"narrative:no part": "No part", "event:clash": "clash"}[word]
    assert f'"{name}"' in page.locator("#knock").inner_text()
    page.locator("#why-part").select_option("")
    assert page.locator("#knock").is_hidden()


def test_link_restores_what_is_left_out_in_either_arm(browser: Any, served: Served) -> None:
    window = opened(
        browser, f"{served.address}{HERE}&of=1&by=cause&toward=Aria&knock=narrative%3Araiders"
    )
    settled(window)
    check_knockout(window, "narrative:raiders", "no_offer")
    assert window.locator("#why-by").input_value() == "cause"
    assert window.locator("#why-toward").input_value() == "Aria"
    assert window.locator("#why-part").input_value() == "narrative:raiders"
    before = window.locator("#why").inner_html()
    window.wait_for_function("() => location.hash.includes('by=cause')")
    other = opened(browser, window.url)
    settled(other)
    assert other.locator("#why").inner_html() == before
    for one in (window, other):
        assert one.errors == []
        one.context.close()


def test_command_of_a_knockout_is_copied(browser: Any, served: Served) -> None:
    window = opened(
        browser,
        f"{served.address}{HERE}&knock=narrative:raiders",
        permissions=["clipboard-read", "clipboard-write"],
    )
    settled(window)
    words = shlex.split(copied(window, window.get_by_role("button", name="Copy command")))
    assert words[:2] == ["narrate", "run"]
    assert words[-2:] == ["--without", "narrative:raiders"]
    window.context.close()


def test_what_is_not_in_the_run_is_refused_and_put_back(browser: Any, served: Served) -> None:
    window = opened(browser, f"{served.address}{HERE}&knock=message:d3-999")
    settled(window)
    assert "names no message of this run" in window.locator("#status").inner_text()
    assert window.locator("#comparison").get_attribute("viewBox") is None
    window.locator("#put-back").click()
    settled(window)
    assert window.locator("#status").is_hidden()
    assert len(bars(window)) > 3
    window.context.close()


def test_from_a_capital_and_a_day_of_the_timelines(browser: Any, served: Served) -> None:
    window = opened(browser, f"{served.address}#replicate={REPLICATE}&span=start")
    window.locator("#day").fill(str(DAY))
    window.get_by_role("button", name="Why?").click()
    settled(window)
    assert (
        window.locator("#place").evaluate("one => one.selectedOptions[0].text") == "Broker"
    )  # all have no ledger
    assert len(bars(window)) > 3
    assert window.locator("#place option").first.is_disabled()
    window.locator("#place").select_option(label=CAPITAL)
    settled(window)
    found = explained()
    assert bars(window) == expected(found, [part.delta for part in found.mechanisms])
    window.locator("#day").fill("24")  # the last morning: what is explained ends the day before
    settled(window)
    found = explained(last=23)
    assert bars(window) == expected(found, [part.delta for part in found.mechanisms])
    window.context.close()


@pytest.mark.parametrize(("look", "size"), [("light", SIZE), ("projector", SIZE), ("dark", PHONE)])
def test_view_fits(browser: Any, served: Served, look: str, size: dict[str, int]) -> None:
    window = opened(
        browser, f"{served.address}{HERE}&knock=event:clash&look={look}", viewport=size
    )
    settled(window)
    width, height = window.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert width == size["width"]
    if size == SIZE:
        assert height == size["height"]
    assert window.locator("#comparison").bounding_box()["height"] > 100
    window.context.close()


def test_waterfall_of_the_main_scenario_fits_a_projector(browser: Any, served: Served) -> None:
    window = opened(
        browser, f"{served.address}#scenario=kashmir_2025&view=why&day=60&look=projector"
    )
    settled(window)
    for by in ("mechanism", "cause"):
        window.locator("#why-by").select_option(by)
        settled(window)
        frame = window.locator("#waterfall-frame")
        assert frame.evaluate("one => one.scrollWidth <= one.clientWidth"), by
        edge = frame.evaluate("one => one.getBoundingClientRect().right")
        ends = window.locator("#waterfall text").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().right)"
        )
        assert max(ends) <= edge, by
        size = window.locator("#waterfall").evaluate(
            "one => parseFloat(getComputedStyle(one).fontSize)"
        )
        assert size >= 12, by
    window.context.close()


def test_another_scenario_begins_with_nothing_left_out(browser: Any, served: Served) -> None:
    window = opened(browser, f"{served.address}{HERE}&knock=event:clash&levers=true")
    settled(window)
    assert window.locator("#comparison").evaluate("node => node.childElementCount") > 0
    window.get_by_role("button", name="Timelines").click()
    before = shown(window)
    window.get_by_role("combobox", name="Scenario").select_option("two_sources")
    painted(window, before)
    window.get_by_role("button", name="Why", exact=True).click()
    settled(window)
    assert not window.locator("#status").is_visible()
    assert "Left out" not in window.locator("#why").inner_text()
    assert window.locator("#comparison").evaluate("node => node.childElementCount") == 0
    assert window.errors == []
    window.context.close()


def test_change_too_small_for_its_digits_is_nobodys(browser: Any, served: Served) -> None:
    window = opened(
        browser, f"{served.address}#view=why&day=8&place=3&span=day&replicate={REPLICATE}"
    )
    settled(window)
    run = told()
    found = explain(run, "Hill", "", 8, 8)
    deltas = [part.delta for part in found.mechanisms]
    digits = round_to_sum(found.start, found.end, deltas)[2]
    small = [float(text) == 0 for text in digits]
    assert any(small)
    assert all(deltas)
    kinds = window.locator("#waterfall .bar").evaluate_all(
        "bars => bars.map((bar) => bar.classList[1])"
    )
    assert [kind == "small" for kind in kinds] == small
    shown = bars(window)[1:-1]
    assert shown == [
        "less than 0.0001" if none else text for none, text in zip(small, digits, strict=True)
    ]
    assert "parity of mediation less than 0.0001" in window.locator("#waterfall").get_attribute(
        "aria-label"
    )
    ink = window.locator("#waterfall .bar.small").first.evaluate(
        "bar => getComputedStyle(bar).fill"
    )
    red, green, blue = (int(part) for part in re.findall(r"\d+", ink))
    assert red == green == blue, ink  # no claimant's colour
    window.context.close()


@pytest.mark.parametrize(
    ("look", "size"), [("light", SIZE), ("projector", SIZE), ("light", PHONE)]
)
def test_effect_of_a_few_millionths_has_an_axis_to_read(
    browser: Any, served: Served, look: str, size: dict[str, int]
) -> None:
    word = "message:d23-006"
    window = opened(
        browser,
        f"{served.address}#view=why&day=24&place=2&replicate={REPLICATE}&look={look}&knock={word}",
        viewport=size,
    )
    settled(window)
    difference = check_knockout(window, word)[:, 2]
    assert 0 < np.abs(difference).max() < 1e-4
    assert "in millionths" in window.locator("#comparison").text_content()
    ticks = window.locator("#comparison .tick").evaluate_all(
        "nodes => nodes.map((node) => [node.textContent, Number(node.firstChild.getAttribute('d').match(/ ([\\d.]+)H/)[1])])"
    )
    middle = (
        window.locator("#comparison text.name")
        .nth(1)
        .evaluate("node => Number(node.getAttribute('y'))")
    )
    low = [(float(text.replace("\u2212", "-")), y) for text, y in ticks if y > middle]
    assert len(low) >= 2
    (one, at), (other, to) = low[0], low[-1]
    end = window.locator("#comparison .day circle").last.get_attribute(
        "cy"
    )  # the chosen day is the last
    read = one + (float(end) - at) * (other - one) / (to - at)
    assert read == pytest.approx(
        difference[24] * 1e6, abs=abs(other - one) * 0.05 + 0.2
    )  # a tenth of a pixel
    sentence = window.locator("#without").inner_text()
    millionths = abs(difference[24]) * 1e6  # to two digits
    assert f"{millionths:.{int(millionths < 10)}f} millionths nearer to" in sentence
    window.context.close()


def left_out(page: Any) -> str:
    """The word of what is left out, as the link has it; "" for nothing."""
    return str(page.evaluate("async () => (await import('/state.js')).state.show.knock"))


def test_undo_takes_back_what_was_left_out_in_order_with_levers(page: Any) -> None:
    asked = "async () => (await import('/state.js')).state.ask.replicate"
    page.locator("#why-part").select_option("event:clash")
    settled(page)
    page.evaluate("async () => (await import('/state.js')).ask({ replicate: 4 })")
    settled(page)
    page.locator("#why-part").select_option("narrative:raiders")
    settled(page)
    page.locator("#put-back").click()
    settled(page)
    past = []
    while page.locator("#undo").is_enabled():
        page.locator("#undo").click()
        settled(page)
        past.append((left_out(page), page.evaluate(asked)))
    clash = "event:clash"
    assert past == [("narrative:raiders", 4), (clash, 4), (clash, REPLICATE), ("", REPLICATE)]
    assert page.locator("#comparison").is_hidden()
    again = []
    while page.locator("#redo").is_enabled():
        page.locator("#redo").click()
        settled(page)
        again.append((left_out(page), page.evaluate(asked)))
    assert again == [*past[-2::-1], ("", 4)]
    page.locator("#title").click()
    for keys, expected in (
        ("Control+z", past[0]),
        ("Control+Shift+Z", again[-1]),
        ("Control+z", past[0]),
        ("Control+y", again[-1]),
    ):
        page.keyboard.press(keys)
        settled(page)
        assert (left_out(page), page.evaluate(asked)) == expected
    page.keyboard.press("Control+z")
    page.evaluate("async () => (await import('/state.js')).ask({ replicate: 5 })")
    assert page.locator("#redo").is_disabled()


def test_undo_brings_back_what_was_put_back_with_its_arm_and_numbers(page: Any) -> None:
    page.locator("#why-part").select_option("event:clash")
    settled(page)
    page.locator("#put-back").click()
    page.locator("#arm").select_option("1")
    settled(page)
    page.locator("#title").click()
    page.keyboard.press("Control+z")
    settled(page)
    check_knockout(page, "event:clash", "offer")
    assert page.locator("#arm").input_value() == "0"


def test_reset_counts_and_puts_back_what_is_left_out(page: Any) -> None:
    page.locator("#why-part").select_option("event:clash")
    settled(page)
    assert page.locator("#reset").inner_text() == "Reset (1)"
    page.locator("#reset").click()
    settled(page)
    assert (left_out(page), page.locator("#reset").inner_text()) == ("", "Reset")
    assert page.locator("#comparison").is_hidden()
    page.locator("#undo").click()
    settled(page)
    assert left_out(page) == "event:clash"
