"""Draw the figures and report.html of a run folder again, or write its table for a paper.

    narrate report results/mine
    narrate report results/mine --table effects.tex

The table needs a comparison. In LaTeX it needs the package booktabs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli import options
from sim.cli.parsing import Parser, path
from sim.cli.printing import say_result
from sim.errors import InputError


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("folder", metavar="DIR", type=path, help="a run folder")
    about = (
        "write the effects of a comparison instead, as people print them: .csv, .md or .tex; "
        "an existing file is never overwritten"
    )
    parser.option("--table FILE", about, path)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Redraw; 2 where the folder is no run folder."""
    from sim.store import manifest

    manifest.demand_manifest(args.folder)
    if args.table is not None:
        return _write_table(args)
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


def _write_table(args: argparse.Namespace) -> int:
    """Write the table of effects; 2 where there are none, or the ending is no known one."""
    from sim.report.paper_table import WRITERS
    from sim.store.folder import write_new
    from sim.store.results import MissingInputError, read_results

    file: Path = args.table
    write = WRITERS.get(file.suffix.lower())
    if write is None:
        raise InputError(f"--table: {file.name} must end in {' or '.join(WRITERS)}")
    try:
        text = write(read_results(args.folder))
    except MissingInputError as reason:
        raise InputError(f"{args.folder}: has no effects to tabulate: {reason}") from reason
    write_new(file, text)
    document = {"folder": str(args.folder), "table": str(file)}
    say_result(args, lambda: document, lambda: f"wrote {file}")
    return 0
