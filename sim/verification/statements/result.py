"""What a check of a statement returns: one number that should be, and the one that is."""

from __future__ import annotations

from dataclasses import dataclass

SIX = 5e-7  # half a unit in the sixth decimal: the statement is printed with six
FOUR = 5e-5
EXACT = 0.0


@dataclass(frozen=True)
class StatementResult:
    """One comparison of a statement; ``holds`` where they differ by no more than ``tolerance``."""

    id: str
    what: str
    expected: float
    obtained: float
    tolerance: float
    holds: bool


def compare(
    id: str, what: str, expected: float, obtained: float, tolerance: float
) -> StatementResult:
    """Compare two numbers; a value that is not a number never holds."""
    expected, obtained = float(expected), float(obtained)
    return StatementResult(
        id, what, expected, obtained, tolerance, abs(obtained - expected) <= tolerance
    )
