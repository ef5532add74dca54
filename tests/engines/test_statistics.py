"""Statistics joined block by block are those of all runs at once, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.engines.ensemble.statistics import (
    BINS,
    QUANTILES,
    BlockSummary,
    Statistics,
    describe_block,
    join_moments,
    pair_moments,
)
from sim.world.arrays import Floats

BLOCK = 40
VALUES = np.random.default_rng(4).normal(size=(9, 300)) * np.logspace(-12, 6, 9)[:, None]
SHIFTED = VALUES + np.array([0.0, 1.0, -3.0, 0.0, 1e3, 0.0, 0.0, 7.0, 0.0])[:, None]


def of_blocks(values: Floats, whole: bool = False, order: int = 1) -> Statistics:
    """Statistics joined from blocks, backward where ``order`` is -1."""
    parts = [
        describe_block(values[:, at : at + BLOCK], whole)
        for at in range(0, values.shape[1], BLOCK)
    ][::order]
    found = Statistics(parts[0])
    for part in parts[1:]:
        found.add(part)
    return found


def test_joined_blocks_are_the_whole() -> None:
    """To a few units in the last place of the largest number that enters."""
    found = of_blocks(SHIFTED)
    size = np.abs(SHIFTED).max(axis=1)
    assert found.n == 300
    assert (np.abs(found.mean - SHIFTED.mean(axis=1)) <= 1e-15 * size).all()
    assert (np.abs(found.squares / 300 - SHIFTED.var(axis=1)) <= 1e-15 * size**2).all()
    assert (found.low == SHIFTED.min(axis=1)).all()
    assert (found.high == SHIFTED.max(axis=1)).all()
    assert (found.positive == (SHIFTED > 0.0).sum(axis=1)).all()
    assert (found.negative == (SHIFTED < 0.0).sum(axis=1)).all()


def test_joined_pairs_are_the_whole() -> None:
    arm = VALUES + 3.0 * VALUES.std(axis=1, keepdims=True)
    base = arm[::-1] * np.linspace(0.5, 2.0, 300)
    found = pair_moments(arm[:, :170], base[:, :170])
    found = join_moments(found, pair_moments(arm[:, 170:], base[:, 170:]))
    whole = pair_moments(arm, base)
    # each to a few units in the last place of what it could be at most
    sizes = [1, np.abs(arm).max(axis=1), np.abs(base).max(axis=1), whole.arm_squares,
             whole.baseline_squares, np.sqrt(whole.arm_squares * whole.baseline_squares)]  # fmt: skip
    for one, other, size in zip(found, whole, sizes, strict=True):
        assert (np.abs(one - other) <= 3e-15 * size).all()


@pytest.mark.parametrize("values", [SHIFTED, np.floor(SHIFTED)], ids=["any", "whole"])
def test_quantiles_are_off_by_less_than_a_bin(values: Floats) -> None:
    found = of_blocks(values)
    exact = np.quantile(values, QUANTILES, axis=1)
    assert (np.abs(found.quantiles() - exact) < found.width).all()
    assert (found.width < (values.max(axis=1) - values.min(axis=1)) / 127.0).all()


@settings(deadline=None, max_examples=60)
@given(
    values=arrays.arrays(
        np.float64, (2, 90), elements=st.floats(-1e140, 1e140, allow_subnormal=False)
    )
)
def test_quantiles_keep_their_bound_whatever_the_numbers(values: Floats) -> None:
    found = of_blocks(values)
    with np.errstate(over="ignore", invalid="ignore"):
        exact = np.quantile(values, QUANTILES, axis=1)
    known = np.isfinite(exact)
    quantiles = found.quantiles()
    apart = np.abs(quantiles / 2 - exact / 2)
    # the exact ones round as well, at the size of what they lie between
    allowed = found.width / 2 + 1e-15 * np.abs(values).max(axis=1)
    assert (apart <= allowed)[known].all()
    assert (quantiles >= values.min(axis=1)).all()
    assert (quantiles <= values.max(axis=1)).all()
    assert (np.diff(quantiles, axis=0) >= 0.0).all()


def test_quantiles_of_whole_numbers_are_exact() -> None:
    values = np.random.default_rng(5).poisson(2.0, size=(4, 300)) - 1.0
    found = of_blocks(values, whole=True)
    assert (found.quantiles() == np.quantile(values, QUANTILES, axis=1)).all()
    assert (found.width == 1.0).all()


def test_whole_numbers_that_span_more_than_the_bins_share_some() -> None:
    values = np.arange(300.0)[None]
    found = of_blocks(values, whole=True)
    assert BINS < 300
    assert found.width[0] == 2.0
    assert (np.abs(found.quantiles() - np.quantile(values, QUANTILES, axis=1)) < 2.0).all()


def test_counts_do_not_depend_on_the_order_of_blocks() -> None:
    growing = SHIFTED * np.logspace(-3, 3, 300)  # so that bins are laid anew again and again
    one, other = of_blocks(growing), of_blocks(growing, order=-1)
    assert one.quantiles().tobytes() == other.quantiles().tobytes()
    assert one.width.tobytes() == other.width.tobytes()
    exact = np.quantile(growing, QUANTILES, axis=1)
    assert (np.abs(one.quantiles() - exact) < one.width).all()


def test_column_that_stands_still_and_then_moves() -> None:
    values = np.full((1, 2 * BLOCK), 0.3)
    assert (of_blocks(values).quantiles() == 0.3).all()
    values[0, -1] = 5.0
    assert np.abs(of_blocks(values).quantiles() - 0.3).max() < 5.0 / 127.0


def test_quantile_among_equal_pairs_is_no_difference() -> None:
    """71 of 100 runs below 0, 28 exactly 0, one above: the bin from 0 on is not spread over."""
    values = np.concatenate([np.linspace(-1.0, -0.1, 71), np.zeros(28), [0.5]])[None]
    found = of_blocks(values)
    assert (found.negative[0], found.positive[0]) == (71, 1)
    quantiles = found.quantiles()[:, 0]
    assert (quantiles[:3] < 0.0).all()
    assert (quantiles[3:] == 0.0).all()  # 75 and 95 %


def test_number_that_a_wide_bin_takes_for_nothing_keeps_its_sign() -> None:
    """-1e-300 over a width of 2**102 is no number any more, but it is below 0."""
    values = np.full((1, 2 * BLOCK), -1e-300)
    values[0, -1] = 1e33
    assert (of_blocks(values).quantiles()[:3] < 1e33 / 127.0).all()


def test_one_block_alone_has_exact_quantiles() -> None:
    found = Statistics(describe_block(SHIFTED, exact=True))
    np.testing.assert_allclose(
        found.quantiles(), np.quantile(SHIFTED, QUANTILES, axis=1), rtol=1e-15
    )
    with pytest.raises(ValueError, match="cannot be joined"):
        found.add(describe_block(SHIFTED))


def test_settled_statistics_keep_their_quantiles_and_little_else() -> None:
    found = of_blocks(SHIFTED)
    before = found.quantiles()
    found.settle()
    assert (found.quantiles() == before).all()
    assert sum(v.nbytes for v in vars(found).values() if isinstance(v, np.ndarray)) < 9 * 200
    with pytest.raises(ValueError, match="cannot be joined"):
        found.add(describe_block(SHIFTED))


def test_memory_does_not_grow_with_the_blocks() -> None:
    def held(found: Statistics) -> int:
        return sum(v.nbytes for v in vars(found).values() if isinstance(v, np.ndarray))

    found = Statistics(describe_block(SHIFTED[:, :BLOCK]))
    before = held(found)
    for _ in range(5):
        found.add(describe_block(SHIFTED[:, :BLOCK]))
    assert held(found) == before
    assert before < 9 * (BINS * 4 + 100)
    assert describe_block(SHIFTED).codes.itemsize == 1


def test_parts_of_a_block_are_finite_numbers() -> None:
    part = describe_block(SHIFTED)
    assert isinstance(part, BlockSummary)
    assert all(np.isfinite(values).all() for values in part)
