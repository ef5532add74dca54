"""Neither side is favoured by its place in the file.  Source: section 7, V9, V23.

V9 exchanges the sides of one run, exactly; V23 looks at many runs of two equal sides.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.parameters import Switches
from sim.scenario.scenario import Scenario
from sim.tables.metrics import alignment, weighted_sum
from sim.verification.statements import documents, running
from sim.verification.statements.documents import (
    FIRST,
    ISSUES,
    SECOND,
    Change,
    Document,
    audience,
    pair,
    unchanged,
)
from sim.verification.statements.result import EXACT, Checks
from sim.verification.statements.running import apart, model_of, shipped_scenarios, simulate
from sim.world.arrays import Draws, Floats
from sim.world.draws import draws

CASES = 4
MANY = 20  # audiences; of a shipped scenario with more only the base and its first arm are run


def exchange() -> Checks:
    """V9: the claimants' positions exchanged: x -> -x and tension as before, exactly."""
    yield from exchange_in_drawn_cases()
    for name, scenario in shipped_scenarios().items():
        arms = ("", *scenario.arms)
        arms = arms[:2] if len(scenario.audiences) > MANY else arms
        yield from _compare_with_mirror_image(name, scenario, arms)


def exchange_in_drawn_cases(change: Change = unchanged) -> Checks:
    """The same of the drawn cases alone, with a change made to each before."""
    for number in range(CASES):
        case = change(documents.drawn_case(number))
        sides = [{**side, "acceptance": "logit"} for side in case["claimants"]]
        scenario = Scenario.from_dict({**case, "claimants": sides})
        yield from _compare_with_mirror_image(f"drawn case {number}", scenario, ("",))


def _compare_with_mirror_image(name: str, scenario: Scenario, arms: tuple[str, ...]) -> Checks:
    """Compare a scenario's arms with those of its mirror image."""
    turned = Scenario.from_dict(documents.exchange_claimants(scenario.to_dict()))
    mirrored, tension = 0.0, 0.0
    for arm in arms:
        one, other = (
            NarrativeModel(case.arm(arm) if arm else case, seed=9).run()
            for case in (scenario, turned)
        )
        mirrored = max(mirrored, apart(alignment(one.sympathy), -alignment(other.sympathy)))
        tension = max(tension, apart(one.tension, other.tension))
    yield f"error of x -> -x, {name}", 0.0, mirrored, EXACT
    yield f"tension apart, {name}", 0.0, tension, EXACT


# Audiences of the symmetric case and their mirror images: name, twin, importance, salience, trust
# in (First, Second), judgements of (First, Second) on the background, raids and river
TWINS = (
    ("east", "west", 2.0, (0.2, 0.05), (0.7, 0.4), ((0.3, 0.1), (0.5, -0.4), (-0.2, 0.3))),
    ("north", "south", 1.0, (0.05, 0.3), (0.5, 0.6), ((0.0, 0.2), (-0.3, 0.2), (0.6, -0.1))),
)
PRIORS = {
    "broker": (0.5, 0.5),
    "east": (0.3, 0.7),
    "west": (0.7, 0.3),
    "north": (0.6, 0.4),
    "south": (0.4, 0.6),
}  # of what (First, Second) is accused of
TWIN_ROWS = (0, 2, 1, 4, 3)  # row of each audience's mirror image
REPLICATES = 200
CRITICAL = 3.89  # of |z|, two-sided: a false alarm in 1e-4 of each comparison


def symmetric_case(bias: float = 0.0) -> Document:
    """Return a case of equal sides: each audience has its mirror image, the mediator is neutral.

    Parameters
    ----------
    bias
        Added to the first side's effort, to see that the test notices.
    """
    neutral = {q: (v, v) for q, v in zip(ISSUES, (0.2, -0.1, 0.1), strict=True)}
    rest = {"raids": 0.1, "river": 0.1}
    places = [audience("broker", neutral, salience=rest, importance=3.0, trust=(0.6, 0.6))]
    for *names, importance, levels, trust, judged in TWINS:
        rest = dict(zip(ISSUES[1:], levels, strict=True))
        for name, way in zip(names, (1, -1), strict=True):
            views = {q: both[::way] for q, both in zip(ISSUES, judged, strict=True)}
            places.append(
                audience(name, views, salience=rest, importance=importance, trust=trust[::way])
            )
    narratives, claims = [], []
    for k, (side, rival) in enumerate(((FIRST, SECOND), (SECOND, FIRST))):
        prior = {name: both[k] for name, both in PRIORS.items()}
        claims.append(documents.accusation(f"{side} raids", side, "raids", prior))
        for kind, issue, share, evidence, more in (
            ("ATTACK", "raids", 2.0, 0.6, {"claim": f"{rival} raids"}),
            ("PROMOTE", "river", 2.0, 0.8, {}),
            ("DENY", "raids", 1.0, 0.5, {"claim": f"{side} raids"}),
        ):
            narratives.append(documents.narrative(side, kind, issue, share, evidence, **more))
    parity = {"name": "on a par", "parity": True, "prior": dict.fromkeys(PRIORS, 0.6)}
    raid = {"tension": 1.0, "salience": {"raids": 0.8}, "con": pair(0.4, 0.4)}
    return documents.document(
        40,
        places,
        on=Switches._fields,
        issues=ISSUES,
        parameters={"base_incident_rate": 0.05, "offer_threshold": 1.0},
        effort=(1.0 + bias, 1.0),
        claimants=({"campaign_start": 3}, {"campaign_start": 3}),
        narratives=narratives,
        claims=[*claims, parity],
        peers={
            "broker": {"east": 1.0, "west": 1.0},
            "east": {"broker": 2.0, "north": 1.0},
            "west": {"broker": 2.0, "south": 1.0},
            "north": {"broker": 1.0, "west": 0.5},
            "south": {"broker": 1.0, "east": 0.5},
        },
        delegations=[
            documents.team(
                f"team of {side}", side, [(8, place), (12, "broker"), (16, "home")], 1.1
            )
            for side, place in ((FIRST, "east"), (SECOND, "west"))
        ],
        events=[{"name": "raid", "day": 5, **raid}],
        incidents={"pro": 0.5, "con": 0.3, "salience": {"raids": 0.3}},
        mediator={"audience": "broker", "policy": "threshold", "escalation": "raids"},
    )


def symmetric() -> Checks:
    """V23: with equal sides the distribution of x is symmetric about 0.

    Exactly: the draws of the two sides and of twin audiences exchanged, x of a place is minus that
    of its twin, up to the order in which peers are summed. In distribution: over replicates, X, x
    of the mediator and the sum of x over twins are symmetric about 0; so the sign of each is fair
    and its rank is independent of it (sign test, Wilcoxon's signed ranks). Six comparisons at a
    false-alarm rate of 1e-4 each.
    """
    world = running.world_of(symmetric_case())
    turned = 0.0
    for replicate in range(5):
        drawn = draws(world, 23, replicate)
        other = Draws(
            noise=drawn.noise[:, TWIN_ROWS, ::-1],
            incident=drawn.incident[:, ::-1],
            accept=drawn.accept[:, ::-1],
        )
        x, y = (alignment(model_of(world, drawn=one).run().sympathy) for one in (drawn, other))
        turned = max(turned, apart(x, -y[:, TWIN_ROWS]))
    yield "x against its twin's on exchanged draws", 0.0, turned, 1e-13
    for what, sample in symmetric_samples(symmetric_case()).items():
        yield f"{what}: signs, z", 0.0, sign_score(sample), CRITICAL
        yield f"{what}: signed ranks, z", 0.0, rank_score(sample), CRITICAL


def symmetric_samples(case: Document) -> dict[str, Floats]:
    """Return by name what should be symmetric about 0 over replicates on the last day, [run]."""
    world = running.world_of(case)
    ends = np.array([alignment(simulate(world, 23, r).sympathy[-1]) for r in range(REPLICATES)])
    return {
        "X": weighted_sum(ends, world.importance),
        "x of the mediator": ends[:, 0],
        "x of two twins, summed": ends[:, 1] + ends[:, 2],
    }


def sign_score(sample: Floats) -> float:
    """Return the score z of the number of positive values."""
    return float(np.sign(sample).sum() / math.sqrt(len(sample)))


def rank_score(sample: Floats) -> float:
    """Return the score z of Wilcoxon's signed ranks: variance n (n + 1)(2n + 1)/6."""
    n = len(sample)
    ranks = np.argsort(np.argsort(np.abs(sample))) + 1.0
    return float((np.sign(sample) * ranks).sum() / math.sqrt(n * (n + 1) * (2 * n + 1) / 6.0))
