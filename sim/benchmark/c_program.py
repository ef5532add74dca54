"""The C program: ``c_program.c`` compiled on the spot and called through ctypes."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.benchmark.task import (
    POLICIES,
    Output,
    RunSums,
    Task,
    refuse_unknown,
    replicates,
)
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


class _Plan(ctypes.Structure):
    """``struct plan``: fields in the order of ``c_program.c``."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in (
            "days", "audiences", "issues", "claims", "narratives", "teams",
            "parity_claim", "mediator", "escalation", "policy",
        )),
        *((name, ctypes.c_double) for name in ("initial_tension", "incident_pro", "incident_con")),
        *((name, ctypes.c_void_p) for name in (
            "effort", "campaign_start", "importance", "capitals", "peer_start", "peer_of",
            "peer_weight", "sender", "kind", "issue", "claim", "share", "evidence", "spoken",
            "reaches", "accused", "claim_issue", "reply_narrative", "team_start", "team_at",
            "owner", "bonus", "event_start", "event", "event_tension", "event_salience",
            "event_pro", "event_con", "event_claim", "event_asserts", "verified_claim", "finding",
            "finding_weight", "incident_salience", "offer_days", "noise_counter",
            "incident_counter", "accept_counter",
        )),
    ]  # fmt: skip


class _Numbers(ctypes.Structure):
    """``struct numbers``."""

    _fields_ = [
        ("runs", ctypes.c_int64), *((name, ctypes.c_void_p) for name in Lanes._fields)
    ]  # fmt: skip


class _Sums(ctypes.Structure):
    """``struct sums``."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in (
            "origin", "sympathy", "squares", "tension", "diplomacy",
        )),
        ("finals", ctypes.c_int64),
        ("final", ctypes.c_void_p),
    ]  # fmt: skip


def compiler() -> str | None:
    """The C compiler's path, or None: then the benchmark goes on without C."""
    return shutil.which(os.environ.get("CC") or "gcc")


@cache
def load_program() -> Callable[..., int]:
    """The program's ``run``, compiled for this machine in a folder that is gone afterwards."""
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
    function.argtypes = [
        ctypes.POINTER(_Plan), ctypes.POINTER(_Numbers), ctypes.c_uint64, ctypes.c_void_p,
        ctypes.c_int64, ctypes.c_int64, ctypes.POINTER(_Sums),
    ]  # fmt: skip
    function.restype = ctypes.c_int
    wrapped: Callable[..., int] = function
    return wrapped


def run(task: Task, runs: int, threads: int = 1) -> Output:
    """Run the first ``runs`` replicates on so many threads; the bits do not depend on them."""
    function = load_program()
    pinned = _PinnedArrays()
    p, x = _plan(task.world, pinned), _numbers(task.lanes, pinned)
    words, total = pinned.address(replicates(runs)), RunSums(task, runs)
    origin = pinned.address(total.origin)

    def part(start: int) -> RunSums:
        sums = RunSums(task, runs)
        arrays = (sums.sympathy, sums.squares, sums.tension, sums.diplomacy)
        out = _Sums(
            origin, *(array.ctypes.data for array in arrays), len(total.final),
            total.final.ctypes.data,
        )  # fmt: skip
        stop = min(start + CHUNK, runs)
        if function(p, x, task.seed, words, start, stop, out):
            raise MachineError("the C program ran out of memory")
        return sums

    with ThreadPoolExecutor(threads) as pool:
        for sums in pool.map(part, range(0, runs, CHUNK)):  # in order, whoever was first
            total.add(sums)
    return total.output()


class _PinnedArrays:
    """Keeps arrays alive as long as C reads them."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray[Any, Any]] = []

    def address(self, values: np.ndarray[Any, Any]) -> int:
        """The address of the values, laid out in C order."""
        self.arrays.append(np.ascontiguousarray(values))
        return int(self.arrays[-1].ctypes.data)


def _plan(world: World, pinned: _PinnedArrays) -> _Plan:
    """The world as the C program reads it, or an error where it cannot do this world."""
    refuse_unknown(world, "C")
    laid = plan(world)
    names = world.names
    own = {
        "days": world.steps, "audiences": len(names.audiences), "issues": len(names.issues),
        "claims": len(names.claims), "narratives": len(names.narratives),
        "teams": len(names.delegations), "policy": POLICIES.index(world.policy),
    }  # fmt: skip
    out = _Plan()
    for field in _Plan._fields_:
        name = field[0]
        value: Any = own[name] if name in own else getattr(laid, name)
        setattr(out, name, pinned.address(value) if field[1] is ctypes.c_void_p else value)
    return out


def _numbers(lanes: Lanes, pinned: _PinnedArrays) -> _Numbers:
    """The runs' numbers; a policy that changes coefficients is not known to the C program."""
    return _Numbers(lanes.values.shape[1], *(pinned.address(values) for values in lanes))
