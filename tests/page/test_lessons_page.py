"""Lessons in a real browser: a class predicts first and sees after."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.lessons.entities import CHOICE, CURVE, Lesson, Prediction
from sim.lessons.reading import read_lessons
from sim.page.lessons import debrief, reveal, round_to_step
from sim.page.protocol import Answer
from tests.page.browser import PHONE, SIZE, empty, opened, settled
from tests.page.conftest import SMALL, Served
from tests.page.test_accessible import violations

NAME = "a_lesson"
MARKED = "An offer <script>alert(1)</script>"
SHIPPED = sorted(read_lessons())
FIRST_DAY, LAST_DAY = 3, 24
SAID = f"sessionStorage.getItem('lesson.{NAME}')"


def own_lesson() -> dict[str, Any]:
    """A lecturer's own lesson on the case that is served, with a prediction of every kind."""
    scenario = {"extends": "small", "baseline": "no_offer", "arms": {"offer": {}, "no_offer": {}}}
    hill = {"of": "alignment", "at": "Hill"}
    offer, none = {"arm": "offer"}, {"arm": "no_offer", "weight": -1}
    return {
        "lesson_version": 1, "name": NAME, "title": MARKED, "question": "What does an offer change?",
        "background": ["Two countries, a broker.", "<b>An offer</b> may come."], "scenario": scenario,
        "see": {"arms": ["offer", "no_offer"], "place": "Hill", "quantity": "sympathy", "day": 12, "replicate": 5},
        "predictions": [
            {"name": "level", "kind": "slider", "prompt": "How high is Hill?", "unit": "points",
             "low": -100, "high": 100, "step": 0.5, "told": "It is {value} points.",
             "measure": {**hill, "scale": 100, "terms": [{**offer, "day": 20}]}},
            {"name": "whom", "kind": "choice", "prompt": "Whom does it help?", "unit": "points", "step": 0.01,
             "options": [{"text": "Boreas", "below": 0}, {"text": "Aria", "from": 0}], "told": "By {value}.",
             "measure": {**hill, "terms": [{**offer, "day": 24}, {**none, "day": 24}]}},
            {"name": "path", "kind": "curve", "prompt": "Draw it.", "unit": "points", "low": -50, "high": 50,
             "step": 0.1, "told": "The mean of all runs.",
             "measure": {**hill, "scale": 100, "from": FIRST_DAY, "until": LAST_DAY, "terms": [offer]}},
        ],
        "explanation": ["It is the offer."], "leaves_out": ["Much."],
        "statements": [
            {"text": "Hill is for Aria", "holds": {"above": 0}, "measure": {**hill, "terms": [{**offer, "day": 20}]}},
            {"text": "Hill is for Boreas", "holds": {"below": 0}, "measure": {**hill, "terms": [{**offer, "day": 20}]}},
        ],
        "debrief": {length: [{"minutes": length, "do": f"Talk for {length}."}] for length in (15, 50)},
        "sources": ["nobody"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("lessons")
    (found / "own.yaml").write_text(
        yaml.safe_dump(own_lesson(), sort_keys=False), encoding="utf-8"
    )
    shutil.copy(SMALL, found / "aside.yaml")  # a scenario among lessons is none
    return found


@pytest.fixture(scope="module")
def taught(folder: Path) -> dict[str, Lesson]:
    return read_lessons(folder, {"small": SMALL})


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Served]:
    found = Served(SMALL, "--lessons", str(folder))
    yield found
    assert "Traceback" not in found.end()


@dataclass
class Window:
    """A window on the lessons."""

    page: Any

    @property
    def asked(self) -> list[str]:
        """The kinds of what went over its socket."""
        return [*self.page.asked, *self.page.came]

    @property
    def step(self) -> str:
        return str(self.page.locator("#lessons").get_attribute("data-step"))

    def at(self, step: str) -> None:
        """Wait for a step; its heading has the focus."""
        self.page.locator(f'#lessons[data-step="{step}"]').wait_for()
        assert self.page.evaluate("document.activeElement.matches('#lessons h2')"), step

    def tab_to(self, selector: str) -> None:
        """Press Tab until this has the focus."""
        for _ in range(60):
            if self.page.evaluate("what => document.activeElement.matches(what)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {selector}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def forward(self) -> None:
        self.tab_to("#next")
        self.press("Enter")

    def predict(self, one: Prediction) -> None:
        """Say something, by the keyboard."""
        if one.kind == CURVE:
            self.tab_to("[role=slider]")
            self.press("ArrowUp", "ArrowUp", "Tab", "ArrowDown", "Tab", "ArrowUp")
        elif one.kind == CHOICE:
            self.tab_to("input[type=radio]")
            self.press("Space", "ArrowDown")
        else:
            self.tab_to("input[type=range]")
            self.press("ArrowRight", "ArrowRight")

    def walk_to_see(self, lesson: Lesson) -> None:
        """From the question to what is seen first."""
        for place, one in enumerate(lesson.predictions, 1):
            self.forward()
            self.at(f"predict-{place}")
            assert self.page.locator("#next").is_disabled()
            self.predict(one)
            assert "lesson" not in self.asked
        self.forward()
        self.at("see-1")

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).inner_text())


@pytest.fixture
def window(browser: Any, page: Served) -> Iterator[Window]:
    found = opened(browser, f"{page.address}#view=lessons")
    yield Window(found)
    assert found.errors == []
    found.context.close()


def begun(window: Window, lesson: Lesson) -> None:
    """Open a lesson from the list."""
    window.page.get_by_role("button", name=lesson.title, exact=True).press("Enter")
    window.at("question")


def written(one: Prediction, value: float) -> str:
    """A number as the page has it."""
    text = round_to_step(value, one.step)
    signed = one.low is not None and one.low < 0 and float(text) > 0
    return ("+" if signed else "") + text.replace("-", "\N{MINUS SIGN}")


def as_read(text: str) -> str:
    """A text of the server with a real minus before its numbers."""
    return re.sub(r"(?<!\w)-(?=\d)", "\N{MINUS SIGN}", text)


def column(window: Window, place: int) -> list[str]:
    """A column of the table of all days."""
    window.page.locator(".revealed details").evaluate("node => { node.open = true; }")
    return list(window.page.locator(f".revealed tbody tr > :nth-child({place})").all_inner_texts())


def compared(window: Window, one: Prediction, answer: Answer) -> None:
    """What is revealed of one prediction are the numbers of the Python interface."""
    window.page.locator(".revealed").wait_for()
    found = next(row for row in answer.header["predictions"] if row["name"] == one.name)
    assert window.text("#step-title").startswith("What the model shows")
    assert window.text(".prompt") == " ".join(one.prompt.split())
    assert window.text(".result") == as_read(found["told"])
    sentence = window.text(".sentence")
    assert "ou said" in sentence
    assert "wrong" not in window.text("#lessons").lower()
    if one.kind == CHOICE:
        assert (
            window.page.locator(".told").inner_text().split("\n")[0]
            == one.options[found["option"]].text
        )
    elif one.kind == CURVE:
        curve = answer.arrays[f"curve.{one.name}"]
        assert column(window, 3) == [written(one, value) for value in curve]
        assert len(set(column(window, 2))) > 1
    else:
        assert f"the model says {written(one, found['value'])} {one.unit}" in sentence
        if found["low"] is not None:
            low, high = (written(one, found[end]) for end in ("low", "high"))
            words = f"give {low}, the same to this digit." if low == high else f"{low} to {high}."
            assert words in window.text(".words")


@pytest.mark.parametrize("name", [NAME, *SHIPPED])
def test_lesson_is_walked_by_keyboard_alone_and_tells_the_numbers_of_python(
    window: Window, taught: dict[str, Lesson], name: str
) -> None:
    lesson = taught[name]
    revealed = reveal(lesson)
    window.tab_to(".card button")
    while window.page.evaluate("document.activeElement.textContent") != lesson.title:
        window.press("Tab")
    window.press("Enter")
    window.at("question")
    assert lesson.question in window.text("#lessons")
    window.walk_to_see(lesson)
    for place, one in enumerate(lesson.predictions, 1):
        window.at(f"see-{place}")
        compared(window, one, revealed)
        window.forward()
    assert window.asked.count("lesson") == 2  # one ask, one answer
    for step, texts in (("explain", lesson.explanation), ("left-out", lesson.leaves_out)):
        window.at(step)
        assert window.page.locator(".step > p:not(.over)").all_inner_texts() == [
            " ".join(text.split()) for text in texts
        ]
        if step == "explain":
            window.forward()
    assert (
        window.page.locator("#next").count() == 0
    )  # the lecturer's page is not a step of the class
    window.press("PageDown")
    assert window.step == "left-out"
    window.tab_to("#for-lecturer")
    window.press("Enter")
    window.at("debrief")
    claims = window.page.locator(".claim")
    claims.first.wait_for()
    assert claims.all_inner_texts() == [one.text for one in lesson.statements]


def test_debrief_says_how_far_each_statement_holds(
    window: Window, taught: dict[str, Lesson]
) -> None:
    window.page.get_by_role("button", name=f"For the lecturer: {MARKED}").click()
    window.at("debrief")
    window.page.locator(".statements").wait_for()
    answer = debrief(taught[NAME]).header
    assert {one["holds"] for one in answer["statements"]} == {True, False}
    for row, one in zip(
        window.page.locator(".statements li").all(), answer["statements"], strict=True
    ):
        said = row.inner_text()
        assert not re.search(r"\d[.]\d+ %", said)
        numbers = [
            float(text) for text in re.findall(r"[\d.]+(?= %)", said.replace("95 % interval", ""))
        ]
        assert numbers == pytest.approx(
            [100 * one[key] for key in ("share", "low", "high")], abs=0.501
        )
        assert f"of {answer['draws']} draws" in said
        unsure = one["low"] < 2 / 3 < one["high"]
        assert ("both sides of two thirds" in said) is unsure
        assert ("does not bear this out" in said) is not one["holds"]
    told = [kind for kind in window.asked if kind in ("guide", "debrief")]
    assert told == ["guide", "debrief"] * 2  # asked for, and come: the plan first
    assert "15 min\nTalk for 15." in window.text(".debrief")
    assert "50 min\nTalk for 50." in window.text(".debrief")
    assert "lesson" not in window.asked
    window.page.emulate_media(media="print")
    seen = {
        what: window.page.locator(what).is_visible()
        for what in ("#title", ".tools", ".bar", ".go", ".trail", "#open-runs")
    }
    assert not any(seen.values()), seen
    assert window.page.locator(".statements").is_visible()
    assert window.page.locator(".badge").is_visible()


@pytest.mark.parametrize("step", ["see-1", "explain", "left-out"])
def test_link_to_a_result_shows_the_question_first(browser: Any, page: Served, step: str) -> None:
    found = opened(browser, f"{page.address}#view=lessons&lesson={NAME}&step={step}")
    window = Window(found)
    assert window.step == "question"
    settled(found)
    assert "lesson" not in window.asked
    assert "It is the offer." not in found.content()
    told = found.request.get(f"{page.address}about.json")
    assert told.ok
    for text in ("It is the offer.", "Much.", "Talk for 15.", "nobody"):
        assert f'"{text}"' not in told.text()
    found.context.close()


def test_sketch_by_pointer_covers_every_day(window: Window, taught: dict[str, Lesson]) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    for one in lesson.predictions[:2]:
        window.forward()
        window.predict(one)
    window.forward()
    window.at("predict-3")
    sheet = window.page.locator(".sketch").bounding_box()
    lines = window.page.locator(".sketch .handle")
    ends = [lines.nth(place).bounding_box() for place in (0, lines.count() - 1)]
    left, right = (box["x"] + box["width"] / 2 for box in ends)
    mouse = window.page.mouse
    mouse.move(left, sheet["y"] + 0.8 * sheet["height"])
    mouse.down()
    mouse.move(right, sheet["y"] + 0.2 * sheet["height"])  # one sample for all days
    mouse.up()
    assert window.page.evaluate("String(getSelection())") == ""
    window.forward()
    window.at("see-1")
    window.press("ArrowRight", "PageDown")
    window.at("see-3")
    window.page.locator(".revealed").wait_for()
    said = [float(text.replace("\N{MINUS SIGN}", "-")) for text in column(window, 2)]
    assert len(said) == LAST_DAY - FIRST_DAY + 1
    step = (said[-1] - said[0]) / (len(said) - 1)
    assert said[0] < 0 < said[-1]
    assert said == pytest.approx([said[0] + step * day for day in range(len(said))], abs=0.051)


def test_focus_stays_where_it_is_when_the_window_is_resized(
    window: Window, taught: dict[str, Lesson]
) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    where = "() => { const at = document.activeElement; return [at.tagName, at.value ?? at.getAttribute('aria-label')]; }"
    for one in lesson.predictions:
        window.forward()
        window.predict(one)
        before = window.page.evaluate(where)
        width = window.page.evaluate("document.querySelector('#lessons').clientWidth")
        for size in ({"width": 1000, "height": 650}, SIZE):
            window.page.set_viewport_size(size)
            window.page.wait_for_function(
                "([more, width]) => (document.querySelector('#lessons').clientWidth === width) === more",
                arg=[size == SIZE, width],
            )
            window.page.evaluate(
                "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            assert window.page.evaluate(where) == before
            assert window.page.evaluate(  # the drawing is as wide as its room
                "() => [...document.querySelectorAll('.room')].every((room) =>"
                " Math.abs(room.clientWidth - room.querySelector('svg').clientWidth) < 2)"
            )


def test_two_windows_hold_different_predictions(
    browser: Any, page: Served, taught: dict[str, Lesson]
) -> None:
    lesson = taught[NAME]
    windows = [Window(opened(browser, f"{page.address}#view=lessons")) for _ in range(2)]
    for extra, window in enumerate(windows):
        begun(window, lesson)
        window.forward()
        window.predict(lesson.predictions[0])
        window.press(*["ArrowUp"] * extra)
    said = [window.text(".big") for window in windows]
    assert said[0] != said[1]
    for window, own in zip(windows, said, strict=True):
        window.page.get_by_role("button", name="Timelines", exact=True).click()
        window.page.get_by_role("button", name="Lessons", exact=True).click()
        assert (window.step, window.text(".big")) == (
            "predict-1",
            own,
        )  # kept where one looks elsewhere
        window.page.context.close()


def test_class_predicts_more_than_once_and_starts_again(
    window: Window, taught: dict[str, Lesson]
) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    for one in lesson.predictions:
        window.forward()
        window.predict(one)
        window.tab_to(".add")
        window.press("Enter")
        assert "1 noted" in window.text(".noted")
        window.predict(one)
        window.press("ArrowUp")
    window.forward()
    window.at("see-1")
    window.page.locator(".revealed").wait_for()
    assert window.page.locator(".revealed circle.you").count() == 2
    window.press("ArrowRight")
    assert window.page.locator(".tag.you").count() > 0
    window.press("ArrowRight")
    assert window.page.locator(".revealed .line.you").count() == 2 + 1  # and the key
    again = window.page.locator(".again")
    for leave in ("Escape", "Tab"):
        again.press("Enter")
        assert again.inner_text() == "Really start again?"
        window.press(leave)
        assert (again.inner_text(), window.step) == ("Start again", "see-3")
    again.press("Enter")
    again.press("Enter")
    window.at("question")
    window.forward()
    window.at("predict-1")
    assert window.page.locator(".noted").count() == 0
    assert window.page.locator("#next").is_disabled()


def say_many(window: Window, values: list[float]) -> None:
    """Add these to a slider's predictions; the last is the one that is being made."""
    for place, value in enumerate(values):
        window.page.locator("#lessons input[type=range]").fill(str(value))
        if place < len(values) - 1:
            window.page.locator(".add").click()


@pytest.mark.parametrize(("look", "size"), [("projector", SIZE), ("light", PHONE)])
def test_a_whole_class_is_drawn_as_dots(
    browser: Any, page: Served, taught: dict[str, Lesson], look: str, size: dict[str, int]
) -> None:
    found = opened(
        browser, f"{page.address}#view=lessons&look={look}&lesson={NAME}", viewport=size
    )
    window = Window(found)
    window.forward()
    say_many(window, [*[-100.0] * 20, *range(10), 34.5])
    assert "30 noted: from \N{MINUS SIGN}100 to +9.0" in window.text(".noted").replace(
        "100.0", "100"
    )
    for one in taught[NAME].predictions[1:]:
        window.forward()
        window.predict(one)
    window.forward()
    found.locator(".revealed").wait_for()
    assert window.text(".sentence").startswith(
        "You made 31 predictions, from \N{MINUS SIGN}100.0 to +34.5"
        " with a median of \N{MINUS SIGN}100.0 points; the model says "
    )
    dots = found.evaluate(
        "() => [...document.querySelectorAll('circle.you')].map((one) =>"
        " ['cx', 'cy', 'r'].map((name) => Number(one.getAttribute(name))))"
    )
    assert len(dots) == 31
    assert len({(x, y) for x, y, _ in dots}) == 31  # each is seen
    assert min(radius for _, _, radius in dots) >= 1.5
    outside = found.evaluate(
        """() => [...document.querySelectorAll('.revealed .sheet :is(text, circle)')].filter((node) => {
          const { x, y, width, height } = node.getBBox();
          const sheet = node.ownerSVGElement.viewBox.baseVal;
          return x < 0 || y < 0 || x + width > sheet.width || y + height > sheet.height;
        }).map((node) => node.outerHTML)"""
    )
    assert outside == []
    assert found.errors == []
    found.context.close()


def test_reload_goes_on_with_what_was_said(window: Window, taught: dict[str, Lesson]) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    window.forward()
    say_many(window, [-3, 8])
    window.page.wait_for_function("() => location.hash.includes('step=predict-1')")
    window.page.reload()
    window.page.locator('#lessons[data-step="predict-1"]').wait_for()
    assert window.text(".big") == "+8.0 points"
    assert window.text(".noted") == "1 noted: \N{MINUS SIGN}3.0 points"
    for one in lesson.predictions[1:]:
        window.forward()
        window.predict(one)
    window.forward()
    window.at("see-1")
    sentence = window.text(".sentence")
    window.page.wait_for_function("() => location.hash.includes('step=see-1')")
    window.page.reload()
    window.page.locator('#lessons[data-step="see-1"] .revealed').wait_for()
    assert window.text(".sentence") == sentence


def test_what_is_locked_in_stays_as_it_was_said(window: Window, taught: dict[str, Lesson]) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    window.walk_to_see(lesson)
    seen = window.text(".sentence")
    for place, one in reversed(list(enumerate(lesson.predictions, 1))):
        window.tab_to("#previous")
        window.press("Enter")
        window.at(f"predict-{place}")
        assert window.text(".hint") == "Locked in. Start again to predict anew."
        assert window.page.locator(".add").count() == 0
        if one.kind == CURVE:
            assert window.page.locator(".room").evaluate("node => node.inert")
        inputs = window.page.locator(".predictor input")
        assert all(node.is_disabled() for node in inputs.all())
        assert inputs.count() == {CURVE: 0, CHOICE: len(one.options)}.get(one.kind, 1)
        if one.kind == CURVE:  # neither a pointer
            before = window.page.locator("path.you").get_attribute("d")
            box = window.page.locator(".room").bounding_box()
            window.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
            window.page.mouse.down()
            window.page.mouse.move(box["x"] + box["width"] / 1.5, box["y"] + 90)
            window.page.mouse.up()
            assert window.page.locator("path.you").get_attribute("d") == before
    for _ in lesson.predictions:
        window.forward()
    window.at("see-1")
    assert window.text(".sentence") == seen


@pytest.mark.parametrize(
    "stored",
    [
        "{",
        "null",
        "[]",
        '{"locked": true}',
        '{"locked": true, "said": {"level": {"added": [1000], "now": null}}}',
    ],
)
def test_what_a_lesson_cannot_have_been_told_is_not_read_back(window: Window, stored: str) -> None:
    window.page.evaluate(
        "([name, text]) => sessionStorage.setItem(name, text)", [f"lesson.{NAME}", stored]
    )
    window.page.goto(f"{window.page.url.split('#')[0]}#view=lessons&lesson={NAME}&step=see-1")
    window.page.reload()
    window.page.locator('#lessons[data-step="question"]').wait_for()
    assert window.page.locator(".again").count() == 0


def test_keys_go_back_and_forward_but_do_not_lock(
    window: Window, taught: dict[str, Lesson]
) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    window.press("ArrowRight")
    window.at("predict-1")
    window.press("PageDown")
    assert window.step == "predict-1"  # nothing was said yet
    for place, one in enumerate(lesson.predictions, 1):
        window.at(f"predict-{place}")
        window.predict(one)
        said = window.page.evaluate(SAID)
        window.press("PageDown")  # with the focus still in what was said
        assert window.page.evaluate(SAID) == said
    assert window.step == "predict-3"
    assert "lesson" not in window.asked
    window.press("PageUp")  # the arrows are the curve's here
    window.at("predict-2")
    window.page.wait_for_function("() => location.hash.includes('step=predict-2')")
    assert f"lesson={NAME}" in window.page.url
    window.page.reload()
    window.page.locator('#lessons[data-step="predict-2"]').wait_for()


def test_its_two_runs_open_in_the_timelines(window: Window, taught: dict[str, Lesson]) -> None:
    lesson = taught[NAME]
    window.page.get_by_role("button", name=f"For the lecturer: {MARKED}").click()
    window.page.locator("#open-runs").click()
    window.page.locator("#charts").wait_for(state="visible")
    assert window.page.locator("#place option:checked").inner_text() == lesson.see.place
    assert window.page.locator("#quantity").input_value() == lesson.see.quantity
    assert window.page.locator("#day").input_value() == str(lesson.see.day)
    window.page.wait_for_function("() => location.hash.includes('view=timelines')")
    for word in (
        f"scenario=lesson.{NAME}",
        "replicate=5",
        *(f"arm={arm}" for arm in lesson.see.arms),
    ):
        assert word in window.page.url
    window.page.get_by_role("button", name="Lessons", exact=True).click()
    assert window.step == "debrief"


def test_own_lesson_is_text_and_never_markup(window: Window, taught: dict[str, Lesson]) -> None:
    begun(window, taught[NAME])
    assert window.text(".over") == MARKED
    assert "<b>An offer</b> may come." in window.text("#lessons")
    assert window.page.locator("#lessons b, #lessons script").count() == 0


def test_no_step_has_a_serious_violation(
    browser: Any, page: Served, taught: dict[str, Lesson]
) -> None:
    found = opened(browser, f"{page.address}#view=lessons&lesson={NAME}")
    window = Window(found)
    steps = []
    while True:
        steps.append(window.step)
        found.evaluate(
            "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
        )
        assert violations(found) == [], window.step
        if window.step.startswith("predict"):
            window.predict(taught[NAME].predictions[int(window.step[-1]) - 1])
            assert violations(found) == [], window.step
        if window.step == "debrief":
            break
        found.locator("#for-lecturer" if window.step == "left-out" else "#next").click()
        settled(found)
    assert len(steps) == 1 + 3 + 3 + 3
    found.context.close()


def test_finished_lesson_is_saved_as_one_file_that_stands_alone(
    browser: Any, window: Window, taught: dict[str, Lesson], tmp_path: Path
) -> None:
    lesson = taught[NAME]
    begun(window, lesson)
    window.walk_to_see(lesson)
    window.page.locator(".revealed").wait_for()
    sentence = window.text(".sentence")
    for _ in range(4):
        assert window.page.locator("#save-lesson").count() == 0
        window.forward()
    window.at("left-out")
    with window.page.expect_download() as kept:
        window.page.get_by_role("button", name="Save this lesson").click()
    file = tmp_path / "lesson.html"
    kept.value.save_as(file)
    alone = empty(browser, offline=True, java_script_enabled=False)
    asked_for: list[str] = []
    alone.on("request", lambda request: asked_for.append(request.url))
    alone.goto(file.as_uri())
    assert asked_for == [file.as_uri()]
    text = alone.locator("body").inner_text()
    answer = reveal(taught[NAME]).header
    for part in (
        MARKED,
        lesson.question,
        sentence,
        *(as_read(one["told"]) for one in answer["predictions"]),
        *lesson.explanation,
        *lesson.leaves_out,
        *lesson.sources,
        f"lesson.{NAME}",
        "A model, not a forecast",
    ):
        assert part in text
    assert alone.locator("script, button, link").count() == 0
    assert "127.0.0.1" not in file.read_text("utf-8")
    sizes = [alone.locator("svg[role=img]").nth(place).bounding_box() for place in (0, 1)]
    assert all(size["width"] > 500 and size["height"] > 200 for size in sizes)
    alone.context.close()


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_steps_fit_the_screen(
    browser: Any, page: Served, taught: dict[str, Lesson], look: str
) -> None:
    """Only the text of a step may scroll; nobody looks for what is below."""
    found = opened(
        browser, f"{page.address}#view=lessons&look={look}&lesson={NAME}", viewport=SIZE
    )
    window = Window(found)
    window.page.locator("#lessons h2").focus()
    for place, one in enumerate(taught[NAME].predictions, 1):
        window.forward()
        window.at(f"predict-{place}")
        assert found.evaluate(
            "() => { const step = document.querySelector('.step');"
            " return [step.scrollHeight - step.clientHeight, document.documentElement.scrollHeight]; }"
        ) == [0, 720], (look, one.kind)
        window.predict(one)
    found.context.close()


LOW = {"width": 640, "height": 400}
SEEN = """(what) => {
  const { top, bottom } = document.querySelector(what).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""
CONTROL = {"slider": "#lessons input[type=range]", "choice": ".options", "curve": ".sketch"}


@pytest.mark.parametrize("name", [NAME, "a_visit_fades", "denying_can_hurt"])
def test_low_window_shows_question_control_and_lock_at_once(
    browser: Any, page: Served, taught: dict[str, Lesson], name: str
) -> None:
    found = opened(
        browser,
        f"{page.address}#view=lessons&look=projector&levers=false&lesson={name}",
        viewport=LOW,
    )
    window = Window(found)
    for place, one in enumerate(taught[name].predictions, 1):
        assert found.evaluate(SEEN, "#next")
        found.locator("#next").click()
        window.at(f"predict-{place}")
        for what in ("#lessons h2", CONTROL[one.kind], "#next"):
            assert found.evaluate(SEEN, what), (one.name, what)
        assert found.evaluate("document.documentElement.scrollWidth") == LOW["width"]
        window.predict(one)
    assert found.locator("#next").get_attribute("data-locks") == ""
    assert found.evaluate(SEEN, "#next")
    found.context.close()


@pytest.mark.parametrize("size", [LOW, PHONE, {"width": 900, "height": 560}])
def test_what_has_the_focus_is_not_under_the_way_on(
    browser: Any, page: Served, taught: dict[str, Lesson], size: dict[str, int]
) -> None:
    found = opened(
        browser,
        f"{page.address}#view=lessons&look=projector&lesson={NAME}&step=debrief",
        viewport=size,
    )
    found.locator(".statements").wait_for()
    found.locator("#lessons h2").focus()
    for _ in range(40):
        found.keyboard.press("Tab")
        covered = found.evaluate(
            """() => {
              const on = document.activeElement;
              if (!on.matches('#lessons .step *')) return null;
              const { left, bottom, width } = on.getBoundingClientRect();
              const top = document.elementFromPoint(left + width / 2, Math.min(bottom, innerHeight) - 2);
              return !(top && (on.contains(top) || top.contains(on)));
            }"""
        )
        assert not covered
        if found.evaluate("document.activeElement.id") == "previous":
            break
    assert found.evaluate("document.activeElement.id") == "previous"
    found.context.close()
