"""Values changed from Python: ``Scenario.replace`` and what it carries into the arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sim.parameters import SPECS, Parameters, Switches
from sim.scenario import writing
from sim.scenario.entities import Claimant, Delegation, Event, Mediator, Narrative
from sim.scenario.error_texts import unknown
from sim.scenario.from_python import node_from_python
from sim.scenario.keys import ROOT
from sim.scenario.nodes import NOWHERE, Path
from sim.scenario.nodes import Mapping as Tree
from sim.scenario.problems import Problems
from sim.scenario.value_reader import BAD, ValueReader

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PARTIAL = ("parameters", "switches")  # replaced name by name
SIMPLE = (*PARTIAL, "name", "title", "description", "seed", "steps", "initial_tension", "baseline")
REPLACEABLE = tuple(key for key in ROOT.keys if key != "schema_version")


def read_changes(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changed values as a file would give them.

    Simple values are read alone, which is fast; a change of anything else has the whole scenario
    read again, so that names which no longer resolve are found.

    Raises
    ------
    InputError
        In the words of a scenario file.
    """
    problems = Problems()
    values: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    for key, given in _spelled_out(scenario, changes).items():
        if key not in REPLACEABLE:
            known = [*REPLACEABLE, *SPECS, *Switches._fields]
            problems.add(NOWHERE, (key,), unknown("key", key, known))
        elif key in SIMPLE:
            value = ValueReader(Tree(), problems).value(
                ROOT.keys[key].kind, node_from_python(given), (key,)
            )
            if value is not BAD:
                values[key] = value
        else:
            whole[key] = given
    problems.refuse()
    if whole:
        again = type(scenario).from_dict(writing.plain(replace(scenario, **whole)))
        values |= {key: getattr(again, key) for key in whole}
    return values


def join_replacements(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Earlier and later replacements together."""
    both = {**before, **after}
    for key in PARTIAL:
        if key in before and key in after:
            both[key] = {**before[key], **after[key]}
    return both


def apply_replacements(scenario: Scenario, replaced: Mapping[str, Any]) -> Scenario:
    """The scenario with values that were accepted before."""
    changes = dict(replaced)
    for key in PARTIAL:
        if key in changes:
            changes[key] = getattr(scenario, key)._replace(**changes[key])
    steps = changes.get("steps", scenario.steps)
    if steps < scenario.steps:
        changes |= cut_short({**parts(scenario), **changes}, steps)
    return replace(scenario, **changes, replaced=join_replacements(scenario.replaced, replaced))


def parts(scenario: Scenario) -> dict[str, Any]:
    """The fields of a scenario by name."""
    return {item.name: getattr(scenario, item.name) for item in fields(scenario)}


def paths(replaced: Mapping[str, Any]) -> frozenset[Path]:
    """The key paths of replaced values."""
    found: list[Path] = []
    for key, value in replaced.items():
        found += [(key, name) for name in value] if key in PARTIAL else [(key,)]
    return frozenset(found)


def _spelled_out(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with parameters and switches in their groups, only those that change."""
    found: dict[str, Any] = {}
    for key, value in changes.items():
        if key not in PARTIAL:
            continue
        if isinstance(value, Parameters | Switches):
            before = getattr(scenario, key)
            value = {
                name: item
                for name, item in value._asdict().items()
                if item != getattr(before, name, None)
            }
        found[key] = value
    for key, value in changes.items():
        # peers and incidents are sections and switches; true or false means the switch
        is_switch = key in Switches._fields and isinstance(value, bool)
        if key in REPLACEABLE and not is_switch:
            found.setdefault(key, value)
            continue
        group = _group(key, value)
        if group and isinstance(found.setdefault(group, {}), Mapping):
            found[group] = {**found[group], key: value}
        elif not group:
            found[key] = value
    return found


def _group(name: str, value: object) -> str:
    """Where a bare name belongs; ``noise`` and a few more are switches where they are a flag."""
    if name in Switches._fields and (isinstance(value, bool) or name not in SPECS):
        return "switches"
    return "parameters" if name in SPECS else ""


def cut_short(parts: dict[str, Any], steps: int) -> dict[str, Any]:
    """The fields that change: later events, stops and offers go, later beginnings never come.

    Narratives stay even where their time never comes: their share stays unspent, as in the
    whole run.
    """
    claimants: tuple[Claimant, ...] = parts["claimants"]
    delegations: tuple[Delegation, ...] = parts["delegations"]
    narratives: tuple[Narrative, ...] = parts["narratives"]
    events: tuple[Event, ...] = parts["events"]
    mediator: Mediator = parts["mediator"]
    return {
        "steps": steps,
        "claimants": tuple(
            replace(side, campaign_start=min(side.campaign_start, steps)) for side in claimants
        ),
        "delegations": tuple(
            replace(team, itinerary=tuple(stop for stop in team.itinerary if stop.day < steps))
            for team in delegations
        ),
        "narratives": tuple(
            replace(
                narrative,
                first_day=min(narrative.first_day, steps),
                last_day=None if narrative.last_day is None else min(narrative.last_day, steps),
            )
            for narrative in narratives
        ),
        "events": tuple(event for event in events if event.day < steps),
        "mediator": replace(mediator, days=tuple(d for d in mediator.days if d < steps)),
    }
