"""Where teams go in a block of runs, by strategies that read the state of each run.

All audiences have noticed the day when strategies are asked; both are asked before a team moves.
Where strategies need no state of the run, ``plan`` knows all places and nothing here is called.

Arguments: p the plan of the world; b the block; v its coefficients of the day, whose rows c names;
x its runs' other numbers; lot which runs it holds; weigh the strategies of both claimants. Index
letters: r run of the block; a audience; k claimant; n narrative; q issue; l team; i row.
"""

from __future__ import annotations

from functools import partial

from sim.compiling import kernel, register_laws
from sim.engines.ensemble import coefficient_rows as c
from sim.engines.ensemble.block import LANES
from sim.engines.ensemble.day import notice
from sim.engines.ensemble.listening import open_ears
from sim.engines.ensemble.news import hear_news
from sim.engines.ensemble.philox import day_uniform
from sim.laws.elementary import power
from sim.laws.equilibrium import network_values
from sim.laws.exposure import backfired, believed, exposure, talk_effort
from sim.laws.sympathy import message_pull, pull
from sim.laws.visits import VISIT, best_place, push, sampled_place, visit_gain
from sim.plugins.contracts import SenderView
from sim.world.arrays import DENY, NOWHERE, PROMOTE

register_laws()


@partial(kernel, inlined=False)
def choose(p, v, b, x, lot, day, rule, weigh_first, weigh_second):  # type: ignore[no-untyped-def]
    """Let all audiences notice the day, and place the teams of all runs."""
    for a in range(b.sympathy.shape[0]):
        notice(p, v, b, x, a)
        first, second = _needs_gains(p, day, 0), _needs_gains(p, day, 1)
        if first or second:
            _look_around(p, v, b, a, day, rule)
            if first:
                _weigh_visit(p, v, b, x, a, 0, day)
            if second:
                _weigh_visit(p, v, b, x, a, 1, day)
    count = lot.stop - lot.first
    for r in range(count):
        if p.asked[day, 0]:
            _show(p, v, b, x, 0, r)
            weigh_first(_view(p, b, day), b.weights[0, r])
        if p.asked[day, 1]:
            _show(p, v, b, x, 1, r)
            weigh_second(_view(p, b, day), b.weights[1, r])
    for r in range(count):
        for k in range(2):
            _send(p, b, lot, day, k, r)


@kernel
def _needs_gains(p, day, k):  # type: ignore[no-untyped-def]
    """Whether gains are read today, or summed for a later day."""
    return p.gained[k] or (p.gains[k] and p.asked[day, k])


@kernel
def _look_around(p, v, b, a, day, rule):  # type: ignore[no-untyped-def]
    """Set what is heard at one audience if nobody speaks today, and how sympathy would move."""
    open_ears(p, v, b, a)
    for k in range(2):
        for r in range(LANES):
            b.con[k, r] = 0.0
    hear_news(p, v, b, a, day)
    for k in range(2):
        if a == p.mediator:
            for r in range(LANES):
                b.pro[k, r] += b.goodwill[k, r]
                b.con[k, r] += b.pique[k, r]
        if p.constant_kernel:
            _face_in_full(p, v, b, a, k)
        else:
            _face_by_rule(p, v, b, a, k, rule)


@kernel
def _face_in_full(p, v, b, a, k):  # type: ignore[no-untyped-def]
    """Set the ways to +1, -1 and the peers where the rule's K is 1 everywhere."""
    for r in range(LANES):
        s = b.sympathy[a, k, r]
        b.upward[k, r] = pull(1.0, 1.0, 1.0, s)
        b.downward[k, r] = pull(1.0, 1.0, -1.0, s)
        b.apart[r] = 0.0
    for i in range(p.peer_start[a], p.peer_start[a + 1]):
        other, w = p.peer_of[i], p.peer_weight[i]
        for r in range(LANES):
            b.apart[r] += pull(w, 1.0, b.sympathy[other, k, r], b.sympathy[a, k, r])
    for r in range(LANES):
        b.listening[k, r] = v[c.PEER_PULL, r] * b.apart[r]


@kernel
def _face_by_rule(p, v, b, a, k, rule):  # type: ignore[no-untyped-def]
    """Set the same with the rule's own K, one run at a time."""
    options = p.rule_options
    for r in range(LANES):
        s = b.sympathy[a, k, r]
        b.upward[k, r] = pull(1.0, rule(s, 1.0, 1.0, options), 1.0, s)
        b.downward[k, r] = pull(1.0, rule(s, -1.0, 1.0, options), -1.0, s)
        apart, total = 0.0, 0.0
        for i in range(p.peer_start[a], p.peer_start[a + 1]):
            source = b.sympathy[p.peer_of[i], k, r]
            closeness = rule(s, source, 0.0, options)
            apart += pull(p.peer_weight[i], closeness, source, s)
            total += p.peer_weight[i] * closeness
        if options[0] != 0.0:
            apart *= 1.0 / total if total > 0.0 else 0.0
        b.listening[k, r] = v[c.PEER_PULL, r] * apart


@kernel
def _weigh_visit(p, v, b, x, a, k, day):  # type: ignore[no-untyped-def]
    """Set what a small visit of claimant k would gain here, and add it up."""
    _visit(p, v, b, a, k, day)
    if not b.plain[c.DECISIVENESS]:
        for i in range(7):
            for r in range(LANES):
                b.visit[i, r] = power(b.visit[i, r], v[c.DECISIVENESS, r])
    for r in range(LANES):
        own = _push(v, b, a, k, r, 2, 3) - _push(v, b, a, k, r, 0, 1)
        rival = _push(v, b, a, 1 - k, r, 4, 6) - _push(v, b, a, 1 - k, r, 4, 5)
        b.gains[k, a, r] = visit_gain(p.importance[a], x.anchor_pull[a, r], own, rival)
        b.gained[k, a, r] += b.gains[k, a, r]


@kernel
def _push(v, b, a, k, r, for_it, against):  # type: ignore[no-untyped-def]
    """What two exposures of a visit do to the sympathy toward claimant k."""
    weight, draw = v[c.MESSAGE_WEIGHT, r], b.draws[0, r]
    pro, con = b.visit[for_it, r], b.visit[against, r]
    up, down, listening = b.upward[k, r], b.downward[k, r], b.listening[k, r]
    return push(b.attention[a, r], weight, pro, con, draw, up, down, listening)


@kernel
def _visit(p, v, b, a, k, day):  # type: ignore[no-untyped-def]
    """Set ``visit``: own pro and con without a visit, with it; the rival's pro, con, con with it.

    A denial answers nothing, for nothing else is said.
    """
    for r in range(LANES):
        b.yes[r] = 0.0
        b.no[r] = 0.0
        b.hurt[k, r] = 0.0
    for n in range(p.sender.shape[0]):
        if not (p.sender[n] == k and p.spoken[day, n] and p.reaches[n, a]) or p.kind[n] == DENY:
            continue
        e, q, j = talk_effort(VISIT, p.capitals[a], p.share[day, n]), p.issue[n], p.claim[n]
        if p.kind[n] == PROMOTE:
            for r in range(LANES):
                b.yes[r] += exposure(e, 1.0, p.evidence[n], b.trusted[k, r], b.fits[q, r])
        else:
            for r in range(LANES):
                heard = exposure(e, 1.0, p.evidence[n], b.trusted[k, r], b.fits[q, r])
                b.no[r] += believed(heard, b.credence[a, j, r])
                b.hurt[k, r] += backfired(heard, b.credence[a, j, r], v[c.BACKLASH, r])
    for r in range(LANES):
        b.visit[0, r] = b.pro[k, r]
        b.visit[1, r] = b.con[k, r]
        b.visit[2, r] = b.pro[k, r] + b.yes[r]
        b.visit[3, r] = b.con[k, r] + b.hurt[k, r]
        b.visit[4, r] = b.pro[1 - k, r]
        b.visit[5, r] = b.con[1 - k, r]
        b.visit[6, r] = b.con[1 - k, r] + v[c.ATTACK_POTENCY, r] * b.no[r]


@kernel
def _show(p, v, b, x, k, r):  # type: ignore[no-untyped-def]
    """Set what the strategy of claimant k sees of run r."""
    for a in range(b.sympathy.shape[0]):
        b.seen[0, a] = b.attention[a, r]
        b.seen[1, a] = b.sympathy[a, k, r]
        b.seen[2, a] = b.sympathy[a, 1 - k, r]
        b.seen[3, a] = 0.0
        b.seen[4, a] = 0.0
        b.seen[5, a] = b.gains[k, a, r]
        b.seen[6, a] = b.gained[k, a, r]
        b.weights[k, r, a] = 0.0
    for team in range(p.owner.shape[0]):
        if b.place[team, r] != NOWHERE:
            b.seen[3 if p.owner[team] == k else 4, b.place[team, r]] += 1.0
    if p.valued[k]:
        for a in range(b.sympathy.shape[0]):
            b.pulls[0, a] = x.anchor_pull[a, r]
            b.pulls[1, a] = message_pull(b.attention[a, r], v[c.MESSAGE_WEIGHT, r], 1.0)
        peers = p.peer_start, p.peer_of, p.peer_weight
        kappa, values = v[c.PEER_PULL, r], b.seen[7]
        network_values(b.pulls[0], b.pulls[1], kappa, peers, p.importance, b.rows, b.held, values)


@kernel
def _view(p, b, day):  # type: ignore[no-untyped-def]
    """What ``_show`` has set, as a strategy is given it."""
    attention, own, rival = b.seen[0], b.seen[1], b.seen[2]
    mine, others = b.seen[3], b.seen[4]
    gains, gained, values = b.seen[5], b.seen[6], b.seen[7]
    v, capitals = p.importance, p.capitals
    return SenderView(day, v, capitals, attention, own, rival, mine, others, gains, gained, values)


@kernel
def _send(p, b, lot, day, k, r):  # type: ignore[no-untyped-def]
    """Place the teams of claimant k in run r; weights that are no numbers cost the run."""
    for a in range(b.held.shape[0]):
        b.held[a] = 0.0
        if p.asked[day, k]:
            b.tension[r] += b.weights[k, r, a] - b.weights[k, r, a]
    for team in range(p.owner.shape[0]):
        if p.owner[team] != k:
            continue
        if not p.weighs[k]:
            b.place[team, r] = p.planned[day, team]
        elif not p.field_days[day, team]:
            b.place[team, r] = NOWHERE
        elif not p.moves[day, team]:
            b.held[b.place[team, r]] += 1.0
    for team in range(p.owner.shape[0]):
        if p.owner[team] == k and p.moves[day, team]:
            if p.sampled[k]:
                low, high = p.hedge_counter[team, 0], p.hedge_counter[team, 1]
                u = day_uniform(lot.seeds[r], lot.replicates[r], day, low, high)
                b.place[team, r] = sampled_place(b.weights[k, r], u)
            else:
                b.place[team, r] = best_place(b.weights[k, r], b.held)
            b.held[b.place[team, r]] += 1.0
