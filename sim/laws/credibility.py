"""Credibility as a count of what held and what did not.  Source: section 2.6 (Beta counts)."""

from __future__ import annotations

from sim.compiling import law


@law
def credibility(kept: float, broken: float) -> float:
    """Credibility c = m+ / (m+ + m-), in [0, 1]."""
    return kept / (kept + broken)


@law
def observed(count: float, attention: float, weighed_effort: float) -> float:
    """A count after the day: ``weighed_effort`` is effort times the part that held, or did not."""
    return count + attention * weighed_effort
