"""From files to the tree of one scenario: ``extends``, then the arm, then ``--set``.

Later layers win. Layers are kept apart until a tree is asked for, since each arm lays its own
delta over the same base. How two trees are merged stands in ``merging``, what the values mean in
``value_reader``.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from pathlib import Path as FilePath
from typing import NamedTuple, TypeAlias

from sim.scenario import reading, shipped
from sim.scenario.assignments import Assignment, assign, full_path, read_assignment, split_path
from sim.scenario.beside_tables import JUDGEMENTS, read_tables
from sim.scenario.error_texts import IN_EVERY_ARM, fold_case, unknown
from sim.scenario.keys import ALL_KEYS, FIXED_IN_ARMS, LAYER_KEYS, MOST_ARMS, near_key
from sim.scenario.merging import drops, merge_keys
from sim.scenario.nodes import (
    Entry,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
    labels,
    nearest,
    with_arm,
)
from sim.scenario.problems import Problems
from sim.scenario.scalars import slug_fault
from sim.scenario.sources import attach_mapping_sources, same_name

MOST_EXTENDED = 8
Files: TypeAlias = AnyMapping[str, FilePath]  # scenario files by a name


class Layers(NamedTuple):
    """What a scenario is made from, before anything is decided between the layers.

    Attributes
    ----------
    base
        The tree of the file over those of the files it extends, without ``extends`` and ``arms``.
    arms
        Deltas by arm, those of the extended file first.
    assignments
        Of ``--set`` and the like, in the order given. One whose path begins with ``arms.NAME.``
        holds in that arm, any other everywhere.
    extends
        The scenario that the file extends; "" where it stands alone.
    game
        What the file itself says of a game that is played in it.
    """

    base: Mapping
    arms: dict[str, tuple[Mapping, ...]]
    assignments: tuple[Assignment, ...] = ()
    extends: str = ""
    game: Node | None = None

    def tree(self, arm: str, problems: Problems) -> Mapping:
        """The tree of an arm, or of the base where ``arm`` is empty, with the assignments made."""
        tree = self.base
        for delta in self.arms.get(arm, ()):
            tree = merge_keys(tree, delta, problems)
        for assignment in self.assignments:
            path, of_arm = _part(assignment.path, self.arms)
            if of_arm in ("", arm):
                value = with_arm(assignment.value, of_arm)
                tree = assign(tree, Assignment(path, value), problems)
        return tree

    def overridden_paths(self, arm: str) -> list[str]:
        """The assigned paths for which the arm has a value of its own, which is then not used."""
        return self.own_paths(arm, (assignment.path for assignment in self.assignments))

    def own_paths(self, arm: str, paths: Iterable[str]) -> list[str]:
        """Those of the paths for which the arm has a value of its own."""
        tree = Layers(self.base, self.arms).tree(arm, Problems())
        found = []
        for whole in paths:
            path, of_arm = _part(whole, self.arms)
            node, exact = nearest(tree, split_path(tree, path))
            if exact and not of_arm and node.mark.arm:
                found.append(path)
        return found

    def add_assignments(self, texts: Iterable[str], place: str, problems: Problems) -> Layers:
        """The layers with more assignments ``key.path=value``, given at ``place``.

        Those that cannot be read, or cannot apply to any arm, are noted and left out.
        """
        assignments = list(self.assignments)
        for text in texts:
            assignment = read_assignment(text, problems, place)
            if assignment is None:
                continue
            path, of_arm = _part(assignment.path, self.arms)
            label = path.partition(".")[0]
            mark = assignment.value.mark
            if label == "arms":
                name = path.partition(".")[2].partition(".")[0]
                problems.add(mark, ("arms", name), unknown("arm", name, self.arms), name)
            elif of_arm and label in FIXED_IN_ARMS:
                problems.add(mark._replace(arm=of_arm), (label,), IN_EVERY_ARM)
            elif "[" in path:
                reason = "items go by their names, such as audiences.NAME.importance"
                problems.add(mark, (path,), reason)
            elif label in LAYER_KEYS:
                problems.add(mark, (label,), "can only stand in a file")
            elif meant := near_key(path):
                whole = f"arms.{of_arm}.{full_path(meant)}" if of_arm else meant
                at = mark._replace(arm=of_arm)
                problems.add(at, (path,), f"unknown key; did you mean {whole}?")
            else:
                assignments.append(assignment)
        return self._replace(assignments=tuple(assignments))


def read_layers(
    tree: Mapping, path: FilePath | None, file: str, problems: Problems, others: Files
) -> Layers:
    """The layers of a file's tree, with the files it extends beneath.

    Parameters
    ----------
    tree
        As read from the file, sources still in their places.
    path, file
        Where the file lies and what messages call it; None and "" for a tree from Python.
    problems
        Where faults of all files are noted.
    others
        Scenarios that may be extended besides those of the same folder and shipped ones.

    Raises
    ------
    InputError
        Where what it extends is not to be had.
    """
    chain = _chain(tree, path, file, problems, others)
    problems.refuse()  # without what it extends, all else would only seem to be missing
    layers = Layers(Mapping({}, tree.mark), {})
    for one in reversed(chain):
        settled = attach_mapping_sources(one, problems)
        own = {k: e for k, e in settled.entries.items() if k not in LAYER_KEYS}
        below = Mapping(own, settled.mark)
        below = _with_judgements(below, settled.get(JUDGEMENTS), layers.base, problems)
        base = merge_keys(layers.base, below, problems)
        arms = _arms(layers.arms, settled.get("arms"), problems)
        layers = Layers(Mapping(base.entries, settled.mark), arms)
    extended = tree.get("extends")
    name = extended.text if isinstance(extended, Scalar) else ""
    return layers._replace(extends=name, game=tree.get("game"))


def _with_judgements(
    own: Mapping, judged: Node | None, lower: Mapping, problems: Problems
) -> Mapping:
    """A file's tree with the judgements of its table laid over what its audiences have.

    ``lower`` is what the file extends, which may have the audiences.
    """
    if judged is None:
        return own
    if not isinstance(judged, Mapping):
        problems.add(judged.mark, (JUDGEMENTS,), "must be a mapping", judged)
        return own
    lists = [one for one in (lower.get("audiences"), own.get("audiences")) if one is not None]
    known = [name for one in lists if isinstance(one, Listing) for name in labels(one)]
    items = []
    for name, entry in judged.entries.items():
        if name not in known:
            reason = unknown("audience", name, known, brief=problems.enough)
            problems.add(entry.key, (JUDGEMENTS, name), reason, name)
            continue
        named = Entry(entry.key, Scalar(name, entry.key, quoted=True))
        items.append(Mapping({"name": named, JUDGEMENTS: entry}, entry.key))
    over = Mapping({"audiences": Entry(judged.mark, Listing(tuple(items), judged.mark))})
    return merge_keys(own, over, problems) if items else own


def _chain(
    tree: Mapping, path: FilePath | None, file: str, problems: Problems, others: Files
) -> list[Mapping]:
    """The tree and those it extends, the nearest first."""
    chain = [read_tables(tree, path, file, problems)]
    visited = [path.resolve() if path else None]
    while (extended := chain[-1].get("extends")) is not None:
        found = _find_extended(extended, path, file, problems, others)
        if found is None:
            break
        path, file = found
        if path.resolve() in visited:
            circle = " -> ".join(p.stem for p in [*visited, path] if p)
            problems.add(extended.mark, ("extends",), "goes in a circle", circle)
            break
        if len(chain) > MOST_EXTENDED:
            reason = f"must not lead through more than {MOST_EXTENDED} files"
            problems.add(extended.mark, ("extends",), reason)
            break
        visited.append(path.resolve())
        chain.append(read_tables(reading.read_file(path, file), path, file, problems))
    return chain


def _find_extended(
    node: Node, path: FilePath | None, file: str, problems: Problems, others: Files
) -> tuple[FilePath, str] | None:
    """The file that ``extends`` names: of the same folder, of the others, or a shipped one."""
    fault = "must be the plain name of a scenario of the same folder, such as kashmir_2025"
    if isinstance(node, Scalar) and not slug_fault(node.text):
        name = node.text + shipped.SUFFIX
        beside = path.parent / name if path else None
        if beside and (beside.is_symlink() or beside.exists()):
            if _stays(beside):
                return beside, str(FilePath(file).parent / name)
            fault = "must not lead out of its folder"
        elif node.text in others:
            return others[node.text], shipped.short_path(others[node.text])
        elif (found := shipped.folder() / name).is_file():
            return found, str(found)
        else:
            fault = unknown("scenario", node.text, [*others, *_neighbours(path)])
            if path and not fault.endswith("?"):
                fault += f"; {name} must lie beside this file"
    elif isinstance(node, Scalar) and node.text.endswith(shipped.SUFFIX):
        bare = node.text.removesuffix(shipped.SUFFIX)
        if not slug_fault(bare):
            fault = f"must be the name without {shipped.SUFFIX}: {bare}"
    problems.add(node.mark, ("extends",), fault, node)
    return None


def _stays(path: FilePath) -> bool:
    """Whether a file really lies in the folder it seems to lie in."""
    try:
        return path.resolve(strict=True).parent == path.parent.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def _neighbours(path: FilePath | None) -> list[str]:
    """The names that ``extends`` might have meant: of the same folder, then shipped ones."""
    beside = path.parent.glob(f"*{shipped.SUFFIX}") if path else ()
    own = sorted(one.stem for one in beside if one != path)
    return list(dict.fromkeys([*own[:1000], *shipped.names()]))


def _arms(
    below: dict[str, tuple[Mapping, ...]], node: Node | None, problems: Problems
) -> dict[str, tuple[Mapping, ...]]:
    """The deltas by arm, those of one file added to those of the files it extends."""
    arms = dict(below)
    if node is None:
        return arms
    if not isinstance(node, Mapping):
        problems.add(node.mark, ("arms",), "must be a mapping", node)
        return arms
    for name, entry in node.entries.items():
        if drops(entry.node) and name in arms:
            del arms[name]
            continue
        delta = _delta(name, entry.key, entry.node, arms, problems)
        if delta is None:
            problems.unread.add("baseline")  # it may name this arm
        else:
            arms[name] = (*arms.get(name, ()), delta)
    if len(arms) > MOST_ARMS:
        problems.add(node.mark, ("arms",), f"must hold at most {MOST_ARMS} items", str(len(arms)))
        arms = dict(list(arms.items())[:MOST_ARMS])
    return arms


def _delta(
    name: str, mark: Mark, node: Node, arms: Iterable[str], problems: Problems
) -> Mapping | None:
    """One arm's delta, its places marked as the arm's; None where it cannot be used."""
    fault = slug_fault(name)
    for other in arms:
        if other != name and fold_case(other) == fold_case(name):
            fault = same_name(other)
    if fault:
        problems.add(mark, ("arms", name), fault, name)
        return None
    if not isinstance(node, Mapping):
        problems.add(node.mark, ("arms", name), "must be a mapping", node)
        return None
    kept: dict[str, Entry] = {}
    for key, old in node.entries.items():
        entry = Entry(old.key._replace(arm=name), with_arm(old.node, name))
        if key in FIXED_IN_ARMS:
            problems.add(entry.key, (key,), IN_EVERY_ARM)
        elif key not in ALL_KEYS:
            problems.add(entry.key, (key,), unknown("key", key, ALL_KEYS, brief=problems.enough))
        else:
            kept[key] = entry
    return Mapping(kept, node.mark._replace(arm=name))


def _part(path: str, arms: Iterable[str]) -> tuple[str, str]:
    """The path without ``arms.NAME.``, and that name."""
    for arm in arms:
        if path.startswith(f"arms.{arm}."):
            return path.removeprefix(f"arms.{arm}."), arm
    return path, ""
