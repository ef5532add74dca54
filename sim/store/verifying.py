"""Whether the files of a run folder are as they were written."""

from __future__ import annotations

from pathlib import Path

from sim.store import manifest
from sim.store.identity import is_begun


def damaged_files(folder: Path) -> list[str]:
    """What is missing or changed of the files that the manifest names, each in words."""
    known = manifest.read_manifest(folder)
    # those of earlier versions do not say their own hash; a sweep's always does
    if "sha256" in known or is_begun(folder):
        known = manifest.read_intact(folder)
    if not known:
        return [f"{manifest.FILE}: is missing or damaged"]
    found = []
    for name, sha256 in known.get("files", {}).items():
        path = folder / name
        if not path.exists():
            found.append(f"{name}: is missing")
        elif not path.is_file() or manifest.sha256_of(path) != sha256:
            found.append(f"{name}: is not as it was written")
    return found
