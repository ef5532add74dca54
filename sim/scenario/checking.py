"""Rules that join several keys of a scenario (docs/model.md, sections 1 to 3).

Each rule names the fields it reads and is passed over where one of them already has a problem.
What a single key may hold is not checked here but while it is read (``value_reader``). Rules say
only what is wrong and at which key; they know nothing of files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sim.parameters import SPECS, Parameters, Switches
from sim.scenario import entities as e
from sim.scenario.error_texts import ALL_ZERO, MISSING, show_text, unknown
from sim.scenario.nodes import Mapping as Tree
from sim.scenario.nodes import Mark, Path, nearest
from sim.scenario.problems import Problems


class Fault(NamedTuple):
    """What a rule finds: at which key path, why it is refused, and what was found there."""

    path: Path
    reason: str
    got: str = ""


Rule = Callable[..., Iterator[Fault]]
RULES: list[tuple[tuple[str, ...], Rule]] = []  # the fields that a rule reads, and the rule


def rule(check: Rule) -> Rule:
    """Add a rule; its arguments' names are the fields it reads."""
    code = check.__code__
    RULES.append((code.co_varnames[: code.co_argcount], check))
    return check


def check(parts: dict[str, Any], problems: Problems, tree: Tree | None = None) -> None:
    """Note what the rules find.

    Parameters
    ----------
    parts
        Fields of a ``Scenario`` by name; those with problems of their own are left out.
    problems
        Where every fault is noted.
    tree
        The resolved tree, which gives the faults their places; without it they have none.
    """
    for needed, find in RULES:
        if all(field in parts for field in needed):
            for fault in find(**{field: parts[field] for field in needed}):
                mark = nearest(tree, fault.path)[0].mark if tree else Mark()
                problems.add(mark, fault.path, fault.reason, fault.got)


def notes(parts: Mapping[str, Any]) -> tuple[str, ...]:
    """Remark on what is allowed but hardly meant; ``parts`` are all fields of a ``Scenario``.

    Parameters outside their usual range, which is the one in which ``sim.parameters`` has them
    drawn (fixed ones have none); audiences that listen to themselves; narratives without a hearer;
    dated answers that no rule gives.
    """
    return (
        *_unusual_parameters(parts["parameters"]),
        *_own_peers(parts["peers"]),
        *_unheard_narratives(parts["narratives"]),
        *_unused_answers(parts["claimants"]),
    )


def _unusual_parameters(parameters: Parameters) -> Iterator[str]:
    for (name, spec), value in zip(SPECS.items(), parameters, strict=True):
        if not spec.fixed and not spec.low <= value <= spec.high:
            usual = f"{spec.low:g} to {spec.high:g}"
            yield f"parameters.{name}: {value:g} lies outside its usual range {usual}"


def _own_peers(peers: Mapping[str, e.Weights]) -> Iterator[str]:
    for name, heard in peers.items():
        if heard.get(name):
            own = heard[name] / math.fsum(heard.values())
            yield (
                f"peers.{name}.{name}: {show_text(name)} is its own peer with {own:.3g} of the "
                f"weight; by that share its peers move it less"
            )


def _unheard_narratives(narratives: Iterable[e.Narrative]) -> Iterator[str]:
    for one in narratives:
        if one.audiences == ():
            yield (
                f"narratives.{one.name}.audiences: is empty, so that nobody hears this "
                f"narrative; its share of {show_text(one.sender)}'s effort is not spent"
            )


def _unused_answers(claimants: Iterable[e.Claimant]) -> Iterator[str]:
    for side in claimants:
        if side.answers and side.acceptance != "scripted":
            yield (
                f"claimants.{side.name}.answers: are not used: its acceptance is "
                f"{side.acceptance}, not scripted"
            )


@rule
def _attention_needs_issues(issues: tuple[e.Issue, ...], switches: Switches) -> Iterator[Fault]:
    """Attention is turned from one issue to others, so there must be others."""
    if len(issues) == 1 and switches.attention:
        reason = "must be false where there is one issue: nothing is left to turn attention to"
        yield Fault(("switches", "attention"), reason, "true")


@rule
def _importance_is_somewhere(audiences: tuple[e.Audience, ...]) -> Iterator[Fault]:
    """Means over audiences are divided by the sum of their importances."""
    if not any(audience.importance for audience in audiences):
        yield Fault(("audiences",), f"importances {ALL_ZERO}")


@rule
def _first_issue_rests_at_one(
    audiences: tuple[e.Audience, ...], issues: tuple[e.Issue, ...]
) -> Iterator[Fault]:
    """Salience is measured in that of the background, the first issue."""
    first = issues[0].name
    for audience in audiences:
        resting = audience.salience[first]
        if resting != 1.0:
            path = ("audiences", audience.name, "salience", first)
            yield Fault(path, "must be 1, as for every first issue", f"{resting:g}")


@rule
def _background_is_judged(
    audiences: tuple[e.Audience, ...],
    issues: tuple[e.Issue, ...],
    claimants: tuple[e.Claimant, ...],
) -> Iterator[Fault]:
    """A judgement that is left out is that of the background, so that one must be there."""
    first = issues[0].name
    for audience in audiences:
        path: Path = ("audiences", audience.name, "judgements")
        if not any(audience.judgements.values()):
            yield Fault(path, MISSING)
            continue
        for side in claimants:
            if side.name not in audience.judgements[first]:
                reason = f"{MISSING}: on an issue left out it judges as on this one"
                yield Fault((*path, first, side.name), reason)


@rule
def _countries_have_one_audience(audiences: tuple[e.Audience, ...]) -> Iterator[Fault]:
    """What is said of a country must have one place to go."""
    first: dict[str, str] = {}
    for one in audiences:
        if one.iso3 and first.setdefault(one.iso3, one.name) != one.name:
            reason = f"is the code of {show_text(first[one.iso3])} already"
            yield Fault(("audiences", one.name, "iso3"), reason, one.iso3)


@rule
def _start_is_known(audiences: tuple[e.Audience, ...], parameters: Parameters) -> Iterator[Fault]:
    """Without a pull to its interests an audience has no fixed point to start from."""
    for audience in audiences:
        own = audience.anchor_pull
        pull = parameters.anchor_pull if own is None else own
        if pull == 0.0 and audience.initial_sympathy is None:
            path = ("audiences", audience.name, "initial_sympathy")
            yield Fault(path, f"{MISSING}: with an anchor_pull of 0 nothing else fixes the start")


@rule
def _listeners_hear_someone(peers: dict[str, e.Weights]) -> Iterator[Fault]:
    """The weights of those whom an audience listens to are divided by their sum."""
    for listener, heard in peers.items():
        if heard and not any(heard.values()):
            yield Fault(("peers", listener), f"weights {ALL_ZERO}")


@rule
def _menus_have_a_share(
    claimants: tuple[e.Claimant, ...], narratives: tuple[e.Narrative, ...]
) -> Iterator[Fault]:
    """A claimant's effort is divided over its menu in proportion to the shares."""
    for side in claimants:
        shares = [narrative.share for narrative in narratives if narrative.sender == side.name]
        if shares and not any(shares):
            yield Fault(("narratives",), f"shares of {show_text(side.name)} {ALL_ZERO}")


@rule
def _narratives_end_after_they_begin(narratives: tuple[e.Narrative, ...]) -> Iterator[Fault]:
    """A narrative's last day may be its first, but not lie before it."""
    for narrative in narratives:
        if narrative.last_day is not None and narrative.last_day < narrative.first_day:
            path = ("narratives", narrative.name, "until")
            reason = f"must not lie before its first day, {narrative.first_day}"
            yield Fault(path, reason, str(narrative.last_day))


@rule
def _narratives_name_fitting_claims(
    narratives: tuple[e.Narrative, ...], claims: tuple[e.Claim, ...]
) -> Iterator[Fault]:
    """The claim of a narrative fits its type, its sender and its issue."""
    by_name = {claim.name: claim for claim in claims}
    for narrative in narratives:
        path = ("narratives", narrative.name, "claim")
        if narrative.claim is None:
            if narrative.type == e.ATTACK:
                yield Fault(path, f"{MISSING}: an ATTACK names the claim that accuses its rival")
        elif reason := _misfit(narrative, by_name[narrative.claim]):
            yield Fault(path, reason, narrative.claim)


def _misfit(narrative: e.Narrative, claim: e.Claim) -> str:
    """Why a claim does not fit the narrative that names it, or ""."""
    own = claim.accused == narrative.sender
    if narrative.type == e.ATTACK and (claim.parity or own):
        return "must accuse the rival of the ATTACK's sender"
    if narrative.type == e.DENY and not claim.parity and not own:
        return "must accuse the DENY's sender, or be the parity claim"
    if narrative.type == e.PROMOTE and not claim.parity:
        return "must be the parity claim: a PROMOTE accuses nobody"
    if not claim.parity and claim.issue != narrative.issue:
        return f"must be about the narrative's issue, {show_text(narrative.issue)}"
    return ""


@rule
def _claims_accuse_on_an_issue(claims: tuple[e.Claim, ...]) -> Iterator[Fault]:
    """A claim accuses one side on one issue; the parity claim has neither."""
    for claim in claims:
        for key, value in (("accused", claim.accused), ("issue", claim.issue)):
            path = ("claims", claim.name, key)
            if value is None and not claim.parity:
                yield Fault(path, f"{MISSING}: only the parity claim goes without")
            elif value is not None and claim.parity:
                yield Fault(path, "must be left out of the parity claim", value)


@rule
def _one_parity_claim(claims: tuple[e.Claim, ...]) -> Iterator[Fault]:
    """The model follows one credence in parity per audience."""
    for claim in [claim for claim in claims if claim.parity][1:]:
        yield Fault(("claims", claim.name, "parity"), "must be true of one claim only", "true")


@rule
def _stops_are_in_order(delegations: tuple[e.Delegation, ...]) -> Iterator[Fault]:
    """Each stop holds until the next, so their days must rise."""
    for team in delegations:
        path = ("delegations", team.name, "itinerary")
        yield from _days_must_rise([stop.day for stop in team.itinerary], path, "stop")


@rule
def _answers_are_in_order(claimants: tuple[e.Claimant, ...]) -> Iterator[Fault]:
    """An offer has one answer."""
    for side in claimants:
        days = [answer.day for answer in side.answers]
        yield from _days_must_rise(days, ("claimants", side.name, "answers"), "answer")


def _days_must_rise(
    days: Sequence[int], path: tuple[str, ...], what: str, key: str = "day"
) -> Iterator[Fault]:
    for index, (before, day) in enumerate(pairwise(days), start=1):
        if day <= before:
            reason = f"must come after the {what} before it, on day {before}"
            yield Fault((*path, str(index), key), reason, str(day))


@rule
def _plans_are_in_order(claimants: tuple[e.Claimant, ...]) -> Iterator[Fault]:
    """What a plan leaves out stays as the plan before it has it, so their days must rise."""
    for side in claimants:
        days = [plan.first_day for plan in side.plans]
        yield from _days_must_rise(days, ("claimants", side.name, "plans"), "plan", "from")


@rule
def _plans_are_of_own_menu(
    claimants: tuple[e.Claimant, ...], narratives: tuple[e.Narrative, ...]
) -> Iterator[Fault]:
    """A claimant plans with its own narratives, and some share of its effort goes to one."""
    senders = {narrative.name: narrative.sender for narrative in narratives}
    for side in claimants:
        menu = {one.name: one.share for one in narratives if one.sender == side.name}
        for index, plan in enumerate(side.plans):
            path: Path = ("claimants", side.name, "plans", str(index), "shares")
            strange = [name for name in plan.shares if senders[name] != side.name]
            for name in strange:
                reason = f"must be a narrative of {show_text(side.name)}"
                yield Fault((*path, name), reason, f"one of {senders[name]}")
            menu |= {name: share for name, share in plan.shares.items() if name not in strange}
            if plan.shares and not strange and not any(menu.values()):
                yield Fault(path, f"shares of {show_text(side.name)} {ALL_ZERO}")


@rule
def _plans_send_own_teams(
    claimants: tuple[e.Claimant, ...], delegations: tuple[e.Delegation, ...]
) -> Iterator[Fault]:
    """A claimant sends its own teams."""
    owners = {team.name: team.claimant for team in delegations}
    for side in claimants:
        for index, plan in enumerate(side.plans):
            for name in plan.stops:
                if owners[name] != side.name:
                    path = ("claimants", side.name, "plans", str(index), "stops", name)
                    reason = f"must be a team of {show_text(side.name)}"
                    yield Fault(path, reason, f"one of {owners[name]}")


@rule
def _roles_follow_each_other(mediator: e.Mediator) -> Iterator[Fault]:
    """One mediates at a time, from day 0 to the end, and offers in its own time only."""
    roles = mediator.roles
    ends = (*(role.first_day for role in mediator.later), math.inf)
    for index, (role, end) in enumerate(zip(roles, ends, strict=True)):
        path = ("mediator", str(index)) if mediator.later else ("mediator",)
        before = roles[index - 1].first_day
        if not index and role.first_day:
            yield Fault((*path, "from"), "must be 0: the run begins with it", str(role.first_day))
        elif index and role.first_day <= before:
            reason = f"must come after the role before it, from day {before}"
            yield Fault((*path, "from"), reason, str(role.first_day))
        for at, day in enumerate(role.days):
            if not role.first_day <= day < end:
                time = (
                    f"day {role.first_day} to {end - 1}"
                    if index + 1 < len(roles)
                    else (f"from day {role.first_day} on")
                )
                reason = f"must lie in the time of its role, {time}"
                yield Fault((*path, "days", str(at)), reason, str(day))


@rule
def _assertions_need_the_parity_claim(
    events: tuple[e.Event, ...], claims: tuple[e.Claim, ...]
) -> Iterator[Fault]:
    """Only the parity claim is asserted without accusing a side."""
    parity = {claim.name for claim in claims if claim.parity}
    for event in events:
        if event.asserts and event.claim not in parity:
            path = ("events", event.name, "asserts")
            reason = "must go with the parity claim; another claim is asserted by con"
            yield Fault(path, reason, f"{event.asserts:g}")


@rule
def _background_stays(
    events: tuple[e.Event, ...], incidents: e.Incidents, issues: tuple[e.Issue, ...]
) -> Iterator[Fault]:
    """Nothing adds to the salience of the background, which is always 1."""
    first = issues[0].name
    added = [(("events", event.name), event.salience) for event in events]
    for path, salience in [*added, (("incidents",), incidents.salience)]:
        if salience.get(first):
            reason = "must be left out: the first issue's salience is always 1"
            yield Fault((*path, "salience", first), reason, f"{salience[first]:g}")


@rule
def _baseline_is_an_arm(baseline: str, arms: tuple[str, ...]) -> Iterator[Fault]:
    """Where there are arms, one of them is what the others are compared with."""
    if baseline and not arms:
        yield Fault(("baseline",), "must be left out where there are no arms", baseline)
    elif arms and not baseline:
        reason = f"{MISSING}: one of the arms is what the others are compared with"
        yield Fault(("baseline",), reason)
    elif arms and baseline not in arms:
        yield Fault(("baseline",), unknown("arm", baseline, arms), baseline)
