"""A study's plan: its design and the scenarios it runs on, checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.errors import InputError
from sim.scenario import arguments
from sim.scenario.csv_rows import is_table
from sim.scenario.scenario import Scenario
from sim.scenario.swept_keys import SCENARIO
from sim.studies.designs import factors, from_file
from sim.studies.designs.factors import PLACE, SALTELLI, SAMPLED, SAMPLES, Given
from sim.studies.designs.sampling import check_kind, demand_different, design_points, notes


@dataclass(frozen=True)
class StudyPlan:
    """What is run.

    ``points`` has ``point`` (0, 1, ...) and one column per key. ``scenarios`` are those that its
    column ``scenario`` chooses between, by the names in it; none without that column. ``notes``
    are what the user should know of the design.
    """

    points: pd.DataFrame
    scenarios: Mapping[str, Scenario]
    notes: tuple[str, ...] = ()


def plan_study(
    scenario: Scenario,
    given: Mapping[str, Given],
    kind: str = "grid",
    samples: int = SAMPLES,
    seed: int | None = None,
    arms: Sequence[str] = (),
    open_one: Callable[[str], Scenario] = Scenario.from_yaml,
) -> StudyPlan:
    """The plan of a study, every value of it tried on the scenario.

    Parameters
    ----------
    given
        Keys and their values: a list, or the text that follows ``KEY=`` on the command line.
    kind
        ``grid``, ``zip``, ``lhs``, ``sobol``, ``morris``, or the path of a CSV file; from Python
        ``saltelli`` too, for Sobol's indices.
    samples
        As :func:`sim.studies.designs.sampling.design_points`.
    seed
        Seed of what is drawn; the scenario's own where None.
    arms
        Arms that every scenario of the design must have.
    open_one
        Reads a scenario that the key ``scenario`` names.

    Raises
    ------
    InputError
        With all that is wrong with keys and values, those of a file by their lines.
    """
    if is_table(kind):
        if given:
            raise InputError(f"{PLACE}: a design from a file has its own keys and values")
        points, scenarios = from_file.read_design(Path(kind), kind, scenario, arms, open_one)
        return StudyPlan(points, scenarios, notes(kind, samples, points))
    check_kind(kind, given)
    scenarios = factors.open_scenarios(_chosen(given), arms, open_one)
    tried_on = scenarios or {scenario.name: scenario}
    read = factors.read_factors(given, tried_on, sampled=kind in (*SAMPLED, SALTELLI))
    demand_different(read, kind)
    points = design_points(read, kind, samples, scenario.seed if seed is None else seed)
    return StudyPlan(points, scenarios, notes(kind, samples, points))


def _chosen(given: Mapping[str, Given]) -> list[str]:
    """The scenarios named."""
    named = given.get(SCENARIO, ())
    words = named.split(",") if isinstance(named, str) else named
    return [arguments.word(SCENARIO, word).strip() for word in words]
