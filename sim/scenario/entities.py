"""What a scenario is made of: frozen records with names and day numbers, no behaviour.

Field names are the keys of the scenario file. Days count from 0 = ``start_date``. Weights
(importance, shares, peers) are raw numbers >= 0 and are normalised in ``world.building``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Weights = Mapping[str, float]

PROMOTE, ATTACK, DENY = "PROMOTE", "ATTACK", "DENY"
NARRATIVE_TYPES = (PROMOTE, ATTACK, DENY)


@dataclass(frozen=True)
class Claimant:
    """One of the two sides; the first in the file has sign +1."""

    name: str
    effort: float = 1.0
    campaign_start: int = 0
    strategy: str = "scripted"
    acceptance: str = "logit"
    audience_cost: float | None = None  # None: the parameter of that name
    description: str = ""


@dataclass(frozen=True)
class Stop:
    """From ``day`` on the team is at this audience, or at home where ``at`` is None."""

    day: int
    at: str | None


@dataclass(frozen=True)
class Delegation:
    """A team of a claimant; ``bonus`` multiplies its exposure."""

    name: str
    claimant: str
    bonus: float = 1.0
    itinerary: tuple[Stop, ...] = ()
    leader: str = ""
    description: str = ""


@dataclass(frozen=True)
class Audience:
    """A capital or region that judges both claimants."""

    name: str
    importance: float
    trust: Weights  # initial credibility of each claimant, 0..1
    judgements: Mapping[str, Weights]  # issue -> claimant -> -1..1
    western: bool = False
    capitals: int = 1
    salience: Weights = field(default_factory=dict)  # at rest, by issue; the first is always 1
    anchor_pull: float | None = None  # None: the parameter of that name
    initial_sympathy: Weights | None = None  # None: the Friedkin-Johnsen fixed point
    description: str = ""


@dataclass(frozen=True)
class Issue:
    """Something audiences judge claimants on; the first one is the background."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class Narrative:
    """A line of argument of one claimant."""

    name: str
    sender: str
    type: str
    issue: str
    share: float
    evidence: float
    claim: str | None = None
    first_day: int = 0
    last_day: int | None = None
    audiences: tuple[str, ...] | None = None  # None: all
    description: str = ""


@dataclass(frozen=True)
class Claim:
    """A contested statement: an accusation of ``accused``, or the parity claim."""

    name: str
    prior: Weights  # initial credence by audience, 0..1
    accused: str | None = None
    issue: str | None = None
    parity: bool = False
    description: str = ""


@dataclass(frozen=True)
class Verification:
    """An inquiry's finding on a claim moves credence and evidence by ``weight``."""

    claim: str
    finding: float
    weight: float


@dataclass(frozen=True)
class Event:
    """A dated event that every audience hears of."""

    name: str
    day: int
    tension: float = 0.0
    salience: Weights = field(default_factory=dict)
    pro: Weights = field(default_factory=dict)
    con: Weights = field(default_factory=dict)
    claim: str | None = None
    asserts: float = 0.0  # exposure that asserts the parity claim
    verification: Verification | None = None
    description: str = ""


@dataclass(frozen=True)
class Incidents:
    """What one random incident does, whichever side is hit."""

    pro: float = 0.0
    con: float = 0.0
    salience: Weights = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True)
class Mediator:
    """The role of mediator: who takes it and by which policy it offers."""

    audience: str
    policy: str = "none"
    days: tuple[int, ...] = ()  # of the scripted policy
    escalation: str | None = None  # the issue whose salience worries it
    description: str = ""


@dataclass(frozen=True)
class UpdateRule:
    """How strongly an audience follows a source at a distance."""

    name: str = "friedkin_johnsen"
    options: Weights = field(default_factory=dict)
