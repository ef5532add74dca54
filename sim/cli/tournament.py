"""Play every strategy of one side against every one of the other, on the same draws.

    narrate tournament kashmir_2025
    narrate tournament kashmir_2025 --strategies scripted,uniform --budgets 1,2
    narrate tournament kashmir_2025 --mirror

Payoffs are told apart, and so are chance and what we do not know. With --mirror both sides have
the first one's data. The parts of runs are kept as in a sweep: `narrate resume DIR` goes on with
what was stopped, and with -n gives every cell more draws.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.cli import options, studying
from sim.cli.parsing import Parser, bad_value, name_list, whole
from sim.cli.printing import note_all
from sim.scenario.scalars import plain_number

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.studies.question import Question
    from sim.studies.tournament import Rules

REPLICATES = 200  # as sim.studies.tournament, not loaded for --help


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.one_arm(parser)
    about = "strategies of both sides, with commas between (default: all there are)"
    parser.option("--strategies A,B", about, name_list)
    parser.option("--rival-strategies A,B", "of the second side, where it has others", name_list)
    about = "multiples of a side's own daily effort that it may choose too (default 1)"
    parser.option("--budgets A,B", about, _numbers, [1.0])
    about = f"draws of each cell, in each kind of uncertainty (default {REPLICATES})"
    parser.option("-n --replicates N", about, whole(1), REPLICATES)
    parser.flag("--chance-only", "leave the parameters as the scenario has them")
    parser.flag("--mirror", "give the second side the first one's data")
    options.running(parser)


def main(args: argparse.Namespace) -> int:
    """Ask, play, write the folder, print the results in plain words."""
    scenario = options.read_scenario(args)
    from sim.running.blocks import CHANCE
    from sim.studies.tournament import KINDS, Rules, options_of, plan_tournament

    kinds = (CHANCE,) if args.chance_only else KINDS
    rules = Rules(kinds, args.budgets, args.mirror)
    question = _ask(args, scenario, rules)
    swept = plan_tournament(question, rules)
    note_all(args, scenario.notes)
    if args.dry_run:
        runs = len(kinds) * len(swept.design) * question.replicates
        return studying.would_run(args, question, swept, runs, most=False)
    return studying.begin(args, question, options_of(rules))


def _ask(args: argparse.Namespace, scenario: Scenario, rules: Rules) -> Question:
    from sim.studies.tournament import ask_tournament

    if args.arm:
        options.check_arms(scenario, [args.arm], "--arm")
    return ask_tournament(
        scenario,
        args.strategies,
        args.rival_strategies,
        rules,
        args.arm,
        args.replicates,
        args.engine,
        options.replay_command(args),
    )


def _numbers(text: str) -> list[float]:
    """Numbers with commas between."""
    found = [plain_number(word.strip()) for word in text.split(",")]
    if None in found:
        raise bad_value("must be numbers with commas between", text)
    return [float(one) for one in found if one is not None]
