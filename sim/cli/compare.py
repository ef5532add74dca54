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
from sim.scenario.error_texts import are_of, count_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.running.sizes import StudySize
    from sim.scenario.scenario import Scenario
    from sim.studies.compare import Comparison, PairedRuns

PAIRS = 200
CHANNELS = 4
# Measured roughly, of kashmir_2025 (130 days, 12 audiences) on two processors that others share
RUNS_A_SECOND = 6000.0  # measured and described as well; the engine alone does more
BEGIN = 3.0  # seconds, however many runs there are


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
        size = _study(args, scenario, chosen).size(args.report)
        plan, said, days = {"runs": total}, count_of(total, "run"), (scenario.steps,) * 2
        return say_plan(args, scenario, plan, said, total, size, days)
    return _compare(args, scenario, chosen, total)


def _compare(args: argparse.Namespace, scenario: Scenario, chosen: list[str], total: int) -> int:
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.running.stopping import raise_stop, stop_softly
    from sim.store.folder import RESULTS, demand_room
    from sim.studies.compare import run_comparisons

    study = _study(args, scenario, chosen)
    size = study.size(args.report)
    demand_room(args.out or RESULTS, size.disk)
    _note_untold(args, study)
    arms, baseline = list(study.design.worlds), study.design.base
    recorder = options.recorder(args, scenario, arms, baseline, {"held": args.hold})
    tell_of_compilation(args, args.engine)
    usual = runs_a_second(args.engine, scenario)
    progress = Progress(total, args.progress and not args.quiet, usual, size.after)
    with recorder.closing():
        with (
            recorder.timed("compare"),
            recorder.growing_table("runs") as study.keep,
            stop_softly(lambda: study.done) as stopped,
        ):
            run_comparisons([study], args.engine, args.jobs, progress)
        progress.close()
        answer = study.answer(recorder.request)
        answer.write_into(recorder)
    raise_stop(
        stopped,
        f"{study.done:,} of {count_of(study.asked, 'pair')} {are_of(study.done)} in "
        f"{recorder.folder}",
    )
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
            roles = scenario.arm(name).mediator.roles
            mediates = args.channels and any(role.policy != "none" for role in roles)
            runs += 1 + CHANNELS * mediates
    return runs * int(args.replicates + uncertain_pairs(args))


def size_of(scenario: Scenario) -> float:
    """Days and audiences against those the rate was measured at."""
    return scenario.steps * len(scenario.audiences) / (130.0 * 12.0)


def runs_a_second(engine: str, scenario: Scenario) -> float:
    """Roughly how many runs are done in a second, once the engine is compiled."""
    rate = RUNS_A_SECOND
    if engine == "mesa":
        from sim.running.executing import SLOWER

        rate /= SLOWER
    return rate / size_of(scenario)


def _study(args: argparse.Namespace, scenario: Scenario, chosen: list[str]) -> PairedRuns:
    """The comparison that is asked for; MachineError where it would not fit into memory."""
    from sim.running.blocks import CHANCE, PARAMETERS
    from sim.studies.compare import PairedRuns, choose_arms

    return PairedRuns(
        scenario,
        *choose_arms(scenario, chosen, args.baseline),
        {CHANCE: args.replicates, PARAMETERS: uncertain_pairs(args)},
        args.channels,
        args.every,
        options.replay_command(args),
        args.hold,
    )


def _note_untold(args: argparse.Namespace, study: PairedRuns) -> None:
    """Say which arms have too many messages to be told in full beside a comparison."""
    from sim.running.sizes import MOST_TOLD

    if untold := [arm for arm in study.design.worlds if arm not in study.told]:
        note_all(
            args,
            [
                f"a run of {', '.join(untold)} has more than {MOST_TOLD:,} rows of messages and "
                "causes: the folder has its metrics alone; `narrate run` tells one in full"
            ],
        )


def say_plan(
    args: argparse.Namespace,
    scenario: Scenario,
    plan: Mapping[str, int],
    said_runs: str,
    runs: int,
    size: StudySize,
    days: tuple[int, int],
    points: str = "",
) -> int:
    """Print what a verb would do, for ``--dry-run``.

    Parameters
    ----------
    plan
        The counts of runs and points, as ``--json`` prints them.
    said_runs, points
        The same in words; ``points`` may be "".
    runs
        To do, at the most.
    size
        What the study takes besides.
    days
        The fewest and the most that a run has; ``--json`` prints the most.

    Returns
    -------
    int
        The exit code, 0.
    """
    from sim.cli.progress import clock

    document = {**plan, "days": days[1], "engine": args.engine}
    seconds = BEGIN + runs / runs_a_second(args.engine, scenario) + size.after
    document |= {
        "seconds": round(seconds, 1),
        "seconds_after_runs": round(size.after, 1),
        "disk_megabytes": round(size.disk / 1e6, 1),
        "memory_megabytes": round(size.memory / 1e6, 1),
    }
    each = f"{days[0]} to " * (days[0] < days[1]) + count_of(days[1], "day")
    said = (
        f"would run {said_runs} of {each}{points} ({args.engine} engine) in about "
        f"{clock(seconds)}, {clock(size.after)} of them for tables and figures, write about "
        f"{size.disk / 1e6:.0f} MB and take about {size.memory / 1e6:.0f} MB of memory; nothing "
        "was done"
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
