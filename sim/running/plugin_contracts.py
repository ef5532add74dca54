"""Whether a plug-in keeps its contract: what it is asked, and what it must not answer.

It is asked in plain Python, before anything runs: inside compiled code an impossible answer would
pass for a possible one, and one that never comes could not be interrupted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np

from sim.errors import InputError, Problem, Terminated
from sim.parameters import DEFAULTS, OFF, Switches, coefficients
from sim.plugins import registry
from sim.plugins.contracts import Ints, MediatorView, MorningView, SenderView, TeamView
from sim.scenario.scenario import Scenario

LEVELS = (-1.0, -0.6, -0.05, 0.0, 0.05, 0.5, 1.0)
GAINS = (-1e6, -1.0, -0.1, -1e-9, 0.0, 1e-9, 0.1, 1.0, 1e6)
PRECISIONS = (2.0, 20.0, 200.0, math.inf)
VIEWS = 400
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


def demand_contracts(scenarios: Iterable[Scenario]) -> None:
    """Ask the plug-ins from outside that scenarios use what they may be asked in a run.

    Raises
    ------
    InputError
        Where one answers what it must not, raises an error, or writes to what it is given.
    """
    outside = {(plugin.kind, plugin.name): plugin for plugin in registry.from_outside()}
    if not outside:
        return
    used = {key for scenario in scenarios for key in scenario.plugins() if key in outside}
    for kind, name in sorted(used):
        try:
            broken = next(_find_all(kind, name), "")
        except (KeyboardInterrupt, Terminated) as stopped:
            asked = f"{outside[kind, name].spec} was asked and had not answered"
            raise type(stopped)(f"nothing was kept, {asked}") from None
        if broken:
            reason = f"the plug-in breaks its contract: {broken}"
            raise InputError(Problem(name, reason, place=outside[kind, name].file))


def _find_all(kind: str, name: str) -> Iterator[str]:
    yield from find_breaks(kind, name)
    if kind == "mediators":
        yield from find_changed_means(name)


def find_breaks(kind: str, name: str) -> Iterator[str]:
    """Yield, in words, what a plug-in gives that it must not, question by question."""
    function: Callable[..., Any] = registry.load(kind, name)
    form = "weights" if kind == "strategies" and registry.weighs(name) else kind
    within = _WITHIN[form]
    for arguments in sample_arguments(kind, name):
        answer = function(*arguments)
        if not within(answer, *arguments):
            shown = arguments[-1] if answer is None else answer
            yield f"{write_call(name, arguments)} must be {_MEANT[form]}, not {shown!r}"


def find_changed_means(name: str) -> Iterator[str]:
    """Yield, in words, what a policy's ``today`` and ``adjusted`` give that they must not."""
    today: Any = registry.part("mediators", name, "today")
    adjusted: Any = registry.part("mediators", name, "adjusted")
    for view in morning_views() if today else ():
        calming, branching = today(view)
        if not (0.0 <= calming <= 1.0 and 0.0 <= branching < 1.0):
            yield f"today({view}) must give mu in 0 to 1 and n in 0 to below 1"
        both = ((view.calming, calming), (view.branching_ratio, branching))
        if any(given == 0.0 and answer != 0.0 for given, answer in both):
            yield f"today({view}) must leave at 0 what is off"
    if adjusted:
        whole = coefficients(DEFAULTS, Switches())
        if not all(map(math.isfinite, adjusted(whole))):
            yield "adjusted must give finite coefficients"
        cases = [(field, whole._replace(**{field: 0.0})) for field in ("calming", "goodwill")]
        for switch in OFF:
            off = coefficients(DEFAULTS, Switches()._replace(**{switch: False}))
            cases += [(f, off) for f in off._fields if getattr(off, f) != getattr(whole, f)]
        for field, off in cases:
            if getattr(adjusted(off), field) != getattr(off, field):
                yield f"adjusted must leave {field} at {getattr(off, field):g} where it is off"


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
    if registry.weighs(name):
        return [(view, np.full(len(view.importance), math.nan)) for view in sender_views()]
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


def sender_views() -> list[SenderView]:
    """Return days of a strategy of weights; the arrays cannot be written to."""
    rng, views = np.random.default_rng(2025), []
    for number in range(VIEWS // 4):
        a = 2 + number % 4
        view = SenderView(
            day=number,
            importance=rng.dirichlet(np.ones(a)),
            capitals=rng.choice([1.0, 4.0, 8.0], a),
            attention=rng.random(a),
            own_sympathy=rng.choice(LEVELS, a),
            rival_sympathy=rng.choice(LEVELS, a),
            own_teams=rng.integers(0, 3, a).astype(float),
            rival_teams=rng.integers(0, 3, a).astype(float),
            gains=rng.normal(0.0, 1e-3, a) * (rng.random(a) < 0.8),
            gained=rng.normal(0.0, 1.0, a) * (rng.random(a) < 0.8),
            network_values=rng.random(a) * (rng.random(a) < 0.8),
        )
        for array in view[1:]:
            array.flags.writeable = False
        views.append(view)
    return views


def _is_number(answer: Any, *_: Any) -> bool:
    return isinstance(answer, (int, float)) and math.isfinite(answer)


def _is_probability(answer: Any, *_: Any) -> bool:
    return _is_number(answer) and 0.0 <= answer <= 1.0


def _fills_own_places(answer: Any, view: Any, places: Any) -> bool:
    """Whether a strategy has filled the places of its own teams, and of no other."""
    own = view.owner == view.me
    filled = (places >= -1) & (places < view.audiences)
    return answer is None and bool(np.where(own, filled, places == UNTOUCHED).all())


def _fills_weights(answer: Any, view: Any, weights: Any) -> bool:
    """Whether a strategy has given each audience a finite weight."""
    return answer is None and bool(np.isfinite(weights).all())


_WITHIN: dict[str, Callable[..., bool]] = {
    "rules": _is_number,
    "mediators": _is_number,
    "acceptance": _is_probability,
    "strategies": _fills_own_places,
    "weights": _fills_weights,
}


_MEANT = {
    "rules": "a finite number",
    "mediators": "a finite number",
    "acceptance": "a probability from 0 to 1",
    "strategies": "a place for each own team and none for the others",
    "weights": "a finite weight for each audience",
}


def write_call(name: str, arguments: tuple[Any, ...]) -> str:
    """Write the call as in Python, without arrays."""
    return f"{name}({', '.join(str(a) for a in arguments if not isinstance(a, np.ndarray))})"
