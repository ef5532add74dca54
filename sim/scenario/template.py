"""The commented scenario that ``narrate init`` writes.

Its comments and the keys that it only hints at come from ``keys``, so it names every key there
is. Only the example's values stand here.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario import value_kinds as kinds
from sim.scenario.keys import ROOT
from sim.scenario.nodes import Listing, Mapping, Node
from sim.scenario.reading import read_text

_HEAD = """\
# A scenario to start from. Check it with `narrate validate`, run it with `narrate run`.
# Days are dates or numbers from start_date. Any number may be written {value: 0.4, source: text},
# and any mapping may have a source for the numbers in it. Lines that begin with "# " before a key
# show what could stand there too.
"""
EXAMPLE = """\
schema_version: 1
name: my_scenario
title: Two neighbours and a broker
description: Every number is made up.
seed: 0
steps: 60
start_date: 2025-04-12
initial_tension: 0.0
parameters: {parity: 0.3}
switches: {noise: true}
claimants:
- {name: North, effort: 1.0, campaign_start: 0, strategy: scripted, acceptance: logit}
- {name: South, effort: 1.0, campaign_start: 5}
delegations:
- name: North team
  claimant: North
  bonus: 1.0
  itinerary: [{day: 10, at: Broker}, {day: 14, at: home}]
audiences:
- name: Broker
  importance: 2.0
  western: true
  capitals: 1
  salience: {background: 1.0, raids: 0.1}
  trust: {North: 0.5, South: 0.5}
  judgements: {background: {North: 0.3, South: 0.1}, raids: {North: 0.4, South: -0.3}}
- name: Port
  importance: 1.0
  trust: {North: 0.5, South: 0.5}
  judgements: {background: {North: 0.0, South: 0.2}, raids: {North: 0.1, South: -0.1}}
peers: {Broker: {Port: 1.0}, Port: {Broker: 1.0}}
issues: [{name: background}, {name: raids}]
narratives:
- {name: armed raiders, sender: North, type: ATTACK, issue: raids, share: 2.0, evidence: 0.6,
   claim: South armed the raiders}
- {name: trade, sender: North, type: PROMOTE, issue: background, share: 1.0, evidence: 0.8}
- {name: no part in it, sender: South, type: DENY, issue: raids, share: 1.0, evidence: 0.5,
   claim: South armed the raiders}
- {name: let us talk, sender: South, type: PROMOTE, issue: background, share: 1.0, evidence: 0.8,
   claim: both are on a par}
claims:
- {name: South armed the raiders, accused: South, issue: raids, prior: 0.5}
- {name: both are on a par, parity: true, prior: {Broker: 0.5, Port: 0.6}}
events:
- {name: raid, day: 2025-04-20, tension: 1.0, salience: {raids: 1.5}, pro: {North: 1.0},
   con: {South: 0.5}, claim: South armed the raiders}
- {name: inquiry, day: 30,
   verification: {claim: South armed the raiders, finding: 0.9, weight: 0.3}}
incidents: {pro: 0.5, con: 0.3, salience: {raids: 0.3}}
mediator: {audience: Broker, policy: none, days: [12], escalation: raids}
update_rule: friedkin_johnsen
baseline: no_offer
"""
_ARMS = """
# variants: what each changes in the scenario; list items go by name
arms:
  no_offer: {}
  offer:
    mediator: {policy: scripted}
"""


def template() -> str:
    """The text of a commented scenario that is complete and valid."""
    example = read_text(EXAMPLE, "")
    blocks = "\n".join(_block(key, example.entries[key].node) for key in ROOT.keys)
    return f"{_HEAD}\n{blocks}{_ARMS}"


def _block(name: str, node: Node) -> str:
    """Write one key of the scenario; of a list of records the first shows every key."""
    key = ROOT.keys[name]
    if isinstance(key.kind, kinds.RecordKind) and isinstance(node, Mapping):
        lines = [f"{name}:", *(f"  {line}" for line in _keys(key.kind, node))]
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
