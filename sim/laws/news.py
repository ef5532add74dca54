"""News: what the world says of an event is heard over days.

The exposures of all days add up to the event's size, whatever the half-life. An event of size x
is heard with (1 - rho) rho^i x on the i-th day after it.

Source: section 2.1.
"""

from __future__ import annotations

from sim.compiling import law


@law
def heard_at_once(size: float, retention: float) -> float:
    """Exposure on the day of the event itself.

    Parameters
    ----------
    size
        Exposure that the event brings in all.
    retention
        rho: the part of a day's exposure that is heard again the next day, 0 to 1.
    """
    return (1.0 - retention) * size


@law
def heard_again(exposure: float, retention: float) -> float:
    """Exposure a day later.

    Parameters
    ----------
    exposure
        Of the day before.
    retention
        As in ``heard_at_once``.
    """
    return retention * exposure
