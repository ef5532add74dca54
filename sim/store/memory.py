"""How much memory is free, and the refusal to begin what will not fit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import MachineError

# Address space, which is what ``ulimit -v`` limits; much of it is never used
ADDRESSES = 1_500_000_000  # bytes, of Python, its libraries and the compiled engine
ADDRESSES_OF_THREAD = 80_000_000  # its stack, and where it allocates


def demand_memory(wanted: float, advice: str) -> None:
    """Refuse to begin what will not fit into memory; MachineError says what would help."""
    free = free_memory()
    if free is not None and wanted > free:
        raise MachineError(
            f"memory: about {wanted / 1e6:,.0f} MB are needed, and {free / 1e6:,.0f} MB are free; "
            f"{advice}"
        )


def demand_address_space(jobs: int | None) -> None:
    """Refuse to compute under a limit on address space that is too tight for so many threads.

    Where LLVM, or the C library as it starts a thread, is refused memory, it ends the process by
    itself, and nothing is left then that could say why.

    Raises
    ------
    MachineError
        With the limit and what is needed.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    threads = jobs or os.cpu_count() or 1
    needed = ADDRESSES + threads * ADDRESSES_OF_THREAD
    if limit != resource.RLIM_INFINITY and limit < needed:
        raise MachineError(
            f"memory: at most {limit / 1e6:,.0f} MB of address space are allowed (ulimit -v), and "
            f"about {needed / 1e6:,.0f} MB are needed with {threads} threads; raise the limit"
        )


def free_memory() -> float | None:
    """Return how many bytes this process may still take; None where the machine does not tell."""
    found = [*_available(), *_left_in_group()]
    return min(found, default=None)


def _available() -> Iterator[float]:
    lines = _words(Path("/proc/meminfo"))
    yield from (1024.0 * float(line[1]) for line in lines if line[0] == "MemAvailable:")


def _left_in_group() -> Iterator[float]:
    """What the limit of a container leaves: pages of files are given up when they are needed."""
    group = Path("/sys/fs/cgroup")
    limit, used = (_words(group / name) for name in ("memory.max", "memory.current"))
    if limit and used and limit[0][0] != "max":
        cached = [line[1] for line in _words(group / "memory.stat") if line[0] == "file"]
        yield float(limit[0][0]) - float(used[0][0]) + sum(map(float, cached))


def _words(path: Path) -> list[list[str]]:
    try:
        return [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    except OSError:  # no such file on other systems, or none that may be read: then nobody tells
        return []
