"""Randomness by name: every draw is a function of (seed, replicate, stream, name, day).

Word ``day`` of numpy's Philox under a counter that hashes stream and name, so that the order of
calls, the other audiences and the number of workers change nothing (docs/model.md, section 5).
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np

from sim.laws.chance import two_piece_triangular
from sim.parameters import SPECS, Parameters
from sim.world.arrays import Draws, Floats, World
from sim.world.teams import strategies_of

SEPARATOR = "\x1f"  # names hold no control characters, so joined names stay distinct
JUDGEMENT_WIDTH = 0.15


@cache
def stream_counter(stream: str, *names: str) -> tuple[int, int]:
    """Hash a stream and its names to the two counter words that are its own."""
    text = SEPARATOR.join((stream, *names)).encode("utf-8")
    digest = blake2b(text, digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def uniforms(seed: int, replicate: int, days: int, stream: str, *names: str) -> Floats:
    """Draw the uniforms of one stream, day by day.

    Parameters
    ----------
    seed, replicate
        The key of the generator; 64 bits each.
    days
        How many, from day 0.
    stream, names
        What is drawn and for whom: ``"noise", "Paris", "India"``.

    Returns
    -------
    [t]
        In (0, 1), with 53 bits each.
    """
    low, high = stream_counter(stream, *names)
    generator = np.random.Philox(
        key=np.array([seed, replicate], dtype=np.uint64),
        counter=np.array([0, 0, low, high], dtype=np.uint64),
    )
    words = generator.random_raw(days)
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def draws(world: World, seed: int, replicate: int) -> Draws:
    """Draw everything random that happens in one run. It is the same in every arm."""
    names, days = world.names, world.steps
    noise = np.empty((days, len(names.audiences), 2))
    incident, accept = np.empty((days, 2)), np.empty((days, 2))
    for k, claimant in enumerate(names.claimants):
        incident[:, k] = uniforms(seed, replicate, days, "incident", claimant)
        accept[:, k] = uniforms(seed, replicate, days, "accept", claimant)
        for a, audience in enumerate(names.audiences):
            noise[:, a, k] = uniforms(seed, replicate, days, "noise", audience, claimant)
    return Draws(noise, incident, accept, _team_draws(world, seed, replicate))


def _team_draws(world: World, seed: int, replicate: int) -> Floats:
    """Draw for the places of teams, hedge[t, l], where a strategy of the world samples."""
    if not any(strategy.sampled for strategy in strategies_of(world)):
        return np.empty((world.steps, 0))
    drawn = np.empty((world.steps, len(world.names.delegations)))
    for team, name in enumerate(world.names.delegations):
        drawn[:, team] = uniforms(seed, replicate, world.steps, "hedge", name)
    return drawn


def drawn_range(name: str, value: float) -> tuple[float, float]:
    """Return the range that a parameter is drawn from: the declared one, widened to its value."""
    spec = SPECS[name]
    return min(spec.low, value), max(spec.high, value)


def drawn_parameters(world: World, seed: int, replicate: int) -> Parameters:
    """Draw every parameter that is not fixed, with the scenario's own value as the median."""
    drawn = {}
    for name, spec in SPECS.items():
        if spec.fixed:
            continue
        value = float(getattr(world.parameters, name))
        u = float(uniforms(seed, replicate, 1, "parameter", name)[0])
        low, high = drawn_range(name, value)
        drawn[name] = two_piece_triangular(u, low, value, high)
    return world.parameters._replace(**drawn)


def drawn_judgements(world: World, seed: int, replicate: int) -> Floats:
    """Draw every judgement V[a, q, k] from +-0.15 around the scenario's, cut to [-1, 1]."""
    drawn = np.empty_like(world.judgements)
    for a, audience in enumerate(world.names.audiences):
        for q, issue in enumerate(world.names.issues):
            for k, claimant in enumerate(world.names.claimants):
                value = float(world.judgements[a, q, k])
                names = ("judgement", audience, issue, claimant)
                u = float(uniforms(seed, replicate, 1, *names)[0])
                moved = two_piece_triangular(
                    u, value - JUDGEMENT_WIDTH, value, value + JUDGEMENT_WIDTH
                )
                drawn[a, q, k] = min(1.0, max(-1.0, moved))
    return drawn
