"""From a scenario to arrays: names become indices, raw weights sum to 1, switches are applied."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.laws.consent import committed_cost
from sim.laws.equilibrium import starting_sympathy
from sim.parameters import Parameters, coefficients
from sim.scenario.entities import NARRATIVE_TYPES, Event, Mediator, Narrative, Weights
from sim.scenario.plans import menu_shares, planned_replies, tour
from sim.scenario.scenario import Scenario
from sim.world import draws as drawing
from sim.world.arrays import NOWHERE, Bools, Floats, Ints, Names, Role, Setting, World
from sim.world.peers import normalise, peers_from

NAN = math.nan


def build(scenario: Scenario) -> World:
    """Turn a checked scenario into the arrays that every run of it shares.

    Notes
    -----
    Names become indices in file order, raw weights are scaled to sum to 1, and an arm's switch
    of mediation puts the policy "none" in place of the mediator's.
    """
    names = Names(
        scenario.name,
        scenario.arm_name,
        *(tuple(one.name for one in getattr(scenario, group)) for group in Names._fields[2:]),
    )
    audiences, claimants = scenario.audiences, scenario.claimants
    issues, claims = _index(names.issues), _index(names.claims)
    sides, places = _index(names.claimants), _index(names.audiences)
    narratives, events = scenario.narratives, scenario.events
    incidents = scenario.incidents
    first, *later = [_role(scenario, role, places, issues) for role in scenario.mediator.roles]
    verifications = [event.verification for event in events]
    stops, field_days = _tours(scenario, places)
    return World(
        names=names,
        steps=scenario.steps,
        parameters=scenario.parameters,
        switches=scenario.switches,
        initial_tension=float(scenario.initial_tension),
        effort=_floats(side.effort for side in claimants),
        campaign_start=np.array([side.campaign_start for side in claimants], dtype=np.int64),
        own_cost=_floats(side.audience_cost for side in claimants),
        stance=_floats(side.stance for side in claimants),
        importance=normalise(_floats(a.importance for a in audiences)),
        western=np.array([a.western for a in audiences], dtype=bool),
        capitals=_floats(a.capitals for a in audiences),
        resting=np.array(
            [[1.0, *(float(a.salience.get(q, 0.0)) for q in names.issues[1:])] for a in audiences]
        ),
        trust=np.array([_row(a.trust, names.claimants) for a in audiences]),
        judgements=np.array(
            [
                [_row(a.judgements.get(q, {}), names.claimants) for q in names.issues]
                for a in audiences
            ]
        ),
        own_pull=_floats(a.anchor_pull for a in audiences),
        given_start=np.array(
            [
                _row(a.initial_sympathy, names.claimants) if a.initial_sympathy else [NAN, NAN]
                for a in audiences
            ]
        ),
        peers=peers_from(
            [
                {places[b]: float(weight) for b, weight in scenario.peers.get(a, {}).items()}
                for a in names.audiences
            ]
        ),
        sender=_ints(sides[n.sender] for n in narratives),
        kind=_ints(NARRATIVE_TYPES.index(n.type) for n in narratives),
        issue=_ints(issues[n.issue] for n in narratives),
        claim=_ints(NOWHERE if n.claim is None else claims[n.claim] for n in narratives),
        share=_shares(scenario),
        planned_reply=_planned_replies(scenario),
        evidence=_floats(n.evidence for n in narratives),
        spoken=_spoken(scenario),
        reaches=_reach(narratives, names.audiences),
        accused=_ints(NOWHERE if c.accused is None else sides[c.accused] for c in scenario.claims),
        prior=_prior(scenario),
        parity_claim=next((j for j, c in enumerate(scenario.claims) if c.parity), NOWHERE),
        owner=_ints(sides[team.claimant] for team in scenario.delegations),
        bonus=_floats(team.bonus for team in scenario.delegations),
        stops=stops,
        field_days=field_days,
        event_day=_ints(event.day for event in events),
        event_tension=_floats(event.tension for event in events),
        event_salience=_rows([event.salience for event in events], names.issues),
        event_pro=_rows([event.pro for event in events], names.claimants),
        event_con=_rows([event.con for event in events], names.claimants),
        event_claim=_ints(NOWHERE if e.claim is None else claims[e.claim] for e in events),
        event_asserts=_floats(event.asserts for event in events),
        event_reaches=_reach(events, names.audiences),
        verified_claim=_ints(NOWHERE if v is None else claims[v.claim] for v in verifications),
        finding=_floats(0.0 if v is None else v.finding for v in verifications),
        finding_weight=_floats(0.0 if v is None else v.weight for v in verifications),
        incident_pro=float(incidents.pro),
        incident_con=float(incidents.con),
        incident_salience=_rows([incidents.salience], names.issues)[0],
        mediator=first.mediator,
        escalation=first.escalation,
        offer_days=first.offer_days,
        known_answers=_known_answers(scenario),
        rule=scenario.update_rule.name,
        rule_options=dict(scenario.update_rule.options),
        strategies=tuple(side.strategy for side in claimants),
        policy=first.policy,
        acceptances=tuple(side.acceptance for side in claimants),
        later_roles=tuple(later),
    )


def setting(
    world: World, parameters: Parameters | None = None, judgements: Floats | None = None
) -> Setting:
    """Return the numbers of one run: the scenario's or those given, with switches applied.

    Parameters
    ----------
    world
        The scenario as arrays.
    parameters
        In place of the scenario's own.
    judgements : [a, q, k]
        In place of the scenario's own.

    Returns
    -------
    Setting
        With the sympathy that the run starts with.
    """
    parameters = world.parameters if parameters is None else parameters
    judgements = world.judgements if judgements is None else judgements
    values = coefficients(parameters, world.switches)
    pulls = anchor_pulls(world, parameters.anchor_pull)
    return Setting(
        coefficients=values,
        audience_cost=audience_costs(world, parameters.audience_cost),
        anchor_pull=pulls,
        resting=world.resting,
        trust=world.trust,
        judgements=judgements,
        credence=world.prior if world.switches.credence else np.ones_like(world.prior),
        start=starting_sympathy(
            pulls, values.peer_pull, world.peers, world.resting, judgements, world.given_start
        ),
    )


def audience_costs(world: World, cost: float | Floats) -> Floats:
    """Return d[k] where the parameter is ``cost``; d[k, run] where it is that of each run."""
    costs = []
    for own, stance in zip(world.own_cost.tolist(), world.stance.tolist(), strict=True):
        # a number or an array: the law only multiplies
        usual: Any = cost if math.isnan(own) else own + 0.0 * cost
        costs.append(committed_cost(usual, stance))
    return np.array(costs)


def anchor_pulls(world: World, pull: float | Floats) -> Floats:
    """Return alpha[a] where the parameter is ``pull``; alpha[a, run] where it is that of each run.

    An audience that has a pull of its own keeps the ratio of the two, up to a pull of 1.
    """
    usual = world.parameters.anchor_pull
    scale = pull / usual if usual > 0.0 else np.ones_like(pull)
    own = np.minimum(np.multiply.outer(world.own_pull, scale), 1.0)
    return np.where(np.isnan(own), pull, own)


def uncertain_setting(world: World, seed: int, replicate: int) -> Setting:
    """Return the numbers of one run with every free parameter and judgement drawn."""
    return setting(
        world,
        drawing.drawn_parameters(world, seed, replicate),
        drawing.drawn_judgements(world, seed, replicate),
    )


def _index(names: tuple[str, ...]) -> dict[str, int]:
    return {name: position for position, name in enumerate(names)}


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _floats(values: Iterable[float | None]) -> Floats:
    """An array of numbers; nan where there is none."""
    return np.array([NAN if value is None else float(value) for value in values], dtype=float)


def _row(weights: Weights, names: tuple[str, ...]) -> list[float]:
    return [float(weights.get(name, 0.0)) for name in names]


def _reach(told: Sequence[Narrative | Event], audiences: tuple[str, ...]) -> Bools:
    """reaches[i, a]: whether an audience is among those listed; none listed: all."""
    everybody = frozenset(audiences)
    addressed = [everybody if one.audiences is None else frozenset(one.audiences) for one in told]
    rows = [[name in some for name in audiences] for some in addressed]
    return np.array(rows, dtype=bool).reshape(len(told), len(audiences))


def _rows(weights: list[Weights], names: tuple[str, ...]) -> Floats:
    return np.array([_row(row, names) for row in weights]).reshape(len(weights), len(names))


def _shares(scenario: Scenario) -> Floats:
    """share[t, n]: each narrative's part of its sender's effort, by day as planned."""
    names = [narrative.name for narrative in scenario.narratives]
    shares = np.zeros((scenario.steps, len(names)))
    for side in scenario.claimants:
        for day, raw in menu_shares(side, scenario.narratives):
            own = [n for n, name in enumerate(names) if name in raw]
            if own:
                shares[day:, own] = normalise(_floats(raw[names[n]] for n in own))
    return shares


def _planned_replies(scenario: Scenario) -> Floats:
    """planned_reply[t, k]: the part of statements that answers attacks; nan: the parameter."""
    planned = np.full((scenario.steps, 2), NAN)
    for k, side in enumerate(scenario.claimants):
        for day, reply in planned_replies(side) if scenario.switches.replies else ():
            planned[day:, k] = reply
    return planned


def _spoken(scenario: Scenario) -> Bools:
    """spoken[t, n]: whether a day is within the dates of a narrative."""
    spoken = np.zeros((scenario.steps, len(scenario.narratives)), dtype=bool)
    for n, narrative in enumerate(scenario.narratives):
        end = scenario.steps if narrative.last_day is None else narrative.last_day + 1
        spoken[narrative.first_day : end, n] = True
    return spoken


def _prior(scenario: Scenario) -> Floats:
    """prior[a, j]: credence in each claim at the start."""
    rows = [[claim.prior[a.name] for claim in scenario.claims] for a in scenario.audiences]
    return np.array(rows, dtype=float).reshape(len(scenario.audiences), len(scenario.claims))


def _role(
    scenario: Scenario, role: Mediator, places: dict[str, int], issues: dict[str, int]
) -> Role:
    """A role of mediator; without the switch it never offers."""
    return Role(
        first_day=role.first_day,
        mediator=places[role.audience],
        escalation=NOWHERE if role.escalation is None else issues[role.escalation],
        offer_days=np.array([t in role.days for t in range(scenario.steps)], dtype=bool),
        policy=role.policy if scenario.switches.mediation else "none",
    )


def _known_answers(scenario: Scenario) -> Ints:
    """known_answers[t, k]: the dated answers of claimants that give them, else NOWHERE."""
    known = np.full((scenario.steps, 2), NOWHERE, dtype=np.int64)
    for k, side in enumerate(scenario.claimants):
        for answer in side.answers if side.acceptance == "scripted" else ():
            known[answer.day, k] = int(answer.accepts)
    return known


def _tours(scenario: Scenario, places: dict[str, int]) -> tuple[Ints, Bools]:
    """stops[t, l]: where a team is as planned; field_days[t, l]: whether it is on tour.

    A tour lasts from the first stop to the last return, or to the end without one.
    """
    shape = scenario.steps, len(scenario.delegations)
    stops, field_days = np.full(shape, NOWHERE, dtype=np.int64), np.zeros(shape, dtype=bool)
    for team, delegation in enumerate(scenario.delegations):
        planned = tour(delegation, scenario.claimants)
        for stop in planned:
            stops[stop.day :, team] = NOWHERE if stop.at is None else places[stop.at]
        away = [stop.day for stop in planned if stop.at is not None]
        if away:
            last = planned[-1].day if planned[-1].at is None else scenario.steps
            field_days[away[0] : last, team] = True
    return stops, field_days
