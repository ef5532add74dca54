"""The objects that agents send to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.laws.news import heard_again, heard_at_once
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


class WorldNews(NamedTuple):
    """What the world says on one day of an event, or of all incidents.

    Attributes
    ----------
    source
        Event, or NOWHERE for incidents.
    pro : [k]
        Exposure for each claimant.
    con : [k]
        Exposure against each claimant.
    claim
        The claim that the con against ``accused`` asserts, or NOWHERE.
    accused
        The claimant whom that claim accuses, or NOWHERE.
    asserts
        Exposure asserting the parity claim.
    reaches : [a]
        Whether the audience hears of it; None where all do.
    """

    source: int
    pro: tuple[float, float]
    con: tuple[float, float]
    claim: int = NOWHERE
    accused: int = NOWHERE
    asserts: float = 0.0
    reaches: tuple[bool, ...] | None = None

    @property
    def says_something(self) -> bool:
        """Whether any exposure is left of it."""
        return any((*self.pro, *self.con, self.asserts))

    def at_once(self, retention: float) -> WorldNews:
        """Return what is heard on the day itself, of news of this size."""
        return self._scale(heard_at_once, retention)

    def again(self, retention: float) -> WorldNews:
        """Return what is heard of it a day later."""
        return self._scale(heard_again, retention)

    def join(self, other: WorldNews) -> WorldNews:
        """Return the exposures of both as those of this one."""
        pro, con = other.pro, other.con
        return self._replace(
            pro=(self.pro[0] + pro[0], self.pro[1] + pro[1]),
            con=(self.con[0] + con[0], self.con[1] + con[1]),
        )

    def _scale(self, heard: Callable[[float, float], float], retention: float) -> WorldNews:
        (pro, other_pro), (con, other_con) = self.pro, self.con
        return self._replace(
            pro=(heard(pro, retention), heard(other_pro, retention)),
            con=(heard(con, retention), heard(other_con, retention)),
            asserts=heard(self.asserts, retention),
        )


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
