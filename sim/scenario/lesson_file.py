"""The scenario that a lesson's file holds, so that every verb can run what a class has seen.

The rest of such a file, the lesson itself, is read by ``sim.lessons``.
"""

from __future__ import annotations

from sim.scenario.nodes import Entry, Mapping, Scalar
from sim.scenario.scalars import slug_fault

VERSION, SCENARIO = "lesson_version", "scenario"  # keys of a lesson's file
TAKEN = ("name", "title")  # what the scenario has of the lesson, where it says nothing itself


def is_lesson(tree: Mapping) -> bool:
    """Whether a file is meant as a lesson, not as a scenario."""
    return VERSION in tree.entries or isinstance(tree.get(SCENARIO), Mapping)


def scenario_tree(tree: Mapping) -> tuple[Mapping, tuple[str, ...] | None]:
    """The tree of the scenario in a lesson's file, and the arms that the lesson names.

    Only these are its arms: one of the scenario that it extends is named with ``{}`` to keep it.
    Name and title are the lesson's where the scenario in it has none. Any other file's tree comes
    back as it is, with None.
    """
    inside = tree.get(SCENARIO)
    if VERSION not in tree.entries or not isinstance(inside, Mapping):
        return tree, None
    entries = dict(inside.entries)
    for key in TAKEN:
        entry = tree.entries.get(key)
        if entry is not None and key not in entries and _is_fit(key, entry):
            entries[key] = entry
    arms = inside.get("arms")
    named = tuple(arms.entries) if isinstance(arms, Mapping) else ()
    return Mapping(entries, inside.mark, inside.repeats), named


def _is_fit(key: str, entry: Entry) -> bool:
    """Whether the lesson's own value will do; where not, the lesson is refused for it."""
    node = entry.node
    return isinstance(node, Scalar) and not (key == "name" and slug_fault(node.text))
