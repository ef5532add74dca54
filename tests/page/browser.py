"""Chromium, driven by Playwright, as the tests and the measuring use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Nothing that a browser does by itself on a network; the sandbox needs rights a container lacks
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 1280, "height": 720}


def chromium() -> str | None:
    """Where Chromium is, or None; CHROMIUM names another one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@contextmanager
def started() -> Iterator[Any]:
    """A browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(browser: Any, address: str, **context: Any) -> Any:
    """A window of its own on the page, painted once; its errors fail whoever looks at them."""
    window = browser.new_context(viewport=SIZE, **context).new_page()
    window.errors = []
    window.on("pageerror", lambda error: window.errors.append(str(error)))
    window.on(
        "console", lambda line: line.type == "error" and window.errors.append(line.text)
    )
    window.goto(address)
    painted(window, 0)
    return window


def shown(window: Any) -> int:
    """The number of the answer that is painted."""
    return int(window.evaluate("Number(document.querySelector('#charts').dataset.shown ?? 0)"))


def painted(window: Any, after: int) -> None:
    """Wait until a later answer than this one is painted, and no other is under way."""
    window.wait_for_function(
        "after => Number(document.querySelector('#charts').dataset.shown ?? 0) > after", arg=after
    )
