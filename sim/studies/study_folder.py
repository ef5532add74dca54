"""The folder of a study made of sweeps: what is asked, and a folder for each sweep.

``study.json`` is written first and says all that the study needs, so that a stopped one continues
from the folder alone. Each sweep in it is an ordinary sweep's folder.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.errors import InputError, RefusedError
from sim.running.sweeps import identity, sweep_folder
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import identity as stored
from sim.store import manifest
from sim.store.verifying import damaged_files
from sim.studies.question import Question
from sim.tables import frames
from sim.tables.columns import TABLES

FORMAT = 1
EXTENDED = ("tournament",)  # verbs whose studies may have more replicates than they began with

DRAWN_FROM_TABLES = ("tournament",)  # verbs whose report needs nothing but the folder's tables


class StoredStudy(NamedTuple):
    """What a study's folder says that it is.

    Attributes
    ----------
    options
        What the verb asks besides the question.
    origin
        Words of the command that reads the scenario from its file, without ``narrate``.
    """

    verb: str
    question: Question
    options: Mapping[str, Any]
    origin: tuple[str, ...]
    sources: pd.DataFrame


def is_study(folder: Path) -> bool:
    """Whether a study was begun in the folder."""
    return (folder / stored.STUDY).exists()


def describe_question(verb: str, question: Question, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that a study asks, as plain values."""
    given = {
        key: values if isinstance(values, str) else list(values)
        for key, values in question.parameters.items()
    }
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
        "more": dict(options),
        "sources": frames.sources(question.scenario).values.tolist(),
    }


def origin_of(question: Question) -> list[str]:
    """Return words of the command that runs the question's scenario, without ``narrate``."""
    return shlex.split(question.replay)[1:]


def begin(folder: Path, document: Mapping[str, Any], origin: Sequence[str] = ()) -> None:
    """Write what is asked, before anything else is there."""
    stored.write_identity(folder, {**document, "origin": list(origin)}, stored.STUDY)


def demand_same(folder: Path, document: Mapping[str, Any]) -> None:
    """Refuse to continue in a folder whose study asks something else."""
    known, _ = stored.read_identity(folder, stored.STUDY)
    asked = dict(document["question"])
    if known.get("verb") in EXTENDED:
        asked["replicates"] = known["question"]["replicates"]
    now = {**document, "question": asked, "origin": []}
    changed = identity.changed({**known, "origin": []}, now)
    if changed:
        lines = ["holds a study that asks something else", *changed]
        raise RefusedError("\n".join(f"{folder}: {line}" for line in lines))


def verb_of(folder: Path) -> str:
    """Return the verb that began the study."""
    return str(stored.read_identity(folder, stored.STUDY)[0]["verb"])


def read_study(folder: Path) -> StoredStudy:
    """Return what is asked, from the folder alone.

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
    return StoredStudy(known["verb"], question, known["more"], tuple(known["origin"]), sources)


def replicates_by_now(folder: Path, study: StoredStudy) -> int:
    """Return how many replicates are asked for by now, with those of extensions."""
    known = manifest.read_intact(folder).get("replicates", 0)
    return max(study.question.replicates, int(known))


def with_replicates(folder: Path, study: StoredStudy, replicates: int | None) -> StoredStudy:
    """Return the study with as many replicates as it has by now, or more where more are asked.

    Raises
    ------
    InputError
        Where more are asked of a study that keeps its number.
    """
    if study.verb not in EXTENDED:
        if replicates is not None:
            raise InputError("--replicates: a study keeps the number it was asked with")
        return study
    asked = max(replicates_by_now(folder, study), replicates or 0)
    return study._replace(question=replace(study.question, replicates=asked))


def demand_unchanged(folder: Path, study: StoredStudy, file: Scenario | None = None) -> None:
    """Refuse to continue where the scenario of the folder, or its ``file``, is another by now."""
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


def find_damage(folder: Path) -> list[str]:
    """Return what is not as it was written, in the folder and in those of its sweeps."""
    found = damaged_files(folder)
    for place in sorted(path for path in folder.iterdir() if sweep_folder.is_sweep(path)):
        found += [f"{place.name}/{line}" for line in damaged_files(place)]
        bad = sweep_folder.read_sweep(place).survey().bad
        found += [f"{place.name}/{path.name}: {why}" for path, why in bad]
    return found
