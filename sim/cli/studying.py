"""A study made of sweeps in its folder, begun or gone on with: runs, tables, pictures, words.

Each verb that makes one has, in its module, ``answered(question, more, work)``, which runs and
analyses, and ``TABLES``, what it writes of the answer; ``sim.report`` has its words and pictures.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import options
from sim.cli.parsing import Parser, whole
from sim.cli.printing import note, say, say_json
from sim.errors import InputError, RefusedError

if TYPE_CHECKING:
    from sim.cli.recording import Recording
    from sim.scenario.scenario import Scenario
    from sim.studies.question import Question
    from sim.studies.study_folder import Study


def arguments(parser: Parser, replicates: int) -> None:
    """Add the options that these verbs share."""
    parser.add_argument(
        "--param", action="append", default=[], metavar="KEY=LOW:HIGH|A,B,C",
        help="a key and its range or values (repeatable; default: every parameter that is not "
        "fixed, over its plausible range)",
    )  # fmt: skip
    options.seed(parser)
    options.arms(parser)
    parser.add_argument("--baseline", metavar="ARM", help="arm to compare with")
    parser.add_argument(
        "-n", "--replicates", type=whole(1, options.MOST_RUNS), metavar="N",
        help=f"runs of both arms at every point (default {replicates})",
    )  # fmt: skip
    options.running(parser)


def asked(args: argparse.Namespace, scenario: Scenario, of: str, replicates: int) -> Question:
    """The question that the command line asks."""
    from sim.cli.design_options import split_params
    from sim.studies.question import ask

    options.check_arms(scenario, args.arms or [])
    if args.baseline:
        options.check_arms(scenario, [args.baseline], "--baseline")
    params = split_params(args.param, scenario)
    return ask(
        scenario, params, of, args.replicates or replicates, args.arms,
        args.baseline, args.engine, options.replay_command(args),
    )  # fmt: skip


def would_run(args: argparse.Namespace, question: Question, runs: int, most: bool) -> int:
    """Say how many runs and how long; do nothing."""
    from sim.cli.compare import seconds_for
    from sim.cli.progress import clock

    seconds = seconds_for(args, question.scenario, runs)
    if args.json:
        say_json({"runs": runs, "days": question.scenario.steps, "engine": args.engine,
                  "seconds": round(seconds, 1)})  # fmt: skip
    elif not args.quiet:
        say(f"would run {'at most ' if most else ''}{runs} runs of {question.scenario.steps} days "
            f"({args.engine} engine) in about {clock(seconds)}; nothing was done")  # fmt: skip
    return 0


def begin(args: argparse.Namespace, question: Question, more: Mapping[str, Any]) -> int:
    """Claim a folder, say what is asked, answer it."""
    from datetime import UTC, datetime

    from sim.cli.recording import claimed
    from sim.store import lock
    from sim.studies import study_folder

    if args.out is not None and study_folder.is_study(args.out):
        raise RefusedError(f"{args.out}: holds a study; `narrate resume {args.out}` goes on")
    folder = claimed(args, question.scenario, datetime.now(UTC))
    with lock.hold(folder):
        if study_folder.is_study(folder):  # another driver was quicker
            raise RefusedError(f"{folder}: holds a study; results are never overwritten")
        words = shlex.split(options.replay_command(args))[1:]
        origin = words if args.seed is None else [*words, "--seed", str(args.seed)]
        study_folder.begin(folder, study_folder.document(args.verb, question, more), origin)
        return _go(args, folder, study_folder.read(folder))


def go_on(args: argparse.Namespace) -> int:
    """Go on with the study of a folder; one that is whole is left as it is."""
    from sim.plugins import finding
    from sim.store import lock, manifest
    from sim.studies import study_folder

    finding.use(args.plugins)
    if args.replicates is not None:
        raise InputError("--replicates: a study keeps the number it was asked with")
    study = study_folder.read(args.folder)
    file = options.origin_file(args.folder, study.origin)
    study_folder.demand_unchanged(args.folder, study, file)
    if manifest.read(args.folder).get("status") in manifest.FINISHED and not _damage(args.folder):
        if args.json:
            say_json({"folder": str(args.folder), "done": True})
        elif not args.quiet:
            say(f"{args.folder}: the study is whole; nothing to do")
        return 0
    with lock.hold(args.folder):
        for line in _damage(args.folder) if not args.quiet else ():
            note(f"{line}; made anew")
        args.scenario = ""
        return _go(args, args.folder, study)


def redrawn(folder: Path) -> Path:
    """Draw the pictures of a study that is whole again; nothing is run."""
    from sim.report.asked import FIGURES
    from sim.store import lock, manifest
    from sim.studies import study_folder
    from sim.studies.question import Work

    if manifest.read(folder).get("status") not in manifest.FINISHED or _damage(folder):
        raise InputError(f"{folder}: the study is not whole; `narrate resume {folder}` first")
    study = study_folder.read(folder)
    with lock.hold(folder):
        verb = import_module(f"sim.cli.{study.verb}")
        done = verb.answered(study.question, study.more, Work(folder))
        import_module(f"sim.report.{study.verb}").write(done, folder, _facts(done))
    return folder / FIGURES


def _facts(done: Any) -> dict[str, str]:
    """Where a picture's numbers come from."""
    arms = [arm for arm in dict.fromkeys((done.baseline, done.arm)) if arm]
    return {"scenario": done.scenario.name, "arms": ", ".join(arms), "of": done.of,
            "seed": str(done.scenario.seed)}  # fmt: skip


def _damage(folder: Path) -> list[str]:
    """What is not as it was written in the folder and in those of its sweeps."""
    from sim.running.sweeps import sweep_folder
    from sim.store.verifying import damaged_files

    found = damaged_files(folder)
    for place in sorted(path for path in folder.iterdir() if sweep_folder.is_sweep(path)):
        found += [f"{place.name}/{line}" for line in damaged_files(place)]
        found += [f"{place.name}/{path.name}: {why}"
                  for path, why in sweep_folder.read(place).state().bad]  # fmt: skip
    return found


def _go(args: argparse.Namespace, folder: Path, study: Study) -> int:
    from sim.cli.compilation import tell_of_compilation
    from sim.cli.progress import Progress
    from sim.cli.recording import closing, stop_with, stoppable
    from sim.store import manifest
    from sim.studies import study_folder
    from sim.studies.question import Work

    question = study.question
    args.engine = question.engine
    recording = recorded(args, question.scenario, question.arm, question.baseline, folder,
                         study.sources)  # fmt: skip
    progress = Progress(0, args.progress and not args.quiet)
    if question.engine == "ensemble" and not args.quiet and args.cluster is None:
        tell_of_compilation()

    def ended(name: str, *sweep: Any) -> None:
        study_folder.write_sweep(folder / name, args.command, *sweep)

    work = Work(folder, args.jobs, args.cluster, progress, progress.expect, ended)
    verb = import_module(f"sim.cli.{study.verb}")
    kept = f"what was run is kept in {folder}; `narrate resume {folder}` goes on"
    with closing(recording, "the scenario, but no results, are"):
        with recording.timed("runs"), stoppable(lambda: True) as stopped:
            done = verb.answered(question, study.more, work)
        progress.close()
        if stopped:
            recording.finish({}, manifest.INTERRUPTED)
        else:
            write(args, recording, study.verb, done)
    stop_with(stopped, kept)
    return tell(args, recording, study.verb, done)


def recorded(
    args: argparse.Namespace, scenario: Scenario, arm: str, baseline: str,
    folder: Path | None = None, sources: Any = None,
) -> Recording:  # fmt: skip
    """The folder's recording; its pictures are drawn by :func:`write`."""
    from sim.cli.recording import Recording

    plain = argparse.Namespace(**{**vars(args), "report": False})
    arms = list(dict.fromkeys((baseline, arm))) if arm else []
    return Recording(plain, scenario, arms, baseline, folder, sources)


def write(args: argparse.Namespace, recording: Recording, verb: str, done: Any) -> None:
    """The tables, the pictures and the words of an answer, and the end of the manifest."""
    from sim.store import manifest

    with recording.timed("write"):
        for name in import_module(f"sim.cli.{verb}").TABLES:
            recording.table(name, getattr(done, name))
    if args.report:
        with recording.timed("report"):
            import_module(f"sim.report.{verb}").write(done, recording.folder, _facts(done))
    used = done.runs_done - done.failed
    counts = {"asked": done.runs_done, "used": used, "failed": done.failed}
    recording.finish(counts, manifest.ended(done.failed), of=done.of)


def tell(args: argparse.Namespace, recording: Recording, verb: str, done: Any) -> int:
    """Say what came out and where it is; 1 where runs failed."""
    folder = recording.folder
    if args.json:
        tables = {name: getattr(done, name).to_dict("records")
                  for name in import_module(f"sim.cli.{verb}").TOLD}  # fmt: skip
        say_json({"folder": str(folder), "scenario": recording.scenario.name, "of": done.of,
                  "runs": done.runs_done, "failed": done.failed, **tables})  # fmt: skip
    elif not args.quiet:
        say(f"{import_module(f'sim.report.{verb}').text_of(done)}\nResults: {folder}")
    return 1 if done.failed else 0
