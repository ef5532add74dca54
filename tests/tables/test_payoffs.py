"""Payoffs against numbers worked out by hand, and the same bits in any company."""

from __future__ import annotations

import numpy as np
import pytest

from sim.running.executing import by_ensemble, certain_lanes
from sim.scenario.scenario import Scenario
from sim.tables.columns import markdown
from sim.tables.metric_texts import metric_texts
from sim.tables.metrics import values
from sim.tables.payoffs import PAYOFFS, payoff_values
from sim.world.arrays import Record, World
from sim.world.building import build
from tests.interface.conftest import SMALL

BROKER, PORT, HILL = range(3)  # importance 4, 2, 3; Port is not Western


@pytest.fixture(scope="module")
def world() -> World:
    """Of 12 days, with an offer on day 8."""
    return build(Scenario.from_yaml(SMALL, arm="offer").replace(steps=12))


@pytest.fixture(scope="module")
def batch(world: World) -> Record:
    return by_ensemble(world, certain_lanes(world), 3, np.arange(6, dtype=np.uint64)).record


@pytest.fixture
def record(batch: Record) -> Record:
    """One run of three days: Aria's lead at Broker .2, .4, .6, .8, elsewhere all is even."""
    sympathy = np.zeros((4, 3, 2))
    sympathy[:, BROKER, 0] = [0.2, 0.4, 0.6, 0.8]
    sympathy[:, BROKER, 1] = [-0.2, -0.4, -0.6, -0.8]
    mediation, standing = np.array([0.0, 0.0, 1.0, 1.0]), np.zeros((4, 2))
    standing[2:, 0] = 1.0  # Aria has accepted from day 2 on, Boreas has not
    one = Record(*(None if field is None else np.zeros(1) for field in batch))
    return one._replace(sympathy=sympathy, mediation=mediation, standing=standing)


def test_known_answers(record: Record, world: World) -> None:
    world = world._replace(steps=3)
    expected = {
        "lead": (0.8 * 4 / 9, -0.8 * 4 / 9),
        "mean_lead": ((0.4 + 0.6 + 0.8) / 3 * 4 / 9, -(0.4 + 0.6 + 0.8) / 3 * 4 / 9),
        "western_lead": (0.8 * 4 / 7, -0.8 * 4 / 7),
        # of Broker and Hill: Boreas lost .6 and 0, Aria -.6 and 0
        "wedge": (0.3, -0.3),
        # on day 2 the offer stands that Boreas has refused: from -.6 to -.8 at the mediator's
        "refusal": (0.0, -0.2),
    }
    assert set(expected) == set(PAYOFFS)
    for name, both in expected.items():
        assert payoff_values(name, record, world) == pytest.approx(both, abs=1e-15), name


def test_zero_sum_payoffs_add_up_to_nothing(batch: Record, world: World) -> None:
    for name, payoff in PAYOFFS.items():
        total = payoff_values(name, batch, world).sum(axis=-1)
        assert (total == 0.0).all() == payoff.zero_sum, name


def test_lead_is_that_of_the_metric(batch: Record, world: World) -> None:
    assert (payoff_values("lead", batch, world)[:, 0]
            == values("lead", batch, world)[:, -1, 0, 0]).all()  # fmt: skip


def test_nobody_in_the_west_has_no_lead_there(batch: Record, world: World) -> None:
    none = world._replace(western=np.zeros(3, dtype=bool))
    for name in ("western_lead", "wedge"):
        assert (payoff_values(name, batch, none) == 0.0).all()


@pytest.mark.parametrize("name", PAYOFFS)
def test_company_changes_no_bit(batch: Record, world: World, name: str) -> None:
    together = payoff_values(name, batch, world)
    alone = by_ensemble(world, certain_lanes(world), 3, np.array([4], dtype=np.uint64)).record
    assert (payoff_values(name, alone, world)[0] == together[4]).all()


def test_payoffs_are_described() -> None:
    assert metric_texts("PAYOFFS") == [(n, p.unit, p.meaning) for n, p in PAYOFFS.items()]
    assert all(f"| `{name}` |" in markdown() for name in PAYOFFS)
