"""The four programs by name.

Each is imported only when it is asked for: a worker holds one program, and its memory is measured;
the processes that Mesa starts need no compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.benchmark.task import Output, Task

ENGINE, C, NUMPY, MESA = "engine", "c", "numpy", "mesa"
PROGRAMS = {ENGINE: "this engine", C: "C", NUMPY: "NumPy", MESA: "Mesa"}  # as reports name them

Program = Callable[["Task", int, int], "Output"]


def load_program(name: str) -> Program:
    """Return the function that runs a task: ``run(task, runs, threads)``.

    Parameters
    ----------
    name
        One of ``PROGRAMS``.

    Raises
    ------
    InputError
        There is no such program.
    """
    match name:
        case "engine":
            from sim.benchmark.engine_program import run
        case "c":
            from sim.benchmark.c_program import run
        case "numpy":
            from sim.benchmark.numpy_program import run
        case "mesa":
            from sim.benchmark.mesa_program import run
        case _:
            raise InputError(f"the benchmark has no program {name!r}")
    return run
