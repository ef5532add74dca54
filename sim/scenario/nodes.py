"""The tree a scenario file is read into: texts, lists and mappings, each with its place.

Nothing here knows the keys of a scenario. ``reading`` makes such trees from files, ``from_python``
from Python values; ``merging``, ``sources`` and ``assignments`` make new ones of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.scenario.error_texts import printable

Path = tuple[str, ...]  # keys, names of list items where they have one, else their index


class Mark(NamedTuple):
    """Where something stands.

    ``line`` and ``column`` count from 1; 0 where the place has no lines (``--set``, Python).
    ``arm`` is the arm whose delta it belongs to, empty for the base.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    arm: str = ""

    @property
    def place(self) -> str:
        """FILE:LINE:COL, or the file alone."""
        file = printable(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file


NOWHERE = Mark()


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written; it becomes a number, day or text only where ``keys`` says so.

    ``source`` is where the value is said to come from; ``sources`` fills it in.
    """

    text: str
    mark: Mark = NOWHERE
    quoted: bool = False
    source: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was written here, in one of YAML's four ways."""
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark = NOWHERE


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's place and its value."""

    key: Mark
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values; ``repeats`` are keys met again, with their places.

    One that is ``whole`` replaces what it overlays, where others are merged with it.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    mark: Mark = NOWHERE
    repeats: tuple[tuple[str, Mark], ...] = ()
    whole: bool = False

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        entry = self.entries.get(key)
        return None if entry is None else entry.node

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values."""
        return ((key, entry.node) for key, entry in self.entries.items())


Node = Scalar | Listing | Mapping


def name_of(node: Node) -> str | None:
    """The name of a list item that has one."""
    name = node.get("name") if isinstance(node, Mapping) else None
    return name.text if isinstance(name, Scalar) and name.text else None


def labels(listing: Listing) -> list[str]:
    """What each item is called in a key path: its name, else its index."""
    return [name_of(item) or str(index) for index, item in enumerate(listing.items)]


def child_node(node: Node, label: str) -> Node | None:
    """The child of a node that a key path calls ``label``."""
    if isinstance(node, Mapping):
        return node.get(label)
    if isinstance(node, Listing):
        items = zip(labels(node), node.items, strict=True)
        return next((item for name, item in items if name == label), None)
    return None


def nearest(tree: Node, path: Path) -> tuple[Node, bool]:
    """The node at a path, or the last one on the way to it; and whether it is the one asked."""
    node = tree
    for label in path:
        child = child_node(node, label)
        if child is None:
            return node, False
        node = child
    return node, True


def change_marks(node: Node, change: Callable[[Mark], Mark]) -> Node:
    """The same tree, every place of it changed."""
    mark = change(node.mark)
    if isinstance(node, Scalar):
        return Scalar(node.text, mark, node.quoted, node.source)
    if isinstance(node, Listing):
        return Listing(tuple(change_marks(item, change) for item in node.items), mark)
    entries = {
        key: Entry(change(entry.key), change_marks(entry.node, change))
        for key, entry in node.entries.items()
    }
    repeats = tuple((key, change(at)) for key, at in node.repeats)
    return Mapping(entries, mark, repeats, node.whole)


def with_arm(node: Node, arm: str) -> Node:
    """The same tree, every mark saying that it belongs to an arm."""
    return change_marks(node, lambda mark: mark._replace(arm=arm))
