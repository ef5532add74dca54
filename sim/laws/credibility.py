"""Credibility as a count of what held and what did not.  Source: section 2.6 (Beta counts)."""

from __future__ import annotations

from sim.compiling import law


@law
def credibility(kept: float, broken: float) -> float:
    """Credibility c = m+ / (m+ + m-), in [0, 1].

    Parameters
    ----------
    kept, broken
        Counts m+ and m- of what held and what did not; one of them above 0.
    """
    return kept / (kept + broken)


@law
def observed(count: float, attention: float, weighed_effort: float) -> float:
    """A credibility count after the day.

    Parameters
    ----------
    count
        m+ or m-.
    attention
        m, 0 to 1.
    weighed_effort
        Effort times the part that inquiry bears out (for m+), or does not (for m-).
    """
    return count + attention * weighed_effort
