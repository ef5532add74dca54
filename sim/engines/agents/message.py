"""The objects that agents send to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.world.arrays import NOWHERE


@dataclass(slots=True, eq=False)
class Message:
    """Something said on one day, by one sender, to one or more receivers.

    Numbers stand for names: rows of the world. ``receivers`` and ``efforts`` run side by side.

    Attributes
    ----------
    id
        ``d12-003`` is the third of day 12.
    day
        The day it was said.
    sender
        Claimant.
    channel
        ``statement``, or the name of the delegation that talks.
    kind
        PROMOTE, ATTACK or DENY.
    narrative
        Row of the menu, or NOWHERE for a reply that the menu has no denial for.
    issue
        What it is on.
    claim
        What it asserts or denies, or NOWHERE.
    evidence
        Evidence that makes exposure, 0 to 1.
    verified
        Evidence as an inquiry has left it, which feeds credibility.
    bonus
        Factor on exposure; 1 for statements.
    in_reply_to
        Id of the message it answers.
    receivers
        Audiences.
    efforts
        Effort that reaches each of them.
    """

    id: str
    day: int
    sender: int
    channel: str
    kind: int
    narrative: int
    issue: int
    claim: int
    evidence: float
    verified: float
    bonus: float = 1.0
    in_reply_to: str = ""
    receivers: list[int] = field(default_factory=list)
    efforts: list[float] = field(default_factory=list)

    def total_effort(self) -> float:
        """Effort summed over the receivers, in their order."""
        total = 0.0
        for effort in self.efforts:
            total += effort
        return total


@dataclass(slots=True, eq=False)
class WorldNews:
    """Exposure for or against a claimant that the world brings: an event, or incidents.

    Attributes
    ----------
    source
        Event, or NOWHERE for incidents.
    claimant
        Of whom it speaks.
    pro
        Exposure for it.
    con
        Exposure against it.
    accuses
        Claim by whose credence the con is weighed.
    """

    source: int
    claimant: int
    pro: float
    con: float
    accuses: int = NOWHERE


@dataclass(slots=True, eq=False)
class Notice:
    """A message that moves no exposure of its own: a stance, an offer or an answer.

    Attributes
    ----------
    id
        Counts with the messages of its day.
    day
        The day it was given.
    type
        STANCE, OFFER or ANSWER.
    sender
        Name of an audience or claimant.
    receivers
        Names.
    text
        What it says in words.
    in_reply_to
        Id of the offer that an answer answers.
    """

    id: str
    day: int
    type: str
    sender: str
    receivers: tuple[str, ...]
    text: str
    in_reply_to: str = ""
