"""Accepts with a probability that rises with the gain.  Source: equation (7); McFadden 1974."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.consent import logistic


@law
def logit(gain: float, precision: float) -> float:
    """Probability of accepting; with infinite precision, 1 exactly where the gain is above 0."""
    if precision > 1e300:
        return 1.0 if gain > 0.0 else 0.0
    return logistic(precision * gain)
