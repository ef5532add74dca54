"""Run the compiled engine with every index checked: ``NUMBA_BOUNDSCHECK=1 python -m ...``.

Writes results of runs and of a comparison, bit for bit, then what becomes of a world in which
audiences listen to one that is not there. Compiled code does not check an index unless that variable is set before Numba is
imported; the code so compiled has a cache folder of its own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim import compare
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.scenario.scenario import Scenario
from sim.world.building import build, setting

REFERENCE = Path(__file__).parents[1] / "model" / "reference" / "case.yaml"
REPLICATES = np.arange(33, dtype=np.uint64)  # more than one block


def finals() -> str:
    """The bits of sympathy on the last day of the reference case, in all arms."""
    bits = b""
    for arm in ("offer", "no_offer", "still", "refused"):
        world = build(Scenario.from_yaml(REFERENCE, arm=arm))
        drawn = uncertain_lanes(world, 7, REPLICATES)
        record = simulate_many(world, drawn, 7, REPLICATES, fields=FULL, jobs=1).record
        bits += np.ascontiguousarray(record.sympathy[:, -1]).tobytes()
    return bits.hex()


def effects() -> str:
    """The bits of a comparison's effects: more pairs than a block has, quantiles by counting."""
    scenario = Scenario.from_yaml("symmetric").replace(steps=20)
    table = compare(scenario, pairs=300, jobs=1).comparison
    return table[["mean_diff", "sd_diff", "q05", "q95"]].to_numpy().tobytes().hex()


def listen_to_nobody() -> None:
    """Let every audience listen to one that is not there."""
    world = build(Scenario.from_yaml(REFERENCE))
    peers = world.peers._replace(of=world.peers.of + len(world.names.audiences))
    simulate_many(world._replace(peers=peers), lanes([setting(world)]), 7, REPLICATES)


if __name__ == "__main__":
    print(finals())
    print(effects())
    try:
        listen_to_nobody()
    except IndexError as error:
        print(error)
