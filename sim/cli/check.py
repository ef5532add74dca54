"""Check the program: statements with known answers, and patterns of April to August 2025.

Exit code 1 when a statement fails. A pattern that fails is a finding, not an error.
"""

from __future__ import annotations

import argparse

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import say, say_json


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--samples", type=whole(1, 1_000_000), metavar="N",
        help="draws of the parameters for the patterns",
    )  # fmt: skip
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Run the checks; 1 where a statement fails."""
    from sim.studies.check import check

    done = check() if args.samples is None else check(samples=args.samples)
    if args.json:
        say_json(done.to_dict())
    elif not args.quiet:
        say(done.text())
    return 0 if done.ok else 1
