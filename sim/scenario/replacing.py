"""Values changed from Python: ``Scenario.replace`` and what it carries into the arms.

Changes are kept as values by field, apart from the layers that the scenario was read from, and
applied again to every arm that is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.parameters import SPECS, Parameters, Switches
from sim.scenario import writing
from sim.scenario.entities import UpdateRule
from sim.scenario.error_texts import unknown
from sim.scenario.from_python import node_from_python
from sim.scenario.keys import ROOT
from sim.scenario.nodes import NOWHERE, Path
from sim.scenario.nodes import Mapping as Tree
from sim.scenario.problems import Problems
from sim.scenario.value_kinds import Kind, Listed, NamedOptions, Succession
from sim.scenario.value_reader import BAD, ValueReader

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PARTIAL = ("parameters", "switches")  # replaced name by name
SIMPLE = (*PARTIAL, "name", "title", "description", "seed", "steps", "initial_tension", "baseline")
REPLACEABLE = tuple(key for key in ROOT.keys if key != "schema_version")


def read_changes(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changed values by field, as a file would give them.

    Simple values are read alone, which is fast; a change of anything else has the whole scenario
    read again, so that names which no longer resolve are found.

    Raises
    ------
    InputError
        In the words of a scenario file.
    """
    problems = Problems()
    reader = ValueReader(Tree(), problems)
    values: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    for key, given in _spelled_out(scenario, changes).items():
        if key not in REPLACEABLE:
            known = [*REPLACEABLE, *SPECS, *Switches._fields]
            problems.add(NOWHERE, (key,), unknown("key", key, known))
        elif key in SIMPLE:
            value = reader.value(ROOT.keys[key].kind, node_from_python(given, (key,)), (key,))
            if value is not BAD:
                values[key] = value
        else:
            whole[key] = given
    problems.refuse()
    if whole:
        again = type(scenario).from_dict(_with_values(scenario, whole))
        values |= {key: getattr(again, key) for key in whole}
    return values


def _with_values(scenario: Scenario, values: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario as a mapping, with values that are entities or what a file would have."""
    plain = {key: _without_entities(ROOT.keys[key].kind, value) for key, value in values.items()}
    return writing.plain(scenario) | plain


def _without_entities(kind: Kind, value: Any) -> Any:
    """The value with what a file would have in place of entities of this kind."""
    if isinstance(kind, Listed | Succession) and isinstance(value, list | tuple):
        item_kind = kind.item if isinstance(kind, Listed) else kind.later
        return [_without_entities(item_kind, item) for item in value]
    entity: Any = getattr(kind, "entity", None)
    if isinstance(kind, NamedOptions):
        entity = UpdateRule
    elif isinstance(kind, Succession):
        entity = kind.later.entity
    return writing.plain_value(kind, value) if entity and isinstance(value, entity) else value


def join_replacements(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Earlier and later replacements together; the later one counts, name by name in a group."""
    both = {**before, **after}
    for key in PARTIAL:
        if key in before and key in after:
            both[key] = {**before[key], **after[key]}
    return both


def apply_replacements(scenario: Scenario, replaced: Mapping[str, Any]) -> Scenario:
    """The scenario with values that ``read_changes`` accepted before."""
    changes = dict(replaced)
    for key in PARTIAL:
        if key in changes:
            changes[key] = getattr(scenario, key)._replace(**changes[key])
    both = join_replacements(scenario.replaced, replaced)
    changed = replace(scenario, **changes, replaced=both)
    return _cut_short(changed) if changed.steps < scenario.steps else changed


def _cut_short(scenario: Scenario) -> Scenario:
    """The scenario without what lies past its end.

    Later events, stops, plans and offers go, later beginnings never come. Narratives stay even
    where their time never comes: their share stays unspent, as in the whole run.
    """
    steps = scenario.steps

    def in_time(dated: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(one for one in dated if one.day < steps)

    sides = [
        replace(
            side,
            campaign_start=min(side.campaign_start, steps),
            answers=in_time(side.answers),
            plans=tuple(plan for plan in side.plans if plan.first_day < steps),
        )
        for side in scenario.claimants
    ]
    teams = [replace(team, itinerary=in_time(team.itinerary)) for team in scenario.delegations]
    narratives = []
    for told in scenario.narratives:
        last = None if told.last_day is None else min(told.last_day, steps)
        narratives.append(replace(told, first_day=min(told.first_day, steps), last_day=last))
    roles = [
        replace(role, days=tuple(day for day in role.days if day < steps), later=())
        for role in scenario.mediator.roles
        if role.first_day < steps
    ]
    return replace(
        scenario,
        claimants=tuple(sides),
        delegations=tuple(teams),
        narratives=tuple(narratives),
        events=in_time(scenario.events),
        mediator=replace(roles[0], later=tuple(roles[1:])),
    )


def paths(replaced: Mapping[str, Any]) -> frozenset[Path]:
    """The key paths of replaced values, for their provenance."""
    found: list[Path] = []
    for key, value in replaced.items():
        found += [(key, name) for name in value] if key in PARTIAL else [(key,)]
    return frozenset(found)


def _spelled_out(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with parameters and switches in their groups, only those that change."""
    found: dict[str, Any] = {}
    # whole groups first, so that a bare name counts beside its group
    for key, value in sorted(changes.items(), key=lambda change: change[0] not in PARTIAL):
        if key in PARTIAL and isinstance(value, Parameters | Switches):
            before = getattr(scenario, key)._asdict()
            value = {k: v for k, v in value._asdict().items() if v != before.get(k)}
        group = _group(key, value)
        if not group:
            found[key] = value
        elif isinstance(found.setdefault(group, {}), Mapping):
            found[group] = {**found[group], key: value}
    return found


def _group(name: str, value: object) -> str:
    """Where a bare name belongs: "parameters", "switches" or, as a key of its own, "".

    ``noise`` and a few more are both parameter and switch, ``peers`` and ``incidents`` both
    section and switch: true or false means the switch.
    """
    is_flag = type(value).__name__ in ("bool", "bool_")  # NumPy's own, which is not loaded here
    if name in Switches._fields and (is_flag or name not in {*REPLACEABLE, *SPECS}):
        return "switches"
    return "parameters" if name in SPECS and name not in REPLACEABLE else ""
