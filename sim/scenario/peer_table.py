"""Peers from a table: a CSV beside the scenario file, a row for each weight.

``peers: NAME.csv`` stands for the mapping of its rows, in a file and in its arms, and replaces the
weights of what it extends or of the base. As with
``extends``, only a file of the same folder may be named: scenarios are data that strangers send.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path as FilePath

from sim.scenario.csv_rows import csv_rows, is_table
from sim.scenario.nodes import Entry, Mapping, Mark, Node, Scalar
from sim.scenario.problems import Problems
from sim.scenario.reading import file_text

PEERS = "peers"
COLUMNS = ["audience", "listens_to", "weight"]
MOST_ROWS = 40_000
MOST_BYTES = 1 << 22


def read_peer_tables(
    tree: Mapping, path: FilePath | None, file: str, problems: Problems
) -> Mapping:
    """Return the tree with the rows of the tables that ``peers`` names, in the base and in arms.

    Parameters
    ----------
    tree
        Of one file.
    path, file
        Where the file lies and what messages call it; None and "" for a tree from Python.
    problems
        Where faults are noted.

    Raises
    ------
    InputError
        Where a table cannot be read, is too large, or is no CSV with these columns.
    """

    def read(node: Node) -> Node:
        return _read_table(node, path, file, problems)

    def read_arms(arms: Node) -> Node:
        for name in arms.entries if isinstance(arms, Mapping) else ():
            arms = _change(arms, name, lambda arm: _change(arm, PEERS, read))
        return arms

    found = _change(_change(tree, PEERS, read), "arms", read_arms)
    return found if isinstance(found, Mapping) else tree


def _change(tree: Node, key: str, change: Callable[[Node], Node]) -> Node:
    """The same tree with what stands at the key changed, if anything stands there."""
    if not isinstance(tree, Mapping) or key not in tree.entries:
        return tree
    entry = tree.entries[key]
    changed = Entry(entry.key, change(entry.node))
    return Mapping(tree.entries | {key: changed}, tree.mark, tree.repeats)


def _read_table(node: Node, path: FilePath | None, file: str, problems: Problems) -> Node:
    """The mapping of a table's rows; any other node as it is, with what is wrong noted."""
    if not isinstance(node, Scalar) or node.is_nothing:
        return node
    name, beside = FilePath(node.text).name, None if path is None else path.parent / node.text
    if beside is None or name != node.text or not is_table(name):
        reason = "must map listeners to whom they hear, or name a CSV file of the same folder"
        problems.add(node.mark, (PEERS,), reason, node)
        return Mapping({}, node.mark)
    if beside.is_symlink():
        problems.add(node.mark, (PEERS,), "must not lead out of its folder", node)
        return Mapping({}, node.mark)
    called = str(FilePath(file).parent / name)
    return _map_rows(file_text(beside, called, MOST_BYTES), called, problems)


def _map_rows(text: str, file: str, problems: Problems) -> Mapping:
    """Listener -> whom it listens to -> weight, each with its place in the table."""
    (line, header), *rows = csv_rows(text, file, MOST_ROWS, "weights")
    columns = [cell.strip().casefold() for cell in header]
    if sorted(columns) != sorted(COLUMNS):
        problems.add(Mark(file, line, 1), (PEERS,), f"must have the columns {', '.join(COLUMNS)}",
                     ", ".join(header))  # fmt: skip
        return Mapping({}, Mark(file))
    order = [columns.index(name) for name in COLUMNS]
    heard: dict[str, dict[str, Entry]] = {}
    marks: dict[str, Mark] = {}
    for line, cells in rows:
        mark = Mark(file, line, 1)
        if len(cells) != len(COLUMNS):
            problems.add(mark, (PEERS,), f"must have {len(COLUMNS)} cells", str(len(cells)))
            continue
        listener, other, weight = (cells[at].strip() for at in order)
        marks.setdefault(listener, mark)
        own = heard.setdefault(listener, {})
        if other in own:
            problems.add(mark, (PEERS, listener, other), "is given twice")
            continue
        own[other] = Entry(mark, Scalar(weight, mark))
    entries = {name: Entry(marks[name], Mapping(own, marks[name])) for name, own in heard.items()}
    return Mapping(entries, Mark(file), whole=True)
