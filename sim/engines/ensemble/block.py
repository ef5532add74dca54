"""The memory of a block of runs, run last, and where each coefficient lies in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.parameters import Coefficients
from sim.world.arrays import Bools, Floats

LANES = 16  # runs side by side: a multiple of the widest vector registers

# Rows of Lanes.values, so that compiled code reads a coefficient by position.
(
    PEER_PULL, MESSAGE_WEIGHT, DRAW, DECISIVENESS, ATTACK_POTENCY, BACKLASH, NOISE,
    SALIENCE_RETENTION, PRIMING, RESONANCE, CREDIBILITY_PRIOR, CREDIBILITY_EXPONENT,
    DENIAL_EFFICACY, BROADCAST_REACH, CREDENCE_DRAW, DENIAL_PRIMING, REPLY, TEAM_EFFORT,
    CREDENCE_RATE, BASE_INCIDENT_RATE, BRANCHING_RATIO, INCIDENT_TENSION, TENSION_RETENTION,
    ESCALATION_WORRY, OFFER_THRESHOLD, OFFER_COOLDOWN, CALMING, PARITY, PARITY_SPILLOVER,
    OFFER_PARITY, IMPARTIALITY, GOODWILL, TENSION_WEIGHT, PARITY_WEIGHT, CHOICE_PRECISION,
    MEDIATION_LENGTH, LIMITED_ATTENTION, OPEN_CREDENCE,
) = range(len(Coefficients._fields))  # fmt: skip


class Block(NamedTuple):
    """State and scratch of a block of runs, run last."""

    # of the whole run
    plain: Bools  # [coefficient] 1 in every run of the block: a power that can be skipped
    draws: Floats  # [2, r] draws of the contests for attention and credence, to their power
    # state
    sympathy: Floats  # [a, k, r]
    tomorrow: Floats  # [a, k, r] sympathy after today
    salience: Floats  # [a, q, r]
    kept: Floats  # [a, k, r]
    broken: Floats  # [a, k, r]
    credence: Floats  # [a, j, r]
    verified: Floats  # [n, r]
    tension: Floats  # [r]
    mediation: Floats  # [r]
    standing: Floats  # [k, r] accepted
    offer_day: Floats  # [r] -1 before the first
    goodwill: Floats  # [k, r]
    pique: Floats  # [k, r]
    attacks: Floats  # [a, j, r] effort of attacks on each claim delivered yesterday
    attacks_today: Floats  # [a, j, r]
    # the day, for all audiences
    noise: Floats  # [a, k, 4, r] standard normals of four days
    centre: Floats  # [r]
    incident_uniforms: Floats  # [k, 4, r]
    shocks: Floats  # [q, r]
    shock: Floats  # [r]
    hit: Floats  # [k, r]
    stage: Floats  # [r]
    even: Floats  # [a, r] credence in the parity claim at the start of the day
    evenness: Floats  # [r] its weighted mean
    lead: Floats  # [r] X
    noticed: Floats  # [r] escalation salience at the mediator
    attention: Floats  # [a, r]
    heard: Floats  # [a, k, r] effort delivered
    # the day, for one audience
    shares: Floats  # [q, r]
    total: Floats  # [r] salience of all issues
    conflict: Floats  # [r]
    fits: Floats  # [q, r]
    trusted: Floats  # [k, r]
    answered: Floats  # [k, r] effort of the attacks to be answered
    reduced: Floats  # [k, r] part of statements left for the menu
    spoken: Floats  # [r] effort of one narrative
    lifted: Floats  # [r] the same with each team's bonus
    exposed: Floats  # [r] its exposure
    promoted: Floats  # [k, r]
    hurt: Floats  # [k, r]
    attacked: Floats  # [k, q, r]
    denied: Floats  # [k, q, r]
    said: Floats  # [k, q, r]
    denials: Floats  # [k, q, r]
    asserted: Floats  # [k, j, r]
    contested: Floats  # [k, j, r]
    news_pro: Floats  # [k, r]
    news_con: Floats  # [k, r]
    news_asserted: Floats  # [j, r]
    held: Floats  # [k, r]
    failed: Floats  # [k, r]
    pro: Floats  # [k, r]
    con: Floats  # [k, r]
    anchors: Floats  # [k, r]
    weight: Floats  # [r] of the peers
    toward: Floats  # [r] weight of messages for
    away: Floats  # [r] and against


def block(audiences: int, issues: int, claims: int, narratives: int) -> Block:
    """Memory for one block of runs."""
    a, q, j, n = audiences, issues, claims, narratives
    shapes: dict[str, tuple[int, ...]] = {
        "draws": (2,),
        "sympathy": (a, 2), "tomorrow": (a, 2), "salience": (a, q), "kept": (a, 2),
        "broken": (a, 2), "credence": (a, j), "verified": (n,), "tension": (), "mediation": (),
        "standing": (2,), "offer_day": (), "goodwill": (2,), "pique": (2,), "attacks": (a, j),
        "attacks_today": (a, j), "noise": (a, 2, 4), "centre": (), "incident_uniforms": (2, 4),
        "shocks": (q,), "shock": (), "hit": (2,), "stage": (), "even": (a,), "evenness": (),
        "lead": (), "noticed": (), "attention": (a,), "heard": (a, 2), "shares": (q,),
        "total": (), "news_pro": (2,), "news_con": (2,), "weight": (),
        "conflict": (), "fits": (q,), "trusted": (2,), "answered": (2,), "reduced": (2,),
        "spoken": (), "lifted": (), "exposed": (), "promoted": (2,), "hurt": (2,),
        "attacked": (2, q),
        "denied": (2, q), "said": (2, q), "denials": (2, q), "asserted": (2, j),
        "contested": (2, j), "news_asserted": (j,), "held": (2,), "failed": (2,), "pro": (2,),
        "con": (2,), "anchors": (2,), "toward": (), "away": (),
    }  # fmt: skip
    arrays = {name: np.zeros((*shape, LANES)) for name, shape in shapes.items()}
    return Block(plain=np.zeros(len(Coefficients._fields), dtype=np.bool_), **arrays)
