"""The C program: ``c_program.c`` compiled on the spot and called through ctypes.

Here are the C structures and what fills them; the day itself is in the C file.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.benchmark.task import POLICIES, Output, RunSums, Task, refuse_unknown, replicates
from sim.engines.ensemble.plan import Lanes, plan
from sim.errors import MachineError
from sim.world.arrays import World

SOURCE = Path(__file__).parent / "c_program.c"
# -O3 and this machine's instructions. The two others change no number: sqrt without errno becomes
# one instruction, and short clearing loops stay loops rather than calls of memset.
FLAGS = (
    "-O3", "-march=native", "-fno-math-errno", "-fno-tree-loop-distribute-patterns",
    "-std=gnu11", "-shared", "-fPIC",
)  # fmt: skip
CHUNK = 1024  # runs that a thread takes at a time; sums are added up chunk by chunk

# Fields of ``struct plan``, in the order of the C file, by their type
INTEGERS = (
    "days", "audiences", "issues", "claims", "narratives", "teams",
    "parity_claim", "mediator", "escalation", "policy",
)  # fmt: skip
DOUBLES = ("initial_tension", "incident_pro", "incident_con")
ARRAYS = (
    "effort", "campaign_start", "importance", "capitals", "peer_start", "peer_of", "peer_weight",
    "sender", "kind", "issue", "claim", "share", "planned_reply", "evidence", "spoken", "reaches",
    "accused", "claim_issue", "reply_narrative", "team_start", "team_at", "owner", "bonus",
    "event_start", "event", "event_tension", "event_salience", "event_pro", "event_con",
    "event_claim", "event_asserts", "verified_claim", "finding", "finding_weight",
    "incident_salience", "offer_days", "noise_counter", "incident_counter", "accept_counter",
)  # fmt: skip
SUMS = ("sympathy", "squares", "tension", "diplomacy")


def _fields(kind: Any, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Return fields of one C type."""
    return [(name, kind) for name in names]


class _Plan(ctypes.Structure):
    """``struct plan``."""

    _fields_ = [
        *_fields(ctypes.c_int64, INTEGERS),
        *_fields(ctypes.c_double, DOUBLES),
        *_fields(ctypes.c_void_p, ARRAYS),
    ]


class _Numbers(ctypes.Structure):
    """``struct numbers``."""

    _fields_ = [("runs", ctypes.c_int64), *_fields(ctypes.c_void_p, Lanes._fields)]


class _Sums(ctypes.Structure):
    """``struct sums``."""

    _fields_ = [
        *_fields(ctypes.c_void_p, ("origin", *SUMS)),
        ("finals", ctypes.c_int64),
        ("final", ctypes.c_void_p),
    ]


def compiler() -> str | None:
    """Return the C compiler's path, or None: then the benchmark goes on without C."""
    return shutil.which(os.environ.get("CC") or "gcc")


@cache
def compile_program() -> Any:
    """Return the program's ``run``, compiled in a folder that is gone afterwards.

    Raises
    ------
    MachineError
        There is no compiler, or it refuses the program.
    """
    found = compiler()
    if found is None:
        raise MachineError("no C compiler: gcc is not on the path, and CC names none")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "c_program.so"
        command = [found, *FLAGS, "-o", str(library), str(SOURCE), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise MachineError(f"the C program does not compile: {done.stderr.strip()}")
        function = ctypes.CDLL(str(library)).run
    number, address = ctypes.c_int64, ctypes.c_void_p
    of_plan, of_numbers, of_sums = map(ctypes.POINTER, (_Plan, _Numbers, _Sums))
    function.argtypes = [of_plan, of_numbers, ctypes.c_uint64, address, number, number, of_sums]
    function.restype = ctypes.c_int
    return function


def run(task: Task, runs: int, threads: int = 1) -> Output:
    """Run the first ``runs`` replicates on so many threads; the bits do not depend on them.

    Raises
    ------
    InputError
        The program does not know this world.
    MachineError
        There is no compiler, or too little memory.
    """
    function = compile_program()
    pinned = _PinnedArrays()
    p = _plan(task.world, pinned)
    # the C program knows no policy that changes coefficients
    x = _Numbers(task.lanes.values.shape[1], *map(pinned.address, task.lanes))
    words, total = pinned.address(replicates(runs)), RunSums(task, runs)
    origin, finals = pinned.address(total.origin), total.final

    def part(start: int) -> RunSums:
        sums = RunSums(task, runs)
        addresses = [getattr(sums, name).ctypes.data for name in SUMS]
        out = _Sums(origin, *addresses, len(finals), finals.ctypes.data)
        if function(p, x, task.seed, words, start, min(start + CHUNK, runs), out):
            raise MachineError("the C program ran out of memory")
        return sums

    with ThreadPoolExecutor(threads) as pool:
        for sums in pool.map(part, range(0, runs, CHUNK)):  # in order, whoever was first
            total.add(sums, sums.diplomacy)
    return total.output()


class _PinnedArrays:
    """Keeps arrays alive as long as C reads them."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray[Any, Any]] = []

    def address(self, values: np.ndarray[Any, Any]) -> int:
        """Return the address of the values, laid out in C order."""
        self.arrays.append(np.ascontiguousarray(values))
        return int(self.arrays[-1].ctypes.data)


def _plan(world: World, pinned: _PinnedArrays) -> _Plan:
    """Return the world as the C program reads it, or an error where it cannot do this world."""
    refuse_unknown(world, "C")
    laid, names = plan(world), world.names
    values = {name: getattr(laid, name, None) for name in (*INTEGERS, *DOUBLES)}
    values |= {name: pinned.address(getattr(laid, name)) for name in ARRAYS}
    values |= {name: len(named) for name, named in names._asdict().items() if name in INTEGERS}
    values |= {"days": world.steps, "teams": len(names.delegations)}
    values["policy"] = POLICIES.index(world.policy)
    return _Plan(**values)
