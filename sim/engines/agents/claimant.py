"""A claimant and its delegations: statements, replies, talks, answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.agents.message import Message
from sim.engines.agents.participant import Participant
from sim.laws.consent import acceptance_gain, cost_of_evenness, value_of_calm
from sim.laws.exposure import statement_effort, talk_effort
from sim.plugins import registry
from sim.plugins.contracts import possible
from sim.world.arrays import DENY, NOWHERE

if TYPE_CHECKING:
    from sim.engines.agents.model import NarrativeModel

Point = tuple[int, int]  # issue and claim: what an attack is about, and a denial answers
UNKNOWN_EVIDENCE = 0.5  # of a reply on something the menu has no denial for


class ClaimantAgent(Participant):
    """One of the two sides. ``inbox`` holds the rival's attacks it heard of today."""

    def __init__(self, model: NarrativeModel, index: int) -> None:
        super().__init__(model)
        world = model.world
        self.index = index
        self.name = world.names.claimants[index]
        self.sign = 1.0 if index == 0 else -1.0
        self.effort = float(world.effort[index])
        self.campaign_start = int(world.campaign_start[index])
        self.cost = float(model.setting.audience_cost[index])
        self.denials: dict[Point, int] = {}  # the first own DENY on each point
        for n, (sender, kind) in enumerate(zip(model.sender, model.kind, strict=True)):
            if sender == index and kind == DENY:
                self.denials.setdefault((model.issue[n], model.claim[n]), n)
        self.acceptance = registry.load("acceptance", world.acceptances[index])
        self.planned_reply: list[float] = world.planned_reply[:, index].tolist()
        self.known_answers: list[int] = world.known_answers[:, index].tolist()
        self.inbox: list[Message] = []
        self.answering: list[Message] = []

    def set_attacks_aside(self) -> None:
        """Set yesterday's attacks aside to be answered, before anybody speaks today."""
        self.answering, self.inbox = self.inbox, []

    def speak(self, day: int) -> None:
        """Send the statements of the day: the menu, and answers to yesterday's attacks.

        Where there is something to answer, a part of the effort goes from the menu to replies.
        """
        if day < self.campaign_start:
            return
        model, values = self.model, self.model.values
        planned = self.planned_reply[day]
        reply = values.reply if math.isnan(planned) else planned
        attacks, totals = self.attacks() if reply > 0.0 else ({}, {})
        reach, full = values.broadcast_reach, 1.0
        for n in model.spoken_today[self.index]:
            share = model.share[n]
            whole = statement_effort(reach, share, full, self.effort)
            if whole <= 0.0:
                continue
            rest = statement_effort(reach, share, 1.0 - reply, self.effort)
            receivers = model.reached[n]
            efforts = [rest if a in totals else whole for a in receivers]
            model.send(self.message("statement", n, receivers, efforts))
        for point, delivered in attacks.items():
            receivers = sorted(delivered)
            efforts = [
                statement_effort(reach, delivered[a] / totals[a], reply, self.effort)
                for a in receivers
            ]
            model.send(self.denial(point, receivers, efforts))

    def attacks(self) -> tuple[dict[Point, dict[int, float]], dict[int, float]]:
        """Return the effort of yesterday's attacks: by point and audience, and by audience."""
        attacks: dict[Point, dict[int, float]] = {}
        totals: dict[int, float] = {}
        for message in self.answering:
            delivered = attacks.setdefault((message.issue, message.claim), {})
            for a, effort in zip(message.receivers, message.efforts, strict=True):
                if effort > 0.0:
                    delivered[a] = delivered.get(a, 0.0) + effort
                    totals[a] = totals.get(a, 0.0) + effort
        return {point: delivered for point, delivered in attacks.items() if delivered}, totals

    def message(
        self, channel: str, n: int, receivers: list[int], efforts: list[float], bonus: float = 1.0
    ) -> Message:
        """Make a message of one narrative of the menu."""
        model = self.model
        on = model.kind[n], n, model.issue[n], model.claim[n], model.evidence[n], model.verified[n]
        # by position, which takes half the time that names take
        return Message(
            model.next_id(), model.day, self.index, channel, *on, bonus, "", receivers, efforts
        )

    def denial(self, point: Point, receivers: list[int], efforts: list[float]) -> Message:
        """Make an answer to the rival's attacks on one point. It cites the largest of them."""
        model = self.model
        own = self.denials.get(point, NOWHERE)
        attacks = (one for one in self.answering if (one.issue, one.claim) == point)
        answered = max(attacks, key=Message.total_effort)  # the first one of equals
        return Message(
            id=model.next_id(),
            day=model.day,
            sender=self.index,
            channel="statement",
            kind=DENY,
            narrative=own,
            issue=point[0],
            claim=point[1],
            evidence=UNKNOWN_EVIDENCE if own == NOWHERE else model.evidence[own],
            verified=UNKNOWN_EVIDENCE if own == NOWHERE else model.verified[own],
            in_reply_to=answered.id,
            receivers=receivers,
            efforts=efforts,
        )

    def gain(self, tension: float, lead: float, credence: float) -> float:
        """Return dU: what accepting the mediator is worth to this side.  (7)"""
        values = self.model.values
        return acceptance_gain(
            value_of_calm(values.tension_weight, values.calming, tension),
            cost_of_evenness(
                self.sign, values.parity_weight, values.parity, credence, values.offer_parity, lead
            ),
            values.goodwill,
            self.model.mediator.audience.importance,
            self.cost,
        )

    def chance(self, day: int, tension: float, lead: float, credence: float) -> float:
        """Return the probability of accepting an offer of a day: as dated, or by the rule.  (7)"""
        known = self.known_answers[day]
        if known != NOWHERE:
            return float(known)
        gain = self.gain(tension, lead, credence)
        return possible(float(self.acceptance(gain, self.model.values.choice_precision)))

    def answer(self, day: int, tension: float, lead: float, credence: float) -> bool:
        """Accept or refuse today's offer.  (7)"""
        chance = self.chance(day, tension, lead, credence)
        self.model.lose_unless_finite(chance)
        return bool(self.model.draws.accept[day, self.index] < chance)


class DelegationAgent(Participant):
    """A team that talks where it is; ``place`` is an audience or NOWHERE at home."""

    def __init__(self, model: NarrativeModel, index: int, claimant: ClaimantAgent) -> None:
        super().__init__(model)
        self.index = index
        self.name = model.world.names.delegations[index]
        self.claimant = claimant
        self.bonus = float(model.world.bonus[index])
        self.place = NOWHERE

    def talk(self) -> None:
        """Deliver the menu, by its shares, at the audience where the team is."""
        if self.place == NOWHERE:
            return
        model, place = self.model, self.place
        team_effort, capitals = model.values.team_effort, model.audiences[place].capitals
        for n in model.spoken_today[self.claimant.index]:
            if not model.reaches[n][place]:
                continue
            effort = talk_effort(team_effort, capitals, model.share[n])
            if effort > 0.0:
                model.send(self.claimant.message(self.name, n, [place], [effort], self.bonus))
