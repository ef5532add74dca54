"""Time this engine beside C, NumPy and Mesa programs of the same model, and compare numbers.

    narrate benchmark --quick

Each program runs in a process of its own. The programs take turns, and the least time of each
counts. The whole benchmark takes about twenty minutes; --quick takes two and measures fewer sizes.
The tables, the picture and a description of the machine are written to a folder. Exit code 1 when
the programs do not give the same numbers.
"""

from __future__ import annotations

import argparse

from sim.cli import options
from sim.cli.parsing import Parser, path, whole
from sim.cli.printing import say_result

NAME = "benchmark"


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.flag("--quick", "measure fewer sizes in fewer turns")
    about = "how often each program is timed (default: fewer times where it runs longer)"
    parser.option("--turns N", about, whole(1, 1_000))
    about = "folder for tables and picture, new or empty (default results/benchmark/ID)"
    parser.option("-o --out DIR", about, path)
    options.progress(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Measure, write the folder, print the main table; return 1 where the numbers differ."""
    from datetime import UTC, datetime

    from sim.benchmark import report, study
    from sim.benchmark.targets import targets
    from sim.benchmark.task import scenario
    from sim.cli.progress import stages
    from sim.store import folder as folders

    folder = folders.create(NAME, scenario().sha256(), datetime.now(UTC), args.out)
    with stages(args.progress and not args.quiet) as progress:
        done = study.benchmark(args.quick, args.turns, progress)
    report.write(done, folder)
    facts = {"machine": done.machine, "notes": done.notes, "agreed": done.all_agree}
    tables = {"times": done.times, "targets": targets(done.times)}
    rows = {name: table.to_dict("records") for name, table in tables.items()}
    say_result(
        args,
        lambda: {"folder": str(folder), **facts, **rows},
        lambda: f"{report.text_of(done)}\n\nResults: {folder}",
    )
    return 0 if done.all_agree else 1
