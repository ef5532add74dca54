"""Names of 35 characters, some of them alike for long: the page shows them and nothing is pushed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.page.browser import PHONE, SIZE, opened, settled, views
from tests.page.conftest import SMALL, Served
from tests.page.test_crises import COLLISIONS, at
from tests.report.folders import renamed
from tests.report.test_names_fit import LONG

# Texts that end beyond the window or beyond what cuts them, unless that scrolls
CUT = """() => {
  const shown = (node) => node.checkVisibility() && !node.closest('details:not([open]) > :not(summary)');
  const scrolls = (node) => ['auto', 'scroll'].includes(getComputedStyle(node).overflowX);
  const cuts = (node) => ['hidden', 'clip'].includes(getComputedStyle(node).overflowX);
  const held = (node) => { for (let up = node; up; up = up.parentElement) if (scrolls(up)) return true; return false; };
  return [...document.querySelectorAll('main *, nav *, header *')].filter((node) => shown(node)
      && !node.matches('.unseen') && node.innerText?.trim())
    .filter((node) => !held(node) && (node.getBoundingClientRect().right > innerWidth + 1
      || node.getBoundingClientRect().left < -1
      || (cuts(node) && node.scrollWidth > node.clientWidth + 1)))
    .map((node) => `${node.tagName}.${node.className}: ${node.innerText}`.slice(0, 90));
}"""

# Texts of a drawing that end beyond it
BEYOND = """(drawing) => {
  const all = document.querySelector(drawing).getBoundingClientRect();
  return [...document.querySelectorAll(`${drawing} text`)].filter((text) => {
    const box = text.getBoundingClientRect();
    return text.textContent && (box.left < all.left - 1 || box.right > all.right + 1);
  }).map((text) => text.textContent);
}"""


@pytest.fixture(scope="module")
def window(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A window on the small case under long names; errors on the console fail it."""
    document = renamed(yaml.safe_load(SMALL.read_text(encoding="utf-8")), LONG)
    file = tmp_path_factory.mktemp("long") / "long.yaml"
    file.write_text(yaml.safe_dump({**document, "start_date": "2025-05-20"}), encoding="utf-8")
    page = Served(file)
    found = opened(browser, page.address, reduced_motion="reduce")
    yield found
    assert found.errors == []
    found.context.close()
    page.end()


@pytest.mark.parametrize("size", [SIZE, PHONE], ids=["desk", "phone"])
def test_long_names_are_neither_cut_nor_push(window: Any, size: dict[str, int]) -> None:
    window.set_viewport_size(size)
    settled(window)
    for view in views(window):
        assert window.evaluate("document.documentElement.scrollWidth") == size["width"], view
        assert window.evaluate(CUT) == [], view


@pytest.mark.parametrize("size", [SIZE, PHONE], ids=["desk", "phone"])
def test_long_names_on_the_stage_lie_apart(window: Any, size: dict[str, int]) -> None:
    at(window, "Stage", size)
    assert window.evaluate(COLLISIONS) == []
    assert window.evaluate(BEYOND, "#network") == []


def test_whose_way_is_up_is_whole_beside_the_title(window: Any) -> None:
    at(window, "Timelines", SIZE)
    assert window.evaluate(BEYOND, "#charts") == []
    text = window.locator("#charts text:has(.toward)")
    assert [LONG["Aria"] in text.text_content(), LONG["Boreas"] in text.text_content()] == [
        True
    ] * 2
    title = window.locator("#charts text.name").first
    assert title.bounding_box()["x"] + title.bounding_box()["width"] <= text.bounding_box()["x"]


def test_no_column_of_the_values_is_out_of_view(window: Any) -> None:
    at(window, "Timelines", SIZE)
    tables = window.locator("#levels .wide")
    assert tables.count() == 2
    for place in range(2):
        assert tables.nth(place).evaluate("node => node.scrollWidth - node.clientWidth") <= 1
