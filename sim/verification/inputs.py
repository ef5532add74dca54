"""What a plug-in is asked in its exam: arguments by kind, and whole scenarios.

All are drawn from fixed seeds: each exam asks the same. What the answers must be is in ``exam``.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np

from sim.plugins import registry
from sim.plugins.contracts import Ints, MediatorView, MorningView, TeamView
from sim.verification.statements.documents import Document, drawn_case, replace_blocks

LEVELS = (-1.0, -0.6, -0.05, 0.0, 0.05, 0.5, 1.0)
GAINS = (-1e6, -1.0, -0.1, -1e-9, 0.0, 1e-9, 0.1, 1.0, 1e6)
PRECISIONS = (2.0, 20.0, 200.0, math.inf)
VIEWS = 400
CASES = 6
TEAMS = 5
UNTOUCHED = -7  # what stands in the places a strategy has not filled
# What a mediator may see; each view takes one of each, by chance
SEEN: dict[str, tuple[float, ...]] = {
    "scripted": (0.0, 1.0),
    "tension": (0.0, 0.3, 2.6, 1e3),
    "escalation": (-0.5, 0.0, 1.0),
    "since_offer": (0.0, 13.0, 14.0, 100.0, math.inf),
    "offer_threshold": (0.0, 2.5),
    "escalation_worry": (0.0, 0.5),
    "offer_cooldown": (1.0, 14.0),
    "tension_weight": (0.0, 1.0, 3.0),
    "calming": (0.0, 0.05, 1.0),
    "first_accepts": (0.0, 0.3, 1.0),
    "second_accepts": (0.0, 0.7, 1.0),
}
MORNINGS: dict[str, tuple[float, ...]] = {
    "calming": (0.0, 0.05, 1.0),
    "branching_ratio": (0.0, 0.4, 0.9),
    "first_sympathy": LEVELS,
    "second_sympathy": LEVELS,
    "ended": (0.0, 1.0),
}
# Much tension and noise, many offers, short mediation: every state is met
LIVELY = {
    "base_incident_rate": 0.3,
    "offer_threshold": 0.3,
    "offer_cooldown": 3,
    "mediation_length": 5,
    "noise": 0.05,
    "dwell": 2,
}


def sample_arguments(kind: str, name: str) -> list[tuple[Any, ...]]:
    """Return arguments that a plug-in may meet, one tuple a call.

    Parameters
    ----------
    kind
        rules, strategies, mediators or acceptance.
    name
        The plug-in; a rule is asked with the defaults of its own options.
    """
    if kind == "rules":
        options = registry.options(name)
        peers = [(s, p, 0.0, options) for s, p in product(LEVELS, LEVELS)]
        return peers + [(s, p, 1.0, options) for s, p in product(LEVELS, (-1.0, 1.0))]
    if kind == "acceptance":
        return list(product(GAINS, PRECISIONS))
    if kind == "mediators":
        return [(view,) for view in _draw_views(MediatorView, SEEN)]
    return [(view, empty_places()) for view in team_views()]


def morning_views() -> list[MorningView]:
    """Return mornings that a policy's ``today`` may meet."""
    return _draw_views(MorningView, MORNINGS)


def _draw_views(view: Any, values: dict[str, tuple[float, ...]]) -> list[Any]:
    """Return views of this type whose fields are drawn from these values."""
    rng = np.random.default_rng(2025)
    return [
        view(**{name: float(rng.choice(values[name])) for name in view._fields})
        for _ in range(VIEWS)
    ]


def empty_places() -> Ints:
    """Return places, [team], that no strategy has filled yet."""
    return np.full(TEAMS, UNTOUCHED, dtype=np.int64)


def team_views() -> list[TeamView]:
    """Return days of a strategy, of either claimant; the arrays cannot be written to."""
    rng, views = np.random.default_rng(2025), []
    for number in range(VIEWS // 4):
        audiences = 2 + number % 4
        view = TeamView(
            day=10 + number,
            me=number % 2,
            audiences=audiences,
            owner=rng.integers(0, 2, TEAMS),
            stops=rng.integers(-1, audiences, TEAMS),
            in_field=rng.random(TEAMS) < 0.7,
            field_since=rng.integers(0, 10, TEAMS),
            dwell=1 + number % 5,
        )
        for array in (view.owner, view.stops, view.in_field, view.field_since):
            array.flags.writeable = False
        views.append(view)
    return views


def exam_cases(kind: str, name: str) -> list[Document]:
    """Return scenarios in which both claimants, or the mediator, or all audiences use a plug-in.

    Parameters are as of :func:`sample_arguments`. The other choices of the scenarios alternate
    between plug-ins of this package.
    """
    return [_exam_case(number, kind, name) for number in range(CASES)]


def _exam_case(number: int, kind: str, name: str) -> Document:
    base, turn = drawn_case(number), number % 2
    chosen = {
        "rules": "friedkin_johnsen",
        "strategies": ("scripted", "uniform")[turn],
        "mediators": ("threshold", "scripted")[turn],
        "acceptance": ("logit", "always")[turn],
        kind: name,
    }
    side = {"acceptance": chosen["acceptance"], "strategy": chosen["strategies"]}
    return replace_blocks(
        base,
        parameters=LIVELY,
        claimants=[{**own, **side} for own in base["claimants"]],
        mediator={**base["mediator"], "policy": chosen["mediators"]},
        update_rule=chosen["rules"],
    )
