"""Write a commented scenario to start from.

    narrate init mine.yaml
    narrate run mine.yaml

The file is complete: it can be run as it is. An existing file is never replaced.
"""

from __future__ import annotations

import argparse

from sim.cli import options
from sim.cli.parsing import Parser, path
from sim.cli.printing import say_result


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("file", metavar="FILE", type=path, help="file to write, such as mine.yaml")
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Write the template, which is made from the schema of scenario files."""
    from sim.scenario.template import template
    from sim.store.folder import write_new

    write_new(args.file, template())
    said = f"wrote {args.file}; check it with: narrate validate {args.file}"
    say_result(args, lambda: {"file": str(args.file)}, lambda: said)
    return 0
