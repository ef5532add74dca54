"""Knock-outs: a world without one of its parts, to be run on the same draws.  Source: section 6.

A part is named by a word: ``message:d12-003``, ``narrative:NAME`` or ``event:NAME``; a mechanism
has a switch. What is dropped leaves its effort unspent: nobody else speaks more. Replies go on,
with a dropped denial's evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text, unknown
from sim.world.arrays import NOWHERE, World

KINDS = ("message", "narrative", "event")
OF_EVENTS = (
    *(name for name in World._fields if name.startswith("event_")),
    *("verified_claim", "finding", "finding_weight"),
)
_ID = re.compile(r"d(0|[1-9][0-9]{0,8})-[0-9]{3,9}")
_OF_THE_WORLD = re.compile(r"d[0-9]+-w[0-9]+")


class Remaining(NamedTuple):
    """What is left: the world, and the ids of the messages that agents are not to send."""

    world: World
    unsent: frozenset[str]


def knock_out(world: World, words: Sequence[str]) -> Remaining:
    """Drop what the words name.

    Raises
    ------
    InputError
        Where a word names nothing of the world. Whether a run has a message is known when the run
        is told.
    """
    problems, unsent = [], set()
    for word in dict.fromkeys(words):
        kind, colon, name = word.partition(":")
        reason = _refusal(world, kind if colon else "", name)
        if reason:
            problems.append(Problem("without", reason, show_text(word)))
        elif kind == "narrative":
            world = without_narrative(world, name)
        elif kind == "event":
            world = without_event(world, name)
        else:
            unsent.add(name)
    if problems:
        raise InputError(problems)
    return Remaining(world, frozenset(unsent))


def without_narrative(world: World, name: str) -> World:
    """The world in which this narrative is not spoken; its evidence stays for replies."""
    spoken = world.spoken.copy()
    spoken[:, world.names.narratives.index(name)] = False
    return world._replace(spoken=spoken)


def without_event(world: World, name: str) -> World:
    """The world in which this event, and what it verifies, does not happen."""
    row = world.names.events.index(name)
    events = (*world.names.events[:row], *world.names.events[row + 1 :])
    left = {field: np.delete(getattr(world, field), row, axis=0) for field in OF_EVENTS}
    return world._replace(names=world.names._replace(events=events), **left)


def without_team(world: World, name: str) -> World:
    """The world in which this delegation stays at home."""
    team = world.names.delegations.index(name)
    stops, field_days = world.stops.copy(), world.field_days.copy()
    stops[:, team], field_days[:, team] = NOWHERE, False
    return world._replace(stops=stops, field_days=field_days)


def _refusal(world: World, kind: str, name: str) -> str:
    """Why a word names nothing; "" where it may."""
    if kind == "narrative" and name not in world.names.narratives:
        return unknown("narrative", name, world.names.narratives)
    if kind == "event" and name not in world.names.events:
        return unknown("event", name, world.names.events)
    if kind == "message":
        if _OF_THE_WORLD.fullmatch(name):
            return "is what an event or incidents say: drop the event, or switch incidents off"
        found = _ID.fullmatch(name)
        if not found:
            return "must be the id of a message, such as message:d12-003"
        if int(found[1]) >= world.steps:
            return f"must be a message of the days 0 to {world.steps - 1}"
    if kind not in KINDS:
        return f"must be {', '.join(f'{kind}:...' for kind in KINDS[:-1])} or {KINDS[-1]}:..."
    return ""
