"""Offers and answers of a block of runs: rare, so one run at a time.  (7), section 2.8

Arguments: p the plan of the world; b the block; v its coefficients of the day, whose rows c names;
x its runs' other numbers; lot which runs it holds; first and second the acceptance rules of both
claimants. Index letters: r run of the block; k claimant.
"""

from __future__ import annotations

import math

from sim.compiling import kernel
from sim.engines.ensemble import coefficient_rows as c
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.philox import day_uniform
from sim.laws.anchor import ACTIVE, NONE, OFFERED
from sim.laws.consent import acceptance_gain, cost_of_evenness, value_of_calm
from sim.plugins.contracts import MediatorView, MorningView, possible
from sim.world.arrays import NOWHERE


@kernel
def _chance(p, v, b, x, day, first, second, k, r):  # type: ignore[no-untyped-def]
    """Return the probability that claimant k of one run accepts today.  (7)"""
    if p.known_answers[day, k] != NOWHERE:
        return float(p.known_answers[day, k])
    sign = 1.0 if k == 0 else -1.0
    calm = value_of_calm(v[c.TENSION_WEIGHT, r], v[c.CALMING, r], b.tension[r])
    evenness = cost_of_evenness(
        sign, v[c.PARITY_WEIGHT, r], v[c.PARITY, r], b.evenness[r], v[c.OFFER_PARITY, r], b.lead[r]
    )
    importance, cost = p.importance[p.mediator], x.audience_cost[k, r]
    gain = acceptance_gain(calm, evenness, v[c.GOODWILL, r], importance, cost)
    # two arguments, not a tuple: Numba cannot index a tuple of functions without a warning
    if k == 0:
        return possible(first(gain, v[c.CHOICE_PRECISION, r]))
    return possible(second(gain, v[c.CHOICE_PRECISION, r]))


@kernel
def _lose_unless_finite(b, r, answer):  # type: ignore[no-untyped-def]
    """Leave a run without a tension whose plug-in gave no finite answer: it is listed as lost."""
    b.tension[r] += answer - answer


@kernel
def wake(p, v, b, x, today):  # type: ignore[no-untyped-def]
    """Set mu and n of the day, where the policy changes them from day to day.

    x.values are the numbers of the run, v those of the day.
    """
    for r in range(LANES):
        if b.mediated[r] >= ACTIVE and b.mediation[r] < ACTIVE:
            b.ended[r] = 1.0
        b.mediated[r] = b.mediation[r]
        calming, branching = x.values[c.CALMING, r], x.values[c.BRANCHING_RATIO, r]
        liked, other_liked = b.sympathy[p.mediator, 0, r], b.sympathy[p.mediator, 1, r]
        view = MorningView(calming, branching, liked, other_liked, b.ended[r])
        calming, branching = today(view)
        _lose_unless_finite(b, r, possible(calming) + possible(branching))
        v[c.CALMING, r], v[c.BRANCHING_RATIO, r] = calming, branching


@kernel
def decide(  # type: ignore[no-untyped-def]
    p, v, b, x, lot, day, answers, policy, first, second
):
    """Offer by the policy, or as held; take the answers; let an old offer lapse.  (section 2.8)"""
    for r in range(LANES):
        resting = 0.0
        if p.escalation != NOWHERE:
            resting = x.resting[p.mediator, p.escalation, r]
        if answers.held:
            offers = answers.offered[lot.first + r, day]
        else:
            since = math.inf
            if b.offer_day[r] >= 0.0:
                since = day - b.offer_day[r]
            chance, other_chance = 0.0, 0.0
            if p.foresees:
                chance = _chance(p, v, b, x, day, first, second, 0, r)
                other_chance = _chance(p, v, b, x, day, first, second, 1, r)
            view = MediatorView(
                1.0 if p.offer_days[day] else 0.0,
                b.tension[r],
                b.noticed[r] - resting,
                since,
                v[c.OFFER_THRESHOLD, r],
                v[c.ESCALATION_WORRY, r],
                v[c.OFFER_COOLDOWN, r],
                v[c.TENSION_WEIGHT, r],
                v[c.CALMING, r],
                chance,
                other_chance,
            )
            offers = False
            if b.mediation[r] < ACTIVE:
                answer = policy(view)
                _lose_unless_finite(b, r, answer)
                offers = answer > 0.0
            answers.offered[lot.first + r, day] = offers
        if offers:
            _ask(p, v, b, x, lot, day, answers, first, second, r)
        elif b.mediation[r] > NONE and day >= b.offer_day[r] + v[c.MEDIATION_LENGTH, r]:
            b.mediation[r] = NONE
            b.standing[0, r] = 0.0
            b.standing[1, r] = 0.0
        for k in range(2):
            thanks = v[c.GOODWILL, r] if b.mediation[r] >= OFFERED else 0.0
            b.goodwill[k, r] = thanks if b.standing[k, r] > 0.0 else 0.0
            b.pique[k, r] = 0.0 if b.standing[k, r] > 0.0 else thanks


@kernel
def _ask(  # type: ignore[no-untyped-def]
    p, v, b, x, lot, day, answers, first, second, r
):
    """Take both claimants' answers to the offer of one run.  (7)"""
    b.offer_day[r] = day
    agreed = 0
    for k in range(2):
        if not answers.held:
            low, high = p.accept_counter[k, 0], p.accept_counter[k, 1]
            u = day_uniform(lot.seeds[r], lot.replicates[r], day, low, high)
            chance = _chance(p, v, b, x, day, first, second, k, r)
            _lose_unless_finite(b, r, chance)
            answers.accepted[lot.first + r, day, k] = u < chance
        b.standing[k, r] = 1.0 if answers.accepted[lot.first + r, day, k] else 0.0
        agreed += 1 if answers.accepted[lot.first + r, day, k] else 0
    b.mediation[r] = ACTIVE if agreed == 2 else OFFERED
