"""Draw the figures and report.html of a run folder again."""

from __future__ import annotations

import argparse

from sim.cli import options
from sim.cli.parsing import Parser, path
from sim.cli.printing import say_result


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", metavar="DIR", type=path, help="a run folder")
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Redraw; 2 where the folder is no run folder."""
    from sim.store import manifest

    manifest.demand_manifest(args.folder)
    from sim.studies.answer import draw_report
    from sim.studies.study_folder import is_study

    if is_study(args.folder):
        from sim.studies.resuming import redraw_study

        written = redraw_study(args.folder)
    else:
        written = draw_report(args.folder)
    document = {"folder": str(args.folder), "report": str(written)}
    say_result(args, lambda: document, lambda: f"wrote {written}")
    return 0
