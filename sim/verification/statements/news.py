"""News: an event is heard of over days, and what it says adds up to its size.

Source: section 7, V26; section 2.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.verification.statements import documents
from sim.verification.statements.documents import FIRST, SECOND, Document, audience, document
from sim.verification.statements.result import SIX, Checks
from sim.verification.statements.running import model_of, world_of
from sim.world.arrays import Draws, Floats
from sim.world.knockouts import without_event

LONG = 500  # days: 0.5^(500/7) is below 1e-21
ROUNDING = 1e-12


def coverage() -> Checks:
    """V26: of size x, (1 - rho) rho^i x is heard on the i-th day, rho = 0.5^(1/half-life)."""
    shares = ((0.0, 1.0), (0.5, 0.75), (2.0, 0.292893), (7.0, 0.094276))
    for half_life, at_once in shares:
        for what, heard in (
            ("an event", _exposures(_with_events(LONG, half_life, (0, 1.0)))),
            ("incidents", _exposures(_with_incident(LONG, half_life), _one_incident(LONG))),
        ):
            told = f"of {what} at a half-life of {half_life:g} days"
            yield f"heard on its day {told}", at_once, heard[0], SIX
            yield f"heard in all {told}", 1.0, heard.sum(), ROUNDING
    yield from _two_events()
    yield from _claims_asserted()


def _two_events() -> Checks:
    """Two events are told apart in the books; one that is dropped is gone on all its days."""
    case = _with_events(8, 2.0, (0, 0.8), (3, 0.3))
    model = model_of(case, ledger=True)
    model.run()
    booked = [
        entry
        for entry in model.ledger or ()
        if entry.step == 5 and entry.cause == "world" and entry.k == 0
    ]
    older = sum(entry.delta for entry in booked if entry.cause_id == "event of day 0")
    part = older / sum(entry.delta for entry in booked)
    yield "the older event's part on day 5", 0.485281, part, SIX
    yield "exposure on day 5", 0.085355, _exposures(case)[5], SIX
    case = _with_events(8, 2.0, (0, 0.8), (3, 0.3), (4, 0.1))
    world = world_of(case)
    less = _exposures(without_event(world, "event of day 4")) - _exposures(world)
    for day, lost in zip(range(4, 8), (-0.029289, -0.020711, -0.014645, -0.010355), strict=True):
        yield f"exposure lost on day {day} with a dropped event", lost, less[day], SIX


def _claims_asserted() -> Checks:
    """What is heard again asserts its claim again, weighed by the credence of that day."""
    claim = documents.accusation("armed", SECOND, "raids", 0.5)
    raid = {"name": "raid", "day": 0, "con": {SECOND: 0.2}, "claim": "armed"}
    parity = {"name": "on a par", "parity": True, "prior": 0.5}
    truce = {"name": "truce", "day": 0, "claim": "on a par", "asserts": 0.6}
    for what, about, event, expected in (
        ("an accusation", claim, raid, (0.509235, 0.516422, 0.521900)),
        ("the parity claim", parity, truce, (0.515933, 0.529344, 0.540351)),
    ):
        model = model_of(_case(3, 2.0, ("credence",), claims=[about], events=[event]))
        acting = []
        for day in range(3):
            model.step()
            acting.append(model.audiences[0].con[1])
            credence = model.audiences[0].credence[0]
            yield f"credence in {what} after day {day}", expected[day], credence, SIX
        if about is claim:
            for day, acts in enumerate((0.029289, 0.021093, 0.015126)):
                yield f"exposure that acts on day {day}", acts, acting[day], SIX


def _case(days: int, half_life: float, on: tuple[str, ...] = (), **blocks: Any) -> Document:
    """Return one audience that hears the world alone, its attention whole."""
    places = [audience("alone", {**documents.NEUTRAL, "raids": (0.0, 0.0)}, start=(0.0, 0.0))]
    return document(
        days,
        places,
        on=("news", "persuasion", *on),
        issues=(documents.BACKGROUND, "raids"),
        parameters={
            "news_half_life": half_life, "credence_rate": 0.05, "credence_draw": 0.1,
            "base_incident_rate": 0.02, "branching_ratio": 0.0,
        },
        **blocks,
    )  # fmt: skip


def _with_events(days: int, half_life: float, *sizes: tuple[int, float]) -> Document:
    """Return events that speak for First, given as (day, size)."""
    events = [
        {"name": f"event of day {day}", "day": day, "pro": {FIRST: size}} for day, size in sizes
    ]
    return _case(days, half_life, events=events)


def _with_incident(days: int, half_life: float) -> Document:
    """Return incidents that speak for the side that is hit."""
    return _case(days, half_life, ("incidents",), incidents={"pro": 1.0, "con": 0.0})


def _one_incident(days: int) -> Draws:
    """Return draws in which First is hit once, on day 0: F(0) = .9900 < u < F(1) at mean .01."""
    incident = np.full((days, 2), 0.5)
    incident[0, 0] = 0.995
    return Draws(np.full((days, 1, 2), 0.5), incident, np.full((days, 2), 0.5))


def _exposures(case: Any, drawn: Draws | None = None) -> Floats:
    """Return X+ of First by day."""
    model, heard = model_of(case, drawn=drawn), []
    while model.running:
        model.step()
        heard.append(model.audiences[0].pro[0])
    return np.array(heard)
