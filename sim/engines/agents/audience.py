"""An audience: notices, listens, moves, learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.agents.hearing import Heard, hear
from sim.engines.agents.message import Message, WorldNews
from sim.engines.agents.participant import Participant
from sim.laws.anchor import ACTIVE, anchor, bounded_anchor, evened, gap_kept
from sim.laws.chance import standard_normal
from sim.laws.contest import share_unit
from sim.laws.credence import moved_credence, verified
from sim.laws.credibility import credibility, observed
from sim.laws.elementary import power
from sim.laws.exposure import fit, fit_scale, undenied
from sim.laws.priming import primed
from sim.laws.salience import attention, relaxed_salience
from sim.laws.sympathy import clipped, message_pull, peer_weight, pull
from sim.world.arrays import NOWHERE

if TYPE_CHECKING:
    from sim.engines.agents.model import NarrativeModel

SIDES = (0, 1)


class AudienceAgent(Participant):
    """A capital or region with sympathy toward each claimant.

    State: ``sympathy[k]``, ``salience[q]``, ``kept[k]`` and ``broken[k]`` (credibility counts),
    ``credence[j]``. Everything else is of the day.
    """

    def __init__(self, model: NarrativeModel, index: int) -> None:
        super().__init__(model)
        world, setting, values = model.world, model.setting, model.values
        self.index = index
        self.name = world.names.audiences[index]
        self.importance = float(world.importance[index])
        self.capitals = float(world.capitals[index])
        self.resting: list[float] = setting.resting[index].tolist()
        self.judgements: list[list[float]] = setting.judgements[index].tolist()
        total = 0.0
        for z in self.resting:
            total += z
        self.at_rest = self.weigh_judgements([z / total for z in self.resting])
        self.anchor_pull = float(setting.anchor_pull[index])
        start, of, weight = world.peers
        row = slice(start[index], start[index + 1])
        self.listens_to: list[tuple[int, float]] = list(
            zip(of[row].tolist(), weight[row].tolist(), strict=True)
        )
        self.all_count = [1.0] * len(self.listens_to)  # kernels of a rule whose K is 1
        self.sympathy: list[float] = setting.start[index].tolist()
        self.salience = list(self.resting)
        trust = setting.trust[index].tolist()
        self.kept = [values.credibility_prior * c for c in trust]
        self.broken = [values.credibility_prior * (1.0 - c) for c in trust]
        self.credence: list[float] = setting.credence[index].tolist()
        # by sender; the first claimant speaks before the second, so also in the order sent
        self.inbox: tuple[list[tuple[Message, float]], ...] = ([], [])
        self.heard: list[Heard] = []  # by sender
        self.pro, self.con = [0.0, 0.0], [0.0, 0.0]
        self.standing: list[list[float]] = [[], []]  # [k][q] what denial leaves of attacks on k
        self.shares = [0.0] * len(self.resting)
        self.excess = [0.0] * len(self.resting)  # salience above its rest, as part of all
        self.attention = 0.0
        self.anchors = [0.0, 0.0]
        self.news: list[WorldNews] = []  # that reach it today
        self.evenness_credence = 1.0
        self.next_sympathy = list(self.sympathy)
        self.goodwill, self.pique = [0.0, 0.0], [0.0, 0.0]

    @property
    def alignment(self) -> float:
        """Half the difference of sympathy: +1 wholly with the first claimant."""
        first, second = self.sympathy
        return (first - second) / 2.0

    @property
    def regard(self) -> float:
        """Mean sympathy toward both."""
        first, second = self.sympathy
        return (first + second) / 2.0

    def notice(self, shocks: list[float]) -> None:
        """Let salience fade, take in the day's shocks, divide attention.  (1)"""
        values, salience, resting = self.model.values, self.salience, self.resting
        retention, total = values.salience_retention, salience[0]
        for q in range(1, len(salience)):
            salience[q] = relaxed_salience(salience[q], resting[q], retention, shocks[q])
            total += salience[q]
        unit = 1.0 / total
        self.shares = [z * unit for z in salience]
        self.excess = [(z - rest) * unit for z, rest in zip(salience, resting, strict=True)]
        self.attention = attention(self.shares[0], values.limited_attention)
        parity_claim = self.model.world.parity_claim
        self.evenness_credence = 1.0 if parity_claim == NOWHERE else self.credence[parity_claim]

    def weigh_judgements(self, shares: list[float]) -> tuple[float, float]:
        """Return how each claimant is judged where issues have these shares of attention."""
        first = second = 0.0
        for share, (of_first, of_second) in zip(shares, self.judgements, strict=True):
            first += share * of_first
            second += share * of_second
        return first, second

    def listen(self, news: list[WorldNews]) -> None:
        """Weigh the day's messages and news: exposures for and against each claimant.  (2)"""
        self.open_ears(news)
        backlash, parity_claim = self.model.values.backlash, self.model.world.parity_claim
        self.heard = [
            hear(self.inbox[k], self.trusted[k], self.fits, self.credence, backlash, parity_claim)
            for k in SIDES
        ]
        self._add_up()

    def open_ears(self, news: list[WorldNews]) -> None:
        """Find how far issues travel and how far each side is trusted; hear the world's news."""
        values = self.model.values
        resonance, contested, conflict = values.resonance, self.salience[1:], 0.0
        for z in contested:
            conflict += z
        scale = fit_scale(conflict, float(len(contested)))
        self.fits = [1.0, *[fit(z, scale, resonance) for z in contested]]
        self.trusted = [
            power(credibility(self.kept[k], self.broken[k]), values.credibility_exponent)
            for k in SIDES
        ]
        self._hear_news([item for item in news if self.hears_of(item)])

    def hears_of(self, item: WorldNews) -> bool:
        """Whether a piece of news is among those that reach this audience."""
        return item.reaches is None or item.reaches[self.index]

    def _hear_news(self, news: list[WorldNews]) -> None:
        """Add up what the world says for and against each claimant."""
        self.news = news
        pro, con, asserted = [0.0, 0.0], [0.0, 0.0], [0.0] * len(self.credence)
        for item in news:
            for k in SIDES:
                pro[k] += item.pro[k]
                con[k] += self.weigh_con(item, k)
            if item.accused != NOWHERE:
                asserted[item.claim] += item.con[item.accused]
            if item.asserts > 0.0:
                asserted[self.model.world.parity_claim] += item.asserts
        self.news_pro, self.news_con, self.news_asserted = pro, con, asserted

    def _add_up(self) -> None:
        """Add up exposure for and against each claimant, attacks net of denial.  (2)"""
        values, issues = self.model.values, len(self.salience)
        for k in SIDES:
            own, rival = self.heard[k], self.heard[1 - k]
            self.pro[k] = own.promoted + self.news_pro[k] + self.goodwill[k]
            self.standing[k] = standing = [1.0] * issues
            attacks = 0.0
            for q, attack in enumerate(rival.attacked):
                if attack != 0.0:  # also what is not a number
                    left = undenied(attack, own.denied[q], values.denial_efficacy)
                    standing[q] = left
                    attacks += attack * left
            self.con[k] = (
                values.attack_potency * attacks + own.hurt + self.news_con[k] + self.pique[k]
            )

    def weigh_con(self, item: WorldNews, k: int) -> float:
        """Return the con of news against k, weighed by credence where it rests on a claim."""
        return item.con[k] * self.credence[item.claim] if item.accused == k else item.con[k]

    def consider(self, day: int) -> None:
        """Compute tomorrow's sympathy from today's sources.  (2a), (3), (4), (5)"""
        model, values = self.model, self.model.values
        kernel, options = model.rule, model.rule_options
        constant = model.constant_kernel
        ledger = model.ledger
        mediates = model.mediator.audience is self
        active = model.mediation >= ACTIVE and mediates
        kept = gap_kept(
            values.parity,
            1.0 if mediates else values.parity_spillover,
            model.parity_stage,
            self.evenness_credence,
            values.impartiality if active else 0.0,
        )
        crowding, excess = values.crowding, 0.0
        for above_rest in self.excess:
            excess += above_rest
        averaged = self.weigh_judgements(self.shares)
        summed = [anchor(averaged[k], self.at_rest[k], excess, crowding) for k in SIDES]
        before = [bounded_anchor(u, crowding) for u in summed]
        middle = (before[0] + before[1]) / 2.0
        decisiveness, message_weight = values.decisiveness, values.message_weight
        for k in SIDES:
            s = self.sympathy[k]
            self.anchors[k] = u = evened(before[k], middle, kept)
            pro = power(self.pro[k], decisiveness)
            con = power(self.con[k], decisiveness)
            unit = share_unit(pro, con, model.draw_powered)
            for_it = message_pull(self.attention, message_weight, pro * unit)
            against = message_pull(self.attention, message_weight, con * unit)
            closeness_to_anchor = 1.0 if constant else kernel(s, u, 0.0, options)
            moved = s + pull(self.anchor_pull, closeness_to_anchor, u, s)
            weight = peer_weight(self.anchor_pull, for_it + against, values.peer_pull)
            others = model.sympathies[k]
            kernels = self.all_count
            if not constant:
                kernels = [kernel(s, others[b], 0.0, options) for b, _ in self.listens_to]
            scale = weight * self.renormalisation(kernels)
            for (b, w), closeness in zip(self.listens_to, kernels, strict=True):
                moved += pull(scale * w, closeness, others[b], s)
            left = 1.0 - self.anchor_pull
            upward = 1.0 if constant else kernel(s, 1.0, 1.0, options)
            downward = 1.0 if constant else kernel(s, -1.0, 1.0, options)
            moved += pull(left * for_it, upward, 1.0, s)
            moved += pull(left * against, downward, -1.0, s)
            noise = values.noise * standard_normal(model.noise[day][self.index][k])
            moved += noise
            self.next_sympathy[k] = clipped(moved)
            if ledger is not None:
                heeded = zip(self.listens_to, kernels, strict=True)
                ledger.book(
                    self,
                    day,
                    k,
                    anchor=(self.anchor_pull * closeness_to_anchor, summed[k], before[k], u),
                    peers=[(b, scale * w * closeness) for (b, w), closeness in heeded],
                    messages=(left * for_it * upward, left * against * downward),
                    noise=noise,
                )

    def renormalisation(self, kernels: list[float]) -> float:
        """Return the factor that makes the weights of the peers in reach sum to 1.

        It is 1 where the rule does not renormalise, and 0 where no peer is in reach.
        """
        if self.model.rule_options[0] == 0.0:
            return 1.0
        total = 0.0
        for (_, w), closeness in zip(self.listens_to, kernels, strict=True):
            total += w * closeness
        return 1.0 / total if total > 0.0 else 0.0

    def learn(self) -> None:
        """Adopt tomorrow's sympathy, salience, credibility, credence; empty the inbox.  (2.6)"""
        values, model = self.model.values, self.model
        self.sympathy[:] = self.next_sympathy
        first, second = self.heard
        priming, by_denial = values.priming, values.denial_priming
        for q in range(1, len(self.salience)):
            spoken, denied = first.said[q] + second.said[q], first.denials[q] + second.denials[q]
            if spoken != 0.0 or denied != 0.0:
                self.salience[q] = primed(self.salience[q], priming, spoken, denied, by_denial)
        for k, side in enumerate(self.heard):
            self.kept[k] = observed(self.kept[k], self.attention, side.held)
            self.broken[k] = observed(self.broken[k], self.attention, side.effort - side.held)
        rate, decisiveness = values.credence_rate * values.open_credence, values.decisiveness
        for j, world in enumerate(self.news_asserted):
            yes = first.asserted[j] + second.asserted[j] + world
            no = first.contested[j] + second.contested[j]
            if yes == 0.0 and no == 0.0:
                continue  # nothing said on it: both shares are 0
            yes, no = power(yes, decisiveness), power(no, decisiveness)
            unit = share_unit(yes, no, model.credence_draw_powered)
            self.credence[j] = moved_credence(
                self.credence[j], rate, self.attention, yes * unit, no * unit
            )
        for j, finding, weight in model.findings:
            self.credence[j] = verified(self.credence[j], finding, weight * values.open_credence)
        for inbox in self.inbox:
            inbox.clear()
