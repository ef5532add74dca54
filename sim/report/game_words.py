"""A game in words: the situation before a turn in ten lines, the choices, the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from sim.tables.metrics import alignment
from sim.world.arrays import NOWHERE, Floats
from sim.world.roles import mediator_on

if TYPE_CHECKING:
    from sim.studies.play import Match, Rival

FEW = 3  # audiences and arguments that a line names
LEAST = 0.0005  # a smaller move is none to three digits
STATES = ("no offer stands", "an offer is not accepted by both", "mediation is going on")


def situation(match: Match) -> list[str]:
    """How things stand on the open day, and what the days before it brought."""
    start, day = max(match.day - match.game.every, 0), match.day
    lines = [_headline(match), _lead_line(match, start)]
    x = _toward(match)
    names = [one.name for one in match.base.audiences]
    order = np.argsort(-x[day], kind="stable").tolist()
    most = [_place_text(names[a], x[day, a]) for a in order[:FEW]]
    least = [_place_text(names[a], x[day, a]) for a in order[: -FEW - 1 : -1]]
    lines.append(f"Most for you: {', '.join(most)}. Least: {', '.join(least)}.")
    if day:
        lines += [_moves(x[day] - x[start], names), _tension(match, start), _news(match, start)]
    lines += [*_rival(match, start), _teams(match), _menu(match)]
    return lines


def choices(match: Match) -> list[str]:
    """Teams, places and lines of argument by number, as a player types them."""
    places = ["home", *(one.name for one in match.base.audiences)]
    total = sum(match.shares().values()) or 1.0
    kinds = {one.name: one.type for one in match.base.narratives}
    stands = match.stands()
    return [
        "Teams: " + "; ".join(
            f"t{i} {team} ({stands[team] or 'home'})" for i, team in enumerate(stands, start=1)
        ),
        "Places: " + ", ".join(f"{i} {name}" for i, name in enumerate(places)),
        "Lines: " + "; ".join(
            f"n{i} {name} ({kinds[name]}, {share:g}: {100 * share / total:.0f} %)"
            for i, (name, share) in enumerate(match.shares().items(), start=1)
        ),
        f"Replies: r {100 * match.reply():g} % of statements where you were attacked",
    ]  # fmt: skip


HELP = (
    "t2=5 sends team 2 to place 5, t2=0 home; n3=4 gives line 3 the weight 4, n3+ twice and n3- "
    "half of what it has; r=20 gives 20 % of statements to replies. Several on one line make one "
    "turn; an empty line changes nothing. h does what the side did in the scenario, u takes the "
    "last turn back, q leaves; the game is kept after every turn."
)


def ending(match: Match, found: Sequence[Rival], draws: int) -> list[str]:
    """The played campaign beside history's and each strategy's, in lines."""
    side = match.game.side
    lines = [
        f"The game is over: {side}'s lead is {match.campaign.lead[-1]:+.4f} (from -1 to 1; "
        f"it began at {match.campaign.lead[0]:+.4f}).",
        f"On the draws of this game, and over {draws} draws of chance (yours less theirs, with "
        "the interval of the mean, and the share of draws in which yours leads by more):",
        f"  {'campaign':22}{'at the end':>12}{'mean':>10}{'team-days':>11}   yours less theirs",
    ]
    for one in found:
        beside = (
            ""
            if one.name == found[0].name
            else f"   {one.ahead:+.4f} ({one.low:+.4f} to {one.high:+.4f}), ahead in "
            f"{100 * one.share:.0f} %"
        )
        lines.append(
            f"  {one.name:22}{one.final:>+12.4f}{one.mean:>+10.4f}{one.team_days:>11}{beside}"
        )
    return [*lines, "It is the model's answer, not the world's."]


def _toward(match: Match) -> Floats:
    """x[T, a]: alignment of each audience, toward the side that is played."""
    sign = 1.0 if match.index == 0 else -1.0
    return sign * alignment(match.campaign.record.sympathy)


def _headline(match: Match) -> str:
    last = min(match.day + match.game.every, match.base.steps) - 1
    first, end = (match.base.start_date + timedelta(days=day) for day in (match.day, last))
    return (
        f"Turn {match.game.turns + 1} of {match.turns}: {first} to {end} (days {match.day} to "
        f"{last}). You are {match.game.side}."
    )


def _lead_line(match: Match, start: int) -> str:
    lead, was = match.campaign.lead, match.history.lead
    now = float(lead[match.day])
    verb = "lead" if now >= 0.0 else "are behind"
    change = f", {now - float(lead[start]):+.4f} since the last turn" if match.day else ""
    return (
        f"You {verb} by {abs(now):.4f}, weighted by importance{change}. In the scenario's own "
        f"course it is {float(was[match.day]):+.4f}."
    )


def _place_text(name: str, value: float) -> str:
    return f"{name} {value:+.3f}"


def _moves(change: Floats, names: Sequence[str]) -> str:
    """The audiences that moved most, either way."""
    order = np.argsort(-change, kind="stable").tolist()
    up = [_place_text(names[a], change[a]) for a in order[:FEW] if change[a] >= LEAST]
    down = [
        _place_text(names[a], change[a]) for a in order[: -FEW - 1 : -1] if change[a] <= -LEAST
    ]
    return f"Moved to you: {', '.join(up) or 'none'}. Away: {', '.join(down) or 'none'}."


def _tension(match: Match, start: int) -> str:
    record, names = match.campaign.record, match.campaign.world.names
    hit = record.incidents[start : match.day].sum(axis=0).astype(int).tolist()
    struck = ", ".join(f"{n} on {name}" for n, name in zip(hit, names.claimants, strict=True))
    state = STATES[int(record.mediation[match.day])]
    return f"Tension is {record.tension[match.day]:.2f}; incidents: {struck}; {state}."


def _news(match: Match, start: int) -> str:
    """Events, offers and answers of the last turn."""
    days = range(start, match.day)
    told = [event.name for event in match.base.events if event.day in days]
    record, world = match.campaign.record, match.campaign.world
    for day in days:
        if record.diplomacy.offered[day]:
            answers = [
                f"{name} {'accepts' if yes else 'refuses'}"
                for name, yes in zip(
                    world.names.claimants, record.diplomacy.accepted[day].tolist(), strict=True
                )
            ]
            mediator = world.names.audiences[mediator_on(world, day)]
            told.append(f"{mediator} offers to mediate ({', '.join(answers)})")
    return f"What happened: {'; '.join(told) or 'nothing out of the ordinary'}."


def _rival(match: Match, start: int) -> Iterator[str]:
    """Where the rival's teams went in the last turn, and what it says most."""
    rival, world = match.base.claimants[1 - match.index], match.campaign.world
    day = max(match.day - 1, 0)
    gone = []
    for team, name in enumerate(world.names.delegations):
        if world.owner[team] == 1 - match.index:
            where = match.campaign.places[start : match.day, team].tolist()
            visited = dict.fromkeys(world.names.audiences[a] for a in where if a != NOWHERE)
            if visited:
                gone.append(f"{name} in {', '.join(visited)}")
    if match.day:
        yield f"{rival.name}'s teams: {'; '.join(gone) or 'all at home'}."
    if day < rival.campaign_start:
        yield f"{rival.name} has not begun to make statements."
        return
    spoken = {
        name: float(world.share[day, n])
        for n, name in enumerate(world.names.narratives)
        if world.sender[n] == 1 - match.index and world.spoken[day, n]
    }
    most = sorted(spoken, key=lambda name: -spoken[name])[:FEW]
    said = ", ".join(f"{name} {100 * spoken[name]:.0f} %" for name in most)
    yield f"{rival.name} says most: {said or 'nothing'}."


def _teams(match: Match) -> str:
    away = [f"{team} in {at}" for team, at in match.stands().items() if at is not None]
    return f"Your teams: {'; '.join(away) or 'all at home'}."


def _menu(match: Match) -> str:
    side = match.side
    if match.day < side.campaign_start:
        begins = match.base.start_date + timedelta(days=side.campaign_start)
        return f"Your statements begin on {begins} (day {side.campaign_start}); teams may go now."
    world = match.campaign.world
    today = world.spoken[min(match.day, match.base.steps - 1)].tolist()
    told = dict(zip(world.names.narratives, today, strict=True))
    silent = [name for name in match.shares() if not told[name]]
    return f"Lines that nobody is told at this time: {', '.join(silent) or 'none'}."
