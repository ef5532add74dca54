"""What the world says in a block of runs, over the days that it is heard.  (section 2.1)

Events and incidents of today are heard from the plan and from ``Block.hit``. What happened before
is kept as exposures of today, once for all audiences whom every event reaches alike, and fades
from day to day. Adding today's apart from the rest keeps the order in which exposures are summed
where nothing is heard again.

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
            b.lasting_pro[a, k, r] = 0.0
            b.lasting_con[a, k, r] = 0.0
    for j in range(b.known.shape[1]):
        b.known[a, j] = False
        for r in range(LANES):
            b.lasting_claims[a, j, r] = 0.0


@kernel
def carry_news(p, v, b, day):  # type: ignore[no-untyped-def]
    """Let yesterday's news fade to what is heard of it again today; b.hit is still yesterday's."""
    if not b.lasting[0] or day == 0:
        return
    for a in range(p.hears_as.shape[0]):
        if p.hears_as[a] != a:
            continue
        for i in range(p.event_start[day - 1], p.event_start[day]):
            if p.event_reaches[p.event[i], a]:
                _keep_event(p, v, b, a, p.event[i])
        for k in range(2):
            for r in range(LANES):
                retention = v[c.NEWS_RETENTION, r]
                pro, con = b.lasting_pro[a, k, r], b.lasting_con[a, k, r]
                pro += heard_at_once(b.hit[k, r] * p.incident_pro, retention)
                con += heard_at_once(b.hit[1 - k, r] * p.incident_con, retention)
                b.lasting_pro[a, k, r] = heard_again(pro, retention)
                b.lasting_con[a, k, r] = heard_again(con, retention)
        for j in range(b.known.shape[1]):
            if b.known[a, j]:
                for r in range(LANES):
                    told = b.lasting_claims[a, j, r]
                    b.lasting_claims[a, j, r] = heard_again(told, v[c.NEWS_RETENTION, r])


@kernel
def _keep_event(p, v, b, a, event):  # type: ignore[no-untyped-def]
    """Add yesterday's event, as heard then, to what is heard of again."""
    j = p.event_claim[event]
    accused = NOWHERE if j == NOWHERE else p.accused[j]
    for k in range(2):
        pro, con = p.event_pro[event, k], p.event_con[event, k]
        for r in range(LANES):
            b.lasting_pro[a, k, r] += heard_at_once(pro, v[c.NEWS_RETENTION, r])
        if accused == k:
            _keep_claim(v, b, a, j, con)
        else:
            for r in range(LANES):
                b.lasting_con[a, k, r] += heard_at_once(con, v[c.NEWS_RETENTION, r])
    if p.parity_claim != NOWHERE:
        _keep_claim(v, b, a, p.parity_claim, p.event_asserts[event])


@kernel
def _keep_claim(v, b, a, j, size):  # type: ignore[no-untyped-def]
    """Add what asserts a claim."""
    if size > 0.0:
        b.known[a, j] = True
        for r in range(LANES):
            b.lasting_claims[a, j, r] += heard_at_once(size, v[c.NEWS_RETENTION, r])


@kernel
def hear_news(p, v, b, a, day):  # type: ignore[no-untyped-def]
    """Hear how events and incidents speak for and against each claimant, and what they assert."""
    for i in range(p.event_start[day], p.event_start[day + 1]):
        if p.event_reaches[p.event[i], a]:
            _hear_event(p, v, b, a, p.event[i])
    if b.incidents[0]:
        for k in range(2):
            for r in range(LANES):
                retention = v[c.NEWS_RETENTION, r]
                b.pro[k, r] += heard_at_once(b.hit[k, r] * p.incident_pro, retention)
                b.con[k, r] += heard_at_once(b.hit[1 - k, r] * p.incident_con, retention)
    if b.lasting[0]:
        _hear_again(p, b, a, p.hears_as[a])


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
            b.touched[j] = True
            b.news_asserted[j] += con
            for r in range(LANES):
                b.con[k, r] += heard_at_once(con, v[c.NEWS_RETENTION, r]) * b.credence[a, j, r]
        else:
            for r in range(LANES):
                b.con[k, r] += heard_at_once(con, v[c.NEWS_RETENTION, r])
    if p.parity_claim != NOWHERE:
        b.touched[p.parity_claim] = True
        b.news_asserted[p.parity_claim] += p.event_asserts[event]


@kernel
def _hear_again(p, b, a, alike):  # type: ignore[no-untyped-def]
    """Hear of what happened before; ``alike`` is the audience that it is kept for."""
    for k in range(2):
        for r in range(LANES):
            b.pro[k, r] += b.lasting_pro[alike, k, r]
            b.con[k, r] += b.lasting_con[alike, k, r]
    for j in range(b.known.shape[1]):
        if b.known[alike, j]:
            b.touched[j] = True
            k = p.accused[j]
            if k != NOWHERE:
                for r in range(LANES):
                    b.con[k, r] += b.lasting_claims[alike, j, r] * b.credence[a, j, r]
