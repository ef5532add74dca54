"""Lessons on the page: what is told before a prediction, what it is measured against, how far
the lesson's statements hold. All of it depends on the lesson alone.

The numbers are computed in ``sim.lessons``; here they become a header, in words and digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from sim.lessons.checking import MOVES, VALUE
from sim.lessons.entities import CURVE, RUNS, Lesson, Measure, Prediction
from sim.lessons.measuring import PredictionResult, prediction_results
from sim.lessons.quantities import QUANTITIES
from sim.lessons.statements import DRAWS, statement_support
from sim.page.protocol import Answer, pick
from sim.report.numerals import in_points

IN_SYMPATHY = ("alignment", "sympathy")  # quantities in its units
SHARE = "share"  # how the names of statistics begin that are shares of runs


def before_prediction(lesson: Lesson, scenario: str) -> dict[str, Any]:
    """What a class may read before it predicts: nothing that gives the result away.

    ``scenario`` is what the lesson's scenario is called on the page.
    """
    return {
        **pick(lesson, "name", "title", "question", "background"),
        "scenario": scenario,
        "see": lesson.see._asdict(),
        "predictions": [
            {
                **pick(one, "name", "kind", "prompt", "unit", "low", "high", "step"),
                "options": [{"text": option.text} for option in one.options],
                "days": one.measure.days,
            }
            for one in lesson.predictions
        ],
        "lengths": list(lesson.debrief),
    }


def after_prediction(lesson: Lesson) -> dict[str, Any]:
    """What would give the answer away: it goes with what is asked for after a prediction."""
    return pick(lesson, "explanation", "leaves_out", "sources")


def guide(lesson: Lesson) -> Answer:
    """Return what a lecturer reads, which needs no run: plans, explanation, sources."""
    plans = {
        str(minutes): [one._asdict() for one in plan] for minutes, plan in lesson.debrief.items()
    }
    header = {"kind": "guide", "lesson": lesson.name, "plans": plans}
    return Answer(header | after_prediction(lesson), {})


def reveal(lesson: Lesson) -> Answer:
    """Return what the predictions of a lesson are measured against, and what explains it.

    Returns
    -------
    Answer
        For each prediction its value, quantiles over runs and how it is told; for each curve
        the arrays ``curve.NAME``, ``curve.NAME.low`` and ``curve.NAME.high`` by day.
    """
    found = prediction_results(lesson, RUNS)
    curves = [one for one in lesson.predictions if one.kind == CURVE]
    header = {
        "kind": "lesson",
        "lesson": lesson.name,
        "runs": RUNS,
        "predictions": [_result(lesson, one, found[one.name]) for one in lesson.predictions],
        "days": {one.name: one.measure.days for one in curves},
        **after_prediction(lesson),
    }
    arrays = {
        f"curve.{one.name}{end}": np.asarray(values, np.float64)
        for one in curves
        for end, values in zip(("", ".low", ".high"), found[one.name][:3], strict=True)
        if values is not None
    }
    return Answer(header, arrays)


def debrief(lesson: Lesson) -> Answer:
    """Return the statements of a lesson with their shares over prior draws."""
    statements = [
        pick(one, "text", "share", "low", "high", "holds", "equal", "without")
        for one in statement_support(lesson)
    ]
    header = {"kind": "debrief", "lesson": lesson.name, "draws": DRAWS, "statements": statements}
    return Answer(header, {})


def _result(lesson: Lesson, one: Prediction, found: PredictionResult) -> dict[str, Any]:
    """What one prediction is measured against; a curve's numbers go as arrays."""
    claimants = [claimant.name for claimant in lesson.scenario.claimants]
    numbers = [
        (more.name, found.numbers[more.name], more.step, more.measure) for more in one.numbers
    ]
    value = low = high = option = None
    if one.kind != CURVE:
        value, low, high = (_finite_or_none(number) for number in found[:3])
        right = (index for index, choice in enumerate(one.options) if choice.right(found.value))
        option = next(right, None)
        numbers.append((VALUE, float(found.value), one.step, one.measure))
    told = one.told
    for name, number, step, measure in numbers:
        told = told.replace("{" + name + "}", round_to_step(number, step))
        move = describe_change(number, step, measure, claimants)
        told = told.replace("{" + name + MOVES + "}", move)
    return {
        "name": one.name,
        "value": value,
        "low": low,
        "high": high,
        "option": option,
        "counts": list(found.runs),
        "told": told,
        "unit": describe_unit(one),
    }


def describe_unit(one: Prediction) -> str:
    """What a point of alignment or sympathy is in polls, or "" where no result is told in such."""
    for measure in (one.measure, *(more.measure for more in one.numbers)):
        of = measure.terms[0].of
        is_share = measure.divided_by or measure.statistic.startswith(SHARE)
        if of in IN_SYMPATHY and not is_share:
            size = 1.0 / measure.scale
            return f"A point of {of} is {size:g} here, {in_points(size)} of net opinion."
    return ""


def describe_change(value: float, step: float, measure: Measure, claimants: Sequence[str]) -> str:
    """A change with its direction, as `toward India by 0.6`; one told as 0 goes nowhere.

    The direction is that of the quantity of the measure's first term.
    """
    text = round_to_step(value, step)
    if not math.isfinite(value) or not float(text):
        return f"by {text}"
    way = QUANTITIES[measure.terms[0].of].ways[value < 0]
    return f"{way.format(*claimants)} by {text.removeprefix('-')}"


def _finite_or_none(value: Any) -> float | None:
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
