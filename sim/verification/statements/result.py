"""What a statement is checked by: numbers that should be, beside the numbers that are.

A statement is a generator of *checks*. A check is a tuple: what is compared, the number expected
by hand or by theory, the number that the model obtains, and the tolerance. The table of statements
(:data:`sim.verification.statements.STATEMENTS`) adds the statement's id and the verdict. How a
result is printed is said in :mod:`sim.verification.check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SIX = 5e-7  # half a unit in the sixth decimal: the statement is printed with six
FOUR = 5e-5
EXACT = 0.0

Checks = Iterator[tuple[str, float, float, float]]  # what, expected, obtained, tolerance


@dataclass(frozen=True)
class StatementResult:
    """One number of a statement, compared.

    Attributes
    ----------
    id
        The statement, V1 to V29 (section 7 of docs/model.md).
    what
        The quantity compared, in a few words.
    expected
        Its value by hand or by theory.
    obtained
        Its value in the model.
    tolerance
        Largest absolute difference at which the statement holds.
    holds
        Whether the difference is no larger than that.
    """

    id: str
    what: str
    expected: float
    obtained: float
    tolerance: float
    holds: bool


def compare(
    id: str, what: str, expected: float, obtained: float, tolerance: float
) -> StatementResult:
    """Compare two numbers.

    Parameters are the fields of :class:`StatementResult`. A value that is not a number never
    holds, whatever the tolerance.
    """
    expected, obtained = float(expected), float(obtained)
    holds = abs(obtained - expected) <= tolerance
    return StatementResult(id, what, expected, obtained, tolerance, holds)
