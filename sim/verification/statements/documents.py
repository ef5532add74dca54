"""Scenario documents of the statements: made up in Python, read as any scenario file would be.

Two claimants, ``First`` (sign +1) and ``Second``. Every number is chosen to make one mechanism
visible; nothing here describes a country. A document is a dictionary with the keys of a scenario
file (docs/scenarios.md); what the model makes of it is in ``running``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from sim.parameters import Switches

Document = dict[str, Any]
FIRST, SECOND = "First", "Second"
BACKGROUND = "background"
NEUTRAL = {BACKGROUND: (0.0, 0.0)}  # judgements that favour nobody
REACH = 0.1  # broadcast_reach: an effort of 1/REACH delivers 1 at every audience


def pair(first: Any, second: Any) -> dict[str, Any]:
    """Return the two claimants' entries of a mapping by claimant."""
    return {FIRST: first, SECOND: second}


def audience(
    name: str,
    judgements: Mapping[str, Sequence[float]] = NEUTRAL,
    *,
    salience: Mapping[str, float] | None = None,
    trust: Sequence[float] = (1.0, 1.0),
    pull: float | None = None,
    start: Sequence[float] | None = None,
    **more: Any,
) -> Document:
    """Return one audience.

    Parameters
    ----------
    name
        Its name.
    judgements
        By issue, how (First, Second) are judged, -1 to 1: the anchors.
    salience
        Resting salience of issues other than the background, which has 1.
    trust
        Trust in (First, Second) before anything is said, 0 to 1.
    pull
        Its own strength of the anchors' pull, a share a day; else the scenario's.
    start
        Sympathy for (First, Second) on day 0; else where silence settles.
    **more
        ``importance``, ``western`` and ``capitals``, as in a scenario file.
    """
    block: Document = {
        "name": name,
        "importance": 1.0,
        "western": False,
        "capitals": 1,
        "salience": {BACKGROUND: 1.0, **(salience or {})},
        "trust": pair(*trust),
        "judgements": {issue: pair(*both) for issue, both in judgements.items()},
        **more,
    }
    if pull is not None:
        block["anchor_pull"] = pull
    if start is not None:
        block["initial_sympathy"] = pair(*start)
    return block


def narrative(
    sender: str, type: str, issue: str, share: float = 1.0, evidence: float = 1.0, **more: Any
) -> Document:
    """Return one line of argument.

    Parameters
    ----------
    sender, type, issue
        Who says it; PROMOTE, ATTACK or DENY; about what.
    share
        Its weight in the division of the sender's effort.
    evidence
        The evidence behind it, 0 to 1.
    **more
        ``name`` (else put together from sender, type and issue), ``claim``, ``from``, ``until``
        and ``audiences``, as in a scenario file.
    """
    return {
        "name": f"{sender} {type} {issue}",
        "sender": sender,
        "type": type,
        "issue": issue,
        "share": share,
        "evidence": evidence,
        **more,
    }


def accusation(name: str, accused: str, issue: str, prior: Any = 1.0) -> Document:
    """Return a claim that accuses a claimant; prior 1 is what nobody doubts."""
    return {"name": name, "accused": accused, "issue": issue, "prior": prior}


def team(
    name: str, claimant: str, stops: Sequence[tuple[int, str]], bonus: float = 1.0
) -> Document:
    """Return a delegation.

    Parameters
    ----------
    name, claimant
        Its name and whose it is.
    stops
        (day, place): where it is from which day on; ``home`` ends the tour.
    bonus
        What its talks are worth beside statements.
    """
    itinerary = [{"day": day, "at": place} for day, place in stops]
    return {"name": name, "claimant": claimant, "bonus": bonus, "itinerary": itinerary}


def document(
    steps: int,
    audiences: Sequence[Document],
    *,
    on: Collection[str] = (),
    issues: Sequence[str] = (BACKGROUND,),
    parameters: Mapping[str, float] | None = None,
    effort: tuple[float, float] = (0.0, 0.0),
    claimants: Sequence[Document] = ({}, {}),
    **blocks: Any,
) -> Document:
    """Return a whole scenario in which nothing happens but what is asked for.

    Parameters
    ----------
    steps
        Days.
    audiences
        Audiences, the first of them the mediator if ``blocks`` name no other.
    on
        Switches that are on; every other one is off.
    issues
        Names of the issues, the background first.
    parameters
        Parameters off their defaults.
    effort
        Daily effort of (First, Second).
    claimants
        What else is said of (First, Second), by the keys of a scenario file.
    **blocks
        Other blocks of a scenario file: peers, narratives, claims, delegations, events, incidents,
        mediator, update_rule.
    """
    return {
        "schema_version": 1,
        "name": "statement",
        "title": "A statement with a known answer",
        "description": "Made up; see sim/verification/statements.",
        "seed": 0,
        "steps": steps,
        "start_date": "2025-01-01",
        "parameters": {"broadcast_reach": REACH, **(parameters or {})},
        "switches": {name: name in on for name in Switches._fields},
        "claimants": [
            {"name": name, "effort": spent, "campaign_start": 0, **own}
            for name, spent, own in zip((FIRST, SECOND), effort, claimants, strict=True)
        ],
        "audiences": audiences,
        "issues": [{"name": name} for name in issues],
        "mediator": {"audience": audiences[0]["name"], "policy": "none"},
        "baseline": "base",
        "arms": {"base": {}},
        **blocks,
    }


def steady_campaign(issue: str = BACKGROUND, **more: Any) -> dict[str, Any]:
    """Return blocks in which First promotes itself on an issue, delivering 1 a day everywhere."""
    return {
        "effort": (1.0 / REACH, 0.0),
        "narratives": [narrative(FIRST, "PROMOTE", issue, **more)],
    }


def replace_blocks(base: Document, **blocks: Any) -> Document:
    """Return a copy with whole blocks replaced; ``parameters`` and ``switches`` are merged."""
    merged = {key: base.get(key, {}) | blocks.pop(key, {}) for key in ("parameters", "switches")}
    return copy.deepcopy({**base, **merged, **blocks})


def exchange_claimants(base: Document) -> Document:
    """Return the document with the claimants' places exchanged; names travel with their data."""
    return replace_blocks(base, claimants=base["claimants"][::-1])


Change = Callable[[Document], Document]


def unchanged(case: Document) -> Document:
    """Return the case itself: no change where one may be made."""
    return case


def with_news_and_sums(case: Document, crowding: float = 0.2) -> Document:
    """Return the case with all parts of version 2 on: issues that add, lasting news, stances."""
    stances = zip(case["claimants"], (-1.0, 0.6), strict=True)
    return replace_blocks(
        case,
        parameters={"crowding": crowding, "news_half_life": 5.0},
        switches={"summation": True, "news": True},
        claimants=[{**side, "stance": stance} for side, stance in stances],
    )


def without_activity(base: Document) -> Document:
    """Return the document without statements, teams, events, incidents, noise and mediation."""
    return replace_blocks(
        base,
        claimants=[{**side, "effort": 0.0} for side in base["claimants"]],
        delegations=[],
        events=[],
        switches={"noise": False, "incidents": False, "mediation": False},
    )


# The network with known answers: three audiences, B-net
NET_PEERS = {
    "one": {"two": 0.5, "three": 0.5},
    "two": {"one": 0.5, "three": 0.5},
    "three": {"one": 1.0},
}
NET_PULLS = (0.1, 0.05, 0.2)
NET_ANCHORS = (0.4, 0.0, -0.2)  # of alignment
ZERO = (0.0, 0.0, 0.0)


def network(
    steps: int,
    *,
    pulls: Sequence[float] = NET_PULLS,
    anchors: Sequence[float] = NET_ANCHORS,
    start: Sequence[float] | None = ZERO,
    importance: Sequence[float] = (1.0, 1.0, 1.0),
    **more: Any,
) -> Document:
    """Return B-net, in alignment: what is given is half for one side and half against the other.

    Parameters
    ----------
    steps
        Days.
    pulls
        Strength of the anchor's pull, [a].
    anchors
        Anchors of alignment, [a].
    start
        Alignment on day 0, [a]; None: where silence settles.
    importance
        Importance, [a].
    **more
        As of :func:`document`; peers pull by 0.2.
    """
    given = [None] * 3 if start is None else [(x, -x) for x in start]
    audiences = [
        audience(name, {BACKGROUND: (u, -u)}, pull=pull, start=s, importance=v)
        for name, u, pull, s, v in zip(NET_PEERS, anchors, pulls, given, importance, strict=True)
    ]
    parameters = {"peer_pull": 0.2, **more.pop("parameters", {})}
    return document(steps, audiences, peers=NET_PEERS, parameters=parameters, **more)


def half_attack_half_promote(first: Sequence[float], second: Sequence[float]) -> dict[str, Any]:
    """Return blocks that deliver these efforts, [a] of B-net: half attack and half promotion."""
    narratives, claims = [], []
    for side, rival, efforts in ((FIRST, SECOND, first), (SECOND, FIRST, second)):
        claims.append(accusation(f"{side} accuses", rival, BACKGROUND))
        for place, effort in zip(NET_PEERS, efforts, strict=True):
            for kind, more in (("PROMOTE", {}), ("ATTACK", {"claim": f"{side} accuses"})):
                own: Document = {"name": f"{side} {kind} {place}", "audiences": [place], **more}
                narratives.append(narrative(side, kind, BACKGROUND, effort / 2.0, **own))
    budgets = (sum(first) / REACH, sum(second) / REACH)
    return {"narratives": narratives, "claims": claims, "effort": budgets}


# A case that exercises every part, with numbers drawn from a seed
ISSUES = (BACKGROUND, "raids", "river")
ARMED, CLOSED, PARITY = "armed the raiders", "closed the river", "on a par"
# name, sender, type, issue, range of its share, evidence, what else is said of it
MENU: tuple[tuple[str, str, str, str, tuple[float, float], float, Document], ...] = (
    ("their raids", FIRST, "ATTACK", "raids", (1, 3), 0.6, {"claim": ARMED}),
    ("one people", FIRST, "PROMOTE", "raids", (1, 3), 0.8, {}),
    ("our river", FIRST, "DENY", "river", (0.5, 1), 0.5, {"claim": CLOSED}),
    ("no par", FIRST, "DENY", BACKGROUND, (0.5, 1), 0.5, {"claim": PARITY, "from": 9}),
    ("their river", SECOND, "ATTACK", "river", (1, 3), 0.6, {"claim": CLOSED}),
    ("victims", SECOND, "PROMOTE", "raids", (1, 3), 0.8, {}),
    ("no part", SECOND, "DENY", "raids", (0.5, 1), 0.5, {"claim": ARMED}),
    ("talks", SECOND, "PROMOTE", BACKGROUND, (0.5, 1), 0.8, {"claim": PARITY}),
)


def drawn_case(number: int, steps: int = 40) -> Document:
    """Return case ``number``: 3-5 audiences, every kind of entity, every switch on.

    Its numbers are drawn one after the other from a generator seeded by the case, so their order
    below is part of the case.
    """
    rng = np.random.default_rng([2025, number])

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    names = [f"place {letter}" for letter in "ABCDE"[: 3 + number % 3]]
    audiences = [
        audience(
            name,
            {issue: (between(-0.9, 0.9), between(-0.9, 0.9)) for issue in ISSUES},
            salience={issue: between(0.02, 0.4) for issue in ISSUES[1:]},
            importance=between(0.5, 4.0),
            western=number % 2 == 0 and name == names[0],
            capitals=1 + int(rng.integers(3)),
            trust=(between(0.2, 0.9), between(0.2, 0.9)),
            pull=between(0.03, 0.12) if name == names[1] else None,
        )
        for name in names
    ]
    peers = {
        name: {other: between(0.5, 2.0) for other in names if other != name} for name in names[:-1]
    }
    priors = [{name: between(0.2, 0.9) for name in names} for _ in range(3)]
    when: Document = {"no part": {"until": steps - 8}, "talks": {"audiences": names[:2]}}
    narratives = [
        narrative(sender, kind, issue, between(*share), evidence, name=name, **more)
        | when.get(name, {})
        for name, sender, kind, issue, share, evidence, more in MENU
    ]
    events = [
        {"name": "raid", "day": 4, "tension": between(1, 2), "salience": {"raids": 1.2},
         "pro": {FIRST: between(0.5, 1.5)}, "con": {SECOND: between(0.5, 1.5)}, "claim": ARMED},
        {"name": "dam", "day": 7, "tension": 0.4, "salience": {"river": between(0.3, 0.9)},
         "con": {FIRST: between(0.2, 0.6)}, "claim": CLOSED},
        {"name": "truce", "day": 12, "tension": -0.5, "claim": PARITY, "asserts": 0.2},
        {"name": "inquiry", "day": 20,
         "verification": {"claim": ARMED, "finding": 0.9, "weight": 0.4}},
    ]  # fmt: skip
    return document(
        steps,
        audiences,
        on=Switches._fields,
        issues=ISSUES,
        parameters={"base_incident_rate": 0.05},
        effort=(between(0.5, 2.0), between(0.5, 2.0)),
        claimants=[{"campaign_start": day, "acceptance": "always"} for day in (3, 5)],
        narratives=narratives,
        claims=[
            accusation(ARMED, SECOND, "raids", priors[0]),
            accusation(CLOSED, FIRST, "river", priors[1]),
            {"name": PARITY, "parity": True, "prior": priors[2]},
        ],
        peers=peers,
        delegations=[
            team("first team", FIRST, [(6, names[0]), (10, names[2]), (15, "home")], 1.2),
            team("second team", SECOND, [(8, names[2]), (13, names[0]), (18, names[1])], 0.9),
        ],
        events=events,
        incidents={"pro": 0.5, "con": 0.3, "salience": {"raids": 0.3}},
        mediator={"audience": names[0], "policy": "scripted", "days": [10], "escalation": "raids"},
    )
