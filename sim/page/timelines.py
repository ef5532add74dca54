"""An answer computed: two arms on the same draws, this run over the band of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.errors import InputError
from sim.page.cache import Cache
from sim.page.catalogue import Catalogue
from sim.page.protocol import RUNS, Answer, BandAsk, Timelines
from sim.running.blocks import CHANCE, PARAMETERS, run_facts
from sim.running.executing import Batch, Replicates, by_ensemble, certain_lanes, sampled_lanes
from sim.scenario.entities import Event
from sim.scenario.scenario import Scenario
from sim.tables import metrics
from sim.world.arrays import Bools, Floats, World, finite_days
from sim.world.building import build

BAND = (0.05, 0.95)
KEPT = 32  # answers, of about 300 kB each
KEPT_WORLDS = 8  # a scenario has few arms; their switches are seldom moved
Laid = tuple[str, str, tuple[tuple[str, bool], ...]]  # scenario, arm, switches
NONE_FINITE = "of the runs of the band none stays within the finite numbers; move a lever back"
EVERYBODY = "All capitals"  # weighted by importance; the first of the places


class Arm(NamedTuple):
    """Runs of one arm, that of the ask at ``at``; place 0 is all audiences by importance.

    The run is the last axis, along memory, as the engine lays it out.
    """

    scenario: Scenario
    world: World
    batch: Batch
    sympathy: Floats  # [t, place, k, run]
    alignment: Floats  # [t, place, run]
    at: int


class ArmPair(NamedTuple):
    """What an ask of bands is about, by arm: ``own`` has this run, ``spread`` the band's runs.

    They are the same where the band is of chance alone; where it is not, ``own`` is one run.
    """

    own: tuple[Arm, Arm]
    spread: tuple[Arm, Arm]


@dataclass
class TimelineAnswers:
    """Answers asks; the same ask lately answered is found again.

    What is kept depends on the ask alone and is never changed, so windows cannot meet in it.
    """

    catalogue: Catalogue
    runs: int = RUNS

    def __post_init__(self) -> None:
        self._kept: Cache[Timelines, Answer] = Cache(KEPT)
        self._worlds: Cache[Laid, World] = Cache(KEPT_WORLDS)

    def answer(self, ask: Timelines) -> Answer:
        """The answer to a checked ask.

        Raises
        ------
        InputError
            Where the scenario refuses the values together, or the run leaves the finite numbers.
        """
        return self._kept.get(ask, self._compute)

    def warm(self) -> None:
        """Answer the first ask of the served scenario with either band.

        That compiles the engine where needed.
        """
        about = self.catalogue.about["scenarios"][self.catalogue.served]
        first, second = about["chosen"]
        arms, seed = (first, second), about["seed"]
        for kind in (PARAMETERS, CHANCE):
            self.answer(Timelines(self.catalogue.served, arms, seed, 0, (), (), kind))

    def run_pair(self, ask: BandAsk) -> ArmPair:
        """The runs of both arms; nothing of it is kept.

        Raises
        ------
        InputError
            As ``tell``.
        """
        names = dict.fromkeys(ask.arms)
        with ThreadPoolExecutor(2) as pool:  # the threads of both arms side by side
            ran = pool.map(lambda name: self._run(ask, name), names)
            found = dict(zip(names, ran, strict=True))
        (first, one), (second, other) = (found[name] for name in ask.arms)
        if not (one.batch.finite & other.batch.finite).any():
            raise InputError(NONE_FINITE)
        return ArmPair((first, second), (one, other))

    def _compute(self, ask: Timelines) -> Answer:
        found = self.run_pair(ask)
        first, second = arms = found.own
        with ThreadPoolExecutor(2) as pool:
            apart = pool.submit(_difference, found)
            levels = list(pool.map(_arm_arrays, *found))
            arrays = number_arrays(levels) | apart.result()
        header = {
            "kind": "timelines",
            "scenario": ask.scenario,
            "arms": ask.arms,
            "arm_names": [self.catalogue.names[ask.scenario][name] for name in ask.arms],
            "seed": ask.seed,
            "replicate": ask.replicate,
            "uncertainty": ask.uncertainty,
            "held": ask.held_parameters,
            "runs": [int(arm.batch.finite.sum()) for arm in found.spread],
            "places": [EVERYBODY, *first.world.names.audiences],
            "happenings": [happenings(arm) for arm in arms],
            "parted": _first_divergence(first, second),
            "commands": [self.catalogue.run_command(ask, name) for name in ask.arms],
        }
        return Answer(header, arrays)

    def _run(self, ask: BandAsk, name: str) -> tuple[Arm, Arm]:
        """The arm with the values of the ask, and that with the runs of the band."""
        scenario = self.catalogue.scenario_of_ask(ask, name)
        # levers move parameters alone, and none of those that the days are laid out by
        laid = self._worlds.get((ask.scenario, name, ask.switches), lambda _: build(scenario))
        world = laid._replace(parameters=scenario.parameters)
        alone = np.array([ask.replicate], dtype=np.uint64)
        replicates = np.arange(self.runs, dtype=np.uint64)

        def run(numbers: Lanes, replicates: Replicates) -> Arm:
            batch = by_ensemble(laid, numbers, ask.seed, replicates)
            sympathy = with_overall_place(batch.record.sympathy, world)
            alignment = metrics.alignment(np.moveaxis(sympathy, 2, -1))
            at = int(np.flatnonzero(replicates == ask.replicate)[0])
            return Arm(scenario, world, batch, sympathy, alignment, at)

        by_chance = ask.uncertainty == CHANCE
        own = run(certain_lanes(world), replicates if by_chance else alone)
        if not own.batch.finite[own.at]:
            raise InputError(
                not_finite_reason(int(finite_days(own.batch.record)[own.at].argmin()))
            )
        if by_chance:
            return own, own
        drawn = sampled_lanes(world, ask.seed, replicates, ask.held_parameters)
        return own, run(drawn, replicates)


def not_finite_reason(day: int) -> str:
    """Why a run cannot be shown."""
    return f"with these values the run leaves the finite numbers on day {day}; move a lever back"


def number_arrays(runs: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    """Arrays of several runs under one another's names: ``tension.0``, ``tension.1``."""
    return {
        f"{name}.{position}": values
        for position, of_run in enumerate(runs)
        for name, values in of_run.items()
    }


def with_overall_place(sympathy: Floats, world: World) -> Floats:
    """sympathy[t, place, k, run] of sympathy[run, t, a, k]; place 0 weighted by importance."""
    by_run = np.moveaxis(sympathy, 0, -1)
    places = np.empty((by_run.shape[0], by_run.shape[1] + 1, *by_run.shape[2:]))
    places[:, 1:] = by_run
    places[:, 0] = metrics.weighted_sum(np.moveaxis(by_run, 1, -1), world.importance)
    return places


def _arm_arrays(own: Arm, many: Arm) -> dict[str, Floats]:
    """One run and the band of many, states by day 0..T, incidents by day 0..T-1."""
    found: dict[str, Floats] = {}
    for (name, values), (_, spread) in zip(_states(own), _states(many), strict=True):
        low, high = band(spread, many.batch.finite)
        found |= {name: values[..., own.at], f"{name}_low": low, f"{name}_high": high}
    found["incidents"] = own.batch.record.incidents[own.at]
    found["mediation"] = own.batch.record.mediation[own.at]
    return found


def _states(arm: Arm) -> tuple[tuple[str, Floats], ...]:
    """What has a band, by name; the run is the last axis."""
    return (
        ("sympathy", arm.sympathy), ("alignment", arm.alignment),
        ("tension", np.moveaxis(arm.batch.record.tension, 0, -1)),
    )  # fmt: skip


def _difference(found: ArmPair) -> dict[str, Floats]:
    """The first arm less the second, pair by pair: this run, and alignment's band."""
    (first, second), (one, other) = found
    low, high = band(one.alignment - other.alignment, one.batch.finite & other.batch.finite)
    return {
        "difference": first.alignment[..., first.at] - second.alignment[..., second.at],
        "difference_low": low, "difference_high": high,
        "sympathy_difference": first.sympathy[..., first.at] - second.sympathy[..., second.at],
    }  # fmt: skip


def band(values: Floats, good: Bools) -> tuple[Floats, Floats]:
    """The quantiles BAND over the good runs, the last axis; between two as numpy.quantile."""
    # sorting whole rows is several times faster than selecting four places in them
    ordered = np.sort(values if good.all() else values[..., good], axis=-1)
    last = ordered.shape[-1] - 1
    below = [int(share * last) for share in BAND]
    found = []
    for share, at in zip(BAND, below, strict=True):
        low, high = ordered[..., at], ordered[..., min(at + 1, last)]
        found.append(low + (share * last - at) * (high - low))
    return found[0], found[1]


# What happened


def happenings(arm: Arm) -> list[dict[str, Any]]:
    """Events, visits, incidents, offers and answers of the run of the ask, by day.

    Visits are those of the itinerary, so of sides that follow it.
    """
    scenario, names = arm.scenario, arm.world.names
    record, run = arm.batch.record, arm.at
    found = [
        {"day": event.day, "kind": "event", "name": event.name, "text": event.description}
        for event in scenario.events if event.day < scenario.steps
    ]  # fmt: skip
    for side in scenario.claimants:
        if side.campaign_start < scenario.steps:
            found.append({"day": side.campaign_start, "kind": "campaign", "name": side.name,
                          "text": f"{side.name} begins to speak to the capitals"})  # fmt: skip
    found += _visits(scenario)
    for t, k in np.argwhere(record.incidents[run] > 0).tolist():
        count = int(record.incidents[run, t, k])
        what = "an incident" if count == 1 else f"{count} incidents"
        found.append({"day": t, "kind": "incident", "name": names.claimants[k], "side": k,
                      "text": f"{names.claimants[k]} says it was hit by {what}"})  # fmt: skip
    mediator = names.audiences[arm.world.mediator]
    for t in np.flatnonzero(record.diplomacy.offered[run]).tolist():
        accepted = record.diplomacy.accepted[run, t].tolist()
        answers = ", ".join(
            f"{name} {'accepts' if yes else 'refuses'}"
            for name, yes in zip(names.claimants, accepted, strict=True)
        )
        found.append({"day": t, "kind": "offer", "name": mediator, "accepted": accepted,
                      "text": f"{mediator} offers to mediate: {answers}"})  # fmt: skip
    return sorted(found, key=lambda happening: happening["day"])


def _visits(scenario: Scenario) -> list[dict[str, Any]]:
    """Stops of teams, from day to day, where the side follows the itinerary."""
    sides = [side.name for side in scenario.claimants]
    scripted = {side.name for side in scenario.claimants if side.strategy == "scripted"}
    found = []
    for team in scenario.delegations:
        if team.claimant not in scripted:
            continue
        stops = sorted(team.itinerary, key=lambda stop: stop.day)
        ends = [*(stop.day for stop in stops[1:]), scenario.steps]
        for stop, end in zip(stops, ends, strict=True):
            last = min(end, scenario.steps) - 1
            if stop.at is not None and stop.day <= last:
                found.append({"day": stop.day, "until": last, "kind": "visit", "name": team.name,
                              "side": sides.index(team.claimant), "place": stop.at,
                              "text": f"{team.name} ({team.claimant}) in {stop.at}"})  # fmt: skip
    return found


def _first_divergence(first: Arm, second: Arm) -> dict[str, Any] | None:
    """The first day whose state differs between the two runs, and what came before it."""
    day = int(run_facts(first.batch, second.batch)["first_divergence_step"][first.at])
    if day < 0:
        return None
    before = [text for at, text in _differing(first, second) if at < day]
    return {"day": day, "text": before[-1] if before else ""}


def _differing(first: Arm, second: Arm) -> list[tuple[int, str]]:
    """Events and offers that are in one arm alone, or not the same in both, by day."""
    events = [
        {event.name: replace(event, description="") for event in arm.scenario.events}
        for arm in (first, second)
    ]
    found: list[tuple[int, str]] = []
    for name in dict.fromkeys([*events[0], *events[1]]):
        pair: list[Event | None] = [known.get(name) for known in events]
        if pair[0] != pair[1]:
            found.append((min(event.day for event in pair if event is not None), name))
    offers = [arm.batch.record.diplomacy.offered[arm.at] for arm in (first, second)]
    mediator = first.world.names.audiences[first.world.mediator]
    for t in np.flatnonzero(offers[0] != offers[1]).tolist():
        found.append((t, f"offer by {mediator}"))
    return sorted(found, key=lambda row: row[0])
