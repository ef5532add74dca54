"""Ask whether a scenario orders capitals as what they then said does: a test that can say no.

    narrate hindcast --template kashmir_2025 > outcomes.csv
    narrate hindcast kashmir_2025 --outcomes outcomes.csv

The file has the columns audience, date, code, about and source, and if need be reading; a code is
a whole number from -2 to 2, toward the first claimant. The order of the codes is compared with
that of the model's alignment (Kendall's tau-b), and with orders that need no simulation: alignment
at the start, the mean of the judgements, the nearness of UN votes.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, name_list, path, whole
from sim.cli.printing import note_all, say_result
from sim.errors import InputError
from sim.scenario.arguments import MOST_SAMPLES
from sim.scenario.error_texts import count_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.studies.hindcast import Hindcast, HindcastQuestion

REPLICATES, SAMPLES = 200, 500  # as sim.studies.hindcast, but light


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    parser.option("--outcomes FILE", "CSV file of coded stances", path)
    about = "print a file to fill in, with a row for each audience; delete the rows not needed"
    parser.flag("--template", about)
    about = "the day that is named in the results (default: that of the last coded statement)"
    parser.option("--at DAY", about)
    options.seed(parser)
    parser.option("--arms A,B", "arms, with commas between (default: all)", name_list)
    about = f"runs of each arm at the scenario's parameters (default {REPLICATES})"
    parser.option("-n --replicates N", about, whole(1), REPLICATES)
    about = f"draws of the parameters and judgements (default {SAMPLES}; 0: none)"
    parser.option("--samples N", about, whole(0, MOST_SAMPLES), SAMPLES)
    options.engine(parser, "ensemble")
    options.jobs(parser)
    options.dry_run(parser)
    options.progress(parser)
    options.output(parser)


def main(args: argparse.Namespace) -> int:
    """Read the file, run, compare, write the folder, print the results in plain words."""
    scenario = options.read_scenario(args)
    from sim.studies.outcomes_file import template

    if args.template:
        text = template(scenario).rstrip("\n")
        say_result(args, lambda: {"template": text}, lambda: text)
        return 0
    if args.outcomes is None:
        raise InputError(
            "--outcomes: is missing; narrate hindcast --template SCENARIO prints a file to fill in"
        )
    options.check_arms(scenario, args.arms or [])
    from sim.scenario.days import read_day
    from sim.studies.hindcast import ask_hindcast

    day = read_day(args.at, "--at", scenario, scenario.steps) if args.at else None
    replay = options.replay_command(args)
    question = ask_hindcast(
        scenario, args.outcomes, args.arms or (), day, args.replicates, args.samples, replay
    )
    options.settle_engine(args, map(question.arm, question.arms))
    note_all(args, (*scenario.notes, *question.left_out))
    if args.dry_run:
        from sim.cli.compare import say_plan

        size, runs, days = question.size(args.report), question.runs, (scenario.steps,) * 2
        return say_plan(args, scenario, {"runs": runs}, count_of(runs, "run"), runs, size, days)
    return _hindcast(args, question)


def _hindcast(args: argparse.Namespace, question: HindcastQuestion) -> int:
    """Run and write; return 1 where runs failed."""
    from sim.cli.compare import runs_a_second
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.store.folder import RESULTS, demand_room
    from sim.studies.hindcast import hindcast

    size = question.size(args.report)
    demand_room(args.out or RESULTS, size.disk)
    arms = [name for name in question.arms if name]
    recorder = options.recorder(args, question.scenario, arms, "", question.facts)
    tell_of_compilation(args, args.engine)
    usual = runs_a_second(args.engine, question.scenario)
    progress = Progress(question.runs, args.progress and not args.quiet, usual, size.after)
    with recorder.closing():
        with recorder.timed("hindcast"):
            answer = hindcast(question, args.engine, recorder.request, args.jobs, progress)
        progress.close()
        answer.write_into(recorder)
    _tell(args, answer, recorder.folder)
    return 1 if answer.counts["failed"] else 0


def _tell(args: argparse.Namespace, answer: Hindcast, folder: Path) -> None:
    """Print the results in plain words and where they are."""
    document = {
        "folder": str(folder),
        "scenario": answer.scenario.name,
        "arms": list(answer.named_arms),
        "seed": answer.scenario.seed,
        "counts": answer.counts,
        **answer.early_facts,
    }
    say_result(
        args,
        lambda: {**document, "ranks": answer.ranks.to_dict("records")},
        lambda: f"{answer.summary()}\nResults: {folder}",
    )
