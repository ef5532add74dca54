"""Time this engine beside C, NumPy and Mesa programs of the same model, and compare numbers.

Programs take turns in processes of their own, and the least time counts. The whole benchmark
takes about twenty minutes; --quick takes two and measures fewer sizes. Exit code 1 when the
programs do not give the same numbers.
"""

from __future__ import annotations

import argparse
import sys

from sim.cli import options
from sim.cli.parsing import Parser, path, whole
from sim.cli.printing import say, say_json

NAME = "benchmark"


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--quick", action="store_true", help="fewer sizes, fewer turns")
    parser.add_argument(
        "--turns", type=whole(1, 1_000), metavar="N",
        help="turns of each program (default: by size)",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--out", type=path, metavar="DIR",
        help="folder for tables and picture, new or empty (default results/benchmark/ID)",
    )  # fmt: skip
    options.progress(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Measure, write the folder, print the main table; 1 where the numbers differ."""
    from datetime import UTC, datetime

    from sim.benchmark import report, study
    from sim.benchmark.targets import targets
    from sim.benchmark.work import scenario
    from sim.store import folder as folders

    def show_progress(what: str) -> None:
        print(f"\r{what}\x1b[K", end="", file=sys.stderr, flush=True)

    shown = args.progress and not args.quiet and sys.stderr.isatty()
    folder = folders.create(NAME, scenario().sha256(), datetime.now(UTC), args.out)
    done = study.benchmark(args.quick, args.turns, show_progress if shown else None)
    if shown:
        print(file=sys.stderr)
    report.write(done, folder)
    if args.json:
        say_json({
            "folder": str(folder), "machine": done.machine, "notes": done.notes,
            "agreed": done.agreed, "times": done.times.to_dict("records"),
            "targets": targets(done.times).to_dict("records"),
        })  # fmt: skip
    elif not args.quiet:
        say(f"{report.text_of(done)}\n\nResults: {folder}")
    return 0 if done.agreed else 1
