"""The arrays of one run, and what they mean. How they are made: ``building`` and ``draws``.

Index letters: a, b audiences; k claimant (0, 1); q issue; j claim; n narrative; l team; i event;
s stored entry of the peers; t day, 0 to T - 1, or its start, 0 to T. Where the two must be told
apart, T stands for the starts. Everything is float64 or int64 unless said.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.parameters import Coefficients, Parameters, Switches

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PROMOTE, ATTACK, DENY = 0, 1, 2  # types of narratives, as numbers
NOWHERE = -1  # a team at home, a narrative without a claim, no parity claim


class Names(NamedTuple):
    """The names behind the indices; draws are keyed by them, tables get them back.

    Attributes
    ----------
    scenario
        The scenario.
    arm
        Its arm; empty for the scenario as it stands.
    audiences
        By index a or b.
    claimants
        By index k; the first is the one that alignment counts as positive.
    issues
        By index q; the first is the background.
    claims
        By index j.
    narratives
        By index n, in file order.
    delegations
        By index l, in file order.
    events
        By index i, in file order.
    """

    scenario: str
    arm: str
    audiences: tuple[str, ...]
    claimants: tuple[str, ...]
    issues: tuple[str, ...]
    claims: tuple[str, ...]
    narratives: tuple[str, ...]
    delegations: tuple[str, ...]
    events: tuple[str, ...]


class Peers(NamedTuple):
    """Whom each audience listens to: the rows of W, without their zeros.

    Audience a listens to of[s] with weight[s] for s from start[a] to start[a + 1] - 1, in the
    order of the audiences; the weights of a row sum to 1.

    Attributes
    ----------
    start : [a + 1]
        Where the row of each audience begins; the last entry is the number of all.
    of : [s]
        The audience that is listened to.
    weight : [s]
        Its weight, above 0.
    """

    start: Ints
    of: Ints
    weight: Floats


class Role(NamedTuple):
    """A role of mediator that follows another: from ``first_day`` on the world has its fields.

    Attributes
    ----------
    first_day
        The day it begins, with no offer standing.
    mediator, escalation, offer_days, policy
        As of ``World``.
    """

    first_day: int
    mediator: int
    escalation: int
    offer_days: Bools
    policy: str


class World(NamedTuple):
    """What is the same in every run of one scenario and arm.

    Attributes
    ----------
    names
        The names behind the indices.
    steps
        Number of days T.
    parameters
        The scenario's own.
    switches
        Which mechanisms are on.
    initial_tension
        Tension tau at the start of day 0.
    effort : [k]
        Effort of statements a day.
    campaign_start : [k]
        First day of statements.
    own_cost : [k]
        Audience cost of its own, nan: the parameter.
    stance : [k]
        What it has committed itself to on outside mediation, -1 (refuses) to 1 (asks for it).
    importance : [a]
        Importance v; sums to 1.
    western : [a]
        Whether it counts in the metric "wedge".
    capitals : [a]
        How many capitals a tour of it calls at.
    resting : [a, q]
        Resting salience; 1 for the background.
    trust : [a, k]
        Credibility of each claimant at the start, 0 to 1.
    judgements : [a, q, k]
        Judgement V of a claimant on an issue, -1 to 1.
    own_pull : [a]
        Anchor pull of its own, nan: the parameter.
    given_start : [a, k]
        Initial sympathy, nan: the rest point.
    peers
        W: whom each audience listens to.
    sender : [n]
        The claimant whose narrative it is.
    kind : [n]
        PROMOTE, ATTACK or DENY.
    issue : [n]
        The issue it is on.
    claim : [n]
        The claim it asserts or denies, or NOWHERE.
    share : [t, n]
        Its part of the sender's effort; sums to 1 over a menu.
    planned_reply : [t, k]
        Part of statements that answers attacks by the claimant's plans, 0 to 1; nan: the
        parameter.
    evidence : [n]
        How well it is borne out, 0 to 1.
    spoken : [t, n]
        Whether the day is within its dates.
    reaches : [n, a]
        Whether the audience is among those it is meant for.
    accused : [j]
        The claimant whom the claim accuses; NOWHERE for the parity claim.
    prior : [a, j]
        Credence in the claim at the start, 0 to 1.
    parity_claim
        The claim that mediation treats both alike, or NOWHERE.
    owner : [l]
        The claimant whose team it is.
    bonus : [l]
        Factor on the exposure of what the team says.
    stops : [t, l]
        The audience it is at by its itinerary and its claimant's plans; NOWHERE at home.
    field_days : [t, l]
        Whether it is between its first stop and its last return.
    event_day : [i]
        The day it happens.
    event_tension : [i]
        Tension that it adds.
    event_salience : [i, q]
        Salience that it adds where it reaches.
    event_pro : [i, k]
        Exposure for each claimant, over all days that it is heard of.
    event_con : [i, k]
        Exposure against each claimant, likewise.
    event_claim : [i]
        The claim by whose credence its con is weighed, or NOWHERE.
    event_asserts : [i]
        Exposure asserting the parity claim, likewise.
    event_reaches : [i, a]
        Whether the audience is among those it is salient and news to.
    verified_claim : [i]
        The claim on which an inquiry reports that day, or NOWHERE.
    finding : [i]
        What the inquiry finds, 0 (false) to 1 (true).
    finding_weight : [i]
        How far credence and evidence follow the finding, 0 to 1.
    incident_pro
        Exposure for the side that is hit, by one incident.
    incident_con
        Exposure against the other side, by one incident.
    incident_salience : [q]
        Salience that one incident adds everywhere.
    mediator
        The audience that may mediate.
    escalation
        The issue whose salience worries the mediator, or NOWHERE.
    offer_days : [t]
        The days of the scripted policy.
    known_answers : [t, k]
        1 or 0: a claimant accepts or refuses the offer of that day; NOWHERE: it decides.
    rule
        Name of the update rule.
    rule_options
        Its options that the scenario gives.
    strategies : [k]
        Name of each claimant's strategy.
    policy
        Name of the mediator's policy; "none" where mediation is switched off.
    later_roles
        The roles that follow this mediator's, in order of days.
    acceptances : [k]
        Name of each claimant's acceptance rule.
    """

    names: Names
    steps: int
    parameters: Parameters
    switches: Switches
    initial_tension: float
    # claimants
    effort: Floats
    campaign_start: Ints
    own_cost: Floats
    stance: Floats
    # audiences
    importance: Floats
    western: Bools
    capitals: Floats
    resting: Floats
    trust: Floats
    judgements: Floats
    own_pull: Floats
    given_start: Floats
    peers: Peers
    # narratives, in file order
    sender: Ints
    kind: Ints
    issue: Ints
    claim: Ints
    share: Floats
    planned_reply: Floats
    evidence: Floats
    spoken: Bools
    reaches: Bools
    # claims
    accused: Ints
    prior: Floats
    parity_claim: int
    # teams
    owner: Ints
    bonus: Floats
    stops: Ints
    field_days: Bools
    # events, in file order
    event_day: Ints
    event_tension: Floats
    event_salience: Floats
    event_pro: Floats
    event_con: Floats
    event_claim: Ints
    event_asserts: Floats
    event_reaches: Bools
    verified_claim: Ints
    finding: Floats
    finding_weight: Floats
    incident_pro: float
    incident_con: float
    incident_salience: Floats
    # mediation
    mediator: int
    escalation: int
    offer_days: Bools
    known_answers: Ints
    # names of plug-ins
    rule: str
    rule_options: dict[str, float]
    strategies: tuple[str, ...]
    policy: str
    acceptances: tuple[str, ...]
    # who mediates after the mediator above
    later_roles: tuple[Role, ...] = ()


class Setting(NamedTuple):
    """The numbers that may differ from run to run: what is drawn, swept or switched.

    Attributes
    ----------
    coefficients
        Parameters with switches applied.
    audience_cost : [k]
        What accepting costs a claimant at home after what it said in public, in utility.
    anchor_pull : [a]
        Pull alpha back to its interests, 1/day.
    resting : [a, q]
        Resting salience.
    trust : [a, k]
        Credibility at the start.
    judgements : [a, q, k]
        Judgements V, -1 to 1.
    credence : [a, j]
        Credence b(0); 1 where the credence switch is off.
    start : [a, k]
        Sympathy s(0), -1 to 1.
    """

    coefficients: Coefficients
    audience_cost: Floats
    anchor_pull: Floats
    resting: Floats
    trust: Floats
    judgements: Floats
    credence: Floats
    start: Floats


class Draws(NamedTuple):
    """Every random number of one run, as uniforms in (0, 1).

    Attributes
    ----------
    noise : [t, a, k]
        For the daily random change of sympathy.
    incident : [t, k]
        For the number of incidents that hit a claimant.
    accept : [t, k]
        For the answer to an offer of that day.
    hedge : [t, l]
        For the place of a team, where its strategy samples; without teams where none does.
    """

    noise: Floats
    incident: Floats
    accept: Floats
    hedge: Floats = np.empty((0, 0))


class Diplomacy(NamedTuple):
    """What was offered and answered, day by day; given to a run, it holds them fixed.

    Attributes
    ----------
    offered : [t]
        Whether the mediator offered.
    accepted : [t, k]
        Whether the claimant accepted that day's offer.
    """

    offered: Bools
    accepted: Bools


class Record(NamedTuple):
    """What happened in one run. States have rows 0..T, the start of each day; flows 0..T-1.

    Attributes
    ----------
    sympathy : [T, a, k]
        Sympathy, -1 to 1.
    salience : [T, a, q]
        Salience; the background has 1.
    kept : [T, a, k]
        Credibility count m+.
    broken : [T, a, k]
        Credibility count m-.
    credence : [T, a, j]
        Credence in each claim, 0 to 1.
    evidence : [T, n]
        Evidence of each narrative as inquiries have left it.
    tension : [T]
        Tension, 0 and above.
    mediation : [T]
        M: NONE, OFFERED or ACTIVE.
    standing : [T, k]
        1 where the claimant has accepted the standing offer.
    attention : [t, a]
        Share of attention used in day t, 0 to 1.
    incidents : [t, k]
        Number in day t that each side says hit it.
    effort : [t, a, k]
        Effort of messages delivered in day t.
    places : [t, l]
        The audience where each team is in day t; NOWHERE at home.
    diplomacy
        Offers and answers.
    """

    sympathy: Annotated[Floats, "T, a, k"]
    salience: Annotated[Floats, "T, a, q"]
    kept: Annotated[Floats, "T, a, k"]
    broken: Annotated[Floats, "T, a, k"]
    credence: Annotated[Floats, "T, a, j"]
    evidence: Annotated[Floats, "T, n"]
    tension: Annotated[Floats, "T"]
    mediation: Annotated[Floats, "T"]
    standing: Annotated[Floats, "T, k"]
    attention: Annotated[Floats, "t, a"]
    incidents: Annotated[Floats, "t, k"]
    effort: Annotated[Floats, "t, a, k"]
    places: Annotated[Ints, "t, l"]
    diplomacy: Diplomacy


def finite_days(record: Record) -> Bools:
    """finite[..., t]: whether sympathy and tension are finite on each day of a run or of many."""
    good = np.isfinite(record.sympathy).all(axis=(-1, -2)) & np.isfinite(record.tension)
    return np.asarray(good)
