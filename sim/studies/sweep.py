"""A sweep: the same comparison at every point of a design, on the same draws at every point."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.studies.blocks import CHANCE, PARAMETERS
from sim.studies.compare import Comparing, carry_out, chosen_arms
from sim.studies.executing import settled_engine
from sim.studies.factors import SAMPLES, SCENARIO, Given, text
from sim.studies.planning import Plan, plan

TABLES = ("runs", "summary", "comparison", "failures")


@dataclass(frozen=True)
class Sweep:
    """What ``sweep`` returns. Every table has ``point`` and the swept keys as leading columns."""

    scenario: Scenario
    parameters: tuple[str, ...]
    arms: tuple[str, ...]
    baseline: str
    seed: int
    design: pd.DataFrame
    runs: pd.DataFrame
    summary: pd.DataFrame
    comparison: pd.DataFrame
    failures: pd.DataFrame


def sweep(
    scenario: Scenario,
    parameters: Mapping[str, Given],
    arms: Sequence[str] | None = None,
    baseline: str | None = None,
    replicates: int = 100,
    design: str = "grid",
    samples: int = SAMPLES,
    uncertain: bool = False,
    seed: int | None = None,
    engine: str = "ensemble",
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
    replay: str = "",
) -> Sweep:
    """Run every arm at every point of the design, ``replicates`` times.

    ``parameters`` maps a key of the scenario (``parity``, ``switches.noise``,
    ``mediator.policy``, ``claimants.India.effort`` ...) or ``scenario`` to its values: a list, or
    a text as on the command line, such as ``"0:0.6"`` for a range. ``design`` and ``samples`` are
    those of ``sim.studies.planning.plan``. All points and arms share
    their draws by replicate, so differences between points are paired too. ``uncertain`` also
    draws every parameter (around the point's own value) and judgement. Tables hold day 0, the
    last day and, for arms with an offer, the mean over the days it acts (step -1).
    """
    wanted = arms_of(scenario, arms, baseline)
    planned = plan(scenario, parameters, design, samples, seed, wanted)
    study = Sweeping(scenario, planned, arms, baseline, replicates, uncertain, seed, replay)
    study.carry_out(settled_engine(engine, study.scenarios()), jobs, progress)
    return study.result()


class Sweeping:
    """A sweep under way: comparisons to do, point by point, and the tables of those done."""

    def __init__(
        self,
        scenario: Scenario,
        planned: Plan,
        arms: Sequence[str] | None = None,
        baseline: str | None = None,
        replicates: int = 100,
        uncertain: bool = False,
        seed: int | None = None,
        replay: str = "",
    ) -> None:
        self.scenario, self.design = scenario, planned.points
        self.parameters = tuple(planned.points.columns[1:])
        if scenario.arms:
            self._base, self._chosen = _arms(scenario, arms, baseline)
        elif arms:
            raise InputError(f"arms: scenario {scenario.name} has no arms")
        else:
            self._base, self._chosen = "", []
        self._seed = scenario.seed if seed is None else seed
        self._counts = {PARAMETERS if uncertain else CHANCE: replicates}
        self._rows = self.design.to_dict("records")
        # every point is checked before the first one runs
        self._scenarios = list(placed(scenario, planned))
        self._replay = replay or shlex.join(["narrate", "run", scenario.name])
        self._pieces: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
        self.done = 0  # points

    def carry_out(
        self, engine: str, jobs: int | None, progress: Callable[[int], None] | None
    ) -> None:
        """Run the points, one after the other, on all threads."""
        carry_out(self._comparisons(), engine, jobs, progress, self._ended)

    def scenarios(self) -> Iterator[Scenario]:
        """Every point in every arm."""
        for scenario in self._scenarios:
            for arm in (self._base, *self._chosen):
                yield scenario.arm(arm) if arm else scenario

    def result(self) -> Sweep:
        """The tables of the points that are done."""
        frames = {name: _joined(found) for name, found in self._pieces.items()}
        return Sweep(
            self.scenario, self.parameters, tuple(self._chosen), self._base, self._seed,
            design=self.design, **frames,
        )  # fmt: skip

    def _comparisons(self) -> Iterator[Comparing]:
        for row, scenario in zip(self._rows, self._scenarios, strict=True):
            yield Comparing(
                scenario, self._base, self._chosen, self._counts, self._seed, channels=False,
                every=scenario.steps, replay=f"{self._replay} {_assigned(row, self.parameters)}",
            )  # fmt: skip

    def _ended(self, study: Comparing) -> None:
        """Points end in their order: jobs are merged in theirs."""
        row, tables = self._rows[self.done], study.result()
        for name, pieces in self._pieces.items():
            piece = getattr(tables, name)
            for position, key in enumerate(self.design.columns):
                if key in piece:  # the scenario has a column of its own
                    piece.pop(key)
                piece.insert(position, key, row[key])
            pieces.append(piece)
        self.done += 1


def placed(
    scenario: Scenario, planned: Plan, arms: Iterable[str] = ("",)
) -> Iterator[Scenario]:
    """The scenario at every point of the design, in every arm asked for."""
    keys = [key for key in planned.points.columns[1:] if key != SCENARIO]
    for row in planned.points.to_dict("records"):
        start = planned.scenarios.get(str(row.get(SCENARIO)), scenario)
        at_point = start.set({key: text(row[key]) for key in keys}, place="--param")
        for arm in arms:
            yield at_point.arm(arm) if arm else at_point


def arms_of(scenario: Scenario, arms: Sequence[str] | None, baseline: str | None) -> list[str]:
    """Every arm that a sweep runs, the baseline among them; none where the scenario has none."""
    names = {*(scenario.arms if arms is None else arms), baseline or scenario.baseline}
    return sorted(names - {""})


def _arms(
    scenario: Scenario, arms: Sequence[str] | None, baseline: str | None
) -> tuple[str, list[str]]:
    """As in a comparison, but the baseline alone is allowed: there is then no effect to report."""
    base = baseline or scenario.baseline
    if arms is not None and set(arms) == {base} and base in scenario.arms:
        return base, []
    return chosen_arms(scenario, arms, baseline)


def _joined(pieces: list[pd.DataFrame]) -> pd.DataFrame:
    full = [piece for piece in pieces if len(piece)]
    if full:
        return pd.concat(full, ignore_index=True)
    return pieces[0] if pieces else pd.DataFrame()


def _assigned(row: Mapping[Hashable, object], keys: Iterable[str]) -> str:
    """The options that put a scenario at one point of the design."""
    pairs = [("--set", f"{key}={text(row[key])}") for key in keys]
    return shlex.join([word for pair in pairs for word in pair])
