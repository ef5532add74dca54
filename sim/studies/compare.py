"""Arms of a scenario on the same draws: what mediation changes, and through what.

For each of two kinds of uncertainty, apart: *chance* (the scenario's parameters, the draws vary)
and *parameters* (each pair also draws every parameter that is not fixed and every judgement; the
same in all arms). Within a pair the arms share every draw, so they are bit-identical until the
first difference in what they do.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.engines.ensemble.plan import Lanes
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.studies.executing import Batch, Replicates, certain_lanes, failure, simulate, without
from sim.studies.pairing import (
    QUANTILES,
    Pairs,
    Spread,
    first_divergence,
    paired,
    pairs_needed,
    spread,
    usable,
    window_mean,
)
from sim.tables import metrics
from sim.world.arrays import Bools, Diplomacy, Floats, Ints, World
from sim.world.building import build

CHANCE, PARAMETERS = "chance", "parameters"
WINDOW = -1  # the step that stands for the mean over the days the offer acts
ANSWERS = ("neither", "first", "second", "both")
COMPARED = (
    "alignment", "sympathy", "regard", "lead", "alignment_shift", "tension", "incidents",
    "mediation", "accepted", "polarization", "wedge",
)  # fmt: skip
CHANNELLED = ("alignment", "sympathy", "lead", "tension", "incidents")
# Channels of mediation, each with the coefficients that are 0 when it is off (section 6)
CHANNELS = {
    "parity": ("parity",),
    "goodwill": ("goodwill",),
    "impartiality": ("impartiality",),
    "calming": ("calming",),
}
PRECISION = 0.001  # half-width of the Monte Carlo interval that "pairs needed" is said for
QUANTILE_NAMES = [f"q{round(100 * q):02d}" if q != 0.5 else "median" for q in QUANTILES]


@dataclass(frozen=True)
class Comparison:
    """What ``compare`` returns: data frames as docs/columns.md describes them."""

    scenario: Scenario
    arms: tuple[str, ...]
    baseline: str
    seed: int
    pairs: dict[str, int]
    summary: pd.DataFrame
    comparison: pd.DataFrame
    channels: pd.DataFrame
    runs: pd.DataFrame
    failures: pd.DataFrame
    pairs_needed: dict[str, int] = field(default_factory=dict)


class Column(NamedTuple):
    """One metric of the comparison as columns: values[run, t, column] and their keys."""

    name: str
    values: Floats
    keys: list[tuple[str, str]]  # actor, toward


def compare(
    scenario: Scenario,
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    pairs: int = 200,
    uncertain_pairs: int | None = None,
    seed: int | None = None,
    engine: str = "ensemble",
    channels: bool = True,
    every: int = 1,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
    replay: str = "",
) -> Comparison:
    """Compare arms with the baseline, pair by pair.

    ``pairs`` for chance, ``uncertain_pairs`` for parameters (the same number where None, none at
    0). ``every`` keeps each so-many-th day in the tables, and the last. ``replay`` is the command
    that runs the scenario once, for the list of failures (default: by the scenario's name).
    """
    base, chosen = chosen_arms(scenario, arms, baseline)
    counts = {CHANCE: pairs, PARAMETERS: pairs if uncertain_pairs is None else uncertain_pairs}
    return gather(
        scenario, base, chosen, counts, seed, engine, channels, every, jobs, progress, replay
    )


def gather(
    scenario: Scenario,
    base: str,
    chosen: Sequence[str],
    counts: dict[str, int],
    seed: int | None,
    engine: str,
    channels: bool,
    every: int,
    jobs: int | None,
    progress: Callable[[int], None] | None,
    replay: str,
) -> Comparison:
    """Run and describe the baseline and the arms; ``counts`` says how many pairs of each kind.

    ``base`` may be "" for a scenario without arms, which is then described by itself.
    """
    seed = scenario.seed if seed is None else seed
    worlds = {
        name: build(scenario.arm(name) if name else scenario) for name in (base, *chosen)
    }
    replay = replay or shlex.join(["narrate", "run", scenario.name])
    gathered = _Tables(scenario, base, seed, every, replay)
    for uncertainty, count in counts.items():
        if count < 1:
            continue
        replicates = np.arange(count, dtype=np.uint64)
        numbers = {
            name: certain_lanes(world) if uncertainty == CHANCE
            else uncertain_lanes(world, seed, replicates)
            for name, world in worlds.items()
        }  # fmt: skip

        def runs(
            name: str,
            lanes: Lanes,
            held: Diplomacy | None = None,
            replicates: Replicates = replicates,
        ) -> Batch:
            return simulate(
                engine, worlds[name], lanes, seed, replicates, held, jobs=jobs, progress=progress
            )

        base_batch = runs(base, numbers[base])
        gathered.levels(worlds[base], uncertainty, base_batch, base_batch)
        for name in chosen:
            batch = runs(name, numbers[name])
            gathered.levels(worlds[name], uncertainty, batch, base_batch)
            gathered.effect(worlds[name], uncertainty, batch, base_batch)
            if channels and batch.record.diplomacy.offered.any():
                for channel, off in CHANNELS.items():
                    cut = runs(name, without(numbers[name], *off), batch.record.diplomacy)
                    gathered.channel(worlds[name], uncertainty, channel, batch, cut)
    return gathered.result(chosen, counts)


def chosen_arms(
    scenario: Scenario, arms: Sequence[str] | None, baseline: str | None
) -> tuple[str, list[str]]:
    """The baseline and the arms set against it, checked."""
    base = baseline or scenario.baseline
    known = scenario.arms
    if not known:
        raise InputError(f"arms: scenario {scenario.name} has no arms to compare")
    for name in (base, *(arms or ())):
        if name not in known:
            raise InputError(f"arms: no arm {name!r}; there are {', '.join(known)}")
    wanted = list(dict.fromkeys(known if arms is None else arms))
    chosen = [name for name in wanted if name != base]
    if not chosen:
        raise InputError(f"arms: nothing to set against the baseline {base!r}")
    return base, chosen


def answers(batch: Batch) -> Ints:
    """Who accepted the first offer of each run: 0 neither .. 3 both (ANSWERS); -1 no offer."""
    offered, accepted = batch.record.diplomacy
    made, first = offered.any(axis=1), offered.argmax(axis=1)
    at = accepted[np.arange(len(first)), first]
    both: Ints = np.where(made, at[:, 0] + 2 * at[:, 1], -1).astype(np.int64)
    return both


def offer_window(batch: Batch, world: World) -> tuple[Ints, Ints]:
    """Rows on which the first offer of each run has acted: t + 2 .. t + 1 + its length."""
    offered = batch.record.diplomacy.offered
    first = np.where(offered.any(axis=1), offered.argmax(axis=1), world.steps)
    length = int(world.parameters.mediation_length)
    return first + 2, np.minimum(first + 1 + length, world.steps)


def columns(batch: Batch, world: World, names: Sequence[str] = COMPARED) -> list[Column]:
    """The metrics of a batch, flattened to columns."""
    found = []
    for name in names:
        values = metrics.values(name, batch.record, world)
        metric = metrics.METRICS[name]
        keys = [
            (actor, toward)
            for actor in metric.actors(world.names)
            for toward in metric.toward(world.names)
        ]
        found.append(Column(name, values.reshape(*values.shape[:2], len(keys)), keys))
    return found


class _Tables:
    """Collects the rows of the tables, a piece at a time."""

    def __init__(
        self, scenario: Scenario, baseline: str, seed: int, every: int, replay: str
    ) -> None:
        self.scenario, self.baseline, self.seed, self.replay = scenario, baseline, seed, replay
        steps = scenario.steps
        self.days = sorted({*range(0, steps + 1, every), steps})
        self.pieces: dict[str, list[pd.DataFrame]] = {
            name: [] for name in ("summary", "comparison", "channels", "runs", "failures")
        }
        self.needed: dict[str, int] = {}

    def levels(self, world: World, uncertainty: str, batch: Batch, base: Batch) -> None:
        """Rows of ``summary``, ``runs`` and ``failures`` for one arm."""
        good = batch.finite
        for column in columns(batch, world):
            if not good.any():
                break
            days = [day for day in self.days if day < column.values.shape[1]]
            flat = column.values[good][:, days].reshape(int(good.sum()), -1)
            piece = self._keys(column, days)
            piece.insert(0, "uncertainty", uncertainty)
            piece.insert(0, "arm", world.names.arm)
            piece.insert(0, "scenario", world.names.scenario)
            self.pieces["summary"].append(_with_spread(piece, spread(flat), "mean"))
        self.pieces["runs"].append(self._runs(world, uncertainty, batch, base))
        self.pieces["failures"].append(self._failures(world, uncertainty, batch))

    def effect(self, world: World, uncertainty: str, batch: Batch, base: Batch) -> None:
        """Rows of ``comparison``: every day for all pairs; the window also by answers."""
        good = usable(batch.finite, base.finite)
        who, (first, last) = answers(batch), offer_window(batch, world)
        for arm, without_it in zip(columns(batch, world), columns(base, world), strict=True):
            days = [day for day in self.days if day < arm.values.shape[1]]
            diverges = first_divergence((arm.values - without_it.values)[good])
            if good.any():
                self._compare(
                    arm, days, "any", world.names.arm, uncertainty, diverges,
                    arm.values[good][:, days], without_it.values[good][:, days],
                )  # fmt: skip
            ends = np.minimum(last, arm.values.shape[1] - 1)
            meant = window_mean(arm.values, first, ends)[:, None]
            meant_base = window_mean(without_it.values, first, ends)[:, None]
            for label, member in _groups(who, good & (first <= ends)):
                self._compare(
                    arm, [WINDOW], label, world.names.arm, uncertainty, diverges, meant[member],
                    meant_base[member],
                )  # fmt: skip

    def channel(
        self, world: World, uncertainty: str, channel: str, batch: Batch, cut: Batch
    ) -> None:
        """Rows of ``channels``: what the arm loses when one channel of mediation is off."""
        good = usable(batch.finite, cut.finite)
        first, last = offer_window(batch, world)
        for whole, less in zip(
            columns(batch, world, CHANNELLED), columns(cut, world, CHANNELLED), strict=True
        ):
            days = [day for day in self.days if day < whole.values.shape[1]]
            lost = whole.values - less.values
            ends = np.minimum(last, whole.values.shape[1] - 1)
            window = window_mean(lost, first, ends)[:, None]
            for rows, values in ((days, lost[good][:, days]),
                                 ([WINDOW], window[good & (first <= ends)])):  # fmt: skip
                if len(values) == 0:
                    continue
                piece = self._keys(whole, rows)
                piece.insert(0, "uncertainty", uncertainty)
                piece.insert(0, "baseline", self.baseline)
                piece.insert(0, "arm", world.names.arm)
                piece.insert(0, "channel", channel)
                described = spread(values.reshape(len(values), -1))
                self.pieces["channels"].append(_with_spread(piece, described, "mean_diff"))

    def result(self, chosen: Sequence[str], counts: dict[str, int]) -> Comparison:
        """Everything collected, as one object."""
        frames = {
            name: pd.concat([piece for piece in pieces if len(piece)], ignore_index=True)
            if any(len(piece) for piece in pieces) else pieces[0] if pieces else pd.DataFrame()
            for name, pieces in self.pieces.items()
        }  # fmt: skip
        return Comparison(
            self.scenario, tuple(chosen), self.baseline, self.seed, counts, **frames,
            pairs_needed=self.needed,
        )  # fmt: skip

    def _compare(
        self, column: Column, days: list[int], label: str, arm: str, uncertainty: str,
        diverges: Ints, with_it: Floats, without_it: Floats,
    ) -> None:  # fmt: skip
        if len(with_it) == 0:
            return
        flat = with_it.reshape(len(with_it), -1)
        result = paired(flat, without_it.reshape(len(with_it), -1))
        piece = self._keys(column, days)
        piece["uncertainty"], piece["answers"] = uncertainty, label
        piece["baseline"], piece["arm"] = self.baseline, arm
        piece = _with_pairs(piece, result)
        piece["first_divergence_step"] = np.tile(diverges, len(days))
        self.pieces["comparison"].append(piece)
        if days == [WINDOW] and label == "any" and column.name == "alignment":
            widest = float(result.spread.sd.max())
            if np.isfinite(widest):
                self.needed[f"{arm} {uncertainty}"] = pairs_needed(widest, PRECISION)

    def _keys(self, column: Column, days: list[int]) -> pd.DataFrame:
        """Key columns of a piece: one row per day and (actor, toward), days outermost."""
        count, start = len(column.keys), self.scenario.start_date
        dates = ["" if d == WINDOW else (start + timedelta(days=d)).isoformat() for d in days]
        actors, toward = zip(*column.keys, strict=True)
        return pd.DataFrame(
            {
                "metric": column.name,
                "actor": list(actors) * len(days),
                "toward": list(toward) * len(days),
                "step": np.repeat(days, count),
                "date": np.repeat(dates, count),
            }
        )

    def _runs(self, world: World, uncertainty: str, batch: Batch, base: Batch) -> pd.DataFrame:
        record, count = batch.record, len(batch.finite)
        x = metrics.values("lead", record, world)[:, :, 0, 0]
        with np.errstate(invalid="ignore"):
            differs = (record.sympathy != base.record.sympathy).any(axis=(2, 3))
            differs |= record.tension != base.record.tension
        who = answers(batch)
        return pd.DataFrame(
            {
                "run_id": [f"{world.names.arm}-{uncertainty}-{i}" for i in range(count)],
                "scenario": world.names.scenario,
                "arm": world.names.arm,
                "uncertainty": uncertainty,
                "replicate": np.arange(count),
                "seed": self.seed,
                "answers": [ANSWERS[code] if code >= 0 else "no offer" for code in who.tolist()],
                "offers": record.diplomacy.offered.sum(axis=1),
                "incidents": record.incidents.sum(axis=(1, 2)),
                "peak_tension": record.tension.max(axis=1),
                "first_divergence_step": np.where(
                    differs.any(axis=1), differs.argmax(axis=1), -1
                ),
                "lead": x[:, -1],
            }
        )

    def _failures(self, world: World, uncertainty: str, batch: Batch) -> pd.DataFrame:
        arm = ["--arm", world.names.arm] if world.names.arm else []
        flags = ["--uncertain"] if uncertainty == PARAMETERS else []
        rows = [
            failure(
                f"{world.names.arm}-{uncertainty}-{i}",
                message,
                f"{self.replay} "
                + shlex.join([*arm, "--seed", str(self.seed), "--replicate", str(i), *flags]),
            )
            for i, message in sorted(batch.errors.items())
        ]
        return pd.DataFrame(rows, columns=list(failure("", "", "")))


def _groups(who: Ints, member: Bools) -> list[tuple[str, Bools]]:
    groups = [("any", member)]
    groups += [(label, member & (who == code)) for code, label in enumerate(ANSWERS)]
    return [(label, chosen) for label, chosen in groups if chosen.any()]


def _with_spread(piece: pd.DataFrame, described: Spread, mean: str) -> pd.DataFrame:
    if mean == "mean":
        piece["n"] = described.n
        piece["mean"], piece["sd"], piece["se"] = described.mean, described.sd, described.se
    else:
        piece["n_pairs"] = described.n
        piece[mean], piece["mc_low"], piece["mc_high"] = (
            described.mean, described.low, described.high,
        )  # fmt: skip
        piece["sd_diff"] = described.sd
    for name, row in zip(QUANTILE_NAMES, described.quantiles, strict=True):
        piece[name] = row
    return piece


def _with_pairs(piece: pd.DataFrame, result: Pairs) -> pd.DataFrame:
    piece["mean_baseline"], piece["mean_arm"] = result.baseline, result.arm
    piece = _with_spread(piece, result.spread, "mean_diff")
    piece["share_positive"] = result.share_positive
    piece["pair_correlation"] = result.correlation
    piece["variance_reduction"] = result.variance_reduction
    return piece
