"""Run a scenario once and tell it in full: every message, every cause of every change.

Writes a run folder and prints what happened in a few lines.
"""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import note, say, say_json

if TYPE_CHECKING:
    from sim.api import Run
    from sim.scenario.scenario import Scenario


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    options.arm(parser)
    options.seed(parser)
    parser.add_argument(
        "--replicate", type=whole(0, 2**64 - 1), default=0, metavar="N",
        help="number of the replicate (default 0)",
    )  # fmt: skip
    parser.add_argument(
        "--uncertain", action="store_true",
        help="also draw every parameter that is not fixed and every judgement",
    )  # fmt: skip
    options.hold(parser)
    parser.add_argument(
        "--without", action="append", default=[], metavar="WORD",
        help="drop message:ID, narrative:NAME or event:NAME, on the same draws (repeatable)",
    )  # fmt: skip
    options.engine(parser, "mesa")
    options.every(parser)
    parser.add_argument(
        "--no-ledger", dest="ledger", action="store_false", help="do not book changes to causes"
    )
    options.dry_run(parser)
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Run, write the folder, print."""
    scenario = options.read_scenario(args)
    told_in = options.in_arm(scenario, args.arm)
    if not args.quiet:
        for text in told_in.notes:
            note(text)
    options.settle_engine(args, [told_in])
    options.check_hold(args, "" if args.uncertain else "--uncertain")
    _check_words(args, told_in)
    if args.dry_run:
        return _would_run(args, told_in)
    import pandas as pd

    from sim.cli.compilation import tell_of_compilation
    from sim.cli.recording import Recording, closing
    from sim.running.executing import failure_row, lost
    from sim.store import manifest
    from sim.world.arrays import finite_days

    if args.engine == "ensemble" and not args.quiet:
        tell_of_compilation()
    # a word that names nothing is refused before there is a folder: the run itself must say so
    early = _told(args, scenario) if args.without else None
    more = {"without": args.without, "held": args.hold}
    recording = Recording(args, told_in, [args.arm], "", more=more)
    with closing(recording, "the scenario, but no results, are"):
        with recording.timed("run"):
            told = early or _told(args, scenario)
        with recording.timed("write"):
            for name in ("timeseries", "messages", "ledger"):
                if len(getattr(told, name)):
                    recording.table(name, getattr(told, name))
        finite = finite_days(told.record)
        failed, message = int(not finite.all()), lost(int(finite.argmin()))
        if failed:
            row = failure_row(told.arm or told.scenario.name, message, shlex.join(args.command))
            recording.table("failures", pd.DataFrame([row]))
        status = manifest.ended(failed)
        counts = {"asked": 1, "used": 1 - failed, "failed": failed}
        recording.finish(counts, status, replicate=args.replicate)
    if failed:
        note(f"the run {message}; what follows is not to be used")
    _tell(args, told, recording.folder)
    return failed


def _check_words(args: argparse.Namespace, scenario: Scenario) -> None:
    """Refuse what can be refused before anything is run."""
    if args.without:
        from sim.api.running import dropped
        from sim.world.building import build

        dropped(build(scenario), args.without, args.engine)


def _told(args: argparse.Namespace, scenario: Scenario) -> Run:
    from sim.api import run

    return run(
        scenario, args.arm, None, args.replicate, args.engine, args.ledger, args.every,
        args.uncertain, without=args.without, held=args.hold,
    )  # fmt: skip


def _would_run(args: argparse.Namespace, scenario: Scenario) -> int:
    audiences = len(scenario.audiences)
    # 60 bytes a ledger row and 40 rows per audience, claimant and day: what compression leaves
    megabytes = scenario.steps * audiences * 2 * 40 * 12 / 1e6
    plan = {"runs": 1, "days": scenario.steps, "audiences": audiences, "engine": args.engine,
            "disk_megabytes": round(megabytes, 1)}  # fmt: skip
    if args.json:
        say_json(plan)
    elif not args.quiet:
        say(
            f"would run 1 run of {scenario.steps} days at {audiences} audiences ({args.engine} "
            f"engine) in a few seconds and write about {megabytes:.1f} MB; nothing was done"
        )
    return 0


def _tell(args: argparse.Namespace, told: Run, folder: object) -> None:
    if args.json:
        from sim.api import outcomes

        say_json({"folder": str(folder), "scenario": told.scenario.name, "arm": told.arm,
                  "seed": told.seed, "replicate": told.replicate, "without": told.without,
                  "outcomes": outcomes(told.record, told.world)})  # fmt: skip
    elif not args.quiet:
        say(f"{told.summary()}\n\nResults: {folder}")
