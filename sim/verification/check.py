"""Verification and validation in one look: statements with known answers, patterns that can fail.

Source: sections 7 and 8. The statements decide whether the check fails; the patterns are reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sim.verification.statements.result import StatementResult

PATTERNS = "sim.verification.patterns"
SAMPLES = 2000  # prior draws a pattern is judged on
MARGIN = 2  # spaces between columns

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Check:
    """What was checked: comparisons of statements, and patterns where there are any."""

    statements: list[StatementResult] = field(default_factory=list)
    patterns: list[Any] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Whether a statement fails. A pattern that fails is a finding, not a fault."""
        return any(not comparison.holds for comparison in self.statements)

    def text(self) -> str:
        """A table to read: one line for each comparison, then the count, then the patterns."""
        parts = []
        if self.statements:
            parts.append(_table(self.statements))
            wrong = sum(not comparison.holds for comparison in self.statements)
            ids = len({comparison.id for comparison in self.statements})
            held = f"{len(self.statements) - wrong} of {len(self.statements)} comparisons hold"
            parts.append(f"{held}, of {ids} statements")
        parts += [str(pattern) for pattern in self.patterns]
        return "\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "failed": self.has_failures,
            "statements": [asdict(comparison) for comparison in self.statements],
            "patterns": [pattern.to_dict() for pattern in self.patterns],
        }


def check(
    statements: bool = True,
    patterns: bool = True,
    samples: int = SAMPLES,
    progress: Progress | None = None,
) -> Check:
    """Run the statements and, where the package has them, the patterns.

    Parameters
    ----------
    samples
        How many prior draws each pattern is judged on.
    progress
        Told what begins, in a few words.
    """
    found: list[StatementResult] = []
    if statements:
        from sim.verification.statements import STATEMENTS  # late: it imports the whole model

        for name, run in STATEMENTS.items():
            if progress is not None:
                progress(f"statement {name}")
            found += run()
    seen: list[Any] = []
    if patterns and find_spec(PATTERNS) is not None:
        seen = list(import_module(PATTERNS).check(samples=samples, progress=progress))
    return Check(found, seen)


def _table(comparisons: list[StatementResult]) -> str:
    rows = [("", "", "statement", "expected", "obtained")]
    for one in comparisons:
        holds = "holds" if one.holds else "FAILS"
        rows.append((one.id, holds, one.what, f"{one.expected:.7g}", f"{one.obtained:.7g}"))
    widths = [max(len(row[column]) for row in rows) + MARGIN for column in range(5)]
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
