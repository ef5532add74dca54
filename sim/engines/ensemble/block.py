"""The memory of a block of runs, run last, and where each coefficient lies in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import config

from sim.parameters import Coefficients
from sim.world.arrays import Bools, Floats, Ints, Names, layout, sizes

Words = npt.NDArray[np.uint64]

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
    """State and scratch of a block of runs, run last where there is an r."""

    # of the whole run
    plain: Annotated[Bools, "c"]  # 1 in every run of the block: a power that can be skipped
    # draws of the contests for attention and credence, to their power
    draws: Annotated[Floats, "2, r"]
    # state
    sympathy: Annotated[Floats, "a, k, r"]
    tomorrow: Annotated[Floats, "a, k, r"]  # sympathy after today
    salience: Annotated[Floats, "a, q, r"]
    kept: Annotated[Floats, "a, k, r"]
    broken: Annotated[Floats, "a, k, r"]
    credence: Annotated[Floats, "a, j, r"]
    tension: Annotated[Floats, "r"]
    mediation: Annotated[Floats, "r"]
    standing: Annotated[Floats, "k, r"]  # accepted
    offer_day: Annotated[Floats, "r"]  # -1 before the first
    goodwill: Annotated[Floats, "k, r"]
    pique: Annotated[Floats, "k, r"]
    mediated: Annotated[Floats, "r"]  # M of yesterday, for policies that change from day to day
    ended: Annotated[Floats, "r"]  # 1 once an active mediation has ended
    lost: Annotated[Floats, "r"]  # 0 while sympathy and tension are finite, nan after
    spoken: Annotated[Floats, "a, k, r"]  # effort on the menu delivered yesterday
    claimed: Annotated[Floats, "a, j"]  # share of it that attacked on each claim
    # the day, for all audiences
    noise: Annotated[Floats, "h, r"]  # standard normals of four days
    tail: Annotated[Floats, "w"]  # those of them that need a logarithm
    tail_place: Annotated[Ints, "w"]  # and where they stand, row by row
    incident_uniforms: Annotated[Floats, "k, 4, r"]
    incidents: Annotated[Bools, "1"]  # any of any run today
    shocks: Annotated[Floats, "q, r"]
    shock: Annotated[Floats, "r"]
    rate: Annotated[Floats, "r"]  # of incidents that hit one side
    hit: Annotated[Floats, "k, r"]
    stage: Annotated[Floats, "r"]
    evenness: Annotated[Floats, "r"]  # weighted mean of the credence in the parity claim
    lead: Annotated[Floats, "r"]  # X
    noticed: Annotated[Floats, "r"]  # escalation salience at the mediator
    attention: Annotated[Floats, "a, r"]
    heard: Annotated[Floats, "a, k, r"]  # effort delivered
    claimed_today: Annotated[Floats, "a, j"]
    # the day, for one audience
    shares: Annotated[Floats, "q, r"]
    total: Annotated[Floats, "r"]  # salience of all issues, then what makes shares of it
    conflict: Annotated[Floats, "r"]
    scale: Annotated[Floats, "r"]
    fits: Annotated[Floats, "q, r"]
    trusted: Annotated[Floats, "k, r"]
    answered: Annotated[Floats, "k"]  # share of yesterday's effort to be answered
    effort: Annotated[Floats, "k, r"]  # on the menu
    lifted: Annotated[Floats, "k, r"]  # the same with each team's bonus, as far as it is trusted
    replies: Annotated[Floats, "k, r"]  # effort on replies
    answering: Annotated[Floats, "k, r"]  # the same, as far as it is trusted
    told: Annotated[Floats, "k"]  # share of the menu that is told here today
    told_true: Annotated[Floats, "k"]  # the same by verified evidence
    replied_true: Annotated[Floats, "k"]
    said_share: Annotated[Floats, "k, q"]  # of the menu, on each issue
    denied_share: Annotated[Floats, "k, q"]
    replied_share: Annotated[Floats, "k, q"]  # of replies
    touched: Annotated[Bools, "j"]  # anything was said on the claim
    attacks: Annotated[Bools, "k, q"]  # whether attacks and so on below were set today
    denies: Annotated[Bools, "k, q"]
    asserts: Annotated[Bools, "k, j"]
    contests: Annotated[Bools, "k, j"]
    news_asserted: Annotated[Floats, "j"]
    hurt: Annotated[Floats, "k, r"]
    attacked: Annotated[Floats, "k, q, r"]
    denied: Annotated[Floats, "k, q, r"]
    asserted: Annotated[Floats, "k, j, r"]
    contested: Annotated[Floats, "k, j, r"]
    yes: Annotated[Floats, "r"]
    no: Annotated[Floats, "r"]
    pro: Annotated[Floats, "k, r"]
    con: Annotated[Floats, "k, r"]
    anchors: Annotated[Floats, "k, r"]
    apart: Annotated[Floats, "r"]  # how far the peers are away


class Lot(NamedTuple):
    """Which runs are run: those from ``first`` to before ``stop``."""

    seeds: Words  # [r]
    replicates: Words  # [r]
    first: int
    stop: int


class Answers(NamedTuple):
    """Offers and answers of all runs: read by the days where they are ``held``, else written."""

    held: bool
    offered: Bools  # [run, t]
    accepted: Bools  # [run, t, k]


def block(names: Names) -> Block:
    """Memory for one block of runs of a world of these names, set to 0."""
    a = len(names.audiences)
    own = {"r": LANES, "c": len(Coefficients._fields), "h": 8 * a, "w": 8 * LANES + 1}
    arrays = allocate(Block, sizes(names) | own)
    for array in arrays.values():
        array.fill(0)
    return Block(**arrays)


def allocate(kind: type, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Arrays for the annotated fields of a tuple, not yet set, by name; see ``arrays.layout``."""
    return {name: aligned(*made) for name, made in layout(kind, sizes).items()}


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """An array, not yet set, that begins at a border of 64 bytes, so that rows fill vectors."""
    size = math.prod(shape) * dtype.itemsize
    octets = np.empty(size + 64, dtype=np.uint8)
    start = -octets.ctypes.data % 64
    return octets[start : start + size].view(dtype).reshape(shape)
