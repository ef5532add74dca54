"""The options that describe the design of a sweep: ``--param``, ``--design`` and ``--samples``.

What a design is, and how its points are made, is in ``sim.studies.designs``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, one_of, whole
from sim.errors import InputError, Problem
from sim.scenario.arguments import MOST_SAMPLES
from sim.scenario.csv_rows import is_table
from sim.scenario.error_texts import REPEATED, show_text

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.studies.designs.planning import StudyPlan

# As in sim.studies.designs.factors, which loads NumPy and would delay --help
KINDS = ("grid", "zip", "lhs", "sobol", "morris")
SAMPLES = 64
PLACE = "--param"


def arguments(parser: Parser) -> None:
    """Add the options."""
    about = (
        "a key and its values, evenly spaced or listed; LOW:HIGH alone where the design draws them"
    )
    parser.repeatable("--param KEY=LOW:HIGH[:COUNT]|A,B,C", about)
    about = (
        "every combination, the lists side by side, a Latin hypercube, a Sobol sequence, "
        "Morris trajectories, or the points of a file (default grid)"
    )
    parser.option("--design grid|zip|lhs|sobol|morris|FILE.csv", about, _kind, KINDS[0])
    about = f"points of lhs and sobol, trajectories of morris (default {SAMPLES})"
    parser.option("--samples N", about, whole(1, MOST_SAMPLES))


def make_plan(args: argparse.Namespace, scenario: Scenario, arms: Sequence[str]) -> StudyPlan:
    """Make the design that the command line describes, checked on the scenario.

    Parameters
    ----------
    args
        The parsed command line. Its ``--set`` and ``--steps`` act on every scenario of the design.
    scenario
        The scenario of the command line; it has the seed of ``--seed`` already.
    arms
        The arms that every scenario of the design must have.

    Raises
    ------
    InputError
        Where there is nothing to vary, or a key or a value is refused.
    """
    from sim.studies.designs import factors
    from sim.studies.designs.planning import plan_study

    if not args.param and not is_table(args.design):
        raise InputError(f"{PLACE}: is missing; see narrate sweep --help")
    if args.samples is not None and args.design not in factors.SAMPLED:
        kinds = ", ".join(factors.SAMPLED)
        raise InputError(f"--samples: only for the designs that are drawn: {kinds}")

    def read_one(name: str) -> Scenario:
        return options.read_scenario(argparse.Namespace(**{**vars(args), "scenario": name}))

    texts = split_params(args.param, scenario)
    return plan_study(scenario, texts, args.design, args.samples or SAMPLES, None, arms, read_one)


def split_params(texts: Sequence[str], scenario: Scenario) -> dict[str, str]:
    """Split each ``KEY=VALUES`` and return the texts of the values by their keys.

    Raises
    ------
    InputError
        Where a text is not of that form, or a key is given twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, equals, values = text.partition("=")
        key = key.strip()
        if not equals or not key:
            scenario.set([text], place=PLACE)  # refuses it in its own words
        if key in found:
            raise InputError(Problem(show_text(key), REPEATED, place=PLACE))
        found[key] = values
    return found


def _kind(text: str) -> str:
    """Return a kind of design or the name of a file with its points."""
    if "\0" not in text and is_table(text):
        return text
    return one_of(*KINDS)(text)
