"""A run folder and the files in it: new, never overwritten, each file whole or absent."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from sim.errors import MachineError, RefusedError

RESULTS = Path("results")
RESOLVED = "scenario.resolved.yaml"
LONGEST_NAME = 60
HOLDING = (".lock", ".door", ".holder.json")  # of who holds a sweep's folder; nobody's results
_NUMBERED = re.compile(r"^\[errno \d+\] ")
MOST_DEPTH = 32  # of JSON that was not written by this process
_UNNESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[^][{}"]+', re.DOTALL)  # text, and all but brackets
_LEFTOVER = re.compile(r"\..+\.[0-9]+\.tmp", re.DOTALL)  # as whole_file names what it writes


def machine_error(path: Path, error: OSError) -> MachineError:
    """Trouble with a path, in one line that names it."""
    # Arrow tells what it did first
    said = (error.strerror or str(error)).rpartition("Detail: ")[2]
    return MachineError(f"{path}: {_NUMBERED.sub('', said)}")


def safe_name(name: str) -> str:
    """A name as one part of a path: no separators, no leading dot, not too long."""
    plain = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).strip("._")
    return plain[:LONGEST_NAME].strip("._") or "scenario"


def folder_id(now: datetime, digest: str) -> str:
    """UTC time and the first digits of what was run."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"


def create(
    scenario: str, digest: str, now: datetime, out: Path | None = None, root: Path = RESULTS
) -> Path:
    """Make a new run folder, ``root/<scenario>/<id>`` or ``out``; refuse one that holds files."""
    try:
        if out is not None:
            return claim(out)
        parent = root / safe_name(scenario)
        parent.mkdir(parents=True, exist_ok=True)
        return _fresh(parent, folder_id(now, digest))
    except OSError as error:
        raise machine_error(Path(error.filename or out or root), error) from error


def claim(out: Path) -> Path:
    """Make a folder for results; refuse one that holds any.

    What a killed start has left, before it had anything, is no result.
    """
    if out.is_dir() and any(_is_result(path) for path in out.iterdir()):
        raise RefusedError(f"{out}: the folder is not empty; results are never overwritten")
    if out.exists() and not out.is_dir():
        raise RefusedError(f"{out}: is a file; results are never overwritten")
    out.mkdir(parents=True, exist_ok=True)
    return out


def _is_result(path: Path) -> bool:
    return path.name not in HOLDING and not _LEFTOVER.fullmatch(path.name)


def clear_leftovers(folder: Path) -> None:
    """Remove what killed writers have left half written; only for who alone writes there."""
    try:
        for path in folder.iterdir():
            if _LEFTOVER.fullmatch(path.name):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise machine_error(Path(error.filename or folder), error) from error


def _fresh(parent: Path, name: str) -> Path:
    count = 1
    while True:
        folder = parent / (name if count == 1 else f"{name}-{count}")
        try:
            folder.mkdir()
        except FileExistsError:
            count += 1
        else:
            return folder


def demand_room(folder: Path, wanted: float) -> None:
    """Refuse to begin what the disk has no room for; MachineError names path and shortage.

    The folder need not be there yet.
    """
    place = folder.absolute()
    free = shutil.disk_usage(next(filter(os.path.exists, (place, *place.parents)))).free
    if free < wanted:
        raise MachineError(
            f"{folder}: the results need about {wanted / 1e6:,.0f} MB, and "
            f"{free / 1e6:,.0f} MB are free"
        )


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; on success it takes the final name at once.

    The data are on the disk before the name is, so a crash leaves a whole file or none.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        try:
            yield temporary
            to_disk(temporary)
            temporary.replace(path)
            to_disk(path.parent)
        except OSError as error:
            raise machine_error(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    flags = os.O_RDONLY
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folder for this
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")


def write_new(file: Path, text: str) -> None:
    """Write a whole file under a name that is free, or nothing.

    Raises
    ------
    RefusedError
        Where something has that name already.
    MachineError
        Where the file cannot be written.
    """
    taken = RefusedError(f"{file}: exists already; it is never overwritten")
    if file.exists() or file.is_symlink():
        raise taken
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        # a link, unlike a rename, fails where somebody took the name meanwhile
        os.link(temporary, file)
    except FileExistsError as error:
        raise taken from error
    except OSError as error:
        raise machine_error(file, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write one JSON document, whole."""
    write_text(path, json_text(document) + "\n")


def json_text(document: Any) -> str:
    """Strict JSON: missing numbers are null, dates and paths text."""
    return json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False)


def read_json(content: str | bytes, **how: Any) -> Any:
    """Read JSON that may come from anywhere, by ``json.loads`` and what it takes besides.

    Raises
    ------
    ValueError
        Where it is not JSON in UTF-8, or is nested deeper than 32 levels; then nothing reads it.
    """
    text = content if isinstance(content, str) else content.decode()
    brackets = _UNNESTING.sub("", text)
    if max(accumulate(1 if mark in "[{" else -1 for mark in brackets), default=0) > MOST_DEPTH:
        raise ValueError(f"is nested deeper than {MOST_DEPTH} levels")
    return json.loads(text, **how)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if hasattr(value, "item"):  # a NumPy number
        return _plain(value.item())
    if isinstance(value, float):
        return value if value - value == 0.0 else None
    return str(value)
