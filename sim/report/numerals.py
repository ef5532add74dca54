"""Numbers and lists as they stand in sentences and tables."""

from __future__ import annotations

DIGITS = 3
FINER = 4  # digits where a difference is smaller than half a hundredth


def number(value: float | None) -> str:
    """A difference: three digits, four where it is small."""
    if value is None or value != value:
        return "-"
    if abs(value) < 0.5 * 10.0**-FINER:
        return "0"
    digits = DIGITS if abs(value) >= 0.00995 else FINER
    return f"{value:.{digits}f}"


def level_number(value: float | None) -> str:
    """A level of sympathy."""
    return "-" if value is None else f"{value:.{DIGITS}f}"


def span(low: float, high: float) -> str:
    """Two ends."""
    return f"{number(low)} to {number(high)}"


def count_of(count: int, noun: str) -> str:
    """`1 point`, `20 points`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def percent(share: float) -> str:
    """A share, never rounded to certainty."""
    if 0.0 < share < 0.005:
        return "under 1\u00a0%"
    if 0.995 <= share < 1.0:
        return "over 99\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


def join_words(parts: list[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
