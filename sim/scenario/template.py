"""The commented scenario that ``narrate init`` writes.

Its comments and the keys that it only hints at come from ``keys``, so it names every key there
is. The example's values are in ``example.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.scenario import value_kinds as kinds
from sim.scenario.keys import ROOT
from sim.scenario.nodes import Listing, Mapping, Node
from sim.scenario.reading import read_file

_HEAD = """\
# A scenario to start from. Check it with `narrate validate`, run it with `narrate run`.
# Days are dates or numbers from start_date. Any number may be written {value: 0.4, source: text},
# and any mapping may have a source for the numbers in it. Lines that begin with "# " before a key
# show what could stand there too.
"""
_EXAMPLE = Path(__file__).with_name("example.yaml")
_ARMS = """
# variants: what each changes in the scenario; list items go by name
arms:
  no_offer: {}
  offer:
    mediator: {policy: scripted}
"""


def template() -> str:
    """The text of a commented scenario that is complete and valid."""
    example = read_file(_EXAMPLE, "")
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
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in node.items()) + "}"
    if isinstance(node, Listing):
        return "[" + ", ".join(_flow(item) for item in node.items) + "]"
    return node.text
