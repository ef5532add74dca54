"""Neither side is favoured by its place in the file.  Source: section 7, V9, V23."""

from __future__ import annotations

import math

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.parameters import Switches
from sim.scenario.scenario import Scenario
from sim.tables.metrics import alignment, weighted
from sim.verification.statements.documents import (
    BACKGROUND,
    FIRST,
    ISSUES,
    SECOND,
    Document,
    accusation,
    audience,
    document,
    drawn_case,
    exchange_claimants,
    narrative,
    pair,
    team,
)
from sim.verification.statements.result import EXACT, StatementResult, compare
from sim.verification.statements.running import prepare_model, shipped_scenarios, world_of
from sim.world.arrays import Draws, Floats
from sim.world.building import setting
from sim.world.draws import draws

CASES = 4


def exchange() -> list[StatementResult]:
    """V9: the claimants' positions exchanged: x -> -x and tension as before, exactly."""
    cases: dict[str, tuple[Scenario, list[str]]] = {}
    for number in range(CASES):
        drawn = Scenario.from_dict(_with_logit_acceptance(drawn_case(number)))
        cases[f"drawn case {number}"] = drawn, [""]
    for name, scenario in shipped_scenarios().items():
        cases[name] = scenario, ["", *scenario.arms]
    comparisons = []
    for name, (scenario, arms) in cases.items():
        turned = Scenario.from_dict(exchange_claimants(scenario.to_dict()))
        mirrored, apart = 0.0, 0.0
        for arm in arms:
            one, other = (
                NarrativeModel(case.arm(arm) if arm else case, seed=9).run()
                for case in (scenario, turned)
            )
            x, y = alignment(one.sympathy), alignment(other.sympathy)
            mirrored = max(mirrored, float(np.abs(x + y).max()))
            apart = max(apart, float(np.abs(one.tension - other.tension).max()))
        comparisons += [
            compare("V9", f"error of x -> -x, {name}", 0.0, mirrored, EXACT),
            compare("V9", f"tension apart, {name}", 0.0, apart, EXACT),
        ]
    return comparisons


def _with_logit_acceptance(case: Document) -> Document:
    return {**case, "claimants": [{**side, "acceptance": "logit"} for side in case["claimants"]]}


def symmetric_case(bias: float = 0.0) -> Document:
    """Both sides alike, each audience with its mirror image, the mediator neutral.

    ``bias`` adds to the first side's effort, to see that the test notices.
    """

    def twin_audiences(name: str, twin: str, importance: float, salience: dict[str, float],
                 trust: tuple[float, float], judged: dict[str, tuple[float, float]]
                 ) -> list[Document]:  # fmt: skip
        return [
            audience(name, judged, salience=salience, importance=importance, trust=trust),
            audience(twin, {q: (two, one) for q, (one, two) in judged.items()},
                     salience=salience, importance=importance, trust=(trust[1], trust[0])),
        ]  # fmt: skip

    places = [
        audience("broker", {q: (v, v) for q, v in zip(ISSUES, (0.2, -0.1, 0.1), strict=True)},
                 salience={"raids": 0.1, "river": 0.1}, importance=3.0, trust=(0.6, 0.6)),
        *twin_audiences("east", "west", 2.0, {"raids": 0.2, "river": 0.05}, (0.7, 0.4),
                  {BACKGROUND: (0.3, 0.1), "raids": (0.5, -0.4), "river": (-0.2, 0.3)}),
        *twin_audiences("north", "south", 1.0, {"raids": 0.05, "river": 0.3}, (0.5, 0.6),
                  {BACKGROUND: (0.0, 0.2), "raids": (-0.3, 0.2), "river": (0.6, -0.1)}),
    ]  # fmt: skip
    prior = {"broker": (0.5, 0.5), "east": (0.3, 0.7), "north": (0.6, 0.4)}
    twins = {"east": "west", "north": "south"}

    def priors_in_claim(k: int) -> dict[str, float]:
        found = {}
        for name, both in prior.items():
            found[name] = both[k]
            if name in twins:
                found[twins[name]] = both[1 - k]
        return found

    narratives = []
    for k, side in enumerate((FIRST, SECOND)):
        rival = SECOND if k == 0 else FIRST
        narratives += [
            narrative(f"{side} attacks", side, "ATTACK", "raids", 2.0, 0.6,
                      claim=f"{rival} raids"),
            narrative(f"{side} promotes", side, "PROMOTE", "river", 2.0, 0.8),
            narrative(f"{side} denies", side, "DENY", "raids", 1.0, 0.5, claim=f"{side} raids"),
        ]  # fmt: skip
    home = "home"
    return document(
        steps=40,
        audiences=places,
        on=Switches._fields,
        issues=ISSUES,
        parameters={"base_incident_rate": 0.05, "offer_threshold": 1.0},
        effort=(1.0 + bias, 1.0),
        claimants=({"campaign_start": 3}, {"campaign_start": 3}),
        narratives=narratives,
        claims=[
            accusation(f"{FIRST} raids", FIRST, "raids", priors_in_claim(0)),
            accusation(f"{SECOND} raids", SECOND, "raids", priors_in_claim(1)),
            {"name": "on a par", "parity": True,
             "prior": {place["name"]: 0.6 for place in places}},
        ],
        peers={
            "broker": {"east": 1.0, "west": 1.0},
            "east": {"broker": 2.0, "north": 1.0},
            "west": {"broker": 2.0, "south": 1.0},
            "north": {"broker": 1.0, "west": 0.5},
            "south": {"broker": 1.0, "east": 0.5},
        },
        teams=[
            team("first team", FIRST, [(8, "east"), (12, "broker"), (16, home)], 1.1),
            team("second team", SECOND, [(8, "west"), (12, "broker"), (16, home)], 1.1),
        ],
        events=[
            {"name": "raid", "day": 5, "tension": 1.0, "salience": {"raids": 0.8},
             "con": pair(0.4, 0.4)},
        ],
        incidents={"pro": 0.5, "con": 0.3, "salience": {"raids": 0.3}},
        mediator={"audience": "broker", "policy": "threshold", "escalation": "raids"},
    )  # fmt: skip


TWIN = (0, 2, 1, 4, 3)  # row of each audience's mirror image
REPLICATES = 200
CRITICAL = 3.89  # of |z|, two-sided: a false alarm in 1e-4 of each comparison


def symmetric() -> list[StatementResult]:
    """V23: with equal sides the distribution of x is symmetric about 0.

    Exactly: the draws of the two sides and of twin audiences exchanged, x of a place is minus that
    of its twin, up to the order in which peers are summed. In distribution: over replicates, X, x
    of the mediator and the sum of x over twins are symmetric about 0; so the sign of each is fair
    and its rank is independent of it (sign test, Wilcoxon's signed ranks). Six comparisons at a
    false-alarm rate of 1e-4 each.
    """
    world = world_of(symmetric_case())
    turned = 0.0
    for replicate in range(5):
        drawn = draws(world, 23, replicate)
        other = Draws(
            noise=drawn.noise[:, TWIN, ::-1],
            incident=drawn.incident[:, ::-1],
            accept=drawn.accept[:, ::-1],
        )
        x, y = (
            alignment(NarrativeModel.prepared(world, setting(world), one).run().sympathy)
            for one in (drawn, other)
        )
        turned = max(turned, float(np.abs(x + y[:, TWIN]).max()))
    comparisons = [compare("V23", "x against its twin's on exchanged draws", 0.0, turned, 1e-13)]
    for what, sample in symmetric_samples(symmetric_case()).items():
        for test, z in (("signs", sign_score(sample)), ("signed ranks", rank_score(sample))):
            comparisons.append(compare("V23", f"{what}: {test}, z", 0.0, z, CRITICAL))
    return comparisons


def symmetric_samples(case: Document) -> dict[str, Floats]:
    """Values that should be symmetric about 0 over replicates, on the last day."""
    world = world_of(case)
    ends = np.array(
        [alignment(prepare_model(world, 23, r).run().sympathy[-1]) for r in range(REPLICATES)]
    )
    return {
        "X": weighted(ends, world.importance),
        "x of the mediator": ends[:, 0],
        "x of two twins, summed": ends[:, 1] + ends[:, 2],
    }


def sign_score(sample: Floats) -> float:
    """Score z of the number of positive values."""
    return float(np.sign(sample).sum() / math.sqrt(len(sample)))


def rank_score(sample: Floats) -> float:
    """Score z of Wilcoxon's signed ranks: their sum has variance n (n + 1)(2n + 1)/6."""
    n = len(sample)
    ranks = np.argsort(np.argsort(np.abs(sample))) + 1.0
    return float((np.sign(sample) * ranks).sum() / math.sqrt(n * (n + 1) * (2 * n + 1) / 6.0))
