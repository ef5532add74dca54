"""``--set key.path=value``: puts single values into a tree; list items go by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.errors import InputError
from sim.parameters import SPECS
from sim.scenario import reading
from sim.scenario.error_texts import unknown
from sim.scenario.nodes import Entry, Listing, Mapping, Mark, Node, Path, Scalar, labels
from sim.scenario.problems import Problems
from sim.scenario.sources import attach_sources

PLACE = "--set"


class Assignment(NamedTuple):
    """A key path as written, and the value for it."""

    path: str
    value: Node


def read_assignment(text: str, problems: Problems, place: str = PLACE) -> Assignment | None:
    """Read ``key.path=value``; the value is plain, or quoted or bracketed as in the file."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        problems.add(Mark(place), (), "must be written key.path=value", text)
        return None
    path = full_path(path.strip())
    try:
        return Assignment(path, _value(value.strip(), problems, place))
    except InputError as error:
        for problem in error.problems:
            problems.add(Mark(place), tuple(path.split(".")), problem.reason, problem.got)
        return None


def full_path(path: str) -> str:
    """The path, where a parameter's bare name stands for ``parameters.NAME``."""
    return f"parameters.{path}" if path in SPECS else path


def setting_text(value: object) -> str:
    """Write a value as ``--set`` reads it; NumPy's own scalars as Python's."""
    plain = getattr(value, "item", None)
    value = plain() if callable(plain) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def assign(
    tree: Mapping, assignment: Assignment, names: Iterable[str], problems: Problems
) -> Mapping:
    """The tree with the value in its place; ``names`` are those that a path may hold."""
    found = _put_value(tree, assignment.path, assignment.value, frozenset(names), problems, ())
    return found if isinstance(found, Mapping) else tree


def split_path(tree: Node, path: str, names: frozenset[str]) -> Path:
    """The labels of a dotted path; a name with a dot in it counts as one."""
    if not path:
        return ()
    label, rest = _head(tree, path, names)
    child = tree.get(label) if isinstance(tree, Mapping) else None
    if isinstance(tree, Listing) and label in labels(tree):
        child = tree.items[labels(tree).index(label)]
    return (label, *split_path(child or Mapping(), rest, names))


def _put_value(
    node: Node, rest: str, value: Node, names: frozenset[str], problems: Problems, path: Path
) -> Node:
    if not rest:
        return value
    label, rest = _head(node, rest, names)
    path = (*path, label)
    if isinstance(node, Mapping):
        under = node.get(label) or (Mapping({}, value.mark) if rest else value)
        entry = Entry(value.mark, _put_value(under, rest, value, names, problems, path))
        return Mapping({**node.entries, label: entry}, node.mark)
    if isinstance(node, Listing) and label in labels(node):
        at = labels(node).index(label)
        item = _put_value(node.items[at], rest, value, names, problems, path)
        return Listing((*node.items[:at], item, *node.items[at + 1 :]), node.mark)
    if isinstance(node, Listing):
        problems.add(value.mark, path, unknown("item", label, labels(node)), label)
    else:
        problems.add(value.mark, path, "there is nothing inside a single value")
    return node


def _head(node: Node, rest: str, names: frozenset[str]) -> tuple[str, str]:
    known = set(labels(node)) if isinstance(node, Listing) else set(names)
    if isinstance(node, Mapping):
        known.update(node.entries)
    fitting = [name for name in known if rest == name or rest.startswith(f"{name}.")]
    label = max(fitting, key=len) if fitting else rest.partition(".")[0]
    return label, rest[len(label) + 1 :]


def _value(text: str, problems: Problems, place: str) -> Node:
    if text[:1] in ("[", "{", '"', "'"):
        return attach_sources(_move_marks(reading.read_node(text, place), Mark(place)), problems)
    return Scalar(text, Mark(place))


def _move_marks(node: Node, mark: Mark) -> Node:
    """The tree with every place the option itself: columns within an option help nobody."""
    if isinstance(node, Scalar):
        return Scalar(node.text, mark, node.quoted)
    if isinstance(node, Listing):
        return Listing(tuple(_move_marks(item, mark) for item in node.items), mark)
    entries = {
        key: Entry(mark, _move_marks(entry.node, mark)) for key, entry in node.entries.items()
    }
    return Mapping(entries, mark, tuple((key, mark) for key, _ in node.repeats))
