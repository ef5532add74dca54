"""The small case as the page knows it, and a page that is really served."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sim.page.answers import Answers
from sim.page.catalogue import Catalogue, build_catalogue
from sim.page.dispatch import Dispatcher
from sim.page.protocol import parse_ask
from sim.scenario.scenario import Scenario
from tests.page import browser as browsing

SMALL = Path(__file__).parents[1] / "interface" / "small.yaml"
# What might make a server listen elsewhere, were it read
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must not be listened on
MISLEADING = {
    "HOST": EVERYWHERE, "UVICORN_HOST": EVERYWHERE, "UVICORN_PORT": "1", "FORWARDED_ALLOW_IPS": "*",
    "WEB_CONCURRENCY": "3",
}  # fmt: skip
# What asks of these kinds say besides the runs
NEEDED: dict[str, dict[str, Any]] = {
    "story": {"arm": 0},
    "why": {"arm": 0, "audience": "Port", "toward": "", "first": 0, "last": 23},
    "knockout": {"arm": 0, "without": "event:raid"},
}


@pytest.fixture(scope="session")
def known() -> Catalogue:
    """The small case and the shipped scenarios."""
    return build_catalogue(Scenario.from_yaml(SMALL), ["small.yaml"])


@pytest.fixture(scope="module")
def answers(known: Catalogue) -> Dispatcher:
    """What answers the asks of a file's tests, in this process, and keeps the latest."""
    return Dispatcher(Answers(known))


def asked(**changes: Any) -> dict[str, Any]:
    """An ask of the small case, as the browser sends it."""
    kind = changes.get("kind", "timelines")
    band = {"uncertainty": "chance"} if kind in ("timelines", "files") else {}
    return {
        "n": 1, "kind": kind, "scenario": "small", "arms": ["offer", "no_offer"], "seed": 7, "replicate": 3,
        "parameters": {}, "switches": {}, **band, **changes,
    }  # fmt: skip


def ask_of(known: Catalogue, kind: str = "timelines", **changes: Any) -> Any:
    """The same as it is read, with what its kind needs besides."""
    return parse_ask(asked(kind=kind, **{**NEEDED.get(kind, {}), **changes}), known.limits)


class Served:
    """A page in a process of its own."""

    def __init__(self, scenario: Path = SMALL, *words: str) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sim",
                "serve",
                str(scenario),
                "--port",
                "0",
                "--no-open",
                *words,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **MISLEADING},
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        parts = urlsplit(self.address)
        assert parts.hostname == "127.0.0.1", self.process.communicate()[1]
        assert parts.port is not None
        self.port = parts.port
        self.origin = f"http://127.0.0.1:{self.port}"
        self.socket = f"ws://127.0.0.1:{self.port}/ask"

    def end(self) -> str:
        """End it; what it printed on stderr."""
        self.process.terminate()
        return self.process.communicate(timeout=300)[1]  # what is computed is computed to its end


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """A page for all tests; that nothing they do leaves a traceback is checked in the end."""
    page = Served()
    yield page
    alive = page.process.poll() is None
    said = page.end()
    assert alive, said
    assert "Traceback" not in said


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium for the tests of a file, not for all: while it runs, no other event loop can."""
    browsing.needed()
    with browsing.started() as found:
        yield found


def as_text(content: Any) -> str:
    """JSON as the browser writes it."""
    return json.dumps(content)
