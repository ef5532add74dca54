"""A claimant and its delegations: statements, replies, talks, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.engines.agents.message import Message
from sim.laws.consent import acceptance_gain, cost_of_evenness, value_of_calm
from sim.laws.exposure import statement_effort, talk_effort
from sim.plugins import finding
from sim.world.arrays import DENY, NOWHERE

if TYPE_CHECKING:
    from sim.engines.agents.model import NarrativeModel

UNKNOWN_EVIDENCE = 0.5  # of a reply on something the menu has no denial for


class Claimant(mesa.Agent):
    """One of the two sides. ``inbox`` holds the rival's attacks it heard of today."""

    model: NarrativeModel

    def __init__(self, model: NarrativeModel, index: int) -> None:
        super().__init__(model)
        world = model.world
        self.index = index
        self.name = world.names.claimants[index]
        self.sign = 1.0 if index == 0 else -1.0
        self.effort = float(world.effort[index])
        self.campaign_start = int(world.campaign_start[index])
        self.cost = float(model.setting.audience_cost[index])
        self.menu = [n for n in range(len(world.sender)) if world.sender[n] == index]
        self.acceptance = finding.load("acceptance", world.acceptances[index])
        self.inbox: list[Message] = []
        self.answering: list[Message] = []

    def read(self) -> None:
        """Set yesterday's attacks aside to be answered, before anybody speaks today."""
        self.answering, self.inbox = self.inbox, []

    def speak(self, day: int) -> None:
        """Statements of the day: the menu, and answers to yesterday's attacks."""
        if day < self.campaign_start:
            return
        model, values = self.model, self.model.values
        attacks = self.attacks_by_audience() if values.reply > 0.0 else {}
        full = 1.0
        for n in model.spoken_today:
            if model.sender[n] != self.index:
                continue
            receivers = model.reached[n]
            share = model.share[n]
            whole = statement_effort(values.broadcast_reach, share, full, self.effort)
            if whole <= 0.0:
                continue
            rest = statement_effort(values.broadcast_reach, share, 1.0 - values.reply, self.effort)
            efforts = [rest if a in attacks else whole for a in receivers]
            model.send(self.message("statement", n, receivers, efforts))
        for (issue, claim), (receivers, efforts) in self.answers(attacks).items():
            model.send(self.denial(issue, claim, receivers, efforts))

    def attacks_by_audience(self) -> dict[int, dict[tuple[int, int], float]]:
        """Effort of the rival's attacks delivered yesterday, by audience and (issue, claim)."""
        attacks: dict[int, dict[tuple[int, int], float]] = {}
        for message in self.answering:
            point = (message.issue, message.claim)
            for a, effort in zip(message.receivers, message.efforts, strict=True):
                if effort <= 0.0:
                    continue
                at = attacks.setdefault(a, {})
                at[point] = at.get(point, 0.0) + effort
        return attacks

    def answers(
        self, attacks: dict[int, dict[tuple[int, int], float]]
    ) -> dict[tuple[int, int], tuple[list[int], list[float]]]:
        """Receivers and efforts of each denial, in proportion to what was delivered there."""
        values = self.model.values
        answers: dict[tuple[int, int], tuple[list[int], list[float]]] = {}
        for a in sorted(attacks):
            total = 0.0
            for effort in attacks[a].values():
                total += effort
            for point, effort in attacks[a].items():
                receivers, efforts = answers.setdefault(point, ([], []))
                receivers.append(a)
                efforts.append(
                    statement_effort(
                        values.broadcast_reach, effort / total, values.reply, self.effort
                    )
                )
        return answers

    def message(
        self, channel: str, n: int, receivers: list[int], efforts: list[float], bonus: float = 1.0
    ) -> Message:
        """One narrative of the menu as a message."""
        model = self.model
        return Message(
            id=model.next_id(),
            day=model.day,
            sender=self.index,
            channel=channel,
            kind=model.kind[n],
            narrative=n,
            issue=model.issue[n],
            claim=model.claim[n],
            evidence=model.evidence[n],
            verified=model.verified[n],
            bonus=bonus,
            receivers=receivers,
            efforts=efforts,
        )

    def denial(
        self, issue: int, claim: int, receivers: list[int], efforts: list[float]
    ) -> Message:
        """An answer to the rival's attacks on one issue and claim."""
        model = self.model
        own = next(
            (n for n in self.menu
             if model.kind[n] == DENY and (model.issue[n], model.claim[n]) == (issue, claim)),
            NOWHERE,
        )  # fmt: skip
        answered = self.answering[0]
        largest = -1.0
        for attack in self.answering:
            if (attack.issue, attack.claim) == (issue, claim) and attack.total_effort() > largest:
                answered, largest = attack, attack.total_effort()
        return Message(
            id=model.next_id(),
            day=model.day,
            sender=self.index,
            channel="statement",
            kind=DENY,
            narrative=own,
            issue=issue,
            claim=claim,
            evidence=UNKNOWN_EVIDENCE if own == NOWHERE else model.evidence[own],
            verified=UNKNOWN_EVIDENCE if own == NOWHERE else model.verified[own],
            in_reply_to=answered.id,
            receivers=receivers,
            efforts=efforts,
        )

    def gain(self, tension: float, lead: float, credence: float) -> float:
        """What accepting the mediator is worth to this side.  (7)"""
        values = self.model.values
        return acceptance_gain(
            value_of_calm(values.tension_weight, values.calming, tension),
            cost_of_evenness(
                self.sign, values.parity_weight, values.parity, credence, values.offer_parity, lead
            ),
            values.goodwill,
            self.model.mediator_importance,
            self.cost,
        )

    def chance(self, tension: float, lead: float, credence: float) -> float:
        """Probability of accepting an offer today, by the acceptance rule.  (7)"""
        gain = self.gain(tension, lead, credence)
        return float(self.acceptance(gain, self.model.values.choice_precision))

    def answer(self, day: int, tension: float, lead: float, credence: float) -> bool:
        """Accept or refuse today's offer.  (7)"""
        return bool(
            self.model.draws.accept[day, self.index] < self.chance(tension, lead, credence)
        )


class Delegation(mesa.Agent):
    """A team that talks where it is; ``place`` is an audience or NOWHERE at home."""

    model: NarrativeModel

    def __init__(self, model: NarrativeModel, index: int, claimant: Claimant) -> None:
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
        for n in model.spoken_today:
            if model.sender[n] != self.claimant.index or place not in model.reached[n]:
                continue
            effort = talk_effort(
                model.values.team_effort, model.audiences[place].capitals, model.share[n]
            )
            if effort > 0.0:
                model.send(self.claimant.message(self.name, n, [place], [effort], self.bonus))


