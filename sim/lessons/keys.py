"""Every key of a lesson's file, declared once, in the kinds of value that scenarios have.

What the values must be to each other is in ``checking``.
"""

from __future__ import annotations

from sim.lessons.entities import DRAWS, KINDS, LENGTHS, RUNS
from sim.lessons.quantities import QUANTITIES
from sim.lessons.statistics import STATISTICS
from sim.scenario import value_kinds as kinds
from sim.scenario.value_kinds import Key, Kind, Listed, RecordKind

LESSON_VERSION = 1
LAST = 1000  # after all that have an order
MOST_RUNS = 200  # of one draw
SENTENCE, PARAGRAPH = kinds.Text(300), kinds.Text(1500, lines=True)
PARAGRAPHS = Listed(PARAGRAPH, 12, 1)


def _require(kind: Kind, meaning: str) -> Key:
    return Key(kind, meaning, required=True)


_DAY = kinds.Day(after_end=True)
_FACTOR = kinds.Number(-1e6, 1e6)
_STEP = kinds.Number(1e-6, 1e6)
_ANY = kinds.Number()
_SLUG = kinds.Slug()
_AUDIENCE = kinds.Reference("audiences")
_DRAWN = kinds.Choice("quantity", lambda: ("alignment", "sympathy"))
_DRAWS = kinds.Choice("kind of draws", lambda: DRAWS)
_KIND = kinds.Choice("kind of prediction", lambda: KINDS)
_STATISTIC = kinds.Choice("statistic", lambda: tuple(STATISTICS))
# What a measure says for all of its terms, and a term for itself
_QUANTITY = {
    "of": Key(kinds.Choice("quantity", lambda: tuple(QUANTITIES)), "what is measured"),
    "toward": Key(kinds.Name(), "the claimant, issue or claim it is toward"),
    "at": Key(_AUDIENCE, "at this audience; without it all, by importance"),
}

TERM = RecordKind(
    {
        "arm": _require(_SLUG, "in this arm of the lesson's scenario"),
        "day": Key(_DAY, "on this day"),
        "from": Key(_DAY, "first of several days"),
        "until": Key(_DAY, "last of several days"),
        "weight": Key(_FACTOR, "times this", default=1.0),
        **_QUANTITY,
    }
)
_PAIRING = "paired: the same in every arm; unpaired: its own for each arm"
MEASURE = RecordKind(
    {
        **_QUANTITY,
        "terms": _require(Listed(TERM, 20, 1), "what is added up"),
        "divided_by": Key(Listed(TERM, 20, 1), "what the mean of that sum is divided by"),
        "statistic": Key(_STATISTIC, "over the runs", default="mean"),
        "draws": Key(_DRAWS, _PAIRING, default="paired"),
        "scale": Key(_FACTOR, "times this", default=1.0),
        "from": Key(_DAY, "first day of a curve"),
        "until": Key(_DAY, "last day of a curve"),
    }
)
OPTION = RecordKind(
    {
        "text": _require(kinds.Text(120), "the answer as the class reads it"),
        "from": Key(_ANY, "it is right from this value on; not for the first"),
        "below": Key(_ANY, "and below this one; not for the last"),
    }
)
NUMBER = RecordKind(
    {
        "name": _require(_SLUG, "what {name} in `told` stands for"),
        "measure": _require(MEASURE, "how it is computed"),
        "step": Key(_STEP, "rounded to this"),
    }
)
PREDICTION = RecordKind(
    {
        "name": _require(_SLUG, "its name"),
        "kind": _require(_KIND, "how the class answers"),
        "prompt": _require(SENTENCE, "what the class is to say"),
        "unit": _require(kinds.Text(80), "unit of the value"),
        "low": Key(_ANY, "lower end of the axis; slider and curve"),
        "high": Key(_ANY, "upper end of the axis; slider and curve"),
        "step": _require(_STEP, "steps of the slider; values are told to this"),
        "options": Key(Listed(OPTION, 6), "the answers of a choice, by value"),
        "measure": _require(MEASURE, "what the model shows"),
        "told": _require(kinds.Text(600), "how it is told; {value} stands for the number"),
        "numbers": Key(kinds.Items(NUMBER, 8), "more numbers that `told` names"),
    }
)
HOLDS = RecordKind(
    {"above": Key(_ANY, "the measure lies above this"), "below": Key(_ANY, "and below this")}
)
STATEMENT = RecordKind(
    {
        "text": _require(SENTENCE, "the claim in words"),
        "measure": _require(MEASURE, "what decides it"),
        "than": Key(MEASURE, "what is taken from it first, to compare two measures"),
        "holds": _require(HOLDS, "when it holds"),
        "runs": Key(kinds.Whole(1, MOST_RUNS), "runs within each draw", default=1),
    }
)
ACTIVITY = RecordKind(
    {
        "minutes": _require(kinds.Whole(1, max(LENGTHS)), "how long"),
        "do": _require(kinds.Text(500), "what is done"),
    }
)
SEE = RecordKind(
    {
        "arms": _require(Listed(_SLUG, 2, 2), "two arms of the lesson's scenario"),
        "place": Key(_AUDIENCE, "an audience; without it all"),
        "quantity": Key(_DRAWN, "what is drawn", default="alignment"),
        "day": _require(_DAY, "the day it opens on"),
        "replicate": Key(
            kinds.Whole(0, RUNS - 1), "the run it opens on, by its number", default=0
        ),
    }
)
DEBRIEF = RecordKind(
    {
        str(minutes): _require(Listed(ACTIVITY, 20), f"a plan of {minutes} minutes")
        for minutes in LENGTHS
    }
)
LESSON = RecordKind(
    {
        "lesson_version": _require(kinds.Whole(1, LESSON_VERSION), "version of the file format"),
        "name": _require(_SLUG, "its name; a file of its own"),
        "order": Key(kinds.Whole(0, LAST), "its place among the lessons", default=LAST),
        "title": _require(kinds.Text(120), "one line"),
        "question": _require(SENTENCE, "what the class is asked"),
        "background": _require(PARAGRAPHS, "what it must know before it answers"),
        "see": _require(SEE, "what the timelines open on"),
        "predictions": _require(kinds.Items(PREDICTION, 3, 1), "made before anything is revealed"),
        "explanation": _require(PARAGRAPHS, "what explains the result"),
        "leaves_out": _require(PARAGRAPHS, "what the model leaves out"),
        "statements": _require(Listed(STATEMENT, 8, 1), "claims, checked over prior draws"),
        "debrief": _require(DEBRIEF, "for the lecturer"),
        "sources": _require(Listed(kinds.Text(300), 20, 1), "where it comes from"),
    }
)
