"""A study made of sweeps: its answer, and its folder with a folder for each sweep.

``sensitivity`` and ``discover`` are such studies. A stopped one continues from its folder alone
(``sim.studies.resuming``).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pandas as pd

from sim.running.stopping import raise_stop, stop_softly
from sim.running.sweeps.missing import MissingOutcome
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import lock, manifest
from sim.store.recorder import Recorder, Request
from sim.studies import study_folder
from sim.studies.answer import StudyAnswer
from sim.studies.question import FinishedSweep, Question, Work
from sim.studies.sweep import Sweep, describe_sweep

A = TypeVar("A", bound="SweepAnswer")


@dataclass(frozen=True, eq=False)
class SweepAnswer(StudyAnswer):
    """The answer of a study made of sweeps.

    Attributes
    ----------
    question
        What was asked; None of a sweep that was done already.
    of
        The column of ``runs`` that was asked of.
    arm
        The arm beside the baseline; "" without arms.
    sweeps
        The sweeps that were done for it, with their rows.
    failed
        Runs that failed.
    """

    table_names: ClassVar[tuple[str, ...]]
    json_tables: ClassVar[tuple[str, ...]]  # those that ``--json`` prints

    request: Request
    question: Question | None
    scenario: Scenario
    of: str
    arm: str
    baseline: str
    sweeps: tuple[FinishedSweep, ...]
    failed: int

    @property
    def early_facts(self) -> Mapping[str, Any]:
        """Replicates at every point, where it was asked as a study."""
        return {"replicates": self.question.replicates} if self.question else {}

    @property
    @abstractmethod
    def options(self) -> Mapping[str, Any]:
        """What the verb asks besides the question, as plain values."""

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {name: getattr(self, name) for name in self.table_names}

    @property
    def named_arms(self) -> Sequence[str]:
        """The baseline and the arm; none without arms."""
        return list(dict.fromkeys((self.baseline, self.arm))) if self.arm else []

    @property
    def runs_done(self) -> int:
        """Runs that the sweeps have made."""
        return sum(one.keep.pairs * (1 + len(one.swept.arms)) for one in self.sweeps)

    @property
    def counts(self) -> dict[str, int]:
        """Runs asked for, used and failed."""
        done, failed = self.runs_done, self.failed
        return {"asked": done, "used": done - failed, "failed": failed}

    @property
    @abstractmethod
    def gaps(self) -> Sequence[MissingOutcome]:
        """Where runs of its sweeps that went well have no such outcome."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The column that was asked of, and where it is missing."""
        return {"of": self.of, "missing": [gap._asdict() for gap in self.gaps]}

    @property
    def picture_facts(self) -> dict[str, str]:
        """Where a picture's numbers come from."""
        return {
            "scenario": self.scenario.name,
            "arms": ", ".join(self.named_arms),
            "of": self.of,
            "seed": str(self.scenario.seed),
        }

    def save(self, folder: str | Path, report: bool = True) -> Path:
        """Write a folder of the study and of its sweeps, as the command line does.

        ``narrate resume`` knows it too.
        """
        if self.question is None:
            return super().save(folder, report)
        place = folders.claim(Path(folder))
        document = study_folder.describe_question(self.request.verb, self.question, self.options)
        with lock.hold(place):
            study_folder.begin(place, document, study_folder.origin_of(self.question))
            for one in self.sweeps:
                inner = folders.claim(place / one.name)
                _as_sweep(one, self.request).save_into(inner, draw=None)
            recorder = Recorder(
                self.request,
                self.scenario,
                self.named_arms,
                self.baseline,
                folder=place,
                facts=self.early_facts,
                draw=self.draw if report else None,
            )
            with recorder.closing():
                self.write_into(recorder)
        return place


def answer_in_place(
    folder: str | Path | None,
    question: Question,
    options: Mapping[str, Any],
    answer: Callable[[Work], A],
    request: Request,
    work: Work,
    report: bool,
    origin: Sequence[str],
) -> A:
    """Answer in memory, or in a folder: begun if it is new, continued if it asks the same.

    Parameters are those of :func:`run_study_in_folder`, and

    Parameters
    ----------
    folder
        As ``sim.sensitivity`` and ``sim.discover`` take it.
    options
        What the verb asks besides the question.
    origin
        The words of a command that reads the scenario.
    """
    if folder is None:
        return answer(work)
    place = Path(folder)
    document = study_folder.describe_question(request.verb, question, options)
    if not study_folder.is_study(place):
        folders.claim(place)
    with lock.hold(place):
        if study_folder.is_study(place):
            study_folder.demand_same(place, document)
        else:
            study_folder.begin(place, document, origin)
        return run_study_in_folder(place, question, None, answer, request, work, report)


def run_study_in_folder(
    place: Path,
    question: Question,
    sources: pd.DataFrame | None,
    answer: Callable[[Work], A],
    request: Request,
    work: Work,
    report: bool,
    runs_end: Callable[[], None] | None = None,
) -> A:
    """StudyAnswer a question in the folder of its study, which is held, and write what came out.

    Parameters
    ----------
    sources
        The table of sources, where it is not the scenario's own.
    answer
        Runs what is missing, and analyses.
    report
        Also draw pictures and words.
    runs_end
        Is called when the runs are over and the tables are still to be written.

    Raises
    ------
    KeyboardInterrupt, Terminated
        Where the study was stopped; the text says how to continue.
    """
    recorder = Recorder(
        request,
        question.scenario,
        question.named_arms,
        question.baseline,
        folder=place,
        sources=sources,
        facts={"replicates": question.replicates},
    )

    def close_sweep(finished: FinishedSweep) -> None:
        _close_folder(place / finished.name, finished, request)

    with recorder.closing():
        with recorder.timed("runs"), stop_softly(lambda: True, place) as stopped:
            found = answer(work._replace(folder=place, ended=close_sweep))
        if runs_end is not None:
            runs_end()
        if stopped:
            recorder.finish({}, manifest.INTERRUPTED)
        else:
            recorder.draw = found.draw if report else None
            found.write_into(recorder)
    raise_stop(stopped, f"what was run is kept in {place}; `narrate resume {place}` goes on")
    return found


def _close_folder(place: Path, finished: FinishedSweep, request: Request) -> None:
    """Write the tables of a sweep of a study, as those of one that ``narrate sweep`` made."""
    sweep = _as_sweep(finished, request)
    recorder = Recorder(
        sweep.request,
        sweep.scenario,
        sweep.named_arms,
        sweep.baseline,
        folder=place,
        facts=sweep.early_facts,
    )
    with recorder.closing():
        sweep.write_into(recorder)


def _as_sweep(finished: FinishedSweep, request: Request) -> Sweep:
    _, swept, keep, asked = finished
    tables = describe_sweep(swept, keep, asked)
    own = Request("sweep", request.command, "", request.engine)
    return Sweep(own, swept, keep, asked, tables, request.engine)
