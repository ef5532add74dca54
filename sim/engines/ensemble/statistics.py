"""Statistics of many runs in little memory: blocks of runs are described, descriptions joined.

A block is an array values[column, run]. Means and squares of blocks are joined in block order
(Chan, Golub & LeVeque 1983), so their bits depend on the blocks alone, never on threads.

Quantiles come from counts in bins whose width is a power of two, the smallest with which the
whole range of a column fits into ``BINS`` bins that begin at multiples of the width. Two bins make
exactly one of the next width, so a range that grows loses nothing but resolution, and the counts
are the same in whatever order the runs came. A width is less than 1/127 of the range; a quantile
is off by less than a width and lies within the range. Columns of whole numbers have no width below
1: their quantiles are exact while they span fewer than ``BINS`` values. Runs that are exactly 0,
as paired differences often are, are counted apart: a quantile among them is 0.

Index letters of the kernels: c column; r run; t day; i bin, level or group of four runs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.compiling import compile_alone
from sim.world.arrays import Floats, Ints

BINS = 256  # a code is one byte
FINEST = -60  # no bin is narrower than 2**FINEST
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
Codes = npt.NDArray[np.uint8]
MOST_SMALL = 2**16 - 1  # runs that counts of two bytes hold, which are nearly all of the memory
Counts = npt.NDArray[np.uint16] | npt.NDArray[np.int32]


class BlockSummary(NamedTuple):
    """One block of runs, described column by column.

    Attributes
    ----------
    n
        Number of runs.
    mean : [column]
        Mean over the runs.
    squares : [column]
        Sum of squared deviations from the mean.
    low : [column]
        Least value.
    high : [column]
        Largest value.
    negative, positive : [column]
        Number of runs below and above 0; all others are exactly 0.
    exponent : [column]
        The width of the block's own bins is 2**exponent.
    first : [column]
        Its first bin begins at first * width.
    codes : [column, run]
        Bin of each run; no columns where quantiles are exact.
    quantiles : [quantile, column]
        Exact; no rows where there are codes.
    whole
        Whether the values are whole numbers.
    """

    n: int
    mean: Floats
    squares: Floats
    low: Floats
    high: Floats
    negative: Ints
    positive: Ints
    exponent: Ints
    first: Ints
    codes: Codes
    quantiles: Floats
    whole: bool


class PairMoments(NamedTuple):
    """Second moments of the two arms of n pairs, column by column.

    Attributes
    ----------
    n
        Number of pairs.
    arm : [column]
        Mean of the arm.
    baseline : [column]
        Mean of the baseline.
    arm_squares : [column]
        Sum of the arm's squared deviations from its mean.
    baseline_squares : [column]
        The same of the baseline.
    products : [column]
        Sum of the products of both deviations.
    """

    n: int
    arm: Floats
    baseline: Floats
    arm_squares: Floats
    baseline_squares: Floats
    products: Floats


def describe_block(values: Floats, whole: bool = False, exact: bool = False) -> BlockSummary:
    """Describe a block of runs column by column.

    Parameters
    ----------
    values : [column, run]
        At least one run, all finite.
    whole
        Whether the values are whole numbers.
    exact
        Keep quantiles instead of codes: for a block that is all there is.

    Returns
    -------
    BlockSummary
        To be given to ``Statistics``.
    """
    columns, runs = values.shape
    mean, squares, low, high = (np.empty(columns) for _ in range(4))
    negative, positive, exponent, first = (np.empty(columns, dtype=np.int64) for _ in range(4))
    codes = np.empty((0 if exact else columns, runs), dtype=np.uint8)
    found = (mean, squares, low, high, negative, positive, exponent, first, codes)
    _describe(np.ascontiguousarray(values), 0 if whole else FINEST, *found)
    quantiles = _exact_quantiles(values) if exact else np.empty((0, columns))
    return BlockSummary(runs, *found, quantiles, whole)


def _exact_quantiles(values: Floats) -> Floats:
    ordered = np.sort(values, axis=1)
    rows = []
    for level in QUANTILES:
        place = (values.shape[1] - 1) * level
        under = math.floor(place)
        below, above = ordered[:, under], ordered[:, min(under + 1, values.shape[1] - 1)]
        rows.append(below + (above - below) * (place - under))
    return np.array(rows)


def pair_moments(arm: Floats, baseline: Floats) -> PairMoments:
    """Moments of arm[column, pair] and baseline[column, pair]."""
    found = [np.empty(len(arm)) for _ in range(5)]
    _moments(np.ascontiguousarray(arm), np.ascontiguousarray(baseline), *found)
    return PairMoments(arm.shape[1], *found)


def join_moments(one: PairMoments, other: PairMoments) -> PairMoments:
    """Return the moments of both together (Chan, Golub & LeVeque 1983)."""
    n = one.n + other.n
    arm, baseline = other.arm - one.arm, other.baseline - one.baseline
    share, both = other.n / n, one.n * (other.n / n)
    return PairMoments(
        n,
        one.arm + arm * share,
        one.baseline + baseline * share,
        one.arm_squares + other.arm_squares + arm * arm * both,
        one.baseline_squares + other.baseline_squares + baseline * baseline * both,
        one.products + other.products + arm * baseline * both,
    )


class Statistics:
    """The statistics of all blocks joined so far.

    ``add`` takes blocks in their order; ``quantiles`` can be asked for at any time.
    """

    def __init__(self, part: BlockSummary) -> None:
        self.n, self.whole = part.n, part.whole
        self.mean, self.squares = part.mean, part.squares
        self.negative, self.positive = part.negative, part.positive
        self.low, self.high = part.low, part.high
        self._settled = part.quantiles
        columns = len(part.codes)
        self._counts: Counts = np.zeros((columns, BINS), dtype=np.uint16)
        self._exponent, self._first = part.exponent.copy(), part.first.copy()
        self._count(part)

    def add(self, part: BlockSummary) -> None:
        """Join one more block; not after ``settle``, and none that is ``exact``."""
        if not len(part.codes) == len(self._counts) == len(self.mean):
            raise ValueError("what has its quantiles already cannot be joined with another block")
        n = self.n + part.n
        apart, share = part.mean - self.mean, part.n / n
        self.mean = self.mean + apart * share
        self.squares = self.squares + part.squares + apart * apart * (self.n * share)
        self.negative = self.negative + part.negative
        self.positive = self.positive + part.positive
        self.low, self.high = np.minimum(self.low, part.low), np.maximum(self.high, part.high)
        self.n = n
        self._count(part)

    @property
    def width(self) -> Floats:
        """Width of each column's bins, which no quantile is off by."""
        return np.ldexp(1.0, self._exponent)

    def quantiles(self) -> Floats:
        """Return [quantile, column] at ``QUANTILES``, interpolated linearly between runs."""
        if not len(self._counts):
            return self._settled
        out = np.empty((len(QUANTILES), len(self.mean)))
        zeros = (self.negative, self.n - self.positive)
        _interpolate(*self._bins(), *zeros, self.whole, self.n, np.array(QUANTILES), out)
        return out

    def settle(self) -> None:
        """Keep the quantiles and give up the counts, nearly all of the memory: this was all."""
        self._settled = self.quantiles()
        self._counts = self._counts[:0].copy()

    def _count(self, part: BlockSummary) -> None:
        if self.n > MOST_SMALL:
            self._counts = self._counts.astype(np.int32, copy=False)
        least = 0 if self.whole else FINEST
        _add(*self._bins(), least, part.codes, part.exponent, part.first)

    def _bins(self) -> tuple[Counts, Ints, Ints, Floats, Floats]:
        return self._counts, self._exponent, self._first, self.low, self.high


def window_means(values: Floats, first: Ints, last: Ints) -> Floats:
    """Average each run's values over a window of days of its own.

    Parameters
    ----------
    values : [t, column, run]
        What is averaged.
    first, last : [run]
        First and last row of the window.

    Returns
    -------
    [column, run]
        nan where the window is empty.
    """
    return np.asarray(_window_means(np.ascontiguousarray(values), first, last))


# Sums run four side by side: a single one would wait for each of its additions.


@compile_alone
def _mean(row):  # type: ignore[no-untyped-def]
    """Mean about the first run, so that equal runs have exactly their own mean."""
    a = b = c = d = 0.0
    fours = row[: row.shape[0] // 4 * 4].reshape(-1, 4)
    for i in range(fours.shape[0]):
        a += fours[i, 0] - row[0]
        b += fours[i, 1] - row[0]
        c += fours[i, 2] - row[0]
        d += fours[i, 3] - row[0]
    for r in range(fours.size, row.shape[0]):
        a += row[r] - row[0]
    return row[0] + ((a + b) + (c + d)) / row.shape[0]


@compile_alone
def _products(x, x_mean, y, y_mean):  # type: ignore[no-untyped-def]
    """Sum over runs of the products of two columns' deviations from their means."""
    a = b = c = d = 0.0
    last = x.shape[0] // 4 * 4
    xs, ys = x[:last].reshape(-1, 4), y[:last].reshape(-1, 4)
    for i in range(xs.shape[0]):
        a += (xs[i, 0] - x_mean) * (ys[i, 0] - y_mean)
        b += (xs[i, 1] - x_mean) * (ys[i, 1] - y_mean)
        c += (xs[i, 2] - x_mean) * (ys[i, 2] - y_mean)
        d += (xs[i, 3] - x_mean) * (ys[i, 3] - y_mean)
    for r in range(last, x.shape[0]):
        a += (x[r] - x_mean) * (y[r] - y_mean)
    return (a + b) + (c + d)


@compile_alone
def _bin(value, scale):  # type: ignore[no-untyped-def]
    """Number of the bin; what is below 0 by less than any number can say is still below 0."""
    scaled = value * scale
    return np.int64(-1 if value < 0.0 and scaled == 0.0 else math.floor(scaled))


@compile_alone
def _bins(low, high, least):  # type: ignore[no-untyped-def]
    """Exponent of the width and number of the first bin for a range; see the module."""
    exponent = least
    largest = max(abs(low), abs(high))
    if largest > 0.0:
        exponent = max(exponent, math.frexp(largest)[1] - 62)  # bin numbers fit 64 bits
    half = 0.5 * high - 0.5 * low  # the whole may overflow
    if half > 0.0:
        exponent = max(exponent, math.frexp(half)[1] - 8)  # one less never has room
    while True:
        scale = math.ldexp(1.0, int(-exponent))
        first = _bin(low, scale)
        if _bin(high, scale) - first < BINS:
            return exponent, first
        exponent += 1


@compile_alone
def _describe(  # type: ignore[no-untyped-def]
    values, least, mean, squares, low, high, negative, positive, exponent, first, codes
):
    runs = values.shape[1]
    for c in range(values.shape[0]):
        row = values[c]
        smallest, largest, below, above = row[0], row[0], 0, 0
        for r in range(runs):
            smallest = row[r] if row[r] < smallest else smallest
            largest = row[r] if row[r] > largest else largest
            below += row[r] < 0.0
            above += row[r] > 0.0
        mean[c] = _mean(row)
        squares[c] = _products(row, mean[c], row, mean[c])
        low[c], high[c], negative[c], positive[c] = smallest, largest, below, above
        exponent[c], first[c] = _bins(smallest, largest, least)
        if c < codes.shape[0]:
            scale = math.ldexp(1.0, int(-exponent[c]))
            for r in range(runs):
                codes[c, r] = _bin(row[r], scale) - first[c]


@compile_alone
def _moments(  # type: ignore[no-untyped-def]
    arm, baseline, arm_mean, baseline_mean, arm_squares, baseline_squares, products
):
    for c in range(arm.shape[0]):
        x, y = _mean(arm[c]), _mean(baseline[c])
        arm_mean[c], baseline_mean[c] = x, y
        arm_squares[c] = _products(arm[c], x, arm[c], x)
        baseline_squares[c] = _products(baseline[c], y, baseline[c], y)
        products[c] = _products(arm[c], x, baseline[c], y)


@compile_alone
def _add(  # type: ignore[no-untyped-def]
    counts, exponent, first, low, high, least, codes, exponent_of, first_of
):
    """Add codes to counts, whose bins are first laid anew where the range low .. high asks."""
    wider = np.zeros(BINS, dtype=counts.dtype)
    for c in range(counts.shape[0]):
        power, start = _bins(low[c], high[c], least)
        if power != exponent[c] or start != first[c]:
            wider[:] = 0
            shift = min(63, power - exponent[c])
            for i in range(BINS):
                if counts[c, i] > 0:
                    wider[((first[c] + i) >> shift) - start] += counts[c, i]
            counts[c, :] = wider
            exponent[c], first[c] = power, start
        shift = min(63, power - exponent_of[c])
        for r in range(codes.shape[1]):
            counts[c, ((first_of[c] + np.int64(codes[c, r])) >> shift) - start] += 1


@compile_alone
def _in_place(  # type: ignore[no-untyped-def]
    counts, exponent, first, low, high, begin, end, whole, place
):
    """The run in this place (from 0) by size; those in the places begin to end are 0.

    Runs of a bin are spread evenly over it.
    """
    if begin <= place < end:
        return 0.0
    i, before = 0, 0
    while before + counts[i] <= place:
        before += counts[i]
        i += 1
    if whole and exponent == 0:
        return float(first + i)
    within = (place - before + 0.5) / counts[i]
    return min(high, max(low, (float(first + i) + within) * math.ldexp(1.0, int(exponent))))


@compile_alone
def _interpolate(  # type: ignore[no-untyped-def]
    counts, exponent, first, low, high, begin, end, whole, n, levels, out
):
    for c in range(counts.shape[0]):
        at = (counts[c], exponent[c], first[c], low[c], high[c], begin[c], end[c], whole)
        for i in range(levels.shape[0]):
            place = (n - 1) * levels[i]
            under = math.floor(place)
            below = _in_place(*at, under)
            above = _in_place(*at, min(under + 1, n - 1))
            out[i, c] = min(above, below + (above - below) * (place - under))


@compile_alone
def _window_means(values, first, last):  # type: ignore[no-untyped-def]
    rows, columns, runs = values.shape
    out = np.zeros((columns, runs))
    for t in range(max(0, first.min()), min(rows, last.max() + 1)):
        for c in range(columns):
            for r in range(runs):
                if first[r] <= t and t <= last[r]:
                    out[c, r] += values[t, c, r]
    for r in range(runs):
        length = last[r] - first[r] + 1
        for c in range(columns):
            out[c, r] = out[c, r] / length if length > 0 else np.nan
    return out
