"""From a statement's document to what the model makes of it: runs of the agent engine.

The documents are made in ``documents``. Runs of the compiled engine, and what two records differ
in, are in :mod:`sim.verification.comparing`.
"""

from __future__ import annotations

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.scenario import shipped
from sim.scenario.scenario import Scenario
from sim.tables.metrics import alignment
from sim.verification.statements.documents import Document
from sim.world.arrays import Draws, Floats, Record, World
from sim.world.building import build, setting
from sim.world.draws import draws


def world_of(document: Document) -> World:
    """Return the arrays of a document."""
    return build(Scenario.from_dict(document))


def model_of(
    case: Document | World,
    seed: int = 0,
    replicate: int = 0,
    *,
    drawn: Draws | None = None,
    ledger: bool = False,
) -> NarrativeModel:
    """Return the agent engine's model at the start of day 0.

    Parameters
    ----------
    case
        A document, or a world that may have been changed by hand.
    seed, replicate
        Which of the named draws the run uses.
    drawn
        Draws in their place.
    ledger
        Whether the model writes down what moved each sympathy.
    """
    world = case if isinstance(case, World) else world_of(case)
    numbers = drawn or draws(world, seed, replicate)
    return NarrativeModel.from_arrays(world, setting(world), numbers, ledger=ledger)


def simulate(case: Document | World, seed: int = 0, replicate: int = 0) -> Record:
    """Return the record of a run to the end; arguments as of :func:`model_of`."""
    return model_of(case, seed, replicate).run()


def final_alignment(document: Document) -> Floats:
    """Return x[a] at the end of a run."""
    return alignment(simulate(document).sympathy[-1])


def apart(one: Floats, other: Floats) -> float:
    """Return the largest absolute difference of two arrays of one shape."""
    return float(np.abs(one - other).max())


def shipped_scenarios() -> dict[str, Scenario]:
    """Return the scenarios that come with the package, by name."""
    return {name: Scenario.from_yaml(name) for name in shipped.names()}
