"""Run a scenario over values of its parameters, every arm at every point, on the same draws.

    narrate sweep kashmir_2025 --param parity=0:0.6:4 --param goodwill=0.01,0.05 -n 50

Any key that --set takes can be swept, and ``scenario``, to run several. The design is a grid; or
zip, the lists side by side; or drawn (lhs, sobol, morris) from ranges KEY=LOW:HIGH and lists; or
a CSV file of your own, its header the keys, each row a point.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.cli import designing, options
from sim.cli.parsing import Parser
from sim.cli.printing import note, say, say_json

if TYPE_CHECKING:
    from sim.cli.recording import Recording
    from sim.scenario.scenario import Scenario
    from sim.studies.planning import Plan
    from sim.studies.sweep import Sweep

REPLICATES = 100
TABLES = ("design", "runs", "summary", "comparison", "failures")


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    designing.arguments(parser)
    options.seed(parser)
    options.arms(parser)
    parser.add_argument("--baseline", metavar="ARM", help="arm to compare with")
    options.replicates(parser, REPLICATES, "runs of every arm at every point")
    parser.add_argument(
        "--uncertain", action="store_true",
        help="also draw every parameter that is not fixed and every judgement",
    )  # fmt: skip
    options.engine(parser, "ensemble")
    options.jobs(parser)
    options.dry_run(parser)
    options.progress(parser)
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Sweep, write the folder, print the results in plain words."""
    scenario = options.read_scenario(args)
    options.check_arms(scenario, args.arms or [])
    if args.baseline:
        options.check_arms(scenario, [args.baseline], "--baseline")
    from sim.studies.sweep import arms_of, placed

    arms = arms_of(scenario, args.arms, args.baseline)
    planned = designing.planned(args, scenario, arms)
    count = len(planned.points)
    total = count * max(len(arms), 1) * args.replicates
    options.settle_engine(args, placed(scenario, planned, arms or [""]))
    if not args.quiet:
        for text in planned.notes:
            note(text)
    if args.dry_run:
        return _would_run(args, scenario, count, total)
    if not args.quiet:
        for text in scenario.notes:
            note(text)
    return _sweep(args, scenario, planned, total)


def _would_run(args: argparse.Namespace, scenario: Scenario, points: int, total: int) -> int:
    from sim.cli.compare import seconds_for
    from sim.cli.progress import clock

    seconds = seconds_for(args, scenario, total)
    megabytes = points * 0.2 + 1.0
    plan = {"points": points, "runs": total, "days": scenario.steps, "engine": args.engine,
            "seconds": round(seconds, 1), "disk_megabytes": round(megabytes, 1)}  # fmt: skip
    if args.json:
        say_json(plan)
    elif not args.quiet:
        say(
            f"would run {total} runs of {scenario.steps} days at {points} points ({args.engine} "
            f"engine) in about {clock(seconds)} and write about {megabytes:.0f} MB; nothing was "
            "done"
        )
    return 0


def _sweep(args: argparse.Namespace, scenario: Scenario, planned: Plan, total: int) -> int:
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.cli.recording import Recording, closing, stop_with, stoppable
    from sim.store import manifest
    from sim.studies.sweep import Sweeping

    arms = args.arms or list(scenario.arms)
    baseline = args.baseline or scenario.baseline
    recording = Recording(args, scenario, list(dict.fromkeys([baseline, *arms])), baseline)
    if args.engine == "ensemble" and not args.quiet:
        tell_of_compilation()
    progress = Progress(total, args.progress and not args.quiet)
    with closing(recording, "the scenario, but no results, are"):
        with recording.timed("sweep"):
            study = Sweeping(
                scenario, planned, args.arms, args.baseline, args.replicates, args.uncertain,
                None, options.replay_command(args),
            )  # fmt: skip
            with stoppable(lambda: study.done) as stopped:
                study.carry_out(args.engine, args.jobs, progress)
        progress.close()
        done = study.result()
        with recording.timed("write"):
            for name in TABLES:
                if name != "comparison" or done.arms:  # one arm alone has no comparison
                    recording.table(name, getattr(done, name))
        failed = len(done.failures)
        counts = {"asked": total, "used": len(done.runs) - failed, "failed": failed}
        status = manifest.INTERRUPTED if stopped else manifest.ended(failed)
        recording.finish(counts, status, points=len(done.design), design=args.design)
    stop_with(
        stopped, f"{study.done:,} of {len(done.design):,} points are in {recording.folder}"
    )
    _tell(args, recording, done, counts)
    return 1 if failed else 0


def _tell(
    args: argparse.Namespace, recording: Recording, done: Sweep, counts: dict[str, int]
) -> None:
    from sim.cli.compare import words

    if args.json:
        say_json({"folder": str(recording.folder), "scenario": recording.scenario.name,
                  "parameters": list(done.parameters), "counts": counts,
                  "design": done.design.to_dict("records")})  # fmt: skip
    elif not args.quiet:
        say(f"{words(recording.folder)}\n\nResults: {recording.folder}")
