"""Plug-ins by file name, listed without importing them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
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


def options(rule: str, given: Mapping[str, float] | None = None) -> tuple[float, ...]:
    """The options of an update rule, defaults where they are not given, ``renormalise`` first."""
    declared: Mapping[str, float] = getattr(module("rules", rule), "OPTIONS", {})
    return tuple({"renormalise": 0.0, **declared, **(given or {})}.values())


@cache
def compiled(
    kind: str, name: str, signature: Any, part: str = "", default: Any = None
) -> Any:
    """The plug-in compiled to its kind's one signature; as it stands where the JIT is off.

    ``part`` names another function of its module, with ``default`` where it has none.
    """
    from numba import njit

    from sim.compiling import register_laws

    function = getattr(module(kind, name), part or name, default)
    register_laws()
    return njit(signature.signature, cache=True, nogil=True, error_model="numpy")(function)
