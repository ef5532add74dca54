"""From uniform draws to noise and incident counts, by inversion, so that pairs stay paired."""

from __future__ import annotations

import math

from sim.compiling import law
from sim.laws.elementary import exp, log


@law
def poisson_count(u: float, mean: float) -> float:
    """The least n with F(n) >= u for a Poisson law of this mean.  (section 5)

    Above a mean of 500, where exp(-mean) nears underflow, the normal law stands in (error under
    two counts); no scenario with a meaning comes near it.

    Parameters
    ----------
    u
        Uniform in (0, 1).
    mean
        Incidents expected, 0 and above.

    Returns
    -------
    float
        A whole number.
    """
    if mean > 1e15:
        return mean  # counts are no longer whole numbers there; also what is not finite
    if mean > 500.0:
        return float(math.floor(mean + math.sqrt(mean) * standard_normal(u) + 0.5))
    if is_quiet(u, mean):
        return 0.0
    probability = exp(-mean)
    total = probability
    n = 0.0
    # F(n) rounds to just below 1: stop where adding no longer changes it
    while total < u and probability > 0.0:
        n += 1.0
        probability = probability * mean / n
        total += probability
    return n


@law
def is_quiet(u: float, mean: float) -> bool:
    """Whether the count is 0 without a look at exp(-mean), which is at least 1 - mean."""
    return u <= 1.0 - mean


@law
def standard_normal(u: float) -> float:
    """Inverse of the normal distribution function for 0 < u < 1.  (section 5)

    Relative error about 1e-16.  Source: Wichura 1988, algorithm AS 241 (PPND16).
    """
    if is_central(u):
        return central_normal(u)
    return far_normal(u) if is_far(u) else middle_normal(u)


# The same in three parts, so that the compiled engine can do each part for many runs at once


@law
def is_central(u: float) -> bool:
    """Whether ``central_normal`` holds at u: 85 % of all draws."""
    return -0.425 <= u - 0.5 <= 0.425


@law
def is_far(u: float) -> bool:
    """Whether only ``far_normal`` holds at u: one draw in 36 thousand million."""
    return u < 1.388794386496402e-11 or 1.0 - u < 1.388794386496402e-11  # exp(-25)


@law
def central_normal(u: float) -> float:
    """The inverse where ``is_central``; elsewhere a number without meaning."""
    q = u - 0.5
    return q * _ratio_centre(0.180625 - q * q)


@law
def middle_normal(u: float) -> float:
    """The inverse between ``is_central`` and ``is_far``; elsewhere a number without meaning."""
    low = u < 0.5
    x = _ratio_middle(math.sqrt(-log(u if low else 1.0 - u)) - 1.6)
    return -x if low else x


@law
def far_normal(u: float) -> float:
    """The inverse where ``is_far``; elsewhere a number without meaning."""
    low = u < 0.5
    x = _ratio_tail(math.sqrt(-log(u if low else 1.0 - u)) - 5.0)
    return -x if low else x


@law
def _ratio_centre(r: float) -> float:
    top = 2509.0809287301226727 * r + 33430.575583588128105
    top = top * r + 67265.770927008700853
    top = top * r + 45921.953931549871457
    top = top * r + 13731.693765509461125
    top = top * r + 1971.5909503065514427
    top = top * r + 133.14166789178437745
    top = top * r + 3.387132872796366608
    bottom = 5226.495278852545925 * r + 28729.085735721942674
    bottom = bottom * r + 39307.89580009271061
    bottom = bottom * r + 21213.794301586595867
    bottom = bottom * r + 5394.1960214247511077
    bottom = bottom * r + 687.1870074920579083
    bottom = bottom * r + 42.313330701600911252
    bottom = bottom * r + 1.0
    return top / bottom


@law
def _ratio_middle(r: float) -> float:
    top = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
    top = top * r + 0.24178072517745061177
    top = top * r + 1.27045825245236838258
    top = top * r + 3.64784832476320460504
    top = top * r + 5.7694972214606914055
    top = top * r + 4.6303378461565452959
    top = top * r + 1.42343711074968357734
    bottom = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
    bottom = bottom * r + 0.0151986665636164571966
    bottom = bottom * r + 0.14810397642748007459
    bottom = bottom * r + 0.68976733498510000455
    bottom = bottom * r + 1.6763848301838038494
    bottom = bottom * r + 2.05319162663775882187
    bottom = bottom * r + 1.0
    return top / bottom


@law
def _ratio_tail(r: float) -> float:
    top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    top = top * r + 0.0012426609473880784386
    top = top * r + 0.026532189526576123093
    top = top * r + 0.29656057182850489123
    top = top * r + 1.7848265399172913358
    top = top * r + 5.4637849111641143699
    top = top * r + 6.6579046435011037772
    bottom = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
    bottom = bottom * r + 1.8463183175100546818e-5
    bottom = bottom * r + 7.868691311456132591e-4
    bottom = bottom * r + 0.0148753612908506148525
    bottom = bottom * r + 0.13692988092273580531
    bottom = bottom * r + 0.59983220655588793769
    bottom = bottom * r + 1.0
    return top / bottom


@law
def two_piece_triangular(u: float, low: float, median: float, high: float) -> float:
    """The value at u of the distribution over [low, high] with this median.  (section 3)

    Parameters
    ----------
    u
        Uniform in (0, 1).
    low, median, high
        low <= median <= high; half of all draws lie on either side of the median.

    Returns
    -------
    float
        A number in [low, high].
    """
    if u < 0.5:
        return low + (median - low) * math.sqrt(2.0 * u)
    return high - (high - median) * math.sqrt(2.0 * (1.0 - u))
