"""Check the program: statements with known answers, patterns of 2025, what lessons state.

Exit code 1 when a statement with a known answer fails. A pattern that fails, or a statement of a
lesson, is a finding, not an error.
"""

from __future__ import annotations

import argparse
import sys

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import say, say_json


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--samples", type=whole(1, 1_000_000), metavar="N",
        help="draws of the parameters for the patterns, and for the lessons",
    )  # fmt: skip
    options.progress(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Run the checks; 1 where a statement fails."""
    from sim.cli.compilation import tell_of_compilation
    from sim.lessons.bearing import taught
    from sim.lessons.reading import lessons
    from sim.verification.check import check

    def show_progress(what: str) -> None:
        print(f"\r{what}\x1b[K", end="", file=sys.stderr, flush=True)

    if not args.quiet:
        tell_of_compilation()
    shown = args.progress and sys.stderr.isatty()
    options_given = {} if args.samples is None else {"samples": args.samples}
    progress = show_progress if shown else None
    done = check(**options_given, progress=progress)
    draws = {} if args.samples is None else {"draws": args.samples}
    of_lessons = taught(lessons(), **draws, progress=progress)
    if shown:
        print(file=sys.stderr)
    if args.json:
        say_json({**done.to_dict(), "lessons": [one.to_dict() for one in of_lessons]})
    elif not args.quiet:
        say("\n".join(filter(None, [done.text(), *map(str, of_lessons)])))
    return 1 if done.failed else 0
