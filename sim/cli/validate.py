"""Check scenario files and plug-ins of your own, and report all that is wrong.

    narrate validate mine.yaml
    narrate validate mine.yaml --set parity=0.5
    narrate validate --plugin mine.py:cautious mine.yaml

Every arm of a scenario is checked too. A value outside its usual range is accepted with a note. A
plug-in named by --plugin sits the exam of sim.testing, and the scenario files may name it. Where
nothing is wrong, a line is printed for each file. Exit code 2 where a scenario file is refused,
1 where only a plug-in fails its exam.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.cli import options
from sim.cli.parsing import Parser
from sim.cli.printing import complain, note_all, say, say_json
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.plugins.outside import Outside

REFUSED, FAILED = InputError.exit_code, 1  # a scenario file; a plug-in


class Verdict(NamedTuple):
    """What is to be said of one file or plug-in; it is in order where there are no errors."""

    file: str
    errors: list[str]
    notes: list[str]
    code: int  # the exit code where there are errors


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    about = "scenario files, or names of shipped scenarios"
    parser.add_argument("files", metavar="FILE", nargs="*", help=about)
    options.assignments(parser)
    options.plugins(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Check the files; return 2 where any is refused, 1 where a plug-in fails its exam."""
    if not args.files and not args.plugins:
        raise InputError("FILE: is missing; see narrate validate --help")
    from sim.plugins import registry

    registry.use(args.plugins)
    if args.plugins:
        from sim.cli.compilation import tell_of_compilation

        tell_of_compilation(args)
    verdicts = [
        *map(_examine, registry.from_outside()),
        *(_check_file(file, args.assignments) for file in args.files),
    ]
    for verdict in verdicts:
        for text in verdict.errors:
            complain(text)
        note_all(args, (f"{verdict.file}: {text}" for text in verdict.notes))
    code = max((verdict.code for verdict in verdicts if verdict.errors), default=0)
    if args.json:
        say_json(
            [
                {"file": v.file, "ok": not v.errors, "errors": v.errors, "notes": v.notes}
                for v in verdicts
            ]
        )
    elif not args.quiet and code == 0:  # where anything is refused, stdout stays empty
        say("\n".join(f"{verdict.file}: ok" for verdict in verdicts))
    return code


def _examine(plugin: Outside) -> Verdict:
    """Let a plug-in sit the exam."""
    from sim.testing import examine

    exam = examine(plugin.name, plugin.kind)
    errors = [f"{plugin.spec}: {text}" for text in exam.failures]
    return Verdict(plugin.spec, errors, list(exam.notes), FAILED)


def _check_file(file: str, assignments: Sequence[str]) -> Verdict:
    """Read a scenario and each of its arms; a note that several arms share is given once."""
    from sim.scenario.scenario import Scenario

    try:
        scenario = Scenario.from_yaml(file, sets=assignments)
        scenarios = [scenario, *map(scenario.arm, scenario.arms)]
    except InputError as error:
        return Verdict(file, str(error).split("\n"), [], REFUSED)
    notes = dict.fromkeys(str(text) for one in scenarios for text in one.notes)
    return Verdict(file, [], list(notes), REFUSED)
