"""A sweep's folder: begun once, continued where nothing that moves a number has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.errors import InputError, RefusedError
from sim.running.sweeps import identity
from sim.running.sweeps.driving import Asked, Until
from sim.running.sweeps.keeping import InFolder
from sim.running.sweeps.swept import Swept
from sim.scenario.scenario import Scenario
from sim.store import folder as folders
from sim.store import identity as stored
from sim.store import lock, manifest, parts
from sim.tables.columns import TABLES


class SweepFolder(NamedTuple):
    """What a sweep's folder says that it is.

    Attributes
    ----------
    asked
        What was asked for when it was begun.
    origin
        Words of the command that reads the scenario from its file, without ``narrate``.
    document
        Everything that decides the numbers, as ``sweep.json`` has it.
    sha256
        The hash of that document.
    """

    folder: Path
    swept: Swept
    engine: str
    asked: Asked
    origin: tuple[str, ...]
    document: Mapping[str, Any]
    sha256: str

    def sources(self) -> pd.DataFrame:
        """Return the table of sources, as it was when the sweep was begun."""
        columns = list(TABLES["sources"].columns)
        return pd.DataFrame(self.document["sources"], columns=columns)

    def survey(self) -> parts.Survey:
        """Return what is there, every part verified; nothing is touched."""
        return parts.survey(self.folder, self.sha256)

    def keep(self, found: parts.Survey) -> InFolder:
        """Return the rows that are there, ready for more."""
        return InFolder(self.folder, self.sha256, found.parts)

    def asked_by_now(self, keep: InFolder) -> Asked:
        """Return what is asked for by now, with the replicates of extensions.

        The manifest has them; where it is lost the parts show how far an extension came.
        """
        known = manifest.read_intact(self.folder).get("replicates", 0)
        return replace(self.asked, replicates=max(self.asked.replicates, known, keep.most))


def is_sweep(folder: Path) -> bool:
    """Whether a sweep was begun in the folder."""
    return stored.is_begun(folder)


def claim(folder: Path) -> Path:
    """Make a folder for a sweep; refuse one that holds results, and say who works in it."""
    refuse_a_sweep(folder)
    try:
        return folders.claim(folder)
    except RefusedError:
        refuse_a_sweep(folder)  # that has been begun in this instant
        raise
    except OSError as error:
        raise folders.machine_error(Path(error.filename or folder), error) from error


def refuse_a_sweep(folder: Path) -> None:
    """Refuse a folder in which a sweep was begun."""
    if not is_sweep(folder):
        return
    driver = lock.driver(folder)
    if driver:
        raise RefusedError(f"{folder}: holds a sweep, and is in use by {driver}")
    raise RefusedError(f"{folder}: holds a sweep; `narrate resume {folder}` goes on")


def begin(
    folder: Path, swept: Swept, engine: str, asked: Asked, origin: Sequence[str] = ()
) -> SweepFolder:
    """Write what is swept, before anything else is there."""
    document = identity.document(swept, engine)
    document |= {"asked": asked.words(), "origin": list(origin)}
    sha256 = stored.write_identity(folder, document)
    return SweepFolder(folder, swept, engine, asked, tuple(origin), document, sha256)


@contextmanager
def hold_new(
    folder: Path, swept: Swept, engine: str, asked: Asked, origin: Sequence[str] = ()
) -> Iterator[tuple[SweepFolder, InFolder]]:
    """Hold a claimed folder and begin the sweep in it.

    Raises
    ------
    RefusedError
        Where another driver was quicker.
    """
    with lock.hold(folder):
        refuse_a_sweep(folder)
        folders.clear_leftovers(folder)
        known = begin(folder, swept, engine, asked, origin)
        yield known, known.keep(known.survey())


@contextmanager
def hold_same(
    folder: Path, swept: Swept, engine: str, asked: Asked, origin: Sequence[str] = ()
) -> Iterator[tuple[SweepFolder, InFolder]]:
    """Hold a folder and its rows. Begin it if it is new or empty; continue the same sweep.

    Raises
    ------
    RefusedError
        Where it holds something else, or another driver is at work in it.
    """
    if not is_sweep(folder):
        folders.claim(folder)
    with lock.hold(folder):
        folders.clear_leftovers(folder)
        if is_sweep(folder):
            known = read_sweep(folder)
            found = identity.changed(known.document, identity.document(swept, engine))
            if found:
                raise RefusedError(_refusal(folder, found))
        else:
            known = begin(folder, swept, engine, asked, origin)
        survey = known.survey()
        parts.set_aside(folder, survey)
        yield known, known.keep(survey)


def read_sweep(folder: Path) -> SweepFolder:
    """Return what is swept, from the folder alone.

    Raises
    ------
    InputError
        Where no sweep was begun there, or by another format of this program.
    RefusedError
        Where the document is not as it was written.
    """
    document, sha256 = stored.read_identity(folder)
    if document.get("format") != identity.FORMAT:
        raise InputError(f"{folder}: is a sweep of another format ({document.get('format')})")
    until = document["asked"]["until"]
    asked = Asked(document["asked"]["replicates"], Until(**until) if until else None)
    swept = identity.swept_of(document)
    origin = tuple(document["origin"])
    return SweepFolder(folder, swept, document["engine"], asked, origin, document, sha256)


def demand_unchanged(known: SweepFolder, file: Scenario | None = None) -> None:
    """Refuse to continue where code, libraries or the scenario are not what they were.

    The scenario is looked for in the folder, and in the ``file`` it once came from where that is
    still there: who has edited it would take the old results for new ones. What cannot be read in
    the folder is damage, not a wish: ``sweep.json`` knows it, and it is written anew.

    Raises
    ------
    RefusedError
        Naming what differs.
    """
    made_with = identity.made_with()
    found = identity.changed({key: known.document[key] for key in made_with}, made_with)
    resolved = known.folder / folders.RESOLVED
    edited = []
    with suppress(InputError):
        if resolved.is_file():
            edited = _differences(known, Scenario.from_yaml(resolved), resolved.name)
    if edited:
        found += [*edited, f"{resolved.name}: without this file the sweep goes on as it was begun"]
    if file is not None:
        found += _differences(known, file, "the scenario file")
    if found:
        raise RefusedError(_refusal(known.folder, found))


def _differences(known: SweepFolder, scenario: Scenario, place: str) -> list[str]:
    found = identity.changed_scenario(known.swept.scenario, scenario)
    return [f"{place}: {line}" for line in found]


def _refusal(folder: Path, found: Iterable[str]) -> str:
    head = (
        "what was swept has changed, so that its results cannot be gone on with; sweep anew into "
        "another folder"
    )
    return "\n".join(f"{folder}: {line}" for line in (head, *found))
