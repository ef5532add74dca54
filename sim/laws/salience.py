"""Salience of issues and limited attention.  Source: equation (1); Zaller 1992 on salience."""

from __future__ import annotations

from sim.compiling import law


@law
def relaxed_salience(salience: float, resting: float, retention: float, shock: float) -> float:
    """Salience of one issue after a day: nearer to its resting value, plus today's shock.  (1)

    Parameters
    ----------
    salience, resting
        z and the value it rests at.
    retention
        The part of the distance that is left after a day, 0 to 1.
    shock
        What events and incidents add today.

    Returns
    -------
    float
        0 and above.
    """
    moved = resting + retention * (salience - resting) + shock
    return moved if moved > 0.0 else 0.0


@law
def attention(background_share: float, limited: float) -> float:
    """Share of attention left for the conflict.  (1)

    Parameters
    ----------
    background_share
        Salience of the background as part of all salience, 0 to 1.
    limited
        1, or 0 where attention is not limited.

    Returns
    -------
    float
        m, 0 to 1.
    """
    return 1.0 - limited * background_share
