"""Takes sources out of a file's tree: ``{value: 0.4, source: text}`` and ``source:`` in a mapping.

Every value then carries its own source, so that overlaying one tree on another can never give a
number the source of the number it replaced. Keys and names given twice come to light here too,
while each file's tree still stands alone.
"""

from __future__ import annotations

from sim.scenario.error_texts import REPEATED, fold_case, show_text
from sim.scenario.nodes import Entry, Listing, Mapping, Node, Path, Scalar, labels, name_of
from sim.scenario.problems import Problems
from sim.scenario.scalars import text_fault

VALUE, SOURCE = "value", "source"
LONGEST_SOURCE = 500


def attach_sources(node: Node, problems: Problems, path: Path = (), source: str = "") -> Node:
    """The tree with sources moved into its values; notes repeated keys and names.

    Parameters
    ----------
    node
        As read; nothing is laid over it yet.
    problems
        Where faults are noted.
    path
        Key path of the node.
    source
        The source of what holds the node, which counts where it has none of its own.
    """
    if isinstance(node, Scalar):
        return Scalar(node.text, node.mark, node.quoted, source)
    if isinstance(node, Listing):
        note_repeated_names(node, path, problems)
        children = zip(labels(node), node.items, strict=True)
        items = [attach_sources(item, problems, (*path, name), source) for name, item in children]
        return Listing(tuple(items), node.mark)
    if not path or VALUE not in node.entries:
        return attach_mapping_sources(node, problems, path, source)
    source = _own_source(node, path, problems) or source
    _note_repeated_keys(node, path, problems)
    for key, entry in node.entries.items():
        if key not in (VALUE, SOURCE):
            reason = f"unknown key; beside {VALUE} only {SOURCE} may stand"
            problems.add(entry.key, (*path, key), reason)
    return attach_sources(node.entries[VALUE].node, problems, path, source)


def attach_mapping_sources(
    node: Mapping, problems: Problems, path: Path = (), source: str = ""
) -> Mapping:
    """The mapping with its own source, where it has one, moved into all it holds."""
    _note_repeated_keys(node, path, problems)
    source = _own_source(node, path, problems) or source
    entries = {
        key: Entry(entry.key, attach_sources(entry.node, problems, (*path, key), source))
        for key, entry in node.entries.items()
        if key != SOURCE
    }
    return Mapping(entries, node.mark, whole=node.whole)


def _note_repeated_keys(node: Mapping, path: Path, problems: Problems) -> None:
    for key, mark in node.repeats:
        problems.add(mark, (*path, key), REPEATED)


def _own_source(node: Mapping, path: Path, problems: Problems) -> str:
    """The source that a mapping gives, or ""; a bad one is noted."""
    source = node.get(SOURCE)
    if source is None:
        return ""
    fault = "must be text that says where the value is from"
    if isinstance(source, Scalar) and not source.is_nothing:
        fault = text_fault(source.text, LONGEST_SOURCE)
        if not fault:
            return source.text
    problems.add(source.mark, (*path, SOURCE), fault, source)
    return ""


def note_repeated_names(listing: Listing, path: Path, problems: Problems) -> None:
    """Note the items of a list whose name another one has."""
    seen: dict[str, str] = {}
    for item in listing.items:
        name = name_of(item)
        if name is None or not isinstance(item, Mapping):
            continue
        if fold_case(name) in seen:
            mark = item.entries["name"].node.mark
            problems.add(mark, (*path, name, "name"), same_name(seen[fold_case(name)]), name)
        else:
            seen[fold_case(name)] = name


def same_name(first: str) -> str:
    """Why a name is refused that another item has, upper and lower case alike."""
    return f"is the same name as {show_text(first)}, upper and lower case being alike"
