"""Run a scenario over values of its parameters, every arm at every point, on the same draws.

    narrate sweep kashmir_2025 --param parity=0:0.6:4 --param goodwill=0.01,0.05 -n 50

Any key that --set takes can be swept, and ``scenario``, to run several. The design is a grid; or
zip, the lists side by side; or drawn (lhs, sobol, morris) from ranges KEY=LOW:HIGH and lists; or
a CSV file of your own, its header the keys, each row a point.
"""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from sim.cli import design_options, options
from sim.cli.parsing import Parser, name_list, whole
from sim.cli.printing import note, say, say_json
from sim.scenario.wording import shown

if TYPE_CHECKING:
    from sim.running.sweeps.driving import Asked
    from sim.running.sweeps.outcomes import Swept

REPLICATES = 100
MOST_UNTIL = 10_000


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    design_options.arguments(parser)
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
        "--metrics", type=name_list, metavar="A,B",
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
    from sim.running.sweeps import outcomes
    from sim.running.sweeps.driving import Asked, Until
    from sim.studies.sweep import arms_of, check_until, planned

    plan = design_options.make_plan(args, scenario, arms_of(scenario, args.arms, args.baseline))
    swept = planned(
        scenario, plan, args.arms, args.baseline, args.uncertain, None,
        args.metrics or outcomes.DEFAULT, options.replay_command(args),
    )  # fmt: skip
    options.settle_engine(args, outcomes.scenarios(swept))
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
            f"(got {shown(text)})"
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
    from datetime import UTC, datetime

    from sim.cli.recording import Recording, claimed
    from sim.cli.sweeping import go
    from sim.running.sweeps import sweep_folder
    from sim.store import lock
    from sim.store.folder import clear_leftovers

    if args.out is None:
        folder = claimed(args, swept.scenario, datetime.now(UTC))
    else:
        folder = sweep_folder.claim(args.out)
    with lock.hold(folder):
        sweep_folder.refuse_a_sweep(folder)  # whose driver was quicker
        clear_leftovers(folder)
        known = sweep_folder.begin(folder, swept, args.engine, asked, _origin(args))
        recording = Recording(
            args,
            swept.scenario,
            [swept.base, *swept.arms],
            swept.base,
            folder,
            more=asked.words(),
        )
        return go(args, recording, known, known.keep(known.state()), asked)


def _origin(args: argparse.Namespace) -> list[str]:
    """Words of a command that reads the scenario as this one did, without ``narrate``."""
    words = shlex.split(options.replay_command(args))[1:]
    return words if args.seed is None else [*words, "--seed", str(args.seed)]
