"""The named draws for many runs at once, in NumPy: words of Philox, uniforms, normals.

They are bit for bit those of :mod:`sim.world.draws`, which draws for one run.
"""

from __future__ import annotations

import numpy as np

from sim.benchmark.task import Words
from sim.world.arrays import Floats

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
# Coefficients of AS 241 (Wichura 1988), highest power first: centre, middle and far tail
_AS241 = (
    (
        (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
         45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
         133.14166789178437745, 3.387132872796366608),
        (5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
         21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
         42.313330701600911252, 1.0),
    ),
    (
        (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
         1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
         4.6303378461565452959, 1.42343711074968357734),
        (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
         0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
         2.05319162663775882187, 1.0),
    ),
    (
        (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
         0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
         5.4637849111641143699, 6.6579046435011037772),
        (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
         7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
         0.59983220655588793769, 1.0),
    ),
)  # fmt: skip


def _high(x: np.uint64, y: Words) -> Words:
    """Return the upper 64 bits of 64 x 64 bit products; y is used up."""
    x0, x1 = x & _LOW, x >> _HALF
    y0, y1 = y & _LOW, y >> _HALF
    middle = x0 * y0
    middle >>= _HALF
    middle += x1 * y0
    other = x0 * y1
    other += middle & _LOW
    other >>= _HALF
    middle >>= _HALF
    y1 *= x1
    y1 += middle
    y1 += other
    return y1


def uniforms(seed: np.uint64, replicates: Words, block: int, counters: Words) -> Floats:
    """Return the uniforms of four days, 4 * block .. 4 * block + 3, as u[4, stream, run].

    Source: Philox4x64 with ten rounds, Salmon et al. 2011.

    Parameters
    ----------
    seed
        First word of the key.
    replicates
        Numbers of the runs, the second word.
    block
        Which four days.
    counters
        Two words of each stream, [stream, 2].
    """
    shape = (len(counters), len(replicates))
    c0, c1 = np.full((1, 1), block + 1, dtype=np.uint64), np.zeros((1, 1), dtype=np.uint64)
    c2, c3 = counters[:, :1], counters[:, 1:]
    k0, k1 = np.array(seed), replicates[None, :].copy()
    with np.errstate(over="ignore"):  # the words wrap on purpose
        for _ in range(10):
            c0, c1, c2, c3 = _high(_M1, c2) ^ c1 ^ k0, c2 * _M1, _high(_M0, c0) ^ c3 ^ k1, c0 * _M0
            k0, k1 = k0 + _W0, k1 + _W1
    out = np.empty((4, *shape))
    for i, word in enumerate((c0, c1, c2, c3)):
        np.add(word >> np.uint64(11), 0.5, out=out[i])
    out *= 2.0**-53
    return out


def _polynomial(coefficients: tuple[float, ...], r: Floats) -> Floats:
    """Return a polynomial in r, coefficients from the highest power down, in one array."""
    total = r * coefficients[0]
    for coefficient in coefficients[1:-1]:
        total += coefficient
        total *= r
    total += coefficients[-1]
    return total


def _ratio(which: int, r: Floats) -> Floats:
    """Return the rational function of AS 241: 0 for the centre, 1 and 2 for the tails."""
    above, below = (_polynomial(coefficients, r) for coefficients in _AS241[which])
    above /= below
    return above


def normals(u: Floats) -> Floats:
    """Return the inverse normal of uniforms, of any shape.

    Source: Wichura 1988, algorithm AS 241 (about 16 digits).
    """
    q = u - 0.5
    out = _ratio(0, 0.180625 - q * q)
    out *= q
    tails = np.abs(q) > 0.425
    rest, side = u[tails], np.sign(q[tails])
    depth = np.sqrt(-np.log(np.minimum(rest, 1.0 - rest)))
    x = _ratio(1, depth - 1.6)
    far = depth > 5.0
    if far.any():
        x[far] = _ratio(2, depth[far] - 5.0)
    out[tails] = side * x
    return out
