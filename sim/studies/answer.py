"""What every study returns: tables, words, a picture, and a run folder of all three.

A study is one file of this folder. It says what is asked, makes the runs (``sim.running``), and
returns a :class:`StudyAnswer`: its ``frames`` by name, its ``facts`` for the manifest, its words
and pictures (``sim.report``). The command line and the Python interface write it with the same
``write_into``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.scenario.scenario import Scenario
from sim.store import manifest, tables
from sim.store.folder import machine_error
from sim.store.recorder import Draw, Recorder, Request
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class StudyAnswer(ABC):
    """The answer of a study.

    Attributes
    ----------
    request
        How it was asked for.
    scenario
        What was run, arms included.
    baseline
        The arm that the others are compared with; "" without one.
    """

    request: Request
    scenario: Scenario
    baseline: str

    @property
    @abstractmethod
    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables by name, as docs/columns.md describes them."""

    @property
    @abstractmethod
    def named_arms(self) -> Sequence[str]:
        """Every arm of the study, the baseline first where there is one."""

    @property
    @abstractmethod
    def counts(self) -> dict[str, int]:
        """Runs ``asked``, ``used`` and ``failed``."""

    @property
    def early_facts(self) -> Mapping[str, Any]:
        """What the manifest tells from the start."""
        return {}

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the manifest tells at the end."""
        return {}

    def summary(self) -> str:
        """Return the results in plain words, as the command line prints them."""
        from sim.report.words import results_text

        return results_text(self.results())

    @abstractmethod
    def plot(self) -> Figure | dict[str, Figure]:
        """Return the picture of the answer, or its pictures by name."""

    def write_into(self, recorder: Recorder) -> None:
        """Write the tables into a recorder's folder, and finish it."""
        with recorder.timed("write"):
            recorder.write_tables(self.frames)
        self.finish(recorder)

    def draw(self, folder: Path) -> Path | None:
        """Draw figures and report of the answer's folder; return the file of the report."""
        return draw_report(folder)

    def results(self) -> Results:
        """Return what a run folder of this answer would say, without writing one."""
        return self._results

    @cached_property
    def _results(self) -> Results:
        """Made once: words and pictures remember in it what they have looked up."""
        known = {
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "arms": list(self.named_arms),
            "baseline": self.baseline,
            "seed": self.scenario.seed,
            "versions": manifest.versions(),
            "git": manifest.checkout(),
        }
        return Results(self.frames, {**known, **self.early_facts, **self.facts}, self.scenario)

    def save(self, folder: str | Path, report: bool = True) -> Path:
        """Write a run folder, as the command line does.

        Parameters
        ----------
        folder
            New or empty.
        report
            Also draw the figures and ``report.html``.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        RefusedError
            Where the folder holds files.
        MachineError
            Where it cannot be written to.
        """
        recorder = self.begin_recorder(Path(folder), draw=self.draw if report else None)
        with recorder.closing():
            self.write_into(recorder)
        return recorder.folder

    def begin_recorder(
        self, out: Path | None, draw: Draw | None, sources: pd.DataFrame | None = None
    ) -> Recorder:
        """Claim a folder for this answer: ``out``, or a new one of ``results/``."""
        return Recorder(
            self.request,
            self.scenario,
            self.named_arms,
            self.baseline,
            out=out,
            sources=sources,
            facts=self.early_facts,
            draw=draw,
        )

    def finish(self, recorder: Recorder, status: str = "") -> None:
        """Close the folder; the status follows from the runs that failed, unless it is given."""
        counts = self.counts
        status = status or manifest.final_status(counts["failed"])
        recorder.finish(counts, status, **self.facts)

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table into a folder as Parquet. Files of the same name are replaced.

        Returns
        -------
        Path
            The folder.
        """
        place = Path(folder)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise machine_error(place, error) from error
        for name, frame in self.frames.items():
            tables.write_parquet(place / f"{name}.parquet", frame)
        return place


def draw_report(folder: Path) -> Path:
    """Draw the figures and ``report.html`` of a run folder; what draws is loaded only then."""
    from sim.report.writing import write_report

    return write_report(folder)
