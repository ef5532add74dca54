"""What one audience of a block of runs hears in a day: the exposures of equation (2).

A claimant's effort at an audience is one number a run, and each narrative takes a share of it that
is the day's in all runs. So what is counted in effort (talk of issues, credibility, what is to
be answered) needs sums of shares alone, and only exposures are added up run by run.

Arguments: p the plan of the world; b the block; v its coefficients of the day, whose rows c names.
Index letters: r run of the block; a audience; k claimant; q issue; j claim; n narrative; i team of
the day.
"""

from __future__ import annotations

from sim.compiling import kernel, register_laws
from sim.engines.ensemble import coefficient_rows as c
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.news import hear_news
from sim.laws.credibility import credibility
from sim.laws.elementary import power
from sim.laws.exposure import (
    backfired,
    believed,
    exposure,
    fit,
    fit_scale,
    statement_effort,
    talk_effort,
    undenied,
)
from sim.world.arrays import ATTACK, NOWHERE, PROMOTE

register_laws()


@kernel
def listen(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Add up the exposures for and against each claimant at one audience.  (2)"""
    open_ears(p, v, b, a)
    _speak(p, v, b, a, day)
    _hear_menus(p, v, b, a, day)
    _hear_replies(p, b, a, day)
    issues = b.shares.shape[0]
    for k in range(2):
        for r in range(LANES):
            b.con[k, r] = 0.0
        for q in range(issues):
            if b.attacks[k, q] and b.denies[k, q]:
                for r in range(LANES):
                    b.con[k, r] += b.attacked[k, q, r] * undenied(
                        b.attacked[k, q, r], b.denied[k, q, r], v[c.DENIAL_EFFICACY, r]
                    )
            elif b.attacks[k, q]:
                for r in range(LANES):
                    b.con[k, r] += b.attacked[k, q, r]
        for r in range(LANES):
            b.con[k, r] = v[c.ATTACK_POTENCY, r] * b.con[k, r] + b.hurt[k, r]
    hear_news(p, v, b, a, day)
    if a == p.mediator:
        for k in range(2):
            for r in range(LANES):
                b.pro[k, r] += b.goodwill[k, r]
                b.con[k, r] += b.pique[k, r]


@kernel
def open_ears(p, v, b, a):  # type: ignore[no-untyped-def]
    """Forget what was heard; find how credible each claimant is and how far each issue travels.

    Arrays [k, q, r] and [k, j, r] are not cleared: flags such as ``attacks`` say what was set
    today.
    """
    issues, claims = b.shares.shape[0], b.touched.shape[0]
    for r in range(LANES):
        b.scale[r] = fit_scale(b.conflict[r], issues - 1.0)
    for r in range(LANES):
        b.fits[0, r] = 1.0
    for q in range(1, issues):
        if b.plain[c.RESONANCE]:
            for r in range(LANES):
                b.fits[q, r] = fit(b.salience[a, q, r], b.scale[r], 1.0)
        else:
            for r in range(LANES):
                b.fits[q, r] = fit(b.salience[a, q, r], b.scale[r], v[c.RESONANCE, r])
    for k in range(2):
        for r in range(LANES):
            b.trusted[k, r] = credibility(b.kept[a, k, r], b.broken[a, k, r])
            b.pro[k, r] = 0.0
            b.hurt[k, r] = 0.0
        if not b.plain[c.CREDIBILITY_EXPONENT]:
            for r in range(LANES):
                b.trusted[k, r] = power(b.trusted[k, r], v[c.CREDIBILITY_EXPONENT, r])
        for q in range(issues):
            b.said_share[k, q] = 0.0
            b.denied_share[k, q] = 0.0
            b.replied_share[k, q] = 0.0
            b.attacks[k, q] = False
            b.denies[k, q] = False
        b.told[k], b.told_true[k], b.replied_true[k] = 0.0, 0.0, 0.0
    for j in range(claims):
        b.touched[j] = False
        b.claimed_today[a, j] = 0.0
        for k in range(2):
            b.asserts[k, j] = False
            b.contests[k, j] = False


@kernel
def _speak(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Set each claimant's effort here: on its menu, by statements and teams, and on replies."""
    for k in range(2):
        speaks = day >= p.campaign_start[k]
        budget = p.effort[k] if speaks else 0.0
        answered = 0.0
        for j in range(b.touched.shape[0]):
            if p.accused[j] == k and speaks:
                answered += b.claimed[a, j]
        b.answered[k] = answered
        planned = p.planned_reply[day, k]
        usual = planned != planned  # nan: nothing is planned
        for r in range(LANES):
            attacked = answered > 0.0 and b.spoken[a, 1 - k, r] > 0.0
            reply = v[c.REPLY, r] if usual else planned
            part = reply if attacked else 0.0
            b.replies[k, r] = statement_effort(v[c.BROADCAST_REACH, r], 1.0, part, budget)
            b.effort[k, r] = statement_effort(v[c.BROADCAST_REACH, r], 1.0, 1.0 - part, budget)
            b.lifted[k, r] = b.effort[k, r]
        if p.choosing:
            _talk_where_teams_went(p, v, b, a, k)
            continue
        for i in range(p.team_start[day, a], p.team_start[day, a + 1]):
            team = p.team_at[day, i]
            if p.owner[team] == k:
                for r in range(LANES):
                    e = talk_effort(v[c.TEAM_EFFORT, r], p.capitals[a], 1.0)
                    b.effort[k, r] += e
                    b.lifted[k, r] += e * p.bonus[team]
    for k in range(2):
        for r in range(LANES):
            b.spoken[a, k, r] = b.effort[k, r]
            b.lifted[k, r] *= b.trusted[k, r]
            b.answering[k, r] = b.replies[k, r] * b.trusted[k, r]


@kernel
def _talk_where_teams_went(p, v, b, a, k):  # type: ignore[no-untyped-def]
    """Add the effort of a claimant's teams that are here, which differ from run to run."""
    for team in range(p.owner.shape[0]):
        if p.owner[team] == k:
            for r in range(LANES):
                here = 1.0 if b.place[team, r] == a else 0.0
                e = talk_effort(v[c.TEAM_EFFORT, r], p.capitals[a], here)
                b.effort[k, r] += e
                b.lifted[k, r] += e * p.bonus[team]


@kernel
def _hear_menus(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Hear statements and delegations' talks, narrative by narrative."""
    for n in range(p.sender.shape[0]):
        if not (p.spoken[day, n] and p.reaches[n, a]):
            continue
        k, q, j, kind, share = p.sender[n], p.issue[n], p.claim[n], p.kind[n], p.share[day, n]
        b.told[k] += share
        b.told_true[k] += share * p.verified[day, n]
        weight = share * p.evidence[n]
        if kind == PROMOTE:
            b.said_share[k, q] += share
            _promote(b, k, q, j, weight)
        elif kind == ATTACK:
            b.said_share[k, q] += share
            b.claimed_today[a, j] += share
            _attack(v, b, a, k, q, j, weight)
        else:
            b.denied_share[k, q] += share
            _deny(b, b.lifted, k, q, j, weight, j == NOWHERE or j != p.parity_claim)


@kernel
def _promote(b, k, q, j, weight):  # type: ignore[no-untyped-def]
    """Hear a claimant's own case, which may assert the parity claim."""
    for r in range(LANES):
        b.pro[k, r] += exposure(b.lifted[k, r], 1.0, weight, 1.0, b.fits[q, r])
    if j != NOWHERE:
        _add_exposure(b, b.lifted, b.asserted, b.asserts, k, j, q, weight)
        b.touched[j] = True


@kernel
def _attack(v, b, a, k, q, j, weight):  # type: ignore[no-untyped-def]
    """Hear an accusation: it lands on the rival as far as it is believed, else on its sender."""
    for r in range(LANES):
        x = exposure(b.lifted[k, r], 1.0, weight, 1.0, b.fits[q, r])
        belief = b.credence[a, j, r]
        before = b.attacked[1 - k, q, r] if b.attacks[1 - k, q] else 0.0
        b.attacked[1 - k, q, r] = before + believed(x, belief)
        b.hurt[k, r] += backfired(x, belief, v[c.BACKLASH, r])
    b.attacks[1 - k, q] = True
    _add_exposure(b, b.lifted, b.asserted, b.asserts, k, j, q, weight)
    b.touched[j] = True


@kernel
def _deny(b, trusted_effort, k, q, j, weight, counters):  # type: ignore[no-untyped-def]
    """Hear a denial; where it ``counters``, it takes from the attacks on the issue."""
    if j != NOWHERE:
        _add_exposure(b, trusted_effort, b.contested, b.contests, k, j, q, weight)
        b.touched[j] = True
    if counters:
        _add_exposure(b, trusted_effort, b.denied, b.denies, k, q, q, weight)


@kernel
def _add_exposure(b, effort, sums, known, k, i, q, weight):  # type: ignore[no-untyped-def]
    """Add a message to sums[k, i, r]; where not ``known``, these are still an earlier day's."""
    for r in range(LANES):
        before = sums[k, i, r] if known[k, i] else 0.0
        sums[k, i, r] = before + exposure(effort[k, r], 1.0, weight, 1.0, b.fits[q, r])
    known[k, i] = True


@kernel
def _hear_replies(p, b, a, day):  # type: ignore[no-untyped-def]
    """Hear what the accused answer to yesterday's attacks, in proportion to these."""
    for j in range(b.touched.shape[0]):
        k, q = p.accused[j], p.claim_issue[j]
        if k == NOWHERE or q == NOWHERE or b.answered[k] == 0.0 or b.claimed[a, j] == 0.0:
            continue
        share, n = b.claimed[a, j] / b.answered[k], p.reply_narrative[j]
        weight = share * (0.5 if n == NOWHERE else p.evidence[n])
        b.replied_true[k] += share * (0.5 if n == NOWHERE else p.verified[day, n])
        b.replied_share[k, q] += share
        _deny(b, b.answering, k, q, j, weight, True)
