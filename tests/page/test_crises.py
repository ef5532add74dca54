"""Each shipped crisis opens on the page: all its audiences, named apart, and levers that answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sim import Scenario
from tests.page.browser import PHONE, SIZE, opened, settled, views
from tests.page.conftest import Served

SCENARIOS = ("kashmir_2025", "kashmir_2025_states", "kashmir_2019", "falklands_1982")
# Names on the stage with the names and discs of others on them, by more than the room around letters
COLLISIONS = """() => {
  const nodes = [...document.querySelectorAll('#network .node, #network .home')];
  const box = (node, kind) => node.querySelector(kind)?.getBoundingClientRect();
  const shared = (one, other, low, high) => Math.min(one[high], other[high]) - Math.max(one[low], other[low]);
  const covers = (one, other) => other
    && shared(one, other, 'left', 'right') > 1 && shared(one, other, 'top', 'bottom') > 3;
  return nodes.flatMap((one) => nodes
    .filter((other) => other !== one && ['text', '.capital'].some((kind) => covers(box(one, 'text'), box(other, kind))))
    .map((other) => `${one.textContent} / ${other.textContent}`));
}"""


@pytest.fixture(scope="module", params=SCENARIOS)
def window(request: Any, browser: Any, served: Served) -> Iterator[Any]:
    """A window on one scenario, chosen by its link; errors on the console fail it."""
    found = opened(browser, f"{served.address}#scenario={request.param}", reduced_motion="reduce")
    found.scenario = Scenario.from_yaml(request.param)
    yield found
    assert found.errors == []
    found.context.close()


def at(window: Any, view: str, size: dict[str, int]) -> Any:
    window.set_viewport_size(size)
    window.locator("nav button", has_text=view).click()
    settled(window)
    return window


@pytest.mark.parametrize("size", [SIZE, PHONE], ids=["desk", "phone"])
def test_every_view_fits_the_window(window: Any, size: dict[str, int]) -> None:
    window.set_viewport_size(size)
    settled(window)
    for view in views(window):
        width = window.evaluate("document.documentElement.scrollWidth")
        assert width == size["width"], view


def test_table_has_all_audiences_and_a_lever_answers(window: Any) -> None:
    at(window, "Timelines", SIZE)
    rows = window.locator(".capitals tbody th").all_inner_texts()
    assert rows == ["All capitals", *(one.name for one in window.scenario.audiences)]
    before = window.locator(".capitals").inner_text()
    window.locator("#day").fill("60")
    window.locator("#lever-parity").press("End")
    settled(window)
    assert window.locator(".lever.changed label").all_inner_texts() == ["parity"]
    assert window.locator(".capitals").inner_text() != before
    window.locator("#reset").click()
    settled(window)


@pytest.mark.parametrize(
    ("size", "look"), [(SIZE, "light"), (PHONE, "light"), (SIZE, "projector")]
)
def test_stage_names_every_audience_and_no_name_lies_on_another(
    window: Any, size: dict[str, int], look: str
) -> None:
    at(window, "Stage", size)
    window.locator("#look").select_option(look)
    window.locator("#day").fill("40")
    settled(window)
    assert window.locator("#network .node").count() == len(window.scenario.audiences)
    assert window.evaluate(COLLISIONS) == []
