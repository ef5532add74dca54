"""Prior draws of the main scenario, their placebos, and runs made with them.  Source: section 8.

A prior draw has every parameter that is not fixed and every judgement drawn. A placebo destroys
what should make a pattern.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes, stream_counters
from sim.engines.ensemble.uncertainty import (
    drawn_judgements,
    drawn_parameters,
    lanes_for,
    streams_of_day_0,
)
from sim.running.executing import Batch, Progress, Replicates, by_ensemble
from sim.scenario.scenario import Scenario
from sim.tables.metrics import alignment, weighted_sum
from sim.world.arrays import Diplomacy, Floats, World
from sim.world.building import build

FIELDS = ("sympathy", "tension", "mediation", "standing", "incidents", "attention", "credence")


class MainScenario(NamedTuple):
    """The scenario and the worlds of its two arms."""

    scenario: Scenario
    base: World
    mediated: World


def load_main_scenario() -> MainScenario:
    """The main scenario, without and with an offer."""
    scenario = Scenario.from_yaml("kashmir_2025")
    return MainScenario(
        scenario, *(build(scenario.arm(name)) for name in ("no_mediation", "mediation"))
    )


class PriorDraws:
    """Some prior draws."""

    def __init__(self, scenario: MainScenario, replicates: Replicates, progress: Progress) -> None:
        self.scenario, self.world, self.mediated = scenario
        self.seed = self.scenario.seed
        self.replicates, self._progress = replicates, progress
        self.parameters = drawn_parameters(self.world, self.seed, replicates)
        self.judgements = drawn_judgements(self.world, self.seed, replicates)
        self.true = self.lanes(self.judgements)
        self.importance = self.world.importance

    def lanes(self, judgements: Floats, **more: Floats) -> Lanes:
        """Numbers of every draw with these judgements (and salience, trust, priors)."""
        return lanes_for(self.world, self.parameters, judgements, **more)

    def exchange_judgements(self) -> Lanes:
        """Placebo: the two claimants' rows of judgements exchanged."""
        return self.lanes(self.judgements[:, :, ::-1].copy())

    def shuffle_audiences(self) -> Lanes:
        """Placebo: judgements, salience, trust and priors shuffled over audiences, by draw."""
        names = self.world.names.audiences
        counters = stream_counters([("placebo", name) for name in names])
        order = np.argsort(streams_of_day_0(self.seed, self.replicates, counters), axis=0)
        runs = np.arange(len(self.replicates))

        def reorder(values: Floats) -> Floats:
            """values[a, ..., run] with audiences in each run's order."""
            rows = np.moveaxis(values, -1, 1)[order, runs]
            return np.ascontiguousarray(np.moveaxis(rows, 1, -1))

        def spread(values: Floats) -> Floats:
            return reorder(np.repeat(values[..., None], len(runs), axis=-1))

        return self.lanes(
            reorder(self.judgements), resting=spread(self.world.resting),
            trust=spread(self.world.trust), prior=spread(self.world.prior),
        )  # fmt: skip

    def run(
        self, world: World, numbers: Lanes | None = None, held: Diplomacy | None = None
    ) -> Batch:
        """All draws of one world."""
        return by_ensemble(
            world, self.true if numbers is None else numbers, self.seed, self.replicates, held,
            fields=FIELDS, jobs=1, progress=self._progress,
        )  # fmt: skip

    def lead(self, batch: Batch) -> Floats:
        """X[run, t]."""
        return weighted_sum(alignment(batch.record.sympathy), self.importance)

    def day(self, event: str) -> int:
        """Day of an event of the scenario."""
        return next(e.day for e in self.scenario.events if e.name == event)

    def place(self, audience: str) -> int:
        """Row of an audience."""
        return self.world.names.audiences.index(audience)
