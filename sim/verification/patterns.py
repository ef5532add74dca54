"""Ordinal patterns that the model can fail, asked of a scenario.  Source: section 8.

Each is measured over *prior draws*: every parameter that is not fixed and every judgement drawn.
It passes where it holds in at least two thirds of the draws. A placebo
destroys what should make the pattern (judgements, salience, trust and priors shuffled over
audiences; the two claimants' rows of judgements exchanged; the events' salience taken away) and
shows how often it holds all the same. A pattern that fails is reported as failing; none was tuned
for. One that needs what a scenario does not have is told as one that cannot be asked of it: it
neither passes nor fails. Draws are run in blocks, so that memory does not grow with them. The
patterns are listed in ``pattern_table``; what they are about in a scenario is in ``crises``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from sim.running.executing import Progress, Replicates
from sim.running.streaming import run_jobs
from sim.scenario.error_texts import count_of
from sim.verification.crises import PatternCase, part_words
from sim.verification.findings import Measured
from sim.verification.pattern_table import PATTERNS
from sim.verification.prior_draws import PriorDraws

PASSES = 2.0 / 3.0
BLOCK = 256  # draws


@dataclass(frozen=True)
class Pattern:
    """How one pattern fared over all draws, or why it cannot be asked.

    Attributes
    ----------
    id
        P1 to P15, and variants beside them (section 8 of docs/model.md).
    what
        What should be seen, in words.
    measure
        What was measured, in words.
    share
        Share of the draws in which it holds; None where it cannot be asked.
    placebo
        The same under the placebo; None where there is none.
    origin
        Why the model may show it: built in, set by data, or emerges.
    samples
        Number of draws.
    equal
        Share of the draws in which what is compared is exactly equal, so that neither the pattern
        nor its opposite holds.
    unasked
        Why it cannot be asked of the scenario, in a sentence; "" where it is measured.
    """

    id: str
    what: str
    measure: str
    share: float | None
    placebo: float | None
    origin: str
    samples: int
    equal: float = 0.0
    unasked: str = ""

    @property
    def passes(self) -> bool | None:
        """Whether it holds in two thirds of the draws; None where it cannot be asked."""
        return None if self.share is None else self.share >= PASSES

    @property
    def is_variant(self) -> bool:
        """Whether it stands beside a pattern, to be read with it, and is no test of its own."""
        return " " in self.id

    @property
    def says_nothing(self) -> bool:
        """Whether it passes and would pass under its placebo, too: then it is no test."""
        return bool(self.passes) and self.placebo is not None and self.placebo >= PASSES

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {**asdict(self), "passes": self.passes, "says_nothing": self.says_nothing}

    def __str__(self) -> str:
        if self.share is None:
            return f"{self.id:<4} cannot be asked. {self.unasked} [{self.what}]"
        placebo = "none" if self.placebo is None else f"{self.placebo:.2f}"
        placebo += " (holds too: says nothing)" if self.says_nothing else ""
        verdict = "passes" if self.passes else "FAILS"
        equal = f" (exactly equal in {self.equal:.2f})" if self.equal else ""
        return (
            f"{self.id:<4} {verdict:<6} share {self.share:.2f}{equal}, placebo {placebo}, "
            f"{self.origin}: {self.what} [{self.measure}]"
        )


def check_patterns(
    case: PatternCase,
    samples: int,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Pattern]:
    """Ask every pattern of a scenario, over prior draws.

    Parameters
    ----------
    case
        The scenario.
    samples
        How many draws.
    jobs
        Threads; None: one for each core. No number depends on it.
    progress
        Called with the number of draws done, in a few words.
    """
    reasons = {question.id: question.why_not(case) for question in PATTERNS}
    asked = [question for question in PATTERNS if not reasons[question.id]]
    found: list[list[Measured]] = []

    def work(replicates: Replicates, progress: Progress) -> list[Measured]:
        draws = PriorDraws(case, replicates, progress)
        return [question.measure(draws) for question in asked]

    def merge(replicates: Replicates, some: list[Measured]) -> None:
        found.append(some)
        if progress is not None:
            progress(f"patterns: {int(replicates[-1]) + 1} of {count_of(samples, 'draw')}")

    blocks = (
        np.arange(first, min(first + BLOCK, samples), dtype=np.uint64)
        for first in range(0, samples, BLOCK)
    )
    run_jobs(blocks, work, merge, jobs or os.cpu_count() or 1)
    measured = dict(zip([one.id for one in asked], zip(*found, strict=True), strict=True))
    words, patterns = part_words(case), []
    for id, what, origin, *_ in PATTERNS:
        said = what.format_map(words), origin.format_map(words)
        patterns.append(
            _pattern(id, *said, measured[id])
            if id in measured
            else unasked_pattern(id, *said, reasons[id])
        )
    return patterns


def unasked_pattern(id: str, what: str, origin: str, reason: str) -> Pattern:
    """Return a pattern that cannot be asked of a scenario, with the reason in a sentence."""
    return Pattern(id, what, "", None, None, origin, 0, unasked=reason)


def _pattern(id: str, what: str, origin: str, parts: tuple[Measured, ...]) -> Pattern:
    """Return what the blocks of one pattern say together."""
    holds = np.concatenate([part.holds for part in parts])
    placebos = [part.placebo for part in parts if part.placebo is not None]
    means = {
        name: float(np.concatenate([part.numbers[name] for part in parts]).mean())
        for name in parts[0].numbers
    }
    placebo = float(np.concatenate(placebos).mean()) if placebos else None
    ties = [part.equal for part in parts if part.equal is not None]
    equal = float(np.concatenate(ties).mean()) if ties else 0.0
    measure, share = parts[0].measure(means), float(holds.mean())
    return Pattern(id, what, measure, share, placebo, origin, len(holds), equal)
