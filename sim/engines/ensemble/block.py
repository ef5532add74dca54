"""The memory of a block of runs, run last.

Index letters as in ``world.arrays``, and r run of the block; c coefficient; h row of four days of
noise; w place in the tails of eight of them; e audience, of those that elimination takes. How
the memory is used: ``day`` and its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import config

from sim.laws.equilibrium import ELIMINATED
from sim.parameters import Coefficients
from sim.world.arrays import Bools, Floats, Ints, Names
from sim.world.layout import layout, sizes

Words = npt.NDArray[np.uint64]

# Runs side by side: a multiple of the widest vector registers, and enough that finding the rows
# costs little beside computing on them (32 cost 7 % more, 16 a quarter). No number depends on it.
LANES = 8 if config.DISABLE_JIT else 64


class Block(NamedTuple):
    """State and scratch of a block of runs, run last where there is an r.

    Attributes
    ----------
    plain : [c]
        Whether a coefficient is 1 in every run of the block, so that a power can be skipped.
    draws : [2, r]
        Draws of the contests for attention and for credence, to the power of the decisiveness.
    sympathy : [a, k, r]
        As the day began.
    tomorrow : [a, k, r]
        Sympathy after today.
    salience : [a, q, r]
        As the phases of the day have left it.
    kept : [a, k, r]
        Credibility count m+.
    broken : [a, k, r]
        Credibility count m-.
    credence : [a, j, r]
        As the phases of the day have left it.
    tension : [r]
        As the phases of the day have left it.
    mediation : [r]
        M: NONE, OFFERED or ACTIVE.
    standing : [k, r]
        1 where the claimant has accepted the standing offer.
    offer_day : [r]
        Day of the last offer; -1 before the first.
    goodwill : [k, r]
        Exposure at the mediator for a side that accepted.
    pique : [k, r]
        Exposure at the mediator against a side that refused.
    mediated : [r]
        M of yesterday, for policies that change from day to day.
    ended : [r]
        1 once an active mediation has ended.
    lost : [r]
        0 while sympathy and tension are finite, nan after.
    at_rest : [a, k, r]
        How the claimant is judged at resting salience.
    rested : [a, r]
        Resting salience of all issues but the background.
    known : [a, j]
        Whether news has asserted the claim; this and the next six are kept for the first of the
        audiences that hear alike.
    told_pro : [a, k, r]
        Exposure for the claimant by all that the world says today.
    told_con : [a, k, r]
        Exposure against it, as far as it rests on no claim.
    told_claims : [a, j, r]
        Exposure asserting the claim.
    again_pro : [a, k, r]
        The part of ``told_pro`` that is of what happened before today.
    again_con : [a, k, r]
        The same of ``told_con``.
    again_claims : [a, j, r]
        The same of ``told_claims``, where the claim is known.
    spoken : [a, k, r]
        Effort on the menu that was delivered yesterday.
    claimed : [a, j]
        Share of it that attacked on each claim.
    place : [l, r]
        Where each team is, kept where a strategy reads the state of the run; NOWHERE at home.
    gains : [k, a, r]
        What a small visit would gain; this and the next seven are used as ``place`` is.
    gained : [k, a, r]
        The same summed from day 0 on.
    weights : [k, r, a]
        What the claimant's strategy gives each audience.
    seen : [8, a]
        What one strategy sees of one run: fields of ``SenderView``.
    pulls : [2, a]
        Anchor pulls and omegas of one run.
    rows : [e, e]
        Room to work out network values in.
    held : [a]
        Likewise; then how many own teams are at each audience.
    visit : [7, r]
        Exposures with a visit and without.
    upward : [k, r]
        The way of sympathy to +1, times K.
    downward : [k, r]
        The way to -1, times K.
    listening : [k, r]
        What peers would move without messages.
    noise : [h, r]
        Standard normals of four days; see ``day.noise_row``.
    tail : [w]
        Those of them that need a logarithm.
    tail_place : [w]
        Where they stand in ``noise``, row by row.
    incident_uniforms : [k, 4, r]
        Uniforms of four days.
    incidents : [1]
        Whether any run has an incident today.
    incident_pro : [k, r]
        Exposure for the claimant by today's incidents, as it is heard today.
    incident_con : [k, r]
        Exposure against it.
    shocks : [a, q, r]
        Salience that events and incidents add today, for the first of those who hear alike.
    shock : [r]
        Tension that events add today.
    rate : [r]
        Incidents a day that hit one side.
    hit : [k, r]
        Incidents of the day that hit the claimant.
    stage : [r]
        Strength of parity by the state of mediation, 0 to 1.
    evenness : [r]
        Credence in the parity claim, weighted by importance.
    lead : [r]
        X: alignment, weighted by importance.
    noticed : [r]
        Salience of the escalation issue at the mediator.
    attention : [a, r]
        Share of attention that the conflict has, 0 to 1.
    heard : [a, k, r]
        Effort delivered.
    claimed_today : [a, j]
        As ``claimed``, of today.
    shares : [q, r]
        Part of all salience that an issue has.
    total : [r]
        Salience of all issues, then what makes shares of it.
    conflict : [r]
        Salience of all issues but the background.
    excess : [r]
        Salience above its rest, of all issues together, as part of all salience.
    scale : [r]
        What makes the mean salience of contested issues 1.
    fits : [q, r]
        How far a message on the issue travels.
    trusted : [k, r]
        Credibility to its exponent.
    answered : [k]
        Share of yesterday's effort of the rival that is to be answered.
    effort : [k, r]
        Effort on the menu.
    lifted : [k, r]
        The same with each team's bonus, as far as it is trusted.
    replies : [k, r]
        Effort on replies.
    answering : [k, r]
        The same, as far as it is trusted.
    told : [k]
        Share of the menu that is told here today.
    told_true : [k]
        The same, weighted by verified evidence.
    replied_true : [k]
        Share of replies, weighted by verified evidence.
    said_share : [k, q]
        Share of the menu in own cases and attacks on the issue.
    denied_share : [k, q]
        Share of the menu in denials on the issue.
    replied_share : [k, q]
        Share of replies on the issue.
    touched : [j]
        Whether anything was said on the claim.
    attacks : [k, q]
        Whether ``attacked`` was set today; else it holds what an earlier day left.
    denies : [k, q]
        The same of ``denied``.
    asserts : [k, j]
        The same of ``asserted``.
    contests : [k, j]
        The same of ``contested``.
    hurt : [k, r]
        Backlash of own attacks that were not believed.
    attacked : [k, q, r]
        Exposure of attacks on claimant k, as far as believed.
    denied : [k, q, r]
        Exposure of the claimant's denials.
    asserted : [k, j, r]
        Exposure by which the claimant asserts the claim.
    contested : [k, j, r]
        Exposure by which the claimant denies it.
    yes : [r]
        Exposure for, of the contest at hand.
    no : [r]
        Exposure against.
    pro : [k, r]
        Exposure for the claimant, later to the power of the decisiveness.
    con : [k, r]
        Exposure against the claimant, likewise.
    anchors : [k, r]
        Anchor u toward the claimant.
    apart : [r]
        How far away the peers are, by their weights.
    """

    # of the whole run
    plain: Annotated[Bools, "c"]
    # draws of the contests for attention and credence, to their power
    draws: Annotated[Floats, "2, r"]
    # state
    sympathy: Annotated[Floats, "a, k, r"]
    tomorrow: Annotated[Floats, "a, k, r"]
    salience: Annotated[Floats, "a, q, r"]
    kept: Annotated[Floats, "a, k, r"]
    broken: Annotated[Floats, "a, k, r"]
    credence: Annotated[Floats, "a, j, r"]
    tension: Annotated[Floats, "r"]
    mediation: Annotated[Floats, "r"]
    standing: Annotated[Floats, "k, r"]
    offer_day: Annotated[Floats, "r"]
    goodwill: Annotated[Floats, "k, r"]
    pique: Annotated[Floats, "k, r"]
    mediated: Annotated[Floats, "r"]
    ended: Annotated[Floats, "r"]
    lost: Annotated[Floats, "r"]
    at_rest: Annotated[Floats, "a, k, r"]
    rested: Annotated[Floats, "a, r"]
    known: Annotated[Bools, "a, j"]
    told_pro: Annotated[Floats, "a, k, r"]
    told_con: Annotated[Floats, "a, k, r"]
    told_claims: Annotated[Floats, "a, j, r"]
    again_pro: Annotated[Floats, "a, k, r"]
    again_con: Annotated[Floats, "a, k, r"]
    again_claims: Annotated[Floats, "a, j, r"]
    spoken: Annotated[Floats, "a, k, r"]
    claimed: Annotated[Floats, "a, j"]
    # teams that go by the state of the run
    place: Annotated[Ints, "l, r"]
    gains: Annotated[Floats, "k, a, r"]
    gained: Annotated[Floats, "k, a, r"]
    weights: Annotated[Floats, "k, r, a"]
    seen: Annotated[Floats, "8, a"]
    pulls: Annotated[Floats, "2, a"]
    rows: Annotated[Floats, "e, e"]
    held: Annotated[Floats, "a"]
    visit: Annotated[Floats, "7, r"]
    upward: Annotated[Floats, "k, r"]
    downward: Annotated[Floats, "k, r"]
    listening: Annotated[Floats, "k, r"]
    # the day, for all audiences
    noise: Annotated[Floats, "h, r"]
    tail: Annotated[Floats, "w"]
    tail_place: Annotated[Ints, "w"]
    incident_uniforms: Annotated[Floats, "k, 4, r"]
    incidents: Annotated[Bools, "1"]
    incident_pro: Annotated[Floats, "k, r"]
    incident_con: Annotated[Floats, "k, r"]
    shocks: Annotated[Floats, "a, q, r"]
    shock: Annotated[Floats, "r"]
    rate: Annotated[Floats, "r"]
    hit: Annotated[Floats, "k, r"]
    stage: Annotated[Floats, "r"]
    evenness: Annotated[Floats, "r"]
    lead: Annotated[Floats, "r"]
    noticed: Annotated[Floats, "r"]
    attention: Annotated[Floats, "a, r"]
    heard: Annotated[Floats, "a, k, r"]
    claimed_today: Annotated[Floats, "a, j"]
    # the day, for one audience
    shares: Annotated[Floats, "q, r"]
    total: Annotated[Floats, "r"]
    conflict: Annotated[Floats, "r"]
    excess: Annotated[Floats, "r"]
    scale: Annotated[Floats, "r"]
    fits: Annotated[Floats, "q, r"]
    trusted: Annotated[Floats, "k, r"]
    answered: Annotated[Floats, "k"]
    effort: Annotated[Floats, "k, r"]
    lifted: Annotated[Floats, "k, r"]
    replies: Annotated[Floats, "k, r"]
    answering: Annotated[Floats, "k, r"]
    told: Annotated[Floats, "k"]
    told_true: Annotated[Floats, "k"]
    replied_true: Annotated[Floats, "k"]
    said_share: Annotated[Floats, "k, q"]
    denied_share: Annotated[Floats, "k, q"]
    replied_share: Annotated[Floats, "k, q"]
    touched: Annotated[Bools, "j"]
    attacks: Annotated[Bools, "k, q"]
    denies: Annotated[Bools, "k, q"]
    asserts: Annotated[Bools, "k, j"]
    contests: Annotated[Bools, "k, j"]
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
    apart: Annotated[Floats, "r"]


class Lot(NamedTuple):
    """Which runs are run: those from ``first`` to before ``stop``.

    Attributes
    ----------
    seeds : [r]
        The seed, once for each run of a block.
    replicates : [r]
        Of all runs, or of a block's; a block that is not full repeats its last run.
    first
        The first run.
    stop
        The run after the last.
    """

    seeds: Words
    replicates: Words
    first: int
    stop: int


class RunAnswers(NamedTuple):
    """Offers and answers of all runs: read by the days where they are ``held``, else written.

    Attributes
    ----------
    held
        Whether the days read them.
    offered : [run, t]
        Whether the mediator offered.
    accepted : [run, t, k]
        Whether the claimant accepted.
    """

    held: bool
    offered: Bools
    accepted: Bools


def block(names: Names) -> Block:
    """Make memory for one block of runs of a world of these names, set to 0."""
    a = len(names.audiences)
    own = {"r": LANES, "c": len(Coefficients._fields), "h": 8 * a, "w": 8 * LANES + 1}
    own["e"] = min(a, ELIMINATED)
    arrays = allocate(Block, sizes(names) | own)
    for array in arrays.values():
        array.fill(0)
    return Block(**arrays)


def allocate(kind: type, ends: Mapping[str, int]) -> dict[str, Any]:
    """Make arrays for the annotated fields of a tuple, not yet set; see ``world.layout``."""
    return {name: aligned_rows(*made) for name, made in layout(kind, ends).items()}


def aligned_rows(shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Make an array, not yet set, that begins at a border of 64 bytes.

    Rows of ``LANES`` numbers then fill whole vector registers.
    """
    size = math.prod(shape) * dtype.itemsize
    octets = np.empty(size + 64, dtype=np.uint8)
    start = -octets.ctypes.data % 64
    return octets[start : start + size].view(dtype).reshape(shape)
