"""Check the program: statements with known answers, patterns of a crisis, what lessons state.

    narrate check
    narrate check kashmir_2019 --samples 100 --outcomes outcomes.csv
    narrate check mine.yaml --lessons my_lessons

Patterns are asked of the scenario that is named. One that needs what it does not have, such as an
event, is listed with the reason, and neither passes nor fails. A pattern is judged by the share of
draws of the parameters in which it holds, and so is what a lesson states. Exit code 1 when a
statement with a known answer fails. A pattern that fails, or a statement of a lesson, is a
finding, not an error. So is an effect whose size is off, beside those that were published.
"""

from __future__ import annotations

import argparse

from sim.cli import options
from sim.cli.parsing import Parser, path, whole
from sim.cli.printing import note_all, say_result


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    options.scenario_name(parser)
    about = (
        "draws of the parameters for the patterns, and for the lessons (default 2000 and 300; "
        "fewer are quicker and less sure)"
    )
    parser.option("--samples N", about, whole(1, 1_000_000))
    about = "coded stances of the scenario's audiences, for P15 (see narrate hindcast)"
    parser.option("--outcomes FILE", about, path)
    about = "a folder with lessons of your own; they are checked in place of the shipped ones"
    parser.option("--lessons DIR", about, path)
    options.progress(parser)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Run the checks and print them; return 1 where a statement with a known answer fails."""
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import stages
    from sim.lessons.reading import lessons_of_folder, read_lessons
    from sim.lessons.statements import DRAWS, check_lessons
    from sim.scenario.scenario import Scenario
    from sim.verification.check import SAMPLES, check

    scenario = Scenario.from_yaml(args.scenario)
    note_all(args, scenario.notes)
    others = options.files_by_name({args.scenario: scenario})
    lessons = lessons_of_folder(args.lessons, others) if args.lessons else read_lessons()
    tell_of_compilation(args)
    with stages(args.progress and not args.quiet) as progress:
        samples = args.samples or SAMPLES
        done = check(samples=samples, progress=progress, outcomes=args.outcomes, scenario=scenario)
        of_lessons = check_lessons(lessons, args.samples or DRAWS, progress)
    say_result(
        args,
        lambda: {**done.to_dict(), "lessons": [one.to_dict() for one in of_lessons]},
        lambda: "\n".join(filter(None, [done.text(), *map(str, of_lessons)])),
    )
    return int(done.has_failures)
