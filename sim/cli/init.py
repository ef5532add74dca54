"""Write a commented scenario to start from.

    narrate init mine.yaml
    narrate run mine.yaml
    narrate init mine.yaml --claimants Red,Blue --audiences Paris,Lima --issues background,embargo

The file is complete: it can be run as it is. With names of your own it has the whole frame for
them, every judgement 0 for you to fill in; the first issue is the background. An existing file is
never replaced.
"""

from __future__ import annotations

import argparse

from sim.cli import options
from sim.cli.parsing import Parser, name_list, path
from sim.cli.printing import say_result


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("file", metavar="FILE", type=path, help="file to write, such as mine.yaml")
    parser.option("--claimants A,B", "names of your two sides", name_list, [])
    about = "names of your audiences, two and more; the first may mediate"
    parser.option("--audiences A,B,C", about, name_list, [])
    about = "names of your issues, two and more; the first is the background"
    parser.option("--issues Q,R", about, name_list, [])
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Write the template, which is made from the schema of scenario files."""
    from sim.scenario.template import template
    from sim.store.folder import write_new

    write_new(args.file, template(args.audiences, args.issues, args.claimants))
    said = f"wrote {args.file}; check it with: narrate validate {args.file}"
    say_result(args, lambda: {"file": str(args.file)}, lambda: said)
    return 0
