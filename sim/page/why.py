"""Why an audience moved in a stretch of days: the words and numbers of ``narrate explain``.

Which causes there are, and what each did, is computed in ``sim.studies.explain``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.api import Run
from sim.page.protocol import Answer, Why, pick
from sim.page.story import StoryAnswers, read_phrases, sentence
from sim.studies.explain import MESSAGE_VERBS, Explanation, explain, long_date, round_to_sum

TOP = 10  # causes and messages; the rest of the causes is one
FINE = 6  # digits of what one message did, which is little


def answer_why(stories: StoryAnswers, ask: Why) -> Answer:
    """Explain a change of sympathy or alignment; its parts, and their words, add up to it.

    Returns
    -------
    Answer
        A header alone. ``start``, ``end`` and ``change`` are of the days asked for; ``mechanisms``
        and ``causes`` each add up to the change, ``balance`` to the end. Each part has its words,
        its number (``delta``) and the digits to show, which add up as well. ``parts`` are the
        narratives and events that can be left out of the run.
    """
    told = stories.full_run(ask)
    question = pick(ask, "audience", "toward", "first", "last")
    found = explain(told, **question)
    start, end, (change,) = round_to_sum(found.start, found.end, [found.change])
    mechanisms = [(part.label, part.delta) for part in found.mechanisms]
    brake = found.held_back_by
    header = {
        "kind": "why",
        **pick(found, "audience", "toward", "first", "last", "start", "end", "change"),
        "shown": {"start": start, "end": end, "change": change},
        "text": found.text(TOP).split("\n"),
        "mechanisms": _parts(mechanisms, found.start, found.end),
        "causes": _parts(found.rows(TOP), found.start, found.end),
        "messages": _messages(told, found),
        "held_back_by": brake and _parts([(brake.label, brake.delta)], 0.0, brake.delta)[0],
        "balance": _parts(found.balance_rows(TOP), 0.0, found.end),
        "parts": _removable(told, stories.catalogue.names[ask.scenario]),
    }
    return Answer(header, {})


def _parts(rows: Sequence[tuple[str, float]], start: float, end: float) -> list[dict[str, Any]]:
    """Labels and numbers, with the digits to show: they add up to end less start as shown."""
    _, _, digits = round_to_sum(start, end, [delta for _, delta in rows])
    return [
        {"label": label, "delta": delta, "shown": shown}
        for (label, delta), shown in zip(rows, digits, strict=True)
    ]


def _removable(told: Run, names: Mapping[str, str]) -> list[dict[str, str]]:
    """The narratives and events of the run, each with the word that leaves it out.

    ``names``: how narratives are displayed, as in the messages of the run.
    """
    scenario = told.scenario
    narratives = {
        f"narrative:{one.name}": f"{one.sender}: {names[one.name]} ({MESSAGE_VERBS[one.type]})"
        for one in scenario.narratives
    }
    events = {
        f"event:{one.name}": f"{one.name}, {long_date(scenario.start_date, one.day)}"
        for one in scenario.events
        if one.day < scenario.steps
    }
    return [{"word": word, "text": text} for word, text in (narratives | events).items()]


def _messages(told: Run, found: Explanation) -> list[dict[str, Any]]:
    """The messages that moved most, and who states what in each."""
    largest = found.messages[:TOP]
    by_id = told.messages.drop_duplicates("message_id").set_index("message_id")
    phrases = read_phrases(by_id.loc[[said.message_id for said in largest]])
    return [
        {
            "id": said.message_id,
            "day": int(said.step),
            "delta": said.delta,
            "shown": f"{said.delta:+.{FINE}f}",
            "text": sentence(phrase, told.world.names.claimants),
        }
        for said, phrase in zip(largest, phrases, strict=True)
    ]
