"""Whether a claimant accepts the mediator.  Source: equation (7); McFadden 1974 (logit)."""

from __future__ import annotations

from sim.compiling import law
from sim.laws.elementary import exp


@law
def acceptance_gain(
    calm: float, evenness: float, goodwill: float, importance: float, cost: float
) -> float:
    """Gain dU of accepting: calm, minus what being treated alike costs, plus goodwill.  (7)"""
    return calm - evenness + goodwill * importance - cost


@law
def value_of_calm(weight: float, calming: float, tension: float) -> float:
    """What the mediator's calming is worth at today's tension.  (7)"""
    return weight * calming * tension


@law
def cost_of_evenness(
    sign: float, weight: float, parity: float, credence: float, offer_parity: float, lead: float
) -> float:
    """What full parity takes from the side that leads (gives to the one that trails).  (7)

    ``lead`` is X, the importance-weighted alignment; ``sign`` is +1 for the first claimant.
    """
    return weight * parity * credence * (1.0 - offer_parity) * (sign * lead)


@law
def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    grown = exp(x)
    return grown / (1.0 + grown)
