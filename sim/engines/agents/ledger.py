"""The ledger: every change of sympathy booked to its cause, as it happens.

Source: section 6. The rows of one audience, claimant and day add up to the change of that day;
there is no residual row. Booking reads what the update computed and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, chain, repeat
from typing import TYPE_CHECKING, NamedTuple

from sim.laws.exposure import backfired, believed
from sim.laws.sympathy import pull
from sim.world.arrays import ATTACK, NOWHERE, PROMOTE

if TYPE_CHECKING:
    from sim.engines.agents.audience import AudienceAgent
    from sim.engines.agents.message import Message

INCIDENTS = "incidents"


class LedgerEntry(NamedTuple):
    """One row: which cause moved sympathy of audience ``a`` toward claimant ``k``, by how much."""

    step: int
    a: int
    k: int
    cause: str
    cause_id: str
    delta: float
    before: float
    after: float


class Ledger:
    """The entries of a run, in the order in which they are booked, column by column.

    There are as many entries as all audiences have peers, each day anew: a tuple of each takes
    most of the time of a run of many audiences, and of making its table.

    Attributes
    ----------
    cells, counts
        Day, audience and claimant of each booking, and how many entries it has.
    causes, cause_ids, deltas, befores, afters
        The other fields of the entries.
    """

    def __init__(self) -> None:
        self.cells: list[tuple[int, int, int]] = []
        self.counts: list[int] = []
        self.causes: list[str] = []
        self.cause_ids: list[str] = []
        self.deltas: list[float] = []
        self.befores: list[float] = []
        self.afters: list[float] = []

    def __len__(self) -> int:
        return len(self.deltas)

    def __iter__(self) -> Iterator[LedgerEntry]:
        cells = chain.from_iterable(map(repeat, self.cells, self.counts))
        own = self.causes, self.cause_ids, self.deltas, self.befores, self.afters
        for cell, *fields in zip(cells, *own, strict=True):
            yield LedgerEntry(*cell, *fields)

    def book(
        self,
        audience: AudienceAgent,
        day: int,
        k: int,
        *,
        anchor: tuple[float, float, float, float],
        peers: list[tuple[int, float]],
        messages: tuple[float, float],
        noise: float,
    ) -> None:
        """Book one audience's day toward one claimant.

        Parameters
        ----------
        audience, day, k
            Whose sympathy, when, and toward whom.
        anchor
            Weight with kernel, u before it is cut to [-1, 1], after, and after parity.
        peers
            Audience and weight with kernel of each.
        messages
            Weights toward +1 and toward -1.
        noise
            The random change of the day.

        Notes
        -----
        Causes are interests (those that stand at rest), salience (what an issue adds that is
        above or below its rest), parity, peer, message, world, goodwill, pique, noise and clip
        (of the anchor and of sympathy).
        """
        world, crowding = audience.model.world, audience.model.values.crowding
        s = audience.sympathy[k]
        weight, summed, bounded, after = anchor
        at_rest = audience.at_rest[k]
        parts = [("interests", "", pull(weight, 1.0, at_rest, s))]
        for q, excess in enumerate(audience.excess):
            if excess != 0.0:
                judged, displaced = audience.judgements[q][k], crowding * at_rest
                raised = pull(weight * excess, 1.0, judged, displaced)
                parts.append(("salience", world.names.issues[q], raised))
        if bounded != summed:
            parts.append(("clip", "anchor", pull(weight, 1.0, bounded, summed)))
        if after != bounded:
            parts.append(("parity", "", pull(weight, 1.0, after, bounded)))
        for b, w in peers:
            if b != audience.index:
                source = audience.model.sympathies[k][b]
                parts.append(("peer", world.names.audiences[b], pull(w, 1.0, source, s)))
        toward, away = messages
        parts += split_pull(pull(toward, 1.0, 1.0, s), audience.pro[k], exposures_for(audience, k))
        parts += split_pull(
            pull(away, 1.0, -1.0, s), audience.con[k], exposures_against(audience, k)
        )
        if noise != 0.0:
            parts.append(("noise", "", noise))
        causes, ids, deltas = map(list, zip(*parts, strict=True))
        levels = list(accumulate(deltas, initial=s))
        running, end = levels[-1], audience.next_sympathy[k]
        if abs(running) > 1.0 and abs(end) == 1.0:
            causes.append("clip")
            ids.append("")
            deltas.append(end - running)
            levels.append(end)
        self.cells.append((day, audience.index, k))
        self.counts.append(len(deltas))
        self.causes += causes
        self.cause_ids += ids
        self.deltas += deltas
        self.befores += levels[:-1]
        self.afters += levels[1:]


def split_pull(
    pulled: float, total: float, exposures: list[tuple[str, str, float]]
) -> list[tuple[str, str, float]]:
    """Split one side's pull over its exposures, in proportion."""
    if total <= 0.0:
        return []
    return [(cause, name, pulled * x / total) for cause, name, x in exposures if x != 0.0]


def exposures_for(audience: AudienceAgent, k: int) -> list[tuple[str, str, float]]:
    """What exposure in favour of claimant k is made of; sums to ``audience.pro[k]``."""
    parts = [
        ("message", message.id, x)
        for message, x in _exposures_of(audience, k)
        if message.kind == PROMOTE
    ]
    parts += [("world", _name(audience, item.source), item.pro[k]) for item in audience.news]
    parts.append(("goodwill", "", audience.goodwill[k]))
    return parts


def exposures_against(audience: AudienceAgent, k: int) -> list[tuple[str, str, float]]:
    """What exposure against claimant k is made of, net of denial; sums to ``audience.con[k]``."""
    values = audience.model.values
    parts = []
    for message, x in (*_exposures_of(audience, 0), *_exposures_of(audience, 1)):
        if message.kind != ATTACK:
            continue
        credence = audience.credence[message.claim]
        if message.sender == k:
            parts.append(("message", message.id, backfired(x, credence, values.backlash)))
        else:
            landed = believed(x, credence) * audience.standing[k][message.issue]
            parts.append(("message", message.id, values.attack_potency * landed))
    parts += [
        ("world", _name(audience, item.source), audience.weigh_con(item, k))
        for item in audience.news
    ]
    parts.append(("pique", "", audience.pique[k]))
    return parts


def _exposures_of(audience: AudienceAgent, sender: int) -> Iterator[tuple[Message, float]]:
    """A claimant's messages of the day with their exposures."""
    exposures = audience.heard[sender].exposures
    for (message, _), x in zip(audience.inbox[sender], exposures, strict=True):
        yield message, x


def _name(audience: AudienceAgent, source: int) -> str:
    return INCIDENTS if source == NOWHERE else audience.model.world.names.events[source]
