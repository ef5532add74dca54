"""Open the page for a class: two arms side by side on the same draws, with levers.

    narrate serve
    narrate serve mine.yaml --port 0 --no-open

It answers on this machine alone, needs no network, and ends with Ctrl-C. The page starts with
SCENARIO and offers the shipped lessons and those of --lessons. Needs the extra [page]:

    pip install "narrative-diplomacy[page]"
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from sim.cli import options
from sim.cli.parsing import Parser, path, whole
from sim.cli.printing import note, note_all, say
from sim.errors import InputError, Terminated

PORT = 8420
NEEDED = ("starlette", "uvicorn", "websockets")
ENDED = "the page is closed; windows that are still open keep what they show"


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    options.seed(parser)
    about = f"port on this machine; 0 takes a free one (default {PORT})"
    parser.option("--port N", about, whole(0, 65_535), PORT)
    about = "a folder with lessons of your own, which may extend SCENARIO; see docs/lessons.md"
    parser.option("--lessons DIR", about, path)
    parser.switch("--open", "open the page in the browser; without, only print its address")
    parser.flag("--quiet", "print only the address and errors")


def main(args: argparse.Namespace) -> int:
    """Prepare the page, say where it is, and answer its questions until interrupted."""
    _check_extra()
    scenario = options.read_scenario(args)
    note_all(args, scenario.notes)
    from sim.cli.compilation import tell_of_compilation
    from sim.lessons.reading import read_lessons
    from sim.page.answers import Answers
    from sim.page.catalogue import build_catalogue, demand_compiled
    from sim.page.dispatch import Dispatcher, open_apart
    from sim.page.server import open_listener, serve

    taught = read_lessons(args.lessons, options.files_by_name({args.scenario: scenario}))
    demand_compiled([scenario, *(lesson.scenario for lesson in taught.values())])
    # of a path the page may show only the name
    words = options.scenario_words(args, lambda path: Path(str(path)).name)
    known = build_catalogue(scenario, words, taught)
    # before the engine is warmed: a taken port is said at once
    listener = open_listener(args.port)
    try:
        dispatcher = Dispatcher(Answers(known), open_apart(known))
        tell_of_compilation(args)
        dispatcher.warm()
        logging.basicConfig(level=logging.WARNING, format="note: %(message)s", stream=sys.stderr)

        def announce(address: str) -> None:
            say(address)
            sys.stdout.flush()
            if not args.quiet:
                note("Ctrl-C ends the page")
            if args.open:
                _open(address)

        serve(dispatcher, listener, announce)
    except (KeyboardInterrupt, Terminated) as stopped:
        raise type(stopped)(ENDED) from None
    finally:
        listener.close()
    return 0


def _check_extra() -> None:
    """Refuse to begin where a library of the extra [page] is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            f"narrate serve: {', '.join(missing)} not installed; the page needs the extra [page]: "
            'pip install "narrative-diplomacy[page]"'
        )


def _open(address: str) -> None:
    """Open the browser without waiting for it: a text browser would hold the page up."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
