"""What the stage draws of a run that needs adding up, so that the browser adds nothing.

Index letters: m message, r row (one message at one receiver), f flow, e edge of the network of
listening. Where the places stand on the drawing is in ``places``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.scenario.entities import NARRATIVE_TYPES
from sim.world.arrays import Floats, World

HOME = -1  # what is said from home, not by a team


def stage_arrays(
    message: Floats, row: Floats, phrases: Sequence[Mapping[str, Any]], world: World
) -> dict[str, Floats]:
    """Messages added up, and who listens to whom.

    Parameters
    ----------
    message, row
        Those of ``StoryAnswers.answer``.
    phrases
        What a message can say, as its header has it.

    Returns
    -------
    dict
        ``flow[f, 8]``: day, side, team (or HOME), type (its place in NARRATIVE_TYPES), place,
        effort, sympathy moved toward the first and toward the second claimant; one row for what
        one sender told one place in messages of one type on one day, by day.
        ``everywhere[m, 3]``: effort over all receivers of a message, and what it moved in all
        capitals, weighted by importance.
        ``listening[e, 3]``: place that listens, place that is heard, share of what it hears
        (0 to 1, from all its peers 1).
    """
    count = len(message)
    of = np.repeat(np.arange(count), np.diff(np.append(message[:, 2], len(row))).astype(np.int64))
    weights = world.importance[row[:, 0].astype(np.int64) - 1]
    added = (row[:, 1], weights * row[:, 3], weights * row[:, 4])
    return {
        "flow": _flow(message[of], row, phrases, world.names.delegations),
        "everywhere": np.column_stack([np.bincount(of, values, count) for values in added]),
        "listening": _listening(world),
    }


def _flow(
    message: Floats, row: Floats, phrases: Sequence[Mapping[str, Any]], teams: Sequence[str]
) -> Floats:
    """Rows of one day, side, team, type and place as one; ``message[r]`` is that of row r."""
    said = np.empty((len(phrases), 3))
    for i, phrase in enumerate(phrases):
        team = teams.index(phrase["channel"]) if phrase["channel"] in teams else HOME
        said[i] = phrase["side"], team, NARRATIVE_TYPES.index(phrase["type"])
    keys = np.column_stack([message[:, 0], said[message[:, 1].astype(np.int64)], row[:, 0]])
    kinds, which = np.unique(keys, axis=0, return_inverse=True)
    added = [np.bincount(which.ravel(), row[:, i], len(kinds)) for i in (1, 3, 4)]
    return np.column_stack([kinds, *added])


def _listening(world: World) -> Floats:
    """listening[e, 3]; an audience that listens to nobody has no row."""
    start, of, weight = world.peers
    listener = np.repeat(np.arange(len(start) - 1), np.diff(start))
    other = listener != of
    return np.column_stack([listener[other] + 1, of[other] + 1, weight[other]])
