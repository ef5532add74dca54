"""Where each value of a scenario comes from, for the report's table and ``narrate show``.

A value's *source* is what the file says about it (a book, a count), its *where* the place it was
written at. Neither moves a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.parameters import SPECS
from sim.scenario.error_texts import show_text
from sim.scenario.nodes import Mapping, Path, Scalar, nearest
from sim.scenario.writing import label_items

DEFAULT, PYTHON = "default", "Python"


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
    return {path: _origin(path, value, tree, replaced) for path, value in leaves(content)}


def own_sources(found: dict[Path, Origin]) -> dict[Path, str]:
    """The source of each value that was written with one; a default's source is not its own."""
    return {path: one.source for path, one in found.items() if one.source and one.where != DEFAULT}


def leaves(content: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Key paths and single values."""
    if isinstance(content, dict):
        for key, item in content.items():
            yield from leaves(item, (*path, key))
    elif isinstance(content, list):
        for label, item in label_items(content):
            yield from leaves(item, (*path, label))
    else:
        yield path, content


def _origin(path: Path, value: Any, tree: Mapping, replaced: frozenset[Path]) -> Origin:
    """The origin of one value: from Python, from its place in the tree, or a default.

    What holds a value may have been changed from Python as a whole.
    """
    key = ".".join(show_text(part) for part in path)
    if any(path[:length] in replaced for length in range(1, len(path) + 1)):
        return Origin(key, value, "", PYTHON)
    node, exact = nearest(tree, path)
    # one number may stand for all beliefs in a claim
    if not isinstance(node, Scalar) or not (exact or path[:1] == ("claims",)):
        spec = SPECS.get(path[-1]) if path[0] == "parameters" else None
        return Origin(key, value, spec.source if spec else "", DEFAULT)
    place = node.mark.place or PYTHON
    where = f"{place} (arm {node.mark.arm})" if node.mark.arm else place
    # a mapping's source covers the numbers in it, not its names and texts
    return Origin(key, value, "" if isinstance(value, str) else node.source, where)
