"""What a strategy is shown of the teams, when it is asked, and what it does to the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.plugins import registry
from sim.plugins.contracts import TeamView
from sim.world.arrays import ATTACK, NOWHERE, Bools, Floats, Ints, World


class TeamStrategy(NamedTuple):
    """A claimant's strategy.

    Attributes
    ----------
    function
        It fills places or weights.
    weighs
        Whether it gives weights of audiences, by the state of the run.
    reads
        What is worked out for it: fields of ``SenderView``.
    sampled
        Whether each team draws its place by the weights.
    """

    function: Callable[..., None]
    weighs: bool
    reads: tuple[str, ...]
    sampled: bool


def strategies_of(world: World) -> tuple[TeamStrategy, ...]:
    """The strategies of both claimants."""
    return tuple(
        TeamStrategy(
            registry.load("strategies", name),
            registry.weighs(name),
            registry.reads(name),
            getattr(registry.module("strategies", name), "SAMPLED", False),
        )
        for name in world.strategies
    )


def team_view(world: World, day: int, claimant: int) -> TeamView:
    """What is public of all teams on this day, as a claimant's strategy sees it."""
    return TeamView(
        day=day,
        me=claimant,
        audiences=len(world.names.audiences),
        owner=world.owner,
        stops=world.stops[day],
        in_field=world.field_days[day],
        field_since=np.argmax(world.field_days, axis=0).astype(np.int64),
        dwell=int(world.parameters.dwell),
    )


def choosing(world: World) -> Bools:
    """choosing[k]: whether a claimant's teams go by weights, by the state of the run."""
    return np.array([registry.weighs(name) for name in world.strategies], dtype=bool)


def moving_days(world: World) -> Bools:
    """moves[t, l]: whether a free team chooses its place; it stays ``dwell`` days each time."""
    since = np.argmax(world.field_days, axis=0)
    days = np.arange(world.steps)[:, None]
    over: Bools = (days - since) % int(world.parameters.dwell) == 0
    return world.field_days & over & choosing(world)[world.owner]


def planned_places(world: World) -> Ints:
    """places[t, l]: where teams are of which that is known beforehand; NOWHERE all others."""
    steps, teams = world.stops.shape
    where = np.full((steps, teams), NOWHERE, dtype=np.int64)
    for k, strategy in enumerate(strategies_of(world)):
        for day in range(0 if strategy.weighs else steps):
            strategy.function(team_view(world, day, k), where[day])
    return where


# The menu


def attacked_issues(world: World, judgements: Floats) -> Ints | None:
    """issue[k, ...] to which the share of all attacks of a claimant goes; None where none moves.

    Parameters
    ----------
    world
        The scenario as arrays.
    judgements : [a, q, k, ...]
        Of one run, or of many.
    """
    choosers = [registry.part("strategies", name, "attacked_issue") for name in world.strategies]
    if choosers == [None, None]:
        return None
    runs = judgements.shape[3:]
    found = np.full((2, *runs), NOWHERE, dtype=np.int64)
    for k, chooser in enumerate(choosers):
        if chooser is None:
            continue
        judged = np.zeros((judgements.shape[1], *runs))
        for a, importance in enumerate(world.importance.tolist()):
            judged += importance * judgements[a, :, 1 - k]
        attacks = np.isin(np.arange(len(judged)), world.issue[_attacks(world, k)])
        for run in np.ndindex(*runs):
            found[(k, *run)] = chooser(judged[(slice(None), *run)], attacks)
    return found


def focus_attacks(world: World, issues: Any) -> World:
    """The world in which all attacks of a claimant are on issues[k], where that is an issue.

    Attacks on it share what all attacks had, in proportion to their own shares.
    """
    share = world.share.copy()
    for k in (0, 1):
        attacks = _attacks(world, k)
        kept = attacks & (world.issue == issues[k])
        if not kept.any():
            continue
        whole, own = share[..., attacks].sum(axis=-1), share[..., kept].sum(axis=-1)
        parts = np.where(own[..., None] > 0.0, share[..., kept], 1.0)
        parts = parts / parts.sum(axis=-1)[..., None]
        share[..., attacks] = 0.0
        share[..., kept] = whole[..., None] * parts
    return world._replace(share=share)


def _attacks(world: World, claimant: int) -> Bools:
    found: Bools = (world.kind == ATTACK) & (world.sender == claimant)
    return found
