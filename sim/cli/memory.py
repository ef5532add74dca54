"""Whether a limit on memory leaves the room that computing takes, said before it begins.

Where LLVM, or the C library as it starts a thread, is refused memory, it ends the process by
itself: nothing is left then that could say why. So a limit that is too tight is refused.
"""

from __future__ import annotations

import os

from sim.errors import MachineError

# Address space, which is what ``ulimit -v`` limits; much of it is never used
NEEDED = 1_500_000_000  # bytes, of Python, its libraries and the compiled engine
PER_THREAD = 80_000_000  # the stack of a thread, and where it allocates


def demand_memory(jobs: int | None) -> None:
    """Refuse to compute under a limit on address space that is too tight for so many threads.

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
    needed = NEEDED + threads * PER_THREAD
    if limit != resource.RLIM_INFINITY and limit < needed:
        raise MachineError(
            f"memory: at most {limit / 1e6:,.0f} MB of address space are allowed (ulimit -v), and "
            f"about {needed / 1e6:,.0f} MB are needed with {threads} threads; raise the limit"
        )
