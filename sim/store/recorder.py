"""The one writer of run folders: claimed first, its manifest last.

Every verb of the command line and every ``save`` of the Python interface writes through
:class:`Recorder`. What the folder says is read by ``sim.store.results``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import MachineError, Terminated
from sim.scenario import shipped
from sim.store import folder as folders
from sim.store import manifest, tables
from sim.store.hashing import TableHash, frame_hash, joined_hash
from sim.tables import frames

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Draw = Callable[[Path], Path | None]


@dataclass(frozen=True)
class Request:
    """How a study was asked for, as the manifest tells it.

    Attributes
    ----------
    verb
        The verb of the command line, or the function of ``sim`` with the same name.
    command
        The words of the command line, or the name of the function.
    file
        The scenario as it was named: a path, the name of a shipped one, or "".
    engine
        The engine that runs it.
    """

    verb: str
    command: tuple[str, ...]
    file: str = ""
    engine: str = "ensemble"

    def inputs(self) -> dict[str, str]:
        """The scenario file and its SHA-256; nothing where it is not known."""
        if not self.file:
            return {}
        file = shipped.locate(self.file) or Path(self.file)
        return {file.name: manifest.sha256_of(file)}


class Recorder:
    """Writes one run folder. The manifest says ``running`` until :meth:`finish`.

    Parameters
    ----------
    request
        How the study was asked for.
    scenario
        What was run; it is written as ``scenario.resolved.yaml``.
    arms, baseline
        The arms of the study, the baseline first where there is one.
    folder
        A folder that is claimed already. Without it, ``out`` is claimed, or a new folder of
        ``results/``.
    sources
        The table of sources, where it is not the scenario's own.
    facts
        What stands in the manifest from the start, beside what every manifest has.
    draw
        Draws the report into a finished folder and returns its file; None draws nothing.

    Raises
    ------
    RefusedError
        Where ``out`` holds files.
    MachineError
        Where the folder cannot be written to.
    """

    def __init__(
        self,
        request: Request,
        scenario: Scenario,
        arms: Sequence[str],
        baseline: str,
        *,
        folder: Path | None = None,
        out: Path | None = None,
        sources: pd.DataFrame | None = None,
        facts: Mapping[str, Any] | None = None,
        draw: Draw | None = None,
    ) -> None:
        self.request, self.scenario = request, scenario
        self.arms, self.baseline = list(arms), baseline
        self.draw = draw
        self.timings: dict[str, float] = {}
        self._hashes: dict[str, str] = {}  # of tables, by what they say
        self._files: dict[str, str] = {}  # of files, by their bytes
        self._facts = dict(facts or {})
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()
        # all that can go wrong with the scenario goes wrong before there is a folder
        resolved, self._scenario_sha256 = scenario.to_yaml(), scenario.sha256()
        sources = frames.sources(scenario) if sources is None else sources
        self.folder = folder or claim_folder(scenario, out)
        self._write_manifest(manifest.RUNNING, {}, {})
        folders.write_text(self.folder / folders.RESOLVED, resolved)
        self._files[folders.RESOLVED] = manifest.sha256_of(self.folder / folders.RESOLVED)
        self.write_table("sources", sources)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note how long a stage took."""
        before = time.monotonic()
        yield
        self.timings[stage] = round(time.monotonic() - before, 3)

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        """Write one table of the folder, under its declared file names."""
        self._note_table(name, frame_hash(name, frame), tables.write(self.folder, name, frame))

    def write_tables(self, found: Mapping[str, pd.DataFrame]) -> None:
        """Write several tables, in their order."""
        for name, frame in found.items():
            self.write_table(name, frame)

    @contextmanager
    def growing_table(self, name: str) -> Iterator[Callable[[pd.DataFrame], None]]:
        """Write one table piece by piece. Its file is there when the block has ended well."""
        digest = TableHash(name)

        with tables.growing(self.folder, name) as append:

            def add(frame: pd.DataFrame) -> None:
                append(frame)
                digest.add(frame)

            yield add
        self._note_table(name, digest.hexdigest(), [tables.path_of(self.folder, name)])

    def _note_table(self, name: str, content: str, files: Sequence[Path]) -> None:
        self._hashes[name] = content
        self._files |= {path.name: manifest.sha256_of(path) for path in files}

    def finish(
        self, counts: Mapping[str, int], status: str = manifest.COMPLETE, **facts: Any
    ) -> None:
        """Write the manifest, draw the report if one is wanted, close the manifest.

        What was interrupted is not drawn: who stops a program does not want to wait.

        Parameters
        ----------
        counts
            Runs by ``asked``, ``used`` and ``failed``.
        status
            One of the words of ``sim.store.manifest``.
        **facts
            What the manifest tells besides.
        """
        # the report reads the manifest, so that it must say what was done before it is drawn
        draw = None if status == manifest.INTERRUPTED else self.draw
        drawing = manifest.DRAWING if draw else None
        self._write_manifest(status, counts, facts | {"report": drawing})
        drawn = None
        if draw is not None:
            with self.timed("report"):
                drawn = draw(self.folder)
        self._write_manifest(status, counts, facts | {"report": drawn.name if drawn else None})

    @contextmanager
    def closing(self, kept: str = "the scenario, but no results, are") -> Iterator[None]:
        """Close the folder whatever happens in the block.

        On SIGINT or SIGTERM the exception tells that ``kept`` is kept, and where.
        """
        try:
            yield
        except (KeyboardInterrupt, Terminated) as stopped:
            self._write_manifest(manifest.INTERRUPTED, {}, {})
            raise type(stopped)(f"{kept} kept in {self.folder}") from None
        except Exception:
            # a full disk may refuse the manifest too; what went wrong first is what to report
            with suppress(MachineError):
                self._write_manifest(manifest.FAILED, {}, {})
            raise

    def _write_manifest(
        self, status: str, counts: Mapping[str, int], facts: Mapping[str, Any]
    ) -> None:
        self.timings["total"] = round(time.monotonic() - self._clock, 3)
        request, scenario = self.request, self.scenario
        document = {
            "verb": request.verb,
            "command": list(request.command),
            "scenario": scenario.name,
            "title": scenario.title,
            "arms": self.arms,
            "baseline": self.baseline,
            "seed": scenario.seed,
            "counts": dict(counts),
            "status": status,
            "inputs": request.inputs(),
            "engine": request.engine,
            "scenario_sha256": self._scenario_sha256,
            **manifest.describe_program(),
            "started": self._started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "timings": self.timings,
            "files": self._files,
            "content_sha256": joined_hash(self._hashes) if counts else None,
            **self._facts,
            **facts,
        }
        manifest.write_manifest(self.folder, document)


def claim_folder(scenario: Scenario, out: Path | None = None) -> Path:
    """Claim ``out``, or a new folder of ``results/`` by the scenario's name and content."""
    return folders.create(scenario.name, scenario.sha256(), datetime.now(UTC), out)
