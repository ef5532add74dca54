"""Mediation: when it is accepted, and what a refused offer leaves alone.

Source: section 7, V14, V22, V27. What mediation does to incidents is in ``process``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from sim.tables.metrics import alignment
from sim.verification.statements import documents
from sim.verification.statements.documents import Document, audience, document, replace_blocks
from sim.verification.statements.result import EXACT, FOUR, Checks
from sim.verification.statements.running import apart, model_of, simulate, world_of

LEAD = 0.2  # X at the start of the day
REPLICATES = 10


def offered_case(
    costs: tuple[float, float],
    tension: float,
    precision: float = 20.0,
    stances: tuple[float, float] = (0.0, 0.0),
) -> Document:
    """Return an offer on day 0 under a lead of 0.2; the mediator has 0.3 of importance.

    Parameters
    ----------
    costs
        Audience cost of acceptance, d, of (First, Second).
    tension
        Tension on day 0.
    precision
        How nearly a claimant always does what it prefers (choice_precision).
    stances
        What (First, Second) have committed themselves to on mediation.
    """
    anchors = {documents.BACKGROUND: (LEAD, -LEAD)}
    return document(
        1,
        [
            audience(name, anchors, importance=v, start=(LEAD, -LEAD))
            for name, v in (("broker", 3.0), ("others", 7.0))
        ],
        on=("mediation", "parity"),
        parameters={
            "goodwill": 0.1,
            "parity_weight": 1.0,
            "parity": 0.3,
            "offer_parity": 0.5,
            "calming": 0.05,
            "tension_weight": 1.0,
            "choice_precision": precision,
        },
        claimants=[
            {"audience_cost": cost, "stance": stance}
            for cost, stance in zip(costs, stances, strict=True)
        ],
        events=[{"name": "clash", "day": 0, "tension": tension}],
        mediator={"audience": "broker", "policy": "scripted", "days": [0]},
    )


def root(rises: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function crosses 0, by bisection to the last bit."""
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (low, middle) if rises(middle) > 0.0 else (middle, high)
    return (low + high) / 2.0


def acceptance_thresholds() -> Checks:
    """V14: the tension at which a claimant is indifferent, and its odds at tension 1.2.

    dU = w_tau mu tau - sign w_h h (1 - theta) X + g v_med - d = 0 where
    tau_c = [d - g v_med + sign w_h h (1 - theta) X]/(w_tau mu); found by bisection on what the
    claimant computes and, above 0, on what it answers in a run of infinite precision.
    """
    none = 0.0, 0.0
    yield from _thresholds((0.15, 0.0), none, (3.0, -1.2), (0.1419, 0.9168))
    yield from _thresholds((0.05, 0.05), none, (1.0, -0.2), (0.5498, 0.8022))


def public_stances() -> Checks:
    """V27: a public word against mediation makes it dearer, one for it cheaper: d (1 - stance).

    And under the policy ``kydd`` a mediator calms by mu/2 for each claimant that it likes.
    """
    yield from _thresholds((0.05, 0.05), (-1.0, 1.0), (2.0, -1.2), (0.31, 0.9168))
    yield from _thresholds((0.15, 0.0), (0.5, -1.0), (1.5, -1.2), (0.4256, 0.9168))
    for liked, expected in ((0, 0.0), (1, 0.025), (2, 0.05)):
        starts = [0.3] * liked + [-0.3] * (2 - liked)
        case = offered_case((0.05, 0.05), 1.2)
        places = [{**place, "initial_sympathy": documents.pair(*starts)}
                  for place in case["audiences"]]  # fmt: skip
        mediator = {**case["mediator"], "policy": "kydd"}
        model = model_of(replace_blocks(case, audiences=places, mediator=mediator))
        model.step()
        yield f"calming under kydd with {liked} liked", expected, model.values.calming, EXACT


def _thresholds(
    costs: tuple[float, float],
    stances: tuple[float, float],
    thresholds: tuple[float, float],
    odds: tuple[float, float],
) -> Checks:
    """Compare both claimants' thresholds and odds, and the first one's threshold in runs."""
    case = partial(offered_case, costs, stances=stances)
    model = model_of(case(1.2))
    at = f"at costs {costs[0]:g}, {costs[1]:g}"
    if any(stances):
        at += f", stances {stances[0]:g}, {stances[1]:g}"
    for k, side in enumerate(model.claimants):
        gain = partial(side.gain, lead=LEAD, credence=1.0)
        threshold = root(gain, -50.0, 50.0)
        yield f"threshold of claimant {k + 1} {at}", thresholds[k], threshold, 1e-12
        likely = side.acceptance(gain(1.2), model.values.choice_precision)
        yield f"odds at tension 1.2 of claimant {k + 1} {at}", odds[k], likely, FOUR
    threshold = root(partial(_first_answer, case), 0.0, 50.0)
    yield f"threshold in a run, claimant 1 {at}", thresholds[0], threshold, 1e-8


def _first_answer(case: Callable[..., Document], tension: float) -> float:
    """Return 1 where the first claimant accepts in a run of endless precision, else -1."""
    record = simulate(case(tension, precision=math.inf))
    return 1.0 if record.diplomacy.accepted[0, 0] else -1.0


def refused_offers() -> Checks:
    """V22: refused offers leave tension and incidents path by path as without any offer."""
    base = replace_blocks(documents.drawn_case(1), parameters={"base_incident_rate": 0.1})
    silent = world_of(replace_blocks(base, switches={"mediation": False}))
    offering = {**base["mediator"], "days": [6, 10, 25]}
    for answers in (("never", "never"), ("always", "never"), ("never", "always")):
        sides = [
            {**side, "acceptance": answer}
            for side, answer in zip(base["claimants"], answers, strict=True)
        ]
        refused = world_of(replace_blocks(base, claimants=sides, mediator=offering))
        pairs = [
            (simulate(refused, 22, replicate), simulate(silent, 22, replicate))
            for replicate in range(REPLICATES)
        ]
        same = max(
            apart(getattr(one, name), getattr(other, name))
            for one, other in pairs
            for name in ("tension", "incidents")
        )
        differ = sum(apart(alignment(x.sympathy), alignment(y.sympathy)) > 0.0 for x, y in pairs)
        happened = any(one.incidents.any() for one, _ in pairs)
        what = f"answers {answers[0]}, {answers[1]}"
        yield f"tension and incidents apart, {what}", 0.0, same, EXACT
        yield f"runs whose alignment differs, {what}", REPLICATES, differ, EXACT
        yield f"incidents did happen (1: yes), {what}", 1.0, happened, EXACT
