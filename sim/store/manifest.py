"""The manifest: with what, from what and how a run folder was made."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.files import open_regular, read_regular
from sim.plugins import registry
from sim.store.folder import json_text, machine_error, read_json, write_json

FILE = "manifest.json"
PACKAGE = "narrative-diplomacy"
LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow", "scipy", "matplotlib")
RUNNING, COMPLETE, SOME_FAILED = "running", "complete", "some failed"
INTERRUPTED, FAILED = "interrupted", "failed"
FINISHED = (COMPLETE, SOME_FAILED)
DRAWING = "is being drawn"  # instead of the report's name


def final_status(failed: int) -> str:
    """Return the status of a study that was not stopped."""
    return SOME_FAILED if failed else COMPLETE


@cache
def versions() -> dict[str, str]:
    """Version of Python, of this package and of the libraries; read without importing them."""
    found = {"python": platform.python_version()}
    for name in (PACKAGE, *LIBRARIES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


@cache
def checkout() -> dict[str, Any]:
    """Commit and dirty flag where the package runs from a checkout of its repository."""
    root = Path(__file__).resolve().parents[2]
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return {"commit": None, "dirty": None}
    commit = _answer_of([git, "-C", str(root), "rev-parse", "HEAD"])
    # untracked files count only where the package or the scenarios could pick them up
    changed = _answer_of([git, "-C", str(root), "status", "--porcelain", "--", "sim", "scenarios"])
    return {"commit": commit or None, "dirty": None if changed is None else bool(changed)}


def _answer_of(command: list[str]) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, our own folder
            command, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    try:
        with open_regular(path) as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise machine_error(path, error) from error


def describe_program() -> dict[str, Any]:
    """Return what a manifest tells of the program: versions, machine, commit, code, plug-ins."""
    return {
        "versions": versions(),
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "byte_order": sys.byteorder,
        },
        "git": checkout(),
        "code_version": registry.full_code_version(),
        "plugins": [
            {"kind": p.kind, "name": p.name, "file": Path(p.file).name, "sha256": p.sha256}
            for p in registry.from_outside()
        ],
    }


def write_manifest(folder: Path, document: Mapping[str, Any]) -> None:
    """Write the manifest and its own SHA-256; the last write of a run says ``complete``."""
    document = {**document, "sha256": _digest(document)}
    write_json(folder / FILE, document)


def read_intact(folder: Path) -> dict[str, Any]:
    """The manifest if it is as it was written; else empty."""
    found = read_manifest(folder)
    rest = {key: value for key, value in found.items() if key != "sha256"}
    return found if found.get("sha256") == _digest(rest) else {}


def _digest(document: Mapping[str, Any]) -> str:
    plain = json.loads(json_text(document))
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest; empty where there is none that can be read."""
    if not (folder / FILE).is_file():
        return {}
    try:
        found = read_json(read_regular(folder / FILE))
    except (FileNotFoundError, ValueError):
        return {}
    except OSError as error:
        raise machine_error(folder / FILE, error) from error
    return found if isinstance(found, dict) else {}


def demand_manifest(folder: Path) -> None:
    """Refuse a path that is not a run folder."""
    if not (folder / FILE).is_file():
        raise InputError(f"{folder}: is not a run folder ({FILE} is missing)")
