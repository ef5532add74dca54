"""A game against the model: one side's campaign chosen turn by turn, as plans over a scenario.

A match is a scenario and the plans of the side that is played; it is run anew from day 0 after
every turn, on the same draws, so what has been seen never changes. Nothing is asked or printed
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from sim.engines.ensemble.run import LEVELS
from sim.errors import InputError, Problem
from sim.plugins import registry
from sim.running.executing import (
    Batch,
    Replicates,
    by_ensemble,
    certain_lanes,
    engine_for,
    one_thread_engine,
)
from sim.running.pairing import half_width
from sim.scenario.entities import Claimant, DatedPlan, Game
from sim.scenario.error_texts import ALL_ZERO, show_text
from sim.scenario.keys import GAME, PLAN, SCHEMA_VERSION
from sim.scenario.plans import menu_shares, planned_replies
from sim.scenario.scenario import Scenario
from sim.scenario.writing import Plain, drop_texts, plain, plain_value
from sim.tables.metrics import alignment, weighted_sum
from sim.world.arrays import NOWHERE, Diplomacy, Floats, Ints, Record, World
from sim.world.building import build

DRAWS = 200  # replicates on which campaigns are compared in the end
YOURS, HISTORY = "yours", "history"


class TurnChoice(NamedTuple):
    """What changes in a turn, from its first day on.

    Attributes
    ----------
    stops
        Where teams go: an audience, or None for home.
    shares
        New raw weights of the menu.
    reply
        The part of statements that answers attacks; None: as it was.
    """

    stops: Mapping[str, str | None] = {}
    shares: Mapping[str, float] = {}
    reply: float | None = None


@dataclass
class Standing:
    """How things stand while plans are made: what a choice does not change needs no plan."""

    stops: dict[str, str | None]
    shares: dict[str, float]
    reply: float

    def change(self, day: int, choice: TurnChoice) -> list[DatedPlan]:
        """The plan that the choice comes to on a day, in a list of one or none."""
        stops = {team: at for team, at in choice.stops.items() if at != self.stops[team]}
        shares = {name: one for name, one in choice.shares.items() if one != self.shares[name]}
        reply = None if choice.reply == self.reply else choice.reply
        self.stops |= stops
        self.shares |= shares
        self.reply = self.reply if reply is None else reply
        plan = DatedPlan(day, shares, reply, stops)
        return [] if plan == DatedPlan(day) else [plan]


class CampaignRun(NamedTuple):
    """A campaign run once: its world, its record, and the lead of the side played by day.

    Attributes
    ----------
    lead : [T]
        Alignment weighted by importance, toward the side that is played.
    places : [t, l]
        Where teams are.
    """

    world: World
    record: Record
    lead: Floats
    places: Ints


class Rival(NamedTuple):
    """Another campaign of the side beside the one that was played, on the same draws.

    Attributes
    ----------
    name
        ``history``, or the strategy that chose where teams went.
    final, mean
        Lead at the end and mean lead, on the draws of the game.
    ahead, low, high
        Mean of the played campaign's lead at the end less this one's over ``DRAWS`` draws, with
        its Monte Carlo interval.
    share
        Share of these draws in which the played campaign leads by more.
    team_days
        Days that its teams are away, all together.
    """

    name: str
    final: float
    mean: float
    ahead: float
    low: float
    high: float
    share: float
    team_days: int


@dataclass(frozen=True)
class Match:
    """A game as far as it has been played.

    Attributes
    ----------
    base
        The scenario in the arm of the game, in which the side does what it did.
    game
        Who is played, and how far.
    plans
        What was chosen.
    """

    base: Scenario
    game: Game
    plans: tuple[DatedPlan, ...] = ()

    @property
    def index(self) -> int:
        """The position of the side that is played."""
        return [side.name for side in self.base.claimants].index(self.game.side)

    @property
    def side(self) -> Claimant:
        """The side that is played, with what was chosen; it speaks when the scenario says."""
        own = self.base.claimants[self.index]
        return replace(own, strategy="scripted", plans=self.plans)

    @property
    def day(self) -> int:
        """The first day that is still open, or the number of days at the end."""
        return min(self.game.turns * self.game.every, self.base.steps)

    @property
    def turns(self) -> int:
        """How many turns there are in all."""
        return -(-self.base.steps // self.game.every)

    @property
    def over(self) -> bool:
        """Whether the last turn has been played."""
        return self.day == self.base.steps

    @property
    def teams(self) -> list[str]:
        """The teams of the side that is played."""
        return [one.name for one in self.base.delegations if one.claimant == self.game.side]

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with what was chosen in place of what the side did."""
        sides = list(self.base.claimants)
        sides[self.index] = self.side
        teams = [
            replace(team, itinerary=()) if team.claimant == self.game.side else team
            for team in self.base.delegations
        ]
        return replace(self.base, claimants=tuple(sides), delegations=tuple(teams))

    @cached_property
    def campaign(self) -> CampaignRun:
        """The campaign as far as it was chosen, run to the end of the scenario."""
        return run_once(self.scenario, self)

    @cached_property
    def history(self) -> CampaignRun:
        """The scenario's own campaign on the same draws."""
        return run_once(self.base, self)

    def shares(self) -> dict[str, float]:
        """The raw weights of the menu before the open day."""
        menu = menu_shares(self.side, self.base.narratives)
        return [raw for day, raw in menu if day < max(self.day, 1)][-1]

    def reply(self) -> float:
        """The part of statements that answers attacks before the open day."""
        known = [reply for day, reply in planned_replies(self.side) if day < self.day]
        return known[-1] if known else self.base.parameters.reply

    def stands(self) -> dict[str, str | None]:
        """Where each team is before the open day; None at home."""
        names = [one.name for one in self.base.delegations]
        where = self.campaign.places[self.day - 1] if self.day else np.full(len(names), NOWHERE)
        return {team: self._audience(where[names.index(team)]) for team in self.teams}

    def _audience(self, at: int) -> str | None:
        return None if at == NOWHERE else self.base.audiences[at].name

    def take(self, choice: TurnChoice) -> Match:
        """The match after a turn in which this is chosen.

        Raises
        ------
        InputError
            Where nothing would be left to say.
        """
        menu = self.shares() | dict(choice.shares)
        if menu and not any(menu.values()):
            raise InputError(f"shares of {show_text(self.game.side)} {ALL_ZERO}")
        now = Standing(self.stands(), self.shares(), self.reply())
        return self._turn(now.change(self.day, choice))

    def follow_history(self) -> Match:
        """The match after a turn in which the side does what it did in the scenario."""
        did = self.base.claimants[self.index]
        menu, reply = menu_shares(did, self.base.narratives), planned_replies(did)
        names = [one.name for one in self.base.delegations]
        now = Standing(self.stands(), self.shares(), self.reply())
        plans: list[DatedPlan] = []
        for day in range(self.day, min(self.day + self.game.every, self.base.steps)):
            where = self.history.places[day]
            known = [part for begins, part in reply if begins <= day]
            choice = TurnChoice(
                {team: self._audience(where[names.index(team)]) for team in self.teams},
                [raw for begins, raw in menu if begins <= day][-1],
                known[-1] if known else self.base.parameters.reply,
            )
            plans += now.change(day, choice)
        return self._turn(plans)

    def undo(self) -> Match:
        """The match without its last turn, or as it is where none was played."""
        turns = max(self.game.turns - 1, 0)
        left = tuple(plan for plan in self.plans if plan.first_day < turns * self.game.every)
        return Match(self.base, replace(self.game, turns=turns), left)

    def _turn(self, plans: list[DatedPlan]) -> Match:
        """The match after a turn with these plans; what is planned for later days stays."""
        end = self.day + self.game.every
        kept = [plan for plan in self.plans if not self.day <= plan.first_day < end]
        ordered = tuple(sorted([*kept, *plans], key=lambda plan: plan.first_day))
        return Match(self.base, replace(self.game, turns=self.game.turns + 1), ordered)

    def content(self, name: str, extends: str) -> Plain:
        """What the file of the game holds."""
        plans: Any = [plain_value(PLAN, plan) for plan in self.plans]
        return {
            "schema_version": SCHEMA_VERSION,
            "name": name,
            "title": f"{self.game.side} as it was played",
            "extends": extends,
            "seed": self.base.seed,
            "game": plain_value(GAME.kind, self.game),
            "claimants": [{"name": self.game.side, "strategy": "scripted", "plans": plans}],
            "delegations": [{"name": team, "itinerary": []} for team in self.teams],
        }


def begin(base: Scenario, game: Game) -> Match:
    """A match of which no turn has been played.

    Raises
    ------
    InputError
        Where an arm has plans or an itinerary of its own, which would be run in their place.
    """
    paths = [f"claimants.{game.side}.plans", f"claimants.{game.side}.strategy"]
    teams = [one.name for one in base.delegations if one.claimant == game.side]
    paths += [f"delegations.{team}.itinerary" for team in teams]
    own = base.layers.own_paths(game.arm, paths) if game.arm else []
    if own:
        raise InputError(f"arm {game.arm} has {own[0]} of its own, which would not be played")
    return Match(base, game)


def go_on(played: Scenario, base: Scenario, game: Game) -> Match:
    """The match of a file: the scenario as it was played over what the file extends.

    Raises
    ------
    InputError
        Where the file holds more than a game, which would be lost with the next turn.
    """
    plans = next(side.plans for side in played.claimants if side.name == game.side)
    match = replace(begin(base, game), plans=plans)
    own, ours = (drop_texts(plain(one)) for one in (played, match.scenario))
    for key in sorted({*own, *ours} - {"name"}):
        if own.get(key) != ours.get(key):
            reason = "is not as the game extends it; change it in a scenario that the game extends"
            raise InputError(Problem(key, reason))
    return match


def run_once(scenario: Scenario, match: Match) -> CampaignRun:
    """A campaign of the match, on its draws.

    Raises
    ------
    InputError
        Where the run leaves the finite numbers.
    """
    world = build(scenario)
    batch = _run(scenario, world, np.array([match.game.replicate], dtype=np.uint64))
    lead = _lead(batch.record, world, match)
    record = batch.record
    flows = Diplomacy(record.diplomacy.offered[0], record.diplomacy.accepted[0])
    one = Record._make([*(values[0] if len(values) else values for values in record[:-1]), flows])
    return CampaignRun(world, one, lead[0], one.places)


def other_campaigns(match: Match, draws: int = DRAWS) -> list[Rival]:
    """The campaign beside history's and beside each strategy's, on the same draws.

    The first is the played one itself, beside which it is ahead by 0.
    """
    base = {YOURS: match.scenario, HISTORY: match.base}
    for name in registry.names("strategies"):
        sides = list(match.base.claimants)
        sides[match.index] = replace(sides[match.index], strategy=name)
        base.setdefault(name, replace(match.base, claimants=tuple(sides)))
    if match.base.claimants[match.index].strategy == "scripted":
        del base["scripted"]  # that is history
    replicates = np.arange(draws, dtype=np.uint64)
    own = np.array([one.claimant == match.game.side for one in match.base.delegations], dtype=bool)
    found, played = [], np.zeros(draws)
    for name, scenario in base.items():
        seen = run_once(scenario, match)
        final = _lead(_run(scenario, seen.world, replicates).record, seen.world, match)[:, -1]
        played = final if name == YOURS else played
        ahead = played - final
        half = float(half_width(ahead.std(ddof=1) / np.sqrt(draws), draws))
        found.append(
            Rival(
                name,
                final=float(seen.lead[-1]),
                mean=float(seen.lead.mean()),
                ahead=float(ahead.mean()),
                low=float(ahead.mean()) - half,
                high=float(ahead.mean()) + half,
                share=float((ahead > 0.0).mean()),
                team_days=int((seen.places[:, own] != NOWHERE).sum()),
            )
        )
    return found


def _run(scenario: Scenario, world: World, replicates: Replicates) -> Batch:
    """Runs of a campaign, each with finite numbers."""
    engine, _ = engine_for("ensemble", [scenario])
    numbers = certain_lanes(world)
    if engine == "ensemble":
        fields = (*LEVELS, "places")
        batch = by_ensemble(world, numbers, scenario.seed, replicates, fields=fields, jobs=1)
    else:
        batch = one_thread_engine(engine)(world, numbers, scenario.seed, replicates)
    if batch.errors:
        raise InputError(f"the run {next(iter(batch.errors.values()))}")
    return batch


def _lead(record: Record, world: World, match: Match) -> Floats:
    """lead[run, T]: alignment weighted by importance, toward the side that is played."""
    sign = 1.0 if match.index == 0 else -1.0
    return sign * weighted_sum(alignment(record.sympathy), world.importance)
