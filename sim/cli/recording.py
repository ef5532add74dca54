"""A verb's run folder from start to end: claimed first, its manifest last."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import MachineError
from sim.scenario import shipped
from sim.store import folder as folders
from sim.store import manifest, tables
from sim.store.hashing import TableHash, frame_hash, joined_hash
from sim.tables import frames

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Recording:
    """What a verb writes. The manifest says ``running`` until ``finish``.

    Without a ``folder`` a new one is claimed; ``sources`` are those of the scenario otherwise.
    ``more`` stands in the manifest from the first on.
    """

    def __init__(
        self, args: argparse.Namespace, scenario: Scenario, arms: Sequence[str], baseline: str,
        folder: Path | None = None, sources: pd.DataFrame | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.args, self.scenario = args, scenario
        self.arms, self.baseline = list(arms), baseline
        self.timings: dict[str, float] = {}
        self.hashes: dict[str, str] = {}  # of tables, by what they say
        self.files: dict[str, str] = {}  # of files, by their bytes
        self.more = dict(more or {})
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()
        # all that can go wrong with the scenario goes wrong before there is a folder
        resolved = scenario.to_yaml()
        sources = frames.sources(scenario) if sources is None else sources
        self.folder = folder or claimed(args, scenario, self.started)
        self._write_manifest(manifest.RUNNING, {}, {})
        folders.write_text(self.folder / folders.RESOLVED, resolved)
        self.files[folders.RESOLVED] = manifest.sha256_of(self.folder / folders.RESOLVED)
        self.table("sources", sources)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note how long a stage took."""
        before = time.monotonic()
        yield
        self.timings[stage] = round(time.monotonic() - before, 3)

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Write one table of the folder."""
        tables.write(self.folder, name, frame)
        self._note(name, frame_hash(name, frame))

    @contextmanager
    def growing(self, name: str) -> Iterator[Callable[[pd.DataFrame], None]]:
        """Write one table piece by piece; it is there when the block has ended well."""
        digest = TableHash(name)

        with tables.growing(self.folder, name) as append:

            def add(frame: pd.DataFrame) -> None:
                append(frame)
                digest.add(frame)

            yield add
        self._note(name, digest.hexdigest())

    def _note(self, name: str, said: str) -> None:
        self.hashes[name] = said
        path = tables.path_of(self.folder, name)
        self.files[path.name] = manifest.sha256_of(path)

    def finish(
        self, counts: Mapping[str, int], status: str = manifest.COMPLETE, **more: Any
    ) -> None:
        """Write the manifest, draw the report where one can be drawn, close the manifest.

        What was interrupted is not drawn: who stops a program does not want to wait.
        """
        # the report reads the manifest, so that it must say what was done before it is drawn
        drawn, draws = None, self.args.report and status != manifest.INTERRUPTED
        report = manifest.DRAWING if draws else None
        self._write_manifest(status, counts, more | {"report": report})
        if draws:
            with self.timed("report"):
                drawn = draw(self.folder)
        more["report"] = drawn.name if drawn else None
        self._write_manifest(status, counts, more)

    def close(self, status: str) -> None:
        """Close a folder that was not finished."""
        self._write_manifest(status, {}, {})

    def _write_manifest(
        self, status: str, counts: Mapping[str, int], more: Mapping[str, Any]
    ) -> None:
        self.timings["total"] = round(time.monotonic() - self._clock, 3)
        document = manifest.manifest(
            self.args.verb,
            self.args.command,
            scenario=self.scenario.name,
            title=self.scenario.title,
            inputs=inputs(self.args.scenario),
            seed=self.scenario.seed,
            arms=self.arms,
            baseline=self.baseline,
            counts=counts,
            status=status,
            started=self.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            timings=self.timings,
            more={
                "engine": getattr(self.args, "engine", "mesa"),
                "files": self.files,
                "scenario_sha256": self.scenario.sha256(),
                "content_sha256": joined_hash(self.hashes) if counts else None,
                **self.more,
                **more,
            },
        )
        manifest.write(self.folder, document)


def claimed(args: argparse.Namespace, scenario: Scenario, now: datetime) -> Path:
    """A new folder for results, by the name of the scenario or as ``--out`` says."""
    return folders.create(scenario.name, scenario.sha256(), now, args.out)


def inputs(scenario: str) -> dict[str, str]:
    """The scenario file and its SHA-256; nothing where it is not known."""
    if not scenario:
        return {}
    file = shipped.located(scenario) or Path(scenario)
    return {file.name: manifest.sha256_of(file)}


def draw(folder: Path) -> Path | None:
    """Draw figures and report.html, or nothing where this installation has no report."""
    try:
        from sim.report import write
    except ModuleNotFoundError:
        return None
    return write(folder)


@contextmanager
def stoppable(kept: Callable[[], int]) -> Iterator[list[BaseException]]:
    """Let SIGINT and SIGTERM end the block, not the verb, where something is ``kept`` by then.

    The list then holds the signal's exception, for :func:`stop_with`.
    """
    from sim.cli.signals import Terminated

    stopped: list[BaseException] = []
    try:
        yield stopped
    except (KeyboardInterrupt, Terminated) as stop:
        if not kept():
            raise
        stopped.append(stop)


def stop_with(stopped: Sequence[BaseException], kept: str) -> None:
    """Where a block was stopped, go on stopping and say what is kept."""
    for stop in stopped:
        raise type(stop)(kept)


@contextmanager
def closing(recording: Recording, done: str) -> Iterator[None]:
    """Close the folder whatever happens; on SIGINT or SIGTERM hand on what is kept."""
    from sim.cli.signals import Terminated

    try:
        yield
    except (KeyboardInterrupt, Terminated) as stopped:
        recording.close(manifest.INTERRUPTED)
        raise type(stopped)(f"{done} kept in {recording.folder}") from None
    except Exception:
        # a full disk may refuse the manifest too; what went wrong first is what to report
        with suppress(MachineError):
            recording.close(manifest.FAILED)
        raise
