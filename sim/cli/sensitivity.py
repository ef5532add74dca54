"""Find which parameters an effect depends on, and how much of it is chance.

    narrate sensitivity kashmir_2025
    narrate sensitivity kashmir_2025 --param parity=0:0.6 --param goodwill=0:0.1 --indices

All are screened first (Morris); of those that matter follow their shares of the variance (Sobol's
indices) of the mean over chance and of its spread. The parts of runs are kept as in a sweep:
`narrate resume DIR` goes on with what was stopped.
"""

from __future__ import annotations

import argparse

from sim.cli import options, studying
from sim.cli.parsing import Parser, whole
from sim.cli.printing import note_all
from sim.errors import InputError
from sim.scenario.arguments import MOST_SAMPLES

OF = "effect.window.lead"
TRAJECTORIES, SAMPLES, REPLICATES = 40, 512, 32  # as sim.studies.sensitivity, but light


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario(parser)
    about = f"a column of runs.parquet, such as effect.final.tension (default {OF})"
    parser.option("--of COLUMN", about, default=OF)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--screen", action="store_true", help="only screen")
    about = "only the indices, of every parameter"
    only.add_argument("--indices", action="store_true", help=about)
    about = f"of the screening (default {TRAJECTORIES})"
    parser.option("--trajectories N", about, whole(2, MOST_SAMPLES))
    about = (
        f"base points of the indices, a power of two (default {SAMPLES}); each makes two points "
        "more than there are parameters"
    )
    parser.option("--samples N", about, whole(2, MOST_SAMPLES))
    studying.arguments(parser, REPLICATES)


def main(args: argparse.Namespace) -> int:
    """Ask, answer, write the folder, print the results in plain words."""
    for given, other, option in (
        (args.samples, args.screen, "--samples"),
        (args.trajectories, args.indices, "--trajectories"),
    ):
        if given is not None and other:
            only = "--screen" if args.screen else "--indices"
            raise InputError(f"{option}: there are none with {only}")
    scenario = options.read_scenario(args)
    from sim.running.sweeps.swept import notes_on_keys
    from sim.studies.sensitivity import Sizes, first_sweep, most_runs

    question = studying.ask_question(args, scenario, args.of, REPLICATES)
    sizes = Sizes(
        0 if args.indices else args.trajectories or TRAJECTORIES,
        0 if args.screen else args.samples or SAMPLES,
    )
    first = first_sweep(question, sizes)
    note_all(args, dict.fromkeys((*scenario.notes, *notes_on_keys(first))))
    if args.dry_run:
        both = bool(sizes.samples and sizes.trajectories)
        return studying.would_run(args, question, first, most_runs(question, sizes, first), both)
    return studying.begin(args, question, vars(sizes))
