"""Parameters and judgements of many runs drawn at once: what we do not know.

The same streams and laws as ``world.draws`` and ``world.building.uncertain_setting``, for all
replicates in one compiled loop. Index letters: r run; i draw; a audience; k claimant; q issue.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from sim.compiling import compile_alone, register_laws
from sim.engines.ensemble.philox import uniforms_of_day_0
from sim.engines.ensemble.plan import Lanes, stream_counters
from sim.laws.chance import two_piece_triangular
from sim.laws.equilibrium import starting_sympathy
from sim.parameters import SPECS, Coefficients, Parameters, coefficients, retention
from sim.world.arrays import Floats, World
from sim.world.building import anchor_pulls, audience_costs
from sim.world.draws import JUDGEMENT_WIDTH, drawn_range

register_laws()
Words = npt.NDArray[np.uint64]


@compile_alone
def _triangular(uniforms, lows, medians, highs):  # type: ignore[no-untyped-def]
    """values[i, run] of each draw at its uniform."""
    out = np.empty_like(uniforms)
    for i in range(uniforms.shape[0]):
        for r in range(uniforms.shape[1]):
            out[i, r] = two_piece_triangular(uniforms[i, r], lows[i], medians[i], highs[i])
    return out


@compile_alone
def starts(pulls, peer_pulls, peers, resting, judgements, given):  # type: ignore[no-untyped-def]
    """s(0)[a, k, run] for arrays whose last axis is the run."""
    out = np.empty((judgements.shape[0], 2, judgements.shape[3]))
    for r in range(judgements.shape[3]):
        own, rest, judged = pulls[:, r].copy(), resting[:, :, r].copy(), judgements[..., r].copy()
        out[:, :, r] = starting_sympathy(own, peer_pulls[r], peers, rest, judged, given)
    return out


def drawn_parameters(world: World, seed: int, replicates: Words) -> Parameters:
    """Draw the parameters of every replicate; those that are not fixed are arrays [run]."""
    names = [name for name, spec in SPECS.items() if not spec.fixed]
    medians = np.array([float(getattr(world.parameters, name)) for name in names])
    lows, highs = np.array(list(map(drawn_range, names, medians))).T.copy()
    counters = stream_counters([("parameter", name) for name in names])
    drawn = _triangular(streams_of_day_0(seed, replicates, counters), lows, medians, highs)
    return world.parameters._replace(**dict(zip(names, drawn, strict=True)))


def drawn_judgements(world: World, seed: int, replicates: Words) -> Floats:
    """Draw V[a, q, k, run], each judgement around the scenario's."""
    names = world.names
    judged = product(names.audiences, names.issues, names.claimants)
    uniforms = streams_of_day_0(
        seed, replicates, stream_counters([("judgement", *names) for names in judged])
    )
    flat = world.judgements.ravel()
    drawn = _triangular(uniforms, flat - JUDGEMENT_WIDTH, flat, flat + JUDGEMENT_WIDTH)
    held: Floats = np.clip(drawn, -1.0, 1.0)
    return held.reshape(*world.judgements.shape, len(replicates))


def uncertain_lanes(world: World, seed: int, replicates: Words) -> Lanes:
    """Return the numbers of every replicate with parameters and judgements drawn."""
    chosen = drawn_parameters(world, seed, replicates)
    return lanes_for(world, chosen, drawn_judgements(world, seed, replicates))


def lanes_for(
    world: World,
    chosen: Parameters,
    judgements: Floats,
    resting: Floats | None = None,
    trust: Floats | None = None,
    prior: Floats | None = None,
) -> Lanes:
    """Return the numbers of runs that have these parameters and judgements.

    Parameters
    ----------
    world
        Has the rest.
    chosen
        Parameters: a number for all runs, or an array [run].
    judgements : [a, q, k, run]
        V of each run.
    resting : [a, q, run]
        Resting salience of each run, in place of the world's.
    trust : [a, k, run]
        Credibility at the start, likewise.
    prior : [a, j, run]
        Credence at the start, likewise.
    """
    runs = judgements.shape[-1]
    values = np.array(
        [np.broadcast_to(row, runs) for row in coefficients(chosen, world.switches, _retentions)]
    )
    pulls = anchor_pulls(world, np.broadcast_to(chosen.anchor_pull, runs))
    resting = _repeat_over_runs(world.resting, runs) if resting is None else resting
    prior = _repeat_over_runs(world.prior, runs) if prior is None else prior
    listening = values[Coefficients._fields.index("peer_pull")].copy()
    return Lanes(
        values=values,
        audience_cost=audience_costs(world, np.broadcast_to(chosen.audience_cost, runs)),
        anchor_pull=pulls,
        resting=resting,
        trust=_repeat_over_runs(world.trust, runs) if trust is None else trust,
        judgements=judgements,
        credence=prior if world.switches.credence else np.ones_like(prior),
        start=starts(pulls, listening, world.peers, resting, judgements, world.given_start),
    )


# one at a time: NumPy's own power may round otherwise than that of the single run
_retentions = np.vectorize(retention, otypes=[np.float64])


def _repeat_over_runs(values: Floats, runs: int) -> Floats:
    return np.repeat(values[..., None], runs, axis=-1)


def streams_of_day_0(seed: int, replicates: Words, counters: Words) -> Floats:
    """u[stream, run]: the uniform of day 0 of each stream, for each replicate."""
    with np.errstate(over="ignore"):  # the words wrap on purpose
        drawn: Floats = uniforms_of_day_0(np.uint64(seed), replicates, counters)
    return drawn
