"""Every key of a lesson's file, declared once, in the kinds of value that scenarios have."""

from __future__ import annotations

from sim.lessons.entities import DRAWS, KINDS, LENGTHS, RUNS
from sim.lessons.quantities import QUANTITIES
from sim.lessons.statistics import STATISTICS
from sim.scenario.value_kinds import (
    Choice,
    Day,
    Items,
    Key,
    Kind,
    Listed,
    Name,
    Number,
    RecordKind,
    Reference,
    Slug,
    Text,
    Whole,
)

LESSON_VERSION = 1
LAST = 1000  # after all that have an order
MOST_RUNS = 200  # of one draw
SENTENCE, PARAGRAPH = Text(300), Text(1500, lines=True)
PARAGRAPHS = Listed(PARAGRAPH, 12)


def _require(kind: Kind, meaning: str) -> Key:
    return Key(kind, meaning, required=True)


_QUANTITY = Choice("quantity", lambda: tuple(QUANTITIES))
_OF = Key(_QUANTITY, "what is measured")
_TOWARD = Key(Name(), "the claimant, issue or claim it is toward")
_AT = Key(Reference("audiences"), "at this audience; without it all, by importance")
_FROM = Key(Day(after_end=True), "first of several days")
_UNTIL = Key(Day(after_end=True), "last of several days")

TERM = RecordKind(
    {
        "arm": _require(Slug(), "in this arm of the lesson's scenario"),
        "day": Key(Day(after_end=True), "on this day"),
        "from": _FROM,
        "until": _UNTIL,
        "weight": Key(Number(-1e6, 1e6), "times this", default=1.0),
        "of": _OF,
        "toward": _TOWARD,
        "at": _AT,
    }
)
MEASURE = RecordKind(
    {
        "of": _OF,
        "toward": _TOWARD,
        "at": _AT,
        "terms": _require(Listed(TERM, 20), "what is added up"),
        "divided_by": Key(Listed(TERM, 20), "what the mean of that sum is divided by"),
        "statistic": Key(
            Choice("statistic", lambda: tuple(STATISTICS)), "over the runs", default="mean"
        ),
        "draws": Key(
            Choice("kind of draws", lambda: DRAWS),
            "paired: the same in every arm; unpaired: its own for each arm", default="paired",
        ),
        "scale": Key(Number(-1e6, 1e6), "times this", default=1.0),
        "from": Key(Day(after_end=True), "first day of a curve"),
        "until": Key(Day(after_end=True), "last day of a curve"),
    }
)  # fmt: skip
OPTION = RecordKind(
    {
        "text": _require(Text(120), "the answer as the class reads it"),
        "from": Key(Number(), "it is right from this value on; not for the first"),
        "below": Key(Number(), "and below this one; not for the last"),
    }
)
NUMBER = RecordKind(
    {
        "name": _require(Slug(), "what {name} in `told` stands for"),
        "measure": _require(MEASURE, "how it is computed"),
        "step": Key(Number(1e-6, 1e6), "rounded to this"),
    }
)
PREDICTION = RecordKind(
    {
        "name": _require(Slug(), "its name"),
        "kind": _require(Choice("kind of prediction", lambda: KINDS), "how the class answers"),
        "prompt": _require(SENTENCE, "what the class is to say"),
        "unit": _require(Text(80), "unit of the value"),
        "low": Key(Number(), "lower end of the axis; slider and curve"),
        "high": Key(Number(), "upper end of the axis; slider and curve"),
        "step": _require(Number(1e-6, 1e6), "steps of the slider; values are told to this"),
        "options": Key(Listed(OPTION, 6), "the answers of a choice, by value"),
        "measure": _require(MEASURE, "what the model shows"),
        "told": _require(Text(600), "how it is told; {value} stands for the number"),
        "numbers": Key(Items(NUMBER, 8), "more numbers that `told` names"),
    }
)
HOLDS = RecordKind(
    {
        "above": Key(Number(), "the measure lies above this"),
        "below": Key(Number(), "and below this"),
    }
)
STATEMENT = RecordKind(
    {
        "text": _require(SENTENCE, "the claim in words"),
        "measure": _require(MEASURE, "what decides it"),
        "than": Key(MEASURE, "what is taken from it first, to compare two measures"),
        "holds": _require(HOLDS, "when it holds"),
        "runs": Key(Whole(1, MOST_RUNS), "runs within each draw", default=1),
    }
)
ACTIVITY = RecordKind(
    {
        "minutes": _require(Whole(1, max(LENGTHS)), "how long"),
        "do": _require(Text(500), "what is done"),
    }
)
SEE = RecordKind(
    {
        "arms": _require(Listed(Slug(), 2), "two arms of the lesson's scenario"),
        "place": Key(Reference("audiences"), "an audience; without it all"),
        "quantity": Key(
            Choice("quantity", lambda: ("alignment", "sympathy")), "what is drawn",
            default="alignment",
        ),
        "day": _require(Day(after_end=True), "the day it opens on"),
        "replicate": Key(Whole(0, RUNS - 1), "the run it opens on, by its number", default=0),
    }
)  # fmt: skip
LESSON = RecordKind(
    {
        "lesson_version": _require(Whole(1, LESSON_VERSION), "version of the file format"),
        "name": _require(Slug(), "its name; a file of its own"),
        "order": Key(Whole(0, LAST), "its place among the lessons", default=LAST),
        "title": _require(Text(120), "one line"),
        "question": _require(SENTENCE, "what the class is asked"),
        "background": _require(PARAGRAPHS, "what it must know before it answers"),
        "see": _require(SEE, "what the timelines open on"),
        "predictions": _require(Items(PREDICTION, 3, 1), "made before anything is revealed"),
        "explanation": _require(PARAGRAPHS, "what explains the result"),
        "leaves_out": _require(PARAGRAPHS, "what the model leaves out"),
        "statements": _require(Listed(STATEMENT, 8), "claims, checked over prior draws"),
        "debrief": _require(
            RecordKind(
                {
                    str(minutes): _require(Listed(ACTIVITY, 20), f"a plan of {minutes} minutes")
                    for minutes in LENGTHS
                }
            ),
            "for the lecturer",
        ),
        "sources": _require(Listed(Text(300), 20), "where it comes from"),
    }
)
