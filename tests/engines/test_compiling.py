"""The helps that lean on Numba's internals still work: see ``sim/compiling.py``.

They change how fast compiled code is and no number, so no other test would notice that a new
version of Numba or LLVM has taken one away. Looked at is the code of small kernels.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from numba import config, float64, njit, types

from sim.compiling import kernel, register_laws
from sim.engines.ensemble.block import LANES
from sim.laws.chance import central_normal
from sim.laws.elementary import power
from sim.scenario.scenario import Scenario
from tests.conftest import JIT
from tests.engines.comparing import run_compiled

register_laws()
pytestmark = pytest.mark.skipif(not JIT, reason="nothing is compiled")
ON_X86 = platform.machine().lower() in ("x86_64", "amd64")

COUNTED = "references to arrays are counted: runs will be up to 2 times slower"
ALIASED = "arrays may overlap for all that LLVM knows: runs will be 1.4 times slower"
NOT_VECTORISED = "the lane loops are no longer vectorised: runs will be about 3 times slower"
CALLED = "a library's functions are called from lane loops: slower, and other bits elsewhere"
OUT_OF_LINE = "phases are called instead of inlined: runs will be up to 6 times slower"
SEE = "; see sim/compiling.py"


class Rows(NamedTuple):
    base: Any  # [a, r]
    exponent: Any  # [a, r]
    out: Any  # [a, r]


TYPE = types.NamedUniTuple(float64[:, ::1], 3, Rows)


def add(rows: Rows, a: int) -> None:
    """So small a loop that LLVM would rather write it out than take several runs at once."""
    for r in range(LANES):
        rows.out[a, r] = rows.out[a, r] + rows.base[a, r] * rows.exponent[a, r]


def raise_to_power(rows: Rows, a: int) -> None:
    for r in range(LANES):
        rows.out[a, r] = power(rows.base[a, r], rows.exponent[a, r])


def much(rows: Rows, a: int) -> None:
    """So long that LLVM would rather call it."""
    for r in range(LANES):
        x = power(power(rows.base[a, r], rows.exponent[a, r]), rows.exponent[a, r])
        rows.out[a, r] = power(central_normal(x), x + 1.0)


def make_normal(rows: Rows, a: int) -> None:
    for r in range(LANES):
        rows.out[a, r] = central_normal(rows.base[a, r])


def library_power(rows: Rows, a: int) -> None:
    for r in range(LANES):
        rows.out[a, r] = rows.base[a, r] ** rows.exponent[a, r]


PLAIN = partial(
    njit, cache=True, nogil=True, error_model="numpy", no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
)  # fmt: skip


class Code(NamedTuple):
    ir: str  # LLVM's language, optimised
    assembly: str


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Code]:
    """The code of a day that goes through one phase, compiled now: cached code cannot be read."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))

    def make(phase: Callable[[Rows, int], None], decorator: Callable[..., Any] = kernel) -> Code:
        inner = decorator(phase)

        def days(rows: Rows) -> None:
            for a in range(rows.base.shape[0]):
                inner(rows, a)

        whole = kernel(days, inlined=False) if decorator is kernel else decorator(days)
        whole.compile((TYPE,))
        (made,) = whole.overloads.values()
        return Code(made.library.get_llvm_str(), made.library.get_asm_str())

    return make


def complaints(code: Code) -> list[str]:
    """What the code lacks, in plain words."""
    found = []
    if re.search(r"NRT_(in|de)cref", code.ir):
        found.append(COUNTED)
    pointers = re.findall(r"ptr ([^,%]*)%arg", code.ir.partition("define")[2].partition("{")[0])
    if not pointers or not all("noalias" in said for said in pointers) or "memcheck" in code.ir:
        found.append(ALIASED)
    if re.search(r"call[^\n@]*@\"?(?:llvm\.)?(?:pow|exp|log)[.(]", code.ir):
        found.append(CALLED)
    if re.search(r"call[^\n@]*@_Z", code.ir):
        found.append(OUT_OF_LINE)
    if ON_X86:
        # one number at a time ends in sd, several in pd
        arithmetic = re.findall(r"\bv?(?:add|sub|mul|div)([ps])d\b", code.assembly)
        if "p" not in arithmetic or "s" in arithmetic:
            found.append(NOT_VECTORISED)
    return found


@pytest.mark.parametrize("phase", [add, raise_to_power, make_normal, much])
def test_kernels_have_every_help(
    phase: Callable[[Rows, int], None], compiled: Callable[..., Code]
) -> None:
    found = complaints(compiled(phase))
    assert not found, "; ".join(found) + SEE


@pytest.mark.parametrize(
    ("phase", "decorator", "missed"),
    [
        (raise_to_power, PLAIN, {COUNTED, ALIASED, OUT_OF_LINE, NOT_VECTORISED}),
        (library_power, kernel, {CALLED, NOT_VECTORISED}),
    ],
)
def test_missing_help_is_named(
    phase: Callable[[Rows, int], None],
    decorator: Callable[..., Any],
    missed: set[str],
    compiled: Callable[..., Code],
) -> None:
    found = complaints(compiled(phase, decorator))
    assert set(found) == missed - (set() if ON_X86 else {NOT_VECTORISED})


def test_compiled_days_count_no_references_and_call_no_library() -> None:
    """The day itself, as it is kept on disk; what calls it makes arrays and so does count."""
    run_compiled(Scenario.from_yaml("two_sources").replace(steps=1), 0, [0])
    kept = {
        name: b"".join(
            path.read_bytes() for path in Path(config.CACHE_DIR).rglob(f"loop.{name}-*.nbc")
        )
        for name in ("_days", "_run_chunk")
    }
    assert kept["_days"], f"no compiled days under {config.CACHE_DIR}"
    counts = {name: b"NRT_incref" in code for name, code in kept.items()}
    assert counts["_run_chunk"]
    assert not counts["_days"], COUNTED + SEE
    called = [name for name in ("exp", "log", "pow") if f"\0{name}\0".encode() in kept["_days"]]
    assert not called, CALLED + SEE
