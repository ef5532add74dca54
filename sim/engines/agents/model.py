"""The Mesa model: one day of the contest per step, in the order of docs/model.md, section 2."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import mesa
import numpy as np

from sim.engines.agents.audience import AudienceAgent
from sim.engines.agents.claimant import ClaimantAgent, DelegationAgent
from sim.engines.agents.ledger import Ledger
from sim.engines.agents.mediator import MediatorAgent, usual_means
from sim.engines.agents.message import Message, Notice, WorldNews
from sim.engines.agents.planner import planners
from sim.errors import InputError, Problem
from sim.laws.anchor import ACTIVE, parity_stage
from sim.laws.chance import poisson_count
from sim.laws.credence import verified
from sim.laws.elementary import power
from sim.laws.tension import incident_rate, new_tension
from sim.plugins import registry
from sim.scenario.scenario import Scenario
from sim.world.arrays import ATTACK, DENY, NOWHERE, Diplomacy, Draws, Record, Setting, World
from sim.world.building import build, setting, uncertain_setting
from sim.world.draws import draws
from sim.world.layout import layout, sizes
from sim.world.peers import listeners
from sim.world.roles import stages
from sim.world.teams import attacked_issues, focus_attacks

MESA = tuple(int(part) for part in mesa.__version__.split(".")[:2])
LARGEST_DRAWN = 2**53  # seeds that spreadsheets and JSON keep to the last digit
DRAWN_FROM = (np.random.Generator, np.random.BitGenerator, np.random.SeedSequence, list, tuple)
LEAN = 0.1  # alignment at which an audience leans to one side


def choose_seed(rng: Any, seed: Any) -> Any:
    """Return the one that is given; of a generator, a list or nothing, a seed drawn from it.

    Raises
    ------
    InputError
        Where both are given.
    """
    if rng is not None and seed is not None:
        raise InputError(Problem("seed", "is given as rng, too; give one of them", repr(seed)))
    given = seed if rng is None else rng
    if given is None or isinstance(given, DRAWN_FROM):
        return int(np.random.default_rng(given).integers(LARGEST_DRAWN))
    return given


class NarrativeModel(mesa.Model):
    """Two claimants, their delegations, the audiences and a mediator.

    Parameters
    ----------
    spec
        A scenario: its object, its file, or the name of a shipped one. (Mesa keeps the name
        ``scenario`` for a class of its own.)
    arm
        An arm of it; "" for the scenario as it stands.
    rng
        The seed: a whole number from 0 to 2**64 - 1, as everywhere in this package, or whatever
        else Mesa takes, from which a seed is drawn. ``seed=`` is another name for it. A run
        that is given neither draws a seed of its own.
    replicate
        Seed and replicate, names and days fix every draw; Mesa's own generators are not used.
    uncertain
        Also draw every parameter and judgement, as "what we do not know" does.
    ledger
        Book every change of sympathy to its cause.
    kwargs
        Parameters and switches by name, for sliders and batch runs: ``parity=0.5, noise=False``.

    Attributes
    ----------
    seed
        Of this run; None where its draws were handed over ready-made. The data collector has it,
        and so has each row of Mesa's ``batch_run``.
    audience_collector
        A data collector with a row for each audience and day. It stands apart since the newer
        Mesa lines put agents' columns over the model's of the same name in rows of ``batch_run``.

    Raises
    ------
    InputError
        For an unknown name, a value that is refused, or both ``rng`` and ``seed``.

    ``step()`` is one day; ``running`` turns False on the last. ``record()`` gives the arrays.
    """

    running: bool
    seed: int | None = None
    dropped: list[Message]  # what would have been sent

    def __init__(
        self,
        spec: Scenario | str = "kashmir_2025",
        arm: str = "",
        rng: Any = None,
        replicate: int = 0,
        uncertain: bool = False,
        ledger: bool = False,
        **kwargs: Any,  # of this name, which the page of Mesa 3.3 looks for
    ) -> None:
        scenario = spec if isinstance(spec, Scenario) else Scenario.from_yaml(spec)
        if arm:
            scenario = scenario.arm(arm)
        # Mesa 3.5's batch_run writes None over a seed among the named parameters, and takes rng
        # where there is none of that name: so seed is not one of them
        kwargs["seed"] = choose_seed(rng, kwargs.get("seed"))
        scenario = scenario.replace(**kwargs)
        seed = self.seed = scenario.seed
        world = build(scenario)
        chosen = uncertain_setting(world, seed, replicate) if uncertain else setting(world)
        self._assemble(world, chosen, draws(world, seed, replicate), None, ledger)

    @classmethod
    def from_arrays(
        cls,
        world: World,
        chosen: Setting,
        drawn: Draws,
        held: Diplomacy | None = None,
        ledger: bool = False,
        unsent: frozenset[str] = frozenset(),
    ) -> NarrativeModel:
        """Make a model of ready-made arrays.

        Parameters
        ----------
        world, chosen, drawn
            The scenario, the numbers and the draws of the run.
        held
            Offers and answers, where they are fixed.
        ledger
            Book every change of sympathy to its cause.
        unsent
            Ids of messages that are dropped.
        """
        model = cls.__new__(cls)
        model._assemble(world, chosen, drawn, held, ledger, unsent)
        return model

    def _assemble(
        self,
        world: World,
        chosen: Setting,
        drawn: Draws,
        held: Diplomacy | None,
        ledger: bool,
        unsent: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(rng=0)
        issues = attacked_issues(world, chosen.judgements)
        world = world if issues is None else focus_attacks(world, issues)
        self.unsent, self.dropped = unsent, []
        self.world, self.setting, self.draws, self.held = world, chosen, drawn, held
        self.values = usual_means(world.policy, chosen.coefficients)  # of the day
        rule = registry.module("rules", world.rule)
        self.rule = registry.load("rules", world.rule)
        self.constant_kernel: bool = getattr(rule, "CONSTANT", False)
        self.rule_options = registry.options(world.rule, world.rule_options)
        self.kind: list[int] = world.kind.tolist()
        self.sender: list[int] = world.sender.tolist()
        self.issue: list[int] = world.issue.tolist()
        self.claim: list[int] = world.claim.tolist()
        self.shares: list[list[float]] = world.share.tolist()
        self.evidence: list[float] = world.evidence.tolist()
        self.verified: list[float] = world.evidence.tolist()
        self.reaches: list[list[bool]] = world.reaches.tolist()
        self.reached: list[list[int]] = [np.flatnonzero(row).tolist() for row in world.reaches]
        self.noise: list[list[list[float]]] = drawn.noise.tolist()
        self.day, self.tension = 0, world.initial_tension
        self.ledger = Ledger() if ledger else None
        self.messages: list[Message] = []
        self.exposures: list[list[float]] = []
        self.notices: list[Notice] = []
        self.news: list[WorldNews] = []  # heard today, of today's events and of earlier ones
        self.past_news: list[tuple[int, WorldNews]] = []  # on the day it happened
        self.findings: list[tuple[int, float, float]] = []
        self.offered = np.zeros(world.steps, dtype=bool)
        self.answered = np.zeros((world.steps, 2), dtype=bool)
        self._said_today = 0
        self.audiences = [AudienceAgent(self, a) for a in range(len(world.names.audiences))]
        self.inboxes = [[audience.inbox[k] for audience in self.audiences] for k in (0, 1)]
        self.listeners = listeners(world.peers)
        self.claimants = [ClaimantAgent(self, k) for k in (0, 1)]
        self.delegations = [
            DelegationAgent(self, team, self.claimants[int(world.owner[team])])
            for team in range(len(world.names.delegations))
        ]
        self.mediators = [MediatorAgent(self, stage) for stage in stages(world)]
        self._begin_role(self.mediators[0])
        self._places = np.full(len(self.delegations), NOWHERE, dtype=np.int64)
        self.planners = planners(self)
        self._rows: dict[str, list[Any]] = {name: [] for name in Record._fields}
        self._leans = [""] * len(self.audiences)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                name: name for name in ("tension", "mediation", "alignment", "regard", "seed")
            }
        )
        self.audience_collector = mesa.DataCollector(
            agenttype_reporters={
                AudienceAgent: {
                    name: attrgetter(name) for name in ("name", "alignment", "regard", "attention")
                }
            }
        )
        self._record_state()

    # What others read

    @property
    def mediation(self) -> float:
        """M at the start of the day: NONE, OFFERED (not accepted by both) or ACTIVE."""
        return self.mediator.state

    @property
    def alignment(self) -> float:
        """X: importance-weighted alignment over all audiences."""
        total = 0.0
        for audience in self.audiences:
            total += audience.importance * audience.alignment
        return total

    @property
    def regard(self) -> float:
        """Importance-weighted mean of sympathy toward both claimants."""
        total = 0.0
        for audience in self.audiences:
            total += audience.importance * audience.regard
        return total

    def next_id(self) -> str:
        """Return the next message id; ids count within a day: ``d12-003``."""
        self._said_today += 1
        return f"d{self.day}-{self._said_today:03d}"

    def send(self, message: Message) -> None:
        """Deliver a message to its receivers; an attack is also heard by the accused.

        A dropped message has taken its id and reaches nobody.
        """
        if message.id in self.unsent:
            self.dropped.append(message)
            return
        inboxes = self.inboxes[message.sender]
        for a, effort in zip(message.receivers, message.efforts, strict=True):
            inboxes[a].append((message, effort))
        if message.kind == ATTACK:
            self.claimants[1 - message.sender].inbox.append(message)
        self.messages.append(message)

    def lose_unless_finite(self, answer: float) -> None:
        """Leave a run without a tension whose plug-in gave no finite answer: it is lost."""
        self.tension += answer - answer

    # One day

    def step(self) -> None:
        """One day, in phases that each read the state the day began with."""
        if not self.running:
            return
        day = self.day
        self._begin()
        shock = self._happen(day)
        for audience in self.audiences:
            audience.notice(self.shocks[audience.index])
        self._speak(day)
        for audience in self.audiences:
            audience.listen(self.news)
        for audience in self.audiences:
            audience.consider(day)
        noticed = 0.0
        escalation = self.mediator.stage.world.escalation
        if escalation != NOWHERE:
            noticed = self.mediator.audience.salience[escalation]
        self._record_flows()
        for audience in self.audiences:
            audience.learn()
        self._verify()
        self._strain(shock)
        self.mediator.decide(day, self.tension, noticed)
        self.day += 1
        self._pass_role()
        self._record_state()
        self.running = self.day < self.world.steps
        if not self.running and MESA < (3, 5):
            self.steps += 1  # its batch_run reads as many days as there were steps; day 0 is one

    def _begin_role(self, mediator: MediatorAgent) -> None:
        """Let an audience take the role of mediator, with its own means and nothing offered."""
        self.mediator, self.values = mediator, mediator.usual
        decisiveness = self.values.decisiveness
        self.draw_powered = power(self.values.draw, decisiveness)
        self.credence_draw_powered = power(self.values.credence_draw, decisiveness)

    def _pass_role(self) -> None:
        """Pass the role of mediator on if the next one's first day begins."""
        for mediator in self.mediators[1:]:
            if mediator.stage.first_day == self.day:
                self.mediator.forget()
                self._begin_role(mediator)

    def _begin(self) -> None:
        """Take down what the whole day reads of the state it begins with."""
        self._said_today = 0
        self.values = self.mediator.wake()
        self._note_stances()
        self.sympathies = [[a.sympathy[k] for a in self.audiences] for k in (0, 1)]
        self.lead_at_start = self.alignment
        self.parity_stage = parity_stage(self.mediation, self.values.offer_parity)
        self.share = self.shares[self.day]
        spoken: list[int] = np.flatnonzero(self.world.spoken[self.day]).tolist()
        self.spoken_today = [[n for n in spoken if self.sender[n] == k] for k in (0, 1)]
        claim, total = self.world.parity_claim, 0.0
        for audience in self.audiences:
            total += audience.importance * (1.0 if claim == NOWHERE else audience.credence[claim])
        self.credence_at_start = total

    def _happen(self, day: int) -> float:
        """Let events and incidents happen; return the shock of events to tension."""
        world, values = self.world, self.values
        today = np.flatnonzero(world.event_day == day).tolist()
        shock, self.findings = 0.0, []
        for i in today:
            shock += float(world.event_tension[i])
            if world.verified_claim[i] != NOWHERE:
                found, weight = float(world.finding[i]), float(world.finding_weight[i])
                self.findings.append((int(world.verified_claim[i]), found, weight))
        base, branching = values.base_incident_rate, values.branching_ratio
        retention, jump = values.tension_retention, values.incident_tension
        rate = incident_rate(base, branching, retention, jump, self.tension)
        self.hit = [poisson_count(float(self.draws.incident[day, k]), rate / 2.0) for k in (0, 1)]
        self._bring_news(day, today)
        whole = bool(world.event_reaches[today].all())
        shocks = [self._shocks(a, today) for a in ((0,) if whole else range(len(self.audiences)))]
        self.shocks = shocks * len(self.audiences) if whole else shocks
        return shock

    def _shocks(self, a: int, today: list[int]) -> list[float]:
        """Shocks[q] of the day's events and incidents to salience at one audience."""
        world, count = self.world, self.hit[0] + self.hit[1]
        shocks = [0.0] * len(world.names.issues)
        for i in today:
            if world.event_reaches[i, a]:
                for q in range(len(shocks)):
                    shocks[q] += float(world.event_salience[i, q])
        if count > 0.0:
            for q in range(len(shocks)):
                shocks[q] += count * float(world.incident_salience[q])
        return shocks

    def _bring_news(self, day: int, today: list[int]) -> None:
        """Bring news of the day, and again of what happened before.  (section 2.1)

        Today's events come first, then all incidents as one, then earlier events.
        """
        world, retention = self.world, self.values.news_retention
        events = [self._event_news(i).at_once(retention) for i in today]
        (first, second), pro, con = self.hit, world.incident_pro, world.incident_con
        size = (first * pro, second * pro), (second * con, first * con)
        incidents = WorldNews(NOWHERE, *size).at_once(retention)
        heard = [item for item in (*events, incidents) if item.says_something]
        self.past_news.extend((day, item) for item in heard)
        earlier = []
        for item in self.news if retention > 0.0 else ():
            if item.source == NOWHERE:
                incidents = incidents.join(item.again(retention))
            else:
                earlier.append(item.again(retention))
        self.news = [item for item in (*events, incidents, *earlier) if item.says_something]

    def _event_news(self, i: int) -> WorldNews:
        """What the world says of an event, over all days."""
        world, claim = self.world, int(self.world.event_claim[i])
        reaches, pro, con = world.event_reaches[i], world.event_pro[i], world.event_con[i]
        return WorldNews(
            source=i,
            pro=(float(pro[0]), float(pro[1])),
            con=(float(con[0]), float(con[1])),
            claim=claim,
            accused=NOWHERE if claim == NOWHERE else int(world.accused[claim]),
            asserts=float(world.event_asserts[i]),
            reaches=None if reaches.all() else tuple(reaches.tolist()),
        )

    def _speak(self, day: int) -> None:
        """Place the teams, then let each claimant and its teams speak, the first one first."""
        for side in self.claimants:
            side.set_attacks_aside()
        for planner in self.planners:  # both see where teams were yesterday
            planner.look(day, self._places)
        for planner in self.planners:
            planner.send(day, self._places)
        for team in self.delegations:
            team.place = int(self._places[team.index])
        for side in self.claimants:
            side.speak(day)
            for team in self.delegations:
                if team.claimant is side:
                    team.talk()

    def _verify(self) -> None:
        """Let inquiries' findings move the evidence of narratives on their claim.  (2.6)"""
        for claim, found, weight in self.findings:
            for n, on in enumerate(self.claim):
                if on == claim:
                    target = 1.0 - found if self.kind[n] == DENY else found
                    self.verified[n] = verified(self.verified[n], target, weight)

    def _strain(self, shock: float) -> None:
        """Move tension.  (6)"""
        values = self.values
        self.tension = new_tension(
            self.tension,
            values.tension_retention,
            values.calming if self.mediation >= ACTIVE else 0.0,
            shock,
            values.incident_tension,
            self.hit[0] + self.hit[1],
        )

    # Records

    def _note_stances(self) -> None:
        """The log keeps day 0 and the days an audience's lean changes."""
        for audience in self.audiences:
            x = audience.alignment
            lean = "balanced" if abs(x) < LEAN else self.world.names.claimants[int(x < 0.0)]
            if lean != self._leans[audience.index]:
                self._leans[audience.index] = lean
                heard_by = tuple(self.audiences[a].name for a in self.listeners[audience.index])
                text = lean if lean == "balanced" else f"leans to {lean}"
                self.notices.append(
                    Notice(self.next_id(), self.day, "STANCE", audience.name, heard_by, text)
                )

    def _record_state(self) -> None:
        rows = self._rows
        for name in ("sympathy", "salience", "kept", "broken", "credence"):
            rows[name].append([x for a in self.audiences for x in getattr(a, name)])
        rows["evidence"].append(list(self.verified))
        rows["tension"].append(self.tension)
        rows["mediation"].append(self.mediation)
        rows["standing"].append(list(self.mediator.accepted))
        self.datacollector.collect(self)
        self.audience_collector.collect(self)

    def _record_flows(self) -> None:
        rows = self._rows
        rows["attention"].append([a.attention for a in self.audiences])
        rows["incidents"].append(list(self.hit))
        rows["places"].append([team.place for team in self.delegations])
        rows["effort"].append([side.effort for a in self.audiences for side in a.heard])
        self.exposures.append(
            [x for a in self.audiences for side in a.heard for x in side.exposures]
        )

    def run(self) -> Record:
        """Step to the end and return the record."""
        while self.running:
            self.step()
        return self.record()

    def record(self) -> Record:
        """What has happened so far, as arrays."""
        days = {"T": self.day + 1, "t": self.day}
        arrays = {
            name: np.array(self._rows[name], dtype=dtype).reshape(shape)
            for name, (shape, dtype) in layout(Record, sizes(self.world.names) | days).items()
        }
        return Record(**arrays, diplomacy=Diplomacy(self.offered.copy(), self.answered.copy()))
