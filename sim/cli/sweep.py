"""Run a scenario over values of its parameters, every arm at every point, on the same draws.

    narrate sweep kashmir_2025 --param parity=0:0.6:4 --param goodwill=0.01,0.05 -n 50

Any key that --set takes can be swept. The design is a grid, or zip: the lists side by side.
"""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, one_of
from sim.cli.printing import note, say, say_json
from sim.errors import InputError
from sim.scenario.wording import shown

if TYPE_CHECKING:
    from sim.cli.recording import Recording
    from sim.scenario.scenario import Scenario
    from sim.studies.sweep import Sweep

Values = list[object]
REPLICATES = 100
MOST_POINTS = 100_000
PLACE = "--param"
TABLES = ("design", "runs", "summary", "comparison", "failures")


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    parser.add_argument(
        "--param", action="append", required=True, metavar="KEY=LOW:HIGH:COUNT|A,B,C",
        help="a key and its values (repeatable)",
    )  # fmt: skip
    parser.add_argument(
        "--design", type=one_of("grid", "zip"), default="grid", metavar="grid|zip",
        help="every combination, or the lists side by side (default grid)",
    )  # fmt: skip
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
    parameters = swept(args.param, scenario)
    options.check_arms(scenario, args.arms or [])
    if args.baseline:
        options.check_arms(scenario, [args.baseline], "--baseline")
    from sim.studies.sweep import placed, points

    planned = points(parameters, args.design)
    count = len(planned)
    if count > MOST_POINTS:
        raise InputError(f"{PLACE}: at most {MOST_POINTS} points (got {count})")
    arms = {*(args.arms or scenario.arms), args.baseline or scenario.baseline}
    total = count * len(arms) * args.replicates
    options.settle_engine(args, placed(scenario, planned, sorted(arms)))
    if args.dry_run:
        return _would_run(args, scenario, count, total)
    if not args.quiet:
        for text in scenario.notes:
            note(text)
    return _sweep(args, scenario, parameters, total)


def swept(texts: list[str], scenario: Scenario) -> dict[str, Values]:
    """The keys and their values, each value tried on the scenario; a bare name is a parameter."""
    from sim.scenario.assigning import full_path

    parameters: dict[str, Values] = {}
    keys = set()
    for text in texts:
        key, equals, listed = text.partition("=")
        key = key.strip()
        if not equals or not key:
            scenario.set([text], place=PLACE)  # refuses it in its own words
        if full_path(key) in keys:
            raise InputError(f"{PLACE}: {shown(key)}: is given twice")
        keys.add(full_path(key))
        words = _words(key, listed)
        for word in dict.fromkeys(words):
            scenario.set({key: word}, place=PLACE)
        parameters[key] = _typed(words)
    return parameters


def _words(key: str, listed: str) -> list[str]:
    """The values as texts; ``low:high:count`` gives so many evenly spaced ones, both included."""
    if listed.count(":") != 2 or "," in listed:
        return [word.strip() for word in listed.split(",")]
    from sim.scenario.nodes import Mark, Scalar
    from sim.scenario.scalars import number, whole

    low_text, high_text, count_text = (part.strip() for part in listed.split(":"))
    low, high = (number(Scalar(text, Mark())) for text in (low_text, high_text))
    count = whole(Scalar(count_text, Mark()))
    if low is None or high is None or count is None or not 2 <= count <= MOST_POINTS:
        raise InputError(
            f"{PLACE}: {shown(key)}: must be low:high:count or values with commas between "
            f"(got {shown(listed)})"
        )
    step = (high - low) / (count - 1)
    # rounding takes away the dust of the division: 0.1, not 0.1 and a sixteenth digit
    inner = [float(f"{low + i * step:.12g}") for i in range(1, count - 1)]
    return [repr(value) for value in (low, *inner, high)]


def _typed(words: list[str]) -> Values:
    """Numbers where all are numbers, true and false where all are, else the words."""
    if all(word in ("true", "false") for word in words):
        return [word == "true" for word in words]
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return list(words)
    if not all(math.isfinite(value) for value in numbers):
        return list(words)
    if all(word.lstrip("-").isdecimal() for word in words):
        return [int(word) for word in words]
    return list(numbers)


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


def _sweep(
    args: argparse.Namespace, scenario: Scenario, parameters: dict[str, Values], total: int
) -> int:
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
                scenario, parameters, args.arms, args.baseline, args.replicates, args.design,
                args.uncertain, None, options.replay_command(args),
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
