"""The work made larger: more days, more audiences, more narratives, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.world.arrays import Peers, World
from sim.world.building import build
from sim.world.tiling import copy_audiences

PEERS = 20  # that each audience of a larger world listens to


def with_days(scenario: Scenario, count: int) -> World:
    """Return the world of this scenario over so many days.

    Raises
    ------
    InputError
        There are fewer than the scenario has, whose events have their days.
    """
    if count < scenario.steps:
        raise InputError(f"the benchmark's work has {scenario.steps} days or more (got {count})")
    return build(scenario.replace(steps=count))


def with_audiences(world: World, count: int) -> World:
    """Return a world of so many audiences: copies of the first, each listening to 20 others.

    Raises
    ------
    InputError
        There are too few to listen to.
    """
    if count == len(world.names.audiences):
        return world
    if count <= PEERS:
        raise InputError(f"a larger world has more than {PEERS} audiences (got {count})")
    return copy_audiences(world, count, _random_peers(count))


def with_narratives(world: World, count: int) -> World:
    """Return a world whose menu has so many narratives: copies that divide each one's share.

    Raises
    ------
    InputError
        The number is not a multiple of the menu's own.
    """
    own = len(world.names.narratives)
    times, rest = divmod(count, own)
    if rest or not times:
        raise InputError(f"the number of narratives is a multiple of {own} (got {count})")
    names = tuple(f"{world.names.narratives[i % own]} {i // own}" for i in range(count))
    tiled: Any = {
        name: np.tile(getattr(world, name), times)
        for name in ("sender", "kind", "issue", "claim", "evidence", "spoken")  # narrative last
    }
    return world._replace(
        names=world.names._replace(narratives=names),
        share=np.tile(world.share, times) / times,
        reaches=np.tile(world.reaches, (times, 1)),
        **tiled,
    )


def _random_peers(count: int) -> Peers:
    """Return 20 others for each audience, spread over all by chance, always the same ones."""
    chance = np.random.default_rng(0)
    rows = [np.sort(chance.choice(count - 1, PEERS, replace=False)) for _ in range(count)]
    heard = np.array([row + (row >= a) for a, row in enumerate(rows)])
    return Peers(
        start=np.arange(count + 1, dtype=np.int64) * PEERS,
        of=heard.ravel().astype(np.int64),
        weight=np.full(count * PEERS, 1.0 / PEERS),
    )
