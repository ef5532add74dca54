"""An answer computed: two arms on the same draws, this run over the band of all runs."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.page.catalogue import Catalogue
from sim.page.protocol import RUNS, Answer, Ask
from sim.scenario.entities import Event
from sim.scenario.scenario import Scenario
from sim.studies.blocks import told
from sim.studies.executing import Batch, by_ensemble, certain_lanes
from sim.tables import metrics
from sim.world.arrays import Bools, Floats, World, finite_days
from sim.world.building import build

BAND = (0.05, 0.95)
KEPT = 32  # answers, of about 150 kB each
EVERYBODY = "All capitals"  # weighted by importance; the first of the places


class Arm(NamedTuple):
    """One arm as it ran, replicates 0 to RUNS - 1; place 0 is all audiences by importance.

    The run is the last axis, along memory, as the engine lays it out.
    """

    scenario: Scenario
    world: World
    batch: Batch
    sympathy: Floats  # [t, place, k, run]
    alignment: Floats  # [t, place, run]


@dataclass
class Teller:
    """Answers asks; the same ask lately answered is found again.

    What is kept depends on the ask alone and is never changed, so windows cannot meet in it.
    """

    catalogue: Catalogue
    runs: int = RUNS

    def __post_init__(self) -> None:
        self._kept: OrderedDict[Ask, Answer] = OrderedDict()
        self._lock = Lock()

    def tell(self, ask: Ask) -> Answer:
        """The answer to a checked ask.

        Raises
        ------
        InputError
            Where the scenario refuses the values together, or the run leaves the finite numbers.
        """
        with self._lock:
            if ask in self._kept:
                self._kept.move_to_end(ask)
                return self._kept[ask]
        answer = self._told(ask)
        with self._lock:
            self._kept[ask] = answer
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return answer

    def warm(self) -> None:
        """Answer the first ask of the served scenario, which compiles the engine where needed."""
        about = self.catalogue.about["scenarios"][self.catalogue.served]
        first, second = about["chosen"]
        self.tell(Ask(self.catalogue.served, (first, second), about["seed"], 0))

    def _told(self, ask: Ask) -> Answer:
        names = dict.fromkeys(ask.arms)
        with ThreadPoolExecutor(2) as pool:  # an arm on each of two processors
            ran = pool.map(lambda name: self._run(ask, name), names)
            found = dict(zip(names, ran, strict=True))
            first, second = arms = [found[name] for name in ask.arms]
            apart = pool.submit(_difference, first, second, ask.replicate)
            levels = list(pool.map(lambda arm: _arm_arrays(arm, ask.replicate), arms))
            arrays = {
                f"{name}.{position}": values
                for position, of_arm in enumerate(levels)
                for name, values in of_arm.items()
            } | apart.result()
        header = {
            "scenario": ask.scenario,
            "arms": ask.arms,
            "seed": ask.seed,
            "replicate": ask.replicate,
            "runs": [int(arm.batch.finite.sum()) for arm in arms],
            "places": [EVERYBODY, *first.world.names.audiences],
            "happenings": [happenings(arm, ask.replicate) for arm in arms],
            "parted": _parted(first, second, ask.replicate),
            "commands": [self.catalogue.command(ask, name) for name in ask.arms],
        }
        return Answer(header, arrays)

    def _run(self, ask: Ask, name: str) -> Arm:
        scenario = self.catalogue.in_arm(ask.scenario, name).replace(
            parameters=dict(ask.parameters), switches=dict(ask.switches)
        )
        world = build(scenario)
        replicates = np.arange(self.runs, dtype=np.uint64)
        batch = by_ensemble(world, certain_lanes(world), ask.seed, replicates, jobs=1)
        if not batch.finite[ask.replicate]:
            good = finite_days(batch.record)[ask.replicate]
            raise InputError(
                f"with these values the run leaves the finite numbers on day {good.argmin()}; "
                "move a lever back"
            )
        sympathy = _everywhere(batch.record.sympathy, world)
        alignment = metrics.alignment(np.moveaxis(sympathy, 2, -1))
        return Arm(scenario, world, batch, sympathy, alignment)


def _everywhere(sympathy: Floats, world: World) -> Floats:
    """sympathy[t, place, k, run] of sympathy[run, t, a, k]."""
    by_run = np.moveaxis(sympathy, 0, -1)
    places = np.empty((by_run.shape[0], by_run.shape[1] + 1, *by_run.shape[2:]))
    places[:, 1:] = by_run
    places[:, 0] = metrics.weighted(np.moveaxis(by_run, 1, -1), world.importance)
    return places


def _arm_arrays(arm: Arm, run: int) -> dict[str, Floats]:
    """One run and the band of all, states by day 0..T, incidents by day 0..T-1."""
    record, good = arm.batch.record, arm.batch.finite
    found: dict[str, Floats] = {}
    for name, values in (
        ("sympathy", arm.sympathy), ("alignment", arm.alignment),
        ("tension", np.moveaxis(record.tension, 0, -1)),
    ):  # fmt: skip
        low, high = band(values, good)
        found |= {name: values[..., run], f"{name}_low": low, f"{name}_high": high}
    found["incidents"] = record.incidents[run]
    found["mediation"] = record.mediation[run]
    return found


def _difference(first: Arm, second: Arm, run: int) -> dict[str, Floats]:
    """The first arm less the second, pair by pair: this run, and alignment's band."""
    values = first.alignment - second.alignment
    low, high = band(values, first.batch.finite & second.batch.finite)
    return {
        "difference": values[..., run], "difference_low": low, "difference_high": high,
        "sympathy_difference": first.sympathy[..., run] - second.sympathy[..., run],
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


def happenings(arm: Arm, run: int) -> list[dict[str, Any]]:
    """Events, visits, incidents, offers and answers of one run, by day.

    Visits are those of the itinerary, so of sides that follow it.
    """
    scenario, names = arm.scenario, arm.world.names
    record = arm.batch.record
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


def _parted(first: Arm, second: Arm, run: int) -> dict[str, Any] | None:
    """The first day whose state differs between the two runs, and what came before it."""
    day = int(told(first.batch, second.batch)["first_divergence_step"][run])
    if day < 0:
        return None
    before = [text for at, text in _differing(first, second, run) if at < day]
    return {"day": day, "text": before[-1] if before else ""}


def _differing(first: Arm, second: Arm, run: int) -> list[tuple[int, str]]:
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
    offers = [arm.batch.record.diplomacy.offered[run] for arm in (first, second)]
    mediator = first.world.names.audiences[first.world.mediator]
    for t in np.flatnonzero(offers[0] != offers[1]).tolist():
        found.append((t, f"offer by {mediator}"))
    return sorted(found, key=lambda row: row[0])
