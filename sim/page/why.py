"""Why an audience moved in a stretch of days: the words and numbers of ``narrate explain``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.api import Run
from sim.page.protocol import Answer, Why
from sim.page.story import Phrase, sentence
from sim.studies.explain import MESSAGE_VERBS, Explanation, explain, long_date, round_to_sum

TOP = 10  # causes and messages; the rest of the causes is one
FINE = 6  # digits of what one message did, which is little


def why(told: Run, ask: Why, names: Mapping[str, str]) -> Answer:
    """The explanation; its parts, and their words, add up to the change.

    ``names``: how narratives are read, as in the messages of the run.
    """
    found = explain(
        told.record, told.world, told.setting, told.ledger, told.messages,
        told.scenario.start_date, ask.audience, ask.toward, ask.first, ask.last,
    )  # fmt: skip
    start, end, (change,) = round_to_sum(found.start, found.end, [found.change])
    mechanisms = [(part.label, part.delta) for part in found.mechanisms]
    brake = found.held_back_by
    header = {
        "kind": "why",
        "audience": found.audience,
        "toward": found.toward,
        "first": found.first,
        "last": found.last,
        "start": found.start,
        "end": found.end,
        "change": found.change,
        "shown": {"start": start, "end": end, "change": change},
        "text": found.text(TOP).split("\n"),
        "mechanisms": _parts(mechanisms, found.start, found.end),
        "causes": _parts(found.rows(TOP), found.start, found.end),
        "messages": _messages(told, found),
        "held_back_by": brake and _parts([(brake.label, brake.delta)], 0.0, brake.delta)[0],
        "balance": _parts(found.balance_rows(TOP), 0.0, found.end),
        "parts": _droppable(told, names),
    }
    return Answer(header, {})


def _parts(rows: Sequence[tuple[str, float]], start: float, end: float) -> list[dict[str, Any]]:
    """Labels and numbers, with the digits to show: they add up to end less start as shown."""
    _, _, digits = round_to_sum(start, end, [delta for _, delta in rows])
    return [
        {"label": label, "delta": delta, "shown": shown}
        for (label, delta), shown in zip(rows, digits, strict=True)
    ]


def _droppable(told: Run, names: Mapping[str, str]) -> list[dict[str, str]]:
    """The narratives and events of the run, each with the word that leaves it out."""
    scenario = told.scenario
    narratives = [
        {"word": f"narrative:{one.name}",
         "text": f"{one.sender}: {names[one.name]} ({MESSAGE_VERBS[one.type]})"}
        for one in scenario.narratives
    ]  # fmt: skip
    events = [
        {"word": f"event:{one.name}",
         "text": f"{one.name}, {long_date(scenario.start_date, one.day)}"}
        for one in scenario.events if one.day < scenario.steps
    ]  # fmt: skip
    return narratives + events


def _messages(told: Run, found: Explanation) -> list[dict[str, Any]]:
    largest = found.messages[:TOP]
    rows = told.messages[told.messages["message_id"].isin([said.message_id for said in largest])]
    rows = rows.drop_duplicates("message_id").set_index("message_id")
    phrases: Mapping[str, Phrase] = {
        name: Phrase(*row)
        for name, row in zip(
            rows.index, zip(*(rows[column] for column in Phrase._fields), strict=True), strict=True
        )
    }
    return [
        {"id": said.message_id, "day": int(said.step), "delta": said.delta,
         "shown": f"{said.delta:+.{FINE}f}",
         "text": sentence(phrases[said.message_id], told.world.names.claimants)}
        for said in largest
    ]  # fmt: skip
