"""Ordinal patterns of April to August 2025 that the model can fail.  Source: section 8.

Each is measured over *prior draws*: every parameter that is not fixed and every judgement drawn,
on ``kashmir_2025``. It passes where it holds in at least two thirds of the draws. A placebo
destroys what should make the pattern (judgements, salience, trust and priors shuffled over
audiences; the two claimants' rows of judgements exchanged; the events' salience taken away) and
shows how often it holds all the same. A pattern that fails is reported as failing; none was tuned
for. Draws are run in blocks, so that memory does not grow with them. What each pattern is, draw by
draw, is in ``findings``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from sim.running.executing import Progress, Replicates
from sim.running.streaming import run_jobs
from sim.scenario.error_texts import count_of
from sim.verification.findings import PATTERNS, Measured, findings
from sim.verification.prior_draws import PriorDraws, load_main_scenario

PASSES = 2.0 / 3.0
BLOCK = 256  # draws


@dataclass(frozen=True)
class Pattern:
    """How one pattern fared over all draws.

    Attributes
    ----------
    id
        P1 to P14, and variants beside them (section 8 of docs/model.md).
    what
        What should be seen, in words.
    measure
        What was measured, in words.
    share
        Share of the draws in which it holds.
    placebo
        The same under the placebo; None where there is none.
    origin
        Why the model may show it: built in, set by data, or emerges.
    samples
        Number of draws.
    equal
        Share of the draws in which what is compared is exactly equal, so that neither the pattern
        nor its opposite holds.
    """

    id: str
    what: str
    measure: str
    share: float
    placebo: float | None
    origin: str
    samples: int
    equal: float = 0.0

    @property
    def passes(self) -> bool:
        """Whether it holds in two thirds of the draws."""
        return self.share >= PASSES

    @property
    def says_nothing(self) -> bool:
        """Whether it passes and would pass under its placebo, too: then it is no test."""
        return self.passes and self.placebo is not None and self.placebo >= PASSES

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {**asdict(self), "passes": self.passes, "says_nothing": self.says_nothing}

    def __str__(self) -> str:
        placebo = "none" if self.placebo is None else f"{self.placebo:.2f}"
        placebo += " (holds too: says nothing)" if self.says_nothing else ""
        verdict = "passes" if self.passes else "FAILS"
        equal = f" (exactly equal in {self.equal:.2f})" if self.equal else ""
        return (
            f"{self.id:<4} {verdict:<6} share {self.share:.2f}{equal}, placebo {placebo}, "
            f"{self.origin}: {self.what} [{self.measure}]"
        )


def check_patterns(
    samples: int, jobs: int | None = None, progress: Callable[[str], None] | None = None
) -> list[Pattern]:
    """Measure every pattern over prior draws of ``kashmir_2025``.

    Parameters
    ----------
    samples
        How many draws.
    jobs
        Threads; None: one for each core. No number depends on it.
    progress
        Called with the number of draws done, in a few words.
    """
    main_scenario, found = load_main_scenario(), []

    def work(replicates: Replicates, progress: Progress) -> list[Measured]:
        return findings(PriorDraws(main_scenario, replicates, progress))

    def merge(replicates: Replicates, some: list[Measured]) -> None:
        found.append(some)
        if progress is not None:
            progress(f"patterns: {int(replicates[-1]) + 1} of {count_of(samples, 'draw')}")

    blocks = (
        np.arange(first, min(first + BLOCK, samples), dtype=np.uint64)
        for first in range(0, samples, BLOCK)
    )
    run_jobs(blocks, work, merge, jobs or os.cpu_count() or 1)
    measured = zip(PATTERNS, zip(*found, strict=True), strict=True)
    return [_pattern(id, what, origin, parts) for (id, what, origin, _), parts in measured]


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
