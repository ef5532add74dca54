"""Plug-ins by file name, listed without importing them."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

KINDS = ("rules", "strategies", "mediators", "acceptance")
_HERE = Path(__file__).parent


@cache
def names(kind: str) -> tuple[str, ...]:
    """The names of a kind's plug-ins, in alphabetical order."""
    folder = _HERE / kind
    return tuple(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))


def first_line(kind: str, name: str) -> str:
    """What a plug-in says of itself in one line."""
    source = (_HERE / kind / f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").split("\n", 1)[0]


def module(kind: str, name: str) -> ModuleType:
    """The plug-in's module."""
    if name not in names(kind):
        raise KeyError(f"no plug-in {name!r} among {kind}")
    return import_module(f"sim.plugins.{kind}.{name}")


def load(kind: str, name: str) -> Any:
    """The plug-in's function, which has the file's name."""
    return getattr(module(kind, name), name)
