"""Check the program: statements with known answers, and patterns of April to August 2025.

Exit code 1 when a statement fails. A pattern that fails is a finding, not an error.
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
        help="draws of the parameters for the patterns",
    )  # fmt: skip
    options.progress(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Run the checks; 1 where a statement fails."""
    from sim.cli.compilation import tell_of_compilation
    from sim.studies.check import check

    def told(what: str) -> None:
        print(f"\r{what}\x1b[K", end="", file=sys.stderr, flush=True)

    if not args.quiet:
        tell_of_compilation()
    shown = args.progress and sys.stderr.isatty()
    options_given = {} if args.samples is None else {"samples": args.samples}
    done = check(**options_given, progress=told if shown else None)
    if shown:
        print(file=sys.stderr)
    if args.json:
        say_json(done.to_dict())
    elif not args.quiet:
        say(done.text())
    return 1 if done.failed else 0
