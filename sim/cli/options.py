"""The options that several verbs share, and the scenario that they make together.

Each function that takes a parser adds the options its docstring names. Options of a single verb
are in the verb's module, those that describe a design in ``design_options``.
"""

from __future__ import annotations

import argparse
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.parsing import LARGEST_SEED, Parser, name_list, one_of, path, whole
from sim.cli.printing import note_all, warn
from sim.errors import InputError, NarrateError, Problem
from sim.scenario import shipped
from sim.scenario.arguments import MOST_DAYS, MOST_JOBS
from sim.scenario.error_texts import REPEATED, unknown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.store.recorder import Draw, Recorder, Request

DEFAULT_SCENARIO = "kashmir_2025"
UNCERTAIN = "also draw every parameter that is not fixed and every judgement"


def scenario_name(parser: Parser) -> None:
    """Add SCENARIO."""
    about = f"a scenario file, or the name of a shipped one (default {DEFAULT_SCENARIO})"
    parser.add_argument(
        "scenario", metavar="SCENARIO", nargs="?", default=DEFAULT_SCENARIO, help=about
    )


def files_by_name(found: Mapping[str, Scenario]) -> dict[str, Path]:
    """Files of scenarios by the names with which lessons may extend them.

    A scenario goes by its file's name and by its own; a shipped one is known anyway.

    Parameters
    ----------
    found
        Scenarios by the word that names each on the command line.
    """
    files = {word: Path(word) for word in map(str, found) if shipped.locate(word) is None}
    by_stem = {path.stem: path for path in files.values()}
    return {found[word].name: path for word, path in files.items()} | by_stem


def scenario(parser: Parser) -> None:
    """Add SCENARIO, ``--set``, ``--steps`` and ``--plugin``."""
    scenario_name(parser)
    assignments(parser)
    parser.option("--steps N", "days to run (default: the scenario's)", whole(1, MOST_DAYS))
    plugins(parser)


def assignments(parser: Parser) -> None:
    """Add ``--set``."""
    about = "set one value, e.g. parity=0.5 or audiences.Ottawa.importance=2"
    parser.repeatable("--set KEY.PATH=VALUE", about, dest="assignments")


def plugins(parser: Parser) -> None:
    """Add ``--plugin``."""
    about = "a plug-in of your own: function NAME of this Python file, which is executed"
    parser.repeatable("--plugin FILE.py:NAME", about, dest="plugins")


def seed(parser: Parser) -> None:
    """Add ``--seed``."""
    about = "seed of the random draws (default: the scenario's)"
    parser.option("--seed N", about, whole(0, LARGEST_SEED))


def replicate(parser: Parser) -> None:
    """Add ``--replicate``."""
    about = "number of the replicate: other draws from the same seed (default 0)"
    parser.option("--replicate N", about, whole(0, LARGEST_SEED), 0)


def one_arm(parser: Parser) -> None:
    """Add SCENARIO with what changes it, ``--arm`` and ``--seed``."""
    scenario(parser)
    about = "arm of the scenario (default: the scenario without the changes of any arm)"
    parser.option("--arm NAME", about, default="")
    seed(parser)


def compared(parser: Parser) -> None:
    """Add ``--seed``, ``--arms`` and ``--baseline``."""
    seed(parser)
    parser.option("--arms A,B", "arms, with commas between (default: all)", name_list)
    parser.option("--baseline ARM", "arm to compare with (default: the scenario's)")


def hold(parser: Parser) -> None:
    """Add ``--hold``."""
    about = "where parameters are drawn, leave these as the scenario has them"
    parser.option("--hold A,B", about, name_list, [])


def check_hold(args: argparse.Namespace, drawing: str = "") -> None:
    """Check the names of ``--hold``.

    Parameters
    ----------
    args
        The parsed command line.
    drawing
        The option without which no parameters are drawn, where it is missing; else "".

    Raises
    ------
    InputError
        Where a name is no parameter, or nothing is drawn that could be held.
    """
    from sim.scenario.held_parameters import check_hold_names

    check_hold_names(args.hold)
    if args.hold and drawing:
        raise InputError(Problem("--hold", f"says nothing without {drawing}"))


def engine(parser: Parser, default: str) -> None:
    """Add ``--engine``."""
    about = f"which engine runs the days; both give the same numbers (default {default})"
    parser.option("--engine ensemble|mesa", about, one_of("ensemble", "mesa"), default)


def jobs(parser: Parser) -> None:
    """Add ``--jobs`` and ``-j``."""
    about = "threads (default: one per processor); results do not depend on it"
    parser.option("-j --jobs N", about, whole(1, MOST_JOBS))


def cluster(parser: Parser) -> None:
    """Add ``--cluster``."""
    about = "run on a Dask cluster: local, or the address of its scheduler (extra [cluster])"
    parser.option("--cluster ADDRESS|local", about)


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
    about = "keep every N-th day in the tables, and the last (default 1)"
    parser.option("--every N", about, whole(1, MOST_DAYS), 1)


def output(parser: Parser) -> None:
    """Add ``--out``, ``--report``, ``--json``, ``--quiet``."""
    about = "folder for the results, new or empty (default results/SCENARIO/ID)"
    parser.option("-o --out DIR", about, path)
    report(parser)
    printing(parser)


def report(parser: Parser) -> None:
    """Add ``--report`` and ``--no-report``."""
    about = "draw figures and report.html; without, `narrate report DIR` draws them later"
    parser.switch("--report", about)


def printing(parser: Parser) -> None:
    """Add ``--json`` and ``--quiet``."""
    parser.flag("--json", "print one JSON document instead of text")
    parser.flag("--quiet", "print only errors")


def dry_run(parser: Parser) -> None:
    """Add ``--dry-run``."""
    parser.flag("--dry-run", "say what would run and how much; do nothing")


def progress(parser: Parser) -> None:
    """Add ``--progress`` and ``--no-progress``."""
    parser.switch("--progress", "show progress on stderr, where that is a terminal")


# The scenario of a command line


def read_scenario(args: argparse.Namespace) -> Scenario:
    """Read the scenario, with what ``--set``, ``--steps`` and ``--seed`` change.

    Raises
    ------
    InputError
        Where the file or a value is refused.
    """
    from sim.scenario.scenario import Scenario

    found = Scenario.from_yaml(args.scenario, sets=args.assignments, plugins=args.plugins)
    if getattr(args, "seed", None) is not None:
        found = found.set({"seed": str(args.seed)}, place="--seed")
    if args.steps is not None:
        found = found.replace(steps=args.steps)
    return found


def settle_engine(args: argparse.Namespace, scenarios: Iterable[Scenario]) -> None:
    """Turn to the Mesa engine where a plug-in leaves no choice, and say what it costs.

    A plug-in that no scenario uses is told, too: naming it changes nothing.
    """
    if not args.plugins:
        return
    from sim.plugins import registry
    from sim.running.executing import engine_for

    scenarios = list(scenarios)
    used = {key for scenario in scenarios for key in scenario.plugins()}
    unused = [one.spec for one in registry.from_outside() if (one.kind, one.name) not in used]
    note_all(args, (f"--plugin {spec}: nothing that is run uses it" for spec in unused))
    args.engine, why = engine_for(args.engine, scenarios)
    if why and not args.quiet:
        warn(why)


def scenario_words(
    args: argparse.Namespace, path_text: Callable[[object], str] = str
) -> list[str]:
    """Return the words of a command line that name the scenario and what was changed of it.

    Parameters
    ----------
    args
        The parsed command line.
    path_text
        How a path is written: as it was given, unless somebody else is to see it.
    """
    words = [path_text(args.scenario)]
    for plugin in args.plugins:
        words += ["--plugin", path_text(plugin)]
    for assignment in args.assignments:
        words += ["--set", assignment]
    return words if args.steps is None else [*words, "--steps", str(args.steps)]


def replay_command(args: argparse.Namespace) -> str:
    """Return the command that runs this scenario once, as it was changed on the command line."""
    return shlex.join(["narrate", "run", *scenario_words(args)])


def origin(args: argparse.Namespace) -> list[str]:
    """Return words of a command that reads the scenario as this one did, without ``narrate``."""
    words = ["run", *scenario_words(args)]
    return words if args.seed is None else [*words, "--seed", str(args.seed)]


def request(args: argparse.Namespace) -> Request:
    """Return how the command line asks, as the manifest tells it."""
    from sim.store.recorder import Request

    engine = getattr(args, "engine", "mesa")
    return Request(args.verb, tuple(args.command), str(args.scenario), engine)


def drawing(args: argparse.Namespace) -> Draw | None:
    """Return what draws figures and report.html, where ``--report`` asks for them."""
    from sim.studies.answer import draw_report

    return draw_report if args.report else None


def recorder(
    args: argparse.Namespace,
    scenario: Scenario,
    arms: Sequence[str],
    baseline: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Recorder:
    """Claim the folder that the command line names, for results of these arms."""
    from sim.store.recorder import Recorder

    asked, draw = request(args), drawing(args)
    return Recorder(asked, scenario, arms, baseline, out=args.out, facts=facts, draw=draw)


def origin_name(words: Sequence[str]) -> str:
    """Return the scenario that an earlier command named, or "" where it is not to be had here."""
    name = str(parse_origin(words).scenario) if words else ""
    found = bool(name) and (shipped.locate(name) or Path(name)).exists()
    return name if found else ""


def parse_origin(origin: Sequence[str]) -> argparse.Namespace:
    """Parse what an earlier command said of its scenario.

    Parameters
    ----------
    origin
        The words of :func:`replay_command` without ``narrate``, and ``--seed`` where it had one.
    """
    parser = Parser(prog="narrate run")
    scenario(parser)
    seed(parser)
    return parser.parse_all([*origin[1:]])


def origin_file(folder: Path, origin: Sequence[str]) -> Scenario | None:
    """Read the scenario of an earlier command as its file now has it.

    Parameters
    ----------
    folder
        The folder with the results of that command, for the error.
    origin
        The words of that command, without ``narrate``.

    Returns
    -------
    Scenario or None
        None where no words are known or there is no such file any more.

    Raises
    ------
    InputError
        Where the file is there but is refused.
    """
    if not origin_name(origin):
        return None
    try:
        return read_scenario(parse_origin(origin))
    except NarrateError as error:
        raise InputError(f"{folder}: its scenario file cannot be read: {error}") from error


def in_arm(scenario: Scenario, name: str) -> Scenario:
    """Return the arm of that name, or the scenario as it stands where the name is ""."""
    if name:
        check_arms(scenario, [name], "--arm")
        return scenario.arm(name)
    return scenario


def check_compared(args: argparse.Namespace, scenario: Scenario) -> None:
    """Check the arms of ``--arms`` and ``--baseline``.

    Raises
    ------
    InputError
        As :func:`check_arms`.
    """
    check_arms(scenario, args.arms or [])
    if args.baseline:
        check_arms(scenario, [args.baseline], "--baseline")


def check_arms(scenario: Scenario, names: Sequence[str], option: str = "--arms") -> None:
    """Check the names of arms that an option was given.

    Raises
    ------
    InputError
        Where the scenario has no arm of a name, or a name is given twice.
    """
    counts = Counter(names)
    known = list(scenario.arms)
    reasons = [(name, unknown("arm", name, known)) for name in counts if name not in known]
    reasons += [(name, REPEATED) for name, count in counts.items() if count > 1]
    if reasons:
        raise InputError([Problem("", reason, name, option) for name, reason in reasons])
