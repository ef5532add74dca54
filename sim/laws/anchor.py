"""The anchor: how an audience judges a claimant today, and mediation as a parity operator.

Source: equations (2a) and (3); Friedkin & Johnsen 1990 (anchor), Iyengar & Kinder 1987 (priming),
Anderson 1981 (averaging), Fishbein & Ajzen 1975 (adding up).
"""

from __future__ import annotations

from sim.compiling import law
from sim.laws.sympathy import clipped

NONE, OFFERED, ACTIVE = 0.0, 1.0, 2.0  # mediation M


@law
def anchor(averaged: float, at_rest: float, excess: float, crowding: float) -> float:
    """A claimant's anchor on what is salient today, before it is cut to [-1, 1].  (2a)

    Parameters
    ----------
    averaged
        Judgements weighted by the shares of attention, -1 to 1.
    at_rest
        The same at resting salience, -1 to 1.
    excess
        Salience of contested issues above their rest, as part of all salience; negative below it.
    crowding
        c, 0 to 1. At 1 what is salient crowds out the rest; at 0 it adds to what the audience
        thought before.
    """
    return averaged + (1.0 - crowding) * at_rest * excess


@law
def bounded_anchor(anchor: float, crowding: float) -> float:
    """The anchor cut to [-1, 1]; an average needs no cut and is left to the bit.  (2a)"""
    return anchor if crowding >= 1.0 else clipped(anchor)


@law
def parity_stage(mediation: float, offer_parity: float) -> float:
    """Strength of parity, 0 to 1, by the state of mediation.  (3)

    Parameters
    ----------
    mediation
        M: ``NONE``, ``OFFERED`` or ``ACTIVE``.
    offer_parity
        theta, 0 to 1: what an offer alone brings.

    Returns
    -------
    float
        1 while mediation is active, ``offer_parity`` while it is offered, else 0.
    """
    if mediation >= ACTIVE:
        return 1.0
    return offer_parity if mediation >= OFFERED else 0.0


@law
def gap_kept(
    parity: float, spillover: float, stage: float, credence: float, impartiality: float
) -> float:
    """The part f_a of the gap between the two claimants' anchors that mediation leaves.  (3)

    Parameters
    ----------
    parity
        h, 0 to 1.
    spillover
        phi, 0 to 1; 1 at the mediator's own audience.
    stage
        Of ``parity_stage``.
    credence
        Of the audience in the parity claim; 1 where there is no such claim.
    impartiality
        iota, 0 to 1; 0 but at the mediator's audience while mediation is active.

    Returns
    -------
    float
        1: nothing changes; 0: both anchors are one.
    """
    return (1.0 - parity * spillover * stage * credence) * (1.0 - impartiality * credence)


@law
def evened(anchor: float, mean: float, kept: float) -> float:
    """A claimant's anchor after parity: drawn toward the mean of both.  (3)

    Parameters
    ----------
    anchor, mean
        The claimant's anchor and the mean of both, -1 to 1.
    kept
        Of ``gap_kept``.

    Returns
    -------
    float
        u, -1 to 1.
    """
    return mean + kept * (anchor - mean)
