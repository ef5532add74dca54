"""The anchor: how an audience judges a claimant today, and mediation as a parity operator.

Source: equation (3); Friedkin & Johnsen 1990 (anchor), Iyengar & Kinder 1987 (priming).
"""

from __future__ import annotations

from sim.compiling import law

NONE, OFFERED, ACTIVE = 0.0, 1.0, 2.0  # mediation M


@law
def parity_stage(mediation: float, offer_parity: float) -> float:
    """Strength of parity by the state M: 0 none, ``offer_parity`` offered, 1 active."""
    if mediation >= ACTIVE:
        return 1.0
    return offer_parity if mediation >= OFFERED else 0.0


@law
def gap_kept(
    parity: float, spillover: float, stage: float, credence: float, impartiality: float
) -> float:
    """The part f_a of the gap between the two claimants' anchors that mediation leaves.  (3)

    ``spillover`` is 1 at the mediator's audience; ``impartiality`` is 0 but there under M = 2.
    """
    return (1.0 - parity * spillover * stage * credence) * (1.0 - impartiality * credence)


@law
def evened(anchor: float, mean: float, kept: float) -> float:
    """A claimant's anchor after parity: drawn toward the mean of both.  (3)"""
    return mean + kept * (anchor - mean)
