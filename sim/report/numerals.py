"""Numbers and lists as they stand in sentences and tables.

Numbers in figures, with their signs, are set by ``figures.style``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.tables.metrics import OPINION_POINT, opinion_points

DIGITS = 3
OF_OPINION = (
    "a point of net opinion (favourable less unfavourable, in per cent) is about "
    f"{OPINION_POINT:g} of sympathy, by the formula that turns polls into judgements; elsewhere "
    "that is rough"
)
FINER = 4  # digits where a difference is smaller than a hundredth


def number(value: float) -> str:
    """Return a difference with three digits, four where it is small; `-` if not known."""
    if value != value:
        return "-"
    if is_zero(value):
        return "0"
    digits = DIGITS if abs(value) >= 0.00995 else FINER
    return f"{value:.{digits}f}"


def is_zero(value: float) -> bool:
    """Whether a difference is shown as 0."""
    return abs(value) < 0.5 * 10.0**-FINER


def level_number(value: float) -> str:
    """Return a level of sympathy with three digits."""
    return f"{value:z.{DIGITS}f}"


def in_points(difference: float) -> str:
    """Return a difference in sympathy as polls have it: `about 13 points`, without its sign."""
    points = abs(opinion_points(difference))
    if points < 0.05:
        return "less than 0.1 points"
    return f"about {points:.0f} points" if points >= 9.5 else f"about {points:.1f} points"


def opinion_scale() -> str:
    """Return what an axis of differences in sympathy says of points of net opinion."""
    return f"0.01 is {in_points(0.01)} of net opinion"


def span(low: float, high: float) -> str:
    """Return the two ends of a range of differences: `-0.012 to 0.0040`."""
    return f"{number(low)} to {number(high)}"


def percent(share: float) -> str:
    """Return a share in per cent, never rounded to certainty."""
    if 0.0 < share < 0.005:
        return "less than 1\u00a0%"
    if 0.995 <= share < 1.0:
        return "more than 99\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


def percents(
    shares: Sequence[float], few: str = "less than 1", most: str = "more than 99"
) -> list[str]:
    """Return the shares of one whole in per cent, without the sign; as shown they add up to 100.

    What rounding each alone would lose goes to those with the largest remainders. A share that is
    not nothing is never shown as 0 but as ``few``, one that is not the whole as ``most``.
    """
    down = [math.floor(100.0 * share + 1e-9) for share in shares]
    order = sorted(range(len(down)), key=lambda i: down[i] - 100.0 * shares[i])
    for i in order[: 100 - sum(down)]:
        down[i] += 1
    return [
        few if count == 0 and share > 0.0 else most if count == 100 and share < 1.0 else str(count)
        for count, share in zip(down, shares, strict=True)
    ]


def join_words(parts: list[str]) -> str:
    """Return a list as a sentence has it: `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
