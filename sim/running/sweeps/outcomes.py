"""From the cells of a sweep to its rows: one run each, with what came out of it.

All points and arms have the same draws by replicate. In what company a run is done changes none of
its bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.run import LEVELS
from sim.engines.ensemble.statistics import window_means
from sim.engines.ensemble.uncertainty import lanes_for, uncertain_lanes
from sim.errors import NON_FINITE, InputError
from sim.running.blocks import CHANCE, block_size, keys_of, metric_columns, offer_window, run_facts
from sim.running.executing import Batch, Progress, Replicates, Simulate, certain_lanes
from sim.running.sweeps.swept import (
    DIVERGED,
    FACTS,
    PLACE,
    SCENARIO,
    Outcome,
    Swept,
    find_sharing,
    outcomes,
    world_of,
)
from sim.scenario.error_texts import show_text
from sim.tables import metrics
from sim.tables.payoffs import payoff_values
from sim.world.arrays import Floats, Ints, World

if TYPE_CHECKING:
    from sim.store.parts import Cell

FINAL, WINDOW = "final", "window"
GROUPS = (FINAL, WINDOW, f"effect.{FINAL}", f"effect.{WINDOW}")


def simulate_cells(
    swept: Swept, cells: Sequence[Cell], simulate: Simulate, progress: Progress | None = None
) -> pd.DataFrame:
    """One row a run: cell by cell, in each the baseline and then the arms, replicate by replicate.

    Columns in their order: ids (``run_id, point, scenario, arm, uncertainty, replicate, seed``),
    the swept keys, ``failed`` ("" or what happened), ``answers, offers, incidents, peak_tension,
    first_divergence_step, lead``, then for each outcome ``final.…`` (the last day), ``window.…``
    (mean over the days on which the first offer acts), ``effect.final.…`` and ``effect.window.…``
    (less the baseline's of the same replicate, over the arm's window), and ``payoff.…`` where the
    sweep keeps payoffs. They are the same for every part of a sweep. Where scenarios with other
    audiences are swept they are those of all together.

    A number that does not apply is missing: a window without an offer, an effect of the baseline,
    an audience that the point does not have. A run that left the finite numbers has only its ids
    and ``failed``; where it was a baseline, the arms of its replicate have no effects.
    """
    sharing = find_sharing(swept)
    table = _Table(swept, cells)

    def run(arm: str, world: World, runs: Ints) -> _ArmBatch:
        replicates = table.replicate[runs].astype(np.uint64)
        numbers = _numbers(swept, world, table.place[runs], replicates)
        batch = simulate(world, numbers, swept.seed, replicates, progress=progress)
        return _ArmBatch(swept, arm, world, batch)

    for number in dict.fromkeys(sharing.setting[table.place].tolist()):
        worlds = {arm: world_of(swept, number, arm) for arm in (swept.base, *swept.arms)}
        own = np.flatnonzero(sharing.setting[table.place] == number)
        size = block_size(worlds[swept.base])
        for start in range(0, len(own), size):
            runs = own[start : start + size]
            base = run(swept.base, worlds[swept.base], runs)
            final = base.final()
            table.enter_runs(runs, base, base, {FINAL: final})
            for name in swept.arms:
                arm = run(name, worlds[name], runs)
                days = offer_window(arm.batch, arm.world)
                levels = {FINAL: arm.final(), WINDOW: arm.window(days)}
                without = {FINAL: final, WINDOW: base.window(days)}
                effects = {f"effect.{group}": levels[group] - without[group] for group in levels}
                table.enter_runs(runs, arm, base, levels | effects)
    return table.frame()


def _numbers(swept: Swept, world: World, places: Ints, replicates: Replicates) -> Lanes:
    """Each run's own numbers: the world's, with those of its point."""
    own = find_sharing(swept).numbers
    points, which = np.unique(places, return_inverse=True)
    if swept.kind == CHANCE:
        if not own:
            return certain_lanes(world)
        swept_here: dict[str, Any] = {name: values[points] for name, values in own.items()}
        chosen = world.parameters._replace(**swept_here)
        judgements = np.repeat(world.judgements[..., None], len(points), axis=-1)
        # the scale of an audience's own pull is the parameter over its usual value, which at each
        # point is the point's own: with a usual value of 0 ``anchor_pulls`` takes it as it stands
        unscaled = world._replace(parameters=world.parameters._replace(anchor_pull=0.0))
        found = lanes_for(unscaled, chosen, judgements)
        return found if len(points) == 1 else Lanes(*(array[..., which] for array in found))
    pieces = []
    for number, point in enumerate(points.tolist()):
        at = {name: float(values[point]) for name, values in own.items()}
        placed = world._replace(parameters=world.parameters._replace(**at))
        pieces.append(uncertain_lanes(placed, swept.seed, replicates[which == number]))
    if len(pieces) == 1:
        return pieces[0]
    back = np.argsort(np.argsort(which, kind="stable"), kind="stable")
    joined = (np.concatenate(arrays, axis=-1) for arrays in zip(*pieces, strict=True))
    return Lanes(*(array[..., back] for array in joined))


class _ArmBatch(NamedTuple):
    """The runs of a block in one arm."""

    swept: Swept
    name: str
    world: World
    batch: Batch

    def lead(self) -> Floats:
        """X[run] on the last day."""
        return metrics.values("lead", self._select_days(_ends).record, self.world)[:, -1, 0, 0]

    def final(self) -> Floats:
        """[outcome, run] on the last day."""
        found = metric_columns(self._select_days(_ends), self.world, self.swept.metrics)
        return self._by_outcome([column.values[-1] for column in found])

    def window(self, days: tuple[Ints, Ints]) -> Floats:
        """[outcome, run] as means over each run's days, first .. last; nan where none are."""
        first, last = days
        some = first <= last
        if not some.any():
            return np.full((len(outcomes(self.swept)), len(first)), np.nan)
        begin, end = int(first[some].min()), int(last[some].max()) + 1
        kept = self._select_days(lambda count: np.array([0, *range(begin, min(end, count))]))
        means = []
        for column in metric_columns(kept, self.world, self.swept.metrics):
            ends = np.minimum(last - begin + 1, len(column.values) - 1)
            means.append(window_means(column.values, first - begin + 1, ends))
        return self._by_outcome(means)

    def payoffs(self) -> Floats:
        """[payoff and claimant, run], as ``Swept.payoff_columns``; nan where a run was lost."""
        record, world = self.batch.record, self.world
        by_side = {name: payoff_values(name, record, world) for name in self.swept.payoffs}
        place = {name: k for k, name in enumerate(world.names.claimants)}
        columns = self.swept.payoff_columns.values()
        found = np.array([by_side[payoff][..., place[name]] for payoff, name in columns])
        found[:, ~self.batch.finite] = np.nan
        return found

    def _select_days(self, chosen: Callable[[int], Ints]) -> Batch:
        """The batch with the chosen ones of the days of each array; runs stay side by side."""
        fields = {}
        for name in LEVELS:
            runs_last = np.moveaxis(getattr(self.batch.record, name), 0, -1)
            fields[name] = np.moveaxis(runs_last[chosen(len(runs_last))], -1, 0)
        return self.batch._replace(record=self.batch.record._replace(**fields))

    def _by_outcome(self, pieces: Sequence[Floats]) -> Floats:
        """Columns of all metrics at the places of their outcomes; nan where a run was lost."""
        known, world = outcomes(self.swept), self.world
        own = [Outcome(name, *key) for name in self.swept.metrics for key in keys_of(name, world)]
        missing = [outcome for outcome in own if outcome not in known]
        if missing:
            raise InputError(
                f"{PLACE}: {show_text(missing[0].name)} is not there at every point; where names "
                "differ, sweep `scenario` over files"
            )
        found = np.full((len(known), len(self.batch.finite)), np.nan)
        found[[known[outcome] for outcome in own]] = np.concatenate(pieces)
        found[:, ~self.batch.finite] = np.nan
        return found


def _ends(count: int) -> Ints:
    """The first and the last of so many days; some metrics are changes since the first."""
    return np.array([0, count - 1])


class _Table:
    """Rows of runs, filled block by block."""

    def __init__(self, swept: Swept, cells: Sequence[Cell]) -> None:
        self.swept, self.outcomes = swept, outcomes(swept)
        counts = np.array([cell.stop - cell.first for cell in cells], dtype=np.int64)
        firsts = np.repeat([cell.first for cell in cells], counts)
        before = np.repeat(np.cumsum(counts) - counts, counts)
        within = np.arange(counts.sum()) - before
        points = pd.Index(swept.design["point"]).get_indexer([cell.point for cell in cells])
        self.place = np.repeat(points, counts).astype(np.int64)  # [run] row of the design
        self.replicate = firsts + within
        arms = (swept.base, *swept.arms)
        # [run] row of each arm's runs: arm after arm within a cell
        self.row = {
            arm: before * len(arms) + position * np.repeat(counts, counts) + within
            for position, arm in enumerate(arms)
        }
        rows = len(arms) * len(self.place)
        self.values = np.full((len(GROUPS), len(self.outcomes), rows), np.nan)
        self.facts = np.full((len(FACTS), rows), np.nan)
        self.payoffs = np.full((len(swept.payoff_columns), rows), np.nan)
        self.answers, self.failed = np.full((2, rows), "", dtype=object)

    def enter_runs(
        self, runs: Ints, arm: _ArmBatch, base: _ArmBatch, found: Mapping[str, Floats]
    ) -> None:
        """Enter what came of these runs of an arm."""
        rows, lost = self.row[arm.name][runs], ~arm.batch.finite
        for group, values in found.items():
            self.values[GROUPS.index(group)][:, rows] = values
        if len(self.payoffs):
            self.payoffs[:, rows] = arm.payoffs()
        facts = run_facts(arm.batch, base.batch) | {"lead": arm.lead()}
        self.answers[rows] = np.where(lost, "", facts["answers"])
        for at, name in enumerate(FACTS):
            self.facts[at, rows] = np.where(lost, np.nan, facts[name])
        self.facts[FACTS.index(DIVERGED), rows[~base.batch.finite]] = np.nan
        for run, message in arm.batch.errors.items():
            self.failed[rows[run]] = f"{NON_FINITE}: {message}"

    def frame(self) -> pd.DataFrame:
        """The table."""
        swept, design = self.swept, self.swept.design
        run, arm = (np.empty(self.facts.shape[1], dtype=kind) for kind in (np.int64, object))
        for name, rows in self.row.items():
            run[rows], arm[rows] = np.arange(len(rows)), name
        place, replicate = self.place[run], self.replicate[run]
        point = design["point"].to_numpy(dtype=np.int64)[place]
        named = {key: design[key].array.take(place) for key in swept.keys}
        scenario = named.pop(SCENARIO, np.full(len(run), swept.scenario.name, dtype=object))
        keys = zip(point.tolist(), arm.tolist(), replicate.tolist(), strict=True)
        ids = {
            "run_id": [f"p{p}-{a}-{swept.kind}-{r}" for p, a, r in keys],
            "point": point,
            "scenario": scenario,
            "arm": arm,
            "uncertainty": np.full(len(run), swept.kind, dtype=object),
            "replicate": replicate,
            "seed": np.full(len(run), swept.seed, dtype=np.uint64),
            **named,
            "failed": self.failed,
            "answers": self.answers,
            **dict(zip(FACTS, self.facts, strict=True)),
        }
        names = [f"{group}.{outcome.name}" for group in GROUPS for outcome in self.outcomes]
        numbers = pd.DataFrame(self.values.reshape(len(names), -1).T, columns=names)
        payoffs = pd.DataFrame(self.payoffs.T, columns=list(swept.payoff_columns))
        return pd.concat([pd.DataFrame(ids), numbers, payoffs], axis=1)


def failed_rows(swept: Swept, cell: Cell, arm: str, error: Exception) -> pd.DataFrame:
    """Rows of an arm's runs that raised: their ids and what happened."""
    table = _Table(swept, [cell])
    table.failed[table.row[arm]] = f"{type(error).__name__}: {error}"
    frame = table.frame()
    return frame[frame["arm"] == arm]


def bytes_of(swept: Swept, pairs: int) -> int:
    """Roughly what the rows take on the disk: eight bytes a number, a baseline has a quarter."""
    numbers = len(GROUPS) * len(outcomes(swept)) + len(swept.payoff_columns)
    return int(pairs * ((0.25 + len(swept.arms)) * 8 * numbers + 40 * (1 + len(swept.arms))))
