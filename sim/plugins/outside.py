"""Plug-ins from outside: a function in a file that the command line or a program names.

Naming a file runs it, so a scenario never can: scenarios are data that strangers send. The file is
read once; the hash of what was read goes into the manifest.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from sim.errors import InputError, Problem
from sim.files import open_regular

PLACE = "--plugin"
LARGEST = 1 << 20  # bytes of a file, as for scenarios
SPEC = re.compile(r"(?P<file>.*\.py):(?P<name>[A-Za-z][A-Za-z0-9_]{0,59})", re.DOTALL)
# What a function of each kind takes: its kind is read off the names of its arguments
SIGNATURES = {
    "rules": ("sympathy", "source", "message", "options"),
    "strategies": ("view", "places"),
    "mediators": ("view",),
    "acceptance": ("gain", "precision"),
}
WEIGHS = ("view", "weights")  # the other form of a strategy: it reads the state of the run


class Outside(NamedTuple):
    """One plug-in from outside; plain data, so that it can be handed to another process."""

    kind: str
    name: str
    file: str  # as it was given
    source: bytes

    @property
    def spec(self) -> str:
        """``FILE.py:NAME``, as the command line names it."""
        return f"{self.file}:{self.name}"

    @property
    def sha256(self) -> str:
        """Hash of the file."""
        return sha256(self.source).hexdigest()

    def is_from(self, other: Outside) -> bool:
        """Whether both come from one file, however its contents changed in between."""
        return Path(self.file).resolve() == Path(other.file).resolve()


def read_plugin(spec: str) -> tuple[Outside, ModuleType]:
    """Read and run the file of ``FILE.py:NAME``.

    Raises
    ------
    InputError
        Where the file cannot be read or run, or holds no function of that name that takes what
        one of the kinds takes.
    """
    match = SPEC.fullmatch(spec)
    if match is None:
        raise _refusal("must be FILE.py:NAME, with NAME of a function in it", spec)
    file, name = match["file"], match["name"]
    path = Path(file)
    try:
        with open_regular(path) as opened:
            source = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise _refusal(f"cannot be read: {reason}", file) from None
    if len(source) > LARGEST:
        raise _refusal("must have at most 1 MiB", file)
    module = run_file(file, name, source)
    return Outside(_kind(module, file, name), name, file, source), module


def run_file(file: str, name: str, source: bytes) -> ModuleType:
    """Run the source as a module; nothing is written beside the file.

    Raises
    ------
    InputError
        Where the source is not Python, or raises an error as it runs.
    """
    module = ModuleType(f"narrate_plugin_{name}")
    module.__file__ = file
    try:
        code = compile(source, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        place = f"{file}:{error.lineno or 1}:{error.offset or 1}"
        raise InputError(Problem("", f"is not Python: {error.msg}", place=place)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise _refusal(f"is not Python: {error or type(error).__name__}", file) from None
    sys.modules[module.__name__] = module  # where Python looks up classes that it makes
    try:
        exec(code, module.__dict__)  # noqa: S102 - the user named this file to be run
    except (Exception, SystemExit) as error:
        raise error_of(file, "", error) from error
    return module


def error_of(file: str, name: str, error: BaseException) -> InputError:
    """Return an error that says where a plug-in went wrong, and what it raised."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    place = f"{file}:{lines[-1]}" if lines else file
    reason = f"the plug-in raised {type(error).__name__}"
    return InputError(Problem(name, f"{reason}: {error}" if str(error) else reason, place=place))


def guard(plugin: Outside, function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function so that its errors and impossible answers are reported as the plug-in's own.

    The function named by the plug-in is checked: a strategy must send teams to places that exist,
    every other kind must return a number. Helpers of the module only have their errors reported.
    """
    checks = function.__name__ == plugin.name

    @wraps(function)
    def guarded_call(*arguments: Any) -> Any:
        try:
            answer = function(*arguments)
        except Exception as error:
            raise error_of(plugin.file, plugin.name, error) from error
        if checks and plugin.kind == "strategies":
            if not weighs(function):
                _check_places(plugin, *arguments)
        elif checks and not isinstance(answer, int | float):
            reason = "the plug-in must return a number"
            raise InputError(Problem(plugin.name, reason, repr(answer)[:60], plugin.file))
        return answer

    return guarded_call


def weighs(function: Callable[..., Any]) -> bool:
    """Whether a strategy gives weights of audiences, by the state of the run."""
    return tuple(inspect.signature(function).parameters) == WEIGHS


def _check_places(plugin: Outside, view: Any, places: Any) -> None:
    """Refuse a place where no audience is."""
    for team, place in enumerate(places.tolist()):
        if view.owner[team] == view.me and not -1 <= place < view.audiences:
            reason = f"the plug-in must send teams to 0 to {view.audiences - 1}, or -1 for home"
            raise InputError(Problem(plugin.name, reason, str(place), plugin.file))


def _kind(module: ModuleType, file: str, name: str) -> str:
    """Read the kind of a plug-in off the names of its arguments."""
    function = vars(module).get(name)
    if not inspect.isfunction(function):
        raise InputError(Problem("", f"has no function {name}", place=file))
    taken = tuple(inspect.signature(function).parameters)
    if taken == WEIGHS:
        _check_reads(module, file)
        return "strategies"
    for kind, arguments in SIGNATURES.items():
        if taken == arguments:
            if kind == "rules":
                _check_options(module, file)
            return kind
    forms = [*SIGNATURES.items(), ("strategies", WEIGHS)]
    known = "; ".join(f"{kind} ({', '.join(takes)})" for kind, takes in forms)
    reason = f"must take the arguments of one of the kinds: {known}"
    raise InputError(Problem(name, reason, f"({', '.join(taken)})", file))


def _check_options(module: ModuleType, file: str) -> None:
    options = vars(module).get("OPTIONS", {})
    if not (isinstance(options, dict) and all(map(_is_option, options, options.values()))):
        reason = "must map names (not name or renormalise) to finite numbers"
        raise InputError(Problem("OPTIONS", reason, repr(options)[:60], file))


def _check_reads(module: ModuleType, file: str) -> None:
    reads = vars(module).get("READS", ())
    from sim.plugins.contracts import READABLE  # late: light verbs load no NumPy

    if not (isinstance(reads, tuple) and set(reads) <= set(READABLE)):
        reason = f"must be a tuple of some of {', '.join(READABLE)}"
        raise InputError(Problem("READS", reason, repr(reads)[:60], file))


def _is_option(name: object, value: object) -> bool:
    """Whether a rule may have this option: a word that is not taken, and a finite number."""
    if not isinstance(name, str) or name in ("name", "renormalise"):
        return False
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def _refusal(reason: str, got: str) -> InputError:
    return InputError(Problem("", reason, got, PLACE))
