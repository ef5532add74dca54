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
from sim.cli.parsing import Parser, listed, whole
from sim.cli.printing import note, say, say_json
from sim.scenario.error_texts import show_text

if TYPE_CHECKING:
    from sim.running.sweeps.driving import Asked
    from sim.running.sweeps.keeping import InFolder
    from sim.running.sweeps.sweep_folder import SweepFolder
    from sim.running.sweeps.swept import Swept
    from sim.studies.sweep import Sweep

REPLICATES = 100
MOST_UNTIL = 10_000


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    designing.arguments(parser)
    options.seed(parser)
    options.arms(parser)
    parser.add_argument("--baseline", metavar="ARM", help="arm to compare with")
    parser.add_argument(
        "-n", "--replicates", type=whole(1, options.MOST_RUNS), metavar="N",
        help=f"runs of every arm at every point (default {REPLICATES}); with --until at most so "
        f"many (default {MOST_UNTIL})",
    )  # fmt: skip
    parser.add_argument(
        "--until", type=_until, metavar="COLUMN=HALF",
        help="as many runs as the 95 %% interval of the mean of a column of runs.parquet needs to "
        "be within +-HALF, such as effect.window.lead=0.001",
    )  # fmt: skip
    parser.add_argument(
        "--metrics", type=listed, metavar="A,B",
        help="metrics that runs.parquet keeps (default: most; fewer make it smaller)",
    )  # fmt: skip
    parser.add_argument(
        "--uncertain", action="store_true",
        help="also draw every parameter that is not fixed and every judgement",
    )  # fmt: skip
    options.running(parser)


def main(args: argparse.Namespace) -> int:
    """Sweep, write the folder, print the results in plain words."""
    scenario = options.read_scenario(args)
    options.check_arms(scenario, args.arms or [])
    if args.baseline:
        options.check_arms(scenario, [args.baseline], "--baseline")
    from sim.running.sweeps.driving import Asked, Until
    from sim.running.sweeps.swept import DEFAULT, scenarios
    from sim.studies.sweep import check_until, choose_sweep_arms, plan_sweep

    plan = designing.planned(args, scenario, choose_sweep_arms(scenario, args.arms, args.baseline))
    swept = plan_sweep(
        scenario,
        plan,
        args.arms,
        args.baseline,
        args.uncertain,
        args.metrics or DEFAULT,
        options.replay_command(args),
    )
    options.settle_engine(args, scenarios(swept))
    most = MOST_UNTIL if args.until else REPLICATES
    asked = Asked(args.replicates or most, Until(*args.until) if args.until else None)
    check_until(swept, asked)
    if not args.quiet:
        for text in (*scenario.notes, *plan.notes):
            note(text)
    if args.dry_run:
        return _would_run(args, swept, asked)
    return _sweep(args, swept, asked)


def _until(text: str) -> tuple[str, float]:
    """``COLUMN=HALF``."""
    from sim.scenario.nodes import Mark, Scalar
    from sim.scenario.scalars import number

    column, equals, half = text.rpartition("=")
    width = number(Scalar(half.strip(), Mark())) if equals and column.strip() else None
    if width is None or not width > 0.0:
        raise argparse.ArgumentTypeError(
            f"must be a column and a half-width above 0, such as effect.window.lead=0.001 "
            f"(got {show_text(text)})"
        )
    return column.strip(), width


def _would_run(args: argparse.Namespace, swept: Swept, asked: Asked) -> int:
    """Say how many runs, how long and how much disk; do nothing."""
    from sim.cli.compare import seconds_for
    from sim.cli.progress import clock
    from sim.running.sweeps.outcomes import bytes_of

    points, most = len(swept.design), "at most " if asked.until else ""
    total = points * (1 + len(swept.arms)) * asked.replicates
    seconds = seconds_for(args, swept.scenario, total)
    megabytes = 1.0 + bytes_of(swept, points * asked.replicates) / 1e6
    plan = {"points": points, "runs": total, "days": swept.scenario.steps, "engine": args.engine,
            "seconds": round(seconds, 1), "disk_megabytes": round(megabytes, 1)}  # fmt: skip
    if args.json:
        say_json(plan)
    elif not args.quiet:
        say(
            f"would run {most}{total} runs of {swept.scenario.steps} days at {points} points "
            f"({args.engine} engine) in about {clock(seconds)} and write about "
            f"{megabytes:.0f} MB; nothing was done"
        )
    return 0


def _sweep(args: argparse.Namespace, swept: Swept, asked: Asked) -> int:
    from sim.running.sweeps import sweep_folder
    from sim.store.recorder import claim_folder

    folder = claim_folder(swept.scenario) if args.out is None else sweep_folder.claim(args.out)
    held = sweep_folder.hold_new(folder, swept, args.engine, asked, options.origin(args))
    with held as (known, keep):
        return run_in_folder(args, known, keep, asked)


def run_in_folder(
    args: argparse.Namespace, known: SweepFolder, keep: InFolder, asked: Asked
) -> int:
    """Run what is missing of a sweep whose folder is held, and say what came out."""
    from dataclasses import replace

    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.studies.sweep import choose_workers
    from sim.studies.sweep import run_in_folder as run

    missing = keep.missing(asked.pilot(len(known.swept.design)))
    if known.engine == "ensemble" and missing and not args.quiet and args.cluster is None:
        tell_of_compilation()
    progress = Progress(0, args.progress and not args.quiet)
    answer = run(
        known,
        keep,
        asked,
        choose_workers(known.engine, args.jobs, args.cluster),
        replace(options.request(args), verb="sweep", engine=known.engine),
        options.drawing(args),
        progress,
        progress.expect,
        progress.close,
    )
    if not args.quiet:
        _note_what_is_missing(answer)
    _tell(args, answer)
    return 1 if answer.counts["failed"] else 0


def _note_what_is_missing(answer: Sweep) -> None:
    """Say which means are less precise than asked, and which tables are not written."""
    from sim.store.tables import path_of

    asked = answer.asked.until
    if asked is not None and answer.until is not None:
        reached = answer.until["reached"] == "yes"
        note(
            f"{reached.sum():,} of {len(reached):,} means of {asked.column} are within "
            f"+-{asked.half:g}; until.csv has every one"
        )
    if answer.tables["summary"].empty and answer.folder is not None:
        note(
            f"{len(answer.design):,} points are too many for a summary and a comparison of each; "
            f"{path_of(answer.folder, 'runs')} has every run"
        )


def _tell(args: argparse.Namespace, answer: Sweep) -> None:
    """Say in plain words what came out and where it is."""
    if args.json:
        say_json(
            {
                "folder": str(answer.folder),
                "scenario": answer.scenario.name,
                "parameters": list(answer.parameters),
                "counts": answer.counts,
                "design": answer.design.to_dict("records"),
            }
        )
    elif not args.quiet:
        say(f"{answer.summary()}\n\nResults: {answer.folder}")
