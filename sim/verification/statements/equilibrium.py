"""Where sympathies settle: consensus, anchors, constant messages, silence, bounds.

Source: section 7, V1-V4, V8, V10; DeGroot 1974, Friedkin & Johnsen 1990.
"""

from __future__ import annotations

import math

import numpy as np

from sim.verification.statements.documents import (
    BACKGROUND,
    FIRST,
    NET_ANCHORS,
    NET_PULLS,
    Document,
    audience,
    document,
    drawn_case,
    half_attack_half_promote,
    narrative,
    network,
    replace_blocks,
    without_activity,
)
from sim.verification.statements.result import SIX, StatementResult, compare
from sim.verification.statements.running import (
    final_alignment,
    model_of,
    prepare_model,
    shipped_scenarios,
    simulate,
    world_of,
)
from sim.world.arrays import Floats

UNITS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
LONG = 400  # days: the slowest mode of B-net has decayed below 1e-16
CASES = 6


def consensus() -> list[StatementResult]:
    """V1: without anchors and messages everybody ends at a weighted mean of the start.

    The weights are the left eigenvector of W: pi = pi W gives (4, 2, 3)/9.
    """

    def final_state(start: tuple[float, float, float]) -> Floats:
        return final_alignment(
            network(steps=LONG, pulls=(0.0, 0.0, 0.0), start=start, on=("peers",))
        )

    comparisons = [
        compare(
            "V1", f"DeGroot weight of audience {b + 1}", weight, final_state(UNITS[b])[0], 1e-12
        )
        for b, weight in enumerate((4 / 9, 2 / 9, 1 / 3))
    ]
    ends = final_state((1.0, 0.0, -1.0))
    comparisons.append(compare("V1", "DeGroot consensus", 1 / 9, ends[0], 1e-12))
    spread = float(ends.max() - ends.min())
    comparisons.append(compare("V1", "DeGroot disagreement left", 0.0, spread, 1e-12))
    return comparisons


def anchored_levels() -> list[StatementResult]:
    """V2: with anchors, the fixed point; reached from 0, and where silence starts."""
    expected = (0.138122, 0.034991, -0.049724)

    def case(start: tuple[float, float, float] | None) -> Document:
        return network(
            steps=LONG, pulls=NET_PULLS, start=start, anchors=NET_ANCHORS, on=("peers",)
        )

    reached = final_alignment(case((0.0, 0.0, 0.0)))
    begun = simulate(case(None)).sympathy[0, :, 0]
    comparisons = []
    for a, level in enumerate(expected):
        comparisons.append(compare("V2", f"FJ level of audience {a + 1}", level, reached[a], SIX))
        comparisons.append(compare("V2", f"FJ start of audience {a + 1}", level, begun[a], SIX))
    return comparisons


def contested_case(start: tuple[float, float, float], steps: int = LONG) -> Document:
    """B-net with anchors under constant campaigns of both sides, nothing else on: V3."""
    return network(
        steps=steps,
        pulls=NET_PULLS,
        start=start,
        anchors=NET_ANCHORS,
        on=("peers", "persuasion"),
        parameters={"message_weight": 0.1, "draw": 0.0},
        **half_attack_half_promote((2.0, 1.0, 1.0), (1.0, 1.0, 2.0)),
    )


def contested_levels() -> list[StatementResult]:
    """V3: messages as two stubborn sources; the response to one day's push gives the matrix.

    The map of a day is affine, so the difference of two runs that start a unit apart is a column
    of (I - Lambda)(1 - omega) W'; the modulus of its largest eigenvalue is the spectral radius.
    """
    expected = (0.182354, 0.023554, -0.095301)
    reached = final_alignment(contested_case((0.0, 0.0, 0.0)))
    comparisons = [
        compare("V3", f"level of audience {a + 1} under campaigns", level, reached[a], SIX)
        for a, level in enumerate(expected)
    ]
    still = final_alignment(contested_case((0.0, 0.0, 0.0), 1))
    response = np.stack([final_alignment(contested_case(u, 1)) - still for u in UNITS], axis=1)
    radius = float(np.abs(np.linalg.eigvals(response)).max())
    comparisons.append(compare("V3", "spectral radius of a day", 0.799183, radius, SIX))
    return comparisons


def relaxation() -> list[StatementResult]:
    """V4: an audience alone keeps (1 - alpha)(1 - omega) of its distance to its level a day."""
    days = 40

    def half_life(message_weight: float) -> float:
        alone = document(
            steps=days + 600,
            audiences=[audience("alone", {BACKGROUND: (0.0, 0.0)}, pull=0.02, start=(1.0, 0.0))],
            on=("persuasion",),
            parameters={"message_weight": message_weight, "draw": 0.0},
            effort=(10.0, 0.0),
            narratives=[narrative("case", FIRST, "PROMOTE", BACKGROUND)],
        )
        s = simulate(alone).sympathy[:, 0, 0]
        # where it is heading: off by what is left after the whole run, below 1e-5 of the distance
        # with messages and known to be 0 without
        level = 0.0 if message_weight == 0.0 else s[-1]
        return float(days * math.log(0.5) / math.log((s[days] - level) / (s[0] - level)))

    return [
        compare("V4", "half-life off the anchor, days", 34.3096, half_life(0.0), 5e-5),
        compare("V4", "half-life under constant messages, days", 9.6949, half_life(0.05), 5e-5),
    ]


def silence() -> list[StatementResult]:
    """V8: in silence nothing drifts, in drawn cases and in every shipped scenario."""
    cases: dict[str, Document] = {
        f"drawn case {n}": without_activity(drawn_case(n, 300)) for n in range(CASES)
    }
    for name, scenario in shipped_scenarios().items():
        cases[name] = {**without_activity(scenario.to_dict(arms=False)), "steps": 300}
    comparisons = []
    for name, case in cases.items():
        s = simulate(case).sympathy
        drift = float(np.abs(s - s[0]).max())
        comparisons.append(compare("V8", f"drift in 300 silent days, {name}", 0.0, drift, 1e-14))
    return comparisons


def bounds() -> list[StatementResult]:
    """V10: without noise no sympathy leaves [-1, 1], so clipping never acts.

    In silence each stays in the hull of all anchors and starts.
    """
    comparisons = []
    for n in range(CASES):
        case = _pushed_to_the_ends(drawn_case(n, 60), n)
        model = model_of(replace_blocks(case, switches={"noise": False}), seed=n, ledger=True)
        model.run()
        entries = model.ledger.entries if model.ledger is not None else []
        taken = sum(abs(entry.delta) for entry in entries if entry.cause == "clip")
        # a sympathy at an end may be rounded past it
        comparisons.append(
            compare("V10", f"taken away by clipping at [-1, 1], case {n}", 0.0, taken, 1e-14)
        )
        quiet = without_activity(case)
        world = world_of(quiet)
        s = prepare_model(world).run().sympathy
        shares = world.resting / world.resting.sum(axis=1, keepdims=True)
        anchors = (shares[:, :, None] * world.judgements).sum(axis=1)
        ends = np.concatenate([anchors, s[0]])
        over = np.maximum(s - ends.max(axis=0), ends.min(axis=0) - s).max()
        comparisons.append(
            compare("V10", f"beyond the hull of anchors and start in silence, case {n}",
                     0.0, max(0.0, float(over)), 1e-15)
        )  # fmt: skip
    return comparisons


def _pushed_to_the_ends(case: Document, number: int) -> Document:
    """Extreme starts, strong messages and pulls: where clipping would act if anywhere."""
    rng = np.random.default_rng([10, number])
    places = [
        {**place, "initial_sympathy": {side: float(rng.choice([-1.0, 1.0, 0.3])) for side in
                                       place["trust"]}}
        for place in case["audiences"]
    ]  # fmt: skip
    return replace_blocks(
        case,
        audiences=places,
        parameters={
            "message_weight": float(rng.uniform(0.5, 1.0)),
            "peer_pull": float(rng.uniform(0.2, 1.0)),
            "anchor_pull": float(rng.uniform(0.1, 1.0)),
            "attack_potency": 3.0,
        },
    )
