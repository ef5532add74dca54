"""Chance told apart from the parameters, on models whose variances are known."""

import numpy as np
import pytest

from sim.estimators import chance

# y = (x1 + 2 x2) + (1 + x1) e with x uniform on 0..1, e standard normal and common to all points:
# var a = (1 + 4) / 12; var b = E(1 + x1)^2 = 9/4; var c = var x1 = 1/12; within = 9/4 + 1/12.
PARAMETERS, CHANCE, INTERACTING = 5 / 12, 7 / 3, 1 / 12


def sampled(seed: int, points: int = 64, replicates: int = 8) -> np.ndarray:
    generator = np.random.default_rng(seed)
    x = generator.random((points, 2))
    e = generator.normal(size=replicates)
    return (x[:, 0] + 2 * x[:, 1])[:, None] + (1 + x[:, 0])[:, None] * e[None, :]


def test_variances_are_unbiased_on_common_draws():
    found = np.array([chance.components(sampled(seed)) for seed in range(400)])
    errors = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    # three comparisons at 4 standard errors: a false alarm in 5,000 choices of seeds
    assert np.all(np.abs(found.mean(axis=0) - (PARAMETERS, CHANCE, INTERACTING)) < 4 * errors)


def test_taking_off_all_of_the_chance_would_be_wrong_on_common_draws():
    naive = [
        values.mean(axis=1).var(ddof=1) - values.var(axis=1, ddof=1).mean() / values.shape[1]
        for values in map(sampled, range(400))
    ]
    # expected too low by (var b) / R = 9/32
    error = np.std(naive, ddof=1) / np.sqrt(len(naive))
    assert abs(np.mean(naive) - (PARAMETERS - 9 / 32)) < 4 * error
    assert np.mean(naive) < PARAMETERS - 0.2


def test_the_interval_of_the_share_covers_it():
    true = PARAMETERS / (PARAMETERS + CHANCE)
    held = 0
    for seed in range(200):
        share = chance.shares("y", sampled(seed), np.arange(64), seed).iloc[0]
        held += share["low"] <= true <= share["high"]
    # 95 % of 200, less 3.2 standard errors of such a count: a false alarm in about 1,000
    assert held >= 180


def test_points_of_one_block_leave_together():
    values = sampled(1)
    alone = chance.shares("y", values, np.arange(64), 0)
    doubled = chance.shares("y", np.repeat(values, 2, axis=0), np.arange(128) // 2, 0)
    single = chance.shares("y", np.repeat(values, 2, axis=0), np.arange(128), 0)
    width = [frame["high"][0] - frame["low"][0] for frame in (alone, doubled, single)]
    assert width[1] == pytest.approx(width[0], rel=0.05)  # a copy is no new knowledge
    assert width[2] < width[1]


def test_without_chance_all_is_the_parameters_doing():
    shares = chance.shares("y", np.repeat(sampled(2)[:, :1], 5, axis=1), np.arange(64), 0)
    assert shares["share"].tolist() == pytest.approx([1.0, 0.0], abs=1e-12)


def test_without_any_variance_there_are_no_shares():
    shares = chance.shares("y", np.zeros((64, 5)), np.arange(64), 0)
    assert shares[["share", "low", "high"]].isna().all(axis=None)


def test_chance_alike_at_all_points_is_resolved():
    generator = np.random.default_rng(0)
    alike = generator.random((50, 1)) + 10 * generator.normal(size=(1, 6))
    assert chance.unresolved_share(alike) == pytest.approx(0.0, abs=1e-12)
    apart = generator.normal(size=(50, 6))  # nothing but chance: all of it is unresolved
    assert chance.unresolved_share(apart) > 0.5


def test_pseudo_values_are_the_jackknifes():
    values = sampled(3, points=4, replicates=6)
    sds, pseudo = chance.spread(values), chance.spread_by_replicate(values)
    for r in range(6):
        fewer = np.delete(values, r, axis=1).std(axis=1, ddof=1)
        np.testing.assert_allclose(pseudo[:, r], 6 * sds - 5 * fewer, rtol=1e-9, atol=1e-12)
