"""Whether a claimant accepts the mediator.  Source: equation (7); McFadden 1974 (logit)."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import exp


@law
def acceptance_gain(
    calm: float, evenness: float, goodwill: float, importance: float, cost: float
) -> float:
    """Gain dU of accepting over refusing, in utility.  (7)

    Parameters
    ----------
    calm
        Of ``value_of_calm``.
    evenness
        Of ``cost_of_evenness``; below 0 for the side that trails.
    goodwill
        g, exposure/day.
    importance
        Of the mediator's audience, 0 to 1.
    cost
        d of ``committed_cost``, what accepting costs the claimant at home.
    """
    return calm - evenness + goodwill * importance - cost


@law
def committed_cost(cost: float, stance: float) -> float:
    """Cost d of accepting, after what was said in public before: a public word binds.  (7)

    Source: Fearon 1994.

    Parameters
    ----------
    cost
        Audience cost, in utility.
    stance
        What the claimant has committed itself to on outside mediation: -1 refuses it on
        principle, 1 asks for it.

    Returns
    -------
    float
        0 to twice the cost.
    """
    return cost * (1.0 - stance)


@law
def value_of_calm(weight: float, calming: float, tension: float) -> float:
    """What the mediator's calming is worth at today's tension.  (7)

    Parameters
    ----------
    weight
        w_tau, utility/tension.
    calming
        mu, 1/day.
    tension
        tau after today's change.

    Returns
    -------
    float
        In utility.
    """
    return weight * calming * tension


@law
def cost_of_evenness(
    sign: float, weight: float, parity: float, credence: float, offer_parity: float, lead: float
) -> float:
    """What full parity takes from the side that leads, and gives to the one that trails.  (7)

    Parameters
    ----------
    sign
        1 for the first claimant, -1 for the second.
    weight
        w_h, utility/alignment.
    parity, offer_parity
        h and theta, 0 to 1.
    credence
        In the parity claim, weighted by importance.
    lead
        X: alignment weighted by importance, -1 to 1.

    Returns
    -------
    float
        In utility.
    """
    return weight * parity * credence * (1.0 - offer_parity) * (sign * lead)


@law
def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    grown = exp(x)
    return grown / (1.0 + grown)
