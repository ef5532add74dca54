"""Check scenario files, and plug-ins of your own, and report everything that is wrong with them.

Prints a line for each file that is fine. Values outside their usual range are accepted with a
note. Every arm is checked too. A plug-in named by --plugin sits the exam of sim.testing; exit code
1 where it fails. The scenario files may name it.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NamedTuple

from sim.cli import options
from sim.cli.parsing import Parser
from sim.cli.printing import complain, note, say, say_json
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.plugins.outside import Outside


FAILED = 1  # a plug-in fails its exam


class Verdict(NamedTuple):
    """What is to be said of one file."""

    file: str
    errors: list[str]
    notes: list[str]


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("files", metavar="FILE", nargs="*", help="scenario files, or names")
    options.plugins(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Check the files; 2 where any is refused, 1 where a plug-in fails its exam."""
    if not args.files and not args.plugins:
        raise InputError("FILE: is missing; see narrate validate --help")
    from sim.plugins import finding

    finding.use(args.plugins)
    if args.plugins and not args.quiet:
        from sim.cli.compilation import tell_of_compilation

        tell_of_compilation()
    examined = [_examine(plugin) for plugin in finding.from_outside()]
    checked = [_check_file(file) for file in args.files]
    verdicts = [*examined, *checked]
    for verdict in verdicts:
        for text in verdict.errors:
            complain(text)
        for text in [] if args.quiet else verdict.notes:
            note(f"{verdict.file}: {text}")
    bad = any(verdict.errors for verdict in verdicts)
    if args.json:
        say_json([{"file": v.file, "ok": not v.errors, "errors": v.errors, "notes": v.notes}
                  for v in verdicts])  # fmt: skip
    elif not args.quiet and not bad:  # where anything is refused, stdout stays empty
        say("\n".join(f"{verdict.file}: ok" for verdict in verdicts))
    if any(verdict.errors for verdict in checked):
        return InputError.exit_code
    return FAILED if bad else 0


def _examine(plugin: Outside) -> Verdict:
    from sim.testing import examine

    exam = examine(plugin.name, plugin.kind)
    errors = [f"{plugin.spec}: {text}" for text in exam.failures]
    return Verdict(plugin.spec, errors, list(exam.notes))


def _check_file(file: str) -> Verdict:
    from sim.scenario.scenario import Scenario

    try:
        scenario = Scenario.from_yaml(file)
        notes = [*scenario.notes]
        for name in scenario.arms:
            notes += [text for text in scenario.arm(name).notes if text not in notes]
    except InputError as error:
        return Verdict(file, str(error).split("\n"), [])
    return Verdict(file, [], [str(text) for text in notes])
