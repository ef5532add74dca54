"""Chromium, driven by Playwright, as the tests and the measuring use it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# Nothing that a browser does by itself on a network; the sandbox needs rights a container lacks
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
LONGEST = 180_000  # milliseconds; every wait is for an event, and a busy machine may be slow
MOST_FRAMES = 10_000  # pairs of them, five minutes or more
# The sockets that were asked for and are not open yet: what waits for them was not sent
OPENING = """
window.opening = 0;
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    let one = 1;
    window.opening += one;
    const known = () => { window.opening -= one; one = 0; };
    for (const event of ['open', 'close']) this.addEventListener(event, known);
  }
};"""
TWO_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(window.opening))))"""


def chromium() -> str | None:
    """Where Chromium is, or None; CHROMIUM names another one.

    Without a window of its own it takes a third of the time to open a page.
    """
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium-headless-shell") or shutil.which("chromium")


def missing() -> str:
    """What keeps the tests from a browser; "" where nothing does."""
    if find_spec("playwright") is None:
        return "Playwright is not installed: pip install playwright"
    where = chromium()
    if where is None:
        return "Chromium is not installed: apt-get install chromium, or name one by CHROMIUM"
    return "" if Path(where).is_file() else f"there is no Chromium at CHROMIUM={where}"


def needed() -> None:
    """Skip a test where there is no browser; fail it where CI=true, which must not miss it."""
    why = missing()
    if why and os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    if why:
        pytest.skip(f"{why} (see CONTRIBUTING)")


@contextmanager
def started() -> Iterator[Any]:
    """A browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), headless=True, args=ARGUMENTS, timeout=LONGEST
        )
        yield browser
        browser.close()


def empty(browser: Any, **context: Any) -> Any:
    """A window of its own, of which asks and answers are counted."""
    found = browser.new_context(**{"viewport": SIZE, **context})
    found.set_default_timeout(LONGEST)
    found.add_init_script(OPENING)
    return counted(found.new_page())


def opened(browser: Any, address: str, **context: Any) -> Any:
    """A window of its own on the page, settled; its errors fail whoever looks at them."""
    window = empty(browser, **context)
    window.errors = []
    window.on("pageerror", lambda error: window.errors.append(str(error)))
    window.on("console", lambda line: line.type == "error" and window.errors.append(line.text))
    window.on("dialog", lambda dialog: window.errors.append(f"a dialog: {dialog.message}"))
    window.goto(address)
    painted(window, 0)
    settled(window)
    return window


def counted(window: Any) -> Any:
    """Count the asks that go out and the answers that come, and keep their kinds."""
    window.asks, window.answers = 0, 0
    window.asked, window.came = [], []

    def count(sent: int, came: int) -> None:
        window.asks += sent
        window.answers += came

    def listen(socket: Any) -> None:
        socket.on("framesent", lambda _: count(1, 0))
        socket.on("framereceived", lambda _: count(0, 1))
        socket.on("framesent", lambda text: window.asked.append(json.loads(text)["kind"]))
        socket.on("framereceived", lambda data: window.came.append(kind_of(data)))

    window.on("websocket", listen)
    return window


def kind_of(answer: bytes | str) -> str:
    """The kind of an answer, or that it is a refusal."""
    if isinstance(answer, str):
        return "refusal"
    length = int.from_bytes(answer[:8], "little")
    return str(json.loads(answer[8 : 8 + length])["kind"])


def settled(window: Any) -> None:
    """Wait until every ask is answered and what came is drawn."""
    for _ in range(MOST_FRAMES):
        before = window.asks
        opening = window.evaluate(TWO_FRAMES)
        if opening == 0 and window.asks == window.answers == before:
            return
    raise AssertionError(f"{window.asks} asks, {window.answers} answers, and no end")


def views(window: Any) -> Iterator[str]:
    """Go through the page's views by the buttons of its nav; where it has none, there is one."""
    buttons = window.locator("nav button")
    for place in range(buttons.count()):
        buttons.nth(place).click()
        settled(window)
        yield buttons.nth(place).inner_text()
    if not buttons.count():
        yield "timelines"


def shown(window: Any) -> int:
    """The number of the answer that is painted."""
    return int(window.evaluate("Number(document.querySelector('#charts').dataset.shown ?? 0)"))


def painted(window: Any, after: int) -> None:
    """Wait until a later answer than this one is painted; others may be under way."""
    window.wait_for_function(
        "after => Number(document.querySelector('#charts').dataset.shown ?? 0) > after", arg=after
    )


def copied(window: Any, button: Any) -> str:
    """What a button puts on the clipboard; that it has is said on the button for a moment."""
    button.evaluate(
        """(node) => {
          window.told = [];
          new MutationObserver(() => window.told.push(node.textContent)).observe(node, { childList: true });
        }"""
    )
    button.click()
    window.wait_for_function("() => window.told.includes('Copied')")
    return str(window.evaluate("navigator.clipboard.readText()"))
