"""Verification and validation in one look: statements with known answers, patterns that can fail.

Source: sections 7 and 8 of docs/model.md. The statements decide whether the check fails; the
patterns are reported. What is checked is in ``statements`` and ``patterns``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sim.report.numerals import OF_OPINION
from sim.scenario.error_texts import count_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.verification.magnitudes import Magnitude
    from sim.verification.patterns import Pattern
    from sim.verification.statements.result import StatementResult

SAMPLES = 2000  # prior draws a pattern is judged on
MARGIN = 2  # spaces between columns

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Check:
    """What was checked.

    Attributes
    ----------
    statements
        One result for each number of a statement.
    patterns
        One for each pattern of 2025.
    magnitudes
        One for each effect that has a published one.
    """

    statements: list[StatementResult] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    magnitudes: list[Magnitude] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Whether a statement fails. A pattern that fails is a finding, not a fault."""
        return any(not result.holds for result in self.statements)

    def text(self) -> str:
        """Return a table to read: a line for each number, then the count, then the patterns."""
        parts = []
        if self.statements:
            parts.append(_table(self.statements))
            right = sum(result.holds for result in self.statements)
            ids = len({result.id for result in self.statements})
            count = len(self.statements)
            parts.append(
                f"{right} of {count_of(count, 'comparison')} hold, of {count_of(ids, 'statement')}"
            )
        parts += map(str, self.patterns)
        if self.magnitudes:
            parts.append(f"sizes beside published ones; {OF_OPINION}")
            parts += map(str, self.magnitudes)
        return "\n".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "failed": self.has_failures,
            "statements": [asdict(result) for result in self.statements],
            "patterns": [pattern.to_dict() for pattern in self.patterns],
            "magnitudes": [one.to_dict() for one in self.magnitudes],
        }


def check(
    statements: bool = True,
    patterns: bool = True,
    samples: int = SAMPLES,
    progress: Progress | None = None,
    outcomes: Path | None = None,
) -> Check:
    """Run the statements and measure the patterns; about a minute.

    Parameters
    ----------
    statements
        Whether to run the statements.
    patterns
        Whether to measure the patterns, and sizes beside published ones.
    samples
        How many prior draws each pattern is judged on.
    progress
        Called with what begins, in a few words.
    outcomes
        A file of coded stances of the audiences of ``kashmir_2025``, for P15.

    Raises
    ------
    InputError
        Where that file is refused.
    """
    # late: each imports the whole model
    asked = None
    if outcomes is not None:
        from sim.verification.rank_pattern import ask_rank_pattern, check_rank_pattern

        asked = ask_rank_pattern(outcomes, samples)  # refused before anything is run
    results: list[StatementResult] = []
    if statements:
        from sim.verification.statements import STATEMENTS

        for name, run in STATEMENTS.items():
            if progress is not None:
                progress(f"statement {name}")
            results += run()
    measured: list[Pattern] = []
    sizes: list[Magnitude] = []
    if patterns:
        from sim.verification.magnitudes import measure_magnitudes
        from sim.verification.patterns import check_patterns

        measured = check_patterns(samples, progress=progress)
        if asked is not None:
            measured.append(check_rank_pattern(asked))
        sizes = measure_magnitudes(progress)
    return Check(results, measured, sizes)


def _table(results: list[StatementResult]) -> str:
    """Return the results as lines of aligned columns."""
    rows = [("", "", "statement", "expected", "obtained")]
    for one in results:
        holds = "holds" if one.holds else "FAILS"
        rows.append((one.id, holds, one.what, f"{one.expected:.7g}", f"{one.obtained:.7g}"))
    widths = [max(map(len, column)) + MARGIN for column in zip(*rows, strict=True)]
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
