"""The update of sympathy in increment form.

Source: equation (5); Friedkin & Johnsen 1990 with two time-varying stubborn sources.
"""

from __future__ import annotations

from sim.compiling import law


@law
def pull(weight: float, kernel: float, source: float, sympathy: float) -> float:
    """The increment toward one source; ``kernel`` is the update rule's K(s, p).  (5)"""
    return weight * kernel * (source - sympathy)


@law
def message_pull(attention: float, weight: float, share: float) -> float:
    """Weight omega of a side's messages: attention times its share of the contest.  (4)"""
    return weight * attention * share


@law
def peer_weight(anchor_pull: float, omegas: float, peer_pull: float) -> float:
    """What is left for peers after the anchor and both sides' messages (``omegas``).  (5)"""
    return (1.0 - anchor_pull) * (1.0 - omegas) * peer_pull


@law
def clipped(sympathy: float) -> float:
    """Sympathy cut to [-1, 1].  (5)"""
    if sympathy > 1.0:
        return 1.0
    return -1.0 if sympathy < -1.0 else sympathy
