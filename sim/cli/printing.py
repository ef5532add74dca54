"""Everything the command line prints goes through here: nothing printed can move a cursor.

Results go to stdout, as text or, with ``--json``, as one JSON document; remarks, warnings and
errors go to stderr. What the results say in words is written in ``sim.report`` and in the verbs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any

from sim.scenario.error_texts import printable


def escape(text: str) -> str:
    """Return the text with control characters shown as escapes, line by line."""
    return "\n".join(printable(line) for line in text.split("\n"))


def say(text: str = "") -> None:
    """Print text for people."""
    print(escape(text))


def say_json(document: Any) -> None:
    """Print one JSON document; control characters are escaped by JSON itself."""
    from sim.store.folder import json_text

    print(json_text(document))


def say_result(
    args: argparse.Namespace, document: Callable[[], Any], text: Callable[[], str]
) -> None:
    """Print what a verb found, in the form that its options ask for.

    Parameters
    ----------
    args
        The parsed command line, with ``json`` and ``quiet``.
    document
        Makes what ``--json`` prints: anything that JSON can hold.
    text
        Makes what is printed otherwise; ``--quiet`` suppresses it, but not the document.
    """
    if args.json:
        say_json(document())
    elif not args.quiet:
        say(text())


def complain(text: str) -> None:
    """Print each line on stderr, with ``error:`` before it."""
    sys.stdout.flush()
    for line in text.split("\n"):
        print(f"error: {printable(line)}", file=sys.stderr)


def note(text: str) -> None:
    """Print a remark on stderr."""
    print(f"note: {escape(text)}", file=sys.stderr)


def note_all(args: argparse.Namespace, texts: Iterable[object]) -> None:
    """Print remarks on stderr, such as the notes of a scenario; ``--quiet`` suppresses them."""
    for text in () if args.quiet else texts:
        note(str(text))


def warn(text: str) -> None:
    """Print on stderr what the user may not have bargained for."""
    print(f"warning: {escape(text)}", file=sys.stderr)
