"""What prior draws say of patterns of visits, draw by draw.  Source: section 8; P9 to P12.

P9 and P11 send teams that no scenario has: one more team of a side, without a bonus, that stays
``dwell`` days. All else, itineraries included, is as it is. Its effect is alignment with it less
alignment without, on the row of the day on which it leaves, at the audience where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.plugins import registry
from sim.scenario.error_texts import count_of
from sim.tables.metrics import alignment
from sim.verification.crises import PatternCase
from sim.verification.findings import Measured
from sim.verification.prior_draws import PriorDraws
from sim.world.arrays import NOWHERE, Floats, Ints, World
from sim.world.knockouts import without_team

LATER = 20  # days after a team has left
SCRIPTED = "scripted"  # the strategy that follows itineraries
NO_ITINERARIES = "Its teams do not follow itineraries."


class VisitPlaces(NamedTuple):
    """Two audiences of one capital, and the day on which more teams are sent there.

    Attributes
    ----------
    quiet
        No team calls at it; of those the least important, the first in the file on ties.
    contested
        Teams of both sides call at it; of those the most important.
    day
        The first day by which both have been at the contested one.
    """

    quiet: int
    contested: int
    day: int


class AddedVisit(NamedTuple):
    """One more team: its side, the audience it is at, and its first day there."""

    side: int
    audience: int
    day: int


def first_calls(stops: Ints, owner: Ints, audiences: int) -> Floats:
    """Return day[k, a] on which a team of each side is first at each audience; inf if never.

    Parameters
    ----------
    stops : [t, l]
        Where each team is.
    owner : [l]
        Whose team it is.
    """
    found = np.full((2, audiences), np.inf)
    for team, k in enumerate(owner):
        there, days = np.unique(stops[:, team], return_index=True)
        for a, day in zip(there, days, strict=True):
            if a != NOWHERE:
                found[k, a] = min(found[k, a], day)
    return found


def visit_places(world: World) -> VisitPlaces | str:
    """Return where P9 and P11 send teams, or in a sentence why they cannot."""
    if world.strategies != (SCRIPTED, SCRIPTED):
        return NO_ITINERARIES
    called = first_calls(world.stops, world.owner, len(world.capitals))
    once = world.capitals == 1
    contested = np.flatnonzero(once & np.isfinite(called).all(axis=0))
    quiet = np.flatnonzero(once & np.isinf(called).all(axis=0))
    if not contested.size:
        return "Teams of both sides call at no audience that is one capital."
    if not quiet.size:
        return "Teams call at every audience that is one capital."
    there = contested[world.importance[contested].argmax()]
    here = quiet[world.importance[quiet].argmin()]
    if world.importance[here] >= world.importance[there]:
        return "No audience that is one capital and gets no team is less important."
    day = int(called[:, there].max())
    if day + 2 * int(world.parameters.dwell) > world.steps:
        return "It ends before two visits, one after the other, could be made."
    return VisitPlaces(int(here), int(there), day)


def with_visits(world: World, *added: AddedVisit) -> World:
    """Return the world with more teams, each at one audience for ``dwell`` days."""
    stops = np.full((world.steps, len(added)), NOWHERE, dtype=np.int64)
    for team, visit in enumerate(added):
        stops[visit.day : visit.day + int(world.parameters.dwell), team] = visit.audience
    names = tuple(f"visit {number}" for number in range(len(added)))
    return world._replace(
        names=world.names._replace(delegations=(*world.names.delegations, *names)),
        owner=np.append(world.owner, [visit.side for visit in added]),
        bonus=np.append(world.bonus, np.ones(len(added))),
        stops=np.concatenate([world.stops, stops], axis=1),
        field_days=np.concatenate([world.field_days, stops != NOWHERE], axis=1),
    )


def _effect(draws: PriorDraws, *added: AddedVisit, shuffled: bool = False) -> Floats:
    """effect[draw]: what the visits did to alignment where they were when the last one ends."""
    key = added, shuffled
    if key not in draws.visit_effects:
        draws.visit_effects[key] = _run_visits(draws, added, shuffled)
    return draws.visit_effects[key]


def _run_visits(draws: PriorDraws, added: tuple[AddedVisit, ...], shuffled: bool) -> Floats:
    row, a = max(visit.day for visit in added) + int(draws.world.parameters.dwell), added[0][1]
    lanes, without = draws.true, draws.base_runs
    if shuffled:
        lanes, without = draws.shuffled_lanes, draws.shuffled_runs
    runs = draws.run(with_visits(draws.world, *added), lanes)
    return alignment(runs.record.sympathy[:, row, a] - without.record.sympathy[:, row, a])


def _places(draws: PriorDraws) -> VisitPlaces:
    """Return where teams are sent; ``pattern_table`` asks before whether they can be."""
    found = visit_places(draws.world)
    if isinstance(found, str):
        raise LookupError(found)
    return found


def quiet_place_moves_more(draws: PriorDraws) -> Measured:
    """Measure P9: one more visit of each side in turn is a case."""
    where, names = _places(draws), draws.world.names

    def sizes(shuffled: bool) -> Floats:
        """size[place, draw, k]."""
        visits = [[AddedVisit(k, a, where.day) for k in (0, 1)] for a in where[:2]]
        effects = [[_effect(draws, one, shuffled=shuffled) for one in pair] for pair in visits]
        found: Floats = np.abs(np.swapaxes(np.array(effects), 1, 2))
        return found

    quiet, contested = sizes(shuffled=False)
    quiet_placebo, contested_placebo = sizes(shuffled=True)

    def measure(mean: Mapping[str, float]) -> str:
        return (
            f"one more team of each side in turn, {int(draws.world.parameters.dwell)} days from "
            f"day {where.day}: mean {mean['quiet']:.4f} at {names.audiences[where.quiet]}, where "
            f"no team calls, {mean['contested']:.4f} at {names.audiences[where.contested]}, where "
            "teams of both sides do"
        )

    numbers = {"quiet": quiet.mean(axis=1), "contested": contested.mean(axis=1)}
    return Measured(quiet > contested, quiet_placebo > contested_placebo, numbers, measure)


def opposite_visits_cancel(draws: PriorDraws) -> Measured:
    """Measure the first half of P11: together they move less than half of what one does."""
    where = _places(draws)
    first, second = (AddedVisit(k, where.quiet, where.day) for k in (0, 1))
    alone = (np.abs(_effect(draws, first)) + np.abs(_effect(draws, second))) / 2.0
    both = np.abs(_effect(draws, first, second))
    at = draws.world.names.audiences[where.quiet]

    def measure(mean: Mapping[str, float]) -> str:
        return (
            f"one more team of each side at {at} from day {where.day}: less than half of what one "
            f"moves alone; mean {mean['both']:.4f} together, {mean['alone']:.4f} alone"
        )

    return Measured(both < alone / 2.0, None, {"both": both, "alone": alone}, measure)


def later_visit_counts_more(draws: PriorDraws) -> Measured:
    """Measure the other half of P11: each side gains by being second.

    The same two visits are made in both orders, so that a side that is heard better gains nothing
    by that.
    """
    where = _places(draws)
    days = where.day, where.day + int(draws.world.parameters.dwell)

    def end(*sides: int) -> Floats:
        visits = (AddedVisit(k, where.quiet, day) for k, day in zip(sides, days, strict=True))
        return _effect(draws, *visits)

    gain = end(1, 0) - end(0, 1)
    at, side = draws.world.names.audiences[where.quiet], draws.world.names.claimants[0]

    def measure(mean: Mapping[str, float]) -> str:
        return (
            f"the same two visits at {at} in both orders: alignment with {side} at their end, its "
            f"team second less its team first, mean {mean['gain']:+.4f}"
        )

    return Measured(gain > 0.0, None, {"gain": gain}, measure, gain == 0.0)


def free_strategies() -> tuple[str, ...]:
    """The package's own strategies by which teams choose where to go."""
    return tuple(name for name in registry.own_names("strategies") if name != SCRIPTED)


def capitals_covered(places: Ints, owner: Ints, audiences: int) -> Ints:
    """covered[run, k]: at how many audiences a team of each side is on some day.

    Parameters
    ----------
    places : [run, t, l]
        Where teams are.
    owner : [l]
        Whose team it is.
    audiences
        How many there are.
    """
    covered = np.zeros((len(places), 2), dtype=np.int64)
    for k in (0, 1):
        own = places[:, :, owner == k]
        for a in range(audiences):
            covered[:, k] += (own == a).any(axis=(1, 2))
    return covered


def fielded_teams(world: World) -> list[int]:
    """How many teams each side has in the field on some day."""
    teams: list[int] = np.bincount(world.owner[world.field_days.any(axis=0)], minlength=2).tolist()
    return teams


def more_teams_cover_more(draws: PriorDraws) -> Measured:
    """Measure P10: each strategy that chooses, played by both sides, is a case."""
    world, teams = draws.world, fielded_teams(draws.world)
    more = int(np.argmax(teams))
    lead = {}
    for name in free_strategies():
        runs = draws.run(world._replace(strategies=(name, name)), more=("places",))
        covered = capitals_covered(runs.record.places, world.owner, len(world.capitals))
        lead[name] = covered[:, more] - covered[:, 1 - more]

    def measure(mean: Mapping[str, float]) -> str:
        sides = zip(world.names.claimants, teams, strict=True)
        said = ", ".join(f"{name} has {count_of(number, 'team')}" for name, number in sides)
        return (
            f"{said}; how many more of {len(world.capitals)} audiences the side with more teams "
            f"calls at, both by one strategy, mean over draws: "
            f"{', '.join(f'{name} {value:+.1f}' for name, value in mean.items())}"
        )

    each = np.stack(list(lead.values()), axis=1)
    numbers = {name: values.astype(float) for name, values in lead.items()}
    return Measured(each > 0, None, numbers, measure, each == 0)


def last_visits(world: World) -> list[tuple[int, int, int]]:
    """Return (team, last stop, day it leaves) of every team that leaves early enough for P12."""
    found = []
    for team, column in enumerate(world.stops.T):
        away = np.flatnonzero(column != NOWHERE)
        if len(away) and away[-1] + 1 + LATER <= world.steps:
            found.append((team, int(column[away[-1]]), int(away[-1]) + 1))
    return found


def visits_fade(draws: PriorDraws) -> Measured:
    """Measure P12: each team is a case; there is no placebo."""
    x = alignment(draws.base_runs.record.sympathy)
    fades = {}
    for team, stop, leaves in last_visits(draws.world):
        name = draws.world.names.delegations[team]
        gain = x - alignment(draws.run(without_team(draws.world, name)).record.sympathy)
        fades[name] = np.abs(gain[:, leaves + LATER, stop]) < 0.5 * np.abs(gain[:, leaves, stop])

    def measure(share: Mapping[str, float]) -> str:
        least = min(share, key=lambda name: share[name])
        return (
            f"over draws and {count_of(len(share), 'team')}; lowest share: {least} "
            f"{share[least]:.2f}"
        )

    return Measured(np.stack(list(fades.values()), axis=1), None, fades, measure)


def why_no_visits(case: PatternCase) -> str:
    """Return why P9 and P11 cannot be asked, or ""."""
    found = visit_places(case.world)
    return found if isinstance(found, str) else ""


def why_no_coverage(case: PatternCase) -> str:
    """Return why P10 cannot be asked, or ""."""
    first, second = fielded_teams(case.world)
    return "Both sides have as many teams." if first == second else ""


def why_no_fading(case: PatternCase) -> str:
    """Return why P12 cannot be asked, or ""."""
    if case.world.strategies != (SCRIPTED, SCRIPTED):
        return NO_ITINERARIES
    if last_visits(case.world):
        return ""
    return f"No team leaves {count_of(LATER, 'day')} or more before its end."
