"""Mutated documents: InputError or a scenario, nothing else, and soon."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

from sim.errors import InputError
from sim.scenario.scenario import Scenario
from sim.scenario.template import template
from tests.pace import slower_than
from tests.scenario.bad_input import GOOD

NASTY = (
    b"[", b"]", b"{", b"}", b": ", b"- ", b"? ", b"&a ", b"*a ", b"<<: ", b"!!python/name:os ",
    b"!!binary ", b"! ", b"|\n", b">\n", b"%YAML 9.9\n", b"---\n", b"...\n", b"# ", b"'", b'"',
    b"\\x00", b'"\\U00110000"', b'"\\ud800"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\t", b"\r",
    b"\xc2\x85", b"\xe2\x80\xa8", b".nan", b".inf", b"1e400", b"9" * 401, b"-0", b"1:30", b"0x1",
    b"null", b"~", b"true", b"{value: 1, source: x}", b"{value: {value: 1}}", b"source: x",
    b"{drop: true}", b"drop: true, ", b"name: x, ", b"extends: kashmir_2025\n", b"extends: case\n",
    b"arms: {x: {}}\n", b"2025-02-30", b"9999-12-31", b"0001-01-01", b"home", b"@", b"`", b",",
    b"[" * 40, b"{a: " * 40, b"x" * 3000, b"\xef\xbc\xa1ria", "\u202e".encode(),
    b"parameters: {noise: 1}\n", b"%TAG ! tag:x,2000:\n", b"\n\n", b"  ",
)  # fmt: skip


SHORT = """\
name: short
steps: 9
start_date: 2025-04-12
parameters: {parity: {value: 0.4, source: a book}}
claimants: [{name: A}, {name: B, effort: 2}]
issues: [{name: one}, {name: two}]
audiences:
- name: X
  importance: 1
  trust: {A: 0.5, B: 0.5}
  judgements: {one: {A: 0, B: 0.1}, two: {A: -1, B: 1}}
narratives: [{name: n, sender: A, type: ATTACK, issue: two, share: 1, evidence: 1, claim: c}]
claims: [{name: c, accused: B, issue: two, prior: 0.5}]
events: [{name: e, day: 2025-04-13, con: {B: 1}, claim: c}]
baseline: a
arms: {a: {}, b: {events: [{name: e, drop: true}]}}
"""


def mutate(seed: bytes, chance: random.Random) -> bytes:
    """The document after a few changes."""
    text = bytearray(seed)
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(5)
        if kind == 0 and text:  # flip a bit
            text[min(at, len(text) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:  # drop a passage
            del text[at : at + chance.choice([1, 3, 20, 200])]
        elif kind == 2:
            text[at:at] = chance.choice(NASTY)
        elif kind == 3:  # a token for another
            tokens = bytes(text).split(b" ")
            one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
            tokens[one], tokens[other] = tokens[other], chance.choice([tokens[one], *NASTY])
            text = bytearray(b" ".join(tokens))
        else:  # a line again, elsewhere
            lines = bytes(text).split(b"\n")
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
            text = bytearray(b"\n".join(lines))
    return bytes(text)


def test_mutated_documents_are_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(20250412)  # noqa: S311 - repeatable, not secret
    seeds = [SHORT.encode()] * 6 + [GOOD.encode()] * 3 + [template().encode()]
    path = tmp_path / "case.yaml"
    accepted, slowest = 0, (0.0, b"")
    for _ in range(3_000):
        text = mutate(chance.choice(seeds), chance)
        path.write_bytes(text)
        before = time.thread_time()
        try:
            scenario = Scenario.from_yaml(path)
        except InputError as error:
            lines = str(error).split("\n")
        else:
            accepted += 1
            lines = [str(path)]
            if accepted % 20 == 0:
                assert Scenario.from_dict(scenario.to_dict()) == scenario
        assert all(line.isprintable() for line in lines), text
        assert lines[0].startswith(str(path)), (text, lines[0])
        slowest = max(slowest, (time.thread_time() - before, text))
    assert accepted > 100  # mutation leaves some documents valid, so both ways are walked
    assert accepted < 2_000
    path.write_bytes(slowest[1])

    def read() -> None:
        with contextlib.suppress(InputError):
            Scenario.from_yaml(path)

    assert not slower_than(2, read)


def test_mutated_assignments_are_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    path = tmp_path / "case.yaml"
    path.write_text(GOOD)
    scenario = Scenario.from_yaml(path)
    seeds = [
        b"audiences.Broker.importance=3",
        b"mediator.days=[1, 2]",
        b"arms.offer.parameters.parity=1",
        b"delegations.A one.itinerary.1.day=20",
        b"update_rule={name: bounded_confidence}",
    ]
    for seed in seeds:
        scenario.set([seed.decode()])
    refused = 0
    for _ in range(1_500):
        words = ""
        text = mutate(chance.choice(seeds), chance).decode("utf-8", "surrogateescape")
        try:
            scenario.set([text])
        except InputError as error:
            words = str(error)
            refused += 1
        assert all(line.isprintable() for line in words.split("\n")), text
    assert 1_000 < refused < 1_500
