"""What the verbs of studies made of sweeps share: options, the folder, words.

The study itself is in ``sim.studies``: its module has ``answer``, which runs and analyses.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import note_all, say_result
from sim.errors import RefusedError
from sim.scenario.error_texts import count_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.running.sweeps.swept import Swept
    from sim.scenario.scenario import Scenario
    from sim.studies.question import Question
    from sim.studies.study_folder import StoredStudy
    from sim.studies.sweep_study import SweepAnswer


def arguments(parser: Parser, replicates: int) -> None:
    """Add the options that these verbs share."""
    about = (
        "a key and its range or values (default: every parameter that is not fixed, over its "
        "plausible range)"
    )
    parser.repeatable("--param KEY=LOW:HIGH|A,B,C", about)
    options.compared(parser)
    about = f"runs of both arms at every point (default {replicates})"
    parser.option("-n --replicates N", about, whole(1))
    options.running(parser)


def ask_question(
    args: argparse.Namespace, scenario: Scenario, of: str, replicates: int
) -> Question:
    """Return the question that the command line asks."""
    from sim.cli.design_options import split_params
    from sim.studies.question import ask

    options.check_compared(args, scenario)
    ranges, command = split_params(args.param, scenario), options.replay_command(args)
    pairs = args.replicates or replicates
    return ask(scenario, ranges, of, pairs, args.arms, args.baseline, args.engine, command)


def would_run(
    args: argparse.Namespace, question: Question, swept: Swept, runs: int, most: bool
) -> int:
    """Say how many runs, how long and how much disk; do nothing. ``swept`` is its first sweep."""
    from sim.cli.compare import say_plan
    from sim.running.sizes import sweep_size
    from sim.running.sweeps.swept import day_range

    size = sweep_size(swept, runs // (1 + len(swept.arms)), args.report)
    said = f"{'at most ' if most else ''}{count_of(runs, 'run')}"
    return say_plan(args, question.scenario, {"runs": runs}, said, runs, size, day_range(swept))


def begin(args: argparse.Namespace, question: Question, more: Mapping[str, Any]) -> int:
    """Claim a folder, write what is asked, answer it."""
    from sim.store import lock
    from sim.store.recorder import claim_folder
    from sim.studies import study_folder

    if args.out is not None and study_folder.is_study(args.out):
        raise RefusedError(f"{args.out}: holds a study; `narrate resume {args.out}` goes on")
    folder = claim_folder(question.scenario, args.out)
    with lock.hold(folder):
        if study_folder.is_study(folder):  # another driver was quicker
            raise RefusedError(f"{folder}: holds a study; results are never overwritten")
        document = study_folder.describe_question(args.verb, question, more)
        study_folder.begin(folder, document, options.origin(args))
        return _run(args, folder, study_folder.read_study(folder))


def resume(args: argparse.Namespace) -> int:
    """Continue the study of a folder; one that is whole is left as it is."""
    from sim.store import lock
    from sim.studies import study_folder
    from sim.studies.resuming import is_whole

    folder = args.folder
    known = study_folder.read_study(folder)
    stored = study_folder.with_replicates(folder, known, args.replicates)
    study_folder.demand_unchanged(folder, stored, options.origin_file(folder, stored.origin))
    more = stored.question.replicates > study_folder.replicates_by_now(folder, known)
    if is_whole(folder) and not more:
        said = f"{folder}: the study is whole; nothing to do"
        say_result(args, lambda: {"folder": str(folder), "done": True}, lambda: said)
        return 0
    with lock.hold(folder):
        note_all(args, (f"{line}; made anew" for line in study_folder.find_damage(folder)))
        args.scenario = options.origin_name(stored.origin)
        return _run(args, folder, stored)


def _run(args: argparse.Namespace, folder: Path, stored: StoredStudy) -> int:
    from sim.cli.compare import runs_a_second
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.running.sizes import DRAW_SWEEP
    from sim.studies.question import Work
    from sim.studies.resuming import continue_study

    usual = runs_a_second(stored.question.engine, stored.question.scenario)
    progress = Progress(0, args.progress and not args.quiet, usual, DRAW_SWEEP * args.report)
    tell_of_compilation(args, stored.question.engine)
    request = replace(options.request(args), verb=stored.verb)
    work = Work(folder, args.jobs, args.cluster, progress, progress.expect)
    answer = continue_study(folder, stored, request, work, args.report, progress.close)
    return tell(args, folder, answer)


def tell(args: argparse.Namespace, folder: Path, answer: SweepAnswer) -> int:
    """Say what came out and where it is; return 1 where runs failed."""
    facts = {
        "folder": str(folder),
        "scenario": answer.scenario.name,
        "of": answer.of,
        "runs": answer.runs_done,
        "failed": answer.failed,
        "missing": [gap._asdict() for gap in answer.gaps],
    }
    tables = {name: answer.frames[name] for name in answer.json_tables}
    say_result(
        args,
        lambda: facts | {name: table.to_dict("records") for name, table in tables.items()},
        lambda: f"{answer.summary()}\nResults: {folder}",
    )
    return 1 if answer.failed else 0
