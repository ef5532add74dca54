"""What a batch of runs hears in a day, for the NumPy program: events, replies and messages.

Exposures are equation (2) of docs/model.md. Arrays are [a, r], in lists by claimant k, issue q or
claim j; r is the run. The rest of the day is in ``numpy_program``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.world.arrays import ATTACK, DENY, NOWHERE, PROMOTE, Floats

if TYPE_CHECKING:
    from sim.benchmark.numpy_program import RunBatch

NOTHING: Any = 0.0  # what is heard until somebody speaks: arrays then


class Hearing:
    """What a batch of runs hears in a day; 0.0 is nothing.

    Parameters
    ----------
    day
        The day.
    events
        Rows of the events that happen.
    hit
        Incidents that each claimant suffers, [k, r].
    fits
        How far messages on each issue travel, by issue.
    claims
        Number of claims.

    Attributes
    ----------
    said, denials
        Effort by issue.
    attacked, denied
        Exposure by claimant and issue: attacks on it, what it denies.
    asserted, contested
        Exposure by claim.
    """

    def __init__(self, day: int, events: Any, hit: Floats, fits: list[Any], claims: int) -> None:
        self.day, self.events, self.hit, self.fits = day, events, hit, fits
        self.said: list[Any] = [0.0] * len(fits)
        self.denials: list[Any] = [0.0] * len(fits)
        self.attacked: list[list[Any]] = [[0.0] * len(fits) for _ in (0, 1)]
        self.denied: list[list[Any]] = [[0.0] * len(fits) for _ in (0, 1)]
        self.asserted: list[Any] = [0.0] * claims
        self.contested: list[Any] = [0.0] * claims


class News(NamedTuple):
    """What the world says in a batch of runs: exposures, [r] each or 0.0.

    Attributes
    ----------
    pro
        For each claimant.
    con
        Against each, as far as it rests on no claim.
    claims
        Asserting each claim.
    """

    pro: list[Any]
    con: list[Any]
    claims: list[Any]


def power(base: Any, exponent: Any) -> Any:
    """Return a power; one of exactly 1 is skipped."""
    return base if isinstance(exponent, float) and exponent == 1.0 else np.power(base, exponent)


def listen(batch: RunBatch, heard: Hearing, attention: Floats) -> tuple[list[Any], list[Any]]:
    """Let the batch hear a day: messages, replies, events, incidents, mediation's goodwill.

    Parameters
    ----------
    batch
        The runs; their counts of credibility and today's attacks are brought up to date.
    heard
        The day; what learning needs is filled in.
    attention
        [a, r], 0 to 1.

    Returns
    -------
    tuple of list
        Exposures for and against each claimant, [k][a, r].
    """
    p, v = batch.plan, batch.v
    pro, con = _hear_news(batch, heard)
    yesterday, batch.attacks = batch.attacks, [0.0] * batch.claims
    for k in (0, 1):
        trusted = batch.kept[k] / (batch.kept[k] + batch.broken[k])
        trusted = power(trusted, v.credibility_exponent)
        budget, true, false = _hear_replies(batch, heard, k, yesterday, trusted)
        if heard.day < p.campaign_start[k] and not batch.talks[heard.day][k].any():
            continue
        promoted, hurt, held, failed = _hear_menu(batch, heard, k, budget, trusted)
        pro[k] = pro[k] + promoted
        con[k] = con[k] + hurt
        batch.kept[k] += attention * (held + true)
        batch.broken[k] += attention * (failed + false)
    for k in (0, 1):
        for attacks, denials in zip(heard.attacked[k], heard.denied[k], strict=True):
            if isinstance(attacks, float):  # nobody attacks on this issue
                continue
            both = attacks + denials
            standing = 1.0 - v.denial_efficacy * denials / np.where(both > 0.0, both, 1.0)
            con[k] = con[k] + v.attack_potency * (attacks * standing)
    thanks = np.where(batch.mediation >= 1.0, v.goodwill, 0.0)
    for k in (0, 1):
        for side, chosen in ((pro, batch.standing[k]), (con, ~batch.standing[k])):
            side[k] = batch.full(side[k])
            side[k][p.mediator] += np.where(chosen, thanks, 0.0)
    return pro, con


def _hear_news(batch: RunBatch, heard: Hearing) -> tuple[list[Any], list[Any]]:
    """Hear what the world says: of today, and again of what happened before.

    Return exposures for and against each claimant; ``batch.lasting`` becomes tomorrow's.
    """
    p, hit, retention = batch.plan, heard.hit, batch.v.news_retention
    today = News(
        [hit[k] * p.incident_pro for k in (0, 1)],
        [hit[1 - k] * p.incident_con for k in (0, 1)],
        [0.0] * batch.claims,
    )
    for event in heard.events:
        j = p.event_claim[event]
        accused = p.accused[j] if j != NOWHERE else NOWHERE
        for k in (0, 1):
            today.pro[k] = today.pro[k] + p.event_pro[event, k]
            if accused == k:
                today.claims[j] = today.claims[j] + p.event_con[event, k]
            else:
                today.con[k] = today.con[k] + p.event_con[event, k]
        if p.parity_claim != NOWHERE:
            today.claims[p.parity_claim] += p.event_asserts[event]
    said = News(*(
        [old + (1.0 - retention) * new for old, new in zip(*pair, strict=True)]
        for pair in zip(batch.lasting, today, strict=True)
    ))  # fmt: skip
    batch.lasting = News(*([retention * x for x in part] for part in said))
    con = list(said.con)
    for j, x in enumerate(said.claims):
        heard.asserted[j] = heard.asserted[j] + x
        if p.accused[j] != NOWHERE:
            con[p.accused[j]] = con[p.accused[j]] + x * batch.credence[j]
    return list(said.pro), con


def _hear_replies(
    batch: RunBatch, heard: Hearing, k: int, yesterday: list[Any], trusted: Floats
) -> tuple[Any, Any, Any]:
    """Hear replies of k to yesterday's attacks, which are effort by claim.

    Return the effort left for its menu, and the replies' effort that held and that did not.
    """
    p, v = batch.plan, batch.v
    held = failed = NOTHING
    if heard.day < p.campaign_start[k]:
        return 0.0, held, failed
    reach = v.broadcast_reach * p.effort[k]
    own = [j for j in range(batch.claims) if p.accused[j] == k]
    mine = [j for j in own if not isinstance(yesterday[j], float)]
    if not mine:
        return reach, held, failed
    answered = sum(yesterday[j] for j in mine)
    some = answered > 0.0
    planned = p.planned_reply[heard.day, k]
    reply = v.reply if np.isnan(planned) else planned
    scale = np.where(some, reach * reply / np.where(some, answered, 1.0), 0.0)
    for j in mine:
        q, n = p.claim_issue[j], p.reply_narrative[j]
        evidence, truth = (0.5, 0.5) if n == NOWHERE else (p.evidence[n], batch.verified[n])
        effort = scale * yesterday[j]
        x = effort * evidence
        x *= trusted
        x *= heard.fits[q]
        held = held + effort * truth
        failed = failed + effort * (1.0 - truth)
        heard.denials[q] = heard.denials[q] + effort
        heard.denied[k][q] = heard.denied[k][q] + x
        heard.contested[j] = heard.contested[j] + x
    return np.where(some, reach * (1.0 - reply), reach), held, failed


def _hear_menu(
    batch: RunBatch, heard: Hearing, k: int, budget: Any, trusted: Floats
) -> tuple[Any, Any, Any, Any]:
    """Hear messages of k, one by one.

    Return the exposure that promotes it, backlash, and the effort that held and that did not.
    """
    p, v, day = batch.plan, batch.v, heard.day
    spoken = budget + v.team_effort * batch.talks[day][k]
    lifted = (budget + v.team_effort * batch.lifts[day][k]) * trusted
    spoken = np.broadcast_to(spoken, lifted.shape)
    promoted = hurt = held = failed = NOTHING
    for n in np.flatnonzero((p.sender == k) & p.spoken[day]):
        q, j, kind, truth = p.issue[n], p.claim[n], p.kind[n], batch.verified[n]
        share = p.share[day, n]
        effort = spoken * share
        x = lifted * (share * p.evidence[n])
        x *= heard.fits[q]
        if not p.reaches[n].all():
            effort *= p.reaches[n][:, None]
            x *= p.reaches[n][:, None]
        held = held + effort * truth
        failed = failed + effort * (1.0 - truth)
        talk = heard.denials if kind == DENY else heard.said
        talk[q] = talk[q] + effort
        if j != NOWHERE:
            claimed = heard.contested if kind == DENY else heard.asserted
            claimed[j] = claimed[j] + x
        if kind == PROMOTE:
            promoted = promoted + x
        elif kind == ATTACK:
            landed = x * batch.credence[j]
            heard.attacked[1 - k][q] = heard.attacked[1 - k][q] + landed
            hurt = hurt + (x - landed)
            batch.attacks[j] = batch.attacks[j] + effort
        elif j == NOWHERE or j != p.parity_claim:
            heard.denied[k][q] = heard.denied[k][q] + x
    return promoted, hurt * v.backlash, held, failed
