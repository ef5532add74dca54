"""Peers and judgements from tables: CSV files beside the scenario file.

``peers: NAME.csv`` and ``judgements: NAME.csv`` stand for the mapping of their rows. Peers, which
arms may have too, replace the weights of what is extended or of the base; judgements are laid over
those of audiences. As with ``extends``, only a file of the same folder may be named: scenarios are
data that strangers send.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path as FilePath

from sim.scenario.csv_rows import Rows, csv_rows, is_table
from sim.scenario.error_texts import REPEATED
from sim.scenario.nodes import Entry, Mapping, Mark, Node, Scalar
from sim.scenario.problems import Problems
from sim.scenario.reading import file_text

PEERS, JUDGEMENTS = "peers", "judgements"
WEIGHT = ["audience", "listens_to", "weight"]
JUDGED = ["audience", "issue"]  # and a column for each claimant
MOST_ROWS = 40_000
MOST_BYTES = 1 << 22


def read_tables(tree: Mapping, path: FilePath | None, file: str, problems: Problems) -> Mapping:
    """Return the tree with the rows of the tables that it names, in the base and in arms.

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
        Where a table cannot be read, is too large, or is no CSV with the columns it must have.
    """

    def read(key: str, node: Node) -> Node:
        return _read_table(key, node, path, file, problems)

    def read_arms(arms: Node) -> Node:
        for name in arms.entries if isinstance(arms, Mapping) else ():
            arms = _change(arms, name, lambda arm: _change(arm, PEERS, partial(read, PEERS)))
        return arms

    found: Node = tree
    for key in (PEERS, JUDGEMENTS):
        found = _change(found, key, partial(read, key))
    found = _change(found, "arms", read_arms)
    return found if isinstance(found, Mapping) else tree


def _change(tree: Node, key: str, change: Callable[[Node], Node]) -> Node:
    """The same tree with what stands at the key changed, if anything stands there."""
    if not isinstance(tree, Mapping) or key not in tree.entries:
        return tree
    entry = tree.entries[key]
    changed = Entry(entry.key, change(entry.node))
    return Mapping(tree.entries | {key: changed}, tree.mark, tree.repeats)


def _read_table(
    key: str, node: Node, path: FilePath | None, file: str, problems: Problems
) -> Node:
    """The mapping of a table's rows; any other node as it is, with what is wrong noted."""
    if not isinstance(node, Scalar) or node.is_nothing:
        return node
    what, told, map_rows = _TABLES[key]
    name, beside = FilePath(node.text).name, None if path is None else path.parent / node.text
    if beside is None or name != node.text or not is_table(name):
        reason = f"must map {what}, or name a CSV file of the same folder"
        problems.add(node.mark, (key,), reason, node)
        return Mapping({}, node.mark)
    if beside.is_symlink():
        problems.add(node.mark, (key,), "must not lead out of its folder", node)
        return Mapping({}, node.mark)
    called = str(FilePath(file).parent / name)
    rows = csv_rows(file_text(beside, called, MOST_BYTES), called, MOST_ROWS, told)
    return map_rows(rows, called, problems)


def _map_peers(rows: Rows, file: str, problems: Problems) -> Mapping:
    """Listener -> whom it listens to -> weight, each with its place in the table."""
    (line, header), *_ = rows
    columns = [cell.strip().casefold() for cell in header]
    if sorted(columns) != sorted(WEIGHT):
        reason = f"must have the columns {', '.join(WEIGHT)}"
        problems.add(Mark(file, line, 1), (PEERS,), reason, ", ".join(header))
        return Mapping({}, Mark(file))
    order = [columns.index(name) for name in WEIGHT]
    heard: dict[str, dict[str, Entry]] = {}
    marks: dict[str, Mark] = {}
    for mark, cells in _rows_of_width(PEERS, rows, file, problems):
        listener, other, weight = (cells[at] for at in order)
        marks.setdefault(listener, mark)
        own = heard.setdefault(listener, {})
        if other in own:
            problems.add(mark, (PEERS, listener, other), REPEATED)
            continue
        own[other] = Entry(mark, Scalar(weight, mark))
    entries = {name: Entry(marks[name], Mapping(own, marks[name])) for name, own in heard.items()}
    return Mapping(entries, Mark(file), whole=True)


def _map_judgements(rows: Rows, file: str, problems: Problems) -> Mapping:
    """Audience -> issue -> claimant -> judgement; an empty cell gives none."""
    (line, header), *_ = rows
    names = [cell.strip() for cell in header]
    folded = [name.casefold() for name in names]
    if len(names) < 3 or len(set(folded)) < len(names) or not set(JUDGED) < set(folded):
        reason = f"must have the columns {', '.join(JUDGED)} and one for each claimant"
        problems.add(Mark(file, line, 1), (JUDGEMENTS,), reason, ", ".join(header))
        return Mapping({}, Mark(file))
    at, on = (folded.index(name) for name in JUDGED)
    sides = [place for place in range(len(names)) if place not in (at, on)]
    judged: dict[str, dict[str, Entry]] = {}
    marks: dict[str, Mark] = {}
    for mark, cells in _rows_of_width(JUDGEMENTS, rows, file, problems):
        audience, issue = cells[at], cells[on]
        marks.setdefault(audience, mark)
        own = judged.setdefault(audience, {})
        if issue in own:
            problems.add(mark, (JUDGEMENTS, audience, issue), REPEATED)
            continue
        values = {names[k]: Entry(mark, Scalar(cells[k], mark)) for k in sides if cells[k]}
        own[issue] = Entry(mark, Mapping(values, mark))
    entries = {name: Entry(marks[name], Mapping(own, marks[name])) for name, own in judged.items()}
    return Mapping(entries, Mark(file))


def _rows_of_width(
    key: str, rows: Rows, file: str, problems: Problems
) -> Iterator[tuple[Mark, list[str]]]:
    """The rows below the header with their places, but for those of another width."""
    width = len(rows[0][1])
    for line, cells in rows[1:]:
        mark = Mark(file, line, 1)
        if len(cells) != width:
            problems.add(mark, (key,), f"must have {width} cells", str(len(cells)))
            continue
        yield mark, [cell.strip() for cell in cells]


# What a mapping in the table's place maps, what its rows are called, and how they are mapped
_TABLES: dict[str, tuple[str, str, Callable[[Rows, str, Problems], Mapping]]] = {
    PEERS: ("listeners to whom they hear", "weights", _map_peers),
    JUDGEMENTS: ("audiences to what they judge", "rows", _map_judgements),
}
