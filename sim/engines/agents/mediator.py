"""The mediator: a role that an audience takes, and may pass on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.engines.agents.message import Notice
from sim.engines.agents.participant import Participant
from sim.laws.anchor import ACTIVE, NONE, OFFERED
from sim.parameters import Coefficients
from sim.plugins import registry
from sim.plugins.contracts import MediatorView, MorningView, possible
from sim.world.arrays import NOWHERE
from sim.world.roles import Stage

if TYPE_CHECKING:
    from sim.engines.agents.audience import AudienceAgent
    from sim.engines.agents.model import NarrativeModel


def usual_means(policy: str, coefficients: Coefficients) -> Coefficients:
    """Return the coefficients of a run as a mediator's policy changes them."""
    adjusted: Any = registry.part("mediators", policy, "adjusted")
    means: Coefficients = adjusted(coefficients) if adjusted else coefficients
    return means


class MediatorAgent(Participant):
    """A mediator in its time: it offers by its policy and hears the answers.

    ``stage`` has the days of its role and the world under it.

    State: ``state`` is M (NONE, OFFERED or ACTIVE), ``accepted[k]`` is 1 where a claimant has
    accepted the standing offer, ``offer_day`` is the day of the last one, -1 before the first.
    """

    def __init__(self, model: NarrativeModel, stage: Stage) -> None:
        super().__init__(model)
        self.stage = stage
        self.audience: AudienceAgent = model.audiences[stage.world.mediator]
        self.name = self.audience.name
        policy = stage.world.policy
        self.usual = usual_means(policy, model.setting.coefficients)
        self.policy = registry.load("mediators", policy)
        module = registry.module("mediators", policy)
        self.today = registry.part("mediators", policy, "today")
        self.foresees: bool = getattr(module, "FORESEES", False)
        self.state = NONE
        self.was_active = False
        self.ended = 0.0
        self.accepted = [0.0, 0.0]
        self.offer_day = -1

    def wake(self) -> Coefficients:
        """Return the coefficients of the day: a policy may change calming and branching."""
        usual = self.usual
        if self.today is None:
            return usual
        if self.was_active and self.state < ACTIVE:
            self.ended = 1.0
        self.was_active = self.state >= ACTIVE
        first, second = self.audience.sympathy
        view = MorningView(usual.calming, usual.branching_ratio, first, second, self.ended)
        calming, branching = self.today(view)
        self.model.lose_unless_finite(possible(calming) + possible(branching))
        return usual._replace(calming=calming, branching_ratio=branching)

    def decide(self, day: int, tension: float, noticed: float) -> None:
        """Offer if the policy says so, take the answers, let an old offer lapse.  (section 2.8)

        ``noticed`` is the escalation issue's salience after today's shocks, before priming.
        """
        model = self.model
        offers = self.state < ACTIVE and self.wants_to_offer(day, tension, noticed)
        if model.held is not None:
            offers = bool(model.held.offered[day])
        if offers:
            self.offer_day = day
            self.ask(day, tension)
        elif self.state > NONE and day >= self.offer_day + model.values.mediation_length:
            self.state, self.accepted = NONE, [0.0, 0.0]
        self.show_gratitude()

    def wants_to_offer(self, day: int, tension: float, noticed: float) -> bool:
        """Ask the policy whether it offers today. It sees tension after today's change."""
        model, world, values = self.model, self.stage.world, self.model.values
        chances = [0.0, 0.0]
        if self.foresees:
            lead, credence = model.lead_at_start, model.credence_at_start
            chances = [side.chance(day, tension, lead, credence) for side in model.claimants]
        resting = 0.0 if world.escalation == NOWHERE else self.audience.resting[world.escalation]
        view = MediatorView(
            scripted=float(world.offer_days[day]),
            tension=tension,
            escalation=noticed - resting,
            since_offer=math.inf if self.offer_day < 0 else float(day - self.offer_day),
            offer_threshold=values.offer_threshold,
            escalation_worry=values.escalation_worry,
            offer_cooldown=values.offer_cooldown,
            tension_weight=values.tension_weight,
            calming=values.calming,
            first_accepts=chances[0],
            second_accepts=chances[1],
        )
        answer = float(self.policy(view))
        model.lose_unless_finite(answer)
        return answer > 0.0

    def ask(self, day: int, tension: float) -> None:
        """Send the offer to both claimants and hear their answers."""
        model = self.model
        lead, credence = model.lead_at_start, model.credence_at_start
        if model.held is None:
            answers = [side.answer(day, tension, lead, credence) for side in model.claimants]
        else:
            answers = model.held.accepted[day].tolist()
        self.accepted = [float(answer) for answer in answers]
        self.state = ACTIVE if all(answers) else OFFERED
        model.offered[day] = True
        model.answered[day] = answers
        asked = model.world.names.claimants
        offer = Notice(model.next_id(), day, "OFFER", self.name, asked, "offers to mediate")
        model.notices.append(offer)
        for side, answer in zip(model.claimants, answers, strict=True):
            text = "accepts" if answer else "refuses"
            model.notices.append(
                Notice(model.next_id(), day, "ANSWER", side.name, (self.name,), text, offer.id)
            )

    def forget(self) -> None:
        """Feel neither goodwill nor pique any more: the role has passed on."""
        self.audience.goodwill[:] = self.audience.pique[:] = [0.0, 0.0]

    def show_gratitude(self) -> None:
        """Set goodwill toward those who accepted, pique toward those who refused."""
        goodwill = self.model.values.goodwill if self.state >= OFFERED else 0.0
        for k in (0, 1):
            self.audience.goodwill[k] = goodwill if self.accepted[k] else 0.0
            self.audience.pique[k] = 0.0 if self.accepted[k] else goodwill
