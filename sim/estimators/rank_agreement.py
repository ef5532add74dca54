"""How far numbers order the same objects alike: Kendall's tau-b, and how sure it is.

Pairs of objects are counted: those that both numbers order alike less those that they order
otherwise, over the geometric mean of the pairs that each of the two orders at all. Objects have
weights, so that one count serves the whole, the whole without one object, and resamples: two
copies of an object are tied in both numbers, and so count nowhere.

Index letters: a object; p pair of objects; r run; b resample.

Source: Kendall 1945 (ties in ranking problems); Efron and Tibshirani 1993 (the bootstrap); Phipson
and Smyth 2010 (a share of random orders is never 0).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim.world.arrays import Floats, Ints

RESAMPLES = 2000  # of the objects; as many random orders of the codes
CELLS = 2_000_000  # pairs times resamples that are counted at a time: some 50 MB
ROUNDING = 1e-12  # far above what sums of some hundred numbers near 1 lose to rounding


def tau_b(values: Floats, codes: Floats, weights: Floats | None = None) -> Floats:
    """Kendall's tau-b of values[..., a] with codes[..., a].

    Parameters
    ----------
    values, codes
        What is ordered; leading axes broadcast.
    weights : [..., a], optional
        How often each object counts, >= 0; once where there are none.

    Returns
    -------
    array [...]
        From -1 to 1; nan where one of the two orders no pair. Differences of up to 1e-12 are ties.
    """
    own, given = _pair_signs(values), _pair_signs(codes)
    counted = np.ones(1) if weights is None else _pair_weights(weights)
    alike = (counted * own * given).sum(axis=-1)
    pairs = [(counted * signs**2).sum(axis=-1) for signs in (own, given)]
    return _divide(alike, np.sqrt(pairs[0] * pairs[1]))


def leave_one_out(values: Floats, codes: Floats) -> Floats:
    """The mean over runs of tau-b[r] of values[r, a] without each object in turn, [a]."""
    kept = 1.0 - np.eye(len(codes))
    return np.array([mean_of_known(tau_b(values, codes, weights)) for weights in kept])


def resample(measures: Floats, codes: Floats, seed: int, count: int = RESAMPLES) -> Floats:
    """tau-b[m, b] of measures[m, r, a] where objects and runs are both drawn anew.

    Each resample draws as many objects as there are, with replacement, and one run; both are the
    same for all measures, so that differences between these are paired.

    Returns
    -------
    array [m, b]
        nan where the objects drawn are all tied.
    """
    generator = np.random.default_rng(seed)
    objects = len(codes)
    weights = generator.multinomial(objects, np.full(objects, 1.0 / objects), count).astype(float)
    runs = generator.integers(measures.shape[1], size=count)
    found = [
        tau_b(measures[:, runs[part]], codes, weights[part]) for part in _parts(objects, count)
    ]
    return np.concatenate(found, axis=1)


def share_at_random(values: Floats, codes: Floats, seed: int, count: int = RESAMPLES - 1) -> float:
    """Share of random orders of the codes whose mean tau-b is at least that of the codes.

    The order as it is counts as one of them. nan where the values order no pair in any run.

    Parameters
    ----------
    values : [r, a]
    codes : [a]
    seed, count
        Of the random orders.
    """
    own = _pair_signs(values)
    # the mean over runs is linear in the signs of the codes, whose pairs are as many in any order
    norms = np.sqrt((own**2).sum(axis=-1))
    if not norms.any():
        return float("nan")
    mean = (own[norms > 0.0] / norms[norms > 0.0, None]).mean(axis=0)
    generator, reached = np.random.default_rng(seed), 1
    observed = float((mean * _pair_signs(codes)).sum())
    for part in _parts(len(codes), count):
        orders = generator.permuted(np.tile(codes, (part.stop - part.start, 1)), axis=1)
        reached += int(((_pair_signs(orders) * mean).sum(axis=-1) >= observed - ROUNDING).sum())
    return reached / (count + 1)


def mean_of_known(values: Floats) -> float:
    """The mean of the values that are not nan; nan where there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def quantiles_of_known(values: Floats, *shares: float) -> list[float]:
    """Quantiles of the values that are not nan; nan where there is none."""
    known = values[~np.isnan(values)]
    return np.quantile(known, shares).tolist() if known.size else [float("nan")] * len(shares)


def _pairs(objects: int) -> tuple[Ints, Ints]:
    """The two objects of every pair, [p] each."""
    first, second = np.triu_indices(objects, 1)
    return first, second


def _pair_signs(values: Floats) -> Floats:
    """Which of the two of a pair is higher, [..., p]: 1 the second, -1 the first, 0 none.

    Numbers that differ by rounding alone are tied: what does not move is in no order.
    """
    first, second = _pairs(values.shape[-1])
    apart = values[..., second] - values[..., first]
    signs: Floats = np.where(np.abs(apart) > ROUNDING, np.sign(apart), 0.0)
    return signs


def _pair_weights(weights: Floats) -> Floats:
    """How often each pair counts, [..., p]."""
    first, second = _pairs(weights.shape[-1])
    product: Floats = weights[..., first] * weights[..., second]
    return product


def _parts(objects: int, count: int) -> Iterator[slice]:
    """Slices of the resamples, each small enough for its pairs to fit into memory."""
    size = max(1, 2 * CELLS // max(objects * (objects - 1), 1))
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def _divide(values: Floats, by: npt.NDArray[np.float64]) -> Floats:
    """The quotient; nan where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        quotient: Floats = np.where(by > 0.0, values / by, np.nan)
    return quotient
