"""Runs grouped by the menus that strategies choose, so that shares are the same within a group.

What is judged differs from run to run where parameters and judgements are drawn. Index letters as
in ``world.arrays``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engines.ensemble.plan import Lanes
from sim.world.arrays import Diplomacy, Ints, World
from sim.world.teams import attacked_issues, focus_attacks

KEPT = 16  # worlds


class MenuGroup(NamedTuple):
    """Runs of one choice.

    Attributes
    ----------
    world
        With the menus chosen.
    runs : [run]
        Their places among all.
    lanes, replicates, held
        Their numbers, replicates, offers and answers.
    """

    world: World
    runs: Ints
    lanes: Lanes
    replicates: npt.NDArray[np.uint64]
    held: Diplomacy | None


_worlds: dict[tuple[int, int, int], tuple[World, World]] = {}


def menu_groups(
    world: World, lanes: Lanes, replicates: npt.NDArray[np.uint64], held: Diplomacy | None
) -> list[MenuGroup]:
    """Group runs by the issues that both claimants attack on; one group where none chooses."""
    issues = attacked_issues(world, lanes.judgements)
    every = np.arange(len(replicates))
    if issues is None:
        return [MenuGroup(world, every, lanes, replicates, held)]
    choices, of = np.unique(issues, axis=1, return_inverse=True)
    chosen = [_focus(world, int(first), int(second)) for first, second in choices.T]
    if len(chosen) == 1:  # also where one set of numbers serves all runs
        return [MenuGroup(chosen[0], every, lanes, replicates, held)]
    groups = []
    for number, focused in enumerate(chosen):
        runs = np.flatnonzero(of.ravel() == number)
        own = Lanes(*(np.ascontiguousarray(values[..., runs]) for values in lanes))
        kept = None if held is None else Diplomacy(*(values[runs] for values in held))
        groups.append(MenuGroup(focused, runs, own, replicates[runs], kept))
    return groups


def _focus(world: World, first: int, second: int) -> World:
    """The world of a choice: made once, since worlds are laid out once each."""
    key = id(world), first, second
    found = _worlds.get(key)
    if found is None or found[0] is not world:
        while len(_worlds) >= KEPT:
            _worlds.pop(next(iter(_worlds)), None)
        found = _worlds[key] = world, focus_attacks(world, (first, second))
    return found[1]
