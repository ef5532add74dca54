"""The memory of a block of runs, run last, and where each coefficient lies in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import config

from sim.parameters import Coefficients
from sim.world.arrays import Bools, Floats, Ints

# Runs side by side: a multiple of the widest vector registers, and enough that finding the rows
# costs little beside computing on them (32 cost 7 % more, 16 a quarter). No number depends on it.
LANES = 8 if config.DISABLE_JIT else 64

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
    """State and scratch of a block of runs: rows of ``LANES`` numbers, but for those marked -."""

    # of the whole run
    plain: Bools  # - [coefficient] 1 in every run of the block: a power that can be skipped
    draws: Floats  # [2, r] draws of the contests for attention and credence, to their power
    # state
    sympathy: Floats  # [a, k, r]
    tomorrow: Floats  # [a, k, r] sympathy after today
    salience: Floats  # [a, q, r]
    kept: Floats  # [a, k, r]
    broken: Floats  # [a, k, r]
    credence: Floats  # [a, j, r]
    tension: Floats  # [r]
    mediation: Floats  # [r]
    standing: Floats  # [k, r] accepted
    offer_day: Floats  # [r] -1 before the first
    goodwill: Floats  # [k, r]
    pique: Floats  # [k, r]
    mediated: Floats  # [r] M of yesterday, for policies that change from day to day
    ended: Floats  # [r] 1 once an active mediation has ended
    lost: Floats  # [r] 0 while sympathy and tension are finite, nan after
    spoken: Floats  # [a, k, r] effort on the menu delivered yesterday
    claimed: Floats  # - [a, j] share of it that attacked on each claim
    # the day, for all audiences
    noise: Floats  # [day.noise_row, r] standard normals of four days
    tail: Floats  # - those of them that need a logarithm
    tail_place: Ints  # - and where they stand, row by row
    incident_uniforms: Floats  # [k, 4, r]
    incidents: Bools  # - [1] any of any run today
    shocks: Floats  # [q, r]
    shock: Floats  # [r]
    rate: Floats  # [r] of incidents that hit one side
    hit: Floats  # [k, r]
    stage: Floats  # [r]
    evenness: Floats  # [r] weighted mean of the credence in the parity claim
    lead: Floats  # [r] X
    noticed: Floats  # [r] escalation salience at the mediator
    attention: Floats  # [a, r]
    heard: Floats  # [a, k, r] effort delivered
    claimed_today: Floats  # - [a, j]
    # the day, for one audience
    shares: Floats  # [q, r]
    total: Floats  # [r] salience of all issues, then what makes shares of it
    conflict: Floats  # [r]
    scale: Floats  # [r]
    fits: Floats  # [q, r]
    trusted: Floats  # [k, r]
    answered: Floats  # - [k] share of yesterday's effort to be answered
    effort: Floats  # [k, r] on the menu
    lifted: Floats  # [k, r] the same with each team's bonus, as far as it is trusted
    replies: Floats  # [k, r] effort on replies
    answering: Floats  # [k, r] the same, as far as it is trusted
    told: Floats  # - [k] share of the menu that is told here today
    told_true: Floats  # - [k] the same by verified evidence
    replied_true: Floats  # - [k]
    said_share: Floats  # - [k, q] of the menu, on each issue
    denied_share: Floats  # - [k, q]
    replied_share: Floats  # - [k, q] of replies
    touched: Bools  # - [j] anything was said on the claim
    attacks: Bools  # - [k, q] whether attacks and so on below were set today
    denies: Bools  # - [k, q]
    asserts: Bools  # - [k, j]
    contests: Bools  # - [k, j]
    news_asserted: Floats  # - [j]
    hurt: Floats  # [k, r]
    attacked: Floats  # [k, q, r]
    denied: Floats  # [k, q, r]
    asserted: Floats  # [k, j, r]
    contested: Floats  # [k, j, r]
    yes: Floats  # [r]
    no: Floats  # [r]
    pro: Floats  # [k, r]
    con: Floats  # [k, r]
    anchors: Floats  # [k, r]
    apart: Floats  # [r] how far the peers are away


def block(audiences: int, issues: int, claims: int) -> Block:
    """Memory for one block of runs."""
    a, q, j = audiences, issues, claims
    rows: dict[str, tuple[int, ...]] = {
        "draws": (2,),
        "sympathy": (a, 2), "tomorrow": (a, 2), "salience": (a, q), "kept": (a, 2),
        "broken": (a, 2), "credence": (a, j), "tension": (), "mediation": (), "standing": (2,),
        "offer_day": (), "lost": (), "mediated": (), "ended": (), "goodwill": (2,),
        "pique": (2,), "spoken": (a, 2), "noise": (8 * a,),
        "incident_uniforms": (2, 4), "shocks": (q,), "shock": (), "rate": (), "hit": (2,),
        "stage": (), "evenness": (), "lead": (), "noticed": (), "attention": (a,),
        "heard": (a, 2), "shares": (q,), "total": (), "conflict": (), "scale": (), "fits": (q,),
        "trusted": (2,), "effort": (2,), "lifted": (2,), "replies": (2,), "answering": (2,),
        "hurt": (2,), "attacked": (2, q), "denied": (2, q), "asserted": (2, j),
        "contested": (2, j), "yes": (), "no": (), "pro": (2,), "con": (2,), "anchors": (2,),
        "apart": (),
    }  # fmt: skip
    single: dict[str, tuple[int, ...]] = {
        "claimed": (a, j), "claimed_today": (a, j), "answered": (2,), "told": (2,),
        "told_true": (2,), "replied_true": (2,), "said_share": (2, q), "denied_share": (2, q),
        "replied_share": (2, q), "news_asserted": (j,),
        "tail": (8 * LANES + 1,),
    }  # fmt: skip
    arrays = {name: allocate((*shape, LANES)) for name, shape in rows.items()}
    for array in arrays.values():
        array.fill(0.0)
    return Block(
        plain=np.zeros(len(Coefficients._fields), dtype=np.bool_),
        incidents=np.zeros(1, dtype=np.bool_), touched=np.zeros(j, dtype=np.bool_),
        asserts=np.zeros((2, j), dtype=np.bool_), contests=np.zeros((2, j), dtype=np.bool_),
        attacks=np.zeros((2, q), dtype=np.bool_), denies=np.zeros((2, q), dtype=np.bool_),
        tail_place=np.zeros(8 * LANES + 1, dtype=np.int64),
        **arrays, **{name: np.zeros(shape) for name, shape in single.items()},
    )  # fmt: skip


def allocate(shape: tuple[int, ...]) -> Floats:
    """An array, not yet set, that begins at a border of 64 bytes, so that rows fill vectors."""
    size = int(np.prod(shape))
    words = np.empty(size + 8)
    start = -words.ctypes.data % 64 // 8
    return words[start : start + size].reshape(shape)
