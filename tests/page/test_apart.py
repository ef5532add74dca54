"""The page in a browser keeps to itself: no other host, no other window, no name that acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.page.browser import counted, empty, opened, painted, settled, shown, views
from tests.page.conftest import SMALL, Served

SCRIPT = "<script>alert(1)</script>"
FORMULA = "=1+1"
IMAGE = "<img src=x onerror=alert(2)>"


@contextmanager
def recorded(window: Any) -> Iterator[list[str]]:
    """The addresses of all that the window asks for, by the browser's own record."""
    found: list[str] = []
    session = window.context.new_cdp_session(window)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda event: found.append(event["request"]["url"]))
    session.on("Network.webSocketCreated", lambda event: found.append(event["url"]))
    yield found
    session.send("Runtime.evaluate", {"expression": "0"})  # what was recorded before has come now
    session.detach()


def test_no_view_asks_anything_of_another_host(browser: Any, served: Served) -> None:
    window = empty(browser)
    with recorded(window) as found:
        window.goto(served.address)
        painted(window, 0)
        for look in ("dark", "projector", "light"):
            window.locator("#look").select_option(look)
            for _ in views(window):
                window.evaluate(
                    "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
                )
    assert len(found) > 10
    assert any(url.startswith("ws:") for url in found)
    hosts = {urlsplit(url).netloc for url in found if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {f"127.0.0.1:{served.port}"}
    window.context.close()


def test_another_host_would_be_recorded_and_is_not_let_through(
    browser: Any, served: Served
) -> None:
    window = opened(browser, served.address)
    with recorded(window) as found:
        reached = window.evaluate(
            "() => fetch('http://127.0.0.2:9/').then(() => true, () => false)"
        )
        window.evaluate(
            "() => new Promise((done) => { const image = new Image(); image.onerror = done;"
            " image.src = 'http://127.0.0.3:9/'; })"
        )
    assert not reached
    assert all("Content Security Policy" in text for text in window.errors)
    assert len(window.errors) >= 2
    assert "127.0.0.3" in {urlsplit(url).hostname for url in found}
    window.context.close()


def test_two_windows_of_one_browser_keep_their_own_state(browser: Any, served: Served) -> None:
    one = opened(browser, served.address)
    other = counted(one.context.new_page())
    other.goto(served.address)
    painted(other, 0)
    values = other.locator("#levels").inner_text()
    assert one.locator("#levels").inner_text() == values
    before = shown(one)
    one.get_by_label("parity", exact=True).focus()
    one.keyboard.press("End")
    painted(one, before)
    settled(one)
    one.locator("#day").fill("9")
    changed = one.locator("#levels").inner_text()
    assert changed != values
    assert other.locator("#levels").inner_text() == values
    other.reload()
    painted(other, 0)
    other.wait_for_function("() => location.hash.length > 0")
    assert other.locator("#levels").inner_text() == values
    assert "parity" not in other.url
    one.context.close()


def test_names_are_text_and_never_markup(browser: Any, tmp_path: Path) -> None:
    text = SMALL.read_text("utf-8")
    for name, marked in (
        ("Port", SCRIPT),
        ("Aria", FORMULA),
        ("trade", IMAGE),
        ("A one", f"{SCRIPT} one"),
        ("A small case", SCRIPT),
        ("on a par", IMAGE),
    ):
        assert name in text
        text = text.replace(name, f'"{marked}"')
    file = tmp_path / "marked.yaml"
    file.write_text(text, encoding="utf-8")
    page = Served(file)
    try:
        window = opened(browser, page.address)
        scripts = window.locator("script").count()
        assert window.get_by_role("button", name=SCRIPT, exact=True).count() == 1
        assert window.locator("#title").inner_text() == SCRIPT
        window.locator("#place").select_option(label=SCRIPT)
        for view in views(window):
            settled(window)
            assert window.get_by_text(FORMULA).count() > 0, view
            for day in ("6", "9"):
                if window.locator("#day").is_visible():
                    window.locator("#day").fill(day)
                    settled(window)
                assert window.locator("script").count() == scripts, view
                assert window.locator("img[src=x]").count() == 0, view
                if window.locator("#said").is_visible():  # a narrative's name, in what is said
                    assert IMAGE in window.locator("#said").inner_text()
        assert window.errors == []  # no dialog among them
        window.context.close()
    finally:
        page.end()
