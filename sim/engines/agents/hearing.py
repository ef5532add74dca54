"""What an audience hears of one claimant's messages on one day."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engines.agents.message import Message
from sim.laws.exposure import backfired, believed, exposure
from sim.world.arrays import ATTACK, DENY, NOWHERE


@dataclass(slots=True, eq=False)
class Heard:
    """The day's messages of one claimant at one audience, added up.

    What is asserted and contested is counted before credence and denial.

    Attributes
    ----------
    exposures
        Of each message, in the order they were sent.
    effort
        Effort delivered.
    held
        The part of the effort that inquiry bears out.
    promoted
        Exposure of own cases.
    hurt
        Backlash of own disbelieved attacks.
    attacked : [q]
        Exposure against the rival, as far as believed.
    denied : [q]
        Exposure of denials.
    said : [q]
        Effort of own cases and attacks.
    denials : [q]
        Effort of denials.
    asserted : [j]
        Exposure that asserts the claim.
    contested : [j]
        Exposure that denies it.
    """

    exposures: list[float]
    effort: float
    held: float
    promoted: float
    hurt: float
    attacked: list[float]
    denied: list[float]
    said: list[float]
    denials: list[float]
    asserted: list[float]
    contested: list[float]


def hear(
    inbox: list[tuple[Message, float]],
    trusted: float,
    fits: list[float],
    credence: list[float],
    backlash: float,
    parity_claim: int,
) -> Heard:
    """Add up one claimant's messages.  (2)

    Parameters
    ----------
    inbox
        Messages, each with the effort that reached the audience.
    trusted
        The claimant's credibility to its exponent.
    fits : [q]
        How far a message on the issue travels.
    credence : [j]
        The audience's credence in each claim.
    backlash
        The part of a disbelieved attack that harms its sender, 0 to 1.
    parity_claim
        The claim whose denial takes nothing from attacks, or NOWHERE.

    Returns
    -------
    Heard
        What the audience makes of them.
    """
    issues, claims = len(fits), len(credence)
    exposures: list[float] = []
    attacked, denied = [0.0] * issues, [0.0] * issues
    said, denials = [0.0] * issues, [0.0] * issues
    asserted, contested = [0.0] * claims, [0.0] * claims
    reached = held = promoted = hurt = 0.0
    for message, effort in inbox:
        q, j, kind = message.issue, message.claim, message.kind
        x = exposure(effort, message.bonus, message.evidence, trusted, fits[q])
        exposures.append(x)
        reached += effort
        held += effort * message.verified
        if kind == DENY:
            denials[q] += effort
            if j != NOWHERE:
                contested[j] += x
            if j == NOWHERE or j != parity_claim:
                denied[q] += x
            continue
        said[q] += effort
        if j != NOWHERE:
            asserted[j] += x
        if kind == ATTACK:
            attacked[q] += believed(x, credence[j])
            hurt += backfired(x, credence[j], backlash)
        else:
            promoted += x
    by_issue = attacked, denied, said, denials
    return Heard(exposures, reached, held, promoted, hurt, *by_issue, asserted, contested)
