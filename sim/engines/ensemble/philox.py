"""The named draws inside compiled code: Philox 4x64-10, bit for bit numpy's.

Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". One block of a stream
gives four days. Index letters: i stream; r run.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.compiling import cache_is_kept

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_LOW, _HALF, _ONE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)
_DROP = np.uint64(11)


@njit(inline="always")
def _high_product(x, y):  # type: ignore[no-untyped-def]
    """Upper 64 bits of a 64 x 64 bit product."""
    x0, x1 = x & _LOW, x >> _HALF
    y0, y1 = y & _LOW, y >> _HALF
    middle = x1 * y0 + ((x0 * y0) >> _HALF)
    other = x0 * y1 + (middle & _LOW)
    return x1 * y1 + (middle >> _HALF) + (other >> _HALF)


@njit(inline="always")
def _round(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """One of the ten rounds: counter words c, key words k, both as the next one takes them."""
    first, third = _high_product(_M1, c2) ^ c1 ^ k0, _high_product(_M0, c0) ^ c3 ^ k1
    return first, _M1 * c2, third, _M0 * c0, k0 + _W0, k1 + _W1


@njit(inline="always")
def four_words(seed, replicate, block, low, high):  # type: ignore[no-untyped-def]
    """Words 4 * block .. 4 * block + 3 of a stream (numpy counts up before its first block)."""
    c0, c1, c2, c3 = np.uint64(block) + _ONE, np.uint64(0), low, high
    k0, k1 = seed, replicate
    # ten rounds written out: a loop inside the loop over runs would keep it from vectorising
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    return c0, c1, c2, c3


@njit(inline="always")
def uniform(word):  # type: ignore[no-untyped-def]
    """A word as a uniform in (0, 1)."""
    return (np.float64(word >> _DROP) + 0.5) * 2.0**-53


@njit(cache=cache_is_kept(), nogil=True)
def uniforms_of_day_0(seed, replicates, counters):  # type: ignore[no-untyped-def]
    """out[stream, run]: each stream's uniform of day 0; counters[stream, 2] are uint64."""
    out = np.empty((counters.shape[0], replicates.shape[0]))
    for i in range(counters.shape[0]):
        for r in range(replicates.shape[0]):
            words = four_words(seed, replicates[r], 0, counters[i, 0], counters[i, 1])
            out[i, r] = uniform(words[0])
    return out


@njit(cache=cache_is_kept(), nogil=True)
def day_uniform(seed, replicate, day, low, high):  # type: ignore[no-untyped-def]
    """The uniform of one day of a stream."""
    return uniform(four_words(seed, replicate, day // 4, low, high)[day % 4])
