"""Where each value of a scenario comes from, for the report's table and ``narrate show``.

A value's *source* is what the file says about it (a book, a count), its *where* the place it was
written at. Neither moves a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.parameters import SPECS
from sim.scenario.error_texts import show_text
from sim.scenario.nodes import Listing, Mapping, Node, Path, Scalar, labels
from sim.scenario.writing import label_items

DEFAULT, PYTHON = "default", "Python"
WHOLE: frozenset[Path] = frozenset(((),))  # replaced with all that it holds


class Origin(NamedTuple):
    """One value: its key path, its source in words, and where it was written.

    ``where`` is FILE:LINE:COL with the arm, an option, "Python", or "default" where it was not
    written at all; the source of a default is that of ``sim.parameters``.
    """

    key: str
    value: Any
    source: str
    where: str


def origins(
    content: dict[str, Any], tree: Mapping, replaced: frozenset[Path]
) -> dict[Path, Origin]:
    """The origin of each value of the content, in its order.

    Parameters
    ----------
    content
        A scenario as ``writing.plain`` gives it.
    tree
        The resolved tree that it was read from.
    replaced
        Key paths whose values were changed from Python since.
    """
    return dict(_origins(content, tree, True, (), "", replaced))


def own_sources(found: dict[Path, Origin]) -> dict[Path, str]:
    """The source of each value that was written with one; a default's source is not its own."""
    return {path: one.source for path, one in found.items() if one.source and one.where != DEFAULT}


def _origins(
    content: Any, node: Node, exact: bool, path: Path, key: str, replaced: frozenset[Path]
) -> Iterator[tuple[Path, Origin]]:
    """The origins below a path, whose key in words is ``key``.

    ``node`` is what the tree has there, or where not ``exact`` the last node on the way.
    """
    if path in replaced:
        replaced = WHOLE
    if not isinstance(content, dict | list):
        found = _origin(key, path, content, node, exact)
        yield path, found if replaced is not WHOLE else Origin(key, content, "", PYTHON)
        return
    children = {}
    if isinstance(node, Mapping):
        children = dict(node.items())
    elif isinstance(node, Listing):
        children = dict(zip(labels(node), node.items, strict=True))
    items = content.items() if isinstance(content, dict) else label_items(content)
    for label, item in items:
        child = children.get(label) if exact else None
        below = f"{key}.{show_text(label)}" if key else show_text(label)
        yield from _origins(
            item, child or node, child is not None, (*path, label), below, replaced
        )


def _origin(key: str, path: Path, value: Any, node: Node, exact: bool) -> Origin:
    """The origin of one value that was not changed from Python: its place, or a default."""
    # one number may stand for all beliefs in a claim
    if not isinstance(node, Scalar) or not (exact or path[:1] == ("claims",)):
        spec = SPECS.get(path[-1]) if path[0] == "parameters" else None
        return Origin(key, value, spec.source if spec else "", DEFAULT)
    place = node.mark.place or PYTHON
    where = f"{place} (arm {node.mark.arm})" if node.mark.arm else place
    # a mapping's source covers the numbers in it, not its names and texts
    return Origin(key, value, "" if isinstance(value, str) else node.source, where)
