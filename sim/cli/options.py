"""Options that several verbs share, and the scenario they make together."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.cli.parsing import LARGEST_SEED, Parser, name_list, one_of, path, whole
from sim.cli.printing import warn
from sim.errors import InputError, NarrateError, Problem
from sim.scenario.wording import unknown

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

DEFAULT_SCENARIO = "kashmir_2025"
MOST_RUNS = 10_000_000


def scenario(parser: Parser) -> None:
    """Add SCENARIO, ``--set`` and ``--steps``."""
    parser.add_argument(
        "scenario", metavar="SCENARIO", nargs="?", default=DEFAULT_SCENARIO,
        help=f"a scenario file, or the name of a shipped one (default {DEFAULT_SCENARIO})",
    )  # fmt: skip
    parser.add_argument(
        "--set", dest="assignments", action="append", default=[], metavar="KEY.PATH=VALUE",
        help="set one value, e.g. parity=0.5 or audiences.Ottawa.importance=2 (repeatable)",
    )  # fmt: skip
    parser.add_argument("--steps", type=whole(1, 36_500), metavar="N", help="days to run")
    plugins(parser)


def plugins(parser: Parser) -> None:
    """Add ``--plugin``."""
    parser.add_argument(
        "--plugin", dest="plugins", action="append", default=[], metavar="FILE.py:NAME",
        help="a plug-in of your own: function NAME of a file, which is run (repeatable)",
    )  # fmt: skip


def seed(parser: Parser) -> None:
    """Add ``--seed``."""
    parser.add_argument(
        "--seed", type=whole(0, LARGEST_SEED), metavar="N", help="seed (default: the scenario's)"
    )


def arm(parser: Parser) -> None:
    """Add ``--arm``."""
    parser.add_argument("--arm", default="", metavar="NAME", help="arm of the scenario")


def arms(parser: Parser) -> None:
    """Add ``--arms``."""
    parser.add_argument(
        "--arms", type=name_list, metavar="A,B", help="arms, with commas between (default: all)"
    )


def replicates(parser: Parser, default: int, help_text: str) -> None:
    """Add ``--replicates`` and ``-n``."""
    parser.add_argument(
        "-n", "--replicates", type=whole(1, MOST_RUNS), default=default, metavar="N",
        help=f"{help_text} (default {default})",
    )  # fmt: skip


def hold(parser: Parser) -> None:
    """Add ``--hold``."""
    parser.add_argument(
        "--hold", type=name_list, default=[], metavar="A,B",
        help="where parameters are drawn, leave these as the scenario has them",
    )  # fmt: skip


def check_hold(args: argparse.Namespace, drawing: str = "") -> None:
    """Refuse names that are none; ``drawing`` is the option that is missing, or ""."""
    from sim.scenario.holding import check_held

    check_held(args.hold)
    if args.hold and drawing:
        raise InputError(Problem("--hold", f"says nothing without {drawing}"))


def engine(parser: Parser, default: str) -> None:
    """Add ``--engine``."""
    parser.add_argument(
        "--engine", type=one_of("ensemble", "mesa"), default=default, metavar="ensemble|mesa",
        help=f"which engine runs the days; both give the same numbers (default {default})",
    )  # fmt: skip


def jobs(parser: Parser) -> None:
    """Add ``--jobs`` and ``-j``."""
    parser.add_argument(
        "-j", "--jobs", type=whole(1, 4096), metavar="N",
        help="threads (default: one per processor); results do not depend on it",
    )  # fmt: skip


def cluster(parser: Parser) -> None:
    """Add ``--cluster``."""
    parser.add_argument(
        "--cluster", metavar="ADDRESS|local",
        help="run on a Dask cluster: local, or the address of its scheduler (extra [cluster])",
    )  # fmt: skip


def running(parser: Parser) -> None:
    """Add how many runs are made: engine, jobs, cluster, progress, and where they go."""
    engine(parser, "ensemble")
    jobs(parser)
    cluster(parser)
    dry_run(parser)
    progress(parser)
    output(parser)


def every(parser: Parser) -> None:
    """Add ``--every``."""
    parser.add_argument(
        "--every", type=whole(1, 36_500), default=1, metavar="N",
        help="keep every N-th day in the tables, and the last (default 1)",
    )  # fmt: skip


def output(parser: Parser) -> None:
    """Add ``--out``, ``--report``, ``--json``, ``--quiet``."""
    parser.add_argument(
        "-o", "--out", type=path, metavar="DIR",
        help="folder for the results, new or empty (default results/SCENARIO/ID)",
    )  # fmt: skip
    report(parser)
    printing(parser)


def report(parser: Parser) -> None:
    """Add ``--report``."""
    parser.add_argument(
        "--report", action=argparse.BooleanOptionalAction, default=True,
        help="draw figures and report.html; without, `narrate report DIR` draws them later",
    )  # fmt: skip


def printing(parser: Parser) -> None:
    """Add ``--json`` and ``--quiet``."""
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.add_argument("--quiet", action="store_true", help="print only errors")


def dry_run(parser: Parser) -> None:
    """Add ``--dry-run``."""
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would run and how much; do nothing"
    )


def progress(parser: Parser) -> None:
    """Add ``--progress`` and ``--no-progress``."""
    parser.add_argument(
        "--progress", action=argparse.BooleanOptionalAction, default=True,
        help="show progress on stderr, where that is a terminal",
    )  # fmt: skip


def read_scenario(args: argparse.Namespace) -> Scenario:
    """The scenario of the command line, with what ``--set``, ``--steps`` and ``--seed`` change."""
    from sim.scenario.scenario import Scenario

    read = Scenario.from_yaml(args.scenario, sets=args.assignments, plugins=args.plugins)
    if getattr(args, "seed", None) is not None:
        read = read.set({"seed": str(args.seed)}, place="--seed")
    if args.steps is not None:
        read = read.replace(steps=args.steps)
    return read


def settle_engine(args: argparse.Namespace, scenarios: Iterable[Scenario]) -> None:
    """Turn to the Mesa engine where a plug-in leaves no choice, and say what it costs."""
    if not args.plugins:
        return
    from sim.running.executing import engine_for

    args.engine, why = engine_for(args.engine, scenarios)
    if why and not args.quiet:
        warn(why)


def replay_command(args: argparse.Namespace) -> str:
    """The command that runs this scenario once, as it was changed on the command line."""
    words = ["narrate", "run", str(args.scenario)]
    for plugin in args.plugins:
        words += ["--plugin", plugin]
    for assignment in args.assignments:
        words += ["--set", assignment]
    if args.steps is not None:
        words += ["--steps", str(args.steps)]
    return shlex.join(words)


def file_exists(scenario: str) -> bool:
    """Whether a scenario named on a command line can be read here."""
    from pathlib import Path

    from sim.scenario import shipped

    return bool(scenario) and (shipped.located(scenario) or Path(scenario)).exists()


def origin_file(folder: Path, origin: Sequence[str]) -> Scenario | None:
    """The scenario of an earlier command as its file now has it, where there is still a file."""
    if not origin:
        return None
    from sim.cli.main import parse_words

    args = parse_words([*origin])
    if not file_exists(args.scenario):
        return None
    try:
        return read_scenario(args)
    except NarrateError as error:
        raise InputError(f"{folder}: its scenario file cannot be read: {error}") from error


def in_arm(scenario: Scenario, name: str) -> Scenario:
    """The arm of that name, or the scenario as it stands."""
    if name:
        check_arms(scenario, [name], "--arm")
        return scenario.arm(name)
    return scenario


def check_arms(scenario: Scenario, names: Sequence[str], option: str = "--arms") -> None:
    """Refuse arms that the scenario does not have."""
    problems = [
        Problem("", unknown("arm", name, list(scenario.arms)), name, option)
        for name in dict.fromkeys(names)
        if name not in scenario.arms
    ]
    problems += [
        Problem("", "is given twice", name, option)
        for name in dict.fromkeys(names)
        if list(names).count(name) > 1
    ]
    if problems:
        raise InputError(problems)
