"""How a claimant sends its teams: by its itineraries or by the state of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.laws.elementary import power
from sim.laws.equilibrium import ELIMINATED, network_values
from sim.laws.exposure import backfired, believed, exposure, talk_effort
from sim.laws.sympathy import message_pull, pull
from sim.laws.visits import VISIT, best_place, push, sampled_place, visit_gain
from sim.plugins.contracts import SenderView
from sim.world.arrays import DENY, NOWHERE, PROMOTE, Bools, Floats, Ints
from sim.world.teams import TeamStrategy, moving_days, strategies_of, team_view

if TYPE_CHECKING:
    from sim.engines.agents.audience import AudienceAgent
    from sim.engines.agents.model import NarrativeModel


class Planner:
    """Sends the teams of one claimant, after both planners have looked."""

    def __init__(self, model: NarrativeModel, index: int, strategy: TeamStrategy) -> None:
        world = model.world
        self.model, self.index, self.strategy = model, index, strategy
        self.own: Ints = np.flatnonzero(world.owner == index)
        self.moves = moving_days(world)
        self.asked: Bools = np.any(self.moves[:, self.own], axis=1)
        count = len(world.names.audiences)
        self.gains, self.gained, self.weights = np.zeros((3, count))

    def look(self, day: int, places: Ints) -> None:
        """Weigh the audiences, if a team moves today; ``places`` are those of yesterday."""
        audiences, reads = self.model.audiences, self.strategy.reads
        if "gained" in reads or ("gains" in reads and self.asked[day]):
            for audience in audiences:
                self.gains[audience.index] = self.gain(audience)
            self.gained += self.gains
        if not (self.strategy.weighs and self.asked[day]):
            return
        world = self.model.world
        away = places != NOWHERE
        own, rival = (
            np.bincount(places[away & (world.owner == k)], minlength=len(audiences)).astype(float)
            for k in (self.index, 1 - self.index)
        )
        self.weights = np.zeros(len(audiences))
        view = SenderView(
            day,
            world.importance.copy(),
            world.capitals.copy(),
            np.array([one.attention for one in audiences]),
            np.array(self.model.sympathies[self.index]),
            np.array(self.model.sympathies[1 - self.index]),
            own,
            rival,
            self.gains.copy(),
            self.gained.copy(),
            self._network_values(),
        )
        self.strategy.function(view, self.weights)
        for weight in self.weights.tolist():
            self.model.lose_unless_finite(weight)

    def send(self, day: int, places: Ints) -> None:
        """Fill in where the own teams are today."""
        world, strategy = self.model.world, self.strategy
        if not strategy.weighs:
            strategy.function(team_view(world, day, self.index), places)
            return
        there = np.zeros(len(world.names.audiences))
        for team in self.own.tolist():
            if not world.field_days[day, team]:
                places[team] = NOWHERE
            elif not self.moves[day, team]:
                there[places[team]] += 1.0
        for team in self.own.tolist():
            if self.moves[day, team]:
                if strategy.sampled:
                    uniform = float(self.model.draws.hedge[day, team])
                    places[team] = sampled_place(self.weights, uniform)
                else:
                    places[team] = best_place(self.weights, there)
                there[places[team]] += 1.0

    def _network_values(self) -> Floats:
        model = self.model
        values = np.zeros(len(model.audiences))
        if "network_values" in self.strategy.reads:
            weight, room = model.values.message_weight, min(len(values), ELIMINATED)
            omegas = [message_pull(one.attention, weight, 1.0) for one in model.audiences]
            network_values(
                model.setting.anchor_pull,
                np.array(omegas),
                model.values.peer_pull,
                model.world.peers,
                model.world.importance,
                np.empty((room, room)),
                np.empty(len(values)),
                values,
            )
        return values

    def gain(self, audience: AudienceAgent) -> float:
        """What a small visit to an audience would add to the own lead, if nobody speaks today."""
        model, k = self.model, self.index
        audience.open_ears(model.news)
        pro = [audience.news_pro[i] + audience.goodwill[i] for i in (0, 1)]
        con = [audience.news_con[i] + audience.pique[i] for i in (0, 1)]
        promoted, attacking, hurt = self._exposures(audience)
        attacked = con[1 - k] + model.values.attack_potency * attacking
        own = self._push(audience, k, pro[k] + promoted, con[k] + hurt)
        own -= self._push(audience, k, pro[k], con[k])
        rival = self._push(audience, 1 - k, pro[1 - k], attacked)
        rival -= self._push(audience, 1 - k, pro[1 - k], con[1 - k])
        return visit_gain(audience.importance, audience.anchor_pull, own, rival)

    def _exposures(self, audience: AudienceAgent) -> tuple[float, float, float]:
        """Exposures of a small visit: own case, attack as far as believed, backlash.

        A denial answers nothing, for nothing else is said.
        """
        model, k = self.model, self.index
        promoted = attacking = hurt = 0.0
        for n in model.spoken_today[k]:
            if not model.reaches[n][audience.index] or model.kind[n] == DENY:
                continue
            effort = talk_effort(VISIT, audience.capitals, model.share[n])
            fit = audience.fits[model.issue[n]]
            heard = exposure(effort, 1.0, model.evidence[n], audience.trusted[k], fit)
            if model.kind[n] == PROMOTE:
                promoted += heard
            else:
                credence = audience.credence[model.claim[n]]
                attacking += believed(heard, credence)
                hurt += backfired(heard, credence, model.values.backlash)
        return promoted, attacking, hurt

    def _push(self, audience: AudienceAgent, k: int, pro: float, con: float) -> float:
        """What these exposures do to the audience's sympathy toward claimant k."""
        model, values = self.model, self.model.values
        rule, options, s = model.rule, model.rule_options, audience.sympathy[k]
        others, constant = model.sympathies[k], model.constant_kernel
        up = 1.0 if constant else rule(s, 1.0, 1.0, options)
        down = 1.0 if constant else rule(s, -1.0, 1.0, options)
        kernels, apart = audience.all_count, 0.0
        if not constant:
            kernels = [rule(s, others[b], 0.0, options) for b, _ in audience.listens_to]
        for (b, w), closeness in zip(audience.listens_to, kernels, strict=True):
            apart += pull(w, closeness, others[b], s)
        apart *= audience.renormalisation(kernels)
        return push(
            audience.attention,
            values.message_weight,
            power(pro, values.decisiveness),
            power(con, values.decisiveness),
            model.draw_powered,
            pull(1.0, up, 1.0, s),
            pull(1.0, down, -1.0, s),
            values.peer_pull * apart,
        )


def planners(model: NarrativeModel) -> tuple[Planner, ...]:
    """One for each claimant."""
    strategies = strategies_of(model.world)
    return tuple(Planner(model, k, strategy) for k, strategy in enumerate(strategies))
