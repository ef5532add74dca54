"""What a scenario is made of: frozen records with names and day numbers, no behaviour.

Field names are the keys of the scenario file (``keys`` names the two exceptions). Days count from
0 = ``start_date``. Weights (importance, shares, peers) are raw numbers >= 0 and are normalised in
``world.building``, where names end and arrays begin. Limits of values stand in ``keys``, rules
between them in ``checking``. Sections and equations cited are those of docs/model.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Weights = Mapping[str, float]

PROMOTE, ATTACK, DENY = "PROMOTE", "ATTACK", "DENY"
NARRATIVE_TYPES = (PROMOTE, ATTACK, DENY)
BREADTHS = ("leader", "cross_party", "single_party")


@dataclass(frozen=True)
class DatedAnswer:
    """Whether a claimant accepts the offer that is made on a day."""

    day: int
    accepts: bool


@dataclass(frozen=True)
class DatedPlan:
    """What a claimant does from a day on; what a plan does not name stays as it was before.

    Attributes
    ----------
    first_day
        The day it begins to hold.
    shares
        Weights in its menu, by narrative: raw, and divided by the sum over the whole menu.
    reply
        The part of its statements that answers attacks, 0 to 1, in place of the parameter.
    stops
        Where teams of its own go: an audience, or None for home. A stop holds until the team's
        next one, of a plan or of its itinerary; on one day the plan's counts.
    """

    first_day: int
    shares: Weights = field(default_factory=dict)
    reply: float | None = None
    stops: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Claimant:
    """One of the two sides k; the first in the file has sign +1, the second -1.

    Attributes
    ----------
    effort
        Effort that its statements spend, per day.
    campaign_start
        The day its statements begin; day ``steps`` never comes.
    strategy, acceptance
        Names of plug-ins: how it sends its teams, how it answers an offer of mediation.
    answers
        What the acceptance rule ``scripted`` answers, in order of days.
    audience_cost
        What accepting costs it at home; None for the parameter of that name.
    stance
        What it committed itself to on outside mediation before day 0: -1 refuses it on
        principle, 1 asks for it.
    plans
        What it does from some days on, in order of days.
    """

    name: str
    effort: float = 1.0
    campaign_start: int = 0
    strategy: str = "scripted"
    acceptance: str = "logit"
    answers: tuple[DatedAnswer, ...] = ()
    audience_cost: float | None = None
    stance: float = 0.0
    plans: tuple[DatedPlan, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Stop:
    """From ``day`` on the team is at this audience, or at home where ``at`` is None."""

    day: int
    at: str | None


@dataclass(frozen=True)
class Delegation:
    """A travelling team of a claimant; ``bonus`` multiplies the exposure of what it says.

    ``leader`` and ``breadth``, who is in it, are told in reports; no number depends on them.
    """

    name: str
    claimant: str
    bonus: float = 1.0
    itinerary: tuple[Stop, ...] = ()
    leader: str = ""
    breadth: str = ""
    description: str = ""


@dataclass(frozen=True)
class Audience:
    """A capital or region a that judges both claimants.

    Attributes
    ----------
    importance
        Its weight in means over audiences.
    trust
        Credibility of each claimant at the start, 0 to 1.
    judgements
        How it judges each claimant on each issue, -1 to 1: issue -> claimant -> value. What a
        file leaves out is that of the background.
    western
        Whether it counts among the western audiences in the wedge.
    capitals
        How many capitals a tour of it calls at.
    salience
        Resting salience by issue; the first issue always has 1.
    vote_nearness
        How near its votes in the UN General Assembly are to each claimant's, 0 to 1: a share of
        equal votes, or exp(-distance) of ideal points; None where it is not known. ``hindcast``
        compares with it; no run depends on it.
    anchor_pull
        Its own pull back to its interests; None for the parameter of that name.
    initial_sympathy
        Sympathy toward each claimant on day 0, -1 to 1; None for what silence would leave, the
        fixed point of Friedkin and Johnsen.
    iso3
        The ISO 3166 alpha-3 code of its country where it is one country; no number depends on it.
    """

    name: str
    importance: float
    trust: Weights
    judgements: Mapping[str, Weights] = field(default_factory=dict)
    western: bool = False
    capitals: int = 1
    salience: Weights = field(default_factory=dict)
    vote_nearness: Weights | None = None
    anchor_pull: float | None = None
    initial_sympathy: Weights | None = None
    iso3: str = ""
    description: str = ""


@dataclass(frozen=True)
class Issue:
    """Something audiences judge claimants on, q; the first one is the background."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class Narrative:
    """A line of argument n of one claimant.

    Attributes
    ----------
    type
        One of ``NARRATIVE_TYPES``: its sender's own case, an attack on the rival, a denial.
    share
        Weight in its sender's menu.
    evidence
        How well it is supported, 0 to 1.
    claim
        The claim that it asserts or denies; an ATTACK always has one.
    first_day, last_day
        When it is told, both days included; None for no last day.
    audiences
        Who hears it; None for all.
    """

    name: str
    sender: str
    type: str
    issue: str
    share: float
    evidence: float
    claim: str | None = None
    first_day: int = 0
    last_day: int | None = None
    audiences: tuple[str, ...] | None = None
    description: str = ""


@dataclass(frozen=True)
class Claim:
    """A contested statement j: an accusation of ``accused``, or the parity claim.

    The parity claim says that the two are on a par; it accuses nobody and has no issue. ``prior``
    is the credence of each audience on day 0, 0 to 1.
    """

    name: str
    prior: Weights
    accused: str | None = None
    issue: str | None = None
    parity: bool = False
    description: str = ""


@dataclass(frozen=True)
class Verification:
    """An inquiry's finding on a claim moves credence and evidence to it by ``weight``, 0 to 1.

    A ``finding`` of 1 confirms the claim, 0 refutes it.
    """

    claim: str
    finding: float
    weight: float


@dataclass(frozen=True)
class Event:
    """A dated event.

    Attributes
    ----------
    tension
        Tension it adds, or takes where negative.
    salience
        Salience it adds, by issue; never of the first.
    pro, con
        Exposure for and against a claimant, over all days that it is heard of.
    claim
        The claim that this exposure supports.
    asserts
        Exposure that asserts the parity claim.
    verification
        An inquiry that reports that day.
    audiences
        To whom it is salient and news; None for all. Tension and inquiries concern everybody.
    """

    name: str
    day: int
    tension: float = 0.0
    salience: Weights = field(default_factory=dict)
    pro: Weights = field(default_factory=dict)
    con: Weights = field(default_factory=dict)
    claim: str | None = None
    asserts: float = 0.0
    verification: Verification | None = None
    audiences: tuple[str, ...] | None = None
    description: str = ""


@dataclass(frozen=True)
class Incidents:
    """What one random incident does, whichever side is hit.

    ``pro`` is exposure for the side that was hit, ``con`` exposure against the other; ``salience``
    is what it adds, by issue.
    """

    pro: float = 0.0
    con: float = 0.0
    salience: Weights = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True)
class Mediator:
    """The role of mediator: which audience takes it and by which policy it offers.

    Attributes
    ----------
    days
        Those on which the scripted policy offers.
    escalation
        The issue whose salience worries it.
    first_day
        The day the role begins; it ends as the next one begins.
    later
        The roles that follow, in order of their first days; only the first one has any.
    """

    audience: str
    policy: str = "none"
    days: tuple[int, ...] = ()
    escalation: str | None = None
    first_day: int = 0
    description: str = ""
    later: tuple[Mediator, ...] = ()

    @property
    def roles(self) -> tuple[Mediator, ...]:
        """The role and those that follow."""
        return (self, *self.later)

    @property
    def may_offer(self) -> bool:
        """Whether it may make an offer in its role, whatever happens."""
        return self.policy != "none" and (self.policy != "scripted" or bool(self.days))

    def on(self, day: int) -> Mediator:
        """The role of a day."""
        return next(role for role in reversed(self.roles) if role.first_day <= day)

    def last_day_of_offer(self, day: int, length: int, offers: Iterable[int]) -> int:
        """The last day on which an offer of a day acts, ``length`` being how long one may.

        The next of the offers takes its place, and it lapses as the role passes on.
        """
        ends = [role.first_day - 1 for role in self.later if role.first_day > day]
        return min([day + length, *ends, *(other for other in offers if other > day)])


@dataclass(frozen=True)
class UpdateRule:
    """How strongly an audience follows a source at a distance: a plug-in and its options."""

    name: str = "friedkin_johnsen"
    options: Weights = field(default_factory=dict)


@dataclass(frozen=True)
class Game:
    """How far a game has been played, of which a file holds the plans; no run depends on it.

    Attributes
    ----------
    side
        The claimant that is played.
    every
        Days of a turn.
    turns
        How many have been played.
    arm
        The arm in which it is played; "" for the scenario as it stands.
    replicate
        The number of the draws on which it is played.
    """

    side: str
    every: int = 7
    turns: int = 0
    arm: str = ""
    replicate: int = 0
