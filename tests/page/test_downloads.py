"""What the page hands out as files, by its buttons in a real browser."""

from __future__ import annotations

import io
import re
import struct
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import sim
from sim.tables import frames
from tests.page.browser import copied, empty, opened, painted, settled, shown
from tests.page.conftest import SMALL, Served

CHANGED = "#parity=0&set.parity=0.75&switch.backlash=false&seed=11&replicate=3&view=home&day=14"
# Dark and light points of a picture, and how many colours it has
POINTS = """
async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const points = new Uint32Array(data.buffer); // alpha, blue, green, red from the top
  const dark = (point) => [0, 8, 16].every((bits) => ((point >>> bits) & 255) < 90);
  return {
    size: [canvas.width, canvas.height], colours: new Set(points).size, corner: [...data.slice(0, 4)],
    ink: points.filter(dark).length, opaque: points.every((point) => point >>> 24 === 255),
  };
}"""
REFERENCE = re.compile(
    r"https?://(?!www\.w3\.org/2000/svg\b)|url\(|\bhref\s*=|\bsrc\s*=|@import|var\("
)


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    window = opened(browser, f"{served.address}{CHANGED}&look=dark")
    settled(window)
    yield window
    assert window.errors == []
    window.context.close()


def kept(window: Any, button: str, folder: Path) -> Path:
    """The file that a button hands out."""
    with window.expect_download() as found:
        window.get_by_role("button", name=button, exact=True).click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    return file


def family(browser: Any, file: Path) -> str:
    """The fonts of a drawing in a window that has nothing of the page."""
    window = empty(browser, offline=True)
    window.goto(file.as_uri())
    found = window.evaluate("getComputedStyle(document.querySelector('text')).fontFamily")
    window.context.close()
    return str(found)


def test_picture_stands_alone_on_white_with_its_source(
    page: Any, browser: Any, served: Served, tmp_path: Path
) -> None:
    file = kept(page, "SVG", tmp_path)
    text = file.read_text("utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert REFERENCE.search(text) is None
    page.locator("#look").select_option("light")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert f"fill:{ink};" in text  # dark on white, though the page was dark
    said = " ".join(" ".join(root.itertext()).split())
    for part in (
        "A model, not a forecast",
        "Offer",
        "No offer",
        "seed 11, run 3",
        "parity 0.75",
        "backlash off",
        "A small case",
        "narrative-diplomacy",
        "5\u201395 % of 200 runs, chance alone",
    ):
        assert part in said, part
    namespace = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{namespace}path")) > 20
    assert family(browser, file) == page.evaluate("getComputedStyle(document.body).fontFamily")
    drawn = page.evaluate(POINTS, page.locator("#home img").get_attribute("src"))  # the preview
    assert drawn["corner"] == [255, 255, 255, 255]  # white though the page is dark
    assert drawn["opaque"]


def test_png_is_sharp_and_not_blank(page: Any, tmp_path: Path) -> None:
    box = page.locator("#home img").evaluate(
        "async (image) => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    )
    file = kept(page, "PNG", tmp_path)
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert [width, height] == [2 * side for side in box]
    address = page.evaluate(
        "text => URL.createObjectURL(new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))]))",
        b64encode(content).decode(),
    )
    drawn = page.evaluate(POINTS, address)
    assert drawn["colours"] > 30
    assert drawn["ink"] > 2000  # text and lines
    assert drawn["opaque"]


def test_files_are_the_scenario_and_numbers_of_this_state(page: Any, tmp_path: Path) -> None:
    scenario = sim.Scenario.from_yaml(SMALL).replace(parity=0.75, backlash=False, seed=11)
    assert sim.Scenario.from_yaml(kept(page, "small_from_page.yaml", tmp_path)) == scenario
    levels = pd.read_csv(kept(page, "small_from_page_levels.csv", tmp_path))
    told = sim.run(scenario, "offer", replicate=3, engine="ensemble").timeseries
    mine, known = (
        frame.query("metric == 'sympathy' and actor == 'Hill'").sort_values(["toward", "step"])
        for frame in (levels.query("arm == 'offer'"), told)
    )
    assert mine["value"].tolist() == known["value"].tolist()
    assert len(mine) == 50
    difference = kept(page, "small_from_page_difference.csv", tmp_path)
    assert set(pd.read_csv(io.StringIO(difference.read_text("utf-8")))["baseline"]) == {"no_offer"}
    sources = pd.read_csv(kept(page, "small_from_page_sources.csv", tmp_path)).set_index("key")
    assert sources.loc["parameters.parity", "value"] == pytest.approx(0.75)
    assert len(sources) == len(frames.sources(scenario))


def test_commands_are_copied(browser: Any, served: Served) -> None:
    window = opened(
        browser, f"{served.address}{CHANGED}", permissions=["clipboard-read", "clipboard-write"]
    )
    settled(window)
    command = copied(window, window.get_by_role("button", name="Copy", exact=True).last)
    assert command.startswith(
        "narrate compare small_from_page.yaml --arms offer --baseline no_offer --seed 11 "
    )
    assert window.locator("code").last.inner_text() == command
    window.context.close()


def test_picture_follows_the_capital_and_what_is_asked(page: Any) -> None:
    first = page.locator("#home img").get_attribute("src")
    page.locator("#place").select_option(label="Hill")
    assert page.locator("#home img").get_attribute("src") != first
    before = shown(page)
    page.locator("#reset").click()
    painted(page, before)
    settled(page)
    assert "--seed 7" in page.locator("code").first.inner_text()


def test_drawings_of_the_view_before_can_be_taken_too(
    browser: Any, served: Served, tmp_path: Path
) -> None:
    window = opened(
        browser, f"{served.address}#view=why&place=2&day=14&knock=event:clash&look=dark"
    )
    settled(window)
    numbers = window.locator("#waterfall text.delta").all_text_contents()
    window.locator("nav button", has_text="Take home").click()
    settled(window)
    assert window.locator("#picture option").all_inner_texts() == [
        "Waterfall",
        "With and without",
        "Timelines",
    ]
    root = ElementTree.parse(kept(window, "SVG", tmp_path)).getroot()  # noqa: S314 - our own
    said = list(root.itertext())
    assert len(numbers) > 3
    assert set(numbers) <= set(said)
    assert "In Offer. Why Port moved, 28 May 2025 to 3 June 2025" in " ".join(said)
    window.locator("#place").select_option(label="Hill")  # of which the waterfall was not
    assert window.locator("#picture option").all_inner_texts() == ["Timelines"]
    assert window.errors == []
    window.context.close()


def test_saved_page_loads_from_disk_with_no_request(
    page: Any, browser: Any, tmp_path: Path
) -> None:
    page.locator("nav button", has_text="Timelines").click()
    settled(page)
    page.locator("#day").fill("9")
    with page.expect_download() as found:
        page.evaluate("""async () => {
          const { savePage } = await import('/export.js');
          savePage('Lesson: <b>one</b>', document.querySelector('#middle'), 'seed 11');
        }""")
    assert found.value.suggested_filename == "Lesson_b_one_b.html"
    file = tmp_path / "lesson.html"
    found.value.save_as(file)
    window = empty(browser, offline=True)
    asked_for: list[str] = []
    errors: list[str] = []
    window.on("request", lambda request: asked_for.append(request.url))
    window.on("console", lambda line: errors.append(line.text))
    window.goto(file.as_uri())
    assert asked_for == [file.as_uri()]
    assert errors == []
    assert window.title() == "Lesson: <b>one</b>"
    assert window.locator("script, button, select, link").count() == 0
    assert window.locator("meta[http-equiv]").get_attribute("content") == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    assert window.get_by_text("A model, not a forecast").is_visible()
    assert window.get_by_text("seed 11", exact=True).is_visible()
    assert window.locator("#day").input_value() == "9"
    assert window.locator("#day").is_disabled()
    drawing = window.locator("#charts").bounding_box()
    assert drawing["width"] > 300
    assert drawing["height"] > 200
    assert (
        window.locator("#charts .line.own").first.evaluate("node => getComputedStyle(node).fill")
        == "none"
    )
    window.context.close()
