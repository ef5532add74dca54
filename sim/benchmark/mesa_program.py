"""The Mesa model of this package under Mesa's own ``batch_run``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from mesa import batch_run

from sim.benchmark.told import STORY, ToldModel
from sim.benchmark.work import Product, Sums, Work
from sim.engines.agents import NarrativeModel
from sim.world.building import setting
from sim.world.draws import draws


def run(work: Work, runs: int, threads: int = 2) -> Product:
    """Run the first ``runs`` replicates in so many processes; a larger world in this one."""
    sums = Sums(work, runs)
    stories = _one_by_one(work, runs) if work.grown else _in_batch(work, runs, threads)
    for run, (sympathy, tension, (offered, accepted)) in enumerate(stories):
        apart = sympathy - sums.origin
        sums.sympathy += apart
        sums.squares += np.square(apart)
        sums.tension += tension
        sums.diplomacy += [offered.sum(), *accepted.sum(axis=0)]
        if run < len(sums.final):
            sums.final[run] = sympathy[-1]
    return sums.product()


def _in_batch(work: Work, runs: int, processes: int) -> list[Any]:
    parameters = {
        "spec": [work.scenario], "replicate": list(range(runs)), "uncertain": [work.drawn],
    }  # fmt: skip
    rows = batch_run(ToldModel, parameters, number_processes=processes, display_progress=False)
    # a run may have one row, or one for each audience
    stories = {int(row["replicate"]): row[STORY] for row in rows}
    return [stories[replicate] for replicate in range(runs)]


def _one_by_one(work: Work, runs: int) -> Iterator[Any]:
    """The runs of a world that is no scenario: as arrays, one after the other."""
    chosen = setting(work.world)
    for replicate in range(runs):
        drawn = draws(work.world, work.seed, replicate)
        record = NarrativeModel.from_arrays(work.world, chosen, drawn).run()
        yield record.sympathy, record.tension, record.diplomacy
