"""The objects that agents send to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.world.arrays import NOWHERE


@dataclass(slots=True, eq=False)
class Message:
    """Something said on one day, by one sender, to one or more receivers.

    Numbers stand for names: ``sender`` and ``about`` are claimants, ``narrative``, ``issue`` and
    ``claim`` rows of the world. ``receivers`` and ``efforts`` run side by side. ``verified`` is
    the evidence as an inquiry has left it, which feeds credibility.
    """

    id: str
    day: int
    sender: int
    channel: str  # statement, a delegation's name, stance, world or diplomacy
    kind: int  # PROMOTE, ATTACK or DENY
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
    """Exposure for or against a claimant that the world brings: an event, or incidents."""

    source: int  # event, or NOWHERE for incidents
    claimant: int
    pro: float
    con: float
    accuses: int = NOWHERE  # claim by whose credence the con is weighed


@dataclass(slots=True, eq=False)
class Notice:
    """A message that moves no exposure of its own: a stance, an offer or an answer."""

    id: str
    day: int
    type: str  # STANCE, OFFER or ANSWER
    sender: str
    receivers: tuple[str, ...]
    text: str
    in_reply_to: str = ""
