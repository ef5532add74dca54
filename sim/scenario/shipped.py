"""Finds the scenarios and lessons that come with the package, in a checkout or in the wheel."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text, unknown

_PACKAGE = Path(__file__).resolve().parent.parent
SUFFIX = ".yaml"
LESSON = "lesson."  # before the name of a shipped lesson, whose scenario is meant


def folder() -> Path:
    """Where the shipped scenarios lie."""
    inside = _PACKAGE / "_shipped" / "scenarios"
    return inside if inside.is_dir() else _PACKAGE.parent / "scenarios"


def names() -> tuple[str, ...]:
    """The shipped scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder().glob(f"*{SUFFIX}")))


def lessons_folder() -> Path:
    """Where the shipped lessons lie; each file holds a scenario."""
    return _PACKAGE / "lessons" / "shipped"


def lesson_names() -> tuple[str, ...]:
    """The shipped lessons, in alphabetical order."""
    return tuple(sorted(path.stem for path in lessons_folder().glob(f"*{SUFFIX}")))


def locate(name: str) -> Path | None:
    """Where the scenario of this name, or of ``lesson.NAME``, has to lie; None for a path."""
    bare = name.removeprefix(LESSON)
    if not is_bare(bare):
        return None
    return (folder() if bare == name else lessons_folder()) / f"{bare}{SUFFIX}"


def unknown_name(name: str) -> InputError:
    """The refusal of a name that nothing which comes with the package has."""
    bare = name.removeprefix(LESSON)
    what, known = ("scenario", names()) if bare == name else ("lesson", lesson_names())
    return InputError(Problem("", unknown(what, bare, known), place=show_text(name)))


def is_bare(path: str) -> bool:
    """Whether this is a name rather than a path: no folder and no suffix."""
    return bool(path) and not any(mark in path for mark in "/\\.:\0")


def short_path(path: Path) -> str:
    """The path as messages show it: short where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the current folder is gone
        return str(path)
