"""The folder of a study made of sweeps: what is asked, and a folder for each sweep.

``study.json`` is written first and says all that the study needs, so that one that was stopped is
gone on with from the folder alone. Each sweep in it is an ordinary sweep's folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.errors import InputError, RefusedError
from sim.running.sweeps import identity
from sim.running.sweeps.driving import Asked
from sim.running.sweeps.keeping import Keep
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import identity as stored
from sim.store import manifest, tables
from sim.studies.question import Question
from sim.studies.sweep import tables_of
from sim.tables import frames
from sim.tables.columns import TABLES

FORMAT = 1


class Study(NamedTuple):
    """What a study's folder says that it is."""

    verb: str
    question: Question
    more: Mapping[str, Any]  # what the verb asks besides
    origin: tuple[str, ...]  # words of the command that reads the scenario from its file
    sources: pd.DataFrame


def is_study(folder: Path) -> bool:
    """Whether a study was begun in the folder."""
    return (folder / stored.STUDY).exists()


def document(verb: str, question: Question, more: Mapping[str, Any]) -> dict[str, Any]:
    """All that a study asks, as plain values."""
    given = {key: values if isinstance(values, str) else list(values)
             for key, values in question.parameters.items()}  # fmt: skip
    return {
        "format": FORMAT,
        "verb": verb,
        "scenario": question.scenario.to_dict(sources=True),
        "question": {
            "parameters": given,
            "of": question.of,
            "arm": question.arm,
            "baseline": question.baseline,
            "replicates": question.replicates,
            "engine": question.engine,
            "replay": question.replay,
        },
        "more": dict(more),
        "sources": frames.sources(question.scenario).values.tolist(),
    }


def begin(folder: Path, found: Mapping[str, Any], origin: Sequence[str] = ()) -> None:
    """Write what is asked, before anything else is there."""
    stored.write_identity(folder, {**found, "origin": list(origin)}, stored.STUDY)


def demand_same(folder: Path, found: Mapping[str, Any]) -> None:
    """Refuse to go on in a folder whose study asks something else."""
    known, _ = stored.read_identity(folder, stored.STUDY)
    changed = identity.changed({**known, "origin": []}, {**found, "origin": []})
    if changed:
        lines = ["holds a study that asks something else", *changed]
        raise RefusedError("\n".join(f"{folder}: {line}" for line in lines))


def read(folder: Path) -> Study:
    """What is asked, from the folder alone.

    Raises
    ------
    InputError
        Where no study was begun there, or by another format of this program.
    RefusedError
        Where the document is not as it was written.
    """
    known, _ = stored.read_identity(folder, stored.STUDY)
    if known.get("format") != FORMAT:
        raise InputError(f"{folder}: is a study of another format ({known.get('format')})")
    question = Question(scenario=Scenario.from_dict(known["scenario"]), **known["question"])
    columns = list(TABLES["sources"].columns)
    sources = pd.DataFrame(known["sources"], columns=columns)
    return Study(known["verb"], question, known["more"], tuple(known["origin"]), sources)


def demand_unchanged(folder: Path, study: Study, file: Scenario | None = None) -> None:
    """Refuse to go on where the scenario of the folder, or its ``file``, is another by now."""
    resolved = folder / folders.RESOLVED
    now = [("the scenario file", file)] if file is not None else []
    if resolved.exists():
        now.append((resolved.name, Scenario.from_yaml(resolved)))
    for place, scenario in now:
        was, is_now = ({"scenario": one.to_dict()} for one in (study.question.scenario, scenario))
        changed = identity.changed(was, is_now)
        if changed:
            lines = ["what was asked has changed; ask anew into another folder", *changed]
            raise RefusedError("\n".join(f"{folder}: {place}: {line}" for line in lines))


def write_sweep(
    folder: Path, command: Sequence[str], swept: Swept, keep: Keep, asked: Asked
) -> None:
    """Close the folder of a sweep of a study, as one that ``narrate sweep`` made."""
    found = tables_of(swept, keep, asked)
    folders.write_text(folder / folders.RESOLVED, swept.scenario.to_yaml())
    files = {folders.RESOLVED: manifest.sha256_of(folder / folders.RESOLVED)}
    for name, frame in {**found, "sources": frames.sources(swept.scenario)}.items():
        tables.write(folder, name, frame)
        path = tables.path_of(folder, name)
        files[path.name] = manifest.sha256_of(path)
    failed = len(found["failures"])
    done = keep.pairs * (1 + len(swept.arms))
    document = manifest.manifest(
        "sweep", command, scenario=swept.scenario.name, title=swept.scenario.title, inputs={},
        seed=swept.seed, arms=[swept.base, *swept.arms], baseline=swept.base,
        counts={"asked": done, "used": done - failed, "failed": failed},
        status=manifest.ended(failed), started=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        timings={}, more={"files": files, "points": len(swept.design), **asked.words()},
    )  # fmt: skip
    manifest.write(folder, document)
