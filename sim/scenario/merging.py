"""Overlays one tree on another: what ``extends`` and the arms do.

Mappings merge key by key and lists of named items item by item; single values, plain lists and a
mapping read from a table replace. ``{drop: true}`` removes a key, ``{name: X, drop: true}`` an
item. Trees are merged as written: what the values mean, and whether they are good, is no matter
here.
"""

from __future__ import annotations

from sim.scenario import scalars
from sim.scenario.error_texts import unknown
from sim.scenario.nodes import Entry, Listing, Mapping, Node, Path, Scalar, name_of
from sim.scenario.problems import Problems

DROP = "drop"
MUST_BE_A_LIST = "must be a list, as what it overlays is; it replaces that as a whole"


def merge(base: Node, delta: Node, problems: Problems, path: Path = ()) -> Node:
    """The base with the delta laid over it.

    Parameters
    ----------
    base, delta
        Nodes of the same key. Where they are not of the same shape the delta replaces the base.
    problems
        Where a delta is noted that drops what is not there, or that changes nothing.
    path
        Key path of the two.
    """
    if isinstance(base, Mapping) and isinstance(delta, Mapping) and not delta.whole:
        if path and name_of(delta) is not None and name_of(base) != name_of(delta):
            return delta  # another plug-in's options are not this one's
        return merge_keys(base, delta, problems, path)
    if isinstance(base, Listing) and isinstance(delta, Mapping) and not drops(delta):
        problems.add(delta.mark, path, MUST_BE_A_LIST)
        return base
    # a list without any name is overlaid as a whole
    if isinstance(base, Listing) and isinstance(delta, Listing) and any(map(name_of, base.items)):
        return _merge_items(base, delta, problems, path)
    return delta


def drops(node: Node) -> bool:
    """Whether the node says that what it overlays is to go."""
    drop = node.get(DROP) if isinstance(node, Mapping) else None
    return isinstance(drop, Scalar) and scalars.flag(drop) is True


def merge_keys(base: Mapping, delta: Mapping, problems: Problems, path: Path = ()) -> Mapping:
    """The base mapping with the keys of the delta laid over its own."""
    entries = dict(base.entries)
    for key, entry in delta.entries.items():
        under = entries.get(key)
        if drops(entry.node):
            if under is None:
                problems.add(entry.key, (*path, key), unknown("key to drop", key, entries))
            entries.pop(key, None)
        elif under is None:
            entries[key] = entry
        else:
            entries[key] = Entry(entry.key, merge(under.node, entry.node, problems, (*path, key)))
    return Mapping(entries, base.mark)


def _merge_items(base: Listing, delta: Listing, problems: Problems, path: Path) -> Listing:
    """The items of the base, changed, dropped and added to by those of the delta, by name."""
    if base.items and not delta.items:
        reason = "an empty list changes nothing; items are removed by {name: ..., drop: true}"
        problems.add(delta.mark, path, reason)
    items: list[Node] = list(base.items)
    for item in delta.items:
        name = name_of(item)
        names = [name_of(other) for other in items]
        if name is None:
            items.append(item)
        elif drops(item):
            if name in names:
                del items[names.index(name)]
            else:
                known = [other for other in names if other]
                reason = unknown("item to drop", name, known, brief=problems.enough)
                problems.add(item.mark, (*path, name), reason, name)
        elif name in names:
            at = names.index(name)
            items[at] = merge(items[at], item, problems, (*path, name))
        else:
            items.append(item)
    # too many items are the fault of the file that adds some; what an arm does is told at the arm
    adds = len(items) > len(base.items) and not delta.mark.arm
    return Listing(tuple(items), delta.mark if adds else base.mark)
