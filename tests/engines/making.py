"""Scenario documents made at random, small and full of odd corners, and their mirror images.

``made(number)`` is a function of its number alone, so a failing case is named by it.
"""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import strategies as st

from sim.parameters import SPECS, Switches
from sim.plugins import finding
from sim.scenario import shipped
from sim.scenario.scenario import Scenario

Document = dict[str, Any]
SIDES = ("Alder", "Zinnia")
PEACE = "on a par"
# parameters that a made scenario may set, besides those it leaves at their defaults
FREE = tuple(
    name for name in SPECS if name not in ("offer_cooldown", "mediation_length", "dwell", "draw")
)


def made(number: int) -> Document:
    """A valid scenario document that differs with the number."""
    r = random.Random(number)  # noqa: S311 - a test case, not a secret
    steps = r.randint(6, 28)
    issues = [f"issue {q}" for q in range(r.choice([1, 2, 3, 3, 4]))]
    places = [f"place {a}" for a in range(r.randint(1, 5))]
    claims = _claims(r, issues, places)
    document: Document = {
        "name": "made",
        "steps": steps,
        "start_date": "2030-01-01",
        "parameters": _parameters(r),
        "switches": {name: r.random() > 0.12 for name in Switches._fields},
        "claimants": [
            {
                "name": side,
                "effort": r.choice([0.0, 0.5, 1.0, r.uniform(0.0, 4.0)]),
                "campaign_start": r.choice([0, 0, r.randint(0, steps)]),
                "strategy": r.choice(finding.names("strategies")),
                "acceptance": r.choice(finding.names("acceptance")),
                **({"audience_cost": r.uniform(0.0, 0.2)} if r.random() < 0.3 else {}),
            }
            for side in SIDES
        ],
        "delegations": _teams(r, places, steps),
        "audiences": [_audience(r, place, issues) for place in places],
        "peers": _peers(r, places),
        "issues": [{"name": issue} for issue in issues],
        "claims": claims,
        "narratives": _narratives(r, issues, places, claims, steps),
        "events": _events(r, issues, claims, steps),
        "incidents": {
            "pro": r.choice([0.0, r.uniform(0.0, 1.0)]),
            "con": r.choice([0.0, r.uniform(0.0, 1.0)]),
            "salience": _shocks(r, issues),
        },
        "mediator": {
            "audience": r.choice(places),
            "policy": r.choice(finding.names("mediators")),
            "days": sorted(r.sample(range(steps), r.randint(0, 3))),
            **({"escalation": r.choice(issues)} if r.random() < 0.7 else {}),
        },
        "update_rule": r.choice(
            ["friedkin_johnsen"] * 3
            + [*finding.names("rules"), {"name": "bounded_confidence", "eps": r.uniform(0.0, 1.0)},
               {"name": "bounded_confidence", "renormalise": 1.0, "eps": 0.8}]
        ),
    }  # fmt: skip
    if len(issues) == 1:
        document["switches"]["attention"] = False
    return document


def _parameters(r: random.Random) -> Document:
    values: Document = {}
    for name in r.sample(FREE, r.randint(0, len(FREE) // 2)):
        spec = SPECS[name]
        values[name] = r.choice([r.uniform(spec.low, spec.high), spec.low, spec.high])
    if r.random() < 0.3:
        values["noise"] = r.uniform(0.1, 0.6)  # large enough to be clipped
    if r.random() < 0.6:  # enough incidents to see some
        values["base_incident_rate"] = r.uniform(0.05, 0.6)
    values["offer_threshold"] = r.uniform(0.0, 2.0)
    values["offer_cooldown"] = r.randint(1, 6)
    values["mediation_length"] = r.randint(1, 9)
    values["dwell"] = r.randint(1, 3)
    values["draw"] = r.choice([0.0, 0.2, 0.2])
    return values


def _audience(r: random.Random, place: str, issues: list[str]) -> Document:
    audience: Document = {
        "name": place,
        "importance": r.uniform(0.1, 3.0),
        "western": r.random() < 0.5,
        "capitals": r.choice([1, 1, 4]),
        "salience": {q: r.choice([0.0, 0.1, r.uniform(0.0, 2.0)]) for q in issues[1:]},
        "trust": {side: r.uniform(0.0, 1.0) for side in SIDES},
        "judgements": {q: {side: r.uniform(-1.0, 1.0) for side in SIDES} for q in issues},
    }
    if r.random() < 0.3:
        audience["anchor_pull"] = r.choice([0.0, r.uniform(0.0, 0.5), 1.0])
    if r.random() < 0.3 or audience.get("anchor_pull") == 0.0:
        audience["initial_sympathy"] = {side: r.uniform(-1.0, 1.0) for side in SIDES}
    return audience


def _claims(r: random.Random, issues: list[str], places: list[str]) -> list[Document]:
    claims: list[Document] = [
        {
            "name": f"claim {j}",
            "accused": SIDES[j % 2],
            "issue": r.choice(issues),
            "prior": {place: r.choice([0.0, 1.0, r.random()]) for place in places},
        }
        for j in range(r.randint(0, 4))
    ]
    if r.random() < 0.7:
        claims.insert(
            r.randint(0, len(claims)), {"name": PEACE, "parity": True, "prior": r.random()}
        )
    return claims


def _narratives(
    r: random.Random, issues: list[str], places: list[str], claims: list[Document], steps: int
) -> list[Document]:
    narratives: list[Document] = []
    parity = any(claim.get("parity") for claim in claims)
    for n in range(r.choice([0, 4, 6, 8, 9])):
        sender = r.choice(SIDES)
        kind = r.choice(["PROMOTE", "ATTACK", "ATTACK", "DENY"])
        fitting = [
            claim
            for claim in claims
            if not claim.get("parity") and (claim["accused"] == sender) == (kind == "DENY")
        ]
        story: Document = {"type": kind, "issue": r.choice(issues)}
        if kind == "ATTACK" and not fitting:
            story["type"] = kind = "PROMOTE"
        if kind != "PROMOTE" and fitting and (kind == "ATTACK" or r.random() < 0.7):
            claim = r.choice(fitting)
            story |= {"claim": claim["name"], "issue": claim["issue"]}
        elif kind != "ATTACK" and parity and r.random() < 0.4:
            story["claim"] = PEACE
        story |= {
            "name": f"story {n}",
            "sender": sender,
            "share": r.uniform(0.1, 3.0),
            "evidence": r.choice([0.0, 1.0, r.random(), r.random()]),
        }
        if r.random() < 0.3:
            story["from"] = r.randint(0, steps - 1)
            if r.random() < 0.5:
                story["until"] = r.randint(story["from"], steps - 1)
        if r.random() < 0.3:
            story["audiences"] = r.sample(places, r.randint(1, len(places)))
        narratives.append(story)
    return narratives


def _teams(r: random.Random, places: list[str], steps: int) -> list[Document]:
    teams = []
    for i in range(r.choice([0, 1, 3, 4])):
        days = sorted(r.sample(range(steps), r.randint(0, 4)))
        teams.append(
            {
                "name": f"team {i}",
                "claimant": r.choice(SIDES),
                "bonus": r.choice([1.0, r.uniform(0.0, 2.0)]),
                "itinerary": [{"day": day, "at": r.choice([*places, "home"])} for day in days],
            }
        )
    return teams


def _peers(r: random.Random, places: list[str]) -> Document:
    peers: Document = {}
    for listener in places:
        heard = {place: r.uniform(0.1, 2.0) for place in places if r.random() < 0.5}
        if heard:
            peers[listener] = heard
    return peers


def _shocks(r: random.Random, issues: list[str]) -> Document:
    return {q: r.uniform(-0.3, 1.0) for q in issues[1:] if r.random() < 0.5}


def _events(
    r: random.Random, issues: list[str], claims: list[Document], steps: int
) -> list[Document]:
    events: list[Document] = []
    for i in range(r.choice([0, 2, 4, 6])):
        event: Document = {
            "name": f"event {i}",
            "day": r.randrange(steps),
            "tension": r.choice([0.0, r.uniform(-1.0, 3.0)]),
            "salience": _shocks(r, issues),
            "pro": {side: r.uniform(0.0, 1.0) for side in SIDES if r.random() < 0.5},
            "con": {side: r.uniform(0.0, 1.0) for side in SIDES if r.random() < 0.6},
        }
        if claims and r.random() < 0.7:
            claim = r.choice(claims)
            event["claim"] = claim["name"]
            if claim.get("parity") and r.random() < 0.7:
                event["asserts"] = r.uniform(0.0, 1.0)
        if claims and r.random() < 0.4:
            event["verification"] = {
                "claim": r.choice(claims)["name"],
                "finding": r.choice([0.0, 1.0, r.random()]),
                "weight": r.random(),
            }
        events.append(event)
    return events


def mirrored(document: Document) -> Document:
    """The document with the claimants' positions exchanged; names travel with their data."""
    other = copy.deepcopy(document)
    other["claimants"] = other["claimants"][::-1]
    return other


def documents() -> st.SearchStrategy[Document]:
    """Made documents as a Hypothesis strategy."""
    return st.integers(0, 2**32 - 1).map(made)


def shipped_arms() -> list[tuple[str, str]]:
    """Every shipped scenario with each of its arms, and its base."""
    return [
        (name, arm) for name in shipped.names() for arm in ("", *Scenario.from_yaml(name).arms)
    ]
