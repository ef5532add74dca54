"""What the compiled day reads: a world as plain arrays (Plan) and each run's numbers (Lanes).

Everything that is the same in every run is worked out here once: where teams are, what inquiries
leave of the evidence, who answers what. Index letters as in ``world.arrays``; r run.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.laws.credence import verified
from sim.plugins import registry
from sim.plugins.contracts import READABLE
from sim.world.arrays import ATTACK, DENY, NOWHERE, Bools, Floats, Ints, Setting, World
from sim.world.draws import stream_counter
from sim.world.roles import Stage
from sim.world.teams import choosing, moving_days, planned_places, strategies_of

Words = npt.NDArray[np.uint64]


class Plan(NamedTuple):
    """One world for the compiled day.

    What has the name of a field of ``World`` is the same array.

    Attributes
    ----------
    peer_start : [a + 1]
        Row starts of the sparse peers.
    peer_of : [s]
        The audience that is listened to.
    peer_weight : [s]
        Its weight.
    verified : [T, n]
        Verified evidence at the start of each day.
    claim_issue : [j]
        Issue of the attacks on the claim, NOWHERE without any.
    reply_narrative : [j]
        First own denial of the accused, NOWHERE without one.
    team_start : [t, a + 1]
        Row starts into ``team_at``: teams by day and audience.
    team_at : [t, l]
        The teams in that order; those at home stand last.
    choosing
        Whether a strategy of the world reads the state of the run: where teams are is then in
        ``Block.place``, and the two arrays above are not read.
    weighs : [k]
        Whether the claimant's strategy does.
    planned : [t, l]
        Where the teams of the other are; NOWHERE at home.
    moves : [t, l]
        Whether the team chooses its place.
    asked : [t, k]
        Whether one of the claimant's teams does.
    gains : [k]
        Whether the claimant's strategy reads ``gains`` or ``gained``.
    gained : [k]
        Whether it reads ``gained``, and thus needs the gains of every day.
    valued : [k]
        Whether it reads ``network_values``.
    sampled : [k]
        Whether its teams draw their places.
    hedge_counter : [l, 2]
        Counter words of each team's draws.
    event_start : [t + 1]
        Row starts into ``event``: events by day.
    event : [i]
        The events in that order.
    hears_as : [a]
        The first audience that every event reaches as it reaches this one: what the world says
        is kept once for all of them.
    noise_counter : [a, k, 2]
        Counter words of each stream of noise.
    incident_counter : [k, 2]
        The same of incidents.
    accept_counter : [k, 2]
        The same of answers.
    rule_options
        Options of the update rule, ``renormalise`` first.
    constant_kernel
        Whether the rule's K is 1 everywhere.
    foresees
        Whether the policy asks how likely the claimants are to accept.
    changes_daily
        Whether the policy has a mu and n of each day.
    first_day
        The day the role of mediator begins.
    """

    initial_tension: float
    effort: Floats
    campaign_start: Ints
    importance: Floats
    capitals: Floats
    peer_start: Ints
    peer_of: Ints
    peer_weight: Floats
    sender: Ints
    kind: Ints
    issue: Ints
    claim: Ints
    share: Floats
    planned_reply: Floats
    evidence: Floats
    verified: Floats
    spoken: npt.NDArray[np.bool_]
    reaches: npt.NDArray[np.bool_]
    accused: Ints
    claim_issue: Ints
    parity_claim: int
    reply_narrative: Ints
    team_start: Ints
    team_at: Ints
    choosing: bool
    weighs: Bools
    planned: Ints
    moves: Bools
    asked: Bools
    gains: Bools
    gained: Bools
    valued: Bools
    sampled: Bools
    hedge_counter: Words
    owner: Ints
    field_days: Bools
    bonus: Floats
    event_start: Ints
    event: Ints
    event_tension: Floats
    event_salience: Floats
    event_pro: Floats
    event_con: Floats
    event_claim: Ints
    event_asserts: Floats
    event_reaches: npt.NDArray[np.bool_]
    hears_as: Ints
    verified_claim: Ints
    finding: Floats
    finding_weight: Floats
    incident_pro: float
    incident_con: float
    incident_salience: Floats
    mediator: int
    escalation: int
    offer_days: npt.NDArray[np.bool_]
    known_answers: Ints
    noise_counter: Words
    incident_counter: Words
    accept_counter: Words
    rule_options: Floats
    constant_kernel: bool
    foresees: bool
    changes_daily: bool
    first_day: int


AS_IN_WORLD = tuple(
    name for name in Plan._fields if name in World._fields and name != "rule_options"
)


class Lanes(NamedTuple):
    """The numbers that may differ from run to run, run last.

    Attributes
    ----------
    values : [c, r]
        Coefficients, c counting the fields of ``Coefficients``.
    audience_cost : [k, r]
        What accepting costs a claimant at home.
    anchor_pull : [a, r]
        Pull alpha, 1/day.
    resting : [a, q, r]
        Resting salience.
    trust : [a, k, r]
        Credibility at the start.
    judgements : [a, q, k, r]
        Judgements V.
    credence : [a, j, r]
        Credence at the start.
    start : [a, k, r]
        Sympathy s(0).
    """

    values: Annotated[Floats, "c, r"]
    audience_cost: Annotated[Floats, "k, r"]
    anchor_pull: Annotated[Floats, "a, r"]
    resting: Annotated[Floats, "a, q, r"]
    trust: Annotated[Floats, "a, k, r"]
    judgements: Annotated[Floats, "a, q, k, r"]
    credence: Annotated[Floats, "a, j, r"]
    start: Annotated[Floats, "a, k, r"]


def plan(world: World) -> Plan:
    """Lay a world out for the compiled day."""
    count, steps = len(world.names.audiences), world.steps
    order = np.argsort(world.event_day, kind="stable")
    rule = registry.module("rules", world.rule)
    where = planned_places(world)
    return Plan(
        **{name: getattr(world, name) for name in AS_IN_WORLD},
        peer_start=world.peers.start,
        peer_of=world.peers.of,
        peer_weight=world.peers.weight,
        verified=_evidence_by_day(world),
        claim_issue=_claim_issues(world),
        reply_narrative=_reply_narratives(world),
        team_start=_team_starts(where, count),
        team_at=_team_order(where, count),
        **_choices(world),
        planned=where,
        hedge_counter=stream_counters([("hedge", team) for team in world.names.delegations]),
        event_start=np.searchsorted(world.event_day[order], np.arange(steps + 1)).astype(np.int64),
        event=order.astype(np.int64),
        hears_as=_first_of_equals(world.event_reaches.T),
        noise_counter=stream_counters(
            [("noise", a, k) for a in world.names.audiences for k in world.names.claimants]
        ).reshape(count, 2, 2),
        incident_counter=stream_counters([("incident", k) for k in world.names.claimants]),
        accept_counter=stream_counters([("accept", k) for k in world.names.claimants]),
        rule_options=np.array(registry.options(world.rule, world.rule_options)),
        constant_kernel=getattr(rule, "CONSTANT", False),
        **_traits(world.policy),
        first_day=0,
    )


def pass_role(laid: Plan, stage: Stage) -> Plan:
    """The same plan under another role of mediator."""
    ours: dict[str, Any] = {
        name: getattr(stage.world, name) for name in ("mediator", "escalation", "offer_days")
    }
    return laid._replace(**ours, **_traits(stage.world.policy), first_day=stage.first_day)


def _traits(policy: str) -> dict[str, Any]:
    """What the policy of a mediator is asked beside whether it offers."""
    module = registry.module("mediators", policy)
    return {
        "foresees": getattr(module, "FORESEES", False),
        "changes_daily": hasattr(module, "today"),
    }


def places(world: World) -> Ints:
    """places[t, l]: where each team is, by its claimant's strategy; NOWHERE at home.

    Raises
    ------
    ValueError
        Where a strategy reads the state of the run: the record of each run has the places.
    """
    if choosing(world).any():
        raise ValueError("teams go by the state of the run: its record says where they are")
    return planned_places(world)


def _choices(world: World) -> dict[str, Any]:
    """Who chooses places by the state of the run, when, and by what."""
    moves, strategies = moving_days(world), strategies_of(world)
    reads = {name: [name in one.reads for one in strategies] for name in READABLE}
    gained, valued = np.array(reads["gained"]), np.array(reads["network_values"])
    return {
        "choosing": bool(choosing(world).any()),
        "weighs": choosing(world),
        "moves": moves,
        "asked": np.stack([moves[:, world.owner == k].any(axis=1) for k in (0, 1)], axis=1),
        "gains": np.array(reads["gains"]) | gained,
        "gained": gained,
        "valued": valued,
        "sampled": np.array([one.sampled for one in strategies]),
    }


def _first_of_equals(rows: npt.NDArray[np.bool_]) -> Ints:
    """The index of the first row that equals each row."""
    first: dict[bytes, int] = {}
    found = [first.setdefault(row.tobytes(), index) for index, row in enumerate(rows)]
    return np.array(found, dtype=np.int64)


def lanes(settings: list[Setting]) -> Lanes:
    """Stack the numbers of several runs, run last."""
    return Lanes(
        *(np.stack([np.asarray(s[i]) for s in settings], axis=-1) for i in range(len(settings[0])))
    )


def stream_counters(streams: list[tuple[str, ...]]) -> Words:
    """Counter words [stream, 2] of streams given as (stream, *names)."""
    words = [stream_counter(*names) for names in streams]
    return np.array(words, dtype=np.uint64).reshape(len(streams), 2)


def _claim_issues(world: World) -> Ints:
    issues = np.full(len(world.accused), NOWHERE, dtype=np.int64)
    for n in range(len(world.sender)):
        if world.kind[n] == ATTACK:
            issues[world.claim[n]] = world.issue[n]
    return issues


def _evidence_by_day(world: World) -> Floats:
    """What inquiries leave of each narrative's evidence; the same in every run.  (2.6)"""
    rows = np.repeat(world.evidence[None], world.steps + 1, axis=0)
    for i in np.argsort(world.event_day, kind="stable"):
        day = world.event_day[i]
        for n in range(len(world.claim)):
            if world.verified_claim[i] != NOWHERE and world.claim[n] == world.verified_claim[i]:
                found = float(world.finding[i])
                target = 1.0 - found if world.kind[n] == DENY else found
                rows[day + 1 :, n] = verified(
                    float(rows[day + 1, n]), target, float(world.finding_weight[i])
                )
    return rows


def _reply_narratives(world: World) -> Ints:
    own = np.full(len(world.accused), NOWHERE, dtype=np.int64)
    for n in range(len(world.sender) - 1, -1, -1):
        j = world.claim[n]
        if world.kind[n] == DENY and j != NOWHERE and world.accused[j] == world.sender[n]:
            own[j] = n
    return own


def _team_order(where: Ints, count: int) -> Ints:
    """Teams of each day sorted by audience, in file order within one; those at home last."""
    return np.argsort(np.where(where == NOWHERE, count, where), axis=1, kind="stable").astype(
        np.int64
    )


def _team_starts(where: Ints, count: int) -> Ints:
    starts = np.zeros((len(where), count + 1), dtype=np.int64)
    for day, row in enumerate(where):
        starts[day, 1:] = np.cumsum(np.bincount(row[row != NOWHERE], minlength=count))
    return starts
