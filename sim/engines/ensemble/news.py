"""What the world says in a block of runs, over the days that it is heard.  (section 2.1)

What is told today, and what of it is told again, is worked out once a day for all audiences whom
every event reaches alike. Each audience then hears today's events one by one, today's incidents,
and the rest: in this order, so that where nothing is heard again no sum is made otherwise.

Arguments: p the plan of the world; b the block; v its coefficients of the day, whose rows c names.
Index letters: r run of the block; a audience; k claimant; j claim; i event of the day.
"""

from __future__ import annotations

from sim.compiling import kernel, register_laws
from sim.engines.ensemble import coefficient_rows as c
from sim.engines.ensemble.block import LANES
from sim.laws.news import heard_again, heard_at_once
from sim.world.arrays import NOWHERE

register_laws()


@kernel
def silence_news(b, a):  # type: ignore[no-untyped-def]
    """Forget at one audience what the world has said."""
    for k in range(2):
        for r in range(LANES):
            b.told_pro[a, k, r] = 0.0
            b.told_con[a, k, r] = 0.0
    for j in range(b.known.shape[1]):
        b.known[a, j] = False
        for r in range(LANES):
            b.told_claims[a, j, r] = 0.0


@kernel
def tell_news(p, v, b, day):  # type: ignore[no-untyped-def]
    """Let yesterday's news fade to what is told again, and add what is told for the first time."""
    for k in range(2):
        for r in range(LANES):
            pro, con = b.hit[k, r] * p.incident_pro, b.hit[1 - k, r] * p.incident_con
            b.incident_pro[k, r] = heard_at_once(pro, v[c.NEWS_RETENTION, r])
            b.incident_con[k, r] = heard_at_once(con, v[c.NEWS_RETENTION, r])
    for a in range(p.hears_as.shape[0]):
        if p.hears_as[a] == a:
            _fade(v, b, a)
            for i in range(p.event_start[day], p.event_start[day + 1]):
                if p.event_reaches[p.event[i], a]:
                    _tell_event(p, v, b, a, p.event[i])


@kernel
def _fade(v, b, a):  # type: ignore[no-untyped-def]
    """Take in what is told again, and today's incidents."""
    for k in range(2):
        for r in range(LANES):
            retention = v[c.NEWS_RETENTION, r]
            pro = heard_again(b.told_pro[a, k, r], retention)
            con = heard_again(b.told_con[a, k, r], retention)
            b.again_pro[a, k, r] = pro
            b.again_con[a, k, r] = con
            b.told_pro[a, k, r] = pro + b.incident_pro[k, r]
            b.told_con[a, k, r] = con + b.incident_con[k, r]
    for j in range(b.known.shape[1]):
        if b.known[a, j]:
            for r in range(LANES):
                again = heard_again(b.told_claims[a, j, r], v[c.NEWS_RETENTION, r])
                b.again_claims[a, j, r] = again
                b.told_claims[a, j, r] = again


@kernel
def _tell_event(p, v, b, a, event):  # type: ignore[no-untyped-def]
    """Add what an event of today says to what is told."""
    j = p.event_claim[event]
    accused = NOWHERE if j == NOWHERE else p.accused[j]
    for k in range(2):
        pro, con = p.event_pro[event, k], p.event_con[event, k]
        for r in range(LANES):
            b.told_pro[a, k, r] += heard_at_once(pro, v[c.NEWS_RETENTION, r])
        if accused == k:
            _tell_claim(v, b, a, j, con)
        else:
            for r in range(LANES):
                b.told_con[a, k, r] += heard_at_once(con, v[c.NEWS_RETENTION, r])
    if p.parity_claim != NOWHERE:
        _tell_claim(v, b, a, p.parity_claim, p.event_asserts[event])


@kernel
def _tell_claim(v, b, a, j, size):  # type: ignore[no-untyped-def]
    """Add what asserts a claim."""
    if size > 0.0:
        for r in range(LANES):
            if not b.known[a, j]:
                b.again_claims[a, j, r] = 0.0
            b.told_claims[a, j, r] += heard_at_once(size, v[c.NEWS_RETENTION, r])
        b.known[a, j] = True


@kernel
def hear_news(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Hear how events and incidents speak for and against each claimant."""
    alike = p.hears_as[a]
    for i in range(p.event_start[day], p.event_start[day + 1]):
        if p.event_reaches[p.event[i], a]:
            _hear_event(p, v, b, a, p.event[i])
    for k in range(2):
        for r in range(LANES):
            b.pro[k, r] = b.pro[k, r] + b.incident_pro[k, r] + b.again_pro[alike, k, r]
            b.con[k, r] = b.con[k, r] + b.incident_con[k, r] + b.again_con[alike, k, r]
    for j in range(b.known.shape[1]):
        if b.known[alike, j]:
            b.touched[j] = True
            k = p.accused[j]
            if k != NOWHERE:
                for r in range(LANES):
                    b.con[k, r] += b.again_claims[alike, j, r] * b.credence[a, j, r]


@kernel
def _hear_event(p, v, b, a, event):  # type: ignore[no-untyped-def]
    """Hear of an event of today."""
    j = p.event_claim[event]
    accused = NOWHERE if j == NOWHERE else p.accused[j]
    for k in range(2):
        pro, con = p.event_pro[event, k], p.event_con[event, k]
        for r in range(LANES):
            b.pro[k, r] += heard_at_once(pro, v[c.NEWS_RETENTION, r])
        if accused == k:
            for r in range(LANES):
                b.con[k, r] += heard_at_once(con, v[c.NEWS_RETENTION, r]) * b.credence[a, j, r]
        else:
            for r in range(LANES):
                b.con[k, r] += heard_at_once(con, v[c.NEWS_RETENTION, r])
