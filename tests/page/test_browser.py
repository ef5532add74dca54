"""The page in a real browser: what a lecturer does, end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.page.catalogue import Catalogue
from sim.page.protocol import Answer, parse_ask
from sim.page.timelines import TimelineAnswers
from sim.parameters import SPECS
from tests.page import browser as browsing
from tests.page.browser import PHONE, opened, painted, settled, shown
from tests.page.conftest import Served, asked
from tests.page.measuring import Figure

DAY = 14


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    window = opened(browser, served.address)
    yield window
    assert window.errors == []
    window.context.close()


@pytest.fixture(scope="module")
def timelines(known: Catalogue) -> TimelineAnswers:
    return TimelineAnswers(known)


def told(timelines: TimelineAnswers, **changes: Any) -> Answer:
    ask = {"arms": ["offer", "no_offer"], "replicate": 0, **changes}
    return timelines.answer(parse_ask(asked(**ask), timelines.catalogue.limits))


def levels(page: Any, capital: str) -> list[str]:
    """The numbers of one capital in the table, as they are read."""
    row = page.locator(
        ".capitals tbody tr", has=page.get_by_role("button", name=capital, exact=True)
    )
    return [text.replace("\u2212", "-") for text in row.locator("td.n").all_inner_texts()]


def expected(answer: Answer, capital: str, day: int) -> list[str]:
    place = answer.header["places"].index(capital)
    numbers = [
        f"{answer.arrays[f'sympathy.{arm}'][day, place, k]:+.2f}" for arm in (0, 1) for k in (0, 1)
    ]
    numbers.append(f"{answer.arrays['difference'][day, place]:+.3f}")
    return [text[1:] if float(text) == 0 else text for text in numbers]


def day_of(page: Any) -> int:
    return int(page.locator("#day").input_value())


def test_missing_browser_skips_but_fails_where_everything_must_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium at"):
        browsing.needed()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Chromium at"):
        browsing.needed()
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="Chromium is not installed"):
        browsing.needed()
    monkeypatch.setattr(browsing, "find_spec", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="Playwright is not installed"):
        browsing.needed()


def test_missed_aim_is_said() -> None:
    assert not Figure("slow", 149.0, "ms", 150).missed()
    assert str(Figure("slow", 151.4, "ms", 150)) == "slow: 151 ms (aim: at most 150 ms, MISSED)"
    assert str(Figure("frames", 49.0, "frames/s", 50, least=True)).endswith(
        "(aim: at least 50 frames/s, MISSED)"
    )
    assert not Figure("frames", 50.0, "frames/s", 50, least=True).missed()
    assert str(Figure("told", 8.25, "ms")) == "told: 8.2 ms"


def line_at(page: Any) -> str:
    return str(page.locator("#charts .day").get_attribute("transform"))


def moved(page: Any, name: str, key: str = "ArrowRight", times: int = 1) -> None:
    """Move a lever by the keyboard and wait for the charts."""
    before = shown(page)
    page.get_by_label(name, exact=True).focus()
    for _ in range(times):
        page.keyboard.press(key)
    painted(page, before)
    settled(page)  # of several keys the first answer may have been painted


def test_scrubbing_moves_both_arms_and_all_values(page: Any, timelines: TimelineAnswers) -> None:
    answer = told(timelines)
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
    for key, day in (
        ("ArrowLeft", DAY - 1),
        ("ArrowRight", DAY),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 24),
        ("ArrowRight", 24),
    ):
        page.keyboard.press(key)
        assert day_of(page) == day, key


def test_space_plays_to_the_end_and_pauses(page: Any) -> None:
    page.locator("#day").fill("22")
    page.locator("#title").click()
    page.evaluate(  # it plays for a fifth of a second: whoever looks may come too late
        """() => {
          const play = document.querySelector('#play');
          window.told = [];
          new MutationObserver(() => window.told.push(play.getAttribute('aria-label')))
            .observe(play, { attributeFilter: ['aria-label'] });
        }"""
    )
    page.keyboard.press("Space")
    page.wait_for_function("() => window.told.at(-1) === 'Play'")
    assert page.evaluate("window.told") == ["Pause", "Play"]
    assert day_of(page) == 24


def test_lever_repaints_with_the_numbers_of_python_and_undo_brings_them_back(
    page: Any, timelines: TimelineAnswers
) -> None:
    page.locator("#day").fill(str(DAY))
    before = levels(page, "Hill")
    assert page.locator("#undo").is_disabled()
    moved(page, "parity", "End")
    assert levels(page, "Hill") == expected(
        told(timelines, parameters={"parity": 1.0}), "Hill", DAY
    )
    assert levels(page, "Hill") != before
    number = shown(page)
    page.locator("#undo").click()
    painted(page, number)
    assert levels(page, "Hill") == before
    assert page.locator("#undo").is_disabled()


def test_where_the_numbers_come_from_stays_open_while_levers_move(page: Any) -> None:
    page.get_by_text("Where these numbers come from").click()
    moved(page, "parity")
    assert page.locator("#levels code").first.is_visible()
    assert "--set parity=" in page.locator("#levels code").first.inner_text()
    page.locator("#levels").get_by_role("button", name="Take home").click()
    page.get_by_role("button", name="small_from_page_sources.csv").wait_for()


def test_lever_that_changes_nothing_says_why_and_cannot_be_moved(page: Any) -> None:
    """The policy of the small case is scripted; what a switch turns off comes back with it."""

    def told(name: str) -> tuple[bool, str]:
        return (
            page.locator(f"#lever-{name}").is_disabled(),
            page.locator(f"#lever-{name}-why").text_content(),
        )

    assert told("offer_threshold") == (
        True,
        "Changes nothing here: nobody ever offers to mediate; in other arms the mediator's policy "
        "does not look at it.",
    )
    assert told("denial_efficacy") == (False, "")
    page.evaluate("document.querySelectorAll('#levers details').forEach((one) => one.open = true)")
    denial = page.locator("#levers .switch", has_text=re.compile("^denial")).locator("input")
    denial.uncheck()
    settled(page)
    assert told("denial_efficacy") == (True, "Changes nothing here: denial is off.")
    denial.check()
    settled(page)
    assert told("denial_efficacy") == (False, "")


def test_lever_says_what_it_is_and_what_more_of_it_does(page: Any) -> None:
    page.get_by_label("About parity", exact=True).click()
    words = page.locator("#lever-parity-what").inner_text()
    assert words.startswith(
        f"{SPECS['parity'].meaning}. Further right: {SPECS['parity'].more}. h, in pure numbers; "
    )


def test_switch_arm_and_chance_are_asked_for(page: Any, timelines: TimelineAnswers) -> None:
    page.locator("#day").fill(str(DAY))
    steps = [
        ({"replicate": 1}, lambda: page.locator("#another").click()),
        (
            {"switches": {"noise": False}},
            lambda: page.get_by_label("noise", exact=False).last.uncheck(),
        ),
        (
            {"arms": ["no_offer", "no_offer"]},
            lambda: page.get_by_role("combobox", name="Above").select_option("no_offer"),
        ),
    ]
    page.get_by_text("Mechanisms on and off").click()
    asked_for: dict[str, Any] = {}
    for changes, act in steps:
        before = shown(page)
        act()
        painted(page, before)
        asked_for |= changes
        assert levels(page, "Broker") == expected(told(timelines, **asked_for), "Broker", DAY)
    assert page.get_by_text("the two runs never differ").count() == 1
    before = shown(page)
    page.locator("#reset").click()
    painted(page, before)
    assert levels(page, "Broker") == expected(told(timelines), "Broker", DAY)


def test_bands_of_what_we_do_not_know_are_asked_for_named_and_undone(
    page: Any, browser: Any, timelines: TimelineAnswers
) -> None:
    held = {"parity": 1.0}
    moved(page, "parity", "End")
    before = page.locator("#charts path.band").first.get_attribute("d")
    number = shown(page)
    page.get_by_role("radio", name="chance", exact=True).focus()
    page.keyboard.press("ArrowRight")  # the group's own key, which does not move the day
    painted(page, number)
    answer = told(timelines, parameters=held, uncertainty="parameters")
    name = "5\u201395 % of 200 runs, parameters drawn too, parity held"
    assert page.get_by_role("radio", name="what we do not know").is_checked()
    assert day_of(page) == 0
    assert page.evaluate("document.activeElement.value") == "parameters"
    assert name in page.locator("#legend").inner_text()
    assert name in page.locator("#charts").get_attribute("aria-label")
    assert name in page.locator("#levels .one caption").inner_text()
    assert page.locator("#charts path.band").first.get_attribute("d") != before
    page.locator("#day").fill(str(DAY))
    place = page.locator("#place").evaluate("select => select.selectedIndex")
    ends = [answer.arrays[f"alignment_{end}.0"][DAY, place] for end in ("low", "high")]
    ranges = page.locator("#levels .one tr", has_text="of runs").first.locator("td").first
    assert ranges.inner_text().replace("\u2212", "-") == "\u2026".join(
        f"{end:+.3f}" for end in ends
    )
    page.wait_for_function(f"() => location.hash.includes('day={DAY}')")
    other = opened(browser, page.url)
    assert other.locator("#charts").inner_html() == page.locator("#charts").inner_html()
    assert other.errors == []
    other.context.close()
    number = shown(page)
    page.keyboard.press("Control+z")
    painted(page, number)
    assert page.get_by_role("radio", name="chance", exact=True).is_checked()
    assert "chance alone" in page.locator("#legend").inner_text()
    assert page.locator("#charts path.band").first.get_attribute("d") == before


def test_link_restores_exactly_this_state(page: Any, browser: Any) -> None:
    moved(page, "parity", times=3)
    page.locator("#day").fill(str(DAY))
    page.get_by_role("button", name="Port", exact=True).click()
    page.locator("#quantity").select_option("sympathy")
    moved(page, "parity")  # what is renewed is what is drawn anew
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
    assert other.locator("#today").inner_html() == page.locator("#today").inner_html()
    assert (
        other.locator("#levers output").all_inner_texts()
        == page.locator("#levers output").all_inner_texts()
    )
    assert other.errors == []
    other.context.close()


def test_link_is_followed_though_the_state_so_far_is_written_meanwhile(page: Any) -> None:
    """The address is written some time after a change: here just when a link is opened."""
    page.evaluate("() => { location.hash = 'day=9'; history.replaceState(null, '', '#day=3'); }")
    settled(page)
    assert day_of(page) == 9


FRESH = {"scenario": "small", "arms": ["offer", "no_offer"], "seed": 7, "replicate": 0, "parameters": {},
         "switches": {}, "uncertainty": "chance"}  # fmt: skip


@pytest.mark.parametrize(
    ("asks", "missing", "kept"),
    [
        ("scenario=kashmir&arm=mediation&arm=none&set.parity=0.2&seed=5&day=3", ["the scenario \u201ckashmir\u201d"], {}),
        ("arm=no_offer&arm=peace", ["the arm \u201cpeace\u201d"], {"arms": ["no_offer", "no_offer"]}),
        ("arm=offer&arm=offer&arm=offer", ["a third arm, \u201coffer\u201d"], {"arms": ["offer", "offer"]}),
        ("set.parity=7&set.partiy=0.5&set.goodwill=0.01",
         ["parity at \u201c7\u201d (0 to 1 here)", "the lever \u201cpartiy\u201d"], {"parameters": {"goodwill": 0.01}}),
        ("set.parity=&switch.noise=off", ["parity at \u201c\u201d (0 to 1 here)", "noise \u201coff\u201d"], {}),
        ("switch.nose=false&switch.noise=false", ["the mechanism \u201cnose\u201d"], {"switches": {"noise": False}}),
        ("seed=-1&replicate=200", ["seed \u201c-1\u201d", "run \u201c200\u201d (0 to 199 here)"], {}),
        ("replicate=3&day=9999&place=4", ["day \u201c9999\u201d (0 to 24 here)", "capital number \u201c4\u201d (0 to 3 here)"], {"replicate": 3}),
        ("uncertainty=ignorance&replicate=3", ["bands of \u201cignorance\u201d"], {"replicate": 3}),
        ("view=stages&lesson=none&look=red&toward=Caria",
         ["the view \u201cstages\u201d", "the lesson \u201cnone\u201d", "the look \u201cred\u201d", "the side \u201cCaria\u201d"], {}),
    ],
)  # fmt: skip
def test_link_to_what_is_not_here_says_so_and_shows_what_comes_nearest(
    browser: Any, served: Served, asks: str, missing: list[str], kept: dict[str, Any]
) -> None:
    window = opened(browser, f"{served.address}#{asks}")
    said = window.locator("#missing-words").inner_text()
    for name in missing:
        assert name in said
    assert said.count("\u201c") == len(missing)
    assert not window.locator("#status").is_visible()
    state = window.evaluate("async () => (await import('/state.js')).state.ask")
    assert state == {**FRESH, **kept}
    assert day_of(window) == (24 if "9999" in asks else 0)
    assert window.errors == []
    window.context.close()


def test_what_a_link_asked_in_vain_is_closed_or_goes_with_the_next_change(
    browser: Any, served: Served
) -> None:
    window = opened(browser, f"{served.address}#day=9999")
    window.locator("#missing-close").click()
    assert not window.locator("#missing").is_visible()
    window.goto(f"{served.address}#scenario=none")
    window.locator("#missing").wait_for(state="visible")
    moved(window, "parity")
    assert not window.locator("#missing").is_visible()
    window.wait_for_function("() => location.hash.includes('scenario=small')")
    window.context.close()


def test_link_of_the_page_itself_asks_for_nothing_in_vain(page: Any) -> None:
    moved(page, "parity", times=3)
    page.locator("#day").fill("24")
    page.wait_for_function("() => location.hash.includes('day=24')")
    page.reload()
    painted(page, 0)
    assert not page.locator("#missing").is_visible()


def test_first_day_of_difference_is_marked_and_named(
    page: Any, timelines: TimelineAnswers
) -> None:
    parted = told(timelines).header["parted"]
    assert parted["day"] > 0
    name = page.locator("#charts text.parted").text_content()
    assert "first differ on" in name
    assert parted["text"] in name
    assert page.locator("#charts path.parted").count() == 1


def test_scale_has_two_numbers_beside_zero_however_narrow(page: Any) -> None:
    labels = page.evaluate(
        """async (ranges) => {
            const { panel, scale } = await import('/charts.js');
            const box = { left: 60, right: 600, size: 13 };
            return ranges.map((one) => panel(box, scale(0, 90, one), one, 3).map((node) => node.textContent));
        }""",
        [[-0.019, 0.005], [-0.0095, 0.0051], [-0.17, 0.09], [-0.012, 0.03], [0.11, 0.19]],
    )
    for found in labels:
        values = [float(text.replace("\u2212", "-")) for text in found]
        assert len(set(values) - {0.0}) >= 2, found
        assert len(set(values)) == len(values), found


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_main_view_fits_a_projector_without_scrolling(
    browser: Any, served: Served, look: str
) -> None:
    window = opened(browser, f"{served.address}#look={look}")
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert window.evaluate(size) == [1280, 720]
    for part in ("#charts", "#day", "#title", ".badge"):
        assert window.locator(part).is_visible()
    window.context.close()


def test_phone_reads_it_without_scrolling_sideways(browser: Any, served: Served) -> None:
    window = opened(browser, served.address, viewport=PHONE)
    assert window.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    window.context.close()


def test_back_and_forward_go_through_views_and_undo_is_its_own(page: Any) -> None:
    view = "() => document.documentElement.dataset.view"
    length = "() => history.length"
    first = page.evaluate(length)
    page.get_by_role("button", name="Stage").click()
    page.locator("#day").fill(str(DAY))
    page.locator("#day").fill(str(DAY + 2))
    page.get_by_role("button", name="Take home").click()  # before the address has said the day
    assert page.evaluate(length) == first + 2  # a day is no step
    page.go_back()
    page.wait_for_function("() => document.documentElement.dataset.view === 'stage'")
    assert day_of(page) == DAY + 2
    page.go_back()
    page.wait_for_function("() => document.documentElement.dataset.view === 'timelines'")
    page.go_forward()
    page.go_forward()
    page.wait_for_function("() => document.documentElement.dataset.view === 'home'")
    page.get_by_role("button", name="Timelines").click()
    moved(page, "parity", times=3)
    assert page.evaluate(length) == first + 3
    parity = page.evaluate("async () => (await import('/state.js')).state.ask.parameters.parity")
    page.go_back()  # to where the lever was as in the scenario
    page.wait_for_function("() => document.documentElement.dataset.view === 'home'")
    assert page.evaluate("async () => (await import('/state.js')).state.ask.parameters") == {}
    page.locator("#undo").click()
    assert page.evaluate(view) == "home"
    assert (
        page.evaluate("async () => (await import('/state.js')).state.ask.parameters.parity")
        == parity
    )
    settled(page)
