"""The commented scenario that ``narrate init`` writes.

Its comments and the keys that it only hints at come from ``keys``, so it names every key there
is. The example's values are in ``example.yaml``; names of one's own take the place
of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.scenario import value_kinds as kinds
from sim.scenario.error_texts import REPEATED, fold_case, show_text
from sim.scenario.keys import HOME, ROOT, SECTIONS
from sim.scenario.nodes import NOWHERE, Entry, Listing, Mapping, Node, Scalar, name_of
from sim.scenario.reading import read_file
from sim.scenario.scalars import name_fault
from sim.scenario.value_kinds import Name

_HEAD = """\
# A scenario to start from. Check it with `narrate validate`, run it with `narrate run`.
# Days are dates or numbers from start_date. Any number may be written {value: 0.4, source: text},
# and any mapping may have a source for the numbers in it. Lines that begin with "# " before a key
# show what could stand there too.
"""
_PLAIN = re.compile(r"[^\W\d_][\w ]*(?<! )")
_WORD = re.compile(r"\w+")
_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
_EXAMPLE = Path(__file__).with_name("example.yaml")
_ARMS = """
# variants: what each changes in the scenario; list items go by name
arms:
  no_offer: {}
  offer:
    mediator: {policy: scripted}
"""


def template(
    audiences: Sequence[str] = (), issues: Sequence[str] = (), claimants: Sequence[str] = ()
) -> str:
    """The text of a commented scenario that is complete and valid.

    Parameters
    ----------
    audiences, issues, claimants
        Names of one's own, two and more, the background first, and of the two sides; the
        example's where none are given.

    Raises
    ------
    InputError
        With all that is wrong with the names.
    """
    example = read_file(_EXAMPLE, "")
    own = {"claimants": claimants, "audiences": audiences, "issues": issues}
    if any(own.values()):
        example = _with_names(example, own)
    blocks = "\n".join(_block(key, example.entries[key].node) for key in ROOT.keys)
    return f"{_HEAD}\n{blocks}{_ARMS}"


def _block(name: str, node: Node) -> str:
    """Write one key of the scenario; of a list of records the first shows every key."""
    key = ROOT.keys[name]
    kind = key.kind.first if isinstance(key.kind, kinds.Succession) else key.kind
    if isinstance(kind, kinds.RecordKind) and isinstance(node, Mapping):
        lines = [f"{name}:", *(f"  {line}" for line in _keys(kind, node))]
    elif isinstance(key.kind, kinds.Items) and isinstance(node, Listing):
        first, *others = node.items
        head, *more = _keys(key.kind.item, first) if isinstance(first, Mapping) else []
        lines = [f"{name}:", f"  - {head}", *(f"    {line}" for line in more)]
        lines += [f"  - {_flow(item)}" for item in others]
    elif isinstance(node, Mapping):
        lines = [f"{name}:", *(f"  {key}: {_flow(item)}" for key, item in node.items())]
    else:
        lines = [f"{name}: {_flow(node)}"]
    return "\n".join([f"# {key.meaning}", *lines, ""])


def _keys(record: kinds.RecordKind, values: Mapping) -> Iterator[str]:
    """One line per key of the record with its meaning; keys without a value commented out."""
    for name, key in record.keys.items():
        unit = f", {key.unit}" if key.unit and key.unit != "1" else ""
        node = values.get(name)
        line = f"# {name}: {_hint(key)}" if node is None else f"{name}: {_flow(node)}"
        yield f"{line}  # {key.meaning}{unit}"


def _hint(key: kinds.Key) -> str:
    """What could stand for a key: its default, else the shape of its kind."""
    default = key.default
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, int | float | str) and default != "":
        return str(default)
    shapes = {kinds.Text: "text", kinds.ByName: "{}", kinds.Listed: "[]"}
    return shapes.get(type(key.kind), "...")


def _flow(node: Node) -> str:
    """Write a node on one line."""
    if isinstance(node, Mapping):
        items = (f"{_name_text(key)}: {_flow(item)}" for key, item in node.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(node, Listing):
        return "[" + ", ".join(_flow(item) for item in node.items) + "]"
    return _name_text(node.text) if node.quoted else node.text


def _name_text(name: str) -> str:
    """Write a name or key, in quotes where YAML might take it for something else."""
    plain = _PLAIN.fullmatch(name) and name.casefold() not in _WORDS
    return name if plain else json.dumps(name, ensure_ascii=False)


def _with_names(example: Mapping, given: dict[str, Sequence[str]]) -> Mapping:
    """The example with names of one's own, judgements and beliefs to be filled in."""
    own = {section: list(given[section]) or _names(example, section) for section in given}
    problems = [
        Problem(f"--{section}", reason, show_text(name))
        for section, names in own.items()
        for name, reason in _faults(names, SECTIONS[section].most)
    ]
    if problems:
        raise InputError(problems)
    words = {
        old: new
        for section, names in own.items()
        for old, new in zip(_names(example, section), names, strict=False)
    }
    tree = _rename(example, words)
    first, other = _items(tree, "audiences")
    rows = [first, *(other for _ in own["audiences"][1:])]
    audiences = [
        _set_keys(row, name=Scalar(name, quoted=True), judgements=_to_fill(own["issues"], tree))
        for row, name in zip(rows, own["audiences"], strict=True)
    ]
    issues = [_set_keys(Mapping(), name=Scalar(name, quoted=True)) for name in own["issues"]]
    claims = [_set_keys(claim, prior=Scalar("0.5")) for claim in _items(tree, "claims")]
    return _set_keys(
        tree,
        audiences=Listing(tuple(audiences)),
        issues=Listing(tuple(issues)),
        claims=Listing(tuple(claims)),
    )


def _to_fill(issues: Sequence[str], tree: Mapping) -> Mapping:
    """Judgements of 0 on every issue, of both claimants."""
    sides = _names(tree, "claimants")  # by their new names
    zeros = Mapping({side: Entry(NOWHERE, Scalar("0.0")) for side in sides})
    return Mapping({issue: Entry(NOWHERE, zeros) for issue in issues})


def _faults(names: Sequence[str], most: int) -> Iterator[tuple[str, str]]:
    """Names that cannot be used, each with the reason."""
    if not 2 <= len(names) <= most:
        yield str(len(names)), "must be 2 names" if most == 2 else f"must be 2 to {most} names"
    met: set[str] = set()
    for name in names:
        reserved = fold_case(name) in (*Name().reserved, HOME)
        fault = "is a word of the file format and cannot be a name" if reserved else ""
        fault = fault or name_fault(name) or (REPEATED if fold_case(name) in met else "")
        met.add(fold_case(name))
        if fault:
            yield name, fault


def _items(tree: Mapping, section: str) -> list[Mapping]:
    listing = tree.get(section)
    items = listing.items if isinstance(listing, Listing) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _names(tree: Mapping, section: str) -> list[str]:
    return [str(name_of(item)) for item in _items(tree, section)]


def _set_keys(tree: Mapping, **values: Node) -> Mapping:
    """The mapping with other values at some keys."""
    entries = {key: Entry(NOWHERE, value) for key, value in values.items()}
    return Mapping(tree.entries | entries, tree.mark)


def _rename(node: Node, words: dict[str, str]) -> Any:
    """The same tree with other names, as values and as keys."""
    if isinstance(node, Mapping):
        return Mapping(
            {
                words.get(key, key): Entry(entry.key, _rename(entry.node, words))
                for key, entry in node.entries.items()
            }
        )
    if isinstance(node, Listing):
        return Listing(tuple(_rename(item, words) for item in node.items))
    # the example's own texts speak of its sides, as "South armed the raiders"
    text = words.get(node.text) or _WORD.sub(lambda word: words.get(word[0], word[0]), node.text)
    return Scalar(text, quoted=True) if text != node.text else node
