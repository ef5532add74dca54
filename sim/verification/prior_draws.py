"""Prior draws of a scenario, their placebos, and runs made with them.  Source: section 8.

A prior draw has every parameter that is not fixed and every judgement drawn. A placebo destroys
what should make a pattern. What the patterns are is in ``findings``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from sim.engines.ensemble import uncertainty
from sim.engines.ensemble.plan import Lanes, stream_counters
from sim.running.executing import Batch, Progress, Replicates, by_ensemble
from sim.tables.metrics import alignment, weighted_sum
from sim.verification.crises import PatternCase, event_day
from sim.world.arrays import Diplomacy, Floats, World

FIELDS = ("sympathy", "tension")  # of every run; memory grows with each


class PriorDraws:
    """Some prior draws, and runs that several patterns look at: each is made when first asked for.

    Parameters
    ----------
    case
        The scenario, with what the patterns are about in it.
    replicates
        Numbers of the draws; what is drawn depends on nothing else.
    progress
        Called with the number of runs done.
    """

    def __init__(self, case: PatternCase, replicates: Replicates, progress: Progress) -> None:
        self.case, self.crisis, self.world = case, case.crisis, case.world
        self.seed = case.scenario.seed
        self.replicates, self._progress = replicates, progress
        self.parameters = uncertainty.drawn_parameters(self.world, self.seed, replicates)
        self.judgements = uncertainty.drawn_judgements(self.world, self.seed, replicates)
        self.true = self.lanes(self.judgements)
        self.visit_effects: dict[object, Floats] = {}  # that several patterns ask for

    def lanes(self, judgements: Floats, **more: Floats) -> Lanes:
        """Return the numbers of every draw with these judgements.

        ``more`` may be resting salience, trust and prior, with a run axis at the end.
        """
        return uncertainty.lanes_for(self.world, self.parameters, judgements, **more)

    @cached_property
    def exchanged_lanes(self) -> Lanes:
        """Placebo: the two claimants' rows of judgements exchanged."""
        return self.lanes(self.judgements[:, :, ::-1].copy())

    @cached_property
    def shuffled_lanes(self) -> Lanes:
        """Placebo: judgements, salience, trust and priors shuffled over audiences, by draw."""
        names = self.world.names.audiences
        counters = stream_counters([("placebo", name) for name in names])
        drawn = uncertainty.streams_of_day_0(self.seed, self.replicates, counters)
        order = np.argsort(drawn, axis=0)
        runs = np.arange(len(self.replicates))

        def reorder(values: Floats) -> Floats:
            """Return values[a, ..., run] with audiences in each run's order."""
            rows = np.moveaxis(values, -1, 1)[order, runs]
            return np.ascontiguousarray(np.moveaxis(rows, 1, -1))

        spread = {
            name: reorder(np.repeat(getattr(self.world, name)[..., None], len(runs), axis=-1))
            for name in ("resting", "trust", "prior")
        }
        return self.lanes(reorder(self.judgements), **spread)

    @cached_property
    def mediated_world(self) -> World:
        """The arm with an offer, which patterns ask for only where there is one."""
        if self.case.mediated_world is None:
            raise LookupError(f"{self.case.scenario.name} has no arm with an offer")
        return self.case.mediated_world

    def run(
        self,
        world: World,
        numbers: Lanes | None = None,
        held: Diplomacy | None = None,
        more: tuple[str, ...] = (),
    ) -> Batch:
        """Run all draws of one world.

        Parameters
        ----------
        world
            What is run.
        numbers
            Numbers of the draws; the true ones if there are none.
        held
            Offers and answers to hold, by run.
        more
            Fields of the record that are kept besides sympathy and tension.
        """
        lanes = self.true if numbers is None else numbers
        options: Any = {"fields": (*FIELDS, *more), "jobs": 1, "progress": self._progress}
        return by_ensemble(world, lanes, self.seed, self.replicates, held, **options)

    @cached_property
    def base_runs(self) -> Batch:
        """The arm without an offer."""
        return self.run(self.world, more=("attention",))

    @cached_property
    def exchanged_runs(self) -> Batch:
        """The arm without an offer under the placebo that exchanges judgements."""
        return self.run(self.world, self.exchanged_lanes)

    @cached_property
    def shuffled_runs(self) -> Batch:
        """The arm without an offer under the placebo that shuffles audiences."""
        return self.run(self.world, self.shuffled_lanes)

    @cached_property
    def mediated_runs(self) -> Batch:
        """The arm with an offer."""
        return self.run(self.mediated_world, more=("credence",))

    def lead(self, batch: Batch) -> Floats:
        """Return X[run, t], alignment weighted by importance."""
        return weighted_sum(alignment(batch.record.sympathy), self.world.importance)

    def day(self, part: str) -> int:
        """Return the day of the event that stands for a part of the crisis."""
        return event_day(self.case, part)
