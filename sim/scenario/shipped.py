"""Finds the scenarios that come with the package, in a checkout or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
SUFFIX = ".yaml"


def folder() -> Path:
    """Where the shipped scenarios lie."""
    inside = _PACKAGE / "_shipped" / "scenarios"
    return inside if inside.is_dir() else _PACKAGE.parent / "scenarios"


def names() -> tuple[str, ...]:
    """The shipped scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder().glob(f"*{SUFFIX}")))


def is_bare(path: str) -> bool:
    """Whether this is a name rather than a path: no folder and no suffix."""
    return bool(path) and not any(mark in path for mark in "/\\.:\0")


def called(path: Path) -> str:
    """The path as messages show it: short where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the current folder is gone
        return str(path)
