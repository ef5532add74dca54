"""One day of a block of runs: the choreography of ``engines.agents`` as compiled loops.

The innermost loop of every phase goes over the runs of the block (letter r), side by side in
memory; the laws are those the agents call. Phases have the names they have in the Mesa model.
"""

from __future__ import annotations

from sim.compiling import kernel, register_laws
from sim.engines.ensemble.block import (
    ATTACK_POTENCY,
    BACKLASH,
    BASE_INCIDENT_RATE,
    BRANCHING_RATIO,
    BROADCAST_REACH,
    CALMING,
    CREDENCE_RATE,
    CREDIBILITY_EXPONENT,
    DECISIVENESS,
    DENIAL_EFFICACY,
    DENIAL_PRIMING,
    IMPARTIALITY,
    INCIDENT_TENSION,
    LANES,
    LIMITED_ATTENTION,
    MESSAGE_WEIGHT,
    NOISE,
    OFFER_PARITY,
    OPEN_CREDENCE,
    PARITY,
    PARITY_SPILLOVER,
    PEER_PULL,
    PRIMING,
    REPLY,
    RESONANCE,
    SALIENCE_RETENTION,
    TEAM_EFFORT,
    TENSION_RETENTION,
)
from sim.engines.ensemble.philox import four_words, uniform
from sim.laws.anchor import evened, gap_kept, parity_stage
from sim.laws.chance import central_normal, is_central, poisson_count, standard_normal
from sim.laws.contest import share_of
from sim.laws.credence import moved_credence, verified
from sim.laws.credibility import credibility, observed
from sim.laws.exposure import (
    backfired,
    believed,
    exposure,
    fit,
    power,
    statement_effort,
    talk_effort,
    undenied,
)
from sim.laws.priming import primed
from sim.laws.salience import attention, relaxed_salience
from sim.laws.sympathy import clipped, message_pull, peer_weight, pull
from sim.laws.tension import incident_rate, new_tension
from sim.world.arrays import ATTACK, DENY, NOWHERE, PROMOTE

register_laws()


@kernel
def draw_four_days(p, b, day, seeds, replicates):  # type: ignore[no-untyped-def]
    """Draw noise (standard normal) and incident uniforms of days ``day`` .. ``day + 3``."""
    for a in range(p.noise_counter.shape[0]):
        for k in range(2):
            low, high = p.noise_counter[a, k, 0], p.noise_counter[a, k, 1]
            for r in range(LANES):
                w0, w1, w2, w3 = four_words(seeds[r], replicates[r], day // 4, low, high)
                b.noise[a, k, 0, r] = uniform(w0)
                b.noise[a, k, 1, r] = uniform(w1)
                b.noise[a, k, 2, r] = uniform(w2)
                b.noise[a, k, 3, r] = uniform(w3)
            for i in range(4):
                for r in range(LANES):
                    b.centre[r] = b.noise[a, k, i, r]
                for r in range(LANES):
                    b.noise[a, k, i, r] = central_normal(b.centre[r])
                # the tails are rare and need a logarithm: one at a time
                for r in range(LANES):
                    if not is_central(b.centre[r]):
                        b.noise[a, k, i, r] = standard_normal(b.centre[r])
    for k in range(2):
        low, high = p.incident_counter[k, 0], p.incident_counter[k, 1]
        for r in range(LANES):
            w0, w1, w2, w3 = four_words(seeds[r], replicates[r], day // 4, low, high)
            b.incident_uniforms[k, 0, r] = uniform(w0)
            b.incident_uniforms[k, 1, r] = uniform(w1)
            b.incident_uniforms[k, 2, r] = uniform(w2)
            b.incident_uniforms[k, 3, r] = uniform(w3)


@kernel
def begin(p, v, b):  # type: ignore[no-untyped-def]
    """Take down what the whole day reads: X, parity, credence in the parity claim."""
    for r in range(LANES):
        b.lead[r] = 0.0
        b.evenness[r] = 0.0
        b.stage[r] = parity_stage(b.mediation[r], v[OFFER_PARITY, r])
    for a in range(p.importance.shape[0]):
        for r in range(LANES):
            x = (b.sympathy[a, 0, r] - b.sympathy[a, 1, r]) / 2.0
            b.lead[r] += p.importance[a] * x
            even = 1.0
            if p.parity_claim != NOWHERE:
                even = b.credence[a, p.parity_claim, r]
            b.even[a, r] = even
            b.evenness[r] += p.importance[a] * even


@kernel
def happen(p, v, b, day):  # type: ignore[no-untyped-def]
    """Events and incidents: shocks to tension and salience."""
    issues = b.shocks.shape[0]
    for r in range(LANES):
        b.shock[r] = 0.0
        rate = incident_rate(
            v[BASE_INCIDENT_RATE, r], v[BRANCHING_RATIO, r], v[TENSION_RETENTION, r],
            v[INCIDENT_TENSION, r], b.tension[r],
        )  # fmt: skip
        for k in range(2):
            u = b.incident_uniforms[k, day % 4, r]
            b.hit[k, r] = poisson_count(u, rate / 2.0)
    for q in range(issues):
        for r in range(LANES):
            b.shocks[q, r] = 0.0
    for i in range(p.event_start[day], p.event_start[day + 1]):
        event = p.event[i]
        for r in range(LANES):
            b.shock[r] += p.event_tension[event]
        for q in range(issues):
            for r in range(LANES):
                b.shocks[q, r] += p.event_salience[event, q]
    for q in range(issues):
        for r in range(LANES):
            b.shocks[q, r] += (b.hit[0, r] + b.hit[1, r]) * p.incident_salience[q]


@kernel
def notice(p, v, b, x, a):  # type: ignore[no-untyped-def]
    """Salience fades and takes in shocks; attention is divided.  (1)"""
    issues = b.shares.shape[0]
    for r in range(LANES):
        b.total[r] = b.salience[a, 0, r]
        b.conflict[r] = 0.0
    for q in range(1, issues):
        for r in range(LANES):
            z = relaxed_salience(
                b.salience[a, q, r], x.resting[a, q, r], v[SALIENCE_RETENTION, r], b.shocks[q, r]
            )
            b.salience[a, q, r] = z
            b.total[r] += z
            b.conflict[r] += z
    for q in range(issues):
        for r in range(LANES):
            b.shares[q, r] = b.salience[a, q, r] / b.total[r]
    for r in range(LANES):
        b.attention[a, r] = attention(b.shares[0, r], v[LIMITED_ATTENTION, r])
    if a == p.mediator and p.escalation != NOWHERE:
        for r in range(LANES):
            b.noticed[r] = b.salience[a, p.escalation, r]


@kernel
def listen(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """The day's messages and news at one audience: exposures for and against.  (2)"""
    issues, claims = b.shares.shape[0], b.news_asserted.shape[0]
    for q in range(issues):
        if q == 0:
            for r in range(LANES):
                b.fits[q, r] = 1.0
        elif b.plain[RESONANCE]:
            for r in range(LANES):
                b.fits[q, r] = fit(b.salience[a, q, r], b.conflict[r], issues - 1.0, 1.0)
        else:
            for r in range(LANES):
                b.fits[q, r] = fit(
                    b.salience[a, q, r], b.conflict[r], issues - 1.0, v[RESONANCE, r]
                )
        for k in range(2):
            for r in range(LANES):
                b.attacked[k, q, r] = 0.0
                b.denied[k, q, r] = 0.0
                b.said[k, q, r] = 0.0
                b.denials[k, q, r] = 0.0
    for k in range(2):
        for r in range(LANES):
            b.trusted[k, r] = credibility(b.kept[a, k, r], b.broken[a, k, r])
        if not b.plain[CREDIBILITY_EXPONENT]:
            for r in range(LANES):
                b.trusted[k, r] = power(b.trusted[k, r], v[CREDIBILITY_EXPONENT, r])
        for r in range(LANES):
            b.promoted[k, r] = 0.0
            b.hurt[k, r] = 0.0
            b.heard[a, k, r] = 0.0
            b.held[k, r] = 0.0
            b.failed[k, r] = 0.0
            b.answered[k, r] = 0.0
    for j in range(claims):
        for r in range(LANES):
            b.attacks_today[a, j, r] = 0.0
            b.news_asserted[j, r] = 0.0
            for k in range(2):
                b.asserted[k, j, r] = 0.0
                b.contested[k, j, r] = 0.0
        k = p.accused[j]
        if k != NOWHERE and day >= p.campaign_start[k]:
            for r in range(LANES):
                b.answered[k, r] += b.attacks[a, j, r]
    for k in range(2):
        for r in range(LANES):
            b.reduced[k, r] = 1.0 - v[REPLY, r] if b.answered[k, r] > 0.0 else 1.0
    _hear_menus(p, v, b, a, day)
    for j in range(claims):
        k = p.accused[j]
        if k != NOWHERE and day >= p.campaign_start[k]:
            _hear_replies(p, v, b, a, j, k)
    _hear_news(p, b, a, day)
    for k in range(2):
        for r in range(LANES):
            b.con[k, r] = 0.0
        for q in range(issues):
            for r in range(LANES):
                b.con[k, r] += b.attacked[k, q, r] * undenied(
                    b.attacked[k, q, r], b.denied[k, q, r], v[DENIAL_EFFICACY, r]
                )
        for r in range(LANES):
            b.pro[k, r] = b.promoted[k, r] + b.news_pro[k, r]
            b.con[k, r] = v[ATTACK_POTENCY, r] * b.con[k, r] + b.hurt[k, r] + b.news_con[k, r]
        if a == p.mediator:
            for r in range(LANES):
                b.pro[k, r] += b.goodwill[k, r]
                b.con[k, r] += b.pique[k, r]


@kernel
def _hear_menus(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Statements and delegations' talks, narrative by narrative."""
    first_team, last_team = p.team_start[day, a], p.team_start[day, a + 1]
    for n in range(p.sender.shape[0]):
        if not (p.spoken[day, n] and p.reaches[n, a]):
            continue
        k, q, j, kind = p.sender[n], p.issue[n], p.claim[n], p.kind[n]
        speaks = day >= p.campaign_start[k]
        budget = p.effort[k] if speaks else 0.0
        for r in range(LANES):
            e = statement_effort(v[BROADCAST_REACH, r], p.share[n], b.reduced[k, r], budget)
            b.spoken[r] = e
            b.lifted[r] = e
        for i in range(first_team, last_team):
            team = p.team_at[day, i]
            if p.owner[team] == k:
                for r in range(LANES):
                    e = talk_effort(v[TEAM_EFFORT, r], p.capitals[a], p.share[n])
                    b.spoken[r] += e
                    b.lifted[r] += e * p.bonus[team]
        for r in range(LANES):
            e = b.spoken[r]
            b.exposed[r] = exposure(b.lifted[r], 1.0, p.evidence[n], b.trusted[k, r], b.fits[q, r])
            b.heard[a, k, r] += e
            b.held[k, r] += e * b.verified[n, r]
            b.failed[k, r] += e * (1.0 - b.verified[n, r])
        if kind == PROMOTE:
            for r in range(LANES):
                b.promoted[k, r] += b.exposed[r]
                b.said[k, q, r] += b.spoken[r]
            if j != NOWHERE:
                for r in range(LANES):
                    b.asserted[k, j, r] += b.exposed[r]
        elif kind == ATTACK:
            for r in range(LANES):
                belief = b.credence[a, j, r]
                b.attacked[1 - k, q, r] += believed(b.exposed[r], belief)
                b.hurt[k, r] += backfired(b.exposed[r], belief, v[BACKLASH, r])
                b.said[k, q, r] += b.spoken[r]
                b.asserted[k, j, r] += b.exposed[r]
                b.attacks_today[a, j, r] += b.spoken[r]
        else:
            for r in range(LANES):
                b.denials[k, q, r] += b.spoken[r]
            if j != NOWHERE:
                for r in range(LANES):
                    b.contested[k, j, r] += b.exposed[r]
            if j == NOWHERE or j != p.parity_claim:
                for r in range(LANES):
                    b.denied[k, q, r] += b.exposed[r]


@kernel
def _hear_replies(p, v, b, a, j, k):  # type: ignore[no-untyped-def]
    """The accused claimant's answer to yesterday's attacks on claim j."""
    q, n = p.claim_issue[j], p.reply_narrative[j]
    if q == NOWHERE:
        return
    evidence = 0.5
    if n != NOWHERE:
        evidence = p.evidence[n]
    for r in range(LANES):
        e = 0.0
        if b.answered[k, r] > 0.0:
            e = statement_effort(
                v[BROADCAST_REACH, r], b.attacks[a, j, r] / b.answered[k, r], v[REPLY, r],
                p.effort[k],
            )  # fmt: skip
        x = exposure(e, 1.0, evidence, b.trusted[k, r], b.fits[q, r])
        truth = 0.5
        if n != NOWHERE:
            truth = b.verified[n, r]
        b.heard[a, k, r] += e
        b.held[k, r] += e * truth
        b.failed[k, r] += e * (1.0 - truth)
        b.denials[k, q, r] += e
        b.denied[k, q, r] += x
        b.contested[k, j, r] += x


@kernel
def _hear_news(p, b, a, day):  # type: ignore[no-untyped-def]
    """What events and incidents assert and how they speak for and against each claimant."""
    for k in range(2):
        for r in range(LANES):
            b.news_pro[k, r] = 0.0
            b.news_con[k, r] = 0.0
    for i in range(p.event_start[day], p.event_start[day + 1]):
        event = p.event[i]
        j = p.event_claim[event]
        accused = NOWHERE
        if j != NOWHERE:
            accused = p.accused[j]
        for k in range(2):
            pro, con = p.event_pro[event, k], p.event_con[event, k]
            for r in range(LANES):
                b.news_pro[k, r] += pro
                weighed = con
                if accused == k:
                    weighed = con * b.credence[a, j, r]
                    b.news_asserted[j, r] += con
                b.news_con[k, r] += weighed
        if p.parity_claim != NOWHERE:
            for r in range(LANES):
                b.news_asserted[p.parity_claim, r] += p.event_asserts[event]
    for k in range(2):
        for r in range(LANES):
            b.news_pro[k, r] += b.hit[k, r] * p.incident_pro
            b.news_con[k, r] += b.hit[1 - k, r] * p.incident_con


@kernel
def consider(p, v, b, x, a, day, rule):  # type: ignore[no-untyped-def]
    """Tomorrow's sympathy from today's sources.  (3), (4), (5)"""
    issues = b.shares.shape[0]
    for k in range(2):
        for r in range(LANES):
            b.anchors[k, r] = 0.0
        for q in range(issues):
            for r in range(LANES):
                b.anchors[k, r] += b.shares[q, r] * x.judgements[a, q, k, r]
    for r in range(LANES):
        spillover = 1.0 if a == p.mediator else v[PARITY_SPILLOVER, r]
        active = a == p.mediator and b.mediation[r] >= 2.0
        impartiality = v[IMPARTIALITY, r] if active else 0.0
        kept = gap_kept(v[PARITY, r], spillover, b.stage[r], b.even[a, r], impartiality)
        middle = (b.anchors[0, r] + b.anchors[1, r]) / 2.0
        b.anchors[0, r] = evened(b.anchors[0, r], middle, kept)
        b.anchors[1, r] = evened(b.anchors[1, r], middle, kept)
    for k in range(2):
        if not b.plain[DECISIVENESS]:
            for r in range(LANES):
                b.pro[k, r] = power(b.pro[k, r], v[DECISIVENESS, r])
                b.con[k, r] = power(b.con[k, r], v[DECISIVENESS, r])
        for r in range(LANES):
            pro, con, draw = b.pro[k, r], b.con[k, r], b.draws[0, r]
            weight = v[MESSAGE_WEIGHT, r]
            b.toward[r] = message_pull(b.attention[a, r], weight, share_of(pro, con, draw))
            b.away[r] = message_pull(b.attention[a, r], weight, share_of(con, pro, draw))
        if p.constant_kernel:
            _move_in_full(p, v, b, x, a, k)
        else:
            _move_by_rule(p, v, b, x, a, k, rule)
        for r in range(LANES):
            noise = v[NOISE, r] * b.noise[a, k, day % 4, r]
            b.tomorrow[a, k, r] = clipped(b.tomorrow[a, k, r] + noise)


@kernel
def _move_in_full(p, v, b, x, a, k):  # type: ignore[no-untyped-def]
    """The increments where the rule's K is 1 everywhere."""
    for r in range(LANES):
        s = b.sympathy[a, k, r]
        pulled = x.anchor_pull[a, r]
        b.tomorrow[a, k, r] = s + pull(pulled, 1.0, b.anchors[k, r], s)
        b.weight[r] = peer_weight(pulled, b.toward[r] + b.away[r], v[PEER_PULL, r])
    for i in range(p.peer_start[a], p.peer_start[a + 1]):
        other, w = p.peer_of[i], p.peer_weight[i]
        for r in range(LANES):
            s = b.sympathy[a, k, r]
            b.tomorrow[a, k, r] += pull(b.weight[r] * w, 1.0, b.sympathy[other, k, r], s)
    for r in range(LANES):
        s = b.sympathy[a, k, r]
        left = 1.0 - x.anchor_pull[a, r]
        b.tomorrow[a, k, r] += pull(left * b.toward[r], 1.0, 1.0, s)
        b.tomorrow[a, k, r] += pull(left * b.away[r], 1.0, -1.0, s)


@kernel
def _move_by_rule(p, v, b, x, a, k, rule):  # type: ignore[no-untyped-def]
    """The increments with the rule's own K, one run at a time."""
    options = p.rule_options
    for r in range(LANES):
        s = b.sympathy[a, k, r]
        pulled = x.anchor_pull[a, r]
        u = b.anchors[k, r]
        moved = s + pull(pulled, rule(s, u, 0.0, options), u, s)
        scale = peer_weight(pulled, b.toward[r] + b.away[r], v[PEER_PULL, r])
        if options[0] != 0.0:
            total = 0.0
            for i in range(p.peer_start[a], p.peer_start[a + 1]):
                source = b.sympathy[p.peer_of[i], k, r]
                total += p.peer_weight[i] * rule(s, source, 0.0, options)
            scale *= 1.0 / total if total > 0.0 else 0.0
        for i in range(p.peer_start[a], p.peer_start[a + 1]):
            source = b.sympathy[p.peer_of[i], k, r]
            moved += pull(scale * p.peer_weight[i], rule(s, source, 0.0, options), source, s)
        left = 1.0 - pulled
        moved += pull(left * b.toward[r], rule(s, 1.0, 1.0, options), 1.0, s)
        moved += pull(left * b.away[r], rule(s, -1.0, 1.0, options), -1.0, s)
        b.tomorrow[a, k, r] = moved


@kernel
def learn(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Salience, credibility and credence after the day's talk.  (section 2.6)"""
    issues, claims = b.shares.shape[0], b.news_asserted.shape[0]
    for q in range(1, issues):
        for r in range(LANES):
            b.salience[a, q, r] = primed(
                b.salience[a, q, r], v[PRIMING, r], b.said[0, q, r] + b.said[1, q, r],
                b.denials[0, q, r] + b.denials[1, q, r], v[DENIAL_PRIMING, r],
            )  # fmt: skip
    for k in range(2):
        for r in range(LANES):
            b.kept[a, k, r] = observed(b.kept[a, k, r], b.attention[a, r], b.held[k, r])
            b.broken[a, k, r] = observed(b.broken[a, k, r], b.attention[a, r], b.failed[k, r])
    for j in range(claims):
        for r in range(LANES):
            b.pro[0, r] = b.asserted[0, j, r] + b.asserted[1, j, r] + b.news_asserted[j, r]
            b.con[0, r] = b.contested[0, j, r] + b.contested[1, j, r]
        if not b.plain[DECISIVENESS]:
            for r in range(LANES):
                b.pro[0, r] = power(b.pro[0, r], v[DECISIVENESS, r])
                b.con[0, r] = power(b.con[0, r], v[DECISIVENESS, r])
        for r in range(LANES):
            yes, no, draw = b.pro[0, r], b.con[0, r], b.draws[1, r]
            b.credence[a, j, r] = moved_credence(
                b.credence[a, j, r], v[CREDENCE_RATE, r] * v[OPEN_CREDENCE, r], b.attention[a, r],
                share_of(yes, no, draw), share_of(no, yes, draw),
            )  # fmt: skip
    for i in range(p.event_start[day], p.event_start[day + 1]):
        event = p.event[i]
        j = p.verified_claim[event]
        if j != NOWHERE:
            for r in range(LANES):
                weight = p.finding_weight[event] * v[OPEN_CREDENCE, r]
                b.credence[a, j, r] = verified(b.credence[a, j, r], p.finding[event], weight)


@kernel
def end(p, v, b, day):  # type: ignore[no-untyped-def]
    """Adopt tomorrow's sympathy, inquiries' findings, tension.  (6)"""
    for a in range(b.sympathy.shape[0]):
        for k in range(2):
            for r in range(LANES):
                b.sympathy[a, k, r] = b.tomorrow[a, k, r]
        for j in range(b.attacks.shape[1]):
            for r in range(LANES):
                b.attacks[a, j, r] = b.attacks_today[a, j, r]
    for i in range(p.event_start[day], p.event_start[day + 1]):
        event = p.event[i]
        if p.verified_claim[event] == NOWHERE:
            continue
        for n in range(p.claim.shape[0]):
            if p.claim[n] == p.verified_claim[event]:
                target = p.finding[event]
                if p.kind[n] == DENY:
                    target = 1.0 - target
                for r in range(LANES):
                    b.verified[n, r] = verified(
                        b.verified[n, r], target, p.finding_weight[event]
                    )
    for r in range(LANES):
        calming = v[CALMING, r] if b.mediation[r] >= 2.0 else 0.0
        b.tension[r] = new_tension(
            b.tension[r], v[TENSION_RETENTION, r], calming, b.shock[r], v[INCIDENT_TENSION, r],
            b.hit[0, r] + b.hit[1, r],
        )  # fmt: skip
