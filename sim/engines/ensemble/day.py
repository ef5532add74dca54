"""One day of a block of runs: the choreography of ``engines.agents`` as compiled loops.

The innermost loop of every phase goes over the runs of the block, side by side in memory; the laws
are those the agents call. Phases have the names they have in the Mesa model. What is heard is in
``listening``, offers and answers are in ``diplomacy``.

Arguments: p the plan of the world; b the block; v its coefficients of the day, whose rows c names;
x its runs' other numbers; lot which runs it holds. Index letters: r run of the block; a audience;
k claimant; q issue; j claim; i stored peer, event of the day or place in the tail.
"""

from __future__ import annotations

from sim.compiling import kernel, register_laws
from sim.engines.ensemble import coefficient_rows as c
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.philox import four_words, uniform
from sim.laws import chance
from sim.laws.anchor import ACTIVE, anchor, bounded_anchor, evened, gap_kept, parity_stage
from sim.laws.contest import share_unit
from sim.laws.credence import moved_credence, verified
from sim.laws.credibility import observed
from sim.laws.elementary import power
from sim.laws.priming import primed
from sim.laws.salience import attention, relaxed_salience
from sim.laws.sympathy import clipped, message_pull, peer_weight, pull
from sim.laws.tension import incident_rate, new_tension
from sim.world.arrays import NOWHERE

register_laws()


@kernel
def draw_four_days(p, b, lot, day):  # type: ignore[no-untyped-def]
    """Draw noise (standard normal) and incident uniforms of days ``day`` .. ``day + 3``."""
    for a in range(p.noise_counter.shape[0]):
        row, other = noise_row(a, 0, 0), noise_row(a, 1, 0)
        for r in range(LANES):  # two streams at once: neither waits for its own last round
            _draw_rows(b.noise, row, lot, r, day, p.noise_counter[a, 0])
            _draw_rows(b.noise, other, lot, r, day, p.noise_counter[a, 1])
        _make_normal(b, row)
    for k in range(2):
        for r in range(LANES):
            _draw_rows(b.incident_uniforms[k], 0, lot, r, day, p.incident_counter[k])


@kernel
def _draw_rows(rows, first, lot, r, day, counter):  # type: ignore[no-untyped-def]
    """Fill four rows of run r with a stream's uniforms of ``day`` .. ``day + 3``."""
    words = four_words(lot.seeds[r], lot.replicates[r], day // 4, counter[0], counter[1])
    rows[first, r] = uniform(words[0])
    rows[first + 1, r] = uniform(words[1])
    rows[first + 2, r] = uniform(words[2])
    rows[first + 3, r] = uniform(words[3])


@kernel
def noise_row(a, k, day):  # type: ignore[no-untyped-def]
    """Return the row of ``Block.noise`` for an audience, a claimant and one of four days."""
    return 4 * (2 * a + k) + day


@kernel
def _make_normal(b, first):  # type: ignore[no-untyped-def]
    """Turn eight rows of uniforms into standard normals.

    The tails are computed apart: they are rare and need a logarithm.
    """
    count = 0
    for row in range(first, first + 8):
        for r in range(LANES):
            b.tail_place[count] = row * LANES + r
            count += 0 if chance.is_central(b.noise[row, r]) else 1
    for i in range(count):
        b.tail[i] = b.noise[b.tail_place[i] // LANES, b.tail_place[i] % LANES]
    for row in range(first, first + 8):
        for r in range(LANES):
            b.noise[row, r] = chance.central_normal(b.noise[row, r])
    far = 0
    for i in range(count):
        far += 1 if chance.is_far(b.tail[i]) else 0
    if far > 0:
        for i in range(count):
            b.tail[i] = chance.standard_normal(b.tail[i])
    else:
        for i in range(count):
            b.tail[i] = chance.middle_normal(b.tail[i])
    for i in range(count):
        b.noise[b.tail_place[i] // LANES, b.tail_place[i] % LANES] = b.tail[i]


@kernel
def begin(p, v, b):  # type: ignore[no-untyped-def]
    """Compute what the whole day reads: X, the stage of parity, credence in the parity claim."""
    for r in range(LANES):
        b.lead[r] = 0.0
        b.evenness[r] = 0.0
        b.stage[r] = parity_stage(b.mediation[r], v[c.OFFER_PARITY, r])
    for a in range(p.importance.shape[0]):
        for r in range(LANES):
            x = (b.sympathy[a, 0, r] - b.sympathy[a, 1, r]) / 2.0
            b.lead[r] += p.importance[a] * x
            even = b.credence[a, p.parity_claim, r] if p.parity_claim != NOWHERE else 1.0
            b.evenness[r] += p.importance[a] * even


@kernel
def happen(p, v, b, day):  # type: ignore[no-untyped-def]
    """Draw the incidents of the day, and add up the shocks of events and incidents.

    Tension gets its shock at the end of the day, salience in ``notice``.
    """
    for r in range(LANES):
        b.shock[r] = 0.0
        base, branching = v[c.BASE_INCIDENT_RATE, r], v[c.BRANCHING_RATIO, r]
        retention, jump = v[c.TENSION_RETENTION, r], v[c.INCIDENT_TENSION, r]
        b.rate[r] = incident_rate(base, branching, retention, jump, b.tension[r]) / 2.0
    some = False
    for k in range(2):
        possible = 0
        for r in range(LANES):
            b.hit[k, r] = 0.0
            possible += 0 if chance.is_quiet(b.incident_uniforms[k, day % 4, r], b.rate[r]) else 1
        if possible > 0:
            some = True
            for r in range(LANES):
                b.hit[k, r] = chance.poisson_count(b.incident_uniforms[k, day % 4, r], b.rate[r])
    b.incidents[0] = some
    for i in range(p.event_start[day], p.event_start[day + 1]):
        for r in range(LANES):
            b.shock[r] += p.event_tension[p.event[i]]
    for a in range(p.hears_as.shape[0]):
        if p.hears_as[a] == a:
            _shake(p, b, a, day)


@kernel
def _shake(p, b, a, day):  # type: ignore[no-untyped-def]
    """Add up what the day adds to salience where one audience is, and all that hear as it does."""
    issues = b.shocks.shape[1]
    for q in range(issues):
        for r in range(LANES):
            b.shocks[a, q, r] = 0.0
    for i in range(p.event_start[day], p.event_start[day + 1]):
        event = p.event[i]
        if p.event_reaches[event, a]:
            for q in range(issues):
                for r in range(LANES):
                    b.shocks[a, q, r] += p.event_salience[event, q]
    if b.incidents[0]:
        for q in range(issues):
            for r in range(LANES):
                b.shocks[a, q, r] += (b.hit[0, r] + b.hit[1, r]) * p.incident_salience[q]


@kernel
def notice(p, v, b, x, a):  # type: ignore[no-untyped-def]
    """Let salience fade and take in shocks, and divide attention.  (1)"""
    alike = p.hears_as[a]
    for q in range(1, b.shares.shape[0]):
        for r in range(LANES):
            rest = x.resting[a, q, r]
            shock, retention = b.shocks[alike, q, r], v[c.SALIENCE_RETENTION, r]
            z = relaxed_salience(b.salience[a, q, r], rest, retention, shock)
            b.salience[a, q, r] = z
    divide(p, v, b, a)
    if a == p.mediator and p.escalation != NOWHERE:
        for r in range(LANES):
            b.noticed[r] = b.salience[a, p.escalation, r]


@kernel
def divide(p, v, b, a):  # type: ignore[no-untyped-def]
    """Divide attention by the salience that one audience has today.  (1)"""
    issues = b.shares.shape[0]
    for r in range(LANES):
        b.total[r] = b.salience[a, 0, r]
        b.conflict[r] = 0.0
    for q in range(1, issues):
        for r in range(LANES):
            b.total[r] += b.salience[a, q, r]
            b.conflict[r] += b.salience[a, q, r]
    for r in range(LANES):
        b.total[r] = 1.0 / b.total[r]
        b.excess[r] = (b.conflict[r] - b.rested[a, r]) * b.total[r]
    for q in range(issues):
        for r in range(LANES):
            b.shares[q, r] = b.salience[a, q, r] * b.total[r]
    for r in range(LANES):
        b.attention[a, r] = attention(b.shares[0, r], v[c.LIMITED_ATTENTION, r])


@kernel
def consider(p, v, b, x, a, day, rule):  # type: ignore[no-untyped-def]
    """Compute tomorrow's sympathy of one audience from today's sources.  (2a), (3), (4), (5)

    ``rule`` is K(s, p) of the update rule, asked only where it is not 1 everywhere.
    """
    issues = b.shares.shape[0]
    for r in range(LANES):
        b.anchors[0, r] = 0.0
        b.anchors[1, r] = 0.0
    for q in range(issues):
        for r in range(LANES):
            share = b.shares[q, r]
            b.anchors[0, r] += share * x.judgements[a, q, 0, r]
            b.anchors[1, r] += share * x.judgements[a, q, 1, r]
    for r in range(LANES):
        spillover = 1.0 if a == p.mediator else v[c.PARITY_SPILLOVER, r]
        active = a == p.mediator and b.mediation[r] >= ACTIVE
        impartiality = v[c.IMPARTIALITY, r] if active else 0.0
        even = b.credence[a, p.parity_claim, r] if p.parity_claim != NOWHERE else 1.0
        kept = gap_kept(v[c.PARITY, r], spillover, b.stage[r], even, impartiality)
        crowding, excess = v[c.CROWDING, r], b.excess[r]
        first = anchor(b.anchors[0, r], b.at_rest[a, 0, r], excess, crowding)
        second = anchor(b.anchors[1, r], b.at_rest[a, 1, r], excess, crowding)
        first, second = bounded_anchor(first, crowding), bounded_anchor(second, crowding)
        middle = (first + second) / 2.0
        b.anchors[0, r] = evened(first, middle, kept)
        b.anchors[1, r] = evened(second, middle, kept)
    for k in range(2):
        if not b.plain[c.DECISIVENESS]:
            for r in range(LANES):
                b.pro[k, r] = power(b.pro[k, r], v[c.DECISIVENESS, r])
                b.con[k, r] = power(b.con[k, r], v[c.DECISIVENESS, r])
        row = noise_row(a, k, day % 4)
        if p.constant_kernel:
            _move_in_full(p, v, b, x, a, k, row)
        else:
            _move_by_rule(p, v, b, x, a, k, row, rule)


@kernel
def _omegas(v, b, a, k, r):  # type: ignore[no-untyped-def]
    """Return the weights omega of the messages for and against claimant k.  (4)"""
    pro, con, weight = b.pro[k, r], b.con[k, r], v[c.MESSAGE_WEIGHT, r]
    unit = share_unit(pro, con, b.draws[0, r])
    return (
        message_pull(b.attention[a, r], weight, pro * unit),
        message_pull(b.attention[a, r], weight, con * unit),
    )


@kernel
def _move_in_full(p, v, b, x, a, k, row):  # type: ignore[no-untyped-def]
    """Add up the increments where the rule's K is 1 everywhere, many runs at a time.  (5)"""
    for r in range(LANES):
        b.apart[r] = 0.0
    for i in range(p.peer_start[a], p.peer_start[a + 1]):
        other, w = p.peer_of[i], p.peer_weight[i]
        for r in range(LANES):
            b.apart[r] += pull(w, 1.0, b.sympathy[other, k, r], b.sympathy[a, k, r])
    for r in range(LANES):
        toward, away = _omegas(v, b, a, k, r)
        s, pulled = b.sympathy[a, k, r], x.anchor_pull[a, r]
        left = 1.0 - pulled
        moved = s + pull(pulled, 1.0, b.anchors[k, r], s)
        moved += peer_weight(pulled, toward + away, v[c.PEER_PULL, r]) * b.apart[r]
        moved += pull(left * toward, 1.0, 1.0, s)
        moved += pull(left * away, 1.0, -1.0, s)
        b.tomorrow[a, k, r] = clipped(moved + v[c.NOISE, r] * b.noise[row, r])


@kernel
def _move_by_rule(p, v, b, x, a, k, row, rule):  # type: ignore[no-untyped-def]
    """Add up the increments with the rule's own K, one run at a time.  (5)"""
    options = p.rule_options
    for r in range(LANES):
        toward, away = _omegas(v, b, a, k, r)
        s, pulled, u = b.sympathy[a, k, r], x.anchor_pull[a, r], b.anchors[k, r]
        moved = s + pull(pulled, rule(s, u, 0.0, options), u, s)
        scale = peer_weight(pulled, toward + away, v[c.PEER_PULL, r])
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
        moved += pull(left * toward, rule(s, 1.0, 1.0, options), 1.0, s)
        moved += pull(left * away, rule(s, -1.0, 1.0, options), -1.0, s)
        b.tomorrow[a, k, r] = clipped(moved + v[c.NOISE, r] * b.noise[row, r])


@kernel
def learn(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Move salience, credibility and credence by the day's talk.  (section 2.6)

    Each side's denials and replies are summed first, so that the sum is the same to the bit when
    the claimants exchange places.
    """
    issues, claims = b.shares.shape[0], b.touched.shape[0]
    for q in range(1, issues):
        mine, other = b.said_share[0, q], b.said_share[1, q]
        own_no, other_no = b.denied_share[0, q], b.denied_share[1, q]
        own_reply, other_reply = b.replied_share[0, q], b.replied_share[1, q]
        if mine + other + own_no + other_no + own_reply + other_reply > 0.0:
            for r in range(LANES):
                said = b.effort[0, r] * mine + b.effort[1, r] * other
                denied = (b.effort[0, r] * own_no + b.replies[0, r] * own_reply) + (
                    b.effort[1, r] * other_no + b.replies[1, r] * other_reply
                )
                b.salience[a, q, r] = primed(
                    b.salience[a, q, r], v[c.PRIMING, r], said, denied, v[c.DENIAL_PRIMING, r]
                )
    for k in range(2):
        told, told_true, replied_true = b.told[k], b.told_true[k], b.replied_true[k]
        for r in range(LANES):
            heard = b.effort[k, r] * told + b.replies[k, r]
            held = b.effort[k, r] * told_true + b.replies[k, r] * replied_true
            b.heard[a, k, r] = heard
            b.kept[a, k, r] = observed(b.kept[a, k, r], b.attention[a, r], held)
            b.broken[a, k, r] = observed(b.broken[a, k, r], b.attention[a, r], heard - held)
    for j in range(claims):
        if not b.touched[j]:
            continue
        alike = p.hears_as[a]
        for r in range(LANES):
            first = b.asserted[0, j, r] if b.asserts[0, j] else 0.0
            second = b.asserted[1, j, r] if b.asserts[1, j] else 0.0
            b.yes[r] = first + second + b.told_claims[alike, j, r]
            first = b.contested[0, j, r] if b.contests[0, j] else 0.0
            second = b.contested[1, j, r] if b.contests[1, j] else 0.0
            b.no[r] = first + second
        if not b.plain[c.DECISIVENESS]:
            for r in range(LANES):
                b.yes[r] = power(b.yes[r], v[c.DECISIVENESS, r])
                b.no[r] = power(b.no[r], v[c.DECISIVENESS, r])
        for r in range(LANES):
            unit = share_unit(b.yes[r], b.no[r], b.draws[1, r])
            rate, credence = v[c.CREDENCE_RATE, r] * v[c.OPEN_CREDENCE, r], b.credence[a, j, r]
            b.credence[a, j, r] = moved_credence(
                credence, rate, b.attention[a, r], b.yes[r] * unit, b.no[r] * unit
            )
    for i in range(p.event_start[day], p.event_start[day + 1]):
        event = p.event[i]
        j = p.verified_claim[event]
        if j != NOWHERE:
            for r in range(LANES):
                weight = p.finding_weight[event] * v[c.OPEN_CREDENCE, r]
                b.credence[a, j, r] = verified(b.credence[a, j, r], p.finding[event], weight)


@kernel
def end(p, v, b, day):  # type: ignore[no-untyped-def]
    """Adopt tomorrow's sympathy, keep what is to be answered, and move tension.  (6)

    A number less itself is 0 while it is finite and nan after, so ``lost`` needs no branch.
    """
    for a in range(b.sympathy.shape[0]):
        for k in range(2):
            for r in range(LANES):
                b.sympathy[a, k, r] = b.tomorrow[a, k, r]
                b.lost[r] += b.tomorrow[a, k, r] - b.tomorrow[a, k, r]
        for j in range(b.claimed.shape[1]):
            b.claimed[a, j] = b.claimed_today[a, j]
    for r in range(LANES):
        calming = v[c.CALMING, r] if b.mediation[r] >= ACTIVE else 0.0
        retention, jump = v[c.TENSION_RETENTION, r], v[c.INCIDENT_TENSION, r]
        incidents = b.hit[0, r] + b.hit[1, r]
        b.tension[r] = new_tension(b.tension[r], retention, calming, b.shock[r], jump, incidents)
        b.lost[r] += b.tension[r] - b.tension[r]
