"""The error family: every refusal that a user can meet, with its exit code.

Bad input names its place (``FILE:LINE:COL: key.path: reason (got ...)``) and may carry several
problems at once. The command line turns these into text and an exit code in one handler; nothing
else catches broadly.
"""

from __future__ import annotations

from dataclasses import dataclass


class NarrateError(Exception):
    """Base of everything this package raises on purpose."""

    exit_code = 1


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    key
        Path of the key; empty where the whole input is meant.
    reason
        What must hold, or why it does not.
    got
        What was found; empty where that says nothing.
    place
        ``FILE:LINE:COL``, ``--set`` or ``--param``; empty from Python.
    """

    key: str
    reason: str
    got: str = ""
    place: str = ""

    def __str__(self) -> str:
        parts = [part for part in (self.place, self.key) if part]
        found = f" (got {self.got})" if self.got else ""
        return ": ".join([*parts, self.reason]) + found


class InputError(NarrateError):
    """Input that is refused: a scenario, an option, a parameter value. Exit code 2."""

    exit_code = 2
    shown = 20  # a page of errors is worth reading, a thousand are not

    def __init__(self, problems: Problem | list[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = Problem("", problems)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        lines = [str(problem) for problem in self.problems[: self.shown]]
        more = len(self.problems) - self.shown
        if more > 0:
            lines.append(f"... and {more} more")
        super().__init__("\n".join(lines))


class RefusedError(NarrateError):
    """A refusal that protects results: the folder holds something else. Exit code 3."""

    exit_code = 3


class MachineError(NarrateError):
    """Trouble with the machine: disk, permission, port. Exit code 4."""

    exit_code = 4


class Terminated(BaseException):
    """SIGTERM, raised where the program stands so that it can say what it kept."""


class HungUp(Terminated):
    """SIGHUP, as a terminal sends it that is closed; told as SIGTERM is."""


# The error type, in failures.csv, of a run that left the finite numbers. Nothing raises it: such a
# run is listed with the day it was lost, and costs only itself.
NON_FINITE = "NonFiniteError"
