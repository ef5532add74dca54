"""What a sweep is: ``sweep.json``, written first, with its own SHA-256.

A study made of sweeps says what it asks in the same way, in ``study.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError, RefusedError
from sim.files import read_regular
from sim.store import parts
from sim.store.folder import json_text, machine_error, read_json, write_json

FILE, STUDY = "sweep.json", "study.json"
SHOWN = 20  # differences that are named
LONGEST = 60  # characters of a value that are shown
Document = dict[str, Any]


def write_identity(folder: Path, document: Mapping[str, Any], file: str = FILE) -> str:
    """Write what is swept; the SHA-256 of it as canonical JSON (keys sorted, no spaces)."""
    digest = _digest(document)
    write_json(folder / file, {"sha256": digest, Path(file).stem: document})
    return digest


def is_begun(folder: Path, file: str = FILE) -> bool:
    """Whether a sweep was begun in the folder."""
    return (folder / file).is_file()


def demand(folder: Path, file: str = FILE) -> None:
    """Refuse a folder in which no sweep was begun, or one that has lost what it is."""
    if is_begun(folder, file):
        return
    if file == FILE and (folder / parts.FOLDER).is_dir():
        raise RefusedError(f"{folder / file}: is missing, and nothing else says what was swept")
    raise InputError(f"{folder}: is not the folder of a {Path(file).stem} ({file} is missing)")


def read_identity(folder: Path, file: str = FILE) -> tuple[Document, str]:
    """What is swept in a folder, and its SHA-256.

    Raises InputError where there is no sweep, RefusedError where the file was changed or is lost.
    """
    path = folder / file
    demand(folder, file)
    try:
        text = read_regular(path)
    except OSError as error:
        raise machine_error(path, error) from error
    try:
        found = read_json(text)
        document, digest = found[Path(file).stem], found["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(f"{path}: is damaged, it is not what was written") from error
    if not isinstance(document, dict) or _digest(document) != digest:
        raise RefusedError(f"{path}: is damaged, its SHA-256 is not the one it names")
    return document, digest


def _plain(document: Mapping[str, Any]) -> Document:
    """The document as it is read back."""
    plain: Document = json.loads(json_text(document))
    return plain


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(_plain(document)).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def differences(known: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs, ``parameters.parity: was 0.3, is 0.4``; the first 20, then how many more."""
    found = list(_different("", _plain(known), _plain(now)))
    more = len(found) - SHOWN
    return found[:SHOWN] + ([f"and {more} more"] if more > 0 else [])


def _different(path: str, known: Any, now: Any) -> Iterator[str]:
    if isinstance(known, dict) and isinstance(now, dict):
        for key in [*known, *(key for key in now if key not in known)]:
            inner = f"{path}.{key}" if path else key
            yield from _different(inner, known.get(key, _ABSENT), now.get(key, _ABSENT))
    elif isinstance(known, list) and isinstance(now, list) and len(known) == len(now):
        for index, (one, other) in enumerate(zip(known, now, strict=True)):
            yield from _different(f"{path}[{index}]", one, other)
    elif _ABSENT in (known, now) or _canonical(known) != _canonical(now):
        yield f"{path}: was {_shown(known)}, is {_shown(now)}"


class _Absent:
    pass


_ABSENT = _Absent()


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "absent"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
