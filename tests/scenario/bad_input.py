"""Input that is refused, and the first line each gives: from files, ``--set`` and ``--param``.

``text`` is a whole file, an assignment ``key.path=value``, or ``key=a,b,c`` of a sweep; the last
two are meant for the scenario ``GOOD``. Files are written by ``write``, which turns lone
surrogates into the bytes they stand for. In ``expected`` the file's path stands as ``{path}``;
the command line puts ``error: `` before it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

GOOD = """\
schema_version: 1
name: small
title: A small case
seed: 0
steps: 40
start_date: 2025-04-12
parameters: {parity: 0.4}
switches: {noise: true}
claimants:
- {name: Aria, effort: 1.0, campaign_start: 4}
- {name: Boreas, effort: 0.8, strategy: scripted, acceptance: logit}
delegations:
- name: A one
  claimant: Aria
  bonus: 1.2
  itinerary:
  - {day: 16, at: Port}
  - {day: 2025-05-05, at: home}
audiences:
- name: Broker
  importance: 4
  western: true
  capitals: 1
  salience: {background: 1.0, raids: 0.05}
  trust: {Aria: 0.6, Boreas: 0.4}
  judgements:
    background: {Aria: 0.4, Boreas: 0.0}
    raids: {Aria: 0.5, Boreas: -0.4}
- name: Port
  importance: 2
  trust: {Aria: 0.5, Boreas: 0.5}
  judgements:
    background: {Aria: 0.1, Boreas: 0.2}
    raids: {Aria: 0.2, Boreas: -0.1}
peers:
  Broker: {Port: 2}
  Port: {Broker: 3}
issues:
- {name: background}
- {name: raids}
narratives:
- {name: raiders, sender: Aria, type: ATTACK, issue: raids, share: 4, evidence: 0.6, claim: armed}
- {name: trade, sender: Aria, type: PROMOTE, issue: background, share: 2, evidence: 0.8}
- {name: no part, sender: Boreas, type: DENY, issue: raids, share: 2, evidence: 0.5, claim: armed}
- {name: talks, sender: Boreas, type: PROMOTE, issue: background, share: 1, evidence: 0.8, from: 12}
claims:
- {name: armed, accused: Boreas, issue: raids, prior: {Broker: 0.5, Port: 0.4}}
- {name: rebels, accused: Aria, issue: raids, prior: 0.2}
- {name: on a par, parity: true, prior: 0.5}
events:
- {name: raid, day: 4, tension: 1.0, salience: {raids: 1.5}, pro: {Aria: 1.2}, claim: armed}
- {name: inquiry, day: 27, verification: {claim: armed, finding: 0.9, weight: 0.3}}
incidents: {pro: 0.5, con: 0.3, salience: {raids: 0.3}}
mediator: {audience: Broker, policy: none, days: [14], escalation: raids}
update_rule: friedkin_johnsen
baseline: no_offer
arms:
  no_offer: {}
  offer:
    mediator: {policy: scripted}
"""


class Bad(NamedTuple):
    """One refused input."""

    id: str
    entry: str  # 'file', 'set' or 'param'
    text: str
    expected: str


def write(path: Path, text: str) -> None:
    """Write a case's text, bytes that are no UTF-8 included."""
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


MEDIATOR = "mediator: {audience: Broker, policy: none, days: [14], escalation: raids}"


def swap(old: str, new: str, text: str = GOOD) -> str:
    """The good document with one passage changed."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def _one_issue() -> str:
    text = GOOD
    for old in (
        "- {name: raids}\n",
        "    raids: {Aria: 0.5, Boreas: -0.4}\n",
        "    raids: {Aria: 0.2, Boreas: -0.1}\n",
        ", raids: 0.05",
        "salience: {raids: 1.5}, ",
        ", salience: {raids: 0.3}",
        ", escalation: raids",
    ):
        text = swap(old, "", text)
    return text.replace("issue: raids", "issue: background")


ONE_ISSUE = _one_issue()

CASES: tuple[Bad, ...] = (
    Bad(
        "not UTF-8", "file", "name: caf\udce9\n", "{path}:1:10: must be UTF-8 text (got byte 0xe9)"
    ),
    Bad("UTF-16", "file", "\udcff\udcfen\0a\0", "{path}:1:1: must be UTF-8 text (got byte 0xff)"),
    Bad(
        "empty file",
        "file",
        "",
        "{path}:1:1: must be a scenario: a mapping of keys to values (got nothing)",
    ),
    Bad(
        "only a comment",
        "file",
        "# nothing\n",
        "{path}:1:1: must be a scenario: a mapping of keys to values (got nothing)",
    ),
    Bad(
        "a list",
        "file",
        "- a\n- b\n",
        "{path}:1:1: must be a scenario: a mapping of keys to values (got a list)",
    ),
    Bad(
        "a single word",
        "file",
        "scenario\n",
        "{path}:1:1: must be a scenario: a mapping of keys to values (got scenario)",
    ),
    Bad(
        "two documents",
        "file",
        GOOD + "---\n" + GOOD,
        "{path}:61:1: only one document may stand in a file",
    ),
    Bad(
        "not closed",
        "file",
        "name: [a, b\n",
        "{path}:2:1: is not valid YAML: expected ',' or ']', but got '<stream end>'",
    ),
    Bad(
        "tab as indent",
        "file",
        "parameters:\n\tparity: 0.3\n",
        "{path}:2:1: is not valid YAML: found character '\\t' that cannot start any token",
    ),
    Bad(
        "colon inside",
        "file",
        "name: a: b\n",
        "{path}:1:8: is not valid YAML: mapping values are not allowed here"
        "; a text with a colon and a space in it needs quotes",
    ),
    Bad("NUL", "file", "name: a\0b\n", "{path}:1:8: must not hold control characters (got \\x00)"),
    Bad(
        "escape character",
        "file",
        "name: ok\ntitle: a\x1b[31mb\n",
        "{path}:2:9: must not hold control characters (got \\x1b)",
    ),
    Bad(
        "byte order mark inside",
        "file",
        "name: a\ufeffb\n",
        "{path}:1:8: must not hold control characters (got \\ufeff)",
    ),
    Bad(
        "escape in quotes",
        "file",
        swap("title: A small case", 'title: "A \\x1b[31m case"'),
        '{path}:3:8: title: must not hold control or invisible characters (got "A \\x1b[31m case")',
    ),
    Bad(
        "surrogate in quotes",
        "file",
        swap("title: A small case", 'title: "A \\ud800 case"'),
        '{path}:3:8: title: must not hold control or invisible characters (got "A \\ud800 case")',
    ),
    Bad(
        "character past Unicode",
        "file",
        'name: "\\U00110000"\n',
        "{path}:1:8: is not valid YAML: it holds an impossible number",
    ),
    Bad(
        "too large",
        "file",
        "#" * (1 << 20) + "\n",
        "{path}: must not be larger than 1048576 bytes (got 1048577)",
    ),
    Bad(
        "a version past every number",
        "file",
        "%YAML 1." + "0" * 20 + "\n---\nname: x\n",
        "{path}:1:1: is not valid YAML: it holds an impossible number",
    ),
    Bad(
        "33 open brackets",
        "file",
        "[" * 33,
        "{path}:1:33: must not be nested deeper than 32 levels (got 33)",
    ),
    Bad("33 open braces", "file", "{" * 33, "{path}:1:2: a key must be a single word or text"),
    Bad(
        "33 levels",
        "file",
        "a: " + "[" * 33 + "]" * 33,
        "{path}:1:35: must not be nested deeper than 32 levels (got 33)",
    ),
    Bad(
        "too many nodes",
        "file",
        "a: [" + "1," * 100_001 + "]",
        "{path}:1:199999: a: must not hold more than 100000 keys and values (got 100001 by line 1 of 1)",
    ),
    Bad(
        "Python tag",
        "file",
        swap("seed: 0", "seed: !!python/object/apply:os.system [id]"),
        "{path}:4:7: seed: tags (!) are not read (got tag:yaml.org,2002:python/object/apply:os.system)",
    ),
    Bad(
        "plain tag",
        "file",
        swap("seed: 0", "seed: !!int 0"),
        "{path}:4:7: seed: tags (!) are not read (got tag:yaml.org,2002:int)",
    ),
    Bad(
        "anchor",
        "file",
        swap("seed: 0", "seed: &s 0"),
        "{path}:4:7: seed: anchors and aliases (& and *) are not read; write the value out",
    ),
    Bad(
        "alias",
        "file",
        swap("seed: 0", "seed: *s"),
        "{path}:4:7: seed: anchors and aliases (& and *) are not read; write the value out",
    ),
    Bad(
        "merge key",
        "file",
        swap("switches: {noise: true}", "switches: {<<: {noise: true}}"),
        "{path}:8:12: switches.<<: unknown key; known: persuasion, peers, priming, attention, resonance, credibility, denial, replies, ...",
    ),
    Bad(
        "billion laughs",
        "file",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "{path}:1:4: a: anchors and aliases (& and *) are not read; write the value out",
    ),
    Bad(
        "a list as key",
        "file",
        "? [a, b]\n: c\n",
        "{path}:1:3: a key must be a single word or text",
    ),
    Bad(
        "a list as key in braces",
        "file",
        swap("{parity: 0.4}", "{[parity]: 0.4}"),
        "{path}:7:14: parameters: a key must be a single word or text",
    ),
    Bad(
        "unknown key",
        "file",
        swap("seed: 0", "sead: 0"),
        "{path}:4:1: sead: unknown key; did you mean seed?",
    ),
    Bad(
        "unknown key, nothing near",
        "file",
        swap("seed: 0", "qwertz: 0"),
        "{path}:4:1: qwertz: unknown key; known: schema_version, name, title, description, seed, steps, start_date, initial_tension, ...",
    ),
    Bad(
        "country code: small letters",
        "file",
        swap("  importance: 2", "  importance: 2\n  iso3: fra"),
        "{path}:31:9: audiences.Port.iso3: must be three capital letters, such as FRA (got fra)",
    ),
    Bad(
        "country code: of two audiences",
        "file",
        swap("  importance: 4", "  importance: 4\n  iso3: FRA").replace(
            "  importance: 2", "  importance: 2\n  iso3: FRA"
        ),
        "{path}:32:9: audiences.Port.iso3: is the code of Broker already (got FRA)",
    ),
    Bad(
        "unknown key in a record",
        "file",
        swap("  importance: 4", "  importanse: 4"),
        "{path}:21:3: audiences.Broker.importanse: unknown key; did you mean importance?",
    ),
    Bad(
        "unknown parameter",
        "file",
        swap("{parity: 0.4}", "{parrity: 0.4}"),
        "{path}:7:14: parameters.parrity: unknown key; did you mean parity?",
    ),
    Bad(
        "unknown switch",
        "file",
        swap("{noise: true}", "{noice: true}"),
        "{path}:8:12: switches.noice: unknown key; did you mean noise?",
    ),
    Bad(
        "key with control character",
        "file",
        swap("seed: 0", '"se\\x1bed": 0'),
        "{path}:4:1: se\\x1bed: unknown key; did you mean seed?",
    ),
    Bad(
        "duplicate key",
        "file",
        swap("seed: 0", "seed: 0\nseed: 1"),
        "{path}:5:1: seed: is given twice",
    ),
    Bad(
        "duplicate key in a record",
        "file",
        swap("  importance: 4", "  importance: 4\n  importance: 5"),
        "{path}:22:3: audiences.Broker.importance: is given twice",
    ),
    Bad(
        "duplicate key in an arm",
        "file",
        swap(
            "    mediator: {policy: scripted}",
            "    mediator: {policy: scripted}\n    mediator: {policy: none}",
        ),
        "{path}:61:5: arms.offer.mediator: is given twice",
    ),
    Bad("a missing key", "file", swap("steps: 40\n", ""), "{path}:1:1: steps: is missing"),
    Bad(
        "a missing key in a record",
        "file",
        swap("  trust: {Aria: 0.6, Boreas: 0.4}\n", ""),
        "{path}:20:3: audiences.Broker.trust: is missing",
    ),
    Bad(
        "nothing where a mapping belongs",
        "file",
        swap("parameters: {parity: 0.4}", "parameters:"),
        "{path}:7:12: parameters: must be a mapping (got nothing)",
    ),
    Bad(
        "a list where a mapping belongs",
        "file",
        swap("parameters: {parity: 0.4}", "parameters: [0.4]"),
        "{path}:7:13: parameters: must be a mapping (got a list)",
    ),
    Bad(
        "a mapping where a list belongs",
        "file",
        swap("- {name: background}\n- {name: raids}", "  background: {}"),
        "{path}:39:3: issues: must be a list (got a mapping)",
    ),
    Bad(
        "another schema version",
        "file",
        swap("schema_version: 1", "schema_version: 2"),
        "{path}:1:17: schema_version: must be 1 (got 2)",
    ),
    Bad(
        "number: not a number",
        "file",
        swap("{parity: 0.4}", "{parity: .nan}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got .nan)",
    ),
    Bad(
        "number: NaN as a word",
        "file",
        swap("{parity: 0.4}", "{parity: NaN}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got NaN)",
    ),
    Bad(
        "number: infinity",
        "file",
        swap("{parity: 0.4}", "{parity: .inf}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got .inf)",
    ),
    Bad(
        "number: minus infinity",
        "file",
        swap("{parity: 0.4}", "{parity: -.inf}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got -.inf)",
    ),
    Bad(
        "number: infinity as a word",
        "file",
        swap("{parity: 0.4}", "{parity: Infinity}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got Infinity)",
    ),
    Bad(
        "number: too large to be finite",
        "file",
        swap("{parity: 0.4}", "{parity: 1e400}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1e400)",
    ),
    Bad(
        "number: quoted",
        "file",
        swap("{parity: 0.4}", '{parity: "0.4"}'),
        '{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got "0.4")',
    ),
    Bad(
        "number: true",
        "file",
        swap("{parity: 0.4}", "{parity: true}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got true)",
    ),
    Bad(
        "number: yes",
        "file",
        swap("{parity: 0.4}", "{parity: yes}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got yes)",
    ),
    Bad(
        "number: leading zero",
        "file",
        swap("{parity: 0.4}", "{parity: 00.4}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 00.4)",
    ),
    Bad(
        "number: octal",
        "file",
        swap("{parity: 0.4}", "{parity: 012}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 012)",
    ),
    Bad(
        "number: YAML octal",
        "file",
        swap("{parity: 0.4}", "{parity: 0o12}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 0o12)",
    ),
    Bad(
        "number: hexadecimal",
        "file",
        swap("{parity: 0.4}", "{parity: 0x1}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 0x1)",
    ),
    Bad(
        "number: underscore",
        "file",
        swap("{parity: 0.4}", "{parity: 1_000}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1_000)",
    ),
    Bad(
        "number: base sixty",
        "file",
        swap("{parity: 0.4}", "{parity: 1:30}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1:30)",
    ),
    Bad(
        "number: comma",
        "file",
        swap("{parity: 0.4}", "{parity: '0,4'}"),
        '{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got "0,4")',
    ),
    Bad(
        "number: percent",
        "file",
        swap("{parity: 0.4}", "{parity: 40%}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 40%)",
    ),
    Bad(
        "number: fraction",
        "file",
        swap("{parity: 0.4}", "{parity: 1/2}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1/2)",
    ),
    Bad(
        "number: with a unit",
        "file",
        swap("{parity: 0.4}", "{parity: 0.4 days}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 0.4 days)",
    ),
    Bad(
        "number: nothing",
        "file",
        swap("{parity: 0.4}", "{parity: }"),
        "{path}:7:21: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got nothing)",
    ),
    Bad(
        "number: null",
        "file",
        swap("{parity: 0.4}", "{parity: null}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got nothing)",
    ),
    Bad(
        "number: two points",
        "file",
        swap("{parity: 0.4}", "{parity: 0.4.1}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 0.4.1)",
    ),
    Bad(
        "number: a list",
        "file",
        swap("{parity: 0.4}", "{parity: [0.4]}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got a list)",
    ),
    Bad(
        "number: a mapping",
        "file",
        swap("{parity: 0.4}", "{parity: {a: 0.4}}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got a mapping)",
    ),
    Bad(
        "number: other digits",
        "file",
        swap("{parity: 0.4}", "{parity: \u0660.\u0664}"),
        "{path}:7:22: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got \u0660.\u0664)",
    ),
    Bad(
        "number: 401 digits",
        "file",
        swap("seed: 0", "seed: " + "9" * 401),
        "{path}:4:7: seed: must be a whole number such as 12, without quotes (got 999999999999999999999999999999999999999999999999999999999...)",
    ),
    Bad(
        "number past every quantity",
        "file",
        swap("importance: 4", "importance: 1e300"),
        "{path}:21:15: audiences.Broker.importance: must be at most 1e+09 (got 1e300)",
    ),
    Bad(
        "parameter above its limit",
        "file",
        swap("{parity: 0.4}", "{parity: 1.3}"),
        "{path}:7:22: parameters.parity: must lie in 0 to 1 (got 1.3)",
    ),
    Bad(
        "parameter below its limit",
        "file",
        swap("{parity: 0.4}", "{parity: -0.1}"),
        "{path}:7:22: parameters.parity: must lie in 0 to 1 (got -0.1)",
    ),
    Bad(
        "parameter at an open limit",
        "file",
        swap("{parity: 0.4}", "{branching_ratio: 1}"),
        "{path}:7:31: parameters.branching_ratio: must lie in 0 below 1 (got 1)",
    ),
    Bad(
        "half-life of nothing",
        "file",
        swap("{parity: 0.4}", "{salience_half_life: 0}"),
        "{path}:7:34: parameters.salience_half_life: must be above 0 (got 0)",
    ),
    Bad(
        "negative duration",
        "file",
        swap("{parity: 0.4}", "{tension_half_life: -5}"),
        "{path}:7:33: parameters.tension_half_life: must be above 0 (got -5)",
    ),
    Bad(
        "negative length of mediation",
        "file",
        swap("{parity: 0.4}", "{mediation_length: -5}"),
        "{path}:7:32: parameters.mediation_length: must be at least 1 (got -5)",
    ),
    Bad(
        "fraction of a day",
        "file",
        swap("{parity: 0.4}", "{dwell: 1.5}"),
        "{path}:7:21: parameters.dwell: must be a whole number of days (got 1.5)",
    ),
    Bad(
        "no steps",
        "file",
        swap("steps: 40", "steps: 0"),
        "{path}:5:8: steps: must lie in 1 to 36500 (got 0)",
    ),
    Bad(
        "negative steps",
        "file",
        swap("steps: 40", "steps: -5"),
        "{path}:5:8: steps: must lie in 1 to 36500 (got -5)",
    ),
    Bad(
        "too many steps",
        "file",
        swap("steps: 40", "steps: 36501"),
        "{path}:5:8: steps: must lie in 1 to 36500 (got 36501)",
    ),
    Bad(
        "a fraction of steps",
        "file",
        swap("steps: 40", "steps: 40.5"),
        "{path}:5:8: steps: must be a whole number such as 12, without quotes (got 40.5)",
    ),
    Bad(
        "steps in quotes",
        "file",
        swap("steps: 40", "steps: '40'"),
        '{path}:5:8: steps: must be a whole number such as 12, without quotes (got "40")',
    ),
    Bad(
        "negative seed",
        "file",
        swap("seed: 0", "seed: -1"),
        "{path}:4:7: seed: must lie in 0 to 18446744073709551615 (got -1)",
    ),
    Bad(
        "seed past 64 bits",
        "file",
        swap("seed: 0", "seed: 18446744073709551616"),
        "{path}:4:7: seed: must lie in 0 to 18446744073709551615 (got 18446744073709551616)",
    ),
    Bad(
        "negative importance",
        "file",
        swap("importance: 4", "importance: -4"),
        "{path}:21:15: audiences.Broker.importance: must be at least 0 (got -4)",
    ),
    Bad(
        "no capitals",
        "file",
        swap("capitals: 1", "capitals: 0"),
        "{path}:23:13: audiences.Broker.capitals: must lie in 1 to 1000 (got 0)",
    ),
    Bad(
        "half a capital",
        "file",
        swap("capitals: 1", "capitals: 1.5"),
        "{path}:23:13: audiences.Broker.capitals: must be a whole number such as 12, without quotes (got 1.5)",
    ),
    Bad(
        "trust above 1",
        "file",
        swap("trust: {Aria: 0.6,", "trust: {Aria: 1.6,"),
        "{path}:25:17: audiences.Broker.trust.Aria: must lie in 0 to 1 (got 1.6)",
    ),
    Bad(
        "judgement below -1",
        "file",
        swap("background: {Aria: 0.4, Boreas: 0.0}", "background: {Aria: 0.4, Boreas: -1.5}"),
        "{path}:27:37: audiences.Broker.judgements.background.Boreas: must lie in -1 to 1 (got -1.5)",
    ),
    Bad(
        "negative effort",
        "file",
        swap("effort: 0.8", "effort: -0.8"),
        "{path}:11:26: claimants.Boreas.effort: must be at least 0 (got -0.8)",
    ),
    Bad(
        "negative share",
        "file",
        swap("share: 4", "share: -4"),
        "{path}:42:68: narratives.raiders.share: must be at least 0 (got -4)",
    ),
    Bad(
        "evidence above 1",
        "file",
        swap("evidence: 0.6", "evidence: 60"),
        "{path}:42:81: narratives.raiders.evidence: must lie in 0 to 1 (got 60)",
    ),
    Bad(
        "negative bonus",
        "file",
        swap("bonus: 1.2", "bonus: -1.2"),
        "{path}:15:10: delegations.A one.bonus: must be at least 0 (got -1.2)",
    ),
    Bad(
        "negative exposure",
        "file",
        swap("pro: {Aria: 1.2}", "pro: {Aria: -1.2}"),
        "{path}:51:74: events.raid.pro.Aria: must be at least 0 (got -1.2)",
    ),
    Bad(
        "negative exposure of incidents",
        "file",
        swap("{pro: 0.5,", "{pro: -0.5,"),
        "{path}:53:18: incidents.pro: must be at least 0 (got -0.5)",
    ),
    Bad(
        "finding above 1",
        "file",
        swap("finding: 0.9", "finding: 1.1"),
        "{path}:52:66: events.inquiry.verification.finding: must lie in 0 to 1 (got 1.1)",
    ),
    Bad(
        "weight of a verification above 1",
        "file",
        swap("weight: 0.3", "weight: 3"),
        "{path}:52:79: events.inquiry.verification.weight: must lie in 0 to 1 (got 3)",
    ),
    Bad(
        "prior above 1",
        "file",
        swap("prior: 0.2", "prior: 1.2"),
        "{path}:48:54: claims.rebels.prior: must lie in 0 to 1 (got 1.2)",
    ),
    Bad(
        "prior of one audience above 1",
        "file",
        swap("prior: {Broker: 0.5,", "prior: {Broker: 1.5,"),
        "{path}:47:64: claims.armed.prior.Broker: must lie in 0 to 1 (got 1.5)",
    ),
    Bad(
        "negative resting salience",
        "file",
        swap("raids: 0.05}", "raids: -0.05}"),
        "{path}:24:38: audiences.Broker.salience.raids: must be at least 0 (got -0.05)",
    ),
    Bad(
        "negative audience cost",
        "file",
        swap("campaign_start: 4", "campaign_start: 4, audience_cost: -0.1"),
        "{path}:10:63: claimants.Aria.audience_cost: must be at least 0 (got -0.1)",
    ),
    Bad(
        "anchor pull above 1",
        "file",
        swap("  importance: 2", "  importance: 2\n  anchor_pull: 1.1"),
        "{path}:31:16: audiences.Port.anchor_pull: must lie in 0 to 1 (got 1.1)",
    ),
    Bad(
        "initial sympathy above 1",
        "file",
        swap("  importance: 2", "  importance: 2\n  initial_sympathy: {Aria: 1.1, Boreas: 0}"),
        "{path}:31:28: audiences.Port.initial_sympathy.Aria: must lie in -1 to 1 (got 1.1)",
    ),
    Bad(
        "negative peer weight",
        "file",
        swap("Broker: {Port: 2}", "Broker: {Port: -2}"),
        "{path}:36:18: peers.Broker.Port: must be at least 0 (got -2)",
    ),
    Bad(
        "flag as a word",
        "file",
        swap("{noise: true}", "{noise: yes}"),
        "{path}:8:19: switches.noise: must be true or false (got yes)",
    ),
    Bad(
        "flag as a number",
        "file",
        swap("{noise: true}", "{noise: 1}"),
        "{path}:8:19: switches.noise: must be true or false (got 1)",
    ),
    Bad(
        "flag in quotes",
        "file",
        swap("{noise: true}", "{noise: 'true'}"),
        '{path}:8:19: switches.noise: must be true or false (got "true")',
    ),
    Bad(
        "scenario name as a path",
        "file",
        swap("name: small", "name: ../small"),
        "{path}:2:7: name: may hold only letters a to z, digits, _ and -, and begins with a letter or digit (got ../small)",
    ),
    Bad(
        "scenario name with a space",
        "file",
        swap("name: small", "name: a small one"),
        "{path}:2:7: name: may hold only letters a to z, digits, _ and -, and begins with a letter or digit (got a small one)",
    ),
    Bad(
        "empty name",
        "file",
        swap("- {name: raids}", "- {name: ''}"),
        '{path}:40:10: issues.1.name: must not be empty (got "")',
    ),
    Bad(
        "no name",
        "file",
        swap("- {name: raids}", "- {description: raids}"),
        "{path}:40:3: issues.1.name: is missing",
    ),
    Bad(
        "name of 81 characters",
        "file",
        swap("- {name: raids}", "- {name: " + "r" * 81 + "}"),
        "{path}:40:10: issues.rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr....name: must not be longer than 80 characters (got rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr...)",
    ),
    Bad(
        "name with a control character",
        "file",
        swap("- {name: raids}", '- {name: "ra\\tids"}'),
        '{path}:40:10: issues.ra\\tids.name: must not hold control or invisible characters (got "ra\\tids")',
    ),
    Bad(
        "name with a hidden turn of direction",
        "file",
        swap("- {name: raids}", '- {name: "ra\\u202Eids"}'),
        '{path}:40:10: issues.ra\\u202eids.name: must not hold control or invisible characters (got "ra\\u202eids")',
    ),
    Bad(
        "name that ends in a space",
        "file",
        swap("- {name: raids}", "- {name: 'raids '}"),
        '{path}:40:10: issues.raids .name: must not begin or end with a space (got "raids ")',
    ),
    Bad(
        "audience called home",
        "file",
        swap("- name: Port", "- name: home"),
        "{path}:29:9: audiences.home.name: is a word of the file format and cannot be a name (got home)",
    ),
    Bad(
        "audience called source",
        "file",
        swap("- name: Port", "- name: Source"),
        "{path}:29:9: audiences.Source.name: is a word of the file format and cannot be a name (got Source)",
    ),
    Bad(
        "same name",
        "file",
        swap("- name: Port", "- name: Broker"),
        "{path}:29:9: audiences.Broker.name: is the same name as Broker, upper and lower case being alike (got Broker)",
    ),
    Bad(
        "same name after case folding",
        "file",
        swap("- name: Port", "- name: BROKER"),
        "{path}:29:9: audiences.BROKER.name: is the same name as Broker, upper and lower case being alike (got BROKER)",
    ),
    Bad(
        "same claim name after case folding",
        "file",
        swap("{name: rebels,", "{name: Armed,"),
        "{path}:48:10: claims.Armed.name: is the same name as armed, upper and lower case being alike (got Armed)",
    ),
    Bad(
        "name that is a list",
        "file",
        swap("- {name: raids}", "- {name: [raids]}"),
        "{path}:40:10: issues.1.name: must be text (got a list)",
    ),
    Bad(
        "source that is a number's mapping",
        "file",
        swap("{parity: 0.4}", "{parity: {value: 0.4, sorce: me}}"),
        "{path}:7:35: parameters.parity.sorce: unknown key; beside value only source may stand",
    ),
    Bad(
        "value that is a list",
        "file",
        swap("{parity: 0.4}", "{parity: {value: [0.4], source: me}}"),
        "{path}:7:30: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got a list)",
    ),
    Bad(
        "empty source",
        "file",
        swap("{parity: 0.4}", "{parity: {value: 0.4, source: ''}}"),
        '{path}:7:43: parameters.parity.source: must not be empty (got "")',
    ),
    Bad(
        "text too long",
        "file",
        swap("title: A small case", "title: " + "a" * 201),
        "{path}:3:8: title: must not be longer than 200 characters (got aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...)",
    ),
    Bad(
        "start that is no date",
        "file",
        swap("start_date: 2025-04-12", "start_date: 12 April 2025"),
        "{path}:6:13: start_date: must be a date such as 2025-04-12 (got 12 April 2025)",
    ),
    Bad(
        "start that does not exist",
        "file",
        swap("start_date: 2025-04-12", "start_date: 2025-02-30"),
        "{path}:6:13: start_date: must be a date such as 2025-04-12 (got 2025-02-30)",
    ),
    Bad(
        "start with a time",
        "file",
        swap("start_date: 2025-04-12", "start_date: 2025-04-12T00:00:00"),
        "{path}:6:13: start_date: must be a date such as 2025-04-12 (got 2025-04-12T00:00:00)",
    ),
    Bad(
        "run past the calendar",
        "file",
        swap("start_date: 2025-04-12", "start_date: 9999-12-31"),
        "{path}:6:13: start_date: leads past the year 9999 (got 9999-12-31)",
    ),
    Bad(
        "event before the start",
        "file",
        swap("day: 27", "day: 2025-04-11"),
        "{path}:52:24: events.inquiry.day: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 2025-04-11)",
    ),
    Bad(
        "event past the horizon",
        "file",
        swap("day: 27", "day: 2025-05-22"),
        "{path}:52:24: events.inquiry.day: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 2025-05-22)",
    ),
    Bad(
        "event on the day after the last",
        "file",
        swap("day: 27", "day: 40"),
        "{path}:52:24: events.inquiry.day: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 40)",
    ),
    Bad(
        "negative day",
        "file",
        swap("day: 27", "day: -1"),
        "{path}:52:24: events.inquiry.day: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got -1)",
    ),
    Bad(
        "day in quotes",
        "file",
        swap("day: 27", "day: '27'"),
        '{path}:52:24: events.inquiry.day: must be a day: a date such as 2025-04-12, or a whole number of days (got "27")',
    ),
    Bad(
        "fraction of a day for an event",
        "file",
        swap("day: 27", "day: 27.5"),
        "{path}:52:24: events.inquiry.day: must be a day: a date such as 2025-04-12, or a whole number of days (got 27.5)",
    ),
    Bad(
        "day with a time",
        "file",
        swap("day: 27", "day: 2025-05-01 12:00:00"),
        "{path}:52:24: events.inquiry.day: must be a day: a date such as 2025-04-12, or a whole number of days (got 2025-05-01 12:00:00)",
    ),
    Bad(
        "impossible day",
        "file",
        swap("day: 27", "day: 2025-13-01"),
        "{path}:52:24: events.inquiry.day: must be a day: a date such as 2025-04-12, or a whole number of days (got 2025-13-01)",
    ),
    Bad(
        "stop past the horizon",
        "file",
        swap("day: 2025-05-05", "day: 2026-05-05"),
        "{path}:18:11: delegations.A one.itinerary.1.day: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 2026-05-05)",
    ),
    Bad(
        "stops out of order",
        "file",
        swap("day: 2025-05-05", "day: 3"),
        "{path}:18:11: delegations.A one.itinerary.1.day: must come after the stop before it, on day 16 (got 3)",
    ),
    Bad(
        "two stops on a day",
        "file",
        swap("day: 2025-05-05", "day: 16"),
        "{path}:18:11: delegations.A one.itinerary.1.day: must come after the stop before it, on day 16 (got 16)",
    ),
    Bad(
        "answers out of order",
        "file",
        swap("acceptance: logit}", "answers: [{day: 9, accepts: true}, {day: 7, accepts: true}]}"),
        "{path}:11:92: claimants.Boreas.answers.1.day: must come after the answer before it, on day 9 (got 7)",
    ),
    Bad(
        "plans out of order",
        "file",
        swap("acceptance: logit}", "plans: [{from: 9}, {from: 7}]}"),
        "{path}:11:77: claimants.Boreas.plans.1.from: must come after the plan before it, on day 9 (got 7)",
    ),
    Bad(
        "plan with the rival's narrative",
        "file",
        swap("acceptance: logit}", "plans: [{from: 9, shares: {trade: 1}}]}"),
        "{path}:11:85: claimants.Boreas.plans.0.shares.trade: must be a narrative of Boreas (got one of Aria)",
    ),
    Bad(
        "plan that leaves nothing to say",
        "file",
        swap("acceptance: logit}", "plans: [{from: 9, shares: {no part: 0, talks: 0}}]}"),
        "{path}:11:77: claimants.Boreas.plans.0.shares: shares of Boreas must not all be 0",
    ),
    Bad(
        "plan for the rival's team",
        "file",
        swap("acceptance: logit}", "plans: [{from: 9, stops: {A one: Port}}]}"),
        "{path}:11:84: claimants.Boreas.plans.0.stops.A one: must be a team of Boreas (got one of Aria)",
    ),
    Bad(
        "offer past the horizon",
        "file",
        swap("days: [14]", "days: [14, 40]"),
        "{path}:54:55: mediator.days.1: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 40)",
    ),
    Bad(
        "campaign past the horizon",
        "file",
        swap("campaign_start: 4", "campaign_start: 41"),
        "{path}:10:45: claimants.Aria.campaign_start: must lie within the run: day 0 to 40, 2025-04-12 to 2025-05-22 (got 41)",
    ),
    Bad(
        "until before from",
        "file",
        swap("from: 12", "from: 12, until: 11"),
        "{path}:45:109: narratives.talks.until: must not lie before its first day, 12 (got 11)",
    ),
    Bad(
        "unknown claimant",
        "file",
        swap("claimant: Aria", "claimant: Arya"),
        "{path}:14:13: delegations.A one.claimant: unknown claimant; did you mean Aria? (got Arya)",
    ),
    Bad(
        "unknown claimant by case",
        "file",
        swap("claimant: Aria", "claimant: aria"),
        "{path}:14:13: delegations.A one.claimant: unknown claimant; did you mean Aria? (got aria)",
    ),
    Bad(
        "unknown sender",
        "file",
        swap("sender: Boreas, type: PROMOTE", "sender: Zephyr, type: PROMOTE"),
        "{path}:45:25: narratives.talks.sender: unknown claimant; known: Aria, Boreas (got Zephyr)",
    ),
    Bad(
        "unknown stop",
        "file",
        swap("at: Port", "at: Prt"),
        "{path}:17:19: delegations.A one.itinerary.0.at: unknown audience; did you mean Port? (got Prt)",
    ),
    Bad(
        "unknown issue of a narrative",
        "file",
        swap(
            "type: PROMOTE, issue: background, share: 2",
            "type: PROMOTE, issue: backgrund, share: 2",
        ),
        "{path}:43:53: narratives.trade.issue: unknown issue; did you mean background? (got backgrund)",
    ),
    Bad(
        "unknown claim",
        "file",
        swap("claim: armed}\n- {name: trade", "claim: arms}\n- {name: trade"),
        "{path}:42:93: narratives.raiders.claim: unknown claim; did you mean armed? (got arms)",
    ),
    Bad(
        "unknown claim of an event",
        "file",
        swap("pro: {Aria: 1.2}, claim: armed", "pro: {Aria: 1.2}, claim: unheard"),
        "{path}:51:87: events.raid.claim: unknown claim; known: armed, rebels, on a par (got unheard)",
    ),
    Bad(
        "unknown claim of a verification",
        "file",
        swap("verification: {claim: armed", "verification: {claim: amred"),
        "{path}:52:50: events.inquiry.verification.claim: unknown claim; did you mean armed? (got amred)",
    ),
    Bad(
        "unknown mediator",
        "file",
        swap("mediator: {audience: Broker", "mediator: {audience: Brokr"),
        "{path}:54:22: mediator.audience: unknown audience; did you mean Broker? (got Brokr)",
    ),
    Bad(
        "no mediator in the list",
        "file",
        swap(MEDIATOR, "mediator: []"),
        "{path}:54:11: mediator: must hold at least 1 item (got 0)",
    ),
    Bad(
        "later role without a day",
        "file",
        swap(MEDIATOR, "mediator: [{audience: Broker}, {audience: Port}]"),
        "{path}:54:32: mediator.1.from: is missing",
    ),
    Bad(
        "first role from a later day",
        "file",
        swap(MEDIATOR, "mediator: [{audience: Broker, from: 3}, {audience: Port, from: 9}]"),
        "{path}:54:37: mediator.0.from: must be 0: the run begins with it (got 3)",
    ),
    Bad(
        "only role from a later day",
        "file",
        swap("policy: none, days", "from: 3, policy: none, days"),
        "{path}:54:36: mediator.from: must be 0: the run begins with it (got 3)",
    ),
    Bad(
        "roles out of order",
        "file",
        swap(
            MEDIATOR,
            "mediator: [{audience: Port}, {audience: Port, from: 9}, {audience: Port, from: 9}]",
        ),
        "{path}:54:80: mediator.2.from: must come after the role before it, from day 9 (got 9)",
    ),
    Bad(
        "offer after the role has passed on",
        "file",
        swap(
            MEDIATOR,
            "mediator: [{audience: Broker, days: [4, 9]}, {audience: Port, from: 2025-04-21}]",
        ),
        "{path}:54:41: mediator.0.days.1: must lie in the time of its role, day 0 to 8 (got 9)",
    ),
    Bad(
        "offer before the role begins",
        "file",
        swap(
            MEDIATOR,
            "mediator: [{audience: Broker}, {audience: Port, from: 9, policy: scripted, days: [8]}]",
        ),
        "{path}:54:83: mediator.1.days.0: must lie in the time of its role, from day 9 on (got 8)",
    ),
    Bad(
        "arm that lays one role over a list",
        "file",
        swap(MEDIATOR, "mediator: [{audience: Broker}, {audience: Port, from: 9}]"),
        "{path}:60:15: arms.offer.mediator: must be a list, as what it overlays is; it replaces that as a whole",
    ),
    Bad(
        "unknown key of a later role",
        "file",
        swap(MEDIATOR, "mediator: [{audience: Broker}, {audience: Port, form: 9}]"),
        "{path}:54:49: mediator.1.form: unknown key; did you mean from?",
    ),
    Bad(
        "unknown escalation issue",
        "file",
        swap("escalation: raids", "escalation: raid"),
        "{path}:54:68: mediator.escalation: unknown issue; did you mean raids? (got raid)",
    ),
    Bad(
        "unknown peer",
        "file",
        swap("Broker: {Port: 2}", "Broker: {Pott: 2}"),
        "{path}:36:12: peers.Broker.Pott: unknown audience; did you mean Port? (got Pott)",
    ),
    Bad(
        "unknown listener",
        "file",
        swap("  Port: {Broker: 3}", "  Portt: {Broker: 3}"),
        "{path}:37:3: peers.Portt: unknown audience; did you mean Port? (got Portt)",
    ),
    Bad(
        "unknown issue in salience",
        "file",
        swap(
            "salience: {background: 1.0, raids: 0.05}", "salience: {background: 1.0, rades: 0.05}"
        ),
        "{path}:24:31: audiences.Broker.salience.rades: unknown issue; did you mean raids? (got rades)",
    ),
    Bad(
        "unknown issue in judgements",
        "file",
        swap(
            "    raids: {Aria: 0.2, Boreas: -0.1}",
            "    raids: {Aria: 0.2, Boreas: -0.1}\n    water: {Aria: 0, Boreas: 0}",
        ),
        "{path}:35:5: audiences.Port.judgements.water: unknown issue; known: background, raids (got water)",
    ),
    Bad(
        "unknown audience in a prior",
        "file",
        swap("{Broker: 0.5, Port: 0.4}", "{Broker: 0.5, Port: 0.4, Hill: 0.1}"),
        "{path}:47:80: claims.armed.prior.Hill: unknown audience; known: Broker, Port (got Hill)",
    ),
    Bad(
        "unknown audience of a narrative",
        "file",
        swap("from: 12", "audiences: [Broker, Prot]"),
        "{path}:45:112: narratives.talks.audiences.1: unknown audience; did you mean Port? (got Prot)",
    ),
    Bad(
        "two answers to one offer",
        "file",
        swap(
            "acceptance: logit}",
            "acceptance: scripted, answers: [{day: 9, accepts: true}, {day: 9, accepts: false}]}",
        ),
        "{path}:11:114: claimants.Boreas.answers.1.day: must come after the answer before it, on day 9 (got 9)",
    ),
    Bad(
        "unknown strategy",
        "file",
        swap("strategy: scripted", "strategy: scriptd"),
        "{path}:11:41: claimants.Boreas.strategy: unknown strategy; did you mean scripted? (got scriptd)",
    ),
    Bad(
        "unknown acceptance",
        "file",
        swap("acceptance: logit", "acceptance: logic"),
        "{path}:11:63: claimants.Boreas.acceptance: unknown acceptance rule; did you mean logit? (got logic)",
    ),
    Bad(
        "unknown policy",
        "file",
        swap("policy: none", "policy: quite"),
        "{path}:54:38: mediator.policy: unknown policy; did you mean quiet? (got quite)",
    ),
    Bad(
        "unknown rule",
        "file",
        swap("update_rule: friedkin_johnsen", "update_rule: friedkin_jonsen"),
        "{path}:55:14: update_rule: unknown update rule; did you mean friedkin_johnsen? (got friedkin_jonsen)",
    ),
    Bad(
        "unknown rule in a mapping",
        "file",
        swap("update_rule: friedkin_johnsen", "update_rule: {name: bounded, eps: 0.5}"),
        "{path}:55:21: update_rule.name: unknown update rule; known: assimilation_contrast, biased_assimilation, bounded_confidence, friedkin_johnsen, gaussian_bayes (got bounded)",
    ),
    Bad(
        "rule as a path",
        "file",
        swap("update_rule: friedkin_johnsen", "update_rule: ../evil.py"),
        "{path}:55:14: update_rule: unknown update rule; known: assimilation_contrast, biased_assimilation, bounded_confidence, friedkin_johnsen, gaussian_bayes (got ../evil.py)",
    ),
    Bad(
        "rule option that is no number",
        "file",
        swap(
            "update_rule: friedkin_johnsen", "update_rule: {name: bounded_confidence, eps: wide}"
        ),
        "{path}:55:46: update_rule.eps: must be a finite number such as 2 or 0.5, without quotes (got wide)",
    ),
    Bad(
        "unknown rule option",
        "file",
        swap(
            "update_rule: friedkin_johnsen", "update_rule: {name: bounded_confidence, epss: 0.5}"
        ),
        "{path}:55:41: update_rule.epss: unknown option; did you mean eps?",
    ),
    Bad(
        "rule without a name",
        "file",
        swap("update_rule: friedkin_johnsen", "update_rule: {eps: 0.5}"),
        "{path}:55:14: update_rule.name: is missing",
    ),
    Bad(
        "unknown message type",
        "file",
        swap("type: DENY", "type: DENIE"),
        "{path}:44:41: narratives.no part.type: unknown message type; did you mean DENY? (got DENIE)",
    ),
    Bad(
        "message type in small letters",
        "file",
        swap("type: DENY", "type: deny"),
        "{path}:44:41: narratives.no part.type: unknown message type; did you mean DENY? (got deny)",
    ),
    Bad(
        "unknown breadth",
        "file",
        swap("  bonus: 1.2", "  bonus: 1.2\n  breadth: crossparty"),
        "{path}:16:12: delegations.A one.breadth: unknown breadth; did you mean cross_party? (got crossparty)",
    ),
    Bad(
        "unknown baseline",
        "file",
        swap("baseline: no_offer", "baseline: no_ofer"),
        "{path}:56:11: baseline: unknown arm; did you mean no_offer? (got no_ofer)",
    ),
    Bad(
        "one claimant",
        "file",
        swap("- {name: Boreas, effort: 0.8, strategy: scripted, acceptance: logit}\n", ""),
        "{path}:10:1: claimants: must hold exactly 2 items (got 1)",
    ),
    Bad(
        "three claimants",
        "file",
        swap(
            "- {name: Aria, effort: 1.0, campaign_start: 4}",
            "- {name: Aria, effort: 1.0, campaign_start: 4}\n- {name: Corvus}",
        ),
        "{path}:10:1: claimants: must hold exactly 2 items (got 3)",
    ),
    Bad(
        "no issue",
        "file",
        swap("issues:\n- {name: background}\n- {name: raids}", "issues: []"),
        "{path}:38:9: issues: must hold at least 1 item (got 0)",
    ),
    Bad(
        "attack without a claim",
        "file",
        swap("evidence: 0.6, claim: armed}", "evidence: 0.6}"),
        "{path}:42:3: narratives.raiders.claim: is missing: an ATTACK names the claim that accuses its rival",
    ),
    Bad(
        "attack on oneself",
        "file",
        swap("evidence: 0.6, claim: armed}", "evidence: 0.6, claim: rebels}"),
        "{path}:42:93: narratives.raiders.claim: must accuse the rival of the ATTACK's sender (got rebels)",
    ),
    Bad(
        "attack with the parity claim",
        "file",
        swap("evidence: 0.6, claim: armed}", "evidence: 0.6, claim: on a par}"),
        "{path}:42:93: narratives.raiders.claim: must accuse the rival of the ATTACK's sender (got on a par)",
    ),
    Bad(
        "attack on another issue",
        "file",
        swap("type: ATTACK, issue: raids", "type: ATTACK, issue: background"),
        "{path}:42:98: narratives.raiders.claim: must be about the narrative's issue, background (got armed)",
    ),
    Bad(
        "denial of what the rival is accused of",
        "file",
        swap("evidence: 0.5, claim: armed}", "evidence: 0.5, claim: rebels}"),
        "{path}:44:93: narratives.no part.claim: must accuse the DENY's sender, or be the parity claim (got rebels)",
    ),
    Bad(
        "denial on another issue",
        "file",
        swap("type: DENY, issue: raids", "type: DENY, issue: background"),
        "{path}:44:98: narratives.no part.claim: must be about the narrative's issue, background (got armed)",
    ),
    Bad(
        "promotion with an accusation",
        "file",
        swap("share: 2, evidence: 0.8", "share: 2, evidence: 0.8, claim: armed"),
        "{path}:43:97: narratives.trade.claim: must be the parity claim: a PROMOTE accuses nobody (got armed)",
    ),
    Bad(
        "two parity claims",
        "file",
        swap(
            "{name: rebels, accused: Aria, issue: raids, prior: 0.2}",
            "{name: rebels, parity: true, prior: 0.2}",
        ),
        "{path}:49:28: claims.on a par.parity: must be true of one claim only (got true)",
    ),
    Bad(
        "claim that accuses nobody",
        "file",
        swap("{name: rebels, accused: Aria, issue: raids,", "{name: rebels, issue: raids,"),
        "{path}:48:3: claims.rebels.accused: is missing: only the parity claim goes without",
    ),
    Bad(
        "claim about nothing",
        "file",
        swap("{name: rebels, accused: Aria, issue: raids,", "{name: rebels, accused: Aria,"),
        "{path}:48:3: claims.rebels.issue: is missing: only the parity claim goes without",
    ),
    Bad(
        "parity claim that accuses",
        "file",
        swap("parity: true,", "parity: true, accused: Aria,"),
        "{path}:49:43: claims.on a par.accused: must be left out of the parity claim (got Aria)",
    ),
    Bad(
        "parity claim about an issue",
        "file",
        swap("parity: true,", "parity: true, issue: raids,"),
        "{path}:49:41: claims.on a par.issue: must be left out of the parity claim (got raids)",
    ),
    Bad(
        "prior not for all",
        "file",
        swap("{Broker: 0.5, Port: 0.4}", "{Broker: 0.5}"),
        "{path}:47:55: claims.armed.prior.Port: is missing",
    ),
    Bad(
        "trust not for both",
        "file",
        swap("trust: {Aria: 0.6, Boreas: 0.4}", "trust: {Aria: 0.6}"),
        "{path}:25:10: audiences.Broker.trust.Boreas: is missing",
    ),
    Bad(
        "judgement of the background missing",
        "file",
        swap("    background: {Aria: 0.1, Boreas: 0.2}\n", ""),
        "{path}:33:5: audiences.Port.judgements.background.Aria: is missing: on an issue left out it judges as on this one",
    ),
    Bad(
        "no judgements",
        "file",
        swap(
            "  judgements:\n    background: {Aria: 0.1, Boreas: 0.2}\n    raids: {Aria: 0.2, Boreas: -0.1}\n",
            "",
        ),
        "{path}:29:3: audiences.Port.judgements: is missing",
    ),
    Bad(
        "initial sympathy not for both",
        "file",
        swap("  importance: 2", "  importance: 2\n  initial_sympathy: {Aria: 0.1}"),
        "{path}:31:21: audiences.Port.initial_sympathy.Boreas: is missing",
    ),
    Bad(
        "first issue not at 1",
        "file",
        swap("{background: 1.0, raids: 0.05}", "{background: 0.5, raids: 0.05}"),
        "{path}:24:26: audiences.Broker.salience.background: must be 1, as for every first issue (got 0.5)",
    ),
    Bad(
        "all-zero importance",
        "file",
        swap("importance: 4", "importance: 0", swap("importance: 2", "importance: 0")),
        "{path}:20:1: audiences: importances must not all be 0",
    ),
    Bad(
        "all-zero shares",
        "file",
        swap("share: 4", "share: 0", swap("share: 2, evidence: 0.8", "share: 0, evidence: 0.8")),
        "{path}:42:1: narratives: shares of Aria must not all be 0",
    ),
    Bad(
        "all-zero peers",
        "file",
        swap("Broker: {Port: 2}", "Broker: {Port: 0}"),
        "{path}:36:11: peers.Broker: weights must not all be 0",
    ),
    Bad(
        "no pull and no start",
        "file",
        swap("{parity: 0.4}", "{anchor_pull: 0}"),
        "{path}:20:3: audiences.Broker.initial_sympathy: is missing: with an anchor_pull of 0 nothing else fixes the start",
    ),
    Bad(
        "own pull of 0 and no start",
        "file",
        swap("  importance: 2", "  importance: 2\n  anchor_pull: 0"),
        "{path}:29:3: audiences.Port.initial_sympathy: is missing: with an anchor_pull of 0 nothing else fixes the start",
    ),
    Bad(
        "assertion of an accusation",
        "file",
        swap("claim: armed}\n- {name: inquiry", "claim: armed, asserts: 0.2}\n- {name: inquiry"),
        "{path}:51:103: events.raid.asserts: must go with the parity claim; another claim is asserted by con (got 0.2)",
    ),
    Bad(
        "assertion of nothing",
        "file",
        swap(
            "{claim: armed, finding: 0.9, weight: 0.3}}",
            "{claim: armed, finding: 0.9, weight: 0.3}, asserts: 0.2}",
        ),
        "{path}:52:94: events.inquiry.asserts: must go with the parity claim; another claim is asserted by con (got 0.2)",
    ),
    Bad(
        "event on the first issue's salience",
        "file",
        swap("salience: {raids: 1.5}", "salience: {background: 1.5}"),
        "{path}:51:61: events.raid.salience.background: must be left out: the first issue's salience is always 1 (got 1.5)",
    ),
    Bad(
        "incidents on the first issue's salience",
        "file",
        swap("salience: {raids: 0.3}", "salience: {background: 0.3}"),
        "{path}:53:56: incidents.salience.background: must be left out: the first issue's salience is always 1 (got 0.3)",
    ),
    Bad(
        "arms without a baseline",
        "file",
        swap("baseline: no_offer\n", ""),
        "{path}:1:1: baseline: is missing: one of the arms is what the others are compared with",
    ),
    Bad(
        "baseline without arms",
        "file",
        swap("arms:\n  no_offer: {}\n  offer:\n    mediator: {policy: scripted}\n", ""),
        "{path}:56:11: baseline: must be left out where there are no arms (got no_offer)",
    ),
    Bad(
        "one issue with attention",
        "file",
        ONE_ISSUE,
        "{path}:8:11: switches.attention: must be false where there is one issue: nothing is left to turn attention to (got true)",
    ),
    Bad(
        "arm that is nothing",
        "file",
        swap("  no_offer: {}", "  no_offer:"),
        "{path}:58:12: arms.no_offer: must be a mapping (got nothing)",
    ),
    Bad(
        "arm with an unknown key",
        "file",
        swap("    mediator: {policy: scripted}", "    mediatr: {policy: scripted}"),
        "{path}:60:5: arms.offer.mediatr: unknown key; did you mean mediator?",
    ),
    Bad(
        "arm with a bad value",
        "file",
        swap("    mediator: {policy: scripted}", "    mediator: {policy: scripted, days: [99]}"),
        "{path}:60:41: arms.offer.mediator.days.0: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 99)",
    ),
    Bad(
        "arm with another seed",
        "file",
        swap("    mediator: {policy: scripted}", "    seed: 1"),
        "{path}:60:5: arms.offer.seed: is the same in every arm; set it above the arms",
    ),
    Bad(
        "arm with other steps",
        "file",
        swap("    mediator: {policy: scripted}", "    steps: 10"),
        "{path}:60:5: arms.offer.steps: is the same in every arm; set it above the arms",
    ),
    Bad(
        "arm named as a path",
        "file",
        swap("  offer:", "  ../offer:"),
        "{path}:59:3: arms.../offer: may hold only letters a to z, digits, _ and -, and begins with a letter or digit (got ../offer)",
    ),
    Bad(
        "arms that differ in case",
        "file",
        swap("  offer:", "  NO_OFFER:"),
        "{path}:59:3: arms.NO_OFFER: is the same name as no_offer, upper and lower case being alike (got NO_OFFER)",
    ),
    Bad(
        "arm that drops what is not there",
        "file",
        swap("    mediator: {policy: scripted}", "    events: [{name: rain, drop: true}]"),
        "{path}:60:14: arms.offer.events.rain: unknown item to drop; did you mean raid? (got rain)",
    ),
    Bad(
        "arm that drops what is needed",
        "file",
        swap("    mediator: {policy: scripted}", "    claims: [{name: armed, drop: true}]"),
        "{path}:42:93: narratives.raiders.claim: in arm offer, unknown claim; known: rebels, on a par (got armed)",
    ),
    Bad(
        "arm with an item without a name",
        "file",
        swap("    mediator: {policy: scripted}", "    claimants: [{effort: 1}]"),
        "{path}:10:1: claimants: in arm offer, must hold exactly 2 items (got 3)",
    ),
    Bad(
        "arm that empties a list",
        "file",
        swap("    mediator: {policy: scripted}", "    events: []"),
        "{path}:60:13: arms.offer.events: an empty list changes nothing; items are removed by {name: ..., drop: true}",
    ),
    Bad(
        "drop outside an overlay",
        "file",
        swap("title: A small case", "title: A small case\ndrop: true"),
        "{path}:4:1: drop: removes what is overlaid, and nothing is here",
    ),
    Bad(
        "extends by path",
        "file",
        swap("seed: 0", "extends: ../kashmir_2025"),
        "{path}:4:10: extends: must be the plain name of a scenario of the same folder, such as kashmir_2025 (got ../kashmir_2025)",
    ),
    Bad(
        "extends by absolute path",
        "file",
        swap("seed: 0", "extends: /etc/passwd"),
        "{path}:4:10: extends: must be the plain name of a scenario of the same folder, such as kashmir_2025 (got /etc/passwd)",
    ),
    Bad(
        "extends by file name",
        "file",
        swap("seed: 0", "extends: kashmir_2025.yaml"),
        "{path}:4:10: extends: must be the name without .yaml: kashmir_2025 (got kashmir_2025.yaml)",
    ),
    Bad(
        "extends an unknown scenario",
        "file",
        swap("seed: 0", "extends: kashmir_2024"),
        "{path}:4:10: extends: unknown scenario; did you mean kashmir_2025? (got kashmir_2024)",
    ),
    Bad(
        "extends a list",
        "file",
        swap("seed: 0", "extends: [kashmir_2025]"),
        "{path}:4:10: extends: must be the plain name of a scenario of the same folder, such as kashmir_2025 (got a list)",
    ),
    Bad(
        "set: no equals sign",
        "set",
        "parameters.parity",
        "--set: must be written key.path=value (got parameters.parity)",
    ),
    Bad("set: no key", "set", "=3", "--set: must be written key.path=value (got =3)"),
    Bad(
        "set: unknown parameter",
        "set",
        "parameters.parrity=0.5",
        "--set: parameters.parrity: unknown key; did you mean parity?",
    ),
    Bad(
        "set: unknown section",
        "set",
        "paramters.parity=0.5",
        "--set: paramters: unknown key; did you mean parameters?",
    ),
    Bad(
        "set: unknown item",
        "set",
        "audiences.Prot.importance=3",
        "--set: audiences.Prot: unknown item; did you mean Port? (got Prot)",
    ),
    Bad(
        "set: unknown key of an item",
        "set",
        "audiences.Port.importanse=3",
        "--set: audiences.Port.importanse: unknown key; did you mean importance?",
    ),
    Bad(
        "set: inside a value",
        "set",
        "seed.x=3",
        "--set: seed.x: there is nothing inside a single value",
    ),
    Bad(
        "set: parameter out of range",
        "set",
        "parameters.parity=1.3",
        "--set: parameters.parity: must lie in 0 to 1 (got 1.3)",
    ),
    Bad(
        "set: NaN",
        "set",
        "parameters.parity=nan",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got nan)",
    ),
    Bad(
        "set: infinity",
        "set",
        "parameters.parity=.inf",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got .inf)",
    ),
    Bad(
        "set: too large",
        "set",
        "parameters.parity=1e400",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1e400)",
    ),
    Bad(
        "set: quoted",
        "set",
        'parameters.parity="0.4"',
        '--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got "0.4")',
    ),
    Bad(
        "set: true for a number",
        "set",
        "parameters.parity=true",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got true)",
    ),
    Bad(
        "set: octal",
        "set",
        "parameters.parity=012",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 012)",
    ),
    Bad(
        "set: underscore",
        "set",
        "parameters.parity=1_000",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1_000)",
    ),
    Bad(
        "set: base sixty",
        "set",
        "parameters.parity=1:30",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1:30)",
    ),
    Bad(
        "set: nothing",
        "set",
        "parameters.parity=",
        "--set: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got nothing)",
    ),
    Bad(
        "set: flag",
        "set",
        "switches.noise=no",
        "--set: switches.noise: must be true or false (got no)",
    ),
    Bad("set: negative steps", "set", "steps=-5", "--set: steps: must lie in 1 to 36500 (got -5)"),
    Bad(
        "set: negative duration",
        "set",
        "parameters.tension_half_life=-5",
        "--set: parameters.tension_half_life: must be above 0 (got -5)",
    ),
    Bad(
        "set: day past the horizon",
        "set",
        "events.inquiry.day=2025-05-22",
        "--set: events.inquiry.day: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 2025-05-22)",
    ),
    Bad(
        "set: unknown policy",
        "set",
        "mediator.policy=quite",
        "--set: mediator.policy: unknown policy; did you mean quiet? (got quite)",
    ),
    Bad(
        "set: all-zero weights",
        "set",
        "peers.Broker.Port=0",
        "--set: peers.Broker: weights must not all be 0",
    ),
    Bad(
        "set: same name",
        "set",
        "audiences.Port.name=BROKER",
        "--set: audiences.BROKER.name: is the same name as Broker, upper and lower case being alike (got BROKER)",
    ),
    Bad(
        "set: control character",
        "set",
        "title=a\x1b[31mb",
        "--set: title: must not hold control or invisible characters (got a\\x1b[31mb)",
    ),
    Bad("set: extends", "set", "extends=kashmir_2025", "--set: extends: can only stand in a file"),
    Bad(
        "set: unknown arm",
        "set",
        "arms.ofer.seed=1",
        "--set: arms.ofer: unknown arm; did you mean offer? (got ofer)",
    ),
    Bad(
        "set: steps in an arm",
        "set",
        "arms.offer.steps=10",
        "--set: arms.offer.steps: is the same in every arm; set it above the arms",
    ),
    Bad(
        "set: value in an arm",
        "set",
        "arms.offer.parameters.parity=1.3",
        "--set: arms.offer.parameters.parity: must lie in 0 to 1 (got 1.3)",
    ),
    Bad(
        "set: brackets that do not close",
        "set",
        "mediator.days=[14",
        "--set: mediator.days: is not valid YAML: expected ',' or ']', but got '<stream end>'",
    ),
    Bad(
        "set: anchor",
        "set",
        "mediator.days=[&a 14]",
        "--set: mediator.days: anchors and aliases (& and *) are not read; write the value out",
    ),
    Bad(
        "set: role of a single mediator by its place",
        "set",
        "mediator.0.policy=quiet",
        "--set: mediator.0: unknown key; known: audience, policy, days, escalation, from, description",
    ),
    Bad(
        "set: list of roles without a later day",
        "set",
        "mediator=[{audience: Broker}, {audience: Port}]",
        "--set: mediator.1.from: is missing",
    ),
    Bad(
        "set: offer past the horizon",
        "set",
        "mediator.days=[14, 40]",
        "--set: mediator.days.1: must lie within the run: day 0 to 39, 2025-04-12 to 2025-05-21 (got 40)",
    ),
    Bad(
        "set: parity out of range by its bare name",
        "set",
        "parity=1.3",
        "--set: parameters.parity: must lie in 0 to 1 (got 1.3)",
    ),
    Bad(
        "param: out of range",
        "param",
        "parameters.parity=0.1,1.3",
        "--param: parameters.parity: must lie in 0 to 1 (got 1.3)",
    ),
    Bad(
        "param: bare name",
        "param",
        "parity=0.1,1.3",
        "--param: parameters.parity: must lie in 0 to 1 (got 1.3)",
    ),
    Bad(
        "param: NaN",
        "param",
        "parity=0.1,nan",
        "--param: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got nan)",
    ),
    Bad(
        "param: quoted",
        "param",
        'parity=0.1,"0.2"',
        '--param: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got "0.2")',
    ),
    Bad(
        "param: underscore",
        "param",
        "parity=0.1,1_0",
        "--param: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got 1_0)",
    ),
    Bad(
        "param: true",
        "param",
        "parity=true,false",
        "--param: parameters.parity: must be a finite number such as 2 or 0.5, without quotes (got true)",
    ),
    Bad(
        "param: unknown parameter",
        "param",
        "parameters.parrity=0.1,0.2",
        "--param: parameters.parrity: unknown key; did you mean parity?",
    ),
    Bad(
        "param: unknown item",
        "param",
        "audiences.Prot.importance=1,2",
        "--param: audiences.Prot: unknown item; did you mean Port? (got Prot)",
    ),
    Bad(
        "param: weight",
        "param",
        "audiences.Port.importance=1,-1",
        "--param: audiences.Port.importance: must be at least 0 (got -1)",
    ),
    Bad(
        "param: negative duration",
        "param",
        "tension_half_life=5,-5",
        "--param: parameters.tension_half_life: must be above 0 (got -5)",
    ),
    Bad(
        "param: unknown policy",
        "param",
        "mediator.policy=none,quite",
        "--param: mediator.policy: unknown policy; did you mean quiet? (got quite)",
    ),
)
