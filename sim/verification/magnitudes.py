"""How large effects of the model are, beside published ones, and what is off.

Measured in a scenario's baseline, at the default parameters: paired runs with and
without a visit or an event, means over runs. One point of net opinion (favourable less
unfavourable, in per cent) is 0.003 of sympathy, by formula F2 of seeds/formulas.md, which was made
for judgements of the background; elsewhere it is rough. Nothing is tuned to these numbers.

Source: seeds/effect_sizes.csv; Goldsmith, Horiuchi and Matush 2021; Mattingly and Sundquist 2023;
Hill, Lo, Vavreck and Zaller 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from sim.running.executing import by_ensemble, certain_lanes
from sim.tables.metrics import alignment, opinion_points, weighted_sum
from sim.verification.crises import PatternCase, missing_part
from sim.world.arrays import NOWHERE, Floats, World
from sim.world.knockouts import without_event, without_team

RUNS = 64
SOURCE = "seeds/effect_sizes.csv#"
POINTS, DAYS, RATIO = "points of net opinion", "days", "points taken for each point given"


@dataclass(frozen=True)
class Magnitude:
    """An effect of the model beside the range of a published one.

    Attributes
    ----------
    what
        The effect, in words.
    value, unit
        Its size in the model; None where the scenario does not have it.
    low, high, published
        The published range, both ends included; and in words.
    source
        Where it was published: a row of seeds/effect_sizes.csv.
    unmeasured
        Why it cannot be measured in the scenario, in a sentence; "" where it is.
    """

    what: str
    value: float | None
    unit: str
    low: float
    high: float
    published: str
    source: str
    unmeasured: str = ""

    @property
    def is_off(self) -> bool | None:
        """Whether the model's lies outside the published range; None where it is not measured."""
        return None if self.value is None else not self.low <= self.value <= self.high

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {**asdict(self), "off": self.is_off}

    def __str__(self) -> str:
        if self.value is None:
            return f"cannot be measured. {self.unmeasured} [{self.what}]"
        verdict = "OFF" if self.is_off else "fits"
        return (
            f"{verdict:<5}{self.value:6.1f} {self.unit} (published: {self.published}): "
            f"{self.what} [{self.source}]"
        )


def measure_magnitudes(
    case: PatternCase, progress: Callable[[str], None] | None = None
) -> list[Magnitude]:
    """Measure every effect that has a published one.

    Parameters
    ----------
    case
        The scenario.
    progress
        Is told what begins, in a few words.
    """
    if progress is not None:
        progress("magnitudes")
    world = case.world
    numbers = np.arange(RUNS, dtype=np.uint64)

    def sympathies(changed: World) -> Floats:
        lanes = certain_lanes(changed)
        return by_ensemble(changed, lanes, case.scenario.seed, numbers).record.sympathy

    whole = sympathies(world)

    def effect(changed: World) -> Floats:
        """effect[t, a, k] of what was taken away, mean over runs."""
        mean: Floats = (whole - sympathies(changed)).mean(axis=0)
        return mean

    visits = [
        _measure_visit(world, team, a, effect(without_team(world, world.names.delegations[team])))
        for team, a in _visits_to_capitals(world)
    ]
    found = [one for own in (0, 1) for one in _compare_visits(world, own, visits)]
    reason, days = missing_part(case, ("attack",)), None
    if not reason:
        attack = effect(without_event(world, str(case.crisis.attack)))
        days = _half_time(np.abs(weighted_sum(alignment(attack), world.importance)))
    found.append(
        Magnitude("until half of the attack's largest effect on alignment is gone",
                  days, DAYS, 3.5, 7.0, "3.5 to 7", f"{SOURCE}ad-decay", reason)
    )  # fmt: skip
    return found


def _visits_to_capitals(world: World) -> list[tuple[int, int]]:
    """Every team and audience of one capital that it calls at, where it goes by itinerary."""
    return [
        (team, a)
        for team, owner in enumerate(world.owner.tolist())
        if world.strategies[owner] == "scripted"
        for a in dict.fromkeys(world.stops[:, team].tolist())
        if a != NOWHERE and world.capitals[a] == 1
    ]


class Visit(NamedTuple):
    """What a visit does on the day on which it gives its own side most, in points."""

    name: str
    own: int
    gain: float
    loss: float  # of the rival


def _measure_visit(world: World, team: int, a: int, effect: Floats) -> Visit:
    """Read a visit off effect[t, a, k] of its team."""
    own = int(world.owner[team])
    day = int(effect[:, a, own].argmax())
    gain, loss = opinion_points(effect[day, a, own]), -opinion_points(effect[day, a, 1 - own])
    return Visit(f"{world.names.delegations[team]} at {world.names.audiences[a]}", own, gain, loss)


def _compare_visits(world: World, own: int, visits: Sequence[Visit]) -> Iterator[Magnitude]:
    """What the visits of a claimant to capitals give it, and what they take from the rival."""
    mine = [one for one in visits if one.own == own]
    name, rival = world.names.claimants[own], world.names.claimants[1 - own]
    gain = ratio = None
    reason, of = f"No team of {name} calls at a capital that is an audience.", ""
    if mine:
        most, reason = max(mine, key=lambda one: one.gain), ""
        gain, loss = (sum(values) / len(mine) for values in
                      ([one.gain for one in mine], [one.loss for one in mine]))  # fmt: skip
        ratio, of = loss / gain, f", mean of {len(mine)} (most: {most.name}, {most.gain:.1f})"
    yield Magnitude(
        f"a visit of {name} to a capital, what it gains on its best day{of}", gain, POINTS, 0.7,
        3.7, "0.7 to 1.9 for members of parliament, 3.7 for a leader", f"{SOURCE}leader-visit",
        reason,
    )  # fmt: skip
    yield Magnitude(
        f"what {rival} loses by visits of {name} that day", ratio, RATIO, 0.0, 1.0,
        "praise works, attack does not: less than 1", f"{SOURCE}praise-vs-attack", reason,
    )  # fmt: skip


def _half_time(effect: Floats) -> float:
    """Days from the largest of effect[t] until it is first at most half of that."""
    peak = int(effect.argmax())
    below = np.flatnonzero(effect[peak:] <= effect[peak] / 2.0)
    return float(below[0]) if below.size else float("inf")
