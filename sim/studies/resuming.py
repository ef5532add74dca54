"""Continue a study made of sweeps from its folder alone, or draw it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim.errors import InputError
from sim.store import lock, manifest
from sim.store.recorder import Request
from sim.studies import discover, sensitivity, study_folder, tournament
from sim.studies.answer import draw_report
from sim.studies.question import Work
from sim.studies.sweep_study import SweepAnswer, run_study_in_folder

ANSWERS = {
    "sensitivity": sensitivity.answer,
    "discover": discover.answer,
    "tournament": tournament.answer,
}


def answer_stored(stored: study_folder.StoredStudy, request: Request, work: Work) -> SweepAnswer:
    """Answer the question of a study's folder; only runs that are missing are made."""
    verb = replace(request, verb=stored.verb)
    return ANSWERS[stored.verb](stored.question, stored.options, work, verb)


def continue_study(
    folder: Path,
    stored: study_folder.StoredStudy,
    request: Request,
    work: Work,
    report: bool = True,
    runs_end: Callable[[], None] | None = None,
) -> SweepAnswer:
    """Run what is missing of a study in its folder, which is held, and write what came out."""
    own = replace(request, engine=stored.question.engine)
    return run_study_in_folder(
        folder,
        stored.question,
        stored.sources,
        lambda work: answer_stored(stored, own, work),
        own,
        work,
        report,
        runs_end,
    )


def is_whole(folder: Path) -> bool:
    """Whether a study is finished and every file of it is as it was written."""
    known = manifest.read_manifest(folder)
    finished = known.get("status") in manifest.FINISHED
    return (
        finished
        and known.get("report") != manifest.DRAWING  # killed meanwhile
        and not study_folder.find_damage(folder)
    )


def redraw_study(folder: Path) -> Path:
    """Draw the pictures of a whole study again; nothing is run. Return the file of its words.

    Raises
    ------
    InputError
        Where the study is not whole.
    """
    if not is_whole(folder):
        raise InputError(f"{folder}: the study is not whole; `narrate resume {folder}` first")
    if study_folder.verb_of(folder) in study_folder.DRAWN_FROM_TABLES:
        return draw_report(folder)
    stored = study_folder.read_study(folder)
    with lock.hold(folder):
        found = answer_stored(stored, Request(stored.verb, ()), Work(folder))
        path = found.draw(folder)
    return path or folder
