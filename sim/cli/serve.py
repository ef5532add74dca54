"""Open the page for a class: two arms side by side on the same draws, with levers.

It answers on this machine alone, needs no network, and ends with Ctrl-C. Needs the extra [page]:

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
from sim.cli.printing import note, say
from sim.errors import InputError

PORT = 8420
NEEDED = ("starlette", "uvicorn", "websockets")
ENDED = "the page is closed; windows that are still open keep what they show"


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    options.seed(parser)
    parser.add_argument(
        "--port", type=whole(0, 65_535), default=PORT, metavar="N",
        help=f"port on this machine; 0 takes a free one (default {PORT})",
    )  # fmt: skip
    parser.add_argument(
        "--lessons",
        type=path,
        metavar="DIR",
        help="a folder with lessons of your own, one YAML file each; see docs/lessons.md",
    )
    parser.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="open the page in the browser; without, only print its address",
    )
    parser.add_argument("--quiet", action="store_true", help="print only the address and errors")


def main(args: argparse.Namespace) -> int:
    """Prepare, listen, say where, answer until interrupted."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            f"narrate serve: {', '.join(missing)} not installed; the page needs the extra [page]: "
            'pip install "narrative-diplomacy[page]"'
        )
    scenario = options.read_scenario(args)
    for text in [] if args.quiet else scenario.notes:
        note(text)
    from sim.cli.compilation import tell_of_compilation
    from sim.lessons.reading import lessons
    from sim.page.answering import Answers
    from sim.page.catalogue import catalogue
    from sim.page.server import listening, serve
    from sim.running.executing import engine_for

    taught = lessons(args.lessons)
    arms = [
        one.arm(name) if name else one
        for one in (scenario, *(lesson.scenario for lesson in taught.values()))
        for name in one.arms or ("",)
    ]
    if (why := engine_for("ensemble", arms)[1]) != "":
        raise InputError(f"--plugin: {why.split(';')[0]}; the page runs compiled plug-ins only")
    known = catalogue(scenario, _words(args), taught)
    listener = listening(args.port)  # before the engine is warmed: a taken port is said at once
    try:
        answers = Answers(known)
        if not args.quiet:
            tell_of_compilation()
        answers.warm()
        logging.basicConfig(level=logging.WARNING, format="note: %(message)s", stream=sys.stderr)

        def announce(address: str) -> None:
            say(address)
            sys.stdout.flush()
            if not args.quiet:
                note("Ctrl-C ends the page")
            if args.open:
                _open(address)

        serve(answers, listener, announce)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(ENDED) from None
    finally:
        listener.close()
    return 0


def _open(address: str) -> None:
    """Open the browser without waiting for it: a text browser would hold the page up."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _words(args: argparse.Namespace) -> list[str]:
    """How the command line names the scenario; of a path, what the page may show: its name."""
    words = [Path(str(args.scenario)).name]
    for plugin in args.plugins:
        words += ["--plugin", Path(plugin).name]
    for assignment in args.assignments:
        words += ["--set", assignment]
    return words + (["--steps", str(args.steps)] if args.steps is not None else [])
