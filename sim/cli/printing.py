"""Everything the command line prints goes through here: nothing printed can move a cursor."""

from __future__ import annotations

import sys
from typing import Any

from sim.scenario.wording import printable


def escape(text: str) -> str:
    """The text with control characters shown as escapes, line by line."""
    return "\n".join(printable(line) for line in text.split("\n"))


def say(text: str = "") -> None:
    """Print text for people."""
    print(escape(text))


def complain(text: str) -> None:
    """Print each line on stderr, with ``error:`` before it."""
    sys.stdout.flush()
    for line in text.split("\n"):
        print(f"error: {printable(line)}", file=sys.stderr)


def note(text: str) -> None:
    """Print a remark on stderr."""
    print(f"note: {escape(text)}", file=sys.stderr)


def warn(text: str) -> None:
    """Print on stderr what the user may not have bargained for."""
    print(f"warning: {escape(text)}", file=sys.stderr)


def say_json(document: Any) -> None:
    """Print one JSON document; control characters are escaped by JSON itself."""
    from sim.store.folder import json_text

    print(json_text(document))


def prepare_streams() -> None:
    """Whatever the locale can encode: what it cannot is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
