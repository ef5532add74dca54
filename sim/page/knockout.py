"""What one message, narrative or event did: this run, and the same run without it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.api import Run
from sim.page.cache import Cache
from sim.page.protocol import Answer, Knockout
from sim.page.story import Phrase, StoryAnswers, sentence
from sim.page.timelines import number_arrays, with_overall_place
from sim.studies.explain import long_date
from sim.tables.metrics import alignment
from sim.world.arrays import Floats

KEPT = 16  # answers, of about 200 kB each


@dataclass
class KnockoutAnswers:
    """Runs without one part, on the same draws as the run told in full."""

    stories: StoryAnswers

    def __post_init__(self) -> None:
        self._kept: Cache[Knockout, Answer] = Cache(KEPT)

    def answer(self, ask: Knockout) -> Answer:
        """Both runs, and the difference that what was dropped makes.

        Raises
        ------
        InputError
            Where the word names nothing of the run, or values are refused.
        """
        return self._kept.get(ask, self._compute)

    def _compute(self, ask: Knockout) -> Answer:
        whole = self.stories.full_run(ask, ask.arm)
        cut = self.stories.compute_run(ask, ask.arm, (ask.without,), ledger=False)
        levels = [_levels(found) for found in (whole, cut)]
        difference = levels[0]["alignment"] - levels[1]["alignment"]
        arrays = number_arrays(levels) | {
            "difference": difference,
            "peak": np.abs(difference).argmax(axis=0).astype(np.float64),  # [place] day
            "sympathy_difference": levels[0]["sympathy"] - levels[1]["sympathy"],
        }
        command = self.stories.catalogue.run_command(ask, ask.arms[ask.arm])
        header = {
            "kind": "knockout",
            "without": ask.without,
            "text": _describe_dropped(
                whole, ask.without, self.stories.catalogue.names[ask.scenario]
            ),
            "command": f"{command} --without {shlex.quote(ask.without)}",
            "parted": _first_divergence(whole, cut),
        }
        return Answer(header, arrays)


def _levels(found: Run) -> dict[str, Floats]:
    """States by day 0..T; place 0 is all capitals by importance, as in the timelines."""
    record = found.record
    sympathy = with_overall_place(record.sympathy[None], found.world)[..., 0]
    return {"alignment": alignment(sympathy), "sympathy": sympathy, "tension": record.tension}


def _first_divergence(one: Run, other: Run) -> int | None:
    """The first day whose sympathy or tension is not in a bit the same."""
    differs = (one.record.sympathy != other.record.sympathy).any(axis=(1, 2))
    differs |= one.record.tension != other.record.tension
    return int(np.argmax(differs)) if differs.any() else None


def _describe_dropped(whole: Run, word: str, names: Mapping[str, str]) -> str:
    """What is dropped, in words."""
    kind, _, name = word.partition(":")
    start = whole.scenario.start_date
    if kind == "message":
        rows = whole.messages[whole.messages["message_id"] == name]
        phrase = Phrase(*(rows[column].iloc[0] for column in Phrase._fields))
        to = ", ".join(rows["receiver"]) if len(rows) < 4 else f"{len(rows)} capitals"
        said = sentence(phrase, whole.world.names.claimants)
        return f"{long_date(start, int(rows['step'].iloc[0]))}, to {to}: {said}"
    if kind == "event":
        event = next(event for event in whole.scenario.events if event.name == name)
        words = f": {event.description}" if event.description else ""
        return f'the event "{name}" of {long_date(start, event.day)}{words}'
    sender = next(one.sender for one in whole.scenario.narratives if one.name == name)
    return f'what {sender} states as "{names[name]}", on every day; replies go on'
