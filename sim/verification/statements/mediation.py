"""Mediation: when it is accepted, and what a refused offer leaves alone.

Source: section 7, V14, V22.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.engines.agents.claimant import Claimant
from sim.tables.metrics import alignment
from sim.verification.statements.documents import (
    BACKGROUND,
    Document,
    audience,
    document,
    drawn_case,
    replace_blocks,
)
from sim.verification.statements.result import EXACT, FOUR, StatementResult, compare
from sim.verification.statements.running import model_of, prepare_model, simulate, world_of

LEAD = 0.2  # X at the start of the day
REPLICATES = 10


def offered_case(costs: tuple[float, float], tension: float, precision: float = 20.0) -> Document:
    """An offer on day 0 under this tension and lead; the mediator has 0.3 of importance."""
    return document(
        steps=1,
        audiences=[
            audience(name, {BACKGROUND: (LEAD, -LEAD)}, importance=v, start=(LEAD, -LEAD))
            for name, v in (("broker", 3.0), ("others", 7.0))
        ],
        on=("mediation", "parity"),
        parameters={
            "goodwill": 0.1, "parity_weight": 1.0, "parity": 0.3, "offer_parity": 0.5,
            "calming": 0.05, "tension_weight": 1.0, "choice_precision": precision,
        },
        claimants=({"audience_cost": costs[0]}, {"audience_cost": costs[1]}),
        events=[{"name": "clash", "day": 0, "tension": tension}],
        mediator={"audience": "broker", "policy": "scripted", "days": [0]},
    )  # fmt: skip


def root(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses 0, by bisection to the last bit."""
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if rises(middle) > 0.0:
            high = middle
        else:
            low = middle
    return (low + high) / 2.0


def acceptance_thresholds() -> list[StatementResult]:
    """V14: the tension at which a claimant is indifferent, and its odds at tension 1.2.

    dU = w_tau mu tau - sign w_h h (1 - theta) X + g v_med - d = 0 where
    tau_c = [d - g v_med + sign w_h h (1 - theta) X]/(w_tau mu); found by bisection on what the
    claimant computes and, above 0, on what it answers in a run of nearly infinite precision.
    """
    comparisons = []
    for costs, thresholds, odds in (
        ((0.15, 0.0), (3.0, -1.2), (0.1419, 0.9168)),
        ((0.05, 0.05), (1.0, -0.2), (0.5498, 0.8022)),
    ):
        model = model_of(offered_case(costs, 1.2))
        for k, side in enumerate(model.claimants):
            what = f"claimant {k + 1} at costs {costs[0]:g}, {costs[1]:g}"
            found = root(lambda tension, side=side: _gain(side, tension), -50.0, 50.0)  # type: ignore[misc]
            comparisons.append(compare("V14", f"threshold of {what}", thresholds[k], found, 1e-12))
            likely = side.acceptance(_gain(side, 1.2), model.values.choice_precision)
            comparisons.append(compare("V14", f"odds at tension 1.2 of {what}", odds[k], likely,
                                     FOUR))  # fmt: skip
        found = root(lambda tension, costs=costs: _answers(costs, tension), 0.0, 50.0)  # type: ignore[misc]
        what = f"threshold in a run, claimant 1 at costs {costs[0]:g}, {costs[1]:g}"
        comparisons.append(compare("V14", what, thresholds[0], found, 1e-8))
    return comparisons


def _gain(side: Claimant, tension: float) -> float:
    return side.gain(tension, LEAD, 1.0)


def _answers(costs: tuple[float, float], tension: float) -> float:
    """1 where the first claimant accepts in a run, else -1."""
    record = simulate(offered_case(costs, tension, precision=1e12))
    return 1.0 if record.diplomacy.accepted[0, 0] else -1.0


def refused_offers() -> list[StatementResult]:
    """V22: refused offers leave tension and incidents path by path as without any offer."""
    comparisons = []
    base = replace_blocks(drawn_case(1), parameters={"base_incident_rate": 0.1})
    silent = world_of(replace_blocks(base, switches={"mediation": False}))
    offering = {**base["mediator"], "days": [6, 10, 25]}
    for answers in (("never", "never"), ("always", "never"), ("never", "always")):
        sides = [
            {**side, "acceptance": answer}
            for side, answer in zip(base["claimants"], answers, strict=True)
        ]
        refused = world_of(replace_blocks(base, claimants=sides, mediator=offering))
        apart, differs, hit = 0.0, 0, 0.0
        for r in range(REPLICATES):
            one, other = prepare_model(refused, 22, r).run(), prepare_model(silent, 22, r).run()
            apart = max(
                apart,
                float(np.abs(one.tension - other.tension).max()),
                float(np.abs(one.incidents - other.incidents).max()),
            )
            differs += bool((alignment(one.sympathy) != alignment(other.sympathy)).any())
            hit += float(one.incidents.sum())
        what = f"answers {answers[0]}, {answers[1]}"
        comparisons += [
            compare("V22", f"tension and incidents apart, {what}", 0.0, apart, EXACT),
            compare("V22", f"runs whose alignment differs, {what}", REPLICATES, differs, EXACT),
            compare("V22", f"incidents did happen (1: yes), {what}", 1.0, float(hit > 0.0),
                     EXACT),
        ]  # fmt: skip
    return comparisons
