"""Find the conditions under which an effect goes one way or the other.

    narrate discover kashmir_2025
    narrate discover kashmir_2025 --of effect.window.lead --beyond 0.01
    narrate discover DIR --of effect.final.tension

Points are drawn over the ranges, and PRIM looks for boxes of conditions in which the mean effect
over the replicates lies above 0 more often than elsewhere, or below it. DIR is the folder of a
sweep that was done.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import options, studying
from sim.cli.parsing import Parser, bad_value, one_of, whole
from sim.cli.printing import note_all
from sim.errors import InputError
from sim.scenario.arguments import MOST_SAMPLES
from sim.scenario.error_texts import show_text
from sim.scenario.scalars import plain_number

if TYPE_CHECKING:
    from sim.running.sweeps.sweep_folder import SweepFolder
    from sim.studies.discover import Side

SAMPLES, REPLICATES = 8000, 8  # as sim.studies.discover, not loaded for --help
DRAWN = ("lhs", "sobol")


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    about = (
        "a column of runs.parquet (default: the effect on the mediator's alignment over the days "
        "the offer acts)"
    )
    parser.option("--of COLUMN", about)
    side = parser.add_mutually_exclusive_group()
    for name, about in (
        ("above", "only means above X"),
        ("below", "only means below X"),
        ("beyond", "means above X and below -X (default 0)"),
    ):
        side.add_argument(f"--{name}", type=_number, metavar="X", help=about)
    about = "how points are drawn (default lhs)"
    parser.option("--design lhs|sobol", about, one_of(*DRAWN), DRAWN[0])
    parser.option("--samples N", f"points (default {SAMPLES})", whole(1, MOST_SAMPLES))
    studying.arguments(parser, REPLICATES)


def main(args: argparse.Namespace) -> int:
    """Ask, answer, write the folder, print the results in plain words."""
    if Path(args.scenario).is_dir():
        return _in_folder(args)
    scenario = options.read_scenario(args)
    from sim.running.sweeps.swept import notes_on_keys
    from sim.studies.discover import check_points, with_column

    question = with_column(studying.ask_question(args, scenario, args.of or "", REPLICATES))
    samples = args.samples or SAMPLES
    swept = question.plan(args.design, samples)
    check_points(swept, "--samples")
    note_all(args, dict.fromkeys((*scenario.notes, *notes_on_keys(swept))))
    if args.dry_run:
        runs = samples * (1 + len(swept.arms)) * question.replicates
        return studying.would_run(args, question, swept, runs, most=False)
    sides = [list(side) for side in _sides(args)]
    more = {"design": args.design, "samples": samples, "sides": sides}
    return studying.begin(args, question, more)


def _sides(args: argparse.Namespace) -> list[Side]:
    from sim.studies.discover import ABOVE, BELOW, Side

    if args.above is not None:
        return [Side(ABOVE, args.above)]
    if args.below is not None:
        return [Side(BELOW, args.below)]
    beyond = args.beyond or 0.0
    if beyond < 0.0:
        raise InputError(f"--beyond: must be 0 or more (got {beyond:g})")
    return [Side(ABOVE, beyond), Side(BELOW, 0.0 - beyond)]


def _in_folder(args: argparse.Namespace) -> int:
    """Look through a sweep that was done; the answer has a folder of its own."""
    from sim.running.sweeps import sweep_folder
    from sim.running.sweeps.until import check_metric, run_columns
    from sim.studies.discover import SWEEP, check_points, default_column, search_sweep
    from sim.studies.question import FinishedSweep

    for option, given in (("--param", args.param), ("--samples", args.samples),
                          ("--replicates", args.replicates), ("--set", args.assignments),
                          ("--steps", args.steps), ("--seed", args.seed),
                          ("--baseline", args.baseline)):  # fmt: skip
        if given:
            raise InputError(f"{option}: is not for a sweep that was done")
    folder = Path(args.scenario)
    if sweep_folder.is_sweep(folder / SWEEP):
        folder /= SWEEP
    known = sweep_folder.read_sweep(folder)
    swept = known.swept
    arm = _arm(args, known)
    of = args.of or default_column(swept.scenario, arm)
    columns = run_columns(swept)
    if not args.of and of not in columns:
        raise InputError(
            f"--of: is needed: the sweep has no {of}, which is asked of by default; it has "
            f"{', '.join(columns[-3:])}"
        )
    check_metric(swept, of, "--of")
    check_points(swept, str(folder))
    state = known.survey()
    keep = known.keep(state)
    missing = len(swept.design) * known.asked.replicates - keep.pairs
    if state.bad or (missing > 0 and known.asked.until is None):
        raise InputError(f"{folder}: the sweep is not whole; `narrate resume {folder}` first")
    if args.dry_run:
        raise InputError("--dry-run: nothing would run, for the sweep was done")
    args.scenario = ""
    request = replace(options.request(args), engine=known.engine)
    finished = FinishedSweep(SWEEP, swept, keep, known.asked)
    answer = search_sweep(finished, of, arm, _sides(args), request)
    draw = answer.draw if args.report else None
    recorder = answer.begin_recorder(args.out, draw, known.sources())
    with recorder.closing():
        answer.write_into(recorder)
    return studying.tell(args, recorder.folder, answer)


def _arm(args: argparse.Namespace, known: SweepFolder) -> str:
    """The arm to look at: the only one, or the one that is named."""
    arms = known.swept.arms or (known.swept.base,)
    if not args.arms and len(arms) == 1:
        return arms[0]
    if args.arms and len(args.arms) == 1 and args.arms[0] in arms:
        return str(args.arms[0])
    got = f" (got {', '.join(map(show_text, args.arms))})" if args.arms else ""
    raise InputError(f"--arms: must be one of {', '.join(map(show_text, arms))}{got}")


def _number(text: str) -> float:
    value = plain_number(text.strip())
    if value is None:
        raise bad_value("must be a number", text)
    return value
