"""Credence in contested claims.  Source: section 2.6; Tullock shares of assertion and denial."""

from __future__ import annotations

from sim.compiling import law


@law
def moved_credence(
    credence: float, rate: float, attention: float, asserted: float, denied: float
) -> float:
    """Credence after the day's talk of a claim.

    Parameters
    ----------
    credence
        b, 0 to 1.
    rate
        zeta, 1/day; 0 where credence does not move.
    attention
        m, 0 to 1.
    asserted, denied
        Contest shares of what asserts and what denies the claim.

    Returns
    -------
    float
        0 to 1.
    """
    return credence + rate * attention * (asserted * (1.0 - credence) - denied * credence)


@law
def verified(value: float, finding: float, weight: float) -> float:
    """A credence or an evidence after an inquiry's finding of this weight.

    Parameters
    ----------
    value
        0 to 1.
    finding
        What the inquiry found, 0 (false) to 1 (true).
    weight
        How far the value follows the finding, 0 to 1.

    Returns
    -------
    float
        0 to 1.
    """
    return value + weight * (finding - value)
