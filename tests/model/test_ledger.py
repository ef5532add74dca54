"""The ledger: every change of sympathy, booked to its cause (docs/model.md, section 6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim.engines.agents import NarrativeModel
from sim.engines.agents.ledger import LedgerEntry
from sim.parameters import Switches
from sim.plugins import registry
from sim.scenario.scenario import Scenario
from sim.world.arrays import DENY, Record
from tests.conftest import JIT
from tests.engines.accounting import RULES, booked, weighed
from tests.engines.cases import case, row
from tests.engines.comparing import same_bits
from tests.generators import Document, scenarios

CAUSES = {
    "interests", "salience", "parity", "peer", "message", "world", "goodwill", "pique", "noise", "clip",
}  # fmt: skip
# Sums of a few dozen numbers of size 1: a few units in the last place.
TOLERANCE = 1e-12


def run(scenario: Scenario, **more: Any) -> tuple[NarrativeModel, Record]:
    model = NarrativeModel(scenario, seed=4, replicate=1, ledger=True, **more)
    return model, model.run()


def by_cell(model: NarrativeModel) -> dict[tuple[int, int, int], list[LedgerEntry]]:
    cells: dict[tuple[int, int, int], list[LedgerEntry]] = defaultdict(list)
    assert model.ledger is not None
    for entry in model.ledger:
        cells[entry.step, entry.a, entry.k].append(entry)
    return cells


def check_sums(model: NarrativeModel, record: Record) -> None:
    """Rows add up to the change, link by link, under known causes only."""
    cells = by_cell(model)
    steps, audiences, _ = record.sympathy[1:].shape
    assert set(cells) == set(np.ndindex(steps, audiences, 2))
    for (t, a, k), entries in cells.items():
        start, end = record.sympathy[t, a, k], record.sympathy[t + 1, a, k]
        assert {entry.cause for entry in entries} <= CAUSES
        assert abs(sum(entry.delta for entry in entries) - (end - start)) <= TOLERANCE
        assert entries[0].before == start
        for one, following in pairwise(entries):
            assert one.after == following.before
        assert abs(entries[-1].after - end) <= TOLERANCE
        for entry in entries:
            assert abs(entry.before + entry.delta - entry.after) <= TOLERANCE


def check_rows(model: NarrativeModel, record: Record) -> None:
    """Each row is what a second computation from the log gives, and none is missing."""
    for (t, a, k), entries in by_cell(model).items():
        found: dict[tuple[str, str], float] = defaultdict(float)
        for entry in entries:
            found[entry.cause, entry.cause_id] += entry.delta
        expected = booked(model, record, t, a, k)
        if expected is None:
            continue
        for cause in {*found, *expected}:
            apart = abs(found.get(cause, 0.0) - expected.get(cause, 0.0))
            assert apart <= TOLERANCE, (t, a, k, cause, found.get(cause), expected.get(cause))


def check_exposures(model: NarrativeModel, record: Record) -> None:
    """The exposures kept for the log are those of the same second computation."""
    for t, kept in enumerate(model.exposures):
        days = [weighed(model, record, t, a, 0) for a in range(len(model.audiences))]
        expected = [x for day in days for x in day.exposures]
        np.testing.assert_allclose(kept, expected, rtol=0.0, atol=TOLERANCE)
        attention = [day.attention for day in days]
        np.testing.assert_allclose(record.attention[t], attention, rtol=0.0, atol=TOLERANCE)


def check_news(model: NarrativeModel, record: Record) -> None:
    """What the world said is logged as it was heard on the day it happened."""
    world, at_once = model.world, 1.0 - model.values.news_retention
    pro, con = np.zeros((world.steps, 2)), np.zeros((world.steps, 2))
    for day, item in model.past_news:
        pro[day] += item.pro
        con[day] += item.con
    hit = record.incidents
    expected_pro, expected_con = hit * world.incident_pro, hit[:, ::-1] * world.incident_con
    np.add.at(expected_pro, world.event_day, world.event_pro)
    np.add.at(expected_con, world.event_day, world.event_con)
    expected_pro, expected_con = at_once * expected_pro, at_once * expected_con
    np.testing.assert_allclose(pro, expected_pro, rtol=0.0, atol=TOLERANCE)
    np.testing.assert_allclose(con, expected_con, rtol=0.0, atol=TOLERANCE)


def check_all(model: NarrativeModel, record: Record) -> None:
    check_sums(model, record)
    check_rows(model, record)
    check_exposures(model, record)
    check_news(model, record)


@pytest.mark.slow
@settings(max_examples=100 if JIT else 60)
@given(document=scenarios())
def test_rows_of_made_scenarios_are_right_and_add_up(document: Document) -> None:
    check_all(*run(Scenario.from_dict(document)))


@pytest.mark.parametrize("arm", ["mediation", "no_us_role"])
def test_rows_of_the_case_are_right_and_add_up(arm: str) -> None:
    check_all(*run(Scenario.from_yaml("kashmir_2025", arm=arm).replace(steps=60)))


@pytest.mark.parametrize("switch", Switches._fields)
def test_rows_are_right_with_each_switch_off(switch: str) -> None:
    for number in range(6):
        off = {"switches": {**row(80)[number]["switches"], switch: False}}
        check_all(*run(case(number, **off)))


@pytest.mark.parametrize("rule", registry.names("rules"))
def test_rows_are_right_under_each_rule(rule: str) -> None:
    if rule not in RULES:
        pytest.fail(f"the accounting in accounting.py has no K for the rule {rule}")
    for number in range(8):
        check_all(*run(case(number, update_rule=rule)))


def test_rows_are_right_with_drawn_parameters() -> None:
    for number in range(8):
        check_all(*run(case(number), uncertain=True))


def test_denials_book_nothing_of_their_own() -> None:
    denials = 0
    for number in range(40):
        model, _ = run(case(number))
        ids = {message.id for message in model.messages if message.kind == DENY}
        denials += len(ids)
        assert model.ledger is not None
        assert not [entry for entry in model.ledger if entry.cause_id in ids]
    assert denials > 100


def test_message_ids_are_distinct() -> None:
    for number in range(40):
        model, _ = run(case(number))
        ids = [message.id for message in model.messages]
        ids += [notice.id for notice in model.notices]
        assert len(set(ids)) == len(ids)


LOUD = 0.5  # noise that carries sympathy over the ends


def test_rows_are_right_where_sympathy_is_clipped() -> None:
    for number in range(20):
        check_all(*run(case(number).replace(noise=LOUD)))


def test_every_cause_is_met() -> None:
    met: Counter[str] = Counter()
    on_the_edge = 0
    for number in range(60):
        model, record = run(case(number).replace(noise=LOUD if number % 2 else 0.01))
        assert model.ledger is not None
        met.update({entry.cause for entry in model.ledger})
        on_the_edge += booked(model, record, 0, 0, 0) is None
    assert set(met) == CAUSES
    assert min(met.values()) >= 10, met
    assert on_the_edge < 5  # hardly a row goes unchecked


def test_observing_changes_no_bit() -> None:
    for number in range(60):
        scenario = case(number)
        plain = NarrativeModel(scenario, seed=4, replicate=1).run()
        watched = NarrativeModel(scenario, seed=4, replicate=1, ledger=True)
        while watched.running:
            watched.datacollector.get_model_vars_dataframe()
            watched.record()
            _ = [audience.alignment + audience.regard for audience in watched.audiences]
            _ = watched.alignment + watched.regard + watched.mediation
            watched.step()
        assert same_bits(plain, watched.record())
