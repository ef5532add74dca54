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

    from sim.scenario.scenario import Scenario
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
        One for each pattern, those that cannot be asked of the scenario included.
    magnitudes
        One for each effect that has a published one.
    scenario
        Name of the scenario that patterns were asked of and sizes measured in.
    """

    statements: list[StatementResult] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    magnitudes: list[Magnitude] = field(default_factory=list)
    scenario: str = ""

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
        if self.patterns:
            parts.append(self._count_patterns())
        parts += map(str, self.patterns)
        if self.magnitudes:
            parts.append(f"sizes beside published ones; {OF_OPINION}")
            parts += map(str, self.magnitudes)
        return "\n".join(parts)

    def _count_patterns(self) -> str:
        """Return how many patterns pass, fail and cannot be asked; variants are not counted."""
        verdicts = [pattern.passes for pattern in self.patterns if not pattern.is_variant]
        passed, failed, unasked = map(verdicts.count, (True, False, None))
        return (
            f"{count_of(len(verdicts), 'pattern')} asked of {self.scenario}, their variants not "
            f"counted: {passed} pass, {failed} fail, {unasked} cannot be asked"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "scenario": self.scenario,
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
    scenario: Scenario | None = None,
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
        A file of coded stances of the scenario's audiences, for P15.
    scenario
        What patterns are asked of and sizes measured in; None: ``kashmir_2025``.

    Raises
    ------
    InputError
        Where that file is refused.
    """
    # late: each imports the whole model
    from sim.verification.crises import pattern_case

    case, asked = pattern_case(scenario) if patterns else None, None
    if case is not None and outcomes is not None:
        from sim.verification.rank_pattern import ask_rank_pattern

        asked = ask_rank_pattern(outcomes, samples, case)  # refused before anything is run
    results: list[StatementResult] = []
    if statements:
        from sim.verification.statements import STATEMENTS

        for name, run in STATEMENTS.items():
            if progress is not None:
                progress(f"statement {name}")
            results += run()
    measured: list[Pattern] = []
    sizes: list[Magnitude] = []
    if case is not None:
        from sim.verification.magnitudes import measure_magnitudes
        from sim.verification.patterns import check_patterns
        from sim.verification.rank_pattern import check_rank_pattern, rank_pattern_unasked

        measured = check_patterns(case, samples, progress=progress)
        measured.append(rank_pattern_unasked(case) if asked is None else check_rank_pattern(asked))
        sizes = measure_magnitudes(case, progress)
    return Check(results, measured, sizes, "" if case is None else case.scenario.name)


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
