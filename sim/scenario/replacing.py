"""Values changed from Python: ``Scenario.replace`` and what it carries into the arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sim.parameters import SPECS, Parameters, Switches
from sim.scenario import writing
from sim.scenario.keys import ROOT
from sim.scenario.nodes import NOWHERE, Path
from sim.scenario.nodes import Mapping as Tree
from sim.scenario.problems import Problems
from sim.scenario.pythonic import node_of
from sim.scenario.shortening import shortened
from sim.scenario.valuing import BAD, Valuing
from sim.scenario.wording import unknown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PARTIAL = ("parameters", "switches")  # replaced name by name
SIMPLE = (*PARTIAL, "name", "title", "description", "seed", "steps", "initial_tension", "baseline")
REPLACEABLE = tuple(key for key in ROOT.keys if key != "schema_version")


def accepted(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
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
            value = Valuing(Tree(), problems).value(ROOT.keys[key].kind, node_of(given), (key,))
            if value is not BAD:
                values[key] = value
        else:
            whole[key] = given
    problems.refuse()
    if whole:
        again = type(scenario).from_dict(writing.plain(replace(scenario, **whole)))
        values |= {key: getattr(again, key) for key in whole}
    return values


def joined(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Earlier and later replacements together."""
    both = {**before, **after}
    for key in PARTIAL:
        if key in before and key in after:
            both[key] = {**before[key], **after[key]}
    return both


def applied(scenario: Scenario, replaced: Mapping[str, Any]) -> Scenario:
    """The scenario with values that were accepted before."""
    changes = dict(replaced)
    for key in PARTIAL:
        if key in changes:
            changes[key] = getattr(scenario, key)._replace(**changes[key])
    steps = changes.get("steps", scenario.steps)
    if steps < scenario.steps:
        changes |= shortened({**parts(scenario), **changes}, steps)
    return replace(scenario, **changes, replaced=joined(scenario.replaced, replaced))


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
