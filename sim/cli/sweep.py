"""Run a scenario over values of its parameters, every arm at every point, on the same draws.

    narrate sweep kashmir_2025 --param parity=0:0.6:4 --param goodwill=0.01,0.05 -n 50

Any key that --set takes can be swept, and ``scenario``, to run several. The design is a grid; or
zip, the lists side by side; or drawn (lhs, sobol, morris) from ranges KEY=LOW:HIGH and lists; or
a CSV file of your own, its header the keys, each row a point.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli import design_options, options
from sim.cli.parsing import Parser, bad_value, name_list, whole
from sim.cli.printing import note, note_all, say_result
from sim.scenario.error_texts import count_of, show_text
from sim.scenario.scalars import plain_number

if TYPE_CHECKING:
    import pandas as pd

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
    design_options.arguments(parser)
    options.compared(parser)
    about = (
        f"runs of every arm at every point (default {REPLICATES}); with --until at most so many "
        f"(default {MOST_UNTIL})"
    )
    parser.option("-n --replicates N", about, whole(1))
    about = (
        "as many runs as the 95 %% interval of the mean of a column of runs.parquet needs to be "
        "within +-HALF, such as effect.window.lead=0.001"
    )
    parser.option("--until COLUMN=HALF", about, _until)
    about = "metrics that runs.parquet keeps (default: most; fewer make it smaller)"
    parser.option("--metrics A,B", about, name_list)
    parser.flag("--uncertain", options.UNCERTAIN)
    options.running(parser)


def main(args: argparse.Namespace) -> int:
    """Sweep, write the folder, print the results in plain words."""
    scenario = options.read_scenario(args)
    options.check_compared(args, scenario)
    from sim.running.sweeps.driving import Asked, Until
    from sim.running.sweeps.swept import DEFAULT, notes_on_keys, scenarios
    from sim.studies.sweep import check_until, choose_sweep_arms, plan_sweep

    arms = choose_sweep_arms(scenario, args.arms, args.baseline)
    plan = design_options.make_plan(args, scenario, arms)
    metrics, command = args.metrics or DEFAULT, options.replay_command(args)
    swept = plan_sweep(scenario, plan, args.arms, args.baseline, args.uncertain, metrics, command)
    options.settle_engine(args, scenarios(swept))
    most = MOST_UNTIL if args.until else REPLICATES
    asked = Asked(args.replicates or most, Until(*args.until) if args.until else None)
    check_until(swept, asked)
    note_all(args, dict.fromkeys((*scenario.notes, *plan.notes, *notes_on_keys(swept))))
    if args.dry_run:
        return _would_run(args, swept, asked)
    return _sweep(args, swept, asked)


def _until(text: str) -> tuple[str, float]:
    """``COLUMN=HALF``."""
    column, equals, half = text.rpartition("=")
    width = plain_number(half.strip()) if equals and column.strip() else None
    if width is None or not width > 0.0:
        reason = "must be a column and a half-width above 0, such as effect.window.lead=0.001"
        raise bad_value(reason, text)
    return column.strip(), width


def _would_run(args: argparse.Namespace, swept: Swept, asked: Asked) -> int:
    """Say how many runs, how long and how much disk; do nothing."""
    from sim.cli.compare import say_plan
    from sim.running.sizes import sweep_size
    from sim.running.sweeps.swept import day_range

    points, most = len(swept.design), "at most " if asked.until else ""
    total = points * (1 + len(swept.arms)) * asked.replicates
    plan, where = {"points": points, "runs": total}, f" at {count_of(points, 'point')}"
    size = sweep_size(swept, points * asked.replicates, args.report)
    said, days = f"{most}{count_of(total, 'run')}", day_range(swept)
    return say_plan(args, swept.scenario, plan, said, total, size, days, where)


def _sweep(args: argparse.Namespace, swept: Swept, asked: Asked) -> int:
    from sim.running.sweeps import sweep_folder
    from sim.store.recorder import claim_folder

    folder = claim_folder(swept.scenario) if args.out is None else sweep_folder.claim(args.out)
    held = sweep_folder.hold_new(folder, swept, args.engine, asked, options.origin(args))
    with held as (known, keep):
        return run_and_tell(args, known, keep, asked)


def run_and_tell(
    args: argparse.Namespace, known: SweepFolder, keep: InFolder, asked: Asked
) -> int:
    """Run what is missing of a sweep whose folder is held, and say what came out."""
    from dataclasses import replace

    from sim.cli.compare import runs_a_second
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.running.sizes import sweep_size
    from sim.running.sweeps.pacing import pairs_of
    from sim.studies.sweep import choose_workers, run_in_folder

    missing = keep.missing(asked.pilot(len(known.swept.design)))
    if missing:
        tell_of_compilation(args, known.engine)
    size = sweep_size(known.swept, pairs_of(missing), args.report)
    usual = runs_a_second(known.engine, known.swept.scenario)
    progress = Progress(0, args.progress and not args.quiet, usual, size.after)
    workers = choose_workers(known.engine, args.jobs, args.cluster)
    request = replace(options.request(args), verb="sweep", engine=known.engine)
    draw = options.drawing(args)
    answer = run_in_folder(
        known, keep, asked, workers, request, draw, progress, progress.expect, progress.close
    )
    if not args.quiet:
        _note_what_is_missing(answer)
    _tell(args, answer)
    return 1 if answer.counts["failed"] else 0


def _note_what_is_missing(answer: Sweep) -> None:
    """Say which means are less precise than asked, and which tables are not written."""
    from sim.store.tables import path_of

    if answer.until is not None:
        for line in _means_reached(answer, answer.until):
            note(line)
    if answer.tables["summary"].empty and answer.folder is not None:
        note(
            f"{len(answer.design):,} points are too many for a summary and a comparison of each; "
            f"{path_of(answer.folder, 'runs')} has every run"
        )


def _means_reached(answer: Sweep, until: pd.DataFrame) -> Iterator[str]:
    """How many means are as precise as asked, and which arm has none or not of every run."""
    from sim.running.sweeps.until import NO_VALUE

    column, half = answer.asked.until or ("", 0.0)
    reached, never = (until["reached"] == word for word in ("yes", NO_VALUE))
    yield (
        f"{reached.sum():,} of {(~never).sum():,} means of {column} are within +-{half:g}; "
        "until.csv has every one"
    )
    runs = answer.asked.all(answer.swept, answer.keep)  # by the place of the point
    wanted = dict(zip(answer.design["point"], runs.values(), strict=True))
    sometimes = ~never & (until["n"] < until["point"].map(wanted))
    for arm, own in until.assign(never=never, sometimes=sometimes).groupby("arm", sort=False):
        for word, what in (("never", "no run"), ("sometimes", "not every run")):
            if own[word].any():
                where = f"at {own[word].sum():,} of {count_of(len(own), 'point')}"
                yield f"{where} {what} of {show_text(str(arm))} has {column}"


def _tell(args: argparse.Namespace, answer: Sweep) -> None:
    """Say in plain words what came out and where it is."""
    say_result(
        args,
        lambda: {
            "folder": str(answer.folder),
            "scenario": answer.scenario.name,
            "parameters": list(answer.parameters),
            "counts": answer.counts,
            "design": answer.design.to_dict("records"),
        },
        lambda: f"{answer.summary()}\n\nResults: {answer.folder}",
    )
