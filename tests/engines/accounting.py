"""Why sympathy moved, worked out a second time from the log and the recorded states.

Written from docs/model.md, sections 2 and 6, as plain sums over one audience and one day; it
shares no equation with the package. ``booked`` gives (cause, cause_id) -> change.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from sim.engines.agents import NarrativeModel
from sim.engines.agents.message import Message
from sim.world.arrays import Record, Role, World
from tests.networks import matrix

PROMOTE, ATTACK, DENY = 0, 1, 2
Booked = dict[tuple[str, str], float]
RULES = {
    "friedkin_johnsen": lambda s, p, message, eps: 1.0,
    "bounded_confidence": lambda s, p, message, eps: float(message or abs(p - s) <= eps),
    "assimilation_contrast": lambda s, p, message, eps: max(-1.0, 1.0 - abs(p - s) / 1.5),
    "gaussian_bayes": lambda s, p, message, eps: math.exp(-((p - s) ** 2) / 2.0),
    "biased_assimilation": lambda s, p, message, eps: 1.0 + s * float(np.sign(p)),
}


class Day(NamedTuple):
    """What one audience makes of one day."""

    shares: np.ndarray  # [q]
    attention: float
    exposures: list[float]  # of each message it received, in order
    pro: Booked  # of k: what X+ is made of
    con: Booked
    for_it: float
    against_it: float


def received(model: NarrativeModel, day: int, a: int) -> list[tuple[Message, float]]:
    """Messages of the day at one audience, with their efforts."""
    return [
        (message, effort)
        for message in model.messages
        if message.day == day
        for place, effort in zip(message.receivers, message.efforts, strict=True)
        if place == a
    ]


def salience(model: NarrativeModel, record: Record, day: int, a: int) -> np.ndarray:
    """z[q] of the day: faded, shaken, not below 0.  (1)"""
    world, resting = model.world, model.setting.resting[a]
    rho = 0.5 ** (1.0 / model.world.parameters.salience_half_life)
    if model.setting.coefficients.salience_retention != rho:
        rho = model.setting.coefficients.salience_retention  # drawn for this run
    here = (world.event_day == day) & world.event_reaches[:, a]
    shocks = world.event_salience[here].sum(axis=0)
    shocks = shocks + record.incidents[day].sum() * world.incident_salience
    z = np.maximum(0.0, resting + rho * (record.salience[day, a] - resting) + shocks)
    z[0] = 1.0
    return z


def weighed(model: NarrativeModel, record: Record, day: int, a: int, k: int) -> Day:
    """Exposures for and against claimant k at audience a.  (2), section 2.1"""
    world, v, names = model.world, model.setting.coefficients, model.world.names
    z, credence = salience(model, record, day, a), record.credence[day, a]
    shares, conflict = z / z.sum(), z[1:].sum()
    attention = 1.0 - shares[0] if world.switches.attention else 1.0
    trust = record.kept[day, a] / (record.kept[day, a] + record.broken[day, a])
    pro: Booked = defaultdict(float)
    con: Booked = defaultdict(float)
    exposures, attacks = [], []
    attacked, denied = np.zeros(len(z)), np.zeros(len(z))
    for message, effort in received(model, day, a):
        q, j = message.issue, message.claim
        fit = ((len(z) - 1) * z[q] / conflict) ** v.resonance if q and conflict > 0.0 else 1.0
        trusted = trust[message.sender] ** v.credibility_exponent
        x = effort * message.bonus * message.evidence * trusted * fit
        exposures.append(x)
        if message.kind == PROMOTE and message.sender == k:
            pro["message", message.id] += x
        if message.kind == ATTACK and message.sender == k:
            con["message", message.id] += (1.0 - credence[j]) * x * v.backlash
        if message.kind == ATTACK and message.sender != k:
            attacks.append((message.id, q, credence[j] * x))
            attacked[q] += credence[j] * x
        if message.kind == DENY and message.sender == k and (j < 0 or j != world.parity_claim):
            denied[q] += x
    for name, q, x in attacks:
        both = denied[q] + attacked[q]
        standing = 1.0 - (v.denial_efficacy * denied[q] / both if both > 0.0 else 0.0)
        con["message", name] += v.attack_potency * x * standing
    rho = v.news_retention
    for i in np.flatnonzero((world.event_day <= day) & world.event_reaches[:, a]):
        j = world.event_claim[i]
        belief = credence[j] if j >= 0 and world.accused[j] == k else 1.0
        part = (1.0 - rho) * rho ** (day - world.event_day[i])
        pro["world", names.events[i]] += part * world.event_pro[i, k]
        con["world", names.events[i]] += part * belief * world.event_con[i, k]
    for past in range(day + 1):
        part = (1.0 - rho) * rho ** (day - past)
        pro["world", "incidents"] += part * record.incidents[past, k] * world.incident_pro
        con["world", "incidents"] += part * record.incidents[past, 1 - k] * world.incident_con
    if a == role_of(world, day).mediator and record.mediation[day] >= 1.0:
        if record.standing[day, k]:
            pro["goodwill", ""] += v.goodwill
        else:
            con["pique", ""] += v.goodwill
    total = sum(pro.values()), sum(con.values())
    raised = [x**v.decisiveness if x > 0.0 else 0.0 for x in (*total, v.draw)]
    scale = attention * v.message_weight / sum(raised) if sum(raised) > 0.0 else 0.0
    return Day(shares, attention, exposures, pro, con, scale * raised[0], scale * raised[1])


def role_of(world: World, day: int) -> World | Role:
    """Who has the role of mediator on a day, and by which policy."""
    return [world, *(role for role in world.later_roles if role.first_day <= day)][-1]


def booked(model: NarrativeModel, record: Record, day: int, a: int, k: int) -> Booked | None:
    """Every cause of the day's change in sympathy of audience a toward claimant k.  (2a)-(5)

    None where a source lies on the edge of confidence, so that rounding decides whether it counts.
    """
    world, v = model.world, model.setting.coefficients
    names, judged = world.names, model.setting.judgements[a]
    s, alpha = record.sympathy[day, a, k], model.setting.anchor_pull[a]
    heard = weighed(model, record, day, a, k)
    eps = world.rule_options.get("eps", 0.5)

    def kernel(p: float, message: bool = False) -> float:
        return RULES[world.rule](s, p, message, eps)

    mediation = record.mediation[day]
    role = role_of(world, day)
    theta = 0.0 if role.policy == "quiet" else v.offer_parity
    strength = {0.0: 0.0, 1.0: theta, 2.0: 1.0}[mediation]
    belief = record.credence[day, a, world.parity_claim] if world.parity_claim >= 0 else 1.0
    at_mediator = a == role.mediator
    f = 1.0 - v.parity * (1.0 if at_mediator else v.parity_spillover) * strength * belief
    if at_mediator and mediation == 2.0:
        f *= 1.0 - v.impartiality * belief
    resting = model.setting.resting[a]
    at_rest = resting @ judged / resting.sum()  # [k]
    excess = heard.shares - resting * (heard.shares[0] / resting[0])
    summed = at_rest + excess @ (judged - v.crowding * at_rest)
    raw = np.clip(summed, -1.0, 1.0)
    u = raw.mean() + f * (raw[k] - raw.mean())
    # to itself the distance is 0 wherever it is computed, which is never in doubt
    distances = abs(np.array([u, *np.delete(record.sympathy[day, :, k], a)]) - s)
    if world.rule == "bounded_confidence" and (abs(distances - eps) < 1e-12).any():
        return None
    rows: Booked = defaultdict(float)
    for q, issue in enumerate(names.issues):
        displaced = v.crowding * at_rest[k]
        rows["salience", issue] += alpha * kernel(u) * excess[q] * (judged[q, k] - displaced)
    rows["interests", ""] += alpha * kernel(u) * (at_rest[k] - s)
    rows["clip", "anchor"] += alpha * kernel(u) * (raw[k] - summed[k])
    rows["parity", ""] += alpha * kernel(u) * (u - raw[k])
    peers, others = matrix(world.peers)[a], record.sympathy[day, :, k]
    rest = (1.0 - alpha) * (1.0 - heard.for_it - heard.against_it) * v.peer_pull
    near = np.array([kernel(p) for p in others])
    if world.rule_options.get("renormalise", 0.0):
        total = float(peers @ near)
        rest = rest / total if total > 0.0 else 0.0
    for b, other in enumerate(names.audiences):
        if b != a:
            rows["peer", other] += rest * peers[b] * near[b] * (others[b] - s)
    for parts, omega, end in ((heard.pro, heard.for_it, 1.0), (heard.con, heard.against_it, -1.0)):
        pulled = (1.0 - alpha) * omega * kernel(end, True) * (end - s)
        whole = sum(parts.values())
        for cause, x in parts.items():
            rows[cause] += pulled * x / whole if whole > 0.0 else 0.0
    rows["noise", ""] += v.noise * norm.ppf(model.draws.noise[day, a, k])
    end = s + sum(rows.values())
    rows["clip", ""] += min(1.0, max(-1.0, end)) - end
    return rows
