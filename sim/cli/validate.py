"""Check scenarios, lessons and plug-ins of your own, and report all that is wrong.

    narrate validate mine.yaml
    narrate validate mine.yaml --set parity=0.5
    narrate validate --plugin mine.py:cautious mine.yaml
    narrate validate mine.yaml my_lessons/*.yaml

Every arm of a scenario is checked too. A value outside its usual range is accepted with a note. A
lesson is refused for what narrate serve would refuse; it may extend the scenarios that are named
with it. A plug-in named by --plugin sits the exam of sim.testing, and the files may name it. Where
nothing is wrong, a line is printed for each file. Exit code 2 where a file is refused, 1 where
only a plug-in fails its exam.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.cli import options
from sim.cli.parsing import Parser
from sim.cli.printing import complain, note_all, say, say_json
from sim.errors import InputError
from sim.scenario import shipped

if TYPE_CHECKING:
    from sim.plugins.outside import Outside
    from sim.scenario.layers import Files
    from sim.scenario.scenario import Scenario

REFUSED, FAILED = InputError.exit_code, 1  # a scenario file; a plug-in


class Verdict(NamedTuple):
    """What is to be said of one file or plug-in; it is in order where there are no errors."""

    file: str
    errors: list[str]
    notes: list[str]
    code: int  # the exit code where there are errors


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    about = "files of scenarios or lessons, or names of shipped ones"
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
        *_check_files(args.files, args.assignments),
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


def _check_files(files: Sequence[str], assignments: Sequence[str]) -> list[Verdict]:
    """Read the scenarios, then the lessons, which may extend them; told in the order given."""
    from sim.scenario.scenario import Scenario

    lessons = set(filter(_is_lesson, files))
    found: dict[str, Scenario] = {}
    taken: set[str] = set()  # names of lessons
    verdicts: dict[int, Verdict] = {}
    for place, file in sorted(enumerate(files), key=lambda each: each[1] in lessons):
        others = options.files_by_name(found)
        try:
            if file in lessons:
                _demand_servable(file, others, taken)
            scenario = Scenario.from_yaml(file, sets=assignments, others=others)
        except InputError as error:
            verdicts[place] = Verdict(file, str(error).split("\n"), [], REFUSED)
            continue
        if file not in lessons:
            found[file] = scenario
        notes = [*scenario.notes, *_unspent(scenario)]
        verdicts[place] = Verdict(file, [], notes, REFUSED)
    return [verdicts[place] for place in sorted(verdicts)]


def _unspent(scenario: Scenario) -> list[str]:
    """The notes on unspent effort in the base, and in each arm where they differ."""
    from sim.scenario.unspent_effort import unspent_notes

    found = unspent_notes(scenario)
    arms = {name: unspent_notes(scenario.arm(name)) for name in scenario.arms}
    return found + [
        f"{note}, in arm {name}" for name, own in arms.items() for note in own if note not in found
    ]


def _is_lesson(file: str) -> bool:
    """Whether a file can be read and is a lesson's."""
    from sim.scenario import lesson_file, reading

    try:
        return lesson_file.is_lesson(reading.read_file(shipped.locate(file) or Path(file), file))
    except InputError:
        return False  # it is refused where it is read as a scenario


def _demand_servable(file: str, others: Files, taken: set[str]) -> None:
    """Refuse a lesson that the page would refuse.

    Parameters
    ----------
    file
        Of the lesson.
    others
        Files of the scenarios that it may extend besides those beside it.
    taken
        Names of lessons before it; its own is added.

    Raises
    ------
    InputError
        With all that is wrong.
    """
    from sim.lessons.reading import name_twice, read_lesson
    from sim.page.catalogue import demand_compiled, demand_small_seed

    lesson = read_lesson(shipped.locate(file) or Path(file), others=others)
    demand_small_seed(lesson.scenario, file)
    demand_compiled([lesson.scenario])
    if lesson.name in taken:
        raise InputError(name_twice(lesson, file))
    taken.add(lesson.name)
