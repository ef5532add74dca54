"""A sweep's folder: begun once, gone on with where nothing that moves a number has changed."""

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


class Known(NamedTuple):
    """What a folder says that it is."""

    folder: Path
    swept: Swept
    engine: str
    asked: Asked  # when it was begun
    origin: tuple[str, ...]  # words of the command that reads the scenario from its file
    document: Mapping[str, Any]
    sha256: str

    def sources(self) -> pd.DataFrame:
        """The table of sources, as it was when the sweep was begun."""
        columns = list(TABLES["sources"].columns)
        return pd.DataFrame(self.document["sources"], columns=columns)

    def state(self) -> parts.Survey:
        """What is there, every part verified; nothing is touched."""
        return parts.survey(self.folder, self.sha256)

    def keep(self, found: parts.Survey) -> InFolder:
        """The rows that are there."""
        return InFolder(self.folder, self.sha256, found.parts)

    def asked_by_now(self, keep: InFolder) -> Asked:
        """With the replicates of extensions.

        The manifest has them; where it is lost the parts show how far an extension came.
        """
        said = manifest.intact(self.folder).get("replicates", 0)
        return replace(self.asked, replicates=max(self.asked.replicates, said, keep.most))


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
    if is_sweep(folder):
        driver = lock.driver(folder)
        raise RefusedError(
            f"{folder}: holds a sweep, and is in use by {driver}" if driver
            else f"{folder}: holds a sweep; `narrate resume {folder}` goes on"
        )  # fmt: skip


def begin(
    folder: Path, swept: Swept, engine: str, asked: Asked, origin: Sequence[str] = ()
) -> Known:
    """Write what is swept, before anything else is there."""
    document = identity.document(swept, engine)
    document |= {"asked": asked.words(), "origin": list(origin)}
    sha256 = stored.write_identity(folder, document)
    return Known(folder, swept, engine, asked, tuple(origin), document, sha256)


@contextmanager
def opened(folder: Path, swept: Swept, engine: str, asked: Asked) -> Iterator[InFolder]:
    """Hold a folder and its rows: begun where it is new or empty, gone on with where it is equal.

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
            known = read(folder)
            found = identity.changed(known.document, identity.document(swept, engine))
            if found:
                raise RefusedError("\n".join(f"{folder}: {line}" for line in _worded(found)))
        else:
            known = begin(folder, swept, engine, asked)
        survey = known.state()
        parts.set_aside(folder, survey)
        yield known.keep(survey)


def read(folder: Path) -> Known:
    """What is swept, from the folder alone.

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
    return Known(folder, swept, document["engine"], asked, origin, document, sha256)


def demand_unchanged(known: Known, file: Scenario | None = None) -> None:
    """Refuse to go on where code, libraries or the scenario are not what they were.

    The scenario is looked for in the folder, and in the ``file`` it once came from where that is
    still there: who has edited it would take the old results for new ones. What cannot be read in
    the folder is damage, not a wish: ``sweep.json`` knows it, and it is written anew.
    """
    found = identity.changed(
        {key: known.document[key] for key in identity.made_with()}, identity.made_with()
    )
    resolved = known.folder / folders.RESOLVED
    edited = []
    with suppress(InputError):
        if resolved.is_file():
            edited = _against(known, Scenario.from_yaml(resolved), resolved.name)
    if edited:
        found += [*edited, f"{resolved.name}: without this file the sweep goes on as it was begun"]
    if file is not None:
        found += _against(known, file, "the scenario file")
    if found:
        raise RefusedError("\n".join(f"{known.folder}: {line}" for line in _worded(found)))


def _against(known: Known, scenario: Scenario, place: str) -> list[str]:
    found = identity.changed_scenario(known.swept.scenario, scenario)
    return [f"{place}: {line}" for line in found]


def _worded(found: Iterable[str]) -> list[str]:
    return [
        "what was swept has changed, so that its results cannot be gone on with; sweep anew into "
        "another folder",
        *found,
    ]
