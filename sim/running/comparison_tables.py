"""Tables of a comparison: from statistics of many pairs to the rows of summary and comparison.

What a block measures is in ``blocks``, what is said of pairs in ``pairing``; the tables of a
sweep, which come from rows of runs, are in ``sweeps.sweep_tables``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from sim.engines.ensemble.statistics import PairMoments, Statistics
from sim.running import blocks
from sim.running.blocks import ComparisonDesign, RowGroup
from sim.running.pairing import compare_pairs, pairs_needed, spread
from sim.scenario.scenario import Scenario
from sim.tables import frames
from sim.tables.metrics import METRICS
from sim.world.arrays import Ints

WINDOW = -1  # the step that stands for the mean over the days the offer acts
_ORDER = (*blocks.CHANNELS, *blocks.COMPARISON_METRICS, "", blocks.ANY, *blocks.ANSWERS)


class ComparisonTables:
    """Writes out the tables of one comparison; columns are those of docs/columns.md.

    Parameters
    ----------
    diverged
        For each metric of an arm, by column, the first day on which some pair differs.
    """

    def __init__(
        self, scenario: Scenario, design: ComparisonDesign, diverged: Mapping[RowGroup, Ints]
    ) -> None:
        self.scenario, self.design, self.diverged = scenario, design, diverged

    def summary(self, found: Mapping[RowGroup, Statistics]) -> pd.DataFrame:
        """Levels of each arm."""
        pieces = [
            self._piece(rows, scenario=self.scenario.name, **spread(statistics).level_columns())
            for rows, statistics in self._of("summary", found)
        ]
        return _join_pieces("summary", pieces)

    def comparison(
        self, found: Mapping[RowGroup, Statistics], moments: Mapping[RowGroup, PairMoments]
    ) -> pd.DataFrame:
        """Each arm against the baseline: every kept day, and the window by answers."""
        pieces = []
        for rows, statistics in self._of("comparison", found):
            first = self.diverged[rows._replace(answers="")]
            days = len(statistics.mean) // len(first)
            own = compare_pairs(statistics, moments[rows]).columns()
            own["first_divergence_step"] = np.tile(first, days)
            pieces.append(self._piece(rows, answers=rows.answers or blocks.ANY, **own))
        return _join_pieces("comparison", pieces)

    def channels(self, found: Mapping[RowGroup, Statistics]) -> pd.DataFrame:
        """What the effect of each arm loses when one channel of mediation is off."""
        pieces = [
            self._piece(rows, channel=rows.channel, **spread(statistics).difference_columns())
            for rows, statistics in self._of("channels", found)
        ]
        return _join_pieces("channels", pieces)

    def runs(self, pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """One row a run, arm by arm."""
        if not pieces:
            return frames.empty("runs")
        table = pd.concat(pieces, ignore_index=True)
        order = {name: place for place, name in enumerate(self.design.worlds)}
        kinds = {name: place for place, name in enumerate(table["uncertainty"].unique())}
        keys = [table["arm"].map(order).to_numpy(), table["uncertainty"].map(kinds).to_numpy()]
        return table.iloc[np.lexsort(keys)].reset_index(drop=True)

    def failures(self, rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
        """One row a lost run."""
        return pd.DataFrame(rows) if rows else frames.empty("failures")

    def pairs_needed(self, found: Mapping[RowGroup, Statistics], half: float) -> dict[str, int]:
        """Pairs for an interval of +-half around each arm's mean effect on alignment."""
        needed = {}
        for rows, statistics in self._of("comparison", found):
            if rows.metric == "alignment" and rows.answers == blocks.ANY:
                widest = float(spread(statistics).sd.max())
                if np.isfinite(widest):
                    needed[f"{rows.arm} {rows.uncertainty}"] = pairs_needed(widest, half)
        return needed

    def _of(
        self, table: str, found: Mapping[RowGroup, Statistics]
    ) -> Iterator[tuple[RowGroup, Statistics]]:
        """Yield those of one table, kind by kind, arm by arm, metric by metric."""
        kinds = list(dict.fromkeys(rows.uncertainty for rows in found))
        arms = list(self.design.worlds)

        def place(rows: RowGroup) -> tuple[int, ...]:
            names = [_ORDER.index(name) for name in (rows.channel, rows.metric, rows.answers)]
            return kinds.index(rows.uncertainty), arms.index(rows.arm), *names

        for rows in sorted((rows for rows in found if rows.table == table), key=place):
            yield rows, found[rows]

    def _piece(self, rows: RowGroup, **columns: Any) -> pd.DataFrame:
        """Some rows of a table: one per day and (actor, toward), days outermost."""
        keys = blocks.keys_of(rows.metric, self.design.worlds[rows.arm])
        last = self.scenario.steps - METRICS[rows.metric].flow
        days = [WINDOW] if rows.answers else [day for day in self.design.days if day <= last]
        start = self.scenario.start_date
        dates = ["" if d == WINDOW else (start + timedelta(days=d)).isoformat() for d in days]
        actors, toward = zip(*keys, strict=True)
        return pd.DataFrame(
            {
                "uncertainty": rows.uncertainty,
                "arm": rows.arm,
                "baseline": self.design.base,
                "metric": rows.metric,
                "actor": list(actors) * len(days),
                "toward": list(toward) * len(days),
                "step": np.repeat(days, len(keys)),
                "date": np.repeat(dates, len(keys)),
                **columns,
            }
        )


def _join_pieces(name: str, pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The pieces as one table with the declared columns in their order."""
    if not pieces:
        return frames.empty(name)
    whole = pd.concat(pieces, ignore_index=True)
    return frames.table(name, {str(column): whole[column] for column in whole})
