"""The page can be read and worked by everyone: axe-core, contrast in drawings, names, keyboard.

Each test goes through all views, with everything that unfolds unfolded.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.page.browser import PHONE, SIZE, opened, settled, views
from tests.page.conftest import Served

HERE = "#place=2&day=14&knock=event:clash"  # a capital and a change, so that each view has all it shows
LOOKS = ("light", "dark", "projector")
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# Each text of a drawing with its colour, what is painted under it from the top down, and its size
DRAWN_TEXTS = """
() => {
  const hidden = (node) => node.closest('[aria-hidden=true]') && !node.textContent.trim();
  const opacity = (node) => {
    let product = 1;
    for (let at = node; at instanceof SVGElement; at = at.parentElement) product *= getComputedStyle(at).opacity;
    return product;
  };
  const paint = (node) => {
    const { fill, fillOpacity } = getComputedStyle(node);
    return [fill, fillOpacity * opacity(node)];
  };
  return [...document.querySelectorAll('svg text, svg tspan')]
    .filter((node) => node.checkVisibility() && !hidden(node) && [...node.childNodes].some((one) => one.nodeType === 3))
    .map((node) => {
      const style = getComputedStyle(node), box = node.getBoundingClientRect();
      const halo = style.stroke !== 'none' && style.paintOrder.startsWith('stroke');
      const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        .filter((one) => one.matches('svg :not(text, tspan, g, svg)') && getComputedStyle(one).fill !== 'none');
      return {
        text: node.textContent, colours: [paint(node), ...(halo ? [[style.stroke, 1]] : under.map(paint))],
        large: parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? 18.66 : 24),
        paper: getComputedStyle(document.body).backgroundColor,
      };
    });
}"""
# What must be reached by Tab: of a group of radio buttons, or that arrows go through, one
WANTED = """
() => {
  const groups = '[role=tablist], [role=radiogroup], [role=listbox], [role=grid], [role=toolbar]';
  const seen = new Set();
  window.wanted = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [role=button], [role=slider], [tabindex="0"]')]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled)
    .filter((node) => {
      const group = node.type === 'radio' ? `radio ${node.name}` : node.closest(groups);
      if (group && seen.has(group)) return false;
      seen.add(group);
      return true;
    });
  window.sameGroup = (one, other) => one === other || (one.type === 'radio' && one.name === other.name)
    || (one.closest(groups) !== null && one.closest(groups) === other.closest(groups));
  return window.wanted.map((node) => node.outerHTML.slice(0, 120));
}"""
FOCUSED = """
() => {
  const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
  return {
    place: window.wanted.findIndex((one) => window.sameGroup(one, node)), body: node === document.body,
    what: node.outerHTML.slice(0, 120),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""
CONTROLS = {"button", "combobox", "slider", "checkbox", "radio", "link", "spinbutton", "textbox", "image",
            "DisclosureTriangle", "tab"}  # fmt: skip


def violations(window: Any) -> list[str]:
    """What axe-core finds that is serious or critical: rule, what it says, where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(window).response
    assert found["passes"]  # it did look
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("look", "size"), [*((look, SIZE) for look in LOOKS), ("light", PHONE)])
def test_no_view_has_a_serious_violation(
    browser: Any, served: Served, look: str, size: dict[str, int]
) -> None:
    window = opened(browser, f"{served.address}{HERE}&look={look}", viewport=size)
    for view in views(window):
        window.evaluate(UNFOLD)
        assert violations(window) == [], view
    assert window.errors == []
    window.context.close()


def test_refusal_is_read_out_and_has_no_violation(browser: Any, served: Served) -> None:
    window = opened(
        browser, f"{served.address}#seed=-1&view=why&place=2&day=14&knock=message:d1-999"
    )
    for spoken in (
        "#missing",
        "#status",
    ):  # what the address asks in vain, what the server refuses
        window.locator(spoken).wait_for(state="visible")
    assert violations(window) == []
    window.context.close()


def test_axe_does_find_what_is_wrong(browser: Any, served: Served) -> None:
    window = opened(browser, served.address)
    window.evaluate("() => { document.querySelector('#day').removeAttribute('aria-label'); }")
    window.evaluate("() => { document.querySelector('#date').style.color = '#aaa'; }")
    assert {text.split()[0] for text in violations(window)} == {"label", "color-contrast"}
    window.context.close()


def channels(colour: str) -> list[float]:
    """Red, green and blue, 0 to 1, and opacity, of a computed colour."""
    numbers = [float(text) for text in re.findall(r"[\d.]+", colour)]
    assert colour.startswith("rgb"), colour
    return [*(value / 255 for value in numbers[:3]), *numbers[3:]]


def over(colour: str, opacity: float, under: list[float]) -> list[float]:
    """A colour laid over an opaque one."""
    red, green, blue, *own = channels(colour)
    share = opacity * (own[0] if own else 1)
    return [
        share * top + (1 - share) * low for top, low in zip((red, green, blue), under, strict=True)
    ]


def contrast(one: list[float], other: list[float]) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted(
        (
            sum(
                weight * (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
                for weight, value in zip((0.2126, 0.7152, 0.0722), colour, strict=True)
            )
            for colour in (one, other)
        ),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast([0, 0, 0], [1, 1, 1]) == pytest.approx(21)
    grey = channels("rgb(118, 118, 118)")  # the lightest that passes on white
    assert 4.5 < contrast(grey, [1, 1, 1]) < 4.6
    assert over("rgba(0, 0, 0, 0.5)", 0.5, [1, 1, 1]) == [0.75, 0.75, 0.75]


@pytest.mark.parametrize("look", LOOKS)
def test_texts_of_drawings_can_be_read(browser: Any, served: Served, look: str) -> None:
    """axe-core leaves SVG's text out: WCAG's 4.5 to 1, or 3 to 1 where it is large."""
    window = opened(browser, f"{served.address}{HERE}&look={look}&quantity=sympathy")
    faint, read = [], 0
    for view in views(window):
        for one in window.evaluate(DRAWN_TEXTS):
            background = channels(one["paper"])[:3]
            for fill, opacity in reversed(one["colours"][1:]):
                background = over(fill, float(opacity), background)
            fill, opacity = one["colours"][0]
            found = contrast(over(fill, float(opacity), background), background)
            read += 1
            if found < (3 if one["large"] else 4.5):
                faint.append(f"{view}: {one['text']} {found:.2f}")
    assert faint == []
    assert read > 10
    ring, paper = window.evaluate(
        "() => { const made = (name) => { const one = document.createElement('i');"
        " one.style.color = `var(${name})`; document.body.append(one);"
        " const found = getComputedStyle(one).color; one.remove(); return found; };"
        " return [made('--link'), made('--paper')]; }"
    )
    assert contrast(channels(ring), channels(paper)) >= 3  # what has the focus
    window.context.close()


@pytest.mark.parametrize("size", [SIZE, PHONE], ids=["desk", "phone"])
def test_everything_is_reached_by_the_keyboard_and_shows_its_focus(
    browser: Any, served: Served, size: dict[str, int]
) -> None:
    window = opened(browser, f"{served.address}{HERE}", viewport=size)
    for view in views(window):
        window.evaluate(UNFOLD)
        wanted = window.evaluate(WANTED)
        reached: set[int] = set()
        rounds = 0
        for _ in range(
            3 * len(wanted)
        ):  # from wherever the focus is to the end, then once through
            window.keyboard.press("Tab")
            at = window.evaluate(FOCUSED)
            rounds += at["place"] == 0
            if rounds == 2:
                break
            if at["body"]:
                continue
            assert at["ring"], f"{view}: no ring around {at['what']}"
            assert at["seen"], f"{view}: out of sight: {at['what']}"
            reached.add(at["place"])
        assert rounds == 2, f"{view}: the focus is caught"
        missed = [text for place, text in enumerate(wanted) if place not in reached]
        assert missed == [], view
        assert len(wanted) > 5, view
    window.context.close()


def test_controls_and_pictures_have_names(browser: Any, served: Served) -> None:
    window = opened(browser, f"{served.address}{HERE}")
    session = window.context.new_cdp_session(window)
    session.send("Accessibility.enable")
    for view in views(window):
        window.evaluate(UNFOLD)
        settled(window)
        named: set[str] = set()
        for node in session.send("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            if not node["ignored"] and role in CONTROLS:
                assert node.get("name", {}).get("value", "").strip(), (
                    f"{view}: {role} without a name: {node}"
                )
                named.add(role)
        assert named >= {"button"}, view
        bare = window.evaluate(
            "() => [...document.querySelectorAll('svg, canvas, img')]"
            ".filter((node) => node.checkVisibility() && !node.closest('[aria-hidden=true]')"
            " && !node.alt && !(node.getAttribute('role') && node.getAttribute('aria-label')))"
            ".map((node) => node.outerHTML.slice(0, 120))"
        )
        assert bare == [], f"{view}: pictures without words"
    window.context.close()
