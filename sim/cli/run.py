"""Run a scenario once and tell it in full: every message, every cause of every change.

Writes a run folder and prints what happened in a few lines.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser
from sim.cli.printing import note, note_all, say_result
from sim.scenario.error_texts import count_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.running.sizes import StudySize
    from sim.scenario.scenario import Scenario
    from sim.studies.run import Run


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.one_arm(parser)
    options.replicate(parser)
    parser.flag("--uncertain", options.UNCERTAIN)
    options.hold(parser)
    about = "drop message:ID, narrative:NAME or event:NAME, on the same draws"
    parser.repeatable("--without WORD", about)
    options.engine(parser, "mesa")
    options.every(parser)
    about = "do not book changes to causes"
    parser.add_argument("--no-ledger", dest="ledger", action="store_false", help=about)
    options.dry_run(parser)
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Run, write the folder, print."""
    scenario = options.read_scenario(args)
    told_in = options.in_arm(scenario, args.arm)
    note_all(args, dict.fromkeys((*told_in.notes, *told_in.idle_notes())))
    options.settle_engine(args, [told_in])
    options.check_hold(args, "" if args.uncertain else "--uncertain")
    from sim.cli.compilation import tell_of_compilation
    from sim.store.folder import RESULTS, demand_room
    from sim.studies.run import check_run_size, drop_from_world
    from sim.world.building import build

    world = build(told_in)
    if args.without:  # what can be refused before anything is run
        drop_from_world(world, args.without, args.engine)
    size = check_run_size(world, args.engine, args.ledger, args.every, args.report)
    if args.dry_run:
        return _would_run(args, told_in, size)
    demand_room(args.out or RESULTS, size.disk)

    tell_of_compilation(args, args.engine)
    if args.without:
        # a word that names nothing is refused before there is a folder: only a run can say so
        _run(args, scenario)
    facts = {"without": args.without, "held": args.hold}
    recorder = options.recorder(args, told_in, [args.arm], facts=facts)
    with recorder.closing():
        with recorder.timed("run"):
            told = _run(args, scenario)
        told.write_into(recorder)
    if told.lost_on is not None:
        from sim.running.executing import lost

        note(f"the run {lost(told.lost_on, told.world)}; what follows is not to be used")
    _tell(args, told, recorder.folder)
    return told.counts["failed"]


def _run(args: argparse.Namespace, scenario: Scenario) -> Run:
    from sim.studies.run import run

    return run(
        scenario,
        args.arm,
        None,
        args.replicate,
        args.engine,
        args.ledger,
        args.every,
        args.uncertain,
        args.without,
        args.hold,
        options.request(args),
    )


def _would_run(args: argparse.Namespace, scenario: Scenario, size: StudySize) -> int:
    from sim.cli.compare import BEGIN
    from sim.cli.progress import clock

    audiences, days = len(scenario.audiences), scenario.steps
    seconds = BEGIN + size.after
    plan = {"runs": 1, "days": days, "audiences": audiences, "engine": args.engine}
    sizes = {
        "seconds": round(seconds, 1),
        "disk_megabytes": round(size.disk / 1e6, 1),
        "memory_megabytes": round(size.memory / 1e6, 1),
    }
    said = (
        f"would run 1 run of {count_of(days, 'day')} at {count_of(audiences, 'audience')} "
        f"({args.engine} engine) in about {clock(seconds)}, write about {size.disk / 1e6:.1f} MB "
        f"and take about {size.memory / 1e6:.0f} MB of memory; nothing was done"
    )
    say_result(args, lambda: {**plan, **sizes}, lambda: said)
    return 0


def _tell(args: argparse.Namespace, told: Run, folder: Path) -> None:
    from sim.studies.run import final_outcomes

    say_result(
        args,
        lambda: {
            "folder": str(folder),
            "scenario": told.scenario.name,
            "arm": told.arm,
            "seed": told.seed,
            "replicate": told.replicate,
            "without": told.without,
            "outcomes": final_outcomes(told.record, told.world),
        },
        lambda: f"{told.summary()}\n\nResults: {folder}",
    )
