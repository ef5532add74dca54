"""Lessons on the page: what is told before a prediction, what it is measured against, how far
the lesson's statements hold. All of it depends on the lesson alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from sim.lessons.checking import MOVES, VALUE
from sim.lessons.entities import CURVE, Lesson, Measure, Prediction
from sim.lessons.measuring import DRAWS, PredictionResult, prediction_results, statement_support
from sim.lessons.quantities import QUANTITIES
from sim.page.cache import Cache
from sim.page.protocol import RUNS, Answer

KEPT = 16  # answers of each kind


def before_prediction(lesson: Lesson, scenario: str) -> dict[str, Any]:
    """What a class may read before it predicts.

    ``scenario`` is what the lesson's scenario is called on the page.
    """
    return {
        "name": lesson.name, "title": lesson.title, "question": lesson.question,
        "background": lesson.background, "scenario": scenario,
        "see": lesson.see._asdict(),
        "predictions": [_question(one) for one in lesson.predictions],
        "lengths": list(lesson.debrief),
    }  # fmt: skip


def after_prediction(lesson: Lesson) -> dict[str, Any]:
    """What would give the answer away: it goes with what is asked for after a prediction."""
    return {
        "explanation": lesson.explanation, "leaves_out": lesson.leaves_out,
        "sources": lesson.sources,
    }  # fmt: skip


def _question(one: Prediction) -> dict[str, Any]:
    return {
        "name": one.name, "kind": one.kind, "prompt": one.prompt, "unit": one.unit,
        "low": one.low, "high": one.high, "step": one.step,
        "options": [{"text": option.text} for option in one.options],
        "days": one.measure.days,
    }  # fmt: skip


@dataclass
class LessonAnswers:
    """Answers asks about lessons; what was lately answered is found again."""

    lessons: Mapping[str, Lesson]

    def __post_init__(self) -> None:
        self._revealed: Cache[str, Answer] = Cache(KEPT)
        self._checked: Cache[str, Answer] = Cache(KEPT)

    def reveal(self, name: str) -> Answer:
        """What the predictions of a lesson are measured against, and what explains it."""
        return self._revealed.get(name, self._reveal)

    def guide(self, name: str) -> Answer:
        """What a lecturer reads, which needs no run: plans, explanation, sources."""
        lesson = self.lessons[name]
        plans = {
            str(minutes): [one._asdict() for one in plan]
            for minutes, plan in lesson.debrief.items()
        }
        return Answer(
            {"kind": "guide", "lesson": name, "plans": plans, **after_prediction(lesson)}, {}
        )

    def debrief(self, name: str) -> Answer:
        """The statements of a lesson with their shares over prior draws."""
        return self._checked.get(name, self._debrief)

    def _reveal(self, name: str) -> Answer:
        lesson = self.lessons[name]
        found = prediction_results(lesson, RUNS)
        curves = [one for one in lesson.predictions if one.kind == CURVE]
        header = {
            "kind": "lesson", "lesson": name, "runs": RUNS,
            "predictions": [_result(lesson, one, found[one.name]) for one in lesson.predictions],
            "days": {one.name: one.measure.days for one in curves},
            **after_prediction(lesson),
        }  # fmt: skip
        arrays = {
            f"curve.{one.name}{end}": np.asarray(values, np.float64)
            for one in curves
            for end, values in zip(("", ".low", ".high"), found[one.name][:3], strict=True)
            if values is not None
        }
        return Answer(header, arrays)

    def _debrief(self, name: str) -> Answer:
        lesson = self.lessons[name]
        statements = [
            {"text": one.text, "share": one.share, "low": one.low, "high": one.high,
             "holds": one.holds}
            for one in statement_support(lesson)
        ]  # fmt: skip
        header = {
            "kind": "debrief", "lesson": name, "draws": DRAWS, "statements": statements,
        }  # fmt: skip
        return Answer(header, {})


def _result(lesson: Lesson, one: Prediction, found: PredictionResult) -> dict[str, Any]:
    claimants = [claimant.name for claimant in lesson.scenario.claimants]
    words: dict[str, str] = {}
    for more in one.numbers:
        number = found.numbers[more.name]
        words[more.name] = round_to_step(number, more.step)
        words[more.name + MOVES] = describe_change(number, more.step, more.measure, claimants)
    if one.kind == CURVE:
        return {"name": one.name, "value": None, "low": None, "high": None, "option": None,
                "counts": [], "told": _fill_in(one.told, words)}  # fmt: skip
    value = float(found.value)
    option = next(
        (index for index, choice in enumerate(one.options) if choice.right(found.value)), None
    )
    return {
        "name": one.name, "value": _finite(value), "low": _finite(found.low),
        "high": _finite(found.high), "option": option, "counts": list(found.runs),
        "told": _fill_in(one.told, {
            VALUE: round_to_step(value, one.step),
            VALUE + MOVES: describe_change(value, one.step, one.measure, claimants), **words,
        }),
    }  # fmt: skip


def describe_change(value: float, step: float, measure: Measure, claimants: Sequence[str]) -> str:
    """A change with its direction, as `toward India by 0.6`; one told as 0 goes nowhere.

    The direction is that of the quantity of the measure's first term.
    """
    text = round_to_step(value, step)
    if not math.isfinite(value) or not float(text):
        return f"by {text}"
    way = QUANTITIES[measure.terms[0].of].ways[value < 0]
    return f"{way.format(*claimants)} by {text.removeprefix('-')}"


def _fill_in(told: str, words: Mapping[str, str]) -> str:
    for name, text in words.items():
        told = told.replace("{" + name + "}", text)
    return told


def _finite(value: Any) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.12g}")  # 57.5 % of runs may be 57.49999999999999


def round_to_step(value: float, step: float) -> str:
    """The number rounded to the step, halves up as in the browser; a zero has no sign."""
    if not math.isfinite(value):
        return "not a number"
    size = Decimal(repr(step)).normalize()
    steps = (Decimal(f"{value:.12g}") / size + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    text = f"{(steps * size).quantize(min(size, Decimal(1))):f}"
    return text.removeprefix("-") if not steps else text
