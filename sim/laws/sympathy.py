"""The update of sympathy in increment form.

Source: equation (5); Friedkin & Johnsen 1990 with two time-varying stubborn sources.
"""

from __future__ import annotations

from sim.compiling import law


@law
def pull(weight: float, kernel: float, source: float, sympathy: float) -> float:
    """The increment of sympathy toward one source.  (5)

    Parameters
    ----------
    weight
        Of the source, 1/day.
    kernel
        K(s, p) of the update rule.
    source, sympathy
        p and s, -1 to 1.
    """
    return weight * kernel * (source - sympathy)


@law
def message_pull(attention: float, weight: float, share: float) -> float:
    """Weight omega of a side's messages: attention times its share of the contest.  (4)

    Parameters
    ----------
    attention
        m, 0 to 1.
    weight
        omega_bar, 1/day: the pull at full attention.
    share
        Of the contest, 0 to 1.

    Returns
    -------
    float
        omega, 1/day.
    """
    return weight * attention * share


@law
def peer_weight(anchor_pull: float, omegas: float, peer_pull: float) -> float:
    """What is left for peers after the anchor and both sides' messages (``omegas``).  (5)

    Parameters
    ----------
    anchor_pull
        alpha, 1/day.
    omegas
        Of both sides' messages, added.
    peer_pull
        kappa, 1/day.

    Returns
    -------
    float
        The weight of all peers together, 1/day.
    """
    return (1.0 - anchor_pull) * (1.0 - omegas) * peer_pull


@law
def clipped(sympathy: float) -> float:
    """Sympathy cut to [-1, 1]; nan where it is not finite: the run is lost.  (5)"""
    if sympathy > 1.0:
        return 1.0 + (sympathy - sympathy)
    return -1.0 + (sympathy - sympathy) if sympathy < -1.0 else sympathy
