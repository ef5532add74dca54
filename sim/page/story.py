"""One run told in full: what is said, to whom, what it moves, and where the teams are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.api import Run, run
from sim.engines.agents.model import LEAN
from sim.engines.ensemble.plan import places
from sim.errors import InputError
from sim.page.cache import Cache
from sim.page.catalogue import Catalogue
from sim.page.naming import name_narratives
from sim.page.protocol import OF_RUNS, Answer, ArmsAsk, Story
from sim.page.stage import stage_arrays
from sim.page.timelines import EVERYBODY, not_finite_reason
from sim.report.numerals import join_words
from sim.scenario.entities import NARRATIVE_TYPES
from sim.tables.metrics import weighted_sum
from sim.world.arrays import NOWHERE, Floats, World, finite_days

KEPT_RUNS = 4  # of about 20 MB each: both arms, and those before
KEPT_STORIES = 4  # of about 1 MB
AT_HOME, NOT_IN_FIELD = -1, -2


class Phrase(NamedTuple):
    """What a message says, by its columns."""

    sender: str
    channel: str
    type: str
    narrative: str
    issue: str
    claim: str


@dataclass
class StoryAnswers:
    """Tells runs by the Mesa engine, with messages and ledger; the latest few are kept."""

    catalogue: Catalogue

    def __post_init__(self) -> None:
        self._runs: Cache[tuple[object, ...], Run] = Cache(KEPT_RUNS)
        self._stories: Cache[Story, Answer] = Cache(KEPT_STORIES)

    def full_run(self, ask: ArmsAsk, arm: int) -> Run:
        """The run of an ask in one of its two arms, with its ledger and read narratives.

        Raises
        ------
        InputError
            Where the scenario refuses the values together, or the run leaves the finite numbers.
        """
        # of all that an ask of runs says, one run depends on one arm alone
        rest = (getattr(ask, key) for key in OF_RUNS if key != "arms")
        return self._runs.get((ask.arms[arm], *rest), lambda _: self.compute_run(ask, arm))

    def compute_run(
        self, ask: ArmsAsk, arm: int, without: tuple[str, ...] = (), ledger: bool = True
    ) -> Run:
        """As ``told``, computed: what the Python interface gives, but for narratives' names."""
        scenario = self.catalogue.scenario_of_ask(ask, ask.arms[arm])
        found = run(scenario, "", ask.seed, ask.replicate, ledger=ledger, without=without)
        finite = finite_days(found.record)
        if not finite.all():
            raise InputError(not_finite_reason(int(finite.argmin())))
        return replace(
            found, messages=name_narratives(found.messages, self.catalogue.names[ask.scenario])
        )

    def answer(self, ask: Story) -> Answer:
        """The run in full."""
        return self._stories.get(ask, lambda ask: _tell_in_full(self.full_run(ask, ask.arm)))


def _tell_in_full(told: Run) -> Answer:
    names = told.world.names
    said = told.messages[told.messages["type"].isin(NARRATIVE_TYPES)]
    columns = {name: said[name].to_numpy(dtype=object) for name in Phrase._fields}
    numbers, ids = pd.factorize(said["message_id"])  # in the order in which they were sent
    heads = np.flatnonzero(np.diff(numbers, prepend=-1))  # a message's first receiver
    every = [Phrase(*row) for row in zip(*(columns[name][heads] for name in columns), strict=True)]
    phrases = {phrase: i for i, phrase in enumerate(dict.fromkeys(every))}
    index = pd.Index(ids)
    message = np.column_stack([
        said["step"].to_numpy()[heads],
        [phrases[phrase] for phrase in every],
        heads,
        index.get_indexer(said["in_reply_to"].to_numpy(dtype=object)[heads]),
    ]).astype(np.float64).reshape(len(heads), 4)  # fmt: skip
    audience = pd.Index(names.audiences).get_indexer(said["receiver"])
    cells = numbers * len(names.audiences) + audience
    moves = _moves_by_message(told.ledger, index, cells, names.audiences, names.claimants)
    row = np.column_stack([audience + 1, said["effort"], said["exposure"], moves])
    header = {
        "kind": "story",
        "claimants": names.claimants,
        "places": [EVERYBODY, *names.audiences],
        "teams": [
            {"name": name, "side": int(side)}
            for name, side in zip(names.delegations, told.world.owner, strict=True)
        ],
        "phrases": [
            {"side": names.claimants.index(phrase.sender), **_fields(phrase),
             "text": sentence(phrase, names.claimants)}
            for phrase in phrases
        ],
        "ids": list(ids),
        "notices": notices(told.messages),
        "stances": stances(told.messages),
    }  # fmt: skip
    arrays = {
        "message": message,
        "row": row,
        "attention": _attention(told),
        "team_place": team_places(told.world),
        **stage_arrays(message, row, header["phrases"], told.world),
    }
    return Answer(header, arrays)


def _fields(phrase: Phrase) -> dict[str, str]:
    found = phrase._asdict()
    del found["sender"]
    return found


def _moves_by_message(
    ledger: pd.DataFrame, ids: pd.Index, cells: npt.NDArray[np.int64],
    audiences: tuple[str, ...], claimants: tuple[str, ...],
) -> Floats:  # fmt: skip
    """moved[r, k]: what the ledger books to each message at each of its receivers.

    ``cells[r]``: the number of row r's message times the audiences, plus its receiver.
    """
    booked = ledger[(ledger["cause"] == "message").to_numpy()]
    number = ids.get_indexer(booked["cause_id"])
    cell = number * len(audiences) + pd.Index(audiences).get_indexer(booked["actor"])
    row_of = np.full(len(ids) * len(audiences), -1, dtype=np.int64)
    row_of[cells] = np.arange(len(cells))
    side = pd.Index(claimants).get_indexer(booked["toward"])
    moved = np.zeros((len(cells), 2))
    np.add.at(moved, (row_of[cell], side), booked["delta"].to_numpy())
    return moved


def _attention(told: Run) -> Floats:
    """attention[t, place], place 0 weighted by importance."""
    attention = told.record.attention
    return np.column_stack([weighted_sum(attention, told.world.importance), attention])


def team_places(world: World) -> Floats:
    """team_place[t, l]: where each team is, a place, AT_HOME or NOT_IN_FIELD."""
    where = places(world)
    home = np.where(world.field_days, AT_HOME, NOT_IN_FIELD)
    return np.where(where == NOWHERE, home, where + 1).astype(np.float64)


# In words


def sentence(phrase: Phrase, claimants: tuple[str, ...]) -> str:
    """Who states what, the same in kind for both sides."""
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
    columns = (rows[name] for name in ("step", "message_id", "type", "sender", "text"))
    return [
        {"day": int(day), "id": name, "type": kind, "sender": sender,
         "says": text, "text": f"{sender} {text}{' the offer' if kind == 'ANSWER' else ''}"}
        for day, name, kind, sender, text in zip(*columns, strict=True)
    ]  # fmt: skip


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
