"""Random scenarios for property tests: valid documents in which much happens.

``scenarios()`` draws a document that ``Scenario.from_dict`` accepts; ``mirrored`` exchanges the
claimants' positions in it. tests/scenario/test_generators.py shows what they reach.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]
CLAIMANTS = ("Aria", "Boreas")
AUDIENCES = ("Broker", "Port", "St. Hill", "Über-Delta", "$x_{1}$")
ISSUES = ("background", "raids", "river", "escalation")
TYPES = ("PROMOTE", "ATTACK", "DENY")
RULES = (
    "friedkin_johnsen", "bounded_confidence", "assimilation_contrast", "gaussian_bayes",
    "biased_assimilation",
)  # fmt: skip
POLICIES = ("none", "scripted", "threshold", "quiet", "cost_benefit", "kydd", "leverage")
ACCEPTANCES = ("logit", "always", "never", "scripted")
ALWAYS_ON = ("replies", "priming")
SWITCHES = ("persuasion", "peers", "attention", "resonance", "credibility", "denial", "backlash",
            "credence", "noise", "incidents", "mediation", "parity", "impartiality", "news",
            "summation")  # fmt: skip
# Ranges wide enough to reach the corners, and active enough for short runs.
PARAMETERS = {
    "peer_pull": (0.0, 0.3), "message_weight": (0.01, 0.3), "attack_potency": (0.0, 3.0),
    "backlash": (0.0, 1.0), "noise": (0.0, 0.05), "salience_half_life": (1.0, 30.0),
    "priming": (0.01, 0.3), "resonance": (0.0, 2.0), "credibility_prior": (1.0, 30.0),
    "credibility_exponent": (0.0, 2.0), "denial_efficacy": (0.0, 1.0),
    "broadcast_reach": (0.05, 1.0), "credence_draw": (0.0, 0.5), "denial_priming": (0.0, 1.0),
    "reply": (0.1, 0.9), "team_effort": (0.1, 2.0), "credence_rate": (0.0, 0.5),
    "base_incident_rate": (0.1, 0.9), "branching_ratio": (0.0, 0.9),
    "incident_tension": (0.0, 1.0), "tension_half_life": (2.0, 30.0),
    "escalation_worry": (0.0, 2.0), "offer_threshold": (0.0, 0.5), "calming": (0.0, 0.5),
    "parity": (0.0, 1.0), "parity_spillover": (0.0, 1.0), "offer_parity": (0.0, 1.0),
    "impartiality": (0.0, 0.5), "goodwill": (0.0, 0.3), "tension_weight": (0.0, 3.0),
    "parity_weight": (0.0, 10.0), "audience_cost": (0.0, 0.15), "crowding": (0.0, 1.0),
    "news_half_life": (0.0, 7.0),
}  # fmt: skip


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers of three decimals, the ends included: they shrink and print well."""
    return st.integers(round(low * 1000), round(high * 1000)).map(lambda n: n / 1000)


def rarely(draw: st.DrawFn, times: int = 8) -> bool:
    """True once in so many times."""
    return draw(st.integers(0, times - 1)) == times - 1


def by_claimant(draw: st.DrawFn, low: float, high: float) -> dict[str, float]:
    """One number for each claimant."""
    return {name: draw(numbers(low, high)) for name in CLAIMANTS}


@st.composite
def scenarios(draw: st.DrawFn) -> Document:
    """Draw a whole document; a few of its parts are left out now and then."""
    steps = draw(st.integers(5, 40))
    audiences = list(AUDIENCES[: draw(st.integers(2, 5))])
    issues = list(ISSUES[: draw(st.sampled_from([1, 2, 2, 3, 3, 4, 4]))])
    claims = _claims(draw, audiences, issues)
    pulls = 0.0 if rarely(draw) else draw(numbers(0.001, 0.3))
    document: Document = {
        "schema_version": 1,
        "name": "drawn",
        "seed": draw(st.integers(0, 2**64 - 1)),
        "steps": steps,
        "start_date": "2025-04-12",
        "parameters": {"anchor_pull": pulls, **_parameters(draw)},
        "switches": _switches(draw, issues),
        "claimants": [_claimant(draw, name, steps) for name in CLAIMANTS],
        "delegations": _delegations(draw, audiences, steps),
        "audiences": [_audience(draw, name, issues, pulls) for name in audiences],
        "peers": _peers(draw, audiences),
        "issues": [{"name": issue} for issue in issues],
        "narratives": [
            narrative
            for side in CLAIMANTS
            for narrative in _menu(draw, side, audiences, issues, claims, steps)
        ],
        "claims": claims,
        "events": _events(draw, audiences, issues, claims, steps),
        "incidents": _incidents(draw, issues),
        "mediator": _mediator(draw, audiences, issues, steps),
        "update_rule": draw(
            st.sampled_from(["friedkin_johnsen", *RULES])
            | numbers(0.0, 2.0).map(lambda eps: {"name": "bounded_confidence", "eps": eps})
        ),
    }
    if draw(st.booleans()):
        offers: Any = {"policy": "scripted", "days": [draw(st.integers(0, steps - 1))]}
        if isinstance(document["mediator"], list):
            offers = [offers | {"audience": audiences[-1]}]
        document["baseline"] = "as_it_is"
        document["arms"] = {"as_it_is": {}, "offer": {"mediator": offers}}
    for side in document["claimants"]:
        if draw(st.booleans()):
            side["plans"] = _plans(draw, side["name"], document, audiences, steps)
    return document


def mirrored(document: Document) -> Document:
    """The document with the two claimants in exchanged positions; names keep their data."""
    mirror = copy.deepcopy(document)
    mirror["claimants"].reverse()
    return mirror


def _parameters(draw: st.DrawFn) -> dict[str, float]:
    drawn = {
        name: draw(numbers(*bounds)) for name, bounds in PARAMETERS.items() if not rarely(draw, 4)
    }
    drawn.setdefault("base_incident_rate", 0.3)
    drawn.setdefault("offer_threshold", 0.3)
    drawn["draw"] = draw(st.sampled_from([0.0, 0.05, 0.2, 0.2, 1.0]))
    drawn["decisiveness"] = draw(st.sampled_from([0.5, 1.0, 1.0, 1.5]))
    drawn["choice_precision"] = draw(st.sampled_from([2.0, 20.0, math.inf]))
    drawn["offer_cooldown"] = draw(st.integers(1, 14))
    drawn["mediation_length"] = draw(st.integers(2, 20))
    drawn["dwell"] = draw(st.integers(1, 7))
    return drawn


def _switches(draw: st.DrawFn, issues: list[str]) -> dict[str, bool]:
    switches = {name: not rarely(draw, 10) for name in SWITCHES} | dict.fromkeys(ALWAYS_ON, True)
    if len(issues) == 1:
        switches["attention"] = False
    return switches


def _claimant(draw: st.DrawFn, name: str, steps: int) -> Document:
    side: Document = {
        "name": name,
        "effort": 0.0 if rarely(draw, 12) else draw(numbers(0.2, 3.0)),
        "campaign_start": draw(st.sampled_from([0, 0, 1, 2, 3, steps])),
        "strategy": draw(st.sampled_from(["scripted", "uniform"])),
        "acceptance": draw(st.sampled_from(["always", "logit", *ACCEPTANCES])),
    }
    if side["acceptance"] == "scripted":
        days = draw(st.lists(st.integers(0, steps - 1), max_size=4, unique=True).map(sorted))
        side["answers"] = [{"day": day, "accepts": draw(st.booleans())} for day in days]
    if draw(st.booleans()):
        side["audience_cost"] = draw(numbers(0.0, 0.3))
    if draw(st.booleans()):
        side["stance"] = draw(numbers(-1.0, 1.0))
    return side


def _delegations(draw: st.DrawFn, audiences: list[str], steps: int) -> list[Document]:
    teams = []
    for number in range(draw(st.integers(0, 4))):
        days = draw(st.lists(st.integers(0, steps - 1), max_size=4, unique=True).map(sorted))
        places = [draw(st.sampled_from([*audiences, "home"])) for _ in days]
        teams.append(
            {
                "name": f"team {number}",
                "claimant": draw(st.sampled_from(CLAIMANTS)),
                "bonus": draw(numbers(0.0, 2.0)),
                "itinerary": [{"day": d, "at": p} for d, p in zip(days, places, strict=True)],
            }
        )
    return teams


def _plans(
    draw: st.DrawFn, side: str, document: Document, audiences: list[str], steps: int
) -> list[Document]:
    """Up to three dated plans with some of the menu, replies and some of the teams."""
    menu = [one["name"] for one in document["narratives"] if one["sender"] == side]
    teams = [one["name"] for one in document["delegations"] if one["claimant"] == side]
    plans: list[Document] = []
    for day in sorted(draw(st.sets(st.integers(0, steps - 1), max_size=3))):
        plan: Document = {"from": day}
        if menu and draw(st.booleans()):
            named = draw(st.lists(st.sampled_from(menu), unique=True, min_size=1))
            plan["shares"] = {name: draw(numbers(0.1, 5.0)) for name in named}
        if draw(st.booleans()):
            plan["reply"] = draw(numbers(0.0, 1.0))
        if teams:
            named = draw(st.lists(st.sampled_from(teams), unique=True))
            plan["stops"] = {name: draw(st.sampled_from([*audiences, "home"])) for name in named}
        plans.append(plan)
    return plans


def _audience(draw: st.DrawFn, name: str, issues: list[str], pull: float) -> Document:
    audience: Document = {
        "name": name,
        # the first one always counts, so that the importances are not all 0
        "importance": draw(numbers(0.1 if name == AUDIENCES[0] else 0.0, 5.0)),
        "western": draw(st.booleans()),
        "capitals": draw(st.sampled_from([1, 1, 1, 4, 8])),
        "salience": {issues[0]: 1.0} | {issue: draw(numbers(0.0, 1.0)) for issue in issues[1:]},
        "trust": by_claimant(draw, 0.0, 1.0),
        "judgements": {issue: by_claimant(draw, -1.0, 1.0) for issue in issues},
    }
    if rarely(draw, 5):
        audience["anchor_pull"] = pull = draw(st.sampled_from([0.0, 0.1, 1.0]))
    if pull == 0.0 or rarely(draw, 4):
        audience["initial_sympathy"] = by_claimant(draw, -1.0, 1.0)
    return audience


def _peers(draw: st.DrawFn, audiences: list[str]) -> Document:
    peers: Document = {}
    for listener in audiences:
        heard = draw(st.lists(st.sampled_from(audiences), unique=True, max_size=3))
        if heard or draw(st.booleans()):
            peers[listener] = {name: draw(numbers(0.1, 4.0)) for name in heard}
    return peers


def _claims(draw: st.DrawFn, audiences: list[str], issues: list[str]) -> list[Document]:
    claims: list[Document] = []
    for side in CLAIMANTS:
        for number in range(draw(st.sampled_from([0, 1, 1, 2]))):
            issue = draw(st.sampled_from(issues))
            claims.append({"name": f"{side} did it {number}", "accused": side, "issue": issue})
    if draw(st.booleans()):
        claims.append({"name": "on a par", "parity": True})
    for claim in claims:
        each = {name: draw(numbers(0.0, 1.0)) for name in audiences}
        claim["prior"] = draw(numbers(0.0, 1.0) | st.just(each))
    return claims


def _menu(
    draw: st.DrawFn,
    side: str,
    audiences: list[str],
    issues: list[str],
    claims: list[Document],
    steps: int,
) -> list[Document]:
    against = [claim for claim in claims if claim.get("accused") not in (None, side)]
    about_own = [claim for claim in claims if claim.get("accused") == side]
    parity = [claim for claim in claims if claim.get("parity")]
    menu: list[Document] = []
    for number in range(draw(st.sampled_from([2, 1, 3, 4, 0]))):
        # attacks first: they are what replies and credence need
        kind = draw(st.sampled_from(TYPES)) if number else "ATTACK"
        if kind == "ATTACK" and not against:
            kind = "PROMOTE"
        fitting: Sequence[Document | None] = {
            "ATTACK": against, "DENY": [None, *about_own, *parity], "PROMOTE": [None, *parity]
        }[kind]  # fmt: skip
        claim = draw(st.sampled_from(fitting))
        narrative: Document = {
            "name": f"{side} {number}",
            "sender": side,
            "type": kind,
            "issue": (claim or {}).get("issue") or draw(st.sampled_from(issues)),
            "share": draw(numbers(0.0 if number else 0.5, 5.0)),
            "evidence": draw(numbers(0.0, 1.0)),
        }
        if claim:
            narrative["claim"] = claim["name"]
        if rarely(draw, 4):
            first = draw(st.integers(0, steps))
            narrative |= {"from": first, "until": draw(st.integers(first, steps))}
        if rarely(draw, 5):
            narrative["audiences"] = draw(st.lists(st.sampled_from(audiences), unique=True))
        menu.append(narrative)
    return menu


def _events(
    draw: st.DrawFn, audiences: list[str], issues: list[str], claims: list[Document], steps: int
) -> list[Document]:
    events = []
    for number in range(draw(st.integers(0, 4))):
        event: Document = {
            "name": f"event {number}",
            "day": draw(st.integers(0, steps - 1)),
            "tension": draw(numbers(-2.0, 3.0)),
            "salience": {issue: draw(numbers(-1.0, 2.0)) for issue in issues[1:]},
            "pro": by_claimant(draw, 0.0, 2.0),
            "con": by_claimant(draw, 0.0, 2.0),
        }
        if claims and draw(st.booleans()):
            claim = draw(st.sampled_from(claims[::-1]))
            event["claim"] = claim["name"]
            if claim.get("parity"):
                event["asserts"] = draw(numbers(0.1, 1.0))
        if claims and draw(st.booleans()):
            event["verification"] = {
                "claim": draw(st.sampled_from(claims))["name"],
                "finding": draw(numbers(0.0, 1.0)),
                "weight": draw(numbers(0.0, 1.0)),
            }
        if rarely(draw, 3):
            some = st.lists(st.sampled_from(audiences), unique=True, min_size=1)
            event["audiences"] = draw(some)
        events.append(event)
    return events


def _incidents(draw: st.DrawFn, issues: list[str]) -> Document:
    return {
        "pro": draw(numbers(0.0, 1.0)),
        "con": draw(numbers(0.0, 1.0)),
        "salience": {issue: draw(numbers(0.0, 1.0)) for issue in issues[1:]},
    }


def _mediator(
    draw: st.DrawFn, audiences: list[str], issues: list[str], steps: int
) -> Document | list[Document]:
    """A role, or two or three that follow each other."""
    later = draw(st.sampled_from([0, 0, 0, 1, 2]))
    begins = st.lists(st.integers(1, steps - 1), min_size=later, max_size=later, unique=True)
    first_days = [0, *sorted(draw(begins))]
    roles = []
    for first, end in zip(first_days, [*first_days[1:], steps], strict=True):
        early = st.integers(first, max(first, min(first + 10, end - 2)))  # time to be answered
        days = st.lists(st.integers(first, end - 1), max_size=3)
        role: Document = {
            "audience": draw(st.sampled_from(audiences)),
            "policy": draw(st.sampled_from([*POLICIES[1:], *POLICIES])),
            "days": sorted([draw(early), *draw(days)]),
        }
        if draw(st.booleans()):
            role["escalation"] = draw(st.sampled_from(issues))
        roles.append(role | {"from": first} if first else role)
    return roles if later else roles[0]


def roles_of(document: Document) -> list[Document]:
    """The roles of mediator that follow each other, one or more."""
    mediator = document["mediator"]
    return list(mediator) if isinstance(mediator, list) else [mediator]
