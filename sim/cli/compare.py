"""Compare arms on the same draws: what mediation changes, and how sure that is.

Two kinds of uncertainty are reported apart: chance (the draws) and parameters (what we do not
know). Writes a run folder with tables, figures and report.html.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import note_all, say_result

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario
    from sim.studies.compare import Comparison

PAIRS = 200
CHANNELS = 4
# Measured roughly, of kashmir_2025 (130 days, 12 audiences) on two processors that others share
RUNS_A_SECOND = 6000.0  # measured and described as well; the engine alone does more
BEGIN_AND_WRITE, REPORT = 5.0, 6.0  # seconds, however many runs there are


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    options.compared(parser)
    about = f"pairs of runs (default {PAIRS})"
    parser.option("-n --replicates N", about, whole(1), PAIRS)
    about = "pairs with drawn parameters (default: as many; 0: none)"
    parser.option("--uncertain-pairs N", about, whole(0))
    options.hold(parser)
    parser.switch("--channels", "also take the channels of mediation apart")
    options.engine(parser, "ensemble")
    options.jobs(parser)
    options.every(parser)
    options.dry_run(parser)
    options.progress(parser)
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Compare, write the folder, print the table in plain words."""
    scenario = options.read_scenario(args)
    options.check_compared(args, scenario)
    chosen = args.arms or list(scenario.arms)
    options.check_hold(args, "" if uncertain_pairs(args) else "--uncertain-pairs above 0")
    note_all(args, scenario.notes)
    total = runs_to_do(args, scenario, chosen)
    named = dict.fromkeys([args.baseline or scenario.baseline, *chosen])
    options.settle_engine(args, (scenario.arm(name) for name in named if name))
    if args.dry_run:
        return would_run(args, scenario, total)
    return _compare(args, scenario, chosen, total)


def _compare(args: argparse.Namespace, scenario: Scenario, chosen: list[str], total: int) -> int:
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.running.blocks import CHANCE, PARAMETERS
    from sim.running.stopping import raise_stop, stop_softly
    from sim.studies.compare import PairedRuns, choose_arms, run_comparisons

    baseline, others = choose_arms(scenario, chosen, args.baseline)
    pairs = {CHANCE: args.replicates, PARAMETERS: uncertain_pairs(args)}
    command, held = options.replay_command(args), args.hold
    arms = [baseline, *others]
    recorder = options.recorder(args, scenario, arms, baseline, {"held": held})
    tell_of_compilation(args, args.engine)
    progress = Progress(total, args.progress and not args.quiet)
    with recorder.closing():
        with recorder.timed("compare"), recorder.growing_table("runs") as keep:
            study = PairedRuns(
                scenario, baseline, others, pairs, args.channels, args.every, command, keep, held
            )
            with stop_softly(lambda: study.done) as stopped:
                run_comparisons([study], args.engine, args.jobs, progress)
        progress.close()
        answer = study.answer(recorder.request)
        answer.write_into(recorder)
    raise_stop(stopped, f"{study.done:,} of {study.asked:,} pairs are in {recorder.folder}")
    _tell(args, answer, recorder.folder)
    return 1 if study.failed else 0


def uncertain_pairs(args: argparse.Namespace) -> int:
    """Pairs with drawn parameters: as many as the others unless asked for."""
    given = args.uncertain_pairs
    return int(args.replicates if given is None else given)


def runs_to_do(args: argparse.Namespace, scenario: Scenario, chosen: list[str]) -> int:
    """How many runs the comparison takes, channels of mediating arms included."""
    baseline = args.baseline or scenario.baseline
    runs: int = 1
    for name in chosen:
        if name != baseline:
            mediates = args.channels and scenario.arm(name).mediator.policy != "none"
            runs += 1 + CHANNELS * mediates
    return runs * int(args.replicates + uncertain_pairs(args))


def size_of(scenario: Scenario) -> float:
    """Days and audiences against those the rate was measured at."""
    return scenario.steps * len(scenario.audiences) / (130.0 * 12.0)


def seconds_for(args: argparse.Namespace, scenario: Scenario, total: int) -> float:
    """A rough estimate of the time it takes, once the engine is compiled."""
    rate = RUNS_A_SECOND
    if args.engine == "mesa":
        from sim.running.executing import SLOWER

        rate /= SLOWER
    fixed = BEGIN_AND_WRITE + (REPORT if args.report else 0.0)
    return fixed + total * size_of(scenario) / rate


def would_run(args: argparse.Namespace, scenario: Scenario, total: int) -> int:
    """Say how many runs, how long and how much disk; do nothing."""
    seconds = seconds_for(args, scenario, total)
    megabytes = 5.0 + 20.0 * size_of(scenario) / args.every
    return say_plan(args, scenario, {"runs": total}, f"{total} runs", seconds, megabytes)


def say_plan(
    args: argparse.Namespace,
    scenario: Scenario,
    plan: Mapping[str, int],
    runs: str,
    seconds: float,
    megabytes: float | None = None,
    points: str = "",
) -> int:
    """Print what a verb would do, for ``--dry-run``.

    Parameters
    ----------
    plan
        The counts of runs and points, as ``--json`` prints them.
    runs, points
        The same in words; ``points`` may be "".
    seconds, megabytes
        Estimates of time and disk.

    Returns
    -------
    int
        The exit code, 0.
    """
    from sim.cli.progress import clock

    document = {**plan, "days": scenario.steps, "engine": args.engine}
    document["seconds"] = round(seconds, 1)
    disk = ""
    if megabytes is not None:
        document["disk_megabytes"] = round(megabytes, 1)
        disk = f" and write about {megabytes:.0f} MB"
    said = (
        f"would run {runs} of {scenario.steps} days{points} ({args.engine} engine) in about "
        f"{clock(seconds)}{disk}; nothing was done"
    )
    say_result(args, lambda: document, lambda: said)
    return 0


def _tell(args: argparse.Namespace, answer: Comparison, folder: Path) -> None:
    """Print the table in plain words and where the results are."""
    window = answer.comparison[answer.comparison["step"] == -1]
    document = {
        "folder": str(folder),
        "scenario": answer.scenario.name,
        "arms": answer.named_arms,
        "baseline": answer.baseline,
        "seed": answer.seed,
        "counts": answer.counts,
    }
    say_result(
        args,
        lambda: {**document, "effects": window.to_dict("records")},
        lambda: f"{answer.summary()}\n\nResults: {folder}",
    )
