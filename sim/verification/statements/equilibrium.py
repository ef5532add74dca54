"""Where sympathies settle: consensus, anchors, constant messages, silence, bounds.

Source: section 7, V1-V4, V8, V10; DeGroot 1974, Friedkin & Johnsen 1990. Equilibria of a game
between the two sides are not here but in ``contest``.
"""

from __future__ import annotations

import math

import numpy as np

from sim.verification.statements import documents, running
from sim.verification.statements.documents import (
    ZERO,
    Change,
    Document,
    network,
    replace_blocks,
    unchanged,
)
from sim.verification.statements.result import SIX, Checks
from sim.verification.statements.running import apart, final_alignment, model_of, simulate
from sim.world.arrays import Floats

UNITS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
LONG = 400  # days: the slowest mode of B-net has decayed below 1e-16
CASES = 6


def consensus() -> Checks:
    """V1: without anchors and messages everybody ends at a weighted mean of the start.

    The weights are the left eigenvector of W: pi = pi W gives (4, 2, 3)/9.
    """

    def final_state(start: tuple[float, float, float]) -> Floats:
        return final_alignment(network(LONG, pulls=ZERO, anchors=ZERO, start=start, on=("peers",)))

    for b, weight in enumerate((4 / 9, 2 / 9, 1 / 3)):
        yield f"DeGroot weight of audience {b + 1}", weight, final_state(UNITS[b])[0], 1e-12
    ends = final_state((1.0, 0.0, -1.0))
    yield "DeGroot consensus", 1 / 9, ends[0], 1e-12
    yield "DeGroot disagreement left", 0.0, ends.max() - ends.min(), 1e-12


def anchored_levels() -> Checks:
    """V2: with anchors, the fixed point; reached from 0, and where silence starts."""
    reached = final_alignment(network(LONG, on=("peers",)))
    begun = simulate(network(LONG, start=None, on=("peers",))).sympathy[0, :, 0]
    for a, level in enumerate((0.138122, 0.034991, -0.049724)):
        yield f"FJ level of audience {a + 1}", level, reached[a], SIX
        yield f"FJ start of audience {a + 1}", level, begun[a], SIX


def contested_levels() -> Checks:
    """V3: messages as two stubborn sources; the response to one day's push gives the matrix.

    The map of a day is affine, so the difference of two runs that start a unit apart is a column
    of (I - Lambda)(1 - omega) W'; the modulus of its largest eigenvalue is the spectral radius.
    """

    def final_state(start: tuple[float, float, float], steps: int) -> Floats:
        campaigns = documents.half_attack_half_promote((2.0, 1.0, 1.0), (1.0, 1.0, 2.0))
        on, parameters = ("peers", "persuasion"), {"message_weight": 0.1, "draw": 0.0}
        return final_alignment(
            network(steps, start=start, on=on, parameters=parameters, **campaigns)
        )

    reached = final_state(ZERO, LONG)
    for a, level in enumerate((0.182354, 0.023554, -0.095301)):
        yield f"level of audience {a + 1} under campaigns", level, reached[a], SIX
    still = final_state(ZERO, 1)
    response = np.stack([final_state(unit, 1) - still for unit in UNITS], axis=1)
    radius = np.abs(np.linalg.eigvals(response)).max()
    yield "spectral radius of a day", 0.799183, radius, SIX


def relaxation() -> Checks:
    """V4: an audience alone keeps (1 - alpha)(1 - omega) of its distance to its level a day."""
    days = 40

    def half_life(message_weight: float) -> float:
        alone = documents.document(
            days + 600,
            [documents.audience("alone", pull=0.02, start=(1.0, 0.0))],
            on=("persuasion",),
            parameters={"message_weight": message_weight, "draw": 0.0},
            **documents.steady_campaign(),
        )
        s = simulate(alone).sympathy[:, 0, 0]
        # where it is heading: off by what is left after the whole run, below 1e-5 of the distance
        # with messages and known to be 0 without
        level = 0.0 if message_weight == 0.0 else s[-1]
        return float(days * math.log(0.5) / math.log((s[days] - level) / (s[0] - level)))

    yield "half-life off the anchor, days", 34.3096, half_life(0.0), 5e-5
    yield "half-life under constant messages, days", 9.6949, half_life(0.05), 5e-5


def silence() -> Checks:
    """V8: in silence nothing drifts, in drawn cases and in every shipped scenario."""
    yield from drift_in_silence()
    for name, scenario in running.shipped_scenarios().items():
        yield _drift(name, scenario.to_dict(arms=False))


def drift_in_silence(change: Change = unchanged) -> Checks:
    """Drift of the drawn cases, with a change made to each before."""
    for n in range(CASES):
        yield _drift(f"drawn case {n}", change(documents.drawn_case(n)))


def _drift(name: str, case: Document) -> tuple[str, float, float, float]:
    s = simulate({**documents.without_activity(case), "steps": 300}).sympathy
    return f"drift in 300 silent days, {name}", 0.0, apart(s, s[0]), 1e-14


def bounds(change: Change = unchanged) -> Checks:
    """V10: without noise no sympathy leaves [-1, 1], so clipping never acts.

    In silence each stays in the hull of all anchors and starts. ``change`` is made to each case
    before.
    """
    for n in range(CASES):
        case = _pushed_to_the_ends(change(documents.drawn_case(n, 60)), n)
        model = model_of(replace_blocks(case, switches={"noise": False}), n, ledger=True)
        model.run()
        cuts = [row for row in model.ledger or () if row.cause == "clip" and not row.cause_id]
        taken = sum(abs(row.delta) for row in cuts)
        # a sympathy at an end may be rounded past it
        yield f"taken away by clipping at [-1, 1], case {n}", 0.0, taken, 1e-14
        world = running.world_of(documents.without_activity(case))
        s = simulate(world).sympathy
        shares = world.resting / world.resting.sum(axis=1, keepdims=True)
        anchors = (shares[:, :, None] * world.judgements).sum(axis=1)
        ends = np.concatenate([anchors, s[0]])
        over = np.maximum(s - ends.max(axis=0), ends.min(axis=0) - s).max()
        what = f"beyond the hull of anchors and start in silence, case {n}"
        yield what, 0.0, max(0.0, float(over)), 1e-15


def _pushed_to_the_ends(case: Document, number: int) -> Document:
    """Return the case with extreme starts, strong messages and pulls: clipping might act here."""
    rng = np.random.default_rng([10, number])
    places = []
    for place in case["audiences"]:
        start = {side: float(rng.choice([-1.0, 1.0, 0.3])) for side in place["trust"]}
        places.append({**place, "initial_sympathy": start})
    lowest = {"message_weight": 0.5, "peer_pull": 0.2, "anchor_pull": 0.1}
    parameters = {name: float(rng.uniform(low, 1.0)) for name, low in lowest.items()}
    parameters["attack_potency"] = 3.0
    return replace_blocks(case, audiences=places, parameters=parameters)
