"""Two arms on the same draws: this run of each over the band of many, and what happened.

The runs are those of the compiled engine, the numbers those of the Python interface.
Index letters: t day, a audience, k claimant; ``place`` counts all audiences by importance as 0,
then each audience. The run is the last axis, along memory, as the engine lays it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.plan import Lanes
from sim.errors import InputError
from sim.lessons.entities import RUNS
from sim.page.cache import Cache
from sim.page.catalogue import Catalogue
from sim.page.protocol import Answer, BandAsk, Timelines, pick
from sim.running.blocks import CHANCE, run_facts
from sim.running.executing import Batch, Replicates, by_ensemble, certain_lanes, sampled_lanes
from sim.scenario.entities import Event
from sim.scenario.plans import tour
from sim.scenario.scenario import Scenario
from sim.tables import metrics
from sim.world.arrays import Bools, Floats, World, finite_days
from sim.world.building import build
from sim.world.roles import mediator_on

BAND = (0.05, 0.95)
KEPT_WORLDS = 8  # a scenario has few arms; their switches are seldom moved
WorldKey = tuple[str, str, tuple[tuple[str, bool], ...]]  # scenario, arm, switches
NONE_FINITE = "of the runs of the band none stays within the finite numbers; move a lever back"
EVERYBODY = "All capitals"  # weighted by importance; the first of the places


class Arm(NamedTuple):
    """Runs of one arm; ``at`` is the position of the ask's own run among them."""

    scenario: Scenario
    world: World
    batch: Batch
    sympathy: Floats  # [t, place, k, run]
    alignment: Floats  # [t, place, run]
    at: int

    def states(self) -> dict[str, Floats]:
        """What has a band, by name; the run is the last axis."""
        tension = np.moveaxis(self.batch.record.tension, 0, -1)
        return {"sympathy": self.sympathy, "alignment": self.alignment, "tension": tension}


class ArmPair(NamedTuple):
    """Both arms of an ask: ``own`` has the ask's run, ``spread`` the runs of the band.

    They are the same if the band is of chance alone; otherwise ``own`` is one run.
    """

    own: tuple[Arm, Arm]
    spread: tuple[Arm, Arm]


@dataclass
class TimelineAnswers:
    """Answers asks for timelines; the latest few worlds are kept.

    Parameters
    ----------
    runs
        How many runs a band is made of, replicates 0 to ``runs - 1``.
    """

    catalogue: Catalogue
    runs: int = RUNS

    def __post_init__(self) -> None:
        self._worlds: Cache[WorldKey, World] = Cache(KEPT_WORLDS)

    def answer(self, ask: Timelines) -> Answer:
        """Return what the charts draw.

        Returns
        -------
        Answer
            For each arm N (0 or 1): ``sympathy.N[t, place, k]``, ``alignment.N[t, place]`` and
            ``tension.N[t]`` of this run on days 0 to T, each with ``_low`` and ``_high`` of the
            band (5 and 95 % of the runs); ``incidents.N[t, k]`` and ``mediation.N[t]``. The
            first arm less the second: ``difference[t, place]`` of alignment with its band, and
            ``sympathy_difference[t, place, k]``.

        Raises
        ------
        InputError
            If the scenario refuses the values together, or the run leaves the finite numbers.
        """
        found = self.run_pair(ask)
        names = self.catalogue.names[ask.scenario]
        with ThreadPoolExecutor(2) as pool:
            apart = pool.submit(_difference, found)
            levels = list(pool.map(_arm_arrays, *found))
            arrays = number_arrays(levels) | apart.result()
        header = {
            "kind": "timelines",
            **pick(ask, "scenario", "arms", "seed", "replicate", "uncertainty"),
            "held": ask.held_parameters,
            "arm_names": [names[arm] for arm in ask.arms],
            "runs": [int(arm.batch.finite.sum()) for arm in found.spread],
            "places": [EVERYBODY, *found.own[0].world.names.audiences],
            "happenings": [happenings(arm) for arm in found.own],
            "parted": _first_divergence(*found.own),
            "commands": [self.catalogue.run_command(ask, arm) for arm in ask.arms],
        }
        return Answer(header, arrays)

    def run_pair(self, ask: BandAsk) -> ArmPair:
        """Return the runs of both arms; nothing of it is kept.

        Raises
        ------
        InputError
            As ``answer``.
        """
        names = dict.fromkeys(ask.arms)
        with ThreadPoolExecutor(2) as pool:  # the threads of both arms side by side
            ran = pool.map(lambda name: self._run(ask, name), names)
            found = dict(zip(names, ran, strict=True))
        (first, one), (second, other) = (found[name] for name in ask.arms)
        if not (one.batch.finite & other.batch.finite).any():
            raise InputError(NONE_FINITE)
        return ArmPair((first, second), (one, other))

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
            finite = finite_days(own.batch.record)[own.at]
            raise InputError(not_finite_reason(int(finite.argmin())))
        if by_chance:
            return own, own
        drawn = sampled_lanes(world, ask.seed, replicates, ask.held_parameters)
        return own, run(drawn, replicates)


def not_finite_reason(day: int) -> str:
    """Why a run cannot be shown that leaves the finite numbers on this day."""
    return f"with these values the run leaves the finite numbers on day {day}; move a lever back"


def number_arrays(runs: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    """Arrays of several runs, each name with the position of its run: ``tension.0``."""
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
    spread = many.states()
    for name, values in own.states().items():
        low, high = band(spread[name], many.batch.finite)
        found |= {name: values[..., own.at], f"{name}_low": low, f"{name}_high": high}
    record = own.batch.record
    return found | {"incidents": record.incidents[own.at], "mediation": record.mediation[own.at]}


def _difference(found: ArmPair) -> dict[str, Floats]:
    """The first arm less the second, pair by pair: this run, and alignment's band."""
    (first, second), (one, other) = found
    low, high = band(one.alignment - other.alignment, one.batch.finite & other.batch.finite)
    sympathy = first.sympathy[..., first.at] - second.sympathy[..., second.at]
    return {
        "difference": first.alignment[..., first.at] - second.alignment[..., second.at],
        "difference_low": low,
        "difference_high": high,
        "sympathy_difference": sympathy,
    }


def band(values: Floats, good: Bools) -> tuple[Floats, Floats]:
    """The quantiles BAND over the good runs, the last axis; between two as numpy.quantile."""
    # sorting whole rows is several times faster than selecting four places in them
    ordered = np.sort(values if good.all() else values[..., good], axis=-1)
    last = ordered.shape[-1] - 1

    def quantile(share: float) -> Floats:
        at = int(share * last)
        low, high = ordered[..., at], ordered[..., min(at + 1, last)]
        return np.asarray(low + (share * last - at) * (high - low))

    return quantile(BAND[0]), quantile(BAND[1])


# What happened


def happenings(arm: Arm) -> list[dict[str, Any]]:
    """Events, visits, incidents, offers and answers of the run of the ask, by day.

    Visits are those of the itinerary, so only of sides that follow it. Each has ``day``, ``kind``,
    ``name`` and ``text``; some have ``side`` (a claimant's position), ``until`` (last day).
    """
    scenario, names = arm.scenario, arm.world.names
    record, run = arm.batch.record, arm.at
    found = [
        _happening(event.day, "event", event.name, event.description) for event in scenario.events
    ]
    for side in scenario.claimants:
        begins = f"{side.name} begins to speak to the capitals"
        found.append(_happening(side.campaign_start, "campaign", side.name, begins))
    found = [one for one in found if one["day"] < scenario.steps]
    found += _visits(scenario)
    for t, k in np.argwhere(record.incidents[run] > 0).tolist():
        count, name = int(record.incidents[run, t, k]), names.claimants[k]
        what = "an incident" if count == 1 else f"{count} incidents"
        found.append(_happening(t, "incident", name, f"{name} says it was hit by {what}", side=k))
    for t in np.flatnonzero(record.diplomacy.offered[run]).tolist():
        accepted = record.diplomacy.accepted[run, t].tolist()
        answers = ", ".join(
            f"{name} {'accepts' if yes else 'refuses'}"
            for name, yes in zip(names.claimants, accepted, strict=True)
        )
        mediator = names.audiences[mediator_on(arm.world, t)]
        text = f"{mediator} offers to mediate: {answers}"
        found.append(_happening(t, "offer", mediator, text, accepted=accepted))
    return sorted(found, key=lambda happening: happening["day"])


def _happening(day: int, kind: str, name: str, text: str, **more: Any) -> dict[str, Any]:
    return {"day": day, "kind": kind, "name": name, "text": text, **more}


def _visits(scenario: Scenario) -> list[dict[str, Any]]:
    """Stops of teams, from day to day, where the side follows itinerary and plans."""
    claimants = enumerate(scenario.claimants)
    sides = {side.name: position for position, side in claimants if side.strategy == "scripted"}
    found = []
    for team in scenario.delegations:
        if team.claimant not in sides:
            continue
        stops = tour(team, scenario.claimants)
        ends = [*(stop.day for stop in stops[1:]), scenario.steps]
        for stop, end in zip(stops, ends, strict=True):
            last = min(end, scenario.steps) - 1
            if stop.at is not None and stop.day <= last:
                text = f"{team.name} ({team.claimant}) in {stop.at}"
                more = {"until": last, "side": sides[team.claimant], "place": stop.at}
                found.append(_happening(stop.day, "visit", team.name, text, **more))
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
    for t in np.flatnonzero(offers[0] != offers[1]).tolist():
        arm = first if offers[0][t] else second  # the one in which it is made
        found.append((t, f"offer by {arm.world.names.audiences[mediator_on(arm.world, t)]}"))
    return sorted(found, key=lambda row: row[0])
