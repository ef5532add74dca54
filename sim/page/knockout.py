"""What one message, narrative or event did: this run, and the same run without it.

How a part is left out of a run is in ``sim.world.knockouts``.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import numpy as np

from sim.api import Run
from sim.page.protocol import Answer, Knockout
from sim.page.story import StoryAnswers, read_phrases, sentence
from sim.page.timelines import number_arrays, with_overall_place
from sim.studies.explain import long_date
from sim.tables.metrics import alignment
from sim.world.arrays import Floats


def answer_knockout(stories: StoryAnswers, ask: Knockout) -> Answer:
    """Return a run with and without one part, on the same draws, and what the part makes of it.

    Returns
    -------
    Answer
        ``sympathy.N[t, place, k]``, ``alignment.N[t, place]`` and ``tension.N[t]`` of the
        full run (N = 0) and of the run without the part (1); ``difference[t, place]`` of
        alignment and ``sympathy_difference[t, place, k]``, full run less the other;
        ``peak[place]``, the day on which the difference of alignment is largest. Place 0 is
        all audiences by importance.

    Raises
    ------
    InputError
        If the word names nothing of the run, or values are refused.
    """
    catalogue = stories.catalogue
    whole = stories.full_run(ask)
    cut = stories.compute_run(ask, (ask.without,), ledger=False)
    levels = [_levels(found) for found in (whole, cut)]
    difference = levels[0]["alignment"] - levels[1]["alignment"]
    arrays = number_arrays(levels) | {
        "difference": difference,
        "peak": np.abs(difference).argmax(axis=0).astype(np.float64),
        "sympathy_difference": levels[0]["sympathy"] - levels[1]["sympathy"],
    }
    command = catalogue.run_command(ask, ask.arms[ask.arm])
    header = {
        "kind": "knockout",
        "without": ask.without,
        "text": _describe_part(whole, ask.without, catalogue.names[ask.scenario]),
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
    """The first day whose sympathy or tension differs in any bit."""
    differs = (one.record.sympathy != other.record.sympathy).any(axis=(1, 2))
    differs |= one.record.tension != other.record.tension
    return int(np.argmax(differs)) if differs.any() else None


def _describe_part(whole: Run, word: str, names: Mapping[str, str]) -> str:
    """What is left out, in words."""
    kind, _, name = word.partition(":")
    start = whole.scenario.start_date
    if kind == "message":
        rows = whole.messages[whole.messages["message_id"] == name]
        to = ", ".join(rows["receiver"]) if len(rows) < 4 else f"{len(rows)} capitals"
        said = sentence(read_phrases(rows)[0], whole.world.names.claimants)
        return f"{long_date(start, int(rows['step'].iloc[0]))}, to {to}: {said}"
    if kind == "event":
        event = next(event for event in whole.scenario.events if event.name == name)
        words = f": {event.description}" if event.description else ""
        return f'the event "{name}" of {long_date(start, event.day)}{words}'
    sender = next(one.sender for one in whole.scenario.narratives if one.name == name)
    return f'what {sender} states as "{names[name]}", on every day; replies go on'
