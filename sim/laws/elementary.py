"""Logarithm, exponential and power as plain arithmetic, the same bits wherever they are computed.

A library's functions differ from machine to machine in the last bit and cannot be computed for
many runs side by side. These are additions, multiplications and one division each, so both
engines and every processor agree, and the compiled engine does several at once.

Source: the reductions and coefficients of fdlibm (Sun Microsystems 1993), error below one unit in
the last place for ``log`` and ``exp``; ``power`` is off by about |exponent * log(base)| units.
"""

from __future__ import annotations

import math

from sim.compiling import fraction_and_exponent, law, times_two_to

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 * 2^52: adding and subtracting it rounds to a whole number
_SMALLEST, _LARGEST = 2.2250738585072014e-308, 1.7976931348623157e308  # held in full


@law
def log(x: float) -> float:
    """Natural logarithm; -inf at 0, nan below."""
    if x <= 0.0:
        return -math.inf if x == 0.0 else math.nan
    if not x <= _LARGEST:
        return x
    if x < _SMALLEST:
        return log_of_ordinary(x * 18014398509481984.0) - 37.429947750237048
    return log_of_ordinary(x)


@law
def exp(x: float) -> float:
    """Exponential of x; inf above 709 and 0 below -708."""
    if x > 709.0:
        return math.inf
    if x < -708.0:
        return 0.0
    return exp_of_moderate(x) if x == x else x


@law
def power(base: float, exponent: float) -> float:
    """``base ** exponent`` for base >= 0, exact at the exponents 1 and 0 (also 0 ** 0 = 1).

    A result above 8e307 is inf, one below 4e-308 is 0.
    """
    if exponent == 1.0:
        return base
    ordinary = _SMALLEST <= base <= _LARGEST
    x = exponent * log_of_ordinary(base if ordinary else 1.0)
    raised = exp_of_moderate(x)
    if x > 709.0:
        raised = math.inf
    if x < -708.0:
        raised = 0.0
    if not ordinary:
        raised = base * base  # 0, inf or nan
    if exponent == 0.0:
        raised = 1.0
    return raised  # once: Python 3.13 would double a choice here, and LLVM take one run at a time


# The arithmetic itself, without a branch, so that it can be done for many runs at once


@law
def log_of_ordinary(x: float) -> float:
    """Natural logarithm of a finite number held in full."""
    fraction, k = fraction_and_exponent(x)
    f = fraction - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    even = 0.1818357216161805012 + w * 0.1479819860511658591
    even = z * (0.6666666666666735130 + w * (0.2857142874366239149 + w * even))
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + (even + odd)) + k * _LN2_LOW)) - f)


@law
def exp_of_moderate(x: float) -> float:
    """Exponential of -708 <= x <= 709; elsewhere a number without meaning."""
    k = (x * 1.44269504088896338700 + _ROUND) - _ROUND
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    t = r * r
    series = -1.65339022054652515390e-06 + t * 4.13813679705723846039e-08
    series = -2.77777777770155933842e-03 + t * (6.61375632143793436117e-05 + t * series)
    c = r - t * (1.66666666666666019037e-01 + t * series)
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    return times_two_to(y, k)
