"""One run told in full: what is said, to whom, what it moves, and where the teams are.

Index letters: m message, r row (one message at one receiver), k claimant (0, 1), l team, t day.
What the stage draws of it is added up in ``stage``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.api import Run, run
from sim.engines.agents.model import LEAN
from sim.errors import InputError
from sim.page.cache import Cache
from sim.page.catalogue import Catalogue
from sim.page.naming import name_narratives
from sim.page.protocol import Answer, OneArmAsk, Story, pick
from sim.page.stage import stage_arrays
from sim.page.timelines import EVERYBODY, not_finite_reason
from sim.report.numerals import join_words
from sim.scenario.entities import NARRATIVE_TYPES
from sim.tables.metrics import weighted_sum
from sim.world.arrays import NOWHERE, Floats, Ints, finite_days

KEPT_RUNS = 4  # of about 20 MB each: both arms, and those before
AT_HOME, NOT_IN_FIELD = -1, -2


class Phrase(NamedTuple):
    """What a message says, by its columns in the table of messages."""

    sender: str
    channel: str
    type: str
    narrative: str
    issue: str
    claim: str


@dataclass
class StoryAnswers:
    """Runs by the Mesa engine, with messages and ledger; the latest few are kept."""

    catalogue: Catalogue

    def __post_init__(self) -> None:
        self._runs: Cache[tuple[object, ...], Run] = Cache(KEPT_RUNS)

    def full_run(self, ask: OneArmAsk) -> Run:
        """Return the run of an ask with its ledger, computed unless it is kept.

        Raises
        ------
        InputError
            If the scenario refuses the values together, or the run leaves the finite numbers.
        """
        return self._runs.get(ask.run_key, lambda _: self.compute_run(ask))

    def compute_run(
        self, ask: OneArmAsk, without: tuple[str, ...] = (), ledger: bool = True
    ) -> Run:
        """Compute the run of an ask; ``without`` names parts that are left out.

        It is what the Python interface gives, with narratives under their displayed names.

        Raises
        ------
        InputError
            As ``full_run``; also if ``without`` names nothing of the run.
        """
        scenario = self.catalogue.scenario_of_ask(ask, ask.arms[ask.arm])
        found = run(scenario, "", ask.seed, ask.replicate, ledger=ledger, without=without)
        finite = finite_days(found.record)
        if not finite.all():
            raise InputError(not_finite_reason(int(finite.argmin())))
        names = self.catalogue.names[ask.scenario]
        return replace(found, messages=name_narratives(found.messages, names))

    def answer(self, ask: Story) -> Answer:
        """Return the run in full.

        Returns
        -------
        Answer
            ``message[m, 4]``: day, phrase, first row, message it replies to (or -1).
            ``row[r, 5]``: place of the receiver, effort, exposure, sympathy moved toward the
            first and toward the second claimant. ``attention[t, place]``; ``team_place[t, l]``;
            and what ``stage_arrays`` adds up.

        Raises
        ------
        InputError
            As ``full_run``.
        """
        return _tell_in_full(self.full_run(ask))


def _tell_in_full(told: Run) -> Answer:
    world, names = told.world, told.world.names
    said = told.messages[told.messages["type"].isin(NARRATIVE_TYPES)]
    numbers, ids = pd.factorize(said["message_id"])  # in the order in which they were sent
    heads = np.flatnonzero(np.diff(numbers, prepend=-1))  # a message's first receiver
    first = said.iloc[heads]
    every = read_phrases(first)
    phrases = {phrase: i for i, phrase in enumerate(dict.fromkeys(every))}
    index = pd.Index(ids)
    replies_to = index.get_indexer(first["in_reply_to"])
    columns = [first["step"], [phrases[phrase] for phrase in every], heads, replies_to]
    message = np.column_stack(columns).astype(np.float64)
    audience = pd.Index(names.audiences).get_indexer(said["receiver"])
    moves = _moves_by_row(told, index, numbers * len(names.audiences) + audience)
    row = np.column_stack([audience + 1, said["effort"], said["exposure"], moves])
    header = {
        "kind": "story",
        "claimants": names.claimants,
        "places": [EVERYBODY, *names.audiences],
        "teams": [
            {"name": name, "side": int(side)}
            for name, side in zip(names.delegations, world.owner, strict=True)
        ],
        "phrases": [_phrase_words(phrase, names.claimants) for phrase in phrases],
        "ids": list(ids),
        "notices": notices(told.messages),
        "stances": stances(told.messages),
    }
    attention = told.record.attention
    arrays = {
        "message": message,
        "row": row,
        "attention": np.column_stack([weighted_sum(attention, world.importance), attention]),
        "team_place": team_places(told),
        **stage_arrays(message, row, header["phrases"], world),
    }
    return Answer(header, arrays)


def _moves_by_row(told: Run, ids: pd.Index, cells: Ints) -> Floats:
    """moved[r, k]: what the ledger books to each message at each of its receivers.

    ``cells[r]``: the number of row r's message times the audiences, plus its receiver.
    """
    audiences, claimants = told.world.names.audiences, told.world.names.claimants
    booked = told.ledger[(told.ledger["cause"] == "message").to_numpy()]
    number = ids.get_indexer(booked["cause_id"])
    cell = number * len(audiences) + pd.Index(audiences).get_indexer(booked["actor"])
    row_of = np.full(len(ids) * len(audiences), -1, dtype=np.int64)
    row_of[cells] = np.arange(len(cells))
    side = pd.Index(claimants).get_indexer(booked["toward"])
    moved = np.zeros((len(cells), 2))
    np.add.at(moved, (row_of[cell], side), booked["delta"].to_numpy())
    return moved


def team_places(told: Run) -> Floats:
    """team_place[t, l]: where each team is, a place, AT_HOME or NOT_IN_FIELD."""
    where = told.record.places
    home = np.where(told.world.field_days, AT_HOME, NOT_IN_FIELD)
    return np.where(where == NOWHERE, home, where + 1).astype(np.float64)


# In words


def read_phrases(messages: pd.DataFrame) -> list[Phrase]:
    """What each row of a table of messages says."""
    rows = messages[list(Phrase._fields)].itertuples(index=False, name=None)
    return [Phrase(*row) for row in rows]


def _phrase_words(phrase: Phrase, claimants: tuple[str, ...]) -> dict[str, Any]:
    side = claimants.index(phrase.sender)
    fields = pick(phrase, "channel", "type", "narrative", "issue", "claim")
    return {"side": side, **fields, "text": sentence(phrase, claimants)}


def sentence(phrase: Phrase, claimants: tuple[str, ...]) -> str:
    """Who states what, in the same kind of words for both sides."""
    rival = next(name for name in claimants if name != phrase.sender)
    who = phrase.sender
    if phrase.channel != "statement":
        who = f"{phrase.channel} ({phrase.sender})"
    claim = f' "{phrase.claim}"' if phrase.claim else ""
    does = {
        "PROMOTE": f"asserts{claim}" if claim else "promotes its case",
        "ATTACK": f"accuses {rival}:{claim}" if claim else f"accuses {rival}",
        "DENY": f"answers{claim}" if claim else "justifies itself",  # it denies, or justifies
    }[phrase.type]
    if not phrase.narrative:  # a reply on what the menu has no answer to
        return f"{who} {does} ({phrase.issue})"
    return f'{who} states: "{phrase.narrative}" ({does}; {phrase.issue})'


def notices(messages: pd.DataFrame) -> list[dict[str, Any]]:
    """Offers and answers, in the order of the log."""
    rows = messages[messages["type"].isin(["OFFER", "ANSWER"])].drop_duplicates("message_id")
    return [
        {
            "day": int(row.step),
            "id": row.message_id,
            **pick(row, "type", "sender"),
            "says": row.text,
            "text": f"{row.sender} {row.text}{' the offer' if row.type == 'ANSWER' else ''}",
        }
        for row in rows.itertuples()
    ]


def stances(messages: pd.DataFrame) -> list[dict[str, Any]]:
    """Where audiences that somebody hears stand: a row for all that say the same on one day."""
    rows = messages[messages["type"] == "STANCE"].drop_duplicates("message_id")
    return [
        {"day": int(day), "senders": list(senders), "text": _stance(list(senders), says)}
        for (day, says), senders in rows.groupby(["step", "text"], sort=False)["sender"]
    ]


def _stance(senders: list[str], says: str) -> str:
    lean = "lean" if len(senders) > 1 else "leans"
    if says == "balanced":
        return f"{join_words(senders)} {lean} to neither side: alignment within {LEAN:g} of 0"
    side = says.removeprefix("leans to ")
    return f"{join_words(senders)} {lean} to {side}: alignment {LEAN:g} or more toward it"
