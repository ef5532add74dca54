"""Parameters that move nothing in a scenario, and why: their values go by in silence otherwise.

Every reason is one that the scenario's own entries give, whatever the values of parameters are. A
plug-in from outside may look at anything, so where one is at work little is idle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sim.parameters import OFF, SPECS
from sim.scenario.entities import ATTACK, DENY
from sim.scenario.plans import planned_replies

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Reasons: TypeAlias = Mapping[str, str]  # by the name of the idle parameter
OFFERING = ("offer_threshold", "escalation_worry", "offer_cooldown")
WEIGHED = ("tension_weight", "parity_weight", "choice_precision", "audience_cost")
# What each policy asks of an offer; it belongs to the policy's file, which only the engines load
ASKED_BY_POLICY: dict[str, tuple[str, ...]] = {
    "none": (),
    "scripted": (),
    **dict.fromkeys(("threshold", "quiet", "leverage", "kydd"), OFFERING),
    "cost_benefit": ("offer_cooldown", *WEIGHED, "goodwill"),
}
MEDIATING = (*OFFERING, *WEIGHED, "calming", "parity", "parity_spillover", "offer_parity",
             "impartiality", "goodwill", "mediation_length")  # fmt: skip
# Beside what a switch puts in place of parameters: what then says nothing any more
_WITHOUT = {
    "mediation": MEDIATING,
    "parity": ("parity_spillover", "offer_parity", "parity_weight"),
    "priming": ("denial_priming",),
    "credence": ("credence_draw", "credence_rate", "backlash"),
    "incidents": ("incident_tension",),
}
SWITCHED: dict[str, tuple[str, ...]] = {
    switch: (*OFF.get(switch, {}), *_WITHOUT.get(switch, ())) for switch in {**OFF, **_WITHOUT}
}


class Cause(NamedTuple):
    """Why parameters are idle, as the end of a sentence, and whether it is so of a scenario."""

    names: tuple[str, ...]
    why: str
    holds: Callable[[Scenario], bool]


def idle_parameters(scenario: Scenario, *, switches: bool = True) -> dict[str, str]:
    """The parameters whose value changes no run of this scenario, in this arm, with the reason.

    Parameters
    ----------
    scenario
        In one arm.
    switches
        Whether those count that a switch makes idle.
    """
    found: dict[str, str] = {}
    for cause in CAUSES:
        if cause.holds(scenario):
            found |= {name: cause.why for name in cause.names if name not in found}
    if switches:
        for switch, names in SWITCHED.items():
            if not getattr(scenario.switches, switch):
                why = f"the switch {switch} is off"
                found |= {name: why for name in names if name not in found}
    return found


def idle_everywhere(
    scenarios: Iterable[Scenario], names: Iterable[str], *, switches: bool = True
) -> dict[str, str]:
    """Those of the names that are idle in all of the scenarios, with all reasons."""
    left: dict[str, dict[str, None]] = {name: {} for name in names}
    for scenario in scenarios if left else ():
        idle = idle_parameters(scenario, switches=switches)
        left = {name: {**whys, idle[name]: None} for name, whys in left.items() if name in idle}
        if not left:
            break
    return {name: "; in other arms ".join(whys) for name, whys in left.items()}


def idle_notes(idle: Reasons) -> list[str]:
    """A note for each reason."""
    by_reason: dict[str, list[str]] = {}
    for name, why in idle.items():
        by_reason.setdefault(why, []).append(f"parameters.{name}")
    return [
        f"{', '.join(names)}: {'changes' if len(names) == 1 else 'change'} nothing here: {why}"
        for why, names in by_reason.items()
    ]


def _offers_never(scenario: Scenario) -> bool:
    return not any(role.may_offer for role in scenario.mediator.roles)


def _asked(scenario: Scenario) -> set[str]:
    """What the policies of all roles of mediator look at; one from outside may look at all."""
    asked = (ASKED_BY_POLICY.get(role.policy, SPECS) for role in scenario.mediator.roles)
    return set().union(*asked)


def _is_ignored(name: str) -> Callable[[Scenario], bool]:
    """Whether no policy of a mediator looks at the parameter."""
    return lambda of: name not in _asked(of)


def _weighs_never(scenario: Scenario) -> bool:
    """Whether no answer to any offer depends on what it would gain, nor is it foreseen."""
    days: set[int] = set()
    for role in scenario.mediator.roles:
        days |= {-1} if role.policy not in ("none", "scripted") else set(role.days)  # -1: any day
    return _asked(scenario).isdisjoint(WEIGHED) and all(
        side.acceptance in ("always", "never")
        or (side.acceptance == "scripted" and days <= {answer.day for answer in side.answers})
        for side in scenario.claimants
    )


def _listens_to_others(scenario: Scenario) -> bool:
    return any(
        weight and other != listener
        for listener, heard in scenario.peers.items()
        for other, weight in heard.items()
    )


def _tells_news(scenario: Scenario) -> bool:
    told = scenario.incidents
    return bool(told.pro or told.con) or any(
        one.asserts or any(one.pro.values()) or any(one.con.values()) for one in scenario.events
    )


def _plans_all_replies(scenario: Scenario) -> bool:
    """Whether the part for replies is planned from each claimant's first statement on."""
    firsts = [[day for day, _ in planned_replies(side)[:1]] for side in scenario.claimants]
    return all(
        not side.effort or min([*days, scenario.steps]) <= side.campaign_start
        for side, days in zip(scenario.claimants, firsts, strict=True)
    )


def _has_type(scenario: Scenario, *types: str) -> bool:
    return any(one.type in types for one in scenario.narratives)


CAUSES = (
    Cause(
        ("anchor_pull",),
        "every audience has an anchor_pull of its own",
        lambda of: all(one.anchor_pull is not None for one in of.audiences),
    ),
    Cause(MEDIATING, "nobody ever offers to mediate", _offers_never),
    Cause(
        ("audience_cost",),
        "both claimants have an audience_cost of their own, or a stance of 1",
        lambda of: all(s.audience_cost is not None or s.stance == 1.0 for s in of.claimants),
    ),
    *(
        Cause((name,), "the mediator's policy does not look at it", _is_ignored(name))
        for name in OFFERING
    ),
    Cause(
        ("escalation_worry",),
        "the mediator has no issue of escalation",
        lambda of: all(
            role.escalation is None and role.policy in ASKED_BY_POLICY
            for role in of.mediator.roles
        ),
    ),
    Cause(WEIGHED, "no answer to an offer is weighed", _weighs_never),
    Cause(
        ("offer_parity",),
        "the policy quiet offers unannounced",
        lambda of: all(role.policy == "quiet" for role in of.mediator.roles),
    ),
    Cause(
        ("peer_pull",),
        "no audience listens to another",
        lambda of: not _listens_to_others(of),
    ),
    Cause(
        ("attack_potency", "backlash", "denial_efficacy", "reply"),
        "no narrative is an ATTACK",
        lambda of: not _has_type(of, ATTACK),
    ),
    Cause(
        ("reply",),
        "the claimants' plans have a reply from their first statements on",
        _plans_all_replies,
    ),
    Cause(
        ("denial_priming",),
        "no narrative is an ATTACK or a DENY",
        lambda of: not _has_type(of, ATTACK, DENY),
    ),
    Cause(
        ("priming", "resonance", "credibility_exponent"),
        "there are no narratives",
        lambda of: not of.narratives,
    ),
    Cause(
        ("credence_draw", "credence_rate"), "there are no claims", lambda of: not of.claims
    ),
    Cause(("team_effort", "dwell"), "there are no teams", lambda of: not of.delegations),
    Cause(
        ("dwell",),
        "every team goes by its itinerary",
        lambda of: all(side.strategy == "scripted" for side in of.claimants),
    ),
    Cause(
        ("broadcast_reach",),
        "nobody makes statements",
        lambda of: all(not s.effort or s.campaign_start >= of.steps for s in of.claimants),
    ),
    Cause(
        ("salience_half_life", "crowding", "priming", "denial_priming"),
        "the background is the only issue",
        lambda of: len(of.issues) == 1,
    ),
    Cause(
        ("resonance",),
        "no more than one issue is contested",
        lambda of: len(of.issues) <= 2,
    ),
    Cause(
        ("news_half_life",),
        "no event and no incident speaks for or against a claimant",
        lambda of: not _tells_news(of),
    ),
)  # fmt: skip
