"""The batched NumPy program: the day of docs/model.md as whole-array operations over many runs.

Arrays are [audience, run] and a batch holds ``BATCH`` runs: large enough that NumPy's calls cost
little, small enough that memory is flat in the number of runs. The same named draws as everywhere:
the words of Philox are computed for all runs at once in wrapping 64-bit integers.
Draws are in ``numpy_draws``, what is heard in a day in ``numpy_listening``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from sim.benchmark.numpy_draws import normals, uniforms
from sim.benchmark.numpy_listening import Hearing, News, listen, power
from sim.benchmark.task import Output, RunSums, Task, Words, refuse_unknown, replicates
from sim.engines.ensemble.plan import Plan, places, plan
from sim.laws.anchor import ACTIVE, NONE, OFFERED
from sim.parameters import Coefficients
from sim.world.arrays import DENY, NOWHERE, Floats, World

BATCH = 2_000


def run(task: Task, runs: int, threads: int = 1) -> Output:
    """Run the first ``runs`` replicates, batch after batch, on one thread."""
    refuse_unknown(task.world, "NumPy")
    sums, size = RunSums(task, runs), task.at_a_time(BATCH)
    for start in range(0, runs, size):
        words = replicates(runs)[start : start + size]
        batch = RunBatch(task.part(start, start + len(words)), words)
        for day in range(task.world.steps):
            sums.add_day(day, start, batch.sympathy, batch.tension)
            batch.live(day)
        sums.add_day(task.world.steps, start, batch.sympathy, batch.tension)
        sums.diplomacy += batch.diplomacy
    return sums.output()


class RunBatch:
    """State of a batch of runs: arrays [a, r], in lists by claimant, issue or claim.

    Parameters
    ----------
    task
        The work of these runs.
    words
        Their replicate numbers.
    """

    def __init__(self, task: Task, words: Words) -> None:
        world, lanes = task.world, task.lanes
        self.world, self.seed, self.words = world, np.uint64(task.seed), words
        self.plan: Plan = plan(world)
        self.count, self.size = len(world.names.audiences), len(words)
        self.issues, self.claims = len(world.names.issues), len(world.names.claims)
        shared = lanes.values.shape[1] == 1
        self.v = Coefficients(*(row[0] if shared else row for row in lanes.values))
        self.pull, self.cost = lanes.anchor_pull, lanes.audience_cost
        self.judgements = lanes.judgements
        self.resting = [lanes.resting[:, q] for q in range(self.issues)]
        # how much a listens to b, [a, b]
        p, shape = self.plan, (self.count, self.count)
        self.peers = csr_array((p.peer_weight, p.peer_of, p.peer_start), shape=shape)
        self.talks, self.lifts = _tours(world)
        self.draws = [power(x, self.v.decisiveness) for x in (self.v.draw, self.v.credence_draw)]
        prior = self.v.credibility_prior
        self.sympathy = np.stack([self.full(lanes.start[:, k]) for k in (0, 1)])
        self.salience = [self.full(z) for z in self.resting]
        self.kept = [self.full(prior * lanes.trust[:, k]) for k in (0, 1)]
        self.broken = [self.full(prior * (1.0 - lanes.trust[:, k])) for k in (0, 1)]
        self.credence = [self.full(lanes.credence[:, j]) for j in range(self.claims)]
        self.attacks: list[Any] = [0.0] * self.claims
        self.verified = world.evidence.copy()  # the same in all runs: findings are data
        self.tension = np.full(self.size, world.initial_tension)
        self.mediation, self.offer_day = np.zeros(self.size), np.full(self.size, -np.inf)
        self.standing = np.zeros((2, self.size), dtype=bool)
        self.diplomacy = np.zeros(3, dtype=np.int64)
        self.noticed: Floats = np.zeros(self.size)  # escalation salience at the mediator
        whole = sum(self.resting)
        parts = [rest / whole for rest in self.resting]
        self.at_rest = [self._weigh_judgements(parts, k) for k in (0, 1)]
        # what is heard again today: pro and con by claimant, and what asserts each claim
        self.lasting = News([0.0, 0.0], [0.0, 0.0], [0.0] * self.claims)

    def full(self, values: Any) -> Floats:
        """Return a copy of its own, [a, r], of numbers that may be shared."""
        return np.broadcast_to(values, (self.count, self.size)).copy()

    def live(self, day: int) -> None:
        """Live one day of all runs, in the order of docs/model.md, section 2."""
        p, v, world = self.plan, self.v, self.world
        if day % 4 == 0:
            self._draw(day)
        even = self.credence[p.parity_claim].copy() if p.parity_claim != NOWHERE else 1.0
        events = p.event[p.event_start[day] : p.event_start[day + 1]]
        hit = self._incidents(day)
        shares, excess, attention, fits = self._notice(events, hit)
        heard = Hearing(day, events, hit, fits, self.claims)
        pro, con = listen(self, heard, attention)
        anchors = self._anchors(shares, excess, even)
        lead = world.importance @ (self.sympathy[0] - self.sympathy[1]) / 2.0
        self._move(day, attention, anchors, pro, con)
        self._learn(heard, attention)
        calming = np.where(self.mediation >= ACTIVE, v.calming, 0.0)
        shock = sum(p.event_tension[event] for event in events)
        left = v.tension_retention * (1.0 - calming) * self.tension + shock
        self.tension = np.maximum(left + v.incident_tension * (hit[0] + hit[1]), 0.0)
        self._decide(day, lead, even)

    def _draw(self, day: int) -> None:
        """Draw noise [a, k, 4, r] and incident uniforms [k, 4, r] of four days."""
        p = self.plan
        noise = uniforms(self.seed, self.words, day // 4, p.noise_counter.reshape(-1, 2))
        self.noise = normals(noise).reshape(4, self.count, 2, self.size)
        self.incident = uniforms(self.seed, self.words, day // 4, p.incident_counter)

    def _incidents(self, day: int) -> Floats:
        """Return incidents that each claimant suffers, [k, r]: the least n with F(n) >= u."""
        v = self.v
        jumps = np.asarray(v.incident_tension) > 0.0
        lasting = v.branching_ratio * (1.0 - v.tension_retention)
        slope = np.where(jumps, lasting / np.where(jumps, v.incident_tension, 1.0), 0.0)
        mean = np.broadcast_to((v.base_incident_rate + slope * self.tension) / 2.0, (self.size,))
        u, hit = self.incident[day % 4], np.zeros((2, self.size))
        rest = np.argwhere(u > 1.0 - mean)  # exp(-mean) is above 1 - mean: only here is there work
        for k, r in rest:
            probability = total = np.exp(-mean[r])
            while total < u[k, r] and probability > 0.0:
                hit[k, r] += 1.0
                probability = probability * mean[r] / hit[k, r]
                total += probability
        return hit

    def _notice(self, events: Any, hit: Floats) -> tuple[list[Any], Floats, Floats, list[Any]]:
        """Notice the day.  (1)

        Return salience as shares, what of it is above its rest, attention, and how far messages on
        each issue travel.
        """
        p, v = self.plan, self.v
        both, conflict = hit[0] + hit[1], np.zeros((self.count, self.size))
        for q in range(1, self.issues):
            z = self.salience[q]
            z -= self.resting[q]
            z *= v.salience_retention
            z += self.resting[q]
            shock = sum(p.event_salience[event, q] for event in events)
            z += shock + both * p.incident_salience[q]
            np.maximum(z, 0.0, out=z)
            conflict += z
            if q == p.escalation:
                self.noticed = z[p.mediator].copy()
        part = 1.0 / (conflict + self.salience[0])
        shares = [z * part for z in self.salience]
        excess = (conflict - sum(self.resting[1:])) * part
        attention = 1.0 - v.limited_attention * shares[0]
        loud = conflict > 0.0
        scale = (self.issues - 1.0) / np.where(loud, conflict, 1.0)
        fits: list[Any] = [1.0]
        for q in range(1, self.issues):
            fit = power(scale * self.salience[q], v.resonance)
            fits.append(fit if loud.all() else np.where(loud, fit, 1.0))
        return shares, excess, attention, fits

    def _weigh_judgements(self, shares: list[Any], k: int) -> Any:
        """Return how claimant k is judged where issues have these shares."""
        total = shares[0] * self.judgements[:, 0, k]
        for q in range(1, self.issues):
            total = total + shares[q] * self.judgements[:, q, k]
        return total

    def _anchors(self, shares: list[Any], excess: Floats, even: Any) -> list[Any]:
        """Return what each claimant is judged at, after mediation's parity.  (2a), (3)"""
        v, mediator = self.v, self.plan.mediator
        anchors = []
        for k in (0, 1):
            total = (
                self._weigh_judgements(shares, k) + (1.0 - v.crowding) * self.at_rest[k] * excess
            )
            anchors.append(np.clip(total, -1.0, 1.0))
        stage = np.select(
            [self.mediation >= ACTIVE, self.mediation >= OFFERED], [1.0, v.offer_parity]
        )
        if not stage.any():
            return anchors
        even = self.full(even)
        kept = 1.0 - (v.parity * v.parity_spillover * stage) * even
        active = np.where(self.mediation >= ACTIVE, v.impartiality, 0.0)
        here = even[mediator]
        kept[mediator] = (1.0 - v.parity * stage * here) * (1.0 - active * here)
        middle = (anchors[0] + anchors[1]) / 2.0
        return [middle + kept * (anchor - middle) for anchor in anchors]

    def _move(
        self, day: int, attention: Floats, anchors: list[Any], pro: list[Any], con: list[Any]
    ) -> None:
        """Move on to tomorrow's sympathy.  (4), (5)"""
        v, left, tomorrow = self.v, 1.0 - self.pull, np.empty_like(self.sympathy)
        weight = v.message_weight * attention
        for k in (0, 1):
            s, up, down = self.sympathy[k], *(power(x[k], v.decisiveness) for x in (pro, con))
            total = up + down + self.draws[0]
            unit = weight / np.where(total > 0.0, total, 1.0)
            up, down = up * unit, down * unit
            near = self.peers @ s
            near -= s
            near *= left * (1.0 - up - down) * v.peer_pull
            near += self.pull * (anchors[k] - s)
            near += left * (up * (1.0 - s) - down * (1.0 + s))
            near += v.noise * self.noise[day % 4, :, k]
            near += s
            np.clip(near, -1.0, 1.0, out=tomorrow[k])
        self.sympathy = tomorrow

    def _learn(self, heard: Hearing, attention: Floats) -> None:
        """Apply priming, credence, inquiries.  (section 2.6)"""
        p, v = self.plan, self.v
        for q in range(1, self.issues):
            self.salience[q] += v.priming * (heard.said[q] + v.denial_priming * heard.denials[q])
        rate = v.credence_rate * v.open_credence * attention
        for j in range(self.claims):
            yes, no = (power(x[j], v.decisiveness) for x in (heard.asserted, heard.contested))
            total = yes + no + self.draws[1]
            unit = rate / np.where(total > 0.0, total, 1.0)
            belief = self.credence[j]
            belief += unit * (yes * (1.0 - belief) - no * belief)
        for event in heard.events:
            j, found, weight = p.verified_claim[event], p.finding[event], p.finding_weight[event]
            if j == NOWHERE:
                continue
            self.credence[j] += weight * v.open_credence * (found - self.credence[j])
            on = p.claim == j
            target = np.where(p.kind[on] == DENY, 1.0 - found, found)
            self.verified[on] += weight * (target - self.verified[on])

    def _decide(self, day: int, lead: Floats, even: Any) -> None:
        """Make offers, answer them, end them.  (7), section 2.8"""
        p, v = self.plan, self.v
        free = self.mediation < ACTIVE
        if self.world.policy == "threshold":
            worry = self.tension.copy()
            if p.escalation != NOWHERE:
                rest = self.resting[p.escalation][p.mediator]
                worry += v.escalation_worry * (self.noticed - rest)
            rested = day - self.offer_day >= v.offer_cooldown
            offers = free & rested & (worry > v.offer_threshold)
        else:
            offers = free & bool(self.world.policy == "scripted" and p.offer_days[day])
        ends = ~offers & (self.mediation > NONE) & (day >= self.offer_day + v.mediation_length)
        self.mediation[ends] = NONE
        self.standing[:, ends] = False
        if not offers.any():
            return
        self.offer_day[offers] = day
        evenness = self.world.importance @ self.full(even)
        calm = v.tension_weight * v.calming * self.tension
        cost = v.parity_weight * v.parity * evenness * (1.0 - v.offer_parity) * lead
        for k, sign in ((0, 1.0), (1, -1.0)):
            gain = calm - sign * cost + v.goodwill * p.importance[p.mediator] - self.cost[k]
            u = uniforms(self.seed, self.words, day // 4, p.accept_counter[k : k + 1])[day % 4, 0]
            with np.errstate(over="ignore"):  # exp of a large number is a chance of 0
                accepts = u < 1.0 / (1.0 + np.exp(-v.choice_precision * gain))
            self.standing[k][offers] = accepts[offers]
            self.diplomacy[1 + k] += np.count_nonzero(accepts & offers)
        self.diplomacy[0] += np.count_nonzero(offers)
        self.mediation[offers] = np.where(self.standing[:, offers].all(axis=0), ACTIVE, OFFERED)


def _tours(world: World) -> Floats:
    """Return talks per unit of effort, [plain or with bonus, t, k, a, 1]."""
    where = places(world)
    talks = np.zeros((2, len(where), 2, len(world.names.audiences), 1))
    for t, team in np.argwhere(where != NOWHERE):
        talks[:, t, world.owner[team], where[t, team], 0] += 1.0, world.bonus[team]
    return talks / world.capitals[:, None]
