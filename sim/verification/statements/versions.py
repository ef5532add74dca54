"""What version 2 must keep: the statements with its parts on, and version 1 within it.

Source: section 7, V28, V29; section 3, nesting.
"""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path

import numpy as np

from sim.engines.agents import NarrativeModel
from sim.engines.ensemble.plan import lanes
from sim.engines.ensemble.run import FULL, simulate_many
from sim.engines.ensemble.uncertainty import uncertain_lanes
from sim.scenario.scenario import Scenario
from sim.studies.balance import balances
from sim.tables.frames import label, ledger
from sim.verification.comparing import record_of_run
from sim.verification.statements import equilibrium, symmetry
from sim.verification.statements.documents import (
    Document,
    drawn_case,
    replace_blocks,
    with_news_and_sums,
)
from sim.verification.statements.result import EXACT, Checks
from sim.verification.statements.running import apart, model_of
from sim.world.arrays import Record
from sim.world.building import build, setting

CASES, SEED = 4, 29
SUMS = 1e-12
STATES = ("sympathy", "salience", "kept", "broken", "credence", "tension", "mediation")
STORED = Path(__file__).with_name("version_1.json")
# How version 1 is nested: by the values of its parameters, or by the switches of what is new
NESTINGS: dict[str, Document] = {
    "values": {"parameters": {"crowding": 1.0, "news_half_life": 0.0}},
    "switches": {"switches": {"summation": False, "news": False}},
}


def with_all_parts() -> Checks:
    """V28: V8, V9, V10 and section 6's sums with issues that add, lasting news and stances."""
    for crowding in (0.0, 0.3, 1.0):
        change = partial(with_news_and_sums, crowding=crowding)
        for what, expected, obtained, tolerance in equilibrium.drift_in_silence(change):
            yield f"{what}, c {crowding:g}", expected, obtained, tolerance
    yield from symmetry.exchange_in_drawn_cases(with_news_and_sums)
    yield from equilibrium.bounds(with_news_and_sums)
    for number in range(CASES):
        yield from _sums_of_books(number)


def _sums_of_books(number: int) -> Checks:
    """Ledger rows add up to the day's change, shares of the standing balance to the level."""
    model = model_of(with_news_and_sums(drawn_case(number)), SEED, ledger=True)
    record, world = model.run(), model.world
    rows = ledger(model, label(world, SEED, 0, date(2025, 1, 1)))
    booked = rows.groupby(["step", "actor", "toward"], sort=False)["delta"].sum()
    moved = {
        (day, name, side): record.sympathy[day + 1, a, k] - record.sympathy[day, a, k]
        for day in range(world.steps)
        for a, name in enumerate(world.names.audiences)
        for k, side in enumerate(world.names.claimants)
    }
    off = max(abs(booked[cell] - change) for cell, change in moved.items())
    yield f"ledger against the day's change, case {number}", 0.0, off, SUMS
    standing = balances(record, world, model.setting, rows)
    levels = zip(standing, record.sympathy, strict=True)
    off = max(apart(balance.shares.sum(axis=0), level) for balance, level in levels)
    yield f"standing balance against the level, case {number}", 0.0, off, SUMS


def version_1() -> Checks:
    """V29: version 1's states, to the bit, by its values and by its switches, in both engines.

    Its states are stored as a digest of all days and as the last day's sympathies. Parameters and
    judgements are drawn in every second case: a switch acts after the draw.
    """
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    for number in range(CASES):
        for nesting, how in NESTINGS.items():
            uncertain = number % 2 == 1 and nesting == "switches"
            for engine, record in _runs(number, how, uncertain).items():
                then = stored[key_of(engine, number, uncertain)]
                what = f"{engine}, case {number}, version 1 by {nesting}"
                last = apart(np.array(then["last"]), record.sympathy[-1].ravel())
                yield f"last day apart, {what}", 0.0, last, EXACT
                yield f"records that differ, {what}", 0.0, digest(record) != then["digest"], EXACT


def key_of(engine: str, number: int, uncertain: bool) -> str:
    """Return the name under which a run of version 1 is stored."""
    return f"{engine}, case {number}, {'drawn' if uncertain else 'chance'}"


def digest(record: Record) -> str:
    """Return a digest of every bit of a run's states."""
    whole = blake2b(digest_size=16)
    for name in STATES:
        whole.update(np.ascontiguousarray(getattr(record, name), dtype="<f8").tobytes())
    return whole.hexdigest()


def _runs(number: int, how: Document, uncertain: bool) -> dict[str, Record]:
    """Return the run of a drawn case by each engine."""
    scenario = Scenario.from_dict(replace_blocks(drawn_case(number), **how))
    world, replicates = build(scenario), np.array([number], dtype=np.uint64)
    drawn = uncertain_lanes(world, SEED, replicates) if uncertain else lanes([setting(world)])
    many = simulate_many(world, drawn, SEED, replicates, fields=FULL, jobs=1)
    one = NarrativeModel(scenario, seed=SEED, replicate=number, uncertain=uncertain)
    return {"agents": one.run(), "compiled": record_of_run(many.record, 0)}
