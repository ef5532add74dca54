"""Plug-ins by name: the package's own, listed without importing them, and those from outside.

A name from outside is known once ``use`` has been given its file, for the rest of the process.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.compiling import code_version
from sim.errors import InputError, Problem
from sim.plugins import outside
from sim.plugins.outside import PLACE, Outside

KINDS = tuple(outside.SIGNATURES)
_HERE = Path(__file__).parent
_outside: dict[tuple[str, str], tuple[Outside, ModuleType]] = {}


# Names


@cache
def own_names(kind: str) -> tuple[str, ...]:
    """The names of a kind's plug-ins in this package, in alphabetical order."""
    folder = _HERE / kind
    return tuple(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))


def names(kind: str) -> tuple[str, ...]:
    """The names of a kind's plug-ins, in alphabetical order."""
    return tuple(sorted([*own_names(kind), *(name for k, name in _outside if k == kind)]))


def first_line(kind: str, name: str) -> str:
    """Return the first line of a plug-in's docstring, without importing the package's own."""
    if (kind, name) in _outside:
        doc = module(kind, name).__doc__
    else:
        doc = ast.get_docstring(ast.parse((_HERE / kind / f"{name}.py").read_text("utf-8")))
    return (doc or "").split("\n", 1)[0]


# From outside


def use(specs: Iterable[str]) -> None:
    """Make plug-ins known by the files that hold them, each ``FILE.py:NAME``.

    Running a file is what its author may do with this machine: name only files you trust. A file
    named again is read again.

    Raises
    ------
    InputError
        Where a file cannot be used, or a name is taken: by a plug-in of this package or by one
        from another file, whatever the case of its letters.
    """
    given: list[Outside] = []
    for spec in specs:
        plugin, made = outside.read_plugin(spec)
        if any(plugin.name == other.name and plugin.is_from(other) for other in given):
            raise InputError(Problem("", "is given twice", spec, PLACE))
        given.append(plugin)
        _adopt(plugin, made)


def adopt(plugins: Iterable[Outside]) -> None:
    """Make known here the plug-ins that another process has read, from the text it read."""
    for plugin in plugins:
        if _outside.get((plugin.kind, plugin.name), (None,))[0] != plugin:
            _adopt(plugin, outside.run_file(plugin.file, plugin.name, plugin.source))


def _adopt(plugin: Outside, made: ModuleType) -> None:
    """Make one plug-in known; refuse a name that is taken."""
    for kind, name in (*((plugin.kind, own) for own in own_names(plugin.kind)), *_outside):
        if kind != plugin.kind or name.casefold() != plugin.name.casefold():
            continue
        other = _outside.get((kind, name), (None,))[0]
        if other is None or name != plugin.name or not plugin.is_from(other):
            whose = "the package" if other is None else other.file
            reason = f"the name is taken by {name} of {whose}; rename the function"
            raise InputError(Problem("", reason, plugin.spec, PLACE))
    _outside[plugin.kind, plugin.name] = plugin, made


def from_outside() -> tuple[Outside, ...]:
    """The plug-ins from outside that are known."""
    return tuple(plugin for plugin, _ in _outside.values())


@contextmanager
def none_from_outside() -> Iterator[None]:
    """Forget plug-ins from outside for a while, then know them again.

    One command line after another in the same process knows only what it names itself.
    """
    kept = dict(_outside)
    _outside.clear()
    try:
        yield
    finally:
        _outside.clear()
        _outside.update(kept)


def full_code_version() -> str:
    """``code_version`` of the package; with plug-ins from outside, of these too."""
    if not _outside:
        return code_version()
    parts = [f"{p.kind} {p.name} {p.sha256}" for p in from_outside()]
    text = "\n".join([code_version(), *sorted(parts)])
    return blake2b(text.encode(), digest_size=8).hexdigest()


# What they are


def module(kind: str, name: str) -> ModuleType:
    """Import the plug-in's module.

    Raises
    ------
    KeyError
        Where there is no such plug-in.
    """
    if (kind, name) in _outside:
        return _outside[kind, name][1]
    if name not in own_names(kind):
        raise KeyError(f"no plug-in {name!r} among {kind}")
    return import_module(f"sim.plugins.{kind}.{name}")


def load(kind: str, name: str) -> Any:
    """Return the plug-in's own function, the one that has its name."""
    return part(kind, name, name)


def part(kind: str, name: str, function: str) -> Callable[..., Any] | None:
    """Return another function of the plug-in's module; None where it has none."""
    found: Callable[..., Any] | None = getattr(module(kind, name), function, None)
    if found is not None and (kind, name) in _outside:
        return outside.guard(_outside[kind, name][0], found)
    return found


def weighs(strategy: str) -> bool:
    """Whether a strategy gives weights of audiences, by the state of the run."""
    return outside.weighs(getattr(module("strategies", strategy), strategy))


def reads(strategy: str) -> tuple[str, ...]:
    """What is worked out for a strategy that weighs: fields of ``SenderView``."""
    found: tuple[str, ...] = getattr(module("strategies", strategy), "READS", ())
    return found


def options(rule: str, given: Mapping[str, float] | None = None) -> tuple[float, ...]:
    """Return the options of an update rule in order: those given, else their defaults."""
    return tuple({**declared_options(rule), **(given or {})}.values())


def declared_options(rule: str) -> dict[str, float]:
    """The names of an update rule's options and their defaults."""
    return {"renormalise": 0.0, **getattr(module("rules", rule), "OPTIONS", {})}


def compile_plugin(
    kind: str, name: str, signature: Any, function: str = "", default: Any = None
) -> Any:
    """Compile the plug-in to the one signature of its kind; without the JIT, leave it as it is.

    Parameters
    ----------
    kind, name
        Which plug-in.
    signature
        Numba's function type of the kind.
    function
        Another function of the plug-in's module, in place of the one that has its name.
    default
        Stands in where the module has no such function.
    """
    chosen = getattr(module(kind, name), function or name, default)
    # Numba's cache does not notice a change in what a file calls; ours are in the folder's name
    return compile_function(chosen, signature, (kind, name) not in _outside)


@cache
def compile_function(function: Any, signature: Any, cached: bool = True) -> Any:
    """Compile a function to one signature, and keep it on disk where it may be ``cached``."""
    from numba import njit

    from sim.compiling import cache_is_kept, register_laws

    register_laws()
    cached = cached and cache_is_kept()
    return njit(signature.signature, cache=cached, nogil=True, error_model="numpy")(function)
