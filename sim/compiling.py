"""How one law serves both engines, and where compiled code is kept.

A law is a plain Python function on numbers. The agent engine calls it as it stands. The ensemble
engine compiles loops that call it: before they are compiled, ``register_laws`` tells Numba that
each law may be called from compiled code (``numba.extending.register_jitable``), inlined, with
NumPy's error model and without fastmath, so both engines do the same operations in the same order.
Numba is imported only then: a single run never waits for it.

Numba's cache on disk does not notice a change in a *called* file: an edited law would keep its old
numbers. So the cache folder is named after ``code_version``, a hash of the syntax trees of all
code that moves numbers (a changed comment changes nothing) and of the versions of numpy and numba.
"""

from __future__ import annotations

import ast
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_laws: list[Callable[..., object]] = []
_PACKAGE = Path(__file__).parent
NUMERICAL_CODE = ("compiling.py", "parameters.py", "laws", "plugins", "world", "engines")
NOT_KEPT = "compiled code cannot be kept"
KEPT_FOLDERS = 4  # compiled code of the newest versions
KEPT_DAYS = 7  # ... and what is younger than this; another process may be using it


def law(function: Callable[P, R]) -> Callable[P, R]:
    """Mark an equation of the model; the function itself is returned unchanged."""
    _laws.append(function)
    return function


_ROOT_HALF = 0.7071067811865476


def fraction_and_exponent(x: float) -> tuple[float, float]:
    """Split ``x`` into fraction * 2**exponent, the fraction from root 1/2 to below root 2.

    ``x`` must be above 0, finite and held to full precision.
    """
    fraction, exponent = math.frexp(x)
    if fraction < _ROOT_HALF:
        return 2.0 * fraction, exponent - 1.0
    return fraction, float(exponent)


def times_two_to(x: float, exponent: float) -> float:
    """``x * 2**exponent`` exactly, for a whole exponent in -1022..1023; beyond, any number."""
    return math.ldexp(x, int(exponent)) if exponent < 1024.0 else math.inf


@cache
def _register_bits() -> None:
    """Give the two functions above a compiled form that works on the bits of a number.

    A call would keep them from running for several numbers side by side.
    """
    import numpy as np
    from numba.extending import overload

    def take_apart(x: Any) -> Any:
        def split_bits(x: Any) -> Any:
            # counted from root 1/2 on, the exponent's bits say how often to double
            bits = np.float64(x).view(np.int64) - 0x3FE6A09E667F3BCD
            fraction = np.int64((bits & 0xFFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD).view(np.float64)
            return fraction, float(bits >> 52)

        return split_bits

    def scale(x: Any, exponent: Any) -> Any:
        def shift_bits(x: Any, exponent: Any) -> Any:
            # 2^52 and a half more, added, leaves the exponent in the lowest bits
            bits = np.float64(exponent + 6755399441055744.0).view(np.int64)
            return x * np.int64((bits + 1023) << 52).view(np.float64)

        return shift_bits

    overload(fraction_and_exponent, inline="always")(take_apart)
    overload(times_two_to, inline="always")(scale)


def register_laws() -> None:
    """Make every law defined so far callable from compiled code (once each)."""
    from numba.extending import register_jitable

    _register_bits()
    while _laws:
        register_jitable(forceinline=True, error_model="numpy")(_laws.pop(0))


@cache
def _vectorise() -> None:
    """Keep LLVM from unrolling the loop over a block's runs before it can vectorise it.

    The option is the process's own and only decides how fast compiled code is.
    """
    import llvmlite.binding as llvm

    llvm.set_option("", "--unroll-full-max-count=8")


def kernel(function: Callable[P, R], inlined: bool = True) -> Callable[P, R]:
    """Compile a phase of the day: inlined, without reference counts, arrays not aliased.

    Three aids lean on Numba's internals. Each was measured alone on the day of 12 audiences;
    without them the code is slower, never wrong. ``_nrt=False``: a phase borrows its arrays and
    allocates nothing, so it need not count references (about 2 times). ``noalias``: the arrays of
    a block never overlap, so LLVM may vectorise without checking (1.4 times). ``_vectorise``: see
    there (1.2 times). A kernel is called from compiled code only and so has no wrapper for Python,
    which halves the time to compile.
    """
    from numba import config, njit
    from numba.core.compiler import Compiler

    if config.DISABLE_JIT:
        return function
    _vectorise()

    class NoAlias(Compiler):  # type: ignore[misc]
        def __init__(self, *arguments: Any) -> None:
            flags = arguments[5]
            flags.noalias = True
            super().__init__(*arguments)

    compiled: Callable[P, R] = njit(
        cache=cache_is_kept(),
        nogil=True,
        error_model="numpy",
        forceinline=inlined,
        _nrt=False,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        pipeline_class=NoAlias,
    )(function)
    return compiled


@cache
def code_version() -> str:
    """Return a hash of all code that moves numbers, without comments and docstrings."""
    digest = blake2b(digest_size=8)
    for name in NUMERICAL_CODE:
        place = _PACKAGE / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(_bare_tree(path.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()


def _bare_tree(source: str) -> str:
    """The syntax tree of a module, as text, with every docstring taken out."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            first = body[0].value
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                body[:1] = [ast.Pass()]
    return ast.dump(tree)


def cache_folder() -> Path:
    """Return where compiled code is kept.

    A folder of this code, these versions of numpy and numba, and these settings of Numba; the one
    that ``NUMBA_CACHE_DIR`` names, where it is set.
    """
    from numba import config

    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen)
    flags = f"{config.DISABLE_JIT}{config.BOUNDSCHECK}{config.OPT}{config.CPU_NAME}"
    settings = blake2b(flags.encode(), digest_size=3).hexdigest()
    name = f"{code_version()}-{version('numpy')}-{version('numba')}-{settings}"
    return _cache_root() / name


def _cache_root() -> Path:
    root = os.environ.get("NARRATE_CACHE_DIR")
    if root:
        return Path(root)
    # a home that the system does not name is as good as one that cannot be written
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    return Path(os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache") / "narrative-diplomacy"


def use_cache_folder() -> None:
    """Point Numba's cache at this code's own folder, before anything is compiled."""
    from numba import config

    if not os.environ.get("NUMBA_CACHE_DIR"):
        folder = cache_folder()
        config.CACHE_DIR = str(folder)
        _prune(folder.parent, folder)


def why_not_kept() -> str:
    """Return why compiled code cannot be kept on disk, and what to do, "" where it can.

    Numba would fall back on folders that do not notice a change of this code, beside the source
    files or in the user's home; where it can write none of them it raises an error.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        name = "NUMBA_CACHE_DIR" if os.environ.get("NUMBA_CACHE_DIR") else "NARRATE_CACHE_DIR"
        return (
            f"{NOT_KEPT} in {folder} ({error.strerror}), so the engine is compiled anew by every "
            f"command, which takes about a minute: set {name} to a folder that can be written"
        )


@cache
def cache_is_kept() -> bool:
    """Return whether what this process compiles is kept on disk; else it stays in memory."""
    return not why_not_kept()


def compile_alone(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that no phase inlines, when it is first called."""
    from numba import njit

    compile_it: Callable[[Callable[P, R]], Callable[P, R]] = njit(
        cache=cache_is_kept(), nogil=True, error_model="numpy"
    )
    return compile_it(function)


def _prune(root: Path, current: Path) -> None:
    """Remove all old folders but the newest. Another process may be doing the same."""
    try:
        others = [path for path in root.iterdir() if path.is_dir() and path != current]
        others.sort(key=lambda path: path.stat().st_mtime)
    except OSError:  # there is none yet, or nothing in it is ours to remove
        return
    for path in others[: -KEPT_FOLDERS + 1]:
        if time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400:
            shutil.rmtree(path, ignore_errors=True)
