"""``--set key.path=value``: puts single values into a tree; list items go by name.

An assignment is read into nodes, as a file is, and laid over the tree. Whether the value is any
good is found out later, when the whole tree is read.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.errors import InputError
from sim.parameters import SPECS
from sim.scenario import nodes, reading, scalars
from sim.scenario.error_texts import unknown
from sim.scenario.keys import ROOT
from sim.scenario.nodes import Entry, Listing, Mapping, Mark, Node, Path, Scalar
from sim.scenario.problems import Problems
from sim.scenario.sources import attach_sources
from sim.scenario.value_kinds import NamedOptions

PLACE = "--set"


class Assignment(NamedTuple):
    """A key path as written, and the value for it."""

    path: str
    value: Node


def read_assignment(text: str, problems: Problems, place: str = PLACE) -> Assignment | None:
    """Read ``key.path=value``; the value is plain, or quoted or bracketed as in the file.

    Parameters
    ----------
    text
        The assignment; a parameter's bare name stands for its path.
    problems
        Where faults are noted; the answer is None then.
    place
        The option that problems are said to come from.
    """
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
    return scalars.number_text(value) if isinstance(value, float) else str(value)


def assign(tree: Mapping, assignment: Assignment, problems: Problems) -> Mapping:
    """The tree with the value in its place.

    Keys that are not there yet are made. A path that leads into a single value, or to a list item
    that is not there, is noted as a problem and changes nothing.
    """
    path = split_path(tree, assignment.path)
    if len(path) > reading.MOST_DEPTH:
        reason = f"must not lead deeper than {reading.MOST_DEPTH} levels"
        problems.add(assignment.value.mark, path[:3], reason, str(len(path)))
        return tree
    found = _put_value(tree, path, 0, assignment.value, problems)
    return found if isinstance(found, Mapping) else tree


def split_path(tree: Mapping, path: str) -> Path:
    """The labels of a dotted path; a key or an item's name with a dot in it counts as one."""
    lists = [node for _, node in tree.items() if isinstance(node, Listing)]
    names = {name for listing in lists for name in nodes.labels(listing)}
    node: Node = tree
    found: list[str] = []
    while path:
        label, path = _head(node, path, names)
        node = nodes.child_node(node, label) or Mapping()
        found.append(label)
    return tuple(found)


def _put_value(node: Node, path: Path, depth: int, value: Node, problems: Problems) -> Node:
    """The node with the value below it, ``depth`` labels of the path leading to the node."""
    if depth == len(path):
        return value
    label = path[depth]
    if isinstance(node, Mapping):
        under = node.get(label) or Mapping({}, value.mark)
        entry = Entry(value.mark, _put_value(under, path, depth + 1, value, problems))
        return Mapping({**node.entries, label: entry}, node.mark)
    if isinstance(node, Scalar):
        reason = "there is nothing inside a single value"
        if isinstance(getattr(ROOT.keys.get(path[0]), "kind", None), NamedOptions):
            reason += f"; write {path[0]}={{name: {node.text}, OPTION: VALUE}}"
        problems.add(value.mark, path[: depth + 1], reason)
        return node
    known = nodes.labels(node)
    if label not in known:
        problems.add(value.mark, path[: depth + 1], unknown("item", label, known), label)
        return node
    at = known.index(label)
    item = _put_value(node.items[at], path, depth + 1, value, problems)
    return Listing((*node.items[:at], item, *node.items[at + 1 :]), node.mark)


def _head(node: Node, rest: str, names: set[str]) -> tuple[str, str]:
    """The first label of a dotted path and what follows it.

    Of the keys, items and names that it may begin with, the longest counts.
    """
    known = set(nodes.labels(node)) if isinstance(node, Listing) else set(names)
    if isinstance(node, Mapping):
        known.update(node.entries)
    fitting = [name for name in known if rest == name or rest.startswith(f"{name}.")]
    label = max(fitting, key=len) if fitting else rest.partition(".")[0]
    return label, rest[len(label) + 1 :]


def _value(text: str, problems: Problems, place: str) -> Node:
    """Read what stands behind ``=``; unquoted text keeps its spaces, signs and colons."""
    if text[:1] in ("[", "{", '"', "'"):
        # columns within an option help nobody: every place is the option itself
        node = nodes.change_marks(reading.read_node(text, place), lambda _: Mark(place))
        return attach_sources(node, problems)
    return Scalar(text, Mark(place))
