"""The batched NumPy program: the day of docs/model.md as whole-array operations over many runs.

Arrays are [audience, run] and a batch holds ``BATCH`` runs: large enough that NumPy's calls cost
little, small enough that memory is flat in the number of runs. The same named draws as everywhere:
the words of Philox are computed for all runs at once in wrapping 64-bit integers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from sim.benchmark.numpy_draws import normals, uniforms
from sim.benchmark.task import (
    Output,
    RunSums,
    Task,
    Words,
    at_a_time,
    part_of,
    refuse_unknown,
    replicates,
)
from sim.engines.ensemble.plan import Plan, places, plan
from sim.laws.anchor import ACTIVE, NONE, OFFERED
from sim.parameters import Coefficients
from sim.world.arrays import ATTACK, DENY, NOWHERE, PROMOTE, Floats, World

BATCH = 2_000


def run(task: Task, runs: int, threads: int = 1) -> Output:
    """Run the first ``runs`` replicates, batch after batch, on one thread."""
    refuse_unknown(task.world, "NumPy")
    sums, size = RunSums(task, runs), at_a_time(task, BATCH)
    for start in range(0, runs, size):
        words = replicates(runs)[start : start + size]
        batch = _Batch(part_of(task, start, start + len(words)), words)
        for day in range(task.world.steps):
            sums.add_day(day, start, batch.sympathy, batch.tension)
            batch.live(day)
        sums.add_day(task.world.steps, start, batch.sympathy, batch.tension)
        sums.diplomacy += batch.diplomacy
    return sums.output()


class _Trends(NamedTuple):
    """What both claimants hear at all audiences in one day."""

    said: list[Any]
    denials: list[Any]
    attacked: list[list[Any]]
    denied: list[list[Any]]
    asserted: list[Any]
    contested: list[Any]


class _Batch:
    """State of a batch of runs: arrays [a, r], in lists by claimant, issue or claim."""

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
        self.peers = _sparse(self.plan)
        self.talks, self.lifts = _tours(world)
        self.draws = [_power(x, self.v.decisiveness) for x in (self.v.draw, self.v.credence_draw)]
        shape, pair = (self.count, self.size), (0, 1)
        self.sympathy = np.ascontiguousarray(
            np.broadcast_to(lanes.start.transpose(1, 0, 2), (2, *shape))
        )
        self.salience = [np.broadcast_to(z, shape).copy() for z in self.resting]
        prior = self.v.credibility_prior
        self.kept = [np.broadcast_to(prior * lanes.trust[:, k], shape).copy() for k in pair]
        self.broken = [
            np.broadcast_to(prior * (1.0 - lanes.trust[:, k]), shape).copy() for k in pair
        ]
        self.credence = [
            np.broadcast_to(lanes.credence[:, j], shape).copy() for j in range(self.claims)
        ]
        self.attacks: list[Any] = [0.0] * self.claims
        self.verified = world.evidence.copy()  # the same in all runs: findings are data
        self.tension = np.full(self.size, world.initial_tension)
        self.mediation, self.offer_day = np.zeros(self.size), np.full(self.size, -np.inf)
        self.standing = np.zeros((2, self.size), dtype=bool)
        self.diplomacy = np.zeros(3, dtype=np.int64)
        self.noise: Floats = np.empty((4, self.count, 2, self.size))
        self.incident: Floats = np.empty((4, 2, self.size))
        self.noticed: Floats = np.zeros(self.size)  # escalation salience at the mediator

    def live(self, day: int) -> None:
        """One day of all runs, in the order of docs/model.md, section 2."""
        p, v, world = self.plan, self.v, self.world
        if day % 4 == 0:
            self._draw(day)
        even = self.credence[p.parity_claim].copy() if p.parity_claim != NOWHERE else 1.0
        happens = p.event[p.event_start[day] : p.event_start[day + 1]]
        hit = self._incidents(day)
        shares, attention, fits = self._notice(happens, hit)
        pro, con, heard = self._listen(day, happens, hit, fits, attention)
        anchors = self._anchors(shares, even)
        lead = world.importance @ (self.sympathy[0] - self.sympathy[1]) / 2.0
        self._move(day, attention, anchors, pro, con)
        self._learn(happens, attention, heard)
        calming = np.where(self.mediation >= ACTIVE, v.calming, 0.0)
        shock = sum(p.event_tension[event] for event in happens)
        moved = v.tension_retention * (1.0 - calming) * self.tension + shock
        self.tension = np.maximum(moved + v.incident_tension * (hit[0] + hit[1]), 0.0)
        self._decide(day, lead, even)

    def _draw(self, day: int) -> None:
        """Noise [a, k, 4, r] and incident uniforms [k, 4, r] of four days."""
        p = self.plan
        noise = uniforms(self.seed, self.words, day // 4, p.noise_counter.reshape(-1, 2))
        self.noise = normals(noise).reshape(4, self.count, 2, self.size)
        self.incident = uniforms(self.seed, self.words, day // 4, p.incident_counter)

    def _incidents(self, day: int) -> Floats:
        """Incidents that each claimant suffers, [k, r]: the least n with F(n) >= u."""
        v = self.v
        slope = np.where(
            np.asarray(v.incident_tension) > 0.0,
            v.branching_ratio * (1.0 - v.tension_retention)
            / np.where(np.asarray(v.incident_tension) > 0.0, v.incident_tension, 1.0),
            0.0,
        )  # fmt: skip
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

    def _notice(self, events: Any, hit: Floats) -> tuple[list[Any], Floats, list[Any]]:
        """Salience (1), its shares, attention, and how far messages on each issue travel."""
        p, v = self.plan, self.v
        both, conflict = hit[0] + hit[1], np.zeros((self.count, self.size))
        for q in range(1, self.issues):
            z = self.salience[q]
            z -= self.resting[q]
            z *= v.salience_retention
            z += self.resting[q]
            z += (
                sum(p.event_salience[event, q] for event in events)
                + both * (p.incident_salience[q])
            )
            np.maximum(z, 0.0, out=z)
            conflict += z
            if q == p.escalation:
                self.noticed = z[p.mediator].copy()
        part = 1.0 / (conflict + self.salience[0])
        shares = [z * part for z in self.salience]
        attention = 1.0 - v.limited_attention * shares[0]
        loud = conflict > 0.0
        scale = (self.issues - 1.0) / np.where(loud, conflict, 1.0)
        fits: list[Any] = [1.0]
        for q in range(1, self.issues):
            fit = _power(scale * self.salience[q], v.resonance)
            fits.append(fit if loud.all() else np.where(loud, fit, 1.0))
        return shares, attention, fits

    def _listen(
        self, day: int, events: Any, hit: Floats, fits: list[Any], attention: Floats
    ) -> tuple[list[Any], list[Any], _Trends]:
        """Exposures for and against each claimant (2), and what learning needs."""
        p, v = self.plan, self.v
        heard = _Trends(
            [0.0] * self.issues, [0.0] * self.issues,
            [[0.0] * self.issues, [0.0] * self.issues],
            [[0.0] * self.issues, [0.0] * self.issues], [0.0] * self.claims, [0.0] * self.claims,
        )  # fmt: skip
        pro: list[Any] = [hit[k] * p.incident_pro for k in (0, 1)]
        con: list[Any] = [hit[1 - k] * p.incident_con for k in (0, 1)]
        self._hear_events(events, pro, con, heard)
        yesterday, self.attacks = self.attacks, [0.0] * self.claims
        for k in (0, 1):
            trusted = self.kept[k] / (self.kept[k] + self.broken[k])
            trusted = _power(trusted, v.credibility_exponent)
            budget, true, false = self._hear_replies(day, k, yesterday, trusted, fits, heard)
            if day < p.campaign_start[k] and not self.talks[day][k].any():
                continue
            promoted, hurt, held, failed = self._hear_menu(day, k, budget, trusted, fits, heard)
            pro[k] = pro[k] + promoted
            con[k] = con[k] + hurt
            self.kept[k] += attention * (held + true)
            self.broken[k] += attention * (failed + false)
        for k in (0, 1):
            for attacks, denials in zip(heard.attacked[k], heard.denied[k], strict=True):
                if isinstance(attacks, float):  # nobody attacks on this issue
                    continue
                both = attacks + denials
                standing = 1.0 - v.denial_efficacy * denials / np.where(both > 0.0, both, 1.0)
                con[k] = con[k] + v.attack_potency * (attacks * standing)
        thanks = np.where(self.mediation >= OFFERED, v.goodwill, 0.0)
        for k in (0, 1):
            for side, chosen in ((pro, self.standing[k]), (con, ~self.standing[k])):
                side[k] = np.broadcast_to(side[k], (self.count, self.size)).copy()
                side[k][p.mediator] += np.where(chosen, thanks, 0.0)
        return pro, con, heard

    def _hear_events(self, events: Any, pro: list[Any], con: list[Any], heard: _Trends) -> None:
        p = self.plan
        for event in events:
            j = p.event_claim[event]
            accused = p.accused[j] if j != NOWHERE else NOWHERE
            for k in (0, 1):
                pro[k] = pro[k] + p.event_pro[event, k]
                against = p.event_con[event, k]
                if accused == k:
                    heard.asserted[j] = heard.asserted[j] + against
                    con[k] = con[k] + against * self.credence[j]
                else:
                    con[k] = con[k] + against
            if p.parity_claim != NOWHERE:
                heard.asserted[p.parity_claim] += p.event_asserts[event]

    def _hear_replies(
        self, day: int, k: int, yesterday: list[Any], trusted: Floats, fits: list[Any],
        heard: _Trends,
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        """Replies of k to yesterday's attacks; effort left for its menu, and what it is worth."""
        p, v = self.plan, self.v
        held: Any = 0.0
        failed: Any = 0.0
        if day < p.campaign_start[k]:
            return 0.0, held, failed
        reach = v.broadcast_reach * p.effort[k]
        mine = [j for j in range(self.claims)
                if p.accused[j] == k and not isinstance(yesterday[j], float)]  # fmt: skip
        if not mine:
            return reach, held, failed
        answered = sum(yesterday[j] for j in mine)
        some = answered > 0.0
        scale = np.where(some, reach * v.reply / np.where(some, answered, 1.0), 0.0)
        for j in mine:
            q, n = p.claim_issue[j], p.reply_narrative[j]
            evidence, truth = (0.5, 0.5) if n == NOWHERE else (p.evidence[n], self.verified[n])
            effort = scale * yesterday[j]
            x = effort * evidence
            x *= trusted
            x *= fits[q]
            held = held + effort * truth
            failed = failed + effort * (1.0 - truth)
            heard.denials[q] = heard.denials[q] + effort
            heard.denied[k][q] = heard.denied[k][q] + x
            heard.contested[j] = heard.contested[j] + x
        return np.where(some, reach * (1.0 - v.reply), reach), held, failed

    def _hear_menu(
        self, day: int, k: int, budget: Any, trusted: Floats, fits: list[Any], heard: _Trends
    ) -> tuple[Any, Any, Any, Any]:
        """Messages of k, one by one: promoted, backlash, effort that held and that did not."""
        p, v = self.plan, self.v
        spoken = budget + v.team_effort * self.talks[day][k]
        lifted = (budget + v.team_effort * self.lifts[day][k]) * trusted
        spoken = np.broadcast_to(spoken, lifted.shape)
        promoted: Any = 0.0
        hurt: Any = 0.0
        held: Any = 0.0
        failed: Any = 0.0
        for n in range(len(p.sender)):
            if p.sender[n] != k or not p.spoken[day, n]:
                continue
            q, j, kind, truth = p.issue[n], p.claim[n], p.kind[n], self.verified[n]
            effort = spoken * p.share[n]
            x = lifted * (p.share[n] * p.evidence[n])
            x *= fits[q]
            if not p.reaches[n].all():
                effort *= p.reaches[n][:, None]
                x *= p.reaches[n][:, None]
            held = held + effort * truth
            failed = failed + effort * (1.0 - truth)
            if kind == PROMOTE:
                promoted = promoted + x
                heard.said[q] = heard.said[q] + effort
                if j != NOWHERE:
                    heard.asserted[j] = heard.asserted[j] + x
            elif kind == ATTACK:
                landed = x * self.credence[j]
                heard.attacked[1 - k][q] = heard.attacked[1 - k][q] + landed
                hurt = hurt + (x - landed)
                heard.said[q] = heard.said[q] + effort
                heard.asserted[j] = heard.asserted[j] + x
                self.attacks[j] = self.attacks[j] + effort
            else:
                heard.denials[q] = heard.denials[q] + effort
                if j != NOWHERE:
                    heard.contested[j] = heard.contested[j] + x
                if j == NOWHERE or j != p.parity_claim:
                    heard.denied[k][q] = heard.denied[k][q] + x
        return promoted, hurt * v.backlash, held, failed

    def _anchors(self, shares: list[Any], even: Any) -> list[Any]:
        """What each claimant is judged at, after mediation's parity.  (3)"""
        v, mediator = self.v, self.plan.mediator
        anchors = []
        for k in (0, 1):
            total = shares[0] * self.judgements[:, 0, k]
            for q in range(1, self.issues):
                total += shares[q] * self.judgements[:, q, k]
            anchors.append(total)
        stage = np.select(
            [self.mediation >= ACTIVE, self.mediation >= OFFERED], [1.0, v.offer_parity]
        )
        if not stage.any():
            return anchors
        even = np.broadcast_to(even, (self.count, self.size))
        kept = 1.0 - (v.parity * v.parity_spillover * stage) * even
        active = np.where(self.mediation >= ACTIVE, v.impartiality, 0.0)
        kept[mediator] = (1.0 - v.parity * stage * even[mediator]) * (
            1.0 - active * even[mediator]
        )
        middle = (anchors[0] + anchors[1]) / 2.0
        return [middle + kept * (anchor - middle) for anchor in anchors]

    def _move(
        self, day: int, attention: Floats, anchors: list[Any], pro: list[Any], con: list[Any]
    ) -> None:
        """Tomorrow's sympathy.  (4), (5)"""
        v, left, tomorrow = self.v, 1.0 - self.pull, np.empty_like(self.sympathy)
        weight = v.message_weight * attention
        for k in (0, 1):
            s, up, down = self.sympathy[k], *(_power(x[k], v.decisiveness) for x in (pro, con))
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

    def _learn(self, events: Any, attention: Floats, heard: _Trends) -> None:
        """Priming, credence, inquiries.  (section 2.6)"""
        p, v = self.plan, self.v
        for q in range(1, self.issues):
            self.salience[q] += v.priming * (heard.said[q] + v.denial_priming * heard.denials[q])
        rate = v.credence_rate * v.open_credence * attention
        for j in range(self.claims):
            yes, no = (_power(x[j], v.decisiveness) for x in (heard.asserted, heard.contested))
            total = yes + no + self.draws[1]
            unit = rate / np.where(total > 0.0, total, 1.0)
            belief = self.credence[j]
            belief += unit * (yes * (1.0 - belief) - no * belief)
        for event in events:
            j, found, weight = p.verified_claim[event], p.finding[event], p.finding_weight[event]
            if j == NOWHERE:
                continue
            self.credence[j] += weight * v.open_credence * (found - self.credence[j])
            on = p.claim == j
            target = np.where(p.kind[on] == DENY, 1.0 - found, found)
            self.verified[on] += weight * (target - self.verified[on])

    def _decide(self, day: int, lead: Floats, even: Any) -> None:
        """Offers, answers, the end of an offer.  (7), section 2.8"""
        p, v = self.plan, self.v
        free = self.mediation < ACTIVE
        if self.world.policy == "threshold":
            worry = self.tension.copy()
            if p.escalation != NOWHERE:
                rest = self.resting[p.escalation][p.mediator]
                worry += v.escalation_worry * (self.noticed - rest)
            offers = (
                free & (day - self.offer_day >= v.offer_cooldown) & (worry > v.offer_threshold)
            )
        else:
            offers = free & bool(self.world.policy == "scripted" and p.offer_days[day])
        ends = ~offers & (self.mediation > NONE) & (day >= self.offer_day + v.mediation_length)
        self.mediation[ends] = NONE
        self.standing[:, ends] = False
        if not offers.any():
            return
        self.offer_day[offers] = day
        evenness = self.world.importance @ np.broadcast_to(even, (self.count, self.size))
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


def _power(base: Any, exponent: Any) -> Any:
    """Powers; one of exactly 1 is skipped."""
    return base if isinstance(exponent, float) and exponent == 1.0 else np.power(base, exponent)


def _sparse(p: Plan) -> Any:
    count = len(p.importance)
    return csr_array((p.peer_weight, p.peer_of, p.peer_start), shape=(count, count))


def _tours(world: World) -> tuple[list[list[Floats]], list[list[Floats]]]:
    """Talks per unit of effort, plain and with bonus, [t][k][a, 1]."""
    where, count = places(world), len(world.names.audiences)
    talks: list[list[Floats]] = []
    lifts: list[list[Floats]] = []
    for row in where:
        for out, weight in ((talks, np.ones(len(world.bonus))), (lifts, world.bonus)):
            sides = []
            for k in (0, 1):
                here = (world.owner == k) & (row != NOWHERE)
                total = np.bincount(row[here], weights=weight[here], minlength=count)
                sides.append((total / world.capitals)[:, None])
            out.append(sides)
    return talks, lifts
