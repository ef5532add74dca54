"""Scenario documents of the statements: made up in Python, read as any scenario file would be.

Two claimants, ``First`` (sign +1) and ``Second``. Every number is chosen to make one mechanism
visible; nothing here describes a country.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from sim.parameters import Switches

Document = dict[str, Any]
FIRST, SECOND = "First", "Second"
BACKGROUND = "background"
REACH = 0.1  # broadcast_reach: an effort of 1/REACH delivers 1 at every audience


def pair(first: Any, second: Any) -> dict[str, Any]:
    """The two claimants' entries."""
    return {FIRST: first, SECOND: second}


def audience(
    name: str,
    judgements: Mapping[str, tuple[float, float]],
    *,
    salience: Mapping[str, float] | None = None,
    importance: float = 1.0,
    western: bool = False,
    capitals: int = 1,
    trust: tuple[float, float] = (1.0, 1.0),
    pull: float | None = None,
    start: tuple[float, float] | None = None,
) -> Document:
    """One audience; ``judgements[issue]`` are those of (First, Second)."""
    block: Document = {
        "name": name,
        "importance": importance,
        "western": western,
        "capitals": capitals,
        "salience": {BACKGROUND: 1.0, **(salience or {})},
        "trust": pair(*trust),
        "judgements": {issue: pair(*both) for issue, both in judgements.items()},
    }
    if pull is not None:
        block["anchor_pull"] = pull
    if start is not None:
        block["initial_sympathy"] = pair(*start)
    return block


def narrative(
    name: str, sender: str, type: str, issue: str, share: float = 1.0, evidence: float = 1.0,
    **more: Any,
) -> Document:  # fmt: skip
    """One line of argument; ``more`` are claim, from, until and audiences."""
    return {
        "name": name, "sender": sender, "type": type, "issue": issue, "share": share,
        "evidence": evidence, **more,
    }  # fmt: skip


def accusation(name: str, accused: str, issue: str, prior: Any = 1.0) -> Document:
    """A claim that accuses a claimant; prior 1 is what nobody doubts."""
    return {"name": name, "accused": accused, "issue": issue, "prior": prior}


def document(
    *,
    steps: int,
    audiences: Sequence[Document],
    on: Collection[str] = (),
    issues: Sequence[str] = (BACKGROUND,),
    parameters: Mapping[str, float] | None = None,
    effort: tuple[float, float] = (0.0, 0.0),
    claimants: tuple[Document, Document] | None = None,
    narratives: Sequence[Document] = (),
    claims: Sequence[Document] = (),
    peers: Mapping[str, Mapping[str, float]] | None = None,
    teams: Sequence[Document] = (),
    events: Sequence[Document] = (),
    incidents: Document | None = None,
    mediator: Document | None = None,
    rule: Document | str = "friedkin_johnsen",
) -> Document:
    """A whole scenario; every switch that is not ``on`` is off."""
    more = claimants or ({}, {})
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
            for name, spent, own in zip((FIRST, SECOND), effort, more, strict=True)
        ],
        "delegations": list(teams),
        "audiences": list(audiences),
        "peers": {listener: dict(heard) for listener, heard in (peers or {}).items()},
        "issues": [{"name": name} for name in issues],
        "narratives": list(narratives),
        "claims": list(claims),
        "events": list(events),
        "incidents": incidents or {},
        "mediator": mediator or {"audience": audiences[0]["name"], "policy": "none"},
        "update_rule": rule,
        "baseline": "base",
        "arms": {"base": {}},
    }


def replace_blocks(base: Document, **blocks: Any) -> Document:
    """A copy with whole blocks replaced; ``parameters`` and ``switches`` are merged."""
    copied = copy.deepcopy(base)
    for key, block in blocks.items():
        if key in ("parameters", "switches"):
            copied[key] = {**copied.get(key, {}), **block}
        else:
            copied[key] = copy.deepcopy(block)
    return copied


def exchange_claimants(base: Document) -> Document:
    """The two claimants' positions in the file exchanged; names travel with their data."""
    return replace_blocks(base, claimants=list(reversed(base["claimants"])))


def without_activity(base: Document) -> Document:
    """No statements, teams, events, incidents, noise or mediation."""
    return replace_blocks(
        base,
        claimants=[{**side, "effort": 0.0} for side in base["claimants"]],
        delegations=[],
        events=[],
        switches={"noise": False, "incidents": False, "mediation": False},
    )


# The network with known answers: three audiences, B-net
NET = ("one", "two", "three")
NET_PEERS = {"one": {"two": 0.5, "three": 0.5}, "two": {"one": 0.5, "three": 0.5},
             "three": {"one": 1.0}}  # fmt: skip
NET_PULLS = (0.1, 0.05, 0.2)
NET_ANCHORS = (0.4, 0.0, -0.2)  # of alignment


def network(
    *,
    steps: int,
    pulls: Sequence[float],
    start: Sequence[float] | None,
    anchors: Sequence[float] = (0.0, 0.0, 0.0),
    importance: Sequence[float] = (1.0, 1.0, 1.0),
    **more: Any,
) -> Document:
    """B-net with these anchors and this start in alignment: half for one side, half against."""
    given = [None] * 3 if start is None else [(x, -x) for x in start]
    parameters = {"peer_pull": 0.2, **more.pop("parameters", {})}
    return document(
        steps=steps,
        audiences=[
            audience(name, {BACKGROUND: (u, -u)}, pull=pull, start=s, importance=v)
            for name, u, pull, s, v in zip(NET, anchors, pulls, given, importance, strict=True)
        ],
        peers=NET_PEERS,
        parameters=parameters,
        **more,
    )


def half_attack_half_promote(first: Sequence[float], second: Sequence[float]) -> dict[str, Any]:
    """Blocks that deliver these efforts by audience of B-net, half attack and half promotion."""
    narratives = []
    for side, efforts in ((FIRST, first), (SECOND, second)):
        for name, effort in zip(NET, efforts, strict=True):
            for kind in ("PROMOTE", "ATTACK"):
                claim: dict[str, Any] = {"claim": f"{side} accuses"} if kind == "ATTACK" else {}
                narratives.append(
                    narrative(f"{side} {kind} {name}", side, kind, BACKGROUND, effort / 2.0,
                              audiences=[name], **claim)
                )  # fmt: skip
    return {
        "narratives": narratives,
        "claims": [
            accusation(f"{FIRST} accuses", SECOND, BACKGROUND),
            accusation(f"{SECOND} accuses", FIRST, BACKGROUND),
        ],
        "effort": (sum(first) / REACH, sum(second) / REACH),
    }


# A case that exercises every part, with numbers drawn from a seed
ISSUES = (BACKGROUND, "raids", "river")


def drawn_case(number: int, steps: int = 40) -> Document:
    """Case ``number``: 3-5 audiences, every kind of entity, every switch on."""
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

    def prior() -> dict[str, float]:
        return {name: between(0.2, 0.9) for name in names}

    claims = [
        accusation("armed the raiders", SECOND, "raids", prior()),
        accusation("closed the river", FIRST, "river", prior()),
        {"name": "on a par", "parity": True, "prior": prior()},
    ]
    narratives = [
        narrative("their raids", FIRST, "ATTACK", "raids", between(1, 3), 0.6,
                  claim="armed the raiders"),
        narrative("one people", FIRST, "PROMOTE", "raids", between(1, 3), 0.8),
        narrative("our river", FIRST, "DENY", "river", between(0.5, 1), 0.5,
                  claim="closed the river"),
        narrative("no par", FIRST, "DENY", BACKGROUND, between(0.5, 1), 0.5, claim="on a par",
                  **{"from": 9}),
        narrative("their river", SECOND, "ATTACK", "river", between(1, 3), 0.6,
                  claim="closed the river"),
        narrative("victims", SECOND, "PROMOTE", "raids", between(1, 3), 0.8),
        narrative("no part", SECOND, "DENY", "raids", between(0.5, 1), 0.5,
                  claim="armed the raiders", until=steps - 8),
        narrative("talks", SECOND, "PROMOTE", BACKGROUND, between(0.5, 1), 0.8,
                  claim="on a par", audiences=names[:2]),
    ]  # fmt: skip
    events = [
        {"name": "raid", "day": 4, "tension": between(1, 2), "salience": {"raids": 1.2},
         "pro": {FIRST: between(0.5, 1.5)}, "con": {SECOND: between(0.5, 1.5)},
         "claim": "armed the raiders"},
        {"name": "dam", "day": 7, "tension": 0.4, "salience": {"river": between(0.3, 0.9)},
         "con": {FIRST: between(0.2, 0.6)}, "claim": "closed the river"},
        {"name": "truce", "day": 12, "tension": -0.5, "claim": "on a par", "asserts": 0.2},
        {"name": "inquiry", "day": 20,
         "verification": {"claim": "armed the raiders", "finding": 0.9, "weight": 0.4}},
    ]  # fmt: skip
    teams = [
        team("first team", FIRST, [(6, names[0]), (10, names[2]), (15, "home")], 1.2),
        team("second team", SECOND, [(8, names[2]), (13, names[0]), (18, names[1])], 0.9),
    ]
    return document(
        steps=steps,
        audiences=audiences,
        on=Switches._fields,
        issues=ISSUES,
        parameters={"base_incident_rate": 0.05},
        effort=(between(0.5, 2.0), between(0.5, 2.0)),
        claimants=(
            {"campaign_start": 3, "acceptance": "always"},
            {"campaign_start": 5, "acceptance": "always"},
        ),
        narratives=narratives,
        claims=claims,
        peers=peers,
        teams=teams,
        events=events,
        incidents={"pro": 0.5, "con": 0.3, "salience": {"raids": 0.3}},
        mediator={"audience": names[0], "policy": "scripted", "days": [10],
                  "escalation": "raids"},
    )  # fmt: skip


def team(
    name: str, claimant: str, stops: Sequence[tuple[int, str]], bonus: float = 1.0
) -> Document:
    """A delegation and where it is from which day on."""
    return {
        "name": name, "claimant": claimant, "bonus": bonus,
        "itinerary": [{"day": day, "at": place} for day, place in stops],
    }  # fmt: skip
