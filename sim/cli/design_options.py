"""The options that describe a design: ``--param``, ``--design`` and ``--samples``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli import options
from sim.cli.parsing import Parser, one_of, whole
from sim.errors import InputError, Problem
from sim.scenario.wording import REPEATED, shown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.studies.designs.planning import Plan

PLACE = "--param"
GRID = "grid"
KINDS = (GRID, "zip", "lhs", "sobol", "morris")
FILE = ".csv"
SAMPLES = 64


def arguments(parser: Parser) -> None:
    """Add the options."""
    parser.add_argument(
        "--param", action="append", default=[], metavar="KEY=LOW:HIGH[:COUNT]|A,B,C",
        help="a key and its values, evenly spaced or listed; LOW:HIGH alone where the design "
        "draws them (repeatable)",
    )  # fmt: skip
    parser.add_argument(
        "--design", type=_kind, default=GRID, metavar="grid|zip|lhs|sobol|morris|FILE.csv",
        help="every combination, the lists side by side, a Latin hypercube, a Sobol sequence, "
        "Morris trajectories, or the points of a file (default grid)",
    )  # fmt: skip
    parser.add_argument(
        "--samples", type=whole(1, 100_000), metavar="N",
        help=f"points of lhs and sobol, trajectories of morris (default {SAMPLES})",
    )  # fmt: skip


def make_plan(args: argparse.Namespace, scenario: Scenario, arms: Sequence[str]) -> Plan:
    """The design that the command line describes, checked on the scenario.

    The option ``--seed`` is already the scenario's; ``--set`` and ``--steps`` act on every
    scenario of the design.
    """
    from sim.studies.designs import factors
    from sim.studies.designs.planning import plan

    from_file = factors.is_file(args.design)
    if not args.param and not from_file:
        raise InputError("--param: is missing; see narrate sweep --help")
    if args.samples is not None and args.design not in factors.SAMPLED:
        kinds = ", ".join(factors.SAMPLED)
        raise InputError(f"--samples: only for the designs that are drawn: {kinds}")

    def open_one(name: str) -> Scenario:
        return options.read_scenario(argparse.Namespace(**{**vars(args), "scenario": name}))

    texts = split_params(args.param, scenario)
    samples = args.samples or SAMPLES
    return plan(scenario, texts, args.design, samples, None, arms, open_one)


def split_params(texts: Sequence[str], scenario: Scenario) -> dict[str, str]:
    """Split each ``KEY=VALUES`` and return the values by their keys."""
    found: dict[str, str] = {}
    for text in texts:
        key, equals, listed = text.partition("=")
        key = key.strip()
        if not equals or not key:
            scenario.set([text], place=PLACE)  # refuses it in its own words
        if key in found:
            raise InputError(Problem(shown(key), REPEATED, place=PLACE))
        found[key] = listed
    return found


def _kind(text: str) -> str:
    if text.lower().endswith(FILE) and "\0" not in text:
        return text
    return one_of(*KINDS)(text)
